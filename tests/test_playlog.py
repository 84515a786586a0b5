"""The play log keeps what it is told, whatever happens to its file."""

from __future__ import annotations

import csv
import json
import os
import re
import sqlite3
import subprocess
import sys
import threading
import time
from contextlib import closing
from hashlib import sha256
from pathlib import Path
from typing import Any

import numpy as np
import pytest

from procgen_sim._checks import InputError
from procgen_sim.config import RunConfig, read_config
from procgen_sim.game.plan import Outcome
from procgen_sim.game.playlog import PlayLog
from procgen_sim.game.playlog_export import COLUMNS, delete_person, export_log, sittings
from procgen_sim.game.playlog_file import SCHEMA, SCHEMA_VERSION, connect_writing, log_path
from procgen_sim.levels import Level, load_level, measure
from procgen_sim.platformer.replay import load_replay, run_replay
from procgen_sim.results import read_table

WON = Outcome(status="won", ticks=1200, deaths=2, coins=7, replay=bytes([2, 6]) * 300)


@pytest.fixture
def path(tmp_path: Path) -> Path:
    return tmp_path / "data" / "playlog.sqlite"


def begin(log: PlayLog, level: Level, person: str = "Ada", **more: Any) -> tuple[int, int]:
    """A session and its first level."""
    session = log.start_session(person, RunConfig(), 7, injection="outlier@0.2")
    told: dict[str, Any] = {"off_model": True, "broke": True, "proposal": "outlier", **more}
    return session, log.level(session, number=1, level=level, vector=measure(level), **told)


def ask(path: Path, query: str) -> list[tuple[Any, ...]]:
    with closing(sqlite3.connect(path)) as log:
        return log.execute(query).fetchall()


def test_what_is_told_is_in_the_file_at_once(path: Path, tiny_level: Level) -> None:
    log = PlayLog.open(path, say=pytest.fail)
    forecast = np.linspace(0, 1, tiny_level.n_columns)
    _, entry = begin(log, tiny_level, forecast=forecast, boredom=0.25)
    # Read by another connection while the log is open: it has been committed.
    ((digest, off, proposal, before, told),) = ask(
        path, "SELECT digest, off_model, proposal, boredom_before, forecast FROM level"
    )
    assert (digest, off, proposal, before) == (tiny_level.digest(), 1, "outlier", 0.25)
    np.testing.assert_allclose(json.loads(told), forecast, atol=1e-4)
    vector = ask(path, f"SELECT {', '.join(phi_columns())} FROM level")
    np.testing.assert_array_equal(vector, [measure(tiny_level)])
    log.outcome(entry, WON, foreseen=0.5, predictability=float("nan"), boredom=0.75)
    assert ask(path, "SELECT status, ticks, deaths, coins, predictability FROM outcome") == [
        ("won", 1200, 2, 7, None)
    ]
    for rating in (2, 4):  # the last word counts
        log.rating(entry, rating)
        assert ask(path, "SELECT level, rating FROM rating") == [(entry, rating)]
    log.close()
    log.close()


def phi_columns() -> list[str]:
    return [name for name in COLUMNS["levels"] if name.startswith("phi_")]


def test_the_last_session_of_a_person(path: Path, tiny_level: Level) -> None:
    log = PlayLog.open(path)
    assert log.last_session("Ada") is None
    first, entry = begin(log, tiny_level)
    log.outcome(entry, WON, boredom=0.4)
    log.end_session(first)
    begin(log, tiny_level, "Bob")
    log.start_session("Ada", RunConfig(), 8)  # has just sat down; nothing was played
    last = log.last_session("Ada")
    assert last is not None
    assert (last.session, last.boredom, last.n_levels) == (first, 0.4, 1)
    assert ask(path, f"SELECT ended FROM session WHERE id = {first}") == [(last.ended,)]
    assert abs(time.time() - last.ended) < 60
    # A session that was cut off ended when it was last heard of.
    bob = log.last_session("Bob")
    assert bob is not None
    assert ask(path, f"SELECT began FROM level WHERE session = {bob.session}") == [(bob.ended,)]
    assert bob.boredom is None


def test_a_seed_of_any_size_and_the_configuration_come_back(path: Path, tmp_path: Path) -> None:
    PlayLog.open(path).start_session("", RunConfig(seed=2**70, model="kde"), 2**70)
    ((seed, config),) = ask(path, "SELECT seed, config FROM session")
    assert int(seed) == 2**70
    (tmp_path / "c.toml").write_text(config, encoding="utf-8")
    assert read_config(tmp_path / "c.toml")["model"] == "kde"


