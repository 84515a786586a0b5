"""What a player-level costs: ``pytest tests/theme_benchmark.py``.

Two clusters in eleven dimensions, players of the default population. The goal is 15 µs a
player-level with progress, whether it is the tenth level or the ten-thousandth.
"""

from __future__ import annotations

import time

import numpy as np
import numpy.typing as npt
import pytest
from pytest_benchmark.fixture import BenchmarkFixture

from procgen_sim.models.dirichlet_process import DirichletProcessObserver
from procgen_sim.models.niw import NormalInverseWishart, Perception
from procgen_sim.players import Population, ThemeObserver, veteran_bits
from procgen_sim.players.assumptions import NAIVE_PRIOR, THEME_CAPACITY
from procgen_sim.rng import stream

Floats = npt.NDArray[np.float64]
D = 11
GOAL_S = 15e-6


def levels(n_players: int, n_levels: int) -> Floats:
    """``(n_players, n_levels, D)``: two clusters with an sd of a tenth of the range."""
    rng = stream(1, "test", 90)
    centres = rng.uniform(0.25, 0.75, (2, D))
    which = rng.integers(2, size=(n_players, n_levels))
    return np.asarray(centres[which] + rng.normal(0, 0.1, (n_players, n_levels, D)))


def warm() -> None:
    """Compile, or load from the cache, everything that is timed."""
    observer = Population.sample(2, seed=1).theme_observer(D)
    veteran_bits(observer, levels(1, 4)[0], levels(1, 4)[0])
    observer.observe(levels(2, 1)[:, 0])


def test_sequences(benchmark: BenchmarkFixture) -> None:
    warm()
    people, data = Population.sample(100, seed=1), levels(100, 60)
    observe = lambda: people.theme_observer(D).observe_many(data)  # noqa: E731
    benchmark(observe)
    per_level = benchmark.stats.stats.median / data[..., 0].size
    benchmark.extra_info["us_per_player_level"] = per_level * 1e6
    assert per_level < GOAL_S


def test_level_by_level(benchmark: BenchmarkFixture) -> None:
    warm()
    people, data = Population.sample(100, seed=1), levels(100, 60)

    def play() -> None:
        observer = people.theme_observer(D)
        for level in range(data.shape[1]):
            observer.observe(data[:, level])

    benchmark(play)
    per_level = benchmark.stats.stats.median / data[..., 0].size
    benchmark.extra_info["us_per_player_level"] = per_level * 1e6
    assert per_level < GOAL_S


def test_veterans(benchmark: BenchmarkFixture) -> None:
    warm()
    observer = Population.sample(20, seed=1).theme_observer(D)
    training, fresh = levels(1, 800)[0], levels(1, 400)[0]
    benchmark(veteran_bits, observer, training, fresh)
    benchmark.extra_info["us_per_player"] = benchmark.stats.stats.median / 20 * 1e6


@pytest.mark.slow
def test_ten_thousandth_level_costs_what_the_tenth_does() -> None:
    warm()
    observer = Population.sample(10, seed=1).theme_observer(D)
    data = levels(10, 10_500)

    def cost(first: int, last: int) -> float:
        began = time.perf_counter()
        observer.observe_many(data[:, first:last])
        return (time.perf_counter() - began) / (last - first)

    observer.observe_many(data[:, :10])
    early = min(cost(n, n + 100) for n in range(10, 510, 100))
    observer.observe_many(data[:, 510:10_000])
    late = min(cost(n, n + 100) for n in range(10_000, 10_500, 100))
    # More themes are open late than early, a few at most.
    assert late < 3 * early


def test_against_the_reference() -> None:
    """The readable reference and the fast observer on the same life, in one run."""
    warm()
    data = levels(1, 60)
    player = Population.degenerate(1)
    slow = DirichletProcessObserver(
        prior=NormalInverseWishart.isotropic(
            D,
            mean=NAIVE_PRIOR.mean,
            kappa=NAIVE_PRIOR.kappa,
            nu=D + NAIVE_PRIOR.nu_above_dimensions,
            psi=NAIVE_PRIOR.psi,
        ),
        perception=Perception(resolution_bits=float(player.resolution_bits[0])),
        concentration=float(player.concentration[0]),
        half_life_levels=float(player.half_life_levels[0]),
        capacity=THEME_CAPACITY,
    )
    began = time.perf_counter()
    for level in data[0]:
        slow.observe(level)
    reference = time.perf_counter() - began
    fast = []
    for _ in range(20):
        observer: ThemeObserver = player.theme_observer(D)
        began = time.perf_counter()
        observer.observe_many(data)
        fast.append(time.perf_counter() - began)
    print(f"\nreference {reference / 60 * 1e6:.0f} µs, fast {min(fast) / 60 * 1e6:.1f} µs a level")
    assert reference > 10 * min(fast)
