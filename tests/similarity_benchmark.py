"""What the perceptual distance costs: ``pytest tests/similarity_benchmark.py``.

A thousand levels of 16 by 200: mean and nearest-neighbour distances of all 499,500 pairs within
20 s and 500 MB, and one distance within a few milliseconds.
"""

from __future__ import annotations

import resource
import sys
import time

import numpy as np
import numpy.typing as npt
from pytest_benchmark.fixture import BenchmarkFixture

from procgen_sim.levels.similarity import describe, distance, distances
from procgen_sim.levels.spread import perceptual_spread
from procgen_sim.rng import stream

GOAL_S, GOAL_MB, GOAL_DISTANCE_S = 20, 500, 5e-3
Grid = npt.NDArray[np.int64]


def levels(n: int) -> list[Grid]:
    """Ground that goes up and down, gaps, platforms, and ten kinds of things strewn about."""
    rng = stream(1, "test", 91)
    made = []
    for _ in range(n):
        grid = np.zeros((16, 200), np.int64)
        ground = np.clip(np.cumsum(rng.integers(-1, 2, 200) * (rng.random(200) < 0.3)) + 3, 1, 8)
        ground[rng.random(200) < 0.05] = 0
        grid[np.arange(16)[:, None] >= 16 - ground] = 1
        for _ in range(10):
            r, c = rng.integers(3, 10), rng.integers(0, 190)
            grid[r, c : c + rng.integers(2, 8)] = 2
        grid.flat[rng.choice(grid.size, 60, replace=False)] = rng.integers(3, 13, 60)
        made.append(grid)
    return made


def test_all_pairs_of_a_thousand(benchmark: BenchmarkFixture) -> None:
    body = levels(1000)
    perceptual_spread(body[:3], rng=stream(1, "test", 92))  # compile, or load from the cache
    benchmark.pedantic(perceptual_spread, (body,), {"rng": stream(1, "test", 92)}, rounds=1)
    # Kilobytes on Linux, bytes on macOS.
    peak = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / (
        1e6 if sys.platform == "darwin" else 1e3
    )
    benchmark.extra_info["peak_mb"] = peak
    assert benchmark.stats.stats.max < GOAL_S
    assert peak < GOAL_MB


def test_one_distance(benchmark: BenchmarkFixture) -> None:
    one, other = levels(2)
    distance(one, other)
    benchmark(distance, one, other)
    assert benchmark.stats.stats.min < GOAL_DISTANCE_S


def test_one_from_many(benchmark: BenchmarkFixture) -> None:
    body = [describe(level) for level in levels(200)]
    distances(body[0], body)
    benchmark(distances, body[0], body)
    benchmark.extra_info["us_per_pair"] = benchmark.stats.stats.median / 200 * 1e6


def test_more_than_can_be_compared(benchmark: BenchmarkFixture) -> None:
    """A hundred thousand levels cost what the thousand that are drawn do."""
    body = levels(100) * 1000
    start = time.perf_counter()
    spread = benchmark.pedantic(
        perceptual_spread, (body,), {"rng": stream(1, "test", 93)}, rounds=1
    )
    assert (spread.exact, spread.n_levels) == (False, 1000)
    assert time.perf_counter() - start < 1.5 * GOAL_S
