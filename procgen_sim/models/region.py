"""Where a model lives: its highest-density region, and so what *off-model* means.

A point is off-model when its density is below that of all but a share ``1 − mass`` of the model's
own samples. The region {x: p(x) ≥ c} that holds a given mass is the smallest that does
[Hyndman1996]_; c is the matching quantile of the log densities of draws from the model.
"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
import numpy.typing as npt

from procgen_sim._checks import InputError, check_int, check_number
from procgen_sim.models.design import DesignModel
from procgen_sim.models.space import Floats, read_only

__all__ = ["DensityRegion", "hdr"]

BoolArray = npt.NDArray[np.bool_]


@dataclass(frozen=True, kw_only=True, eq=False)
class DensityRegion:
    """A highest-density region, known by the densities of on-model samples.

    Attributes
    ----------
    threshold_nats
        Log density below which a point is off-model.
    mass
        Share of on-model samples the region holds.
    sorted_reference
        ``(n,)`` log densities (nats) of on-model samples, ascending, 8 bytes each.

    Raises
    ------
    InputError
        If the reference is empty, not ascending or not a number, or the mass not within (0, 1).
    """

    threshold_nats: float
    mass: float
    sorted_reference: Floats

    def __post_init__(self) -> None:
        reference = read_only(self.sorted_reference)
        check_number("region, mass", self.mass, low=0.0, high=1.0)
        check_number("region, threshold_nats", self.threshold_nats)
        if reference.ndim != 1 or not len(reference) or not (np.diff(reference) >= 0).all():
            raise InputError(
                "region",
                expected="at least one log density, ascending",
                found=f"an array of shape {reference.shape}",
            )
        object.__setattr__(self, "sorted_reference", reference)

    @classmethod
    def from_samples(cls, log_densities: npt.ArrayLike, *, mass: float = 0.999) -> DensityRegion:
        """The region that holds ``mass`` of the model ``log_densities`` were drawn from.

        The threshold is the ``(n + 1)(1 − mass)``-th smallest, interpolated, which makes the
        expected mass of the region exact for every n large enough to reach it, namely
        ``n ≥ 1 / (1 − mass) − 1``; below that it is the smallest.

        Raises
        ------
        InputError
            If there is no log density, one is not finite, or the mass is not within [0, 1].
        """
        reference = np.sort(np.asarray(log_densities, dtype=np.float64).ravel())
        check_number("region, mass", mass, low=0.0, high=1.0)
        if not len(reference) or not np.isfinite(reference).all():
            raise InputError(
                "region",
                expected="at least one log density, all finite",
                found=f"{len(reference)}, of which {int(np.isfinite(reference).sum())} finite",
            )
        threshold = float(np.quantile(reference, 1.0 - mass, method="weibull"))
        return cls(threshold_nats=threshold, mass=mass, sorted_reference=reference)

    def __eq__(self, other: object) -> bool:
        return (
            isinstance(other, DensityRegion)
            and (self.threshold_nats, self.mass) == (other.threshold_nats, other.mass)
            and np.array_equal(self.sorted_reference, other.sorted_reference)
        )

    def __hash__(self) -> int:
        return hash((self.threshold_nats, self.mass, len(self.sorted_reference)))

    def is_off(self, log_density: npt.ArrayLike) -> BoolArray:
        """Any shape of log densities (nats) to the same shape of True where off-model."""
        return np.asarray(np.asarray(log_density, dtype=np.float64) < self.threshold_nats)

    def quantile(self, log_density: npt.ArrayLike) -> Floats:
        """Share of on-model samples that are less likely than this, 0 to 1, any shape.

        0 is as far out as the model has ever gone itself; a typical sample has ½.
        """
        values = np.asarray(log_density, dtype=np.float64)
        below = np.searchsorted(self.sorted_reference, values, side="left")
        return np.asarray(below / len(self.sorted_reference))


def hdr(
    model: DesignModel, *, mass: float = 0.999, n: int = 20_000, rng: np.random.Generator
) -> DensityRegion:
    """The model's highest-density region from ``n`` of its own samples.

    At ``mass`` 0.999 and ``n`` 20,000 the mass outside is 0.1 % give or take 0.022 % (one standard
    error, ``sqrt(mass (1 − mass) / n)``).
    """
    check_int("region, n", n, low=1)
    return DensityRegion.from_samples(model.log_density(model.sample(n, rng=rng)), mass=mass)
