"""One full Gaussian: every pair of parameters may be correlated.

A folder has 15 to 40 levels and a full covariance of 11 parameters has 66 numbers, so the sample
covariance is nearly or exactly singular and the model would call its own training levels' mirror
images impossible. The covariance of the standardised data is therefore shrunk,
``(1 − ρ) S + ρ (tr S / d) I``, by the oracle-approximating amount ρ [Chen2010]_, which needs no
draws and no tuning, and for Gaussian data is closer to the truth than Ledoit and Wolf's in small
samples. With ``shrinkage="none"`` it is the maximum-likelihood covariance (over n, not n − 1),
whose decay over generations of refitting has a known rate.
"""

from __future__ import annotations

import numpy as np

from procgen_sim._checks import check_choice
from procgen_sim.models.fitting.found import Found, Standard
from procgen_sim.models.space import Floats

__all__ = ["fit_gaussian"]


def fit_gaussian(
    standard: Standard,
    *,
    shrinkage: str = "oas",
    rng: np.random.Generator,  # noqa: ARG001
) -> Found:
    """Fit one Gaussian to standardised levels, shrunk by [Chen2010]_. Draws nothing.

    Details: ``shrinkage``, the share ρ of the spherical target.

    Raises
    ------
    InputError
        If ``shrinkage`` is neither ``"oas"`` nor ``"none"``.
    """
    check_choice("gaussian, shrinkage", shrinkage, ("oas", "none"))
    n, d = standard.data.shape
    if shrinkage == "none":
        covariance, share = standard.data.T @ standard.data / n, 0.0
    else:
        covariance, share = shrunk(standard.data)
    return standard.found(np.ones(1), np.zeros((1, d)), covariance[None], {"shrinkage": share})


def shrunk(centred: Floats) -> tuple[Floats, float]:
    """``(n, d)`` centred data to ``(d, d)`` shrunk covariance and the share shrunk [Chen2010]_."""
    from sklearn.covariance import OAS

    if not centred.any():  # a curve through every level leaves nothing to shrink
        return np.zeros((centred.shape[1], centred.shape[1])), 0.0
    found = OAS(assume_centered=True, store_precision=False).fit(centred)
    return np.asarray(found.covariance_), float(found.shrinkage_)
