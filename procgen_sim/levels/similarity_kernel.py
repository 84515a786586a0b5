"""Compiled parts of the perceptual distance. What they mean is said in :mod:`.similarity`."""

from __future__ import annotations

from typing import NamedTuple

import numpy as np
import numpy.typing as npt

from procgen_sim.compiled import jit

N_FORMS, N_SIZES = 5, 6
DOT, FLAT, UPRIGHT, BLOCK, RAGGED = 0, 1, 2, 3, 4

N_FINE, N_SPOTS = 36, 45
N_LISTS = 3

N_COMPONENTS = 15
(
    TILES,
    KINDS,
    LAYOUT,
    PAIRS,
    BLOCKS,
    RUNS,
    STRUCTURE,
    SILHOUETTE,
    SHAPES,
    STROKES,
    REGIONS,
    SYMMETRY,
    REGULARITY,
    COMPLEXITY,
    SIZE,
) = range(N_COMPONENTS)

# Where each nameless measurement starts in the vector of a level. Those that are square roots of
# shares are compared by Hellinger's distance, the others by the mean difference.
STARTS = (0, 630, 666, 726, 740, 770, 775, 795, 803, 805)
OF_SHARES = (False, False, True, False, True, False, False, False, False)
N_NAMELESS = 805


class Looks(NamedTuple):
    """What many levels look like, as plain arrays.

    Tiles of level ``i`` are those from ``tile_start[i]`` up to ``tile_start[i + 1]``: ``tiles``
    (sorted), ``roots`` and ``logs`` of their shares, ``maps`` of where they are. Of pairs, blocks
    and runs (0, 1, 2) of level ``i`` the ``keys`` (sorted) and ``key_logs`` are those from
    ``key_start[3 * i + which]`` on. ``nameless`` is ``(n_levels, N_NAMELESS)``.
    """

    tile_start: npt.NDArray[np.int64]
    tiles: npt.NDArray[np.int64]
    roots: npt.NDArray[np.float64]
    logs: npt.NDArray[np.float64]
    maps: npt.NDArray[np.float32]
    key_start: npt.NDArray[np.int64]
    keys: npt.NDArray[np.uint64]
    key_logs: npt.NDArray[np.float64]
    nameless: npt.NDArray[np.float32]


@jit
def blur(
    codes: npt.NDArray[np.int64],
    n_tiles: int,
    down: npt.NDArray[np.float64],
    across: npt.NDArray[np.float64],
) -> npt.NDArray[np.float64]:
    """``(n_tiles, spots * spots)`` how much of each tile there is around each spot.

    Parameters
    ----------
    codes
        ``(rows, columns)`` 0 to ``n_tiles - 1``.
    down, across
        ``(spots, rows)`` and ``(spots, columns)`` weights, each row summing to 1.
    """
    n_spots = down.shape[0]
    out = np.zeros((n_tiles, n_spots * n_spots), np.float64)
    line = np.zeros((n_tiles, n_spots), np.float64)
    waits = np.zeros(n_tiles, np.bool_)
    for r in range(codes.shape[0]):
        for c in range(codes.shape[1]):
            waits[codes[r, c]] = True
            for q in range(n_spots):
                line[codes[r, c], q] += across[q, c]
        for c in range(codes.shape[1]):
            t = codes[r, c]
            if not waits[t]:
                continue
            waits[t] = False
            for q in range(n_spots):
                for s in range(n_spots):
                    out[t, s * n_spots + q] += down[s, r] * line[t, q]
                line[t, q] = 0.0
    return out


