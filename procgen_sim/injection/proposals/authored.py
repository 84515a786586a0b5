"""``authored``: a level that a person made, as they made it, and nobody meets it twice.

What is outside the model can also come from outside the program. Levels wait in a library; each is
shown to an audience once. When all have been met there is nothing left to propose, and levels
follow the model again.
"""

from __future__ import annotations

import numpy as np

from procgen_sim.injection.outside import Outside, Vectors

__all__ = ["authored"]


def authored(outside: Outside, n: int, *, rng: np.random.Generator) -> Vectors:
    """``(m, d)`` vectors of levels that this audience has not met, m ≤ n, in an order drawn anew;
    none when the library is used up."""
    left = outside.library.unmet(outside.audience.authored)
    if not left:
        return np.empty((0, outside.model.space.n))
    return np.asarray(outside.library.vectors[rng.permutation(left)[:n]])
