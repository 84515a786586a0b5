"""The companion and the journey: what is foreseen, how bored that makes one, what comes next."""

from __future__ import annotations

import sqlite3
import subprocess
import sys
import time
from collections.abc import Iterator
from dataclasses import replace
from itertools import pairwise
from pathlib import Path
from typing import Any

import numpy as np
import pytest
from journey_support import CONFIG, WON, director, journey, prepared

from procgen_sim._checks import InputError
from procgen_sim.experiments.parallel import workers
from procgen_sim.experiments.preparation import prepare
from procgen_sim.game.card_words import card_words
from procgen_sim.game.choice import Choice
from procgen_sim.game.companion import Companion
from procgen_sim.game.fits import fit_or_recall
from procgen_sim.game.journey import Card, Journey, Plan
from procgen_sim.game.playlog import PlayLog
from procgen_sim.injection import ON_MODEL
from procgen_sim.levels import Level, house_tileset
from procgen_sim.players import TRAITS, recover
from procgen_sim.session import play_arms


@pytest.fixture
def open_journey() -> Iterator[Any]:
    """Opens journeys and closes them."""
    opened: list[Journey] = []

    def make(**given: Any) -> Journey:
        opened.append(journey(**given))
        return opened[-1]

    yield make
    for each in opened:
        each.close()


def same(one: Plan, other: Plan) -> bool:
    return (
        one.level == other.level
        and np.array_equal(one.forecast_columns, other.forecast_columns)
        and np.array_equal(one.vector, other.vector)
        and (one.number, one.off_model, one.broke, one.proposal, one.art, one.boredom, one.quantile)
        == (
            *(other.number, other.off_model, other.broke, other.proposal),
            *(other.art, other.boredom, other.quantile),
        )
    )


# The companion


@pytest.mark.parametrize("notion", ["wundt", "surprise", "progress"])
def test_the_companion_agrees_with_the_session(notion: str) -> None:
    """A player who is the median person in every trait, in the loop of the experiments."""
    spreads = {name: replace(spread, sd=0.0) for name, spread in TRAITS.items()}
    setting = replace(prepared().setting, n_levels=12, spreads=spreads)
    records = play_arms(setting, [ON_MODEL], range(1))
    companion = Companion(setting, notion=notion)
    for t in range(12):
        built = setting.generator.on_model(range(1), t)
        met = companion.meet(Level(built.grids[0], house_tileset()))
        assert met.foreseen == pytest.approx(records["foreseen"][t], rel=1e-12)
        assert met.predictability == pytest.approx(records["predictability"][t], rel=1e-12)
        assert met.interest == pytest.approx(records[f"interest_{notion}"][t], rel=1e-12)
        assert met.boredom == pytest.approx(records[f"boredom_{notion}"][t], rel=1e-12)
    assert companion.n_met == 12


def test_assumptions_about_people_reach_the_companion() -> None:
    spreads = {"tau_levels": replace(TRAITS["tau_levels"], median=1.0)}
    quick = Companion(replace(prepared().setting, spreads=spreads))
    level = director().direct(1).built.level
    met = quick.meet(level)
    assert met.boredom == pytest.approx(1.0 - met.interest)  # τ = 1: the last level is all


def test_the_forecast_falls_as_the_level_is_met_again() -> None:
    companion = Companion(prepared().setting)
    level = director().direct(1).built.level
    means = []
    for _ in range(4):
        forecast = companion.foresee(level)
        assert forecast.shape == (level.n_columns,)
        assert forecast.min() >= 0.0
        assert forecast.max() <= 1.0
        assert np.array_equal(forecast, companion.foresee(level))  # asking teaches nothing
        means.append(forecast.mean())
        companion.meet(level)
    assert all(later < 0.8 * earlier for earlier, later in pairwise(means))
    assert means[-1] < 0.05


def test_a_change_is_where_the_forecast_points() -> None:
    companion = Companion(prepared().setting)
    level = director().direct(1).built.level
    for _ in range(3):
        companion.meet(level)
    grid = level.grid.copy()
    grid[2:9, 31] = house_tileset().codes["#"]
    forecast = companion.foresee(Level(grid, level.tileset))
    assert int(forecast.argmax()) in (31, 32)
    assert forecast[31] > 0.9
    assert np.median(forecast) < 0.1


