"""``play`` and ``playlog`` as a person meets them, at an invisible screen."""

from __future__ import annotations

import json
import os
import sqlite3
import subprocess
import sys
import time
from collections.abc import Callable
from contextlib import closing
from pathlib import Path
from typing import Any

import pytest
from game_support import headless  # noqa: F401 - a fixture

from procgen_sim.cli import main
from procgen_sim.config import RunConfig
from procgen_sim.game.plan import Outcome
from procgen_sim.game.playlog import PlayLog
from procgen_sim.game.playlog_file import log_path
from procgen_sim.levels import Level, measure

QUICK = ["play", "--corpus", "samurai", "--model", "gaussian", "--columns", "60", "--scale", "1"]

Robot = Callable[[Any], None]


PREPARED: dict[str, Any] = {}
"""What was fitted for an earlier test."""


@pytest.fixture
def play(headless: Path, monkeypatch: pytest.MonkeyPatch) -> Callable[..., int]:  # noqa: F811
    """Play with a robot that is asked before each frame what to do; nothing waits."""
    assert headless
    from procgen_sim.game import app as module
    from procgen_sim.game import journey

    real, prepare = module.App, journey.prepare

    def prepare_once(config: RunConfig, *rest: Any, **more: Any) -> Any:
        if config.as_toml() not in PREPARED:
            PREPARED[config.as_toml()] = prepare(config, *rest, **more)
        return PREPARED[config.as_toml()]

    monkeypatch.setattr(journey, "prepare", prepare_once)

    def with_robot(robot: Robot, *words: str) -> int:
        class Robotic(real):  # type: ignore[misc, valid-type]
            def __init__(self, **given: Any) -> None:
                super().__init__(**given, paced=False)

            def step(self) -> None:
                robot(self)
                super().step()

        monkeypatch.setattr(module, "App", Robotic)
        return main([*QUICK, *words])

    return with_robot


def plays(n_levels: int, end: Callable[[Any], None]) -> Robot:
    """Plays so many levels, each for fifteen frames, says it was rather dull, and ends."""
    from procgen_sim.game.controls import Verb
    from procgen_sim.game.scenes.card import CardScene
    from procgen_sim.game.scenes.loading import LoadingScene
    from procgen_sim.game.scenes.playing import PlayingScene
    from procgen_sim.game.scenes.title import TitleScene

    frames = 0

    def robot(app: Any) -> None:
        nonlocal frames
        scene = app.scene
        if isinstance(scene, TitleScene):
            app.press(Verb.CONFIRM)
        elif isinstance(scene, LoadingScene):
            time.sleep(0.01)  # what is waited for needs the processor more than the picture
        elif isinstance(scene, PlayingScene):
            frames += 1
            if frames % 15 == 0:
                scene.leave_level()
        elif isinstance(scene, CardScene):
            app.press(Verb.RATE_4)
            if len(app.journey.cards) >= n_levels:
                end(app)
            else:
                app.press(Verb.CONFIRM)

    return robot


def ask(query: str) -> list[tuple[Any, ...]]:
    with closing(sqlite3.connect(log_path())) as log:
        return log.execute(query).fetchall()


def test_a_session_from_title_to_summary(
    play: Callable[..., int], capsys: pytest.CaptureFixture[str]
) -> None:
    assert play(plays(3, lambda app: app.quit()), "--seed", "5", "--person", "Ada") == 0
    said = capsys.readouterr()
    assert said.err == ""
    paragraph, log = said.out.splitlines()
    assert paragraph.startswith("3 levels in ")
    assert " seconds, 0 won, 0 deaths (seed 5). The simulated player foresaw " in paragraph
    assert paragraph.endswith("You rated your own boredom 4.0 of 5 on average.")
    assert log == f"Log: {log_path()} (procgen-sim playlog show)"
    assert ask("SELECT name FROM person") == [("Ada",)]
    assert ask(
        "SELECT number, status, rating FROM level l, outcome o, rating r"
        " WHERE l.id = o.level AND l.id = r.level"
    ) == [(n, "left", 4) for n in (1, 2, 3)]
    ((began, ended, injection),) = ask("SELECT began, ended, injection FROM session")
    assert 0 < ended - began < 100
    assert injection == "outlier"


