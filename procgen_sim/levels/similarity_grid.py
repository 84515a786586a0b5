"""Anything with two dimensions and tiles in it, as one array of tile identities."""

from __future__ import annotations

from typing import Any

import numpy as np
import numpy.typing as npt

from procgen_sim._checks import InputError
from procgen_sim.levels.level import Level

__all__ = ["GridLike", "identities"]

GridLike = Level | npt.NDArray[Any] | list[Any] | tuple[Any, ...]
"""A level, a 2-D array of characters or of whole numbers, or equally long rows of either."""

_WHERE = "grid of tiles"


def identities(grid: GridLike) -> npt.NDArray[np.int64]:
    """``(rows, columns)`` one number a tile, its character's code point or the code it has.

    So a level and the array of its characters are the same thing, while a level and the array of
    its codes are not: two levels may have different tilesets, characters are what they share.

    Raises
    ------
    InputError
        If there are not two dimensions with something in them, if rows differ in length, or if a
        tile is neither one character nor a whole number.

    Examples
    --------
    >>> identities(["--", "X-"]).tolist(), identities(np.array([[b"A", b"B"]])).tolist()
    ([[45, 45], [88, 45]], [[65, 66]])
    """
    if isinstance(grid, Level):
        points = np.array([ord(character) for character in grid.tileset.characters])
        return np.asarray(points.astype(np.int64)[grid.grid])
    array = grid if isinstance(grid, np.ndarray) else _from_rows(grid)
    if array.ndim != 2 or not array.size:
        raise InputError(
            _WHERE,
            expected="two dimensions, rows and columns, with at least one tile",
            found=f"shape {array.shape}",
        )
    if array.dtype.kind in "biu":
        return array.astype(np.int64)
    if array.dtype.kind == "O":
        return _from_objects(array)
    if array.dtype.kind in "SU":
        return _from_characters(array)
    raise InputError(
        _WHERE, expected="characters or whole numbers", found=f"an array of {array.dtype}"
    )


def _from_rows(rows: list[Any] | tuple[Any, ...]) -> npt.NDArray[Any]:
    split = [list(row) if isinstance(row, str) else row for row in rows]
    try:
        return np.array(split)
    except ValueError:
        lengths = sorted({len(row) for row in split if hasattr(row, "__len__")})
        raise InputError(
            _WHERE, expected="rows of equal length", found=f"rows of {lengths} tiles"
        ) from None


def _from_objects(array: npt.NDArray[Any]) -> npt.NDArray[np.int64]:
    tiles = array.ravel().tolist()
    for kind in (str, bytes):
        if all(isinstance(tile, kind) for tile in tiles):
            return _from_characters(np.array(tiles).reshape(array.shape))
    if all(isinstance(tile, int) for tile in tiles):
        return np.array(tiles, np.int64).reshape(array.shape)
    kinds = sorted({type(tile).__name__ for tile in tiles})
    raise InputError(
        _WHERE, expected="only characters or only whole numbers", found=", ".join(kinds)
    )


def _from_characters(array: npt.NDArray[Any]) -> npt.NDArray[np.int64]:
    lengths = np.char.str_len(array)
    if (lengths != 1).any():
        row, column = np.argwhere(lengths != 1)[0]
        raise InputError(
            f"{_WHERE}, row {row}, column {column}",
            expected="one character",
            found=repr(str(array[row, column])),
        )
    width = np.uint32 if array.dtype.kind == "U" else np.uint8
    return np.ascontiguousarray(array.astype(f"{array.dtype.kind}1")).view(width).astype(np.int64)
