"""The window: whole pixels at any size, no display, and a real window under Xvfb."""

from __future__ import annotations

import json
import os
import shutil
import subprocess
import sys
import time
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import numpy as np
import pytest
from game_support import headless, make_app, steps

from procgen_sim._checks import InputError
from procgen_sim.game.installed import check_pygame
from procgen_sim.game.scene import CANVAS_PX, Scene

__all__ = ["headless"]

pytestmark = pytest.mark.usefixtures("headless")

WIDTH, HEIGHT = CANVAS_PX


class Corners(Scene):
    """Red, with a white pixel in each corner."""

    def draw(self, canvas: Any, alpha: float) -> None:
        canvas.fill((200, 0, 0))
        for x in (0, WIDTH - 1):
            for y in (0, HEIGHT - 1):
                canvas.set_at((x, y), (255, 255, 255))


@pytest.mark.parametrize(
    ("window", "expected"),
    [
        ((480, 270), (1, 0, 0)),
        ((960, 540), (2, 0, 0)),
        ((961, 541), (2, 0, 0)),
        ((959, 5000), (1, 239, 2365)),
        ((1366, 768), (2, 203, 114)),
        ((1920, 1080), (4, 0, 0)),
        ((2561, 1441), (5, 80, 45)),
        ((479, 269), (1, -1, -1)),
        ((1, 1), (1, -240, -135)),
    ],
)
def test_placement(window: tuple[int, int], expected: tuple[int, int, int]) -> None:
    from procgen_sim.game.window import placement

    assert placement(window) == expected


def test_the_canvas_always_fits_and_the_next_scale_never_does() -> None:
    from procgen_sim.game.window import placement

    for width in range(480, 3000, 37):
        for height in range(270, 2000, 41):
            scale, x, y = placement((width, height))
            assert x >= 0 <= y
            assert scale * WIDTH + 2 * x in (width, width - 1)
            assert scale * HEIGHT + 2 * y in (height, height - 1)
            assert (scale + 1) * WIDTH > width or (scale + 1) * HEIGHT > height


def test_what_is_seen_is_whole_pixels_between_bars() -> None:
    import pygame

    app = make_app(first=Corners())
    app.window._window.size = (1111, 611)
    steps(app, 2)
    seen = pygame.surfarray.array3d(app.window.seen()).transpose(1, 0, 2)
    assert seen.shape == (611, 1111, 3)
    x, y = (1111 - 960) // 2, (611 - 540) // 2
    inside = seen[y : y + 540, x : x + 960].astype(int)
    assert (inside[::2, ::2] == inside[1::2, 1::2]).all()
    white = (inside == 255).all(axis=2)
    assert white.sum() == 4 * 4
    assert white[0, 0]
    assert white[-1, -1]
    red = (seen == (200, 0, 0)).all(axis=2)
    assert red.sum() == 960 * 540 - 16
    bars = np.delete(seen.reshape(-1, 3), np.flatnonzero((seen[..., 0] > 100).ravel()), axis=0)
    assert len(np.unique(bars, axis=0)) == 1
    assert app.window.to_canvas((x, y)) == (0, 0)
    assert app.window.to_canvas((x + 959, y + 539)) == (479, 269)
    assert app.window.to_canvas((x - 1, y - 1)) == (-1, -1)
    app.close()


def test_full_screen_and_back_and_larger() -> None:
    from procgen_sim.game.controls import Verb

    app = make_app()
    windowed = app.window.size
    assert windowed == (960, 540)
    app.press(Verb.FULLSCREEN)
    steps(app, 1)
    assert app.window.fullscreen
    assert app.settings.fullscreen
    app.press(Verb.FULLSCREEN)
    steps(app, 1)
    assert app.window.size == windowed
    app.window.rescale(1)
    assert app.window.size == (480, 270)
    app.window.rescale(100)  # never larger than the screen: here 1024 × 768
    assert app.window.size == (960, 540)
    app.close()


# No display, or another pygame


def test_an_invisible_screen_is_refused_unless_asked_for() -> None:
    from procgen_sim.game.window import check_driver

    for driver in ("dummy", "offscreen"):
        check_driver(driver, {"SDL_VIDEODRIVER": driver})
        with pytest.raises(InputError, match="display: expected a screen to open a window on"):
            check_driver(driver, {})
    check_driver("x11", {})


def test_a_machine_without_a_screen_is_refused_before_anything_is_opened(tmp_path: Path) -> None:
    from procgen_sim.game.window import check_screen

    none = tmp_path / "dri"
    with pytest.raises(InputError, match="found none; start the game from a desktop"):
        check_screen({}, "linux", none)
    check_screen({"WAYLAND_DISPLAY": "wayland-0"}, "linux", none)
    check_screen({}, "linux", tmp_path)  # a graphics card: SDL can draw without a desktop
    check_screen({}, "win32", none)


def without_display(**more: str) -> dict[str, str]:
    gone = ("DISPLAY", "WAYLAND_DISPLAY", "SDL_VIDEODRIVER")
    return {name: value for name, value in os.environ.items() if name not in gone} | more


OPEN = """
import sys
from procgen_sim._checks import InputError
from procgen_sim.game.app import App
try:
    App()
except InputError as error:
    print(error)
    sys.exit(2)
"""


