"""Records: one row per arm, player and level, kept as Parquet parts.

A part is written beside and renamed, so a kill at any moment loses at most the part in flight.
Row order, column order and types are fixed, and DuckDB writes on one thread, so the same run
gives the same bytes.

====================  =======  ====================================================================
column                type     meaning
====================  =======  ====================================================================
``arm``               text     the arm as people wrote it
``player``            int32    player number from 0; the same person in every arm
``level``             int32    level number from 1 in the order of play
``broke``             bool     the schedule said to leave the model here
``off_model``         bool     the level's density is below the model's 99.9 % region
``log_density``       float64  of the measured level under the model, nats
``density_quantile``  float64  share of on-model levels that are less dense than this one
``playable``          bool     the level can be finished, by the check the run was told to make
``proven``            bool     a replay finishes it
``repair_distance``   float64  how far the asked vector had to move to be buildable, natural ranges
``build_attempts``    int32    layouts tried until one was playable
``surprise_bits``     float64  bits the level cost the player: s
``unprepared_bits``   float64  bits it would have cost, had every level before followed the model
``progress_bits``     float64  bits it would cost less after learning it: g
``naive_bits``        float64  what fresh on-model levels cost this player as a newcomer: S₀
``veteran_bits``      float64  what they cost once the generator is known: S∞
``foreseen``          float64  f = 1 − s / S₀
``predictability``    float64  p = (S₀ − s) / (S₀ − S∞), unclipped
``interest_*``        float64  under each notion of interest
``boredom_*``         float64  after this level, under each notion
``phi_*``             float64  each measured design parameter, natural units
====================  =======  ====================================================================

Bits are those of the observer that players have. For players who attend to patterns,
``progress_bits`` is beyond what remembering one level saves those who know the generator. Where
they have two observers, the records also hold
``theme_bits`` and ``pattern_bits``, what the level cost each in its own bits, and ``theme_weight``
and ``pattern_weight``, what such a bit counts: ``surprise_bits`` is the weighted sum.
"""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import Any, Final

import numpy as np
import numpy.typing as npt

from procgen_sim._checks import InputError
from procgen_sim.files import writing_beside
from procgen_sim.players import NOTIONS, OBSERVERS

__all__ = [
    "PARTS_FOLDER",
    "Table",
    "as_cube",
    "check_columns",
    "concatenate",
    "list_parts",
    "part_name",
    "read_parts",
    "read_table",
    "record_columns",
    "write_table",
]

Table = dict[str, npt.NDArray[Any]]
"""Column name to ``(n_rows,)`` array."""

PARTS_FOLDER: Final = "records"

_PART: Final = re.compile(r"part-([0-9]+)\.parquet")


def part_name(number: int) -> str:
    """File name of a part, numbered from 0."""
    return f"part-{number:06d}.parquet"


def record_columns(parameters: Sequence[str], observer: str = "theme") -> dict[str, type]:
    """Columns of the records in order, each with its NumPy kind, for a model of ``parameters`` and
    players with that ``observer``."""
    parts = OBSERVERS[observer] if len(OBSERVERS[observer]) > 1 else ()
    columns: dict[str, type] = {"arm": np.object_, "player": np.int32, "level": np.int32}
    columns |= {"broke": np.bool_, "off_model": np.bool_}
    columns |= dict.fromkeys(("log_density", "density_quantile"), np.float64)
    columns |= dict.fromkeys(("playable", "proven"), np.bool_)
    columns |= {"repair_distance": np.float64, "build_attempts": np.int32}
    columns |= dict.fromkeys(("surprise_bits", "unprepared_bits", "progress_bits"), np.float64)
    columns |= dict.fromkeys((f"{name}_bits" for name in parts), np.float64)
    columns |= dict.fromkeys((f"phi_{name}" for name in parameters), np.float64)
    columns |= dict.fromkeys(
        ("naive_bits", "veteran_bits", "foreseen", "predictability"), np.float64
    )
    for notion in NOTIONS:
        columns |= {f"interest_{notion}": np.float64, f"boredom_{notion}": np.float64}
    columns |= dict.fromkeys((f"{name}_weight" for name in parts), np.float64)
    return columns


MAY_BE_UNDEFINED: Final = frozenset({"predictability"})
"""Columns that are NaN where there is no number: to whom there was nothing to learn."""


