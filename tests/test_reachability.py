"""The screen against the jump rules read literally, and against levels at their limits."""

from __future__ import annotations

import subprocess
import sys

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from procgen_sim.levels import Level, Tileset
from procgen_sim.platformer import prove, reach, start_cell
from procgen_sim.platformer.jumps import (
    FALL_ROWS_WITH_COLUMN,
    JUMP_RISE_TILES,
    RISE_ROWS_PER_COLUMN,
    widest_gap,
)
from procgen_sim.platformer.reachability_kernel import N_STATES, _steps, flood

TILES = Tileset(
    {
        "-": ("empty",),
        "X": ("solid",),
        "=": ("solidtop",),
        "^": ("hazard",),
        "H": ("climbable",),
        "E": ("enemy", "hazard"),
        "M": ("start",),
        "F": ("goal",),
    }
)


def reference(level: Level) -> set[tuple[int, int]]:
    """Cells stood on, by the rules of jumps.py as they are written, with sets and recursion-free
    search; states are (row, col, mode) with mode ('rise', d, risen, used) or ('fall', d, fallen)
    where d is the sideways direction, 0 while open."""
    rows = level.rows()
    n_rows, n_cols = level.n_rows, level.n_columns

    def tile(r: int, c: int) -> str | None:
        return rows[r][c] if 0 <= r < n_rows and 0 <= c < n_cols else None

    def free(r: int, c: int) -> bool:
        return tile(r, c) is not None and tile(r, c) not in "X^"

    def stands(r: int, c: int) -> bool:
        return tile(r, c) == "H" or (tile(r + 1, c) or "-") in "X=H"

    start = start_cell(level.flags)
    if start is None:
        return set()
    todo: list[tuple[int, int, tuple[object, ...]]] = [(*start, ("fall", 0, 0))]
    seen = set(todo)
    stood = set()
    while todo:
        r, c, mode = todo.pop()
        then: list[tuple[int, int, tuple[object, ...]]] = []
        if mode[0] == "fall" and stands(r, c):
            stood.add((r, c))
            then += [(r, c + s, ("fall", 0, 0)) for s in (-1, 1) if free(r, c + s)]
            then += [(r, c, ("rise", d, 0, 0)) for d in (-1, 1)]
            if tile(r, c) == "H" and free(r - 1, c):
                then.append((r - 1, c, ("fall", 0, 0)))
            if tile(r + 1, c) == "H":
                then.append((r + 1, c, ("fall", 0, 0)))
        elif mode[0] == "fall":
            d, fallen = (int(m) if m != "fall" else 0 for m in mode[1:])  # type: ignore[call-overload]
            if free(r + 1, c):
                then.append((r + 1, c, ("fall", d, fallen + 1)))
                beyond = fallen - FALL_ROWS_WITH_COLUMN
                for s in (-1, 1) if d == 0 else (d,):
                    if (beyond < 0 or beyond % 2 == 1) and free(r + 1, c + s):
                        then.append((r + 1, c + s, ("fall", s, fallen + 1)))
        else:
            _, d, risen, used = (int(m) if m != "rise" else 0 for m in mode)  # type: ignore[call-overload]
            then.append((r, c, ("fall", d, 0)))
            if risen < JUMP_RISE_TILES and free(r - 1, c):
                then.append((r - 1, c, ("rise", d, risen + 1, used)))
                if (used + 1) * RISE_ROWS_PER_COLUMN <= risen + 1 and free(r - 1, c + d):
                    then.append((r - 1, c + d, ("rise", d, risen + 1, used + 1)))
        for state in then:
            if state not in seen:
                seen.add(state)
                todo.append(state)
    return stood


def reached_by_steps(level: Level, row: int, col: int) -> np.ndarray:
    """What the solver's estimate of the way to go walks over: the same rules, state by state."""
    size = level.flags.size * N_STATES
    reached = np.zeros(level.flags.shape, np.uint8)
    seen = np.zeros(level.flags.shape, np.uint64)
    queue, edges = np.empty(size, np.int32), np.zeros((4 * size + 1, 2), np.int32)
    _steps(level.flags, row, col, seen, reached, queue, edges)
    return reached


grids = st.integers(3, 9).flatmap(
    lambda n_rows: st.lists(
        st.text("---XX=^HE", min_size=n_rows, max_size=n_rows), min_size=2, max_size=14
    )
)


