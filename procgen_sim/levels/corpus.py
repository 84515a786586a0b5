"""A body of work: the levels of one folder, in the order people number them."""

from __future__ import annotations

import re
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from functools import cache
from pathlib import Path, PurePath
from typing import Final

from procgen_sim._checks import InputError, check_choice, nearest
from procgen_sim.files import assets_folder
from procgen_sim.levels.level import Level
from procgen_sim.levels.reading import as_path, check_folder, reason, shown
from procgen_sim.levels.store import READABLE, as_tileset, read_level
from procgen_sim.levels.tileset import Tileset
from procgen_sim.levels.tileset_file import TILESET_FILE, load_tileset, nearby_tileset

__all__ = [
    "SHIPPED",
    "Corpus",
    "check_source",
    "combine",
    "house_tileset",
    "is_level_name",
    "level_files",
    "load_corpus",
    "natural_order",
    "read_levels",
    "shipped_corpus",
]

SHIPPED: Final = ("samurai", "space_opera")
"""The names of the corpora the program ships: two bodies of work, written by us in one tileset."""


@dataclass(frozen=True, kw_only=True)
class Corpus:
    """A body of levels.

    Attributes
    ----------
    name
        What people call it: the folder's name.
    levels
        At least one, in natural order of their files' names.
    skipped
        One sentence for each file that was left out: bad ones where that was asked for, and
        maps that hold the same level as a file of the same name in another format.
    folder
        Where it was read; None for a corpus from elsewhere, or from several folders.
    """

    name: str
    levels: tuple[Level, ...]
    skipped: tuple[str, ...] = ()
    folder: Path | None = None

    def __post_init__(self) -> None:
        if not self.levels:
            raise InputError(f"corpus {self.name!r}", expected="at least one level", found="none")

    @property
    def tileset(self) -> Tileset | None:
        """The tileset all levels share; None when they differ."""
        first = self.levels[0].tileset
        shared = all(level.tileset is first or level.tileset == first for level in self.levels)
        return first if shared else None


def load_corpus(
    folder: Path | str,
    *,
    tileset: Tileset | Path | str | None = None,
    skip_bad: bool = False,
) -> Corpus:
    """Read the levels directly in a folder: ``.txt``, ``.tmx`` and ``.tmj``.

    Hidden files, folders in the folder, readme and licence texts and files of other kinds are
    not levels and are left alone.

    Parameters
    ----------
    folder
        The folder.
    tileset
        The tileset or its file. None for the ``tileset.json`` in the folder or the one above.
    skip_bad
        True to go on when a file is bad, and list it in :attr:`Corpus.skipped`.

    Raises
    ------
    InputError
        If the folder cannot be read or holds no level, if the tileset is bad, or, unless
        ``skip_bad``, if a level is: names the first file that is.
    """
    folder = as_path(folder)
    files = level_files(folder)
    given = as_tileset(tileset)
    nearby = nearby_tileset(folder) if given is None else None
    levels, skipped = read_levels(folder, files, given, nearby, skip_bad=skip_bad)
    name = shown(Path(folder.name or folder.absolute().name))
    return Corpus(name=name, levels=tuple(levels.values()), skipped=skipped, folder=folder)


def read_levels(
    folder: Path,
    files: Iterable[Path],
    given: Tileset | None,
    nearby: Tileset | None,
    *,
    skip_bad: bool,
    n_levels: int | None = None,
) -> tuple[dict[Path, Level], tuple[str, ...]]:
    """Read level files of a folder, the first ``n_levels`` that count or all.

    Parameters
    ----------
    folder
        What is named when no level can be read.
    files
        The files, in the order wanted.
    given, nearby
        The tileset the caller names, and the one found beside the levels; see
        :func:`~procgen_sim.levels.store.load_level`.
    skip_bad, n_levels
        Whether to go on when a file is bad; at how many levels to stop, None for never.

    Returns
    -------
    File to level, and a sentence for each file that was left out.

    Raises
    ------
    InputError
        As :func:`load_corpus`.
    """
    levels: dict[Path, Level] = {}
    skipped: list[str] = []
    for path in files:
        if n_levels is not None and len(levels) >= n_levels:
            break
        try:
            level = read_level(path, given, nearby)
        except InputError as error:
            if not skip_bad:
                raise
            skipped.append(str(error))
            continue
        twin = next((path.with_suffix(s) for s in READABLE if path.with_suffix(s) in levels), None)
        if twin is not None and levels[twin] == level:  # counted twice, it would bias everything
            skipped.append(f"{shown(path)}: left out, it is the same level as {shown(twin)}.")
        else:
            levels[path] = level
    if not levels:
        raise InputError(
            shown(folder),
            expected="at least one level that can be read",
            found=f"{len(skipped)} that cannot",
            do=f"the first says: {skipped[0].rstrip('.')}",
        )
    return levels, tuple(skipped)


