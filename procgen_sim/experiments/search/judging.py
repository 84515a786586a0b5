"""How long an arm keeps a share of its audience, and how sure one is which arm does so longest.

An arm *keeps* a share k of P players until the level after which fewer than k P of them are left:
the ⌈k P⌉-th longest stay. Whoever searches among many arms finds one that was lucky with the
players it was tried on, so finalists are judged on players who had no part in choosing them.
Intervals and the chance of being best are from resampling those players, the same resample for
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

__all__ = ["Finalist", "Verdict", "judge", "levels_kept"]

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
        where they are still there at the horizon.
    more
        Levels that the mean player stays longer than on-model, paired, within the horizon.
    p_best
        Share of resamples in which no finalist keeps the audience longer; ties are shared.
    broke_share, off_model_share
        Shares of levels, realised.
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
    intervals = [_interval(stays[i], kept[:, i], keep) for i in range(len(names))]
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


def _interval(stays: Floats, resampled: Floats, keep: float) -> Interval:
    # An interval may reach to infinity, between which and a number there is nothing to interpolate.
    low, high = np.quantile(resampled, [0.025, 0.975], method="inverted_cdf")
    return Interval(estimate=float(_kept(stays[np.newaxis], keep)[0]), low=low, high=high)
