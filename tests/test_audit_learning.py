"""How a body of levels is learned: lives, newcomers, veterans, each against the model itself."""

from __future__ import annotations

from typing import Any

import numpy as np
import pytest
from audit_bodies import body_of, flat, hills, many, noise

from procgen_sim.experiments.audit import learning as module
from procgen_sim.experiments.audit.learning import Learning, learned, live, meetings
from procgen_sim.levels.body import Body
from procgen_sim.models.tile import TileModel

N = 7
HALF_LIVES = (0.5, 3.0, 40.0)
VETERANS = "procgen_sim.experiments.audit.veterans"


@pytest.fixture(scope="module")
def padded() -> Body:
    """Levels of different length between two stretches of nothing."""
    rng = np.random.default_rng(2)
    grids = []
    for i in range(N):
        level = hills(rng, columns=14 + i)
        level[-1, 0] = level[-1, -1] = "X"
        level[0, 0] = level[0, -1] = "o"
        grids.append(np.hstack([flat(columns=4 + i), level, flat(columns=9)]))
    return body_of(grids)


def met(body: Body, *, seed: int = 3) -> tuple[list[tuple[Any, ...]], Learning]:
    work = meetings(body, seed=seed, half_lives=HALF_LIVES)
    results = [function(*rest) for function, *rest in work]
    return work, learned(body, results, seed=seed, n_lives=len(HALF_LIVES))


def which(body: Body, lines: Any) -> list[int]:
    """The places of lines in a body, which are passed on and never copied."""
    places = {id(level): i for i, level in enumerate(body.lines)}
    return [places[id(level)] for level in lines]


def by_hand(
    body: Body, order: list[int], siblings: list[int], half_life: float
) -> tuple[list[float], list[float], list[float]]:
    """All bits, active bits and progress of a life, with no short cut."""
    model = TileModel(len(body.alphabet), half_life_levels=half_life)
    bits, active, progress = [], [], []
    for index, sibling in zip(order, siblings, strict=True):
        before = model.copy()
        cost = model.learn(body.lines[index])
        bits.append(float(cost.sum()))
        active.append(float(cost[body.active[index]].sum()))
        if sibling < 0:
            progress.append(np.nan)
            continue
        lines, part = body.lines[sibling], body.active[sibling]
        progress.append(float((before.bits(lines) - model.bits(lines))[part].sum()))
    return bits, active, progress


@pytest.mark.parametrize("half_life", [np.inf, 1.5])
@pytest.mark.parametrize(
    ("order", "siblings"),
    [
        (None, None),
        ([4, 0, 2, 1], None),
        ([0, 3, 1, 5], [3, 6, 6, -1]),  # some met next, some never
        ([2, 2, 5], [5, 5, 2]),
    ],
)
def test_a_life_is_what_the_model_says_of_each_level_and_its_sibling(
    padded: Body, order: list[int] | None, siblings: list[int] | None, half_life: float
) -> None:
    life = live(
        padded.lines,
        padded.active,
        len(padded.alphabet),
        half_life,
        None if order is None else np.array(order),
        None if siblings is None else np.array(siblings),
    )
    went = list(range(N)) if order is None else order
    asked = [*went[1:], -1] if siblings is None else siblings
    bits, active, progress = by_hand(padded, went, asked, half_life)
    assert life.order.tolist() == went
    assert life.bits == pytest.approx(bits)
    assert life.active_bits == pytest.approx(active)
    assert life.progress_bits == pytest.approx(progress, nan_ok=True)
    assert life.n_lines.tolist() == [len(padded.lines[i][padded.active[i]]) for i in went]


def test_padding_is_predicted_but_not_counted(padded: Body) -> None:
    life = live(padded.lines, padded.active, len(padded.alphabet), np.inf)
    assert (life.n_lines < [len(lines) for lines in padded.lines]).all()
    assert (life.active_bits < life.bits).all()


def test_noise_teaches_nothing_although_it_can_be_remembered() -> None:
    body = body_of(many(noise, 40))
    cost = (body.lines, body.active, len(body.alphabet), np.inf)
    life = live(*cost)
    late = life.progress_bits[20:-1]
    error = late.std(ddof=1) / len(late) ** 0.5
    assert abs(late.mean()) < 4 * error + 0.01 * life.active_bits.mean()
    again = live(*cost, np.array([*range(20), 19]), np.array([*range(1, 20), 19, -1]))
    assert again.active_bits[-1] < 0.5 * life.active_bits[19]
    assert again.progress_bits[-2] > 0.5 * life.active_bits[19]  # a sibling it is not


def test_what_can_be_learned_teaches_and_less_and_less() -> None:
    body = body_of(many(hills, 40))
    life = live(body.lines, body.active, len(body.alphabet), np.inf)
    late = life.progress_bits[20:-1]
    error = late.std(ddof=1) / len(late) ** 0.5
    assert life.progress_bits[0] > 0.1 * life.active_bits[0]
    assert life.progress_bits[:3].mean() > late.mean() + 4 * error
    assert life.active_bits[20:].mean() < 0.8 * life.active_bits[0]


