"""A level in a file of any format we know, by the file's suffix."""

from __future__ import annotations

from pathlib import Path
from typing import Final

from procgen_sim._checks import InputError
from procgen_sim.levels.level import Level
from procgen_sim.levels.reading import as_path, shown
from procgen_sim.levels.tileset import Tileset
from procgen_sim.levels.tileset_file import load_tileset, nearby_tileset
from procgen_sim.levels.vglc import load_text, save_text

__all__ = ["READABLE", "WRITABLE", "as_tileset", "load_level", "read_level", "save_level"]

READABLE: Final = (".txt", ".tmx", ".tmj")
"""The suffixes of level files that are read."""

WRITABLE: Final = (*READABLE, ".png")
"""The suffixes of level files that are written."""


def load_level(path: Path | str, tileset: Tileset | Path | str | None = None) -> Level:
    """Read a level: VGLC text (``.txt``) or a Tiled map (``.tmx``, ``.tmj``).

    Parameters
    ----------
    path
        The file.
    tileset
        The tileset or its file. None for the ``tileset.json`` in the file's folder or the folder
        above; a Tiled map that carries its own tiles needs neither.

    Raises
    ------
    InputError
        If anything about the file or the tileset is wrong: where, and what was expected.
    """
    path = as_path(path)
    given = as_tileset(tileset)
    return read_level(path, given, nearby_tileset(path.parent) if given is None else None)


def read_level(path: Path, given: Tileset | None, nearby: Tileset | None) -> Level:
    """:func:`load_level` for many files: with the tilesets already read."""
    suffix = _suffix(path, READABLE, "read")
    if suffix == ".txt":
        tileset = given or nearby
        if tileset is None:
            raise InputError(
                shown(path),
                expected="a tileset.json in its folder or the folder above",
                found="none",
                do="write one, or name a tileset",
            )
        return load_text(path, tileset)

    from procgen_sim.levels.tiled import level_from_map
    from procgen_sim.levels.tmj import read_tmj
    from procgen_sim.levels.tmx import read_tmx

    source = read_tmx(path) if suffix == ".tmx" else read_tmj(path)
    return level_from_map(source, given, nearby)


def save_level(level: Level, path: Path | str, *, art: str | None = None) -> None:
    """Write a level in the format of the file's suffix: all of it, or nothing.

    A Tiled map gets a picture of its tiles beside it, named after the tileset, so that the map
    can be looked at and edited in Tiled; reading the map back does not need it.

    Parameters
    ----------
    level, path
        What to write, and where. The folder is made if there is none.
    art
        One of :data:`~procgen_sim.levels.art.ARTS` for pictures; None for what suits the tileset.

    Raises
    ------
    InputError
        If the suffix is unknown, or the place cannot be written.
    """
    path = as_path(path)
    suffix = _suffix(path, WRITABLE, "written")
    if suffix == ".txt":
        save_text(level, path)
        return

    from procgen_sim.levels.png import save_png, save_tile_sheet

    if suffix == ".png":
        save_png(level, path, art=art)
        return

    from procgen_sim.levels.tmj import save_tmj
    from procgen_sim.levels.tmx import save_tmx

    image = save_tile_sheet(level.tileset, path.parent, art=art)
    (save_tmx if suffix == ".tmx" else save_tmj)(level, path, image=image)


def as_tileset(tileset: Tileset | Path | str | None) -> Tileset | None:
    """A tileset from itself or from its file; None stays None."""
    if tileset is None or isinstance(tileset, Tileset):
        return tileset
    return load_tileset(tileset)


def _suffix(path: Path, known: tuple[str, ...], verb: str) -> str:
    suffix = path.suffix.lower()
    if suffix in known:
        return suffix
    found = f"the suffix {suffix!a}" if suffix else "no suffix"
    raise InputError(
        shown(path), expected=f"a level file to be {verb}: {', '.join(known)}", found=found
    )
