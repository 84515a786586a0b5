"""Which two of the eleven dimensions the desk's picture shows, and the lines that say so."""

from __future__ import annotations

from typing import Final

import numpy as np
import numpy.typing as npt
import pygame

from procgen_sim.game.desk import spoken
from procgen_sim.game.director import Director
from procgen_sim.game.palette import ACCENT, TEXT, TEXT_DIM
from procgen_sim.game.text import draw_text, text_width
from procgen_sim.game.view.scatter import View

__all__ = ["Axes"]

Floats = npt.NDArray[np.float64]

ROW_PX: Final = 12
LABELS: Final = {"view": "axes", "across": "across →", "up": "up ↑"}
FIRST_ACROSS, FIRST_UP = 0, 8


class Axes:
    """Where the corpus spreads most, or any two parameters.

    Parameters
    ----------
    director
        Whose space of parameters.
    low, high
        ``(d,)`` ends of the sliders, natural units.
    place
        Left, top and width of the lines in pixels.

    Attributes
    ----------
    view
        The plane that is chosen.
    """

    def __init__(
        self, director: Director, low: Floats, high: Floats, place: tuple[int, int, int]
    ) -> None:
        self._director, self._low, self._high, self._place = director, low, high, place
        self._principal = self.view = View.principal(director)
        self._parameters = False
        self._chosen = {"across": FIRST_ACROSS, "up": FIRST_UP}

    @property
    def lines(self) -> list[str]:
        """The lines there are: what is shown, and of two parameters which."""
        return list(LABELS) if self._parameters else ["view"]

    def turn(self, line: str, n: int) -> None:
        """Go ``n`` on in a line; the two parameters are never the same."""
        if line == "view":
            self._parameters = not self._parameters
        else:
            d, chosen = self._director.space.n, self._chosen
            chosen[line] = (chosen[line] + n) % d
            if chosen["across"] == chosen["up"]:
                chosen[line] = (chosen[line] + n) % d
        self.view = self._principal
        if self._parameters:
            across, up = self._chosen.values()
            self.view = View.of_parameters(self._director, across, up, self._low, self._high)

    def at(self, x: int, y: int) -> str | None:
        """The line under a pixel; None if none is."""
        return next((line for line in self.lines if self._rect(line).collidepoint(x, y)), None)

    def draw(self, surface: pygame.Surface, chosen: int | str, key: str) -> None:
        """Draw the lines, ``chosen`` brighter, and the key that changes the first."""
        names = self._director.space.names
        values = {name: spoken(names[number]) for name, number in self._chosen.items()}
        values["view"] = "two parameters" if self._parameters else "where levels differ most"
        for line in self.lines:
            place, bright = self._rect(line), line == chosen
            draw_text(surface, LABELS[line], place.topleft, ACCENT if bright else TEXT_DIM)
            end = place.left + text_width("across → ") + 4, place.top
            draw_text(surface, f"‹ {values[line]} ›", end, ACCENT if bright else TEXT)
        draw_text(surface, key, self._rect("view").topright, TEXT_DIM, align="right")

    def _rect(self, line: str) -> pygame.Rect:
        left, top, width = self._place
        return pygame.Rect(left, top + list(LABELS).index(line) * ROW_PX, width, ROW_PX)