def test_ctrl_c_keeps_what_was_played_and_says_so(
    play: Callable[..., int], capsys: pytest.CaptureFixture[str]
) -> None:
    def interrupt(_app: Any) -> None:
        raise KeyboardInterrupt

    assert play(plays(1, interrupt)) == 130
    said = capsys.readouterr()
    assert said.out.startswith("1 level in ")
    assert said.err == "procgen-sim: stopped.\n"
    assert ask("SELECT count(*) FROM session WHERE ended IS NOT NULL") == [(1,)]


def test_no_log_leaves_no_file(
    play: Callable[..., int], capsys: pytest.CaptureFixture[str]
) -> None:
    assert play(plays(1, lambda app: app.quit()), "--no-log") == 0
    assert capsys.readouterr().out.count("\n") == 1
    assert not log_path().exists()


def test_a_log_that_cannot_be_written_is_said_and_the_game_goes_on(
    play: Callable[..., int], capsys: pytest.CaptureFixture[str]
) -> None:
    log_path().mkdir(parents=True)
    assert play(plays(1, lambda app: app.quit())) == 0
    said = capsys.readouterr()
    assert said.err.startswith(f"procgen-sim: {log_path()}: expected a play log that can be wri")
    assert said.err.endswith("what is played from here on is not kept.\n")
    assert said.out.startswith("1 level in ")
    assert said.out.endswith("The log could not be written, or not to the end.\n")


def test_without_a_seed_everybody_meets_other_levels(
    play: Callable[..., int], tmp_path: Path
) -> None:
    for _ in range(2):
        assert play(plays(1, lambda app: app.quit())) == 0
    (tmp_path / "c.toml").write_text("seed = 9")
    assert play(plays(1, lambda app: app.quit()), "--config", str(tmp_path / "c.toml")) == 0
    seeds = [seed for (seed,) in ask("SELECT seed FROM session ORDER BY id")]
    assert len(set(seeds)) == 3
    assert seeds[2] == "9"
    assert len(ask("SELECT DISTINCT digest FROM level")) == 3


def test_the_director_is_asked_for(play: Callable[..., int]) -> None:
    met = []

    def robot(app: Any) -> None:
        from procgen_sim.game.controls import Verb
        from procgen_sim.game.scenes.directing import DirectingScene
        from procgen_sim.game.scenes.title import TitleScene

        if isinstance(app.scene, TitleScene):
            app.press(Verb.CONFIRM)
        elif isinstance(app.scene, DirectingScene):
            met.append(app.scene)
            app.quit()

    assert play(robot, "--director") == 0
    assert len(met) == 1


def test_nothing_played_is_said(
    play: Callable[..., int], capsys: pytest.CaptureFixture[str]
) -> None:
    assert play(lambda app: app.quit()) == 0
    assert capsys.readouterr().out == "No level was played.\n"


@pytest.mark.parametrize(
    ("words", "sentence"),
    [
        (["--injection", "outlyer"], "did you mean 'outlier'"),
        (["--scale", "9"], "--scale: expected a whole number from 1 to 8, found 9."),
        (["--person", "x" * 25], "person: expected a name of at most 24 letters"),
        (["--model", "mixtur"], "did you mean 'mixture'"),
        (["--rate", "2"], "rate: expected a number from 0 to 1, found 2.0."),
    ],
)
def test_wrong_use_is_one_sentence_and_no_window(
    headless: Path,  # noqa: F811
    monkeypatch: pytest.MonkeyPatch,
    capsys: pytest.CaptureFixture[str],
    words: list[str],
    sentence: str,
) -> None:
    assert headless
    monkeypatch.setattr("procgen_sim.game.app.App.__init__", lambda *_a, **_b: pytest.fail("open"))
    assert main(["play", *words]) == 2
    said = capsys.readouterr().err
    assert sentence in said
    assert said.count("\n") == 1


def test_no_display_is_one_sentence(tmp_path: Path) -> None:
    hidden = ("DISPLAY", "WAYLAND_DISPLAY", "SDL_VIDEODRIVER")
    environ = {name: value for name, value in os.environ.items() if name not in hidden}
    environ["PROCGEN_SIM_HOME"] = str(tmp_path / "home")
    done = subprocess.run(
        [sys.executable, "-m", "procgen_sim", "play"],
        capture_output=True,
        text=True,
        env=environ,
        check=False,
        timeout=60,
    )
    if sys.platform != "linux":
        pytest.skip("there is always a display here")
    assert done.returncode == 2
    assert done.stdout == ""
    assert done.stderr.startswith("procgen-sim: display: expected a screen to open a window on")
    assert done.stderr.count("\n") == 1
    assert not (tmp_path / "home").exists()


