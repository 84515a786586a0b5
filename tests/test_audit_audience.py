"""How an audience takes a body of levels: lives made by hand, judged by formulas of their own."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace
from itertools import pairwise

import numpy as np
import numpy.typing as npt
import pytest
from audit_bodies import learning_of, life_of

from procgen_sim.experiments.audit import audience as module
from procgen_sim.experiments.audit.audience import Audience, ask_audience, leave_after, memories
from procgen_sim.experiments.audit.learning import Life
from procgen_sim.players import NOTIONS
from procgen_sim.players.assumptions import NEWCOMER_BITS

Floats = npt.NDArray[np.float64]
T = 30
NAIVE = 50.0


@pytest.fixture(scope="module")
def people() -> Audience:
    return memories(40, 4, seed=5)


def same(bits: float, progress: float = 0.0, n: int = T) -> Life:
    return life_of([bits] * n, progress=[progress] * (n - 1) + [np.nan])


@pytest.mark.parametrize(("n_players", "n_lives"), [(40, 8), (43, 8), (20, 8), (200, 5)])
def test_memories_are_dealt_in_groups_of_equal_size(n_players: int, n_lives: int) -> None:
    found = memories(n_players, n_lives, seed=2)
    sizes = np.bincount(found.life, minlength=n_lives)
    assert sizes.sum() == n_players
    assert sizes.max() - sizes.min() <= 1
    remembered = [found.people.half_life_levels[found.life == i] for i in range(n_lives)]
    for shorter, longer in pairwise(remembered):
        assert shorter.max() <= longer.min()
    assert found.half_lives == pytest.approx([np.median(group) for group in remembered])


def constant(interest: Floats, people: Audience) -> Floats:
    """The level after which each leaves if every level is that interesting to them."""
    tau, threshold = people.people.tau_levels, people.people.threshold
    reached = (1 - interest)[:, None] * (1 - (1 - 1 / tau[:, None]) ** np.arange(1, T + 1))
    over = reached > threshold[:, None]
    return np.where(over.any(axis=1), over.argmax(axis=1) + 1.0, np.inf)


@pytest.mark.parametrize(("bits", "progress"), [(5.0, 0.0), (30.0, 4.0), (48.0, 20.0)])
def test_a_life_without_change_ends_when_a_leaky_sum_says(
    people: Audience, bits: float, progress: float
) -> None:
    found = leave_after(people, learning_of([NAIVE] * T, [same(NAIVE)]), [same(bits, progress)] * 4)
    trait = people.people
    sated = trait.saturation_bits * NAIVE / NEWCOMER_BITS
    interests = {
        "surprise": np.full(40, bits / NAIVE),
        "wundt": np.exp(-(((bits / NAIVE - trait.appetite) / trait.tolerance) ** 2) / 2),
        "progress": 1 - np.exp(-progress / sated),
    }
    assert set(found) == set(NOTIONS)
    for notion, interest in interests.items():
        assert found[notion][1].tolist() == constant(interest, people).tolist()
        assert found[notion][0].shape == (40, T)


def test_each_player_shares_the_life_of_their_own_memory(people: Audience) -> None:
    lives = [same(NAIVE), same(NAIVE), same(0.0), same(NAIVE)]
    left = leave_after(people, learning_of([NAIVE] * T, lives), lives)["surprise"][1]
    assert np.isinf(left[people.life != 2]).all()
    assert np.isfinite(left[people.life == 2]).all()


def test_long_levels_are_judged_by_the_line(people: Audience) -> None:
    learning = learning_of([NAIVE] * T, [same(NAIVE)])
    plain = same(20.0, 3.0)
    times = np.where(np.arange(T) % 3 == 0, 4, 1)
    uneven = replace(
        plain,
        active_bits=plain.active_bits * times,
        progress_bits=plain.progress_bits * times,
        n_lines=plain.n_lines * times,
    )
    for notion, (boredom, left) in leave_after(people, learning, [uneven] * 4).items():
        curve, leaves = leave_after(people, learning, [plain] * 4)[notion]
        assert boredom == pytest.approx(curve)
        assert left.tolist() == leaves.tolist()


def test_nobody_is_asked_beyond_the_horizon(
    people: Audience, monkeypatch: pytest.MonkeyPatch
) -> None:
    life = life_of([NAIVE] * 6 + [0.0] * (T - 6))
    learning = learning_of([NAIVE] * T, [life])
    assert np.isfinite(leave_after(people, learning, [life] * 4)["surprise"][1]).all()
    monkeypatch.setattr(module, "HORIZON", 6)
    boredom, left = leave_after(people, learning, [life] * 4)["surprise"]
    assert boredom.shape == (40, 6)
    assert np.isinf(left).all()


def test_after_the_last_level_it_is_as_after_the_one_before(people: Audience) -> None:
    asked = same(20.0, 3.0)
    answered = replace(asked, progress_bits=np.full(T, 3.0))
    learning = learning_of([NAIVE] * T, [asked])
    one, two = (leave_after(people, learning, [x] * 4)["progress"][0] for x in (asked, answered))
    assert one == pytest.approx(two)
    single = leave_after(people, learning, [same(20.0, n=1)] * 4)
    assert all(np.isfinite(boredom).all() for boredom, _ in single.values())


def test_where_there_is_nothing_to_see_all_leave(people: Audience) -> None:
    learning = learning_of([0.0] * T, [same(0.0)])
    for boredom, left in leave_after(people, learning, [same(0.0)] * 4).values():
        assert np.isfinite(boredom).all()
        assert (left < T).all()


def test_nobody_leaves_what_stays_as_new_as_it_was(people: Audience) -> None:
    lives = [same(NAIVE)] * 4
    bored = ask_audience(people, learning_of([NAIVE] * T, lives), lives, seed=1)["surprise"]
    assert (bored.levels.estimate, bored.levels.low, bored.levels.high) == (None, None, None)
    assert bored.share_stayed == 1.0
    assert bored.mean == pytest.approx(np.zeros(T))


def falling(start: float) -> Life:
    return life_of(NAIVE * start * np.arange(1, T + 1) ** -0.5)


def width(found: module.Bored) -> float:
    assert found.levels.low is not None
    assert found.levels.high is not None
    return found.levels.high - found.levels.low


def asked(n_players: int, lives: Callable[[int], Life]) -> dict[str, module.Bored]:
    audience = memories(n_players, 4, seed=6)
    lived = [lives(i) for i in range(4)]
    return ask_audience(audience, learning_of([NAIVE] * T, lived), lived, seed=1)


def test_the_interval_holds_the_median_which_is_where_half_have_left() -> None:
    audience = memories(101, 4, seed=6)
    lived = [falling(1.0 - 0.05 * i) for i in range(4)]
    learning = learning_of([NAIVE] * T, lived)
    left = leave_after(audience, learning, lived)
    for notion, found in ask_audience(audience, learning, lived, seed=1).items():
        estimate = found.levels.estimate
        assert estimate is not None
        assert estimate == np.median(left[notion][1])
        assert found.levels.low is not None
        assert found.levels.low <= estimate
        assert found.levels.high is None or found.levels.high >= estimate
        assert found.share_stayed == np.isinf(left[notion][1]).mean()
        assert (found.low <= found.mean).all()
        assert (found.mean <= found.high).all()
        assert len(found.mean) == T


def test_few_players_say_less() -> None:
    few, more = asked(24, lambda _: falling(1.0)), asked(2400, lambda _: falling(1.0))
    assert width(few["surprise"]) > width(more["surprise"])


def test_orders_that_disagree_say_less() -> None:
    alike = asked(400, lambda _: falling(0.8))
    apart = asked(400, lambda i: falling(0.4 if i % 2 else 1.2))
    assert width(apart["surprise"]) > width(alike["surprise"])


def test_players_are_drawn_within_lives_and_lives_too(people: Audience) -> None:
    rng = np.random.default_rng(1)
    for _ in range(20):
        drawn = module.draw_again(people, rng)
        assert len(drawn) == 40
        assert (np.bincount(people.life[drawn], minlength=4) % 10 == 0).all()
    seen = {tuple(np.bincount(people.life[module.draw_again(people, rng)])) for _ in range(50)}
    assert len(seen) > 1
