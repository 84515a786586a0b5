"""The loop and the stack of scenes, without a screen: fixed ticks, transitions, faults."""

from __future__ import annotations

import threading
import time
from dataclasses import replace
from pathlib import Path
from typing import Any

import numpy as np
import pytest
from game_support import headless, key, make_app, steps, tap

from procgen_sim._checks import InputError
from procgen_sim.game.clock import MOST_TICKS_A_FRAME, TickClock
from procgen_sim.game.scene import Scene
from procgen_sim.game.settings import Settings, load_settings, save_settings
from procgen_sim.rng import stream

__all__ = ["headless"]

pytestmark = pytest.mark.usefixtures("headless")

SECOND_NS = 1_000_000_000


class Still(Scene):
    """Writes down what the app asks of it."""

    def __init__(self, *, overlay: bool = False, playing: bool = True) -> None:
        self.overlay, self.playing = overlay, playing
        self.calls: list[str] = []
        self.actions: list[int] = []
        self.verbs: list[Any] = []
        self.alphas: list[float] = []

    def enter(self, app: Any) -> None:
        self.calls.append("enter")

    def leave(self) -> None:
        self.calls.append("leave")

    def press(self, verb: Any) -> None:
        self.verbs.append(verb)

    def point(self, x: int, y: int, pressed: bool) -> None:
        self.calls.append(f"{'press' if pressed else 'point'} {x} {y}")

    def drag(self, x: int, y: int) -> None:
        self.calls.append(f"drag {x} {y}")

    def unfocused(self) -> None:
        self.calls.append("unfocused")

    def tick(self, actions: int) -> None:
        self.actions.append(actions)

    def draw(self, canvas: Any, alpha: float) -> None:
        self.alphas.append(alpha)


def said(app: Any) -> str:
    return str(app._message.text)


# The clock


@pytest.mark.parametrize("fps", [24, 59, 60, 75, 144, 240, 1000])
def test_ticks_do_not_depend_on_the_frame_rate(fps: int) -> None:
    clock, n_ticks, passed = TickClock(), 0, 0
    for frame in range(1, 10 * fps + 1):
        until = frame * SECOND_NS // fps
        n_ticks += clock.advance(until - passed)
        passed = until
        assert 0.0 <= clock.alpha < 1.0
    assert n_ticks == 1200


def test_uneven_frames_lose_nothing() -> None:
    rng = stream(3, "test")
    frames = rng.integers(0, 80_000_000, size=500).tolist()
    clock = TickClock()
    assert sum(clock.advance(each) for each in frames) == sum(frames) * 120 // SECOND_NS


