"""Patterns of k adjacent columns, and how the vocabulary of a body of levels grows.

A designer keeps finding new shapes; a constructive generator stops. The number of distinct
patterns D(n) in the first n levels tells them apart: Heaps' law D(n) ∝ n^β [Heaps1978]_, with β
near 1 while everything is new and near 0 once everything has been seen.
"""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np
import numpy.typing as npt

from procgen_sim._checks import InputError, check_int
from procgen_sim.levels.level import Level

__all__ = ["column_patterns", "heaps_exponent", "vocabulary_growth"]


def column_patterns(level: Level, k: int = 3) -> list[str]:
    """The ``n_columns − k + 1`` patterns of ``k`` adjacent whole columns, left to right.

    A pattern is written column by column, top to bottom; levels narrower than ``k`` have none.
    Characters, not codes, so that levels of different tilesets compare.
    """
    check_int("k", k, low=1)
    columns = ["".join(column) for column in zip(*level.rows(), strict=True)]
    return ["|".join(columns[i : i + k]) for i in range(len(columns) - k + 1)]


def vocabulary_growth(levels: Sequence[Level], k: int = 3) -> npt.NDArray[np.int64]:
    """``(n_levels,)`` distinct patterns in the first 1, 2, … levels, in the order given.

    Examples
    --------
    >>> from procgen_sim.levels import Tileset
    >>> tiles = Tileset({"-": (), "X": ("solid",)})
    >>> levels = [Level.from_rows(["-----", row], tiles) for row in ("XXXXX", "XX-XX", "XXXXX")]
    >>> vocabulary_growth(levels).tolist()
    [1, 4, 4]
    """
    seen: set[str] = set()
    growth = []
    for level in levels:
        seen.update(column_patterns(level, k))
        growth.append(len(seen))
    return np.array(growth, dtype=np.int64)


def heaps_exponent(growth: npt.NDArray[np.int64]) -> float:
    """Slope β of log D(n) against log n by least squares.

    Raises
    ------
    InputError
        If there are fewer than two levels, or a level without patterns comes first.

    Examples
    --------
    >>> round(heaps_exponent(np.array([10, 20, 30, 40])), 6)
    1.0
    """
    if len(growth) < 2 or growth[0] < 1:
        raise InputError(
            "vocabulary growth",
            expected="at least two levels, the first with patterns",
            found=f"{len(growth)} levels" if len(growth) < 2 else "a first level without any",
        )
    n = np.log(np.arange(1, len(growth) + 1))
    slope, _ = np.polyfit(n, np.log(growth), 1)
    return float(slope)
