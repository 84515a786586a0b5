"""The published tile rules: their consequences, what departs, and a slow search as the judge."""

from __future__ import annotations

import heapq
import os
import re
import subprocess
import sys
from collections.abc import Sequence
from pathlib import Path

import numpy as np
import pytest

from procgen_sim.levels import Affordance, Level, Tileset, load_level, load_tileset
from procgen_sim.platformer.tile_rules import ARCS, TilePath, tile_path

TILES = Tileset({"-": ("empty",), "X": ("solid",), "=": ("solidtop",), "^": ("hazard",)})
SKY = 9
FIELD = 20
"""Columns of ground at the start: one glides a column a row, from row 2."""

State = tuple[int, ...]


def judge(rows: Sequence[str], solid: str, *, published: bool = False) -> tuple[float | None, int]:
    """The cost of a cheapest path, None without one, and the right-most column stood on.

    Written from the rules as published, with nothing of the compiled search: the arcs one by one,
    a heap, costs in tenths. ``published`` keeps what the program does by mistake.
    """
    up = [(1, -1), (1, -2), (2, -2), (2, -3), (3, -3), (3, -4), (4, -4)]
    arcs = [
        [(0, -1), (0, -2), (1, -3), (1, -4), (0, -4)],
        [(0, -1), (0, -2), (0, -3), (0, -4), (1, -4)],
        [(1, -1), (1, -2), (1, -3), (1, -4), (2, -4)],
        [*up, (5, -3), (6, -3), (7, -3), (8, -2), (8, -1)],
        [*up, (5, -4), (6, -3), (7, -3), (8, -2), (8, -1)],
    ]
    max_x, max_y = len(rows[0]) - 1, len(rows) - 1

    def is_solid(x: int, y: int) -> bool:
        if published:
            return rows[y][x] in solid  # negative rows and columns count from the end
        return not 0 <= x <= max_x or (y >= 0 and rows[y][x] in solid)

    def along(x: int, y: int, arc: int, i: int, way: int) -> list[tuple[int, State]]:
        before = arcs[arc][i - 1] if i else (0, 0)
        to_x = x + way * (arcs[arc][i][0] - before[0])
        to_y = y + arcs[arc][i][1] - before[1]
        if published:
            if is_solid(to_x, to_y) or to_x < 0:
                return []
            return [(10, (to_x, max(to_y, 0) if i else to_y, arc, i, way))]
        to_y = max(to_y, 0)
        if is_solid(to_x, to_y) or (is_solid(to_x, y) and is_solid(x, to_y)):
            return []
        return [(10, (to_x, to_y, arc, i, way))]

    def onward(state: State) -> list[tuple[int, State]]:
        x, y, *jump = state
        then: list[tuple[int, State]] = []
        if y + 1 > max_y:
            return then
        if jump and jump[1] + 1 < len(arcs[jump[0]]):
            then += along(x, y, jump[0], jump[1] + 1, jump[2])
        for way in (1, -1):
            if is_solid(x, y + 1):
                if 0 <= x + way <= max_x and not is_solid(x + way, y):
                    then.append((10, (x + way, y)))
                for arc in range(5):
                    then += along(x, y, arc, 0, way)
                continue
            then.append((10, (x, y + 1)))
            if not is_solid(x + way, y + 1):
                then.append((14, (x + way, y + 1)))
            if y + 2 <= max_y and not is_solid(x + way, y + 2):
                past = published or not (is_solid(x + way, y + 1) and is_solid(x, y + 2))
                then += [(20, (x + way, y + 2))] * past
        return then

    start: State = (2, 2) if published else (min(2, max_x), min(2, max_y))
    best: dict[State, int] = {start: 0}
    heap: list[tuple[int, State]] = [(0, start)]
    furthest = -1
    while heap:
        cost, state = heapq.heappop(heap)
        if best[state] < cost:
            continue
        if state[0] == max_x:
            return cost / 10, max_x
        if state[1] < max_y and state[0] >= 0 and is_solid(state[0], state[1] + 1):
            furthest = max(furthest, state[0])
        for more, then in onward(state):
            if cost + more < best.get(then, 1 << 60):
                best[then] = cost + more
                heapq.heappush(heap, (cost + more, then))
    return None, furthest


def path(rows: Sequence[str]) -> TilePath:
    return tile_path(Level.from_rows(rows, TILES))


def playable(rows: Sequence[str]) -> bool:
    return path(rows).playable


