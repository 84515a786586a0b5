"""Habituation and attention: is boredom here what psychologists call so?

The claim: the simulated players' boredom habituates as animals and people do, though nothing of
that is coded. Asked are Rankin's ten hallmarks [Rankin2009]_ (:mod:`.rankin`), of a theme's levels
(:mod:`.habituation`), and the U of attention [Kidd2012]_ (:mod:`.attention`). Which hallmarks hold
is found, on dots and on levels and under each notion of interest; those of :data:`EXPECTED` are
also checks of the claim, under ``wundt``. The others' verdicts are told in the conclusion.

What recovers within hours is boredom, never surprise: what was learned fades with levels, not with
time. So the response that habituates is engagement, 1 − boredom.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any, Final

import numpy as np
import numpy.typing as npt

from procgen_sim.experiments.essay.finding import Check, Effort, Finding, mean_and_error
from procgen_sim.experiments.essay.hallmarks.attention import Attention, Sequences
from procgen_sim.experiments.essay.hallmarks.habituation import MATERIALS, Room, material
from procgen_sim.experiments.essay.hallmarks.hallmark import Asked, Hallmark, Verdict
from procgen_sim.experiments.essay.hallmarks.rankin import HALLMARKS
from procgen_sim.players import DEFAULT_NOTION, NOTIONS, Population, Spread
from procgen_sim.players.assumptions import RECOVERY_HALF_LIFE_HOURS

__all__ = ["EXPECTED", "run"]

EXPECTED: Final = (1, 2, 3, 4, 5, 7, 8)
"""Hallmarks, by number, that boredom is claimed to show. The sixth and the tenth never were; the
ninth was, and does not come out under ``wundt``: see the conclusion."""

_Told = tuple[str, list[Verdict], Sequences]
"""Material, verdicts by default, and when players left."""

_CLAIM: Final = (
    "Boredom habituates as living things do, without that being coded, and attention is U-shaped"
    " in surprise."
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
        "statements": [hallmark.statement for hallmark in HALLMARKS],
        "materials": {},
    }
    sentences: list[_Told] = []
    for name in materials:
        room = Room(
            material(name, effort.seed),
            people,
            seed=effort.seed,
            recovery_half_life_hours=recovery_half_life_hours,
        )
        told, asked = _hallmarks(room)
        for number in EXPECTED:
            checks += asked[number - 1].checks(f"{number} {HALLMARKS[number - 1].name}, {name}")
        attention = Attention(room, _ATTENTION)
        under = {notion: attention.under(notion) for notion in NOTIONS}
        checks += _attention_checks(under[attention_notion], under["surprise"], name)
        data["materials"][name] = {
            "hallmarks": told,
            "attention": {notion: _sequences(found) for notion, found in under.items()},
        }
        sentences.append((name, [one.verdict for one in asked], under[attention_notion]))
    return Finding(
        experiment="hallmarks",
        claim=_CLAIM,
        conclusion=_conclude(sentences, data["materials"]),
        checks=tuple(checks),
        data=data,
        effort=effort,
    )


def _hallmarks(room: Room) -> tuple[list[dict[str, Any]], list[Asked]]:
    """All hallmarks in one room: what the figure needs, and what came out by default."""
    told, by_default = [], []
    for place, hallmark in enumerate(HALLMARKS, start=1):
        trial = hallmark.ask(room, place)
        asked = {notion: trial(notion) for notion in NOTIONS}
        default = asked[DEFAULT_NOTION]
        by_default.append(default)
        curves = {words: _curve(values) for words, values in default.curves.items()}
        if "gained" in curves:  # shown under each notion: they disagree
            curves = {notion: _curve(one.curves["gained"]) for notion, one in asked.items()}
        told.append(
            {
                "verdicts": {notion: one.verdict for notion, one in asked.items()},
                "effects": {
                    notion: {what: mean_and_error(v) for what, v in one.clauses.items()}
                    for notion, one in asked.items()
                },
                "asides": {
                    notion: {what: mean_and_error(v) for what, v in one.asides.items()}
                    for notion, one in asked.items()
                },
                "curves": curves,
            }
        )
    return told, by_default


def _curve(values: npt.NDArray[np.float64]) -> dict[str, list[float]]:
    """Mean and standard error over players, a level."""
    error = values.std(axis=0, ddof=1) / np.sqrt(len(values))
    return {"mean": values.mean(axis=0).tolist(), "error": error.tolist()}


def _sequences(found: Sequences) -> dict[str, Any]:
    return {
        "spread": found.spread,
        "ratio": found.ratio,
        "hazard": found.hazard,
        "error": found.hazard_error,
        "levels": found.stayed.mean(axis=1),
        "u_shaped": found.u_shaped,
    }


def _attention_checks(claimed: Sequences, guessable: Sequences, name: str) -> list[Check]:
    """The U at both its ends; and that it takes a distaste for chaos."""
    named = (
        ("U", claimed.longer_than(0)),
        ("U", claimed.longer_than(-1)),
        ("no U under surprise", guessable.longer_at_the_end()),
    )
    return [
        Check(
            what=f"{what}, {name}: {check.what}",
            estimate=check.estimate,
            standard_error=check.standard_error,
            relation=check.relation,
            bound=check.bound,
        )
        for what, check in named
    ]


def _conclude(
    found: Sequence[tuple[str, list[Verdict], Sequences]], told: Mapping[str, Any]
) -> str:
    """One sentence: which hallmarks hold where, which do not and why, and whether there is a U."""
    names = [name for name, _, _ in found]
    rows = list(zip(*(verdicts for _, verdicts, _ in found), strict=True))
    everywhere = [n for n, row in enumerate(rows, start=1) if set(row) == {"holds"}]
    parts = [
        f"Boredom shows {len(everywhere)} of the ten hallmarks of habituation on"
        f" {' and '.join(names)} ({', '.join(map(str, everywhere)) or 'none'})"
    ]
    for number, (hallmark, row) in enumerate(zip(HALLMARKS, rows, strict=True), start=1):
        entries = {name: told[name]["hallmarks"][number - 1] for name in names}
        if number not in everywhere:
            parts.append(f"{number}, {hallmark.name}, {_missing(hallmark, row, entries)}")
        parts += [
            f"for {number}, {what} {_numbers(entries, 'asides', what)}"
            for what in entries[names[0]]["asides"][DEFAULT_NOTION]
        ]
    for name, _, seen in found:
        stays = seen.stayed.mean(axis=1)
        shape = "U-shaped" if seen.u_shaped else "not U-shaped"
        parts.append(
            f"leaving is {shape} in surprise on {name} (players stay"
            f" {stays[0]:.1f} levels where all are alike, {stays[seen.middle]:.1f} in the middle,"
            f" {stays[-1]:.1f} in chaos)"
        )
    return "; ".join(parts) + "."


def _missing(hallmark: Hallmark, row: Sequence[Verdict], entries: Mapping[str, Any]) -> str:
    """What became of a hallmark that does not hold everywhere; its weakest clause in numbers."""
    verdicts = row[:1] if len(set(row)) == 1 else row
    words = f"{' and '.join(verdicts)} ({_numbers(entries, 'effects')}"
    others = [
        notion
        for notion in NOTIONS
        if all(entry["verdicts"][notion] == "holds" for entry in entries.values())
    ]
    words += f"; it holds under {' and '.join(others)})" if others else ")"
    known = hallmark.why_not if "holds" not in row else ""
    return f"{words}: {known}" if known else words


def _numbers(entries: Mapping[str, Any], kind: str, what: str = "") -> str:
    """An effect, or the weakest, with its error, of every material."""
    told = []
    for name, entry in entries.items():
        effects = entry[kind][DEFAULT_NOTION]
        mean, error = effects[what] if what else min(effects.values())
        told.append(f"{f'{mean:+.3f}'.replace('-', '−')} ± {error:.1g} on {name}")
    return ", ".join(told)
