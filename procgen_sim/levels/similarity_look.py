"""What a level looks like, measured once: everything the perceptual distance compares.

Shares of what is rare are made to count by square roots (Hellinger's distance) or by
log2(1 + share / 0.01), in which one tile in a hundred counts 1 and a tile that fills the level 6.7.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING, Final

import numpy as np
import numpy.typing as npt

from procgen_sim.levels.similarity_grid import GridLike, identities
from procgen_sim.levels.similarity_pattern import complexity, regularity, shapes, symmetry, unit

if TYPE_CHECKING:
    from procgen_sim.levels.similarity_kernel import Looks

__all__ = ["Look", "describe", "pack"]

Floats = npt.NDArray[np.float64]
Keys = npt.NDArray[np.uint64]
Ints = npt.NDArray[np.int64]

_GRIDS: Final = ((6, 0.09), (3, 0.2))
"""Spots a side of the fine and the coarse map and the blur's sd, in parts of the side."""

_ONE: Final = 0.01
"""Share of the tiles that counts as one tile: about one in a board of 9 by 9 or 11 by 16."""


@dataclass(frozen=True, kw_only=True, eq=False)
class Look:
    """What a level looks like.

    Attributes
    ----------
    tiles
        ``(n_tiles,)`` identities of the tiles that occur, sorted.
    roots, logs
        ``(n_tiles,)`` square roots and logarithms of their shares: the second makes the most of a
        tile being there at all.
    maps
        ``(n_tiles, 45)`` share of each tile around each of 36 close and 9 wide spots.
    keys, key_logs
        Three lists each, of pairs, blocks and runs: sorted names of what occurs and the logarithms
        of its shares.
    nameless
        ``(805,)`` everything that does not depend on which tile is which.
    """

    tiles: Ints
    roots: Floats
    logs: Floats
    maps: npt.NDArray[np.float32]
    keys: tuple[Keys, Keys, Keys]
    key_logs: tuple[Floats, Floats, Floats]
    nameless: npt.NDArray[np.float32]

    def __post_init__(self) -> None:
        shown = (self.tiles, self.roots, self.logs, self.maps, self.nameless)
        for array in (*shown, *self.keys, *self.key_logs):
            array.flags.writeable = False


def describe(level: GridLike) -> Look:
    """Measure a level, to compare it with many others.

    Raises
    ------
    InputError
        If it is not a grid of tiles.
    """
    from procgen_sim.levels.similarity_kernel import blur, forms, kinship

    grid = identities(level)
    tiles, codes = np.unique(grid, return_inverse=True)
    codes = np.ascontiguousarray(codes.reshape(grid.shape).astype(np.int64))
    n = len(tiles)
    shares = np.bincount(codes.ravel(), minlength=n) / codes.size
    maps = np.concatenate(
        [blur(codes, n, *(_weights(length, *g) for length in grid.shape)) for g in _GRIDS], axis=1
    )
    fine = maps[:, : _GRIDS[0][0] ** 2]
    runs, strokes = _runs(grid)
    lists = (_pairs(grid), _blocks(grid), runs)
    nameless = [
        kinship(np.sqrt(fine)),
        (1 - shares) @ fine,
        shapes(codes),
        strokes,
        np.sqrt(unit(forms(codes).ravel())),
        symmetry(codes, shares),
        regularity(codes, shares),
        complexity(codes, shares),
        np.log2(grid.shape),
    ]
    return Look(
        tiles=tiles,
        roots=np.sqrt(shares),
        logs=_logs(shares),
        maps=maps.astype(np.float32),
        keys=(lists[0][0], lists[1][0], lists[2][0]),
        key_logs=(lists[0][1], lists[1][1], lists[2][1]),
        nameless=np.concatenate(nameless).astype(np.float32),
    )


def _logs(shares: Floats) -> Floats:
    return np.asarray(np.log2(1 + shares / _ONE))


def _weights(length: int, n_spots: int, sd: float) -> Floats:
    """``(n_spots, length)`` what each line counts for each spot, both spread over [0, 1]."""
    where = (np.arange(length) + 0.5) / length
    spots = (np.arange(n_spots) + 0.5) / n_spots
    # Where lines are farther apart than the blur is wide, the nearest must still count.
    sd = max(sd, 0.5 / length)
    weights = np.exp(-0.5 * ((spots[:, None] - where) / sd) ** 2)
    return np.asarray(weights / weights.sum(axis=1, keepdims=True))


