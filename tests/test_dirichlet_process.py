"""The mixture learner: the reference's own logic, and the fast one against it."""

from __future__ import annotations

import json
import math
import os
import subprocess
import sys

import numpy as np
import numpy.typing as npt
import pytest

from procgen_sim.models.dirichlet_process import DirichletProcessObserver
from procgen_sim.models.niw import NormalInverseWishart, Perception
from procgen_sim.players import ThemeObserver
from procgen_sim.players.assumptions import NAIVE_PRIOR, THEME_CAPACITY
from procgen_sim.rng import stream

Floats = npt.NDArray[np.float64]


def reference(
    d: int,
    *,
    half_life: float = math.inf,
    alpha: float = 1.0,
    resolution: float = 2.5,
    capacity: int = THEME_CAPACITY,
    psi: float = NAIVE_PRIOR.psi,
) -> DirichletProcessObserver:
    prior = NormalInverseWishart.isotropic(
        d,
        mean=NAIVE_PRIOR.mean,
        kappa=NAIVE_PRIOR.kappa,
        nu=d + NAIVE_PRIOR.nu_above_dimensions,
        psi=psi,
    )
    return DirichletProcessObserver(
        prior=prior,
        perception=Perception(resolution_bits=resolution),
        concentration=alpha,
        half_life_levels=half_life,
        capacity=capacity,
    )


def clusters(rng: np.random.Generator, d: int, n: int, k: int = 3, sd: float = 0.05) -> Floats:
    """``(n, d)`` levels of k genres in random order."""
    centres = rng.uniform(0.1, 0.9, (k, d))
    return centres[rng.integers(k, size=n)] + rng.normal(0, sd, (n, d))


def test_alpha_zero_is_the_single_conjugate_learner() -> None:
    data = clusters(stream(1, "test", 20), 3, 30)
    observer = reference(3, alpha=0.0)
    for i, x in enumerate(data):
        single = observer.prior.learn(data[:i]).predictive(observer.perception)
        assert observer.bits(x) == pytest.approx(
            observer.perception.bits(single.log_density(x), 3), abs=1e-9
        )
        observer.observe(x)
    assert len(observer.components) == 1


def test_first_level_costs_the_same_with_and_without_mixture() -> None:
    x = np.array([0.2, 0.9])
    assert reference(2, alpha=0.0).bits(x) == pytest.approx(reference(2, alpha=3.0).bits(x))


def test_predictive_of_the_mixture_by_hand() -> None:
    """Two levels far apart, alpha = 1: each component weighs 1/3, so does something new."""
    observer = reference(2, alpha=1.0, resolution=math.inf, psi=1e-4)
    # b is where a newcomer expects it, and not where someone who has met a does.
    a, b, x = np.array([0.9, 0.9]), np.array([0.5, 0.5]), np.array([0.6, 0.7])
    observer.observe(a)
    observer.observe(b)
    assert [c.weight for c in observer.components] == [1.0, 1.0]
    density = sum(
        math.exp(observer.prior.learn(np.reshape(seen, (-1, 2))).predictive().log_density(x)) / 3
        for seen in ([a], [b], np.empty((0, 2)))
    )
    assert observer.bits(x) == pytest.approx(-math.log2(density), abs=1e-9)


def test_genres_are_told_apart_and_told_again() -> None:
    """Three genres in eleven dimensions, shuffled: nobody needs more than one life out of ten to
    take two for one."""
    right = 0
    for seed in range(20):
        rng = stream(seed, "test", 22)
        observer = reference(11, alpha=1.0)
        centres = rng.uniform(0.1, 0.9, (3, 11))
        for g in rng.permutation(np.repeat([0, 1, 2], 12)):
            observer.observe(rng.normal(centres[g], 0.05))
        right += sorted(round(c.weight) for c in observer.components) == [12, 12, 12]
    assert right >= 18


def test_capacity_is_kept_and_nothing_is_replaced() -> None:
    rng = stream(3, "test", 20)
    observer = reference(2, alpha=1.0, capacity=2, psi=1e-4)
    for centre in (0.3, 0.7, 0.9, 0.3, 0.7):
        observer.observe(rng.normal(centre, 0.01, 2))
    assert len(observer.components) == 2
    assert sum(c.weight for c in observer.components) == pytest.approx(5.0)


