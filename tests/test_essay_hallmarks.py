"""Habituation and attention: the claim holds, planted changes break it, words follow numbers."""

from __future__ import annotations

import math
import runpy
from collections.abc import Mapping
from dataclasses import replace
from pathlib import Path

import numpy as np
import pytest

from procgen_sim._checks import InputError
from procgen_sim.experiments.essay import Effort, Finding
from procgen_sim.experiments.essay.hallmarks.attention import Attention
from procgen_sim.experiments.essay.hallmarks.conclusion import conclusion
from procgen_sim.experiments.essay.hallmarks.experiment import run
from procgen_sim.experiments.essay.hallmarks.habituation import (
    Course,
    Room,
    group_of,
    groups_and_error,
)
from procgen_sim.experiments.essay.hallmarks.hallmark import LEAST, Answer, Asked
from procgen_sim.experiments.essay.hallmarks.material import GROUPS, material
from procgen_sim.experiments.essay.hallmarks.rankin import (
    ASSUMED,
    HALLMARKS,
    LEARNED,
    generalisation,
    long_term,
    potentiation,
)
from procgen_sim.players import NOTIONS, Evidence, Population
from procgen_sim.players.assumptions import RECOVERY_HALF_LIFE_HOURS

Rests = Mapping[int, float] | float
QUICK = Effort(quick=True)
DOTS = ("dots",)


@pytest.fixture(scope="module")
def found() -> Finding:
    return run(QUICK)


@pytest.fixture(scope="module")
def room() -> Room:
    people = Population.sample(40, seed=1)
    return Room(
        material("dots", 1), people, seed=1, recovery_half_life_hours=RECOVERY_HALF_LIFE_HOURS
    )


def failed(finding: Finding) -> list[str]:
    """The beginnings of the checks that do not hold."""
    return [check.what.split(",")[0] for check in finding.checks if not check.holds]


def verdict(finding: Finding, number: int, on: str = "dots", under: str = "wundt") -> str:
    entry = finding.data["materials"][on]["hallmarks"][number - 1]
    return str(entry["verdicts"][under])


def test_the_claim_holds_on_dots_and_on_levels(found: Finding) -> None:
    assert found.holds, failed(found)
    for name in ("dots", "levels"):
        assert all(verdict(found, number, name) == "holds" for number in LEARNED)
        assert all(verdict(found, number, name) == "by assumption" for number in ASSUMED)
        assert found.data["materials"][name]["attention"]["wundt"]["u_shaped"]
        assert not found.data["materials"][name]["attention"]["surprise"]["u_shaped"]


def test_it_holds_for_other_players_and_dots() -> None:
    other = run(Effort(seed=2, quick=True), materials=DOTS)
    assert other.holds, failed(other)


def test_who_does_not_learn_does_not_habituate(monkeypatch: pytest.MonkeyPatch) -> None:
    """What is left is what was assumed: recovery, and with it that often is worse than seldom."""
    evidence = Room.evidence
    monkeypatch.setattr(
        Room, "evidence", lambda room, levels, **_: evidence(room, levels, learns=False)
    )
    planted = run(QUICK, materials=DOTS)
    assert {f"{n} {HALLMARKS[n - 1].name}" for n in LEARNED} <= set(failed(planted))
    verdicts = [verdict(planted, number) for number in range(1, 11)]
    assert "holds" not in verdicts
    assert verdicts[1] == verdicts[3] == "by assumption"
    assert "show 0 of the ten hallmarks" in planted.conclusion


def test_who_does_not_recover_shows_no_recovery_and_there_is_no_u_without_an_appetite() -> None:
    planted = run(
        QUICK, materials=DOTS, recovery_half_life_hours=math.inf, attention_notion="surprise"
    )
    assert {"2 recovery", "4 frequency", "U"} <= set(failed(planted))
    assert verdict(planted, 2) == "does not hold"
    assert "2, recovery, does not hold" in planted.conclusion
    assert "not U-shaped in surprise on dots" in planted.conclusion


