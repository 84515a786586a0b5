"""From what levels cost to rates: small numbers, checked by hand."""

from __future__ import annotations

from dataclasses import replace

import numpy as np
import pytest
from audit_bodies import learning_of, life_of

from procgen_sim.experiments.audit.learning import Learning
from procgen_sim.experiments.audit.rates import (
    BitRates,
    bits_so_far,
    learning_rate,
    mean_rates,
)

VETERAN = 1.0
NAIVE = 5.0
T = 60


def test_rates_are_ratios_of_sums() -> None:
    learning = learning_of(
        [100.0, 20.0, 30.0],
        [life_of([90.0, 6.0, 24.0])],
        veteran=[10.0, 4.0, 16.0],
        n_active=[20, 2, 3],
    )
    rates = mean_rates(learning, active=True)
    assert rates.naive == pytest.approx(150 / 25)  # and not the mean of 5, 10 and 10
    assert rates.total == pytest.approx(120 / 25)
    assert rates.veteran == pytest.approx(30 / 25)
    residual = np.array([10 - 1.2 * 20, 4 - 1.2 * 2, 16 - 1.2 * 3])
    assert rates.veteran_error == pytest.approx((residual @ residual / 2 * 3) ** 0.5 / 25)


def test_active_lines_are_those_of_active_rates() -> None:
    learning = replace(
        learning_of([100.0, 50.0], [life_of([80.0, 20.0])], veteran=[10.0, 20.0]),
        n_active=np.array([5, 5]),
        naive_active_bits=np.array([60.0, 40.0]),
        veteran_active_bits=np.array([8.0, 7.0]),
        veteran_active=np.array([5, 5]),
        stream=replace(life_of([30.0, 10.0]), bits=np.array([80.0, 20.0])),
    )
    every, active = (mean_rates(learning, active=active) for active in (False, True))
    assert (every.naive, every.total, every.veteran) == pytest.approx((7.5, 5.0, 1.5))
    assert (active.naive, active.total, active.veteran) == pytest.approx((10.0, 4.0, 1.5))


def test_the_error_of_a_veterans_rate_is_that_of_many_drawn_anew() -> None:
    rng = np.random.default_rng(1)
    found: list[float] = []
    told: list[float] = []
    for _ in range(2000):
        lines = rng.integers(5, 40, 30)
        bits = 2.0 * lines + rng.normal(0, 6, 30)
        rates = mean_rates(
            learning_of(np.ones(30), [life_of(np.ones(30))], veteran=bits, n_active=lines),
            active=True,
        )
        assert rates.veteran is not None
        assert rates.veteran_error is not None
        found.append(rates.veteran)
        told.append(rates.veteran_error)
    assert np.mean(told) == pytest.approx(np.std(found), rel=0.1)


def test_one_level_has_no_veteran_and_one_answer_no_error() -> None:
    alone = mean_rates(learning_of([10.0], [life_of([10.0])]), active=True)
    assert (alone.veteran, alone.veteran_error) == (None, None)
    one = mean_rates(learning_of([10.0], [life_of([10.0])], veteran=[5.0]), active=True)
    assert (one.veteran, one.veteran_error) == (0.5, None)


def power_law(
    beta: float, *, naive: float = NAIVE, veteran: float = VETERAN, n: int = T
) -> tuple[Learning, BitRates]:
    """Lives in which what is still to learn falls with the number of the level."""
    curve = veteran + (naive - veteran) * np.arange(1, n + 1) ** -beta
    noise = np.random.default_rng(4).normal(0, 0.001, n)
    noise[0] = 0.0
    lives = [life_of(10 * (curve + sign * noise)) for sign in (1, -1)]
    learning = learning_of([10 * naive] * n, lives, veteran=[10 * veteran] * n)
    return learning, mean_rates(learning, active=True)


