"""What ``audience`` checks: the hungry go first, people do not stop leaving, the curious all go.

"Eventually" cannot be waited for, but whether leaving stops can be measured: the hazard, the share
of those still there that leaves, late in a long game. While it does not vanish, whoever is still
there has not stayed for good. How long it would take is an extrapolation, and said to be one.
"""

from __future__ import annotations

import math
from typing import Final

import numpy as np
import numpy.typing as npt

from procgen_sim.experiments.essay.audience.fates import World
from procgen_sim.experiments.essay.finding import Check, mean_and_error
from procgen_sim.injection import ON_MODEL

__all__ = ["SOON", "checks_of", "hazard", "late_in", "level_of", "nearly_everyone", "off_model"]

Values = npt.NDArray[np.float64]

SOON: Final = 50
"""Levels after which the deciles are compared."""

_MOST: Final = 0.9
"""Share that counts as nearly everyone."""

_EVERY: Final = 100
"""Levels that a hazard is told for."""

_LONG: Final = 600
"""Levels from which on a game is long enough to leave out its first quarter."""


def late_in(n_levels: int) -> int:
    """The level after which it is late: a quarter of a long game, some hundred levels after all has
    been learned; of a taste, where the deciles are compared."""
    return n_levels // 4 if n_levels >= _LONG else min(SOON, n_levels // 2)


def hazard(left: Values, first: int, last: int) -> tuple[float, float]:
    """Hazard of leaving per 100 levels, with its standard error: where it is small, the share of
    those still there that leaves.

    Events over levels at risk, a ratio of two sums over players, whose error is that of its
    linearisation: a player's deciles are not independent of each other.

    Parameters
    ----------
    left
        ``(k, P)`` when each player, with each of k traits, left; infinite if never.
    first, last
        Between which levels.
    """
    there = np.clip(left, first, last) - first
    events = ((left > first) & (left <= last)).sum(axis=0) / len(left)
    risk = there.sum(axis=0) / len(left) / _EVERY
    if risk.mean() == 0:
        return math.nan, math.nan  # nobody is there to leave
    rate = float(events.mean() / risk.mean())
    _, error = mean_and_error((events - rate * risk) / risk.mean())
    return rate, error


def level_of(share: float, there: float, n_levels: int, rate: float) -> float:
    """The level by which a share would be lost if those still there went on leaving at this rate:
    an extrapolation. Infinite if none leave, the horizon if that many have left already."""
    if there <= 1.0 - share:
        return float(n_levels)
    if not rate > 0:
        return math.inf
    return n_levels + _EVERY * math.log(there / (1.0 - share)) / rate


def nearly_everyone(world: str, met: World, notion: str) -> Check:
    """Whether nearly everyone is lost on the model under one notion; each player the mean of their
    deciles."""
    lost = met.fates[ON_MODEL.name, notion].lost(met.n_levels).mean(axis=0)
    return Check.of(
        f"{world}: share of everyone lost by level {met.n_levels} ({notion})",
        mean_and_error(lost),
        "above",
        _MOST,
    )


def off_model(world: str, met: World, arm: str) -> Check:
    """Whether more of the least hungry are lost off the model, paired by player."""
    lost = {
        name: met.fates[name, "wundt"].lost(met.n_off)[0] * 1.0 for name in (arm, ON_MODEL.name)
    }
    return Check.of(
        f"{world}: share of the least hungry lost by level {met.n_off}, {arm} less on-model",
        mean_and_error(lost[arm] - lost[ON_MODEL.name]),
        "above",
        0.0,
    )


def checks_of(world: str, met: World) -> list[Check]:
    """The claim in one world: sooner, on and on, and everyone where appetite plays no part."""
    wundt = met.fates[ON_MODEL.name, "wundt"]
    soon = wundt.lost(SOON) * 1.0
    late = late_in(met.n_levels)
    return [
        Check.of(
            f"{world}: share lost by level {SOON} on-model (wundt), hungriest less least hungry"
            " decile",
            mean_and_error(soon[-1] - soon[0]),
            "above",
            0.0,
        ),
        Check.of(
            f"{world}: hazard of leaving on-model per {_EVERY} levels, from level {late} to"
            f" {met.n_levels} (wundt)",
            hazard(wundt.left[:-1], late, met.n_levels),
            "above",
            0.0,
        ),
        nearly_everyone(world, met, "surprise"),
    ]
