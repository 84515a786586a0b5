"""``noise``: what the model makes when it is run hot. Careless divergence, the control."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from typing import Final

import numpy as np

from procgen_sim.injection.tiles.outside import TileOutside, ordinary
from procgen_sim.levels.body import Lines

__all__ = ["noise"]

_N_CANDIDATES: Final = 16
_COOLEST, _HOTTEST = 1.2, 3.0
"""Temperatures of the first and the last candidate: the hotter, the fewer can be played."""

_ATTEMPTS: Final = 12
"""Samples drawn at a temperature until one can be played."""


def noise(
    outside: TileOutside,
    shown: Sequence[Lines],  # noqa: ARG001 - it does not look
    *,
    rng: np.random.Generator,
) -> Iterator[Lines]:
    """Samples that follow the model less and less: no author, no idea."""
    for temperature in np.geomspace(_COOLEST, _HOTTEST, _N_CANDIDATES):
        yield ordinary(outside, temperature=float(temperature), attempts=_ATTEMPTS, rng=rng)