@jit
def kinship(roots: npt.NDArray[np.float64]) -> npt.NDArray[np.float64]:
    """``(pairs,)`` of every two spots, how much their tiles agree, whatever they are called.

    ``roots`` is ``(n_tiles, spots)``, square roots of shares; the result is in [0, 1].
    """
    n_tiles, n = roots.shape
    out = np.zeros(n * (n - 1) // 2, np.float64)
    k = 0
    for i in range(n):
        for j in range(i + 1, n):
            total = 0.0
            for t in range(n_tiles):
                total += roots[t, i] * roots[t, j]
            out[k] = total
            k += 1
    return out


@jit
def forms(codes: npt.NDArray[np.int64]) -> npt.NDArray[np.float64]:
    """``(5, 6)`` connected regions of one tile: how many of each form and size.

    Forms are a single tile, a flat bar, an upright bar, a full rectangle, anything else. Sizes are
    octaves of tiles: 1, 2-3, 4-7, ..., 32 or more.
    """
    n_rows, n_cols = codes.shape
    out = np.zeros((N_FORMS, N_SIZES), np.float64)
    seen = np.zeros((n_rows, n_cols), np.bool_)
    stack = np.zeros((n_rows * n_cols, 2), np.int64)
    for row in range(n_rows):
        for col in range(n_cols):
            if seen[row, col]:
                continue
            tile = codes[row, col]
            seen[row, col] = True
            stack[0, 0], stack[0, 1] = row, col
            top, size = 1, 0
            low_r, high_r, low_c, high_c = row, row, col, col
            while top > 0:
                top -= 1
                r, c = stack[top, 0], stack[top, 1]
                size += 1
                low_r, high_r = min(low_r, r), max(high_r, r)
                low_c, high_c = min(low_c, c), max(high_c, c)
                for k in range(4):
                    y, x = r + (k == 0) - (k == 1), c + (k == 2) - (k == 3)
                    inside = 0 <= y < n_rows and 0 <= x < n_cols
                    if inside and not seen[y, x] and codes[y, x] == tile:
                        seen[y, x] = True
                        stack[top, 0], stack[top, 1] = y, x
                        top += 1
            height, width = high_r - low_r + 1, high_c - low_c + 1
            if size == 1:
                form = DOT
            elif size < height * width:
                form = RAGGED
            elif height == 1:
                form = FLAT
            elif width == 1:
                form = UPRIGHT
            else:
                form = BLOCK
            octave = 0
            while size > 1 and octave < N_SIZES - 1:
                size //= 2
                octave += 1
            out[form, octave] += 1.0
    return out


@jit
def _content(looks: Looks, i: int, j: int, out: npt.NDArray[np.float64]) -> None:
    """Which tiles, how many, and where: the components that walk through the tiles of both."""
    a, a_end = looks.tile_start[i], looks.tile_start[i + 1]
    b, b_end = looks.tile_start[j], looks.tile_start[j + 1]
    squares, common, either, moved = 0.0, 0.0, 0.0, 0.0
    while a < a_end or b < b_end:
        if b == b_end or (a < a_end and looks.tiles[a] < looks.tiles[b]):
            squares += looks.roots[a] ** 2
            either += looks.logs[a]
            moved += looks.logs[a]
            a += 1
        elif a == a_end or looks.tiles[b] < looks.tiles[a]:
            squares += looks.roots[b] ** 2
            either += looks.logs[b]
            moved += looks.logs[b]
            b += 1
        else:
            squares += (looks.roots[a] - looks.roots[b]) ** 2
            most = max(looks.logs[a], looks.logs[b])
            common += min(looks.logs[a], looks.logs[b])
            either += most
            moved += most * (_moved(looks.maps, a, b, 0, N_FINE) / 2.0)
            moved += most * (_moved(looks.maps, a, b, N_FINE, N_SPOTS) / 2.0)
            a += 1
            b += 1
    out[TILES] = (squares / 2.0) ** 0.5
    out[KINDS] = 1.0 - common / either
    out[LAYOUT] = moved / either


@jit
def _moved(maps: npt.NDArray[np.float32], a: int, b: int, first: int, end: int) -> float:
    """Share of one tile that lies elsewhere, or is more, in one map than in the other."""
    apart, most = 0.0, 0.0
    for spot in range(first, end):
        x, y = np.float64(maps[a, spot]), np.float64(maps[b, spot])
        apart += abs(x - y)
        most += max(x, y)
    return apart / most


@jit
def _unshared(looks: Looks, a: int, a_end: int, b: int, b_end: int) -> float:
    """Weighted Jaccard distance of two lists of keys; 0 when both are empty."""
    common, either = 0.0, 0.0
    while a < a_end or b < b_end:
        if b == b_end or (a < a_end and looks.keys[a] < looks.keys[b]):
            either += looks.key_logs[a]
            a += 1
        elif a == a_end or looks.keys[b] < looks.keys[a]:
            either += looks.key_logs[b]
            b += 1
        else:
            common += min(looks.key_logs[a], looks.key_logs[b])
            either += max(looks.key_logs[a], looks.key_logs[b])
            a += 1
            b += 1
    return 1.0 - common / either if either > 0.0 else 0.0


@jit
def contrast(looks: Looks, i: int, j: int, out: npt.NDArray[np.float64]) -> None:
    """Write the components of the distance of levels ``i`` and ``j``, without units, to ``out``."""
    _content(looks, i, j, out)
    start = looks.key_start
    for which in range(N_LISTS):
        a, b = N_LISTS * i + which, N_LISTS * j + which
        out[PAIRS + which] = _unshared(looks, start[a], start[a + 1], start[b], start[b + 1])
    for block in range(len(OF_SHARES)):
        total = 0.0
        first, end = STARTS[block], STARTS[block + 1]
        if OF_SHARES[block]:
            for k in range(first, end):
                total += (np.float64(looks.nameless[i, k]) - np.float64(looks.nameless[j, k])) ** 2
            out[STRUCTURE + block] = (total / 2.0) ** 0.5
        else:
            for k in range(first, end):
                total += abs(np.float64(looks.nameless[i, k]) - np.float64(looks.nameless[j, k]))
            out[STRUCTURE + block] = total / (end - first)


@jit
def distances(
    looks: Looks,
    i: int,
    first: int,
    units: npt.NDArray[np.float64],
    weights: npt.NDArray[np.float64],
    out: npt.NDArray[np.float64],
) -> None:
    """Write the distances of level ``i`` from levels ``first`` and on to ``out[first:]``."""
    parts = np.zeros(N_COMPONENTS, np.float64)
    for j in range(first, out.shape[0]):
        contrast(looks, i, j, parts)
        total = 0.0
        for k in range(N_COMPONENTS):
            total += weights[k] * (1.0 - np.exp(-parts[k] / units[k]))
        out[j] = total


@jit
def all_distances(
    looks: Looks, units: npt.NDArray[np.float64], weights: npt.NDArray[np.float64]
) -> npt.NDArray[np.float64]:
    """``(n_levels, n_levels)`` distances of all pairs."""
    n = looks.nameless.shape[0]
    out = np.zeros((n, n), np.float64)
    for i in range(n):
        distances(looks, i, i + 1, units, weights, out[i])
        for j in range(i + 1, n):
            out[j, i] = out[i, j]
    return out