def step_up(height: int) -> list[str]:
    """A plain with a step up."""
    rows = ["-" * (FIELD + 4)] * SKY + ["-" * FIELD + "XXXX"] * height
    return [*rows, "X" * (FIELD + 4), "-" * (FIELD + 4)]


def gap(width: int, rise: int = 0) -> list[str]:
    """Ground, a gap without a floor, and ground that is higher (negative: lower)."""
    near, far = SKY + max(rise, 0), SKY + max(-rise, 0)
    rows = []
    for row in range(max(near, far) + 2):
        left, right = ("X" if row >= ground else "-" for ground in (near, far))
        rows.append(left * FIELD + "-" * width + right * 4)
    return rows


def covered_gap(width: int, n_free: int) -> list[str]:
    """A gap under a ceiling, with so many free rows between."""
    n_cols = FIELD + width + 4
    rows = ["X" * n_cols] * 4 + ["-" * n_cols] * n_free
    rows[2] = rows[3] = "---" + "X" * (n_cols - 3)  # the way in from the start
    return [*rows, "X" * FIELD + "-" * width + "XXXX", "-" * n_cols]


def test_the_arcs_are_the_published_ones(shared_data: Path) -> None:
    text = (shared_data / "vglc" / "tile_path_rules.md").read_text(encoding="utf-8")
    lines = re.findall(r"^\| \d \| (.+) \|$", text, re.MULTILINE)
    read = [re.findall(r"\((\d+),(−?\d+)\)", line) for line in lines]
    arcs = [[(int(dx), int(dy.replace("−", "-"))) for dx, dy in arc] for arc in read]
    assert [list(arc) for arc in ARCS] == arcs


def test_the_highest_step_is_four_tiles() -> None:
    assert [playable(step_up(height)) for height in range(1, 7)] == [True] * 4 + [False] * 2


@pytest.mark.parametrize(
    ("rise", "widest"),
    [(0, 9), (1, 8), (2, 7), (3, 6), (4, 4), (5, 0), (-1, 10), (-2, 11), (-3, 12)],
)
def test_the_widest_gap(rise: int, widest: int) -> None:
    passed = [width for width in range(1, 20) if playable(gap(width, rise))]
    assert passed == list(range(1, widest + 1))


@pytest.mark.parametrize(("n_free", "widest"), [(1, 0), (2, 1), (3, 3), (4, 5), (5, 9), (6, 9)])
def test_the_widest_gap_under_a_ceiling(n_free: int, widest: int) -> None:
    passed = [width for width in range(1, 20) if playable(covered_gap(width, n_free))]
    assert passed == list(range(1, widest + 1))


def test_what_it_says() -> None:
    found = path(gap(9))
    assert (found.furthest_column, found.reason) == (32, "there is a tile path to the last column")
    found = path(gap(10))
    assert (found.furthest_column, found.cost) == (FIELD - 1, None)
    assert found.reason == "stops at column 20 of 34"


def test_the_cost_of_a_walk_is_its_length() -> None:
    rows = ["-----", "-----", "-----", "XXXXX"]
    assert path(rows).cost == 2.0
    assert path(["-----", *rows]).cost == pytest.approx(2.4)  # one row down on the way


def test_the_bottom_row_is_death_and_open_ground_too() -> None:
    assert not playable(["------"] * 4)
    assert path(["------"] * 4).reason == "stops at column 0 of 6"
    assert playable([*["------"] * 4, "XXXXXX"])


def test_one_way_platforms_are_solid_and_hazards_are_nothing() -> None:
    assert playable([*["--------"] * 4, "=^^=--=="])
    assert not playable([*["-----=--"] * 8, "XXXXXXXX"])
    assert playable([*["---^----"] * 4, "XXXXXXXX"])


def test_solid_is_what_the_published_lists_say(shared_data: Path) -> None:
    lists = {
        "vglc/super_mario_bros": "XQS?Bb[]<>",
        "mario_ai": "X#SCULD?@Q!tT<>[]*Bb%",
    }
    for folder, solid in lists.items():
        tileset = load_tileset(shared_data / folder / "tileset.json")
        mine = tileset.affords(Affordance.SOLID | Affordance.ONE_WAY)
        assert {c for c, is_solid in zip(tileset.characters, mine, strict=True) if is_solid} == set(
            solid
        )


HOLE = [
    "-----X----",
    "-----X----",
    "-----X----",
    "-----X----",
    "XXXXX-----",
    "XXXXXXXXXX",
]
"""A hole in a wall, one row below the floor."""


