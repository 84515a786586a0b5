"""The play log: who played what, how it went, what was foreseen, and how dull it was.

Every call is one committed transaction, so nothing that was acknowledged is lost when the program
is killed. A game never stops because of its log: where none can be written it goes on in memory,
and says so once.
"""

from __future__ import annotations

import json
import sqlite3
import time
import zlib
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING, Any, Final

import numpy as np
import numpy.typing as npt

from procgen_sim import __version__
from procgen_sim._checks import InputError, check_choice, check_int
from procgen_sim.config import RunConfig, write_config
from procgen_sim.game.playlog_file import PHI, log_path
from procgen_sim.game.playlog_sitting import SITTINGS, Sitting, as_sitting
from procgen_sim.game.playlog_store import Store
from procgen_sim.levels import Level
from procgen_sim.platformer.physics import PHYSICS_VERSION

if TYPE_CHECKING:
    from procgen_sim.game.plan import Outcome

__all__ = ["STATUSES", "LastSession", "PlayLog"]

STATUSES: Final = ("won", "died", "left")
"""How a level can end."""

_LEVEL_COLUMNS: Final = (
    *("session", "number", "began", "digest", "name", "rows"),
    *PHI,
    *("off_model", "broke", "proposal", "forecast", "boredom_before"),
)
_OUTCOME_COLUMNS: Final = (
    *("level", "ended", "status", "ticks", "deaths", "coins", "actions"),
    *("foreseen", "predictability", "boredom"),
)


@dataclass(frozen=True, kw_only=True)
class LastSession:
    """The session that a person played last.

    Attributes
    ----------
    session
        Its number.
    ended
        When, in seconds since 1970; of a session that was cut off, the last that is known of it.
    boredom
        Of the simulated player after its last level; None when none was finished.
    n_levels
        Levels that were begun.
    """

    session: int
    ended: float
    boredom: float | None
    n_levels: int


