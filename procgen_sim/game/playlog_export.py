"""The play log for others: tables in Parquet or CSV, the levels and replays as files, a summary.

``sessions`` has a row a session and ``levels`` a row a level that was begun; the columns are
explained in :data:`COLUMNS`. In ``played/`` each level stands as text beside the replay of its
last attempt, so that ``procgen-sim watch`` shows it.
"""

from __future__ import annotations

import json
import sqlite3
import zlib
from collections.abc import Callable, Iterator, Mapping
from contextlib import closing
from datetime import UTC, datetime
from pathlib import Path
from typing import Any, Final

from procgen_sim._checks import InputError, check_choice, nearest
from procgen_sim.files import write_text, writing_beside
from procgen_sim.game.playlog_file import PHI, connect_reading, connect_writing, transaction
from procgen_sim.game.playlog_sitting import SITTINGS, Sitting, as_sitting
from procgen_sim.levels import PARAMETERS, house_tileset, save_tileset
from procgen_sim.platformer.physics import TICKS_PER_S

__all__ = ["COLUMNS", "FORMATS", "delete_person", "export_log", "sittings"]

FORMATS: Final = ("parquet", "csv")

_UTC: Final = "TIMESTAMP"

COLUMNS: Final[Mapping[str, Mapping[str, tuple[str, str]]]] = {
    "sessions": {
        "session": ("BIGINT", "number of the session"),
        "person": ("VARCHAR", "what the person is called; may be empty"),
        "began_utc": (_UTC, "when it began"),
        "ended_utc": (_UTC, "when it ended; empty when it was cut off"),
        "seed": ("VARCHAR", "seed of the sequence of levels, a whole number of any size"),
        "injection": ("VARCHAR", "how the sequence leaves the model"),
        "program": ("VARCHAR", "version of procgen_sim"),
        "physics": ("INTEGER", "version of the physics"),
        "config": ("VARCHAR", "configuration, TOML"),
    },
    "levels": {
        "session": ("BIGINT", "number of the session"),
        "person": ("VARCHAR", "what the person is called; may be empty"),
        "number": ("INTEGER", "number of the level in the session, from 1"),
        "began_utc": (_UTC, "when it began"),
        "ended_utc": (_UTC, "when it ended; this and what follows from it is empty if it did not"),
        "digest": ("VARCHAR", "names the level's content"),
        **{
            f"phi_{parameter.name}": ("DOUBLE", f"{parameter.definition}; {parameter.unit}")
            for parameter in PARAMETERS
        },
        "off_model": ("BOOLEAN", "outside the model's 99.9 % region"),
        "broke": ("BOOLEAN", "meant to leave the model"),
        "proposal": ("VARCHAR", "where to; empty for none"),
        "forecast": ("DOUBLE[]", "each column's surprise to the simulated player, 0 to 1"),
        "boredom_before": ("DOUBLE", "of the simulated player before the level"),
        "status": ("VARCHAR", "won, died or left"),
        "seconds": ("DOUBLE", "of play, all attempts together"),
        "deaths": ("INTEGER", "how often the person died"),
        "coins": ("INTEGER", "coins of the last attempt"),
        "foreseen": ("DOUBLE", "share of the level that the simulated player foresaw"),
        "predictability": ("DOUBLE", "share of what can be foreseen that it foresaw"),
        "boredom": ("DOUBLE", "of the simulated player after the level"),
        "rating": ("INTEGER", "the person's own boredom, 1 to 5; empty when not told"),
        "rated_utc": (_UTC, "when it was told"),
        "files": ("VARCHAR", "stem of the level's files in played/"),
    },
}
"""Table to column to its type in DuckDB and its meaning."""

_SESSIONS: Final = """
    SELECT s.id, p.name, s.began, s.ended, s.seed, s.injection, s.program, s.physics, s.config
    FROM session s JOIN person p ON p.id = s.person
    WHERE :person IS NULL OR p.name = :person ORDER BY s.id"""

_LEVELS: Final = f"""
    SELECT l.session, p.name, l.number, l.began, o.ended, l.digest,
           {", ".join(f"l.{name}" for name in PHI)},
           l.off_model, l.broke, l.proposal, l.forecast, l.boredom_before,
           o.status, o.ticks * 1.0 / {TICKS_PER_S}, o.deaths, o.coins,
           o.foreseen, o.predictability, o.boredom, r.rating, r.rated,
           printf('%06d-%04d', l.session, l.number), l.rows, o.actions, s.physics
    FROM level l JOIN session s ON s.id = l.session JOIN person p ON p.id = s.person
         LEFT JOIN outcome o ON o.level = l.id LEFT JOIN rating r ON r.level = l.id
    WHERE :person IS NULL OR p.name = :person ORDER BY l.session, l.id"""


def sittings(path: Path, person: str | None = None) -> list[Sitting]:
    """All sessions of a log, or a person's, in order.

    Raises
    ------
    InputError
        If the log cannot be read, or knows no such person.
    """
    with closing(connect_reading(path)) as log:
        _check_person(log, person)
        query = f"{SITTINGS} WHERE :person IS NULL OR p.name = :person GROUP BY s.id ORDER BY s.id"
        return [as_sitting(row) for row in log.execute(query, {"person": person})]


