"""Tilesets in files: the VGLC's JSON format [Summerville2016]_.

``{"tiles": {character: [tags]}}``, UTF-8. The order of the tiles is the order of their codes.
Other keys at the top level are other people's business and are left alone.
"""

from __future__ import annotations

import json
import os
import unicodedata
from pathlib import Path
from typing import Final

from procgen_sim._checks import InputError
from procgen_sim.files import write_text
from procgen_sim.levels.reading import as_path, kind_of, parse_json, quoted, read_text, shown
from procgen_sim.levels.tileset import Tileset

__all__ = ["TILESET_FILE", "check_tile", "load_tileset", "nearby_tileset", "save_tileset"]

TILESET_FILE: Final = "tileset.json"
"""The name a corpus's tileset has, in its folder or the folder above."""

_INVISIBLE: Final = ("Cc", "Cf", "Cs", "Zl", "Zp")
_SHAPE: Final = 'a tileset such as {"tiles": {"X": ["solid"]}}'


def load_tileset(path: Path | str) -> Tileset:
    """Read a tileset.

    Raises
    ------
    InputError
        If the file cannot be read, is not JSON, or is not a tileset: says where and why.
    """
    path = as_path(path)
    document = parse_json(path, read_text(path, "a tileset file"), _SHAPE)
    tiles = document.get("tiles")
    if not isinstance(tiles, dict):
        found = "no such key" if "tiles" not in document else kind_of(tiles)
        raise InputError(f"{shown(path)}, key 'tiles'", expected=_SHAPE, found=found)
    for character, tags in tiles.items():
        check_tile(shown(path), character, tags)
    try:
        return Tileset(tiles)
    except InputError as error:
        raise InputError(
            shown(path), expected=error.expected, found=error.found, do=error.do
        ) from None


def check_tile(where: str, character: str, tags: object) -> None:
    """Raise :class:`InputError` unless this is one writable character with a list of tags."""
    # U+FFFE and U+FFFF are no characters at all, and no XML may hold them.
    if (
        len(character) != 1
        or unicodedata.category(character) in _INVISIBLE
        or character in "\ufffe\uffff"
    ):
        raise InputError(
            f"{where}, tile {quoted(character)}",
            expected="one visible character",
            found=f"{len(character)} characters" if len(character) != 1 else "an invisible one",
        )
    if not isinstance(tags, list):
        raise InputError(
            f"{where}, tile {character!r}", expected="a list of tags", found=kind_of(tags)
        )
    for tag in tags:
        if not isinstance(tag, str):
            raise InputError(
                f"{where}, tile {character!r}", expected="tags that are texts", found=kind_of(tag)
            )
        if not tag.isprintable():
            raise InputError(
                f"{where}, tile {character!r}", expected="tags of one line", found=quoted(tag)
            )


def save_tileset(tileset: Tileset, path: Path | str) -> None:
    """Write a tileset so that :func:`load_tileset` returns an equal one, in the same order.

    Raises
    ------
    InputError
        If the place cannot be written, or the tileset has tiles that no file can hold.
    """
    lines = []
    for character, tags in tileset.tags.items():
        check_tile("tileset", character, list(tags))
        key = json.dumps(character, ensure_ascii=False)
        lines.append(f"        {key}: {json.dumps(list(tags), ensure_ascii=False)}")
    body = ",\n".join(lines)
    write_text(as_path(path), f'{{\n    "tiles": {{\n{body}\n    }}\n}}\n')


def nearby_tileset(folder: Path) -> Tileset | None:
    """The tileset in a folder of levels or in the folder above it; None when there is none.

    Raises
    ------
    InputError
        If there is one and it is bad.
    """
    for candidate in (folder / TILESET_FILE, folder.absolute().parent / TILESET_FILE):
        if os.path.lexists(candidate):  # a link to nothing is an error, not an absence
            return load_tileset(candidate)
    return None
