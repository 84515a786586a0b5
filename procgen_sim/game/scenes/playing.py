"""A level being played, by a person or by whoever steers: from its number to its end."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, replace
from typing import TYPE_CHECKING, Final, Literal

import numpy as np
import numpy.typing as npt
import pygame

from procgen_sim.game.app import App
from procgen_sim.game.controls import Verb
from procgen_sim.game.level_sounds import LevelSounds
from procgen_sim.game.plan import Outcome, Plan
from procgen_sim.game.scene import Scene
from procgen_sim.game.view import Hud, LevelView, Meter, Standing, draw_band
from procgen_sim.levels import Level
from procgen_sim.levels.art import load_art
from procgen_sim.platformer import TICKS_PER_S, Event, World

if TYPE_CHECKING:
    from procgen_sim.game.journey import Journey

LOGGED_TICKS: Final = 5 * TICKS_PER_S
"""Play that a crash can cost the log at most."""

__all__ = ["DEATH_TICKS", "INTRO_TICKS", "WIN_TICKS", "Pilot", "PlayingScene", "Showing"]

INTRO_TICKS: Final = TICKS_PER_S
DEATH_TICKS: Final = TICKS_PER_S * 11 // 20
WIN_TICKS: Final = TICKS_PER_S * 8 // 10
"""How long the level's number is shown, and the moments after its end last."""

OPENING_TICKS: Final = 18
ALL_ACTIONS: Final = 31

Status = Literal["won", "died", "left"]

Pilot = Callable[[World], int]
"""Whoever steers: asked each tick which actions are held."""


@dataclass(frozen=True, kw_only=True, eq=False)
class Showing:
    """A level and how it is shown.

    Attributes
    ----------
    title
        What it is called.
    level
        The level.
    art
        Name of the art it is drawn in.
    forecast
        ``(n_columns,)`` how surprising each column is to the companion, 0 to 1; None where nobody
        comes along.
    boredom
        The companion's, before the last level and now, 0 to 1; None as above.
    threshold
        The boredom at which the companion would stop playing.
    """

    title: str
    level: Level
    art: str
    forecast: npt.NDArray[np.float64] | None = None
    boredom: tuple[float, float] | None = None
    threshold: float = 1.0


