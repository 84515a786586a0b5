"""What a level is."""

from procgen_sim.levels.level import Level
from procgen_sim.levels.tileset import Affordance, Flags, Tileset

__all__ = ["Affordance", "Flags", "Level", "Tileset"]
