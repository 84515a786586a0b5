"""``procgen-sim audit`` from the command line: all kinds of sources, all that it writes."""

from __future__ import annotations

import contextlib
import csv
import io
import json
import zipfile
from pathlib import Path
from typing import Any

import pytest
from audit_bodies import hills, many, shuffled
from generator_scripts import write

from procgen_sim.cli import main
from procgen_sim.experiments.audit import PER_LEVEL_COLUMNS, helps

FEW = ("--levels", "6", "--players", "20", "--jobs", "1")
TAGS = {"-": ["passable", "empty"], "X": ["solid", "ground"], "o": ["collectable"]}
GENERATOR = """
    import random
    import sys

    def make(seed):
        print("making level", seed)
        if seed == 9:
            raise ValueError("nine is unlucky")
        dice = random.Random(seed)
        columns = [dice.choice(["---X", "--XX", "-o-X", "----"]) for _ in range(16)]
        return "\\n".join("".join(tiles) for tiles in zip(*columns))

    if __name__ == "__main__":
        sys.stdout.write(make(int(sys.argv[1])))
"""


@pytest.fixture(autouse=True)
def _nothing_slow(monkeypatch: pytest.MonkeyPatch) -> None:
    """Nobody asks what would help, and no hand-made body is audited beside."""
    monkeypatch.setattr(helps, "_LEAST_LEVELS", 10**6)
    monkeypatch.setattr("procgen_sim.experiments.audit.run.SHIPPED", ())


@pytest.fixture
def sources(here: Path) -> Path:
    """A folder with sources of every kind in it, which is the current one."""
    for name, make, n in (("ground", hills, 7), ("pieces", shuffled, 8)):
        (here / name).mkdir()
        for i, grid in enumerate(many(make, n)):
            text = "\n".join("".join(row) for row in grid) + "\n"
            (here / name / f"l{i:02}.txt").write_text(text, encoding="utf-8")
    (here / "tags.json").write_text(json.dumps({"tiles": TAGS}), encoding="utf-8")
    with zipfile.ZipFile(here / "packed.zip", "w") as archive:
        for path in sorted((here / "ground").iterdir()):
            archive.write(path, path.name)
    return here


def audit(*words: str) -> tuple[int, str, str]:
    """Exit status, standard output and standard error."""
    out, error = io.StringIO(), io.StringIO()
    with contextlib.redirect_stdout(out), contextlib.redirect_stderr(error):
        try:
            status = main(["audit", *words])
        except SystemExit as end:
            status = int(end.code or 0)
    return status, out.getvalue(), error.getvalue()


def numbers(*words: str) -> dict[str, Any]:
    status, out, error = audit(*words, *FEW, "--json", "-")
    assert (status, error) == (0, "")
    found: dict[str, Any] = json.loads(out)
    return found


@pytest.mark.parametrize("kind", ["folder", "zip", "function", "command"])
def test_every_kind_of_source_ends_in_pure_json(
    sources: Path, kind: str, capfd: pytest.CaptureFixture[str]
) -> None:
    command = write(sources, GENERATOR.replace('print("making level", seed)', "pass"), "plain.py")
    write(sources, GENERATOR)
    text = {"folder": "ground", "zip": "packed.zip", "function": "gen:make", "command": command}
    (source,) = numbers(text[kind])["sources"]
    assert (source["kind"], source["n_levels"]) == (kind, 6)
    name = {"folder": "ground", "zip": "packed"}.get(kind, text[kind])
    assert source["name"] == name
    assert source["levels_until_bored"].keys() == {"surprise", "wundt", "progress"}
    assert capfd.readouterr().out == ""  # whatever the generator prints
    assert not (sources / "runs").exists()


@pytest.mark.usefixtures("sources")
def test_a_folder_and_its_archive_say_the_same() -> None:
    folder, archive = numbers("ground", "packed.zip")["sources"]
    for key, value in folder.items():
        if key not in ("name", "kind", "detail", "verdict"):
            assert archive[key] == value, key


