"""Hill numbers of a sample: seen, rarefied, extrapolated, and what they would be in the end.

The Hill number of order q is the number of equally common patterns that would be as diverse:
order 0 counts patterns, order 1 is the exponential of Shannon's entropy, order 2 the inverse of the
chance that two occurrences are of one pattern. All grow with the sample, so samples compare at
equal size. Formulas, with n occurrences, of pattern i x_i times, and f_k patterns seen k times:

- Fewer, m < n: expectations under drawing without replacement [Chao2014]_. Exact.
- More, m > n: order 0 and 2 by [Chao2014]_, good to about m = 2n. Order 1 by [Chao2021]_: the
  weighted mean of entropies in the former passes order 0 where most patterns were seen once. In
  tiny samples a higher order may still come out above a lower one: the estimates differ in kind.
- In the end: order 0 is Chao1's lower bound [Chao1984]_, order 1 the estimator of [Chao2013]_,
  order 2 the unbiased 1 / Σ x_i (x_i − 1) / (n (n − 1)).
- Coverage: the share of future occurrences whose pattern has been seen [ChaoJost2012]_.
"""

from __future__ import annotations

import functools
import math
from typing import Final, NamedTuple

import numpy as np
import numpy.typing as npt

__all__ = ["Sample", "asymptotic", "coverage", "hill_at", "sample_of", "unseen"]

_NODES: Final = 120
"""Gauss–Legendre nodes of the entropy's correction: to about twelve digits."""

_EXACT: Final = 200
"""Up to so many occurrences E[K log K] is summed for every x, from there on at knots."""

_KNOTS: Final = 100
"""Knots above :data:`_EXACT`; between them only a small smooth remainder is interpolated."""

_SDS: Final = 10.0
"""Hypergeometric probabilities further than this from the mean are left out (below 1e-20)."""


class Sample(NamedTuple):
    """How often patterns were seen.

    Attributes
    ----------
    x
        ``(n_values,)`` different numbers of occurrences, ascending, from 1.
    f
        ``(n_values,)`` number of patterns that occurred so often.
    n
        Occurrences, Σ x f.
    """

    x: npt.NDArray[np.int64]
    f: npt.NDArray[np.int64]
    n: int

    def seen(self, times: int) -> int:
        """Number of patterns seen so many times."""
        at = int(np.searchsorted(self.x, times))
        return int(self.f[at]) if at < len(self.x) and self.x[at] == times else 0


def sample_of(counts: npt.NDArray[np.int64]) -> Sample:
    """A sample from the count of each pattern; zeros are left out."""
    x, f = np.unique(counts[counts > 0], return_counts=True)
    return Sample(x, f, int(x @ f))


def unseen(sample: Sample) -> float:
    """Chao1's estimate of how many patterns were not seen: a lower bound.

    >>> round(unseen(sample_of(np.array([1, 1, 1, 1, 2, 2, 5]))), 6)
    3.692308
    """
    once, twice = sample.seen(1), sample.seen(2)
    share = (sample.n - 1) / sample.n
    return share * (once**2 / (2 * twice) if twice else once * (once - 1) / 2)


def coverage(sample: Sample, size: int) -> float:
    """Expected coverage of a sample of ``size`` from the same source."""
    if size < sample.n:
        rest = np.exp(_log_p_none(sample, size, given_one=True))
        return 1 - float((sample.x * sample.f / sample.n) @ rest)
    once = sample.seen(1)
    expected = sample.n * unseen(sample)
    if not expected:  # one singleton at most: nothing speaks for more
        return 1.0
    return 1 - once / sample.n * (expected / (expected + once)) ** (size - sample.n + 1)


def hill_at(sample: Sample, size: int) -> tuple[float, float, float]:
    """Hill numbers of order 0, 1 and 2 at ``size`` occurrences, smaller or larger than seen.

    Examples
    --------
    Two of the three occurrences A, A, B: two alike with chance 1/3.

    >>> [round(number, 4) for number in hill_at(sample_of(np.array([2, 1])), 2)]
    [1.6667, 1.5874, 1.5]
    """
    x, f, n = sample
    alike = float((x * (x - 1.0)) @ f) / (n * (n - 1)) if n > 1 else 0.0
    second = 1 / (1 / size + (size - 1) / size * alike)
    if size < n:
        zeroth = float(f @ (1 - np.exp(_log_p_none(sample, size, given_one=False))))
        entropy = math.log(size) - float(f @ _mean_k_log_k(x, n, size)) / size
        return zeroth, math.exp(entropy), second
    zeroth = float(f.sum())
    entropy = math.log(n) - float((x * np.log(x)) @ f) / n
    first = math.exp(entropy)
    if size > n:
        zeroth += _newly_seen(sample, size - n)
        first += _newly_effective(sample, first, size - n)
    return zeroth, first, second


def asymptotic(sample: Sample) -> tuple[float, float, float]:
    """Estimates for an endless sample; order 2 is infinite while no pattern has returned."""
    pairs = float((sample.x * (sample.x - 1.0)) @ sample.f)
    second = sample.n * (sample.n - 1) / pairs if pairs else math.inf
    return float(sample.f.sum()) + unseen(sample), math.exp(_entropy(sample)), second


