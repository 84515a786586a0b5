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
    if model.kind == "mixture" and model.n_components > 1:
        ends, weights = model.means, model.weights
        sd = np.sqrt(np.diagonal(model.covariances, axis1=1, axis2=2))
    else:
        ends, weights = outside.data, np.full(len(outside.data), 1.0 / len(outside.data))
        sd = np.zeros_like(ends)
    if len(ends) < 2:
        return model.sample(n, rng=rng)
    # Two different ends for each candidate: the second from what the first leaves.
    first = rng.choice(len(ends), size=n, p=weights)
    others = np.tile(weights, (n, 1))
    others[np.arange(n), first] = 0.0
    cumulated = others.cumsum(axis=1)
    drawn = rng.random((n, 1)) * cumulated[:, -1:]
    second = (cumulated <= drawn).sum(axis=1)
    share = rng.uniform(_NEAREST, _FURTHEST, size=(n, 1))
    way = (1.0 - share) * ends[first] + share * ends[second]
    nearer = np.where(share[:, 0] > 0.5, second, first)
    vectors: Vectors = way + _SPREAD * sd[nearer] * rng.standard_normal(way.shape)
    return vectors
