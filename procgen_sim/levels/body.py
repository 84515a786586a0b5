"""A body of levels as players meet it: line after line, in one alphabet.

A *line* is what comes next: a column of a side-scroller, a row of a tower climbed from below, a row
of a single screen that is taken in top to bottom. Everything that asks how predictable levels are
works on lines, so that it works for any grid.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Final, Literal

import numpy as np
import numpy.typing as npt

from procgen_sim._checks import InputError, check_choice
from procgen_sim.levels.level import Level
from procgen_sim.levels.tileset import Affordance

__all__ = ["ORDERS", "Body", "Lines", "Order", "as_grid", "as_lines", "guess_order"]

Lines = npt.NDArray[np.uint8]
"""``(n_lines, line_length)`` tile codes: lines in the order they are met."""

Order = Literal["columns", "rows-up", "reading"]

ORDERS: Final[dict[str, str]] = {
    "columns": "columns from left to right, for side-scrollers",
    "rows-up": "rows from bottom to top, for levels that are climbed",
    "reading": "rows from top to bottom, for single screens and levels one falls through",
}
"""The orders in which levels are met."""

_TALL: Final = 1.5
"""Height over width from which a level is taken for one that is climbed."""

_SQUARE: Final = 1.75
"""Width over height up to which a level is taken for a single screen."""


def as_lines(grid: npt.NDArray[np.uint8], order: Order) -> Lines:
    """The lines of a grid ``(rows, columns)``, row 0 on top; of a column, its top tile first.

    Examples
    --------
    >>> grid = np.array([[1, 2, 3], [4, 5, 6]], np.uint8)
    >>> as_lines(grid, "columns").tolist(), as_lines(grid, "rows-up").tolist()
    ([[1, 4], [2, 5], [3, 6]], [[4, 5, 6], [1, 2, 3]])
    """
    check_choice("order", order, ORDERS)
    if order == "columns":
        return np.ascontiguousarray(grid.T)
    return np.ascontiguousarray(grid[::-1] if order == "rows-up" else grid)


def as_grid(lines: Lines, order: Order) -> npt.NDArray[np.uint8]:
    """What :func:`as_lines` took apart, together again: ``(rows, columns)``."""
    check_choice("order", order, ORDERS)
    if order == "columns":
        return np.ascontiguousarray(lines.T)
    return np.ascontiguousarray(lines[::-1] if order == "rows-up" else lines)


def guess_order(levels: Sequence[Level]) -> Order:
    """The order that fits the shape of most levels: wide, tall or a single screen."""
    shape = np.median([[level.n_rows, level.n_columns] for level in levels], axis=0)
    if shape[0] >= _TALL * shape[1]:
        return "rows-up"
    return "reading" if shape[1] <= _SQUARE * shape[0] else "columns"


@dataclass(frozen=True, kw_only=True, eq=False)
class Body:
    """Levels to be judged together.

    Attributes
    ----------
    name
        What people call it.
    levels
        At least one, in the order they are met.
    order
        How each is met.
    alphabet
        Every character that occurs, sorted; a tile's code in :attr:`lines` is its position.
    lines
        One ``(n_lines, line_length)`` array a level.
    active
        One slice a level: its lines without the padding outside start and finish.

    Raises
    ------
    InputError
        If there is no level.
    """

    name: str
    levels: tuple[Level, ...]
    order: Order
    alphabet: str
    lines: tuple[Lines, ...]
    active: tuple[slice, ...]

    @classmethod
    def of(cls, name: str, levels: Sequence[Level], *, order: Order | None = None) -> Body:
        """Make a body of levels; ``order`` None for the one that fits their shape."""
        if not levels:
            raise InputError(f"body {name!r}", expected="at least one level", found="none")
        how: Order = order or guess_order(levels)
        used = set()
        for level in levels:
            characters = level.tileset.characters
            used |= {characters[code] for code in np.unique(level.grid)}
        alphabet = "".join(sorted(used))
        codes = {character: code for code, character in enumerate(alphabet)}
        recodings = {
            tiles: np.array([codes.get(c, 0) for c in tiles.characters], dtype=np.uint8)
            for tiles in {level.tileset for level in levels}
        }
        lines = [as_lines(recodings[level.tileset][level.grid], how) for level in levels]
        for array in lines:
            array.flags.writeable = False
        return cls(
            name=name,
            levels=tuple(levels),
            order=how,
            alphabet=alphabet,
            lines=tuple(lines),
            active=tuple(map(_active, levels, lines, [how] * len(levels))),
        )

    @property
    def n_levels(self) -> int:
        return len(self.levels)

    @property
    def n_lines(self) -> int:
        """Lines of all levels together."""
        return sum(map(len, self.lines))

    @property
    def line_name(self) -> str:
        """``"column"`` or ``"row"``."""
        return "column" if self.order == "columns" else "row"

    def take(self, indices: Sequence[int]) -> Body:
        """The body of some of these levels, in that order; the alphabet stays."""
        return Body(
            name=self.name,
            levels=tuple(self.levels[i] for i in indices),
            order=self.order,
            alphabet=self.alphabet,
            lines=tuple(self.lines[i] for i in indices),
            active=tuple(self.active[i] for i in indices),
        )


def _active(level: Level, lines: Lines, order: Order) -> slice:
    """Lines between the padding: runs of one line repeated at either end, of which one is kept.

    Where the tileset says what is start and goal, only what lies outside them is padding.
    """
    n = len(lines)
    changes = np.flatnonzero((lines[1:] != lines[:-1]).any(axis=1))
    if not len(changes):  # the same line throughout: nothing but the level itself
        return slice(0, n)
    first, last = int(changes[0]), int(changes[-1]) + 1
    axis = 0 if order == "columns" else 1
    for affordance in (Affordance.START, Affordance.GOAL):
        marked = level.mask(affordance)
        marked = marked[::-1] if order == "rows-up" else marked
        where = np.flatnonzero(marked.any(axis=axis))
        if len(where):
            first, last = min(first, int(where[0])), max(last, int(where[-1]))
    return slice(first, last + 1)