def test_each_check_has_its_own_words(found: Finding) -> None:
    plain = conclusion(found.data, found.checks)
    assert plain == found.conclusion
    for i, check in enumerate(found.checks):
        side = -1.0 if check.relation == "above" else 1.0
        seen = {plain}
        for away in (0.0, 9.0):  # cannot be told; the opposite
            estimate = check.bound + side * away * check.standard_error
            turned = replace(check, estimate=estimate)
            told = conclusion(found.data, (*found.checks[:i], turned, *found.checks[i + 1 :]))
            seen.add(told)
            assert told.count(".") - plain.count(".") < 20
        assert len(seen) == 3, check.what


def test_the_conclusion_tells_what_is_missing_and_what_is_assumed(found: Finding) -> None:
    assert "(1, 3, 5, 7, 8 and 10)" in found.conclusion
    assert "by assumption" in found.conclusion
    assert "they show 2 and 4;" in found.conclusion
    assert "9, dishabituation wanes, though it was expected, does not hold" in found.conclusion
    assert found.conclusion.count("a single strange one makes it worse") == 2
    entry = found.data["materials"]["dots"]["hallmarks"][7]
    better = {**found.data["materials"]["dots"]}
    better["hallmarks"] = [*better["hallmarks"]]
    better["hallmarks"][7] = {**entry, "aside": [(0.1, 0.01)]}
    told = conclusion({"materials": {"dots": better}}, found.checks)
    assert "a single strange level does for 8 on dots, too" in told


def test_the_title_and_the_marks_follow_the_verdicts(found: Finding) -> None:
    draw = runpy.run_path(str(Path(__file__).parents[1] / "analysis" / "hallmarks.py"))
    title = draw["message"](found)
    assert title.startswith("Under wundt, learning makes 6 of the ten hallmarks")
    turned = replace(found.checks[0], estimate=0.0)
    assert draw["message"](replace(found, checks=(turned,))).startswith("Not all that is claimed")
    assert draw["MARKS"] == {
        "holds": "●",
        "by assumption": "◐",
        "does not hold": "○",
        "does not apply": "–",
    }


def test_same_seed_same_finding_and_a_round_trip(found: Finding, tmp_path: Path) -> None:
    again = run(QUICK, materials=DOTS)
    assert (
        again.data["materials"]["dots"]["hallmarks"][0]
        == (found.data["materials"]["dots"]["hallmarks"][0])
    )
    again.write(tmp_path / "again.json")
    replace(again, checks=found.checks[: len(again.checks)]).write(tmp_path / "first.json")
    assert (tmp_path / "again.json").read_bytes() == (tmp_path / "first.json").read_bytes()
    found.write(tmp_path / "both.json")
    assert (tmp_path / "both.json").stat().st_size < 100_000
    read = Finding.read(tmp_path / "both.json")
    assert read.conclusion == found.conclusion
    assert read.holds == found.holds
    assert len(read.data["materials"]["levels"]["hallmarks"]) == 10


def answer(learned: float, unlearned: float, other: float = 9 * LEAST) -> Answer:
    """A hallmark of two clauses, the second always clear to who learns and absent to others."""
    spread = np.linspace(-0.1, 0.1, 40) * LEAST
    two = {"a": learned * LEAST + spread, "b": other + spread}
    none = {"a": unlearned * LEAST + spread, "b": unlearned * LEAST + spread}
    return Answer(learned=Asked(clauses=two, curves={}), unlearned=Asked(clauses=none, curves={}))


def test_a_verdict_is_of_its_numbers() -> None:
    assert answer(5, 0).verdict == "holds"
    assert answer(0.5, 0).verdict == "does not hold"
    assert answer(5, 0, other=0.5 * LEAST).verdict == "does not hold"
    assert answer(5, 4.5).verdict == "by assumption"
    assert answer(5, 2).verdict == "by assumption"  # less, but who learns nothing shows it, too
    assert answer(1.2, 0.8).verdict == "by assumption"  # not much more than who learns nothing
    assert answer(5, 0).weakest().holds
    assert not answer(5, 2).weakest().holds
    impossible = replace(answer(5, 0).learned, possible=False)
    assert replace(answer(5, 0), learned=impossible).verdict == "does not apply"


