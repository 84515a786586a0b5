"""The file of the play log: its tables, and how it is opened, refused, or put aside.

SQLite in WAL mode: a transaction that has been committed survives ``kill -9`` at any moment, and
several games may write at once. All times are seconds since 1970, UTC.
"""

from __future__ import annotations

import os
import sqlite3
import time
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Final

from procgen_sim._checks import InputError
from procgen_sim.game.folders import data_folder
from procgen_sim.levels import PARAMETERS

__all__ = [
    "PHI",
    "SCHEMA_VERSION",
    "TABLES",
    "connect_memory",
    "connect_reading",
    "connect_writing",
    "identity",
    "is_broken",
    "log_path",
    "put_aside",
    "transaction",
]

SCHEMA_VERSION: Final = 1
"""Changes with the tables, and with :data:`~procgen_sim.levels.PARAMETERS`."""

APPLICATION_ID: Final = 0x70676C67
"""Says in the file's header whose file it is."""

BUSY_S: Final = 3.0
"""How long to wait for another game that is writing; its transactions take milliseconds."""

PHI: Final = tuple(f"phi_{parameter.name}" for parameter in PARAMETERS)
"""Columns of the design parameters, in the order of every design vector."""

SCHEMA: Final = f"""
CREATE TABLE person (
    id INTEGER PRIMARY KEY,
    name TEXT NOT NULL UNIQUE,
    began REAL NOT NULL
);
CREATE TABLE session (
    id INTEGER PRIMARY KEY,
    person INTEGER NOT NULL REFERENCES person ON DELETE CASCADE,
    began REAL NOT NULL,
    ended REAL, -- NULL: the game did not end by itself
    seed TEXT NOT NULL, -- a whole number; it may be larger than SQLite's
    injection TEXT NOT NULL,
    config TEXT NOT NULL, -- TOML
    program TEXT NOT NULL, -- version of procgen_sim
    physics INTEGER NOT NULL
);
CREATE TABLE level (
    id INTEGER PRIMARY KEY,
    session INTEGER NOT NULL REFERENCES session ON DELETE CASCADE,
    number INTEGER NOT NULL, -- from 1 in a session
    began REAL NOT NULL,
    digest TEXT NOT NULL,
    name TEXT NOT NULL,
    rows BLOB NOT NULL, -- the level as text, compressed by zlib
    {", ".join(f"{name} REAL NOT NULL" for name in PHI)},
    off_model INTEGER NOT NULL CHECK (off_model IN (0, 1)),
    broke INTEGER NOT NULL CHECK (broke IN (0, 1)),
    proposal TEXT NOT NULL, -- empty: none
    forecast TEXT, -- JSON: a number from 0 to 1 a column, how surprising it was to be
    boredom_before REAL
);
CREATE TABLE outcome (
    level INTEGER PRIMARY KEY REFERENCES level ON DELETE CASCADE,
    ended REAL NOT NULL,
    status TEXT NOT NULL CHECK (status IN ('won', 'died', 'left')),
    ticks INTEGER NOT NULL,
    deaths INTEGER NOT NULL,
    coins INTEGER NOT NULL,
    actions BLOB, -- one byte a tick of the last attempt, compressed by zlib
    foreseen REAL,
    predictability REAL,
    boredom REAL
);
CREATE TABLE rating (
    level INTEGER PRIMARY KEY REFERENCES level ON DELETE CASCADE,
    rated REAL NOT NULL,
    rating INTEGER NOT NULL CHECK (rating BETWEEN 1 AND 5)
);
CREATE INDEX session_of_person ON session (person);
CREATE INDEX level_of_session ON level (session);
"""

TABLES: Final = ("person", "session", "level", "outcome", "rating")
"""All tables, those first that others refer to."""

_BROKEN: Final = frozenset({sqlite3.SQLITE_CORRUPT, sqlite3.SQLITE_NOTADB})
_COMPANIONS: Final = ("-wal", "-shm")


def log_path() -> Path:
    """Where the play log is kept."""
    return data_folder() / "playlog.sqlite"


def connect_memory() -> sqlite3.Connection:
    """A log that lasts as long as the program. Foreign keys are not enforced in it: it may go on
    with a session that began in a file."""
    connection = sqlite3.connect(":memory:", isolation_level=None, check_same_thread=False)
    _make_tables(connection)
    return connection


def connect_writing(path: Path) -> sqlite3.Connection:
    """Open the log to write to it; make it, and its folder, if there is none.

    Raises
    ------
    InputError
        If the file is another program's, or of a newer version of this one.
    sqlite3.Error
        If it is broken (see :func:`is_broken`), or cannot be written.
    OSError
        If the folder cannot be made.
    """
    path.parent.mkdir(parents=True, exist_ok=True)
    connection = sqlite3.connect(
        path, timeout=BUSY_S, isolation_level=None, check_same_thread=False
    )
    try:
        _check_owner(connection, path)
        _patiently(connection, "PRAGMA journal_mode = WAL")
        # FULL keeps what was committed through a power cut, too; games write a few times a level.
        connection.execute("PRAGMA synchronous = FULL")
        connection.execute("PRAGMA foreign_keys = ON")
        with transaction(connection):
            if _number(connection, "user_version") == 0:
                _make_tables(connection)
        _check_whole(connection)
    except BaseException:
        connection.close()
        raise
    return connection


