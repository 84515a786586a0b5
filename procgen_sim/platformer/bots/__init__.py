"""Bots: programs that hold keys, one file each, called once a tick with the world they play in.

:class:`Bot` is what they have in common, :data:`BOTS` lists them by name, :func:`make_bot` makes
one for a level: :class:`Solver` plays a proof, :class:`Runner` what it sees, :class:`Dawdler` by
chance.
"""

from procgen_sim.platformer.bots.bot import Bot
from procgen_sim.platformer.bots.dawdler import Dawdler
from procgen_sim.platformer.bots.registry import BOTS, make_bot
from procgen_sim.platformer.bots.runner import Runner
from procgen_sim.platformer.bots.solver import Solver

__all__ = ["BOTS", "Bot", "Dawdler", "Runner", "Solver", "make_bot"]
