"""Playing a level in the game's own loop: from the keys, by a pilot, to a win, a death, a pause."""

from __future__ import annotations

import contextlib
import json
import subprocess
import sys
from collections.abc import Callable, Iterator
from dataclasses import replace
from pathlib import Path
from types import SimpleNamespace
from typing import Any

import numpy as np
import pygame
import pytest
from game_support import headless, make_app, steps  # noqa: F401
from test_game_window import without_display, x_display  # noqa: F401

from procgen_sim.game.app import App
from procgen_sim.game.controls import Script, Verb
from procgen_sim.game.level_sounds import HEARD, LevelSounds
from procgen_sim.game.plan import Card, Outcome, Plan
from procgen_sim.game.scene import Scene
from procgen_sim.game.scenes.pause import PauseScene
from procgen_sim.game.scenes.playing import (
    DEATH_TICKS,
    INTRO_TICKS,
    WIN_TICKS,
    PlayingScene,
    Showing,
)
from procgen_sim.game.settings import Settings
from procgen_sim.game.sound import SOUNDS, Sounds
from procgen_sim.generators import Builder
from procgen_sim.levels import Level, Tileset
from procgen_sim.platformer import Action, Event, World, solve
from procgen_sim.rng import stream

FLAT = ["------------", "------------", "-M--o------F", "XXXXXXXXXXXX"]
SPIKES = ["------------", "------------", "-M--^------F", "XXXXXXXXXXXX"]
RIGHT = int(Action.RIGHT)


class Told:
    """Stands for a journey: remembers what it was told."""

    boredom_at_start = 0.0
    rating = 0
    companion = SimpleNamespace(threshold=0.6)

    def __init__(self) -> None:
        self.cards: list[Card] = []
        self.outcomes: list[Outcome] = []
        self.n_prepared = 0
        self.logged: list[Outcome] = []

    def started(self) -> None:
        pass

    def so_far(self, outcome: Outcome) -> None:
        self.logged.append(outcome)

    def prepare_next(self) -> None:
        self.n_prepared += 1

    def finished(self, outcome: Outcome) -> Card:
        self.outcomes.append(outcome)
        return Card(
            number=1,
            outcome=outcome,
            foreseen=0.4,
            predictability=0.3,
            boredom=0.2,
            threshold=0.6,
            boredom_curve=(0.2,),
            foreseen_curve=(0.4,),
            off_curve=(False,),
            off_model=False,
            broke=False,
            proposal="",
            quantile=0.5,
            who="schedule",
            words="Nothing was surprising.",
        )


def level_of(rows: list[str], tileset: Tileset) -> Level:
    return Level.from_rows(rows, tileset, "test")


def plan_of(level: Level, *, off_model: bool = False) -> Plan:
    return Plan(
        number=3,
        level=level,
        vector=np.zeros(11),
        off_model=off_model,
        broke=off_model,
        proposal="outlier" if off_model else "",
        quantile=0.0,
        who="schedule",
        forecast_columns=np.linspace(0, 1, level.n_columns),
        boredom=0.25,
        art="samurai",
    )


@pytest.fixture
def apps(headless: Path) -> Iterator[Callable[..., App]]:  # noqa: F811, ARG001
    """Makes apps without a clock, and closes them."""
    made: list[App] = []

    def make(scene: PlayingScene, **given: Any) -> App:
        made.append(make_app(first=scene, **given))
        return made[-1]

    yield make
    for app in made:
        app.close()


def run_out(app: App, frames: int = 600) -> None:
    """Frames until another scene is shown."""
    scene = app.scene
    for _ in range(frames):
        if app.scene is not scene:
            return
        app.step()
    raise AssertionError("the scene never ended")


# From the keys to the card


def test_scripted_keys_play_a_whole_level_in_the_real_loop(
    apps: Callable[..., App], house_tileset: Tileset, monkeypatch: pytest.MonkeyPatch
) -> None:
    level = level_of(FLAT, house_tileset)
    journey = Told()
    scene = PlayingScene(plan_of(level), journey)  # type: ignore[arg-type]
    heard: list[str] = []
    monkeypatch.setattr(Sounds, "play", lambda _, name: heard.append(name))
    app = apps(scene, script=Script(actions=lambda tick: RIGHT if tick >= INTRO_TICKS else 0))
    run_out(app)
    assert heard == ["coin", "win"]
    (outcome,) = journey.outcomes
    assert (outcome.status, outcome.deaths, outcome.coins) == ("won", 0, 1)
    assert outcome.replay == bytes([RIGHT] * outcome.ticks)
    assert journey.n_prepared >= 1
    assert type(app.scene).__name__ == "CardScene"
    world = World(level)
    for action in outcome.replay:
        assert world.status == "playing"
        world.step(action)
    assert world.status == "won"
    assert world == scene.world


