"""The settings, and the way to the keys."""

from __future__ import annotations

from dataclasses import replace
from typing import Any, Final

import pygame

from procgen_sim.game.app import App
from procgen_sim.game.controls import Verb
from procgen_sim.game.menu import Item, Menu
from procgen_sim.game.palette import ACCENT, PANEL, TEXT, TEXT_DIM
from procgen_sim.game.scene import CANVAS_PX, Listening, Scene
from procgen_sim.game.settings import LONGEST_NAME, MOST_SCALE, MOST_VOLUME, Settings
from procgen_sim.game.text import draw_text, line_height, wrap

__all__ = ["OptionsScene"]

LEFT_PX: Final = 70
WIDTH_PX: Final = CANVAS_PX[0] - 2 * LEFT_PX
TOP_PX: Final = 44


class OptionsScene(Scene):
    """Every change acts and is kept at once."""

    def __init__(self) -> None:
        self._menu: Menu | None = None
        self._typed: str | None = None

    def enter(self, app: App) -> None:
        """Make the menu; coming back from the keys finds it as it was."""
        self._app = app
        if self._menu is not None:
            return
        self._menu = Menu(
            [
                Item(
                    label="Your name",
                    act=self._begin_typing,
                    value=self._name,
                    hint="Written beside your play in the log on this machine. May be empty.",
                ),
                Item(
                    label="Volume",
                    value=lambda: str(app.settings.volume),
                    gauge=lambda: (app.settings.volume, MOST_VOLUME),
                    adjust=self._louder,
                    hint="Loudness of sounds.",
                ),
                self._switch("muted", "Sound", "No sound at all when off.", "off", "on"),
                self._switch("fullscreen", "Full screen", "The whole screen, or a window."),
                Item(
                    label="Window",
                    value=lambda: f"× {self._app.settings.scale}",
                    adjust=self._larger,
                    hint="Pixels of the window for each pixel of the game.",
                ),
                self._switch(
                    "reduced_motion",
                    "Reduced motion",
                    "No shaking screen, fewer particles, a still title.",
                ),
                self._switch(
                    "forecast",
                    "Forecast from the start",
                    "Tints each column by how surprising it is to the simulated player.",
                ),
                self._switch(
                    "direct_each",
                    "Choose each level",
                    "Before each level: follow the model, break it, or be surprised.",
                ),
                Item(
                    label="Keys and buttons …",
                    act=self._keys,
                    hint="Give each action the key and the pad's button you like.",
                ),
                Item(
                    label="Everything as it came",
                    act=self._reset,
                    hint="All settings but your name, keys and buttons too.",
                ),
                Item(label="Back", act=self._back),
            ],
            (LEFT_PX, TOP_PX, WIDTH_PX),
            app.sound.play,
        )

    def _switch(self, name: str, label: str, hint: str, yes: str = "on", no: str = "off") -> Item:
        def toggle(_step: int) -> None:
            self._change(**{name: not getattr(self._app.settings, name)})

        def value() -> str:
            return yes if getattr(self._app.settings, name) else no

        return Item(label=label, value=value, adjust=toggle, hint=hint)

    def _change(self, **values: Any) -> None:
        self._app.change(replace(self._app.settings, **values))

    def _louder(self, step: int) -> None:
        volume = min(max(self._app.settings.volume + step, 0), MOST_VOLUME)
        self._change(volume=volume)

    def _larger(self, step: int) -> None:
        most = min(MOST_SCALE, self._app.window.most_scale)
        self._change(scale=(self._app.settings.scale - 1 + step) % most + 1)

    def _reset(self) -> None:
        self._app.change(Settings(person=self._app.settings.person))
        self._app.say("All settings are as they came.")

    def _keys(self) -> None:
        from procgen_sim.game.scenes.remapping import RemappingScene

        self._app.push(RemappingScene())

    def _back(self) -> None:
        self._app.sound.play("back")
        self._app.pop()

    # The name is typed in place.

    def _name(self) -> str:
        if self._typed is not None:
            return f"{self._typed}_"
        return self._app.settings.person or "–"

    def _begin_typing(self) -> None:
        self._typed = self._app.settings.person
        self.listens: Listening = "text"

    def _end_typing(self, *, keep: bool) -> None:
        if keep and self._typed is not None:
            self._change(person=self._typed.strip())
        self._typed = None
        self.listens = "verbs"

    def heard(self, what: str) -> None:
        """A letter of the name."""
        if self._typed is None:
            return
        typed = self._typed[:-1] if what == "\b" else self._typed + what
        if len(typed) <= LONGEST_NAME:
            self._typed = typed

    def press(self, verb: Verb) -> None:
        """Move in the menu; or end typing."""
        assert self._menu is not None
        if self._typed is not None:
            if verb in (Verb.CONFIRM, Verb.BACK):
                self._end_typing(keep=verb is Verb.CONFIRM)
                self._app.sound.play("select" if verb is Verb.CONFIRM else "back")
        elif verb in (Verb.BACK, Verb.PAUSE):
            self._back()
        else:
            self._menu.press(verb)

    def point(self, x: int, y: int, pressed: bool) -> None:
        """Choose with the mouse."""
        assert self._menu is not None
        if self._typed is None:
            self._menu.point(x, y, pressed)

    def draw(self, canvas: pygame.Surface, alpha: float) -> None:
        """The rows, and a sentence about the chosen one."""
        assert self._menu is not None
        canvas.fill(PANEL)
        draw_text(canvas, "Settings", (LEFT_PX, 14), TEXT, size="large")
        self._menu.draw(canvas)
        label = self._app.controls.label
        hint, colour = self._menu.item.hint, TEXT
        keys = f"↑ ↓ choose · ← → change · {label(Verb.BACK)} back"
        if self._typed is not None:
            hint, colour = "Type your name.", ACCENT
            keys = f"{label(Verb.CONFIRM)} keep · {label(Verb.BACK)} leave as it was"
        for number, line in enumerate(wrap(hint, WIDTH_PX)):
            draw_text(canvas, line, (LEFT_PX, 226 + line_height() * number), colour)
        draw_text(canvas, keys, (LEFT_PX, 254), TEXT_DIM)
