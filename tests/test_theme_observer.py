"""Many players at once: what they learn, what they are asked, what they refuse."""

from __future__ import annotations

from typing import Any

import numpy as np
import numpy.typing as npt
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from procgen_sim._checks import InputError
from procgen_sim.players import (
    Population,
    ThemeObserver,
    naive_bits,
    predictability,
    veteran_bits,
)
from procgen_sim.rng import stream

Floats = npt.NDArray[np.float64]
D = 11


def observer(d: int = D, n_players: int = 1, **traits: Any) -> ThemeObserver:
    chosen = {"half_life_levels": 200.0, "concentration": 1.0, "resolution_bits": 2.5, **traits}
    return ThemeObserver(d, n_players=n_players, **chosen)


class Generator:
    """Two correlated clusters with an sd of 0.08 to 0.15 of the range."""

    def __init__(self, seed: int) -> None:
        rng = stream(seed, "test", 30)
        self.centres = rng.uniform(0.25, 0.75, (2, D))
        loadings = rng.normal(size=(2, D, 3))
        covariance = loadings @ loadings.transpose(0, 2, 1) + np.eye(D)
        scale = np.sqrt(np.diagonal(covariance, axis1=1, axis2=2))
        sd = rng.uniform(0.08, 0.15, (2, D)) / scale
        self.roots = np.linalg.cholesky(covariance * sd[:, :, None] * sd[:, None, :])

    def sample(self, n_players: int, n_levels: int, *, rng: np.random.Generator) -> Floats:
        """``(n_players, n_levels, D)``."""
        which = rng.integers(2, size=(n_players, n_levels))
        z = rng.normal(size=(n_players, n_levels, D, 1))
        return np.asarray(self.centres[which] + (self.roots[which] @ z)[..., 0])


# Learning


@pytest.mark.parametrize("seed", range(6))
def test_predictability_climbs_from_nothing_to_everything(seed: int) -> None:
    generator, rng = Generator(seed), stream(seed, "test", 31)
    people = Population.sample(100, seed=seed).theme_observer(D)
    (training,), (fresh,) = (generator.sample(1, n, rng=rng) for n in (800, 400))
    naive, veteran = naive_bits(people, fresh), veteran_bits(people, training, fresh)
    assert np.all(naive > veteran)
    data = generator.sample(100, 250, rng=rng)
    p = predictability(people.observe_many(data).surprise_bits, naive[:, None], veteran[:, None])

    def mean_and_error(levels: slice) -> tuple[float, float]:
        per_player = p[:, levels].mean(axis=1)
        return float(per_player.mean()), float(per_player.std(ddof=1) / 10)

    first, error = mean_and_error(slice(0, 1))
    assert abs(first) < 4 * error + 0.05  # S_0 is known from 400 levels only
    tenth, _ = mean_and_error(slice(7, 13))
    assert 0.3 < tenth < 0.85
    sixtieth, _ = mean_and_error(slice(50, 70))
    assert 0.8 < sixtieth < 1.05
    last, error = mean_and_error(slice(200, 250))
    assert abs(last - 1) < 4 * error + 0.05
    # A planted bug, learning nothing, would leave them where they began.
    ignorant = people.naive().surprise_bits_many(data[:, 200:])
    still = predictability(ignorant, naive[:, None], veteran[:, None]).mean()
    assert still < 0.1


@pytest.mark.slow
@pytest.mark.parametrize("centre", [0.1, 0.9])
def test_a_stationary_injection_is_learned(centre: float) -> None:
    """Every fifth level from one and the same elsewhere is a genre of its own before long."""
    n_players, n_levels = 60, 150
    rng = stream(int(centre * 10), "test", 32)
    data = Generator(3).sample(n_players, n_levels, rng=rng)
    breaks = np.arange(4, n_levels, 5)
    data[:, breaks] = rng.normal(centre, 0.08, (n_players, len(breaks), D))
    players = observer(n_players=n_players)
    surprise = players.observe_many(data).surprise_bits[:, breaks]
    fall = surprise[:, :5].mean(axis=1) - surprise[:, -5:].mean(axis=1)
    error = fall.std(ddof=1) / np.sqrt(n_players)
    assert fall.mean() > 10 * error
    assert surprise[:, -5:].mean() < 0.5 * surprise[:, 0].mean()
    assert np.median(players.n_themes) >= 2


def test_an_injection_that_never_repeats_is_not_learned_as_such() -> None:
    """The same check on breaks without a habit: they stay as surprising as they were."""
    n_players, n_levels = 60, 150
    rng = stream(1, "test", 33)
    data = Generator(3).sample(n_players, n_levels, rng=rng)
    breaks = np.arange(4, n_levels, 5)
    data[:, breaks] = rng.choice([-0.2, 1.2], (n_players, len(breaks), D))
    surprise = observer(n_players=n_players).observe_many(data).surprise_bits[:, breaks]
    assert surprise[:, -5:].mean() > 0.7 * surprise[:, :5].mean()


