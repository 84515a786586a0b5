"""A sentence at the bottom of the screen that goes away by itself."""

from __future__ import annotations

from collections import deque
from typing import Final

import pygame

from procgen_sim.game.clock import SECOND_NS
from procgen_sim.game.palette import PANEL, TEXT
from procgen_sim.game.scene import CANVAS_PX
from procgen_sim.game.text import draw_text, line_height, text_width, wrap

__all__ = ["Message"]

SHOWN_NS: Final = 3 * SECOND_NS
A_LETTER_NS: Final = SECOND_NS // 25
"""Added for each letter beyond the first forty: a long sentence takes longer to read."""
MARGIN_PX: Final = 6


class Message:
    """Sentences, shown one after the other."""

    def __init__(self) -> None:
        self._waiting: deque[str] = deque()
        self._left_ns = 0

    @property
    def text(self) -> str:
        """What is shown now, or ""."""
        return self._waiting[0] if self._waiting else ""

    def show(self, text: str) -> None:
        """Show ``text`` after those that wait; nothing if it is empty or already last in line."""
        if not text or (self._waiting and self._waiting[-1] == text):
            return
        self._waiting.append(text)
        if len(self._waiting) == 1:
            self._left_ns = _time_for(text)

    def advance(self, elapsed_ns: int) -> None:
        """Let time pass."""
        if not self._waiting:
            return
        self._left_ns -= elapsed_ns
        if self._left_ns <= 0:
            self._waiting.popleft()
            self._left_ns = _time_for(self.text)

    def draw(self, canvas: pygame.Surface) -> None:
        """Draw the sentence, if there is one, on a plate above the bottom edge."""
        if not self.text:
            return
        width, height = CANVAS_PX
        lines = wrap(self.text, width - 6 * MARGIN_PX)
        plate_width = max(text_width(line) for line in lines) + 2 * MARGIN_PX
        plate = pygame.Rect(0, 0, plate_width, line_height() * len(lines) + MARGIN_PX)
        plate.midbottom = (width // 2, height - MARGIN_PX)
        pygame.draw.rect(canvas, PANEL, plate)
        pygame.draw.rect(canvas, TEXT, plate, 1)
        for number, line in enumerate(lines):
            y = plate.top + MARGIN_PX // 2 + 1 + line_height() * number
            draw_text(canvas, line, (plate.centerx, y), TEXT, align="centre")


def _time_for(text: str) -> int:
    return SHOWN_NS + A_LETTER_NS * max(len(text) - 40, 0)
