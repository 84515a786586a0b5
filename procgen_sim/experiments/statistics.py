"""Statistics of leaving: survival medians and paired differences, with intervals.

Survival is Kaplan–Meier's estimate [Kaplan1958]_ with log-log pointwise bands, both SciPy's; the
median's interval is where the bands cross one half [Brookmeyer1982]_. Differences between arms
are paired by player and restricted to the horizon, so that no assumption is needed about when
the players who stayed would have left; their interval is a bootstrap over players [Efron1993]_.
"""

from __future__ import annotations

import warnings
from dataclasses import dataclass
from typing import Any, Final

import numpy as np
import numpy.typing as npt

__all__ = ["Interval", "Survival", "paired_difference", "survival"]

_N_RESAMPLES: Final = 4000


@dataclass(frozen=True, kw_only=True)
class Interval:
    """An estimate with its 95 % interval. None where the data do not say: more than half the
    players stayed, so the median lies beyond the horizon."""

    estimate: float | None
    low: float | None
    high: float | None


@dataclass(frozen=True, kw_only=True)
class Survival:
    """Share of players still there.

    Attributes
    ----------
    levels
        ``(n_levels + 1,)`` 0, 1, …, the horizon.
    share, low, high
        ``(n_levels + 1,)`` the estimate after each level and its pointwise 95 % band.
    median
        Levels until half of the players have left.
    """

    levels: npt.NDArray[np.int64]
    share: npt.NDArray[np.float64]
    low: npt.NDArray[np.float64]
    high: npt.NDArray[np.float64]
    median: Interval


def survival(left_after: npt.NDArray[np.int64], left: npt.NDArray[np.bool_]) -> Survival:
    """Kaplan–Meier survival of players.

    Parameters
    ----------
    left_after
        ``(n_players,)`` the level after which each left, or the horizon for those who stayed.
    left
        ``(n_players,)`` False for those who stayed (censored).

    Examples
    --------
    >>> survival(np.array([2, 4, 6, 10]), np.array([True, True, True, False])).median.estimate
    4.0
    """
    from scipy.stats import CensoredData, ecdf

    levels = np.arange(int(left_after.max()) + 1)
    if not left.any():
        whole = np.ones(len(levels))
        return Survival(
            levels=levels,
            share=whole,
            low=whole,
            high=whole,
            median=Interval(estimate=None, low=None, high=None),
        )
    data = CensoredData.right_censored(left_after.astype(float), ~left)
    curve = ecdf(data).sf
    # The log-log band is undefined where the estimate is exactly 0 or 1; SciPy says so with a
    # warning and a NaN. There the data pin the estimate, so the band closes on it.
    with np.errstate(all="ignore"), warnings.catch_warnings():
        warnings.simplefilter("ignore", RuntimeWarning)
        band: Any = curve.confidence_interval(method="log-log")
    share = np.asarray(curve.evaluate(levels), dtype=np.float64)
    low = _steps(band.low.quantiles, band.low.probabilities, levels, share)
    high = _steps(band.high.quantiles, band.high.probabilities, levels, share)
    return Survival(
        levels=levels,
        share=share,
        low=low,
        high=high,
        median=Interval(
            estimate=_first_at_half(levels, share),
            low=_first_at_half(levels, low),
            high=_first_at_half(levels, high),
        ),
    )


def _steps(
    times: npt.NDArray[np.float64],
    values: npt.NDArray[np.float64],
    levels: npt.NDArray[np.int64],
    share: npt.NDArray[np.float64],
) -> npt.NDArray[np.float64]:
    """A right-continuous step function at each level; 1 before the first step."""
    at = np.searchsorted(times, levels, side="right") - 1
    stepped = np.where(at < 0, 1.0, values[np.maximum(at, 0)])
    return np.where(np.isnan(stepped), share, stepped)


def _first_at_half(levels: npt.NDArray[np.int64], share: npt.NDArray[np.float64]) -> float | None:
    below = np.flatnonzero(share <= 0.5)
    return float(levels[below[0]]) if len(below) else None


def paired_difference(
    ours: npt.NDArray[np.int64], theirs: npt.NDArray[np.int64], *, rng: np.random.Generator
) -> Interval:
    """Mean difference of two paired samples with its bootstrap interval.

    Parameters
    ----------
    ours, theirs
        ``(n_players,)`` levels played within the horizon by the same players in two arms.
    rng
        For resampling.

    Examples
    --------
    >>> rng = np.random.default_rng(1)
    >>> paired_difference(np.array([5, 6, 9]), np.array([4, 4, 4]), rng=rng).estimate
    2.6666666666666665
    """
    from scipy.stats import bootstrap

    differences = ours.astype(float) - theirs
    mean = float(differences.mean())
    if len(differences) < 2:
        return Interval(estimate=mean, low=None, high=None)
    if np.ptp(differences) == 0.0:
        return Interval(estimate=mean, low=mean, high=mean)
    found = bootstrap(
        (differences,),
        np.mean,
        n_resamples=_N_RESAMPLES,
        batch=200,
        method="percentile",
        rng=rng,
    ).confidence_interval
    return Interval(estimate=mean, low=float(found.low), high=float(found.high))
