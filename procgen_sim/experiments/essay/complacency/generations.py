"""Generations of design models, each fitted to the work of the last, many lineages at once.

A generation is one Gaussian fitted by maximum likelihood to N levels; the levels of the next are
drawn from it. What theory says of that is in :mod:`.expectations`.

The models are our ``gaussian`` ones without shrinkage and without the floor that keeps a fit from
getting narrower than people can see. Shrinkage turns a covariance but leaves each parameter's
variance as it is, and so the total variance, which is what is followed here.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass

import numpy as np
import numpy.typing as npt

from procgen_sim.experiments.essay.complacency.industries import Industry
from procgen_sim.experiments.essay.complacency.outsiders import SOURCES, works_due
from procgen_sim.experiments.essay.complacency.success import Audience, most_successful
from procgen_sim.rng import stream

__all__ = ["EXPERIMENT", "Policy", "Refit", "lineages", "maximum_likelihood"]

Floats = npt.NDArray[np.float64]
Refit = Callable[[Floats], tuple[Floats, Floats]]
"""``(lineages, n, d)`` levels to ``(lineages, d)`` means and ``(lineages, d, d)`` covariances."""

EXPERIMENT = 8
"""This experiment's place in the essay, first key of its streams."""

_MADE, _LIKED, _OUTSIDE = 0, 1, 2  # what a stream of a generation is for
_BEGIN = 0  # the stream of the hand-made work; generations count from 1


@dataclass(frozen=True, kw_only=True)
class Policy:
    """How an industry learns from itself.

    Attributes
    ----------
    audience
        Whose favourites are copied; None where all is copied.
    accumulate
        Models learn everything made so far, rather than the last generation alone.
    outside
        Share of each generation that comes from outside.
    source
        Where from, a key of :data:`~procgen_sim.experiments.essay.complacency.outsiders.SOURCES`.
    """

    audience: Audience | None = None
    accumulate: bool = False
    outside: float = 0.0
    source: str = "authored"


def maximum_likelihood(works: Floats) -> tuple[Floats, Floats]:
    """``(lineages, n, d)`` to means and covariances, over n."""
    mean = works.mean(axis=1)
    apart = works - mean[:, np.newaxis]
    return mean, np.swapaxes(apart, 1, 2) @ apart / works.shape[1]


def lineages(
    industry: Industry,
    policy: Policy,
    *,
    n_lineages: int,
    n_generations: int,
    seed: int,
    group: int,
    refit: Refit = maximum_likelihood,
) -> Floats:
    """Total variance of each generation's model, in spreads of the hand-made work.

    The same seed and group meet the same chances under every policy.

    Parameters
    ----------
    industry
        What they start from.
    policy
        How they learn.
    n_lineages, n_generations
        Independent industries, and generations of each after the first.
    seed, group
        One seed, one result; groups of lineages are independent.
    refit
        How a model is fitted.

    Returns
    -------
    numpy.ndarray
        ``(n_lineages, n_generations + 1)``; the first model is fitted to the hand-made work.
    """

    def chance(generation: int, purpose: int) -> np.random.Generator:
        return stream(seed, "essay", EXPERIMENT, industry.key, group, generation, purpose)

    n, d = industry.n_levels, industry.n_parameters
    keeps = policy.accumulate or (policy.outside > 0 and policy.source == "novelty")
    shown = np.empty((n_lineages, n * (n_generations + 1) if keeps else n, d))
    shown[:, :n] = industry.begin(n_lineages, n, chance(_BEGIN, _MADE))
    total = np.empty((n_lineages, n_generations + 1))
    made_of_each = n if policy.audience is None else policy.audience.made(n)
    for generation in range(1, n_generations + 2):
        end = n * generation if keeps else n
        last = shown[:, end - n : end]
        mean, covariance = refit(shown[:, :end] if policy.accumulate else last)
        total[:, generation - 1] = np.trace(covariance, axis1=1, axis2=2)
        if generation > n_generations:
            break
        # One level after the other: the first N are the same however many are made.
        noise = chance(generation, _MADE).standard_normal((made_of_each, n_lineages, d))
        factors = np.swapaxes(np.linalg.cholesky(covariance), 1, 2)
        made = mean[:, np.newaxis] + np.swapaxes(noise, 0, 1) @ factors
        if policy.audience is not None:
            squares = _squared_distances(made, last) / d
            rng = chance(generation, _LIKED)
            best = most_successful(squares, policy.audience, n, rng=rng)
            made = np.take_along_axis(made, best[:, :, np.newaxis], axis=1)
        due = works_due(policy.outside, n, generation)
        new = [made[:, : n - due]]
        if due:
            draw = SOURCES[policy.source]
            new.append(draw(industry, shown[:, :end], due, rng=chance(generation, _OUTSIDE)))
        start = end if keeps else 0
        shown[:, start : start + n] = np.concatenate(new, axis=1)
    return total


def _squared_distances(levels: Floats, liked: Floats) -> Floats:
    """``(lineages, m, d)`` and ``(lineages, n, d)`` to ``(lineages, m, n)``."""
    # Around the middle of what is liked, so that a small spread does not drown in rounding.
    middle = liked.mean(axis=1, keepdims=True)
    here, there = levels - middle, liked - middle
    own = (here**2).sum(axis=2)[:, :, np.newaxis] + (there**2).sum(axis=2)[:, np.newaxis]
    return np.asarray(own - 2 * (here @ np.swapaxes(there, 1, 2)))
