"""How long an arm keeps a share of its audience, and how sure one is which arm does so longest.

An arm *keeps* a share k of P players until the level after which fewer than k P of them are left:
the ⌈k P⌉-th longest stay. Whoever searches among many arms finds one that was lucky with the
players it was tried on, so finalists are judged on players who had no part in choosing them.

An interval of how long a share is kept goes from one player's stay to another's: of P players, the
number who leave up to the level in question is binomial with chance 1 − k, which says between
which places in the order of leaving that level lies, whatever the distribution [Conover1999]_. Far
from the middle, or with few players, an end may lie outside all of them: before the first level,
or beyond the horizon. The chance of being best is from resampling players, the same resample for
all arms: the bootstrap [Efron1979]_.
"""

from __future__ import annotations

import math
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Final

import numpy as np
import numpy.typing as npt

from procgen_sim.experiments.statistics import Difference, Interval, paired_difference
from procgen_sim.players import Leaving

__all__ = ["Finalist", "Verdict", "judge", "kept_interval", "levels_kept", "order_ranks"]

_LEVEL: Final = 0.95
"""Of intervals: at least this often they hold the truth."""

_N_RESAMPLES: Final = 4000
_BLOCK: Final = 250

Floats = npt.NDArray[np.float64]


@dataclass(frozen=True, kw_only=True)
class Finalist:
    """One arm, judged.

    Attributes
    ----------
    name
        The arm.
    kept
        The level after which fewer than the share wanted are left, with a 95 % interval; infinite
        where they are still there at the horizon, or where too few left to tell.
    more
        Levels that the mean player stays longer than on-model, paired, within the horizon.
    p_best
        Share of resamples in which no finalist keeps the audience longer; ties are shared.
    broke_share, off_model_share
        Shares of levels, realised: breaks, of which there is a budget, and levels off the model,
        which some breaks miss and some levels of the model are.
    """

    name: str
    kept: Interval
    more: Difference
    p_best: float
    broke_share: float
    off_model_share: float


@dataclass(frozen=True, kw_only=True)
class Verdict:
    """What a search found under one notion of interest.

    Attributes
    ----------
    on_model
        How long the audience is kept without leaving the model.
    finalists
        Best in the race first: the first is the choice.
    """

    on_model: Interval
    finalists: tuple[Finalist, ...]

    @property
    def decides(self) -> bool:
        """Whether the share wanted is lost on the model: where it is not, no way can be told to
        keep it longer within the levels played."""
        return self.on_model.estimate is not None and math.isfinite(self.on_model.estimate)


def levels_kept(leaving: Leaving, keep: float) -> float:
    """The level after which fewer than a share ``keep`` of the players are left.

    Infinite where as many are still there at the horizon.

    Examples
    --------
    >>> left = Leaving(levels=np.array([3, 5, 7, 9]), censored=np.array([0, 0, 0, 1], bool))
    >>> levels_kept(left, 0.5), levels_kept(left, 0.25)
    (7.0, inf)
    """
    return float(_kept(_stays(leaving)[np.newaxis], keep)[0])


def kept_interval(leaving: Leaving, keep: float) -> Interval:
    """:func:`levels_kept` with its 95 % interval, which holds for any distribution of stays.

    Its lower end is 0 and its upper infinite where so few players cannot tell.

    Examples
    --------
    >>> stays = np.arange(1, 11)
    >>> kept_interval(Leaving(levels=stays, censored=stays > 10), 0.5)
    Interval(estimate=6.0, low=2.0, high=9.0)
    """
    ordered = np.concatenate([[0.0], np.sort(_stays(leaving)), [np.inf]])
    low, high = order_ranks(len(leaving.levels), keep)
    estimate = levels_kept(leaving, keep)
    return Interval(estimate=estimate, low=float(ordered[low]), high=float(ordered[high]))


def order_ranks(n_players: int, keep: float) -> tuple[int, int]:
    """Between whose leaving the level lies after which fewer than a share ``keep`` are left.

    Returns
    -------
    tuple of int
        Places in the order of leaving, from 1; 0 for before them all, ``n_players + 1`` for after
        them all. Each end is wrong with a chance of 2.5 % at most.

    Examples
    --------
    >>> order_ranks(100, 0.5), order_ranks(10, 0.95), order_ranks(5, 1.0)
    ((40, 61), (0, 3), (0, 1))
    """
    from scipy.stats import binom

    ranks, tail = np.arange(n_players + 2), (1.0 - _LEVEL) / 2.0
    leave = binom(n_players, 1.0 - keep)
    low = np.flatnonzero(leave.cdf(ranks - 1) <= tail)[-1]
    high = np.flatnonzero(leave.sf(ranks - 1) <= tail)[0]
    return int(low), int(high)


def judge(
    leaving: Sequence[Leaving],
    names: Sequence[str],
    *,
    keep: float,
    shares: Sequence[tuple[float, float]],
    rng: np.random.Generator,
) -> Verdict:
    """Judge finalists on the same players.

    Parameters
    ----------
    leaving
        When they left in each arm; the first is on-model.
    names
        The arms, likewise.
    keep
        Share of the audience wanted.
    shares
        Each arm's realised shares of breaks and of levels off the model.
    rng
        For the resamples.
    """
    stays = np.stack([_stays(each) for each in leaving])
    n_players = stays.shape[1]
    resampled = []
    for _ in range(0, _N_RESAMPLES, _BLOCK):
        who = rng.integers(n_players, size=(_BLOCK, n_players))
        resampled.append(np.stack([_kept(stay[who], keep) for stay in stays], axis=1))
    kept = np.concatenate(resampled)
    best = kept[:, 1:] == kept[:, 1:].max(axis=1, keepdims=True)
    p_best = (best / best.sum(axis=1, keepdims=True)).mean(axis=0)
    intervals = [kept_interval(each, keep) for each in leaving]
    finalists = tuple(
        Finalist(
            name=names[i],
            kept=intervals[i],
            more=paired_difference(leaving[i].levels, leaving[0].levels),
            p_best=float(p_best[i - 1]),
            broke_share=shares[i][0],
            off_model_share=shares[i][1],
        )
        for i in range(1, len(names))
    )
    return Verdict(on_model=intervals[0], finalists=finalists)


def _stays(leaving: Leaving) -> Floats:
    return np.where(leaving.censored, np.inf, leaving.levels.astype(np.float64))


def _kept(stays: Floats, keep: float) -> Floats:
    """``(..., P)`` stays to ``(...)``: the ⌈k P⌉-th longest."""
    n = stays.shape[-1]
    rank = max(1, math.ceil(keep * n - 1e-9))
    return np.asarray(np.partition(stays, n - rank, axis=-1)[..., n - rank])
