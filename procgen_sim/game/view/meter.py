"""How bored the companion is: a bar, a face and words that say the same."""

from __future__ import annotations

from typing import Final

import pygame

from procgen_sim.game.icons import draw_icon, icons
from procgen_sim.game.palette import INK, ORANGE, PANEL_EDGE, SKY_BLUE, TEXT, VERMILLION, Colour

__all__ = ["BAR_PX", "FEELINGS", "Meter", "draw_bar", "draw_face", "feeling"]

BAR_PX: Final = 58
EASE: Final = 1 / 40
"""Share of the way to the new value each tick."""

FEELINGS: Final = ("hardly bored", "a little bored", "rather bored", "very bored", "fed up")
BOUNDS: Final = (0.25, 0.5, 0.8, 1.0)
"""The shares of the boredom at which one stops playing, at which the next word begins."""

COLOURS: Final[tuple[Colour, ...]] = (SKY_BLUE, SKY_BLUE, ORANGE, ORANGE, VERMILLION)
BLINK_TICKS: Final = 380
BLINK_LENGTH: Final = 14


class Meter:
    """A value that moves to what it is told.

    Parameters
    ----------
    before
        Boredom to begin with, 0 to 1.
    now
        Boredom to move to.
    threshold
        Boredom at which one would stop playing.
    """

    def __init__(self, before: float, now: float, threshold: float = 1.0) -> None:
        self.shown = before
        self.target = now
        self.threshold = threshold

    def tick(self) -> None:
        """Move on by a tick."""
        step = (self.target - self.shown) * EASE
        self.shown = self.target if abs(step) < 1e-5 else self.shown + step


def feeling(boredom: float, threshold: float = 1.0) -> str:
    """The boredom of 0 to 1 in words; at the threshold one would stop playing.

    >>> feeling(0.1), feeling(0.1, 0.2), feeling(0.2, 0.2)
    ('hardly bored', 'rather bored', 'fed up')
    """
    return FEELINGS[_grade(boredom, threshold)]


def _grade(boredom: float, threshold: float) -> int:
    return sum(boredom >= bound * threshold for bound in BOUNDS)


def draw_bar(
    surface: pygame.Surface, place: pygame.Rect, boredom: float, threshold: float = 1.0
) -> None:
    """A bar as long as the boredom, struck through the more the nearer it is to the threshold,
    which is a mark on the way.
    """
    surface.fill(INK, place)
    inside = place.inflate(-2, -2)
    grade = _grade(boredom, threshold)
    filled = pygame.Rect(inside.left, inside.top, round(inside.width * boredom), inside.height)
    surface.fill(COLOURS[grade], filled)
    distance = (0, 8, 6, 4, 3)[grade]
    if distance and filled.width:
        part = surface.subsurface(filled)
        for x in range(-filled.height, filled.width, distance):
            pygame.draw.line(part, INK, (x, filled.height - 1), (x + filled.height - 1, 0))
    if threshold < 1.0:
        x = inside.left + round(inside.width * threshold)
        surface.fill(INK, (x - 1, inside.top, 3, inside.height))
        surface.fill(TEXT, (x, inside.top, 1, inside.height))
    pygame.draw.rect(surface, PANEL_EDGE, place, 1)


def draw_face(
    surface: pygame.Surface,
    place: tuple[int, int],
    boredom: float,
    tick: int,
    threshold: float = 1.0,
) -> None:
    """A face of 11 × 11 pixels: wide awake and smiling to eyes shut and yawning."""
    name = f"face_{_grade(boredom, threshold)}"
    if tick % BLINK_TICKS < BLINK_LENGTH and f"{name}_blink" in icons():
        name = f"{name}_blink"
    draw_icon(surface, name, place)
