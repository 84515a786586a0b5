"""What the tests of the game share: an invisible screen, no loudspeaker, nobody's settings."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest

from procgen_sim.game.settings import Settings

APPS: list[Any] = []
"""Those made by the test that is running; closed after it if the test did not come so far."""


@pytest.fixture
def headless(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Iterator[Path]:
    """No screen, no sound, a home of our own; gives that home. Import it into a test module."""
    home = tmp_path / "home"
    monkeypatch.setenv("SDL_VIDEODRIVER", "dummy")
    monkeypatch.setenv("SDL_AUDIODRIVER", "dummy")
    monkeypatch.setenv("PROCGEN_SIM_HOME", str(home))
    yield home
    while APPS:
        APPS.pop().close()


def make_app(**given: Any) -> Any:
    """An app that does not wait for the clock and has default settings; use after ``headless``.

    ``app.step()`` is one frame of 1/60 s: two ticks. Close it with ``app.close()``, or let
    ``app.run(max_frames=...)`` do it.
    """
    from procgen_sim.game.app import App

    options: dict[str, Any] = {"settings": Settings(), "paced": False, **given}
    APPS.append(App(**options))
    return APPS[-1]


def steps(app: Any, frames: int) -> None:
    """Let the app go on for some frames."""
    for _ in range(frames):
        app.step()


def key(name: str, *, down: bool = True, text: str = "") -> None:
    """Post a key going down or up, by its name in pygame, as the window would."""
    import pygame

    kind = pygame.KEYDOWN if down else pygame.KEYUP
    pygame.event.post(pygame.Event(kind, key=pygame.key.key_code(name), unicode=text, mod=0))


def tap(app: Any, name: str, *, text: str = "") -> None:
    """A key goes down, a frame later up, and another frame passes."""
    key(name, text=text)
    app.step()
    key(name, down=False)
    app.step()
