"""Who and what the game owes."""

from __future__ import annotations

from typing import Final

import pygame

from procgen_sim import __version__
from procgen_sim.game.app import App
from procgen_sim.game.controls import Verb
from procgen_sim.game.palette import ACCENT, PANEL, TEXT, TEXT_DIM
from procgen_sim.game.scene import CANVAS_PX, Scene
from procgen_sim.game.text import draw_text, line_height, wrap

__all__ = ["CreditsScene"]

WIDTH_PX: Final = 400
SECTIONS: Final = (
    (
        "The idea",
        "A procedural generator is a model fitted to a body of work. Whoever keeps playing its "
        "levels fits a model of that model, and is bored when there is nothing left to find out.",
    ),
    (
        "The simulated player",
        "Learns as in Bayesian inference; bored when a level is too foreseeable or too strange, "
        "after Berlyne (1970), Schmidhuber (2010) and Kidd, Piantadosi and Aslin (2012).",
    ),
    ("Art, font and sounds", "Made for this game. Colours that carry meaning: Okabe and Ito."),
    ("Made with", "Python, pygame-ce, SDL, NumPy, SciPy, scikit-learn, Numba, Pillow."),
    ("Licence", "MIT. Nothing you do here leaves this machine."),
)


class CreditsScene(Scene):
    """One still page."""

    def enter(self, app: App) -> None:
        """Remember where to go back to."""
        self._app = app

    def press(self, verb: Verb) -> None:
        """Back, whatever is pressed to that end."""
        if verb in (Verb.BACK, Verb.CONFIRM, Verb.PAUSE):
            self._app.sound.play("back")
            self._app.pop()

    def point(self, x: int, y: int, pressed: bool) -> None:
        """A click goes back."""
        if pressed:
            self.press(Verb.BACK)

    def draw(self, canvas: pygame.Surface, alpha: float) -> None:
        """The page."""
        canvas.fill(PANEL)
        left = (CANVAS_PX[0] - WIDTH_PX) // 2
        draw_text(canvas, "Credits", (left, 14), TEXT, size="large")
        right = left + WIDTH_PX
        draw_text(canvas, f"procgen_sim {__version__}", (right, 22), TEXT_DIM, align="right")
        y = 44
        for heading, words in SECTIONS:
            draw_text(canvas, heading, (left, y), ACCENT)
            for line in wrap(words, WIDTH_PX):
                y += line_height()
                draw_text(canvas, line, (left, y), TEXT)
            y += line_height() + 4
        back = self._app.controls.label(Verb.BACK)
        draw_text(canvas, f"{back} back", (left, 254), TEXT_DIM)
