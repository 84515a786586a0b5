"""Where levels come from.

Nouns: :class:`Builder` turns a design vector into a playable level (:class:`Built`,
:class:`BuiltBatch`); :class:`FittedGenerator` draws the vectors from a design model.
"""

from procgen_sim.generators.builder import Builder, Built, BuiltBatch
from procgen_sim.generators.fitted import FittedGenerator

__all__ = ["Builder", "Built", "BuiltBatch", "FittedGenerator"]
