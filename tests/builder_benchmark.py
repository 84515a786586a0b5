"""Speed and accuracy of the builder; run ``pytest tests/builder_benchmark.py -s``.

Times are of one process; the screen alone is timed in the same run, as the reference.
"""

from __future__ import annotations

import numpy as np
import pytest
from pytest_benchmark.fixture import BenchmarkFixture

from procgen_sim.generators.builder import Builder
from procgen_sim.levels import Level, house_tileset
from procgen_sim.levels.design import PARAMETERS, measure
from procgen_sim.platformer.reachability_kernel import flood
from procgen_sim.rng import stream

LOW = np.array([p.low for p in PARAMETERS])
HIGH = np.array([p.high for p in PARAMETERS])
N_LEVELS = 300


def vectors(n: int) -> np.ndarray:
    return stream(1, "test").uniform(LOW, HIGH, (n, len(PARAMETERS)))


@pytest.mark.parametrize("columns", [120, 200])
def test_build_measure_and_screen(benchmark: BenchmarkFixture, columns: int) -> None:
    builder, wanted = Builder(columns), vectors(N_LEVELS)

    def run() -> None:
        builder.build_many(wanted, [stream(2, "test", i) for i in range(N_LEVELS)])

    run()
    benchmark.extra_info["levels per round"] = N_LEVELS
    benchmark(run)
    print(f"\n16x{columns}: {benchmark.stats['median'] / N_LEVELS * 1e6:.0f} µs a level")


def test_screen_alone(benchmark: BenchmarkFixture) -> None:
    batch = Builder(200).build_many(vectors(50), [stream(2, "test", i) for i in range(50)])
    tiles = house_tileset()
    flags = tiles.flags[batch.grids]
    starts = [np.argwhere(grid == tiles.codes["M"])[0] for grid in batch.grids]

    def run() -> None:
        for level, (row, col) in zip(flags, starts, strict=True):
            flood(level, row, col)

    run()
    benchmark(run)
    print(f"\nscreen of 16x200: {benchmark.stats['median'] / 50 * 1e6:.0f} µs a level")


def test_measure_alone(benchmark: BenchmarkFixture) -> None:
    built = Builder(200).build(0.5 * (LOW + HIGH), rng=stream(2, "test"))
    level = Level(built.grid, house_tileset())
    measure(level)
    benchmark(measure, level)
    print(f"\nmeasuring 16x200: {benchmark.stats['median'] * 1e6:.1f} µs a level")


def test_accuracy(benchmark: BenchmarkFixture) -> None:
    wanted = vectors(2000)
    rngs = [stream(2, "test", i) for i in range(2000)]
    batch = benchmark.pedantic(Builder(120).build_many, (wanted, rngs), rounds=1)

    def r_squared(target: np.ndarray) -> np.ndarray:
        missed = ((target - batch.measured) ** 2).sum(axis=0)
        return 1 - missed / ((target - target.mean(axis=0)) ** 2).sum(axis=0)

    print(f"\n{'R²':16s} requested  repaired")
    for p, asked, repaired in zip(
        PARAMETERS, r_squared(wanted), r_squared(batch.repaired), strict=True
    ):
        print(f"{p.name:16s} {asked:9.3f} {repaired:9.3f}")
    assert batch.playable.all()
    assert r_squared(wanted).min() >= 0.9
