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
import numpy.typing as npt

from procgen_sim._checks import InputError, check_int
from procgen_sim.models.fitting.found import Found, Standard
from procgen_sim.models.space import Floats

__all__ = ["fit_mixture"]

SHAPES: Final = ("full", "tied", "diag", "spherical")
MIN_MEMBERS: Final = 5
REG_VARIANCE: Final = 1e-2
"""Added to each variance in standardised coordinates: no component is narrower than a tenth of the
spread of all levels. Less, and a parameter that happens to be 0 in a handful of levels (no ceiling,
no hazard) is taken for a cluster; one a fifth of that spread wide grows by 12 %."""


def fit_mixture(
    standard: Standard,
    *,
    max_components: int = 6,
    components: int = 0,
    n_starts: int = 6,
    rng: np.random.Generator,
) -> Found:
    """Fit a mixture to standardised levels, chosen by BIC [Schwarz1978]_.

    Parameters
    ----------
    standard
        The levels.
    max_components
        Most components to try.
    components
        Exactly so many, and BIC chooses their shape alone; 0 leaves their number to BIC, too. A
        candidate is the same fit either way.
    n_starts
        Starts a candidate, each from its own k-means.
    rng
        Draws one seed a start, all before the first fit.

    Details: ``table``, one row a candidate with its ``bic`` (nats, standardised coordinates; only
    differences mean something; None when the fit broke down), ``converged``, ``n_members`` of its
    smallest component, and whether it was ``allowed``; the winner's ``n_components`` and ``shape``.

    Raises
    ------
    InputError
        If an option is out of range, or the levels do not allow as many components as were asked
        for.
    """
    check_int("mixture, max_components", max_components, low=1)
    check_int("mixture, components", components, low=0, high=max_components)
    check_int("mixture, n_starts", n_starts, low=1)
    n, d = standard.data.shape
    n_different = len(np.unique(standard.data, axis=0))
    most = min(max_components, max(1, n // MIN_MEMBERS), n_different)
    candidates = [
        (k, shape)
        for k in range(1, most + 1)
        if components in (0, k)
        for shape in SHAPES
        if (k, shape) != (1, "tied")  # the same as one full component
    ]
    seeds = rng.integers(2**31, size=(max_components, len(SHAPES), n_starts))
    table: list[dict[str, object]] = []
    best: Any = None
    for k, shape in candidates:
        starts = seeds[k - 1, SHAPES.index(shape)][: n_starts if k > 1 else 1]
        row, model = _best_start(standard.data, k, shape, starts)
        table.append(row)
        if row["allowed"] and (best is None or row["bic"] < best[0]["bic"]):
            best = (row, model)
    if best is None:  # one component is always allowed
        raise InputError(
            "mixture, components",
            expected=f"components of {MIN_MEMBERS} levels or more each",
            found=f"{n} levels for {components} components",
            do="ask for fewer components",
        )
    chosen, model = best
    details = {
        "n_components": chosen["n_components"],
        "shape": chosen["shape"],
        "table": table,
    }
    return standard.found(model.weights_, model.means_, _covariances(model, d), details)


def _best_start(data: Floats, k: int, shape: str, seeds: npt.NDArray[np.int64]) -> tuple[Any, Any]:
    """The row of the table and the model of the allowed start with the lowest BIC.

    scikit-learn's own ``n_init`` keeps the likeliest start, which is the most collapsed one; the
    more starts, the surer the candidate would be refused for it.
    """
    n, d = data.shape
    needed = max(MIN_MEMBERS, d + 1) if shape == "full" else MIN_MEMBERS
    best: tuple[Any, Any] | None = None
    for seed in seeds:
        model = _expectation_maximisation(data, k, shape, int(seed))
        members = 0.0 if model is None else float(model.weights_.min() * n)
        row = {
            "n_components": k,
            "shape": shape,
            "bic": None if model is None else float(model.bic(data)),
            "converged": model is not None and bool(model.converged_),
            "n_members": members,
            "allowed": model is not None and (k == 1 or members >= needed - 1e-6),
        }
        if best is None or _rank(row) < _rank(best[0]):
            best = (row, model)
    assert best is not None
    return best


def _rank(row: dict[str, Any]) -> tuple[bool, float]:
    return not row["allowed"], np.inf if row["bic"] is None else row["bic"]


def _expectation_maximisation(data: Floats, k: int, shape: str, seed: int) -> Any:
    from sklearn.exceptions import ConvergenceWarning
    from sklearn.mixture import GaussianMixture

    model = GaussianMixture(
        n_components=k,
        covariance_type=shape,
        reg_covar=REG_VARIANCE,
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
