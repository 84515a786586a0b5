"""A row of buttons."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from typing import Final

import pygame

from procgen_sim.game.palette import ACCENT, INK, PANEL_EDGE, TEXT
from procgen_sim.game.text import draw_text, text_width

__all__ = ["Button", "Buttons"]

HEIGHT_PX: Final = 15
PAD_PX: Final = 6
GAP_PX: Final = 5


@dataclass(frozen=True, kw_only=True)
class Button:
    """One button.

    Attributes
    ----------
    label
        What it says.
    act
        What it does.
    hint
        What that is, in a sentence.
    """

    label: str
    act: Callable[[], None]
    hint: str


class Buttons:
    """Buttons side by side, of which one may be chosen.

    Parameters
    ----------
    buttons
        From left to right.
    corner
        Their top left corner in pixels.
    """

    def __init__(self, buttons: Sequence[Button], corner: tuple[int, int]) -> None:
        self.buttons = list(buttons)
        self._places: list[pygame.Rect] = []
        x, y = corner
        for button in self.buttons:
            width = text_width(button.label) + 2 * PAD_PX
            self._places.append(pygame.Rect(x, y, width, HEIGHT_PX))
            x += width + GAP_PX

    def place(self, label: str) -> pygame.Rect:
        """Where the button of that label is."""
        names = [button.label for button in self.buttons]
        return self._places[names.index(label)]

    def at(self, x: int, y: int) -> int | None:
        """Which button is under a pixel; None if none is."""
        return next((i for i, r in enumerate(self._places) if r.collidepoint(x, y)), None)

    def draw(self, surface: pygame.Surface, chosen: int | None) -> None:
        """Draw all of them, the chosen one filled."""
        for i, (button, place) in enumerate(zip(self.buttons, self._places, strict=True)):
            bright = i == chosen
            surface.fill(ACCENT if bright else INK, place)
            pygame.draw.rect(surface, TEXT if bright else PANEL_EDGE, place, 1)
            where = place.left + PAD_PX, place.top + 2
            draw_text(surface, button.label, where, INK if bright else TEXT)
