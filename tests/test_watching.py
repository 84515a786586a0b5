"""Watching somebody else play: what is shown, how fast, how it ends, and what is recorded of it."""

from __future__ import annotations

import os
import subprocess
import sys
from pathlib import Path
from typing import Any

import numpy as np
import pytest
from game_support import headless, make_app, steps  # noqa: F401 - a fixture among them
from PIL import Image

from procgen_sim._checks import InputError
from procgen_sim.cli import main
from procgen_sim.game.plan import Outcome
from procgen_sim.levels import Level, save_level, save_tileset, shipped_corpus
from procgen_sim.platformer import PHYSICS_VERSION, Action, World
from procgen_sim.platformer.replay import Replay

pytestmark = pytest.mark.usefixtures("headless")


@pytest.fixture
def flat(tiny_level: Level) -> Level:
    """A level that running to the right wins."""
    rows = ["-" * 40, "-" * 40, "M" + "-" * 37 + "F-", "X" * 40, "X" * 40]
    return Level.from_rows(rows, tiny_level.tileset, "flat")


def item(level: Level) -> Any:
    from procgen_sim.game.programme import Item

    return Item(title=level.name, level=level)


def run_right(level: Level) -> Replay:
    """The replay of running to the right until the level is won."""
    world = World(level)
    while world.status == "playing":
        world.step(Action.RIGHT)
    assert world.status == "won"
    return Replay(digest=level.digest(), actions=bytes([Action.RIGHT]) * world.tick)


