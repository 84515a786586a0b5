"""Leaving a tile model on purpose, in any game: one idea a file, registered by one line.

A proposal's number is the address of its random streams: append, never renumber.
"""

from __future__ import annotations

from collections.abc import Sequence
from typing import Final

import numpy as np

from procgen_sim._checks import check_choice
from procgen_sim.injection.tiles.noise import noise
from procgen_sim.injection.tiles.novelty import novelty
from procgen_sim.injection.tiles.outside import TileOutside, TileProposal, ordinary
from procgen_sim.injection.tiles.trope_break import trope_break
from procgen_sim.levels.body import Lines

__all__ = [
    "TILE_PROPOSALS",
    "TILE_PROPOSAL_ADDRESS",
    "TileOutside",
    "TileProposal",
    "propose_tiles",
]

TILE_PROPOSALS: Final[dict[str, TileProposal]] = {
    "noise": noise,
    "trope_break": trope_break,
    "novelty": novelty,
}

TILE_PROPOSAL_ADDRESS: Final[dict[str, int]] = {
    name: i + 1 for i, name in enumerate(TILE_PROPOSALS)
}
"""Proposal to the last key of its streams; 0 is on-model."""


def propose_tiles(
    name: str, outside: TileOutside, shown: Sequence[Lines], *, rng: np.random.Generator
) -> Lines:
    """One level off the model: the first candidate that is outside the region and can be played.

    Where none is, the least dense of those that can be played, or else of all; the level's record
    tells.

    Parameters
    ----------
    name
        A key of :data:`TILE_PROPOSALS`.
    outside
        What is to be left.
    shown
        What was played so far, as lines in the model's alphabet.
    rng
        The level's own stream.

    Raises
    ------
    InputError
        If there is no such proposal.
    """
    check_choice("proposal", name, TILE_PROPOSALS)
    least: tuple[bool, float, Lines] | None = None
    for candidate in TILE_PROPOSALS[name](outside, shown, rng=rng):
        lines = outside.tidied(candidate)
        playable, density = outside.playable(lines), outside.model.log_density(lines)
        if playable and outside.region.is_off(density):
            return lines
        if least is None or (not playable, density) < least[:2]:
            least = (not playable, density, lines)
    if least is None:  # a proposal that found nowhere to go
        return outside.tidied(ordinary(outside, rng=rng))
    return least[2]