def test_forgetting_lowers_what_a_veteran_knows() -> None:
    rng = stream(2, "test", 34)
    (training,), (fresh,) = (Generator(4).sample(1, n, rng=rng) for n in (1200, 400))
    half_lives = np.array([5.0, 15.0, 50.0, np.inf])
    bits = veteran_bits(observer(half_life_levels=half_lives, n_players=4), training, fresh)
    assert np.all(np.diff(bits) < 0)
    assert bits[0] - bits[-1] > 1.0


def test_a_finer_eye_is_surprised_more() -> None:
    levels = Generator(5).sample(1, 50, rng=stream(3, "test", 34))[0]
    bits = naive_bits(observer(resolution_bits=np.array([1.5, 2.5, 3.5]), n_players=3), levels)
    assert np.all(np.diff(bits) > 2)


def test_habituation_and_dishabituation() -> None:
    """The same level costs less each time; another one costs more again, and so, for a while, does
    the first one after many others ([Rankin2009]_)."""
    rng = stream(4, "test", 34)
    same, others = rng.uniform(0.2, 0.8, D), rng.uniform(0.0, 1.0, (40, D))
    player = observer(half_life_levels=15.0, concentration=0.0)
    bits = player.observe_many(np.tile(same, (1, 30, 1))).surprise_bits[0]
    assert np.all(np.diff(bits) < 0)
    assert bits[-1] < 0.4 * bits[0]
    assert player.surprise_bits(others[0])[0] > 2 * bits[-1]
    similar = same + 0.03
    assert player.surprise_bits(similar)[0] < player.surprise_bits(others[0])[0]  # generalisation
    player.observe_many(others)
    assert player.surprise_bits(same)[0] > 1.3 * bits[-1]


def test_progress_dries_up_on_repetition() -> None:
    seen = observer().observe_many(np.full((1, 60, D), 0.4))
    assert seen.progress_bits[0, 0] > 5
    assert np.all(seen.progress_bits[0, 20:] < 1)


# Asking and being many


def test_asking_is_not_learning() -> None:
    data = Generator(6).sample(1, 20, rng=stream(5, "test", 34))
    player = observer()
    player.observe_many(data)
    first = player.surprise_bits(data[0, 0])
    player.surprise_bits_many(data)
    naive_bits(player, data[0])
    veteran_bits(player, data[0], data[0])
    assert np.array_equal(player.surprise_bits(data[0, 0]), first)
    assert player.n_seen == 20


def test_sequence_at_once_and_level_by_level_are_the_same() -> None:
    people = Population.sample(7, seed=3)
    data = Generator(7).sample(7, 30, rng=stream(6, "test", 34))
    together = people.theme_observer(D).observe_many(data)
    alone = people.theme_observer(D)
    for t in range(30):
        before = alone.surprise_bits(data[:, t])
        seen = alone.observe(data[:, t])
        assert np.array_equal(before, seen.surprise_bits)
        assert np.array_equal(seen.surprise_bits, together.surprise_bits[:, t])
        assert np.array_equal(seen.progress_bits, together.progress_bits[:, t])
        gone = before - alone.surprise_bits(data[:, t])
        assert gone == pytest.approx(seen.progress_bits, abs=1e-9)


def test_a_player_is_the_same_in_any_company() -> None:
    data = Generator(8).sample(5, 30, rng=stream(7, "test", 34))
    people = Population.sample(5, seed=1)
    together = people.theme_observer(D).observe_many(data).surprise_bits
    only = Population.sample(1, seed=1, first=3).theme_observer(D)
    assert np.array_equal(only.observe_many(data[3:4]).surprise_bits[0], together[3])


def test_learning_without_asking_leaves_the_same_player() -> None:
    data = Generator(8).sample(5, 30, rng=stream(8, "test", 34))
    asked, silent = (Population.sample(5, seed=1).theme_observer(D) for _ in range(2))
    asked.observe_many(data)
    silent.learn_many(data)
    assert silent.n_seen == 30
    assert np.array_equal(silent.surprise_bits_many(data), asked.surprise_bits_many(data))


def test_copies_live_their_own_lives() -> None:
    data = Generator(9).sample(1, 20, rng=stream(9, "test", 34))
    player = observer()
    player.observe_many(data)
    twin = player.copy()
    assert twin.n_seen == 20
    assert np.array_equal(twin.surprise_bits_many(data), player.surprise_bits_many(data))
    before = player.surprise_bits_many(data)
    twin.observe_many(1 - data)
    assert np.array_equal(player.surprise_bits_many(data), before)
    assert not np.array_equal(twin.surprise_bits_many(data), before)


