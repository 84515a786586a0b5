"""The level: a read-only grid of tiles with a tileset."""

from __future__ import annotations

import hashlib
from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
import numpy.typing as npt

from procgen_sim._checks import InputError
from procgen_sim.levels.tileset import Affordance, Flags, Tileset

__all__ = ["Level"]


@dataclass(frozen=True, eq=False)
class Level:
    """One level.

    Attributes
    ----------
    grid
        ``(rows, columns)`` tile codes, row 0 on top, read-only.
    tileset
        What the codes mean.
    name
        What people call it: the file's stem, or ``"on-model 12"``. Not part of equality.

    Examples
    --------
    >>> tiles = Tileset({"-": ("empty",), "X": ("solid",)})
    >>> level = Level.from_rows(["----", "XX-X"], tiles)
    >>> level.n_columns, level.mask(Affordance.SOLID).sum()
    (4, np.int64(3))
    """

    grid: npt.NDArray[np.uint8]
    tileset: Tileset
    name: str = ""

    def __post_init__(self) -> None:
        grid = np.ascontiguousarray(self.grid, dtype=np.uint8)
        if grid.ndim != 2 or 0 in grid.shape:
            raise InputError(
                f"level {self.name!r}",
                expected="a grid of at least one row and one column",
                found=f"shape {grid.shape}",
            )
        if int(grid.max()) >= len(self.tileset):
            raise InputError(
                f"level {self.name!r}",
                expected=f"tile codes below {len(self.tileset)}",
                found=str(int(grid.max())),
            )
        if grid is self.grid:
            grid = grid.copy()
        grid.flags.writeable = False
        object.__setattr__(self, "grid", grid)

    @classmethod
    def from_rows(cls, rows: Sequence[str], tileset: Tileset, name: str = "") -> Level:
        """Make a level from equally long rows of characters, top row first.

        Raises
        ------
        InputError
            If a row is longer or shorter than the first, or a character is unknown: says which.
        """
        width = len(rows[0]) if rows else 0
        grid = np.zeros((len(rows), width), dtype=np.uint8)
        for r, row in enumerate(rows):
            if len(row) != width:
                raise InputError(
                    f"{name or 'level'}, line {r + 1}, column {min(len(row), width) + 1}",
                    expected=f"a row of {width} tiles like the first",
                    found=f"{len(row)} tiles",
                )
            for c, character in enumerate(row):
                code = tileset.codes.get(character)
                if code is None:
                    raise InputError(
                        f"{name or 'level'}, line {r + 1}, column {c + 1}",
                        expected=f"a tile of the tileset ({''.join(tileset.characters)})",
                        found=f"{character!r}",
                        do="add it to tileset.json or correct the level",
                    )
                grid[r, c] = code
        return cls(grid, tileset, name)

    def __eq__(self, other: object) -> bool:
        return (
            isinstance(other, Level)
            and self.tileset == other.tileset
            and np.array_equal(self.grid, other.grid)
        )

    def __hash__(self) -> int:
        return hash((self.grid.shape, self.grid.tobytes()))

    @property
    def n_rows(self) -> int:
        return int(self.grid.shape[0])

    @property
    def n_columns(self) -> int:
        return int(self.grid.shape[1])

    @property
    def flags(self) -> Flags:
        """``(rows, columns)`` affordance bits."""
        return self.tileset.flags[self.grid]

    def mask(self, affordance: Affordance) -> npt.NDArray[np.bool_]:
        """``(rows, columns)`` True where a tile has (any bit of) the affordance."""
        return self.tileset.affords(affordance)[self.grid]

    def rows(self) -> list[str]:
        """The level as rows of characters, top row first."""
        characters = np.array(self.tileset.characters)
        return ["".join(row) for row in characters[self.grid]]

    def digest(self) -> str:
        """32 hexadecimal digits that name the content: the tiles, and what those in it mean."""
        used = [self.tileset.characters[code] for code in np.unique(self.grid).tolist()]
        meanings = [" ".join((character, *self.tileset.tags[character])) for character in used]
        text = "\n".join([*self.rows(), "", *meanings]).encode()
        return hashlib.blake2b(text, digest_size=16).hexdigest()