def check_columns(table: Table, expected: Mapping[str, type], where: Path) -> None:
    """Refuse a table whose columns are others, of other kinds, or have gaps.

    Raises
    ------
    InputError
        Names the first column that is wrong.
    """
    for name, kind in expected.items():
        if name not in table:
            raise InputError(str(where), expected=f"a column {name!r}", found="none")
        column = table[name]
        if column.dtype != np.dtype(kind):
            raise InputError(
                f"{where}, column {name!r}",
                expected=np.dtype(kind).name,
                found=column.dtype.name,
            )
        gaps = np.ma.getmaskarray(column).any() or (kind is np.float64 and np.isnan(column).any())
        if gaps and name not in MAY_BE_UNDEFINED:
            raise InputError(f"{where}, column {name!r}", expected="a value a row", found="gaps")
    more = [name for name in table if name not in expected]
    if more:
        raise InputError(str(where), expected="a run's columns", found=f"also {more[0]!r}")


def write_table(path: Path, table: Mapping[str, npt.NDArray[Any]]) -> None:
    """Write one Parquet file, whole or not at all.

    Parameters
    ----------
    path
        Where to; the folder is made.
    table
        Columns of equal length. Text columns have dtype object.

    Raises
    ------
    InputError
        If the place cannot be written.
    """
    import duckdb

    with _connection() as connection, writing_beside(path) as beside:
        connection.register("records", dict(table))
        target = str(beside).replace("'", "''")
        try:
            connection.execute(f"COPY records TO '{target}' (FORMAT parquet, COMPRESSION zstd)")
        except duckdb.IOException as error:
            raise InputError(
                str(path),
                expected="room and permission to write",
                found=str(error).splitlines()[0],
            ) from error


def read_parts(folder: Path) -> Table:
    """All parts of a run in the order of their numbers, as one table.

    Raises
    ------
    InputError
        If there is no part, or one cannot be read.
    """
    return concatenate([read_table(part) for part in list_parts(folder)])


def list_parts(folder: Path) -> list[Path]:
    """The parts in a folder in the order of their numbers.

    Raises
    ------
    InputError
        If there is none, or a file is named like one and has no number.
    """
    numbered = []
    for path in folder.glob("part-*.parquet"):
        match = _PART.fullmatch(path.name)
        if match is None:
            raise InputError(str(path), expected=f"a name like {part_name(0)}", found="another")
        numbered.append((int(match[1]), path.name))
    if not numbered:
        raise InputError(str(folder), expected="records of a run (part-*.parquet)", found="none")
    return [folder / name for _, name in sorted(numbered)]


def read_table(path: Path) -> Table:
    """One Parquet file as a table.

    Raises
    ------
    InputError
        If it is missing or cannot be read.
    """
    import duckdb

    with _connection() as connection:
        try:
            connection.execute("SELECT * FROM read_parquet(?)", [str(path)])
            table = {
                name: _without_mask(column) for name, column in connection.fetchnumpy().items()
            }
        except duckdb.Error as error:
            raise InputError(
                str(path),
                expected="a Parquet file of a run",
                found=str(error).splitlines()[0],
                do="run it again",
            ) from error
    return table


def concatenate(tables: Sequence[Table]) -> Table:
    """Tables with the same columns, one below the other."""
    return {name: np.concatenate([table[name] for table in tables]) for name in tables[0]}


def as_cube(table: Table, column: str, arm: str) -> npt.NDArray[Any]:
    """``(players, levels)`` values of one column for one arm.

    Rows of an arm stand player by player and level by level, as the session writes them.
    """
    rows = table["arm"] == arm
    n_levels = int(table["level"][rows].max())
    cube: npt.NDArray[Any] = table[column][rows].reshape(-1, n_levels)
    return cube


def _connection() -> Any:
    import duckdb

    return duckdb.connect(":memory:", config={"threads": 1})


def _without_mask(column: npt.NDArray[Any]) -> npt.NDArray[Any]:
    """DuckDB takes NaN for a missing value and gives it back masked; here it is NaN again."""
    if np.ma.isMaskedArray(column) and column.dtype.kind == "f":
        filled: npt.NDArray[Any] = np.ma.filled(column, np.nan)
        return filled
    return column
