"""The report of a run: whole, self-contained, the same twice, and fit for odd runs."""

from __future__ import annotations

import base64
import io
import re
import xml.etree.ElementTree as ET
from collections.abc import Iterator
from html.parser import HTMLParser
from itertools import pairwise
from pathlib import Path
from typing import Any

import numpy as np
import pytest
from PIL import Image
from synthetic_run import synthetic_run

from procgen_sim.cli.tables import compare_table
from procgen_sim.experiments import CompareRun
from procgen_sim.experiments.statistics import Interval
from procgen_sim.report import write_report
from procgen_sim.report.curves import band
from procgen_sim.report.facts import bored_after, criterion_grid, percent, signed
from procgen_sim.report.habit import by_ordinal
from procgen_sim.report.labels import place_apart
from procgen_sim.report.model_map import plane_of
from procgen_sim.report.strips import wrap
from procgen_sim.report.style import arm_looks

FIGURES = ("boredom", "survival", "differences", "predictability", "habit", "model_map")
VOID = {"meta", "img", "source", "br", "link", "input", "hr", "wbr"}
HOSTILE = '<script>alert("1")</script>&'


class Page(HTMLParser):
    """Checks that tags close in order; keeps text, attributes and images."""

    def __init__(self, html: str) -> None:
        super().__init__(convert_charrefs=True)
        self.open: list[str] = []
        self.text, self.attributes, self.tags = "", [], set()
        self.images: list[dict[str, str | None]] = []
        self.sources: list[str] = []
        self.feed(html)
        self.close()
        assert self.open == []

    def handle_starttag(self, tag: str, attrs: Any) -> None:
        self.tags.add(tag)
        self.attributes += attrs
        if tag == "img":
            self.images.append(dict(attrs))
        self.sources += [value for key, value in attrs if key in ("src", "srcset")]
        if tag not in VOID:
            self.open.append(tag)

    def handle_endtag(self, tag: str) -> None:
        assert self.open.pop() == tag

    def handle_data(self, data: str) -> None:
        self.text += data


@pytest.fixture(scope="module")
def made(tmp_path_factory: pytest.TempPathFactory) -> tuple[CompareRun, list[Path]]:
    run = synthetic_run(tmp_path_factory.mktemp("run"), skipped=["bad.txt: no rows"])
    return run, write_report(run)


@pytest.fixture(scope="module")
def page(made: tuple[CompareRun, list[Path]]) -> Page:
    return Page(made[1][-1].read_text(encoding="utf-8"))


def test_all_files_are_there_and_valid(made: tuple[CompareRun, list[Path]]) -> None:
    run, written = made
    assert written[-1] == run.folder / "report.html"
    assert all(path.is_file() for path in written)
    names = {path.name for path in written}
    assert {f"{name}.{kind}" for name in FIGURES for kind in ("svg", "png")} <= names
    assert {"levels.png", "level_01_typical.png", "level_03_break.png"} <= names
    assert sorted(p.name for p in (run.folder / "figures").iterdir()) == sorted(
        names - {"report.html"}
    )
    for path in written:
        if path.suffix == ".svg":
            assert ET.parse(path).getroot().tag.endswith("svg")
        if path.suffix == ".png":
            with Image.open(path) as image:
                assert min(image.size) > 80


def only_inside(page: Page) -> None:
    """All the page shows is in it."""
    assert page.sources
    for source in page.sources:
        kind, _, data = source.partition(";base64,")
        assert kind in ("data:image/svg+xml", "data:image/png")
        if kind == "data:image/png":
            Image.open(io.BytesIO(base64.b64decode(data))).verify()
        else:
            svg = base64.b64decode(data).decode()
            for element in ET.fromstring(svg).iter():
                for key, value in element.attrib.items():
                    if key.endswith("href"):
                        assert value.startswith(("#", "data:"))
    assert page.tags.isdisjoint({"script", "link", "iframe", "object"})
    for key, value in page.attributes:
        if key in ("src", "srcset"):
            continue
        assert "://" not in (value or ""), (key, value)
        assert key != "href" or value.startswith("#")


def test_page_loads_nothing(page: Page) -> None:
    only_inside(page)


