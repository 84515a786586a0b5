"""The level itself: everything that stands still or moves on the spot, painted once and scrolled.

The picture is painted in squares of 32 × 32 tiles, each in two versions for tiles that have a
second picture, so a frame costs one or two large copies however much there is to be seen. A tile
that changes is painted over in the squares.
"""

from __future__ import annotations

from collections.abc import Sequence
from functools import cache
from typing import Final

import numpy as np
import numpy.typing as npt
import pygame

from procgen_sim.game.view.sprites import tile_surfaces
from procgen_sim.levels import Affordance, Level
from procgen_sim.levels.art import Art, load_art, picture_keys
from procgen_sim.levels.autotile import picture_layers
from procgen_sim.platformer import TICKS_PER_S

__all__ = ["TILE_PX", "Tiles"]

TILE_PX: Final = 16
SQUARE: Final = 32
"""Tiles to a side of a painted square."""

KEPT_SQUARES: Final = 64
"""A level of more is painted as one goes, and forgotten when far behind."""

PICTURES_PER_S: Final = 3
TICKS_A_PICTURE: Final = TICKS_PER_S // PICTURES_PER_S

COIN: Final = "generic:collectable"

Indices = npt.NDArray[np.intp]


class Tiles:
    """A level's tiles, in an art.

    Parameters
    ----------
    level
        Whose tiles. Creatures are left out: they walk.
    art
        Whose pictures.

    Attributes
    ----------
    coin
        The picture of a coin.
    """

    def __init__(self, level: Level, art: Art) -> None:
        self._pictures = _surfaces(art.name)
        self.coin: Final = self._pictures[art.variants.get("o", art.variants[COIN])[0]]
        self._second = second_pictures(art)
        keys = picture_keys(art, level.tileset)
        self._behind, front = picture_layers(level, art)
        front[level.mask(Affordance.ENEMY)] = 0
        _mark_the_end(front, level, art)
        self._used = _used_pictures(level, art, keys)
        self._first: Final[Indices] = front
        self._front = front.copy()
        self._squares: dict[tuple[int, int, int], pygame.Surface] = {}
        n_rows, n_columns = (-(-n // SQUARE) for n in front.shape)
        if 2 * n_rows * n_columns <= KEPT_SQUARES:
            for row in range(n_rows):
                for column in range(n_columns):
                    self._square(row, column, 0)
                    self._square(row, column, 1)

    def reset(self) -> None:
        """Show the level as it begins."""
        for row, column in np.argwhere(self._front != self._first).tolist():
            self._show(row, column, int(self._first[row, column]))

    def change(self, row: int, column: int, what: str) -> pygame.Surface:
        """Show a tile as it is from now on, and return the picture it had: what flies apart,
        or hops.

        Parameters
        ----------
        row, column
            Which tile.
        what
            ``coin`` (gone), ``broken`` (gone), or ``bonus`` (used).
        """
        was: pygame.Surface = self._pictures[self.picture(row, column)]
        self._show(row, column, int(self._used[row, column]) if what == "bonus" else 0)
        return was

    def picture(self, row: int, column: int) -> int:
        """Which of the art's pictures stands for a tile now, 0 for none."""
        return int(self._front[row, column])

    def draw(self, surface: pygame.Surface, camera: tuple[int, int], tick: int) -> None:
        """Draw what the view sees.

        Parameters
        ----------
        surface
            The view.
        camera
            The level's pixel in the view's top left corner.
        tick
            The time, for tiles with two pictures.
        """
        version = tick // TICKS_A_PICTURE % 2
        x, y = camera
        width, height = surface.get_size()
        side = SQUARE * TILE_PX
        n_rows, n_columns = self._front.shape
        last_row = min((y + height - 1) // side, (n_rows - 1) // SQUARE)
        last_column = min((x + width - 1) // side, (n_columns - 1) // SQUARE)
        for row in range(max(0, y // side), last_row + 1):
            for column in range(max(0, x // side), last_column + 1):
                square = self._square(row, column, version)
                surface.blit(square, (column * side - x, row * side - y))

    def _square(self, row: int, column: int, version: int) -> pygame.Surface:
        where = row, column, version
        square = self._squares.pop(where, None)
        if square is None:
            square = self._painted(row, column, version)
            if len(self._squares) >= KEPT_SQUARES:
                del self._squares[next(iter(self._squares))]
        self._squares[where] = square  # at the end: the first is the one not seen for longest
        return square

    def _painted(self, row: int, column: int, version: int) -> pygame.Surface:
        rows = slice(row * SQUARE, (row + 1) * SQUARE)
        columns = slice(column * SQUARE, (column + 1) * SQUARE)
        behind, front = self._behind[rows, columns], self._front[rows, columns]
        size = front.shape[1] * TILE_PX, front.shape[0] * TILE_PX
        square = pygame.Surface(size, pygame.SRCALPHA)
        for indices in (behind, self._second[front] if version else front):
            square.blits(
                [
                    (self._pictures[indices[r, c]], (c * TILE_PX, r * TILE_PX))
                    for r, c in np.argwhere(indices).tolist()
                ],
                doreturn=False,
            )
        return square

    def _show(self, row: int, column: int, picture: int) -> None:
        self._front[row, column] = picture
        for version, index in enumerate((picture, int(self._second[picture]))):
            square = self._squares.get((row // SQUARE, column // SQUARE, version))
            if square is not None:
                place = column % SQUARE * TILE_PX, row % SQUARE * TILE_PX
                square.fill((0, 0, 0, 0), (*place, TILE_PX, TILE_PX))
                square.blit(self._pictures[self._behind[row, column]], place)
                square.blit(self._pictures[index], place)


@cache
def _surfaces(name: str) -> Sequence[pygame.Surface]:
    return tile_surfaces(load_art(name))


def second_pictures(art: Art) -> Indices:
    """``(n,)`` the picture that each of the art's pictures alternates with; mostly itself."""
    second: Indices = np.arange(len(art.pictures))
    for key, pictures in art.variants.items():
        others = art.variants.get(f"{key}_2", ())
        for i, picture in enumerate(pictures):
            if others:
                second[picture] = others[i % len(others)]
    return second


def _used_pictures(level: Level, art: Art, keys: Sequence[str | None]) -> Indices:
    """``(rows, columns)`` the picture of each tile once it has given what it had."""
    by_code = np.zeros(len(keys), dtype=np.intp)
    for code, key in enumerate(keys):
        own = f"{key}_used"
        by_code[code] = art.variants[own if own in art.variants else "generic:bonus_used"][0]
    return by_code[level.grid]


def _mark_the_end(front: Indices, level: Level, art: Art) -> None:
    """Put a goal into the last column, which is the goal of a level without one; in place."""
    if level.mask(Affordance.GOAL).any():
        return
    flag = art.variants.get("F", art.variants["generic:goal"])[0]
    solid = level.mask(Affordance.SOLID | Affordance.ONE_WAY)[:, -1]
    places = np.flatnonzero((front[:-1, -1] == 0) & solid[1:])
    if len(places):
        front[places[-1], -1] = flag
