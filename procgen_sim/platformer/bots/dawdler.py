"""The bot that does as it likes: keys held by chance, for as long as people hold them."""

from __future__ import annotations

from typing import Final

import numpy as np

from procgen_sim.levels import Level
from procgen_sim.platformer.bots.bot import Bot
from procgen_sim.platformer.physics import TICKS_PER_S, Action
from procgen_sim.platformer.world import World

__all__ = ["Dawdler"]

_WAYS: Final = (
    (Action.RIGHT, 0.62),
    (Action.LEFT, 0.14),
    (Action(0), 0.14),
    (Action.UP, 0.06),
    (Action.DOWN, 0.04),
)
"""Where to go, and the share of its decisions."""

_P_JUMP: Final = 0.5
_SHORTEST_S: Final = 0.08
_MEAN_FURTHER_S: Final = 0.35


class Dawdler(Bot):
    """Two hands that decide on their own: one holds a direction, the other presses jump.

    A direction or a jump is held for at least a twelfth of a second or so, and for an exponential
    time on top. Every attempt at a level goes on drawing, so no two are the same.
    """

    def __init__(self, level: Level, *, rng: np.random.Generator) -> None:  # noqa: ARG002
        self._rng = rng
        self._way = Action(0)
        self._jump = Action(0)
        self._n_way = self._n_jump = 0

    def __call__(self, world: World) -> int:  # noqa: ARG002
        if self._n_way == 0:
            chances = [chance for _, chance in _WAYS]
            self._way = _WAYS[int(self._rng.choice(len(_WAYS), p=chances))][0]
            self._n_way = self._ticks()
        if self._n_jump == 0:
            # Never pressed twice without letting go: that would be one long press.
            pressed = not self._jump and self._rng.random() < _P_JUMP
            self._jump = Action.JUMP if pressed else Action(0)
            self._n_jump = self._ticks()
        self._n_way -= 1
        self._n_jump -= 1
        return int(self._way | self._jump)

    def _ticks(self) -> int:
        held_s = _SHORTEST_S + self._rng.exponential(_MEAN_FURTHER_S)
        return max(round(held_s * TICKS_PER_S), 1)
