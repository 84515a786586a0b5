"""Replays: kept exactly, refused when anything about them is not right."""

from __future__ import annotations

import hashlib
import struct
from dataclasses import FrozenInstanceError, replace
from pathlib import Path

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from procgen_sim._checks import InputError
from procgen_sim.levels import Level, Tileset
from procgen_sim.platformer import PHYSICS_VERSION, Action, World
from procgen_sim.platformer.replay import (
    MAGIC,
    SUFFIX,
    Replay,
    load_replay,
    play_replay,
    run_replay,
)

TILES = Tileset({"-": ("empty",), "X": ("solid",), "F": ("goal",), "E": ("enemy", "hazard")})
LEVEL = Level.from_rows(["----------", "----------", "---------F", "XXXXXX-XXX"], TILES, "small")
OTHER = Level.from_rows(["----------", "----------", "--------F-", "XXXXXX-XXX"], TILES, "other")
HEADER = 48


def won() -> Replay:
    """A replay that reaches the goal: run, and jump over the gap."""
    world = World(LEVEL)
    actions = bytearray()
    while world.status == "playing":
        near = 4 <= world.column <= 7
        actions.append(Action.RIGHT | (Action.JUMP if near else Action(0)))
        world.step(actions[-1])
    assert world.status == "won"
    return Replay(digest=LEVEL.digest(), actions=bytes(actions), seed=7)


@pytest.fixture
def kept(tmp_path: Path) -> Path:
    path = tmp_path / f"a{SUFFIX}"
    won().save(path)
    return path


def test_it_plays_the_same_way_again(kept: Path) -> None:
    again = load_replay(kept)
    assert again == won()
    worlds = [run_replay(LEVEL, again) for _ in range(2)]
    assert [world.status for world in worlds] == ["won", "won"]
    assert worlds[0].key() == worlds[1].key()
    assert worlds[0].tick == again.n_ticks


def test_a_play_is_seen_tick_by_tick() -> None:
    replay = won()
    ticks = [world.tick for world in play_replay(LEVEL, replay)]
    assert ticks == list(range(replay.n_ticks + 1))


def test_what_comes_after_the_end_is_left() -> None:
    replay = won()
    longer = replace(replay, actions=replay.actions + bytes(500))
    assert run_replay(LEVEL, longer).tick == replay.n_ticks
    assert run_replay(LEVEL, replace(replay, actions=b"")).tick == 0
    shorter = replace(replay, actions=replay.actions[:-1])
    assert run_replay(LEVEL, shorter).status == "playing"


@settings(max_examples=50, deadline=None)
@given(
    actions=st.binary(max_size=300).map(lambda data: bytes(byte & 31 for byte in data)),
    seed=st.integers(0, 2**64 - 1),
    digest=st.binary(min_size=16, max_size=16),
)
def test_any_replay_survives_its_file(
    tmp_path_factory: pytest.TempPathFactory, actions: bytes, seed: int, digest: bytes
) -> None:
    path = tmp_path_factory.mktemp("replays") / "a.replay"
    replay = Replay(digest=digest.hex(), seed=seed, actions=actions)
    replay.save(path)
    assert load_replay(path) == replay
    assert path.stat().st_size == HEADER + len(actions)


def test_the_file_is_what_is_written_of_it(kept: Path) -> None:
    """The table in the module, read by hand: files must stay readable."""
    data = kept.read_bytes()
    assert data[:8] == b"\x89PGSR\r\n\x1a" == MAGIC
    format_, version, n_ticks = struct.unpack_from("<HHI", data, 8)
    assert (format_, version, n_ticks) == (1, PHYSICS_VERSION, len(data) - HEADER)
    assert data[16:32].hex() == LEVEL.digest()
    assert struct.unpack_from("<Q", data, 32) == (7,)
    assert data[40:48] == hashlib.blake2b(data[:40] + data[48:], digest_size=8).digest()


def test_every_flipped_bit_is_seen(kept: Path) -> None:
    data = kept.read_bytes()
    for at in range(len(data)):
        damaged = bytearray(data)
        damaged[at] ^= 1 << at % 8
        kept.write_bytes(damaged)
        with pytest.raises(InputError, match="a.replay: expected"):
            load_replay(kept)


