"""On-model novelty: every sample is new, and one guesses what comes next all the same.

The essay: (5.5, 5.5) was never in the data, yet the model could have made it, and after a few of
those you guess what comes next. Measured are both halves. *New*: no sample equals one in the data
or one met before, and people can tell most levels from all of these (:mod:`.newness`). *Guessed*:
predictability climbs from 0, a newcomer, to 1, somebody who knows the generator as well as it can
be known (:mod:`.climb`). What is checked of both is in :mod:`.words`.
"""

from __future__ import annotations

import math
from collections.abc import Callable, Sequence
from typing import Any, Final

from procgen_sim.experiments.essay.bodies import GENRES
from procgen_sim.experiments.essay.finding import Effort, Finding
from procgen_sim.experiments.essay.meeting import BODIES, body_setting
from procgen_sim.experiments.essay.on_model.climb import Climb, climb
from procgen_sim.experiments.essay.on_model.newness import Newness, new_dots, new_levels
from procgen_sim.experiments.essay.on_model.words import checks_of, conclude
from procgen_sim.experiments.preparation import open_corpus
from procgen_sim.rng import stream
from procgen_sim.session import Setting

__all__ = ["EXAMPLE", "run"]

EXAMPLE: Final = (5.5, 5.5)
"""The essay's dot that was never in the data and could have been."""

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
        "line": effort.of(400, 100),
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
            new = new_levels(setting, hand_made, effort.of(40, 20), effort.of(100, 15))
        else:
            new = new_dots(climbed.met, setting.outside.data, setting.outside.model.space)
        bodies[name] = _told(climbed, new)
        if name == "line":
            bodies[name] |= {"training": setting.outside.data, "met": climbed.met[0]}
    checks = {name: checks_of(name, bodies[name]) for name in only}
    return Finding(
        experiment="on_model",
        claim="What the model makes is new every time, and after a few you guess half of what comes"
        " next that can be guessed, and in the end nearly all.",
        conclusion=conclude(bodies, checks),
        checks=tuple(check for asked in checks.values() for check in asked.values()),
        data={"bodies": bodies, "example": EXAMPLE},
        effort=effort,
    )


def _told(climbed: Climb, new: Newness) -> dict[str, Any]:
    return {
        "n_levels": climbed.met.shape[1],
        **climbed.curves,
        "n_samples": new.n_samples,
        "n_copies": new.n_copies,
        "share_told_apart": new.share_told_apart,
        **new.more,
    }
