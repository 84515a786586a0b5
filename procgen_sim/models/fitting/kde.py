"""Kernel density: every training level with a little blur around it.

    p(x) = 1/n Σ_i N(x; x_i, h² S),   S = diag(spread²)

The bandwidth h, in standard deviations of each parameter, is the one under which each level is
best foretold by the others: leave-one-out likelihood [Duin1976]_, maximised over a fixed grid.
Its formula needs the distances between levels once; scikit-learn's ``KernelDensity`` (equal to it,
as a test shows) would be fitted again for every level left out. Unlike rules of thumb
[Silverman1986]_ the likelihood sees clusters. Levels that occur twice foretell each other perfectly
and would shrink h to nothing, so only distances between *different* levels count.
"""

from __future__ import annotations

from typing import Final

import numpy as np

from procgen_sim.models.fitting.found import Found, Standard
from procgen_sim.models.space import Floats

__all__ = ["fit_kde"]

BANDWIDTHS: Final = np.geomspace(0.03, 3.0, 93)
"""Candidates, each 5 % wider than the last."""


def fit_kde(standard: Standard, *, rng: np.random.Generator) -> Found:  # noqa: ARG001
    """Fit a kernel density to standardised levels [Duin1976]_. Draws nothing.

    Details: ``bandwidth`` in standard deviations; ``loo_nats``, mean leave-one-out log density in
    standardised coordinates.
    """
    n, d = standard.data.shape
    scores = loo_log_likelihood(standard.data, BANDWIDTHS)
    best = int(np.argmax(scores))
    bandwidth = float(BANDWIDTHS[best])
    details = {
        "bandwidth": bandwidth,
        "loo_nats": float(scores[best]),
    }
    blur = bandwidth**2 * np.eye(d)
    return standard.found(np.full(n, 1 / n), standard.data, blur[None], details)


def loo_log_likelihood(data: Floats, bandwidths: Floats) -> Floats:
    """Mean log density of each row under a kernel density of the rows that differ from it.

    Parameters
    ----------
    data
        ``(n, d)`` standardised, at least two rows different.
    bandwidths
        ``(m,)`` candidates.

    Returns
    -------
    ``(m,)`` nats a row.
    """
    d = data.shape[1]
    squares = np.zeros((len(data), len(data)))
    for j in range(d):
        squares += (data[:, None, j] - data[None, :, j]) ** 2
    n_others = (squares > 0).sum(axis=1)
    squares[squares == 0] = np.inf
    constant = np.log(n_others) + 0.5 * d * np.log(2 * np.pi)
    nearest = squares.min(axis=1, keepdims=True)
    scores = np.empty(len(bandwidths))
    for i, h in enumerate(bandwidths):
        kernels = np.exp(-0.5 * (squares - nearest) / h**2).sum(axis=1)
        log_density = np.log(kernels) - 0.5 * nearest[:, 0] / h**2 - constant - d * np.log(h)
        scores[i] = log_density.mean()
    return scores
