"""The folder of a run: nothing of anybody else's is touched, a stopped run is gone on with, and a
damaged one is refused in one sentence."""

from __future__ import annotations

import json
import os
import shutil
import signal
import subprocess
import sys
import time
from collections.abc import Callable
from pathlib import Path

import numpy as np
import pytest
from quick_runs import IN_A_SECOND

from procgen_sim._checks import InputError
from procgen_sim.cli import main
from procgen_sim.config import RunConfig, resolve, write_config
from procgen_sim.experiments import CompareRun, open_run, run_compare
from procgen_sim.experiments.marker import list_files, read_marker, write_marker
from procgen_sim.experiments.playing import settled
from procgen_sim.experiments.run_folder import RunFolder
from procgen_sim.players import TRAITS
from procgen_sim.results import check_columns, part_name, read_parts, read_table, write_table

REPOSITORY = Path(__file__).parents[1]
CONFIG = RunConfig(players=3, levels=4)


pytestmark = pytest.mark.usefixtures("few_levels")


def claimed(
    path: Path, *, config: RunConfig = CONFIG, command: str = "compare", finished: bool = False
) -> RunFolder:
    """A run's folder with two of its files."""
    run = RunFolder(path, command=command, config=config)
    run.claim(["config.toml", "records/part-000000.parquet", "summary.json"])
    for name in ("records/part-000000.parquet", "summary.json"):
        (path / name).parent.mkdir(exist_ok=True)
        (path / name).write_text("ours")
    if finished:
        run.finish()
    return run


def names(folder: Path) -> set[str]:
    return {p.relative_to(folder).as_posix() for p in folder.rglob("*") if p.is_file()}


def contents(folder: Path) -> dict[str, bytes]:
    return {name: (folder / name).read_bytes() for name in names(folder)}


# Overwriting


def test_overwrite_removes_what_is_listed_and_nothing_else(tmp_path: Path) -> None:
    run = tmp_path / "run"
    claimed(run, finished=True)
    (run / "levels").mkdir()
    for mine in ("levels/mine.txt", "records/notes.txt", "figures.txt"):
        (run / mine).write_text("mine")
    RunFolder(run, command="compare", config=CONFIG, overwrite=True).claim(["config.toml"])
    assert names(run) == {
        "config.toml",
        "figures.txt",
        "levels/mine.txt",
        "records/notes.txt",
        "run.json",
    }


def test_empty_folders_of_a_run_go(tmp_path: Path) -> None:
    claimed(tmp_path / "r", finished=True)
    RunFolder(tmp_path / "r", command="compare", config=CONFIG, overwrite=True).claim([])
    assert not (tmp_path / "r" / "records").exists()


@pytest.mark.parametrize("overwrite", [False, True])
def test_a_folder_with_a_config_is_not_ours_yet(tmp_path: Path, overwrite: bool) -> None:
    (tmp_path / "config.toml").write_text("players = 3\n")
    (tmp_path / "levels").mkdir()
    with pytest.raises(InputError, match="files that are no run of this program"):
        RunFolder(tmp_path, command="compare", config=CONFIG, overwrite=overwrite)
    assert names(tmp_path) == {"config.toml"}


@pytest.mark.parametrize("text", ["", "null", "{}", '{"program": "other"}', "[" * 100_000])
def test_a_marker_of_somebody_else(tmp_path: Path, text: str) -> None:
    (tmp_path / "run.json").write_text(text)
    with pytest.raises(InputError, match="the mark of a run of procgen-sim"):
        RunFolder(tmp_path, command="compare", config=CONFIG, overwrite=True)


@pytest.mark.parametrize("name", ["../mine.txt", "/etc/passwd", "", "a/../../mine.txt", "..\\mine"])
def test_a_list_that_leads_outside_is_refused(tmp_path: Path, name: str) -> None:
    (tmp_path / "mine.txt").write_text("mine")
    run = tmp_path / "run"
    claimed(run, finished=True)
    marker = read_marker(run)
    assert marker is not None
    told = json.loads((run / "run.json").read_text())
    (run / "run.json").write_text(json.dumps({**told, "files": [*marker.files, name]}))
    with pytest.raises(InputError, match="names of files in the folder"):
        RunFolder(run, command="compare", config=CONFIG, overwrite=True)
    assert (tmp_path / "mine.txt").read_text() == "mine"
    assert (run / "summary.json").is_file()


