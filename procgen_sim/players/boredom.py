"""Boredom is a leaky integrator of missing interest, and players leave when it is too much.

b_t = b_{t−1} + (1 − i_t − b_{t−1}) / τ with τ in levels: after many levels of constant interest i,
boredom is 1 − i. Between play sessions it fades, while what was learned stays.
"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
import numpy.typing as npt

from procgen_sim._checks import InputError
from procgen_sim.players.assumptions import RECOVERY_HALF_LIFE_HOURS

__all__ = ["Leaving", "boredom_curve", "grow", "levels_until_bored", "recover"]

Floats = npt.NDArray[np.float64]


@dataclass(frozen=True, kw_only=True)
class Leaving:
    """When players left.

    Attributes
    ----------
    levels
        ``(P,)`` the level, counted from 1, after which a player's boredom first exceeded the
        threshold; the number of levels played where ``censored``.
    censored
        ``(P,)`` True for those who were still playing at the end: that they would have left later
        is all that is known.
    """

    levels: npt.NDArray[np.int64]
    censored: npt.NDArray[np.bool_]


def grow(boredom: Floats, interest: Floats, tau_levels: Floats) -> Floats:
    """Boredom ``(P,)`` after one more level of that interest; ``tau_levels`` is at least 1.

    Examples
    --------
    >>> grow(np.array([0.2]), np.array([0.5]), np.array([3.0])).round(3).tolist()
    [0.3]
    """
    return np.asarray(boredom + (1.0 - interest - boredom) / tau_levels)


def boredom_curve(interest: Floats, tau_levels: Floats, *, start: Floats | float = 0.0) -> Floats:
    """Boredom after every level: ``(P, T)`` from interest ``(P, T)`` and τ ``(P,)``.

    Raises
    ------
    InputError
        If a τ is below 1 level: boredom would overshoot.
    """
    if np.any(tau_levels < 1):
        raise InputError(
            "tau_levels", expected="at least 1 level", found=f"{float(np.min(tau_levels)):g}"
        )
    curve = np.empty_like(interest, dtype=np.float64)
    boredom = np.broadcast_to(np.asarray(start, np.float64), interest.shape[:1])
    for t in range(interest.shape[1]):
        boredom = grow(boredom, interest[:, t], tau_levels)
        curve[:, t] = boredom
    return curve


def recover(
    boredom: Floats, rest_hours: float, *, half_life_hours: float = RECOVERY_HALF_LIFE_HOURS
) -> Floats:
    """Boredom ``(P,)`` after a rest: it halves every ``half_life_hours``.

    Examples
    --------
    >>> recover(np.array([0.6]), 48.0, half_life_hours=24.0).round(3).tolist()
    [0.15]
    """
    return np.asarray(boredom * 2.0 ** (-rest_hours / half_life_hours))


def levels_until_bored(boredom: Floats, threshold: Floats) -> Leaving:
    """When boredom ``(P, T)`` first exceeds each player's threshold ``(P,)``.

    Examples
    --------
    >>> curves = np.array([[0.2, 0.4, 0.6], [0.2, 0.3, 0.4]])
    >>> left = levels_until_bored(curves, np.array([0.5, 0.5]))
    >>> left.levels.tolist(), left.censored.tolist()
    ([3, 3], [False, True])
    """
    over = boredom > threshold[:, None]
    censored = np.asarray(~over.any(axis=1))
    first = np.where(censored, boredom.shape[1], over.argmax(axis=1) + 1)
    return Leaving(levels=first.astype(np.int64), censored=censored)
