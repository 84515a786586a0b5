"""Habituation and attention: is boredom here what psychologists call so?

Asked are Rankin's ten hallmarks [Rankin2009]_ (:mod:`.rankin`), of a theme's levels
(:mod:`.habituation`), and the U of attention [Kidd2012]_ (:mod:`.attention`). Boredom, its recovery
with hours and the appetite of ``wundt`` are coded; that learning makes the rest is the claim. So a
hallmark counts only where players who learn nothing do not show it (:mod:`.hallmark`): what they
show, too, follows from what is assumed. Verdicts are found on dots and on levels and under each
notion of interest; those of :data:`LEARNED` and :data:`ASSUMED` are also checks, under ``wundt``.

What recovers within hours is boredom, never surprise: what was learned fades with levels, not with
time. So the response that habituates is engagement, 1 − boredom.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import replace
from typing import Any, Final

import numpy as np
import numpy.typing as npt

from procgen_sim.experiments.essay.finding import Check, Effort, Finding
from procgen_sim.experiments.essay.hallmarks.attention import Attention, Sequences
from procgen_sim.experiments.essay.hallmarks.conclusion import conclusion
from procgen_sim.experiments.essay.hallmarks.habituation import Room, by_group, groups_and_error
from procgen_sim.experiments.essay.hallmarks.hallmark import Answer
from procgen_sim.experiments.essay.hallmarks.material import GROUPS, MATERIALS, material
from procgen_sim.experiments.essay.hallmarks.rankin import ASSUMED, HALLMARKS, LEARNED
from procgen_sim.players import DEFAULT_NOTION, NOTIONS, Population, Spread
from procgen_sim.players.assumptions import RECOVERY_HALF_LIFE_HOURS

__all__ = ["ASSUMED", "LEARNED", "run"]

_CLAIM: Final = (
    "Players who learn show the hallmarks 1, 3, 5, 7 and 8 of habituation, which players who learn"
    " nothing do not, and 2 and 4, which follow from the recovery assumed; with an appetite for"
    " some surprise leaving is U-shaped in it, without one it is not."
)
_ATTENTION: Final = len(HALLMARKS) + 1


def run(
    effort: Effort,
    *,
    materials: Sequence[str] = MATERIALS,
    spreads: Mapping[str, Spread] | None = None,
    recovery_half_life_hours: float = RECOVERY_HALF_LIFE_HOURS,
    attention_notion: str = DEFAULT_NOTION,
) -> Finding:
    """Ask for the ten hallmarks and for the U.

    Parameters
    ----------
    effort
        How much work to do.
    materials
        Of ``dots`` and ``levels``.
    spreads
        Traits of people that are spread otherwise than the program assumes.
    recovery_half_life_hours
        Hours in which half of a player's boredom is gone; infinity never.
    attention_notion
        The notion of interest under which the U is claimed.
    """
    people = Population.sample(effort.of(1000, 300), seed=effort.seed, spreads=spreads)
    checks: list[Check] = []
    data: dict[str, Any] = {
        "n_players": people.n_players,
        "notions": list(NOTIONS),
        "names": [hallmark.name for hallmark in HALLMARKS],
        "materials": {},
    }
    for name in materials:
        room = Room(
            material(name, effort.seed),
            people,
            seed=effort.seed,
            recovery_half_life_hours=recovery_half_life_hours,
        )
        told, answers = _hallmarks(room)
        for number in sorted(LEARNED + ASSUMED):
            answer = answers[number - 1]
            check = answer.shown() if number in ASSUMED else answer.weakest()
            words = f"{number} {HALLMARKS[number - 1].name}, {name}: {check.what}"
            checks.append(replace(check, what=words))
        attention = Attention(room, _ATTENTION)
        under = {notion: attention.under(notion) for notion in NOTIONS}
        checks += _attention_checks(under[attention_notion], under["surprise"], name)
        data["materials"][name] = {
            "hallmarks": told,
            "attention": {notion: _sequences(found) for notion, found in under.items()},
        }
    return Finding(
        experiment="hallmarks",
        claim=_CLAIM,
        conclusion=conclusion(data, checks),
        checks=tuple(checks),
        data=data,
        effort=effort,
    )


def _hallmarks(room: Room) -> tuple[list[dict[str, Any]], list[Answer]]:
    """All hallmarks in one room: what the figure needs, and what came out by default."""
    told, by_default = [], []
    others = room.without_learning()
    for place, hallmark in enumerate(HALLMARKS, start=1):
        learned, unlearned = hallmark.ask(room, place), hallmark.ask(others, place)
        answers = {
            notion: Answer(learned=learned(notion), unlearned=unlearned(notion))
            for notion in NOTIONS
        }
        default = answers[DEFAULT_NOTION]
        by_default.append(default)
        curves = {words: _curve(values) for words, values in default.learned.curves.items()}
        if "gained" in curves:  # shown under each notion: they disagree
            curves = {
                notion: _curve(one.learned.curves["gained"]) for notion, one in answers.items()
            }
        shown = default.shown()
        told.append(
            {
                "verdicts": {notion: one.verdict for notion, one in answers.items()},
                "shown": [shown.estimate, shown.standard_error],
                "aside": [groups_and_error(v) for v in default.learned.asides.values()],
                "curves": curves,
            }
        )
    return told, by_default


def _curve(values: npt.NDArray[np.float64]) -> dict[str, list[float]]:
    """Mean, and standard error over groups of players, a level."""
    error = by_group(values).std(axis=0, ddof=1) / np.sqrt(GROUPS)
    return {"mean": values.mean(axis=0).tolist(), "error": error.tolist()}


def _sequences(found: Sequences) -> dict[str, Any]:
    return {
        "ratio": found.ratio,
        "hazard": found.hazard,
        "error": found.hazard_error,
        "levels": found.stayed.mean(axis=1)[[0, found.middle, -1]],
        "u_shaped": found.u_shaped,
    }


def _attention_checks(claimed: Sequences, guessable: Sequences, name: str) -> list[Check]:
    """The U at both its ends; and that it takes a distaste for chaos."""
    named = (
        ("U", claimed.longer_than(0)),
        ("U", claimed.longer_than(-1)),
        ("no U under surprise", guessable.longer_at_the_end()),
    )
    return [replace(check, what=f"{what}, {name}: {check.what}") for what, check in named]