def test_a_long_hitch_is_not_made_up_for() -> None:
    clock = TickClock()
    assert clock.advance(60 * SECOND_NS) == MOST_TICKS_A_FRAME
    assert clock.advance(SECOND_NS // 60) in (1, 2)
    assert clock.advance(-5) == 0


# The loop


def test_a_script_plays_tick_for_tick_in_the_loop() -> None:
    from procgen_sim.game.controls import Script, Verb

    scene = Still()
    script = Script(actions=bytes([2, 2, 6, 4]), verbs={2: [Verb.RESTART, Verb.FORECAST]})
    make_app(first=scene, script=script).run(max_frames=5)
    assert scene.actions == [2, 2, 6, 4, 0, 0, 0, 0, 0, 0]
    assert scene.verbs == [Verb.RESTART, Verb.FORECAST]
    assert len(scene.alphas) == 5
    assert scene.calls == ["enter", "leave"]


def test_a_script_counts_the_ticks_of_each_scene() -> None:
    from procgen_sim.game.controls import Script

    first, second = Still(), Still()
    app = make_app(first=first, script=Script(actions=lambda tick: tick))
    steps(app, 2)
    app.push(second)
    steps(app, 1)
    app.pop()
    steps(app, 1)
    app.close()
    assert first.actions == [0, 1, 2, 3, 4, 5]
    assert second.actions == [0, 1]


def test_beneath_an_overlay_the_level_is_drawn_but_stands_still() -> None:
    level, veil, page = Still(), Still(overlay=True), Still()
    app = make_app(first=level)
    steps(app, 1)
    app.push(veil)
    steps(app, 3)
    assert (len(level.actions), len(veil.actions)) == (2, 6)
    assert level.alphas[1:] == [1.0, 1.0, 1.0]
    app.push(page)
    steps(app, 2)
    assert len(level.alphas) == 4  # a page hides all that is beneath it
    app.pop()
    app.pop()
    assert level.calls == ["enter", "enter"]
    app.close()


def test_paced_by_the_clock() -> None:
    scene = Still()
    app = make_app(first=scene, paced=True)
    steps(app, 1)
    scene.actions.clear()
    begun = time.perf_counter()
    while time.perf_counter() - begun < 0.4:
        app.step()
    elapsed = time.perf_counter() - begun
    app.close()
    # A busy machine may hold a frame up for longer than is caught up with; faster is a fault.
    assert 12 <= len(scene.actions) <= elapsed * 120 + 4


@pytest.mark.parametrize(("waiting", "least_s"), [(False, 0.0005), (True, 0.04)])
def test_other_threads_are_left_time(
    waiting: bool, least_s: float, monkeypatch: pytest.MonkeyPatch
) -> None:
    slept: list[float] = []
    monkeypatch.setattr("procgen_sim.game.app.time.sleep", slept.append)
    scene = Still()
    scene.waiting = waiting
    app = make_app(first=scene, paced=True)
    steps(app, 5)
    app.work_ns.append(SECOND_NS)  # a frame as slow as this leaves nothing to spare
    app.step()
    app.close()
    # Most of a frame at 60 a second; the rest is the screen's, which holds every thread up.
    assert all(max(0.005, least_s) <= each <= max(0.0125, least_s) for each in slept[:5])
    assert slept[5] == least_s


def test_the_keyboard_lost_for_good_is_told_and_lost_for_a_moment_is_not() -> None:
    import pygame

    scene = Still()
    app = make_app(first=scene)
    key("right")
    app.step()
    assert scene.actions == [2, 2]
    pygame.event.post(pygame.Event(pygame.WINDOWFOCUSLOST))
    pygame.event.post(pygame.Event(pygame.WINDOWFOCUSGAINED))
    app.step()
    assert "unfocused" not in scene.calls
    pygame.event.post(pygame.Event(pygame.WINDOWFOCUSLOST))
    app.step()
    assert "unfocused" in scene.calls
    assert scene.actions[-1] == 0  # the release will never be heard
    app.close()


def test_closing_the_window_ends_the_game() -> None:
    import pygame

    scene = Still()
    app = make_app(first=scene)
    pygame.event.post(pygame.Event(pygame.QUIT))
    app.run(max_frames=50)
    assert app.frame == 1
    assert scene.calls[-1] == "leave"


def test_scenes_are_left_before_the_journey_is_closed() -> None:
    order: list[str] = []

    class Leaving(Still):
        def leave(self) -> None:
            order.append("scene")

    class Journey:
        def close(self) -> None:
            order.append("journey")

    app = make_app(first=Leaving())
    app.journey = Journey()
    app.run(max_frames=1)
    assert order == ["scene", "journey"]


# What works everywhere


def test_a_screenshot_is_the_canvas_twice_as_large(headless: Path) -> None:
    from PIL import Image

    app = make_app()
    tap(app, "f12")
    (picture,) = (headless / "data" / "screenshots").iterdir()
    assert str(picture) in said(app)
    with Image.open(picture) as image:
        assert image.size == (960, 540)
        pixels = np.asarray(image.convert("RGB"))
    assert len(np.unique(pixels.reshape(-1, 3), axis=0)) > 20
    app.close()


def test_a_folder_that_cannot_be_written_is_said(headless: Path) -> None:
    headless.write_text("a file where a folder should be")
    app = make_app(first=Still())
    app.press(verb("SCREENSHOT"))
    assert said(app).startswith("The picture could not be saved")
    steps(app, 400)
    app.press(verb("MUTE"))
    assert said(app).startswith("The settings could not be saved")
    assert app.settings.muted
    app.close()


def test_mute_is_kept(headless: Path) -> None:
    app = make_app(first=Still())
    tap(app, "m")
    assert app.sound.muted
    assert load_settings(headless / "config")[0].muted
    tap(app, "m")
    assert not app.sound.muted
    app.close()


def test_what_is_set_for_one_run_is_not_kept(headless: Path) -> None:
    save_settings(Settings(volume=2), headless / "config")
    app = make_app(settings=None, first=Still(), only_now={"person": "Ada", "forecast": True})
    assert (app.settings.person, app.settings.forecast, app.settings.volume) == ("Ada", True, 2)
    app.press(verb("MUTE"))
    kept = load_settings(headless / "config")[0]
    assert kept == Settings(volume=2, muted=True)
    app.change(replace(app.settings, forecast=False, person="Bob"))
    assert load_settings(headless / "config")[0] == replace(kept, person="Bob")
    app.close()


def test_a_missing_sound_device_is_said_once_and_play_goes_on(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    monkeypatch.setenv("SDL_AUDIODRIVER", "none-such")
    app = make_app(first=Still())
    assert "no sound" in said(app)
    tap(app, "down")
    steps(app, 600)
    assert said(app) == ""
    app.close()


def test_sentences_wait_for_each_other() -> None:
    app = make_app(first=Still())
    for text in ("one", "one", "", "two"):
        app.say(text)
    steps(app, 10)
    assert said(app) == "one"
    steps(app, 180)
    assert said(app) == "two"
    steps(app, 180)
    assert said(app) == ""
    app.close()


# The screens around the level


def verb(name: str) -> Any:
    from procgen_sim.game.controls import Verb

    return Verb[name]


def name(scene: Any) -> str:
    return type(scene).__name__


def test_through_the_menus_by_keys(headless: Path) -> None:
    app = make_app()
    assert name(app.scene) == "TitleScene"
    tap(app, "down")
    tap(app, "right")
    assert app.settings.direct_each
    tap(app, "down")
    tap(app, "return")
    assert name(app.scene) == "OptionsScene"
    tap(app, "down")
    tap(app, "left")
    assert app.settings.volume == 6
    for _ in range(7):
        tap(app, "down")
    tap(app, "space")
    assert name(app.scene) == "RemappingScene"
    tap(app, "escape")
    assert name(app.scene) == "OptionsScene"
    tap(app, "escape")
    tap(app, "s")
    tap(app, "return")
    assert name(app.scene) == "CreditsScene"
    tap(app, "return")
    assert name(app.scene) == "TitleScene"
    tap(app, "escape")
    assert app._running
    tap(app, "escape")
    assert not app._running
    app.close()
    kept = load_settings(headless / "config")[0]
    assert (kept.volume, kept.direct_each) == (6, True)


def test_a_name_is_typed_kept_or_left(headless: Path) -> None:
    from procgen_sim.game.scenes.options import OptionsScene

    app = make_app(first=OptionsScene())
    tap(app, "return")
    for letter in ("M", "ö", "m", "q"):
        tap(app, "m", text=letter)  # M does not mute while one types
    tap(app, "backspace", text="\b")
    tap(app, "return", text="\r")
    assert app.settings.person == "Möm"
    assert not app.settings.muted
    tap(app, "return")
    tap(app, "x", text="x" * 200)  # more than fits is not taken
    tap(app, "y", text="y")
    tap(app, "escape", text="\x1b")
    assert app.settings.person == "Möm"
    app.press(verb("BACK"))
    app.close()
    assert load_settings(headless / "config")[0].person == "Möm"


def test_the_mouse_chooses_and_clicks() -> None:
    import pygame

    app = make_app()
    for row in range(5):
        at = (2 * 240, 2 * (140 + 16 * row + 8))
        pygame.event.post(pygame.Event(pygame.MOUSEMOTION, pos=at, rel=(0, 0), buttons=(0, 0, 0)))
        app.step()
        assert app.scene._menu.chosen == row
    at = (2 * 240, 2 * (140 + 16 * 3 + 8))
    pygame.event.post(pygame.Event(pygame.MOUSEBUTTONDOWN, pos=at, button=1))
    app.step()
    assert name(app.scene) == "CreditsScene"
    app.close()


def test_the_mouse_is_told_in_pixels_of_the_canvas() -> None:
    import pygame

    scene = Still()
    app = make_app(first=scene)
    for kind, more in (
        (pygame.MOUSEMOTION, {"buttons": (0, 0, 0)}),
        (pygame.MOUSEBUTTONDOWN, {"button": 3}),
        (pygame.MOUSEBUTTONDOWN, {"button": 1}),
        (pygame.MOUSEMOTION, {"buttons": (1, 0, 0)}),
    ):
        pygame.event.post(pygame.Event(kind, pos=(101, 539), **more))
    app.step()
    assert scene.calls == ["enter", "point 50 269", "press 50 269", "drag 50 269"]
    app.close()


class FakeJourney:
    """Plans that are numbers."""

    def __init__(self) -> None:
        self.closed = self.number = 0
        self.thread = threading.current_thread()

    def plan(self) -> int:
        self.number += 1
        return self.number

    def close(self) -> None:
        self.closed += 1


def step_until(app: Any, condition: Any) -> None:
    deadline = time.perf_counter() + 10
    while not condition():
        assert time.perf_counter() < deadline, "it never came"
        app.step()


def test_from_the_title_to_a_level(monkeypatch: pytest.MonkeyPatch) -> None:
    played: list[Any] = []
    monkeypatch.setattr("procgen_sim.game.flow.play", lambda _app, plan: played.append(plan))
    app = make_app(open_journey=FakeJourney)
    tap(app, "return")
    assert name(app.scene) == "LoadingScene"
    step_until(app, lambda: played)
    journey = app.journey
    assert played == [1]
    assert journey.thread is not threading.main_thread()
    from procgen_sim.game.flow import to_title

    to_title(app)
    assert (journey.closed, app.journey, name(app.scene)) == (1, None, "TitleScene")
    app.close()
    assert journey.closed == 1


def test_without_levels_the_title_says_so() -> None:
    app = make_app()
    tap(app, "return")
    assert said(app) == "There are no levels to play here."
    app.close()


def test_what_cannot_be_loaded_is_shown_and_left() -> None:
    def fails() -> None:
        raise InputError("level.txt", expected="a level", found="nothing")

    app = make_app(open_journey=fails)
    tap(app, "return")
    step_until(app, lambda: getattr(app.scene, "_problem", ""))
    assert app.scene._problem == "level.txt: expected a level, found nothing."
    steps(app, 2)
    tap(app, "escape")
    assert name(app.scene) == "TitleScene"
    app.close()


def test_a_fault_of_ours_while_loading_is_not_hidden() -> None:
    app = make_app(open_journey=lambda: 1 / 0)
    app.press(verb("CONFIRM"))
    with pytest.raises(ZeroDivisionError, match="division by zero"):
        step_until(app, lambda: False)
    app.close()


def test_who_leaves_while_loading_is_not_brought_back() -> None:
    go = threading.Event()
    journeys: list[FakeJourney] = []

    def slow() -> FakeJourney:
        go.wait(10)
        journeys.append(FakeJourney())
        return journeys[0]

    app = make_app(open_journey=slow)
    tap(app, "return")
    steps(app, 40)  # long enough that the screen says what it waits for
    tap(app, "escape")
    assert name(app.scene) == "TitleScene"
    go.set()
    step_until(app, lambda: journeys and journeys[0].closed)
    steps(app, 3)
    assert name(app.scene) == "TitleScene"
    app.close()


@pytest.mark.parametrize(
    ("downs", "expected"), [(0, []), (1, ["restart"]), (2, ["leave level"]), (3, [])]
)
def test_the_pause(downs: int, expected: list[str]) -> None:
    from procgen_sim.game.scenes.pause import PauseScene

    asked: list[str] = []
    level = Still()
    app = make_app(first=level)
    app.push(
        PauseScene(
            restart=lambda: asked.append("restart"),
            leave_level=lambda: asked.append("leave level"),
        )
    )
    for _ in range(downs):
        tap(app, "down")
    tap(app, "space")
    assert asked == expected
    if downs == 3:
        assert name(app.scene) == "OptionsScene"
        tap(app, "escape")
        assert name(app.scene) == "PauseScene"
        tap(app, "p")
    assert app.scene is level
    # The key that chose "go on" was down in a level now: it must not have jumped.
    assert set(level.actions) <= {0}
    app.close()


def test_the_pause_leads_to_the_title() -> None:
    from procgen_sim.game.scenes.pause import PauseScene

    level = Still()
    app = make_app(first=level)
    app.journey = FakeJourney()
    app.push(PauseScene(restart=lambda: None, leave_level=lambda: None))
    tap(app, "up")
    tap(app, "return")
    assert name(app.scene) == "TitleScene"
    assert level.calls[-1] == "leave"
    app.close()


@pytest.mark.parametrize("run", range(3))
def test_hammering_at_the_menus_breaks_nothing(headless: Path, run: int) -> None:
    from procgen_sim.game.controls import Verb

    rng = stream(run, "test")
    app = make_app()
    verbs = [each for each in Verb if each not in (Verb.SCREENSHOT, Verb.FULLSCREEN)]
    for _ in range(400):
        app.press(verbs[rng.integers(len(verbs))])
        if rng.random() < 0.2:
            key(("a", "escape", "return", "f5")[rng.integers(4)], text="a")
        if rng.random() < 0.1:
            app.scene.point(int(rng.integers(-9, 500)), int(rng.integers(-9, 300)), True)
        if rng.random() < 0.2:
            app.step()
    app.close()
    assert load_settings(headless / "config")[0] == app.settings.checked()


def test_reduced_motion_keeps_the_title_still() -> None:
    import pygame

    pictures = {}
    for still in (True, False):
        app = make_app(settings=Settings(reduced_motion=still))
        steps(app, 1)
        before = pygame.surfarray.array3d(app.window.canvas)
        steps(app, 60)
        pictures[still] = np.array_equal(before, pygame.surfarray.array3d(app.window.canvas))
        app.close()
    assert pictures == {True: True, False: False}
