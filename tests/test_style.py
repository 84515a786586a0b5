"""How figures look, whatever they are asked to write."""

from __future__ import annotations

import warnings
from pathlib import Path

import matplotlib
import pytest
from matplotlib.font_manager import fontManager
from synthetic_run import synthetic_run

from procgen_sim.report import page
from procgen_sim.report.style import as_png, as_svg, lay_out, looks, new_figure


def test_a_name_that_no_font_can_show_is_drawn_without_a_warning() -> None:
    with warnings.catch_warnings():
        warnings.simplefilter("error")
        with looks():
            figure, (axes,) = new_figure(1, narrow=False)
            axes.set_title("侍 \U00013000 samurai")
            lay_out(figure)
            assert as_svg(figure).startswith(b"<?xml")
            assert as_png(figure).startswith(b"\x89PNG")


def test_other_fonts_come_after_ours_and_only_those_there_are() -> None:
    with looks():
        ours, *others = matplotlib.rcParams["font.family"]
    assert ours == "DejaVu Sans"
    assert set(others) <= {font.name for font in fontManager.ttflist}


def test_an_arm_may_break_after_its_at_sign_and_stays_escaped(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    run = synthetic_run(tmp_path, arms=("on-model", "extrapolate@0.05"), n_players=4, n_levels=5)
    assert '<th scope="row">extrapolate@<wbr>0.05</th>' in page.page(run, [], [])
    monkeypatch.setattr(page, "arm_rows", lambda _run: (("<i>@x", *[""] * 6),))
    assert '<th scope="row">&lt;i&gt;@<wbr>x</th>' in page.page(run, [], [])
