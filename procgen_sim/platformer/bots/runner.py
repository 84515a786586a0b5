"""The bot that sees: it runs to the right and jumps over what is in its way."""

from __future__ import annotations

from typing import Final

import numpy as np

from procgen_sim.levels import Affordance, Flags, Level
from procgen_sim.platformer.bots.bot import Bot
from procgen_sim.platformer.physics import Action
from procgen_sim.platformer.world import State, World

__all__ = ["Runner"]

_SOLID: Final = int(Affordance.SOLID)
_CARRIES: Final = int(Affordance.SOLID | Affordance.ONE_WAY | Affordance.CLIMBABLE)
_HAZARD: Final = int(Affordance.HAZARD)
_CLIMBABLE: Final = int(Affordance.CLIMBABLE)

_DEEP_ROWS: Final = 4
"""Ground that far below an edge is one to walk down to."""

_ENEMY_TILES: Final = 2
_HAZARD_TILES: Final = 1


class Runner(Bot):
    """Runs to the right. On the ground it looks a few tiles ahead: it jumps at a wall, at a hazard,
    at a creature and where the ground ends with nothing below. It keeps jump held while it rises,
    steers back from a hazard it would fall onto, and climbs ladders where a wall ends its way. It
    remembers nothing and plans nothing, so it fails where one has to.
    """

    def __init__(self, level: Level, *, rng: np.random.Generator) -> None:
        pass

    def __call__(self, world: World) -> int:
        state, flags = world.state, world.flags
        if state.climbing:
            return int(Action.UP)
        if not state.grounded:
            return int(self._in_the_air(world, state, flags))
        row, col = self._cell(world, state)
        wall = self._has(flags, row, col + 1, _SOLID)
        if wall and self._has(flags, row, col, _CLIMBABLE):
            return int(Action.UP)
        # Held down from the last jump, jump has to be let go of first.
        if not state.held and (wall or self._must_jump(world, state, flags)):
            return int(Action.RIGHT | Action.JUMP)
        return int(Action.RIGHT)

    def _must_jump(self, world: World, state: State, flags: Flags) -> bool:
        row, col = self._cell(world, state)
        if any(self._has(flags, row, col + n, _HAZARD) for n in range(1, _HAZARD_TILES + 1)):
            return True
        rules = world.rules
        right = state.x + rules.body_width
        for x, y, _, _, alive, _ in world.enemies().tolist():
            ahead = -rules.enemy_size < x - right < _ENEMY_TILES * rules.tile
            if alive and ahead and abs(y - state.y) < rules.tile:
                return True
        # The last tick on the ground, if one runs on.
        ends = not any(
            self._has(flags, row + 1, (x + state.vx) // rules.tile, _CARRIES)
            for x in (state.x, right - 1)
        )
        return ends and not any(
            self._has(flags, row + n, col + 1, _CARRIES)
            and not self._has(flags, row + n - 1, col + 1, _HAZARD)
            for n in range(2, _DEEP_ROWS + 1)
        )

    def _in_the_air(self, world: World, state: State, flags: Flags) -> Action:
        if state.vy < 0:
            return Action.RIGHT | Action.JUMP
        row, col = self._cell(world, state)
        for below in range(row, min(row + _DEEP_ROWS, flags.shape[0])):
            if self._has(flags, below, col + 1, _HAZARD):
                safe = self._has(flags, below + 1, col, _CARRIES)
                return Action.LEFT if safe and state.vx > 0 else Action.RIGHT
            if self._has(flags, below, col + 1, _CARRIES):
                break
        return Action.RIGHT

    @staticmethod
    def _cell(world: World, state: State) -> tuple[int, int]:
        """Row and column of the foot point."""
        return (state.y + world.rules.body_height - 1) // world.rules.tile, world.column

    @staticmethod
    def _has(flags: Flags, row: int, col: int, wanted: int) -> bool:
        inside = 0 <= row < flags.shape[0] and 0 <= col < flags.shape[1]
        return inside and bool(int(flags[row, col]) & wanted)
