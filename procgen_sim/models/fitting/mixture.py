"""Gaussian mixture: as many clusters as the levels call for.

Fitted by expectation–maximisation for every number of components and four shapes of covariance,
from several starts; the lowest Bayesian information criterion wins [Schwarz1978]_, as in
model-based clustering [Fraley2002]_:

    BIC = −2 log L + p log n,   p = number of free parameters

A likelihood without bound waits for every mixture: a component that collapses onto a few levels.
Three guards: variances get ``REG_VARIANCE`` added, a component must hold at least
``MIN_MEMBERS`` levels (with a full covariance of its own, also more than there are parameters),
and there are never more components than that allows, nor than different levels.
"""

from __future__ import annotations

import warnings
from typing import Any, Final

import numpy as np

from procgen_sim._checks import check_int
from procgen_sim.models.fitting.found import Found, Standard
from procgen_sim.models.space import Floats

__all__ = ["fit_mixture"]

SHAPES: Final = ("full", "tied", "diag", "spherical")
MIN_MEMBERS: Final = 5
REG_VARIANCE: Final = 1e-3
"""Added to each variance in standardised coordinates: no component is narrower than about 3 % of
the spread of all levels, while one of a fifth of that spread changes by 1 %."""


def fit_mixture(
    standard: Standard, *, max_components: int = 6, n_starts: int = 3, rng: np.random.Generator
) -> Found:
    """Fit a mixture to standardised levels, chosen by BIC [Schwarz1978]_.

    Parameters
    ----------
    standard
        The levels.
    max_components
        Most components to try.
    n_starts
        Starts a candidate, each from its own k-means.
    rng
        Draws one seed a candidate, all before the first fit.

    Details: ``table``, one row a candidate with its ``bic`` (nats, standardised coordinates; only
    differences mean something; None when the fit broke down), ``converged``, ``n_members`` of its
    smallest component and whether it was ``allowed``; ``n_components`` and ``shape`` of the winner.
    """
    check_int("mixture, max_components", max_components, low=1)
    check_int("mixture, n_starts", n_starts, low=1)
    n, d = standard.data.shape
    n_different = len(np.unique(standard.data, axis=0))
    most = min(max_components, max(1, n // MIN_MEMBERS), n_different)
    candidates = [
        (k, shape)
        for k in range(1, most + 1)
        for shape in SHAPES
        if (k, shape) != (1, "tied")  # the same as one full component
    ]
    seeds = rng.integers(2**31, size=(max_components, len(SHAPES)))
    table: list[dict[str, object]] = []
    best: Any = None
    for k, shape in candidates:
        seed = int(seeds[k - 1, SHAPES.index(shape)])
        model = _expectation_maximisation(standard.data, k, shape, n_starts, seed)
        bic = None if model is None else float(model.bic(standard.data))
        members = 0.0 if model is None else float(model.weights_.min() * n)
        needed = max(MIN_MEMBERS, d + 1) if shape == "full" else MIN_MEMBERS
        allowed = bic is not None and (k == 1 or members >= needed - 1e-6)
        table.append(
            {
                "n_components": k,
                "shape": shape,
                "bic": bic,
                "converged": bool(model is not None and model.converged_),
                "n_members": members,
                "allowed": allowed,
            }
        )
        if allowed and (best is None or bic < best[0]):
            best = (bic, model, k, shape)
    _, model, k, shape = best  # one component is always allowed
    details = {"n_components": k, "shape": shape, "table": table}
    return standard.found(model.weights_, model.means_, _covariances(model, d), details)


def _expectation_maximisation(data: Floats, k: int, shape: str, n_starts: int, seed: int) -> Any:
    from sklearn.exceptions import ConvergenceWarning
    from sklearn.mixture import GaussianMixture

    model = GaussianMixture(
        n_components=k,
        covariance_type=shape,
        reg_covar=REG_VARIANCE,
        n_init=n_starts if k > 1 else 1,
        max_iter=200,
        random_state=seed,
    )
    with warnings.catch_warnings():
        # Whether it converged is in the table, where it can be acted on.
        warnings.simplefilter("ignore", ConvergenceWarning)
        try:
            return model.fit(data)
        except ValueError:  # a covariance broke down in spite of the guards
            return None


def _covariances(model: Any, d: int) -> Floats:
    """``(k or 1, d, d)`` from scikit-learn's four ways of storing them."""
    stored = np.asarray(model.covariances_, dtype=np.float64)
    if model.covariance_type == "tied":
        return stored[None]
    if model.covariance_type == "diag":
        return stored[:, :, None] * np.eye(d)
    if model.covariance_type == "spherical":
        return stored[:, None, None] * np.eye(d)
    return stored
