"""Where the play log goes: the file as long as it can be written, memory from then on."""

from __future__ import annotations

import sqlite3
import threading
from collections.abc import Callable, Sequence
from contextlib import suppress
from pathlib import Path
from typing import Any, Final

from procgen_sim._checks import InputError
from procgen_sim.game.playlog_file import (
    TABLES,
    connect_memory,
    connect_writing,
    identity,
    is_broken,
    put_aside,
    transaction,
)

__all__ = ["Store"]

_MEMORY: Final = "what is played from here on is not kept"


class Store:
    """A database that is always there to write to. Threads may share it.

    Attributes
    ----------
    path
        The file; None once it is memory.
    """

    def __init__(
        self,
        connection: sqlite3.Connection,
        path: Path | None = None,
        say: Callable[[str], None] | None = None,
    ) -> None:
        self.path = path
        self._connection = connection
        self._say = say or (lambda _sentence: None)
        self._lock = threading.Lock()

    @classmethod
    def open(cls, path: Path, say: Callable[[str], None]) -> Store:
        """The file, a new one if it is broken, or memory if it cannot be written."""
        try:
            return cls(_open_or_begin_anew(path, say), path, say)
        except sqlite3.Error as error:
            say(_in_memory(path, str(error)))
        except OSError as error:
            say(_in_memory(path, (error.strerror or type(error).__name__).lower()))
        except InputError as error:
            say(f"{str(error).removesuffix('.')}; {_MEMORY}.")
        return cls.memory()

    @classmethod
    def memory(cls) -> Store:
        """A database that is gone when the program ends."""
        return cls(connect_memory())

    def commit(self, work: Callable[[sqlite3.Connection], int]) -> int:
        """Do ``work`` in one transaction, committed on return; what it returns.

        If the file fails, ``work`` is done again, in memory.
        """
        with self._lock:
            try:
                with transaction(self._connection):
                    return work(self._connection)
            except (sqlite3.IntegrityError, sqlite3.ProgrammingError, sqlite3.InterfaceError):
                raise  # a mistake of the caller, not of the disk
            except sqlite3.Error as error:
                if self.path is None:
                    raise
                self._go_on_in_memory(error)
            with transaction(self._connection):
                return work(self._connection)

    def first(self, query: str, values: Sequence[Any]) -> tuple[Any, ...] | None:
        """The first row that answers a query; None when there is none."""
        rows = self.rows(query, values)
        return rows[0] if rows else None

    def rows(self, query: str, values: Sequence[Any]) -> list[tuple[Any, ...]]:
        """All rows that answer a query."""
        with self._lock:
            try:
                found = self._connection.execute(query, values).fetchall()
            except sqlite3.Error as error:
                if self.path is None:
                    raise
                self._go_on_in_memory(error)
                found = self._connection.execute(query, values).fetchall()
        return [tuple(row) for row in found]

    def close(self) -> None:
        """Nothing more will be written. Closing twice is allowed."""
        with self._lock:
            self._connection.close()

    def _go_on_in_memory(self, error: sqlite3.Error) -> None:
        """Leave the file, which keeps all that it has, and go on with a copy."""
        path, file = self.path, self._connection
        self._connection, self.path = connect_memory(), None
        # A file that cannot even be read leaves nothing to copy.
        with suppress(sqlite3.Error), transaction(self._connection):
            for table in TABLES:
                rows = file.execute(f"SELECT * FROM {table}").fetchall()
                if rows:
                    places = ", ".join("?" * len(rows[0]))
                    self._connection.executemany(f"INSERT INTO {table} VALUES ({places})", rows)
        with suppress(sqlite3.Error):
            file.close()
        self._say(_in_memory(path, str(error)))


def _open_or_begin_anew(path: Path, say: Callable[[str], None]) -> sqlite3.Connection:
    seen = identity(path)
    try:
        return connect_writing(path)
    except sqlite3.Error as error:
        if not is_broken(error):
            raise
        # Two games may find it broken at once: only what was seen is put aside.
        if seen == identity(path):
            aside = put_aside(path)
            say(f"{path}: the play log is broken ({error}); it is kept as {aside.name}.")
    return connect_writing(path)


def _in_memory(path: Path | None, found: str) -> str:
    """What to say of a file that cannot be written."""
    return f"{path}: expected a play log that can be written, found {found}; {_MEMORY}."
