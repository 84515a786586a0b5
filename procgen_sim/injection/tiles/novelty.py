"""``novelty``: the level least like anything shown so far.

Novelty search asks for distance from an archive and for nothing else [Lehman2011]_. Distance here
is perceptual (:mod:`procgen_sim.levels.similarity`), the archive is what was shown.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from typing import Final

import numpy as np

from procgen_sim.injection.tiles.outside import TileOutside, ordinary
from procgen_sim.levels.body import Lines, as_grid

__all__ = ["novelty"]

_N_CANDIDATES: Final = 12
_COOLEST, _WARMEST = 1.2, 2.0
"""Temperatures of the candidates: what the model would hardly make, and what it would not."""

_N_ARCHIVE: Final = 64
"""Levels of the archive that candidates are compared with: evenly over all that was shown."""


def novelty(
    outside: TileOutside, shown: Sequence[Lines], *, rng: np.random.Generator
) -> Iterator[Lines]:
    """Candidates by their distance from the nearest level shown, the furthest first."""
    from procgen_sim.levels.similarity import describe, distances

    candidates = [
        ordinary(outside, temperature=float(temperature), rng=rng)
        for temperature in np.linspace(_COOLEST, _WARMEST, _N_CANDIDATES)
    ]
    every = max(1, -(-len(shown) // _N_ARCHIVE))
    archive = [describe(as_grid(lines, outside.order)) for lines in shown[::every]]
    nearest = [
        float(distances(as_grid(lines, outside.order), archive).min()) if archive else 0.0
        for lines in candidates
    ]
    for index in np.argsort(-np.array(nearest), kind="stable"):
        yield candidates[int(index)]
