"""Work from outside an industry that copies itself: hand-made, or novel on purpose.

``authored``
    Further work of the people who made the first levels.
``novelty``
    Of candidates anywhere in the natural ranges those farthest from all that was shown so far, as
    in the search for novelty alone [Lehman2011]_.
"""

from __future__ import annotations

import math
from collections.abc import Callable
from typing import Final

import numpy as np
import numpy.typing as npt

from procgen_sim.experiments.essay.complacency.industries import Industry

__all__ = ["SOURCES", "authored", "novelty", "works_due"]

Floats = npt.NDArray[np.float64]

_CANDIDATES: Final = 4
"""Candidates for each novel level that is wanted."""


def works_due(share: float, n: int, generation: int) -> int:
    """Outside levels among the n of a generation, so that after each the share is kept to.

    >>> [works_due(0.25, 10, generation) for generation in (1, 2, 3, 4)]
    [2, 3, 2, 3]
    """
    # A share such as 0.1 of 40 is 4, not what rounding leaves of it.
    owed = [math.floor(share * n * g + 1e-9) for g in (generation - 1, generation)]
    return owed[1] - owed[0]


def authored(industry: Industry, shown: Floats, n: int, *, rng: np.random.Generator) -> Floats:
    """``(lineages, n, d)`` levels by hand."""
    return industry.fresh(len(shown), n, rng)


def novelty(industry: Industry, shown: Floats, n: int, *, rng: np.random.Generator) -> Floats:
    """``(lineages, n, d)`` the candidates farthest from their nearest among all shown."""
    drawn = rng.random((_CANDIDATES * n, len(shown), industry.n_parameters))
    candidates = industry.low + np.swapaxes(drawn, 0, 1) * (industry.high - industry.low)
    chosen = np.empty((len(shown), n, industry.n_parameters))
    for lineage, (here, there) in enumerate(zip(candidates, shown, strict=True)):
        # |x − y|² = |x|² + (x, 1) · (−2y, |y|²); single precision is enough to rank them.
        left = np.column_stack([here, np.ones(len(here))]).astype(np.float32)
        right = np.column_stack([-2 * there, (there**2).sum(axis=1)]).astype(np.float32)
        nearest = (left @ right.T).min(axis=1) + (here**2).sum(axis=1)
        chosen[lineage] = here[np.argsort(-nearest, kind="stable")[:n]]
    return chosen


SOURCES: Final[dict[str, Callable[..., Floats]]] = {"authored": authored, "novelty": novelty}
"""Where outside work is from."""