@pytest.mark.skipif(sys.platform != "linux", reason="elsewhere there is always a display")
@pytest.mark.parametrize("more", [{}, {"DISPLAY": ":4321"}], ids=["none", "one that is not there"])
def test_without_a_display_one_sentence(tmp_path: Path, more: dict[str, str]) -> None:
    environment = without_display(PROCGEN_SIM_HOME=str(tmp_path), **more)
    done = subprocess.run(
        [sys.executable, "-c", OPEN], env=environment, capture_output=True, text=True, timeout=60
    )
    assert done.returncode == 2, done.stderr
    assert done.stdout.startswith("display: expected a screen to open a window on, found ")
    assert done.stdout.count("\n") == 1
    assert "Traceback" not in done.stderr
    assert not list(tmp_path.iterdir())


def test_the_older_pygame_is_refused_with_the_cure(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    check_pygame()
    (tmp_path / "pygame.py").write_text("ver = '2.6.1'")
    monkeypatch.delitem(sys.modules, "pygame")
    monkeypatch.syspath_prepend(tmp_path)
    with pytest.raises(InputError, match="pip uninstall -y pygame pygame-ce, then: pip install"):
        check_pygame()
    monkeypatch.delitem(sys.modules, "pygame")
    (tmp_path / "pygame.py").write_text("raise ImportError('no library')")
    with pytest.raises(InputError, match="found no library; run: pip install pygame-ce"):
        check_pygame()


# A real window


PLAY = """
import json, os, sys
import pygame
from procgen_sim.game.app import App
from procgen_sim.game.scene import Scene

class Level(Scene):
    playing = True
    held = 0
    paused = False
    def tick(self, actions):
        self.held += actions == 2
    def unfocused(self):
        self.paused = True
    def press(self, verb):
        if verb.name == "PAUSE":
            app.quit()

level = Level()
app = App(first=level)
app.push(__import__("procgen_sim.game.scenes.title", fromlist=["x"]).TitleScene())
report = sys.argv[1]
while app._running and app.frame < 3000:
    app.step()
    state = {
        "driver": pygame.display.get_driver(),
        "frame": app.frame,
        "scene": type(app.scene).__name__,
        "chosen": getattr(getattr(app.scene, "_menu", None), "chosen", None),
        "size": app.window.size,
        "fullscreen": app.window.fullscreen,
        "held": level.held,
        "paused": level.paused,
    }
    with open(report + ".new", "w") as file:
        json.dump(state, file)
    os.replace(report + ".new", report)
    if state["scene"] == "CreditsScene" and level.held == 0:
        app.go(level)
app.close()
"""


@pytest.fixture
def x_display() -> Iterator[str]:
    """A screen of 1280 × 1024 that nobody sees; its name."""
    for program in ("Xvfb", "xdotool"):
        if not shutil.which(program):
            pytest.skip(f"{program} is not installed: apt-get install xvfb xdotool")
    read, write = os.pipe()
    server = subprocess.Popen(
        ["Xvfb", "-displayfd", str(write), "-screen", "0", "1280x1024x24", "-nolisten", "tcp"],
        pass_fds=[write],
        stderr=subprocess.DEVNULL,
    )
    os.close(write)
    with os.fdopen(read) as told:
        number = told.readline().strip()
    yield f":{number}"
    server.terminate()
    server.wait(10)


def test_a_real_window_with_real_keys(x_display: str, tmp_path: Path) -> None:
    environment = without_display(
        DISPLAY=x_display,
        SDL_VIDEODRIVER="x11",
        SDL_AUDIODRIVER="dummy",
        PROCGEN_SIM_HOME=str(tmp_path / "home"),
    )
    report = tmp_path / "state.json"
    game = subprocess.Popen(
        [sys.executable, "-W", "error", "-c", PLAY, str(report)],
        env=environment,
        stdout=subprocess.PIPE,
        stderr=subprocess.STDOUT,
        text=True,
    )

    def state() -> dict[str, Any]:
        return dict(json.loads(report.read_text())) if report.exists() else {}

    def until(come: Callable[[], object], what: str = "") -> None:
        deadline = time.monotonic() + 20
        while not come():
            if time.monotonic() > deadline or game.poll() is not None:
                game.kill()
                pytest.fail(f"never {what}; last {state()}; {game.communicate()[0]}")
            time.sleep(0.02)

    def wait(**expected: Any) -> None:
        until(lambda: expected.items() <= state().items(), str(expected))

    def send(*words: str) -> None:
        subprocess.run(["xdotool", *words], env=environment, check=True, capture_output=True)

    try:
        wait(driver="x11", scene="TitleScene", chosen=0, size=[960, 540])
        send("key", "Down")
        wait(chosen=1)
        send("key", "F11")
        wait(fullscreen=True, size=[1280, 1024])
        send("key", "F11")
        wait(fullscreen=False, size=[960, 540])
        send("key", "Down", "Down", "Return")  # credits, and from there the level
        wait(scene="Level")
        send("keydown", "Right")
        until(lambda: state()["held"] >= 60)  # half a second of ticks with the key held
        send("keyup", "Right")
        send("key", "F12")
        pictures = tmp_path / "home" / "data" / "screenshots"
        until(lambda: list(pictures.glob("procgen-sim-*.png")))
        window = subprocess.run(
            ["xdotool", "getwindowfocus"],
            env=environment,
            check=True,
            capture_output=True,
            text=True,
        ).stdout.strip()
        send("windowunmap", window)
        wait(paused=True)
        send("windowmap", window)
        send("windowfocus", "--sync", window)
        send("key", "Escape")
        assert game.wait(20) == 0
    finally:
        game.kill()
        game.communicate()
