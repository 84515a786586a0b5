"""What a level does: the jump rules, and whether a level can be finished."""

from procgen_sim.platformer.reachability import Reach, reach, start_cell

__all__ = ["Reach", "reach", "start_cell"]