def test_to_a_newcomer_something_is_surprising_everywhere_something_happens() -> None:
    companion = Companion(prepared().setting)
    forecast = companion.foresee(director().direct(1).built.level)
    assert forecast.max() == 1.0
    assert forecast.min() < 0.5  # but not in columns like the one before


def test_boredom_recovers() -> None:
    companion = Companion(prepared().setting)
    companion.rest(0.6, 48.0)
    assert companion.boredom == pytest.approx(float(recover(np.array([0.6]), 48.0)[0]))
    companion.rest(0.6, -5.0)  # a clock that was set back is no reason to be more than bored
    assert companion.boredom == pytest.approx(0.6)


# The journey


def play(
    journey: Journey, choices: list[Choice | None], *, rush: bool
) -> tuple[list[Plan], list[Card]]:
    plans, cards = [], []
    for n, choice in enumerate(choices):
        if rush and n % 2:
            journey.prepare_next(Choice(who="break", proposal="noise"))  # a change of mind
        if not rush:
            journey.prepare_next(choice)
            while not journey.ready:
                time.sleep(0.001)
        plans.append(journey.plan(choice))
        if not rush:
            journey.prepare_next()  # while it is being played
            time.sleep(0.02)
        cards.append(journey.finished(WON))
    return plans, cards


def test_plans_do_not_depend_on_the_clock(open_journey: Any) -> None:
    choices = [None, None, Choice(who="surprise"), Choice(who="follow", draw=2), None, None]
    slow = play(open_journey(injection="outlier@every:2"), choices, rush=False)
    fast = play(open_journey(injection="outlier@every:2"), choices, rush=True)
    assert all(same(a, b) for a, b in zip(slow[0], fast[0], strict=True))
    assert slow[1] == fast[1]
    other = play(open_journey(injection="outlier@every:2", seed=6), choices, rush=True)
    assert not any(a.level == b.level for a, b in zip(slow[0], other[0], strict=True))


def test_the_next_level_waits_ready(open_journey: Any) -> None:
    j = open_journey()
    assert not j.ready
    j.plan()
    j.prepare_next()
    until = time.monotonic() + 10
    while not j.ready:
        assert time.monotonic() < until
        time.sleep(0.001)
    j.prepare_next()  # asking again does not begin again
    assert j.ready
    assert j.next_number == 2


def test_the_companion_meets_each_level_once_and_in_order(open_journey: Any) -> None:
    j = open_journey()
    alone = Companion(prepared().setting)
    for _ in range(4):
        plan = j.plan()
        assert np.array_equal(plan.forecast_columns, alone.foresee(plan.level))
        assert plan.boredom == alone.boredom
        met = alone.meet(plan.level)
        j.prepare_next()
        j.prepare_next(Choice(who="surprise"))
        card = j.finished(WON)
        assert card.boredom == met.boredom == j.boredom
        assert card.foreseen == min(max(met.foreseen, 0.0), 1.0)
        assert card.predictability == met.predictability
    assert j.companion.n_met == 4


def test_a_level_that_is_left_was_met_all_the_same(open_journey: Any) -> None:
    j = open_journey()
    j.plan()
    j.plan()  # abandoned without a word
    j.finished(replace(WON, status="left"))
    assert j.companion.n_met == 2


def test_cards_tell_the_story_so_far(open_journey: Any) -> None:
    j = open_journey(injection="noise@every:2")
    cards = []
    for _ in range(4):
        j.plan()
        cards.append(j.finished(WON))
    last = cards[-1]
    assert last.boredom_curve == tuple(card.boredom for card in cards)
    assert last.foreseen_curve == tuple(card.foreseen for card in cards)
    assert last.off_curve == tuple(card.off_model for card in cards)
    assert sum(last.off_curve) >= 1
    assert [card.number for card in cards] == [1, 2, 3, 4]
    assert last.outcome is WON


def test_a_plan_does_not_give_itself_away(open_journey: Any) -> None:
    j = open_journey(injection="noise@every:1")
    plan = j.plan()
    assert plan.broke
    assert plan.off_model
    assert plan.level.name == "level 1"


