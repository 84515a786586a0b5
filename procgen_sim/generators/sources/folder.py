"""Folders of levels, with or without a tileset."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from pathlib import Path
from typing import Final, TypeVar

from procgen_sim._checks import InputError
from procgen_sim.generators.sources.source import Source
from procgen_sim.generators.sources.text import NO_TILESET, check_rows, untagged_tileset
from procgen_sim.levels.corpus import level_files, read_levels
from procgen_sim.levels.reading import read_text, shown
from procgen_sim.levels.store import READABLE
from procgen_sim.levels.tileset import Tileset
from procgen_sim.levels.tileset_file import nearby_tileset
from procgen_sim.levels.vglc import split_rows

__all__ = ["first_files", "read_folder"]

T = TypeVar("T")

_TEXT: Final = ".txt"


def read_folder(
    folder: Path, *, tileset: Tileset | None, n_levels: int | None, skip_bad: bool
) -> Source:
    """The levels of a folder, as :func:`~procgen_sim.levels.load_corpus` reads them.

    Where neither the caller nor the folder has a tileset, texts are read all the same: every
    character that occurs is a tile without tags.

    Raises
    ------
    InputError
        As :func:`~procgen_sim.levels.load_corpus`; and if there are more than ``MAX_TILES``
        different characters.
    """
    files = first_files(level_files(folder), n_levels, skip_bad=skip_bad)
    nearby = nearby_tileset(folder) if tileset is None else None
    notes: tuple[str, ...] = ()
    if tileset is None and nearby is None and any(map(_is_text, files)):
        texts = list(_texts(filter(_is_text, files), skip_bad=skip_bad))
        if texts:
            nearby = untagged_tileset(shown(folder), texts)
            notes = (NO_TILESET,)
    levels, skipped = read_levels(
        folder, files, tileset, nearby, skip_bad=skip_bad, n_levels=n_levels
    )
    return Source(
        name=shown(Path(folder.name or folder.absolute().name)),
        kind="folder",
        levels=tuple(levels.values()),
        origins=tuple(shown(Path(path.name)) for path in levels),
        seeds=None,
        detail=f"the level files of the folder {shown(folder)}",
        skipped=skipped,
        notes=notes,
    )


def first_files(files: Sequence[T], n_levels: int | None, *, skip_bad: bool) -> Sequence[T]:
    """As many as so many levels may need: each may be there once in every format."""
    return files if n_levels is None or skip_bad else files[: n_levels * len(READABLE)]


def _is_text(path: Path) -> bool:
    return path.suffix.lower() == _TEXT


def _texts(files: Iterator[Path], *, skip_bad: bool) -> Iterator[list[str]]:
    for path in files:
        try:
            rows = split_rows(shown(path), read_text(path, "a level of text"))
            check_rows(shown(path), rows)
        except InputError:
            if not skip_bad:
                raise
        else:
            yield rows
