"""The window: made, resized, filled by whole pixels, and photographed.

Scenes draw on a small surface in memory. The graphics card enlarges it, which costs the same for
a small window and a large screen, and paces the frames; where there is none SDL does both.
"""

from __future__ import annotations

import os
import sys
from collections.abc import Mapping
from datetime import datetime
from pathlib import Path
from typing import Final

import pygame

from procgen_sim._checks import InputError
from procgen_sim.files import writing_beside
from procgen_sim.game.icons import window_icon
from procgen_sim.game.installed import check_pygame
from procgen_sim.game.palette import INK
from procgen_sim.game.scene import CANVAS_PX

__all__ = ["Window", "check_driver", "check_screen", "placement"]

TITLE: Final = "procgen_sim"
INVISIBLE: Final = ("dummy", "offscreen")
"""SDL's drivers that draw where nobody can see it."""


def placement(window_px: tuple[int, int]) -> tuple[int, int, int]:
    """Where the canvas goes in a window: (scale, x, y).

    ``scale`` is the largest whole number with which it fits, at least 1; (x, y) its top left in
    pixels of the window, negative when the window is smaller than the canvas.

    >>> placement((961, 700))
    (2, 0, 80)
    """
    width, height = CANVAS_PX
    scale = max(1, min(window_px[0] // width, window_px[1] // height))
    return scale, (window_px[0] - scale * width) // 2, (window_px[1] - scale * height) // 2


def check_screen(
    environ: Mapping[str, str] = os.environ,
    platform: str = sys.platform,
    cards: Path = Path("/dev/dri"),
) -> None:
    """Refuse early where there can be no screen; libraries would complain on their own.

    Raises
    ------
    InputError
        On a Linux machine with neither a desktop nor a graphics card.
    """
    told = ("DISPLAY", "WAYLAND_DISPLAY", "SDL_VIDEODRIVER")
    if platform == "linux" and not any(environ.get(name) for name in told) and not cards.is_dir():
        raise _no_display("none")


def check_driver(driver: str, environ: Mapping[str, str] = os.environ) -> None:
    """Refuse to play where no one can see it, unless it was asked for.

    Without a display SDL opens an invisible window and says nothing: the game would run for ever.

    Raises
    ------
    InputError
        If the driver is an invisible one and ``SDL_VIDEODRIVER`` did not ask for it.
    """
    if driver in INVISIBLE and not environ.get("SDL_VIDEODRIVER"):
        raise _no_display("none")


class Window:
    """A resizable window that shows a canvas of 480 × 270 px in whole multiples.

    Parameters
    ----------
    scale
        Pixels of the window for a pixel of the canvas; fewer if the screen is too small.
    fullscreen
        Whether to begin in full screen.
    vsync
        Whether :meth:`present` waits for the screen.

    Attributes
    ----------
    canvas
        What scenes draw on.

    Raises
    ------
    InputError
        If pygame is not pygame-ce, or there is no display to open a window on.
    """

    def __init__(self, *, scale: int, fullscreen: bool, vsync: bool = True) -> None:
        check_pygame()
        from pygame._sdl2 import video  # pygame-ce keeps its renderer there

        check_screen()
        try:
            pygame.display.init()
            check_driver(pygame.display.get_driver())
            self._screens = pygame.display.get_desktop_sizes()
            self._window = pygame.Window(
                TITLE, self._size(scale), resizable=True, allow_high_dpi=True
            )
            self._renderer = video.Renderer(self._window, vsync=vsync)
        except pygame.error as error:
            raise _no_display(str(error).lower()) from error
        self._window.minimum_size = CANVAS_PX
        self._window.set_icon(window_icon())
        self._renderer.draw_color = INK
        self.canvas = pygame.Surface(CANVAS_PX, 0, 32)
        self._texture = video.Texture(self._renderer, CANVAS_PX, streaming=True)
        self.fullscreen = False
        if fullscreen:
            self.toggle_fullscreen()
        # Opening takes the keyboard away and gives it back; nobody has left.
        pygame.event.get((pygame.WINDOWFOCUSLOST, pygame.WINDOWFOCUSGAINED))

    def _size(self, scale: int) -> tuple[int, int]:
        scale = max(1, min(scale, self.most_scale))
        return CANVAS_PX[0] * scale, CANVAS_PX[1] * scale

    @property
    def period_ns(self) -> int:
        """Nanoseconds from frame to frame of the fastest screen, as far as it is known."""
        rates = [rate for rate in pygame.display.get_desktop_refresh_rates() if rate > 0]
        return 1_000_000_000 // min(max(rates, default=60), 240)

    @property
    def most_scale(self) -> int:
        """The largest scale whose window fits on the largest screen."""
        return max((placement(screen)[0] for screen in self._screens), default=1)

    @property
    def size(self) -> tuple[int, int]:
        """Width and height in pixels of the screen."""
        viewport = self._renderer.get_viewport()
        return viewport.width, viewport.height

    def toggle_fullscreen(self) -> None:
        """To the whole screen, or back to the window as large as it was."""
        self.fullscreen = not self.fullscreen
        if self.fullscreen:
            self._window.set_fullscreen(desktop=True)
        else:
            self._window.set_windowed()

    def rescale(self, scale: int) -> None:
        """Make the window as large as the canvas is at ``scale``; in full screen nothing."""
        if not self.fullscreen:
            self._window.size = self._size(scale)

    def present(self) -> None:
        """Show what the canvas holds."""
        scale, x, y = placement(self.size)
        self._texture.update(self.canvas)
        self._renderer.clear()
        self._texture.draw(dstrect=(x, y, CANVAS_PX[0] * scale, CANVAS_PX[1] * scale))
        self._renderer.present()

    def seen(self) -> pygame.Surface:
        """A copy of all that the window shows, letterbox included."""
        return self._renderer.to_surface()

    def to_canvas(self, position: tuple[int, int]) -> tuple[int, int]:
        """Pixel of the canvas under the mouse; may lie outside the canvas."""
        # The mouse is told in points, of which a screen may have several pixels.
        width, height = self._window.size
        scale, x, y = placement(self.size)
        px = position[0] * self.size[0] // width, position[1] * self.size[1] // height
        return (px[0] - x) // scale, (px[1] - y) // scale

    def save(self, folder: Path) -> Path:
        """Save the canvas, twice as large, as a PNG named after the moment; return its path.

        Raises
        ------
        InputError
            If the folder cannot be written.
        """
        now = datetime.now().strftime("%Y-%m-%d-%H%M%S-%f")[:-3]
        path = folder / f"procgen-sim-{now}.png"
        with writing_beside(path) as beside, beside.open("wb") as file:
            pygame.image.save(pygame.transform.scale_by(self.canvas, 2), file, "shot.png")
        return path

    def close(self) -> None:
        """Take the window away. Nothing else may be done with it then."""
        # In this order: with the window SDL frees the other two, and would do so once more when
        # they are collected, by then perhaps those of another window.
        del self._texture
        del self._renderer
        self._window.destroy()


def _no_display(found: str) -> InputError:
    return InputError(
        "display",
        expected="a screen to open a window on",
        found=found,
        do="start the game from a desktop, or set DISPLAY",
    )
