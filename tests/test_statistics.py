"""Survival and differences: hand-computed, against theory, and able to fail."""

from __future__ import annotations

import numpy as np
import pytest

from procgen_sim.experiments.statistics import paired_difference, survival, told_apart
from procgen_sim.rng import stream


def test_a_case_by_hand() -> None:
    # Six players; 2 leave at 3, one stays censored at 5, others leave at 4, 6, 6.
    found = survival(np.array([3, 3, 4, 5, 6, 6]), np.array([True, True, True, False, True, True]))
    assert found.share.round(6).tolist() == [1, 1, 1, round(4 / 6, 6), 0.5, 0.5, 0]
    assert found.median.estimate == 4


def test_nobody_left() -> None:
    found = survival(np.full(5, 60), np.zeros(5, bool))
    assert (found.share == 1).all()
    assert (found.median.estimate, found.median.low, found.median.high) == (None, None, None)


def test_everybody_left_at_once() -> None:
    found = survival(np.full(5, 7), np.ones(5, bool))
    assert found.median.estimate == 7
    assert found.share[-1] == 0


def test_bands_hold_the_estimate() -> None:
    rng = stream(1, "test")
    left_after = rng.integers(1, 50, 40)
    found = survival(left_after, rng.random(40) < 0.7)
    assert (found.low <= found.share + 1e-12).all()
    assert (found.share <= found.high + 1e-12).all()
    assert (np.diff(found.share) <= 0).all()


@pytest.mark.slow
def test_median_interval_covers_as_it_says() -> None:
    # Exponential leaving with scale 20: the median is 20 ln 2; half of the runs are censored.
    hits = 0
    n_seeds = 400
    for seed in range(n_seeds):
        rng = stream(seed, "test", 1)
        times = rng.exponential(20.0, 80)
        horizon = 30.0
        left_after = np.ceil(np.minimum(times, horizon)).astype(int)
        found = survival(left_after, times < horizon).median
        true = np.ceil(20 * np.log(2))
        hits += found.low <= true <= (found.high or np.inf)
    # 95 % nominal; whole levels make it a little wide, never much narrower.
    assert hits / n_seeds > 0.95 - 3 * np.sqrt(0.95 * 0.05 / n_seeds)


@pytest.mark.slow
@pytest.mark.parametrize("n_players", [2, 3, 5, 10, 100])
def test_difference_interval_covers_as_it_says(n_players: int) -> None:
    n_seeds = 1000
    hits = 0
    for seed in range(n_seeds):
        rng = stream(seed, "test", 2, n_players)
        shared = rng.normal(30, 10, n_players)
        found = paired_difference(shared + 2 + rng.normal(0, 3, n_players), shared)
        hits += found.low <= 2 <= found.high
    assert abs(hits / n_seeds - 0.95) < 4 * np.sqrt(0.95 * 0.05 / n_seeds)


@pytest.mark.slow
def test_no_more_than_one_run_in_twenty_claims_what_is_not() -> None:
    n_runs = 1000
    false = 0
    for seed in range(n_runs):
        rng = stream(seed, "test", 4)
        staying = rng.normal(30, 10, 50)
        # Twelve comparisons with the same arm, none of which differs.
        p_values = [
            paired_difference(staying + rng.normal(0, 3, 50), staying).p_value for _ in range(12)
        ]
        false += any(told_apart(p_values))
    assert false / n_runs < 0.05 + 4 * np.sqrt(0.05 * 0.95 / n_runs)


def test_what_stands_by_hand() -> None:
    # Holm: 0.010 ≤ 0.05/4, 0.013 ≤ 0.05/3, 0.03 > 0.05/2: from there on nothing stands.
    assert told_apart([0.03, 0.01, 0.013, 0.04]) == [False, True, True, False]
    assert told_apart([]) == []
    assert told_apart([0.05]) == [True]


def test_pairing_matters() -> None:
    rng = stream(1, "test", 3)
    shared = rng.normal(30, 10, 60)
    paired = paired_difference(shared + 1 + rng.normal(0, 0.5, 60), shared)
    shuffled = paired_difference(shared + 1, rng.permutation(shared))
    assert paired.low > 0
    assert shuffled.low < 0


def test_equal_arms_differ_by_nothing() -> None:
    same = np.array([3, 4, 5])
    found = paired_difference(same, same)
    assert (found.estimate, found.low, found.high, found.p_value) == (0, 0, 0, 1)


def test_one_player_has_no_interval() -> None:
    found = paired_difference(np.array([5]), np.array([3]))
    assert (found.estimate, found.low, found.high, found.p_value) == (2, None, None, None)
