"""How new samples are: against what a model was fitted to, and what the same player met before.

*A copy* is a matter of fact: it equals one of these, a level tile by tile. From a continuous model
no dot can be one, unless its generator hands it out twice. *Told apart* is a matter of people: some
parameter must differ by more than the smallest step that people keep apart, one in 2^2.5 of its
range [Miller1956]_. Of levels there is also how unlike they look
(:mod:`procgen_sim.levels.similarity`), beside how unlike hand-made levels are to each other.
"""

from __future__ import annotations

import math
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any, Final

import numpy as np
import numpy.typing as npt

from procgen_sim.experiments.essay.finding import mean_and_error
from procgen_sim.levels import Level, house_tileset
from procgen_sim.levels.similarity import Look, describe, distance_matrix, distances
from procgen_sim.models import DesignSpace
from procgen_sim.players import TRAITS
from procgen_sim.session import Setting

__all__ = ["Newness", "new_dots", "new_levels"]

Floats = npt.NDArray[np.float64]
Estimate = tuple[float, float]

_LATE: Final = 5
"""The last one in so many levels are late."""


@dataclass(frozen=True, kw_only=True)
class Newness:
    """How new samples are; pairs are a mean over players and its standard error.

    Attributes
    ----------
    n_samples
        How many were looked at, of all players.
    n_copies
        How many of them equal one in the data or one met before.
    share_told_apart
        Share that a player can tell from all of that.
    more
        What there is to say of this kind of sample alone.
    """

    n_samples: int
    n_copies: int
    share_told_apart: Estimate
    more: dict[str, Any]


def new_dots(met: Floats, data: Floats, space: DesignSpace) -> Newness:
    """Newness of dots ``(players, levels, 2)`` against the data ``(n, 2)`` and those met before."""
    nearest = np.array([_to_nearest(dots, data) for dots in met])
    return Newness(
        n_samples=nearest.size,
        n_copies=int((nearest == 0).sum()),
        share_told_apart=_told_apart(met, data, space),
        more={},
    )


def new_levels(
    setting: Setting, hand_made: Sequence[Level], n_players: int, n_levels: int
) -> Newness:
    """Newness of a generator's levels against hand-made ones and those met before.

    ``more``, all as distances between looks: ``to_earlier`` ``(n_levels,)`` to the nearest level
    met before, NaN for the first, and its standard error; ``late``, the mean of its last ``n_late``
    levels, as a pair; ``hand_made``, the nearest among hand-made levels themselves; ``least``, from
    any level of a player to the nearest hand-made one or one met before, as a pair.
    """
    looks, digests = [describe(level) for level in hand_made], {lv.digest() for lv in hand_made}
    among = distance_matrix(looks)
    np.fill_diagonal(among, np.inf)
    copies, measured = 0, list[Floats]()
    hand, earlier = np.empty((n_players, n_levels)), np.empty((n_players, n_levels))
    for player in range(n_players):
        built = [setting.generator.on_model([player], level) for level in range(n_levels)]
        measured.append(np.concatenate([each.measured for each in built]))
        levels = [Level(each.grids[0], house_tileset()) for each in built]
        copies += _copies([level.digest() for level in levels], digests)
        mine = [describe(level) for level in levels]
        hand[player] = [distances(look, looks).min() for look in mine]
        earlier[player] = _to_earlier(mine)
    nearest, n_late = np.fmin(hand, earlier), max(n_levels // _LATE, 1)
    data, space = setting.outside.data, setting.outside.model.space
    return Newness(
        n_samples=n_players * n_levels,
        n_copies=copies,
        share_told_apart=_told_apart(np.stack(measured), data, space),
        more={
            "to_earlier": earlier.mean(axis=0),
            "to_earlier_error": earlier.std(axis=0, ddof=1) / math.sqrt(n_players),
            "late": mean_and_error(earlier[:, -n_late:].mean(axis=1)),
            "n_late": n_late,
            "hand_made": {
                "n": len(looks),
                "least": among.min(),
                "median": np.median(among.min(axis=1)),
                "most": among.min(axis=1).max(),
            },
            "least": mean_and_error(nearest.min(axis=1)),
        },
    )


def _to_nearest(dots: Floats, data: Floats) -> Floats:
    """``(n,)`` distance of each dot to the nearest of the data and of the dots before it."""
    known = np.concatenate([data, dots])
    apart = np.linalg.norm(dots[:, np.newaxis] - known, axis=-1)
    later = np.arange(len(known)) >= len(data) + np.arange(len(dots))[:, np.newaxis]
    return np.asarray(np.where(later, np.inf, apart).min(axis=1))


def _told_apart(met: Floats, data: Floats, space: DesignSpace) -> Estimate:
    step = 2.0 ** -TRAITS["resolution_bits"].median
    known, shares = space.to_unit(data), []
    for mine in space.to_unit(met):
        before = np.concatenate([known, mine])
        told = [
            (np.abs(before[: len(known) + i] - one).max(axis=1) > step).all()
            for i, one in enumerate(mine)
        ]
        shares.append(float(np.mean(told)))
    return mean_and_error(shares)


def _copies(digests: Sequence[str], known: set[str]) -> int:
    """How many of those equal a known one or one before."""
    return len(digests) - len(set(digests) - known)


def _to_earlier(looks: Sequence[Look]) -> Floats:
    apart = distance_matrix(looks)
    return np.array([math.nan, *(apart[i, :i].min() for i in range(1, len(looks)))])
