"""Shape and texture of a level, whatever its tiles are called."""

from __future__ import annotations

from itertools import combinations, product
from typing import Final

import numpy as np
import numpy.typing as npt

__all__ = ["complexity", "regularity", "shapes", "symmetry", "unit"]

Floats = npt.NDArray[np.float64]
Ints = npt.NDArray[np.int64]

_LAGS: Final = 8
"""Distances up to which repeats are looked for."""


def unit(counts: Floats) -> Floats:
    """Shares of a total; nothing stays nothing."""
    total = counts.sum()
    return counts / total if total else counts


def shapes(codes: Ints) -> Floats:
    """``(60,)`` small shapes, as square roots of their shares; both kinds count half.

    Squares of two by two tiles have one of 15 shapes: the ways in which four tiles can be the same
    or not. A tile among its eight neighbours has one of 45: how many of those beside it are the
    same, how many of those above and below, and how many of those at its corners.
    """
    squares = np.zeros(15)
    a, b, c, d = codes[:-1, :-1], codes[:-1, 1:], codes[1:, :-1], codes[1:, 1:]
    if a.size:
        same = [(x == y).ravel() for x, y in combinations((a, b, c, d), 2)]
        bits = (np.array(same) << np.arange(6)[:, None]).sum(axis=0)
        squares += np.bincount(_SHAPES[bits], minlength=15)
    rows, cols = codes.shape
    padded = np.pad(codes, 1, constant_values=-1)

    def alike(down: int, right: int) -> Ints:
        other = padded[1 + down : 1 + down + rows, 1 + right : 1 + right + cols]
        return np.asarray((other == codes).astype(np.int64))

    beside, upright = alike(0, -1) + alike(0, 1), alike(-1, 0) + alike(1, 0)
    corners = alike(-1, -1) + alike(-1, 1) + alike(1, -1) + alike(1, 1)
    crosses = np.bincount((15 * beside + 5 * upright + corners).ravel(), minlength=45)
    return np.sqrt(np.concatenate([unit(squares), unit(crosses.astype(np.float64))]) / 2)


def _shape_numbers() -> Ints:
    """``(64,)`` which tiles of four are the same, as bits of six pairs, to one of 15 shapes."""
    numbers = np.zeros(64, np.int64)
    seen: dict[int, int] = {}
    for tiles in product(range(4), repeat=4):
        bits = sum((x == y) << k for k, (x, y) in enumerate(combinations(tiles, 2)))
        numbers[bits] = seen.setdefault(bits, len(seen))
    return numbers


_SHAPES: Final = _shape_numbers()


def symmetry(codes: Ints, shares: Floats) -> Floats:
    """``(5,)`` left-right, top-bottom, half turn and both diagonals: 0 by chance, 1 perfect.

    Cohen's kappa of every tile's places and their mirror images; of all tiles the quadratic mean,
    because what is symmetric stands out from what is not.
    """
    rows, cols = codes.shape
    # The diagonals are those of the picture, whatever its shape.
    r = ((np.arange(cols) + 0.5) * rows / cols).astype(np.int64)
    c = ((np.arange(rows) + 0.5) * cols / rows).astype(np.int64)
    turned = codes[r[None, :], c[:, None]]
    weights = shares * (1 - shares)
    if not weights.any():
        return np.ones(5)
    out = np.zeros(5)
    mirrored = (codes[:, ::-1], codes[::-1], codes[::-1, ::-1], turned, turned[::-1, ::-1])
    for k, other in enumerate(mirrored):
        same = np.bincount(codes[codes == other], minlength=len(shares)) / codes.size
        kappa = np.maximum(0, same - shares**2) / np.maximum(weights, 1e-12)
        out[k] = np.sqrt((weights * kappa**2).sum() / weights.sum())
    return out


def _beyond_chance(same: float, chance: float) -> float:
    return 1.0 if chance >= 1 else (same - chance) / (1 - chance)


def regularity(codes: Ints, shares: Floats) -> Floats:
    rows, cols = codes.shape
    chance = float((shares**2).sum())
    lags = [(0, d) for d in range(1, _LAGS + 1)] + [(d, 0) for d in range(1, _LAGS + 1)]
    lags += [(1, 1), (1, -1), (2, 2), (2, -2)]
    out = np.zeros(len(lags))
    for k, (y, x) in enumerate(lags):
        if y >= rows or abs(x) >= cols:
            continue
        right = codes[y:, x:] if x >= 0 else codes[y:, :x]
        left = codes[: rows - y, : cols - x] if x >= 0 else codes[: rows - y, -x:]
        overlap = right.size / codes.size
        out[k] = _beyond_chance(float((right == left).mean()), chance) * overlap
    return out


def complexity(codes: Ints, shares: Floats) -> Floats:
    bits = float(-(shares * np.log2(shares)).sum())
    flat = codes[:, 1:] != codes[:, :-1]
    upright = codes[1:] != codes[:-1]
    h = float(flat.mean()) if flat.size else 0.0
    v = float(upright.mean()) if upright.size else 0.0
    busy = np.zeros(codes.shape)
    busy[:, 1:] += flat
    busy[1:] += upright
    parts = [
        part.mean() / 2
        for band in np.array_split(busy, min(3, codes.shape[0]), axis=0)
        for part in np.array_split(band, min(3, codes.shape[1]), axis=1)
    ]
    uneven = float(np.std(parts))
    kinds = np.log2(len(shares))
    return np.array(
        [
            kinds / (kinds + 3),
            bits / (bits + 2),
            h,
            v,
            np.sqrt(h * v),
            abs(h - v) / (h + v) if h + v else 0.0,
            2 * uneven,
            1 - float(shares.max()),
        ]
    )
