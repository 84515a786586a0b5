"""How much outside work holds diversity: the least share, found by bisection.

Diversity is *held* if over the last fifth of the generations it is at least :data:`HELD` of the
first's, in the mean over lineages. More outside work holds more, so the share is halved in on; a
group of lineages meets the same chances at every share, and what groups of their own disagree about
is the error.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace
from typing import Final

import numpy as np
import numpy.typing as npt

from procgen_sim.experiments.essay.complacency.expectations import with_outside
from procgen_sim.experiments.essay.complacency.generations import Policy, lineages
from procgen_sim.experiments.essay.complacency.industries import Industry

__all__ = ["HELD", "end_of", "expected_share", "least_share"]

Floats = npt.NDArray[np.float64]

HELD: Final = 0.9
"""Share of the first generation's diversity that counts as held. ASSUMPTION: a choice."""

_LAST: Final = 5  # one in so many generations is the end


def end_of(paths: Floats) -> Floats:
    """``(..., generations + 1)`` to ``(...)``: mean over the last fifth of the generations."""
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
) -> float:
    """The least share of outside work that holds the diversity of one group of lineages.

    Right to ``2^−(n_steps + 1)``.
    """

    def held(share: float) -> float:
        total = lineages(
            industry,
            replace(policy, outside=share),
            n_lineages=n_lineages,
            n_generations=n_generations,
            seed=seed,
            group=group,
        )
        return float(end_of(total / total[:, 0].mean()).mean())

    return _bisect(held, n_steps)


def expected_share(industry: Industry, n_generations: int) -> float:
    """The same for authored work where all is copied, from theory alone."""
    return _bisect(lambda share: float(end_of(with_outside(industry, share, n_generations))), 16)


def _bisect(held: Callable[[float], float], n_steps: int) -> float:
    low, high = 0.0, 1.0
    for _ in range(n_steps):
        middle = (low + high) / 2
        if held(middle) >= HELD:
            high = middle
        else:
            low = middle
    return (low + high) / 2