@pytest.mark.parametrize("beta", [0.6, 1.0, 2.0])
def test_a_power_law_is_found_again(beta: float) -> None:
    learning, rates = power_law(beta)
    rate = learning_rate(learning, rates)
    # After t levels the one that comes is number t + 1.
    assert rate.levels_to_half == int(np.ceil(2 ** (1 / beta) - 1e-6)) - 1
    assert rate.levels_to_90 == int(np.ceil(10 ** (1 / beta) - 1e-6)) - 1
    assert rate.exponent == pytest.approx(beta, rel=0.01) if beta < 2 else rate.exponent is None
    assert rate.reasons == {}
    above = 10 * (NAIVE - VETERAN) * (np.arange(1, T + 1) ** -beta).sum()
    assert rate.learnable_bits == pytest.approx(above, rel=0.01)
    assert (len(rate.curve), len(rate.error)) == (T, T)
    assert rate.curve[0] == pytest.approx(NAIVE)
    assert rate.error[0] == pytest.approx(0.0)


def test_a_body_learned_slowly_is_said_not_to_be_learned_in_a_life() -> None:
    rate = learning_rate(*power_law(0.4))
    assert rate.levels_to_half == 5
    assert rate.levels_to_90 is None
    assert rate.reasons == {"levels_to_90": f"not within the {T} levels of a life"}


def test_levels_that_cost_newcomers_more_do_not_bend_the_curve() -> None:
    learning, rates = power_law(1.0)
    naive = learning.naive_active_bits.copy()
    naive[::2] += 20
    naive[1::2] -= 20
    dear = [
        replace(life, active_bits=life.active_bits + naive - learning.naive_active_bits)
        for life in learning.lives
    ]
    uneven = replace(learning, naive_bits=naive, naive_active_bits=naive, lives=tuple(dear))
    assert learning_rate(uneven, rates).curve == pytest.approx(learning_rate(learning, rates).curve)


def test_nothing_to_learn_is_said() -> None:
    rate = learning_rate(*power_law(1.0, naive=VETERAN + 0.01))
    assert rate.levels_to_half is rate.levels_to_90 is rate.exponent is None
    assert set(rate.reasons) == {"levels_to_half", "levels_to_90"}
    assert "nothing to learn" in rate.reasons["levels_to_half"]
    learning, rates = power_law(1.0, naive=0.0, veteran=0.0)
    assert learning_rate(learning, rates).learnable_bits == 0.0


def test_without_a_veteran_all_of_it_has_a_reason() -> None:
    learning = learning_of([50.0], [life_of([50.0]), life_of([50.0])])
    rates = BitRates(naive=5.0, total=5.0, veteran=None, veteran_error=None)
    rate = learning_rate(learning, rates)
    assert rate.levels_to_half is rate.levels_to_90 is rate.learnable_bits is rate.exponent is None
    assert set(rate.reasons) == {"levels_to_half", "levels_to_90", "learnable_bits"}
    assert "single level" in rate.reasons["learnable_bits"]


def test_learnable_bits_are_those_above_the_veteran_in_the_bodys_order() -> None:
    lives = [life_of([50.0, 40.0, 20.0]), life_of([50.0, 30.0, 20.0])]
    learning = learning_of(
        [50.0] * 3, lives, veteran=[10.0] * 3, stream=life_of([50.0, 12.0, 13.0])
    )
    rate = learning_rate(learning, mean_rates(learning, active=True))
    assert rate.learnable_bits == pytest.approx(40 + 2 + 3)
    worse = replace(learning, stream=life_of([5.0, 5.0, 5.0]))
    assert learning_rate(worse, mean_rates(worse, active=True)).learnable_bits == 0.0


def test_bits_so_far_take_the_last_level_in_proportion() -> None:
    lives = [
        life_of([40.0, 20.0, 10.0], n_lines=[10, 10, 10]),
        life_of([60.0, 10.0], n_lines=[20, 5]),
    ]
    learning = learning_of([40.0] * 3, lives)
    assert bits_so_far(learning, 10) == pytest.approx((4.0 + 3.0) / 2)
    assert bits_so_far(learning, 15) == pytest.approx((50 / 15 + 45 / 15) / 2)
    assert bits_so_far(learning, 25) == pytest.approx((65 / 25 + 70 / 25) / 2)
    # Asked about more lines than there are, a life tells of all it has.
    assert bits_so_far(learning, 30) == pytest.approx((70 / 30 + 70 / 25) / 2)