def test_who_forgets_pays_more_for_what_they_knew() -> None:
    body = body_of([many(hills, 1)[0], *many(noise, 6)])
    order = np.array([0, 1, 2, 3, 4, 5, 6, 0])
    cost = [
        live(body.lines, body.active, len(body.alphabet), half_life, order).active_bits[-1]
        for half_life in (0.5, np.inf)
    ]
    assert cost[0] > 1.2 * cost[1]


def test_meetings_come_back_as_what_they_were_asked_for(
    padded: Body, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(module, "_BLOCK", 3)
    _, found = met(padded)
    n_tiles = len(padded.alphabet)
    naive = [TileModel(n_tiles).bits(lines) for lines in padded.lines]
    assert found.naive_bits == pytest.approx([bits.sum() for bits in naive])
    assert found.naive_active_bits == pytest.approx(
        [bits[part].sum() for bits, part in zip(naive, padded.active, strict=True)]
    )
    assert found.n_lines.tolist() == [len(lines) for lines in padded.lines]
    assert found.n_active.tolist() == [part.stop - part.start for part in padded.active]
    assert (found.n_active < found.n_lines).all()
    bits, active, _ = by_hand(padded, [*range(N)], [-1] * N, np.inf)
    assert found.stream.bits == pytest.approx(bits)
    assert found.stream.active_bits == pytest.approx(active)
    orders = [life.order.tolist() for life in found.lives]
    assert all(sorted(order) == [*range(N)] for order in orders)
    assert len(set(map(tuple, orders))) == len(HALF_LIVES)
    for life, half_life in zip(found.lives, HALF_LIVES, strict=True):
        order = life.order.tolist()
        bits, active, progress = by_hand(padded, order, [*order[1:], -1], half_life)
        assert life.active_bits == pytest.approx(active)
        assert life.progress_bits == pytest.approx(progress, nan_ok=True)


def test_nobody_is_asked_about_a_level_they_know(padded: Body) -> None:
    work, found = met(padded)
    asked_in_all: list[int] = []
    bits: list[float] = []
    forecasts: dict[int, Any] = {}
    for function, *rest in work:
        if function.__name__ != "ask_veteran":
            continue
        lines, _, n_tiles, n_known = rest
        places = which(padded, lines)
        known, asked = places[:n_known], places[n_known:]
        assert sorted([*known, *asked]) == [*range(N)]
        veteran = TileModel(n_tiles)
        for index in known:
            veteran.learn(padded.lines[index])
        for index in asked:
            forecasts[index] = veteran.tile_bits(padded.lines[index])
            bits.append(float(forecasts[index][padded.active[index]].sum()))
        asked_in_all += asked
    assert sorted(asked_in_all) == [*range(N)]
    assert found.veteran_active_bits == pytest.approx(bits)
    assert found.veteran_bits == pytest.approx([forecasts[i].sum() for i in asked_in_all])
    assert found.veteran_active.tolist() == found.n_active[asked_in_all].tolist()
    assert found.veteran_lines.tolist() == found.n_lines[asked_in_all].tolist()
    rate = found.veteran_active_bits / found.veteran_active
    for shown, place in ((found.typical, rate.argmin()), (found.surprising, rate.argmax())):
        assert shown is not None
        assert shown.index == asked_in_all[int(place)]
        assert shown.bits_per_line == pytest.approx(rate[place])
        assert shown.tile_bits == pytest.approx(forecasts[shown.index])


def test_of_many_levels_veterans_see_some_and_are_asked_about_some(
    padded: Body, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(f"{VETERANS}._MOST_TRAINING", 3)
    monkeypatch.setattr(f"{VETERANS}._MOST_ASKED", 1)
    monkeypatch.setattr(module, "_LIFE_LEVELS", 4)
    work, found = met(padded)
    calls = [rest for function, *rest in work if function.__name__ == "ask_veteran"]
    assert [(len(lines), n_known) for lines, _, _, n_known in calls] == [(4, 3)] * 5
    assert all(len(set(which(padded, lines))) == 4 for lines, *_ in calls)
    assert len(found.veteran_bits) == 5
    assert [len(life.order) for life in found.lives] == [4] * len(HALF_LIVES)
    assert len(found.stream.order) == N


def test_orders_are_of_the_seed(padded: Body) -> None:
    body = padded.take(range(5))
    one, again, other = (met(body, seed=seed)[1] for seed in (3, 3, 4))
    assert [x.order.tolist() for x in one.lives] == [x.order.tolist() for x in again.lives]
    assert [x.order.tolist() for x in one.lives] != [x.order.tolist() for x in other.lives]


def test_a_single_level_has_no_veterans_and_no_progress(padded: Body) -> None:
    _, found = met(padded.take([2]))
    assert len(found.veteran_bits) == len(found.veteran_lines) == 0
    assert found.typical is found.surprising is None
    assert np.isnan(found.stream.progress_bits).all()
    assert found.stream.bits == pytest.approx(found.naive_bits)