def test_one_sequence_for_all_is_the_same_as_copies_of_it() -> None:
    data = Generator(9).sample(1, 20, rng=stream(10, "test", 34))
    people = Population.sample(4, seed=2)
    shared = people.theme_observer(D).observe_many(data[0]).surprise_bits
    repeated = people.theme_observer(D).observe_many(np.repeat(data, 4, axis=0)).surprise_bits
    assert np.array_equal(shared, repeated)


def test_read_only_levels_are_fine_and_stay_as_they_are() -> None:
    levels = np.full((3, D), 0.25)
    levels.flags.writeable = False
    assert np.all(np.isfinite(observer().observe_many(levels).surprise_bits))
    assert np.all(levels == 0.25)


def test_players_who_are_alike_share_a_veteran_but_not_a_fate() -> None:
    (training,), (fresh,) = (
        Generator(9).sample(1, n, rng=stream(n, "test", 34)) for n in (100, 40)
    )
    mixed = observer(concentration=np.array([1.0, 0.0, 1.0]), n_players=3)
    bits = veteran_bits(mixed, training, fresh)
    assert bits[0] == bits[2] != bits[1]
    assert bits[1] == veteran_bits(observer(concentration=0.0), training, fresh)[0]


def test_one_life_of_a_veteran_is_what_it_says() -> None:
    (training,), (fresh,) = (
        Generator(9).sample(1, n, rng=stream(n, "test", 34)) for n in (100, 40)
    )
    player = observer()
    player.observe_many(training)
    assert veteran_bits(observer(), training, fresh, n_lives=1) == pytest.approx(
        player.surprise_bits_many(fresh).mean(axis=1), abs=1e-12
    )


# Robustness


@settings(max_examples=40, deadline=None)
@given(
    seed=st.integers(0, 10**6),
    d=st.integers(1, 12),
    half_life=st.sampled_from([0.1, 2.0, 200.0, np.inf]),
    alpha=st.sampled_from([0.0, 1e-9, 1.0, 50.0]),
    resolution=st.sampled_from([0.5, 2.5, 8.0, 50.0]),
    reach=st.sampled_from([0.0, 1e-9, 1.0, 1e3, 1e5]),
)
def test_bits_are_finite_and_not_negative_whatever_comes(
    seed: int, d: int, half_life: float, alpha: float, resolution: float, reach: float
) -> None:
    rng = stream(seed, "test", 35)
    data = 0.5 + reach * rng.standard_t(1.0, (1, 40, d)).clip(-9, 9)
    data[:, 20:] = data[:, 19:20]  # and then the same level again and again
    seen = observer(
        d, half_life_levels=half_life, concentration=alpha, resolution_bits=resolution
    ).observe_many(data)
    assert np.all(np.isfinite(seen.progress_bits))
    assert np.all(seen.surprise_bits >= 0)


@pytest.mark.slow
def test_ten_thousand_levels_later_everything_is_still_finite() -> None:
    data = Generator(1).sample(1, 10_000, rng=stream(11, "test", 34))
    player = observer(half_life_levels=np.array([2.0, 200.0, np.inf]), n_players=3)
    seen = player.observe_many(data)
    assert np.all(np.isfinite(seen.surprise_bits))
    assert np.all(np.isfinite(seen.progress_bits))


@pytest.mark.parametrize("bad", [np.nan, np.inf, 1e7])
def test_broken_values_are_refused_before_anything_is_learned(bad: float) -> None:
    player = observer(2)
    levels = np.full((1, 4, 2), 0.5)
    levels[0, 2, 1] = bad
    with pytest.raises(InputError, match="player 0, level 2, parameter 1: expected a number"):
        player.observe_many(levels)
    assert player.n_seen == 0
    assert player.n_themes.tolist() == [0]


def test_wrong_shapes_are_refused() -> None:
    with pytest.raises(InputError, match=r"3 players \(or 1\) by 11 parameters, found shape"):
        observer(n_players=3).observe_many(np.zeros((2, 5, D)))
    with pytest.raises(InputError, match="by 11 parameters"):
        observer().observe(np.zeros(10))
    with pytest.raises(InputError, match="fresh: expected at least one level"):
        naive_bits(observer(), np.zeros((0, D)))
    with pytest.raises(InputError, match="training: expected at least 4 levels, found 3"):
        veteran_bits(observer(), np.zeros((3, D)), np.zeros((9, D)))


@pytest.mark.parametrize(
    ("trait", "value"),
    [
        ("half_life_levels", 0.0),
        ("half_life_levels", np.nan),
        ("concentration", -1.0),
        ("concentration", np.inf),
        ("resolution_bits", 0.0),
    ],
)
def test_traits_out_of_range_are_refused(trait: str, value: float) -> None:
    with pytest.raises(InputError, match=f"{trait}: expected numbers"):
        observer(**{trait: value})


def test_traits_of_different_numbers_of_players_are_refused() -> None:
    with pytest.raises(InputError, match="one value for each of 3 players"):
        observer(half_life_levels=np.ones(2), n_players=3)
