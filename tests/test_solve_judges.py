"""No false verdicts: brute force on small levels, and the proofs of ten thousand built ones."""

from __future__ import annotations

from collections import deque

import numpy as np
import pytest
from physics_support import TILES, D, J, L, R, U, random_level
from solve_support import check_proof, play_out

from procgen_sim.generators.builder import Builder
from procgen_sim.levels import Level, house_tileset, shipped_corpus
from procgen_sim.levels.design import measure_many
from procgen_sim.platformer import (
    Action,
    World,
    prove,
    reach,
    solve,
)
from procgen_sim.rng import stream


def brute_force(played: Level, limit: int) -> bool:
    """Whether a plain breadth-first search, keys held for six ticks at a time, finds a way.

    It tells moments apart coarsely, so it misses ways; those it finds are real."""
    ways = [R, R | J, L, L | J, J, Action(0), U, D]
    start = World(played)
    todo, seen = deque([start]), set()
    for _ in range(limit):
        if not todo:
            return False
        world = todo.popleft()
        for action in ways:
            child = world.copy()
            for _ in range(6):
                child.step(action)
            if child.status == "won":
                return True
            s = child.state
            rough = (
                s.x // 384,
                s.y // 384,
                s.vx // 80,
                s.vy // 96,
                s.grounded,
                s.jumping,
                s.climbing,
                s.coyote > 0,
                s.buffer > 0,
                s.n_broken,
                child.tick // 48 if len(child.terrain.creatures) else 0,
            )
            if child.status == "playing" and rough not in seen:
                seen.add(rough)
                todo.append(child)
    return False


def small_level(rng: np.random.Generator) -> Level:
    """A few columns of broken ground, often with a wall, a gap or hazards that are too much."""
    n_rows, n_cols = 9, int(rng.integers(8, 14))
    heights = rng.integers(1, 4, n_cols)
    if rng.random() < 0.9:
        at = int(rng.integers(2, n_cols - 3))
        heights[at : at + 2] += int(rng.choice([4, 5, 6]))
    heights[rng.random(n_cols) < 0.15] = 0
    heights[:2] = 1
    heights = np.clip(heights, 0, 8)
    rows = np.full((n_rows, n_cols), "-")
    for col, height in enumerate(heights):
        rows[n_rows - height :, col] = "X"
        if 0 < col < n_cols - 1 and rng.random() < 0.6:
            thing = rng.choice(list("^^=H SE?")).strip() or "-"
            at = n_rows - 1 - height - (int(rng.integers(0, 4)) if thing in "=S?H" else 0)
            if at >= 0:
                rows[at, col] = thing
    return Level.from_rows(["".join(row) for row in rows], TILES)


def judge(n: int, limit: int, budget: int, *address: int) -> dict[str, int]:
    """Compare with brute force; how often each verdict came."""
    verdicts = {"playable": 0, "not playable": 0, "unknown": 0}
    for k in range(n):
        rng = stream(21, "test", *address, k)
        played = small_level(rng) if k % 4 else random_level(rng)
        found = solve(played, budget=budget)
        verdicts[found.verdict] += 1
        if found.verdict == "playable":
            check_proof(played, found)
        elif found.verdict == "not playable":
            assert not brute_force(played, limit), played.rows()
            assert not reach(played).playable, played.rows()
    return verdicts


def test_brute_force_finishes_nothing_that_was_called_not_playable() -> None:
    verdicts = judge(24, 120, 3_000, 0)
    assert verdicts["playable"] >= 4
    assert verdicts["not playable"] >= 4


@pytest.mark.slow
@pytest.mark.parametrize("chunk", range(1, 5))
def test_brute_force_agrees_on_many_levels(chunk: int) -> None:
    judge(100, 1000, 20_000, chunk)


@pytest.mark.slow
@pytest.mark.parametrize("chunk", range(10))
def test_of_ten_thousand_generated_levels_every_playable_one_is_won(chunk: int) -> None:
    """Levels as ``generate`` and ``compare`` make them, from both shipped corpora."""
    corpus = shipped_corpus(("samurai", "space_opera")[chunk % 2])
    measured = measure_many(corpus.levels)
    rng = stream(31, "test", chunk)
    vectors = rng.multivariate_normal(measured.mean(axis=0), np.cov(measured.T), 1000)
    batch = Builder(120).build_many(vectors, [stream(32, "test", chunk, k) for k in range(1000)])
    n_unknown = 0
    for k, grid in enumerate(batch.grids):
        played = Level(grid, house_tileset())
        actions = prove(played)
        if actions is None:
            found = solve(played, budget=20_000)
            assert found.verdict != "not playable", (found.reason, *played.rows())
            n_unknown += found.replay is None
            actions = np.frombuffer(found.replay.actions if found.replay else b"", np.uint8)
        assert not len(actions) or play_out(World(played), actions).status == "won", played.rows()
        if k % 50 == 0:
            check_proof(played, solve(played))
    assert n_unknown <= 5