def _newly_seen(sample: Sample, more: int) -> float:
    missing = unseen(sample)
    if not missing:
        return 0.0
    rate = sample.seen(1) / (sample.n * missing + sample.seen(1))
    return missing * -math.expm1(more * math.log1p(-rate))


def _newly_effective(sample: Sample, now: float, more: int) -> float:
    """Growth of order 1: as steep at first as over the last occurrence, up to its asymptote."""
    x, f, n = sample
    missing = math.exp(_entropy(sample)) - now
    if n < 2 or missing <= 0:
        return 0.0
    x_log_x = x * np.log(x)
    lost = x_log_x - (x - 1) * np.log(np.maximum(x - 1, 1))
    before = math.log(n - 1) - float(f @ x_log_x - (f * x / n) @ lost) / (n - 1)
    # In expectation over which occurrence came last; below 0 by rounding alone.
    step = max(now - math.exp(before), 0.0)
    return missing * -math.expm1(-more * math.log1p(step / missing))


def _log_p_none(sample: Sample, size: int, *, given_one: bool) -> npt.NDArray[np.float64]:
    """``(n_values,)`` log chance that ``size`` draws show none of a pattern's x occurrences.

    ``given_one``: among the draws from all but one occurrence, itself of that pattern.
    """
    from scipy.special import gammaln

    n = sample.n - 1 if given_one else sample.n
    others = sample.n - sample.x
    if size > n:
        return np.full(len(sample.x), -np.inf)
    left = others - size
    log_p = (
        gammaln(others + 1.0)
        - gammaln(np.maximum(left, 0) + 1.0)
        - (gammaln(n + 1.0) - gammaln(n - size + 1.0))
    )
    return np.where(left < 0, -np.inf, log_p)


def _entropy(sample: Sample) -> float:
    """Shannon entropy in nats by [Chao2013]_.

    Its correction for the unseen is f₁/n Σ_{s≥1} bˢ / (n − 1 + s) with b = 1 − A: what is
    published, without the difference of two nearly equal sums. As ∫₀¹ b t^(n−1) / (1 − b t) dt,
    with v = −log(1 − b t) for t, it is the integral of a smooth function however close b is to 1.
    """
    from scipy.special import digamma

    n, once, twice = sample.n, sample.seen(1), sample.seen(2)
    entropy = float((sample.x / n * (digamma(n) - digamma(sample.x))) @ sample.f)
    if twice:
        a = 2 * twice / ((n - 1) * once + 2 * twice)
    elif once:
        a = 2 / ((n - 1) * (once - 1) + 2)
    else:
        a = 1.0
    if a == 1.0:
        return entropy
    nodes, weights = _quadrature()
    top = -math.log(a)
    v = top / 2 * (nodes + 1)
    log_t = np.log(-np.expm1(-v)) - math.log1p(-a)
    return entropy + once / n * top / 2 * float(weights @ np.exp((n - 1) * log_t))


@functools.lru_cache(maxsize=1)
def _quadrature() -> tuple[npt.NDArray[np.float64], npt.NDArray[np.float64]]:
    nodes, weights = np.polynomial.legendre.leggauss(_NODES)
    return nodes, weights


def _mean_k_log_k(x: npt.NDArray[np.int64], n: int, size: int) -> npt.NDArray[np.float64]:
    """``(n_values,)`` E[K log K] for K of the x drawn among ``size`` of n (hypergeometric)."""
    knots, remainders = _remainders(n, size)
    means = x * (size / n)
    return np.asarray(means * np.log(means) + np.interp(x, knots, remainders))


@functools.lru_cache(maxsize=32)
def _remainders(n: int, size: int) -> tuple[npt.NDArray[np.int64], npt.NDArray[np.float64]]:
    """E[K log K] − μ log μ, where μ is the mean of K, at every small x and some larger ones.

    The remainder is linear in x but for terms in 1/μ, so that interpolating it leaves six digits
    of a Hill number. Bootstrap samples of one size share these.
    """
    knots = np.arange(1, min(n, _EXACT) + 1)
    if n > _EXACT:
        above = np.geomspace(_EXACT, n, _KNOTS).round().astype(np.int64)
        knots = np.union1d(knots, above)
    means = knots * (size / n)
    exact = np.array([_k_log_k(int(knot), n, size) for knot in knots])
    return knots, exact - means * np.log(means)


def _k_log_k(x: int, n: int, size: int) -> float:
    from scipy.special import gammaln

    mean = size * x / n
    sd = math.sqrt(mean * (1 - x / n) * (1 - size / n) * n / max(n - 1, 1))
    low = max(1, size + x - n, math.floor(mean - _SDS * sd - _SDS))
    high = min(x, size, math.ceil(mean + _SDS * sd + _SDS))
    k = np.arange(low, high + 1)
    log_p = (
        gammaln(x + 1.0) - gammaln(k + 1.0) - gammaln(x - k + 1.0)
        + gammaln(n - x + 1.0) - gammaln(size - k + 1.0) - gammaln(n - x - size + k + 1.0)
        - (gammaln(n + 1.0) - gammaln(size + 1.0) - gammaln(n - size + 1.0))
    )  # fmt: skip
    return float(np.exp(log_p) @ (k * np.log(k)))