def test_links_are_not_followed(tmp_path: Path) -> None:
    run, elsewhere = tmp_path / "run", tmp_path / "elsewhere"
    claimed(run, finished=True)
    (run / "records").rename(elsewhere)
    (run / "records").symlink_to(elsewhere)
    with pytest.raises(InputError, match="found a link"):
        RunFolder(run, command="compare", config=CONFIG, overwrite=True)
    assert names(elsewhere) == {"part-000000.parquet"}


def test_a_file_that_a_run_would_write_and_did_not_is_left(tmp_path: Path) -> None:
    claimed(tmp_path, finished=True)
    (tmp_path / "model.json").write_text("mine")
    with pytest.raises(InputError, match="not the run's, found a file; move it away"):
        RunFolder(tmp_path, command="compare", config=CONFIG, overwrite=True).claim(["model.json"])
    (tmp_path / "model.json").unlink()
    (tmp_path / "records" / "part-000009.parquet").write_text("mine")
    with pytest.raises(InputError, match=r"part-000009\.parquet.*not the run's"):
        RunFolder(tmp_path, command="compare", config=CONFIG, overwrite=True).claim([])
    assert (tmp_path / "summary.json").is_file()


@pytest.mark.parametrize("out", ["corpus", ".", "corpus/runs/1"])
def test_results_stay_apart_from_the_corpus(tmp_path: Path, out: str) -> None:
    (tmp_path / "corpus").mkdir()
    config = RunConfig(corpus=("samurai", str(tmp_path / "corpus")))
    with pytest.raises(InputError, match="--out: expected a folder apart from the corpus"):
        RunFolder(tmp_path / out, command="generate", config=config)
    RunFolder(tmp_path / "corpus2", command="generate", config=config)


def test_what_a_kill_leaves_unfinished_is_cleared(tmp_path: Path) -> None:
    (tmp_path / ".run.json.abcd_123").write_text("{")
    RunFolder(tmp_path, command="compare", config=CONFIG).claim(["config.toml"])
    (tmp_path / ".config.toml.abcd_123").write_text("")
    (tmp_path / ".config.toml.swp").write_text("an editor's")
    RunFolder(tmp_path, command="compare", config=CONFIG).claim(["config.toml"])
    assert names(tmp_path) == {"run.json", "config.toml", ".config.toml.swp"}


def test_generate_again_leaves_no_old_levels(tmp_path: Path) -> None:
    words = ["generate", "--columns", "60", "--format", "txt,tmx", "--out", str(tmp_path / "g")]
    assert main([*words, "-n", "12"]) == 0
    assert main([*words, "-n", "2", "--overwrite"]) == 0
    made = {n for n in names(tmp_path / "g") if n.endswith((".txt", ".tmx"))}
    assert made == {"level-1.txt", "level-2.txt", "level-1.tmx", "level-2.tmx"}
    marker = read_marker(tmp_path / "g")
    assert marker is not None
    assert {*marker.files, "run.json"} == names(tmp_path / "g")


# Going on


def test_only_the_same_unfinished_run_is_gone_on_with(tmp_path: Path) -> None:
    claimed(tmp_path)
    assert RunFolder(tmp_path, command="compare", config=CONFIG).resumes
    assert not RunFolder(tmp_path, command="compare", config=CONFIG, overwrite=True).resumes
    other = RunConfig(players=3, levels=5, seed=2)
    with pytest.raises(InputError, match=r"with other levels, seed; .*--out, or add --overwrite"):
        RunFolder(tmp_path, command="compare", config=other)
    with pytest.raises(InputError, match="an unfinished compare run"):
        RunFolder(tmp_path, command="simulate", config=CONFIG)
    with pytest.raises(InputError, match="an unfinished compare run"):
        RunFolder(tmp_path, command="compare", config=CONFIG, resumable=False)
    RunFolder(tmp_path, command="compare", config=CONFIG).finish()
    with pytest.raises(InputError, match="a finished compare run"):
        RunFolder(tmp_path, command="compare", config=CONFIG)


def test_another_version_does_not_go_on(tmp_path: Path) -> None:
    claimed(tmp_path)
    told = json.loads((tmp_path / "run.json").read_text())
    (tmp_path / "run.json").write_text(json.dumps({**told, "version": "0.0.1"}))
    with pytest.raises(InputError, match=r"of version 0\.0\.1"):
        RunFolder(tmp_path, command="compare", config=CONFIG)


def stop(run: RunFolder) -> str:
    with pytest.raises(KeyboardInterrupt, match="^stopped; ") as stopped, run.stoppable():
        raise KeyboardInterrupt
    return str(stopped.value)


