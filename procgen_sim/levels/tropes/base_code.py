"""What tiles cost somebody who has learned no pattern yet.

In the order levels are met, a tile is like the one at its place in the line before, or like the one
before it in its own line, or new. How often each happens is counted for every pair of those two; a
new tile is spelled by how often each tile is new. So a run of sky or of ground costs next to
nothing, and what stands on it costs a lot.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any, Final, NamedTuple

import numpy as np
import numpy.typing as npt

__all__ = ["BaseCode", "Bits", "Sheet", "Tiles", "Where"]

Tiles = npt.NDArray[np.uint8]
Bits = npt.NDArray[np.float64]
Where = npt.NDArray[np.int64]

_GRAIN: Final = 2.0**16
"""Bits are kept in steps of one part in this: their sums are exact, in whatever order."""

_ROUNDS: Final = 200
"""Rounds of a fixed point that is near after twenty."""

_TINY: Final = 1e-12

_LIKE_BEFORE, _LIKE_ABOVE, _NEW = 0, 1, 2


class Sheet(NamedTuple):
    """Levels laid out on one grid, line after line and level after level.

    ``tiles`` is ``(lines, line_length)``; shorter lines are padded with ``n_tiles``, which is no
    tile. ``level`` is ``(lines,)``: whose line it is.
    """

    tiles: Tiles
    level: Where
    n_tiles: int

    @classmethod
    def of(cls, levels: Sequence[Tiles], n_tiles: int) -> Sheet:
        """Lay out levels, each ``(n_lines, line_length)`` codes below ``n_tiles``."""
        length = max(lines.shape[1] for lines in levels)
        tiles = np.full((sum(map(len, levels)), length), n_tiles, np.uint8)
        start = 0
        for lines in levels:
            tiles[start : start + len(lines), : lines.shape[1]] = lines
            start += len(lines)
        return cls(tiles, np.repeat(np.arange(len(levels)), list(map(len, levels))), n_tiles)

    @property
    def real(self) -> npt.NDArray[np.bool_]:
        """``(lines, line_length)`` False in the padding."""
        real: npt.NDArray[np.bool_] = self.tiles < self.n_tiles
        return real

    @property
    def shapes(self) -> Where:
        """``(n_levels, 2)`` the lines of each level and their length."""
        n_lines = np.bincount(self.level)
        starts = np.cumsum(n_lines) - n_lines
        return np.stack([n_lines, self.real[starts].sum(axis=1)], axis=1)

    def neighbours(self) -> tuple[Tiles, Tiles]:
        """The tile at this place in the line before, and the one before in this line."""
        before, above = np.full((2, *self.tiles.shape), self.n_tiles, np.uint8)
        same = self.level[1:] == self.level[:-1]
        before[1:][same] = self.tiles[:-1][same]
        above[:, 1:] = self.tiles[:, :-1]
        return before, above


@dataclass(frozen=True, kw_only=True, eq=False)
class BaseCode:
    """The code, fitted to levels.

    Attributes
    ----------
    event_bits
        ``(n + 1, n + 1, 3)`` for n tiles: bits to say that a tile is like the first neighbour,
        like the second, or new, by what the two are; n stands for none.
    new_bits
        ``(n,)`` bits to spell a new tile that could be any.
    tile_bits
        ``(n,)`` bits of each tile by its frequency alone, with which patterns are spelled.
    """

    event_bits: Bits
    new_bits: Bits
    tile_bits: Bits

    @classmethod
    def fit(cls, sheet: Sheet) -> BaseCode:
        """Count; everything has been met half a time before [Willems1995]_."""
        n = sheet.n_tiles
        before, above = sheet.neighbours()
        event = _events(sheet.tiles, before, above)
        real = sheet.real
        index = (before[real].astype(np.int64) * (n + 1) + above[real]) * 3 + event[real]
        counts = _counts(index, 3 * (n + 1) ** 2).reshape(n + 1, n + 1, 3)
        counts[np.arange(n + 1), np.arange(n + 1), _LIKE_ABOVE] = 0.0  # alike: it is the first
        counts[n, :, _LIKE_BEFORE] = counts[:, n, _LIKE_ABOVE] = 0.0  # none is like no tile
        n_others = n - np.array([len({a, b} - {n}) for a in range(n + 1) for b in range(n + 1)])
        counts[..., _NEW][n_others.reshape(n + 1, n + 1) == 0] = 0.0  # they are all there are
        with np.errstate(divide="ignore"):
            event_bits = -np.log2(counts / counts.sum(axis=2, keepdims=True))
        fresh = _counts(sheet.tiles[real & (event == _NEW)], n)
        tiles = _counts(sheet.tiles[real], n)
        return cls(
            event_bits=event_bits,
            new_bits=-np.log2(_shares(fresh, counts[..., _NEW])),
            tile_bits=-np.log2(tiles / tiles.sum()),
        )

    def bits(self, sheet: Sheet) -> Bits:
        """``(lines, line_length)`` bits of every tile; 0 in the padding."""
        before, above = sheet.neighbours()
        event = _events(sheet.tiles, before, above)
        real = sheet.real
        bits: Bits = np.where(real, self.event_bits[before, above, event], 0.0)
        new = real & (event == _NEW)
        # A new tile is neither of its neighbours, which leaves more probability to the others.
        left = np.maximum(1.0 - _taken(np.append(2.0**-self.new_bits, 0.0)), _TINY)
        bits[new] += self.new_bits[sheet.tiles[new]] + np.log2(left)[before[new], above[new]]
        bits *= _GRAIN
        return bits.round() / _GRAIN


def _counts(codes: npt.NDArray[np.integer[Any]], n: int) -> Bits:
    return np.asarray(np.bincount(codes, minlength=n) + 0.5, np.float64)


def _shares(fresh: Bits, n_new: Bits) -> Bits:
    """``(n,)`` how often a new tile is each, if it could be any.

    A new tile is neither of its neighbours, so where the common tile is a neighbour, as it mostly
    is, the rare ones are met more often than they would be. With shares q, a new tile beside a and
    b is t with probability q_t / (1 − q_a − q_b). Their maximum likelihood, given ``fresh`` counts
    ``(n,)`` of new tiles and ``n_new`` ``(n + 1, n + 1)`` of pairs of neighbours with a new tile
    beside them, is a fixed point that iteration climbs to [Hunter2004]_.
    """
    n = len(fresh)
    q = fresh / fresh.sum()
    for _ in range(_ROUNDS):
        padded = np.append(q, 0.0)
        weight = n_new / np.maximum(1.0 - _taken(padded), _TINY)
        # Everywhere a tile could have come, which is not beside itself.
        beside = weight.sum(axis=1) + weight.sum(axis=0) - weight.diagonal()
        q = fresh / np.maximum(weight.sum() - beside[:n], _TINY)
        q /= q.sum()
    return np.asarray(q)


def _taken(padded: Bits) -> Bits:
    """``(n + 1, n + 1)`` the share of two neighbours together; no share for none."""
    taken: Bits = padded[:, None] + padded
    np.fill_diagonal(taken, padded)
    return taken


def _events(tiles: Tiles, before: Tiles, above: Tiles) -> Tiles:
    likes = np.where(tiles == above, _LIKE_ABOVE, _NEW)
    return np.where(tiles == before, _LIKE_BEFORE, likes).astype(np.uint8)