def export_log(
    path: Path, folder: Path, fmt: str = "parquet", *, person: str | None = None
) -> list[Path]:
    """Write a log's tables, levels and replays into a folder; return the tables.

    Parameters
    ----------
    path
        The log; a game may be writing to it.
    folder
        Where to; the folder is made. Every file is written whole or not at all.
    fmt
        ``parquet`` or ``csv``.
    person
        Only this one's; None for everybody's.

    Raises
    ------
    InputError
        If the log cannot be read, knows no such person, or the folder cannot be written.
    """
    check_choice("--format", fmt, FORMATS)
    with closing(connect_reading(path)) as log:
        _check_person(log, person)
        # One transaction, so that both tables tell of the same moment.
        log.execute("BEGIN")
        sessions = log.execute(_SESSIONS, {"person": person}).fetchall()
        levels = log.execute(_LEVELS, {"person": person}).fetchall()
    n_columns = len(COLUMNS["levels"])
    _write_played(folder / "played", levels, n_columns)
    tables = {"sessions": sessions, "levels": [row[:n_columns] for row in levels]}
    return [_write_table(folder / f"{name}.{fmt}", name, rows) for name, rows in tables.items()]


def delete_person(path: Path, person: str) -> int:
    """Delete all there is of a person, so that not even the file's free space holds it; return
    how many sessions that were.

    Raises
    ------
    InputError
        If the log cannot be written, or knows no such person.
    """
    connect_reading(path).close()  # refuses what is missing, broken, or not a log
    try:
        with closing(connect_writing(path)) as log:
            _check_person(log, person)
            log.execute("PRAGMA secure_delete = ON")
            sessions = "SELECT count(*) FROM session JOIN person p ON p.id = person WHERE p.name"
            with transaction(log):
                n_sessions = int(log.execute(f"{sessions} = ?", (person,)).fetchone()[0])
                log.execute("DELETE FROM person WHERE name = ?", (person,))
            log.execute("VACUUM")
            log.execute("PRAGMA wal_checkpoint(TRUNCATE)")
    except (sqlite3.Error, OSError) as error:
        raise InputError(
            str(path), expected="a play log that can be written", found=str(error)
        ) from error
    return n_sessions


def _check_person(log: sqlite3.Connection, person: str | None) -> None:
    names = [name for (name,) in log.execute("SELECT name FROM person ORDER BY name")]
    if person is None or person in names:
        return
    close = nearest(person, names)
    raise InputError(
        "--person",
        expected=f"one of {', '.join(names)}" if names else "a person who has played",
        found=repr(person),
        do=f"did you mean {close!r}" if close else None,
    )


def _write_table(path: Path, name: str, rows: list[tuple[Any, ...]]) -> Path:
    """One table with the types of :data:`COLUMNS`."""
    import duckdb

    columns = COLUMNS[name]
    declared = ", ".join(f"{column} {kind}" for column, (kind, _) in columns.items())
    places = ", ".join("?" * len(columns))
    with duckdb.connect(":memory:", config={"threads": 1}) as table:
        table.execute(f"CREATE TABLE {name} ({declared})")
        if rows:
            table.execute("BEGIN")
            table.executemany(f"INSERT INTO {name} VALUES ({places})", list(_typed(columns, rows)))
            table.execute("COMMIT")
        how = "FORMAT parquet, COMPRESSION zstd" if path.suffix == ".parquet" else "FORMAT csv"
        with writing_beside(path) as beside:
            target = str(beside).replace("'", "''")
            try:
                table.execute(f"COPY {name} TO '{target}' ({how})")
            except duckdb.IOException as error:
                raise InputError(
                    str(path),
                    expected="room and permission to write",
                    found=str(error).splitlines()[0],
                ) from error
    return path


def _typed(
    columns: Mapping[str, tuple[str, str]], rows: list[tuple[Any, ...]]
) -> Iterator[list[Any]]:
    """Rows of SQLite, which knows neither times nor lists nor truth values, for DuckDB."""
    convert: dict[str, Callable[[Any], Any]] = {
        "TIMESTAMP": _moment,
        "DOUBLE[]": json.loads,
        "BOOLEAN": bool,
    }
    kinds = [convert.get(kind) for kind, _ in columns.values()]
    for row in rows:
        yield [
            value if value is None or kind is None else kind(value)
            for kind, value in zip(kinds, row, strict=True)
        ]


def _moment(seconds: float) -> datetime:
    return datetime.fromtimestamp(seconds, tz=UTC).replace(tzinfo=None)


def _write_played(folder: Path, levels: list[tuple[Any, ...]], n_columns: int) -> None:
    """Each level as text, and the replay of its last attempt beside it."""
    from procgen_sim.platformer.replay import Replay

    if levels:
        save_tileset(house_tileset(), folder / "tileset.json")
    digest = list(COLUMNS["levels"]).index("digest")
    for row in levels:
        stem, (text, actions, physics) = row[n_columns - 1], row[n_columns:]
        write_text(folder / f"{stem}.txt", zlib.decompress(text).decode() + "\n")
        if actions is not None:
            held = zlib.decompress(actions)
            replay = Replay(version=physics, digest=row[digest], actions=held)
            replay.save(folder / f"{stem}.replay")