class PlayingScene(Scene):
    """A level being played.

    Parameters
    ----------
    plan
        What is played: a journey's plan, or any level and how to show it.
    journey
        Is told how it ended; None for play that counts for nothing.
    pilot
        Who steers; None for the person at the keys.
    done
        Called when the level is over, for whatever reason, a death included. None: a death starts
        the level again, and any other end goes on to the journey's card.

    Attributes
    ----------
    world
        The level as it is now.
    recorded
        Actions of this attempt, one byte a tick.
    deaths
        So far.
    """

    playing = True

    def __init__(
        self,
        plan: Plan | Showing,
        journey: Journey | None = None,
        *,
        pilot: Pilot | None = None,
        done: Callable[[Outcome], None] | None = None,
    ) -> None:
        self._showing = plan if isinstance(plan, Showing) else _showing(plan, journey)
        self._journey, self._pilot, self._done = journey, pilot, done
        self.world = World(self._showing.level)
        self.recorded = bytearray()
        self.deaths = 0
        self._earlier_ticks = 0  # of the attempts before this one
        self._tick = 0
        self._intro, self._moment = INTRO_TICKS, 0
        self._entered = self._told = False

    def enter(self, app: App) -> None:
        """Make the picture when first shown; come back from a pause later."""
        self._app = app
        if self._entered:
            return
        self._entered = True
        if self._journey is not None:
            self._journey.started()
        showing, still = self._showing, app.settings.reduced_motion
        self._view = LevelView(showing.level, load_art(showing.art), showing.forecast, still=still)
        self._view.restart(self.world)
        boredom = showing.boredom
        self._hud = Hud(None if boredom is None else Meter(*boredom, showing.threshold))
        self._sounds = LevelSounds(app.sound.play)
        # The first tick loads what is compiled: not while somebody plays.
        self.world.copy().step(0)

    def press(self, verb: Verb) -> None:
        """Pause, start again, show or hide the forecast."""
        if verb in (Verb.PAUSE, Verb.BACK):
            self._pause()
        elif verb is Verb.RESTART and self.world.status != "won":
            self.restart()
        elif verb is Verb.FORECAST:
            if self._showing.forecast is None:
                self._app.say("Nobody comes along here who could forecast anything.")
                return
            settings = self._app.settings
            self._app.settings = replace(settings, forecast=not settings.forecast)
            self._app.sound.play("tick")

    def unfocused(self) -> None:
        """Wait for the person to come back."""
        if self._pilot is None:
            self._pause()

    def _pause(self) -> None:
        from procgen_sim.game.scenes.pause import PauseScene

        self._app.push(PauseScene(restart=self.restart, leave_level=self.leave_level))

    def restart(self) -> None:
        """Begin the level again; one that is won already stays won."""
        if self.world.status == "won":
            return
        self._told = False
        self._earlier_ticks += self.world.tick
        self.world.reset()
        self.recorded.clear()
        self._moment = 0
        self._view.restart(self.world)

    def leave_level(self) -> None:
        """Give the level up; one that is won already stays won."""
        self._end(self._status_if_left)

    def tick(self, actions: int) -> None:
        """One tick of the intro, of play, or of the moment after the end."""
        self._tick += 1
        if self._hud.meter is not None:
            self._hud.meter.tick()
        if self._intro > 0:
            self._intro -= 1
            self._view.rest()
        elif self.world.status == "playing":
            self._play(self._pilot(self.world) if self._pilot is not None else actions)
        else:
            self._view.rest()
            self._moment -= 1
            if self._moment <= 0:
                self._over()

    def _play(self, actions: int) -> None:
        action = int(actions) & ALL_ACTIONS
        fell = self.world.state.vy
        self.recorded.append(action)
        if len(self.recorded) % LOGGED_TICKS == 0:
            self._log_so_far()
        happened = self.world.step(action)
        self._view.follow(self.world, happened)
        self._sounds.hear(happened, fell)
        if happened & Event.DIED:
            self.deaths += 1
            self._log_so_far()
            self._moment = DEATH_TICKS
        elif happened & Event.WON:
            self._moment = WIN_TICKS
            if self._journey is not None:
                self._journey.prepare_next()

    def _log_so_far(self) -> None:
        """If nothing more is heard of this level, it was left now."""
        if self._journey is not None and self._done is None:
            self._journey.so_far(self._outcome("left"))

    def _over(self) -> None:
        if self.world.status == "won":
            self._end("won")
        elif self._done is not None:
            self._end("died")
        else:
            self.restart()

    def leave(self) -> None:
        """Whoever goes to the title or closes the window has left the level, too."""
        if self._journey is not None and self._done is None and not self._told:
            self._told = True
            self._journey.finished(self._outcome(self._status_if_left))

    def _end(self, status: Status) -> None:
        if self._told:
            return
        outcome = self._outcome(status)
        self._told = True
        if self._done is not None:
            self._done(outcome)
        elif self._journey is not None:
            from procgen_sim.game.scenes.card import CardScene

            self._app.go(CardScene(self._journey.finished(outcome), self._journey))
        else:
            self._app.pop()

    def _outcome(self, status: Status) -> Outcome:
        return Outcome(
            status=status,
            ticks=self._ticks,
            deaths=self.deaths,
            coins=self.world.n_coins,
            replay=bytes(self.recorded),
        )

    @property
    def _status_if_left(self) -> Status:
        return "won" if self.world.status == "won" else "left"

    @property
    def _ticks(self) -> int:
        return self._earlier_ticks + self.world.tick

    def draw(self, canvas: pygame.Surface, alpha: float) -> None:
        """The level, the bar above it, and at first the level's name."""
        forecast = self._app.settings.forecast and self._showing.forecast is not None
        self._view.draw(canvas, alpha, forecast=forecast)
        standing = Standing(
            title=self._showing.title,
            coins=self.world.n_coins,
            ticks=self._ticks,
            deaths=self.deaths,
        )
        self._hud.draw(canvas, standing, self._tick)
        if self._intro > 0:
            moves = not self._app.settings.reduced_motion
            share = (self._intro - alpha) / OPENING_TICKS if moves else 1.0
            draw_band(canvas, self._showing.title, self._keys(), share)

    def _keys(self) -> str:
        label = self._app.controls.label
        if self._pilot is not None or self._showing.forecast is None:
            return f"{label(Verb.PAUSE)} pause"
        return (
            f"{label('jump')} jump  ·  {label(Verb.FORECAST)} forecast  ·  "
            f"{label(Verb.RESTART)} restart  ·  {label(Verb.PAUSE)} pause"
        )


def _showing(plan: Plan, journey: Journey | None) -> Showing:
    before, threshold = plan.boredom, 1.0
    if journey is not None:
        threshold = journey.companion.threshold
    if journey is not None and journey.cards:
        last = journey.cards[-1].boredom_curve
        before = last[-2] if len(last) > 1 else journey.boredom_at_start
    return Showing(
        title=f"Level {plan.number}",
        level=plan.level,
        art=plan.art,
        forecast=plan.forecast_columns,
        boredom=(before, plan.boredom),
        threshold=threshold,
    )
