"""Arithmetic coding of a level with a tile model: the proof that its bits are bits.

The coder narrows an interval of whole numbers, tile by tile, in proportion to the probabilities of
the model ([Witten1987]_); the decoder asks the same model the same questions and so finds the same
intervals. What comes out is as long as the surprise says, up to rounding and a few bytes at the
end, which holds only if the model is a probability model in the strict sense and learns only from
what the decoder has, too.
"""

from __future__ import annotations

import numpy as np
import numpy.typing as npt

from procgen_sim._checks import InputError
from procgen_sim.models.tile import Lines, TileModel

__all__ = ["decode", "encode"]

_WIDTH = 32
"""Bits of the interval's ends."""

_TOP = (1 << _WIDTH) - 1
_HALF = 1 << (_WIDTH - 1)
_QUARTER = 1 << (_WIDTH - 2)

_SCALE = 1 << 28
"""Into so many shares the interval is cut; at most a quarter of its range."""


def encode(model: TileModel, lines: Lines) -> bytes:
    """Write a level in about as many bits as it costs the model; the model stays as it is.

    Parameters
    ----------
    lines
        ``(n_lines, line_length)`` tile codes.

    Returns
    -------
    bytes
        Only what the model cannot know: no header, no size.
    """
    lines = np.asarray(lines)
    low, high, waiting = 0, _TOP, 0
    out: list[int] = []

    def put(bit: int) -> None:
        nonlocal waiting
        out.append(bit)
        out.extend([1 - bit] * waiting)
        waiting = 0

    reader = model.reader(lines.shape[1])
    for tile in lines.ravel().tolist():
        shares = _shares(reader.distribution())
        low, high = _narrowed(low, high, shares, tile)
        reader.meet(tile)
        while True:
            if high < _HALF:
                put(0)
            elif low >= _HALF:
                put(1)
            elif low >= _QUARTER and high < 3 * _QUARTER:
                waiting += 1
            else:
                break
            low, high = _doubled(low, high)
    waiting += 1
    put(0 if low < _QUARTER else 1)
    return np.packbits(np.array(out, dtype=np.uint8)).tobytes()


def decode(model: TileModel, code: bytes, n_lines: int, line_length: int) -> Lines:
    """Read back what :func:`encode` wrote with a model that knew the same.

    Returns
    -------
    numpy.ndarray
        ``(n_lines, line_length)`` tile codes.

    Raises
    ------
    InputError
        If the code ends long before the level does.
    """
    bits = np.unpackbits(np.frombuffer(code, dtype=np.uint8)).tolist()
    position = 0

    def take() -> int:
        nonlocal position
        position += 1
        return int(bits[position - 1]) if position <= len(bits) else 0

    value = 0
    for _ in range(_WIDTH):
        value = 2 * value + take()
    low, high = 0, _TOP
    lines = np.zeros((n_lines, line_length), dtype=np.uint8)
    reader = model.reader(line_length)
    for i in range(lines.size):
        if position > len(bits) + 2 * _WIDTH:
            raise InputError(
                "code", expected=f"{lines.size} tiles", found=f"the end after {i}", do="check it"
            )
        shares = _shares(reader.distribution())
        share = ((value - low + 1) * _SCALE - 1) // (high - low + 1)
        tile = int(np.searchsorted(shares, share, side="right")) - 1
        low, high = _narrowed(low, high, shares, tile)
        lines.flat[i] = tile
        reader.meet(tile)
        while True:
            if high < _HALF:
                pass
            elif low >= _HALF:
                value -= _HALF
                low, high = low - _HALF, high - _HALF
            elif low >= _QUARTER and high < 3 * _QUARTER:
                value -= _QUARTER
                low, high = low - _QUARTER, high - _QUARTER
            else:
                break
            low, high, value = 2 * low, 2 * high + 1, 2 * value + take()
    return lines


def _shares(p: npt.NDArray[np.float64]) -> npt.NDArray[np.int64]:
    """``(n_tiles + 1,)`` where each tile's share begins; none is empty, the last ends at _SCALE."""
    each = 1 + np.floor(p * (_SCALE - len(p))).astype(np.int64)
    starts = np.concatenate([[0], np.cumsum(each)])
    starts[-1] = _SCALE
    return starts


def _narrowed(low: int, high: int, shares: npt.NDArray[np.int64], tile: int) -> tuple[int, int]:
    """The part of the interval that belongs to the tile."""
    width = high - low + 1
    return low + width * int(shares[tile]) // _SCALE, low + width * int(
        shares[tile + 1]
    ) // _SCALE - 1


def _doubled(low: int, high: int) -> tuple[int, int]:
    """The interval magnified once its first bit (or that it straddles the middle) is settled."""
    if high < _HALF:
        return 2 * low, 2 * high + 1
    if low >= _HALF:
        return 2 * (low - _HALF), 2 * (high - _HALF) + 1
    return 2 * (low - _QUARTER), 2 * (high - _QUARTER) + 1
