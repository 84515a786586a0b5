"""``outlier``: every single choice is familiar, their combination is not.

The essay's (15, 5): both numbers occur all the time on the line x = y, never together. What
training exists to prevent is a broken correlation, so the proposal draws each parameter on its
own from what the model makes of it. Where parameters hardly depend on each other that is not
enough to leave the model; so candidate after candidate moves towards a corner of the marginal
ranges – each choice still one the model makes, if rarely – and the first that is off the model is
the mildest.
"""

from __future__ import annotations

from typing import Final

import numpy as np

from procgen_sim.injection.outside import Outside, Vectors

__all__ = ["outlier"]

_N_SAMPLES: Final = 400
_TAIL: Final = 0.005
"""Share of the model's own levels beyond each end of what counts as a marginal range."""


def outlier(outside: Outside, n: int, *, rng: np.random.Generator) -> Vectors:
    """``(n, d)`` vectors within the model's marginal ranges that ignore its correlations."""
    samples = outside.model.sample(_N_SAMPLES, rng=rng)
    alone = np.column_stack([rng.permutation(column)[:n] for column in samples.T])
    low, high = np.quantile(samples, [_TAIL, 1.0 - _TAIL], axis=0)
    corner = np.where(rng.random(alone.shape) < 0.5, low, high)
    towards = np.linspace(0.0, 1.0, n)[:, np.newaxis]
    vectors: Vectors = (1.0 - towards) * np.clip(alone, low, high) + towards * corner
    return vectors
