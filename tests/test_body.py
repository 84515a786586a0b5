"""A body of levels as lines: in which order, in one alphabet, without padding."""

from __future__ import annotations

from pathlib import Path

import numpy as np
import pytest

from procgen_sim._checks import InputError
from procgen_sim.levels import Level, Tileset, load_corpus
from procgen_sim.levels.body import ORDERS, Body, Order, as_grid, as_lines, guess_order
from procgen_sim.rng import stream

TILES = Tileset(
    {
        "-": ("empty",),
        "X": ("solid",),
        "M": ("start",),
        "F": ("goal",),
        "o": ("coin",),
    }
)


def level(*rows: str) -> Level:
    return Level.from_rows(rows, TILES)


def blank(n_rows: int, n_columns: int) -> Level:
    return Level(np.zeros((n_rows, n_columns), np.uint8), TILES)


def texts(body: Body, index: int = 0) -> list[str]:
    return ["".join(body.alphabet[code] for code in line) for line in body.lines[index]]


@pytest.mark.parametrize("order", ORDERS)
def test_lines_and_grid_are_one_thing(order: Order) -> None:
    grid = stream(1, "test").integers(0, 5, (4, 7), dtype=np.uint8)
    lines = as_lines(grid, order)
    assert np.array_equal(as_grid(lines, order), grid)
    assert lines.flags.c_contiguous
    assert lines.shape == ((7, 4) if order == "columns" else (4, 7))


def test_each_order_begins_where_the_player_does() -> None:
    body = [level("-o", "XM")]
    assert texts(Body.of("b", body, order="columns")) == ["-X", "oM"]
    assert texts(Body.of("b", body, order="rows-up")) == ["XM", "-o"]
    assert texts(Body.of("b", body, order="reading")) == ["-o", "XM"]


def test_unknown_order() -> None:
    with pytest.raises(InputError, match="expected one of columns, rows-up, reading"):
        as_lines(np.zeros((2, 2), np.uint8), "spiral")  # type: ignore[arg-type]
    with pytest.raises(InputError, match="expected one of columns, rows-up, reading"):
        as_grid(np.zeros((2, 2), np.uint8), "spiral")  # type: ignore[arg-type]


@pytest.mark.parametrize(
    ("shape", "order"),
    [
        ((14, 200), "columns"),
        ((16, 30), "columns"),
        ((22, 32), "reading"),
        ((20, 20), "reading"),
        ((15, 10), "rows-up"),
        ((200, 16), "rows-up"),
    ],
)
def test_the_shape_tells_the_order(shape: tuple[int, int], order: Order) -> None:
    assert guess_order([blank(*shape)]) == order
    assert Body.of("b", [blank(*shape)]).order == order


def test_most_levels_decide_and_the_option_decides_over_them() -> None:
    levels = [blank(14, 200), blank(14, 180), blank(200, 14)]
    assert Body.of("b", levels).order == "columns"
    assert Body.of("b", levels, order="reading").order == "reading"


@pytest.mark.parametrize(
    ("folder", "order"),
    [
        ("vglc/super_mario_bros", "columns"),
        ("vglc/kid_icarus", "rows-up"),
        ("vglc/lode_runner", "reading"),
        ("mario_ai/notch", "columns"),
    ],
)
def test_order_of_real_games(shared_data: Path, folder: str, order: Order) -> None:
    assert guess_order(load_corpus(shared_data / folder).levels) == order


class TestActive:
    def test_padding_goes_but_for_one_line_at_either_end(self) -> None:
        (active,) = Body.of("b", [level("----o--o---", "XXXXXXXXXXX")], order="columns").active
        assert (active.start, active.stop) == (3, 9)

    def test_start_and_goal_keep_what_lies_between_them(self) -> None:
        rows = ("-M--o----F-", "XXXXXXXXXXX")
        (active,) = Body.of("b", [level(*rows)], order="columns").active
        assert (active.start, active.stop) == (0, 11)
        tower = level("-----------", "-----------", "--o--------", "MXXXXXXXXXF", "XXXXXXXXXXX")
        (active,) = Body.of("b", [tower], order="rows-up").active
        assert (active.start, active.stop) == (0, 4)

    def test_flat_lines_before_the_start_are_padding_and_those_after_it_are_not(self) -> None:
        inside = level("---M-----o---", "XXXXXXXXXXXXX")
        (active,) = Body.of("b", [inside], order="columns").active
        assert (active.start, active.stop) == (2, 11)

    def test_a_start_in_the_padding_counts_in_every_order(self) -> None:
        rows = ["MMMM", "MMMM", "-o--", "----", "----"]
        (down,) = Body.of("b", [level(*rows)], order="reading").active
        (up,) = Body.of("b", [level(*rows)], order="rows-up").active
        assert (down.start, down.stop) == (0, 4)
        assert (up.start, up.stop) == (1, 5)

    def test_a_level_of_one_line_repeated_is_all_level(self) -> None:
        (active,) = Body.of("b", [level("------", "XXXXXX")], order="columns").active
        assert (active.start, active.stop) == (0, 6)

    def test_a_level_of_one_line(self) -> None:
        (active,) = Body.of("b", [level("-", "X")], order="columns").active
        assert (active.start, active.stop) == (0, 1)


class TestManyTilesets:
    other = Tileset({"o": ("coin",), "X": ("solid",), "-": ("empty",), "z": ("enemy",)})

    def test_a_character_has_one_code_whatever_tileset_it_is_from(self) -> None:
        same = Level.from_rows(["-o", "XX"], self.other)
        assert not np.array_equal(same.grid, level("-o", "XX").grid)
        body = Body.of("b", [level("-o", "XX"), same])
        assert np.array_equal(body.lines[0], body.lines[1])

    def test_the_alphabet_is_what_occurs_sorted(self) -> None:
        body = Body.of("b", [level("-X"), Level.from_rows(["zX"], self.other)], order="columns")
        assert body.alphabet == "-Xz"
        assert texts(body, 0) == ["-", "X"]
        assert texts(body, 1) == ["z", "X"]


class TestBody:
    levels = (level("-o-", "XXX"), level("--", "XX"), level("o", "o"))

    def test_counts(self) -> None:
        body = Body.of("b", self.levels, order="columns")
        assert (body.n_levels, body.n_lines, body.line_name) == (3, 6, "column")
        assert Body.of("b", self.levels, order="rows-up").line_name == "row"

    def test_take_keeps_order_alphabet_and_what_belongs_together(self) -> None:
        body = Body.of("b", self.levels, order="columns")
        taken = body.take([2, 0])
        assert taken.levels == (self.levels[2], self.levels[0])
        assert (taken.alphabet, taken.order, taken.name) == (body.alphabet, "columns", "b")
        assert np.array_equal(taken.lines[0], body.lines[2])
        assert taken.active == (body.active[2], body.active[0])

    def test_lines_cannot_be_changed(self) -> None:
        body = Body.of("b", self.levels)
        with pytest.raises(ValueError, match="read-only"):
            body.lines[0][0, 0] = 1

    def test_no_level(self) -> None:
        with pytest.raises(InputError, match="body 'b': expected at least one level, found none"):
            Body.of("b", [])
