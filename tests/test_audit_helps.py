"""What would help: who is asked, which levels are exchanged, and that no change gains nothing."""

from __future__ import annotations

from typing import Any

import numpy as np
import pytest
from audit_bodies import PIECES, TILES, body_of, hills, many, noise, shuffled

from procgen_sim.experiments.audit import helps as module
from procgen_sim.experiments.audit.audience import Audience, memories
from procgen_sim.experiments.audit.helps import Help, Pool, helps, injected_lives, outsides, pools
from procgen_sim.experiments.audit.learning import Learning, learned, live, meetings
from procgen_sim.experiments.statistics import told_apart
from procgen_sim.injection.tiles import TILE_PROPOSALS
from procgen_sim.levels import Level, Tileset
from procgen_sim.levels.body import Body
from procgen_sim.players import NOTIONS

N_LIVES = 4


@pytest.fixture(scope="module")
def people() -> Audience:
    return memories(40, N_LIVES, seed=5)


@pytest.fixture(scope="module")
def body() -> Body:
    return body_of(many(lambda rng: shuffled(rng, columns=16), 30))


def pool_of(levels: Body, name: str = "noise") -> Pool:
    return Pool(
        proposal=name, lines=levels.lines, off_model_share=1.0, playable_share=None, note=""
    )


def lived(body: Body, people: Audience, seed: int = 7) -> Learning:
    work = meetings(body, seed=seed, half_lives=people.half_lives)
    return learned(body, [f(*rest) for f, *rest in work], seed=seed, n_lives=N_LIVES)


def helped(
    body: Body, made: list[Pool], people: Audience, seed: int = 7
) -> tuple[Learning, tuple[Help, ...]]:
    learning = lived(body, people, seed)
    work = injected_lives(body, learning, made, people, seed=seed)
    results = [function(*rest) for function, *rest in work]
    return learning, helps(learning, made, results, people)


def test_small_bodies_and_those_of_several_games_are_left_alone(body: Body) -> None:
    assert outsides(body.take(range(7)), seed=1) == []
    assert len(outsides(body.take(range(8)), seed=1)) == 1
    other = Tileset({**TILES.tags, "?": ("solid",)})
    levels = [*body.levels[:9], Level.from_rows(body.levels[0].rows(), other, "other")]
    assert outsides(Body.of("two games", levels, order="columns"), seed=1) == []
    assert pools(body, [], seed=1) == []


