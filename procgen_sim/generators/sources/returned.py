"""What a Python generator may return, and how it is understood.

========================================== ====================================================
a text, or UTF-8 ``bytes``                 one row a line
a sequence or 1-D array of texts           one row a text
a 2-D array or nested sequence of texts    one character a tile
a 2-D array or nested sequence of integers tile codes from 0 to 254: with a tileset, its tiles in
                                           order; without one, :data:`CODE_CHARACTERS`
a :class:`~procgen_sim.levels.Level`       itself, with its tileset
========================================== ====================================================

"2-D array" is anything NumPy can make one of.
"""

from __future__ import annotations

import string
from typing import Any, Final

import numpy as np
import numpy.typing as npt

from procgen_sim._checks import InputError
from procgen_sim.generators.sources.seeds import Made
from procgen_sim.generators.sources.text import check_rows, rows_of
from procgen_sim.levels.level import Level
from procgen_sim.levels.reading import check_size, decode_text
from procgen_sim.levels.tileset import MAX_TILES, Tileset

__all__ = ["CODE_CHARACTERS", "decoded", "understood"]

CODE_CHARACTERS: Final = (
    string.digits
    + string.ascii_uppercase
    + string.ascii_lowercase
    + "".join(map(chr, range(0x100, 0x100 + MAX_TILES - 62)))
)
"""How tile codes are written: 0–9, A–Z, a–z, then letters from U+0100 on. Sorted by code."""

_EXPECTED: Final = (
    "a text, rows of text, a 2-D array of tile codes or characters, or a Level to be returned"
)


def understood(where: str, value: object) -> Made:
    """The level in what a function returned.

    Raises
    ------
    InputError
        If there is none: says what was returned instead, or which row or tile is wrong.
    """
    if isinstance(value, Level):
        return Made(rows=tuple(value.rows()), tileset=value.tileset)
    if isinstance(value, bytes | bytearray):
        value = decode_text(where, bytes(value))
    if isinstance(value, str):
        return Made(rows=rows_of(where, value))
    if isinstance(value, list | tuple):
        if value and all(isinstance(row, str) for row in value):
            return _of_texts(where, [str(row) for row in value])
        _check_nested(where, value)
    elif not hasattr(value, "__array__"):
        raise InputError(where, expected=_EXPECTED, found=_kind(value))
    return _of_array(where, _as_array(where, value))


def decoded(where: str, made: Made, tileset: Tileset | None) -> Made:
    """The level in the characters of a tileset that was given; as it is when there is none.

    Raises
    ------
    InputError
        If a tile is not of the tileset: says which and where.
    """
    if tileset is None:
        return made
    rows = made.rows
    if made.coded:
        highest = max(map(CODE_CHARACTERS.index, set().union(*rows)))
        if highest >= len(tileset):
            raise InputError(where, expected=f"tile codes below {len(tileset)}", found=str(highest))
        letters = str.maketrans(dict(zip(CODE_CHARACTERS, tileset.characters, strict=False)))
        rows = tuple(row.translate(letters) for row in rows)
    elif not set().union(*rows) <= set(tileset.characters):
        Level.from_rows(rows, tileset, where)
    return Made(rows=rows, tileset=tileset)


def _of_texts(where: str, rows: list[str]) -> Made:
    check_size(where, len(rows), len(rows[0]))
    check_rows(where, rows)
    return Made(rows=tuple(rows))


def _check_nested(where: str, value: list[Any] | tuple[Any, ...]) -> None:
    lengths = [
        None if isinstance(row, str) or not hasattr(row, "__len__") else len(row) for row in value
    ]
    if not value or None in lengths or any(isinstance(row, dict | set) for row in value):
        raise InputError(where, expected=_EXPECTED, found=_kind(value))
    for r, length in enumerate(lengths):
        if length != lengths[0]:
            raise InputError(
                f"{where}, row {r + 1}",
                expected=f"a row of {lengths[0]} tiles like the first",
                found=f"{length} tiles",
            )


def _as_array(where: str, value: object) -> npt.NDArray[Any]:
    try:
        return np.asarray(value)
    except Exception as error:  # whatever other people's arrays raise
        raise InputError(
            where, expected=_EXPECTED, found=f"{_kind(value)} that NumPy cannot read ({error})"
        ) from None


def _of_array(where: str, grid: npt.NDArray[Any]) -> Made:
    if grid.dtype.kind == "S":
        try:
            grid = grid.astype(np.str_)
        except UnicodeDecodeError:
            raise InputError(where, expected="ASCII bytes", found="others") from None
    kind = grid.dtype.kind
    if kind == "U" and grid.ndim == 1 and grid.size:
        return _of_texts(where, [str(row) for row in grid])
    if grid.ndim != 2 or kind not in "Ubiu":
        shape = " × ".join(map(str, grid.shape)) or "no"
        raise InputError(
            where,
            expected=_EXPECTED,
            found=f"an array of {grid.dtype.name} and shape {shape}",
            do="round it to integers" if kind == "f" and grid.ndim == 2 else None,
        )
    check_size(where, *grid.shape)
    if kind == "U":
        _check_tiles(where, np.char.str_len(grid) != 1, grid, "one character a tile")
        rows = ["".join(row) for row in grid.tolist()]
        check_rows(where, rows)
        return Made(rows=tuple(rows))
    wrong = (grid < 0) | (grid >= MAX_TILES) if kind != "b" else np.zeros(grid.shape, np.bool_)
    _check_tiles(where, wrong, grid, f"tile codes from 0 to {MAX_TILES - 1}")
    letters = np.array(list(CODE_CHARACTERS))[grid.astype(np.uint8)]
    return Made(rows=tuple("".join(row) for row in letters.tolist()), coded=True)


def _check_tiles(
    where: str, wrong: npt.NDArray[np.bool_], grid: npt.NDArray[Any], expected: str
) -> None:
    if wrong.any():
        r, c = (int(i) for i in np.argwhere(wrong)[0])
        found = grid[r, c].item()
        shown = repr(found[:40]) if isinstance(found, str) else str(found)
        raise InputError(f"{where}, row {r + 1}, column {c + 1}", expected=expected, found=shown)


def _kind(value: object) -> str:
    if value is None:
        return "None, nothing"
    name = type(value).__name__
    return f"{'an' if name[0] in 'aeiouAEIOU' else 'a'} {name}"
