"""The director, the desk at which a person does its work, and the levels they keep."""

from __future__ import annotations

import json
from dataclasses import replace
from pathlib import Path

import numpy as np
import pytest
from journey_support import director, prepared

from procgen_sim._checks import InputError
from procgen_sim.game.authored import export_authored, free_folder, keep
from procgen_sim.game.choice import Choice
from procgen_sim.game.desk import STEPS, Desk
from procgen_sim.game.director import Director
from procgen_sim.injection import AUTHORED, PROPOSALS
from procgen_sim.levels import PARAMETERS, load_corpus, measure

GAP_RATE, GAP_WIDTH = 0, 1


def test_the_schedule_says_when() -> None:
    directed = [director("outlier@every:3").direct(n) for n in range(1, 10)]
    breaks = [d.broke for d in directed]
    assert sum(breaks) == 3
    assert breaks[:6] == breaks[3:]
    assert all(d.proposal == ("outlier" if d.broke else "") for d in directed)
    assert all(d.place.off_model for d in directed if d.broke)


def test_what_a_person_chooses_does_not_shift_the_schedule() -> None:
    plain, asked = director("noise@0.5"), director("noise@0.5")
    for n in (2, 3, 5):
        asked.direct(n, Choice(who="follow"))
    asked.direct(1, Choice(who="surprise"))
    for n in (7, 1, 4, 6):  # in whatever order
        one, other = plain.direct(n), asked.direct(n)
        assert one.built.level == other.built.level
        assert one.broke == other.broke


@pytest.mark.parametrize("arm", ["outlier@every:3", "noise@0.5", "between@bursts:0.4:2"])
def test_levels_do_not_depend_on_the_order_they_are_asked_for(arm: str) -> None:
    forwards, backwards = director(arm), director(arm)
    there = [forwards.direct(n) for n in range(1, 8)]
    back = [backwards.direct(n) for n in range(7, 0, -1)][::-1]
    assert [d.broke for d in there] == [d.broke for d in back]
    assert [d.built.level for d in there] == [d.built.level for d in back]


def test_seed_and_number_make_the_level() -> None:
    levels = [director(seed=s).direct(n).built.level for s in (1, 2) for n in (1, 2)]
    assert len({level.digest() for level in levels}) == 4
    assert director(seed=1).direct(2).built.level == levels[1]


def test_draws_are_others_of_the_kind() -> None:
    d = director()
    for choice in (Choice(who="follow"), Choice(who="break", proposal="outlier")):
        vectors = [
            d.vector(3, Choice(who=choice.who, proposal=choice.proposal, draw=n)) for n in (0, 0, 1)
        ]
        assert np.array_equal(vectors[0], vectors[1])
        assert not np.array_equal(vectors[0], vectors[2])


@pytest.mark.parametrize("proposal", PROPOSALS)
def test_breaking_leaves_the_model_and_following_does_not(proposal: str) -> None:
    d = director(authored=True)
    if proposal == AUTHORED:
        return  # what people made lies where it lies
    broken = [d.direct(n, Choice(who="break", proposal=proposal)) for n in range(1, 7)]
    followed = [d.direct(n, Choice(who="follow")) for n in range(1, 7)]
    assert sum(x.place.off_model for x in broken) >= 5
    assert sum(x.place.off_model for x in followed) <= 1
    assert all(x.broke and x.proposal == proposal for x in broken)
    assert not any(x.broke or x.proposal for x in followed)


def test_a_surprise_breaks_half_the_time_by_all_proposals() -> None:
    d = director(authored=True)
    proposals = [d._proposal(n, Choice(who="surprise")) for n in range(1, 401)]
    share = np.mean([bool(p) for p in proposals])
    assert abs(share - 0.5) < 4 * 0.5 / np.sqrt(len(proposals))
    assert set(proposals) == {"", *PROPOSALS}
    again = director(authored=True)
    assert [again._proposal(n, Choice(who="surprise")) for n in (400, 1)] == [
        proposals[399],
        proposals[0],
    ]


def test_no_preview_gives_a_surprise_or_the_schedule_away() -> None:
    d = director("outlier@0.5")
    for number in range(1, 9):
        shown = [Choice(who="follow")] + [Choice(who="break", proposal=p) for p in PROPOSALS]
        seen = {d.direct(number, choice).built.level.digest() for choice in shown}
        unseen = [d.direct(number, Choice(who="surprise")), d.direct(number)]
        assert not seen & {each.built.level.digest() for each in unseen}


