"""What the game's director knows of the person it directs for, and the ways that look at it."""

from __future__ import annotations

import time
from collections.abc import Iterator
from dataclasses import replace
from pathlib import Path
from typing import Any

import numpy as np
import pytest
from game_support import headless
from journey_support import (
    CONFIG,
    WON,
    director,
    journey,
    library,
    prepared,
    with_library,
)

from procgen_sim._checks import InputError
from procgen_sim.cli import main
from procgen_sim.company import Company
from procgen_sim.game.authored import authored_folder, keep
from procgen_sim.game.card_words import card_words, proposal_words, where_words
from procgen_sim.game.choice import Choice
from procgen_sim.game.desk import Desk
from procgen_sim.game.director import Director
from procgen_sim.game.journey import Journey
from procgen_sim.game.kept import check_arm, kept_library, with_kept
from procgen_sim.game.playlog import PlayLog
from procgen_sim.injection import AUTHORED, PROPOSALS, parse_arm, propose
from procgen_sim.injection.proposals import PROPOSAL_ADDRESS
from procgen_sim.levels import Affordance, house_tileset, measure
from procgen_sim.watch import Watch

__all__ = ["headless"]

LOOKING = ["trope_break", "novelty", "quality_diversity"]
"""Proposals that look at what was shown."""


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


def break_by(proposal: str, draw: int = 0) -> Choice:
    return Choice(who="break", proposal=proposal, draw=draw)


# What is shown, and what is only imagined


def test_what_was_played_was_shown_once_and_in_order(open_journey: Any) -> None:
    j = open_journey(injection="noise@every:2")
    plans = []
    for n in range(5):
        plans.append(j.plan())
        j.prepare_next()
        j.prepare_next(Choice(who="surprise"))
        if n != 2:  # one was abandoned without a word
            j.finished(WON)
    j.desk()
    audience = j.director.outside.audience
    assert np.array_equal(audience.shown, [plan.vector for plan in plans])
    assert audience.broke == [plan.broke for plan in plans] == [False, True, False, True, False]


def test_previews_are_not_shown(open_journey: Any) -> None:
    j = open_journey()
    j.plan()
    j.finished(WON)
    desk = j.desk()
    first = {}
    for turn in range(2):
        for way in desk.ways:
            first.setdefault(way, desk.director.direct(2, break_by(way)).built.level)
            desk.break_by(way)
            assert desk.built.measured.shape == (11,)
            assert desk.director.direct(2, break_by(way)).built.level == first[way], turn
        desk.follow()
        desk.another()
    assert len(j.director.outside.audience.shown) == 1
    desk.break_by("novelty")
    assert j.plan(desk.choice).level.rows() == desk.built.level.rows()


@pytest.mark.parametrize("arm", ["novelty@adaptive:0.5:0.2", "trope_break@0.5", "authored@0.6"])
def test_levels_follow_from_what_was_shown_not_from_when_they_were_asked_for(arm: str) -> None:
    hasty, thorough = (director(arm, authored=True) for _ in range(2))
    for number in range(1, 9):
        for _ in range(2):
            thorough.direct(number)
            thorough.direct(number, Choice(who="surprise"))
            thorough.look_around()
            thorough.direct(number + 3)
        levels = [each.direct(number) for each in (hasty, thorough)]
        assert levels[0].built.level == levels[1].built.level
        assert levels[0].broke == levels[1].broke
        for each, level in zip((hasty, thorough), levels, strict=True):
            each.show(level.built.measured, broke=level.broke)


@pytest.mark.parametrize("way", LOOKING)
def test_what_was_shown_matters_to_those_who_look(way: str) -> None:
    new, old = director(seed=1), director(seed=1)
    for n in range(1, 13):
        level = old.direct(n, Choice(who="follow")).built
        old.show(level.measured, broke=False)
    differ = [
        not np.array_equal(*(d.vector(20, break_by(way, draw)) for d in (new, old)))
        for draw in range(4)
    ]
    assert any(differ)
    blind = [d.vector(20, break_by("noise")) for d in (new, old)]
    assert np.array_equal(*blind)


