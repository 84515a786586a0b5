"""The forecast laid over the level: how surprising each column is to the companion.

Blue is expected and orange surprising; the bars above say the same by their height, and orange is
lighter than blue, so it reads without colours.
"""

from __future__ import annotations

from typing import Final

import numpy as np
import numpy.typing as npt
import pygame

from procgen_sim.game.palette import INK, PANEL, TEXT, surprise
from procgen_sim.game.text import draw_text
from procgen_sim.game.view.tiles import TILE_PX

__all__ = ["Forecast"]

SHADES: Final = 17
OPACITY: Final = 78
STRIP_PX: Final = 36
BARS_PX: Final = 20
WORDS: Final = "How surprising each column is to the simulated player"


class Forecast:
    """The overlay.

    Parameters
    ----------
    columns
        ``(n_columns,)`` how surprising each column is, 0 to 1.
    view
        Width and height of what it is drawn on, pixels.
    """

    def __init__(self, columns: npt.NDArray[np.float64], view: tuple[int, int]) -> None:
        self._shares: Final = np.clip(np.nan_to_num(columns), 0.0, 1.0)
        self._grades: Final = np.rint(self._shares * (SHADES - 1)).astype(int).tolist()
        self._shades = []
        for grade in range(SHADES):
            shade = pygame.Surface((TILE_PX, view[1]))
            shade.fill(surprise(grade / (SHADES - 1)))
            shade.set_alpha(OPACITY)
            self._shades.append(shade)
        self._panel = _panel(view[0])

    def draw(self, surface: pygame.Surface, camera: tuple[int, int]) -> None:
        """Tint the columns that are seen and draw their bars.

        Parameters
        ----------
        surface
            The view, with the level already drawn.
        camera
            The level's pixel in the view's top left corner.
        """
        first = max(0, camera[0] // TILE_PX)
        last = min(len(self._grades), -(-(camera[0] + surface.get_width()) // TILE_PX))
        for column in range(first, last):
            shade = self._shades[self._grades[column]]
            surface.blit(shade, (column * TILE_PX - camera[0], 0))
        surface.blit(self._panel, (0, 0))
        for column in range(first, last):
            height = 1 + round(float(self._shares[column]) * (BARS_PX - 2))
            x = column * TILE_PX - camera[0]
            bar = (x + 2, STRIP_PX - 2 - height, TILE_PX - 4, height)
            surface.fill(surprise(float(self._shares[column])), bar)


def _panel(width: int) -> pygame.Surface:
    """The ground of the bars, with the legend."""
    panel = pygame.Surface((width, STRIP_PX), pygame.SRCALPHA)
    panel.fill((*PANEL, 216))
    panel.fill(INK, (0, STRIP_PX - 1, width, 1))
    draw_text(panel, WORDS, (5, 1), TEXT)
    x = width - 5 - draw_text(panel, "surprising", (width - 5, 1), TEXT, align="right").width
    for step in range(5):  # a stair from low to high, as the bars are
        share = 1 - step / 4
        height = 2 + round(share * 8)
        panel.fill(surprise(share), (x - 10 - 6 * step, 11 - height, 5, height))
    draw_text(panel, "expected", (x - 40, 1), TEXT, align="right")
    return panel