def connect_reading(path: Path) -> sqlite3.Connection:
    """Open a log that is there to read it; a game may be writing to it.

    Raises
    ------
    InputError
        If there is none, or it is broken, another program's, or of a newer version of this one.
    """
    if not path.is_file():
        raise InputError(str(path), expected="a play log", found="none", do="play first")
    # Reading a log in WAL mode takes a place for its index; without one it can still be read if
    # nobody writes.
    ways = ["mode=ro"]
    if not path.with_name(f"{path.name}-wal").exists():
        ways.append("mode=ro&immutable=1")
    for way in ways:
        try:
            return _read_only(path, way)
        except sqlite3.Error as error:
            found = str(error)
    raise InputError(str(path), expected="a play log", found=found)


def _read_only(path: Path, way: str) -> sqlite3.Connection:
    uri = f"{path.resolve().as_uri()}?{way}"
    connection = sqlite3.connect(uri, uri=True, timeout=BUSY_S, isolation_level=None)
    try:
        _check_owner(connection, path)
        _check_whole(connection)
        if _number(connection, "user_version") == 0:
            raise InputError(str(path), expected="a play log", found="an empty file")
    except BaseException:
        connection.close()
        raise
    return connection


def is_broken(error: sqlite3.Error) -> bool:
    """Whether an error says that the file's content is not what SQLite wrote."""
    code = getattr(error, "sqlite_errorcode", None)
    return code is not None and code & 0xFF in _BROKEN


def identity(path: Path) -> tuple[int, int] | None:
    """Which file it is that has this name; None when there is none."""
    try:
        status = path.stat()
    except OSError:
        return None
    return status.st_dev, status.st_ino


def put_aside(path: Path) -> Path:
    """Rename a broken log to the next free ``NAME.broken-N`` beside it; return that.

    Raises
    ------
    OSError
        If it cannot be.
    """
    number = 1
    while (aside := path.with_name(f"{path.name}.broken-{number}")).exists():
        number += 1
    # What was committed last may be in the files beside; they belong to it.
    for suffix in ("", *_COMPANIONS):
        part = path.with_name(path.name + suffix)
        if not suffix or part.exists():
            os.replace(part, aside.with_name(aside.name + suffix))
    return aside


@contextmanager
def transaction(connection: sqlite3.Connection) -> Iterator[None]:
    """All of it or nothing; committed when the block ends."""
    connection.execute("BEGIN IMMEDIATE")
    try:
        yield
        connection.execute("COMMIT")
    except BaseException:
        if connection.in_transaction:
            connection.execute("ROLLBACK")
        raise


def _make_tables(connection: sqlite3.Connection) -> None:
    # Not executescript: that would commit what is open before it begins.
    for statement in SCHEMA.split(";\n"):
        connection.execute(statement)
    connection.execute(f"PRAGMA application_id = {APPLICATION_ID}")
    connection.execute(f"PRAGMA user_version = {SCHEMA_VERSION}")


def _check_owner(connection: sqlite3.Connection, path: Path) -> None:
    """Refuse a file that is not ours, or of a version we do not know."""
    n_tables = connection.execute("SELECT count(*) FROM sqlite_master").fetchone()[0]
    if n_tables == 0:
        return
    if _number(connection, "application_id") != APPLICATION_ID:
        raise InputError(str(path), expected="a play log", found="another program's database")
    version = _number(connection, "user_version")
    if version > SCHEMA_VERSION:
        raise InputError(
            str(path),
            expected=f"a play log of version {SCHEMA_VERSION}",
            found=f"version {version}",
            do="use the newer procgen-sim that wrote it",
        )


def _check_whole(connection: sqlite3.Connection) -> None:
    (answer,) = connection.execute("PRAGMA quick_check(1)").fetchone()
    if answer != "ok":
        error = sqlite3.DatabaseError(str(answer).splitlines()[0])
        error.sqlite_errorcode = sqlite3.SQLITE_CORRUPT
        raise error


def _patiently(connection: sqlite3.Connection, statement: str) -> None:
    """Changing the journal does not wait for others by itself."""
    until = time.monotonic() + BUSY_S
    while True:
        try:
            connection.execute(statement)
        except sqlite3.OperationalError as error:
            if error.sqlite_errorcode & 0xFF != sqlite3.SQLITE_BUSY or time.monotonic() > until:
                raise
            time.sleep(0.02)
        else:
            return


def _number(connection: sqlite3.Connection, pragma: str) -> int:
    return int(connection.execute(f"PRAGMA {pragma}").fetchone()[0])