def test_nobody_slips_between_two_tiles_that_touch_at_a_corner() -> None:
    assert judge(HOLE, "X", published=True)[0] is not None
    assert path(HOLE).reason == "stops at column 5 of 10"
    step = ["------X---", "------X---", "------X---", "-----X----", "-----X----", "XXXXXXXXXX"]
    assert judge(step, "X", published=True)[0] is not None
    assert not playable([*step[:2], "-----XX---", *step[3:]])


def near_the_top(width: int, bottom: str) -> list[str]:
    """A gap with the ground in row 3, over a pit from which there is no way out."""
    n_cols = FIELD + width + 4
    open_row = "-" * n_cols
    ground = "X" * FIELD + "-" * width + "XXXX"
    return [*[open_row] * 3, *[ground] * 6, bottom * n_cols]


def test_what_lies_at_the_bottom_does_not_change_a_jump_at_the_top() -> None:
    widths = range(1, 12)
    published = {
        bottom: [w for w in widths if judge(near_the_top(w, bottom), "X", published=True)[0]]
        for bottom in "-X"
    }
    assert published == {"-": list(range(1, 8)), "X": [1, 2, 3]}
    for bottom in "-X":
        passed = [w for w in widths if playable(near_the_top(w, bottom))]
        assert passed == list(range(1, 8))


def test_the_edges_are_walls() -> None:
    room = [*["X---X---"] * 4, "-XXXX---", "--------", "--------", "XXXXXXXX"]
    assert judge(room, "X", published=True)[0] is not None  # out on the left, in again below
    assert path(room).reason == "stops at column 4 of 8"


@pytest.mark.parametrize("rows", [["-"], ["X"], ["--", "XX"], ["---"], ["-", "-", "-", "X"]])
def test_levels_smaller_than_the_start(rows: list[str]) -> None:
    found = path(rows)
    assert (found.cost, found.furthest_column) == judge(rows, "X")


def test_a_start_inside_the_ground_is_no_error() -> None:
    for rows in (["XXXXXX"] * 4, [*["-XXX--"] * 3, "XXXXXX"], [*["--X---"] * 4, "XXXXXX"]):
        found = path(rows)
        assert (found.cost, found.furthest_column) == judge(rows, "X")


def random_rows(rng: np.random.Generator) -> list[str]:
    n_rows, n_cols = int(rng.integers(3, 11)), int(rng.integers(3, 22))
    cells = rng.random((n_rows, n_cols)) < rng.uniform(0.05, 0.5)
    if rng.random() < 0.5:  # with ground, or nobody gets far
        cells[-2] |= rng.random(n_cols) < 0.7
    if rng.random() < 0.5:
        cells[: n_rows // 2] = False
    return ["".join("X" if cell else "-" for cell in row) for row in cells]


def test_the_judge_agrees_on_random_levels() -> None:
    rng = np.random.default_rng(0)
    n_playable = 0
    for _ in range(500):
        rows = random_rows(rng)
        found = path(rows)
        cost, furthest = judge(rows, "X")
        assert found.cost == (None if cost is None else pytest.approx(cost)), rows
        assert found.furthest_column == furthest, rows
        n_playable += found.playable
    assert 100 < n_playable < 400


def test_verdicts_on_real_levels_are_the_published_ones(shared_data: Path) -> None:
    of_mario_ai = "X#SCULD?@Q!tT<>[]*Bb%"
    files = sorted((shared_data / "vglc" / "super_mario_bros").glob("*.txt"))[::3]
    for generator in ("notch", "notchParam", "hopper"):
        files += [shared_data / "mario_ai" / generator / f"lvl-{n}.txt" for n in (7, 70)]
    for file in files:
        level = load_level(file)
        assert judge(level.rows(), of_mario_ai, published=True)[0] == pytest.approx(
            tile_path(level).cost
        )


def test_uncompiled_it_says_the_same() -> None:
    code = (
        "from procgen_sim.levels import Level, Tileset\n"
        "from procgen_sim.platformer.tile_rules import tile_path\n"
        "tiles = Tileset({'-': (), 'X': ('solid',)})\n"
        f"for rows in {[gap(9), gap(10), HOLE]!r}:\n"
        "    print(tile_path(Level.from_rows(rows, tiles)))"
    )
    done = subprocess.run(
        [sys.executable, "-c", code],
        env={**os.environ, "PROCGEN_SIM_NO_JIT": "1"},
        capture_output=True,
        text=True,
        check=True,
    )
    assert done.stdout.splitlines() == [str(path(rows)) for rows in (gap(9), gap(10), HOLE)]
