"""Where to go when leaving the model: one idea a file, registered by one line.

A proposal's number is the address of its random streams: append, never renumber.
"""

from __future__ import annotations

from typing import Final

import numpy as np

from procgen_sim.injection.outside import Outside, Proposal, Vectors
from procgen_sim.injection.proposals.between import between
from procgen_sim.injection.proposals.extrapolate import extrapolate
from procgen_sim.injection.proposals.noise import noise
from procgen_sim.injection.proposals.outlier import outlier

__all__ = ["AUTHORED", "PROPOSALS", "PROPOSAL_ADDRESS", "Outside", "Proposal", "propose"]

PROPOSALS: Final[dict[str, Proposal]] = {
    "noise": noise,
    "outlier": outlier,
    "between": between,
    "extrapolate": extrapolate,
}

AUTHORED: Final = "authored"
"""The proposal that shows levels of a library as they are, and uses it up."""

PROPOSAL_ADDRESS: Final[dict[str, int]] = {name: i + 1 for i, name in enumerate(PROPOSALS)}
"""Proposal to the last key of its streams; 0 is on-model."""

_N_CANDIDATES: Final = 32
"""Candidates looked at before the least dense of them has to do."""


def propose(name: str, outside: Outside, *, rng: np.random.Generator) -> Vectors | None:
    """One vector off the model: the first candidate that is outside the region once it is built.

    Where none of the candidates is – ``between`` under a model that fills the space between its
    clusters – the least dense one is returned; the level's record tells.

    Returns
    -------
    ``(d,)`` a vector in natural units as it was imagined. The builder moves it to the nearest
    buildable one, which is what was judged here, and the level's record says how far. None if the
    proposal has nowhere left to go: a library that is used up.

    Raises
    ------
    KeyError
        If there is no such proposal (names from people are checked by :func:`parse_arm`).
    """
    candidates = PROPOSALS[name](outside, _N_CANDIDATES, rng=rng)
    if not len(candidates):
        return None
    log_density = outside.model.log_density(outside.delivered(candidates))
    off = np.flatnonzero(outside.region.is_off(log_density))
    chosen = off[0] if len(off) else np.argmin(log_density)
    vector: Vectors = candidates[int(chosen)]
    return vector
