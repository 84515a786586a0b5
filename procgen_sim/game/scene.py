"""What a screen of the game is: the title, a level being played, the card after it, a pause."""

from __future__ import annotations

from typing import TYPE_CHECKING, Literal

if TYPE_CHECKING:
    import pygame

    from procgen_sim.game.app import App
    from procgen_sim.game.controls import Verb

__all__ = ["CANVAS_PX", "Listening", "Scene"]

CANVAS_PX = (480, 270)
"""Width and height of what scenes draw on, before it is scaled into the window."""

Listening = Literal["verbs", "source", "text"]


class Scene:
    """One screen. The app calls these methods and no others; those left out do nothing.

    Attributes
    ----------
    overlay
        Whether the scene beneath is drawn first, standing still.
    playing
        Whether a body is steered: keys then mean play (Esc pauses, Space jumps), and menus
        otherwise (Esc goes back, Space confirms).
    waiting
        Whether it only waits for another thread: fewer frames are drawn, to leave it the time.
    listens
        What becomes of a pressed key or button: "verbs" calls :meth:`press`; "source" gives the
        name of the next key or button to :meth:`heard`, for remapping; "text" gives what is
        typed to :meth:`heard` and only Enter, Esc and the pad to :meth:`press`.
    """

    overlay: bool = False
    playing: bool = False
    waiting: bool = False
    listens: Listening = "verbs"

    def enter(self, app: App) -> None:
        """The scene came on top of the stack: the first time, or because one above it left."""

    def leave(self) -> None:
        """The scene is off the stack for good."""

    def press(self, verb: Verb) -> None:
        """A key or button went down, or a held direction repeats."""

    def heard(self, what: str) -> None:
        """What :attr:`listens` asked for: ``"key:left"``, ``"pad:a"``, or typed text (``"\\b"``
        rubs out)."""

    def point(self, x: int, y: int, pressed: bool) -> None:
        """The mouse moved to pixel (x, y) of the canvas; ``pressed`` when its button went down."""

    def drag(self, x: int, y: int) -> None:
        """The mouse moved to pixel (x, y) of the canvas with its button held."""

    def unfocused(self) -> None:
        """The window lost the keyboard: a good moment to pause."""

    def tick(self, actions: int) -> None:
        """A 1/120 s of game time; ``actions`` are the bits of ``Action`` that are held."""

    def draw(self, canvas: pygame.Surface, alpha: float) -> None:
        """Draw onto the canvas of 480 × 270 px.

        ``alpha`` in [0, 1) is how far the moment drawn lies from the tick before last to the
        last; 1 for a scene that stands still beneath another.
        """