@pytest.mark.parametrize("n_pool", [2, 5])
def test_an_exchanged_level_is_another_one_and_its_sibling_is_of_its_kind(
    body: Body, people: Audience, n_pool: int
) -> None:
    pool = pool_of(body_of(many(noise, n_pool, seed=9)))
    learning = lived(body, people)
    work = injected_lives(body, learning, [pool], people, seed=3)
    assert len(work) == N_LIVES * len(module.RATES)
    shares: dict[float, list[float]] = {rate: [] for rate in module.RATES}
    for call, (function, lines, active, n_tiles, half_life, order, siblings) in enumerate(work):
        rate, i = module.RATES[call // N_LIVES], call % N_LIVES
        n = len(order)
        assert function is live
        assert (n, n_tiles) == (body.n_levels, len(body.alphabet))
        assert half_life == people.half_lives[i]
        met = [body.lines[index] for index in learning.lives[i].order]
        assert all(one is two for one, two in zip(lines[:n], met, strict=True))
        assert all(one is two for one, two in zip(lines[n:], pool.lines, strict=True))
        assert [part.stop - part.start for part in active[n:]] == [24] * n_pool
        assert order[0] == 0
        exchanged = order != np.arange(n)
        for t in range(n):
            if exchanged[t]:
                assert order[t] >= n
                assert siblings[t] >= n
                assert siblings[t] != order[t]
            else:
                assert siblings[t] == (t + 1 if t + 1 < n else -1)
        of_pool = order[exchanged] - n
        assert of_pool.tolist() == [j % n_pool for j in range(len(of_pool))]
        shares[rate].append(exchanged.mean())
    for rate, seen in shares.items():
        n_asked = N_LIVES * (body.n_levels - 1)
        expected = rate * (body.n_levels - 1) / body.n_levels
        assert abs(np.mean(seen) - expected) < 4 * (rate * (1 - rate) / n_asked) ** 0.5


def test_all_but_the_first_level_can_be_exchanged(
    body: Body, people: Audience, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(module, "RATES", (1.0,))
    pool = pool_of(body_of(many(noise, 40)))
    for *_, order, _ in injected_lives(body, lived(body, people), [pool], people, seed=3):
        n = body.n_levels
        assert order.tolist() == [0, *range(n, 2 * n - 1)]


def test_all_proposals_break_at_the_same_places(body: Body, people: Audience) -> None:
    made = [pool_of(body_of(many(noise, 5, seed=s)), name) for s, name in ((1, "a"), (2, "b"))]
    work = injected_lives(body, lived(body, people), made, people, seed=3)
    half = len(work) // 2
    for one, two in zip(work[:half], work[half:], strict=True):
        assert one[-2].tolist() == two[-2].tolist()


def test_levels_like_the_others_change_nothing(
    people: Audience, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(module, "_HORIZON", 20)
    whole = body_of(many(lambda rng: shuffled(rng, columns=16), 36))
    _, found = helped(whole.take(range(20)), [pool_of(whole.take(range(20, 36)))], people)
    assert len(found) == len(module.RATES) * len(NOTIONS)
    for each in found:
        gained = each.gained
        assert gained.estimate is not None
        assert gained.low is not None
        assert gained.high is not None
        assert gained.low <= gained.estimate <= gained.high
        error = max((gained.high - gained.low) / 3.92, 0.1)
        assert abs(gained.estimate) < 4 * error


def test_what_nobody_could_guess_keeps_those_who_want_surprise(people: Audience) -> None:
    dull = body_of([*many(lambda rng: shuffled(rng, columns=3).repeat(8, axis=1), 30)])
    strange = pool_of(body_of(many(hills, 16, seed=3)))
    _, found = helped(dull, [strange], people)
    gained = {(each.rate, each.notion): each.gained.estimate for each in found}
    often, seldom = gained[max(module.RATES), "surprise"], gained[min(module.RATES), "surprise"]
    assert often is not None
    assert seldom is not None
    assert often > seldom > 0.0
    assert often > 1.0


def test_what_stands_allows_for_all_that_was_tried(body: Body, people: Audience) -> None:
    made = [pool_of(body_of(many(noise, 16, seed=s)), name) for s, name in ((1, "a"), (2, "b"))]
    _, found = helped(body, made, people)
    p_values = [1.0 if each.gained.p_value is None else each.gained.p_value for each in found]
    assert [each.stands for each in found] == told_apart(p_values)
    assert [(each.proposal, each.rate, each.notion) for each in found] == [
        (name, rate, notion) for name in "ab" for rate in module.RATES for notion in NOTIONS
    ]
    assert {id(each.pool) for each in found if each.proposal == "b"} == {id(made[1])}


def test_the_chance_of_no_difference_goes_by_the_number_of_lives(people: Audience) -> None:
    nothing = module._difference(np.zeros(40), people)
    assert (nothing.estimate, nothing.p_value) == (0.0, 1.0)
    for_all = module._difference(np.ones(40), people)
    assert (for_all.estimate, for_all.p_value) == (1.0, 0.0)
    # One life of four differs by much: forty players have not said it forty times.
    one = module._difference(np.where(people.life == 0, 8.0, 0.0), people)
    assert one.estimate == 2.0
    # Student's t with three degrees of freedom: means 8, 0, 0, 0 have a mean of one error.
    assert one.p_value == pytest.approx(0.391, abs=0.001)
    assert one.low is not None
    assert one.low < 0 < 4 < (one.high or 0)


@pytest.mark.slow
def test_pools_are_made_by_every_proposal_and_as_many_as_are_put_in(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    monkeypatch.setattr(module, "_N_CALIBRATION", 20)
    small = body_of(many(lambda rng: shuffled(rng, columns=10), 8))
    regions = [function(*rest) for function, *rest in outsides(small, seed=1)]
    work: list[tuple[Any, ...]] = pools(small, regions, seed=1)
    assert len(work) == len(TILE_PROPOSALS)
    made = [function(*rest) for function, *rest in work]
    assert [pool.proposal for pool in made] == list(TILE_PROPOSALS)
    for pool in made:
        assert len(pool.lines) == round(0.25 * 8) + 1
        assert {lines.shape for lines in pool.lines} == {(10, len(PIECES[0]))}
        assert 0.0 <= pool.off_model_share <= 1.0
        assert (pool.playable_share is None) == bool(pool.note)
    again = [function(*rest) for function, *rest in work]
    assert all(
        np.array_equal(one, two)
        for pool, twin in zip(made, again, strict=True)
        for one, two in zip(pool.lines, twin.lines, strict=True)
    )
