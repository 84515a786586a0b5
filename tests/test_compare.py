"""The main job, end to end: one seed, one result; what must come out comes out."""

from __future__ import annotations

import hashlib
import json
from pathlib import Path

import numpy as np
import pytest

from procgen_sim._checks import InputError
from procgen_sim.config import RunConfig
from procgen_sim.experiments import CompareRun, open_run, run_compare
from procgen_sim.experiments.record_parts import PLAYERS_PER_PART
from procgen_sim.results import as_cube

pytestmark = pytest.mark.usefixtures("few_levels")

SMALL = RunConfig(players=14, levels=24, columns=60)


def digest(folder: Path) -> dict[str, str]:
    return {
        path.relative_to(folder).as_posix(): hashlib.sha256(path.read_bytes()).hexdigest()
        for path in sorted(folder.rglob("*.parquet"))
    }


@pytest.fixture(scope="module")
def run(few_levels: None, tmp_path_factory: pytest.TempPathFactory) -> CompareRun:  # noqa: ARG001
    return run_compare(SMALL, tmp_path_factory.mktemp("run") / "a")


def test_one_job_or_two_write_the_same_bytes(run: CompareRun, tmp_path: Path) -> None:
    again = run_compare(SMALL, tmp_path / "b", jobs=2)
    assert digest(again.folder) == digest(run.folder)
    assert len(digest(run.folder)) == -(-14 // PLAYERS_PER_PART) + 1


def test_another_seed_is_another_run(run: CompareRun, tmp_path: Path) -> None:
    other = run_compare(
        RunConfig(players=2, levels=3, columns=60, seed=2, arms="on-model"), tmp_path / "c"
    )
    assert not np.array_equal(other.records["surprise_bits"][:3], run.records["surprise_bits"][:3])


def test_a_player_is_the_same_in_any_company(run: CompareRun, tmp_path: Path) -> None:
    alone = run_compare(RunConfig(players=2, levels=24, columns=60, arms="noise"), tmp_path / "few")
    for column in ("surprise_bits", "broke", "boredom_wundt", "phi_gap_rate"):
        for arm in ("on-model", "noise"):
            assert np.array_equal(
                as_cube(alone.records, column, arm), as_cube(run.records, column, arm)[:2]
            )


def test_never_is_no_policy_byte_for_byte(tmp_path: Path) -> None:
    config = RunConfig(players=3, levels=8, columns=60, arms="on-model,outlier@never,noise@0")
    records = run_compare(config, tmp_path / "n").records
    on_model = records["arm"] == "on-model"
    for arm in ("outlier@never", "noise@0"):
        rows = records["arm"] == arm
        for name, column in records.items():
            if name != "arm":
                assert column[rows].tobytes() == column[on_model].tobytes(), name


def test_breaking_one_level_leaves_the_others_alone(run: CompareRun) -> None:
    broke = as_cube(run.records, "broke", "outlier")
    for column in ("phi_gap_rate", "phi_ground_height", "log_density"):
        on_model = as_cube(run.records, column, "on-model")
        outlier = as_cube(run.records, column, "outlier")
        assert np.array_equal(on_model[~broke], outlier[~broke])
        assert (on_model[broke] != outlier[broke]).any()


def test_all_arms_break_at_the_same_levels(run: CompareRun) -> None:
    broke = [as_cube(run.records, "broke", arm.name) for arm in run.summary.arms[1:]]
    assert all(np.array_equal(broke[0], other) for other in broke)
    assert 0.05 < broke[0].mean() < 0.3


def test_every_level_can_be_finished(run: CompareRun) -> None:
    assert run.records["playable"].all()


def test_levels_that_follow_are_on_model_and_breaks_are_off(run: CompareRun) -> None:
    followed = ~run.records["broke"]
    assert run.records["off_model"][followed].mean() < 0.02
    for arm in ("noise", "outlier", "extrapolate"):
        rows = (run.records["arm"] == arm) & run.records["broke"]
        assert run.records["off_model"][rows].mean() > 0.8, arm


def test_records_are_consistent(run: CompareRun) -> None:
    records = run.records
    assert (records["surprise_bits"] >= 0).all()
    assert all(np.isfinite(column).all() for name, column in records.items() if name != "arm")
    for notion in ("wundt", "surprise", "progress"):
        assert ((records[f"interest_{notion}"] >= 0) & (records[f"interest_{notion}"] <= 1)).all()
        assert ((records[f"boredom_{notion}"] >= 0) & (records[f"boredom_{notion}"] <= 1)).all()
    assert records["arm"].shape == (5 * 14 * 24,)


def test_a_run_reads_back_as_it_was(run: CompareRun) -> None:
    again = open_run(run.folder)
    assert again.config == run.config
    assert again.model == run.model
    assert again.exhibits == run.exhibits
    for name, column in run.records.items():
        assert np.array_equal(column, again.records[name])


def test_the_answer_has_what_programs_read(run: CompareRun) -> None:
    answer = json.loads((run.folder / "summary.json").read_text())
    assert set(answer) >= {"run", "seed", "arms", "seconds"}
    assert [arm["name"] for arm in answer["arms"]] == [
        "on-model",
        "noise",
        "outlier",
        "between",
        "extrapolate",
    ]
    for arm in answer["arms"]:
        assert set(arm["levels_until_bored"]) == {"median", "low", "high"}
        assert set(arm["difference"]) == {"mean", "low", "high"}
        assert 0 <= arm["playable_share"] <= 1
        assert arm["verdict"] == arm["notions"]["wundt"]["verdict"]
        assert arm["verdict"] in ("longer", "sooner", "same", "unknown", "never left")
    assert answer["arms"][0]["verdict"] == "never left"
    assert answer["arms"][0]["difference"] == {"mean": 0.0, "low": 0.0, "high": 0.0}


def test_a_taken_folder_is_left_alone(run: CompareRun, tmp_path: Path) -> None:
    before = digest(run.folder)
    with pytest.raises(InputError, match="a new or empty folder.*--overwrite"):
        run_compare(SMALL, run.folder)
    assert digest(run.folder) == before
    (tmp_path / "mine.txt").write_text("precious")
    with pytest.raises(InputError, match="files that are no run of this program"):
        run_compare(SMALL, tmp_path, overwrite=True)
    assert (tmp_path / "mine.txt").read_text() == "precious"


@pytest.fixture(scope="session")
def large(tmp_path_factory: pytest.TempPathFactory) -> CompareRun:
    config = RunConfig(
        players=60, levels=60, columns=60, arms="on-model,noise,outlier@0.3,between,extrapolate@0.3"
    )
    return run_compare(config, tmp_path_factory.mktemp("large") / "run", jobs=1)


@pytest.mark.slow
def test_predictability_climbs_from_nothing_towards_one(large: CompareRun) -> None:
    by_level = as_cube(large.records, "predictability", "on-model")
    error = by_level.std(axis=0, ddof=1) / np.sqrt(len(by_level))
    assert abs(by_level[:, 0].mean()) < 5 * error[0]
    end = by_level[:, -10:].mean(axis=1)
    assert 0.6 < end.mean() < 1.05
    # It climbs all along: each quarter of play is above the one before, by 3 standard errors.
    quarters = by_level.reshape(len(by_level), 4, -1).mean(axis=2)
    gains = np.diff(quarters, axis=1)
    assert (gains.mean(axis=0) > 0).all()
    assert gains[:, 0].mean() > 3 * gains[:, 0].std(ddof=1) / np.sqrt(len(gains))


@pytest.mark.slow
@pytest.mark.parametrize("arm", ["outlier@0.3", "extrapolate@0.3"])
def test_a_stationary_injection_is_learned(large: CompareRun, arm: str) -> None:
    learned = large.summary[arm].learned
    # Who met breaks before pays less for the next than the same people would have.
    assert learned.saved.low > 0
    # And at first there is nothing to know: the first break costs both the same.
    broke = as_cube(large.records, "broke", arm)
    surprise = as_cube(large.records, "surprise_bits", arm)
    unprepared = as_cube(large.records, "unprepared_bits", arm)
    first = broke.argmax(axis=1)
    who = np.flatnonzero(broke.any(axis=1))
    assert np.array_equal(surprise[who, first[who]], unprepared[who, first[who]])


@pytest.mark.slow
def test_a_narrow_habit_falls_in_surprise_itself(tmp_path: Path) -> None:
    config = RunConfig(players=30, levels=60, columns=60, arms="extrapolate@every:2")
    learned = run_compare(config, tmp_path / "h").summary["extrapolate@every:2"].learned
    assert learned.change.high < 0


def test_staying_on_the_model_has_nothing_unprepared(run: CompareRun) -> None:
    rows = run.records["arm"] == "on-model"
    surprise, unprepared = run.records["surprise_bits"], run.records["unprepared_bits"]
    assert np.array_equal(surprise[rows], unprepared[rows])
    assert not np.array_equal(surprise[~rows], unprepared[~rows])
