"""The game as a whole: one window, one loop, and what scenes may ask for."""

from __future__ import annotations

import time
from collections import deque
from collections.abc import Callable, Mapping
from dataclasses import replace
from itertools import islice
from pathlib import Path
from typing import TYPE_CHECKING, Any, Final

import pygame

from procgen_sim._checks import InputError
from procgen_sim.game.clock import SECOND_NS, TickClock
from procgen_sim.game.controls import Controls, Script, Verb
from procgen_sim.game.folders import config_folder, pictures_folder
from procgen_sim.game.hearing import hear
from procgen_sim.game.message import Message
from procgen_sim.game.scene import Scene
from procgen_sim.game.settings import MOST_VOLUME, Settings, load_settings, save_settings
from procgen_sim.game.sound import Sounds
from procgen_sim.game.stack import SceneStack
from procgen_sim.game.window import Window

if TYPE_CHECKING:
    from procgen_sim.game.journey import Journey

__all__ = ["App"]

SCRIPT_FRAME_NS: Final = -(-SECOND_NS // 60)
"""Game time of a frame when it is not paced by the clock: two ticks, and nothing short of it."""

RECENT_FRAMES: Final = 30
"""The longest of so many frames is how long the next one is expected to take."""

MARGIN_SHARE: Final = 4
"""One part in so many of a frame's time is kept for sleep that is not exact."""

LEAST_WAIT_NS: Final = 500_000
WAITING_NS: Final = 40_000_000


class App:
    """Everything scenes may use.

    Parameters
    ----------
    first
        The scene to begin with; None: the title.
    open_journey
        Fits the model and opens the sequence of levels; called on a thread of its own when a
        person starts to play. None: nothing to play, for tests of the rest.
    settings
        What a person has set; None: read from the config folder.
    only_now
        Settings by name that are otherwise for this run, and are not kept.
    folder
        Where settings are kept; None: the person's config folder.
    script
        Input instead of the keyboard's.
    paced
        Whether to keep to the clock; if not, every frame is 1/60 s of game time and there is no
        waiting.
    scale
        Window pixels for a pixel of the canvas; None: as set.

    Attributes
    ----------
    settings, sound, controls, window
        As the names say.
    journey
        The levels being played, or None.
    frame
        Frames drawn so far.
    work_ns
        Nanoseconds spent on each of the last frames, without waiting.

    Raises
    ------
    InputError
        If there is no window to be had.
    """

    def __init__(
        self,
        *,
        first: Scene | None = None,
        open_journey: Callable[[], Journey] | None = None,
        settings: Settings | None = None,
        only_now: Mapping[str, Any] | None = None,
        folder: Path | None = None,
        script: Script | None = None,
        paced: bool = True,
        scale: int | None = None,
    ) -> None:
        self.folder = folder or config_folder()
        wrong = ""
        if settings is None:
            settings, wrong = load_settings(self.folder)
        self._kept = settings
        self.settings = settings = replace(settings, **(only_now or {})).checked()
        self.window = Window(
            scale=scale or settings.scale, fullscreen=settings.fullscreen, vsync=paced
        )
        self.sound = Sounds(settings.volume / MOST_VOLUME, muted=settings.muted)
        self.controls = Controls(settings)
        self.open_journey = open_journey
        self.journey: Journey | None = None
        self.frame = 0
        self.work_ns: deque[int] = deque(maxlen=3600)
        self._script, self._paced = script, paced
        self._stack = SceneStack(self._entered)
        self._clock = TickClock()
        self._message = Message()
        self._last_ns = time.perf_counter_ns()
        self._running, self._closed = True, False
        self.say(wrong)
        self.say(self.sound.problem)
        if first is None:
            from procgen_sim.game.scenes.title import TitleScene

            first = TitleScene()
        self.push(first)

    # Scenes

    @property
    def scene(self) -> Scene:
        """The scene on top."""
        return self._stack.top

    def go(self, scene: Scene) -> None:
        """Leave all scenes and show this one."""
        self._stack.clear()
        self._stack.push(scene)

    def push(self, scene: Scene) -> None:
        """Show a scene on top of the others, which stand still."""
        self._stack.push(scene)

    def pop(self) -> None:
        """Leave the scene on top; the last one ends the game."""
        if len(self._stack) == 1:
            self.quit()
        else:
            self._stack.pop()

    def _entered(self, scene: Scene) -> None:
        self.controls.settle()
        pygame.mouse.set_visible(not scene.playing)
        scene.enter(self)

    def quit(self) -> None:
        """End the game after this frame."""
        self._running = False

    def end_journey(self) -> None:
        """Close the sequence of levels, if there is one; after the scenes that play it."""
        if self.journey is not None:
            self.journey.close()
            self.journey = None

    # What scenes ask for

    def say(self, text: str) -> None:
        """Show a sentence at the bottom for some seconds; "" says nothing."""
        self._message.show(text)

    def change(self, settings: Settings) -> None:
        """Take new settings, act on them and keep them."""
        before, self.settings = self.settings, settings
        changed = {
            name: value for name, value in vars(settings).items() if value != vars(before)[name]
        }
        self._kept = replace(self._kept, **changed)
        self.controls.rebind(settings)
        self.sound.set_volume(settings.volume / MOST_VOLUME)
        self.sound.mute(settings.muted)
        if settings.fullscreen != before.fullscreen:
            self.window.toggle_fullscreen()
        if settings.scale != before.scale:
            self.window.rescale(settings.scale)
        self.say(save_settings(self._kept, self.folder))

    def screenshot(self) -> Path | None:
        """Save the scene as a PNG and say where; None if it could not be."""
        self._stack.draw(
            self.window.canvas, self._clock.alpha
        )  # without the sentence at the bottom
        try:
            path = self.window.save(pictures_folder())
        except InputError as error:
            self.say(f"The picture could not be saved: {error.found}.")
            return None
        self.say(f"Saved {path}")
        return path

    # The loop

    def run(self, max_frames: int | None = None) -> None:
        """Play until the person quits, or for ``max_frames`` frames; then close the window."""
        try:
            self._last_ns = time.perf_counter_ns()
            while self._running and (max_frames is None or self.frame < max_frames):
                self.step()
        finally:
            self.close()

    def step(self) -> None:
        """One frame: events, the ticks that are due, a picture, and a wait until the next."""
        begun_ns = time.perf_counter_ns()
        elapsed_ns = begun_ns - self._last_ns if self._paced else SCRIPT_FRAME_NS
        self._last_ns = begun_ns
        hear(self, pygame.event.get())
        for verb in self._script.verbs.get(self.frame, ()) if self._script else ():
            self.press(verb)
        if not self.scene.playing and self.scene.listens == "verbs":
            for verb in self.controls.repeats(elapsed_ns):
                self.press(verb)
        self._message.advance(elapsed_ns)
        for _ in range(self._clock.advance(elapsed_ns)):
            if self._running:  # a tick may have ended it
                self._stack.tick(self._held)
        self._stack.draw(self.window.canvas, self._clock.alpha)
        self._message.draw(self.window.canvas)
        self.frame += 1
        self.work_ns.append(time.perf_counter_ns() - begun_ns)
        self.window.present()
        if self._paced:
            self._wait()

    def press(self, verb: Verb) -> None:
        """Do what a verb says, wherever it came from."""
        if verb is Verb.SCREENSHOT:
            self.screenshot()
        elif verb is Verb.FULLSCREEN:
            self.change(replace(self.settings, fullscreen=not self.settings.fullscreen))
        elif verb is Verb.MUTE:
            self.change(replace(self.settings, muted=not self.settings.muted))
            self.say("Sound off" if self.settings.muted else "Sound on")
        else:
            self.scene.press(verb)

    def _held(self, tick: int) -> int:
        return self._script.held(tick) if self._script else self.controls.held()

    def _wait(self) -> None:
        # Showing a frame waits for the screen and lets no other thread run meanwhile, but the next
        # level is made on one. So most of the wait is here; and who waits first and looks at the
        # keys then shows the sooner what they did.
        recent = islice(reversed(self.work_ns), RECENT_FRAMES)
        period_ns = self.window.period_ns
        spare_ns = period_ns - max(recent) - period_ns // MARGIN_SHARE
        least_ns = WAITING_NS if self.scene.waiting else LEAST_WAIT_NS
        time.sleep(max(spare_ns, least_ns) / SECOND_NS)

    def close(self) -> None:
        """Leave every scene and take the window away; once."""
        if self._closed:
            return
        self._closed = True
        try:
            self._stack.clear()
            self.end_journey()
        finally:
            self.window.close()
            pygame.quit()