def test_the_director_proposes_as_an_experiment_would() -> None:
    """The same proposal, before the same audience, by the same stream."""
    d, watch = director(), Company(prepared().setting, range(1)).watch()
    for n in range(1, 6):
        measured = d.direct(n, Choice(who="follow")).built.measured
        d.show(measured, broke=n == 3)
        watch.show(measured[np.newaxis], [n == 3])
    outside = prepared().setting.outside.before(watch.audiences[0])
    for way in LOOKING:
        choice = break_by(way)
        rng = d._stream(9, choice, 2, PROPOSAL_ADDRESS[way])
        assert np.array_equal(d.vector(9, choice), propose(way, outside, rng=rng))


# Adaptive


def test_adaptive_waits_until_too_much_is_foreseen() -> None:
    d = director("noise@adaptive:0.3:0.6")
    forecasts, broke = [], []
    for n in range(1, 31):
        directed = d.direct(n)
        forecasts.append(d.outside.audience.forecast)
        broke.append(directed.broke)
        d.show(directed.built.measured, broke=directed.broke)
    assert not any(broke[:3])
    assert any(broke)
    assert all(f >= 0.6 for f, b in zip(forecasts, broke, strict=True) if b)
    assert (np.cumsum(broke) <= 0.3 * np.arange(1, 31) + 1e-9).all()
    assert forecasts[0] < 0.3 < max(forecasts)


def test_the_forecast_is_of_the_level_that_would_come() -> None:
    d, plain = director("noise@adaptive:1:0"), director("noise@every:1000")
    watch = Company(prepared().setting, range(1)).watch()
    for n in range(1, 7):
        directed = d.direct(n)
        watch.look_ahead(plain.direct(n).built.measured[np.newaxis])
        assert d.outside.audience.forecast == watch.audiences[0].forecast
        d.show(directed.built.measured, broke=directed.broke)
        watch.show(directed.built.measured[np.newaxis], [directed.broke])


