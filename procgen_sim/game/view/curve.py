"""The curves on the card: what was foreseen of each level so far, and how bored that made one."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Final

import pygame

from procgen_sim.game.palette import INK, ORANGE, PANEL_EDGE, SKY_BLUE, TEXT, TEXT_DIM, YELLOW
from procgen_sim.game.text import draw_text, text_width

__all__ = ["draw_curves", "draw_diamond"]

MOST_LEVELS: Final = 40
"""Levels shown at most: the last ones."""

LEFT_PX, TOP_PX, BOTTOM_PX = 28, 26, 14


def draw_curves(
    surface: pygame.Surface,
    place: pygame.Rect,
    *,
    foreseen: Sequence[float],
    boredom: Sequence[float],
    off_model: Sequence[bool],
    threshold: float,
) -> None:
    """Draw both curves over the levels so far, the last :data:`MOST_LEVELS` of them.

    Foreseen shares are rings on a thin line, boredom is a thick line with blocks; levels off the
    model carry a diamond over their column, so nothing is told by colour alone.

    Parameters
    ----------
    surface, place
        Where to draw, axes and key included.
    foreseen, boredom, off_model
        A value for each level from the first; shares from 0 to 1.
    threshold
        The boredom at which the simulated player would stop.
    """
    first = max(0, len(foreseen) - MOST_LEVELS)
    area = pygame.Rect(
        place.left + LEFT_PX,
        place.top + TOP_PX,
        place.width - LEFT_PX - 6,
        place.height - TOP_PX - BOTTOM_PX,
    )
    _draw_key(surface, place.left + 4, place.top)
    pygame.draw.rect(surface, INK, area.inflate(6, 6))
    for percent in (0, 50, 100):
        y = _y(area, percent / 100)
        surface.fill(PANEL_EDGE, (area.left, y, area.width, 1))
        draw_text(surface, f"{percent}", (area.left - 5, y - 6), TEXT_DIM, align="right")
    y = _y(area, threshold)
    for x in range(area.left, area.right, 6):
        surface.fill(ORANGE, (x, y, 3, 1))
    shown = range(first, len(foreseen))
    xs = [_x(area, i, len(shown)) for i in range(len(shown))]
    for x, i in zip(xs, shown, strict=True):
        if off_model[i]:
            surface.fill(PANEL_EDGE, (x, area.top - 4, 1, area.height + 4))
            draw_diamond(surface, (x, area.top - 6), 3)
    _draw_line(surface, [(x, _y(area, boredom[i])) for x, i in zip(xs, shown, strict=True)], 3)
    _draw_line(surface, [(x, _y(area, foreseen[i])) for x, i in zip(xs, shown, strict=True)], 1)
    numbers = {0: first + 1, len(shown) - 1: first + len(shown)}
    for place_of, number in numbers.items():
        where = xs[place_of], area.bottom + 2
        draw_text(surface, str(number), where, TEXT_DIM, align="centre")
    if len(shown) > 3:
        middle = area.centerx, area.bottom + 2
        draw_text(surface, "level", middle, TEXT_DIM, align="centre")


def draw_diamond(surface: pygame.Surface, middle: tuple[int, int], radius: int) -> None:
    """The mark of a level off the model."""
    x, y = middle
    for dy in range(-radius, radius + 1):
        half = radius - abs(dy)
        surface.fill(YELLOW, (x - half, y + dy, 2 * half + 1, 1))


def _draw_key(surface: pygame.Surface, x: int, y: int) -> None:
    _draw_line(surface, [(x, y + 6), (x + 12, y + 6)], 1)
    draw_text(surface, "foreseen", (x + 18, y), TEXT)
    x += 26 + text_width("foreseen")
    _draw_line(surface, [(x, y + 6), (x + 12, y + 6)], 3)
    draw_text(surface, "bored", (x + 18, y), TEXT)
    x += 29 + text_width("bored")
    draw_diamond(surface, (x, y + 6), 3)
    x = draw_text(surface, "off the model", (x + 8, y), TEXT).right + 8
    for dash in range(x, x + 12, 6):
        surface.fill(ORANGE, (dash, y + 6, 3, 1))
    draw_text(surface, "stops", (x + 13, y), TEXT)


def _draw_line(surface: pygame.Surface, points: list[tuple[int, int]], thickness: int) -> None:
    thick = thickness > 1
    colour = ORANGE if thick else SKY_BLUE
    if len(points) > 1:
        pygame.draw.lines(surface, colour, False, points, thickness)
    for x, y in points if len(points) <= MOST_LEVELS // 2 else points[-1:]:
        if thick:
            surface.fill(colour, (x - 2, y - 2, 5, 5))
        else:
            pygame.draw.circle(surface, INK, (x, y), 2)
            pygame.draw.circle(surface, colour, (x, y), 3, 1)


def _x(area: pygame.Rect, i: int, n: int) -> int:
    """The columns stand at most 16 px apart, so that the first few levels do not fly apart."""
    apart = min(16.0, (area.width - 8) / max(n - 1, 1))
    return area.left + 4 + round(i * apart)


def _y(area: pygame.Rect, share: float) -> int:
    return area.bottom - 1 - round(min(max(share, 0.0), 1.0) * (area.height - 1))
