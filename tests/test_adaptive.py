"""The schedule ``adaptive``: what it spends, where, and what it looks at."""

from __future__ import annotations

import math
from collections.abc import Sequence
from fractions import Fraction

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from procgen_sim._checks import InputError
from procgen_sim.injection import Audience, make_schedule
from procgen_sim.injection.schedules.adaptive import Adaptive
from procgen_sim.rng import stream

NAN = math.nan


def drive(
    schedule: Adaptive, forecasts: Sequence[float], ratings: Sequence[int | None] = ()
) -> list[bool]:
    """Which levels break when a game forecasts them like this and is told these ratings."""
    audience = Audience()
    breaks = schedule.start(audience, rng=stream(1, "test"))
    for level, forecast in enumerate(forecasts):
        audience.forecast = forecast
        audience.show(np.zeros(2), broke=breaks(level))
        if level < len(ratings) and ratings[level] is not None:
            audience.rate(ratings[level])
    return audience.broke


def within(budget: float, broke: Sequence[bool]) -> bool:
    """Whether at most that share of the levels broke after any number of them, exactly: 0.29 means
    twenty-nine hundredths."""
    spent = np.cumsum(broke, dtype=int).tolist()
    return all(n <= Fraction(str(budget)) * (i + 1) for i, n in enumerate(spent))


BUDGETS = st.one_of(
    st.sampled_from([0.0, 0.1, 0.2, 0.29, 1 / 3, 0.57, 0.58, 1.0]), st.floats(0.0, 1.0)
)
FORECASTS = st.lists(
    st.one_of(st.floats(-1.0, 2.0), st.sampled_from([NAN, math.inf, -math.inf, 0.7])), max_size=120
)
RATINGS = st.lists(st.one_of(st.none(), st.integers(1, 5)), max_size=120)


@settings(max_examples=300, deadline=None)
@given(budget=BUDGETS, too_good=st.floats(0.0, 1.0), forecasts=FORECASTS, ratings=RATINGS)
def test_the_budget_is_never_overspent(
    budget: float, too_good: float, forecasts: list[float], ratings: list[int | None]
) -> None:
    assert within(budget, drive(Adaptive(budget, too_good), forecasts, ratings))


def test_one_break_too_early_would_be_seen() -> None:
    """The check can fail: a director who rounds the budget up instead of down."""
    early = np.diff([0, *(math.ceil(0.29 * (i + 1)) for i in range(100))]).astype(bool).tolist()
    assert sum(early) == 29
    assert not within(0.29, early)
    assert math.floor(0.29 * 100) == 28  # and why it is not done in floating point


@pytest.mark.parametrize(
    ("budget", "n", "breaks"),
    [
        *((0.29, 100, 29), (0.57, 100, 57), (0.1, 10, 1), (0.1, 1000, 100), (0.07, 100, 7)),
        *((1 / 3, 300, 99), (0.0, 500, 0), (1.0, 500, 500), (0.001, 1000, 1), (0.001, 999, 0)),
    ],
)
def test_all_of_the_budget_can_be_spent(budget: float, n: int, breaks: int) -> None:
    """An audience who foresees everything: whatever is there is spent as soon as it is there."""
    broke = drive(Adaptive(budget, 0.5), [1.0] * n)
    assert sum(broke) == breaks
    spent = np.cumsum(broke)
    exact = Fraction(str(budget))
    assert spent.tolist() == [math.floor(exact * (i + 1)) for i in range(n)]


def test_what_is_not_needed_is_saved() -> None:
    broke = drive(Adaptive(0.25, 0.7), [0.0] * 20 + [1.0] * 10)
    assert not any(broke[:20])
    # Five were saved, two more come in while they are spent.
    assert broke[20:] == [True] * 6 + [False] + [True] + [False] * 2
    assert sum(broke) == 7


@settings(max_examples=200, deadline=None)
@given(budget=BUDGETS, too_good=st.floats(0.0, 1.0), forecasts=FORECASTS)
def test_it_breaks_only_where_the_forecast_is_too_good(
    budget: float, too_good: float, forecasts: list[float]
) -> None:
    broke = drive(Adaptive(budget, too_good), forecasts)
    assert all(forecast >= too_good for forecast, b in zip(forecasts, broke, strict=True) if b)


