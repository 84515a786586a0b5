"""The essay's own example: dots on a plane, along a line or in two clusters.

A dot is a level of two design parameters, x and y from 0 to 20, that needs no building. So all
that works on levels works on dots: models are fitted to them, proposals leave those models, players
learn them, and :func:`procgen_sim.session.play_arms` plays them.
"""

from __future__ import annotations

from collections.abc import Sequence
from typing import Final

import numpy as np
import numpy.typing as npt

from procgen_sim._checks import InputError
from procgen_sim.generators import Builder, BuiltBatch, FittedGenerator
from procgen_sim.injection import Outside
from procgen_sim.models import DensityRegion, DesignModel, DesignSpace, fit
from procgen_sim.players import TRAITS, Spread
from procgen_sim.rng import stream
from procgen_sim.session import Setting, Yardstick

__all__ = [
    "CENTRES",
    "HIGH",
    "SPACE",
    "DotBuilder",
    "cluster_dots",
    "dot_setting",
    "fit_dots",
    "line_dots",
]

Vectors = npt.NDArray[np.float64]

HIGH: Final = 20.0
SPACE: Final = DesignSpace(("x", "y"), low=np.zeros(2), high=np.full(2, HIGH))
CENTRES: Final = (5.0, 15.0)
"""Both coordinates of the middles of the two clusters."""

_N_CALIBRATION: Final = 20_000
_N_TRAINING: Final = 2000
_N_FRESH: Final = 4000


def line_dots(n: int, *, sd: float = 1.0, rng: np.random.Generator) -> Vectors:
    """``(n, 2)`` dots on the line x = y with Gaussian noise across it: x uniform on 0 to 20."""
    x = rng.uniform(0.0, HIGH, n)
    return np.column_stack([x, x + rng.normal(0.0, sd, n)])


def cluster_dots(n: int, *, sd: float = 1.5, rng: np.random.Generator) -> Vectors:
    """``(n, 2)`` dots of two round clusters in turn, around (5, 5) and (15, 15)."""
    middle = np.array(CENTRES)[np.arange(n) % len(CENTRES)]
    return np.asarray(middle[:, np.newaxis] + rng.normal(0.0, sd, (n, 2)))


def fit_dots(kind: str, dots: Vectors, *, seed: int, address: int = 0) -> DesignModel:
    """A design model of some dots."""
    return fit(kind, dots, SPACE, rng=stream(seed, "fit", address))


class DotBuilder(Builder):
    """What makes dots: every vector is a dot already."""

    def __init__(self) -> None:
        super().__init__()

    def without_proof(self) -> DotBuilder:
        """Itself: a dot needs no proof."""
        return self

    def repair(self, vector: npt.ArrayLike) -> tuple[Vectors, float]:
        """The dot itself; it is where it was asked for."""
        return np.array(vector, np.float64), 0.0

    def build_many(self, vectors: npt.ArrayLike, rngs: Sequence[np.random.Generator]) -> BuiltBatch:
        """``(n, 2)`` dots, measured where they were asked for; their grids are empty."""
        dots = np.array(vectors, np.float64)
        n = len(dots)
        if len(rngs) != n:
            raise InputError("build_many", expected=f"{n} random streams", found=str(len(rngs)))
        return BuiltBatch(
            grids=np.zeros((n, 1, 1), np.uint8),
            measured=dots,
            repaired=dots,
            repair_distance=np.zeros(n),
            playable=np.ones(n, np.bool_),
            proven=np.zeros(n, np.bool_),
            attempts=np.ones(n, np.int64),
        )


def dot_setting(
    model: DesignModel,
    dots: Vectors,
    *,
    seed: int,
    n_levels: int,
    spreads: dict[str, Spread] | None = None,
) -> Setting:
    """Everything that players need to meet the dots of a model.

    Parameters
    ----------
    model
        The generator's model of ``dots``.
    dots
        ``(n, 2)`` what it was fitted to.
    seed
        One seed, one result.
    n_levels
        Dots that each player meets.
    spreads
        Traits of people that are spread otherwise than the program assumes.
    """
    generator = FittedGenerator(model=model, builder=DotBuilder(), seed=seed)
    drawn = model.sample(_N_CALIBRATION, rng=stream(seed, "calibration"))
    return Setting(
        seed=seed,
        generator=generator,
        outside=Outside(
            model=model,
            region=DensityRegion.from_samples(model.log_density(drawn)),
            data=dots,
            buildable=np.asarray,
        ),
        yardstick=Yardstick(
            training=drawn[:_N_TRAINING],
            fresh=drawn[_N_TRAINING : _N_TRAINING + _N_FRESH],
            patterns={},
        ),
        n_levels=n_levels,
        spreads={**TRAITS, **(spreads or {})},
    )
