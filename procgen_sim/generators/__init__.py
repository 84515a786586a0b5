"""Where levels come from.

Nouns: :class:`Builder` turns a design vector into a playable level (:class:`Built`,
:class:`BuiltBatch`); :class:`FittedGenerator` draws the vectors from a design model.
:class:`TileGenerator` needs no builder: it goes on by itself from the levels it learned
(:class:`Screened`).
"""

from procgen_sim.generators.builder import Builder, Built, BuiltBatch
from procgen_sim.generators.fitted import FittedGenerator
from procgen_sim.generators.tile import Screened, TileGenerator

__all__ = ["Builder", "Built", "BuiltBatch", "FittedGenerator", "Screened", "TileGenerator"]
