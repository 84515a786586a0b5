"""Levels named on a command line: files, folders of levels, shipped corpora."""

from __future__ import annotations

import sys
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from pathlib import Path

from procgen_sim._checks import InputError
from procgen_sim.levels import Level, Tileset, load_level, shipped_corpus
from procgen_sim.levels.corpus import SHIPPED, check_source, level_files, read_levels
from procgen_sim.levels.store import as_tileset
from procgen_sim.levels.tileset_file import nearby_tileset

__all__ = ["Given", "given_levels", "say_skipped"]


@dataclass(frozen=True, kw_only=True, eq=False)
class Given:
    """A level and where it came from.

    Attributes
    ----------
    file
        What it is called in answers: the file as named, or the folder as named and the level's
        name.
    level
        The level.
    path
        Its file; None for a level of a shipped corpus.
    corpus
        The shipped corpus it is from; None for a level in a file.
    tileset
        The tileset's file, if one was named.
    """

    file: str
    level: Level
    path: Path | None = None
    corpus: str | None = None
    tileset: Path | None = None


def given_levels(
    names: Sequence[str], tileset: str | None = None, *, skip_bad: bool = False
) -> list[Given]:
    """Read what the names on a command line mean.

    Raises
    ------
    InputError
        If there is nothing of a name, if a level cannot be read and ``skip_bad`` is False, or if
        none at all can be read.
    """
    words = as_tileset(tileset)
    from_file = Path(tileset) if tileset else None
    found: list[Given] = []
    first_error = None
    for name in names:
        check_source(name, "a level, a folder of levels")
        if name in SHIPPED:
            found += [
                Given(file=f"{name}/{level.name}", level=level, corpus=name)
                for level in shipped_corpus(name).levels
            ]
            continue
        path = Path(name)
        try:
            levels = _in_folder(path, words, skip_bad) if path.is_dir() else None
            named = {path: load_level(path, words)} if levels is None else levels
        except InputError as error:
            if not skip_bad:
                raise
            say_skipped([str(error)])
            first_error = first_error or error
            continue
        found += [
            Given(
                file=name if levels is None else f"{name}/{level.name}",
                level=level,
                path=file,
                tileset=from_file,
            )
            for file, level in named.items()
        ]
    if first_error and not found:
        raise first_error
    return found


def say_skipped(sentences: Iterable[str]) -> None:
    """Name on standard error what is left out, and why."""
    for sentence in sentences:
        print(f"procgen-sim: skipped {sentence}", file=sys.stderr)


def _in_folder(folder: Path, words: Tileset | None, skip_bad: bool) -> dict[Path, Level]:
    files = level_files(folder)
    nearby = nearby_tileset(folder) if words is None else None
    levels, skipped = read_levels(folder, files, words, nearby, skip_bad=skip_bad)
    say_skipped(skipped)
    return levels
