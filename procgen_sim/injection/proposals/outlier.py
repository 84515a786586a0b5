"""``outlier``: every single choice is familiar, their combination is not.

The essay's (15, 5): both numbers occur all the time on the line x = y, never together. What
training exists to prevent is a broken correlation, so the proposal draws each parameter on its
own from what the model makes of it.
"""

from __future__ import annotations

import numpy as np

from procgen_sim.injection.outside import Outside, Vectors

__all__ = ["outlier"]


def outlier(outside: Outside, n: int, *, rng: np.random.Generator) -> Vectors:
    """``(n, d)`` vectors with the model's marginal distributions and none of its correlations."""
    samples = outside.model.sample(n * 4, rng=rng)
    columns = [rng.permutation(column)[:n] for column in samples.T]
    return np.column_stack(columns)
