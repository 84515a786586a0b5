"""How much outside work holds diversity: the least share, found by bisection.

Diversity is *held* if over the last fifth of the generations it is at least :data:`HELD` of the
first's, in the mean over lineages. More outside work holds more, so the share is halved in on; the
lineages meet the same chances at every share. Its error is that of the mean over lineages through
the slope of what is held, and the last step of the bisection.
"""

from __future__ import annotations

import math
from collections.abc import Callable
from dataclasses import dataclass, replace
from typing import Final

import numpy as np
import numpy.typing as npt

from procgen_sim.experiments.essay.complacency.expectations import with_outside
from procgen_sim.experiments.essay.complacency.generations import (
    Policy,
    Refit,
    lineages,
    maximum_likelihood,
)
from procgen_sim.experiments.essay.complacency.industries import Industry
from procgen_sim.experiments.essay.finding import mean_and_error

__all__ = ["HELD", "Share", "bisect", "end_of", "expected_share", "least_share"]

Floats = npt.NDArray[np.float64]

HELD: Final = 0.9
"""Share of the first generation's diversity that counts as held. ASSUMPTION: a choice."""

_LAST: Final = 5  # one in so many generations is the end
_ASIDE: Final = 0.04  # how far to either side the slope is measured


@dataclass(frozen=True, kw_only=True)
class Share:
    """The least share of outside work that holds diversity.

    Attributes
    ----------
    value, error
        The share, and its standard error: NaN where more outside work does not hold more.
    slope
        Diversity held for a share more.
    """

    value: float
    error: float
    slope: float


def end_of(paths: Floats) -> Floats:
    """``(..., generations + 1)`` to ``(...)``: mean over the last fifth of the generations.

    >>> float(end_of(np.array([9.0, 9.0, 9.0, 9.0, 9.0, 9.0, 9.0, 9.0, 9.0, 2.0, 4.0])))
    3.0
    """
    return np.asarray(paths[..., -max(1, (paths.shape[-1] - 1) // _LAST) :].mean(axis=-1))


def least_share(
    industry: Industry,
    policy: Policy,
    *,
    n_lineages: int,
    n_generations: int,
    seed: int,
    group: int,
    n_steps: int,
    refit: Refit = maximum_likelihood,
) -> Share:
    """The least share of outside work that holds the diversity of a group of lineages."""

    def held(share: float) -> Floats:
        total = lineages(
            industry,
            replace(policy, outside=share),
            n_lineages=n_lineages,
            n_generations=n_generations,
            seed=seed,
            group=group,
            refit=refit,
        )
        return end_of(total / industry.first_variance)

    value = bisect(lambda share: float(held(share).mean()), n_steps)
    low, high = max(value - _ASIDE, 0.0), min(value + _ASIDE, 1.0)
    slope = float(held(high).mean() - held(low).mean()) / (high - low)
    if slope <= 0:
        return Share(value=value, error=math.nan, slope=slope)
    last_step = 2.0 ** -(n_steps + 1) / math.sqrt(3)
    error = math.hypot(mean_and_error(held(value))[1] / slope, last_step)
    return Share(value=value, error=error, slope=slope)


def expected_share(industry: Industry, n_generations: int) -> float:
    """The same for authored work where all is copied, from theory alone."""
    return bisect(lambda share: float(end_of(with_outside(industry, share, n_generations))), 16)


def bisect(held: Callable[[float], float], n_steps: int) -> float:
    """The share at which ``held`` first reaches :data:`HELD`, to ``2^-(n_steps + 1)``.

    >>> bisect(lambda share: 3 * share, 10)
    0.30029296875
    """
    low, high = 0.0, 1.0
    for _ in range(n_steps):
        middle = (low + high) / 2
        if held(middle) >= HELD:
            high = middle
        else:
            low = middle
    return (low + high) / 2
