"""A number with its interval, or the reason why there is none."""

from __future__ import annotations

import math
from dataclasses import dataclass
from typing import Final

import numpy as np
import numpy.typing as npt

__all__ = ["Estimate", "jackknife", "normal"]

_TAIL: Final = 0.975
"""Upper end of a two-sided 95 % interval."""


@dataclass(frozen=True, kw_only=True)
class Estimate:
    """One estimated number.

    Attributes
    ----------
    value
        The estimate; None where it could not be computed.
    se
        Its standard error; None where that could not be computed.
    low, high
        95 % interval; None where :attr:`se` is.
    reason
        Why something is None, in one sentence's worth of words; empty when nothing is.
    """

    value: float | None = None
    se: float | None = None
    low: float | None = None
    high: float | None = None
    reason: str = ""


def normal(
    value: float, se: float, *, lowest: float = -math.inf, highest: float = math.inf
) -> Estimate:
    """An estimate with a normal 95 % interval, cut to ``[lowest, highest]``.

    Examples
    --------
    >>> normal(0.9, 0.1, highest=1.0).high
    1.0
    """
    from scipy.special import ndtri

    half = float(ndtri(_TAIL)) * se
    return Estimate(
        value=value, se=se, low=max(lowest, value - half), high=min(highest, value + half)
    )


def jackknife(
    value: float,
    left_out: npt.NDArray[np.float64],
    *,
    lowest: float = -math.inf,
    highest: float = math.inf,
) -> Estimate:
    """An estimate with the delete-one jackknife's error [Efron1981]_ and Student's interval.

    Parameters
    ----------
    value
        The statistic of all levels; it must not depend on their order.
    left_out
        ``(n_levels,)`` the same statistic without each level in turn. Three or more are needed,
        all of them finite; else there is no error.
    lowest, highest
        Where the interval is cut.

    Examples
    --------
    The jackknife of a mean is the usual standard error.

    >>> x = np.array([1.0, 2.0, 3.0, 6.0])
    >>> found = jackknife(x.mean(), (x.sum() - x) / 3)
    >>> round(found.se, 6), round(float(x.std(ddof=1)) / 2, 6)
    (1.080123, 1.080123)
    """
    n = len(left_out)
    if n < 3:
        return Estimate(value=value, reason="no interval from fewer than three levels")
    if not np.isfinite(left_out).all():
        return Estimate(value=value, reason="no interval: it all hangs on a single level")
    from scipy.special import stdtrit

    # Centred on the first: equal values then leave an error of exactly zero.
    differences = left_out - left_out[0]
    spread = float(((differences - differences.mean()) ** 2).sum())
    se = math.sqrt(spread * (n - 1) / n)
    half = float(stdtrit(n - 1, _TAIL)) * se
    return Estimate(
        value=value, se=se, low=max(lowest, value - half), high=min(highest, value + half)
    )