@settings(max_examples=100, deadline=None)
@given(too_good=st.floats(0.0, 1.0), forecasts=FORECASTS)
def test_with_money_to_burn_it_breaks_wherever_the_forecast_is_too_good(
    too_good: float, forecasts: list[float]
) -> None:
    broke = drive(Adaptive(1.0, too_good), forecasts)
    assert broke == [forecast >= too_good for forecast in forecasts]


def test_without_a_shadow_nothing_is_too_good() -> None:
    assert not any(drive(Adaptive(1.0, 0.0), [NAN] * 50, [5] * 50))


@pytest.mark.parametrize(
    ("said", "moves"),
    [
        ([], 0.0),
        ([None, None, None], 0.0),
        ([5], 0.2),
        ([1], -0.2),
        ([3], 0.0),
        ([4, None, None], 0.1),
        ([5, 1], 0.0),
        ([5, 5, 2], 0.1),
        ([1, 1, 1, 5, 5, 5], 0.2),  # the last three levels
        ([5, None, None, None], 0.0),  # said too long ago
        ([2, 3, 4, 4], (2 / 3) * 0.1),
    ],
)
def test_ratings_move_what_is_too_good(said: list[int | None], moves: float) -> None:
    """By 0.1 for each step that somebody is, on average, more bored than the middle."""
    for beside, breaks in ((1e-9, True), (-1e-9, False)):
        forecasts = [0.0] * len(said) + [0.6 - moves + beside]
        assert drive(Adaptive(1.0, 0.6), forecasts, said)[-1] is breaks


def test_the_last_word_counts() -> None:
    audience = Audience()
    breaks = Adaptive(1.0, 0.7).start(audience, rng=stream(1, "test"))
    audience.show(np.zeros(2), broke=False)
    audience.forecast = 0.6
    assert not breaks(1)
    audience.rate(5)
    assert breaks(1)
    audience.rate(1)
    assert not breaks(1)


@pytest.mark.parametrize("rating", [0, 6, 2.5])
def test_ratings_are_one_to_five(rating: int) -> None:
    audience = Audience()
    with pytest.raises(InputError, match="rating: expected a level to rate, found none shown yet"):
        audience.rate(3)
    audience.show(np.zeros(2), broke=False)
    with pytest.raises(InputError, match="rating: expected a whole number from 1 to 5"):
        audience.rate(rating)
    assert math.isnan(audience.ratings[0])


def test_asking_twice_spends_nothing() -> None:
    audience = Audience(forecast=1.0)
    breaks = Adaptive(0.5, 0.5).start(audience, rng=stream(1, "test"))
    assert not breaks(0)
    audience.show(np.zeros(2), broke=False)
    assert [breaks(1) for _ in range(3)] == [True] * 3


def test_breaks_that_could_not_be_had_cost_nothing() -> None:
    """A library that is used up: the director asks, the level follows the model all the same."""
    audience = Audience(forecast=1.0)
    breaks = Adaptive(0.5, 0.5).start(audience, rng=stream(1, "test"))
    asked = []
    for level in range(10):
        asked.append(breaks(level))
        audience.show(np.zeros(2), broke=False)
    assert asked == [False] + [True] * 9


def test_it_draws_nothing() -> None:
    rng = stream(1, "test")
    before = rng.bit_generator.state
    audience = Audience(forecast=1.0)
    breaks = Adaptive(0.5, 0.5).start(audience, rng=rng)
    for level in range(20):
        breaks(level)
    assert rng.bit_generator.state == before


def test_how_it_is_written() -> None:
    default = make_schedule("adaptive", rate=0.2)
    assert isinstance(default, Adaptive)
    assert default.budget == 0.2
    assert make_schedule("adaptive:0.3", rate=0.2) == Adaptive(0.3, default.too_good)
    assert make_schedule("adaptive:0.3:0.9", rate=0.2) == Adaptive(0.3, 0.9)


@pytest.mark.parametrize("text", ["adaptive:1.5", "adaptive:-0.1", "adaptive:0.2:1.1"])
def test_shares_are_shares(text: str) -> None:
    with pytest.raises(InputError, match="a number from 0 to 1"):
        make_schedule(text, rate=0.2)
