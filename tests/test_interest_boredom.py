"""Notions of interest, the integrator of boredom, and when players leave."""

from __future__ import annotations

import numpy as np
import numpy.typing as npt
import pytest
from hypothesis import given
from hypothesis import strategies as st

from procgen_sim._checks import InputError
from procgen_sim.players import (
    DEFAULT_NOTION,
    NOTIONS,
    Evidence,
    Population,
    Taste,
    boredom_curve,
    foreseen_share,
    grow,
    interest,
    levels_until_bored,
    naive_bits,
    predictability,
    recover,
)
from procgen_sim.rng import stream

Floats = npt.NDArray[np.float64]
TASTE = Taste(appetite=np.array([0.8]), tolerance=np.array([0.2]), saturation_bits=np.array([2.0]))


def met(ratio: Floats, progress: Floats | float = 0.0) -> Evidence:
    """Levels that cost a ratio of S_0 = 30 bits."""
    return Evidence(
        surprise_bits=30.0 * ratio,
        progress_bits=np.broadcast_to(np.asarray(progress, np.float64), ratio.shape),
        naive_bits=np.array([30.0]),
    )


# Notions


@given(
    surprise=st.floats(0, 1e6),
    progress=st.floats(-1e3, 1e6),
    naive=st.floats(0.1, 1e3),
    appetite=st.floats(0.1, 3.0),
    tolerance=st.floats(0.02, 5.0),
    saturation=st.floats(0.05, 50.0),
)
@pytest.mark.parametrize("notion", NOTIONS)
def test_interest_is_a_share(
    notion: str,
    surprise: float,
    progress: float,
    naive: float,
    appetite: float,
    tolerance: float,
    saturation: float,
) -> None:
    evidence = Evidence(
        surprise_bits=np.array([surprise]),
        progress_bits=np.array([progress]),
        naive_bits=np.array([naive]),
    )
    taste = Taste(
        appetite=np.array([appetite]),
        tolerance=np.array([tolerance]),
        saturation_bits=np.array([saturation]),
    )
    value = interest(notion, evidence, taste)
    assert value.shape == (1,)
    assert 0 <= value[0] <= 1


def test_wundt_is_an_inverted_u_with_its_top_at_the_appetite() -> None:
    ratio = np.linspace(0, 2, 201)
    value = interest("wundt", met(ratio), TASTE)
    assert ratio[value.argmax()] == pytest.approx(0.8)
    assert value.max() == pytest.approx(1.0)
    assert np.all(np.diff(value[:81]) > 0)
    assert np.all(np.diff(value[80:]) < 0)
    assert np.interp([0.6, 1.0], ratio, value) == pytest.approx(np.exp(-0.5), abs=1e-6)


def test_surprise_is_what_was_not_foreseen() -> None:
    ratio = np.array([0.0, 0.25, 1.0, 1.7])
    evidence = met(ratio)
    foreseen = foreseen_share(evidence.surprise_bits, evidence.naive_bits)
    assert foreseen == pytest.approx([1.0, 0.75, 0.0, -0.7])
    expected = np.clip(1 - foreseen, 0, 1)
    assert interest("surprise", evidence, TASTE) == pytest.approx(expected)


def test_progress_saturates_and_unlearning_is_dull() -> None:
    value = interest("progress", met(np.ones(4), np.array([-3.0, 0.0, 2.0, 40.0])), TASTE)
    assert value == pytest.approx([0.0, 0.0, 1 - np.exp(-1), 1.0])


def test_notions_disagree_about_learned_noise() -> None:
    """Always surprising, never teaching: that is what they are there to disagree about."""
    noise = met(np.ones(1), 0.0)
    assert interest("surprise", noise, TASTE)[0] == 1.0
    assert interest("progress", noise, TASTE)[0] == 0.0


def test_notions_by_name() -> None:
    assert DEFAULT_NOTION in NOTIONS
    with pytest.raises(InputError, match="notion: expected one of .* found 'wund'; did you mean"):
        interest("wund", met(np.ones(1)), TASTE)


def test_players_and_levels_broadcast() -> None:
    people = Population.sample(3, seed=1)
    ratio = stream(1, "test", 40).uniform(0.2, 1.5, (3, 5))
    together = interest("wundt", met(ratio), people.taste)
    assert together.shape == (3, 5)
    for p in range(3):
        alone = Population.sample(1, seed=1, first=p).taste
        assert interest("wundt", met(ratio[p : p + 1]), alone)[0] == pytest.approx(together[p])


def test_predictability_of_newcomer_veteran_and_beyond() -> None:
    surprise = np.array([[30.0, 21.0, 12.0, 9.0, 48.0]])
    p = predictability(surprise, np.array([[30.0]]), np.array([[12.0]]))
    assert p[0] == pytest.approx([0.0, 0.5, 1.0, 7 / 6, -1.0])


def test_predictability_where_there_is_nothing_to_learn() -> None:
    two = np.array([30.0, 30.0])
    assert np.isnan(predictability(two, two, np.array([30.0, 31.0]))).all()


# Boredom


