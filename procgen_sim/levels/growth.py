"""How the number of distinct patterns grows with levels, whatever order they come in.

With ``y`` of ``N`` levels containing a pattern, the chance that none of ``n`` levels drawn without
replacement contains it is C(N − y, n) / C(N, n). Summed over patterns that gives the expected
number of distinct patterns S(n) over all orders of the levels, exactly and without simulation
(sample-based rarefaction, "Mao Tau" [Colwell2004]_). S(N) is what was seen.

Heaps' law says S(n) ∝ n^β [Heaps1978]_: β near 1 while everything is new, near 0 once everything
has been seen. β is the slope of log S(n) on log n by least squares over n = 1, …, N.

The errors that least squares would give are wrong here: successive points of a growth curve
share nearly all their data. Drawing levels with replacement will not do either, since a level
drawn twice adds nothing the second time. So errors come from leaving out one level at a time
(:func:`~procgen_sim.levels.estimate.jackknife`), which takes levels, not patterns, as independent.
"""

from __future__ import annotations

import itertools
from dataclasses import dataclass
from typing import Final

import numpy as np
import numpy.typing as npt

from procgen_sim.levels.estimate import Estimate, jackknife
from procgen_sim.levels.windows import Occurrences

__all__ = ["Growth", "expected_growth", "first_levels", "growth", "heaps_exponent"]

_POINTS: Final = 100
"""About so many points of S(n) are computed, evenly spaced in log n; all of the first ones."""

_BLOCK: Final = 4_000_000
"""Entries of the largest intermediate array, so that memory does not grow with the levels."""


@dataclass(frozen=True, kw_only=True, eq=False)
class Growth:
    """The expected growth over all orders of the levels.

    Attributes
    ----------
    levels
        ``(n_points,)`` numbers of levels n, from 1 to all.
    expected
        ``(n_points,)`` S(n): expected distinct patterns in n levels.
    low, high
        ``(n_points,)`` 95 % interval of S(n), by the jackknife; None with fewer than three levels.
        At the right end it is that of the total as an estimate of what as many other levels of
        the same make would show.
    heaps
        Exponent β of S(n).
    """

    levels: npt.NDArray[np.int64]
    expected: npt.NDArray[np.float64]
    low: npt.NDArray[np.float64] | None
    high: npt.NDArray[np.float64] | None
    heaps: Estimate


def first_levels(places: Occurrences) -> npt.NDArray[np.int64]:
    """``(distinct,)`` the level in which each pattern is met first."""
    first = np.empty(places.distinct, np.int64)
    first[places.code[::-1]] = places.level[::-1]  # of several, the last assigned stays
    return first


def heaps_exponent(
    distinct: npt.NDArray[np.int64] | npt.NDArray[np.float64],
    levels: npt.NDArray[np.int64] | None = None,
) -> float | None:
    """Slope β of log D(n) on log n by least squares over every whole n.

    Parameters
    ----------
    distinct
        ``(n_points,)`` D(n). Points before the first pattern are left out.
    levels
        ``(n_points,)`` the n, ascending, None for 1, 2, …. A point stands for all whole numbers
        nearer to it than to its neighbours, so that leaving points out changes little.

    Returns
    -------
    None with fewer than two points.

    Examples
    --------
    >>> round(heaps_exponent(np.array([10, 20, 30, 40])), 6)
    1.0
    """
    n = np.arange(1, len(distinct) + 1) if levels is None else levels
    some = distinct > 0
    if np.count_nonzero(some) < 2:
        return None
    height = np.log(distinct[some])
    return float((height - height[0]) @ _slope_weights(n[some]))  # exactly 0 where nothing grows


def expected_growth(
    n_in: npt.NDArray[np.int64], n_levels: int, levels: npt.NDArray[np.int64]
) -> npt.NDArray[np.float64]:
    """S(n) for patterns found in ``n_in`` of ``n_levels`` levels each.

    Parameters
    ----------
    n_in
        ``(distinct,)`` number of levels that contain each pattern.
    levels
        ``(n_points,)`` numbers of levels, each from 0 to ``n_levels``.

    Returns
    -------
    ``(n_points,)``

    Examples
    --------
    Two levels share one of their two patterns.

    >>> expected_growth(np.array([1, 2, 1]), 2, np.array([1, 2])).tolist()
    [2.0, 3.0]
    """
    values, patterns = np.unique(n_in, return_counts=True)
    return patterns @ (1 - _p_none(values, n_levels, levels))


