"""The bounds hold for whatever is played, and are close enough to prove what they are meant to."""

from __future__ import annotations

import os
import subprocess
import sys
from pathlib import Path

import numpy as np
import numpy.typing as npt
import pytest

from procgen_sim._checks import InputError
from procgen_sim.levels import Affordance, Level, Tileset, load_corpus
from procgen_sim.platformer import RULES, Rules, World
from procgen_sim.platformer.bounds import beyond_reach
from procgen_sim.platformer.bounds_tables import explore, has, moments
from procgen_sim.platformer.terrain import make_terrain

TILES = Tileset(
    {
        "-": ("empty",),
        "X": ("solid",),
        "=": ("solidtop",),
        "^": ("hazard",),
        "~": ("solid", "hazard"),
        "H": ("climbable",),
        "%": ("solid", "breakable"),
        "?": ("solid", "question block"),
        "o": ("collectable",),
        "E": ("enemy", "hazard"),
        "W": ("enemy", "hazard", "winged"),
        "M": ("start",),
        "F": ("goal",),
    }
)
AIR, HELD, EDGE, RUNG, UPWARDS, DOWNWARDS = range(6)
STANDING = -1

Reached = dict[tuple[int, int, int], list[list[int]]]


def bounds_of(level: Level, rules: Rules = RULES) -> Reached:
    """Left edges that the relaxation reaches, by top edge, downward speed and kind."""
    terrain = make_terrain(level, rules)
    both = has(terrain.flags, Affordance.SOLID) & has(terrain.flags, Affordance.BREAKABLE)
    place, work, done = explore(terrain, both, rules, 10**7, True)
    assert done
    reached: Reached = {}
    for lo, hi, y, vy, kind in moments(place, work, rules).tolist():
        reached.setdefault((y, vy, kind), []).append([lo, hi])
    return reached


def within(world: World, reached: Reached) -> bool:
    """Whether the relaxation has the body where it is now."""
    state, rules = world.state, world.rules
    if state.climbing:
        on_rung = (state.y + rules.body_height) % rules.rung == 0
        kind = RUNG if on_rung else UPWARDS if state.climb_dir < 0 else DOWNWARDS
    elif state.grounded:
        kind = STANDING
    elif state.jumping and state.vy < -rules.cut_speed:
        kind = HELD
    else:
        kind = EDGE if state.coyote else AIR
    spans = reached.get((state.y, 0 if kind == STANDING else state.vy, kind), [])
    return any(lo <= state.x <= hi for lo, hi in spans)


def random_level(rng: np.random.Generator) -> Level:
    """A small level with a bit of everything, most of it air."""
    n_rows, n_columns = int(rng.integers(4, 11)), int(rng.integers(6, 25))
    others = "X=^~H%?oEWF"
    p_tile = rng.uniform(0.1, 0.5)
    share = rng.dirichlet(np.full(len(others), 0.4))
    p = [1 - p_tile, *(p_tile * share)]
    rows = rng.choice(list("-" + others), size=(n_rows, n_columns), p=p)
    rows[-1, rng.random(n_columns) < rng.uniform(0.3, 1)] = "X"
    if rng.random() < 0.5:
        # A ladder, as a column of single tiles hardly ever is one.
        col, top = int(rng.integers(n_columns)), int(rng.integers(n_rows - 2))
        rows[top:, col] = "H"
    rows[int(rng.integers(n_rows - 1)), int(rng.integers(2))] = "M"
    return Level.from_rows(["".join(row) for row in rows], TILES)


def random_play(rng: np.random.Generator, n_ticks: int) -> npt.NDArray[np.uint8]:
    """Inputs held for a while each, with right and jump more often than the others."""
    lengths = rng.integers(1, 40, size=n_ticks)
    held = (rng.random((n_ticks, 5)) < [0.25, 0.5, 0.5, 0.2, 0.3]) @ [1, 2, 4, 8, 16]
    return np.repeat(held, lengths)[:n_ticks].astype(np.uint8)


