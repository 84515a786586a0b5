"""Levels as text, one character a tile, one line a row: the VGLC's format [Summerville2016]_.

Read leniently where nothing can be misunderstood (a byte order mark, CRLF line ends, empty lines
at the end) and strictly everywhere else.
"""

from __future__ import annotations

from dataclasses import replace
from pathlib import Path

from procgen_sim._checks import InputError
from procgen_sim.files import write_text
from procgen_sim.levels.level import Level
from procgen_sim.levels.reading import as_path, check_size, read_text, shown
from procgen_sim.levels.tileset import Tileset
from procgen_sim.levels.tileset_file import check_tile

__all__ = ["load_text", "save_text", "split_rows"]


def load_text(path: Path | str, tileset: Tileset) -> Level:
    """Read a level; its name is the file's stem.

    Raises
    ------
    InputError
        If the file cannot be read, is empty, binary or not UTF-8, if a row is longer or shorter
        than the first, a character is not in the tileset, or the level is absurdly large: with
        file, line and column.
    """
    path = as_path(path)
    where = shown(path)
    rows = split_rows(where, read_text(path, "a level of text"))
    return replace(Level.from_rows(rows, tileset, where), name=shown(Path(path.stem)))


def split_rows(where: str, text: str) -> list[str]:
    """The rows of a level's text, without empty lines at the end; their lengths may differ.

    Raises
    ------
    InputError
        If there is no row, or the level is absurdly large.
    """
    rows = text.split("\n")
    while rows and not rows[-1]:
        rows.pop()
    if not rows:
        raise InputError(where, expected="rows of tiles", found="only empty lines")
    if not rows[0]:
        raise InputError(f"{where}, line 1", expected="a row of tiles", found="an empty line")
    check_size(where, len(rows), len(rows[0]))
    return rows


def save_text(level: Level, path: Path | str) -> None:
    """Write a level as text; :func:`load_text` with the same tileset returns an equal one."""
    for character, tags in level.tileset.tags.items():
        check_tile("tileset", character, list(tags))
    write_text(as_path(path), "\n".join(level.rows()) + "\n")
