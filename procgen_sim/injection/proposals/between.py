"""``between``: the essay's (10, 10), half-way from one cluster of past work to another.

A line fitted to two clusters makes such points by accident; the better model, two centroids,
never does. This proposal goes there on purpose.
"""

from __future__ import annotations

from typing import Final

import numpy as np

from procgen_sim.injection.outside import Outside, Vectors

__all__ = ["between"]

_NEAREST, _FURTHEST = 0.35, 0.65
"""Shares of the way from one side to the other."""

_SPREAD: Final = 0.5
"""Standard deviation around the way, as a share of the sides' own."""


def between(outside: Outside, n: int, *, rng: np.random.Generator) -> Vectors:
    """``(n, d)`` vectors on the way between two clusters of the model.

    With a single cluster there is nothing between clusters; then between two members of the
    training data, which stays on-model wherever the model is convex, as it should.
    """
    model = outside.model
    if model.n_components > 1 and model.kind == "mixture":
        ends, weights = model.means, model.weights
    else:
        ends = outside.data
        weights = np.full(len(ends), 1.0 / len(ends))
    if len(ends) < 2:
        return model.sample(n, rng=rng)
    pairs = np.array([rng.choice(len(ends), size=2, replace=False, p=weights) for _ in range(n)])
    share = rng.uniform(_NEAREST, _FURTHEST, size=(n, 1))
    way = (1.0 - share) * ends[pairs[:, 0]] + share * ends[pairs[:, 1]]
    nearer = pairs[np.arange(n), (share[:, 0] > 0.5).astype(int)]
    if model.kind == "mixture":
        sd = np.sqrt(np.diagonal(model.covariances, axis1=1, axis2=2))[nearer]
    else:
        sd = np.zeros((n, ends.shape[1]))
    vectors: Vectors = way + _SPREAD * sd * rng.standard_normal(way.shape)
    return vectors