def test_forgetting_halves_every_statistic_in_a_half_life() -> None:
    observer = reference(2, alpha=0.0, half_life=4.0)
    observer.observe(np.array([0.2, 0.6]))
    first = observer.components[0]
    w, s = first.weight, first.total.copy()
    for _ in range(4):
        observer.observe(np.zeros(2))  # adds weight, but neither sum nor outer products
    assert first.total == pytest.approx(s / 2)
    assert first.weight == pytest.approx(w / 2 + sum(2 ** (-i / 4) for i in range(4)))


# The fast one


def fast_and_reference(
    data: Floats, half_life: Floats, alpha: Floats, resolution: Floats, capacity: int
) -> float:
    """Largest difference in any bits, surprise or progress."""
    n_players, _, d = data.shape
    observer = ThemeObserver(
        d,
        half_life_levels=half_life,
        concentration=alpha,
        resolution_bits=resolution,
        n_players=n_players,
        capacity=capacity,
    )
    seen = observer.observe_many(data)
    worst = 0.0
    for p in range(n_players):
        slow = reference(
            d,
            half_life=half_life[p],
            alpha=alpha[p],
            resolution=resolution[p],
            capacity=capacity,
        )
        bits = np.array([slow.observe(x) for x in data[p]])
        worst = max(worst, np.abs(bits[:, 0] - seen.surprise_bits[p]).max())
        worst = max(worst, np.abs(bits[:, 1] - seen.progress_bits[p]).max())
        assert len(slow.components) == observer.n_themes[p]
    return worst


TRAITS = (
    np.array([np.inf, np.inf, 3.0, 40.0, 15.0, 200.0]),
    np.array([0.0, 1.0, 0.0, 0.2, 5.0, 1.0]),
    np.array([2.5, np.inf, 2.0, 3.0, np.inf, 2.5]),
)
"""Half-life, concentration, resolution of six players: all the ways through the kernel."""


@pytest.mark.parametrize("d", [1, 2, 11])
@pytest.mark.parametrize("seed", range(3))
def test_fast_observer_agrees_with_the_reference(d: int, seed: int) -> None:
    rng = stream(seed, "test", 21, d)
    data = np.stack([clusters(rng, d, 50) for _ in range(6)])
    assert fast_and_reference(data, *TRAITS, capacity=THEME_CAPACITY) < 1e-9


def test_they_agree_when_themes_outnumber_capacity() -> None:
    rng = stream(5, "test", 21)
    data = np.stack([clusters(rng, 3, 60, k=9, sd=0.01) for _ in range(6)])
    assert fast_and_reference(data, *TRAITS, capacity=4) < 1e-9


def test_they_agree_on_identical_levels() -> None:
    data = np.broadcast_to(stream(6, "test", 21).random(5), (6, 100, 5))
    assert fast_and_reference(data, *TRAITS, capacity=THEME_CAPACITY) < 1e-9


def test_uncompiled_kernel_gives_the_same_bits() -> None:
    rng = stream(7, "test", 21)
    data = np.stack([clusters(rng, 4, 12) for _ in range(6)])
    half_life, alpha, resolution = TRAITS
    observer = ThemeObserver(
        4, half_life_levels=half_life, concentration=alpha, resolution_bits=resolution, n_players=6
    )
    seen = observer.observe_many(data)
    program = (
        "import json, sys; import numpy as np\n"
        "from procgen_sim.compiled import COMPILED\n"
        "from procgen_sim.players import ThemeObserver\n"
        "given = json.load(sys.stdin)\n"
        "observer = ThemeObserver(4, half_life_levels=given['h'], concentration=given['a'],\n"
        "    resolution_bits=given['r'], n_players=6)\n"
        "seen = observer.observe_many(np.array(given['data']))\n"
        "print(json.dumps([COMPILED, seen.surprise_bits.tolist(), seen.progress_bits.tolist()]))\n"
    )
    given = {"h": half_life.tolist(), "a": alpha.tolist(), "r": resolution.tolist()}
    done = subprocess.run(
        [sys.executable, "-c", program],
        input=json.dumps({**given, "data": data.tolist()}),
        env={**os.environ, "PROCGEN_SIM_NO_JIT": "1"},
        capture_output=True,
        text=True,
        check=True,
    )
    compiled, surprise, progress = json.loads(done.stdout)
    assert compiled is False
    assert np.abs(np.array(surprise) - seen.surprise_bits).max() < 1e-12
    assert np.abs(np.array(progress) - seen.progress_bits).max() < 1e-12