def test_several_sources_are_put_side_by_side(sources: Path) -> None:
    status, out, _ = audit("ground", "pieces", "./ground", *FEW, "--json", "all.json")
    assert status == 0
    told = json.loads((sources / "all.json").read_text(encoding="utf-8"))
    assert [source["name"] for source in told["sources"]] == ["ground", "pieces", "ground (2)"]
    assert [row["name"] for row in told["comparison"]["rows"]] == ["ground", "pieces", "ground (2)"]
    table = out.splitlines()
    assert [line.split("  ")[0] for line in table if line.startswith(("ground  ", "pieces"))]
    assert "Two axes, never one score" in out
    assert out.rstrip().endswith("written: all.json")
    assert max(map(len, table)) <= 100
    assert not (sources / "runs").exists()


def test_names_stay_apart_whatever_folders_are_called(sources: Path) -> None:
    (sources / "pieces").rename(sources / "ground (2)")
    told = numbers("ground (2)", "ground", "./ground")
    names = [source["name"] for source in told["sources"]]
    assert names == ["ground (2)", "ground", "ground (3)"]


def test_the_table_of_levels(sources: Path) -> None:
    status, out, _ = audit("ground", "pieces", *FEW, "--per-level", "levels.csv")
    assert (status, "written: levels.csv" in out) == (0, True)
    with (sources / "levels.csv").open(encoding="utf-8", newline="") as file:
        rows = list(csv.DictReader(file))
    assert tuple(rows[0]) == PER_LEVEL_COLUMNS
    assert ",".join(rows[0]) == "source,index,file,n_columns,bits_naive,bits,progress_bits"
    assert [row["source"] for row in rows] == ["ground"] * 6 + ["pieces"] * 6
    assert [row["file"] for row in rows[:6]] == [f"l{i:02}.txt" for i in range(6)]
    assert [row["index"] for row in rows] == [str(i) for i in range(6)] * 2
    assert {row["n_columns"] for row in rows} == {"24", "40"}
    assert all(float(row["bits"]) <= float(row["bits_naive"]) * 1.2 for row in rows)
    status, out, _ = audit("ground", *FEW, "--per-level", "-")
    assert out.splitlines()[0] == ",".join(PER_LEVEL_COLUMNS)
    assert len(out.splitlines()) == 7


def test_options_reach_the_numbers(sources: Path) -> None:
    write(sources, GENERATOR)
    told = numbers("ground", "--tileset", "tags.json", "--order", "rows-up", "--seed", "3")
    (source,) = told["sources"]
    assert (source["order"], source["line"], told["seed"]) == ("rows-up", "row", 3)
    assert {c: set(tags) for c, tags in source["tileset"].items()} == {
        c: set(tags) for c, tags in TAGS.items()
    }
    assert told["n_players"] == 20
    generated = numbers("gen:make", "--seed", "30")["sources"][0]
    assert "seeds 30 to 35" in generated["detail"]
    skipping = numbers("gen:make", "--seed", "6", "--skip-bad")["sources"][0]
    assert len(skipping["skipped"]) == 1
    assert skipping["n_levels"] == 5


def test_seed_and_nothing_else_decides(sources: Path) -> None:
    assert (sources / "ground").is_dir()
    one, again, other = (numbers("ground", "--seed", seed) for seed in "115")
    assert one == again
    assert one["sources"][0]["learning_curve"] != other["sources"][0]["learning_curve"]
    # Bits in the order of the files are no matter of chance.
    bits = [told["sources"][0]["bits_per_column"]["total"] for told in (one, other)]
    assert bits[0] == bits[1]