def test_every_truncation_is_seen(kept: Path) -> None:
    data = kept.read_bytes()
    for n_bytes in range(len(data)):
        kept.write_bytes(data[:n_bytes])
        with pytest.raises(InputError, match="a.replay: expected"):
            load_replay(kept)
    kept.write_bytes(data + b"\0")
    with pytest.raises(InputError, match=f"expected {won().n_ticks} ticks, found"):
        load_replay(kept)


def signed(data: bytearray) -> bytes:
    """With a checksum that fits, as a program of its own making would write it."""
    data[40:48] = hashlib.blake2b(data[:40] + data[48:], digest_size=8).digest()
    return bytes(data)


@pytest.mark.parametrize(
    ("at", "value", "said"),
    [
        (8, 2, "expected a replay in format 1, found format 2"),
        (
            10,
            999,
            f"physics version {PHYSICS_VERSION}, found version 999; play it with",
        ),
        (12, 3, "expected 3 ticks"),
        (48, 32, "a.replay: expected actions from 0 to 31, found 32 in tick 0"),
    ],
)
def test_what_is_well_signed_and_wrong(kept: Path, at: int, value: int, said: str) -> None:
    data = bytearray(kept.read_bytes())
    struct.pack_into("<H" if at < HEADER else "B", data, at, value)
    kept.write_bytes(signed(data))
    with pytest.raises(InputError, match=said):
        load_replay(kept)


@pytest.mark.parametrize(
    ("content", "said"),
    [
        (b"", "an empty file"),
        (b"XXXX----\nXXXX----\n" * 9, "a file of another kind"),
        (b"\x89PNG\r\n\x1a\n" + bytes(100), "a file of another kind"),
        (MAGIC.replace(b"\r\n", b"\n") + bytes(100), "a file of another kind"),
        (MAGIC[:4], "only the first 4 bytes"),
        (MAGIC + bytes(39), "only the first 47 bytes"),
    ],
)
def test_other_files_are_refused(tmp_path: Path, content: bytes, said: str) -> None:
    path = tmp_path / "b.replay"
    path.write_bytes(content)
    with pytest.raises(InputError, match=said):
        load_replay(path)


def test_a_file_that_is_not_there(tmp_path: Path) -> None:
    with pytest.raises(InputError, match="expected a replay file, found nothing of that name"):
        load_replay(tmp_path / "none.replay")
    with pytest.raises(InputError, match="expected a replay file, found a folder"):
        load_replay(tmp_path)


def test_a_place_that_cannot_be_written_keeps_the_old_file(kept: Path) -> None:
    with pytest.raises(InputError, match="expected a place to write to"):
        won().save(kept / "b.replay")
    assert load_replay(kept) == won()


def test_another_level_is_refused() -> None:
    with pytest.raises(InputError, match="level 'other': expected the level that the replay plays"):
        run_replay(OTHER, won())


def test_other_physics_are_refused() -> None:
    with pytest.raises(InputError, match=f"physics version {PHYSICS_VERSION}, found version 999"):
        run_replay(LEVEL, replace(won(), version=999))


@pytest.mark.parametrize(
    ("changed", "said"),
    [
        ({"digest": "abc"}, "replay digest: expected 32 hexadecimal digits, found 'abc'"),
        ({"digest": "A" * 32}, "replay digest"),
        ({"seed": -1}, "replay seed"),
        ({"seed": 2**64}, "replay seed"),
        ({"version": 2**16}, "replay version"),
        ({"actions": b"\0\x80"}, "expected actions from 0 to 31, found 128 in tick 1"),
    ],
)
def test_a_replay_that_no_file_can_hold(changed: dict[str, object], said: str) -> None:
    fields = {"digest": LEVEL.digest(), "actions": b"", **changed}
    with pytest.raises(InputError, match=said):
        Replay(**fields)  # type: ignore[arg-type]


def test_it_does_not_change() -> None:
    with pytest.raises(FrozenInstanceError):
        won().seed = 3  # type: ignore[misc]
