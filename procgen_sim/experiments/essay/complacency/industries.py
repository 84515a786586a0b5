"""Where an industry begins: its hand-made work, and what people outside it could still make.

Two of them, of dots and of levels. Both are written in the spread of the hand-made work: each
parameter has mean 0 and standard deviation 1 there. So a distance means the same in both, and the
total variance of hand-made work is the number of parameters.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from functools import lru_cache
from typing import Final

import numpy as np
import numpy.typing as npt

from procgen_sim.experiments.essay.bodies import hand_made
from procgen_sim.experiments.essay.dots import CENTRES, SPACE, cluster_dots
from procgen_sim.levels.design import PARAMETERS

__all__ = ["Industry", "dots_industry", "levels_industry"]

Floats = npt.NDArray[np.float64]
Draw = Callable[[int, int, np.random.Generator], Floats]
"""``(lineages, levels)`` and a stream to ``(lineages, levels, d)``."""

_N_DOTS: Final = 40
"""Dots of a generation: about as many as the shipped corpora have levels."""

_DOT_SD: Final = 1.5
"""Spread of a cluster of dots, as :func:`cluster_dots` has it."""


@dataclass(frozen=True, kw_only=True)
class Industry:
    """What a lineage of generations starts from.

    Attributes
    ----------
    name
        What a generation is made of.
    key
        Address of its random streams.
    n_levels
        N, levels of one generation.
    low, high
        ``(d,)`` natural range of each parameter, in spreads of the hand-made work.
    begin
        Draws the hand-made work that each lineage starts from.
    drawn_anew
        Each lineage starts from work of its own, rather than all from the same.
    fresh
        Draws further work of the people who made it.
    """

    name: str
    key: int
    n_levels: int
    low: Floats
    high: Floats
    begin: Draw
    fresh: Draw
    drawn_anew: bool

    @property
    def n_parameters(self) -> int:
        """d, which is the total variance of the hand-made work, too."""
        return len(self.low)

    @property
    def first_variance(self) -> float:
        """Expected total variance of the first model: of a sample, or of the one body itself."""
        share = 1 - 1 / self.n_levels if self.drawn_anew else 1.0
        return self.n_parameters * share


def dots_industry() -> Industry:
    """The essay's two clusters; each lineage starts from dots of its own."""
    middle, half = np.mean(CENTRES), np.ptp(CENTRES) / 2
    spread = np.hypot(half, _DOT_SD)

    def fresh(n_lineages: int, n: int, rng: np.random.Generator) -> Floats:
        # In no order: whoever takes the first few must not take them from one cluster.
        dots = rng.permutation(cluster_dots(n_lineages * n, sd=_DOT_SD, rng=rng))
        return np.asarray((dots - middle) / spread).reshape(n_lineages, n, SPACE.n)

    return Industry(
        name="dots",
        key=0,
        n_levels=_N_DOTS,
        low=(SPACE.low - middle) / spread,
        high=(SPACE.high - middle) / spread,
        begin=fresh,
        fresh=fresh,
        drawn_anew=True,
    )


@lru_cache(maxsize=1)
def levels_industry() -> Industry:
    """The shipped hand-made levels; every lineage starts from all of them.

    Further hand-made work is one of these levels again, each drawn anew.
    """
    phi, _ = hand_made()
    centre, spread = phi.mean(axis=0), phi.std(axis=0)
    standard = (phi - centre) / spread

    def begin(n_lineages: int, n: int, rng: np.random.Generator) -> Floats:  # noqa: ARG001
        return np.broadcast_to(standard, (n_lineages, *standard.shape))

    def fresh(n_lineages: int, n: int, rng: np.random.Generator) -> Floats:
        return np.asarray(standard[rng.integers(len(standard), size=(n_lineages, n))])

    return Industry(
        name="levels",
        key=1,
        n_levels=len(standard),
        low=(np.array([p.low for p in PARAMETERS]) - centre) / spread,
        high=(np.array([p.high for p in PARAMETERS]) - centre) / spread,
        begin=begin,
        fresh=fresh,
        drawn_anew=False,
    )
