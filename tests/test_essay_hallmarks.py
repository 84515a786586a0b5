"""Habituation and attention: the claim holds, planted changes break it, words follow numbers."""

from __future__ import annotations

import math
from dataclasses import replace
from pathlib import Path

import numpy as np
import pytest

from procgen_sim._checks import InputError
from procgen_sim.experiments.essay import Effort, Finding
from procgen_sim.experiments.essay.hallmarks.attention import Attention
from procgen_sim.experiments.essay.hallmarks.experiment import EXPECTED, run
from procgen_sim.experiments.essay.hallmarks.habituation import Room, material
from procgen_sim.experiments.essay.hallmarks.hallmark import LEAST, Asked
from procgen_sim.players import NOTIONS, Population, Spread
from procgen_sim.players.assumptions import RECOVERY_HALF_LIFE_HOURS

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
        for number in EXPECTED:
            assert verdict(found, number, name) == "holds"
        assert found.data["materials"][name]["attention"]["wundt"]["u_shaped"]
        assert not found.data["materials"][name]["attention"]["surprise"]["u_shaped"]


@pytest.mark.parametrize("seed", [2, 3])
def test_it_holds_for_other_players_and_dots(seed: int) -> None:
    other = run(Effort(seed=seed, quick=True), materials=DOTS)
    assert other.holds, failed(other)


def test_who_does_not_learn_does_not_habituate() -> None:
    forgetful = {"half_life_levels": Spread(median=0.01, sd=0.0, low=0.001, high=1.0)}
    planted = run(QUICK, materials=DOTS, spreads=forgetful)
    assert not planted.holds
    assert "1 decrement" in failed(planted)
    assert verdict(planted, 1) == "does not hold"


def test_who_does_not_recover_shows_no_recovery() -> None:
    planted = run(QUICK, materials=DOTS, recovery_half_life_hours=math.inf)
    assert not planted.holds
    assert "2 recovery" in failed(planted)
    assert verdict(planted, 2) == "does not hold"
    assert "2, recovery, does not hold" in planted.conclusion


def test_without_a_distaste_for_chaos_there_is_no_u() -> None:
    planted = run(QUICK, materials=DOTS, attention_notion="surprise")
    assert not planted.holds
    assert set(failed(planted)) == {"U"}
    assert "not U-shaped in surprise on dots" in planted.conclusion


def test_the_conclusion_names_what_does_not_hold(found: Finding) -> None:
    names = found.data["names"]
    everywhere = []
    for number, name in enumerate(names, start=1):
        verdicts = {verdict(found, number, on) for on in ("dots", "levels")}
        if verdicts == {"holds"}:
            everywhere.append(str(number))
        else:
            assert f"; {number}, {name}, " in found.conclusion
    assert f"({', '.join(everywhere)})" in found.conclusion
    assert f"shows {len(everywhere)} of the ten" in found.conclusion
    assert found.conclusion.count("is U-shaped") == 2


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


def test_a_verdict_is_of_its_numbers() -> None:
    clear, faint = np.full(9, 5 * LEAST), np.full(9, 0.5 * LEAST)
    assert Asked(clauses={"a": clear}, curves={}).verdict == "holds"
    assert Asked(clauses={"a": clear, "b": faint}, curves={}).verdict == "does not hold"
    assert Asked(clauses={"a": clear}, curves={}, possible=False).verdict == "does not apply"


def test_players_have_their_own_levels_whoever_else_plays(room: Room) -> None:
    fewer = Room(room.shown, Population.sample(7, seed=1), seed=1, recovery_half_life_hours=24.0)
    assert np.array_equal(room.levels("theme", 5, 1, 0)[:7], fewer.levels("theme", 5, 1, 0))
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


def test_hazard_is_leavings_by_levels_met(room: Room) -> None:
    seen = Attention(room, 11).under("wundt")
    longest = seen.stayed.max()
    gone = (seen.stayed < longest).sum(axis=1)  # those of the last level may have stayed
    assert np.all(seen.hazard >= gone / seen.stayed.sum(axis=1) - 1e-12)
    assert np.all(np.diff(seen.ratio) > 0)
    assert 0 < seen.middle < len(seen.spread) - 1


def test_an_unknown_material_is_refused() -> None:
    with pytest.raises(InputError, match="material"):
        material("clay", 1)


def test_what_a_single_strange_level_does_is_told(found: Finding) -> None:
    for name in ("dots", "levels"):
        entry = found.data["materials"][name]["hallmarks"][7]["asides"]
        (one,) = (mean for mean, _ in entry["wundt"].values())
        assert f"{one:+.3f}".replace("-", "−") in found.conclusion
        (guessable,) = (mean for mean, _ in entry["surprise"].values())
        assert guessable > LEAST
