"""Nothing that the log acknowledged is lost when the program is killed, whenever that is."""

from __future__ import annotations

import random
import signal
import sqlite3
import subprocess
import sys
from contextlib import closing
from pathlib import Path

import pytest

from procgen_sim.game.playlog import PlayLog

KILLER = """
import os, signal, sys, time
from pathlib import Path
from procgen_sim.config import RunConfig
from procgen_sim.game.plan import Outcome
from procgen_sim.game.playlog import PlayLog
from procgen_sim.levels import shipped_corpus

def play(path, told):
    # One write a line, straight to the system: what was told outlives whoever told it.
    def tell(table, row):
        os.write(told, f"{table} {row}\\n".encode())

    log = PlayLog.open(path, say=lambda sentence: tell("said", sentence))
    session = log.start_session("Ada", RunConfig(), 1)
    tell("session", session)
    for number in range(1, 100_000):
        entry = log.level(session, number=number, level=level, vector=[0.0] * 11,
                          off_model=False, broke=False, forecast=[0.5] * 200)
        tell("level", entry)
        log.outcome(entry, Outcome(status="won", ticks=number, deaths=0, coins=0, replay=actions))
        tell("outcome", entry)
        log.rating(entry, 3)
        tell("rating", entry)

level = shipped_corpus("samurai").levels[0]
actions = os.urandom(3000)  # nothing that zlib makes small
path, told = Path(sys.argv[1]), os.open(sys.argv[2], os.O_WRONLY | os.O_APPEND | os.O_CREAT)
PlayLog.memory()  # loads all there is to load
if sys.argv[3:] == ["lazy"]:
    # A fault on purpose: seven calls are one transaction.
    from contextlib import contextmanager
    from itertools import count
    from procgen_sim.game import playlog_store

    numbers = count(1)

    @contextmanager
    def lazily(connection):
        if not connection.in_transaction:
            connection.execute("BEGIN IMMEDIATE")
        yield
        if next(numbers) % 7 == 0:
            connection.execute("COMMIT")

    playlog_store.transaction = lazily
for line in sys.stdin:
    # Loading takes a second, writing a millisecond: children are loaded when they are born.
    child = os.fork()
    if child == 0:
        play(path, told)
    growth, seconds = line.split()
    enough = os.fstat(told).st_size + int(growth)
    while os.fstat(told).st_size < enough and os.waitpid(child, os.WNOHANG) == (0, 0):
        time.sleep(0.0002)
    time.sleep(float(seconds))
    os.kill(child, signal.SIGKILL)
    _, status = os.waitpid(child, 0)
    print(os.WTERMSIG(status), flush=True)
"""

N_KILLS = 40

KEYS = {"session": "id", "level": "id", "outcome": "level", "rating": "level"}

pytestmark = pytest.mark.skipif(sys.platform == "win32", reason="no kill -9 and no fork")


def test_kill_at_any_moment(tmp_path: Path) -> None:
    path, told = tmp_path / "playlog.sqlite", tmp_path / "told"
    n_rows = kill_again_and_again(path, told)
    gains = [after - before for before, after in zip([0, *n_rows], n_rows, strict=False)]
    assert sum(gain > 0 for gain in gains) >= 30
    # The next game finds nothing to complain about, and the rows stay.
    PlayLog.open(path, say=pytest.fail).close()
    check(path, told, n_kills=N_KILLS)


def test_a_log_that_commits_late_is_found_out(tmp_path: Path) -> None:
    with pytest.raises(AssertionError, match="is lost"):
        kill_again_and_again(tmp_path / "playlog.sqlite", tmp_path / "told", "lazy")


def kill_again_and_again(path: Path, told: Path, *how: str) -> list[int]:
    """Check after each kill; how many rows had been told of by then."""
    # Which moments is of no importance; that they are spread is: every fourth from when the log is
    # being opened, the others some time after some bytes were told.
    moments = random.Random(7)
    n_rows = []
    with subprocess.Popen(
        [sys.executable, "-W", "ignore", "-c", KILLER, str(path), str(told), *how],
        stdin=subprocess.PIPE,
        stdout=subprocess.PIPE,
        text=True,
    ) as killer:
        assert killer.stdin is not None
        assert killer.stdout is not None
        for number in range(N_KILLS):
            growth = moments.randrange(1, 400) if number % 4 else 0
            print(growth, moments.uniform(0, 0.005), file=killer.stdin, flush=True)
            assert int(killer.stdout.readline()) == signal.SIGKILL
            n_rows.append(check(path, told, n_kills=number + 1))
        killer.stdin.close()
    return n_rows


def check(path: Path, told: Path, *, n_kills: int) -> int:
    """All that was told is there, and the file is whole; how many rows were told of."""
    n_untold = 0
    lines = told.read_text().splitlines() if told.exists() else []
    rows = [line.split(maxsplit=1) for line in lines]
    assert not [sentence for table, sentence in rows if table == "said"]
    # A copy is read, so that the file is as the killed program left it when the next one opens it.
    copy = path.with_name("copy.sqlite")
    for suffix in ("", "-wal"):
        part, to = Path(f"{path}{suffix}"), Path(f"{copy}{suffix}")
        to.unlink(missing_ok=True)
        if part.exists():
            to.write_bytes(part.read_bytes())
    with closing(sqlite3.connect(copy)) as log:
        assert log.execute("PRAGMA integrity_check").fetchall() == [("ok",)]
        assert log.execute("PRAGMA foreign_key_check").fetchall() == []
        for table, key in KEYS.items():
            mine = [int(row) for name, row in rows if name == table]
            assert len(mine) == len(set(mine)), f"a {table} is lost: its number was given again"
            if mine:
                there = {row for (row,) in log.execute(f"SELECT {key} FROM {table}")}
                assert set(mine) <= there, f"{table} {set(mine) - there} is lost"
                n_untold += len(there - set(mine))
    # A kill comes between a row and telling of it at most once.
    assert n_untold <= n_kills
    return len(rows)
