"""The page of an audit: whole, self-contained, the same twice, and fit for odd audits."""

from __future__ import annotations

import shutil
import time
import xml.etree.ElementTree as ET
from pathlib import Path
from typing import Any

import pytest
from PIL import Image
from synthetic_audit import bare_source, synthetic_audit, synthetic_source, yardstick
from test_report import HOSTILE, Page, only_inside

from procgen_sim._checks import InputError
from procgen_sim.report.audit import write_audit_figures, write_audit_report
from procgen_sim.report.audit.plans import pool_words, stands_words
from procgen_sim.report.audit.reading import read_audit, short_names
from procgen_sim.report.audit.tables import equal_grid, whole_grid
from procgen_sim.report.audit.vocabulary import growth_of
from procgen_sim.report.audit.words import Footnotes

FIGURES = (
    "two_axes",
    "learning",
    "boredom",
    "vocabulary",
    "vocabulary_sizes",
    "windows",
    "hill",
    "range_linearity_leniency",
    "range_linearity_density",
    "helps_01",
    "tropes_02",
    "forecast_legend",
)
MOST_BYTES = 4_000_000


@pytest.fixture(scope="module")
def made(tmp_path_factory: pytest.TempPathFactory) -> list[Path]:
    return write_audit_report(synthetic_audit(tmp_path_factory.mktemp("audit")))


@pytest.fixture(scope="module")
def page(made: list[Path]) -> Page:
    return Page(made[-1].read_text(encoding="utf-8"))


def test_all_files_are_there_and_valid(made: list[Path]) -> None:
    assert made[-1].name == "report.html"
    names = {path.name for path in made}
    assert {f"{name}.{kind}" for name in FIGURES for kind in ("svg", "png")} <= names
    assert {"level_01_typical.png", "level_02_surprising.png", "level_01_surprising.png"} <= names
    assert sorted(p.name for p in (made[-1].parent / "figures").iterdir()) == sorted(
        names - {"report.html"}
    )
    for path in made:
        if path.suffix == ".svg":
            assert ET.parse(path).getroot().tag.endswith("svg")
        if path.suffix == ".png":
            with Image.open(path) as image:
                assert min(image.size) > 80


def test_page_loads_nothing_and_is_not_huge(made: list[Path], page: Page) -> None:
    only_inside(page)
    assert made[-1].stat().st_size < MOST_BYTES


def test_page_says_everything(page: Page) -> None:
    for words in (
        "my generator",
        "samurai",
        "Players see through tower in about 9 levels (7–12).",
        "3 levels are copies of others.",
        "not within the 6 levels of a life",
        "Method and limits",
        "models, not people",
        "does not follow what people call varied",
        "What cannot be concluded",
        "Injected levels were screened for playability.",
    ):
        assert words in page.text, words
    assert all(len(image["alt"] or "") > 30 for image in page.images)


def test_verdict_comes_first(page: Page) -> None:
    places = [
        page.text.index(words)
        for words in (
            "Players see through my generator",
            "Two questions",
            "The yardstick",
            "Tropes",
            "The most typical and the most surprising level",
            "Vocabulary growth",
            "Expressive range",
            "What would help",
            "Method and limits",
        )
    ]
    assert places == sorted(places)


def test_the_file_is_all_that_is_read_whatever_a_users_settings(
    made: list[Path], tmp_path: Path
) -> None:
    import matplotlib

    shutil.copy(made[-1].parent / "audit.json", tmp_path)
    with matplotlib.rc_context({"font.size": 30, "axes.facecolor": "black", "savefig.dpi": 10}):
        again = write_audit_report(tmp_path)
    assert [path.read_bytes() for path in again] == [path.read_bytes() for path in made]


def test_an_audit_of_nearly_nothing_has_a_page_that_says_why(tmp_path: Path) -> None:
    folder = synthetic_audit(tmp_path, [bare_source("empty")], comparison=None, verdict=[])
    text = Page(write_audit_report(folder)[-1].read_text(encoding="utf-8")).text
    for words in (
        "How soon players see through empty",
        "With a single level nothing can be said about sameness.",
        "a single level: nobody can know the others",
        "growth needs two levels",
        "No pattern pays for having been learned.",
        "—¹",
    ):
        assert words in text, words


def lean(source: dict[str, Any]) -> dict[str, Any]:
    """A source without what takes longest to draw."""
    return source | {"hill": {}, "windows": {}, "expressive_range": None, "boredom_curves": None}


def test_many_sources_with_long_and_hostile_names(tmp_path: Path) -> None:
    long = "python tools/generate.py --difficulty {seed} --hard"
    sources = [
        lean(synthetic_source(name, seed=i, n_levels=5 + i, helped=i == 0))
        for i, name in enumerate((HOSTILE, "$x_1$", long, long + "er", "a", "b", "c", "d"))
    ]
    folder = synthetic_audit(
        tmp_path, [*sources, bare_source("empty"), yardstick("samurai", seed=3)]
    )
    shown = Page(write_audit_report(folder)[-1].read_text(encoding="utf-8"))
    assert "script" not in shown.tags
    for source in sources:
        assert source["name"] in shown.text


