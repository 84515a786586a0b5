"""The world against its rules read literally, tick for tick, and against itself."""

from __future__ import annotations

import hashlib
import os
import subprocess
import sys
from collections.abc import Callable, Iterable, Sequence
from pathlib import Path

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from physics_support import (
    NONE,
    TILES,
    D,
    Held,
    J,
    L,
    R,
    U,
    hold,
    level,
    random_input,
    random_level,
    world,
)
from reference_world import ReferenceWorld

from procgen_sim.levels import Level
from procgen_sim.platformer import RULES, Event, Rules, World
from procgen_sim.rng import stream


def differs(made: World, reference: ReferenceWorld) -> list[str]:
    """What the world and its reference do not agree on."""
    state, box = made.state, reference.box
    pairs: dict[str, tuple[object, object]] = {
        "x": (state.x, box.left),
        "y": (state.y, box.top),
        "vx": (state.vx, reference.speed_right),
        "vy": (state.vy, reference.speed_down),
        "grounded": (bool(state.grounded), reference.standing),
        "jumping": (bool(state.jumping), reference.rising_from_jump),
        "climbing": (bool(state.climbing), reference.climbing),
        "coyote": (state.coyote, reference.coyote),
        "ledge": (state.ledge_y if state.coyote else 0, reference.coyote and reference.ledge_top),
        "buffer": (state.buffer, reference.remembered),
        "facing": (state.facing, reference.facing),
        "status": (made.status, reference.status),
        "cause": (made.cause, reference.cause),
        "tick": (made.tick, reference.ticks),
        "coins": (made.n_coins, reference.coins),
        "changes": ([tuple(change) for change in made.changes], reference.changes),
        "creatures": (
            [tuple(row[:5]) for row in made.enemies().tolist()],
            [
                (c.box.left, c.box.top, c.direction, int(c.flies), int(c.alive))
                for c in reference.creatures
            ],
        ),
    }
    return [f"{name}: {a} and {b}" for name, (a, b) in pairs.items() if a != b]


def compare(played: Level, held: Iterable[tuple[int, int]], rules: Rules = RULES) -> Event:
    """Play both, tick for tick; everything that happened. ``rules`` are the reference's."""
    made, reference = World(played), ReferenceWorld(played, rules)
    happened = Event(0)
    assert differs(made, reference) == []
    for action, n in held:
        for _ in range(n):
            events = made.step(action)
            assert events == reference.step(action), (made.tick, reference.events)
            assert differs(made, reference) == [], made.tick
            assert reference.walls_in(reference.box) == [], "a body is inside a wall"
            happened |= events
            if made.status != "playing":
                return happened
    return happened


def compare_many(n: int, *address: int) -> Event:
    happened = Event(0)
    for k in range(n):
        rng = stream(11, "test", *address, k)
        happened |= compare(random_level(rng), random_input(rng))
    return happened


def test_random_levels_play_as_the_rules_say() -> None:
    assert compare_many(110, 0) == ~Event(0), "some events were never seen"


@pytest.mark.parametrize("name", [name for name in Rules._fields if name != "tile"])
def test_a_rule_that_is_a_little_different_is_noticed(name: str) -> None:
    # Lengths must stay even; and on the lattice the smallest differences make none.
    steps = {"body_width": 2, "body_height": 2, "enemy_size": 2}
    steps |= {"hazard_inset": 64, "stomp_reach": -768}
    other = RULES._replace(**{name: getattr(RULES, name) + steps.get(name, 1)})
    with pytest.raises(AssertionError):  # noqa: PT012 – it may take a few levels
        for k in range(400):
            rng = stream(12, "test", k)
            compare(random_level(rng), random_input(rng), other)


@pytest.mark.slow
@pytest.mark.parametrize("chunk", range(1, 5))
def test_many_random_levels_play_as_the_rules_say(chunk: int) -> None:
    compare_many(300, chunk)


grids = st.integers(3, 8).flatmap(
    lambda n_rows: st.lists(
        st.text("---XX=H^ESQoB", min_size=n_rows, max_size=n_rows), min_size=3, max_size=10
    )
)


@settings(max_examples=60, deadline=None)
@given(grids, st.lists(st.tuples(st.integers(0, 31), st.integers(1, 30)), max_size=12))
def test_any_level_plays_as_the_rules_say(columns: list[str], held: Held) -> None:
    columns = ["-" * (len(columns[0]) - 2) + "MX", *columns]
    compare(level(*("".join(row) for row in zip(*columns, strict=True))), held)


