"""The world: a level being played, one tick after the other.

>>> from procgen_sim.levels import Level, Tileset
>>> from procgen_sim.platformer import Action
>>> tiles = Tileset({"-": ("empty",), "X": ("solid",), "F": ("goal",)})
>>> world = World(Level.from_rows(["------", "-----F", "XXXXXX"], tiles))
>>> while world.status == "playing":
...     happened = world.step(Action.RIGHT)
>>> world.status, world.tick, happened
('won', 63, <Event.WON: 256>)
"""

from __future__ import annotations

from typing import Final, NamedTuple

import numpy as np
import numpy.typing as npt

from procgen_sim._checks import InputError
from procgen_sim.levels import Flags, Level
from procgen_sim.platformer.physics import RULES, Event, Rules
from procgen_sim.platformer.terrain import Terrain, make_terrain

__all__ = ["Change", "State", "World"]

_STATUS: Final = ("playing", "won", "dead")
_CAUSES: Final = ("", "fell", "hazard", "enemy")
_CHANGES: Final = {1: "coin", 2: "bonus", 3: "broken"}
_CREATURE_GONE: Final = 4


class State(NamedTuple):
    """Everything that changes about the player, whole numbers; places in units, speeds in units a
    tick.

    Attributes
    ----------
    x, y
        Left and top edge of the box.
    vx, vy
        Speed to the right and downwards.
    grounded, jumping, climbing
        1 if standing; rising from a jump with jump held; on a ladder.
    climb_dir
        −1 or +1, the way to the next rung.
    coyote
        Ticks left in which one may still jump from ground that has run out.
    ledge_y
        Top edge of the box on that ground.
    buffer
        Ticks for which the last press of jump is still remembered.
    held
        1 if jump was held in the last tick.
    status
        0 playing, 1 won, 2 dead.
    cause
        Of death: 0 none, 1 fell, 2 hazard, 3 creature.
    tick
        Ticks played.
    facing
        −1 to the left, +1 to the right.
    coins
        Collectables taken and bonuses received.
    n_changes, n_broken
        Changes of tiles and creatures so far; tiles broken.
    """

    x: int
    y: int
    vx: int
    vy: int
    grounded: int
    jumping: int
    climbing: int
    climb_dir: int
    coyote: int
    ledge_y: int
    buffer: int
    held: int
    status: int
    cause: int
    tick: int
    facing: int
    coins: int
    n_changes: int
    n_broken: int


class Change(NamedTuple):
    """A tile that looks different now.

    Attributes
    ----------
    tick
        In which tick that happened, from 0.
    row, col
        Where.
    what
        ``coin`` taken, ``bonus`` given, or ``broken``.
    """

    tick: int
    row: int
    col: int
    what: str


