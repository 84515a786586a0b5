"""Watching a bot or a replay play: paused, tick by tick, slowly or fast, level after level."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from typing import Final

import numpy as np
import pygame

from procgen_sim.game.app import App
from procgen_sim.game.controls import Verb
from procgen_sim.game.palette import ACCENT, INK, PANEL, PANEL_EDGE, TEXT, TEXT_DIM
from procgen_sim.game.plan import Outcome
from procgen_sim.game.recording import TICKS_A_FRAME, Recorder
from procgen_sim.game.scene import CANVAS_PX, Scene
from procgen_sim.game.scenes.playing import Pilot, PlayingScene, Showing
from procgen_sim.game.text import draw_text, text_width
from procgen_sim.platformer import TICKS_PER_S, Action, World

__all__ = ["Watched", "WatchingScene"]

SPEEDS: Final = (1 / 8, 1 / 4, 1 / 2, 1.0, 2.0, 4.0, 8.0)
SPEED_LABELS: Final = ("1/8×", "1/4×", "1/2×", "1×", "2×", "4×", "8×")
NORMAL: Final = SPEEDS.index(1.0)

HINT_TICKS: Final = 5 * TICKS_PER_S
"""How long the keys are shown at first; and always while paused."""

BAR_PX: Final = 14
HELD: Final = (
    (Action.LEFT, "←"),
    (Action.RIGHT, "→"),
    (Action.UP, "↑"),
    (Action.DOWN, "↓"),
    (Action.JUMP, "jump"),
)


@dataclass(frozen=True, kw_only=True, eq=False)
class Watched:
    """A level, and who plays it.

    Attributes
    ----------
    showing
        The level and how it is shown.
    who
        Who steers, for people.
    pilot
        Who steers.
    most_ticks
        When to give up on one who does not come to an end.
    """

    showing: Showing
    who: str
    pilot: Pilot
    most_ticks: int


class WatchingScene(Scene):
    """Somebody else plays.

    Parameters
    ----------
    following
        Gives the next to be watched, told how the one before ended (None at first); None ends it
        all.
    recorder
        Takes pictures of what is shown; None for none.
    most_ticks
        Ends it after so many ticks of what is shown; None for no limit.

    Attributes
    ----------
    ended
        How it went so far: title, who steered, and how it ended.
    """

    def __init__(
        self,
        following: Callable[[Outcome | None], Watched | None],
        *,
        recorder: Recorder | None = None,
        most_ticks: int | None = None,
    ) -> None:
        self._following, self._recorder, self._most_ticks = following, recorder, most_ticks
        self._speed, self._paused, self._over = NORMAL, False, False
        self._phase = 0.0  # ticks of play that are due, less than one when a tick is over
        self._shown = self._pictured = 0
        self._playing: PlayingScene | None = None
        self._held = 0
        self.ended: list[tuple[str, str, Outcome]] = []

    def enter(self, app: App) -> None:
        """Begin with the first."""
        self._app = app
        if self._playing is None:
            self._go_on(None)

    def _go_on(self, outcome: Outcome | None) -> None:
        watched = self._following(outcome)
        if watched is None:
            self._over = True
            self._app.quit()
            return
        self._watched, self._held = watched, 0
        self._playing = PlayingScene(watched.showing, pilot=self._steer, done=self._done)
        self._playing.enter(self._app)

    def _steer(self, world: World) -> int:
        self._held = int(self._watched.pilot(world))
        return self._held

    def _done(self, outcome: Outcome) -> None:
        self.ended.append((self._watched.showing.title, self._watched.who, outcome))
        self._go_on(outcome)

    @property
    def _playing_now(self) -> PlayingScene:
        assert self._playing is not None
        return self._playing

    def press(self, verb: Verb) -> None:
        """Pause, a tick on, slower, faster, again, the next level, the end."""
        if verb is Verb.BACK:
            self._app.quit()
        elif verb in (Verb.CONFIRM, Verb.PAUSE):
            self._paused = not self._paused
        elif verb is Verb.RIGHT and self._paused:
            self._play()
        elif verb is Verb.RIGHT:
            self._playing_now.leave_level()
        elif verb in (Verb.UP, Verb.DOWN):
            step = 1 if verb is Verb.UP else -1
            self._speed = min(max(self._speed + step, 0), len(SPEEDS) - 1)
        else:
            self._playing_now.press(verb)

    def tick(self, actions: int) -> None:
        """As many ticks of play as the speed says."""
        self._shown += 1
        if self._most_ticks is not None and self._shown >= self._most_ticks:
            self._app.quit()
        if self._paused:
            return
        self._phase += SPEEDS[self._speed]
        while self._phase >= 1:
            self._phase -= 1
            self._play()

    def _play(self) -> None:
        """One tick of play, or the end of one that has lasted long enough."""
        if self._over:
            return
        playing = self._playing_now
        if playing.world.status == "playing" and playing.world.tick >= self._watched.most_ticks:
            playing.leave_level()
        else:
            playing.tick(0)

    def draw(self, canvas: pygame.Surface, alpha: float) -> None:
        """The level, and a bar below it: what is held, by whom, where, how fast; the keys."""
        if self._paused:
            alpha = 1.0
        elif SPEEDS[self._speed] < 1:
            alpha = min(self._phase + alpha * SPEEDS[self._speed], 1.0)
        self._playing_now.draw(canvas, alpha)
        self._draw_bar(canvas)
        due = self._shown - self._pictured
        if self._recorder is not None and (due >= TICKS_A_FRAME or not self._recorder.n_frames):
            self._pictured = self._shown
            width, height = canvas.get_size()
            pixels = np.frombuffer(pygame.image.tobytes(canvas, "RGB"), np.uint8)
            self._recorder.add(pixels.reshape(height, width, 3), max(due, TICKS_A_FRAME))

    def _draw_bar(self, canvas: pygame.Surface) -> None:
        width, height = CANVAS_PX
        top = height - BAR_PX
        canvas.fill(PANEL, (0, top, width, BAR_PX))
        canvas.fill(PANEL_EDGE, (0, top, width, 1))
        x = 4
        for action, label in HELD:
            box = pygame.Rect(x, top + 2, text_width(label) + 6, BAR_PX - 3)
            on = bool(self._held & action)
            canvas.fill(ACCENT if on else PANEL_EDGE, box)
            draw_text(canvas, label, (box.x + 3, top + 1), INK if on else TEXT_DIM)
            x = box.right + 2
        world = self._playing_now.world
        place = f"column {world.column + 1} of {world.level.n_columns}"
        speed = "paused" if self._paused else SPEED_LABELS[self._speed]
        words = "  ·  ".join((self._watched.who, place, speed))
        x += 6 + draw_text(canvas, words, (x + 6, top + 1), TEXT).width
        keys = self._keys()
        if x + 12 + text_width(keys) > width:
            # No room beside: a line of its own above.
            if self._shown < HINT_TICKS or self._paused:
                plate = pygame.Rect(0, top - BAR_PX, text_width(keys) + 10, BAR_PX)
                plate.right = width
                canvas.fill(PANEL, plate)
                draw_text(canvas, keys, (plate.x + 5, plate.y + 1), TEXT_DIM)
        else:
            draw_text(canvas, keys, (width - 4, top + 1), TEXT_DIM, align="right")

    def _keys(self) -> str:
        label = self._app.controls.label
        go = label("jump") or label(Verb.CONFIRM)
        if self._paused:
            return f"{go} go on  → a tick  {label(Verb.RESTART)} again"
        return f"{go} pause  ↑↓ speed  → next"
