"""The band across the picture that names a level before it begins."""

from __future__ import annotations

from typing import Final

import pygame

from procgen_sim.game.palette import PANEL, PANEL_EDGE, TEXT, TEXT_DIM
from procgen_sim.game.text import draw_text

__all__ = ["draw_band"]

BAND_PX: Final = 58
TITLE_PX: Final = 20
"""How far above the band's middle the title begins."""

KEYS_PX: Final = 8
"""How far below it the keys begin."""


def draw_band(canvas: pygame.Surface, title: str, keys: str, share: float) -> None:
    """Draw the band over the middle of the canvas.

    Parameters
    ----------
    canvas
        What to draw on.
    title
        What the level is called.
    keys
        Which keys do what.
    share
        How far the band is open: 1 all of it, 0 closed.
    """
    width, height = canvas.get_size()
    open_px = round(BAND_PX * min(1.0, share))
    if open_px < 2:
        return
    band = canvas.subsurface((0, (height - open_px) // 2, width, open_px))
    band.fill(PANEL)
    band.fill(PANEL_EDGE, (0, 0, width, 1))
    band.fill(PANEL_EDGE, (0, open_px - 1, width, 1))
    middle = width // 2, open_px // 2
    place = middle[0], middle[1] - TITLE_PX
    draw_text(band, title, place, TEXT, align="centre", size="large")
    draw_text(band, keys, (middle[0], middle[1] + KEYS_PX), TEXT_DIM, align="centre")
