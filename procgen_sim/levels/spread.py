"""Perceptual spread: how different the levels of a body look from one another."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from math import isqrt

import numpy as np
import numpy.typing as npt

from procgen_sim._checks import InputError, check_int
from procgen_sim.levels.similarity import GridLike, Look, distance_matrix

__all__ = ["PerceptualSpread", "perceptual_spread"]

Floats = npt.NDArray[np.float64]

_N_GROUPS = 20


@dataclass(frozen=True, kw_only=True)
class PerceptualSpread:
    """How different the levels of a body look.

    Standard errors are those of estimates for the source that the levels are a sample of, or for
    the body that they were drawn from; jackknifed, so that they err on the large side. If all pairs
    of a body were compared, ``exact`` is True and its own mean has no error. They are None for
    fewer than three levels.

    Attributes
    ----------
    mean
        Mean distance of two different levels, in [0, 1).
    mean_se
        Its standard error.
    nearest
        Mean distance of a level from the one most like it among ``nearest_at - 1`` others.
    nearest_se
        Its standard error.
    nearest_at
        Levels in the company ``nearest`` is for. The more there are the nearer the nearest is, so
        only values for the same number compare.
    n_levels
        Levels compared.
    n_pairs
        Pairs compared.
    exact
        True if every level was compared with every other, False if levels were drawn.
    """

    mean: float
    mean_se: float | None
    nearest: float
    nearest_se: float | None
    nearest_at: int
    n_levels: int
    n_pairs: int
    exact: bool


def perceptual_spread(
    levels: Sequence[GridLike | Look],
    *,
    n_pairs_max: int = 500_000,
    nearest_at: int | None = None,
    rng: np.random.Generator,
) -> PerceptualSpread:
    """Mean distance and mean distance from the nearest, over all pairs of a body.

    Parameters
    ----------
    levels
        Two or more, or what :func:`~procgen_sim.levels.similarity.describe` made of them. Only
        those that are compared are looked at.
    n_pairs_max
        Most pairs to compare. If there are more, as many levels as have so many pairs are drawn
        without replacement and all their pairs compared: the default is 1,000 levels.
    nearest_at
        Size of company for ``nearest``, to compare bodies of different size; at most the number
        of levels compared, which is what None stands for. For fewer, the expectation over all
        companies of that size is exact, not drawn.
    rng
        Draws the levels; not used if all are compared.

    Raises
    ------
    InputError
        If there are fewer than two levels, or a number is out of range.
    """
    check_int("n_pairs_max", n_pairs_max, low=1)
    if len(levels) < 2:
        raise InputError(
            "perceptual spread", expected="at least two levels", found=str(len(levels))
        )
    # The most levels m with m (m - 1) / 2 pairs.
    n = min(len(levels), (1 + isqrt(1 + 8 * n_pairs_max)) // 2)
    exact = n == len(levels)
    chosen = range(n) if exact else np.sort(rng.choice(len(levels), n, replace=False)).tolist()
    company = check_int("nearest_at", n if nearest_at is None else nearest_at, low=2, high=n)
    apart = distance_matrix([levels[k] for k in chosen])
    everyone = np.ones(n, np.bool_)
    mean = float(apart.sum() / (n * (n - 1)))
    return PerceptualSpread(
        mean=mean,
        mean_se=_mean_se(apart, mean),
        nearest=_nearest(apart, everyone, company),
        nearest_se=_nearest_se(apart, company),
        nearest_at=company,
        n_levels=n,
        n_pairs=n * (n - 1) // 2,
        exact=exact,
    )


def _mean_se(apart: Floats, mean: float) -> float | None:
    """Jackknife standard error of the mean over pairs, a U-statistic [Arvesen1969]_."""
    n = len(apart)
    if n < 3:
        return None
    of_each = apart.sum(axis=1) / (n - 1)
    return float(np.sqrt(4 * (n - 1) / (n * (n - 2) ** 2) * ((of_each - mean) ** 2).sum()))


def _nearest(apart: Floats, kept: npt.NDArray[np.bool_], company: int) -> float:
    """Expected distance from the nearest of ``company - 1`` others, drawn from those kept."""
    n = int(kept.sum())
    rows = np.sort(apart[np.ix_(kept, kept)], axis=1)[:, 1:]  # without a level's own zero
    if company == n:
        return float(rows[:, 0].mean())
    # Chance that the j-th nearest of n - 1 is the nearest of the company - 1 that are drawn.
    chances = np.zeros(n - 1)
    chance = (company - 1) / (n - 1)
    for j in range(n - company + 1):
        chances[j] = chance
        chance *= (n - company - j) / (n - 2 - j) if n - 2 - j else 0.0
    return float((rows @ chances).mean())


def _nearest_se(apart: Floats, company: int) -> float | None:
    """Grouped jackknife: one group of levels after the other is left out [Arvesen1969]_."""
    n = len(apart)
    if n < 3:
        return None
    n_groups = min(_N_GROUPS, n)
    group = np.arange(n) % n_groups
    parts = []
    for k in range(n_groups):
        kept = group != k
        parts.append(_nearest(apart, kept, min(company, int(kept.sum()))))
    return float(np.sqrt((n_groups - 1) / n_groups * np.var(parts) * n_groups))
