"""``noise``: anything at all. Careless divergence, the control the deliberate kinds must beat."""

from __future__ import annotations

import numpy as np

from procgen_sim.injection.outside import Outside, Vectors

__all__ = ["noise"]


def noise(outside: Outside, n: int, *, rng: np.random.Generator) -> Vectors:
    """``(n, d)`` vectors uniform over the natural ranges: no author, no idea, no model."""
    space = outside.model.space
    return space.from_unit(rng.random((n, len(space.names))))
