"""The command line as a person meets it: answers, and one sentence when something is wrong."""

from __future__ import annotations

import json
import os
import subprocess
import sys
import time
from pathlib import Path

import pytest
from quick_runs import IN_A_SECOND

from procgen_sim.cli import main
from procgen_sim.cli.progress import progress_bar
from procgen_sim.config import CONFIG_KEYS

REPOSITORY = Path(__file__).parents[1]
QUICK = ["--players", "4", "--levels", "6", "--columns", "60", "--jobs", "1"]


pytestmark = pytest.mark.usefixtures("few_levels")


def run(
    *words: str, cwd: Path | None = None, whole: bool = False
) -> subprocess.CompletedProcess[str]:
    """The command in a process of its own; ``whole`` is as people start it."""
    command = ["-m", "procgen_sim"] if whole else ["-c", IN_A_SECOND]
    return subprocess.run(
        [sys.executable, *command, *words],
        capture_output=True,
        text=True,
        cwd=cwd,
        env={**os.environ, "PYTHONPATH": str(REPOSITORY)},
        check=False,
    )


def test_compare_writes_everything_and_plot_makes_it_again(tmp_path: Path) -> None:
    done = run("compare", *QUICK, cwd=tmp_path, whole=True)
    assert done.returncode == 0, done.stderr
    assert done.stderr == ""  # no progress bar in a pipe, no warning
    folder = tmp_path / "runs" / "compare-0001"
    for name in ("config.toml", "model.json", "summary.json", "report.html", "players.parquet"):
        assert (folder / name).stat().st_size > 0
    assert list((folder / "figures").glob("*.png"))
    assert list((folder / "figures").glob("*.svg"))
    for arm in ("on-model", "noise", "outlier", "between", "extrapolate"):
        assert arm in done.stdout
    assert "compare-0001" in done.stdout
    assert max(len(line) for line in done.stdout.splitlines()) <= 100

    made = {path: path.read_bytes() for path in [*folder.glob("figures/*"), folder / "report.html"]}
    for path in made:
        path.unlink()
    again = run("plot", str(folder))
    assert again.returncode == 0, again.stderr
    assert {path: path.read_bytes() for path in made} == made


def test_the_next_run_gets_the_next_number(tmp_path: Path) -> None:
    for _ in range(2):
        assert run("simulate", *QUICK, cwd=tmp_path).returncode == 0
    assert sorted(p.name for p in (tmp_path / "runs").iterdir()) == [
        "simulate-0001",
        "simulate-0002",
    ]


