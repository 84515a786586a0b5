"""How new samples are: against what a model was fitted to, and what the same player met before.

*New* is a matter of fact: no dot equals another, no level another tile by tile. *Told apart* is one
of people: some parameter must differ by more than the smallest step that people keep apart, one in
2^2.5 of its range [Miller1956]_. Of levels there is also how unlike they look
(:mod:`procgen_sim.levels.similarity`), beside how unlike hand-made levels are to each other.
"""

from __future__ import annotations

import math
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

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


@dataclass(frozen=True, kw_only=True)
class Newness:
    """How new samples are; pairs are a mean over players and its standard error.

    Attributes
    ----------
    n_samples
        How many were looked at, of all players.
    share_new
        Share that equals nothing in the data and nothing met before.
    share_told_apart
        Share that a player can tell from all of that.
    more
        What there is to say of this kind of sample alone.
    """

    n_samples: int
    share_new: Estimate
    share_told_apart: Estimate
    more: dict[str, Any]


def new_dots(met: Floats, data: Floats, space: DesignSpace) -> Newness:
    """Newness of dots ``(players, levels, 2)`` against the data ``(n, 2)`` and those met before.

    ``more``: distance to the nearest of them, ``least`` and ``median``.
    """
    nearest = np.array([_to_nearest(dots, data) for dots in met])
    return Newness(
        n_samples=nearest.size,
        share_new=mean_and_error((nearest > 0).mean(axis=1)),
        share_told_apart=_told_apart(met, data, space),
        more={"nearest": {"least": nearest.min(), "median": np.median(nearest)}},
    )


def new_levels(
    setting: Setting, hand_made: Sequence[Level], n_players: int, n_levels: int
) -> Newness:
    """Newness of a generator's levels against hand-made ones and those met before.

    ``more``, all as distances between looks: ``to_earlier`` ``(n_levels,)`` to the nearest level
    met before, NaN for the first, and its standard error; ``to_hand_made``, the mean to the nearest
    hand-made level; ``hand_made``, the nearest among these themselves; ``least`` over all levels a
    player met, as a pair, and ``least_of_all``.
    """
    looks, digests = [describe(level) for level in hand_made], {lv.digest() for lv in hand_made}
    among = distance_matrix(looks)
    np.fill_diagonal(among, np.inf)
    differ, measured = list[float](), list[Floats]()
    hand, earlier = np.empty((n_players, n_levels)), np.empty((n_players, n_levels))
    for player in range(n_players):
        built = [setting.generator.on_model([player], level) for level in range(n_levels)]
        measured.append(np.concatenate([each.measured for each in built]))
        levels = [Level(each.grids[0], house_tileset()) for each in built]
        differ.append(_share_of_new(levels, digests))
        mine = [describe(level) for level in levels]
        hand[player] = [distances(look, looks).min() for look in mine]
        earlier[player] = _to_earlier(mine)
    nearest = np.fmin(hand, earlier)
    data, space = setting.outside.data, setting.outside.model.space
    return Newness(
        n_samples=n_players * n_levels,
        share_new=mean_and_error(differ),
        share_told_apart=_told_apart(np.stack(measured), data, space),
        more={
            "to_earlier": earlier.mean(axis=0),
            "to_earlier_error": earlier.std(axis=0, ddof=1) / math.sqrt(n_players),
            "to_hand_made": hand.mean(),
            "hand_made": {
                "n": len(looks),
                "least": among.min(),
                "median": np.median(among.min(axis=1)),
                "most": among.min(axis=1).max(),
            },
            "least": mean_and_error(nearest.min(axis=1)),
            "least_of_all": nearest.min(),
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


def _share_of_new(levels: Sequence[Level], digests: set[str]) -> float:
    """Share of levels that are neither among those digests nor equal to one before."""
    own = {level.digest() for level in levels}
    return len(own - digests) / len(levels)


def _to_earlier(looks: Sequence[Look]) -> Floats:
    apart = distance_matrix(looks)
    return np.array([math.nan, *(apart[i, :i].min() for i in range(1, len(looks)))])
