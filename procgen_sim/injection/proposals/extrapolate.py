"""``extrapolate``: more of what some past work already was more of – beyond all of it.

From the middle of the data through one of its members and on, past the furthest any member
reaches in that direction.
"""

from __future__ import annotations

from typing import Final

import numpy as np

from procgen_sim.injection.outside import Outside, Vectors

__all__ = ["extrapolate"]

_LEAST, _MOST = 1.25, 2.0
"""How far to go, as multiples of the furthest reach of the data in that direction."""

_TINY: Final = 1e-12


def extrapolate(outside: Outside, n: int, *, rng: np.random.Generator) -> Vectors:
    """``(n, d)`` vectors past the data, each in the direction of one of its members."""
    space = outside.model.space
    units = space.to_unit(outside.data)
    middle = units.mean(axis=0)
    away = (units - middle)[rng.integers(len(units), size=n)]
    length = np.linalg.norm(away, axis=1, keepdims=True)
    direction = away / np.maximum(length, _TINY)
    reach = ((units - middle) @ direction.T).max(axis=0)[:, np.newaxis]
    return space.from_unit(middle + direction * reach * rng.uniform(_LEAST, _MOST, size=(n, 1)))
