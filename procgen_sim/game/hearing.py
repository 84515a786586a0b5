"""What the window's events mean: to the scene on top, to the controls, to the app."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pygame

if TYPE_CHECKING:
    from procgen_sim.game.app import App

__all__ = ["hear"]


def hear(app: App, events: list[pygame.Event]) -> None:
    """Pass on all events of a frame."""
    unfocused = False
    for event in events:
        if event.type in (pygame.WINDOWFOCUSLOST, pygame.WINDOWFOCUSGAINED):
            # Going to full screen may lose the keyboard and have it back at once.
            unfocused = event.type == pygame.WINDOWFOCUSLOST
            app.controls.release()
        elif event.type == pygame.QUIT:
            app.quit()
        elif event.type == pygame.MOUSEBUTTONDOWN and event.button == 1:
            app.scene.point(*app.window.to_canvas(event.pos), True)
        elif event.type == pygame.MOUSEMOTION:
            _move(app, event)
        elif event.type == pygame.KEYDOWN and app.scene.listens == "text":
            _type(app, event)
        else:
            _press(app, event)
    if unfocused:
        app.scene.unfocused()


def _move(app: App, event: pygame.Event) -> None:
    place = app.window.to_canvas(event.pos)
    if event.buttons[0]:
        app.scene.drag(*place)
    else:
        app.scene.point(*place, False)


def _type(app: App, event: pygame.Event) -> None:
    if event.key == pygame.K_BACKSPACE:
        app.scene.heard("\b")
    elif event.unicode and event.unicode.isprintable():
        app.scene.heard(event.unicode)
    else:
        _press(app, event)


def _press(app: App, event: pygame.Event) -> None:
    for source in app.controls.changes(event):
        scene = app.scene
        if scene.listens == "source":
            scene.heard(source)
            continue
        typing = scene.listens == "text"
        verb = app.controls.verb(source, playing=scene.playing, typing=typing)
        if verb is not None:
            app.press(verb)