@settings(max_examples=300, deadline=None)
@given(grids)
def test_kernel_reaches_what_the_rules_say(columns: list[str]) -> None:
    level = Level.from_rows(["".join(row) for row in zip(*columns, strict=True)], TILES)
    stood = {(int(r), int(c)) for r, c in np.argwhere(reach(level).cells == 2)}
    assert stood == reference(level)
    start = start_cell(level.flags)
    if start is not None:
        assert np.array_equal(reached_by_steps(level, *start), flood(level.flags, *start))


def level_with_gap(gap: int, step: int) -> Level:
    """Two ledges, ``gap`` columns apart, the far one ``step`` higher; 10 rows of head-room."""
    n_rows, near = 20, 5
    far = near + step
    columns = ["X" * near] * 8 + [""] * gap + ["X" * far] * 8
    return Level.from_rows(
        ["".join(row) for row in zip(*(c.rjust(n_rows, "-") for c in columns), strict=True)], TILES
    )


@pytest.mark.parametrize("step", [-4, -3, -2, -1, 0, 1, 2, 3, 4])
def test_gaps_at_the_limit_and_one_beyond(step: int) -> None:
    at_limit = widest_gap(step)
    assert reach(level_with_gap(at_limit, step)).playable
    assert not reach(level_with_gap(at_limit + 1, step)).playable


@pytest.mark.parametrize(("step", "playable"), [(4, True), (5, False)])
def test_walls(step: int, playable: bool) -> None:
    assert reach(level_with_gap(0, step)).playable is playable


def test_low_ceilings_shorten_jumps() -> None:
    def under(head_room: int, gap: int) -> bool:
        rows = ["X" * (12 + gap)] * 3 + ["-" * (12 + gap)] * head_room
        return reach(Level.from_rows([*rows, "XXXXXX" + "-" * gap + "XXXXXX"], TILES)).playable

    # Head-room h allows a rise of h − 1: (h − 1) // 2 columns up, h − 1 columns down.
    for head_room, widest in ((5, 5), (4, 3), (3, 2)):
        assert under(head_room, widest)
        assert not under(head_room, widest + 1)
    assert not under(2, 1)


@pytest.mark.parametrize("n_rows", [6, 14, 22])
def test_what_the_screen_lets_pass_can_be_jumped(n_rows: int) -> None:
    """The screen is conservative: from one tile of ground, over the widest gap it allows, to ground
    at every height above and below."""
    near = n_rows - 5
    for step in range(-near + 1, JUMP_RISE_TILES + 1):
        gap = widest_gap(step)
        columns = ["X" * near] + [""] * gap + ["X" * (near + step)] * 2
        rows = zip(*(column.rjust(n_rows + 5, "-") for column in columns), strict=True)
        level = Level.from_rows(["".join(row) for row in rows], TILES)
        assert reach(level).playable
        assert prove(level) is not None
        wider = [*columns[:1], "", *columns[1:]]
        rows = zip(*(column.rjust(n_rows + 5, "-") for column in wider), strict=True)
        assert not reach(Level.from_rows(["".join(row) for row in rows], TILES)).playable


def test_start_and_goal_tiles_count() -> None:
    rows = ["-----------", "M----X-----", "XXXXXX----F", "-----------"]
    level = Level.from_rows(rows, TILES)
    assert start_cell(level.flags) == (1, 0)
    walled = ["-----X---", "M----X--F", "XXXXXXXXX"]
    found = reach(Level.from_rows(walled, TILES))
    assert not found.playable
    assert found.reason == "stops at column 5 of 9"


def test_nowhere_to_stand() -> None:
    found = reach(Level.from_rows(["----", "----"], TILES))
    assert (found.playable, found.furthest_column) == (False, -1)


def test_without_the_compiler_the_same() -> None:
    code = """
import numpy as np
from procgen_sim.platformer.reachability_kernel import flood
rng = np.random.default_rng(5)
flags = rng.choice(np.array([512, 512, 512, 1, 2, 4, 64], np.uint16), size=(12, 40))
flags[9, 0] = 512
print(flood(flags, 9, 0).tobytes().hex())
"""
    outputs = {
        subprocess.run(
            [sys.executable, "-c", f"import os; os.environ.update({env!r})\n{code}"],
            capture_output=True,
            text=True,
            check=True,
        ).stdout
        for env in ({}, {"PROCGEN_SIM_NO_JIT": "1"})
    }
    assert len(outputs) == 1
