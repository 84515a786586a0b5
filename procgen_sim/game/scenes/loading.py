"""Work done in the background, and a screen that says so and stays awake."""

from __future__ import annotations

import math
import threading
from collections.abc import Callable
from typing import Any, Final

import pygame

from procgen_sim._checks import InputError
from procgen_sim.game.app import App
from procgen_sim.game.controls import Verb
from procgen_sim.game.palette import ACCENT, PANEL, PANEL_EDGE, TEXT, TEXT_DIM
from procgen_sim.game.scene import CANVAS_PX, Scene
from procgen_sim.game.text import draw_text, line_height, wrap
from procgen_sim.platformer.physics import TICKS_PER_S

__all__ = ["LoadingScene"]

UNSEEN_TICKS: Final = TICKS_PER_S // 5
"""Work that is done sooner shows no screen of its own: a flash of words would only distract."""
LONG_TICKS: Final = 4 * TICKS_PER_S
DOTS: Final = 5
MARGIN_PX: Final = 50


class LoadingScene(Scene):
    """Does ``work`` on a thread of its own and gives what came of it to ``then``.

    Parameters
    ----------
    work
        Called on another thread. An :class:`InputError` is shown; any other error is a fault of
        the program and is raised in the loop.
    then
        Called in the loop with what ``work`` returned.
    words
        What is being done, for people.
    unwanted
        Called, on the other thread, with what ``work`` returned after the person had left; None:
        it is forgotten.
    """

    waiting = True

    def __init__(
        self,
        work: Callable[[], Any],
        then: Callable[[Any], None],
        *,
        words: str,
        unwanted: Callable[[Any], None] | None = None,
    ) -> None:
        self._work, self._then, self._words, self._unwanted = work, then, words, unwanted
        self._lock = threading.Lock()
        self._left = False
        self._result: Any = None
        self._error: BaseException | None = None
        self._problem = ""
        self._done = False
        self._ticks = 0
        self._thread = threading.Thread(target=self._do, name="loading", daemon=True)

    def _do(self) -> None:
        try:
            result = self._work()
        except BaseException as error:  # whatever it is, it belongs to the loop
            self._error = error
            return
        with self._lock:
            if not self._left:
                self._result = result
                return
        if self._unwanted:
            self._unwanted(result)

    def leave(self) -> None:
        """Gone before the work was done: what comes of it is nobody's."""
        with self._lock:
            self._left = True
            late, self._result = self._result, None
        if late is not None and self._unwanted:
            self._unwanted(late)

    def enter(self, app: App) -> None:
        """Begin, if not begun."""
        self._app = app
        if self._thread.ident is None:
            self._thread.start()
            # What takes a moment is not worth a frame of waiting.
            self._thread.join(timeout=0.002)

    def press(self, verb: Verb) -> None:
        """Back to the title; what is being done is forgotten."""
        from procgen_sim.game.flow import to_title

        if verb in (Verb.BACK, Verb.PAUSE) or (verb is Verb.CONFIRM and self._problem):
            self._app.sound.play("back")
            to_title(self._app)

    def tick(self, actions: int) -> None:
        """Go on once the work is done."""
        self._ticks += 1
        if self._thread.is_alive() or self._done:
            return
        self._done = True
        if isinstance(self._error, InputError):
            self._problem = str(self._error)
        elif self._error is not None:
            raise self._error
        else:
            result, self._result = self._result, None
            self._then(result)

    def draw(self, canvas: pygame.Surface, alpha: float) -> None:
        """What is being done and that it goes on, or what went wrong."""
        canvas.fill(PANEL)
        width, height = CANVAS_PX
        middle = height // 2
        back = self._app.controls.label(Verb.BACK)
        if self._problem:
            draw_text(canvas, "This did not work", (MARGIN_PX, 60), TEXT, size="large")
            lines = wrap(self._problem, width - 2 * MARGIN_PX)
            for number, line in enumerate(lines):
                draw_text(canvas, line, (MARGIN_PX, 96 + number * line_height()), TEXT)
            draw_text(canvas, f"{back} title", (MARGIN_PX, 240), TEXT_DIM)
            return
        if self._ticks < UNSEEN_TICKS:
            return
        draw_text(canvas, self._words, (width // 2, middle - 20), TEXT, align="centre")
        phase = self._ticks / TICKS_PER_S * 1.2
        for dot in range(DOTS):
            lift = max(0.0, math.sin((phase - dot / DOTS / 2) * math.tau))
            if self._app.settings.reduced_motion:
                lift = float(dot <= int(phase * 2) % DOTS)
            side = 5
            box = pygame.Rect(0, 0, side, side)
            box.center = (width // 2 + (dot - DOTS // 2) * 12, middle + 8 - round(4 * lift))
            pygame.draw.rect(canvas, ACCENT if lift > 0.5 else PANEL_EDGE, box)
        if self._ticks > LONG_TICKS:
            place = width // 2, middle + 36
            draw_text(canvas, "The first time takes longer.", place, TEXT_DIM, align="centre")
        draw_text(canvas, f"{back} title", (width // 2, 240), TEXT_DIM, align="centre")
