"""Levels on an audit's page: cut to fit, and readable below the forecast's tint."""

from __future__ import annotations

from pathlib import Path

import numpy as np
import pytest
from PIL import Image
from synthetic_audit import synthetic_audit, synthetic_source

from procgen_sim.report.audit.pieces import MOST_ROWS, cut
from procgen_sim.report.audit.reading import read_audit
from procgen_sim.report.audit.tint import MOST_BITS, as_level, tinted


def pieces_hold(picture: Image.Image, **more: object) -> Image.Image:
    page = cut(picture, tile_px=1, **more)  # type: ignore[arg-type]
    red = (np.asarray(page) == [255, 0, 0]).all(axis=2).sum()
    assert red == picture.width * picture.height
    return page


def test_levels_of_any_shape_are_cut_into_pieces_that_hold_all_of_them() -> None:
    for columns, rows in ((16, 200), (200, 14), (32, 22), (1, 1), (7, 1000), (90, 100), (39, 45)):
        for across in (80, 40):
            picture = Image.new("RGB", (columns, rows), (255, 0, 0))
            page = pieces_hold(picture, across=across, from_below=rows > columns)
            assert page.width <= max(across, columns if columns <= across else 0)
    tower = pieces_hold(Image.new("RGB", (16, 200), (255, 0, 0)), across=80)
    assert tower.height <= 1.25 * MOST_ROWS


def test_a_tower_begins_with_its_bottom() -> None:
    tower = Image.new("RGB", (16, 100), "red")
    tower.paste((0, 0, 255), (0, 99, 16, 100))
    page = np.asarray(cut(tower, tile_px=1, across=80, from_below=True))
    blue = np.argwhere((page == [0, 0, 255]).all(axis=2))
    assert blue[:, 0].min() == page.shape[0] - 1
    assert blue[:, 1].max() < 16


def test_the_tint_is_darker_where_the_forecast_was_worse_in_grey_too(tmp_path: Path) -> None:
    source = read_audit(synthetic_audit(tmp_path, [synthetic_source("one")])).sources[0]
    level = as_level(["-" * 8], source)
    bits = np.array([[0.0, 0.5, 1.0, 2.0, 3.0, 4.0, MOST_BITS, 50.0]])
    grey = np.asarray(tinted(level, source, bits).convert("L"), dtype=float)
    tiles = grey.reshape(16, 8, 16).mean(axis=(0, 2))
    assert (np.diff(tiles)[:6] < -5).all()
    assert tiles[7] == pytest.approx(tiles[6])
    assert tiles[0] > 225


def test_a_tile_can_be_told_from_air_below_any_tint(tmp_path: Path) -> None:
    source = read_audit(synthetic_audit(tmp_path, [synthetic_source("one")])).sources[0]
    level = as_level(["----", "XXXX"], source)
    for bits in (0.0, 2.0, MOST_BITS):
        grey = np.asarray(tinted(level, source, np.full((2, 4), bits)).convert("L"), dtype=float)
        assert grey[:16].mean() - grey[16:].mean() > 12


def test_a_tile_without_a_meaning_is_drawn(tmp_path: Path) -> None:
    source = read_audit(synthetic_audit(tmp_path, [synthetic_source("one")])).sources[0]
    assert as_level(["-?"], source).rows() == ["-?"]
