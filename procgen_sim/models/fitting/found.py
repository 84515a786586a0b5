"""What every fit starts from and ends with.

Fits run in *standardised* coordinates: unit coordinates (0 to 1 over a parameter's natural range),
centred, and divided by each parameter's own spread, for the parameters that varied at all. So no
result depends on the units parameters are written in, and parameters that never changed neither
drown those that did nor count as evidence.

A fitted model can never be narrower than :data:`FLOOR_SD` in any direction. A corpus whose levels
all share a value gives a model that keeps to that value, up to noise nobody can see; a single
level gives a model of that level alone.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Final

import numpy as np
import numpy.typing as npt

from procgen_sim.models.space import Floats

__all__ = ["FLOOR_SD", "Found", "Standard", "floored", "standardise"]

FLOOR_SD: Final = 0.01
"""Smallest standard deviation, as a share of the natural range. People tell about six values of a
parameter apart ([Miller1956]_: 2.5 bits), so this is a 17th of a step they notice; it is also about
as closely as a level can be built to a wish, and without it a parameter that happened to be the
same in every training level would by its rounding alone decide what is off-model."""


@dataclass(frozen=True, kw_only=True, eq=False)
class Found:
    """A Gaussian mixture in unit coordinates, and how it was found.

    Attributes
    ----------
    weights
        ``(k,)`` probabilities.
    means
        ``(k, d)`` centres.
    covariances
        ``(k, d, d)``, or ``(1, d, d)`` when all components share one.
    details
        What the fit reports.
    """

    weights: Floats
    means: Floats
    covariances: Floats
    details: Mapping[str, object] = field(default_factory=dict)


@dataclass(frozen=True, kw_only=True, eq=False)
class Standard:
    """Data in standardised coordinates and the way back.

    Attributes
    ----------
    data
        ``(n, v)`` the parameters that varied by at least :data:`FLOOR_SD`: mean 0, standard
        deviation 1. v may be 0.
    varied
        ``(d,)`` which those are.
    centre, spread
        ``(d,)`` mean and standard deviation of all parameters, unit coordinates.
    """

    data: Floats
    varied: npt.NDArray[np.bool_]
    centre: Floats
    spread: Floats

    def everywhere(self, values: Floats, *, constant: float) -> Floats:
        """``(v,)`` per standard deviation to ``(d,)`` in unit coordinates.

        Parameters that did not vary get ``constant``.
        """
        full = np.full(len(self.centre), constant)
        full[self.varied] = values * self.spread[self.varied]
        return full

    def found(
        self,
        weights: Floats,
        means: Floats,
        covariances: Floats,
        details: Mapping[str, object],
    ) -> Found:
        """A mixture of ``(k, v)`` means, back in unit coordinates and floored."""
        d, spread = len(self.centre), self.spread[self.varied]
        centres = np.tile(self.centre, (len(weights), 1))
        centres[:, self.varied] += means * spread
        columns = np.flatnonzero(self.varied)
        full = np.tile(FLOOR_SD**2 * np.eye(d), (len(covariances), 1, 1))
        inner = np.ix_(np.arange(len(covariances)), columns, columns)
        full[inner] = floored(covariances * np.outer(spread, spread))
        return Found(
            weights=weights / weights.sum(), means=centres, covariances=full, details=details
        )


def standardise(unit: Floats) -> Standard:
    """``(n, d)`` unit coordinates to standardised ones (maximum-likelihood spread, over n)."""
    centre, spread = unit.mean(axis=0), unit.std(axis=0)
    varied = spread >= FLOOR_SD
    data = (unit - centre)[:, varied] / spread[varied]
    return Standard(data=data, varied=varied, centre=centre, spread=spread)


def floored(covariances: Floats) -> Floats:
    """``(k, d, d)`` with every eigenvalue at least ``FLOOR_SD²``; untouched if it already is."""
    symmetric = (covariances + np.swapaxes(covariances, 1, 2)) / 2
    values, vectors = np.linalg.eigh(symmetric)
    # The second floor only matters to data far outside their natural ranges: it keeps what rounding
    # leaves of the small eigenvalues positive.
    floor = np.maximum(FLOOR_SD**2, 1e-12 * values[:, -1:])
    raised = np.maximum(values, floor)
    rebuilt = (vectors * raised[:, None, :]) @ np.swapaxes(vectors, 1, 2)
    rebuilt = (rebuilt + np.swapaxes(rebuilt, 1, 2)) / 2
    low = np.any(values < floor, axis=1, keepdims=True)[:, :, None]
    return np.where(low, rebuilt, symmetric)