def test_page_says_everything(made: tuple[CompareRun, list[Path]], page: Page) -> None:
    run, _ = made
    for arm in run.summary.arms:
        assert arm.name in page.text
    for words in ("Method and limits", "models, not people", "R²", "bad.txt: no rows", "Miller"):
        assert words in page.text
    assert all(len(image["alt"] or "") > 30 for image in page.images)
    for name in FIGURES:
        assert ("id", name) in page.attributes


def test_made_twice_it_is_the_same_whatever_a_users_settings(
    made: tuple[CompareRun, list[Path]],
) -> None:
    import matplotlib

    before = {path: path.read_bytes() for path in made[1]}
    with matplotlib.rc_context({"font.size": 30, "axes.facecolor": "black", "savefig.dpi": 10}):
        assert {path: path.read_bytes() for path in write_report(made[0])} == before


ODD: dict[str, dict[str, Any]] = {
    "only on-model": {"arms": ("on-model",)},
    "one player, an unknown body": {"n_players": 1, "bodies": ("my levels",)},
    "two by two": {"n_players": 2, "n_levels": 2, "interest": "progress"},
    "no breaks": {"rate": 0.0, "exhibits": False},
    "always breaks, many components": {"rate": 1.0, "components": 40, "exhibits": False},
    "many arms": {
        "arms": ("on-model", *(f"noise@every:{k}" for k in range(2, 12))),
        "exhibits": False,
    },
}


@pytest.mark.parametrize("case", ODD)
def test_odd_runs_have_a_report(case: str, tmp_path: Path) -> None:
    given = {"n_players": 3, "n_levels": 4, **ODD[case]}
    run = synthetic_run(tmp_path, **given)
    written = write_report(run)
    text = Page(written[-1].read_text(encoding="utf-8")).text
    assert all(arm.name in text for arm in run.summary.arms)
    assert all(len(line) <= 100 for line in table_lines(run))


def test_hostile_names_are_only_text(tmp_path: Path) -> None:
    run = synthetic_run(
        tmp_path,
        arms=("on-model", HOSTILE),
        n_players=3,
        n_levels=6,
        rate=0.5,
        bodies=(HOSTILE, "$x_1$"),
        skipped=[HOSTILE],
    )
    html = write_report(run)[-1].read_text(encoding="utf-8")
    shown = Page(html)
    assert "script" not in shown.tags
    assert HOSTILE in shown.text


def table_lines(run: CompareRun) -> Iterator[str]:
    for line in compare_table(run).splitlines():
        if not line.startswith(("Run:", "Report:")):
            yield line


def test_table_is_narrow_aligned_and_complete(made: tuple[CompareRun, list[Path]]) -> None:
    run, _ = made
    lines = compare_table(run).splitlines()
    assert max(map(len, table_lines(run))) <= 100
    rule = next(i for i, line in enumerate(lines) if set(line) == {"-", " "})
    starts = [match.start() for match in re.finditer("-+", lines[rule])]
    rows = lines[rule + 1 : rule + 1 + len(run.summary.arms)]
    for row, arm in zip(rows, run.summary.arms, strict=True):
        assert row.startswith(arm.name)
        for start in starts[1:]:
            assert row[start - 2 : start].strip() == ""
    assert lines[-2:] == [
        f"Run:    {run.folder.as_posix()}",
        f"Report: {run.folder.as_posix()}/report.html",
    ]


def test_a_long_name_does_not_widen_the_table(tmp_path: Path) -> None:
    long = "extrapolate@bursts:0.15:3"
    run = synthetic_run(tmp_path, arms=("on-model", long), n_players=4, n_levels=5)
    assert long in compare_table(run)
    assert max(map(len, table_lines(run))) <= 100


@pytest.mark.parametrize(
    ("median", "told"),
    [
        ((14.0, 12.0, 17.0), "14 (12–17)"),
        ((30.0, 22.0, None), "30 (22 to >60)"),
        ((None, 52.0, None), ">60 (52 to >60)"),
        ((None, None, None), ">60"),
        ((12345.0, 9000.0, 20000.0), "12,345 (9,000–20,000)"),
    ],
)
def test_bored_after(median: tuple[float | None, ...], told: str) -> None:
    estimate, low, high = median
    assert bored_after(Interval(estimate=estimate, low=low, high=high), 60) == told


