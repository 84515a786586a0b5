"""What a proposal in tiles may know, and the face all of them share."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass
from typing import Final, Protocol

import numpy as np

from procgen_sim.levels.body import Lines, Order
from procgen_sim.models.fixed_tile import FixedTileModel
from procgen_sim.models.region import DensityRegion
from procgen_sim.models.tile import TileModel

__all__ = ["TileOutside", "TileProposal", "ordinary"]

_ATTEMPTS: Final = 50
"""Samples drawn until one can be played."""


@dataclass(frozen=True, kw_only=True, eq=False)
class TileOutside:
    """The tile model that is to be left, and what counts as having left it.

    Attributes
    ----------
    model
        The generator's model, which has learned its levels.
    region
        Its highest-density region, of log densities per line.
    order
        The order in which levels are met.
    n_lines, line_length
        Size of the levels to propose.
    playable
        Whether a level may be given to anybody; always True where that is not known.
    tidied
        A level with what the game has one of (a start, a goal) left but once.
    audience
        What those who are to be surprised know of the generator; None for all that its own model
        knows.
    """

    model: FixedTileModel
    region: DensityRegion
    order: Order
    n_lines: int
    line_length: int
    playable: Callable[[Lines], bool]
    tidied: Callable[[Lines], Lines]
    audience: TileModel | None = None

    def is_off(self, lines: Lines) -> bool:
        """Whether a level is off the model."""
        return bool(self.region.is_off(self.model.log_density(lines)))


class TileProposal(Protocol):
    """Where to go when the schedule says to break: candidate levels, the preferred first.

    A proposal only imagines; :func:`procgen_sim.injection.tiles.propose_tiles` keeps the first
    candidate that is off the model and can be played. Candidates are made as they are asked for.
    """

    def __call__(
        self, outside: TileOutside, shown: Sequence[Lines], *, rng: np.random.Generator
    ) -> Iterator[Lines]:
        """Some ``(n_lines, line_length)`` candidates; ``shown`` is what was played so far."""


def ordinary(
    outside: TileOutside,
    *,
    temperature: float = 1.0,
    attempts: int = _ATTEMPTS,
    rng: np.random.Generator,
) -> Lines:
    """A level that the model makes, playable if one of the first samples is."""
    for _ in range(attempts):
        lines = outside.model.sample(
            outside.n_lines, outside.line_length, temperature=temperature, rng=rng
        )
        if outside.playable(lines):
            break
    return lines