@pytest.mark.parametrize("seed", range(8))
def test_whatever_is_played_stays_within(seed: int) -> None:
    rng = np.random.default_rng([3, seed])
    level = random_level(rng)
    reached, bounds = bounds_of(level), beyond_reach(level, whole=True)
    quick = beyond_reach(level)
    for _ in range(4):
        world = World(level)
        for action in random_play(rng, 250):
            world.step(int(action))
            if world.status == "dead":
                break
            assert within(world, reached), (level.rows(), world.state)
            assert world.column <= bounds.furthest_column
            rows = slice(max(world.state.y // 4096, 0), (world.state.y + 3583) // 4096 + 1)
            columns = slice(world.state.x // 4096, (world.state.x + 3071) // 4096 + 1)
            assert bounds.cells[rows, columns].all()
            assert world.status == "playing" or (bounds.reached_goal and quick.reached_goal)


EDGE_OF_LEVEL = [*["-" * 40] * 12, "M" + "-" * 39, "X" * 10 + "-" * 30]
CREATURE = [*["-" * 24] * 12, "M---------E" + "-" * 13, "X" * 24]
REST = [*["--H" + "-" * 17] * 12, "-MH----^^-----------", "X" * 20]


@pytest.mark.parametrize(
    ("rows", "less"),
    [
        (EDGE_OF_LEVEL, {"run_speed": 304}),
        (EDGE_OF_LEVEL, {"coyote_ticks": 7}),
        (CREATURE, {"stomp_speed": 464}),
        (REST, {"jump_speed": 736}),
        (REST, {"cut_speed": 160}),
        (REST, {"max_fall": 560}),
        (REST, {"climb_speed": 256}),
        (REST, {"hazard_inset": 752}),
    ],
    ids=lambda value: next(iter(value)) if isinstance(value, dict) else None,
)
def test_a_relaxation_that_can_less_is_caught(rows: list[str], less: dict[str, int]) -> None:
    level = Level.from_rows(rows, TILES)
    true = bounds_of(level)
    mutant = bounds_of(level, RULES._replace(**less))
    rng = np.random.default_rng(8)
    # Running to the right with one jump, and at random.
    plays = [np.array([2] * n + [6] * 60 + [2] * 120, np.uint8) for n in range(60, 240)]
    plays += [random_play(rng, 300) for _ in range(30)]
    assert any(strays(World(level), play, true, mutant) for play in plays)


def strays(world: World, play: npt.NDArray[np.uint8], true: Reached, mutant: Reached) -> bool:
    """Whether a play leaves a mutant relaxation; it must not leave the true one."""
    for action in play:
        world.step(int(action))
        if world.status != "playing":
            return False
        assert within(world, true)
        if not within(world, mutant):
            return True
    return False


def mirrored(level: Level) -> Level:
    return Level.from_rows([row[::-1] for row in level.rows()], level.tileset)


def over(width: int, below: str, rise: int) -> Level:
    """Two banks, the second so many tiles higher, with something between."""
    base = 16
    grid = np.full((base + 4, width + 16), "-")
    grid[base:, :8] = "X"
    grid[base - rise :, 8 + width :] = "X"
    grid[-1, 8 : 8 + width] = below
    if below != "-":
        grid[base + 1 :, 8 : 8 + width] = "X"
        grid[base, 8 : 8 + width] = below
    grid[base - 1, 1], grid[base - 1 - rise, -2] = "M", "F"
    return Level.from_rows(["".join(row) for row in grid], TILES)


def jumps_over(level: Level) -> bool:
    """Whether a run to the right with one full jump wins, whenever that begins."""
    run = World(level)
    while run.column < 4:
        run.step(2)
    while run.status == "playing" and run.state.y <= 16 * 4096:
        leap = run.copy()
        while leap.status == "playing":
            leap.step(2 | 4)
        if leap.status == "won":
            return True
        run.step(2)
    return run.status == "won"


@pytest.mark.parametrize("rise", [-3, -1, 0, 1, 2, 3, 4])
@pytest.mark.parametrize("below", ["-", "^"])
def test_a_gap_is_too_wide_exactly_when_a_full_run_and_jump_fails(below: str, rise: int) -> None:
    width = next(w for w in range(20) if not jumps_over(over(w + 1, below, rise)))
    assert width >= 4
    for turned in (mirrored, lambda level: level):
        assert beyond_reach(turned(over(width, below, rise))).reached_goal
        assert beyond_reach(turned(over(width + 1, below, rise))).impossible


@pytest.mark.parametrize("height", range(1, 8))
def test_walls_of_four_are_climbed_and_walls_of_five_are_not(height: int) -> None:
    grid = np.full((12, 24), "-")
    grid[-1] = "X"
    grid[-1 - height : -1, 12] = "X"
    grid[-2, 2], grid[-2, -3] = "M", "F"
    level = Level.from_rows(["".join(row) for row in grid], TILES)
    for turned in (level, mirrored(level)):
        assert beyond_reach(turned).impossible == (height > 4)


def test_a_goal_walled_in_is_out_of_reach() -> None:
    rows = ["-" * 16] * 5 + ["----------XXX---", "-M--------XFX---", "X" * 16]
    assert beyond_reach(Level.from_rows(rows, TILES)).impossible
    rows[5] = "----------X-X---"
    assert beyond_reach(Level.from_rows(rows, TILES)).reached_goal


def test_a_ceiling_makes_a_gap_too_wide() -> None:
    def tunnel(width: int) -> Level:
        ground = "XXXXXX" + "-" * width + "XXXXXX"
        inside = "-M" + "-" * (width + 8) + "F-"
        return Level.from_rows(["X" * len(ground), inside, ground, "-" * len(ground)], TILES)

    assert beyond_reach(tunnel(2)).reached_goal
    assert beyond_reach(tunnel(5)).impossible


def test_bricks_are_gone_only_where_a_head_can_hit_them() -> None:
    """The same wall: its foot can be broken only from a hollow under it."""
    wall = ["-" * 16] * 2 + ["--------%-------"] * 7
    level = Level.from_rows([*wall, "-M------%-----F-", "X" * 16], TILES)
    assert beyond_reach(level).impossible
    roofed = ["XXXXXXXXXXXX", "XF---------X", "X%%%%XXXXXXX", "X-M--------X", "XXXXXXXXXXXX"]
    assert beyond_reach(Level.from_rows(roofed, TILES)).reached_goal


def test_where_it_gives_up_nothing_is_claimed() -> None:
    level = over(30, "-", 0)
    assert beyond_reach(level).impossible
    short = beyond_reach(level, budget=100)
    assert not short.exhausted
    assert not short.impossible
    assert not short.reached_goal
    odd = beyond_reach(level, rules=RULES._replace(rung=1000))
    assert not odd.exhausted
    assert not odd.impossible
    with pytest.raises(InputError, match="budget"):
        beyond_reach(level, budget=0)


def test_without_anywhere_to_stand_nothing_is_possible() -> None:
    nowhere = beyond_reach(Level.from_rows(["----", "----"], TILES))
    assert nowhere.impossible
    assert nowhere.furthest_column == -1


def test_levels_that_people_finish_are_not_called_impossible(shared_data: Path) -> None:
    for level in load_corpus(shared_data / "vglc" / "super_mario_bros").levels:
        assert beyond_reach(level).reached_goal, level.name


def test_it_works_uncompiled() -> None:
    code = (
        "from procgen_sim.levels import Level, Tileset\n"
        "from procgen_sim.platformer.bounds import beyond_reach\n"
        "tiles = Tileset({'-': ('empty',), 'X': ('solid',), 'M': ('start',)})\n"
        "rows = ['------', '--X---', 'M-X---', 'XXX---']\n"
        "found = beyond_reach(Level.from_rows(rows, tiles))\n"
        "print(found.reached_goal, found.exhausted, found.steps)\n"
    )
    said = [
        subprocess.run(
            [sys.executable, "-c", code],
            env={**os.environ, "PROCGEN_SIM_NO_JIT": flag},
            capture_output=True,
            text=True,
            check=True,
        ).stdout
        for flag in ("", "1")
    ]
    assert said[0] == said[1] != ""