@pytest.mark.parametrize("rating", [0, 6, True])
def test_a_rating_is_one_to_five(path: Path, tiny_level: Level, rating: int) -> None:
    log = PlayLog.open(path)
    _, entry = begin(log, tiny_level)
    with pytest.raises(InputError, match="rating: expected a whole number from 1 to 5"):
        log.rating(entry, rating)


def test_a_row_that_belongs_to_nothing_is_a_fault_and_not_a_full_disk(path: Path) -> None:
    log = PlayLog.open(path, say=pytest.fail)
    with pytest.raises(sqlite3.IntegrityError, match="FOREIGN KEY"):
        log.outcome(99, WON)
    assert log.path == path


def test_threads_may_share_a_log(path: Path, tiny_level: Level) -> None:
    log = PlayLog.open(path, say=pytest.fail)
    session, _ = begin(log, tiny_level)
    vector = measure(tiny_level)

    def write() -> None:
        for _ in range(20):
            log.level(
                session, number=2, level=tiny_level, vector=vector, off_model=False, broke=False
            )

    threads = [threading.Thread(target=write) for _ in range(4)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert ask(path, "SELECT count(DISTINCT id) FROM level") == [(81,)]


def test_two_games_at_once(path: Path) -> None:
    code = (
        "import sys\nfrom pathlib import Path\nfrom procgen_sim.config import RunConfig\n"
        "from procgen_sim.game.playlog import PlayLog\n"
        "log = PlayLog.open(Path(sys.argv[1]), say=sys.exit)\n"
        "for seed in range(60): log.start_session(sys.argv[2], RunConfig(), seed)\n"
    )
    games = [
        subprocess.Popen([sys.executable, "-c", code, str(path), name], stderr=subprocess.PIPE)
        for name in ("Ada", "Bob", "Cyd")
    ]
    said = [game.communicate(timeout=60)[1] for game in games]
    assert [game.returncode for game in games] == [0, 0, 0], said
    counted = "SELECT name, count(*) FROM session JOIN person p ON p.id = person GROUP BY name"
    assert ask(path, counted) == [("Ada", 60), ("Bob", 60), ("Cyd", 60)]


@pytest.mark.parametrize("damage", ["noise", "cut", "page"])
def test_a_broken_file_is_kept_and_a_new_one_begun(
    path: Path, tiny_level: Level, damage: str
) -> None:
    log = PlayLog.open(path)
    for _ in range(20):
        begin(log, tiny_level, forecast=np.random.default_rng(1).random(400))
    log.close()
    data = path.read_bytes()
    broken = {
        "noise": b"no database at all, but longer than a header " * 100,
        "cut": data[: len(data) // 2],
        "page": data[:4096] + bytes(4096) + data[8192:],
    }[damage]
    path.write_bytes(broken)
    (path.parent / "playlog.sqlite.broken-1").write_text("an earlier one")
    said: list[str] = []
    log = PlayLog.open(path, say=said.append)
    assert len(said) == 1
    assert "is broken" in said[0]
    assert "kept as playlog.sqlite.broken-2" in said[0]
    assert (path.parent / "playlog.sqlite.broken-2").read_bytes() == broken
    assert (path.parent / "playlog.sqlite.broken-1").read_text() == "an earlier one"
    begin(log, tiny_level)
    assert log.path == path
    assert ask(path, "SELECT count(*) FROM level") == [(1,)]


def test_a_newer_log_is_left_alone(path: Path, tiny_level: Level) -> None:
    log = PlayLog.open(path)
    begin(log, tiny_level)
    log.close()
    ask(path, f"PRAGMA user_version = {SCHEMA_VERSION + 1}")
    data = path.read_bytes()
    said: list[str] = []
    log = PlayLog.open(path, say=said.append)
    begin(log, tiny_level)  # the game goes on
    assert len(said) == 1
    assert re.search(
        r"version 1, found version 2; use the newer procgen-sim that wrote it; what is played "
        r"from here on is not kept\.$",
        said[0],
    )
    assert log.path is None
    assert path.read_bytes() == data
    with pytest.raises(InputError, match="use the newer procgen-sim"):
        sittings(path)


def test_another_programs_database_is_left_alone(path: Path, tiny_level: Level) -> None:
    path.parent.mkdir()
    ask(path, "CREATE TABLE recipes (name TEXT)")
    data = path.read_bytes()
    said: list[str] = []
    begin(PlayLog.open(path, say=said.append), tiny_level)
    assert len(said) == 1
    assert "another program's database" in said[0]
    assert path.read_bytes() == data


def test_a_folder_that_cannot_be_made(path: Path, tiny_level: Level) -> None:
    path.parent.write_text("a file where the folder should be")
    said: list[str] = []
    log = PlayLog.open(path, say=said.append)
    _, entry = begin(log, tiny_level)
    log.outcome(entry, WON, boredom=0.5)
    last = log.last_session("Ada")
    assert last is not None
    assert last.boredom == 0.5
    assert len(said) == 1
    assert "found file exists; what is played from here on is not kept." in said[0]


def test_a_full_disk_does_not_stop_the_game(path: Path, tiny_level: Level) -> None:
    said: list[str] = []
    log = PlayLog.open(path, say=said.append)
    session, entry = begin(log, tiny_level)
    kept = 0
    full(log)
    entries = [entry]
    while not said:
        rows = np.random.default_rng(len(entries)).random(2000)
        entries.append(
            log.level(
                session,
                number=len(entries) + 1,
                level=tiny_level,
                vector=measure(tiny_level),
                off_model=False,
                broke=False,
                forecast=rows,
            )
        )
        kept = len(entries) - 1  # the last was acknowledged by memory
    assert len(said) == 1
    assert "full; what is played from here on is not kept." in said[0]
    assert ask(path, "SELECT count(*) FROM level") == [(kept,)]
    # What is told from then on is about the same sessions and levels.
    log.outcome(entries[0], WON, boredom=0.1)
    log.outcome(entries[-1], WON, boredom=0.9)
    log.end_session(session)
    last = log.last_session("Ada")
    assert last is not None
    assert (last.session, last.boredom, last.n_levels) == (session, 0.9, len(entries))
    assert entries == sorted(set(entries))


def full(log: PlayLog) -> None:
    """Let the file grow by a few pages and no more, as a disk that fills up does."""
    connection = log._store._connection
    (n_pages,) = connection.execute("PRAGMA page_count").fetchone()
    connection.execute(f"PRAGMA max_page_count = {n_pages + 10}")


@pytest.mark.skipif(sys.platform == "win32", reason="no limits on file size")
def test_a_file_that_may_not_grow(path: Path) -> None:
    """The same from the operating system: writing fails with an error of the disk."""
    code = (
        "import resource, sys\nfrom pathlib import Path\n"
        "from procgen_sim.config import RunConfig\nfrom procgen_sim.game.playlog import PlayLog\n"
        "log = PlayLog.open(Path(sys.argv[1]), say=print)\n"
        "resource.setrlimit(resource.RLIMIT_FSIZE, (200_000, 200_000))\n"
        "for seed in range(300): log.start_session('Ada', RunConfig(), seed)\n"
        "print(log.last_session('Ada'))\n"
    )
    done = subprocess.run(
        [sys.executable, "-c", code, str(path)], capture_output=True, text=True, check=False
    )
    assert done.returncode == 0, done.stderr
    assert done.stdout.count("what is played from here on is not kept.") == 1
    ((n_kept, first, last),) = ask(path, "SELECT count(*), min(seed+0), max(seed+0) FROM session")
    assert 0 < n_kept < 300
    assert (first, last) == (0, n_kept - 1)
    assert ask(path, "PRAGMA integrity_check") == [("ok",)]


def test_nothing_is_said_when_all_is_well(path: Path) -> None:
    for _ in range(2):
        PlayLog.open(path, say=pytest.fail).close()


def test_where_the_log_is(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("PROCGEN_SIM_HOME", str(tmp_path))
    assert log_path() == tmp_path / "data" / "playlog.sqlite"
    log = PlayLog.open()
    assert log.path == log_path()
    assert log_path().is_file()


def test_the_tables_belong_to_their_version() -> None:
    """Whoever changes the tables, or the design parameters, must change SCHEMA_VERSION, and say
    what becomes of logs that people have."""
    assert (SCHEMA_VERSION, sha256(SCHEMA.encode()).hexdigest()[:12]) == (1, "f12db7921556")


def three_sessions(path: Path, level: Level) -> None:
    log = PlayLog.open(path)
    for person in ("Ada", "Bob", "Ada"):
        session, entry = begin(log, level, person, forecast=np.full(level.n_columns, 0.5))
        if person == "Ada":
            log.outcome(entry, WON, foreseen=0.25, predictability=1.5, boredom=0.5)
            log.rating(entry, 4)
        log.end_session(session)
    log.close()


@pytest.mark.parametrize("fmt", ["parquet", "csv"])
def test_export_has_all_there_is(path: Path, tmp_path: Path, tiny_level: Level, fmt: str) -> None:
    three_sessions(path, tiny_level)
    written = export_log(path, tmp_path / "out", fmt)
    assert [file.name for file in written] == [f"sessions.{fmt}", f"levels.{fmt}"]
    sessions, levels = (rows_of(file) for file in written)
    assert [list(table[0]) for table in (sessions, levels)] == [list(COLUMNS[n]) for n in COLUMNS]
    assert [row["person"] for row in sessions] == ["Ada", "Bob", "Ada"]
    assert [row["person"] for row in levels] == ["Ada", "Bob", "Ada"]
    assert [text(row["rating"]) for row in levels] == ["4", "", "4"]
    assert [text(row["status"]) for row in levels] == ["won", "", "won"]
    assert float(levels[0]["seconds"]) == 10.0
    assert float(levels[0]["predictability"]) == 1.5
    assert str(levels[0]["off_model"]).lower() == "true"
    phi = [float(levels[2][name]) for name in phi_columns()]
    np.testing.assert_allclose(phi, measure(tiny_level))
    forecast = levels[1]["forecast"]
    numbers = json.loads(forecast) if fmt == "csv" else list(forecast)
    assert numbers == [0.5] * tiny_level.n_columns
    assert str(levels[0]["began_utc"]).startswith(time.strftime("%Y-", time.gmtime()))
    assert sorted(file.name for file in (tmp_path / "out").iterdir()) == sorted(
        [f"levels.{fmt}", f"sessions.{fmt}", "played"]
    )


def rows_of(file: Path) -> list[dict[str, Any]]:
    if file.suffix == ".csv":
        with file.open(newline="", encoding="utf-8") as stream:
            return list(csv.DictReader(stream))
    table = read_table(file)
    n_rows = len(next(iter(table.values())))
    masks = {name: np.ma.getmaskarray(column) for name, column in table.items()}
    return [
        {name: None if masks[name][i] else column[i] for name, column in table.items()}
        for i in range(n_rows)
    ]


def text(value: Any) -> str:
    return "" if value is None else str(value)


def test_exported_levels_play_again(path: Path, tmp_path: Path, tiny_level: Level) -> None:
    three_sessions(path, tiny_level)
    levels, *_ = export_log(path, tmp_path, "csv")[1:]
    stems = [row["files"] for row in rows_of(levels)]
    assert len(set(stems)) == 3
    played = tmp_path / "played"
    level = load_level(played / f"{stems[2]}.txt")
    assert level == tiny_level
    replay = load_replay(played / f"{stems[2]}.replay")
    assert replay.actions == WON.replay
    assert run_replay(level, replay).tick > 0
    assert not (played / f"{stems[1]}.replay").exists()  # Bob's was not finished


def test_export_of_one_person_and_of_nobody(path: Path, tmp_path: Path, tiny_level: Level) -> None:
    with pytest.raises(InputError, match="expected a play log, found none; play first"):
        export_log(path, tmp_path / "out")
    PlayLog.open(path).close()
    assert [len(rows_of(file)) for file in export_log(path, tmp_path / "none", "csv")] == [0, 0]
    export_log(path, tmp_path / "none")
    three_sessions(path, tiny_level)
    sessions, _ = export_log(path, tmp_path / "out", "csv", person="Bob")
    assert [row["person"] for row in rows_of(sessions)] == ["Bob"]
    with pytest.raises(InputError, match="one of Ada, Bob, found 'Rob'; did you mean 'Bob'"):
        export_log(path, tmp_path / "out", person="Rob")


def test_export_while_a_game_is_writing(path: Path, tmp_path: Path, tiny_level: Level) -> None:
    log = PlayLog.open(path)
    begin(log, tiny_level)
    assert len(sittings(path)) == 1
    sessions, _ = export_log(path, tmp_path / "out", "csv")
    assert len(rows_of(sessions)) == 1
    begin(log, tiny_level)
    assert len(sittings(path)) == 2


def test_sittings_sum_up(path: Path, tiny_level: Level) -> None:
    three_sessions(path, tiny_level)
    first, bob, _ = sittings(path)
    assert (first.person, first.n_levels, first.n_won, first.deaths) == ("Ada", 1, 1, 2)
    assert (first.seconds, first.boredom, first.rating, first.seed) == (10.0, 0.5, 4.0, 7)
    assert (first.foreseen_first, first.foreseen_last) == (0.25, 0.25)
    assert (bob.n_levels, bob.n_won, bob.foreseen_first, bob.rating) == (1, 0, None, None)
    assert len(sittings(path, "Ada")) == 2


@pytest.mark.parametrize("kept", [True, False])
def test_a_log_sums_up_what_it_was_told(path: Path, tiny_level: Level, kept: bool) -> None:
    three_sessions(path, tiny_level)  # by an earlier game
    log = PlayLog.open(path) if kept else PlayLog.memory()
    assert log.sittings() == []
    for _ in range(2):
        session, entry = begin(log, tiny_level, "Cyd")
        log.outcome(entry, WON, foreseen=0.25, boredom=0.5)
        vector = measure(tiny_level)
        for foreseen in (0.75, None):
            entry = log.level(
                session, number=2, level=tiny_level, vector=vector, off_model=False, broke=False
            )
            if foreseen is not None:
                log.outcome(entry, WON, foreseen=foreseen, boredom=0.625)
    for each in log.sittings():
        assert (each.person, each.n_levels, each.n_won, each.boredom) == ("Cyd", 3, 2, 0.625)
        assert (each.foreseen_first, each.foreseen_last) == (0.25, 0.75)
    assert len(log.sittings()) == 2


def test_a_log_without_its_write_ahead_file_can_be_read_where_nothing_can_be_written(
    path: Path, tiny_level: Level, monkeypatch: pytest.MonkeyPatch
) -> None:
    three_sessions(path, tiny_level)
    real = sqlite3.connect

    def refuse(database: str, **more: Any) -> sqlite3.Connection:
        if "immutable" not in database:
            raise sqlite3.OperationalError("unable to open database file")
        return real(database, **more)

    monkeypatch.setattr(sqlite3, "connect", refuse)
    assert len(sittings(path)) == 3


def test_a_deleted_person_is_gone_from_every_byte(path: Path, tiny_level: Level) -> None:
    log = PlayLog.open(path)
    for person in ("Zebulon", "Bob"):
        _, entry = begin(log, tiny_level, person, forecast=np.full(3000, 0.125))
        log.outcome(entry, WON)
    log.close()
    with closing(connect_writing(path)):  # another program has it open
        assert delete_person(path, "Zebulon") == 1
    assert ask(path, "SELECT count(*) FROM level") == [(1,)]
    assert ask(path, "SELECT count(*) FROM outcome") == [(1,)]
    for file in path.parent.iterdir():
        assert b"Zebulon" not in file.read_bytes()
    with pytest.raises(InputError, match="expected one of Bob, found 'Zebulon'"):
        delete_person(path, "Zebulon")


def test_deleting_waits_for_nobody_for_ever(
    path: Path, tiny_level: Level, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("procgen_sim.game.playlog_file.BUSY_S", 0.05)
    three_sessions(path, tiny_level)
    with closing(sqlite3.connect(path, isolation_level=None)) as other:
        other.execute("BEGIN IMMEDIATE")
        with pytest.raises(InputError, match="database is locked"):
            delete_person(path, "Ada")
    assert len(sittings(path)) == 3


def test_a_log_that_stays_locked_does_not_stop_the_game(
    path: Path, tiny_level: Level, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("procgen_sim.game.playlog_file.BUSY_S", 0.05)
    said: list[str] = []
    log = PlayLog.open(path, say=said.append)
    session, _ = begin(log, tiny_level)
    with closing(sqlite3.connect(path, isolation_level=None)) as other:
        other.execute("BEGIN IMMEDIATE")
        log.end_session(session)
    assert len(said) == 1
    assert "found database is locked" in said[0]
    last = log.last_session("Ada")
    assert last is not None
    assert last.session == session


def test_the_log_loads_neither_pygame_nor_duckdb() -> None:
    code = "import procgen_sim.game.playlog, procgen_sim.game.playlog_export, sys"
    code += "; print([m for m in ('pygame', 'duckdb', 'numba', 'sklearn') if m in sys.modules])"
    done = subprocess.run(
        [sys.executable, "-c", code], capture_output=True, text=True, check=True, env=os.environ
    )
    assert done.stdout.strip() == "[]"
