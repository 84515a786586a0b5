"""``novelty``: the level least like anything this audience was shown.

Novelty search asks for distance from an archive and for nothing else [Lehman2011]_. The archive is
everything shown, breaks included, so no two breaks are alike for long. The novelty of a level is
its *sparseness*, the mean distance to its k nearest neighbours μ₁ … μ_k in the archive

    ρ(x) = 1/k Σ_i ‖x − μ_i‖

in unit coordinates, where the builder would put it.
"""

from __future__ import annotations

from typing import Final

import numpy as np

from procgen_sim.injection.outside import Outside, Vectors

__all__ = ["N_NEIGHBOURS", "archive_of", "novelty", "sparseness"]

N_NEIGHBOURS: Final = 3
"""k, which [Lehman2011]_ find by experiment, for far larger archives. A player meets tens of
levels, of which few are breaks, and what was shown three times is not to count as new. On the
essay's dots, breaks with k = 15 are hardly further apart than without looking."""

_N_IMAGINED: Final = 96
"""Levels compared with the archive: anything at all within the natural ranges."""


def novelty(outside: Outside, n: int, *, rng: np.random.Generator) -> Vectors:
    """``(n, d)`` buildable vectors from all over the natural ranges, the most novel first."""
    space = outside.model.space
    imagined = space.from_unit(rng.random((max(n, _N_IMAGINED), space.n)))
    built = outside.buildable(imagined)
    new = sparseness(space.to_unit(built), archive_of(outside))
    return np.asarray(built[np.argsort(-new, kind="stable")[:n]])


def sparseness(units: Vectors, archive: Vectors, k: int = N_NEIGHBOURS) -> Vectors:
    """``(n, d)`` points to ``(n,)`` mean distances from the k nearest of ``(m, d)`` others, of all
    where there are fewer; 0 where there is none, when nothing is newer than anything else."""
    if not len(archive):
        return np.zeros(len(units))
    squares = np.zeros((len(units), len(archive)))
    for j in range(units.shape[1]):
        squares += (units[:, j, np.newaxis] - archive[:, j]) ** 2
    nearest = np.sort(np.sqrt(squares), axis=1)[:, :k]
    return np.asarray(nearest.mean(axis=1))


def archive_of(outside: Outside) -> Vectors:
    """``(m, d)`` everything the audience was shown, in unit coordinates."""
    space, shown = outside.model.space, outside.audience.shown
    return space.to_unit(np.reshape(shown, (len(shown), space.n)))