def test_errors_of_the_thread_are_sentences(
    open_journey: Any, monkeypatch: pytest.MonkeyPatch
) -> None:
    j = open_journey()

    def fail(*_: object) -> None:
        raise ZeroDivisionError("by nought")

    with monkeypatch.context() as patch:
        patch.setattr(j.director, "direct", fail)
        j.prepare_next()
        with pytest.raises(InputError, match="the next level: .* ZeroDivisionError: by nought"):
            j.plan()
    assert j.plan().number == 1  # and nothing is lost
    with pytest.raises(InputError, match="expected 11 numbers"):
        j.plan(Choice(who="vector", vector=(1.0,)))


def test_no_card_without_a_level(open_journey: Any) -> None:
    with pytest.raises(InputError, match="expected a level that is being played, found none"):
        open_journey().finished(WON)


def test_wrong_injections_are_told() -> None:
    with pytest.raises(InputError, match="--injection: expected one of .* did you mean 'outlier'"):
        journey(injection="outler@0.2")


def test_what_is_played_is_logged(tmp_path: Path, open_journey: Any) -> None:
    log = PlayLog.open(tmp_path / "log.sqlite")
    j = open_journey(log=log, person="Ada", injection="noise@every:1")
    plan = j.plan()
    j.prepare_next()
    card = j.finished(WON)
    j.rate(2)
    j.rate(4)
    assert j.rating == 4
    with pytest.raises(InputError, match="rating: expected a whole number from 1 to 5"):
        j.rate(6)
    j.close()
    log.close()
    with sqlite3.connect(tmp_path / "log.sqlite") as reading:
        row = reading.execute(
            "SELECT digest, off_model, broke, proposal, boredom_before, status, foreseen, boredom, "
            "rating FROM level JOIN outcome ON outcome.level = level.id "
            "JOIN rating ON rating.level = level.id"
        ).fetchall()
        assert row == [
            (plan.level.digest(), 1, 1, "noise", 0.0, "won", *row[0][6:7], card.boredom, 4)
        ]
        assert max(row[0][6], 0.0) == card.foreseen
        (ended,) = reading.execute("SELECT ended FROM session").fetchone()
        assert ended is not None
    reading.close()


def test_a_rest_lets_boredom_fade(tmp_path: Path) -> None:
    log = PlayLog.open(tmp_path / "log.sqlite")
    first = journey(log=log, person="Ada")
    for _ in range(5):
        first.plan()
        card = first.finished(WON)
    first.close()
    now = journey(log=log, person="Ada")
    assert now.boredom == pytest.approx(card.boredom, rel=1e-3)
    now.close()
    last = log.last_session("Ada")
    assert last is not None
    with sqlite3.connect(tmp_path / "log.sqlite") as writing:  # as if all of it were a day ago
        for table, column in (
            ("session", "began"),
            ("session", "ended"),
            ("level", "began"),
            ("outcome", "ended"),
        ):
            writing.execute(f"UPDATE {table} SET {column} = {column} - 24 * 3600")
    writing.close()
    later = journey(log=log, person="Ada")
    assert later.boredom == later.boredom_at_start == pytest.approx(card.boredom / 2, rel=1e-3)
    stranger = journey(log=log, person="Bob")
    assert stranger.boredom == 0.0
    for each in (later, stranger):
        each.close()
    log.close()


def test_what_was_learned_stays(open_journey: Any) -> None:
    log = PlayLog.memory()
    first = open_journey(log=log, person="Ada")
    levels = []
    for _ in range(3):
        levels.append(first.plan().level)
        first.finished(WON)
    first.close()
    assert log.levels_met("Ada", most=2) == [level.rows() for level in levels[1:]]
    assert log.levels_met("Bob", most=2) == []
    alone = Companion(prepared().setting)
    for level in levels:
        alone.meet(level)
    again, stranger = open_journey(log=log, person="Ada", seed=6), open_journey(log=log, seed=6)
    plan, new = again.plan(), stranger.plan()
    assert plan.level == new.level
    assert np.array_equal(plan.forecast_columns, alone.foresee(plan.level))
    assert plan.forecast_columns.mean() < new.forecast_columns.mean()
    assert again.finished(WON).foreseen == max(alone.meet(plan.level).foreseen, 0.0)
    assert again.companion.n_met == 4
    assert len(again.cards) == 1