def test_a_proof_plays_a_generated_level_in_the_real_loop(
    apps: Callable[..., App], monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("SDL_VIDEODRIVER", "offscreen")
    vector = [3, 2.5, 2, 0.3, 8, 4, 6, 2, 10, 0, 0.6]
    level = Builder(120).build(vector, rng=stream(1, "test", 311)).level
    verdict = solve(level)
    assert verdict.replay is not None
    actions = verdict.replay.actions
    journey = Told()
    scene = PlayingScene(plan_of(level), journey)  # type: ignore[arg-type]
    app = apps(scene, script=Script(actions=bytes(INTRO_TICKS) + actions))
    assert pygame.display.get_driver() == "offscreen"
    lefts = []
    while app.scene is scene:
        app.step()
        lefts.append(scene._view.camera.at(1.0)[0])
    (outcome,) = journey.outcomes
    assert (outcome.status, outcome.deaths) == ("won", 0)
    assert outcome.replay == actions[: outcome.ticks]
    assert lefts[0] == 0
    assert lefts[-1] == level.n_columns * 16 - 480


def test_the_intro_and_the_joy_last_as_long_as_they_should(
    apps: Callable[..., App], house_tileset: Tileset
) -> None:
    scene = PlayingScene(plan_of(level_of(FLAT, house_tileset)), Told())  # type: ignore[arg-type]
    app = apps(scene, script=Script(actions=lambda _: RIGHT))
    steps(app, INTRO_TICKS // 2)
    assert scene.world.tick == 0
    assert len(scene.recorded) == 0
    app.step()
    assert scene.world.tick == 2
    while scene.world.status == "playing":
        app.step()
    before = app.frame
    run_out(app)
    assert abs((app.frame - before) * 2 - WIN_TICKS) <= 4


PROGRAM = """
import json, sys
import pygame
from procgen_sim.game.app import App
from procgen_sim.game.scenes.playing import PlayingScene, Showing
from procgen_sim.game.settings import Settings
from procgen_sim.levels import Level, house_tileset

def done(outcome):
    told = [pygame.display.get_driver(), outcome.status, outcome.coins, outcome.replay.hex()]
    print(json.dumps(told))
    app.quit()

level = Level.from_rows(json.loads(sys.argv[1]), house_tileset())
showing = Showing(title="flat", level=level, art="samurai")
app = App(first=PlayingScene(showing, done=done), settings=Settings())
print("ready", flush=True)
app.run()
"""


def test_a_held_key_plays_a_whole_level_in_a_real_window(
    x_display: str,  # noqa: F811
    tmp_path: Path,
    house_tileset: Tileset,
) -> None:
    environment = without_display(
        DISPLAY=x_display,
        SDL_VIDEODRIVER="x11",
        SDL_AUDIODRIVER="dummy",
        PROCGEN_SIM_HOME=str(tmp_path),
    )
    game = subprocess.Popen(
        [sys.executable, "-c", PROGRAM, json.dumps(FLAT)],
        env=environment,
        stdout=subprocess.PIPE,
        text=True,
    )
    try:
        assert game.stdout is not None
        assert game.stdout.readline() == "ready\n"
        # Whoever holds the key since before the window had the keyboard is not heard: try again.
        for _ in range(20):
            for action in ("keyup", "keydown"):
                subprocess.run(["xdotool", action, "Right"], env=environment, check=True)
            with contextlib.suppress(subprocess.TimeoutExpired):
                game.wait(1)
                break
        driver, status, coins, replay = json.loads(game.communicate(timeout=10)[0])
    finally:
        game.kill()
        game.wait()
    assert (driver, status, coins) == ("x11", "won", 1)
    world = World(level_of(FLAT, house_tileset))
    for action in bytes.fromhex(replay):
        world.step(action)
    assert world.status == "won"


# Deaths and restarts


def test_who_dies_begins_again_at_once(apps: Callable[..., App], house_tileset: Tileset) -> None:
    scene = PlayingScene(plan_of(level_of(SPIKES, house_tileset)), Told())  # type: ignore[arg-type]
    app = apps(scene, script=Script(actions=lambda _: RIGHT))
    steps(app, INTRO_TICKS // 2)
    while scene.world.status == "playing":
        app.step()
    one_attempt = scene.world.tick
    assert scene.deaths == 1
    steps(app, DEATH_TICKS // 2 + 2)
    assert scene.world.status == "playing"
    assert 0 < scene.world.tick < one_attempt
    assert len(scene.recorded) == scene.world.tick
    while scene.deaths < 3:
        app.step()
    journey = scene._journey
    scene.leave_level()
    (outcome,) = journey.outcomes  # type: ignore[union-attr]
    assert (outcome.status, outcome.deaths) == ("left", 3)
    assert outcome.ticks == 3 * one_attempt
    assert outcome.replay == bytes([RIGHT] * one_attempt)
    # Each death is in the log at once, whatever happens to the game afterwards.
    assert [so_far.deaths for so_far in journey.logged] == [1, 2, 3]  # type: ignore[union-attr]


def test_restart(apps: Callable[..., App], house_tileset: Tileset) -> None:
    scene = PlayingScene(plan_of(level_of(FLAT, house_tileset)), Told())  # type: ignore[arg-type]
    frame = INTRO_TICKS // 2 + 40
    script = Script(actions=lambda _: RIGHT, verbs={frame: [Verb.RESTART]})
    app = apps(scene, script=script)
    steps(app, frame)
    assert scene.world.n_coins == 1
    app.step()
    assert scene.world.tick == 2
    assert scene.world.n_coins == 0
    assert scene.deaths == 0


def test_a_death_ends_what_counts_for_nothing(
    apps: Callable[..., App], house_tileset: Tileset
) -> None:
    outcomes: list[Outcome] = []
    showing = Showing(title="spikes", level=level_of(SPIKES, house_tileset), art="generic")
    scene = PlayingScene(showing, pilot=lambda _: RIGHT, done=outcomes.append)
    app = apps(scene, script=Script())
    while not outcomes:
        app.step()
    assert (outcomes[0].status, outcomes[0].deaths) == ("died", 1)


def test_a_pilot_steers_and_sees_the_world(
    apps: Callable[..., App], house_tileset: Tileset
) -> None:
    outcomes: list[Outcome] = []
    columns: list[int] = []

    def pilot(world: World) -> int:
        columns.append(world.column)
        return RIGHT | (Action.JUMP if world.tick % 60 < 20 else 0)

    showing = Showing(title="flat", level=level_of(FLAT, house_tileset), art="samurai")
    app = apps(
        PlayingScene(showing, pilot=pilot, done=outcomes.append),
        script=Script(actions=lambda _: int(Action.LEFT)),
    )
    while not outcomes:
        app.step()
    assert outcomes[0].status == "won"
    assert columns == sorted(columns)
    assert len(columns) == outcomes[0].ticks == len(outcomes[0].replay or b"")


# Pauses


def test_a_pause_holds_the_world(apps: Callable[..., App], house_tileset: Tileset) -> None:
    scene = PlayingScene(plan_of(level_of(FLAT, house_tileset)), Told())  # type: ignore[arg-type]
    app = apps(scene, script=Script(actions=lambda _: RIGHT))
    steps(app, INTRO_TICKS // 2 + 10)
    for begin in (lambda: app.press(Verb.PAUSE), scene.unfocused):
        begin()
        assert isinstance(app.scene, PauseScene)
        tick = scene.world.tick
        steps(app, 20)
        assert scene.world.tick == tick
        app.pop()
        app.step()
        assert scene.world.tick == tick + 2


def test_nobody_pauses_a_pilot(apps: Callable[..., App], house_tileset: Tileset) -> None:
    showing = Showing(title="flat", level=level_of(FLAT, house_tileset), art="samurai")
    scene = PlayingScene(showing, pilot=lambda _: 0)
    app = apps(scene)
    scene.unfocused()
    assert app.scene is scene


def test_a_level_that_is_won_stays_won(apps: Callable[..., App], house_tileset: Tileset) -> None:
    journey = Told()
    scene = PlayingScene(plan_of(level_of(FLAT, house_tileset)), journey)  # type: ignore[arg-type]
    app = apps(scene, script=Script(actions=lambda _: RIGHT))
    while scene.world.status != "won":
        app.step()
    app.press(Verb.RESTART)
    assert scene.world.status == "won"
    scene.leave_level()
    assert journey.outcomes[0].status == "won"


def test_who_goes_away_in_the_middle_has_left_the_level(
    apps: Callable[..., App], house_tileset: Tileset
) -> None:
    journey = Told()
    scene = PlayingScene(plan_of(level_of(FLAT, house_tileset)), journey)  # type: ignore[arg-type]
    app = apps(scene, script=Script(actions=lambda _: RIGHT))
    steps(app, INTRO_TICKS // 2 + 20)
    app.press(Verb.PAUSE)
    app.go(Scene())
    (outcome,) = journey.outcomes
    assert (outcome.status, outcome.ticks) == ("left", 40)
    assert outcome.replay == bytes([RIGHT] * 40)


# What is shown


def picture(app: App) -> Any:
    return pygame.surfarray.array3d(app.window.canvas)


def test_the_forecast_is_toggled(apps: Callable[..., App], house_tileset: Tileset) -> None:
    level = level_of([row[0] + row[1:-1] * 4 + row[-1] for row in FLAT], house_tileset)
    scene = PlayingScene(plan_of(level), Told())  # type: ignore[arg-type]
    app = apps(scene, script=Script())
    steps(app, INTRO_TICKS // 2 + 1)
    scene.draw(app.window.canvas, 1.0)
    plain = picture(app)
    app.press(Verb.FORECAST)
    assert app.settings.forecast
    scene.draw(app.window.canvas, 1.0)
    changed = (picture(app) != plain).any(axis=2)
    assert changed[:, 14:].mean() > 0.8
    assert not changed[:, :14].any()
    app.press(Verb.FORECAST)
    scene.draw(app.window.canvas, 1.0)
    assert (picture(app) == plain).all()


def test_where_nobody_comes_along_there_is_no_forecast(
    apps: Callable[..., App], house_tileset: Tileset
) -> None:
    showing = Showing(title="flat", level=level_of(FLAT, house_tileset), art="samurai")
    app = apps(PlayingScene(showing), script=Script(), settings=Settings(forecast=True))
    app.press(Verb.FORECAST)
    assert app.settings.forecast
    app.step()


@pytest.mark.parametrize("forecast", [False, True])
def test_nothing_tells_whether_a_level_is_off_the_model(
    apps: Callable[..., App], house_tileset: Tileset, forecast: bool
) -> None:
    level = level_of(FLAT, house_tileset)
    frames = []
    for off_model in (False, True):
        scene = PlayingScene(plan_of(level, off_model=off_model), Told())  # type: ignore[arg-type]
        app = apps(
            scene,
            script=Script(actions=lambda _: RIGHT),
            settings=replace(Settings(), forecast=forecast),
        )
        shots = []
        for _ in range(10):
            steps(app, 9)
            shots.append(picture(app))
        assert 0 < scene.world.tick < 120
        frames.append(np.array(shots))
        app.close()
    assert (frames[0] == frames[1]).all()


@pytest.mark.parametrize(
    ("happened", "fell", "heard"),
    [
        (Event.JUMPED, 0, ["jump"]),
        (Event.BUMPED, 0, ["bump"]),
        (Event.BUMPED | Event.BROKE, 0, ["break"]),
        (Event.BUMPED | Event.BONUS, 0, ["bonus"]),
        (Event.LANDED, 100, []),
        (Event.LANDED, 500, ["land"]),
        (Event.STOMPED, 500, ["stomp"]),
        (Event.COIN | Event.WON, 0, ["win", "coin"]),
        (Event.DIED, 0, ["die"]),
    ],
)
def test_what_happens_is_heard(happened: Event, fell: int, heard: list[str]) -> None:
    played: list[str] = []
    LevelSounds(played.append).hear(happened, fell)
    assert played == heard
    assert set(played) <= set(SOUNDS)


def test_a_skid_is_heard_once() -> None:
    played: list[str] = []
    sounds = LevelSounds(played.append)
    for happened in (Event.SKIDDED, Event.SKIDDED, Event(0), Event.SKIDDED):
        sounds.hear(happened, 0)
    assert played == ["skid", "skid"]
    assert {"skid", *(name for _, name in HEARD)} <= set(SOUNDS)