class PlayLog:
    """A log to write to; made by :meth:`open` or :meth:`memory`. Threads may share it."""

    def __init__(self, store: Store) -> None:
        self._store = store
        self._sessions: list[int] = []

    @classmethod
    def open(cls, path: Path | None = None, *, say: Callable[[str], None] | None = None) -> PlayLog:
        """Open the log to write to it, or one in memory where that cannot be.

        Parameters
        ----------
        path
            The file; None for the one in the person's data folder.
        say
            Called with a sentence when something is wrong with the file, now or later.
        """
        return cls(Store.open(path or log_path(), say or (lambda _sentence: None)))

    @classmethod
    def memory(cls) -> PlayLog:
        """A log that is gone when the program ends."""
        return cls(Store.memory())

    @property
    def path(self) -> Path | None:
        """The file; None when the log is, or has come to be, in memory."""
        return self._store.path

    def start_session(
        self, person: str, config: RunConfig, seed: int, *, injection: str = "on-model"
    ) -> int:
        """A person sits down to play; the session's number.

        Parameters
        ----------
        person
            What the person is to be called; may be empty.
        config
            What is played.
        seed
            Of the sequence of levels.
        injection
            How the sequence leaves the model, in the language of arms.
        """
        now = time.time()

        def work(connection: sqlite3.Connection) -> int:
            connection.execute(
                "INSERT INTO person (name, began) VALUES (?, ?) ON CONFLICT DO NOTHING",
                (person, now),
            )
            columns = "person, began, seed, injection, config, program, physics"
            values = (now, str(seed), injection, write_config(config), __version__, PHYSICS_VERSION)
            cursor = connection.execute(
                f"INSERT INTO session ({columns}) "
                "SELECT id, ?, ?, ?, ?, ?, ? FROM person WHERE name = ?",
                (*values, person),
            )
            return int(cursor.lastrowid or 0)

        self._sessions.append(self._store.commit(work))
        return self._sessions[-1]

    def level(
        self,
        session: int,
        *,
        number: int,
        level: Level,
        vector: npt.ArrayLike,
        off_model: bool,
        broke: bool,
        proposal: str = "",
        forecast: npt.ArrayLike | None = None,
        boredom: float | None = None,
    ) -> int:
        """A level begins; its number in the log.

        Parameters
        ----------
        session
            From :meth:`start_session`.
        number
            Of the level in the session, from 1.
        level
            The level; kept whole.
        vector
            ``(11,)`` its design parameters, natural units.
        off_model
            Whether it lies outside the model's 99.9 % region.
        broke
            Whether the schedule, or the person, said to leave the model.
        proposal
            Where to; empty for none.
        forecast
            ``(n_columns,)`` from 0 to 1, how surprising each column is to the simulated player.
        boredom
            Of the simulated player before this level, 0 to 1.
        """
        phi = [float(value) for value in np.asarray(vector, np.float64)]
        if len(phi) != len(PHI):
            raise InputError("vector", expected=f"{len(PHI)} parameters", found=str(len(phi)))
        columns = None if forecast is None else np.asarray(forecast, np.float64).round(4).tolist()
        rows = zlib.compress("\n".join(level.rows()).encode())
        begun = (session, number, time.time(), level.digest(), level.name, rows)
        written = None if columns is None else json.dumps(columns)
        told = (int(off_model), int(broke), proposal, written, boredom)
        return self._insert("level", _LEVEL_COLUMNS, (*begun, *phi, *told))

    def outcome(
        self,
        level: int,
        outcome: Outcome,
        *,
        foreseen: float | None = None,
        predictability: float | None = None,
        boredom: float | None = None,
    ) -> None:
        """A level ended.

        Parameters
        ----------
        level
            From :meth:`level`.
        outcome
            How.
        foreseen, predictability, boredom
            What the card says of the simulated player, who has now met the level, too.
        """
        check_choice("status", outcome.status, STATUSES)
        actions = None if outcome.replay is None else zlib.compress(outcome.replay)
        counts = (int(outcome.ticks), int(outcome.deaths), int(outcome.coins))
        ended = (level, time.time(), outcome.status, *counts, actions)
        values = (*ended, foreseen, predictability, boredom)
        self._insert("outcome", _OUTCOME_COLUMNS, values)

    def rating(self, level: int, n: int) -> None:
        """The person says how dull the level was: 1 not at all, 5 very. The last word counts."""
        check_int("rating", n, low=1, high=5)
        self._insert("rating", ("level", "rated", "rating"), (level, time.time(), n))

    def end_session(self, session: int) -> None:
        """The person stops playing."""
        now = time.time()

        def work(connection: sqlite3.Connection) -> int:
            connection.execute("UPDATE session SET ended = ? WHERE id = ?", (now, session))
            return session

        self._store.commit(work)

    def last_session(self, person: str) -> LastSession | None:
        """The session that a person played last, before one that has just been started with no
        level yet; None for a newcomer."""
        query = """
            SELECT s.id,
                   max(coalesce(s.ended, 0), s.began, max(l.began), coalesce(max(o.ended), 0)),
                   (SELECT boredom FROM outcome JOIN level ON level.id = outcome.level
                    WHERE level.session = s.id AND boredom IS NOT NULL
                    ORDER BY level.id DESC LIMIT 1),
                   count(l.id)
            FROM session s JOIN person p ON p.id = s.person
                 JOIN level l ON l.session = s.id LEFT JOIN outcome o ON o.level = l.id
            WHERE p.name = ? GROUP BY s.id ORDER BY 2 DESC LIMIT 1"""
        row = self._store.first(query, (person,))
        if row is None:
            return None
        return LastSession(session=row[0], ended=row[1], boredom=row[2], n_levels=row[3])

    def levels_met(self, person: str, *, most: int) -> list[list[str]]:
        """The levels that a person was given last, ``most`` of them, in the order they came: rows
        of characters, the top row first."""
        query = """
            SELECT l.rows FROM level l JOIN session s ON s.id = l.session
                 JOIN person p ON p.id = s.person
            WHERE p.name = ? ORDER BY l.id DESC LIMIT ?"""
        packed = [row[0] for row in self._store.rows(query, (person, most))]
        return [zlib.decompress(rows).decode().split("\n") for rows in reversed(packed)]

    def sittings(self) -> list[Sitting]:
        """How the sessions went that were started here, in order."""
        query = f"{SITTINGS} WHERE s.id = ? GROUP BY s.id"
        rows = [self._store.first(query, (session,)) for session in self._sessions]
        return [as_sitting(row) for row in rows if row is not None]

    def close(self) -> None:
        """Nothing more will be written. Closing twice is allowed."""
        self._store.close()

    def _insert(self, table: str, columns: Sequence[str], values: Sequence[Any]) -> int:
        places = ", ".join("?" * len(columns))
        statement = f"INSERT OR REPLACE INTO {table} ({', '.join(columns)}) VALUES ({places})"

        def work(connection: sqlite3.Connection) -> int:
            return int(connection.execute(statement, values).lastrowid or 0)

        return self._store.commit(work)
