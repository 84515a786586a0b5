"""An autocomplete for levels: some decisions are given, a model makes the others.

Of a Gaussian mixture both are exact. The decisions S that are given have the marginal density

    p(x_S) = Σ_j w_j N(x_S; μ_j,S, Σ_j,SS)

and the others are drawn given them: a component j with the probability that it made x_S, then a
Gaussian around

    μ_j,D + Σ_j,DS Σ_j,SS⁻¹ (x_S − μ_j,S)     with     Σ_j,DD − Σ_j,DS Σ_j,SS⁻¹ Σ_j,SD

[Hastie2009]_.
"""

from __future__ import annotations

import math
from itertools import combinations
from typing import Final

import numpy as np
import numpy.typing as npt

from procgen_sim.models import DesignModel

__all__ = ["all_sets", "complete", "log_marginals", "softmax"]

Vectors = npt.NDArray[np.float64]
Sets = npt.NDArray[np.int64]

_CHUNK_NUMBERS: Final = 200_000
"""Numbers held at once: 1.6 MB, about what a cache holds."""


def all_sets(d: int, size: int) -> Sets:
    """``(m, size)`` each choice of ``size`` of d decisions, in the order of their numbers."""
    return np.array(list(combinations(range(d), size)), np.int64)


def log_marginals(model: DesignModel, points: Vectors, sets: Sets) -> Vectors:
    """Log density of what points are in some decisions, under each component.

    Parameters
    ----------
    model
        k components of d decisions; their weights do not matter here.
    points
        ``(n, d)`` natural units.
    sets
        ``(m, s)`` numbers of decisions. s may be 0: nothing is known then.

    Returns
    -------
    ``(m, k, n)`` nats.
    """
    size, n, k = sets.shape[1], len(points), model.n_components
    found = np.zeros((len(sets), k, n))
    if not size:
        return found
    whiteners = np.linalg.inv(np.linalg.cholesky(_block(model, sets, sets)))
    scales = np.log(np.diagonal(whiteners, axis1=2, axis2=3)).sum(axis=2)
    step = max(1, _CHUNK_NUMBERS // (k * n * size))
    for first in range(0, len(sets), step):
        rows = slice(first, first + step)
        means = model.means[:, sets[rows]].transpose(1, 0, 2)[..., np.newaxis]
        white = whiteners[rows] @ (points.T[sets[rows]][:, np.newaxis] - means)
        squares = np.einsum("mksn,mksn->mkn", white, white)
        found[rows] = scales[rows, :, np.newaxis] - 0.5 * squares
    found -= 0.5 * size * math.log(2 * math.pi)
    return found


def complete(
    model: DesignModel, levels: Vectors, kept: Sets, *, rng: np.random.Generator
) -> Vectors:
    """Levels of which a model made all decisions but those that are kept.

    Parameters
    ----------
    model
        Who completes.
    levels
        ``(n, d)`` natural units.
    kept
        ``(n, s)`` numbers of each level's kept decisions, rising; the same number a level.
    rng
        Draws a component and d − s numbers a level.
    """
    n, d = levels.shape
    size, k = kept.shape[1], model.n_components
    luck: Vectors = rng.random((n, 1))
    noise = rng.standard_normal((n, d - size))
    if size == d:
        return levels.copy()
    sets, of_level = np.unique(kept, axis=0, return_inverse=True)
    which: npt.NDArray[np.int64] = np.ravel(of_level)
    taken = np.zeros((len(sets), d), np.bool_)
    np.put_along_axis(taken, sets, values=True, axis=1)
    free = np.nonzero(~taken)[1].reshape(len(sets), d - size)
    inner = _block(model, sets, sets)
    across = _block(model, free, sets)
    gains = across @ np.linalg.inv(inner) if size else across  # (sets, k, d − s, s)
    left = _block(model, free, free) - gains @ across.swapaxes(2, 3)
    factors = np.linalg.cholesky((left + left.swapaxes(2, 3)) / 2)
    given = np.take_along_axis(levels, kept, axis=1)
    shares = np.log(model.weights) + np.zeros((n, k))
    if size:
        whiteners = np.linalg.inv(np.linalg.cholesky(inner))
        scales = np.log(np.diagonal(whiteners, axis1=2, axis2=3)).sum(axis=2)
        apart = given[:, np.newaxis] - model.means[:, kept].transpose(1, 0, 2)  # (n, k, s)
        white = (whiteners[which] @ apart[..., np.newaxis])[..., 0]
        shares += scales[which] - 0.5 * (white**2).sum(axis=2)
    edges: Vectors = np.cumsum(softmax(shares), axis=1)
    chosen = np.minimum((luck * edges[:, -1:] >= edges).sum(axis=1), k - 1)
    open_ = free[which]
    drawn = np.take_along_axis(model.means[chosen], open_, axis=1)
    drawn += (factors[which, chosen] @ noise[..., np.newaxis])[..., 0]
    if size:
        away = given - np.take_along_axis(model.means[chosen], kept, axis=1)
        drawn += (gains[which, chosen] @ away[..., np.newaxis])[..., 0]
    made = levels.copy()
    np.put_along_axis(made, open_, drawn, axis=1)
    return made


def softmax(scores: Vectors) -> Vectors:
    """``(n, k)`` log weights to shares that sum to 1 a row."""
    risen = np.exp(scores - scores.max(axis=1, keepdims=True))
    return np.asarray(risen / risen.sum(axis=1, keepdims=True))


def _block(model: DesignModel, rows: Sets, columns: Sets) -> Vectors:
    """``(m, k, r, c)`` the covariances between ``(m, r)`` and ``(m, c)`` decisions."""
    found = model.covariances[:, rows[:, :, np.newaxis], columns[:, np.newaxis, :]]
    return np.asarray(found.transpose(1, 0, 2, 3))
