"""A fitted generator: a design model that says what levels are like, a builder that makes them.

Every level has an address – player, level number, and which way of leaving the model made it – and
is the same level whoever asks for it, in whatever order.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, fields, replace

import numpy as np
import numpy.typing as npt

from procgen_sim.generators.builder import Builder, BuiltBatch
from procgen_sim.models import DesignModel
from procgen_sim.rng import stream

__all__ = ["FittedGenerator", "as_they_are", "replace_rows", "without_grids"]

Vectors = npt.NDArray[np.float64]


def replace_rows(batch: BuiltBatch, rows: npt.NDArray[np.bool_], other: BuiltBatch) -> BuiltBatch:
    """``batch`` with its levels where ``rows`` is True exchanged for those of ``other``."""
    if rows.all():  # of another size, maybe
        return other
    mixed = {}
    for field in fields(BuiltBatch):
        values = getattr(batch, field.name).copy()
        values[rows] = getattr(other, field.name)
        mixed[field.name] = values
    return BuiltBatch(**mixed)


def as_they_are(
    measured: Vectors, grids: Sequence[npt.NDArray[np.uint8]], proven: Sequence[bool]
) -> BuiltBatch:
    """Levels that nobody has to build, ``(n, d)`` as measured, all playable.

    Those of different sizes come without their tiles; one alone always has them.
    """
    n = len(grids)
    alike = len({grid.shape for grid in grids}) == 1
    return BuiltBatch(
        grids=np.stack(list(grids)) if alike else np.empty((n, 0, 0), np.uint8),
        measured=measured,
        repaired=measured,
        repair_distance=np.zeros(n),
        playable=np.ones(n, np.bool_),
        proven=np.array(proven, np.bool_),
        attempts=np.ones(n, np.int64),
    )


def without_grids(batch: BuiltBatch) -> BuiltBatch:
    """The same levels, their tiles forgotten: what a long simulation can keep of many."""
    return replace(batch, grids=np.empty((len(batch.grids), 0, 0), dtype=np.uint8))


@dataclass(frozen=True, kw_only=True)
class FittedGenerator:
    """Levels from a fitted model.

    Attributes
    ----------
    model
        Where vectors come from.
    builder
        What makes levels of them.
    seed
        The run's seed; with an address it fixes a level.
    """

    model: DesignModel
    builder: Builder
    seed: int

    def vectors(self, players: Sequence[int], level: int) -> Vectors:
        """``(n_players, d)`` the on-model vector of each player's level, natural units."""
        return np.concatenate(
            [
                self.model.sample(1, rng=stream(self.seed, "on_model", player, level))
                for player in players
            ]
        )

    def build(
        self, vectors: Vectors, players: Sequence[int], level: int, variant: int = 0
    ) -> BuiltBatch:
        """Build ``(n_players, d)`` vectors; ``variant`` is 0 on-model, else the proposal."""
        rngs = [stream(self.seed, "build", player, level, variant) for player in players]
        return self.builder.build_many(vectors, rngs)

    def on_model(self, players: Sequence[int], level: int) -> BuiltBatch:
        """The on-model level of each player at this point of play."""
        return self.build(self.vectors(players, level), players, level)

    def calibration(self, first: int, last: int) -> tuple[Vectors, BuiltBatch]:
        """On-model levels ``first`` to ``last − 1`` of a pool nobody plays, for thresholds and for
        raising veterans: ``(n, d)`` vectors asked for, and what was built. Nobody plays them, so
        they are screened, not proven."""
        rngs = [stream(self.seed, "calibration", i) for i in range(first, last)]
        vectors = np.concatenate([self.model.sample(1, rng=rng) for rng in rngs])
        return vectors, self.builder.without_proof().build_many(vectors, rngs)

    def buildable(self, vectors: Vectors) -> Vectors:
        """``(n, d)`` each vector moved to the nearest one that can be built."""
        return self.builder.repair_many(vectors)[0]
