"""A column of choices, for the title, the pause and the settings."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from typing import Final

import pygame

from procgen_sim.game.controls import Verb
from procgen_sim.game.palette import ACCENT, PANEL_EDGE, TEXT, TEXT_DIM
from procgen_sim.game.text import draw_text, line_height, text_width

__all__ = ["Item", "Menu"]

ROW_PX: Final = 16
PAD_PX: Final = 16
"""Room at both ends of a row: on the left for the mark of the chosen one."""


@dataclass(frozen=True, kw_only=True)
class Item:
    """One row.

    Attributes
    ----------
    label
        What it says.
    act
        Called when it is confirmed; None: confirming goes to the next value.
    value
        What stands at the right end: the state of a setting; None: nothing.
    adjust
        Called with −1 or +1 for left and right; None: it has no values to go through.
    gauge
        How many of how many cells are filled, drawn before the value; None: no gauge.
    hint
        A sentence about it, shown elsewhere while it is chosen.
    """

    label: str
    act: Callable[[], None] | None = None
    value: Callable[[], str] | None = None
    adjust: Callable[[int], None] | None = None
    gauge: Callable[[], tuple[int, int]] | None = None
    hint: str = ""


class Menu:
    """Rows of which one is chosen: marked by a triangle and a bar, and brighter.

    Parameters
    ----------
    items
        The rows, from the top; at least one.
    area
        Left, top and width in pixels.
    play
        Plays a sound by name.
    """

    def __init__(
        self, items: Sequence[Item], area: tuple[int, int, int], play: Callable[[str], None]
    ) -> None:
        self.items = list(items)
        self.chosen = 0
        self._left, self._top, self._width = area
        self._play = play

    @property
    def item(self) -> Item:
        """The row that is chosen."""
        return self.items[self.chosen]

    @property
    def bottom(self) -> int:
        """y below the last row."""
        return self._top + ROW_PX * len(self.items)

    def press(self, verb: Verb) -> bool:
        """Do what the verb says; whether it was one for a menu."""
        if verb in (Verb.UP, Verb.DOWN):
            self.chosen = (self.chosen + (1 if verb is Verb.DOWN else -1)) % len(self.items)
            self._play("tick")
        elif verb in (Verb.LEFT, Verb.RIGHT) and self.item.adjust:
            self.item.adjust(1 if verb is Verb.RIGHT else -1)
            self._play("tick")
        elif verb is Verb.CONFIRM:
            self._confirm()
        else:
            return False
        return True

    def point(self, x: int, y: int, pressed: bool) -> None:
        """Choose the row under the mouse; confirm it when pressed."""
        row = (y - self._top) // ROW_PX
        if not (self._left <= x < self._left + self._width and 0 <= row < len(self.items)):
            return
        if row != self.chosen:
            self.chosen = row
            self._play("tick")
        if pressed:
            self._confirm()

    def _confirm(self) -> None:
        self._play("select")
        if self.item.act:
            self.item.act()
        elif self.item.adjust:
            self.item.adjust(1)

    def draw(self, surface: pygame.Surface) -> None:
        """Draw all rows."""
        for number, item in enumerate(self.items):
            row = pygame.Rect(self._left, self._top + ROW_PX * number, self._width, ROW_PX)
            chosen = number == self.chosen
            if chosen:
                draw_bar(surface, row)
            colour = TEXT if chosen else TEXT_DIM
            y = row.y + (ROW_PX - line_height()) // 2 + 1
            draw_text(surface, item.label, (row.x + PAD_PX, y), colour)
            if item.value is None:
                continue
            value = item.value()
            right = row.right - PAD_PX
            draw_text(surface, value, (right, y), colour, align="right")
            left = right - text_width(value) - 4
            if item.gauge:
                left = _draw_gauge(surface, left, row.y, *item.gauge())
            if chosen and item.adjust:
                draw_text(surface, "▶", (right + 4, y), ACCENT)
                draw_text(surface, "◀", (left, y), ACCENT, align="right")


def _draw_gauge(surface: pygame.Surface, right: int, top: int, n_lit: int, n_cells: int) -> int:
    """Cells that are full or hollow, up to ``right``; returns the x left of them."""
    left = right - 6 * n_cells - 4
    for number in range(n_cells):
        cell = pygame.Rect(left + 6 * number, top + 4, 4, ROW_PX - 8)
        pygame.draw.rect(surface, TEXT if number < n_lit else TEXT_DIM, cell, int(number >= n_lit))
    return left - 4


def draw_bar(surface: pygame.Surface, row: pygame.Rect) -> None:
    """The mark of the chosen row: a bar behind it with a triangle at its left end."""
    pygame.draw.rect(surface, PANEL_EDGE, row)
    y = row.y + (row.height - line_height() + 1) // 2 + 1
    draw_text(surface, "▶", (row.x + 5, y), ACCENT)
