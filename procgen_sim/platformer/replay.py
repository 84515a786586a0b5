"""Replays: what was held in each tick, kept so that it can be played again and prove something.

A replay file, all numbers little-endian:

======  =====  ==========================================================
offset  bytes  what
======  =====  ==========================================================
0       8      :data:`MAGIC`; breaks when the file is handled as text
8       2      :data:`FORMAT`
10      2      :data:`~.physics.PHYSICS_VERSION` it was played by
12      4      ticks
16      16     the level's digest, see :meth:`~procgen_sim.levels.Level.digest`
32      8      seed
40      8      BLAKE2b of everything else
48      ticks  one byte a tick: the :class:`~.physics.Action` bits held
======  =====  ==========================================================
"""

from __future__ import annotations

import hashlib
import re
import struct
from collections.abc import Iterator
from dataclasses import dataclass, field
from pathlib import Path
from typing import Final

from procgen_sim._checks import InputError, check_int
from procgen_sim.files import write_bytes
from procgen_sim.levels import Level
from procgen_sim.levels.reading import as_path, read_bytes, shown
from procgen_sim.platformer.physics import PHYSICS_VERSION, Action
from procgen_sim.platformer.world import World

__all__ = ["FORMAT", "MAGIC", "SUFFIX", "Replay", "load_replay", "play_replay", "run_replay"]

SUFFIX: Final = ".replay"
"""What the names of replay files end in."""

MAGIC: Final = b"\x89PGSR\r\n\x1a"
FORMAT: Final = 1

_HEADER: Final = struct.Struct("<8sHHI16sQ")
_CHECKSUM_BYTES: Final = 8
_N_BEFORE: Final = _HEADER.size + _CHECKSUM_BYTES
_ALL_ACTIONS: Final = int(~Action(0))
_EXPECTED: Final = "a replay file"


@dataclass(frozen=True, kw_only=True)
class Replay:
    """The input of one play of one level.

    Attributes
    ----------
    version
        The :data:`~.physics.PHYSICS_VERSION` it was played by.
    digest
        Of the level: 32 hexadecimal digits.
    seed
        Of the run in which it was played, 0 to 2⁶⁴ − 1; 0 where no chance had a part.
    actions
        ``(n_ticks,)`` bytes, the :class:`~.physics.Action` bits held in each tick.

    Raises
    ------
    InputError
        If any of them is not that.
    """

    version: int = PHYSICS_VERSION
    digest: str
    seed: int = 0
    actions: bytes = field(repr=False)

    def __post_init__(self) -> None:
        check_int("replay version", self.version, low=0, high=2**16 - 1)
        check_int("replay seed", self.seed, low=0, high=2**64 - 1)
        if not re.fullmatch("[0-9a-f]{32}", self.digest):
            raise InputError(
                "replay digest", expected="32 hexadecimal digits", found=repr(self.digest)
            )
        wrong = max(self.actions, default=0)
        if wrong > _ALL_ACTIONS:
            raise InputError(
                "replay",
                expected=f"actions from 0 to {_ALL_ACTIONS}",
                found=f"{wrong} in tick {self.actions.index(wrong)}",
            )

    @property
    def n_ticks(self) -> int:
        """How long it is."""
        return len(self.actions)

    def save(self, path: Path | str) -> None:
        """Write the replay: the whole file, or none of it.

        Raises
        ------
        InputError
            If the place cannot be written.
        """
        header = _HEADER.pack(
            MAGIC, FORMAT, self.version, self.n_ticks, bytes.fromhex(self.digest), self.seed
        )
        checksum = _checksum(header, self.actions)
        write_bytes(as_path(path), header + checksum + self.actions)


def load_replay(path: Path | str) -> Replay:
    """Read a replay that :meth:`Replay.save` wrote.

    Raises
    ------
    InputError
        If the file cannot be read, is not a replay, is of another format or played by other
        physics than ours, was cut short or damaged.
    """
    path = as_path(path)
    where = shown(path)
    data = read_bytes(path, _EXPECTED)
    if data[: len(MAGIC)] != MAGIC[: len(data)]:
        raise InputError(where, expected=_EXPECTED, found="a file of another kind")
    if len(data) < _N_BEFORE:
        found = f"only the first {len(data)} bytes"
        raise InputError(where, expected=f"{_EXPECTED} with its header", found=found)
    _, written, version, n_ticks, digest, seed = _HEADER.unpack_from(data)
    if written != FORMAT:
        raise InputError(where, expected=f"a replay in format {FORMAT}", found=f"format {written}")
    checksum, actions = data[_HEADER.size : _N_BEFORE], data[_N_BEFORE:]
    if len(actions) != n_ticks:
        raise InputError(where, expected=f"{n_ticks:,} ticks", found=f"{len(actions):,}")
    if checksum != _checksum(data[: _HEADER.size], actions):
        raise InputError(where, expected=f"{_EXPECTED} as it was written", found="a damaged one")
    if version != PHYSICS_VERSION:
        raise _of_other_physics(where, version)
    try:
        return Replay(version=version, digest=digest.hex(), seed=seed, actions=actions)
    except InputError as error:
        raise InputError(where, expected=error.expected, found=error.found) from None


def play_replay(level: Level, replay: Replay) -> Iterator[World]:
    """Play a replay from the start of its level, until it or the play is over.

    Yields
    ------
    The world, the same one each time: before the first tick, and after every tick.

    Raises
    ------
    InputError
        If the replay is of another level or of other physics.
    """
    if replay.version != PHYSICS_VERSION:
        raise _of_other_physics("replay", replay.version)
    if replay.digest != level.digest():
        raise InputError(
            f"level {level.name!r}",
            expected=f"the level that the replay plays (digest {replay.digest[:8]}…)",
            found=f"another one ({level.digest()[:8]}…)",
            do="name the level as it was, or solve it again",
        )
    world = World(level)
    yield world
    for action in replay.actions:
        if world.status != "playing":
            return
        world.step(action)
        yield world


def run_replay(level: Level, replay: Replay) -> World:
    """The world after a replay; its ``status`` says how it ended. Errors as
    :func:`play_replay`."""
    world = next(play_replay(level, replay))
    world.play(replay.actions)
    return world


def _of_other_physics(where: str, version: int) -> InputError:
    return InputError(
        where,
        expected=f"a replay of physics version {PHYSICS_VERSION}",
        found=f"version {version}",
        do="play it with the release that made it, or solve the level again",
    )


def _checksum(header: bytes, actions: bytes) -> bytes:
    return hashlib.blake2b(header + actions, digest_size=_CHECKSUM_BYTES).digest()
