"""The polynomial: a curve that can be given more parameters than the data can pin down.

Every parameter is regressed on powers of one coordinate t of the level,

    x(t) = Σ_j c_j s(t)^j + e,   e ~ N(0, Σ) across the curve

with s(t) the coordinate scaled to [−1, 1] over the data. Where two parameters vary, t is the first
of them, so that the curve is the y = f(x) of the essay's picture; where more do, it is the first
principal component score, as no parameter has a right to come first. More degrees fit the dots
better and go wild where dots are few: at the ends and beyond [Runge1901]_ [Hastie2009]_.

As a density the curve is walked evenly from one end of the data to the other (widened by
1/(n − 1) of its length at each, the unbiased estimate of a uniform range), in ``N_NODES`` equal
steps, each a component of equal weight whose noise along t is one step, or the floor of every
model where that is wider. So the mixture is smooth along t to eight digits, and density and sampler
are its, exactly.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import Final

import numpy as np
import numpy.typing as npt

from procgen_sim._checks import InputError, check_int
from procgen_sim.models.fitting.found import Found, Standard
from procgen_sim.models.fitting.gaussian import shrunk
from procgen_sim.models.space import Floats, read_only

__all__ = ["Curve", "fit_curve", "fit_polynomial"]

N_NODES: Final = 257
MAX_DEGREE: Final = 30


@dataclass(frozen=True, kw_only=True, eq=False)
class Curve:
    """A polynomial curve, in the coordinates of the data it was fitted to.

    Attributes
    ----------
    degree
        Highest power, after lowering to one below the number of different t.
    axis
        ``(d,)`` the direction t is measured along, so that t = (x − origin) · axis.
    origin
        ``(d,)`` where t is 0.
    low, high
        Ends of the data in t.
    coefficients
        ``(degree + 1, d)`` of powers of t scaled to [−1, 1].
    """

    degree: int
    axis: Floats
    origin: Floats
    low: float
    high: float
    coefficients: Floats

    def coordinate(self, x: npt.ArrayLike) -> Floats:
        """``(n, d)`` points to their ``(n,)`` t."""
        apart = np.asarray(x, dtype=np.float64) - self.origin
        return np.asarray((apart * self.axis).sum(axis=1))

    def predict(self, t: npt.ArrayLike) -> Floats:
        """``(n,)`` t, within the data or beyond, to ``(n, d)`` points on the curve."""
        scaled = self._scaled(np.asarray(t, dtype=np.float64))
        total = np.zeros((len(scaled), self.coefficients.shape[1]))
        for row in self.coefficients[::-1]:  # Horner
            total = total * scaled[:, None] + row
        return total

    def rms_error(self, x: npt.ArrayLike) -> Floats:
        """``(n, d)`` points, seen or held out, to ``(d,)`` root mean square errors."""
        points = np.asarray(x, dtype=np.float64)
        apart = points - self.predict(self.coordinate(points))
        return np.asarray(np.sqrt((apart**2).mean(axis=0)))

    def _scaled(self, t: Floats) -> Floats:
        half = (self.high - self.low) / 2
        return (t - (self.low + self.high) / 2) / (half if half > 0 else 1.0)


def fit_curve(data: npt.ArrayLike, *, degree: int) -> Curve:
    """Least-squares curve through ``(n, d)`` points in any units [Hastie2009]_.

    The principal component is taken of the data as given, so give standardised data when d > 2.

    Raises
    ------
    InputError
        If the degree is not 0 to 30, or the points are not ``(n, d)`` finite numbers.
    """
    from sklearn.decomposition import PCA
    from sklearn.linear_model import LinearRegression
    from sklearn.preprocessing import PolynomialFeatures

    check_int("polynomial, degree", degree, low=0, high=MAX_DEGREE)
    points = np.asarray(data, dtype=np.float64)
    if points.ndim != 2 or not points.size or not np.isfinite(points).all():
        raise InputError(
            "curve, data",
            expected="an (n, d) array of finite numbers",
            found=f"shape {points.shape}, {int(np.isfinite(points).sum())} finite",
        )
    n, d = points.shape
    axis, origin = np.eye(d)[0], np.zeros(d)
    if d > 2 and n > 1:
        origin = points.mean(axis=0)
        if (points != points[0]).any():
            axis = PCA(n_components=1, svd_solver="full").fit(points).components_[0]
    t = ((points - origin) * axis).sum(axis=1)
    low, high = float(t.min()), float(t.max())
    degree = min(degree, len(np.unique(t)) - 1)
    bare = Curve(
        degree=degree,
        axis=read_only(axis),
        origin=read_only(origin),
        low=low,
        high=high,
        coefficients=np.zeros((1, d)),
    )
    features = PolynomialFeatures(degree, include_bias=False) if degree else None
    scaled = bare._scaled(t)[:, None]
    if features is None:
        coefficients = points.mean(axis=0)[None]
    else:
        line = LinearRegression().fit(features.fit_transform(scaled), points)
        coefficients = np.vstack([line.intercept_, line.coef_.T])
    return Curve(
        degree=degree,
        axis=bare.axis,
        origin=bare.origin,
        low=low,
        high=high,
        coefficients=read_only(coefficients),
    )


def fit_polynomial(standard: Standard, *, degree: int = 5, rng: np.random.Generator) -> Found:  # noqa: ARG001
    """Fit a curve with noise to standardised levels [Hastie2009]_. Draws nothing.

    Details: ``degree`` used; ``rms_error`` ``(d,)`` on the training levels, unit coordinates.
    """
    n, d = standard.data.shape
    curve = fit_curve(standard.data, degree=degree)
    residuals = standard.data - curve.predict(curve.coordinate(standard.data))
    margin = (curve.high - curve.low) / (n - 1)
    ends = np.linspace(curve.low - margin, curve.high + margin, N_NODES + 1)
    step = float(ends[1] - ends[0])
    nodes = curve.predict((ends[:-1] + ends[1:]) / 2)
    # Across the axis the noise is that of the residuals; along it t is known, up to one step.
    across = _complement(curve.axis)
    noise = across @ shrunk(residuals @ across)[0] @ across.T if d > 1 else np.zeros((1, 1))
    covariance = noise + step**2 * np.outer(curve.axis, curve.axis)
    details = {
        "degree": curve.degree,
        "rms_error": standard.everywhere(curve.rms_error(standard.data), constant=0.0),
    }
    weights = np.full(N_NODES, 1 / N_NODES)
    return standard.found(weights, nodes, covariance[None], details)


def _complement(axis: Floats) -> Floats:
    """``(d, d − 1)`` orthonormal directions across a unit vector."""
    return np.asarray(np.linalg.svd(axis[None])[2][1:].T)
