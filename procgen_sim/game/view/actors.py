"""Who moves: the player and the creatures, drawn between two ticks."""

from __future__ import annotations

from typing import Final

import numpy as np
import numpy.typing as npt
import pygame

from procgen_sim.game.view.sprites import Move, player_moves, tile_surfaces
from procgen_sim.game.view.tiles import TICKS_A_PICTURE, TILE_PX, second_pictures
from procgen_sim.levels import Tileset
from procgen_sim.levels.art import Art, picture_keys
from procgen_sim.platformer import RULES, TICKS_PER_S, State

__all__ = ["UNITS_PER_PX", "Creatures", "Player", "between", "pose"]

UNITS_PER_PX: Final = RULES.tile // TILE_PX
STRIDE: Final = 1536
"""Units that one frame of running covers, so feet do not slide."""

WALKING: Final = 24
"""Speed, units a tick, below which a body on the ground stands."""

LANDING_TICKS: Final = 9


def between(was: int, now: int, alpha: float) -> int:
    """The pixel of a place in units, ``alpha`` of the way from the last tick's to this one's.

    >>> between(0, 512, 0.5), between(0, 512, 1.0)
    (1, 2)
    """
    return round((was + (now - was) * alpha) / UNITS_PER_PX)


def pose(state: State, tick: int, n_landed: int) -> tuple[str, int]:
    """What a body at play is seen doing: the name of the move, and which frame of it.

    Standing takes its frames from the time, running and climbing from the way gone.

    Parameters
    ----------
    state
        The body.
    tick
        The time.
    n_landed
        Ticks since it last came down hard.
    """
    if state.climbing:
        return "climb", (state.x + state.y) // (2 * RULES.rung)
    if not state.grounded:
        return ("jump" if state.vy < 0 else "fall"), 0
    if state.vx * state.facing < 0:
        return "skid", 0
    if abs(state.vx) > WALKING:
        return "run", abs(state.x) // STRIDE
    if n_landed < LANDING_TICKS:
        return "land", 0
    return "idle", tick * 2 // TICKS_PER_S


class Player:
    """The player's pictures in an art."""

    def __init__(self, art: Art) -> None:
        self._moves: Final[dict[str, Move]] = player_moves(art.name)

    def draw(
        self,
        surface: pygame.Surface,
        camera: tuple[int, int],
        feet: tuple[int, int],
        move: str,
        frame: int,
        facing: int,
    ) -> None:
        """Draw one frame of a move.

        Parameters
        ----------
        surface, camera
            The view, and the level's pixel in its top left corner.
        feet
            The middle of the lower edge of the body's box, pixels of the level.
        move, frame, facing
            Which picture; facing is +1 to the right, −1 to the left.
        """
        picture = self._moves[move].frame(frame, facing)
        x = feet[0] - picture.get_width() // 2 - camera[0]
        y = feet[1] - picture.get_height() - camera[1]
        surface.blit(picture, (x, y))


class Creatures:
    """The creatures' pictures in an art.

    Parameters
    ----------
    tileset
        What the levels' codes mean.
    art
        Whose pictures.
    """

    def __init__(self, tileset: Tileset, art: Art) -> None:
        pictures, second = tile_surfaces(art), second_pictures(art)
        self._pictures: Final = [
            None if key is None else (pictures[first], pictures[second[first]])
            for key in picture_keys(art, tileset)
            for first in [art.variants[key][0] if key is not None else 0]
        ]
        moves = player_moves(art.name)
        self._flat: Final = tuple(
            moves[name].frame(0, 1) for name in ("enemy_squashed", "flyer_squashed")
        )

    def draw_flat(
        self, surface: pygame.Surface, camera: tuple[int, int], x: int, y: int, flying: int
    ) -> None:
        """Draw one that has just been knocked out where its picture was, pixels of the level."""
        surface.blit(self._flat[flying], (x - camera[0], y - camera[1]))

    def picture(self, code: int, tick: int) -> pygame.Surface:
        """The picture of a creature's tile code at a time."""
        both = self._pictures[code] or self._pictures[0]
        assert both is not None
        return both[tick // TICKS_A_PICTURE % 2]

    def draw(
        self,
        surface: pygame.Surface,
        camera: tuple[int, int],
        was: npt.NDArray[np.int64],
        now: npt.NDArray[np.int64],
        tick: int,
        alpha: float,
    ) -> None:
        """Draw those that are alive.

        Parameters
        ----------
        surface, camera
            The view, and the level's pixel in its top left corner.
        was, now
            ``(n, 6)`` what :meth:`World.enemies` said after the last tick but one and the last.
        tick, alpha
            The time, and how far between the two it is.
        """
        right = surface.get_width()
        for (x_was, *_), (x_now, y, _, _, alive, code) in zip(
            was.tolist(), now.tolist(), strict=True
        ):
            x, top = creature_px(between(x_was, x_now, alpha), y // UNITS_PER_PX)
            if alive and -TILE_PX < x - camera[0] < right:
                surface.blit(self.picture(code, tick), (x - camera[0], top - camera[1]))


def creature_px(x: int, y: int) -> tuple[int, int]:
    """Where a creature's picture goes, from the top left corner of its box; pixels."""
    spare = TILE_PX - RULES.enemy_size // UNITS_PER_PX
    return x - spare // 2, y - spare
