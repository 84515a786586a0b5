"""The bot that knows: it plays the proof that the level can be finished."""

from __future__ import annotations

import numpy as np

from procgen_sim._checks import InputError
from procgen_sim.levels import Level
from procgen_sim.platformer.bots.bot import Bot
from procgen_sim.platformer.solve import solve
from procgen_sim.platformer.world import World

__all__ = ["Solver"]


class Solver(Bot):
    """Plays :func:`.solve.solve`'s replay, and lets go of all keys when it is over.

    Raises
    ------
    InputError
        If there is no proof to play.
    """

    def __init__(self, level: Level, *, rng: np.random.Generator) -> None:  # noqa: ARG002
        found = solve(level)
        if found.replay is None:
            raise InputError(
                f"level {level.name!r}",
                expected="a level that is proven playable",
                found=f"{found.verdict} ({found.reason})",
                do="let another bot try",
            )
        self._actions = found.replay.actions

    def __call__(self, world: World) -> int:
        return self._actions[world.tick] if world.tick < len(self._actions) else 0