def test_place_against_the_model() -> None:
    d = director()
    middle = d.place(d.outside.model.means[0])
    far = d.place(d.space.high + 3 * d.space.width)
    assert not middle.off_model
    assert middle.quantile > 0.9
    assert far.off_model
    assert far.quantile == 0.0
    assert middle.words == f"on the model: {100 * middle.quantile:.0f} % of its levels " + (
        "are less typical"
    )
    assert far.words.startswith("off the model")
    assert middle.log_density == pytest.approx(
        float(d.outside.model.log_density(d.outside.model.means[:1])[0])
    )


def test_art_is_that_of_the_nearest_body() -> None:
    d = director()
    arts = [d.art(vector) for vector in prepared().data]
    assert arts == list(prepared().bodies)


def test_a_chosen_vector_is_built() -> None:
    d = director()
    wanted = tuple(map(float, prepared().data[0]))
    directed = d.direct(4, Choice(who="vector", vector=wanted))
    assert np.array_equal(directed.built.vector_requested, wanted)
    assert np.array_equal(directed.built.measured, measure(directed.built.level))
    assert directed.proposal == ""
    assert directed.broke == directed.place.off_model


@pytest.mark.parametrize(
    ("given", "match"),
    [
        ({"who": "break", "proposal": "outler"}, "did you mean 'outlier'"),
        ({"who": "break"}, "choice, proposal: expected one of"),
        ({"who": "vector"}, "choice, vector: expected parameters for 'vector'"),
        ({"who": "follow", "vector": (1.0,)}, "found some for 'follow'"),
        ({"draw": -1}, "choice, draw: expected a whole number"),
    ],
)
def test_choices_that_cannot_be(given: dict[str, object], match: str) -> None:
    with pytest.raises(InputError, match=match):
        Choice(**given)


def test_a_vector_of_the_wrong_length_is_refused() -> None:
    with pytest.raises(InputError, match="expected 11 numbers"):
        director().direct(1, Choice(who="vector", vector=(1.0, 2.0)))


# The desk


def test_what_is_seen_is_what_is_played() -> None:
    d = director()
    desk = Desk(d, 6)
    for act in (desk.follow, desk.break_next, lambda: desk.set(GAP_RATE, 6.0), desk.another):
        act()
        played = d.direct(6, desk.choice)
        assert played.built.level == desk.built.level
        assert played.place == desk.shown.place
        assert played.art == desk.shown.art


def test_sliders_step_on_a_grid_and_end() -> None:
    desk = Desk(director(), 1)
    desk.set(GAP_RATE, 1.01)
    step = PARAMETERS[GAP_RATE].high / STEPS
    desk.step(GAP_RATE, 1)
    first = desk.values[GAP_RATE]
    assert 1.01 < first < 1.01 + step
    assert first / step == pytest.approx(round(first / step))
    desk.step(GAP_RATE, 1)
    assert desk.values[GAP_RATE] == pytest.approx(first + step)
    desk.step(GAP_RATE, -1)
    assert desk.values[GAP_RATE] == pytest.approx(first)
    for _ in range(3 * STEPS):
        desk.step(GAP_RATE, 1)
    assert desk.values[GAP_RATE] == desk.high[GAP_RATE]
    assert desk.share(GAP_RATE) == 1.0
    desk.set(GAP_RATE, -100.0)
    assert desk.values[GAP_RATE] == desk.low[GAP_RATE] == 0.0
    assert desk.share(GAP_RATE) == 0.0


def test_sliders_cover_the_natural_range_and_no_more_than_can_be_built() -> None:
    d = director()
    desk = Desk(d, 1)
    assert (desk.low <= d.space.low).all()
    assert (desk.high >= d.space.high).all()
    assert (desk.high > d.space.high).any()
    ceiling = d.space.names.index("ceiling")  # a share: there is nothing beyond all columns
    assert desk.high[ceiling] == 1.0


def test_only_moved_parameters_change() -> None:
    desk = Desk(director(), 1)
    before = desk.values
    desk.set(GAP_WIDTH, before[GAP_WIDTH] + 0.5)
    assert np.flatnonzero(desk.values != before).tolist() == [GAP_WIDTH]
    assert desk.choice.who == "vector"


