"""The title: the name over a level that drifts by, and the main menu."""

from __future__ import annotations

import math
from dataclasses import replace
from typing import Final

import pygame

from procgen_sim.game.app import App
from procgen_sim.game.controls import Verb
from procgen_sim.game.flow import begin
from procgen_sim.game.icons import title_letters
from procgen_sim.game.menu import ROW_PX, Item, Menu
from procgen_sim.game.palette import INK, PANEL, PANEL_EDGE, TEXT, TEXT_DIM
from procgen_sim.game.scene import CANVAS_PX, Scene
from procgen_sim.game.text import draw_text, text_width
from procgen_sim.game.view.backdrop import Backdrop
from procgen_sim.game.view.tiles import TILE_PX, Tiles
from procgen_sim.levels.art import load_art
from procgen_sim.levels.corpus import shipped_corpus
from procgen_sim.platformer import TICKS_PER_S

__all__ = ["TitleScene"]

NAME_TOP_PX: Final = 34
SCENERY: Final = ("samurai", "space_opera")
DRIFT_PX_S: Final = 24
BREAK_S: Final = 3.0
"""Every so often another letter leaves the line that the others keep to."""
LIFT_PX: Final = 7
MENU_PX: Final = 200


class TitleScene(Scene):
    """Play, settings, credits, quit."""

    _visits = 0

    def __init__(self) -> None:
        genre = SCENERY[TitleScene._visits % len(SCENERY)]
        TitleScene._visits += 1
        art = load_art(genre)
        level = shipped_corpus(genre).levels[0]
        self._backdrop, self._tiles = Backdrop(art, CANVAS_PX), Tiles(level, art)
        rows, columns = level.grid.shape
        self._room = max(columns * TILE_PX - CANVAS_PX[0], 1)
        self._camera_y = rows * TILE_PX - CANVAS_PX[1]
        self._name = title_letters()
        self._ticks = 0
        self._menu: Menu | None = None

    def enter(self, app: App) -> None:
        """Make the menu; coming back from the settings finds it as it was."""
        self._app = app
        if self._menu is None:
            left = (CANVAS_PX[0] - MENU_PX) // 2
            items = [
                Item(label="Play", act=lambda: begin(app)),
                Item(label="Choose each level", value=self._directs, adjust=self._direct),
                Item(label="Settings", act=self._options),
                Item(label="Credits", act=self._credits),
                Item(label="Quit", act=app.quit),
            ]
            self._menu = Menu(items, (left, 140, MENU_PX), app.sound.play)

    def _directs(self) -> str:
        return "on" if self._app.settings.direct_each else "off"

    def _direct(self, _step: int) -> None:
        settings = self._app.settings
        self._app.change(replace(settings, direct_each=not settings.direct_each))

    def _options(self) -> None:
        from procgen_sim.game.scenes.options import OptionsScene

        self._app.push(OptionsScene())

    def _credits(self) -> None:
        from procgen_sim.game.scenes.credits import CreditsScene

        self._app.push(CreditsScene())

    def press(self, verb: Verb) -> None:
        """Move in the menu; Esc goes to its last row, and ends the game from there."""
        assert self._menu is not None
        last = len(self._menu.items) - 1
        if verb is not Verb.BACK:
            self._menu.press(verb)
        elif self._menu.chosen == last:
            self._app.quit()
        else:
            self._menu.chosen = last
            self._app.sound.play("back")

    def point(self, x: int, y: int, pressed: bool) -> None:
        """Choose with the mouse."""
        assert self._menu is not None
        self._menu.point(x, y, pressed)

    def tick(self, actions: int) -> None:
        """Drift."""
        self._ticks += 1

    def draw(self, canvas: pygame.Surface, alpha: float) -> None:
        """Scenery, name, menu."""
        assert self._menu is not None
        still = self._app.settings.reduced_motion
        time_s = 0.0 if still else (self._ticks + alpha) / TICKS_PER_S
        # To the end of the level and back, slowing down where it turns.
        there = 0.5 - 0.5 * math.cos(math.pi * DRIFT_PX_S * time_s / self._room)
        camera = round(self._room * there), self._camera_y
        self._backdrop.draw(canvas, camera, 0)
        self._tiles.draw(canvas, camera, 0 if still else self._ticks)
        self._draw_name(canvas, time_s)
        plate = pygame.Rect(0, 132, MENU_PX + 16, self._menu.bottom + 8 - 132)
        plate.centerx = CANVAS_PX[0] // 2
        pygame.draw.rect(canvas, PANEL, plate)
        pygame.draw.rect(canvas, PANEL_EDGE, plate, 1)
        self._menu.draw(canvas)
        self._draw_foot(canvas)

    def _draw_name(self, canvas: pygame.Surface, time_s: float) -> None:
        places = self._name.places(CANVAS_PX[0] // 2)
        # 7 steps through the letters visit all eleven before one comes again.
        odd = (3 + 7 * int(time_s / BREAK_S)) % len(places)
        into = time_s % BREAK_S
        lift = LIFT_PX if time_s == 0 else round(LIFT_PX * min(1.0, into * 8, (BREAK_S - into) * 8))
        for number, x in enumerate(places):
            if number == odd:
                canvas.blit(self._name.odd[number], (x, NAME_TOP_PX - lift))
            else:
                canvas.blit(self._name.calm[number], (x, NAME_TOP_PX))
        words = "Levels made by a model. How soon will you see through it?"
        plate = pygame.Rect(0, 100, text_width(words) + 16, ROW_PX)
        plate.centerx = CANVAS_PX[0] // 2
        pygame.draw.rect(canvas, INK, plate)
        draw_text(canvas, words, (plate.centerx, plate.y + 3), TEXT, align="centre")

    def _draw_foot(self, canvas: pygame.Surface) -> None:
        label = self._app.controls.label
        parts = (
            f"↑ ↓ choose, {label(Verb.CONFIRM)}",
            f"{label(Verb.FULLSCREEN)} full screen",
            f"{label(Verb.MUTE)} sound",
            f"{label(Verb.SCREENSHOT)} picture",
        )
        words = "   ·   ".join(part for part in parts if not part.startswith(" "))
        foot = pygame.Rect(0, CANVAS_PX[1] - ROW_PX, CANVAS_PX[0], ROW_PX)
        pygame.draw.rect(canvas, INK, foot)
        draw_text(canvas, words, (foot.centerx, foot.y + 3), TEXT_DIM, align="centre")