def test_only_a_yardstick_was_asked_about(tmp_path: Path) -> None:
    folder = synthetic_audit(tmp_path, [lean(yardstick("samurai", seed=3))])
    text = Page(write_audit_report(folder)[-1].read_text(encoding="utf-8")).text
    assert "not simulated for a yardstick" in text


def test_every_missing_number_has_its_reason(tmp_path: Path) -> None:
    audit = read_audit(synthetic_audit(tmp_path, [synthetic_source("one"), bare_source("empty")]))
    for make in (equal_grid, whole_grid):
        notes = Footnotes()
        grid = make(audit, notes)
        assert grid is not None
        cells = [cell for row in grid.rows for cell in row[1:]]
        assert all(cells)
        dashes = [cell for cell in cells if "—" in cell]
        assert dashes
        assert len(set(dashes)) == len(notes.reasons)
        assert all(notes.reasons)


def test_more_than_half_stayed_is_not_a_missing_number(tmp_path: Path) -> None:
    source = synthetic_source("lasting")
    source["levels_until_bored"]["wundt"] = {
        "median": None,
        "low": 50,
        "high": None,
        "share_stayed": 0.7,
    }
    audit = read_audit(synthetic_audit(tmp_path, [source]))
    cells = [cell for row in whole_grid(audit, Footnotes()).rows for cell in row]
    assert any(cell.startswith(">60 (50 to >60)") for cell in cells)


@pytest.mark.parametrize(
    ("text", "found"),
    [
        ("{", "something else"),
        ('{"format": 2, "sources": []}', "found format 2"),
        ('{"format": 1, "sources": []}', "something else"),
        (None, "No such file"),
    ],
)
def test_what_is_no_audit_is_refused(tmp_path: Path, text: str | None, found: str) -> None:
    if text is not None:
        (tmp_path / "audit.json").write_text(text, encoding="utf-8")
    with pytest.raises(InputError, match=found):
        write_audit_report(tmp_path)


def test_single_figures(tmp_path: Path) -> None:
    folder = synthetic_audit(tmp_path / "audit", [synthetic_source("one", n_levels=9)])
    written = write_audit_figures(folder, tmp_path / "here", ["learning"])
    assert [path.name for path in written] == ["learning.svg", "learning.png"]
    with pytest.raises(InputError, match="learning"):
        write_audit_figures(folder, tmp_path / "here", ["learnign"])


def test_growth_counts_lines_not_levels(tmp_path: Path) -> None:
    given = synthetic_source("one", n_levels=10, n_columns=50)
    odd = synthetic_source("three", n_levels=10, n_columns=50)
    odd["vocabulary"]["3"] |= {"expected": [5.0, 9.0, 11.0]}
    audit = read_audit(synthetic_audit(tmp_path, [given, odd]))
    lines, distinct = growth_of(audit.sources[0], "vocabulary", "3") or ([], [])
    assert lines[0] == audit.sources[0].number("n_active_columns") / 10 < 50
    assert lines[-1] == audit.sources[0].number("n_active_columns")
    assert distinct[-1] == given["vocabulary"]["3"]["expected"][-1]
    # Of no known places: what was met in the order given stands in.
    lines, distinct = growth_of(audit.sources[1], "vocabulary", "3") or ([], [])
    assert list(distinct) == odd["vocabulary"]["3"]["curve"]
    assert growth_of(audit.sources[0], "vocabulary", "9") is None


def test_what_helps_under_every_notion_is_told_from_what_helps_under_some(tmp_path: Path) -> None:
    source = synthetic_source("one")
    for each in source["helps"]:
        each["stands"] = each["proposal"] == "novelty" or (
            each["proposal"] == "noise" and each["notion"] == "surprise" and each["rate"] == 0.2
        )
        each["levels_gained"] = 2.0
    audit = read_audit(synthetic_audit(tmp_path, [source]))
    told = stands_words(audit.sources[0])
    whole, partly = told.split(" Under some only: ")
    assert "novelty at 5 %" in whole
    assert "noise" not in whole
    assert partly == "noise at 20 % (surprise)."
    for each in source["helps"]:
        each["stands"] = False
    audit = read_audit(synthetic_audit(tmp_path, [source]))
    assert "Nothing" in stands_words(audit.sources[0])


def test_short_names_differ() -> None:
    long = "a module with a long name:make_level"
    assert short_names(["x", long, long, "x" * 16]) == [
        "x",
        "a modu…ake_level",
        "a modu…ake_level (2)",
        "x" * 16,
    ]


@pytest.mark.slow
def test_three_sources_take_seconds(tmp_path: Path) -> None:
    names = ("one", "two", "three")
    folder = synthetic_audit(tmp_path, [synthetic_source(n, n_levels=50) for n in names])
    start = time.process_time()
    write_audit_report(folder)
    assert time.process_time() - start < 12.0  # half of that on a quiet machine


def test_whether_injected_levels_can_be_finished_is_always_said(tmp_path: Path) -> None:
    source = synthetic_source("one")
    audit = read_audit(synthetic_audit(tmp_path, [source]))
    told = pool_words(audit.sources[0])
    assert "off the model: 80 %;" in told
    assert "can be finished: 90 % (novelty), 90 % (trope_break)." in told
    for each in source["helps"]:
        each["playable_share"] = None
    audit = read_audit(synthetic_audit(tmp_path, [source]))
    assert "was not checked" in pool_words(audit.sources[0])