def test_what_a_person_breaks_counts_against_the_budget(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("procgen_sim.watch.Watch.look_ahead", _all_foreseen)
    ours, theirs = (director("noise@adaptive:0.25") for _ in range(2))
    level = ours.direct(1, Choice(who="follow")).built.measured
    for n in range(8):
        ours.show(level, broke=False)
        theirs.show(level, broke=n < 2)
    assert ours.direct(9).broke
    assert not theirs.direct(9).broke  # two of nine, a third would be more than a quarter


def _all_foreseen(watch: Watch, coming: Any) -> None:
    assert coming.shape == (1, 11)
    watch.audiences[0].forecast = 1.0


def play_rated(journey: Journey, ratings: list[int], *, rush: bool) -> list[Any]:
    plans = []
    for rating in ratings:
        plans.append(journey.plan())
        if not rush:
            journey.prepare_next()
        journey.finished(WON)
        if not rush:
            journey.prepare_next()
            while not journey.ready:
                time.sleep(0.001)
            journey.rate(6 - rating)  # a change of mind
        journey.rate(rating)
    return plans


def test_what_is_said_counts_for_the_very_next_level(open_journey: Any) -> None:
    """Even though that was made before it was said; and it does not matter how fast one is."""
    arm = "noise@adaptive:1:0.75"
    bored = [5] * 10
    slow = play_rated(open_journey(injection=arm), bored, rush=False)
    fast = play_rated(open_journey(injection=arm), bored, rush=True)
    amused = play_rated(open_journey(injection=arm), [1] * 10, rush=False)
    assert [plan.level for plan in slow] == [plan.level for plan in fast]
    assert [plan.broke for plan in slow] == [plan.broke for plan in fast]
    assert sum(plan.broke for plan in slow) > sum(plan.broke for plan in amused)
    j = open_journey(injection=arm)
    said = []
    for rating in bored:
        j.plan()
        j.finished(WON)
        j.rate(rating)
        said.append(float(rating))
    j.desk()
    assert j.director.outside.audience.ratings == said


def test_what_was_met_in_earlier_sessions_is_known_but_costs_nothing(open_journey: Any) -> None:
    log = PlayLog.memory()
    first = open_journey(log=log, person="Ada", injection="noise@every:1")
    plans = []
    for _ in range(6):
        plans.append(first.plan())
        first.finished(WON)
    first.close()
    again = open_journey(log=log, person="Ada", seed=9, injection="noise@adaptive:0.5:0")
    again.desk()
    audience = again.director.outside.audience
    assert np.allclose(audience.shown, [measure(plan.level) for plan in plans])
    assert audience.broke == [False] * 6
    stranger = open_journey(log=log, person="Bob", seed=9, injection="noise@adaptive:0.5:0")
    again.plan()
    stranger.plan()
    assert audience.forecast != stranger.director.outside.audience.forecast


# Authored


def test_authored_levels_are_shown_as_they_are_and_once() -> None:
    d = director("authored@every:1", authored=True)
    shown = []
    for n in range(1, 4):
        assert AUTHORED in d.ways
        directed = d.direct(n)
        assert (directed.broke, directed.proposal, directed.used_up) == (True, AUTHORED, False)
        assert directed.built.level.name == f"level {n}"
        assert directed.built.playable
        assert np.array_equal(directed.built.measured, measure(directed.built.level))
        shown.append(directed.built.level.digest())
        d.show(directed.built.measured, broke=True)
    made = {directed.digest() for directed in _made(d)}
    assert set(shown) == made
    assert len(shown) == len(made) == 3
    assert AUTHORED not in d.ways
    after = d.direct(4)
    assert (after.broke, after.proposal, after.used_up) == (False, "", True)
    assert not after.place.off_model
    on_model = director("authored@every:1000", authored=True).direct(4)
    assert after.built.level == on_model.built.level
    assert (on_model.used_up, on_model.broke) == (False, False)


def _made(d: Director) -> list[Any]:
    return [d._as_it_is(i).level for i in range(d.outside.library.n)]


def test_proof_is_told_as_it_is() -> None:
    d = director(authored=True)
    told = {d._as_it_is(i).proven for i in range(3)}
    assert told == {True, False}


def test_a_library_is_used_up_and_the_card_says_so(open_journey: Any) -> None:
    j = open_journey(injection="authored@every:1", prepared=with_library(prepared()))
    cards = []
    for _ in range(5):
        j.plan()
        cards.append(j.finished(WON))
    assert [card.used_up for card in cards] == [False] * 3 + [True] * 2
    assert [card.broke for card in cards] == [True] * 3 + [False] * 2
    assert all("a level that a person made" in card.words for card in cards[:3])
    said = "; as there is no authored level left, the director followed the model."
    assert all(card.words.endswith(said) for card in cards[3:])


def test_a_wish_for_the_vector_of_an_authored_level_is_built() -> None:
    d = director(authored=True)
    desk = Desk(d, 1)
    desk.break_by(AUTHORED)
    made = desk.built.level
    desk.another()
    assert desk.choice.who == "vector"
    assert desk.built.level.rows() != made.rows()
    assert desk.built.level.n_columns == CONFIG.columns


def test_the_desk_offers_what_can_be_had(monkeypatch: pytest.MonkeyPatch) -> None:
    assert Desk(director(), 1).ways == tuple(name for name in PROPOSALS if name != AUTHORED)
    assert Desk(director(authored=True), 1).ways == tuple(PROPOSALS)
    monkeypatch.setattr("procgen_sim.injection.proposals.find_spec", lambda _name: None)
    d = director()
    desk = Desk(d, 1)
    assert "quality_diversity" not in desk.ways
    names = []
    for _ in desk.ways:
        desk.break_next()
        names.append(desk.choice.proposal)
    assert tuple(names) == desk.ways
    surprises = {d._proposal(n, Choice(who="surprise")) for n in range(1, 200)}
    assert surprises == {"", *desk.ways}


def test_ways_that_cannot_be_had_are_one_sentence(monkeypatch: pytest.MonkeyPatch) -> None:
    with pytest.raises(InputError, match="--injection: expected levels that people made, .* none"):
        director("authored@every:3")
    monkeypatch.setattr("procgen_sim.injection.proposals.find_spec", lambda _name: None)
    with pytest.raises(InputError, match="expected pyribs, .* none installed; python -m pip"):
        director("quality_diversity@0.2")


# Levels that were kept


@pytest.mark.usefixtures("headless")
def test_what_is_kept_can_be_authored() -> None:
    arm = parse_arm("authored", rate=0.5)
    with pytest.raises(InputError, match="keep some at the director's desk first"):
        check_arm(arm, CONFIG)
    assert kept_library().n == 0
    desk = Desk(director(), 1)
    levels = []
    for _ in range(3):
        desk.break_next()
        keep(desk)
        levels.append(desk.built.level)
    check_arm(arm, CONFIG)
    kept = kept_library()
    assert kept.names == ("authored-0001", "authored-0002", "authored-0003")
    for level, grid, vector in zip(levels, kept.grids, kept.vectors, strict=True):
        assert np.array_equal(level.grid, grid)
        assert np.array_equal(measure(level), vector)
    assert with_kept(prepared()).setting.outside.library.n == 3
    # What the run names goes before.
    assert with_kept(with_library(prepared())).setting.outside.library is library()
    j = journey(injection="authored@every:1")
    assert j.plan().level.rows() in [level.rows() for level in levels]
    j.close()


@pytest.mark.usefixtures("headless")
def test_kept_levels_that_are_none_are_left_out() -> None:
    desk = Desk(director(), 1)
    keep(desk)
    folder = authored_folder()
    (folder / "broken.txt").write_text("no level\nat all, this one\n")
    goal = house_tileset().first(Affordance.GOAL)
    rows = [row.replace(str(goal), ".") for row in desk.built.level.rows()]
    (folder / "endless.txt").write_text("\n".join(rows))
    assert kept_library().names == ("authored-0001",)
    (folder / "authored-0001.txt").unlink()
    assert kept_library().n == 0


def test_nothing_named_and_nothing_kept_is_refused_before_a_fit(
    headless: Path,
) -> None:
    assert not (headless / "data").exists()
    arm = parse_arm("authored", rate=0.5)
    with pytest.raises(InputError, match="--authored"):
        check_arm(arm, CONFIG)
    check_arm(parse_arm("noise", rate=0.5), CONFIG)
    check_arm(arm, replace(CONFIG, authored="somewhere"))  # read, and judged, with the corpus


@pytest.mark.parametrize("command", ["play", "watch"])
@pytest.mark.usefixtures("headless")
def test_no_window_opens_for_nothing(
    command: str, capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("procgen_sim.game.journey.prepare", lambda *_, **__: prepared())
    assert main([command, "--injection", "authored@every:3"]) == 2
    said = capsys.readouterr().err.strip()
    assert said.startswith("procgen-sim: --injection: expected levels that people made")
    assert "\n" not in said


# Words


@pytest.mark.parametrize("name", PROPOSALS)
def test_every_proposal_can_be_told(name: str) -> None:
    words = proposal_words(name)
    assert 10 < len(words) < 60
    assert not words.endswith(".")
    assert words[0].islower()


def test_a_proposal_that_was_contributed_speaks_for_itself(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.delitem(proposal_words.__globals__["PROPOSAL_WORDS"], "authored")
    assert proposal_words("authored").startswith("a level that a person made, as they made it")


@pytest.mark.parametrize(
    ("given", "words"),
    [
        ({"proposal": "novelty", "broke": True, "off_model": True}, "on purpose, by novelty"),
        ({"proposal": "between", "broke": True}, "in spite of between"),
        ({"proposal": AUTHORED, "broke": True, "off_model": True}, "made or kept by a person"),
        ({"proposal": AUTHORED, "broke": True}, "made or kept by a person"),
        ({"used_up": True}, "the authored levels are used up"),
        ({}, "40 % of its levels are less typical"),
        ({"off_model": True}, "fewer than 1 in 1,000 of its levels are less typical"),
        (
            {"off_model": True, "broke": True},
            "fewer than 1 in 1,000 of its levels are less typical",
        ),
    ],
)
def test_the_note_beside_it(given: dict[str, Any], words: str) -> None:
    plain = {"broke": False, "off_model": False, "proposal": "", "used_up": False, "quantile": 0.4}
    assert where_words(**{**plain, **given}) == words


@pytest.mark.parametrize(
    ("given", "words"),
    [
        (
            {"proposal": AUTHORED, "broke": True},
            "; the director chose a level that a person made or kept, and it lies on the model.",
        ),
        (
            {"proposal": AUTHORED, "broke": True, "off_model": True, "who": "break"},
            "; you left the model on purpose: a level that a person made or kept.",
        ),
        ({"used_up": True, "who": "surprise"}, "no authored level left, the director followed"),
        ({"used_up": True, "off_model": True}, "level left, it was drawn from the model but came"),
    ],
)
def test_the_sentence_of_authored_levels(given: dict[str, Any], words: str) -> None:
    plain: dict[str, Any] = {
        "foreseen": 0.4,
        "boredom": 0.2,
        "threshold": 0.33,
        "who": "schedule",
        "broke": False,
        "off_model": False,
        "proposal": "",
    }
    assert words in card_words(**{**plain, **given})