# The log


@pytest.fixture
def logged(tmp_path: Path, monkeypatch: pytest.MonkeyPatch, tiny_level: Level) -> Path:
    """A log with a session of Ada and one of nobody; gives its path."""
    monkeypatch.setenv("PROCGEN_SIM_HOME", str(tmp_path / "home"))
    log = PlayLog.open()
    for person, foreseen in (("Ada", 0.31), ("", 0.07)):
        session = log.start_session(person, RunConfig(), 3)
        vector = measure(tiny_level)
        entry = log.level(
            session, number=1, level=tiny_level, vector=vector, off_model=False, broke=False
        )
        won = Outcome(status="won", ticks=7200, deaths=1, coins=0, replay=bytes(100))
        log.outcome(entry, won, foreseen=foreseen, boredom=0.5)
        log.rating(entry, 2)
    log.close()
    return log_path()


def test_playlog_path_and_show(logged: Path, capsys: pytest.CaptureFixture[str]) -> None:
    assert main(["playlog", "path"]) == 0
    assert capsys.readouterr().out == f"{logged}\n"
    assert main(["playlog", "show"]) == 0
    *_, ada, nobody = capsys.readouterr().out.splitlines()
    assert ada.split()[:2] == ["1", "Ada"]
    for words in ("1 of 1", "1.0", "31 %, 31 %", "50 %", "2.0"):
        assert words in ada
    assert nobody.split()[:2] == ["2", "–"]
    assert main(["playlog", "show", "--person", "Ada", "--json"]) == 0
    (ada,) = json.loads(capsys.readouterr().out)
    assert (ada["person"], ada["n_won"], ada["foreseen_last"]) == ("Ada", 1, 0.31)


def test_playlog_export(logged: Path, here: Path, capsys: pytest.CaptureFixture[str]) -> None:
    assert logged
    for number in (1, 2):
        assert main(["playlog", "export"]) == 0
        folder = Path("runs") / f"playlog-000{number}"
        written = [str(folder / name) for name in ("sessions.parquet", "levels.parquet", "played")]
        assert capsys.readouterr().out.splitlines() == written
    out = ["--out", str(here / "x"), "--format", "csv"]
    assert main(["playlog", "export", *out, "--person", "Ada"]) == 0
    assert len((here / "x" / "levels.csv").read_text().splitlines()) == 2
    assert main(["playlog", "export", *out]) == 2
    assert "name another, or add --overwrite" in capsys.readouterr().err
    assert main(["playlog", "export", *out, "--overwrite"]) == 0
    assert len((here / "x" / "levels.csv").read_text().splitlines()) == 3
    assert main(["playlog", "export", "--format", "xls"]) == 2
    assert "one of parquet, csv, found 'xls'" in capsys.readouterr().err


def test_playlog_delete_asks_first(logged: Path, capsys: pytest.CaptureFixture[str]) -> None:
    assert logged
    assert main(["playlog", "delete", "--person", "Ada"]) == 2
    assert "--yes, to delete 1 session of Ada for good" in capsys.readouterr().err
    assert ask("SELECT count(*) FROM session") == [(2,)]
    assert main(["playlog", "delete", "--person", "Ada", "--yes"]) == 0
    assert capsys.readouterr().out == "Deleted 1 session of Ada.\n"
    assert ask("SELECT count(*) FROM session") == [(1,)]


@pytest.mark.parametrize("what", ["show", "export", "delete"])
def test_without_a_log_one_sentence(
    tmp_path: Path,
    monkeypatch: pytest.MonkeyPatch,
    capsys: pytest.CaptureFixture[str],
    what: str,
) -> None:
    monkeypatch.setenv("PROCGEN_SIM_HOME", str(tmp_path))
    words = ["--person", "Ada", "--yes"] if what == "delete" else []
    assert main(["playlog", what, *words]) == 2
    assert capsys.readouterr().err.endswith("expected a play log, found none; play first.\n")
    assert list(tmp_path.iterdir()) == []
