"""Where to go when leaving the model: one idea a file, registered by one line.

A proposal's number is the address of its random streams: append, never renumber.
"""

from __future__ import annotations

from importlib.util import find_spec
from typing import Final

import numpy as np

from procgen_sim._checks import InputError
from procgen_sim.injection.outside import Outside, Proposal, Vectors
from procgen_sim.injection.proposals.authored import authored
from procgen_sim.injection.proposals.between import between
from procgen_sim.injection.proposals.extrapolate import extrapolate
from procgen_sim.injection.proposals.noise import noise
from procgen_sim.injection.proposals.novelty import novelty
from procgen_sim.injection.proposals.outlier import outlier
from procgen_sim.injection.proposals.quality_diversity import quality_diversity
from procgen_sim.injection.proposals.trope_break import trope_break

__all__ = [
    "AUTHORED",
    "NEEDS_EXTRA",
    "PROPOSALS",
    "PROPOSAL_ADDRESS",
    "SELF_CONTAINED",
    "Outside",
    "Proposal",
    "check_installed",
    "is_installed",
    "propose",
]

PROPOSALS: Final[dict[str, Proposal]] = {
    "noise": noise,
    "outlier": outlier,
    "between": between,
    "extrapolate": extrapolate,
    "trope_break": trope_break,
    "novelty": novelty,
    "authored": authored,
    "quality_diversity": quality_diversity,
}

AUTHORED: Final = "authored"
"""The proposal that shows levels of a library as they are, and uses it up."""

NEEDS_EXTRA: Final = {"quality_diversity": ("ribs", "pyribs", "search")}
"""Proposal to the module that it needs, what that is called, and the extra that brings it."""

SELF_CONTAINED: Final = tuple(
    name for name in PROPOSALS if name != AUTHORED and name not in NEEDS_EXTRA
)
"""Proposals that need neither levels from people nor an extra: what is found with all of these does
not depend on what is installed."""

PROPOSAL_ADDRESS: Final[dict[str, int]] = {name: i + 1 for i, name in enumerate(PROPOSALS)}
"""Proposal to the last key of its streams; 0 is on-model."""

_N_CANDIDATES: Final = 32
"""Candidates looked at before the least dense of them has to do."""

_N_AT_ONCE: Final = 8
"""Candidates judged together: mostly one of the first is off the model."""


def check_installed(name: str, *, where: str) -> str:
    """Return the name of a proposal whose extra, if it needs one, is installed.

    Raises
    ------
    InputError
        If it is not: says how to get it.
    """
    if not is_installed(name):
        _, called, extra = NEEDS_EXTRA[name]
        raise InputError(
            where,
            expected=f"{called}, for {name!r}",
            found="none installed",
            do=f'python -m pip install "procgen-sim[{extra}]"',
        )
    return name


def is_installed(name: str) -> bool:
    """Whether a proposal has the extra that it needs, if it needs one."""
    return name not in NEEDS_EXTRA or find_spec(NEEDS_EXTRA[name][0]) is not None


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
    densities = []
    for first in range(0, len(candidates), _N_AT_ONCE):
        some = outside.delivered(candidates[first : first + _N_AT_ONCE])
        densities.append(outside.model.log_density(some))
        off = np.flatnonzero(outside.region.is_off(densities[-1]))
        if len(off):
            return _one(candidates, first + int(off[0]))
    return _one(candidates, int(np.argmin(np.concatenate(densities))))


def _one(candidates: Vectors, place: int) -> Vectors:
    vector: Vectors = candidates[place]
    return vector
