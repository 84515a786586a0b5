"""What bots have in common."""

from __future__ import annotations

from abc import ABC, abstractmethod

import numpy as np

from procgen_sim.levels import Level
from procgen_sim.platformer.world import World

__all__ = ["Bot"]


class Bot(ABC):
    """A player of one level.

    Parameters
    ----------
    level
        The level it is going to play.
    rng
        For whatever it leaves to chance; stream "bot".
    """

    @abstractmethod
    def __init__(self, level: Level, *, rng: np.random.Generator) -> None: ...

    @abstractmethod
    def __call__(self, world: World) -> int:
        """The :class:`~.physics.Action` bits held in the coming tick.

        Asked once a tick, in order. The world may have begun again since the last one.
        """