def test_ctrl_c_says_what_there_is(tmp_path: Path) -> None:
    run = RunFolder(tmp_path / "r", command="compare", config=CONFIG)
    assert stop(run) == "stopped; nothing was written"
    run.claim(["records/part-000000.parquet", "records/part-000001.parquet"])
    out = tmp_path / "r"
    assert stop(run) == f"stopped; the same command with --out {out} starts again"
    (out / "records").mkdir()
    (out / "records" / "part-000000.parquet").write_text("")
    assert stop(run) == (
        f"stopped; 1 of 2 parts are kept, and the same command with --out {out} goes on"
    )
    again = RunFolder(out, command="compare", config=CONFIG, overwrite=True)
    assert "--overwrite starts anew" in stop(again)
    run.finish()
    assert stop(run) == f"stopped; the run in {out} is complete"
    again = RunFolder(out, command="compare", config=CONFIG, overwrite=True)
    assert stop(again) == f"stopped; the run in {out} is as it was"


LONG = ["simulate", "outlier", "--players", "80", "--levels", "40", "--columns", "60"]
"""Eight parts, long enough to be caught in the middle."""


def start(out: Path, *, jobs: int) -> subprocess.Popen[str]:
    return subprocess.Popen(
        [sys.executable, "-c", IN_A_SECOND, *LONG, "--jobs", str(jobs), "--out", str(out)],
        stdout=subprocess.PIPE,
        stderr=subprocess.PIPE,
        text=True,
        env={**os.environ, "PYTHONPATH": str(REPOSITORY)},
        start_new_session=True,
        # A shell that runs its jobs in the background lets them ignore Ctrl-C, and so we would.
        preexec_fn=lambda: signal.signal(signal.SIGINT, signal.SIG_DFL),
    )


def wait_for_a_part(out: Path, process: subprocess.Popen[str]) -> None:
    deadline = time.monotonic() + 120
    while not list((out / "records").glob("part-*.parquet")):
        assert process.poll() is None, process.communicate()
        assert time.monotonic() < deadline
        time.sleep(0.01)


@pytest.fixture(scope="module")
def whole(tmp_path_factory: pytest.TempPathFactory) -> dict[str, bytes]:
    """Files of the run when nobody stops it."""
    out = tmp_path_factory.mktemp("whole") / "run"
    assert main([*LONG, "--jobs", "1", "--out", str(out)]) == 0
    return contents(out)


@pytest.mark.skipif(sys.platform == "win32", reason="Windows has no signals to process groups")
@pytest.mark.parametrize("jobs", [1, 2])
@pytest.mark.parametrize("how", ["SIGKILL", "SIGINT"])
def test_a_stopped_run_goes_on_to_the_same_bytes(
    tmp_path: Path, whole: dict[str, bytes], how: str, jobs: int
) -> None:
    out = tmp_path / "run"
    process = start(out, jobs=jobs)
    wait_for_a_part(out, process)
    os.killpg(process.pid, getattr(signal, how))  # as a terminal does it: workers get it, too
    _, said = process.communicate(timeout=120)
    if how == "SIGINT":
        assert process.returncode == 130
        assert said.count("\n") == 1, said
        assert f"of 8 parts are kept, and the same command with --out {out} goes on." in said
    parts = sorted((out / "records").glob("part-*.parquet"))
    assert 0 < len(parts) < 8
    cut, kept = parts[0], {path: path.stat().st_mtime_ns for path in parts[1:]}
    cut.write_bytes(cut.read_bytes()[:-100])

    assert main([*LONG, "--jobs", "1", "--out", str(out)]) == 0
    assert contents(out) == whole
    assert {path: path.stat().st_mtime_ns for path in kept} == kept