def test_errors_are_over_groups_that_share_chances() -> None:
    shared = np.random.default_rng(1).normal(size=GROUPS)
    values = shared[group_of(60 * GROUPS)]
    mean, error = groups_and_error(values)
    assert mean == pytest.approx(shared.mean())
    assert error == pytest.approx(shared.std(ddof=1) / math.sqrt(GROUPS))


def test_sessions_lie_a_week_apart_and_memory_four(
    room: Room, monkeypatch: pytest.MonkeyPatch
) -> None:
    seen = []
    course = Room.course

    def noted(self: Room, evidence: Evidence, rests: Rests = 0.0) -> Course:
        seen.append(rests)
        return course(self, evidence, rests)

    monkeypatch.setattr(Room, "course", noted)
    potentiation(room, 3)
    assert seen.pop() == {6: 168.0, 12: 168.0, 18: 168.0}
    long_term(room, 10)
    assert seen == [{20: 672.0}, 0.0]
    seen.clear()
    generalisation(room, 7)
    assert seen == [{30: 672.0}, 0.0] * 3


def test_players_have_their_own_levels_whoever_else_plays(room: Room) -> None:
    fewer = Room(room.shown, Population.sample(27, seed=1), seed=1, recovery_half_life_hours=24.0)
    assert np.array_equal(room.levels("theme", 5, 1, 0)[:27], fewer.levels("theme", 5, 1, 0))
    assert not np.array_equal(room.levels("theme", 5, 1, 0), room.levels("theme", 5, 1, 1))


def test_rest_changes_boredom_and_not_surprise(room: Room) -> None:
    seen = room.evidence(room.levels("theme", 6, 1, 0))
    rested, at_once = room.course(seen, {3: 24.0}), room.course(seen)
    for notion in NOTIONS:
        assert np.array_equal(rested.interest(notion), at_once.interest(notion))
        assert np.array_equal(rested.boredom(notion)[:, :3], at_once.boredom(notion)[:, :3])
        assert np.all(rested.boredom(notion)[:, 3] < at_once.boredom(notion)[:, 3])


def test_to_who_learns_nothing_each_level_is_a_first_one(room: Room) -> None:
    levels = room.levels("theme", 4, 1, 0)
    unlearned = room.evidence(levels, learns=False)
    for t in range(4):
        first = room.evidence(levels[:, t : t + 1])
        np.testing.assert_allclose(unlearned.surprise_bits[:, t], first.surprise_bits[:, 0])
        np.testing.assert_allclose(unlearned.progress_bits[:, t], first.progress_bits[:, 0])


def test_hazard_is_leavings_by_levels_met_and_its_error_that_of_groups(room: Room) -> None:
    seen = Attention(room, 11).under("wundt")
    longest = seen.stayed.max()
    gone = (seen.stayed < longest).sum(axis=1)  # those of the last level may have stayed
    assert np.all(seen.hazard >= gone / seen.stayed.sum(axis=1) - 1e-12)
    assert np.all(np.diff(seen.ratio) > 0)
    assert seen.spread[seen.middle] == 0.4
    stayed = seen.stayed[-1]  # nobody stays in chaos
    assert stayed.max() < longest
    sums = np.stack([stayed[group::GROUPS] for group in range(GROUPS)]).sum(axis=1)
    leave_one_out = (len(stayed) - len(stayed) / GROUPS) / (stayed.sum() - sums)
    jackknife = math.sqrt((GROUPS - 1) * leave_one_out.var())
    assert seen.hazard_error[-1] == pytest.approx(jackknife, rel=0.05)


def test_an_unknown_material_is_refused() -> None:
    with pytest.raises(InputError, match="material"):
        material("clay", 1)
