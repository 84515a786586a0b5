"""Text of unknown games: rows of characters, and a tileset that claims nothing about them."""

from __future__ import annotations

import unicodedata
from collections.abc import Iterable, Sequence
from typing import Final

from procgen_sim._checks import InputError
from procgen_sim.levels.tileset import MAX_TILES, Tileset
from procgen_sim.levels.vglc import split_rows

__all__ = ["NO_TILESET", "check_rows", "rows_of", "untagged_tileset"]

NO_TILESET: Final = (
    "There is no tileset: every character that occurs is a tile, and what tiles do is unknown."
)
"""What is noted of a source that was read with :func:`untagged_tileset`."""

_INVISIBLE: Final = ("Cc", "Cf", "Cs", "Cn", "Zl", "Zp")


def rows_of(where: str, text: str) -> tuple[str, ...]:
    """The rows of a text, all of one length; a byte order mark and CRLF line ends are forgiven.

    Raises
    ------
    InputError
        If there is no row, one is longer or shorter than the first, a character is invisible, or
        the level is absurdly large: with line and column.
    """
    plain = text.removeprefix("\ufeff").replace("\r\n", "\n").replace("\r", "\n")
    rows = tuple(split_rows(where, plain))
    check_rows(where, rows)
    return rows


def check_rows(where: str, rows: Sequence[str]) -> None:
    """Raise :class:`InputError` unless rows are equally long and of visible characters."""
    width = len(rows[0])
    for r, row in enumerate(rows):
        if len(row) != width:
            raise InputError(
                f"{where}, line {r + 1}, column {min(len(row), width) + 1}",
                expected=f"a row of {width} tiles like the first",
                found=f"{len(row)} tiles",
            )
    bad = {character for character in set().union(*rows) if _invisible(character)}
    if not bad:
        return
    for r, row in enumerate(rows):
        for c, character in enumerate(row):
            if character in bad:
                raise InputError(
                    f"{where}, line {r + 1}, column {c + 1}",
                    expected="visible characters",
                    found=f"{character!a}",
                )


def _invisible(character: str) -> bool:
    return unicodedata.category(character) in _INVISIBLE


def untagged_tileset(where: str, texts: Iterable[Sequence[str]]) -> Tileset:
    """The characters of some levels, sorted, as a tileset without tags.

    Raises
    ------
    InputError
        If they are more than a tileset can hold: then it is not levels.
    """
    used: set[str] = set()
    for rows in texts:
        used.update(*rows)
    if len(used) > MAX_TILES:
        raise InputError(
            where,
            expected=f"levels of at most {MAX_TILES} different characters",
            found=f"{len(used):,}",
            do="is this one character a tile",
        )
    return Tileset(dict.fromkeys(sorted(used), ()))