@pytest.mark.parametrize(
    ("value", "told"),
    [
        (8.34, "+8.3"),
        (-0.21, "−0.2"),
        (-0.04, "−0.04"),
        (0.004, "0.00"),
        (0.0, "0.0"),
        (1e7, "+1e+07"),
        (float("nan"), "?"),
    ],
)
def test_signed(value: float, told: str) -> None:
    assert signed(value) == told


@pytest.mark.parametrize(
    ("share", "told"),
    [(1.0, "100 %"), (0.9996, "100.0 %"), (0.15, "15 %"), (0.001, "0.1 %"), (0.0, "0 %")],
)
def test_percent(share: float, told: str) -> None:
    assert percent(share) == told


def test_bands_hold_the_mean_nineteen_times_in_twenty() -> None:
    rng = np.random.default_rng(3)
    curve = band(rng.normal(5.0, 2.0, (40, 4000)))
    held = ((curve.low <= 5.0) & (curve.high >= 5.0)).mean()
    # 1.96 standard errors from 40 players hold 94.3 % (Student's t), known here to 0.4 %.
    assert held == pytest.approx(0.943, abs=0.013)


def test_bands_leave_out_what_is_missing() -> None:
    curve = band(np.array([[1.0, np.nan], [3.0, np.nan]]))
    assert curve.mean[0] == 2.0
    assert np.isnan(curve.mean[1])


def test_breaks_are_counted_in_each_players_own_order() -> None:
    values = np.arange(8.0).reshape(2, 4)
    broke = np.array([[False, True, False, True], [True, False, False, False]])
    gathered = by_ordinal(values, broke)
    assert gathered[0].tolist() == [1.0, 3.0]
    assert gathered[1, 0] == 4.0
    assert np.isnan(gathered[1, 1])


def test_the_plane_is_that_of_most_spread() -> None:
    rng = np.random.default_rng(5)
    unit = rng.normal(0, [3.0, 0.1, 1.0], (400, 3))
    plane = plane_of(unit)
    assert np.abs(plane.axes[0]) == pytest.approx([1, 0, 0], abs=0.1)
    assert np.abs(plane.axes[1]) == pytest.approx([0, 0, 1], abs=0.1)
    assert plane.shares[0] == pytest.approx(0.9, abs=0.05)
    assert plane_of(unit[:, :1]).see(unit[:, :1]).shape == (400, 2)


def test_long_levels_are_cut_into_rows_that_hold_all_of_them() -> None:
    picture = Image.new("RGB", (200 * 16, 160), "red")
    rows = wrap(picture)
    assert rows.width <= 80 * 16
    assert (np.asarray(rows) == [255, 0, 0]).all(axis=2).sum() == 200 * 16 * 160
    assert wrap(Image.new("RGB", (640, 160))).size == (640, 160)


def test_labels_are_moved_apart_and_stay_inside() -> None:
    rng = np.random.default_rng(11)
    for _ in range(50):
        values = rng.random(6) ** 3
        placed = place_apart(values, 0.12, 0.0, 1.0)
        assert np.diff(np.sort(placed)).min() > 0.12 - 1e-9
        assert placed.min() >= -1e-9
        assert placed.max() <= 1 + 1e-9
        assert (np.argsort(placed) == np.argsort(values)).all()


def test_arms_differ_by_more_than_colour() -> None:
    looks = arm_looks(["on-model", *(f"arm {i}" for i in range(6))])
    assert len({look.colour for look in looks}) == 7
    assert len({look.marker for look in looks}) == 7
    assert all(a.line != b.line for a, b in pairwise(looks))


def test_the_best_criterion_is_marked(made: tuple[CompareRun, Any]) -> None:
    grid = criterion_grid(made[0].model.details)
    assert grid is not None
    assert grid.head == ("covariance", "1", "2", "3")
    assert grid.chosen == (1, 2)
    assert grid.rows[0][3] == "–"
    assert criterion_grid({"degree": 3}) is None
