"""The bots by name."""

from __future__ import annotations

from typing import Final

import numpy as np

from procgen_sim._checks import check_choice
from procgen_sim.levels import Level
from procgen_sim.platformer.bots.bot import Bot
from procgen_sim.platformer.bots.dawdler import Dawdler
from procgen_sim.platformer.bots.runner import Runner
from procgen_sim.platformer.bots.solver import Solver

__all__ = ["BOTS", "make_bot"]

BOTS: Final[dict[str, type[Bot]]] = {
    "solver": Solver,
    "runner": Runner,
    "dawdler": Dawdler,
}


def make_bot(name: str, level: Level, *, rng: np.random.Generator) -> Bot:
    """A bot for a level.

    Parameters
    ----------
    name
        A key of :data:`BOTS`.
    level
        What it is going to play.
    rng
        For what it leaves to chance; stream "bot".

    Raises
    ------
    InputError
        If there is no bot of that name, or it cannot play this level.

    Examples
    --------
    >>> from procgen_sim.levels import Tileset
    >>> from procgen_sim.platformer import World
    >>> from procgen_sim.rng import stream
    >>> tiles = Tileset({"-": ("empty",), "X": ("solid",)})
    >>> level = Level.from_rows(["--------"] * 6 + ["XXX--XXX"], tiles)
    >>> world, bot = World(level), make_bot("runner", level, rng=stream(1, "bot", 0))
    >>> while world.status == "playing":
    ...     _ = world.step(bot(world))
    >>> world.status
    'won'
    """
    return BOTS[check_choice("bot", name, BOTS)](level, rng=rng)