def watching(level: Level, **more: Any) -> tuple[Any, Any]:
    """An app that shows the replay of running to the right, past the intro, and its scene."""
    from procgen_sim.game.programme import replay_programme
    from procgen_sim.game.scenes.playing import INTRO_TICKS
    from procgen_sim.game.scenes.watching import WatchingScene

    scene = WatchingScene(replay_programme(item(level), run_right(level)), **more)
    app = make_app(first=scene)
    steps(app, INTRO_TICKS // 2)
    assert world(scene).tick == 0
    return app, scene


def world(scene: Any) -> World:
    found: World = scene._playing.world
    return found


def test_a_replay_plays_as_it_was_played(flat: Level) -> None:
    app, scene = watching(flat)
    app.run(max_frames=1000)
    ((title, who, outcome),) = scene.ended
    assert (title, who, outcome.status) == ("flat", "replay", "won")
    assert outcome.ticks == run_right(flat).n_ticks
    assert app.frame < 1000  # it ended by itself


def test_pause_a_tick_on_and_go_on(flat: Level) -> None:
    from procgen_sim.game.controls import Verb

    app, scene = watching(flat)
    steps(app, 10)
    assert world(scene).tick == 20
    app.press(Verb.CONFIRM)
    steps(app, 10)
    assert world(scene).tick == 20
    for _ in range(3):
        app.press(Verb.RIGHT)
    assert world(scene).tick == 23
    app.press(Verb.PAUSE)
    steps(app, 10)
    assert world(scene).tick == 43
    app.press(Verb.RESTART)
    assert world(scene).tick == 0
    app.close()


@pytest.mark.parametrize(("presses", "ticks"), [(1, 80), (-1, 20), (-2, 10), (-3, 5), (-9, 5)])
def test_faster_and_slower(flat: Level, presses: int, ticks: int) -> None:
    from procgen_sim.game.controls import Verb

    app, scene = watching(flat)
    for _ in range(abs(presses)):
        app.press(Verb.UP if presses > 0 else Verb.DOWN)
    steps(app, 20)
    assert world(scene).tick == ticks
    app.close()


def test_slow_motion_moves_between_ticks(flat: Level) -> None:
    from procgen_sim.game.controls import Verb

    app, scene = watching(flat)
    steps(app, 60)
    for _ in range(3):
        app.press(Verb.DOWN)
    draw, moments = scene._playing.draw, []

    def spy(canvas: Any, alpha: float) -> None:
        moments.append(world(scene).tick + alpha)
        draw(canvas, alpha)

    scene._playing.draw = spy
    steps(app, 20)
    # A frame is two ticks of the screen, a quarter of a tick of play.
    np.testing.assert_allclose(np.diff(moments), 0.25)
    app.close()


def test_the_keys_that_are_held_are_shown(flat: Level) -> None:
    from procgen_sim.game.palette import ACCENT

    app, _ = watching(flat)
    steps(app, 2)
    import pygame

    bar = pygame.surfarray.array3d(app.window.canvas)[:150, 256:]
    lit = np.flatnonzero((bar == ACCENT).all(axis=2).any(axis=1))
    assert len(lit) > 5  # one box, the second of five
    assert 12 < lit[0] < lit[-1] < 40
    app.close()


def test_levels_in_turn_and_the_next_on_demand(flat: Level) -> None:
    from procgen_sim.game.controls import Verb
    from procgen_sim.game.programme import levels_programme
    from procgen_sim.game.scenes.watching import WatchingScene

    said: list[str] = []
    walled = Level.from_rows(["-X---"] * 6 + ["MX--F", "XXXXX"], flat.tileset, "walled")
    programme = levels_programme(
        [item(flat), item(walled), item(flat)], "solver", seed=1, say=said.append
    )
    scene = WatchingScene(programme)
    app = make_app(first=scene)
    steps(app, 5)
    app.press(Verb.RIGHT)
    app.run(max_frames=2000)
    assert [(who, outcome.status) for _, who, outcome in scene.ended] == [
        ("solver", "left"),
        ("solver", "won"),
    ]
    assert len(said) == 1
    assert "level 'walled': expected a level that is proven playable, found not playable" in said[0]


def test_a_bot_that_comes_to_no_end_is_given_up(flat: Level) -> None:
    from procgen_sim.game.scenes.playing import Showing
    from procgen_sim.game.scenes.watching import Watched, WatchingScene

    watched = Watched(
        showing=Showing(title="flat", level=flat, art="samurai"),
        who="nobody",
        pilot=lambda _world: 0,
        most_ticks=50,
    )
    programme = iter([watched])
    scene = WatchingScene(lambda _outcome: next(programme, None))
    make_app(first=scene).run(max_frames=500)
    assert [(o.status, o.ticks) for _, _, o in scene.ended] == [("left", 50)]


def test_a_replay_that_stops_short_is_shown_for_a_moment_more(flat: Level) -> None:
    from procgen_sim.game.programme import AFTER_TICKS, replay_programme
    from procgen_sim.game.scenes.watching import WatchingScene

    replay = Replay(digest=flat.digest(), actions=bytes([Action.RIGHT]) * 30)
    scene = WatchingScene(replay_programme(item(flat), replay))
    make_app(first=scene).run(max_frames=500)
    assert [(o.status, o.ticks) for _, _, o in scene.ended] == [("left", 30 + AFTER_TICKS)]


def test_a_journey_is_told_how_each_level_ended(flat: Level) -> None:
    """Of a journey only what the programme asks of it is needed here."""
    from procgen_sim.game.programme import journey_programme
    from procgen_sim.game.scenes.watching import WatchingScene

    class Journey:
        def __init__(self) -> None:
            self.cards: list[Any] = []
            self.boredom, self.told, self.number = 0.25, [], 0
            self.companion = type("Companion", (), {"threshold": 0.6})()

        def plan(self) -> Any:
            self.number += 1
            columns = np.full(flat.n_columns, 0.5)
            return type(
                "Plan",
                (),
                {
                    "number": self.number,
                    "level": flat,
                    "art": "samurai",
                    "forecast_columns": columns,
                    "boredom": 0.5,
                },
            )()

        def prepare_next(self) -> None:
            pass

        def finished(self, outcome: Outcome) -> None:
            self.told.append((self.number, outcome.status))

    journey: Any = Journey()
    scene = WatchingScene(journey_programme(journey, "runner", seed=1), most_ticks=2000)
    make_app(first=scene).run(max_frames=3000)
    assert len(journey.told) >= 2
    assert journey.told == [(n, "won") for n in range(1, len(journey.told) + 1)]


def test_a_picture_every_sixth_tick_and_no_more_after_the_end(flat: Level) -> None:
    class Recorder:
        def __init__(self) -> None:
            self.n_frames, self.ticks, self.pictures = 0, [], []

        def add(self, pixels: Any, ticks: int) -> None:
            self.n_frames += 1
            self.ticks.append(ticks)
            self.pictures.append(pixels.copy())

    recorder: Any = Recorder()
    app, _ = watching(flat, recorder=recorder, most_ticks=240)
    app.run(max_frames=1000)
    assert app.frame == 120  # two seconds
    assert set(recorder.ticks) == {6}
    assert abs(sum(recorder.ticks) - 240) <= 6
    assert recorder.pictures[0].shape == (270, 480, 3)
    assert (recorder.pictures[-1] != recorder.pictures[-4]).any()


# The command


def write(folder: Path, level: Level) -> Path:
    save_tileset(level.tileset, folder / "tileset.json")
    save_level(level, folder / f"{level.name}.txt")
    return folder / f"{level.name}.txt"


def test_record_without_a_screen(tmp_path: Path, flat: Level) -> None:
    """The real command in a process of its own, with no display and no driver asked for."""
    file = write(tmp_path, flat)
    run_right(flat).save(tmp_path / "flat.replay")
    hidden = ("DISPLAY", "WAYLAND_DISPLAY", "SDL_VIDEODRIVER", "SDL_AUDIODRIVER")
    environ = {name: value for name, value in os.environ.items() if name not in hidden}
    words = [sys.executable, "-m", "procgen_sim", "watch", str(file)]
    words += ["--replay", str(tmp_path / "flat.replay"), "--record", str(tmp_path / "a.gif")]
    done = subprocess.run(words, capture_output=True, text=True, env=environ, check=False)
    if sys.platform != "linux":
        pytest.skip("there is always a display here")
    assert done.returncode == 0, done.stderr
    n = run_right(flat).n_ticks
    seconds = f"0:0{n // 120}.{n % 120 * 10 // 120}"
    went, recorded = done.stdout.splitlines()
    assert went == f"flat: replay won in {seconds}, 0 coins"
    assert recorded.endswith(f"pictures: {tmp_path / 'a.gif'}")
    with Image.open(tmp_path / "a.gif") as animation:
        assert animation.size == (480, 270)
        assert animation.n_frames > 20
        shown = 0
        for number in range(animation.n_frames):
            animation.seek(number)
            shown += animation.info["duration"]
    # The intro, the replay, and the moment after the goal.
    assert shown / 1000 == pytest.approx(1 + n / 120 + 0.8, abs=0.2)


def test_a_replay_finds_its_level(tmp_path: Path, flat: Level, capsys: Any) -> None:
    level = shipped_corpus("samurai").levels[1]
    shipped = Replay(digest=level.digest(), actions=bytes(30))
    shipped.save(tmp_path / "shipped.replay")
    assert main(["watch", "--replay", str(tmp_path / "shipped.replay"), "--seconds", "0.2"]) == 0
    write(tmp_path, flat)
    run_right(flat).save(tmp_path / "flat.replay")
    assert main(["watch", "--replay", str(tmp_path / "flat.replay"), "--seconds", "0.2"]) == 0
    assert capsys.readouterr().err == ""


@pytest.mark.parametrize(
    ("words", "sentence"),
    [
        (["--replay", "other.replay", "flat.txt"], "found another level; name the level as it was"),
        (["--replay", "other.replay", "samurai"], "other levels; name the level as it was"),
        (["--replay", "old.replay", "flat.txt"], r"expected a replay of physics version"),
        (["--replay", "flat.txt"], "expected a replay file, found a file of another kind"),
        (["--replay", "none.replay"], "none.replay: expected a replay file"),
        (["--replay", "flat.replay", "--bot", "solver"], "expected a bot or a replay, found both"),
        (["flat.txt", "--bot", "solvr"], "did you mean 'solver'"),
        (["flat.txt", "--record", "a.mp4"], "a name that ends in .gif"),
        (["flat.txt", "--seconds", "0"], "--seconds: expected a number of at least 0.1"),
        (["flt.txt"], "nothing of that name"),
    ],
)
def test_wrong_use_is_one_sentence_and_no_window(
    here: Path,
    flat: Level,
    monkeypatch: pytest.MonkeyPatch,
    capsys: pytest.CaptureFixture[str],
    words: list[str],
    sentence: str,
) -> None:
    monkeypatch.setattr("procgen_sim.game.app.App.__init__", lambda *_a, **_b: pytest.fail("open"))
    write(here, flat)
    run_right(flat).save(here / "flat.replay")
    Replay(digest="0" * 32, actions=b"\2").save(here / "other.replay")
    Replay(digest=flat.digest(), version=PHYSICS_VERSION + 1, actions=b"\2").save(
        here / "old.replay"
    )
    assert main(["watch", *words]) == 2
    said = capsys.readouterr().err
    assert sentence in said
    assert said.count("\n") == 1
    assert not (here / "a.mp4").exists()


def test_endless_and_unseen_needs_an_end(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    from procgen_sim.game import app, journey

    class NoJourney:
        @staticmethod
        def open(*_: Any, **__: Any) -> Any:
            return type("Journey", (), {"close": lambda _self: None})()

    def no_screen(*_: Any, **__: Any) -> None:
        raise InputError("display", expected="a screen", found="none")

    monkeypatch.setattr(journey, "Journey", NoJourney)
    monkeypatch.setattr(app.App, "__init__", no_screen)
    assert main(["watch", "--record", str(tmp_path / "a.gif")]) == 2
    assert "expected --seconds, as a model's levels have no end" in capsys.readouterr().err
    assert not (tmp_path / "a.gif").exists()


def test_ctrl_c_keeps_the_recording(
    here: Path, flat: Level, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    from procgen_sim.game import app

    real = app.App.step

    def step(self: Any) -> None:
        if self.scene._shown > 160:  # past the intro
            raise KeyboardInterrupt
        real(self)

    monkeypatch.setattr(app.App, "step", step)
    write(here, flat)
    assert main(["watch", "flat.txt", "--bot", "runner", "--record", "a.webp"]) == 0
    said = capsys.readouterr()
    assert said.err == "procgen-sim: stopped.\n"
    assert "Recorded" in said.out
    with Image.open(here / "a.webp") as animation:
        assert animation.n_frames > 1