def growth(places: Occurrences) -> Growth:
    """Expected growth and its Heaps exponent, with intervals."""
    n_levels = places.n_levels
    points = np.unique(np.geomspace(1, n_levels, _POINTS).round().astype(np.int64))
    level, code, _ = places.by_level()
    n_in = np.bincount(code, minlength=places.distinct)
    expected = expected_growth(n_in, n_levels, points)
    if not places.distinct:
        none = Estimate(reason="no level is large enough to hold a pattern")
        return Growth(levels=points, expected=expected, low=None, high=None, heaps=none)
    slope = heaps_exponent(expected, points)
    if slope is None:
        none = Estimate(reason="no growth in a single level")
        return Growth(levels=points, expected=expected, low=None, high=None, heaps=none)
    if n_levels < 3:
        heaps = jackknife(slope, np.zeros(n_levels))
        return Growth(levels=points, expected=expected, low=None, high=None, heaps=heaps)
    # At the last point, leaving out one of N levels leaves only N − 1 to be drawn.
    fewer = np.minimum(points, n_levels - 1)
    left_out = _left_out(level, n_in[code], n_in, n_levels, fewer)
    low, high = np.empty(len(points)), np.empty(len(points))
    for j, value in enumerate(expected):
        found = jackknife(float(value), left_out[:, j], lowest=0.0)
        low[j], high[j] = found.low, found.high
    keep = np.concatenate([[True], np.diff(fewer) > 0])
    with np.errstate(divide="ignore", invalid="ignore"):
        height = np.log(left_out[:, keep])
        slopes = (height - height[:, :1]) @ _slope_weights(fewer[keep])
    # An expected curve is concave and begins at no patterns in no levels, so its slope is below 1.
    heaps = jackknife(min(slope, 1.0), slopes, lowest=0.0, highest=1.0)
    return Growth(levels=points, expected=expected, low=low, high=high, heaps=heaps)


def _p_none(
    n_in: npt.NDArray[np.int64], n_levels: int, levels: npt.NDArray[np.int64]
) -> npt.NDArray[np.float64]:
    """``(n_values, n_points)`` chance that none of n levels is among the ``n_in`` of all."""
    from scipy.special import gammaln

    log_factorial = gammaln(np.arange(n_levels + 1) + 1.0)
    others = (n_levels - n_in)[:, None]
    left = others - levels
    log_p = (
        log_factorial[others]
        - log_factorial[np.maximum(left, 0)]
        - (log_factorial[n_levels] - log_factorial[n_levels - levels])
    )
    return np.where(left < 0, 0.0, np.exp(log_p))


def _left_out(
    level: npt.NDArray[np.int32],
    n_in_of_pair: npt.NDArray[np.int64],
    n_in: npt.NDArray[np.int64],
    n_levels: int,
    levels: npt.NDArray[np.int64],
) -> npt.NDArray[np.float64]:
    """``(n_levels, n_points)`` S(n) of the other levels, for each level left out.

    Without its level a pattern found in y of N is one found in y − 1 of N − 1, and the rest are
    found in y of N − 1. So each curve is a common one, plus corrections for the level's patterns.
    """
    values = np.unique(n_in)
    index = np.searchsorted(values, n_in_of_pair)
    inside = np.minimum(values, n_levels - 1)  # one in all N levels is in each one left out
    stays = 1 - _p_none(inside, n_levels - 1, levels)
    correction = 1 - _p_none(values - 1, n_levels - 1, levels) - stays
    common = np.bincount(np.searchsorted(values, n_in)) @ stays
    result = np.empty((n_levels, len(levels)))
    size = max(1, _BLOCK // len(values))
    edges = np.searchsorted(level, np.arange(0, n_levels + size, size))
    for block, (first, last) in enumerate(itertools.pairwise(edges)):
        at = block * size
        rows = min(size, n_levels - at)
        cells = (level[first:last].astype(np.int64) - at) * len(values) + index[first:last]
        patterns = np.bincount(cells, minlength=rows * len(values)).reshape(rows, len(values))
        result[at : at + rows] = common + patterns @ correction
    return result


def _slope_weights(levels: npt.NDArray[np.int64]) -> npt.NDArray[np.float64]:
    """``(n_points,)`` what log D(n) is multiplied with to give the least-squares slope."""
    ends = np.concatenate([[levels[0] - 0.5], (levels[1:] + levels[:-1]) / 2, [levels[-1] + 0.5]])
    weights = np.diff(ends)
    x = np.log(levels)
    x = x - (weights @ x) / weights.sum()
    return np.asarray(weights * x / (weights @ x**2))
