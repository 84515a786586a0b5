"""Design models: what a generator believes about design parameters, as one Gaussian mixture.

Trend line, Gaussian, polynomial, kernel density and mixture differ in how they are *found*
(:mod:`procgen_sim.models.fitting`), not in what they *are*: each is a finite mixture

    p(x) = Σ_j w_j N(x; μ_j, Σ_j)

so there is one density, one sampler and one file format. Sampling is ours rather than
scikit-learn's: its ``sample()`` repeats itself under an integer seed and groups its points by
component, which is exactly the artificial sameness this program is meant to measure.

Sums run over parameters one at a time, never through BLAS, so that a level's density does not
depend on which levels it is computed with, nor on the number of threads.
"""

from __future__ import annotations

import math
from collections.abc import Mapping
from dataclasses import dataclass, field

import numpy as np
import numpy.typing as npt

from procgen_sim._checks import InputError, check_int
from procgen_sim.models.space import DesignSpace, Floats, read_only
from procgen_sim.models.training import Training, frozen, thawed

__all__ = ["DesignModel"]

CHUNK_NUMBERS = 100_000
"""Numbers held at once while a density is computed: 0.8 MB, about what a cache holds."""


@dataclass(frozen=True, kw_only=True, eq=False)
class DesignModel:
    """A Gaussian mixture over design parameters, in natural units.

    Attributes
    ----------
    kind
        Which fit made it, such as ``"mixture"``.
    space
        The parameters.
    weights
        ``(k,)`` probability of each component, all above 0, sum 1.
    means
        ``(k, d)`` centres, natural units.
    covariances
        ``(k, d, d)`` symmetric positive definite. ``(1, d, d)`` may be given for one that all
        components share; it is stored once and shown as ``(k, d, d)``.
    training
        The levels it was fitted to.
    details
        What the fit reports (table of BIC, degree, bandwidth): text, numbers, None, and mappings
        or sequences of them.

    Raises
    ------
    InputError
        If shapes do not match, weights are not probabilities, or a covariance is not positive
        definite.
    """

    kind: str
    space: DesignSpace
    weights: Floats
    means: Floats
    covariances: Floats
    training: Training = field(default_factory=lambda: Training(n=0))
    details: Mapping[str, object] = field(default_factory=dict)
    _factors: Floats = field(init=False, repr=False)  # (k or 1, d, d) lower Cholesky
    _whiteners: Floats = field(init=False, repr=False)  # their inverses
    _log_scales: Floats = field(init=False, repr=False)  # (k,) log w − log|2πΣ|/2

    def __post_init__(self) -> None:
        weights, means = read_only(self.weights), read_only(self.means)
        stored = read_only(_once_if_shared(np.asarray(self.covariances, dtype=np.float64)))
        k, d = len(weights) if weights.ndim == 1 else -1, self.space.n
        shapes_fit = means.shape == (k, d) and stored.shape in ((k, d, d), (1, d, d))
        if not (shapes_fit and k >= 1):
            raise InputError(
                "design model",
                expected=f"k weights, (k, {d}) means and (k, {d}, {d}) covariances",
                found=f"shapes {weights.shape}, {means.shape}, {np.shape(self.covariances)}",
            )
        if not all(np.isfinite(values).all() for values in (weights, means, stored)):
            raise InputError("design model", expected="finite numbers", found="one that is not")
        if (weights <= 0).any() or abs(weights.sum() - 1) > 1e-9:
            raise InputError(
                "design model, weights",
                expected="probabilities above 0 that sum to 1",
                found=f"smallest {weights.min():g}, sum {weights.sum():.12g}",
            )
        factors = _cholesky(stored)
        whiteners = np.tril(np.linalg.solve(factors, np.broadcast_to(np.eye(d), factors.shape)))
        halves = np.log(np.diagonal(factors, axis1=1, axis2=2)).sum(axis=1)
        log_scales = np.log(weights) - halves - 0.5 * d * math.log(2 * math.pi)
        values = {
            "weights": weights,
            "means": means,
            "covariances": np.broadcast_to(stored, (k, d, d)),
            "details": frozen(self.details),
            "_factors": read_only(factors),
            "_whiteners": read_only(whiteners),
            "_log_scales": read_only(log_scales),
        }
        for name, value in values.items():
            object.__setattr__(self, name, value)

    def __eq__(self, other: object) -> bool:
        return (
            isinstance(other, DesignModel)
            and (self.kind, self.space, self.training) == (other.kind, other.space, other.training)
            and np.array_equal(self.weights, other.weights)
            and np.array_equal(self.means, other.means)
            and np.array_equal(self.covariances, other.covariances)
            and self.details == other.details
        )

    def __hash__(self) -> int:
        return hash((self.kind, self.space, self.weights.tobytes(), self.means.tobytes()))

    def __reduce__(self) -> tuple[object, ...]:
        # Worker processes receive models pickled; read-only mappings need help.
        covariances = self.covariances[: len(self._factors)]
        values = (self.kind, self.space, self.weights, self.means, covariances, self.training)
        return _rebuild, (*values, thawed(self.details))

    @property
    def n_components(self) -> int:
        """k, the number of components."""
        return len(self.weights)

    @property
    def mean(self) -> Floats:
        """``(d,)`` mean of the whole mixture, natural units."""
        return np.asarray((self.weights[:, None] * self.means).sum(axis=0))

    @property
    def covariance(self) -> Floats:
        """``(d, d)`` covariance of the whole mixture: within plus between components."""
        apart = self.means - self.mean
        between = apart[:, :, None] * apart[:, None, :]
        return np.asarray((self.weights[:, None, None] * (self.covariances + between)).sum(axis=0))

    def log_density(self, x: npt.ArrayLike) -> Floats:
        """``(n, d)`` points in natural units to ``(n,)`` log densities.

        Nats, per natural units. A point so far out that its distance overflows has ``-inf``.

        Raises
        ------
        InputError
            If the points are not ``(n, d)`` or not finite.
        """
        points = self._points(x)
        total = np.empty(len(points))
        for rows in self._chunks(len(points)):
            joint = self._joint(points[rows])
            total[rows] = _log_sum_exp(joint)
        return total

    def responsibilities(self, x: npt.ArrayLike) -> Floats:
        """``(n, d)`` points to ``(n, k)``: how likely each came from each component; rows sum to 1.

        Raises
        ------
        InputError
            If the points are not ``(n, d)`` or not finite.
        """
        points = self._points(x)
        shares = np.empty((len(points), self.n_components))
        for rows in self._chunks(len(points)):
            joint = self._joint(points[rows])
            # Beyond overflow no component is nearer than another.
            joint[~np.isfinite(joint).any(axis=1)] = 0.0
            shares[rows] = np.exp(joint - _log_sum_exp(joint)[:, None])
        return shares

    def sample(self, n: int, *, rng: np.random.Generator) -> Floats:
        """``(n, d)`` independent draws, natural units, in no order: each picks its component.

        Draws are not clipped to the natural ranges: they follow :meth:`log_density` exactly.
        """
        check_int("sample, n", n, low=0)
        edges = np.cumsum(self.weights)
        chosen = np.searchsorted(edges, rng.random(n) * edges[-1], side="right")
        chosen = np.minimum(chosen, self.n_components - 1)
        noise = rng.standard_normal((n, self.space.n))
        factors = self._factors if len(self._factors) == 1 else self._factors[chosen]
        drawn: Floats = self.means[chosen]
        for j in range(self.space.n):
            drawn = drawn + factors[:, :, j] * noise[:, j, None]
        return drawn

    def _points(self, x: npt.ArrayLike) -> Floats:
        points = np.asarray(x, dtype=np.float64)
        if points.ndim != 2 or points.shape[1] != self.space.n:
            raise InputError(
                "points",
                expected=f"an (n, {self.space.n}) array, one row a level",
                found=f"shape {points.shape}",
            )
        if not np.isfinite(points).all():
            row, j = np.argwhere(~np.isfinite(points))[0]
            raise InputError(
                f"points, row {row}, {self.space.names[j]!r}",
                expected="a finite number",
                found=f"{points[row, j]}",
            )
        return points

    def _chunks(self, n: int) -> list[slice]:
        # With a covariance each, the differences to every component are held at once.
        width = self.n_components * (1 if len(self._factors) == 1 else self.space.n)
        step = max(1, CHUNK_NUMBERS // width)
        return [slice(start, min(start + step, n)) for start in range(0, n, step)]

    def _joint(self, points: Floats) -> Floats:
        """``(n, k)`` log of weight times density of each component."""
        whiteners = self._whiteners
        with np.errstate(over="ignore", invalid="ignore"):
            squares = np.zeros((len(points), self.n_components))
            if len(whiteners) == 1:  # whiten points and centres once, not once a pair
                here = _whiten(points[:, None, :], whiteners)[:, 0]
                there = _whiten(self.means[:, None, :], whiteners)[:, 0]
                for j in range(self.space.n):
                    squares += (here[:, j, None] - there[:, j]) ** 2
            else:
                away = _whiten(points[:, None, :] - self.means, whiteners)
                for j in range(self.space.n):
                    squares += away[:, :, j] ** 2
        squares[np.isnan(squares)] = np.inf  # inf − inf on the way: farther than can be said
        return np.asarray(self._log_scales - 0.5 * squares)


def _whiten(apart: Floats, whiteners: Floats) -> Floats:
    """``(n, k, d)`` differences times ``(k or 1, d, d)`` inverse Cholesky factors."""
    total = np.zeros((apart.shape[0], max(apart.shape[1], len(whiteners)), apart.shape[2]))
    for j in range(apart.shape[2]):
        total += apart[:, :, j, None] * whiteners[:, :, j]
    return total


def _log_sum_exp(joint: Floats) -> Floats:
    top = joint.max(axis=1)
    safe = np.where(np.isfinite(top), top, 0.0)
    with np.errstate(divide="ignore"):
        return np.asarray(safe + np.log(np.exp(joint - safe[:, None]).sum(axis=1)))


def _once_if_shared(covariances: Floats) -> Floats:
    if covariances.ndim == 3 and len(covariances) > 1 and (covariances == covariances[0]).all():
        return covariances[:1]
    return covariances


def _cholesky(covariances: Floats) -> Floats:
    expected = "symmetric positive definite matrices"
    if not np.allclose(covariances, np.swapaxes(covariances, 1, 2), rtol=1e-9, atol=0):
        raise InputError("design model, covariances", expected=expected, found="an asymmetric one")
    try:
        return np.asarray(np.linalg.cholesky(covariances))
    except np.linalg.LinAlgError as error:
        raise InputError(
            "design model, covariances", expected=expected, found="one that is not definite"
        ) from error


def _rebuild(
    kind: str,
    space: DesignSpace,
    weights: Floats,
    means: Floats,
    covariances: Floats,
    training: Training,
    details: Mapping[str, object],
) -> DesignModel:
    return DesignModel(
        kind=kind,
        space=space,
        weights=weights,
        means=means,
        covariances=covariances,
        training=training,
        details=details,
    )