def test_the_same_input_gives_the_same_bytes_and_copies_go_their_own_way() -> None:
    for k in range(20):
        rng = stream(6, "test", k)
        played, held = random_level(rng), random_input(rng, 12)
        one, two = World(played), World(played)
        for action, n in held:
            hold(one, action, n)
            hold(two, action, n)
            assert one.key() == two.key()
        assert (one, hash(one), one.state) == (two, hash(two), two.state)
        branch = one.copy()
        before = one.key()
        hold(branch, R | J, 20)
        assert one.key() == before
        hold(one, R | J, 20)
        assert one == branch
        assert one.changes == branch.changes
        one.reset()
        assert one == World(played)
        assert one.changes == one.last_changes == []
        assert World(played) != object()


def test_the_level_itself_is_left_alone() -> None:
    made = world("-----", "-----", "S----", "-----", "M-o--", "XXXXX")
    before = made.level.grid.copy(), made.terrain.flags.copy()
    hold(made, J, 60)
    hold(made, R, 60)
    assert len(made.changes) == 2
    assert (made.flags != made.terrain.flags).sum() == 2
    assert np.array_equal(made.level.grid, before[0])
    assert np.array_equal(made.terrain.flags, before[1])
    with pytest.raises(ValueError, match="read-only"):
        made.terrain.flags[0, 0] = 1


SHOW = (
    "--------------------------------------",
    "---------------------o----------------",
    "----------=====----B------------H-----",
    "------------------------SS?S----H-----",
    "--------o---o--------------o----H-----",
    "----?S-----------X--------------HXXX--",
    "--------------E--X--E-----------H-----",
    "-M--------^---XXXX----------E---H---F-",
    "XXXXXXXXXXXX--XXXXXXXX--XXXXXXXXXXXXXX",
    "XXXXXXXXXXXX--XXXXXXXX--XXXXXXXXXXXXXX",
)
SHOW_INPUT = (
    (NONE, 5), (R, 60), (J, 50), (NONE, 40), (R, 50), (R | J, 60), (R, 30), (R | J, 40),
    (NONE, 30), (L, 30), (R | J, 70), (R, 40), (R | J, 50), (R, 60), (R | J, 60), (R, 90),
    (U, 120), (R | J, 90), (R, 200), (D, 60), (L | D, 200),
)  # fmt: skip


CLIMB = (
    "---------",
    "M-?-----F",
    "H===XX---",
    "H--------",
    "H--o-----",
    "XXXXXXX^^",
)
CLIMB_INPUT = (
    (D, 60), (R, 12), (U, 50), (J, 20), (D, 60), (R, 60), (J, 60), (NONE, 30), (J, 40), (D, 40),
    (L, 40), (NONE, 40), (U | L, 60), (L, 60), (U, 120), (R, 30), (NONE, 20), (J, 30), (R | J, 200),
)  # fmt: skip


def walk(rows: Sequence[str], held: Held) -> str:
    """A walk through a level: a line every ten ticks or where something happens, and the hash of
    every single tick."""
    made = World(Level.from_rows(rows, TILES))
    digest, lines = hashlib.sha256(), list(rows)
    for action, n in held:
        for _ in range(n):
            if made.status != "playing":
                break
            events = made.step(action)
            state = made.state
            line = f"{' '.join(map(str, state))} {int(events)} {made.enemies().tolist()}"
            digest.update(line.encode())
            if events or made.tick % 10 == 0:
                names = " ".join(str(event.name) for event in Event if event in events)
                where = f"{state.x:7} {state.y:7} {state.vx:5} {state.vy:5}"
                lines.append(f"{made.tick:4} {where}  {names}".rstrip())
    lines.append(f"{made.status} {made.n_coins} {digest.hexdigest()}")
    return "\n".join(lines) + "\n"


def trajectory() -> str:
    return walk(SHOW, SHOW_INPUT) + walk(CLIMB, CLIMB_INPUT)


def test_the_golden_walk_is_the_same_everywhere(golden: Callable[[str, str], None]) -> None:
    golden("walk.txt", trajectory())


def test_without_the_compiler_the_same() -> None:
    here = Path(__file__).parent
    done = subprocess.run(
        [sys.executable, "-c", "import test_physics_reference as t; print(t.trajectory(), end='')"],
        capture_output=True,
        text=True,
        check=True,
        env=os.environ | {"PROCGEN_SIM_NO_JIT": "1", "PYTHONPATH": str(here)},
    )
    assert done.stdout == trajectory()