def test_json_is_all_that_is_printed(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    out = str(tmp_path / "r")
    assert main(["compare", *QUICK, "--arms", "outlier@every:2", "--json", "--out", out]) == 0
    answer = json.loads(capsys.readouterr().out)
    assert [arm["name"] for arm in answer["arms"]] == ["on-model", "outlier@every:2"]
    assert answer["seed"] == 1
    assert answer["seconds"] > 0


def test_a_stored_configuration_makes_the_run_again(tmp_path: Path) -> None:
    first = ["simulate", "outlier", *QUICK, "--seed", "5", "--rate", "0.4"]
    assert main([*first, "--out", str(tmp_path / "a")]) == 0
    again = ["simulate", "outlier", "--jobs", "1", "--config", str(tmp_path / "a" / "config.toml")]
    assert main([*again, "--out", str(tmp_path / "b")]) == 0
    for part in (tmp_path / "a" / "records").iterdir():
        assert part.read_bytes() == (tmp_path / "b" / "records" / part.name).read_bytes()


def test_generate_every_format_and_read_it_back(tmp_path: Path) -> None:
    from procgen_sim.levels import load_corpus, load_level
    from procgen_sim.platformer import reach

    words = ["generate", "-n", "3", "--columns", "70", "--format", "txt,tmx,tmj,png"]
    assert main([*words, "--out", str(tmp_path / "g")]) == 0
    made = json.loads((tmp_path / "g" / "levels.json").read_text())
    assert len(made["levels"]) == 3
    for entry in made["levels"]:
        assert entry["playable"]
        levels = [load_level(tmp_path / "g" / f) for f in entry["files"] if not f.endswith("png")]
        assert levels[0] == levels[1] == levels[2]
        assert levels[0].n_columns == 70
        assert reach(levels[0]).playable
    text_only = tmp_path / "t"
    assert main(["generate", "-n", "2", "--out", str(text_only)]) == 0
    assert len(load_corpus(text_only).levels) == 2


def test_generate_off_the_model(tmp_path: Path) -> None:
    assert main(["generate", "-n", "8", "--off", "outlier", "--out", str(tmp_path / "g")]) == 0
    made = json.loads((tmp_path / "g" / "levels.json").read_text())
    assert sum(entry["off_model"] for entry in made["levels"]) >= 6


def test_solve_says_which_and_answers_with_its_status(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    (tmp_path / "tileset.json").write_text('{"tiles": {"-": ["empty"], "X": ["solid"]}}')
    (tmp_path / "a.txt").write_text("------\n------\nXXXXXX\n")
    (tmp_path / "b.txt").write_text("--X---\n--X---\nXXXXXX\n")
    assert main(["solve", str(tmp_path / "a.txt")]) == 0
    assert "not playable" not in capsys.readouterr().out
    assert main(["solve", str(tmp_path)]) == 1
    said = capsys.readouterr().out
    assert "1 of 2 playable" in said
    assert "1 not playable, every way tried" in said
    assert main(["solve", str(tmp_path), "--json"]) == 1
    verdicts = json.loads(capsys.readouterr().out)
    assert [v["verdict"] for v in verdicts] == ["playable", "not playable"]
    assert set(verdicts[0]) == {"file", "verdict", "reason", "furthest_column", "frames", "ms"}


WRONG = [
    (["compare", "--corpus", "samurei"], "did you mean 'samurai'"),
    (["compare", "--corpus", "no/such/folder"], "no/such/folder"),
    (["compare", "--arms", ""], "at least one arm"),
    (["compare", "--out", ""], "--out: expected the name of a folder"),
    (["compare", "--tileset", "none.json"], "tileset: expected a folder of levels"),
    (["simulate", "outlier@every:1e400"], "numbers after 'every'"),
    (["simulate", "--degree", "3"], "degree: expected 0, or the model polynomial"),
    (["compare", "--arms", "outler"], "did you mean 'outlier'"),
    (["compare", "--rate", "1.5"], "rate: expected a number from 0 to 1"),
    (["compare", "--players", "0"], "players: expected a whole number"),
    (["compare", "--players", "many"], "--players"),
    (["compare", "--jobs", "0"], "--jobs"),
    (["compare", "--config", "none.toml"], "none.toml"),
    (["compare", "--model", "mixtur"], "did you mean 'mixture'"),
    (["simulate", "noise,outlier"], "one arm"),
    (["generate", "--off", "nois"], "did you mean 'noise'"),
    (["generate", "--format", "gif"], "txt, tmx, tmj, png"),
    (["generate", "-n", "0"], "--count"),
    (["plot", "nowhere"], "nowhere"),
    (["solve", "nowhere.txt"], "nowhere.txt: expected a level, a folder"),
    (["solve", "nothing"], "nothing: expected a level, a folder of levels, or samurai"),
    (["solve", "samuri"], "did you mean 'samurai'"),
    (["solve", "samurai", "--tileset", "none.json"], "none.json"),
    (["dance"], "dance"),
    ([], "COMMAND"),
]


@pytest.mark.parametrize(("words", "said"), WRONG, ids=[" ".join(w) for w, _ in WRONG])
def test_wrong_use_is_one_sentence_and_status_2(
    words: list[str],
    said: str,
    tmp_path: Path,
    monkeypatch: pytest.MonkeyPatch,
    capsys: pytest.CaptureFixture[str],
) -> None:
    monkeypatch.chdir(tmp_path)
    try:
        status = main(words)
    except SystemExit as stop:
        status = stop.code  # type: ignore[assignment]
    printed = capsys.readouterr()
    assert status == 2
    assert said in printed.err
    assert printed.err.count("\n") == 1
    assert "Traceback" not in printed.err
    assert not list(tmp_path.iterdir())  # nothing half-made is left behind


def test_a_folder_with_one_bad_file_names_it(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    corpus = tmp_path / "corpus"
    assert main(["generate", "-n", "4", "--columns", "60", "--out", str(corpus)]) == 0
    level = corpus / "level-2.txt"
    level.write_text(level.read_text().replace("X", "@", 1))
    words = ["compare", "--corpus", str(corpus), *QUICK, "--out", str(tmp_path / "r")]
    capsys.readouterr()
    assert main(words) == 2
    said = capsys.readouterr().err
    assert "level-2.txt" in said
    assert "'@'" in said
    assert main([*words, "--skip-bad"]) == 0
    fit = json.loads((tmp_path / "r" / "fit.json").read_text())
    assert len(fit["skipped"]) == 1
    assert len(fit["levels"]) == 3


def test_a_place_that_cannot_be_written(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    (tmp_path / "file").write_text("")
    assert main(["compare", *QUICK, "--out", str(tmp_path / "file" / "run")]) == 2
    assert capsys.readouterr().err.count("\n") == 1


def test_help_is_quick() -> None:
    # A guard against a heavy import, not a benchmark: the goal is 0.3 s, the guard is generous.
    fastest = min(timed_help() for _ in range(3))
    assert fastest < 1.0


def timed_help() -> float:
    start = time.perf_counter()
    assert run("--help").returncode == 0
    return time.perf_counter() - start


def test_a_reader_that_has_gone_is_no_error() -> None:
    done = subprocess.run(
        f'"{sys.executable}" -m procgen_sim compare --help | head -n 1',
        shell=True,
        capture_output=True,
        text=True,
        check=False,
    )
    assert "Traceback" not in done.stderr


def test_solve_knows_the_shipped_corpora(capsys: pytest.CaptureFixture[str]) -> None:
    assert main(["solve", "samurai"]) == 0
    assert "samurai/" in capsys.readouterr().out


def test_simulate_says_how_many_levels_its_end_is_of(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    words = ["simulate", *QUICK, "--model", "polynomial", "--degree", "2"]
    assert main([*words, "--out", str(tmp_path / "r")]) == 0
    assert "over the last 6." in capsys.readouterr().out
    assert json.loads((tmp_path / "r" / "model.json").read_text())["details"]["degree"] == 2


@pytest.mark.parametrize(
    ("encoding", "written"), [("ascii", 'e-x"?/l'), ("cp1252", "é-×“?/l"), ("utf-8", "é−×“日/l")]
)
def test_a_terminal_of_few_characters(tmp_path: Path, encoding: str, written: str) -> None:
    folder = tmp_path / "é−×“日"
    folder.mkdir()
    (folder / "tileset.json").write_text('{"tiles": {"-": ["empty"], "X": ["solid"]}}')
    (folder / "l.txt").write_text("------\n------\nXXXXXX\n")
    done = subprocess.run(
        [sys.executable, "-m", "procgen_sim", "solve", folder.name],
        capture_output=True,
        cwd=tmp_path,
        env={
            **os.environ,
            "PYTHONPATH": str(REPOSITORY),
            "PYTHONIOENCODING": encoding,
            "PYTHONUTF8": "1",
        },
        check=False,
    )
    assert done.returncode == 0, done.stderr
    assert done.stdout.decode(encoding).startswith(f"playable      {written}  (")


def test_whoever_chose_another_way_keeps_it() -> None:
    code = "import sys; from procgen_sim.cli.output import always_write; always_write()"
    done = subprocess.run(
        [sys.executable, "-c", f"{code}; print('\u00d7')"],
        capture_output=True,
        env={
            **os.environ,
            "PYTHONPATH": str(REPOSITORY),
            "PYTHONIOENCODING": "ascii:xmlcharrefreplace",
        },
        check=True,
    )
    assert done.stdout.strip() == b"&#215;"


@pytest.mark.skipif(os.name != "posix", reason="needs a POSIX shell")
@pytest.mark.parametrize(
    ("where", "found"),
    [
        (">&-", "found none"),
        pytest.param(
            ">/dev/full",
            "found no space left on device",
            marks=pytest.mark.skipif(not os.path.exists("/dev/full"), reason="no full device"),
        ),
    ],
)
@pytest.mark.parametrize("words", ["solve samurai", "solve samurai --json"])
def test_a_standard_output_that_takes_nothing(where: str, found: str, words: str) -> None:
    done = subprocess.run(
        f'"{sys.executable}" -m procgen_sim {words} {where}',
        shell=True,
        capture_output=True,
        text=True,
        env={**os.environ, "PYTHONPATH": str(REPOSITORY)},
        check=False,
    )
    assert done.returncode == 2
    assert done.stderr.count("\n") == 1
    assert f"standard output: expected a place to print to, {found}" in done.stderr


def test_without_a_standard_error_there_is_no_bar(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(sys, "stderr", None)
    with progress_bar("players") as progress:
        progress(1, 2)


def test_without_numba_one_line_says_so(
    monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    monkeypatch.setitem(sys.modules, "numba", None)
    monkeypatch.setenv("PROCGEN_SIM_NO_JIT", "")
    assert main(["solve", "samurai"]) == 0
    assert capsys.readouterr().err.splitlines() == [
        "procgen-sim: numba is not installed; running uncompiled, about 100 times slower."
    ]
    monkeypatch.setenv("PROCGEN_SIM_NO_JIT", "1")
    assert main(["solve", "samurai"]) == 0
    assert capsys.readouterr().err == ""


def test_help_of_the_configuration_file_lists_its_keys(
    capsys: pytest.CaptureFixture[str],
) -> None:
    for command in ("compare", "simulate", "generate"):
        with pytest.raises(SystemExit, match="0"):
            main([command, "--help"])
        said = " ".join(capsys.readouterr().out.split())
        assert f"any of the keys {', '.join(CONFIG_KEYS)}" in said
