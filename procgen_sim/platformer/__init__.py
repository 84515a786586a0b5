"""What a level does: the physics, a world to play it in, and whether it can be finished.

Rules: :class:`Rules` (:data:`RULES`), :class:`Action`, :class:`Event`, :data:`TICKS_PER_S`,
:data:`PHYSICS_VERSION`. Play: :class:`World`, :class:`State`, :class:`Change`; :class:`Replay`,
:func:`load_replay`, :func:`play_replay`, :func:`run_replay`. Verdicts: :func:`solve` gives a
:class:`Verdict` with its proof, :func:`prove` only looks for a way, quickly;
:func:`beyond_reach` proves that there is none (:class:`Bounds`); :func:`reach` is the screen by
jump rules (:class:`Reach`), from :func:`start_cell`.
"""

from procgen_sim.platformer.bounds import Bounds, beyond_reach
from procgen_sim.platformer.physics import (
    PHYSICS_VERSION,
    RULES,
    TICKS_PER_S,
    Action,
    Event,
    Rules,
)
from procgen_sim.platformer.reachability import Reach, reach, start_cell
from procgen_sim.platformer.replay import Replay, load_replay, play_replay, run_replay
from procgen_sim.platformer.solve import Verdict, prove, solve
from procgen_sim.platformer.world import Change, State, World

__all__ = [
    "PHYSICS_VERSION",
    "RULES",
    "TICKS_PER_S",
    "Action",
    "Bounds",
    "Change",
    "Event",
    "Reach",
    "Replay",
    "Rules",
    "State",
    "Verdict",
    "World",
    "beyond_reach",
    "load_replay",
    "play_replay",
    "prove",
    "reach",
    "run_replay",
    "solve",
    "start_cell",
]
