"""On-model novelty: every sample is new, and one guesses what comes next all the same.

The essay: (5.5, 5.5) was never in the data, yet the model could have made it, and after a few of
those you guess what comes next. Measured are both halves. *New*: no sample equals one in the data
or one met before (:mod:`.newness`). *Guessed*: predictability climbs from 0, a newcomer, to 1,
somebody who knows the generator as well as it can be known (:mod:`.climb`).
"""

from __future__ import annotations

import math
from collections.abc import Callable, Mapping, Sequence
from typing import Any, Final

import numpy as np
import numpy.typing as npt

from procgen_sim.experiments.essay.bodies import GENRES
from procgen_sim.experiments.essay.finding import Check, Effort, Finding, Relation
from procgen_sim.experiments.essay.meeting import BODIES, body_setting
from procgen_sim.experiments.essay.on_model.climb import AT_THE_END, Climb, climb
from procgen_sim.experiments.essay.on_model.newness import Newness, new_dots, new_levels
from procgen_sim.experiments.preparation import open_corpus
from procgen_sim.models import DensityRegion
from procgen_sim.rng import stream
from procgen_sim.session import Setting

__all__ = ["EXAMPLE", "run"]

Floats = npt.NDArray[np.float64]

EXAMPLE: Final = (5.5, 5.5)
"""The essay's dot that was never in the data and could have been."""

ENOUGH: Final = 0.9
"""Predictability above which nearly all is foreseen that can be."""


_PLACE: Final = 2


def run(
    effort: Effort,
    *,
    only: Sequence[str] = tuple(BODIES),
    half_life_levels: float = math.inf,
    exchange: Callable[[Setting], Setting] = lambda setting: setting,
) -> Finding:
    """How new on-model samples are, and how soon they are foreseen all the same.

    Parameters
    ----------
    effort
        How much work to do.
    only
        Keys of :data:`BODIES`: what players meet.
    half_life_levels
        Memory of those who are said to forget nothing; exchanged to see the claim fail.
    exchange
        From the setting of each body to the one that is played, for the same reason.
    """
    players = {
        "line": effort.of(400, 120),
        "clusters": effort.of(400, 40),
        "levels": effort.of(200, 24),
    }
    bodies = dict[str, dict[str, Any]]()
    for name in only:
        n_levels = effort.of(200, 150) if name == "levels" else 200
        setting = exchange(body_setting(name, seed=effort.seed, place=_PLACE, n_levels=n_levels))
        climbed = climb(
            setting,
            players[name],
            half_life_levels=half_life_levels,
            rng=stream(effort.seed, "essay", _PLACE, 1, list(BODIES).index(name)),
        )
        if name == "levels":
            hand_made = open_corpus(GENRES)[0].levels
            new = new_levels(setting, hand_made, effort.of(40, 4), effort.of(100, 40))
        else:
            new = new_dots(climbed.met, setting.outside.data, setting.outside.model.space)
        bodies[name] = _told(climbed, new)
        if name == "line":
            bodies[name] |= _picture(setting, climbed.met[0])
    checks = tuple(check for name in only for check in _checks(name, bodies[name]))
    return Finding(
        experiment="on_model",
        claim="What the model makes is new every time, and after a few you guess what comes next.",
        conclusion=_conclusion(bodies, checks),
        checks=checks,
        data={"bodies": bodies, "at_the_end": AT_THE_END, "example": EXAMPLE},
        effort=effort,
    )


def _told(climbed: Climb, new: Newness) -> dict[str, Any]:
    return {
        "n_players": climbed.met.shape[0],
        "n_levels": climbed.met.shape[1],
        "newcomer_bits": climbed.newcomer_bits,
        "veteran_bits": climbed.veteran_bits,
        **climbed.curves,
        "n_samples": new.n_samples,
        "share_new": new.share_new,
        "share_told_apart": new.share_told_apart,
        **new.more,
    }


def _picture(setting: Setting, met: Floats) -> dict[str, Any]:
    """The data, what one player met, and how ordinary the essay's example is to the model."""
    model, data = setting.outside.model, setting.outside.data
    region: DensityRegion = setting.outside.region
    return {
        "training": data,
        "met": met,
        "example_to_data": np.linalg.norm(data - np.array(EXAMPLE), axis=1).min(),
        "example_quantile": region.quantile(model.log_density([EXAMPLE]))[0],
    }


def _checks(name: str, body: Mapping[str, Any]) -> list[Check]:
    def check(what: str, value: Sequence[float], relation: Relation, bound: float) -> Check:
        return Check(
            what=f"{BODIES[name]}: {what}",
            estimate=value[0],
            standard_error=value[1],
            relation=relation,
            bound=bound,
        )

    checks = [
        check("share of samples unequal to all before", body["share_new"], "equal", 1.0),
        check("predictability of the first", body["remember"]["first"], "equal", 0.0),
        check(
            f"predictability of the last {AT_THE_END} of {body['n_levels']}",
            body["remember"]["last"],
            "above",
            ENOUGH,
        ),
    ]
    if name == "levels":
        # The two hand-made levels most alike are two levels; half as far apart still would be.
        what = "distance of a player's nearest look-alike, against half of the least by hand"
        checks.append(check(what, body["least"], "above", body["hand_made"]["least"] / 2))
    return checks


def _conclusion(bodies: Mapping[str, Mapping[str, Any]], checks: Sequence[Check]) -> str:
    failed = [check.sentence() for check in checks if not check.holds]
    if failed:
        return f"On-model novelty did not come out as the essay says: {'; '.join(failed)}."

    def each(*path: str, error: bool = False) -> str:
        words = []
        for body in bodies.values():
            value: Any = body
            for key in path:
                value = value[key]
            words.append(f"{100 * value[0]:.0f}" + (f" ± {100 * value[1]:.1f}" if error else ""))
        return f"{_listed(words)} %"

    def levels(key: str) -> str:
        return _listed([f"{body['remember'][key][0]:.0f}" for body in bodies.values()])

    n = _listed([f"{body['n_samples']:,} {BODIES[name]}" for name, body in bodies.items()])
    return (
        f"All of {n} were new (people can tell {each('share_told_apart')} of them from all before),"
        f" yet players who forget nothing came to foresee {each('remember', 'last', error=True)} of"
        f" what can be foreseen, half of it after {levels('levels_to_half')} and 90 % after"
        f" {levels('levels_to_90')} of them; those who forget as people do,"
        f" {each('forget', 'last')}."
    )


def _listed(words: Sequence[str]) -> str:
    *others, last = words
    return f"{', '.join(others)} and {last}" if others else last
