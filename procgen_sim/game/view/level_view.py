"""A level as it is seen while it is played: everything on the canvas below the bar."""

from __future__ import annotations

from typing import Final

import numpy as np
import numpy.typing as npt
import pygame

from procgen_sim.game.palette import ACCENT, INK, PANEL
from procgen_sim.game.scene import CANVAS_PX
from procgen_sim.game.view.actors import (
    UNITS_PER_PX,
    Creatures,
    Player,
    between,
    creature_px,
    pose,
)
from procgen_sim.game.view.backdrop import Backdrop
from procgen_sim.game.view.camera import Camera
from procgen_sim.game.view.forecast import Forecast
from procgen_sim.game.view.hud import HUD_PX
from procgen_sim.game.view.particles import Particles
from procgen_sim.game.view.tiles import TILE_PX, Tiles
from procgen_sim.levels import Level
from procgen_sim.levels.art import Art
from procgen_sim.platformer import RULES, TICKS_PER_S, Event, State, World

__all__ = ["VIEW_PX", "LevelView"]

VIEW_PX: Final = (CANVAS_PX[0], CANVAS_PX[1] - HUD_PX)
SQUASH_TICKS: Final = 26
SHAKE_TICKS: Final = 18
DEATH_RISE: Final = 1.6
DEATH_PULL: Final = 0.06
"""Pixels a tick, and a tick each tick, with which who died is thrown up and falls."""

HARD: Final = 192
"""Downward speed, units a tick, from which a landing raises dust."""

HOP_TICKS: Final = 22
"""How long who won takes for a jump of joy."""