def test_a_level_that_was_never_shown_was_not_met(open_journey: Any) -> None:
    log = PlayLog.memory()
    journey = open_journey(log=log, person="Ada")
    journey.plan()  # somebody goes back while it is being built
    journey.close()
    assert log.levels_met("Ada", most=9) == []
    journey = open_journey(log=log, person="Ada")
    plan = journey.plan()
    journey.started()
    journey.started()
    assert log.levels_met("Ada", most=9) == [plan.level.rows()]


def test_nothing_here_draws() -> None:
    code = (
        "import procgen_sim.game.journey, procgen_sim.game.authored, sys; "
        "print(*{'pygame', 'numba', 'sklearn', 'matplotlib'} & set(sys.modules))"
    )
    done = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True)
    assert done.stdout.split() == []


# Fits


def test_a_fit_is_found_again(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("PROCGEN_SIM_HOME", str(tmp_path))
    corpus = prepared().corpus
    first, data = fit_or_recall(corpus, "gaussian", seed=CONFIG.seed)
    (path,) = (tmp_path / "data" / "models").iterdir()
    monkeypatch.setattr("procgen_sim.game.fits.fit_corpus", None)
    again, same_data = fit_or_recall(corpus, "gaussian", seed=CONFIG.seed)
    assert again == first
    assert np.array_equal(data, same_data)
    monkeypatch.undo()
    monkeypatch.setenv("PROCGEN_SIM_HOME", str(tmp_path))
    path.write_text("{")  # a broken file is made again
    assert fit_or_recall(corpus, "gaussian", seed=CONFIG.seed)[0] == first
    fit_or_recall(corpus, "gaussian", seed=CONFIG.seed + 1)
    assert len(list((tmp_path / "data" / "models").iterdir())) == 2


def test_a_fit_that_cannot_be_kept_is_still_a_fit(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    (tmp_path / "data").write_text("a file where the folder should be")
    monkeypatch.setenv("PROCGEN_SIM_HOME", str(tmp_path))
    assert fit_or_recall(prepared().corpus, "gaussian", seed=1)[0].n_components == 1


# The sentence


@pytest.mark.parametrize(
    ("given", "words"),
    [
        ({}, "saw 40 % of this level coming and is 20 % bored; the director followed the model."),
        ({"foreseen": -0.3}, "saw nothing of this level coming and is 20 % bored;"),
        ({"boredom": 0.5}, "coming and, being 50 % bored, would stop here;"),
        ({"who": "follow"}, "; you followed the model."),
        ({"broke": True, "off_model": True, "proposal": "noise"}, "; the director left the model"),
        (
            {"who": "break", "broke": True, "off_model": True, "proposal": "outlier"},
            "; you left the model on purpose: familiar parts in an unfamiliar combination.",
        ),
        (
            {"broke": True, "proposal": "between"},
            "tried to leave the model (between), but what was built is still on it.",
        ),
        ({"off_model": True}, "drawn from the model but came out off it, as one in a thousand"),
        ({"who": "vector", "off_model": True, "broke": True}, "set its parameters, off the model."),
        ({"who": "vector"}, "you set its parameters, on the model."),
    ],
)
def test_the_sentence(given: dict[str, Any], words: str) -> None:
    plain: dict[str, Any] = {
        "foreseen": 0.4,
        "boredom": 0.2,
        "threshold": 0.33,
        "who": "schedule",
        "broke": False,
        "off_model": False,
        "proposal": "",
    }
    sentence = card_words(**{**plain, **given})
    assert words in sentence
    assert sentence.startswith("The simulated player saw")
    assert sentence.endswith(".")


def test_a_quick_calibration_still_reaches_the_edge() -> None:
    yardstick, region = prepared().setting.yardstick, prepared().setting.outside.region
    assert (len(yardstick.training), len(yardstick.fresh)) == (333, 667)
    assert region.is_off(region.sorted_reference).sum() <= 1
    with workers(1) as crew, pytest.raises(InputError, match="calibration: .* at least 1,000"):
        prepare(CONFIG, crew, calibration=999)