def test_repairs_are_told() -> None:
    desk = Desk(director(), 1)
    desk.set_all(prepared().data[0])
    desk.set(GAP_RATE, 3.0)
    desk.set(GAP_WIDTH, 3.0)
    assert "gap" not in desk.shown.repairs
    desk.set(GAP_RATE, 0.0)
    desk.set(GAP_WIDTH, 5.0)
    repaired = desk.built.vector_repaired[GAP_RATE]
    assert repaired > 0
    assert f"gap rate 0 → {repaired:.3g}" in desk.shown.repairs


def test_breaks_go_through_all_proposals() -> None:
    desk = Desk(director(authored=True), 1)
    names, vectors = [], []
    for _ in range(len(PROPOSALS) + 1):
        desk.break_next()
        names.append(desk.choice.proposal)
        vectors.append(desk.values)
    assert names == [*PROPOSALS, next(iter(PROPOSALS))]
    assert not np.array_equal(vectors[0], vectors[-1])  # the same way, somewhere else


def test_another_is_another_level_of_the_same_vector() -> None:
    desk = Desk(director(), 1)
    first, values = desk.built.level, desk.values
    desk.another()
    assert np.array_equal(desk.values, values)
    assert desk.built.level != first


# Levels that are kept


def _kept(desk: Desk, folder: Path, n: int) -> list[object]:
    levels = []
    for _ in range(n):
        desk.break_next()
        assert keep(desk, folder).new
        levels.append(desk.built.level)
    return levels


def test_kept_levels_are_a_corpus(tmp_path: Path) -> None:
    desk = Desk(director(), 1)
    levels = _kept(desk, tmp_path / "mine", 3)
    corpus = load_corpus(tmp_path / "mine")
    assert list(corpus.levels) == levels
    document = json.loads((tmp_path / "mine" / "vectors.json").read_text())
    assert list(document["levels"]) == [level.name for level in corpus.levels]
    last = document["levels"]["authored-0003"]
    assert list(last["measured"].values()) == measure(corpus.levels[2]).tolist()
    assert last["digest"] == corpus.levels[2].digest()
    assert (last["who"], last["off_model"]) == ("break", desk.shown.place.off_model)


def test_the_same_level_is_kept_once(tmp_path: Path) -> None:
    desk = Desk(director(), 1)
    first, second = keep(desk, tmp_path), keep(desk, tmp_path)
    assert first.path == second.path
    assert (first.new, second.new) == (True, False)
    assert len(load_corpus(tmp_path).levels) == 1


def test_export_copies_all_of_it(tmp_path: Path) -> None:
    mine, target = tmp_path / "mine", tmp_path / "out"
    levels = _kept(Desk(director(), 1), mine, 2)
    assert export_authored(target, mine) == 2
    assert list(load_corpus(target).levels) == levels
    with pytest.raises(InputError, match="out: expected a new or an empty folder"):
        export_authored(target, mine)
    assert free_folder(tmp_path, "out") == tmp_path / "out-2"


def test_export_of_nothing(tmp_path: Path) -> None:
    with pytest.raises(InputError, match="expected levels that were kept, found none; keep one"):
        export_authored(tmp_path / "out", tmp_path / "mine")
    assert not (tmp_path / "out").exists()


@pytest.mark.parametrize("text", ["", "[]", '{"levels": {}}', "{"])
def test_another_file_of_that_name_is_not_overwritten(tmp_path: Path, text: str) -> None:
    (tmp_path / "vectors.json").write_text(text)
    with pytest.raises(InputError, match=r"vectors.json: expected the list of levels"):
        keep(Desk(director(), 1), tmp_path)
    assert [path.name for path in tmp_path.iterdir()] == ["vectors.json"]
    assert (tmp_path / "vectors.json").read_text() == text


def test_a_folder_that_cannot_be_is_a_sentence(tmp_path: Path) -> None:
    (tmp_path / "file").write_text("no folder")
    with pytest.raises(InputError, match=r"file.*: expected .*, found not a directory"):
        keep(Desk(director(), 1), tmp_path / "file" / "mine")


def test_foreign_bodies_get_the_shipped_arts_in_turn() -> None:
    renamed = tuple("mine" if body == "samurai" else "theirs" for body in prepared().bodies)
    d = Director(replace(prepared(), bodies=renamed), director().arm, seed=1)
    assert {d.art(vector) for vector in prepared().data} == {"samurai", "space_opera"}
