"""The sliders of the design parameters."""

from __future__ import annotations

from typing import Final

import numpy as np
import numpy.typing as npt
import pygame

from procgen_sim.game.desk import Desk, spoken
from procgen_sim.game.palette import ACCENT, INK, PANEL_EDGE, SKY_BLUE, TEXT, TEXT_DIM
from procgen_sim.game.text import draw_text

__all__ = ["ROW_PX", "Sliders"]

Floats = npt.NDArray[np.float64]

ROW_PX: Final = 12
NAME_PX: Final = 98
VALUE_PX: Final = 38


class Sliders:
    """One row a parameter: its name, a track with a knob, its value.

    The band on a track is what the corpus spans, the ticks are the ends of the natural range.

    Parameters
    ----------
    desk
        Whose parameters.
    place
        Left, top and width in pixels.
    """

    def __init__(self, desk: Desk, place: tuple[int, int, int]) -> None:
        self._desk = desk
        self.place = pygame.Rect(place[0], place[1], place[2], ROW_PX * desk.space.n)
        data = desk.director.prepared.data
        self._corpus = np.stack([data.min(axis=0), data.max(axis=0)])

    def track(self, parameter: int) -> pygame.Rect:
        """Where a knob can stand."""
        left = self.place.left + NAME_PX
        width = self.place.width - NAME_PX - VALUE_PX
        return pygame.Rect(left, self.place.top + parameter * ROW_PX, width, ROW_PX)

    def at(self, x: int, y: int) -> int | None:
        """The parameter whose row is under a pixel; None outside."""
        if not self.place.collidepoint(x, y):
            return None
        return (y - self.place.top) // ROW_PX

    def value_at(self, parameter: int, x: int) -> float:
        """What a knob stands for when it is at pixel x, natural units."""
        track = self.track(parameter)
        share = (x - track.left) / (track.width - 1)
        low, high = self._desk.low[parameter], self._desk.high[parameter]
        return float(low + min(max(share, 0.0), 1.0) * (high - low))

    def draw(self, surface: pygame.Surface, chosen: int | None) -> None:
        """Draw all rows, ``chosen`` brighter and with a mark."""
        desk = self._desk
        for i, name in enumerate(desk.space.names):
            track, bright = self.track(i), i == chosen
            colour = ACCENT if bright else TEXT
            if bright:
                draw_text(surface, "▶", (self.place.left - 8, track.top), ACCENT)
            draw_text(surface, spoken(name), (self.place.left + 2, track.top), colour)
            middle = track.top + 6
            surface.fill(INK, (track.left, middle - 1, track.width, 3))
            ends = [self._x(i, value) for value in self._corpus[:, i]]
            surface.fill(PANEL_EDGE, (ends[0], middle - 1, ends[1] - ends[0] + 1, 3))
            for value in (desk.space.low[i], desk.space.high[i]):
                surface.fill(TEXT_DIM, (self._x(i, value), middle - 2, 1, 5))
            knob = track.left + round(desk.share(i) * (track.width - 1))
            surface.fill(INK, (knob - 3, middle - 5, 7, 11))
            surface.fill(ACCENT if bright else SKY_BLUE, (knob - 2, middle - 4, 5, 9))
            right = self.place.right - 2, track.top
            draw_text(surface, _written(desk.values[i]), right, colour, align="right")

    def _x(self, parameter: int, value: float) -> int:
        track = self.track(parameter)
        low, high = self._desk.low[parameter], self._desk.high[parameter]
        share = float((value - low) / (high - low))
        return track.left + round(min(max(share, 0.0), 1.0) * (track.width - 1))


def _written(value: float) -> str:
    """A value with as many digits as matter: 12, 3.4, 0.25."""
    digits = 1 if abs(value) >= 2 else 2
    text = f"{value:.{digits}f}"
    return text.removeprefix("-") if float(text) == 0 else text.replace("-", "−")
