"""What predicting a level costs: ``pytest tests/tile_benchmark.py``.

Columns of 16 tiles as platformers have them: runs of a few kinds of column, changed here and
there. The goal is 25 µs a column, learning included.
"""

from __future__ import annotations

import time

import numpy as np
import numpy.typing as npt
import pytest
from pytest_benchmark.fixture import BenchmarkFixture

from procgen_sim.models import FixedTileModel, KneserNey, TileModel
from procgen_sim.rng import stream

Lines = npt.NDArray[np.uint8]
N_TILES = 12
N_COLUMNS = 200
GOAL_S = 25e-6


def levels(n: int) -> list[Lines]:
    """``n`` levels of ``(200, 16)``: ground of changing height, and something on it at times."""
    rng = stream(1, "test", 92)
    made = []
    for _ in range(n):
        lines = np.zeros((N_COLUMNS, 16), dtype=np.uint8)
        height = 3
        for line in lines:
            if rng.random() < 0.15:
                height = int(rng.integers(1, 7))
            line[16 - height :] = 1
            if rng.random() < 0.15:
                line[int(rng.integers(4, 16 - height))] = rng.integers(2, N_TILES)
        made.append(lines)
    return made


def learned() -> TileModel:
    """A model for which all kernels are compiled."""
    model = TileModel(N_TILES)
    for lines in levels(10):
        model.learn(lines)
    FixedTileModel(model).sample(2, 16, rng=stream(1, "test", 93))
    return model


@pytest.mark.benchmark(timer=time.process_time)
def test_learning(benchmark: BenchmarkFixture) -> None:
    learned()
    body = levels(20)

    def meet() -> None:
        model = TileModel(N_TILES)
        for lines in body:
            model.learn(lines)

    benchmark(meet)
    per_column = benchmark.stats.stats.min / (len(body) * N_COLUMNS)
    benchmark.extra_info["us_per_column"] = per_column * 1e6
    assert per_column < GOAL_S


def test_forecast(benchmark: BenchmarkFixture) -> None:
    """Bits of a level to a model that stays as it is; a copy is part of the price."""
    model, lines = learned(), levels(11)[-1]
    benchmark(model.bits, lines)
    benchmark.extra_info["us_per_column"] = benchmark.stats.stats.min / N_COLUMNS * 1e6


def test_copy(benchmark: BenchmarkFixture) -> None:
    benchmark(learned().copy)


def test_sampling(benchmark: BenchmarkFixture) -> None:
    model, rng = FixedTileModel(learned()), stream(1, "test", 93)
    benchmark(lambda: model.sample(N_COLUMNS, 16, rng=rng))


@pytest.mark.slow
def test_hundredth_level_costs_what_the_tenth_does() -> None:
    model, body = learned(), levels(110)

    def cost(some: list[Lines]) -> float:
        began = time.process_time()
        for lines in some:
            model.learn(lines)
        return time.process_time() - began

    early = min(cost(body[k : k + 5]) for k in range(0, 20, 5))
    cost(body[20:90])
    assert min(cost(body[k : k + 5]) for k in range(90, 110, 5)) < 2 * early


def test_against_the_reference() -> None:
    """The mixture against Kneser–Ney on the same levels, in one run: bits and time."""
    learned()
    body = levels(20)
    spent, seconds = [], []
    for model in (TileModel(N_TILES), KneserNey(N_TILES)):
        began = time.process_time()
        spent.append(sum(float(model.learn(lines).sum()) for lines in body))
        seconds.append((time.process_time() - began) / (len(body) * N_COLUMNS) * 1e6)
    print(f"\nmixture {seconds[0]:.1f} µs, Kneser–Ney {seconds[1]:.1f} µs a column")
    print(f"mixture {spent[0]:.0f}, Kneser–Ney {spent[1]:.0f} bits")
    assert spent[0] < 0.95 * spent[1]
