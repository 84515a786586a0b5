"""The numbers of a Tiled layer: CSV and base64, plain, zlib or gzip [Tiled]_.

Compressed layers are unpacked no further than the size the map announced, so a few kilobytes
cannot become gigabytes.
"""

from __future__ import annotations

import base64
import binascii
import zlib
from typing import Final

import numpy as np
import numpy.typing as npt

from procgen_sim._checks import InputError
from procgen_sim.levels.reading import in_words, quoted

__all__ = ["numbers_from_base64", "numbers_from_csv", "numbers_from_list"]

_BYTES_A_TILE: Final = 4
_MAX_NUMBER: Final = 2**32 - 1
_WINDOW: Final = {"zlib": zlib.MAX_WBITS, "gzip": zlib.MAX_WBITS | 16}


def numbers_from_list(
    where: str, values: list[object], shape: tuple[int, int]
) -> npt.NDArray[np.uint32]:
    """``shape`` tile numbers from as many whole numbers, row after row."""
    _check_count(where, len(values), shape)
    for i, value in enumerate(values):
        if type(value) is not int or not 0 <= value <= _MAX_NUMBER:
            row, column = divmod(i, shape[1])
            raise InputError(
                f"{where}, row {row + 1}, column {column + 1}",
                expected="a tile number",
                found=in_words(value),
            )
    return np.array(values, dtype=np.uint32).reshape(shape)


def numbers_from_csv(
    path: str, layer: str, line: int, text: str, shape: tuple[int, int]
) -> npt.NDArray[np.uint32]:
    """``shape`` tile numbers from numbers separated by commas; ``line`` is where they start."""
    where = f"{path}, layer {quoted(layer)}"
    words = text.split(",")
    _check_count(where, len(words) if text.strip() else 0, shape)
    values = []
    for i, word in enumerate(words):
        digits = word.strip()
        if not (digits.isascii() and digits.isdigit() and len(digits) <= 10):
            before = ",".join(words[:i]) + word[: len(word) - len(word.lstrip())]
            row, column = divmod(i, shape[1])
            raise InputError(
                f"{path}, line {line + before.count(chr(10))}, layer {quoted(layer)}, "
                f"row {row + 1}, column {column + 1}",
                expected="a tile number",
                found=quoted(digits),
            )
        values.append(int(digits))
    return numbers_from_list(where, list[object](values), shape)


def numbers_from_base64(
    where: str, text: str, compression: str, shape: tuple[int, int]
) -> npt.NDArray[np.uint32]:
    """``shape`` tile numbers from base64; ``compression`` is ``""``, ``"zlib"`` or ``"gzip"``."""
    if compression and compression not in _WINDOW:
        raise InputError(
            where,
            expected="CSV, or base64 that is plain, zlib or gzip",
            found=f"the compression {quoted(compression)}",
            do="choose another layer format in Tiled's map properties",
        )
    try:
        data = base64.b64decode("".join(text.split()), validate=True)
    except (binascii.Error, ValueError):
        raise InputError(where, expected="base64", found="other characters or a cut end") from None
    n_bytes = shape[0] * shape[1] * _BYTES_A_TILE
    if compression:
        data = _unpack(where, data, compression, n_bytes)
    if len(data) != n_bytes:
        found = f"more than {n_bytes}" if len(data) > n_bytes else str(len(data))
        raise InputError(
            where, expected=f"{n_bytes} bytes for {shape[0]} rows of {shape[1]} tiles", found=found
        )
    return np.frombuffer(data, dtype="<u4").astype(np.uint32).reshape(shape)


def _unpack(where: str, data: bytes, compression: str, n_bytes: int) -> bytes:
    unpacker = zlib.decompressobj(_WINDOW[compression])
    try:
        unpacked = unpacker.decompress(data, n_bytes + 1)
    except zlib.error:
        raise InputError(where, expected=f"{compression} data", found="damaged data") from None
    if not unpacker.eof and len(unpacked) <= n_bytes:
        raise InputError(where, expected=f"{compression} data", found="a cut end")
    return unpacked


def _check_count(where: str, n: int, shape: tuple[int, int]) -> None:
    if n != shape[0] * shape[1]:
        raise InputError(
            where,
            expected=f"{shape[0] * shape[1]} tiles ({shape[0]} rows of {shape[1]})",
            found=str(n),
        )
