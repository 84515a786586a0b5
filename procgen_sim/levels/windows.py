"""Patterns of a body of levels: k successive whole lines, or small windows of tiles.

Every pattern becomes a small whole number by ranking, not by hashing: a pattern of ``a + b`` lines
is the pair (first ``a``, last ``b``), and pairs of ranks are ranked again. So two patterns have
the same number exactly when they are the same, and each step costs one sort or one table.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Final

import numpy as np
import numpy.typing as npt

from procgen_sim._checks import check_int
from procgen_sim.levels.body import Body, as_grid

__all__ = ["Occurrences", "Patterns", "Size"]

Size = int | tuple[int, int]
"""``k`` for k successive whole lines, ``(rows, columns)`` for a window of tiles."""

_Codes = npt.NDArray[np.int32]

_TABLE_PER_KEY: Final = 8
"""Keys are ranked by a table when it has at most so many entries a key, else by sorting."""


@dataclass(frozen=True, kw_only=True, eq=False)
class Occurrences:
    """Every place where a pattern of one size occurs, level by level, in the order met.

    Attributes
    ----------
    code
        ``(n,)`` which pattern: 0 to ``distinct − 1``; equal codes, equal patterns.
    level
        ``(n,)`` in which level.
    start
        ``(n,)`` at which line of the level it begins; a window: at which tile, row by row, of
        the part of the level that counts.
    distinct
        Number of different patterns.
    n_levels
        Levels of the body, those without any pattern included.
    """

    code: _Codes
    level: _Codes
    start: _Codes
    distinct: int
    n_levels: int

    def __len__(self) -> int:
        return len(self.code)

    def counts(self) -> npt.NDArray[np.int64]:
        """``(distinct,)`` how often each pattern occurs."""
        return np.bincount(self.code, minlength=self.distinct)

    def by_level(self) -> tuple[_Codes, _Codes, npt.NDArray[np.int64]]:
        """``(n_pairs,)`` level, pattern, and how often it occurs there; sorted by level."""
        keys = self.level.astype(np.int64) * max(self.distinct, 1) + self.code
        keys, counts = np.unique(keys, return_counts=True)
        level, code = np.divmod(keys, max(self.distinct, 1))
        return level.astype(np.int32), code.astype(np.int32), counts


class Patterns:
    """The patterns of a body, coded once for all sizes.

    Parameters
    ----------
    body
        The levels.
    active_only
        Count only patterns that lie inside each level's active lines, so that padding outside
        start and finish passes neither for a pattern nor for repetition.

    Examples
    --------
    >>> from procgen_sim.levels import Level, Tileset
    >>> tiles = Tileset({"-": (), "X": ("solid",)})
    >>> level = Level.from_rows(["-----", "XX-XX"], tiles)
    >>> patterns = Patterns(Body.of("one", [level], order="columns"))
    >>> patterns.of(2).counts().tolist(), patterns.of((2, 2)).distinct
    ([1, 1, 2], 3)
    """

    def __init__(self, body: Body, *, active_only: bool = False) -> None:
        self.body = body
        self.active_only = active_only
        self._lengths = np.array([len(lines) for lines in body.lines])
        self._known: dict[int, tuple[_Codes, int]] = {}

    @staticmethod
    def among(source: Body | Patterns) -> Patterns:
        """Patterns of a body, or the patterns given."""
        return source if isinstance(source, Patterns) else Patterns(source)

    @property
    def n_lines(self) -> int:
        """Lines that count: all, or those that are active."""
        if not self.active_only:
            return self.body.n_lines
        return sum(part.stop - part.start for part in self.body.active)

    def of(self, size: Size) -> Occurrences:
        """Every occurrence of patterns of ``size``; levels that are too small have none.

        Raises
        ------
        InputError
            If a size is less than 1.
        """
        if isinstance(size, tuple):
            return self._windows(check_int("rows", size[0], low=1), size[1])
        k = check_int("k", size, low=1)
        code, level, start = self._lines(k)[0], *_places(self._lengths)
        if self.active_only:
            first, stop = np.array([[part.start, part.stop] for part in self.body.active]).T
        else:
            first, stop = np.zeros_like(self._lengths), self._lengths
        valid = (start >= first[level]) & (start + k <= stop[level])
        code, distinct = _rank(code[valid], len(code))
        return Occurrences(
            code=code,
            level=level[valid],
            start=start[valid],
            distinct=distinct,
            n_levels=self.body.n_levels,
        )

    def flat(self, k: int) -> npt.NDArray[np.bool_]:
        """For each occurrence in ``of(k)``: True where all its lines are the same."""
        code, _ = self._lines(1)
        places = self.of(k)
        at = np.cumsum(self._lengths)[places.level] - self._lengths[places.level] + places.start
        same = np.concatenate([[0], np.cumsum(code[1:] == code[:-1])])
        return np.asarray(same[at + k - 1] - same[at] == k - 1)

    def _lines(self, k: int) -> tuple[_Codes, int]:
        """``(n_lines,)`` code of the k lines from each line on (0 where too few are left)."""
        if k not in self._known:
            if k == 1:
                self._known[k] = _line_codes(self.body.lines)
            else:
                last = k // 2
                first, second = self._lines(k - last), self._lines(last)
                level, start = _places(self._lengths)
                whole = np.flatnonzero(start + k <= self._lengths[level])
                keys = first[0][whole].astype(np.int64) * second[1] + second[0][whole + k - last]
                ranks, n = _rank(keys, first[1] * second[1])
                codes = np.zeros(len(level), np.int32)
                codes[whole] = ranks
                self._known[k] = codes, n
        return self._known[k]

    def _windows(self, rows: int, columns: int) -> Occurrences:
        check_int("columns", columns, low=1)
        body = self.body
        grids = [as_grid(lines, body.order) for lines in body.lines]
        if self.active_only:
            grids = [
                grid[:, part]
                if body.order == "columns"
                else grid[(part if body.order == "reading" else _flipped(part, len(grid)))]
                for grid, part in zip(grids, body.active, strict=True)
            ]
        strips, n = _runs(grids, len(body.alphabet), columns, axis=1)
        windows, n = _runs(strips, n, rows, axis=0)
        sizes = [codes.size for codes in windows]
        start = [
            np.arange(codes.shape[0])[:, None] * grid.shape[1] + np.arange(codes.shape[1])
            for codes, grid in zip(windows, grids, strict=True)
        ]
        code, distinct = _rank(np.concatenate([codes.ravel() for codes in windows]), n)
        return Occurrences(
            code=code,
            level=np.repeat(np.arange(len(sizes), dtype=np.int32), sizes),
            start=np.concatenate([places.ravel().astype(np.int32) for places in start]),
            distinct=distinct,
            n_levels=body.n_levels,
        )


def _flipped(part: slice, n: int) -> slice:
    """Where lines counted from the bottom lie when counted from the top."""
    return slice(n - part.stop, n - part.start)


def _places(lengths: npt.NDArray[np.int64]) -> tuple[_Codes, _Codes]:
    """``(n,)`` level of each line (or tile), and its position in that level."""
    level = np.repeat(np.arange(len(lengths), dtype=np.int32), lengths)
    first = np.cumsum(lengths) - lengths
    return level, (np.arange(len(level)) - first[level]).astype(np.int32)


def _rank(keys: npt.NDArray[np.integer], space: int) -> tuple[_Codes, int]:
    """Number the different keys, all in ``[0, space)``, from 0 in their own order."""
    if not len(keys):
        return np.zeros(0, np.int32), 0
    if space <= _TABLE_PER_KEY * len(keys):
        present = np.zeros(space, np.bool_)
        present[keys] = True
        ranks = np.cumsum(present, dtype=np.int32)
        return ranks[keys] - np.int32(1), int(ranks[-1])
    values, inverse = np.unique(keys, return_inverse=True)
    return inverse.astype(np.int32), len(values)


def _runs(
    units: Sequence[npt.NDArray[np.integer]], n: int, k: int, *, axis: int
) -> tuple[Sequence[npt.NDArray[np.integer]], int]:
    """Codes of ``k`` adjacent units along an axis of each grid, where there are so many.

    ``units`` are codes below ``n``; so are the results, below the number returned with them.
    """
    if k == 1:
        return units, n
    last = k // 2
    heads, n_heads = _runs(units, n, k - last, axis=axis)
    tails, n_tails = (heads, n_heads) if 2 * last == k else _runs(units, n, last, axis=axis)
    keys = []
    for head, tail in zip(heads, tails, strict=True):
        left = max(0, tail.shape[axis] - (k - last))
        first = head[:, :left] if axis else head[:left]
        second = tail[:, k - last :] if axis else tail[k - last :]
        keys.append(first.astype(np.int64) * n_tails + second)
    ranks, distinct = _rank(np.concatenate([key.ravel() for key in keys]), n_heads * n_tails)
    ends = np.cumsum([key.size for key in keys])
    parts = np.split(ranks, ends[:-1])
    return [part.reshape(key.shape) for part, key in zip(parts, keys, strict=True)], distinct


def _line_codes(lines: Sequence[npt.NDArray[np.uint8]]) -> tuple[_Codes, int]:
    """``(n_lines,)`` code of every line; lines of different length differ."""
    first = np.cumsum([len(array) for array in lines]) - [len(array) for array in lines]
    codes = np.zeros(sum(map(len, lines)), np.int32)
    n = 0
    for length in sorted({array.shape[1] for array in lines}):
        members = [i for i, array in enumerate(lines) if array.shape[1] == length]
        where = np.concatenate([first[i] + np.arange(len(lines[i])) for i in members])
        padded = np.zeros((len(where), -(-length // 8) * 8), np.uint8)
        padded[:, :length] = np.concatenate([lines[i] for i in members])
        own, distinct = np.zeros(len(where), np.int32), 1
        for word in padded.view(np.uint64).T:  # eight tiles at a time
            values, inverse = np.unique(word, return_inverse=True)
            keys = own.astype(np.int64) * len(values) + inverse
            own, distinct = _rank(keys, distinct * len(values))
        codes[where] = own + n
        n += distinct
    return codes, n
