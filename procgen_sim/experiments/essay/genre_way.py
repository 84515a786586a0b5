"""The way from one genre to another, and how likely a model is to stop half-way.

Places on it are in units of the way itself: 0 at the mean of the first genre's levels, 1 at the
mean of the second's, each parameter measured in its spread over all levels. Seen along one
direction v a Gaussian mixture is one still, with means m_j = v·(μ_j − start) and variances
s_j² = v·Σ_j v, so what lies in the middle third is exact:

    P(⅓ < v·(x − start) < ⅔) = Σ_j w_j [Φ((⅔ − m_j) / s_j) − Φ((⅓ − m_j) / s_j)]
"""

from __future__ import annotations

import numpy as np
import numpy.typing as npt

from procgen_sim.models import DesignModel

__all__ = ["GenreWay"]

Vectors = npt.NDArray[np.float64]


class GenreWay:
    """The way from one genre's mean to the other's: 0 at the first, 1 at the second.

    Parameters
    ----------
    phi
        ``(n, d)`` design parameters of the levels.
    first
        ``(n,)`` which of them are of the first genre; the others are of the second.
    """

    def __init__(self, phi: Vectors, first: npt.NDArray[np.bool_]) -> None:
        spread = phi.std(axis=0)
        scale = np.where(spread > 0, spread, 1.0)
        start = phi[first].mean(axis=0)
        apart = (phi[~first].mean(axis=0) - start) / scale
        self._direction = apart / (apart @ apart) / scale
        self._start = start

    def along(self, phi: Vectors) -> Vectors:
        """``(n, 11)`` levels to ``(n,)`` places on the way."""
        return np.asarray((phi - self._start) @ self._direction)

    def count_between(self, phi: Vectors) -> int:
        """How many levels are in the middle third."""
        place = self.along(phi)
        return int(((place > 1 / 3) & (place < 2 / 3)).sum())

    def profile(self, model: DesignModel) -> dict[str, Vectors]:
        """The model seen along the way: weights, means and standard deviations, each ``(k,)``."""
        variance = self._direction @ model.covariances @ self._direction
        means = self.along(model.means)
        return {"weights": model.weights, "means": means, "sds": np.sqrt(variance)}

    def mass_between(self, model: DesignModel) -> float:
        """Probability of the middle third."""
        from scipy.special import ndtr

        weights, means, sds = self.profile(model).values()
        inside = ndtr((2 / 3 - means) / sds) - ndtr((1 / 3 - means) / sds)
        return float((weights * inside).sum())
