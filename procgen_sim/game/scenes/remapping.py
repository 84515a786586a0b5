"""Which key and which button does what."""

from __future__ import annotations

from dataclasses import replace
from typing import Final

import pygame

from procgen_sim.game.app import App
from procgen_sim.game.controls import Verb, source_label
from procgen_sim.game.menu import draw_bar
from procgen_sim.game.palette import ACCENT, PANEL, TEXT, TEXT_DIM
from procgen_sim.game.scene import CANVAS_PX, Scene
from procgen_sim.game.settings import BINDINGS, DEFAULT_KEYS, DEFAULT_PAD, rebound
from procgen_sim.game.text import draw_text

__all__ = ["RemappingScene"]

LEFT_PX: Final = 30
WIDTH_PX: Final = CANVAS_PX[0] - 2 * LEFT_PX
TOP_PX: Final = 50
ROW_PX: Final = 14
COLUMNS_PX: Final = (210, 320)
"""x of the keys and of the pad's buttons."""

DEVICES: Final = ("keys", "pad")
SOURCES: Final = {"keys": "key", "pad": "pad"}
ROWS: Final = (*BINDINGS, "reset", "back")


class RemappingScene(Scene):
    """A table: a row for each binding, a column for the keyboard and one for the pad."""

    def __init__(self) -> None:
        self._row = self._column = 0

    def enter(self, app: App) -> None:
        """Remember where to go back to."""
        self._app = app

    def press(self, verb: Verb) -> None:
        """Move in the table, or wait for a key or button for the chosen place."""
        if verb in (Verb.UP, Verb.DOWN):
            self._row = (self._row + (1 if verb is Verb.DOWN else -1)) % len(ROWS)
            self._app.sound.play("tick")
        elif verb in (Verb.LEFT, Verb.RIGHT):
            self._column = 1 - self._column
            self._app.sound.play("tick")
        elif verb is Verb.CONFIRM:
            self._confirm()
        elif verb in (Verb.BACK, Verb.PAUSE):
            self._back()

    def _back(self) -> None:
        self._app.sound.play("back")
        self._app.pop()

    def _confirm(self) -> None:
        row = ROWS[self._row]
        if row == "back":
            self._back()
            return
        self._app.sound.play("select")
        if row == "reset":
            self._app.change(replace(self._app.settings, keys=DEFAULT_KEYS, pad=DEFAULT_PAD))
            self._app.say("All keys and buttons are as they came.")
        else:
            self.listens = "source"

    def heard(self, what: str) -> None:
        """The key or button for the chosen place; Esc leaves it as it was."""
        device = DEVICES[self._column]
        prefix, _, name = what.partition(":")
        if what == "key:escape":
            self.listens = "verbs"
            self._app.sound.play("back")
        elif prefix == SOURCES[device]:
            self.listens = "verbs"
            before = getattr(self._app.settings, device)
            self._app.change(rebound(self._app.settings, device, ROWS[self._row], name))
            self._app.sound.play("select")
            for binding, names in getattr(self._app.settings, device).items():
                if before[binding] and not names:
                    self._app.say(f"Nothing is left to “{BINDINGS[binding]}” with.")

    def point(self, x: int, y: int, pressed: bool) -> None:
        """Choose with the mouse."""
        row = (y - TOP_PX) // ROW_PX
        if self.listens != "verbs" or not 0 <= row < len(ROWS):
            return
        self._row, self._column = row, int(x >= COLUMNS_PX[1] - 8)
        if pressed:
            self._confirm()

    def draw(self, canvas: pygame.Surface, alpha: float) -> None:
        """The table."""
        canvas.fill(PANEL)
        draw_text(canvas, "Keys and buttons", (LEFT_PX, 10), TEXT, size="large")
        for column, heading in zip(COLUMNS_PX, ("Keyboard", "Game pad"), strict=True):
            draw_text(canvas, heading, (column, TOP_PX - 15), TEXT_DIM)
        for number, name in enumerate(ROWS):
            self._draw_row(canvas, number, name)
        words, colour = self._words()
        draw_text(canvas, words, (LEFT_PX, 254), colour)

    def _draw_row(self, canvas: pygame.Surface, number: int, name: str) -> None:
        row = pygame.Rect(LEFT_PX, TOP_PX + ROW_PX * number, WIDTH_PX, ROW_PX)
        chosen = number == self._row
        if chosen:
            draw_bar(canvas, row)
        labels = {"reset": "All of them as they came", "back": "Back"} | BINDINGS
        label = labels[name]
        draw_text(canvas, label[0].upper() + label[1:], (row.x + 16, row.y + 2), TEXT)
        if name not in BINDINGS:
            return
        for column, device in enumerate(DEVICES):
            here = chosen and column == self._column
            names = getattr(self._app.settings, device)[name]
            shown = "  ".join(source_label(f"{SOURCES[device]}:{each}") for each in names) or "–"
            if here and self.listens == "source":
                shown = "press one …"
            colour = ACCENT if here else TEXT if chosen else TEXT_DIM
            x = COLUMNS_PX[column]
            draw_text(canvas, shown, (x, row.y + 2), colour)
            if here:
                draw_text(canvas, "▶", (x - 9, row.y + 2), ACCENT)

    def _words(self) -> tuple[str, tuple[int, int, int]]:
        if self.listens == "source":
            what = "key" if self._column == 0 else "button of the pad"
            return f"Press the {what} for “{BINDINGS[ROWS[self._row]]}” · Esc leaves it", ACCENT
        label = self._app.controls.label
        words = f"↑ ↓ ← → choose · {label(Verb.CONFIRM)} give another · {label(Verb.BACK)} back"
        return words, TEXT_DIM
