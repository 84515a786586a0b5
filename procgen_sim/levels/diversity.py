"""The effective number of patterns of a body of levels, of order 0, 1 and 2.

Order 0 counts every pattern, order 1 common ones more, order 2 only what returns all the time. The
formulas are in :mod:`procgen_sim.levels.hill`. Two kinds of error are given, because two things
vary. The bootstrap of [Chao2014]_ draws new samples from an estimated community in which some
probability is kept for unseen patterns; it takes each occurrence as independent, which is the
common practice. But patterns come in levels: with few and different levels the jackknife over
levels says more honestly how far another body of the same make could be.
"""

from __future__ import annotations

import math
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Final

import numpy as np
import numpy.typing as npt

from procgen_sim._checks import InputError, check_int
from procgen_sim.levels.body import Body
from procgen_sim.levels.estimate import Estimate, jackknife, normal
from procgen_sim.levels.hill import Sample, asymptotic, coverage, hill_at, sample_of, unseen
from procgen_sim.levels.windows import Occurrences, Patterns, Size

__all__ = ["Curve", "Diversity", "diversity", "diversity_of"]

_ORDERS: Final = (0, 1, 2)

_EMPTY: Final = "no level is large enough to hold a pattern"

_SHARES: Final = (0.125, 0.25, 0.5, 1.0, 1.5, 2.0)
"""Sizes of the curve over the number of occurrences; beyond twice, extrapolation is a guess."""


@dataclass(frozen=True, kw_only=True, eq=False)
class Curve:
    """Hill numbers at other sizes of the sample.

    Attributes
    ----------
    sizes
        ``(n_sizes,)`` numbers of occurrences: smaller ones rarefied, larger ones extrapolated.
    hill, se
        ``(3, n_sizes)`` Hill numbers of order 0, 1, 2, and their bootstrap standard errors.
    coverage
        ``(n_sizes,)`` share of all occurrences whose pattern a sample of that size has seen.
    """

    sizes: npt.NDArray[np.int64]
    hill: npt.NDArray[np.float64]
    se: npt.NDArray[np.float64]
    coverage: npt.NDArray[np.float64]


@dataclass(frozen=True, kw_only=True, eq=False)
class Diversity:
    """Hill numbers of the patterns of one size.

    Attributes
    ----------
    n_patterns
        Occurrences of patterns.
    observed
        Order 0, 1, 2 of what was seen, with the bootstrap's errors.
    by_level
        The same numbers with the jackknife's errors over levels; empty if levels are not known.
    asymptotic
        Order 0, 1, 2 of what could be seen in the end, with the bootstrap's errors. Order 0 is a
        lower bound.
    coverage
        Share of all occurrences whose pattern has been seen, with the bootstrap's error.
    curve
        At other sizes; None where there is no pattern.
    """

    n_patterns: int
    observed: tuple[Estimate, ...]
    by_level: tuple[Estimate, ...]
    asymptotic: tuple[Estimate, ...]
    coverage: Estimate
    curve: Curve | None


def diversity(
    source: Body | Patterns,
    size: Size = 3,
    *,
    sizes: Sequence[int] | None = None,
    n_bootstrap: int = 50,
    rng: np.random.Generator,
) -> Diversity:
    """Hill numbers of the patterns of a body of levels.

    Parameters
    ----------
    source
        A body of levels, or its :class:`Patterns`.
    size
        k for k successive lines, or ``(rows, columns)`` of a window.
    sizes
        Sizes of the curve, each 1 or more; None for an eighth to twice what there is.
    n_bootstrap
        Samples drawn for the standard errors, 2 or more.

    Raises
    ------
    InputError
        If a size is less than 1 or ``n_bootstrap`` less than 2.
    """
    places = Patterns.among(source).of(size)
    return diversity_of(
        places.counts(),
        sizes=sizes,
        by_level=_by_level(places),
        n_bootstrap=n_bootstrap,
        rng=rng,
    )