def test_another_corpus_is_not_gone_on_with(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    corpus, out = tmp_path / "corpus", tmp_path / "run"
    assert main(["generate", "-n", "4", "--columns", "60", "--out", str(corpus)]) == 0
    words = ["simulate", "--corpus", str(corpus), "--players", "2", "--levels", "3", "--jobs", "1"]
    words += ["--out", str(out)]
    assert main(words) == 0
    marker = json.loads((out / "run.json").read_text())
    (out / "run.json").write_text(json.dumps({**marker, "finished": False}))
    assert main(words) == 0
    (out / "run.json").write_text(json.dumps({**marker, "finished": False}))
    (corpus / "level-2.txt").unlink()
    capsys.readouterr()
    assert main(words) == 2
    assert "one whose corpus was otherwise" in capsys.readouterr().err


def test_parts_are_read_in_the_order_of_their_numbers(tmp_path: Path) -> None:
    for number in (9_999, 10_000, 999_999, 1_000_000, 2):
        write_table(tmp_path / part_name(number), {"number": np.array([number])})
    expected = [2, 9_999, 10_000, 999_999, 1_000_000]
    assert read_parts(tmp_path)["number"].tolist() == expected
    (tmp_path / "part-x.parquet").write_text("")
    with pytest.raises(InputError, match=r"a name like part-000000\.parquet"):
        read_parts(tmp_path)


# Reading back


def test_the_stored_configuration_says_what_people_were_like(tmp_path: Path) -> None:
    config = settled(RunConfig(assumptions={"threshold_sd": 0.05, "appetite": 0.7}))
    path = tmp_path / "config.toml"
    path.write_text(write_config(config), encoding="utf-8")
    told = resolve(path, {}).assumptions
    assert set(told) == {name + suffix for name in TRAITS for suffix in ("", "_sd")}
    assert (told["threshold_sd"], told["appetite"]) == (0.05, 0.7)
    assert told["threshold"] == TRAITS["threshold"].median
    assert settled(resolve(path, {})) == config


@pytest.fixture(scope="module")
def good(tmp_path_factory: pytest.TempPathFactory) -> CompareRun:
    config = RunConfig(players=12, levels=5, columns=60, arms="noise")
    return run_compare(config, tmp_path_factory.mktemp("good") / "run")


@pytest.fixture
def copy(good: CompareRun, tmp_path: Path) -> Path:
    shutil.copytree(good.folder, tmp_path / "copy")
    return tmp_path / "copy"


def part(folder: Path, number: int) -> Path:
    return folder / "records" / part_name(number)


def rewrite(path: Path, change: Callable[[dict[str, np.ndarray]], object]) -> None:
    table = read_table(path)
    change(table)
    write_table(path, table)


def edit_json(path: Path, **values: object) -> None:
    path.write_text(json.dumps({**json.loads(path.read_text()), **values}))


def edit_config(folder: Path, old: str, new: str) -> None:
    text = (folder / "config.toml").read_text()
    assert old in text
    (folder / "config.toml").write_text(text.replace(old, new))


def other_players(folder: Path) -> None:
    def shift(table: dict[str, np.ndarray]) -> None:
        table["threshold"] = table["threshold"] + 0.01

    rewrite(folder / "players.parquet", shift)


def swap_levels(folder: Path) -> None:
    def swap(table: dict[str, np.ndarray]) -> None:
        table["level"] = table["level"][::-1].copy()

    rewrite(part(folder, 0), swap)


def widen(folder: Path) -> None:
    def to_int64(table: dict[str, np.ndarray]) -> None:
        table["player"] = table["player"].astype(np.int64)

    rewrite(part(folder, 0), to_int64)


EDITED = "the configuration that the run was made with, found an edited one"
DAMAGE: dict[str, tuple[Callable[[Path], object], str]] = {
    "players are records": (
        lambda f: shutil.copy(part(f, 0), f / "players.parquet"),
        r"players\.parquet: expected a column",
    ),
    "a part is players": (
        lambda f: shutil.copy(f / "players.parquet", part(f, 0)),
        r"part-000000\.parquet: expected a column 'arm'",
    ),
    "a part more": (
        lambda f: shutil.copy(part(f, 1), part(f, 2)),
        r"2 parts up to part-000001\.parquet, found 3, and part-000002\.parquet too many",
    ),
    "a part doubled": (lambda f: shutil.copy(part(f, 0), part(f, 1)), "players 10 to 11 on"),
    "a part less": (lambda f: part(f, 1).unlink(), r"found 1, and part-000001\.parquet missing"),
    "a part cut off": (
        lambda f: part(f, 0).write_bytes(part(f, 0).read_bytes()[:300]),
        "a Parquet file of a run",
    ),
    "levels in disorder": (swap_levels, "column 'level': expected players 0 to 9"),
    "another kind of number": (widen, "column 'player': expected int32, found int64"),
    "a column more": (
        lambda f: rewrite(part(f, 0), lambda t: t.update(more=t["level"])),
        "found also 'more'",
    ),
    "other people": (other_players, "the players of seed 1, found other people"),
    "fewer people": (
        lambda f: rewrite(
            f / "players.parquet", lambda t: t.update({k: v[:5] for k, v in t.items()})
        ),
        "expected 12 players, found 5",
    ),
    "data a text": (lambda f: edit_json(f / "fit.json", data="x"), "'data': .*found 'x'"),
    "data too small": (lambda f: edit_json(f / "fit.json", data=[[1]]), "'data': .*rows of"),
    "threshold a text": (
        lambda f: edit_json(f / "fit.json", threshold_nats="x"),
        "'threshold_nats': expected a number",
    ),
    "seconds a text": (
        lambda f: edit_json(f / "summary.json", seconds="x"),
        "'seconds': expected a number, found 'x'",
    ),
    "summary null": (lambda f: (f / "summary.json").write_text("null"), "a JSON object"),
    "arms edited": (lambda f: edit_config(f, '"noise"', '"outlier"'), EDITED),
    "players edited": (lambda f: edit_config(f, "players = 12", "players = 77"), EDITED),
    "levels edited": (lambda f: edit_config(f, "levels = 5", "levels = 900"), EDITED),
    "model of another kind": (lambda f: edit_json(f / "model.json", kind="kde"), r"model\.json"),
    "exhibits": (
        lambda f: (f / "levels" / "index.json").write_text("[1]"),
        "the index of a run's levels",
    ),
    "no marker": (lambda f: (f / "run.json").unlink(), "the folder of a run"),
    "unfinished": (lambda f: edit_json(f / "run.json", finished=False), "interrupted; the same"),
    "simulate": (
        lambda f: edit_json(f / "run.json", command="simulate"),
        "a simulate run, which has records only",
    ),
}


@pytest.mark.parametrize("damage", DAMAGE)
def test_a_damaged_run_is_refused_in_a_sentence(
    copy: Path, damage: str, capsys: pytest.CaptureFixture[str]
) -> None:
    break_it, said = DAMAGE[damage]
    break_it(copy)
    with pytest.raises(InputError, match=said):
        open_run(copy)
    assert main(["plot", str(copy)]) == 2
    assert capsys.readouterr().err.count("\n") == 1


@pytest.mark.parametrize(("key", "old", "new"), [("levels", 5, 6), ("players", 12, 13)])
def test_records_are_held_against_the_configuration_itself(
    copy: Path, key: str, old: int, new: int
) -> None:
    """Even where the marker was edited along with it."""
    from dataclasses import replace

    from procgen_sim.experiments.marker import config_digest

    edit_config(copy, f"{key} = {old}", f"{key} = {new}")
    marker = read_marker(copy)
    assert marker is not None
    text = (copy / "config.toml").read_text()
    write_marker(copy, replace(marker, config_sha256=config_digest(text)))
    with pytest.raises(InputError, match="in order, found other rows"):
        open_run(copy)


def test_a_report_is_listed_before_it_is_written(good: CompareRun, copy: Path) -> None:
    assert open_run(copy).config == good.config
    assert main(["plot", str(copy)]) == 0
    marker = read_marker(copy)
    assert marker is not None
    assert {*marker.files, "run.json"} == names(copy)
    list_files(copy.parent, ["a.txt"])  # no run's folder: nothing to list in
    assert not (copy.parent / "run.json").exists()


@pytest.mark.parametrize(
    ("trouble", "status"), [(InputError("f", expected="room", found="none"), 2),
                            (KeyboardInterrupt(), 130)], ids=["full", "Ctrl-C"]
)  # fmt: skip
def test_a_report_that_fails_does_not_cost_the_run(
    tmp_path: Path,
    trouble: BaseException,
    status: int,
    monkeypatch: pytest.MonkeyPatch,
    capsys: pytest.CaptureFixture[str],
) -> None:
    def fail(*_: object) -> None:
        raise trouble

    monkeypatch.setattr("procgen_sim.report.write_report", fail)
    out = tmp_path / "run"
    words = ["compare", "--players", "2", "--levels", "3", "--columns", "60", "--jobs", "1"]
    assert main([*words, "--out", str(out)]) == status
    said = capsys.readouterr().err
    assert f"the records are complete and `procgen-sim plot {out}` makes the report" in said
    monkeypatch.undo()
    assert main(["plot", str(out)]) == 0


def test_an_undefined_predictability_is_read_back(tmp_path: Path) -> None:
    table = {"predictability": np.array([0.5, np.nan]), "foreseen": np.array([0.1, np.nan])}
    write_table(tmp_path / "t.parquet", table)
    again = read_table(tmp_path / "t.parquet")
    for name, column in table.items():
        assert np.array_equal(again[name], column, equal_nan=True)
    check_columns(
        {"predictability": again["predictability"]}, {"predictability": np.float64}, tmp_path
    )
    with pytest.raises(InputError, match="column 'foreseen': expected a value a row, found gaps"):
        check_columns({"foreseen": again["foreseen"]}, {"foreseen": np.float64}, tmp_path)
