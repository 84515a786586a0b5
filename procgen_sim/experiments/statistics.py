"""Statistics of leaving: survival medians and paired differences, with intervals.

Survival is Kaplan–Meier's estimate [Kaplan1958]_ with log-log pointwise bands, both SciPy's; the
median's interval is where the bands cross one half [Brookmeyer1982]_. Differences between arms
are paired by player and restricted to the horizon, so that no assumption is needed about when
the players who stayed would have left. A run compares several arms under several notions of
interest; what is *claimed* allows for that number, what is *shown* are plain 95 % intervals.
"""

from __future__ import annotations

import warnings
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

import numpy as np
import numpy.typing as npt

__all__ = [
    "Difference",
    "Interval",
    "Survival",
    "paired_difference",
    "survival",
    "told_apart",
]


@dataclass(frozen=True, kw_only=True)
class Interval:
    """An estimate with its 95 % interval. None where the data do not say: more than half the
    players stayed, so the median lies beyond the horizon."""

    estimate: float | None
    low: float | None
    high: float | None


@dataclass(frozen=True, kw_only=True)
class Difference(Interval):
    """A mean difference with its 95 % interval, and the two-sided p of no difference (None with
    fewer than two pairs)."""

    p_value: float | None


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
    ours: npt.NDArray[np.float64 | np.int64], theirs: npt.NDArray[np.float64 | np.int64]
) -> Difference:
    """Mean difference of two paired samples with Student's interval [Student1908]_.

    Parameters
    ----------
    ours, theirs
        ``(n_players,)`` of the same players in two arms.

    Examples
    --------
    >>> found = paired_difference(np.array([5, 6, 9]), np.array([4, 4, 4]))
    >>> round(found.estimate, 2), round(found.low, 2), round(found.high, 2)
    (2.67, -2.5, 7.84)
    """
    from scipy.stats import t

    differences = ours.astype(np.float64) - theirs
    mean, n = float(differences.mean()), len(differences)
    if n < 2:
        return Difference(estimate=mean, low=None, high=None, p_value=None)
    error = float(differences.std(ddof=1)) / n**0.5
    if error == 0.0:
        # All differ by the same: no chance in it, or nothing happened at all.
        return Difference(estimate=mean, low=mean, high=mean, p_value=1.0 if mean == 0 else 0.0)
    half = float(t.ppf(0.975, n - 1)) * error
    p_value = float(2.0 * t.sf(abs(mean) / error, n - 1))
    return Difference(estimate=mean, low=mean - half, high=mean + half, p_value=p_value)


def told_apart(p_values: Sequence[float], *, level: float = 0.05) -> list[bool]:
    """Which of several differences stand, allowing for their number, by Holm's method [Holm1979]_:
    the chance of even one false claim among them is at most ``level``.

    Examples
    --------
    >>> told_apart([0.001, 0.04, 0.02])
    [True, True, True]
    >>> told_apart([0.001, 0.04, 0.03])
    [True, False, False]
    """
    order = sorted(range(len(p_values)), key=lambda i: p_values[i])
    stands = [False] * len(p_values)
    for rank, i in enumerate(order):
        if p_values[i] > level / (len(p_values) - rank):
            break
        stands[i] = True
    return stands