def test_boredom_by_hand() -> None:
    """τ = 2 and interests 1, 0, 0, 1: 0, then half of what is missing each time."""
    curve = boredom_curve(np.array([[1.0, 0.0, 0.0, 1.0]]), np.array([2.0]))
    assert curve[0] == pytest.approx([0.0, 0.5, 0.75, 0.375])
    for threshold, level, stayed in [(0.4, 2, False), (0.6, 3, False), (0.75, 4, True)]:
        left = levels_until_bored(curve, np.array([threshold]))
        assert (left.levels[0], left.censored[0]) == (level, stayed)


def test_constant_interest_ends_at_what_is_missing() -> None:
    curve = boredom_curve(np.full((1, 400), 0.7), np.array([9.0]))
    assert curve[0, -1] == pytest.approx(0.3)
    assert levels_until_bored(curve, np.array([0.31])).censored[0]
    crossing = np.log(0.01 / 0.3) / np.log(1 - 1 / 9)  # 0.3 (1 − (1 − 1/τ)^n) > 0.29
    left = levels_until_bored(curve, np.array([0.29]))
    assert left.levels[0] == int(np.floor(crossing)) + 1


def test_a_step_is_what_the_curve_is_made_of() -> None:
    values = stream(1, "test", 41).random((4, 6))
    tau = np.array([1.0, 2.0, 6.0, 20.0])
    boredom = np.array([0.1, 0.2, 0.3, 0.4])
    curve = boredom_curve(values, tau, start=boredom)
    for t in range(6):
        boredom = grow(boredom, values[:, t], tau)
        assert np.array_equal(boredom, curve[:, t])
    assert np.all((curve >= 0) & (curve <= 1))


def test_the_first_crossing_counts_even_if_boredom_falls_again() -> None:
    left = levels_until_bored(np.array([[0.1, 0.6, 0.1, 0.9]]), np.array([0.5]))
    assert left.levels.tolist() == [2]


def test_rest_helps_and_never_hurts() -> None:
    boredom = np.array([0.0, 0.4, 0.8])
    assert np.array_equal(recover(boredom, 0.0), boredom)
    assert recover(boredom, 24.0) == pytest.approx(boredom / 2)
    assert np.all(recover(boredom, 1e4) < 1e-6)


def test_an_overshooting_tau_is_refused() -> None:
    with pytest.raises(InputError, match=r"tau_levels: expected at least 1 level, found 0\.5"):
        boredom_curve(np.ones((2, 3)), np.array([3.0, 0.5]))


# With a player who learns


def levels_played(notion: str, sd: float, people: Population) -> float:
    """Mean number of levels, of at most 100, of noise with this sd around the middle.

    S_0 is that of levels from all over the natural range, whatever the sequence.
    """
    rng = stream(1, "test", 42, int(1000 * sd))
    observer = people.theme_observer(11)
    naive = naive_bits(observer, rng.random((500, 11)))
    seen = observer.observe_many(rng.normal(0.5, sd, (people.n_players, 100, 11)))
    evidence = Evidence(
        surprise_bits=seen.surprise_bits,
        progress_bits=seen.progress_bits,
        naive_bits=naive[:, None],
    )
    boredom = boredom_curve(interest(notion, evidence, people.taste), people.tau_levels)
    return float(levels_until_bored(boredom, people.threshold).levels.mean())


@pytest.mark.parametrize("people", [Population.degenerate(60), Population.sample(60, seed=2)])
def test_wundt_players_leave_the_too_simple_and_the_too_complex_first(people: Population) -> None:
    """The U of [Kidd2012]_; the plain notion of surprise has only its left half."""
    simple, middling, complex_ = (levels_played("wundt", sd, people) for sd in (0.02, 0.2, 0.6))
    assert middling > 5 * simple
    assert middling > 5 * complex_
    assert levels_played("surprise", 0.6, people) == 100


def test_a_second_session_bores_sooner_than_the_first() -> None:
    """Potentiation of habituation ([Rankin2009]_): boredom is gone, what was learned is not."""
    people = Population.degenerate(40, threshold=0.2)
    rng = stream(2, "test", 42)
    centre = rng.uniform(0.3, 0.7, 11)
    data = rng.normal(centre, 0.1, (40, 120, 11))
    observer = people.theme_observer(11)
    naive = naive_bits(observer, data[0])[:, None]

    def session(levels: Floats, start: Floats) -> tuple[Floats, Floats]:
        seen = observer.observe_many(levels)
        evidence = Evidence(
            surprise_bits=seen.surprise_bits, progress_bits=seen.progress_bits, naive_bits=naive
        )
        curve = boredom_curve(
            interest("surprise", evidence, people.taste), people.tau_levels, start=start
        )
        return curve, levels_until_bored(curve, people.threshold).levels

    first_curve, first = session(data[:, :60], np.zeros(40))
    rested = recover(first_curve[:, -1], 24.0 * 14)
    assert np.all(rested < 0.001)  # spontaneous recovery
    _, second = session(data[:, 60:], rested)
    assert first.max() < 60  # everybody left: the comparison is not one of horizons
    assert second.mean() < 0.75 * first.mean()
