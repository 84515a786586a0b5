"""The pause, over the level that stands still."""

from __future__ import annotations

from collections.abc import Callable
from typing import Final

import pygame

from procgen_sim.game.app import App
from procgen_sim.game.controls import Verb
from procgen_sim.game.flow import to_title
from procgen_sim.game.menu import Item, Menu
from procgen_sim.game.palette import PANEL, PANEL_EDGE, TEXT, TEXT_DIM
from procgen_sim.game.scene import CANVAS_PX, Scene
from procgen_sim.game.text import draw_text, line_height, text_width

__all__ = ["PauseScene"]

WIDTH_PX: Final = 190
VEIL: Final = (*PANEL, 150)


class PauseScene(Scene):
    """Go on, start again, leave the level, settings, or the title.

    Parameters
    ----------
    restart
        Called to start the level again; the pause is over then.
    leave_level
        Called to give the level up and go on to what follows it; the pause is over then.
    """

    overlay = True

    def __init__(self, *, restart: Callable[[], None], leave_level: Callable[[], None]) -> None:
        self._restart, self._leave_level = restart, leave_level
        self._veil = pygame.Surface(CANVAS_PX, pygame.SRCALPHA, 32)
        self._veil.fill(VEIL)
        self._menu: Menu | None = None

    def enter(self, app: App) -> None:
        """Make the menu; coming back from the settings finds it as it was."""
        self._app = app
        if self._menu is None:
            items = [
                Item(label="Go on", act=app.pop),
                Item(label="Start the level again", act=lambda: self._after(self._restart)),
                Item(label="Leave this level", act=lambda: self._after(self._leave_level)),
                Item(label="Settings", act=self._settings),
                Item(label="Title", act=lambda: to_title(app)),
            ]
            left = (CANVAS_PX[0] - WIDTH_PX) // 2
            self._menu = Menu(items, (left + 8, 98, WIDTH_PX - 16), app.sound.play)

    def _after(self, act: Callable[[], None]) -> None:
        self._app.pop()
        act()

    def _settings(self) -> None:
        from procgen_sim.game.scenes.options import OptionsScene

        self._app.push(OptionsScene())

    def press(self, verb: Verb) -> None:
        """Move in the menu, or end the pause."""
        assert self._menu is not None
        if verb in (Verb.BACK, Verb.PAUSE):
            self._app.sound.play("back")
            self._app.pop()
        elif verb is Verb.RESTART:
            self._after(self._restart)
        else:
            self._menu.press(verb)

    def point(self, x: int, y: int, pressed: bool) -> None:
        """Choose with the mouse."""
        assert self._menu is not None
        self._menu.point(x, y, pressed)

    def draw(self, canvas: pygame.Surface, alpha: float) -> None:
        """A veil over the level, the menu, and which key does what."""
        assert self._menu is not None
        canvas.blit(self._veil, (0, 0))
        middle = CANVAS_PX[0] // 2
        plate = pygame.Rect(0, 58, WIDTH_PX, self._menu.bottom + 10 - 58)
        plate.centerx = middle
        pygame.draw.rect(canvas, PANEL, plate)
        pygame.draw.rect(canvas, PANEL_EDGE, plate, 1)
        draw_text(canvas, "Pause", (middle, 66), TEXT, align="centre", size="large")
        self._menu.draw(canvas)
        self._draw_keys(canvas, plate.bottom + 10)

    def _draw_keys(self, canvas: pygame.Surface, top: int) -> None:
        label = self._app.controls.label
        keys = {
            f"{label('left')} {label('right')}": "run",
            label("jump"): "jump",
            label("restart"): "again",
            label("forecast"): "forecast",
        }
        words = [(key, word) for key, word in keys.items() if key.strip()]
        width = sum(text_width(f"{key} {word}") for key, word in words) + 16 * (len(words) - 1)
        plate = pygame.Rect(0, top, width + 16, line_height() + 6)
        plate.centerx = CANVAS_PX[0] // 2
        pygame.draw.rect(canvas, PANEL, plate)
        x = plate.x + 8
        for key, word in words:
            x = draw_text(canvas, key, (x, top + 3), TEXT).right + text_width(" ") + 2
            x = draw_text(canvas, word, (x, top + 3), TEXT_DIM).right + 16
