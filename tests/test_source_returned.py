"""What a Python generator may return."""

from __future__ import annotations

from enum import IntEnum
from typing import Any

import numpy as np
import pytest

from procgen_sim._checks import InputError
from procgen_sim.generators.sources import CODE_CHARACTERS
from procgen_sim.generators.sources.returned import decoded, understood
from procgen_sim.generators.sources.text import rows_of
from procgen_sim.levels import Level, Tileset
from procgen_sim.levels.reading import MAX_COLUMNS

TILES = Tileset({"-": ("empty",), "X": ("solid",), "o": ("collectable",)})


class Tile(IntEnum):
    AIR = 0
    GROUND = 11


class Foreign:
    """An array of somebody else's library."""

    def __init__(self, grid: object) -> None:
        self.grid = grid

    def __array__(self, dtype: Any = None, copy: Any = None) -> Any:
        if self.grid is None:
            raise RuntimeError("it is on another device")
        return np.array(self.grid)


@pytest.mark.parametrize(
    "value",
    [
        "-X\nXX",
        "-X\nXX\n\n",
        "\ufeff-X\r\nXX\r\n",
        b"-X\nXX\n",
        bytearray(b"\xef\xbb\xbf-X\nXX"),
        ["-X", "XX"],
        ("-X", "XX"),
        np.array(["-X", "XX"]),
        [["-", "X"], ["X", "X"]],
        ["-X", np.str_("XX")],
        np.array([["-", "X"], ["X", "X"]]),
        np.array([[b"-", b"X"], [b"X", b"X"]]),
        Foreign([["-", "X"], ["X", "X"]]),
        Level.from_rows(["-X", "XX"], TILES),
    ],
    ids=lambda value: type(value).__name__,
)
def test_characters_in_any_wrapping(value: object) -> None:
    assert understood("gen", value).rows == ("-X", "XX")


@pytest.mark.parametrize(
    "value",
    [
        [[0, 11], [11, 11]],
        np.array([[0, 11], [11, 11]], np.int64),
        np.array([[0, 11], [11, 11]], np.uint8),
        [[Tile.AIR, Tile.GROUND], [Tile.GROUND, Tile.GROUND]],
        [np.array([0, 11]), np.array([11, 11])],
        ((0, 11), (11, 11)),
    ],
)
def test_codes_in_any_wrapping(value: object) -> None:
    made = understood("gen", value)
    assert (made.rows, made.coded) == (("0B", "BB"), True)
    with pytest.raises(InputError, match="gen: expected tile codes below 3, found 11"):
        decoded("gen", made, TILES)


def test_codes_are_the_tiles_of_a_given_tileset() -> None:
    made = decoded("gen", understood("gen", [[0, 1, 2]]), TILES)
    assert (made.rows, made.tileset) == (("-Xo",), TILES)
    assert understood("gen", np.array([[True, False]])).rows == ("10",)


def test_every_code_has_a_letter_of_its_own_in_order() -> None:
    assert len(CODE_CHARACTERS) == len(set(CODE_CHARACTERS)) == 255
    assert "".join(sorted(CODE_CHARACTERS)) == CODE_CHARACTERS
    assert CODE_CHARACTERS.isalnum()
    (row,) = understood("gen", [list(range(255))]).rows
    assert row == CODE_CHARACTERS


def test_a_level_brings_its_tileset_unless_another_is_given() -> None:
    made = understood("gen", Level.from_rows(["-X"], TILES))
    assert made.tileset == TILES
    other = Tileset({"X": (), "-": ()})
    assert decoded("gen", made, other).tileset == other
    with pytest.raises(InputError, match=r"gen, line 1, column 1: .* found '-'"):
        decoded("gen", made, Tileset({"X": ()}))


@pytest.mark.parametrize(
    ("value", "says"),
    [
        (None, "gen: expected a text, rows of text, .* to be returned, found None, nothing"),
        (7, "found an int"),
        ({"a": 1}, "found a dict"),
        ([], "found a list"),
        ((["-X"], {"seed": 1}), "found a tuple"),
        ([1, 2], "found a list"),
        ((row for row in ["-X"]), "found a generator"),
        (Foreign(None), "found a Foreign that NumPy cannot read .it is on another device."),
        (np.zeros((2, 3)), "array of float64 and shape 2 × 3; round it to integers"),
        (np.zeros((2, 3, 4), np.int8), "an array of int8 and shape 2 × 3 × 4"),
        (np.array(3), "an array of int64 and shape no"),
        (np.array([[None]]), "an array of object"),
        ([[0, 1], [2]], "gen, row 2: expected a row of 2 tiles like the first, found 1 tiles"),
        ([[0, 1], [2, -1]], "gen, row 2, column 2: expected tile codes from 0 to 254, found -1"),
        ([[0, 255]], "gen, row 1, column 2: .* found 255"),
        ([["wall", "X"]], "gen, row 1, column 1: expected one character a tile, found 'wall'"),
        ([["X", ""]], "gen, row 1, column 2: expected one character a tile, found ''"),
        (["-X", "X"], "gen, line 2, column 2: expected a row of 2 tiles like the first"),
        ("-X\nXXX", "gen, line 2, column 3: expected a row of 2 tiles like the first, found 3"),
        ("", "gen: expected rows of tiles, found only empty lines"),
        ("\n-X", "gen, line 1: expected a row of tiles, found an empty line"),
        ("-X\n-\t", r"gen, line 2, column 2: expected visible characters, found '\\t'"),
        ("-\0", r"gen, line 1, column 2: expected visible characters, found '\\x00'"),
        ("-\ud800", r"gen, line 1, column 2: .* found '\\ud800'"),
        (b"-\xff", "gen, line 1, column 2: expected UTF-8 text, found byte 0xff"),
        (b"-\0", "gen, line 1, byte 2: expected text, found a zero byte"),
        (b"\xff\xfe-\0", "found UTF-16"),
        (np.array([[b"\xff"]]), "expected ASCII bytes"),
        ("X" * (MAX_COLUMNS + 1), "gen: expected 1 to 100,000 columns, found 100,001"),
        (np.zeros((3000, 3000), np.uint8), "gen: expected at most 4,000,000 tiles"),
        (np.zeros((0, 3), np.uint8), "gen: expected 1 to 10,000 rows, found 0"),
        ([[]], "gen: expected"),
        ([""], "gen: expected 1 to 100,000 columns, found 0"),
    ],
    ids=lambda value: str(value)[:20] if isinstance(value, str) else None,
)
def test_anything_else_is_an_error_that_says_what_it_is(value: object, says: str) -> None:
    with pytest.raises(InputError, match=says):
        understood("gen", value)


def test_text_is_read_forgivingly_at_its_ends_only() -> None:
    assert rows_of("gen", "é \r\n X\r\n\r\n") == ("é ", " X")
    with pytest.raises(InputError, match="gen, line 2, column 1"):
        rows_of("gen", "XX\n\nXX")