class World:
    """A level being played.

    Parameters
    ----------
    level
        What to play.
    rules
        The numbers of the physics.

    Attributes
    ----------
    level, rules, terrain
        What is played, by which numbers, and what the physics make of it.

    Raises
    ------
    InputError
        If there is nowhere to stand in the level.
    """

    def __init__(self, level: Level, *, rules: Rules = RULES) -> None:
        self.level, self.rules = level, rules
        self.terrain: Terrain = make_terrain(level, rules)
        if self.terrain.start is None:
            raise InputError(
                f"level {level.name!r}", expected="somewhere to stand", found="no ground at all"
            )
        self.reset()

    def reset(self) -> None:
        """Begin the level again."""
        from procgen_sim.platformer.world_kernel import framed

        terrain = self.terrain
        assert terrain.start is not None
        self._flags = framed(terrain.flags)
        self._gone = np.zeros(len(terrain.creatures), np.uint8)
        self._changes = np.zeros((terrain.n_changes, 4), np.int64)
        self._state = first_state(terrain)
        self._n_seen = 0

    def step(self, action: int) -> Event:
        """Play one tick with these :class:`~.physics.Action` bits held; nothing happens any more
        once the level is won or the player dead.

        Returns
        -------
        What happened.
        """
        from procgen_sim.platformer.world_kernel import tick

        self._n_seen = int(self._state[17])
        if self._state[12]:
            return Event(0)
        return Event(
            tick(
                self.rules,
                self._flags,
                self.terrain.creatures,
                self._gone,
                self._changes,
                self._state,
                int(action),
                self.terrain.has_goal,
            )
        )

    def play(self, actions: bytes) -> Event:
        """Play many ticks, one byte each, until they or the play are over.

        Returns
        -------
        Everything that happened.
        """
        from procgen_sim.platformer.world_kernel import play

        self._n_seen = int(self._state[17])
        return Event(
            play(
                self.rules,
                self._flags,
                self.terrain.creatures,
                self._gone,
                self._changes,
                self._state,
                np.frombuffer(actions, np.uint8),
                self.terrain.has_goal,
            )
        )

    @property
    def state(self) -> State:
        """The player, now."""
        return State(*self._state.tolist())

    @property
    def tick(self) -> int:
        """Ticks played."""
        return int(self._state[14])

    @property
    def status(self) -> str:
        """``playing``, ``won`` or ``dead``."""
        return _STATUS[int(self._state[12])]

    @property
    def cause(self) -> str:
        """Of death: ``fell``, ``hazard`` or ``enemy``; empty while alive."""
        return _CAUSES[int(self._state[13])]

    @property
    def n_coins(self) -> int:
        """Collectables taken and bonuses received."""
        return int(self._state[16])

    @property
    def column(self) -> int:
        """The column of the body's middle, from 0."""
        return (int(self._state[0]) + self.rules.body_width // 2) // self.rules.tile

    @property
    def flags(self) -> Flags:
        """``(rows, columns)`` what the tiles afford now, creatures taken out; a copy."""
        return self._flags[1:-1, 1:-1].copy()

    @property
    def changes(self) -> list[Change]:
        """The tiles that look different than at the start, in the order in which they changed."""
        return self._listed(0)

    @property
    def last_changes(self) -> list[Change]:
        """The changes of the last tick."""
        return self._listed(self._n_seen)

    def _listed(self, first: int) -> list[Change]:
        rows = self._changes[first : int(self._state[17])].tolist()
        return [
            Change(when, row, col, _CHANGES[kind])
            for kind, row, col, when in rows
            if kind != _CREATURE_GONE
        ]

    def enemies(self) -> npt.NDArray[np.int64]:
        """``(n, 6)`` the creatures now: left and top edge in units, direction −1 or +1, 1 if it
        flies, 1 if it is alive, and its tile code."""
        creatures, rules = self.terrain.creatures, self.rules
        low, high = creatures[:, 1], creatures[:, 2]
        span = np.maximum(high - low, 1)
        way = (creatures[:, 3] + rules.enemy_speed * self.tick) % (2 * span)
        there = way < span
        still = high == low
        x = np.where(still, low, low + np.where(there, way, 2 * span - way))
        return np.column_stack(
            [
                x,
                creatures[:, 0],
                np.where(there & ~still, 1, -1),
                creatures[:, 4],
                1 - self._gone.astype(np.int64),
                self.terrain.creature_codes.astype(np.int64),
            ]
        )

    def copy(self) -> World:
        """The same moment, to be played on independently."""
        other = object.__new__(World)
        other.level, other.rules, other.terrain = self.level, self.rules, self.terrain
        other._flags, other._gone = self._flags.copy(), self._gone.copy()
        other._changes, other._state = self._changes.copy(), self._state.copy()
        other._n_seen = self._n_seen
        return other

    def key(self) -> bytes:
        """The moment's identity: worlds of one level with equal keys play on alike."""
        return b"".join(
            (
                self._state.astype("<i8").tobytes(),
                self._gone.tobytes(),
                self._flags.astype("<u2").tobytes(),
            )
        )

    def __eq__(self, other: object) -> bool:
        if not isinstance(other, World):
            return NotImplemented
        return self.level == other.level and self.rules == other.rules and self.key() == other.key()

    def __hash__(self) -> int:
        return hash((self.level, self.key()))


def first_state(terrain: Terrain) -> npt.NDArray[np.int64]:
    """The state vector when play begins."""
    assert terrain.start is not None
    x, y = terrain.start
    start = dict.fromkeys(State._fields, 0) | {"x": x, "y": y, "ledge_y": y, "facing": 1}
    return np.array([start[name] for name in State._fields], np.int64)
