"""The trend line: one direction in which everything moves together, and noise about it.

In standardised coordinates the model is probabilistic principal component analysis with one
component [Tipping1999]_:

    x = t w + e,   t ~ N(0, 1),   e ~ N(0, σ² I)

whose maximum-likelihood solution is in closed form: with λ the leading eigenvalue of the
correlation matrix and u its eigenvector, ``σ² = (d − λ') / (d − 1)`` (the mean of the other
eigenvalues) and ``w = u sqrt(λ − σ²)``. In natural units each parameter's noise is then σ times
its own spread: covariance ``w wᵀ + diag(ψ)``.

Why not factor analysis, which fits a ψ of its own to each parameter? In two dimensions it asks four
numbers of three moments and has no unique answer; with fewer levels than parameters some ψ run to
zero (Heywood cases), and the line then claims to know those parameters exactly. Here σ² is an
average, above zero unless the data are exactly a line. The price: a parameter's own variance is
matched on average, not one by one. In two dimensions line plus noise has as many numbers as a
Gaussian and *is* one; that it still puts (10, 10) well inside two clusters is the essay's point.
"""

from __future__ import annotations

import numpy as np

from procgen_sim.models.fitting.found import FLOOR_SD, Found, Standard

__all__ = ["fit_trend"]


def fit_trend(standard: Standard, *, rng: np.random.Generator) -> Found:  # noqa: ARG001
    """Fit the trend line of standardised levels [Tipping1999]_. Draws nothing.

    Details: ``direction`` ``(d,)`` of the line in unit coordinates, length 1;
    ``share_explained`` of the standardised variance; ``noise_sd`` ``(d,)`` in unit coordinates.
    """
    from sklearn.decomposition import PCA

    n, d = standard.data.shape
    total = float((standard.data**2).sum() / n)
    found = PCA(n_components=1, svd_solver="full").fit(standard.data)
    direction = np.asarray(found.components_[0])
    along = float(found.explained_variance_[0]) * (n - 1) / n
    # scikit-learn averages the other eigenvalues over min(n, d) − 1 of them, which overstates the
    # noise when levels are fewer than parameters: those it leaves out are zero, not unknown.
    noise = max((total - along) / (d - 1), 0.0) if d > 1 else 0.0
    covariance = (along - noise) * np.outer(direction, direction) + noise * np.eye(d)
    slope = standard.everywhere(direction, constant=0.0)
    details = {
        "direction": slope / np.linalg.norm(slope) * (1.0 if slope.sum() >= 0 else -1.0),
        "share_explained": along / total,
        "noise_sd": standard.everywhere(np.full(d, np.sqrt(noise)), constant=FLOOR_SD),
    }
    return standard.found(np.ones(1), np.zeros((1, d)), covariance[None], details)