def test_a_report_goes_to_a_folder_that_must_be_free(
    sources: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    made: list[Path] = []

    def stand_in(path: Path) -> None:
        made.append(path)
        (path / "report.html").write_text("report", encoding="utf-8")

    monkeypatch.setattr("procgen_sim.report.audit.write_audit_report", stand_in)
    status, out, _ = audit("ground", *FEW, "--out", "told")
    assert status == 0
    assert out.rstrip().endswith(f"written: {Path('told') / 'report.html'}")
    folder = sources / "told"
    assert {"run.json", "config.toml", "audit.json", "levels.csv"} <= {
        path.name for path in folder.iterdir()
    }
    before = (folder / "audit.json").read_text(encoding="utf-8")
    assert json.loads(before)["sources"][0]["name"] == "ground"
    status, out, error = audit("pieces", *FEW, "--out", "told")
    assert (status, out) == (2, "")
    assert_one_sentence(error)
    assert (folder / "audit.json").read_text(encoding="utf-8") == before
    assert audit("pieces", *FEW, "--out", "told", "--overwrite")[0] == 0
    after = json.loads((folder / "audit.json").read_text(encoding="utf-8"))
    assert after["sources"][0]["name"] == "pieces"
    assert len(made) == 2
    (sources / "mine").mkdir()
    (sources / "mine" / "thesis.txt").write_text("years of work", encoding="utf-8")
    status, _, error = audit("ground", *FEW, "--out", "mine", "--overwrite")
    assert status == 2
    assert_one_sentence(error)
    assert [path.name for path in (sources / "mine").iterdir()] == ["thesis.txt"]


def assert_one_sentence(error: str) -> None:
    assert error.startswith("procgen-sim")
    assert error.endswith(".\n")
    assert error.count("\n") == 1
    assert "Traceback" not in error


@pytest.mark.parametrize(
    ("words", "named"),
    [
        (["nowhere"], "nowhere"),
        (["gen:make", "--seed", "5"], "seed 9"),
        (["gen:missing"], "missing"),
        (["ground", "--levels", "0"], "--levels"),
        (["ground", "--players", "19"], "--players"),
        (["ground", "--order", "sideways"], "--order"),
        (["ground", "--seed", "-1"], "--seed"),
        (["ground", "--jobs", "0"], "--jobs"),
        (["ground", "--tileset", "none.json"], "none.json"),
        (["ground", "--json", "same.csv", "--per-level", "same.csv"], "--json"),
        (["gen:make", "--timeout", "0"], "--timeout"),
        (["gen:make", "--memory", "1"], "--memory"),
        (["ground", "--json", "-", "--per-level", "-"], "--per-level"),
        (["ground", "--json", ""], "--json"),
        ([], "SOURCE"),
    ],
)
def test_what_is_wrong_is_said_in_a_sentence(sources: Path, words: list[str], named: str) -> None:
    write(sources, GENERATOR)
    options = () if {"--levels", "--players", "--jobs"} & set(words) else FEW
    wanted = [] if "--json" in words else ["--json", "-"]
    status, out, error = audit(*words, *options, *wanted)
    assert (status, out) == (2, "")
    assert_one_sentence(error)
    assert named in error


def test_help_tells_of_every_option() -> None:
    status, out, _ = audit("--help")
    assert status == 0
    for option in (
        *("SOURCE", "--tileset", "--skip-bad", "--levels", "--order", "--players", "--seed"),
        *("--timeout", "--memory", "--jobs", "--json", "--per-level", "--out", "--overwrite"),
        *("columns", "rows-up", "reading", "module:function", "{seed}", ".zip"),
    ):
        assert option in out, option


@pytest.mark.slow
def test_any_number_of_processes_writes_the_same_bytes(sources: Path) -> None:
    write(sources, GENERATOR)
    for jobs in "12":
        words = ("ground", "gen:make", *FEW, "--jobs", jobs)
        status, *_ = audit(*words, "--json", f"{jobs}.json", "--per-level", f"{jobs}.csv")
        assert status == 0
    for ending in ("json", "csv"):
        one, two = ((sources / f"{jobs}.{ending}").read_bytes() for jobs in "12")
        assert one == two