def diversity_of(
    counts: npt.NDArray[np.int64],
    *,
    sizes: Sequence[int] | None = None,
    by_level: tuple[Estimate, ...] = (),
    n_bootstrap: int = 50,
    rng: np.random.Generator,
) -> Diversity:
    """Hill numbers from how often each pattern occurred.

    Parameters
    ----------
    counts
        ``(n_distinct,)`` occurrences of each pattern.
    sizes
        Sizes of the curve, each 1 or more; None for an eighth to twice what there is.
    by_level
        Kept as it is in the result.
    n_bootstrap
        Samples drawn for the standard errors, 2 or more.

    Examples
    --------
    >>> counts = np.full(8, 40)
    >>> found = diversity_of(counts, rng=np.random.default_rng(1))
    >>> [round(estimate.value, 6) for estimate in found.observed]
    [8.0, 8.0, 8.0]
    """
    check_int("n_bootstrap", n_bootstrap, low=2)
    sample = sample_of(np.asarray(counts, dtype=np.int64))
    if not sample.n:
        none = Estimate(reason=_EMPTY)
        three = (none,) * len(_ORDERS)
        return Diversity(
            n_patterns=0,
            observed=three,
            by_level=three if by_level else (),
            asymptotic=three,
            coverage=none,
            curve=None,
        )
    if sizes is None:
        at = np.unique([max(1, round(share * sample.n)) for share in _SHARES])
    else:
        at = np.array(sizes, dtype=np.int64)
        if at.ndim != 1 or not len(at) or at.min() < 1:
            raise InputError("sizes", expected="whole numbers of at least 1", found=repr(sizes))
    drawn = _community(sample)
    values = [_statistics(sample, at)]
    values += [_statistics(drawn.sample(rng), at) for _ in range(n_bootstrap)]
    mine, others = values[0], np.array(values[1:])
    with np.errstate(invalid="ignore"):
        errors = others.std(axis=0, ddof=1)
    found = [_estimate(*pair) for pair in zip(mine.tolist(), errors.tolist(), strict=True)]
    curve = slice(7, None)
    return Diversity(
        n_patterns=sample.n,
        observed=tuple(found[:3]),
        by_level=by_level,
        asymptotic=tuple(found[3:6]),
        coverage=normal(mine[6].item(), errors[6].item(), lowest=0.0, highest=1.0),
        curve=Curve(
            sizes=at,
            hill=mine[curve].reshape(3, -1),
            se=errors[curve].reshape(3, -1),
            coverage=np.array([coverage(sample, int(size)) for size in at]),
        ),
    )


@dataclass(frozen=True, kw_only=True, eq=False)
class _Community:
    """Estimated probabilities of patterns: those seen, then, if any, all unseen ones together."""

    p: npt.NDArray[np.float64]
    n_unseen: int
    n: int

    def sample(self, rng: np.random.Generator) -> Sample:
        """As many occurrences again."""
        counts = rng.multinomial(self.n, self.p)
        if self.n_unseen:  # which of the unseen: they may be too many to have an entry each
            which = rng.integers(self.n_unseen, size=int(counts[-1]))
            counts = np.concatenate([counts[:-1], np.unique(which, return_counts=True)[1]])
        return sample_of(counts)


def _community(sample: Sample) -> _Community:
    """The community of [Chao2014]_: 1 − coverage for the unseen, taken from rare patterns."""
    share = np.repeat(sample.x / sample.n, sample.f)
    n_unseen = math.ceil(unseen(sample))
    missing = 1 - coverage(sample, sample.n) if n_unseen else 0.0
    rare = (1 - share) ** sample.n
    scale = missing / float(share @ rare) if missing else 0.0
    p = share * (1 - scale * rare)
    if n_unseen:
        p = np.append(p, missing)
    return _Community(p=p / p.sum(), n_unseen=n_unseen, n=sample.n)


def _statistics(sample: Sample, sizes: npt.NDArray[np.int64]) -> npt.NDArray[np.float64]:
    """Observed and asymptotic Hill numbers, coverage, then order by order those at each size."""
    curve = np.array([hill_at(sample, int(size)) for size in sizes]).T
    return np.array(
        [
            *hill_at(sample, sample.n),
            *asymptotic(sample),
            coverage(sample, sample.n),
            *curve.ravel(),
        ]
    )


def _estimate(value: float, se: float) -> Estimate:
    if not math.isfinite(value):
        return Estimate(reason="no pattern occurs twice")
    if not math.isfinite(se):
        return Estimate(value=value, reason="no interval: too few patterns occur twice")
    return normal(value, se, lowest=0.0)


def _by_level(places: Occurrences) -> tuple[Estimate, ...]:
    """Observed Hill numbers with the jackknife over levels."""
    counts = places.counts()
    n = len(places)
    if not n:
        return (Estimate(reason=_EMPTY),) * len(_ORDERS)
    level, code, here = places.by_level()
    before, after = counts[code], counts[code] - here

    def without(change: npt.NDArray[np.float64]) -> npt.NDArray[np.float64]:
        sums = np.bincount(level, weights=change, minlength=places.n_levels)
        return sums.astype(np.float64)

    rest = n - without(here.astype(np.float64))
    x_log_x = [x * np.log(np.maximum(x, 1)) for x in (counts, before, after)]
    with np.errstate(divide="ignore", invalid="ignore"):
        left_out = (
            places.distinct - without((after == 0).astype(np.float64)),
            np.exp(np.log(rest) - (x_log_x[0].sum() - without(x_log_x[1] - x_log_x[2])) / rest),
            rest**2 / ((counts**2).sum() - without((before**2 - after**2).astype(np.float64))),
        )
    values = hill_at(sample_of(counts), n)
    return tuple(
        jackknife(value, others, lowest=0.0) for value, others in zip(values, left_out, strict=True)
    )