def combine(corpora: Sequence[Corpus], *, name: str | None = None) -> Corpus:
    """One corpus of the levels of several, in order; each level keeps its own tileset.

    Raises
    ------
    InputError
        If there is no corpus to combine.
    """
    if not corpora:
        raise InputError("corpora", expected="at least one corpus", found="none")
    return Corpus(
        name=name or " + ".join(dict.fromkeys(corpus.name for corpus in corpora)),
        levels=tuple(level for corpus in corpora for level in corpus.levels),
        skipped=tuple(sentence for corpus in corpora for sentence in corpus.skipped),
        folder=corpora[0].folder if len(corpora) == 1 else None,
    )


@cache
def house_tileset() -> Tileset:
    """The tileset of the shipped corpora and of every level this program builds."""
    return load_tileset(assets_folder() / "corpora" / TILESET_FILE)


def check_source(name: str, expected: str = "a folder of levels") -> None:
    """Raise :class:`InputError` if there is nothing of this name, and it is no shipped corpus.

    Anything else that is wrong with it is for those to say who read it.
    """
    try:
        if name not in SHIPPED and name:
            Path(name).lstat()
    except (FileNotFoundError, NotADirectoryError):
        close = nearest(name, [*SHIPPED, *_folders_beside(Path(name))])
        raise InputError(
            shown(Path(name)),
            expected=f"{expected}, or {' or '.join(SHIPPED)}",
            found="nothing of that name",
            do=f"did you mean {close!r}" if close else None,
        ) from None
    except (OSError, ValueError):
        return


def _folders_beside(path: Path) -> list[str]:
    try:
        return [str(beside) for beside in path.parent.iterdir() if beside.is_dir()]
    except (OSError, ValueError):
        return []


def shipped_corpus(name: str) -> Corpus:
    """A shipped corpus.

    Raises
    ------
    InputError
        If there is none of that name: lists those there are.

    Examples
    --------
    >>> shipped_corpus("samurai").tileset == house_tileset()
    True
    """
    return _shipped(check_choice("corpus", name, SHIPPED))


@cache
def _shipped(name: str) -> Corpus:
    return load_corpus(assets_folder() / "corpora" / name, tileset=house_tileset())


def natural_order(names: Iterable[str]) -> list[str]:
    """Names as people sort them: numbers by value, capitals like small letters.

    >>> natural_order(["lvl-10", "lvl-2", "Lvl-1"])
    ['Lvl-1', 'lvl-2', 'lvl-10']
    """
    return sorted(names, key=_natural_key)


def _natural_key(name: str) -> tuple[list[tuple[str, int]], str]:
    # Split at numbers: text and number take turns, so like is compared with like.
    parts = re.split(r"([0-9]+)", name.casefold())
    numbers = [int(digits) for digits in parts[1::2]] + [-1]
    return list(zip(parts[::2], numbers, strict=True)), name


def level_files(folder: Path) -> list[Path]:
    """The level files directly in a folder, in natural order; an error if there are none."""
    check_folder(folder)
    try:
        entries = list(folder.iterdir())
    except OSError as error:
        raise InputError(
            shown(folder), expected="a folder of levels", found=reason(error)
        ) from error
    names = [entry.name for entry in entries if _is_level_file(entry)]
    if not names:
        raise InputError(
            shown(folder),
            expected=f"a folder with level files ({', '.join(READABLE)})",
            found="none" if entries else "an empty folder",
            do=_one_down(entries),
        )
    return [folder / name for name in natural_order(names)]


def _one_down(entries: list[Path]) -> str | None:
    """Advice for those who named the folder of their folders."""
    by_name = {entry.name: entry for entry in entries}
    for folder in map(by_name.__getitem__, natural_order(by_name)):
        try:
            if folder.is_dir() and any(map(_is_level_file, folder.iterdir())):
                return f"there are levels one folder down: name {shown(folder)}"
        except OSError:
            continue
    return None


def is_level_name(path: PurePath) -> bool:
    """Whether a file of this name counts as a level."""
    no_level = ("readme", "license", "licence", "copying", "changelog", "notice")
    hidden = path.name.startswith(".")
    return not hidden and path.suffix.lower() in READABLE and path.stem.casefold() not in no_level


def _is_level_file(path: Path) -> bool:
    try:
        return is_level_name(path) and not path.is_dir()
    except OSError:  # a loop of links is reported when it is read
        return True