def _mixed(*parts: Ints | np.int64) -> Keys:
    """One 64-bit key of several numbers each (SplitMix64 [Steele2014]_, chained)."""
    key = np.zeros(1, np.uint64)
    for part in parts:
        word = np.atleast_1d(np.asarray(part, np.int64)).view(np.uint64)
        key = (key + np.uint64(0x9E3779B97F4A7C15)) ^ word
        key = (key ^ (key >> np.uint64(30))) * np.uint64(0xBF58476D1CE4E5B9)
        key = (key ^ (key >> np.uint64(27))) * np.uint64(0x94D049BB133111EB)
        key = key ^ (key >> np.uint64(31))
    return key


def _counted(keys: Keys) -> tuple[Keys, Floats]:
    """Distinct keys, sorted, and the logarithms of their shares."""
    distinct, counts = np.unique(keys, return_counts=True)
    return distinct, _logs(unit(counts.astype(np.float64)))


def _pairs(grid: Ints) -> tuple[Keys, Floats]:
    """Which tiles touch, side by side or one on the other, in either order."""
    a = np.concatenate([grid[:, :-1].ravel(), grid[:-1].ravel()])
    b = np.concatenate([grid[:, 1:].ravel(), grid[1:].ravel()])
    return _counted(_mixed(np.minimum(a, b), np.maximum(a, b)))


def _blocks(grid: Ints) -> tuple[Keys, Floats]:
    """Squares of two by two tiles."""
    corners = grid[:-1, :-1], grid[:-1, 1:], grid[1:, :-1], grid[1:, 1:]
    return _counted(_mixed(*(corner.ravel() for corner in corners)))


def _runs(grid: Ints) -> tuple[tuple[Keys, Floats], Floats]:
    """Straight runs of one tile by tile, direction and length; and whatever the tile.

    Lengths are in octaves, and a run between two octaves counts for both, in parts.
    """
    keys, weights = [], []
    strokes = np.zeros((2, 7))
    for direction, lines in enumerate((grid, grid.T)):
        starts = np.ones(lines.shape, np.bool_)
        starts[:, 1:] = lines[:, 1:] != lines[:, :-1]
        first = np.flatnonzero(starts.ravel())
        lengths = np.diff(np.append(first, lines.size))
        octaves = np.minimum(np.log2(lengths), 6.0)
        low = octaves.astype(np.int64)
        tile = lines.ravel()[first]
        for bins, part in ((low, low + 1 - octaves), (low + 1, octaves - low)):
            used = part > 0
            share = (part * lengths)[used] / lines.size
            keys.append(_mixed(np.int64(direction), tile[used], bins[used]))
            weights.append(share / 2)
            strokes[direction] += np.bincount(bins[used], share, 7)
    distinct, inverse = np.unique(np.concatenate(keys), return_inverse=True)
    counts = np.bincount(inverse.ravel(), np.concatenate(weights), len(distinct))
    return (distinct, _logs(counts.astype(np.float64))), np.cumsum(strokes, axis=1).ravel()


def pack(looks: Sequence[Look]) -> Looks:
    """Looks as the plain arrays that kernels take."""
    from procgen_sim.levels.similarity_kernel import Looks

    keys = [part for look in looks for part in look.keys]
    return Looks(
        tile_start=_starts([len(look.tiles) for look in looks]),
        tiles=np.concatenate([look.tiles for look in looks]),
        roots=np.concatenate([look.roots for look in looks]),
        logs=np.concatenate([look.logs for look in looks]),
        maps=np.concatenate([look.maps for look in looks]),
        key_start=_starts([len(part) for part in keys]),
        keys=np.concatenate(keys),
        key_logs=np.concatenate([part for look in looks for part in look.key_logs]),
        nameless=np.stack([look.nameless for look in looks]),
    )


def _starts(lengths: list[int]) -> Ints:
    return np.concatenate([[0], np.cumsum(lengths)]).astype(np.int64)