class LevelView:
    """The picture of a world, one tick after the other.

    Parameters
    ----------
    level
        What is played.
    art
        Whose pictures.
    forecast
        ``(n_columns,)`` how surprising each column is to the companion, 0 to 1; None for no
        overlay.
    still
        Less motion: nothing flies about, nothing shakes, the distance stands still.
    """

    def __init__(
        self, level: Level, art: Art, forecast: npt.NDArray[np.float64] | None, *, still: bool
    ) -> None:
        self._still = still
        size = level.n_columns * TILE_PX, level.n_rows * TILE_PX
        self.camera = Camera(VIEW_PX, size)
        self.particles = Particles(still=still)
        self._size = size
        self._backdrop = Backdrop(art, VIEW_PX)
        self._tiles = Tiles(level, art)
        self._player = Player(art)
        self._creatures = Creatures(level.tileset, art)
        self._forecast = None if forecast is None else Forecast(forecast, VIEW_PX)
        self._tick = 0

    def restart(self, world: World) -> None:
        """Show a world that has just begun."""
        self._tiles.reset()
        self.particles.clear()
        self._squashed: list[tuple[int, int, int, int]] = []
        self._was, self._now = world.state, world.state
        self._creatures_was = self._creatures_now = world.enemies()
        self._ended_at: int | None = None
        self._landed_at = -TICKS_PER_S
        self.camera.jump_to(*_middle(world.state))

    def follow(self, world: World, happened: Event) -> None:
        """Take in what the world's last step did; once each tick."""
        self._tick += 1
        self._was, self._now = self._now, world.state
        self._creatures_was, self._creatures_now = self._creatures_now, world.enemies()
        state = self._now
        x, y = _middle(state)
        self.camera.follow(
            x,
            y,
            facing=state.facing,
            speed=abs(state.vx) / RULES.run_speed,
            settled=bool(state.grounded or state.climbing),
        )
        if happened:
            self._react(world, happened)

    def rest(self) -> None:
        """A tick in which the world stands still, because it has ended or not begun."""
        self._tick += 1
        self._was, self._creatures_was = self._now, self._creatures_now
        x, y = _middle(self._now)
        self.camera.follow(x, y, facing=1, speed=0.0, settled=True)

    def _react(self, world: World, happened: Event) -> None:
        state, tick = self._now, self._tick
        x, feet = _feet(state)
        for change in world.last_changes:
            middle = (change.col + 0.5) * TILE_PX, (change.row + 0.5) * TILE_PX
            picture = self._tiles.change(change.row, change.col, change.what)
            if change.what == "broken":
                self.particles.pieces(tick, *middle, picture)
            elif change.what == "bonus":
                self.particles.coin(tick, middle[0], middle[1] - TILE_PX, self._tiles.coin)
                self.particles.hop(tick, *middle, picture)
            else:
                self.particles.sparkle(tick, *middle)
        if happened & Event.SKIDDED and tick % 7 == 0:
            self.particles.dust(tick, x, feet, 1 if state.vx > 0 else -1, 2)
        if happened & Event.LANDED and self._was.vy > HARD:
            self._landed_at = tick
            self.particles.dust(tick, x, feet, 0)
        if happened & Event.JUMPED and self._was.grounded:
            self.particles.dust(tick, x, feet, -state.facing, 2)
        if happened & Event.STOMPED:
            gone = (self._creatures_was[:, 4] == 1) & (self._creatures_now[:, 4] == 0)
            for left, top, _, flying, _, _ in self._creatures_now[gone].tolist():
                at = creature_px(left // UNITS_PER_PX, top // UNITS_PER_PX)
                self._squashed.append((tick, *at, flying))
                self.particles.puff(tick, at[0] + TILE_PX / 2, at[1] + TILE_PX / 2)
        if happened & Event.WON:
            self.particles.cheer(tick, x, feet - TILE_PX)
        if happened & (Event.WON | Event.DIED):
            self._ended_at = tick

    def draw(self, canvas: pygame.Surface, alpha: float, *, forecast: bool) -> None:
        """Draw the level below the bar.

        Parameters
        ----------
        canvas
            480 × 270 pixels.
        alpha
            How far between the last tick but one and the last the moment is, 0 to 1.
        forecast
            Whether to lay the forecast over it.
        """
        view = canvas.subsurface((0, HUD_PX, *VIEW_PX))
        x, y = self.camera.at(alpha)
        sink = self._size[1] - VIEW_PX[1] - y
        self._backdrop.draw(view, (0 if self._still else x, y), 0 if self._still else sink)
        camera = x, y + self._shake()
        self._tiles.draw(view, camera, self._tick)
        if x < 0:  # a level narrower than the view has walls to both sides
            view.fill(PANEL, (0, 0, -x, VIEW_PX[1]))
            view.fill(PANEL, (self._size[0] - x, 0, VIEW_PX[0] + x - self._size[0], VIEW_PX[1]))
        self._draw_squashed(view, camera)
        self._creatures.draw(
            view, camera, self._creatures_was, self._creatures_now, self._tick, alpha
        )
        if forecast and self._forecast is not None:
            # Who is steered stays clear of the tint.
            self._forecast.draw(view, camera)
        self._draw_player(view, camera, alpha)
        self.particles.draw(view, camera, self._tick - 1 + alpha)

    def _draw_player(self, view: pygame.Surface, camera: tuple[int, int], alpha: float) -> None:
        was, now = self._was, self._now
        half, height = RULES.body_width // 2, RULES.body_height
        x = between(was.x + half, now.x + half, alpha)
        y = between(was.y + height, now.y + height, alpha)
        move, frame = pose(now, self._tick, self._tick - self._landed_at)
        if self._ended_at is not None:
            age = self._tick - self._ended_at + alpha
            move, frame = ("hurt" if now.status == 2 else "win"), int(age) // 20
            y -= self._thrown_px(age, died=now.status == 2)
        self._player.draw(view, camera, (x, y), move, frame, now.facing)
        if y < camera[1]:
            _point_up(view, x - camera[0])

    def _thrown_px(self, age: float, *, died: bool) -> int:
        """Pixels above where the level ended for them, ``age`` ticks ago."""
        if self._still:
            return 0
        if died:
            return round(DEATH_RISE * age - DEATH_PULL * age * age / 2)
        hop = age % HOP_TICKS
        return round(7 * 4 * hop * (HOP_TICKS - hop) / HOP_TICKS**2)

    def _shake(self) -> int:
        """Pixels up or down, for a moment after a death."""
        age = SHAKE_TICKS if self._ended_at is None else self._tick - self._ended_at
        if self._still or self._now.status != 2 or age >= SHAKE_TICKS:
            return 0
        return (2 if age // 3 % 2 else -2) * (SHAKE_TICKS - age) // SHAKE_TICKS

    def _draw_squashed(self, view: pygame.Surface, camera: tuple[int, int]) -> None:
        self._squashed = [one for one in self._squashed if self._tick < one[0] + SQUASH_TICKS]
        for _, x, y, flying in self._squashed:
            self._creatures.draw_flat(view, camera, x, y, flying)


def _point_up(view: pygame.Surface, x: int) -> None:
    """Show where somebody is above what can be seen."""
    pygame.draw.polygon(view, INK, ((x, 1), (x - 6, 8), (x + 6, 8)))
    pygame.draw.polygon(view, ACCENT, ((x, 3), (x - 3, 7), (x + 3, 7)))


def _middle(state: State) -> tuple[float, float]:
    """The middle of the body, pixels."""
    x = (state.x + RULES.body_width / 2) / UNITS_PER_PX
    return x, (state.y + RULES.body_height / 2) / UNITS_PER_PX


def _feet(state: State) -> tuple[float, float]:
    """The middle of the body's lower edge, pixels."""
    x, y = _middle(state)
    return x, y + RULES.body_height / 2 / UNITS_PER_PX
