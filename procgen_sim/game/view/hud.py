"""The bar above the level: what is going on, and how bored the companion is."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Final

import pygame

from procgen_sim.game.icons import draw_icon
from procgen_sim.game.palette import (
    PANEL,
    PANEL_EDGE,
    TEXT,
    TEXT_DIM,
)
from procgen_sim.game.text import draw_text, text_width
from procgen_sim.game.view.meter import BAR_PX, FEELINGS, Meter, draw_bar, draw_face, feeling
from procgen_sim.platformer import TICKS_PER_S

__all__ = ["HUD_PX", "Hud", "Standing", "clock"]

HUD_PX: Final = 14
"""Height of the bar: what a level of 16 rows leaves of the canvas."""

GAP: Final = 12
TITLE_PX: Final = 64
TITLE_ALONE_PX: Final = 240
COMPANION: Final = "Simulated player"


@dataclass(frozen=True, kw_only=True)
class Standing:
    """What the bar shows on its left.

    Attributes
    ----------
    title
        Which level.
    coins
        Coins of this attempt.
    ticks
        Time in the level, all attempts together.
    deaths
        Deaths in the level.
    """

    title: str
    coins: int
    ticks: int
    deaths: int


class Hud:
    """The bar.

    Parameters
    ----------
    meter
        The companion's boredom; None where nobody comes along.
    """

    def __init__(self, meter: Meter | None) -> None:
        self.meter = meter

    def draw(self, canvas: pygame.Surface, standing: Standing, tick: int) -> None:
        """Draw the bar at the top of the canvas; ``tick`` is the time, for the companion's eyes."""
        width = canvas.get_width()
        canvas.fill(PANEL, (0, 0, width, HUD_PX))
        canvas.fill(PANEL_EDGE, (0, HUD_PX - 1, width, 1))
        title = _fitting(standing.title, TITLE_PX if self.meter else TITLE_ALONE_PX)
        x = 5 + draw_text(canvas, title, (5, 1), TEXT).width + GAP
        x += _coins(canvas, x, standing.coins) + GAP
        x += draw_text(canvas, f"Time {clock(standing.ticks)}", (x, 1), TEXT).width + GAP
        colour = TEXT if standing.deaths else TEXT_DIM
        draw_text(canvas, f"Deaths {standing.deaths}", (x, 1), colour)
        if self.meter is not None:
            _companion(canvas, self.meter, tick)


def _fitting(title: str, room_px: int) -> str:
    """The title, cut to the place there is."""
    if text_width(title) <= room_px:
        return title
    while text_width(f"{title}…") > room_px:
        title = title[:-1]
    return f"{title}…"


def clock(ticks: int) -> str:
    """Time as minutes, seconds and tenths.

    >>> clock(120 * 83 + 60)
    '1:23.5'
    """
    tenths = ticks * 10 // TICKS_PER_S
    return f"{tenths // 600}:{tenths // 10 % 60:02d}.{tenths % 10}"


def _coins(canvas: pygame.Surface, x: int, coins: int) -> int:
    """Draw a coin and how many there are; return the width."""
    draw_icon(canvas, "coin", (x - 2, 0))
    return 12 + draw_text(canvas, f"{coins}", (x + 12, 1), TEXT).width


def _companion(canvas: pygame.Surface, meter: Meter, tick: int) -> None:
    """Whose the meter is, face, bar and words; the words' place is as wide as the widest."""
    shown, threshold = meter.shown, meter.threshold
    words = f"{feeling(shown, threshold)} {round(100 * shown)} %"
    x = canvas.get_width() - 5 - max(text_width(f"{word} 88 %") for word in FEELINGS)
    draw_text(canvas, words, (x, 1), TEXT)
    x -= BAR_PX + 6
    draw_bar(canvas, pygame.Rect(x, 2, BAR_PX, 9), shown, threshold)
    draw_face(canvas, (x - 15, 1), shown, tick, threshold)
    draw_text(canvas, COMPANION, (x - 20, 1), TEXT_DIM, align="right")
