"""Levels that people made, made ready to be shown where the model is left: the arm ``authored``.

They may come from anywhere; what is shown is in the house tileset, proven playable, and measured
as players will meet it.

A tile becomes the house tile that *plays alike*: that blocks, carries, hurts, is climbed, begins
and ends a level as it does. Of those, the one that shares most of what else can be done with it
(picking it up, breaking it, getting something out of it), then most of its tags, is taken: a
walking creature of another game is ours, a coin is a coin. Where an affordance rules out that
others matter, they do not count: a creature is a creature whatever its tile was, what ends a level
ends it, and on the top rung of a ladder one can stand anyway. A tile that nothing plays like – a
block that one can stand on and that hurts – is not translated, and its level is refused.
"""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path
from typing import Final

import numpy as np
import numpy.typing as npt

from procgen_sim._checks import InputError
from procgen_sim.config import RunConfig
from procgen_sim.injection import Library
from procgen_sim.levels import Affordance, Level, Tileset, house_tileset, load_corpus
from procgen_sim.levels.design import measure_many
from procgen_sim.levels.store import READABLE
from procgen_sim.levels.tileset_file import nearby_tileset
from procgen_sim.platformer import reach, solve

__all__ = ["N_ROWS", "in_house_tiles", "library_of", "load_library"]

N_ROWS: Final = 16
"""Rows of the levels that the builder makes, by default."""

_A: Final = Affordance
_PLAYS: Final = _A.SOLID | _A.ONE_WAY | _A.HAZARD | _A.ENEMY | _A.CLIMBABLE | _A.START | _A.GOAL
_FLYING: Final = frozenset({"winged", "flying"})
"""Tags of creatures that fly, as :mod:`procgen_sim.platformer.terrain` reads them."""


def load_library(
    folder: Path | str,
    *,
    tileset: Tileset | Path | str | None = None,
    n_rows: int = N_ROWS,
    skip_bad: bool = False,
) -> Library:
    """The levels of a folder, ready to be shown.

    Parameters
    ----------
    folder
        Levels of any format that can be read.
    tileset
        Their tileset or its file; None for the one beside them.
    n_rows
        Rows of the builder's levels: those with fewer get sky above.
    skip_bad
        Go on when a level cannot be read, translated or finished, and list it in
        :attr:`~procgen_sim.injection.Library.skipped`.

    Raises
    ------
    InputError
        If there is no level, or, unless ``skip_bad``, one cannot be used: names it.
    """
    corpus = load_corpus(folder, tileset=tileset, skip_bad=skip_bad)
    levels, proven, skipped = list[Level](), list[bool](), list(corpus.skipped)
    for level in corpus.levels:
        where = _file_of(Path(folder), level)
        try:
            ours = in_house_tiles(level, n_rows=n_rows, where=where)
            proven.append(_is_proven(ours, where))
        except InputError as error:
            if not skip_bad:
                raise
            skipped.append(str(error))
            continue
        levels.append(ours)
    if not levels:
        raise InputError(
            str(folder),
            expected="at least one level that can be finished",
            found=f"{len(skipped)} that cannot be used",
            do=f"the first says: {skipped[0].rstrip('.')}",
        )
    return Library(
        names=tuple(level.name for level in levels),
        vectors=measure_many(levels),
        grids=tuple(level.grid for level in levels),
        proven=tuple(proven),
        skipped=tuple(skipped),
    )


def library_of(config: RunConfig, *, n_rows: int = N_ROWS) -> Library:
    """The authored levels that a configuration names; a library of none if it names none.

    They are read by the tileset beside them, by the configuration's where they have none.

    Raises
    ------
    InputError
        As :func:`load_library`.
    """
    if not config.authored:
        return Library()
    folder = Path(config.authored)
    tileset = nearby_tileset(folder) or config.tileset or None
    return load_library(folder, tileset=tileset, n_rows=n_rows, skip_bad=config.skip_bad)


def _file_of(folder: Path, level: Level) -> str:
    """The file a level is of, for people."""
    files = (folder / f"{level.name}{suffix}" for suffix in READABLE)
    return str(next((file for file in files if file.exists()), folder / level.name))


def in_house_tiles(level: Level, *, n_rows: int = N_ROWS, where: str | None = None) -> Level:
    """The level in the house tileset, with sky above to at least ``n_rows`` rows.

    Raises
    ------
    InputError
        If a tile plays like none of ours: names the level (or ``where`` it is from) and the tile.
    """
    house, theirs = house_tileset(), level.tileset
    codes = np.zeros(len(theirs), np.uint8)
    for code in np.unique(level.grid).tolist():
        character = theirs.characters[code]
        found = _counterpart(int(theirs.flags[code]), theirs.tags[character])
        if found is None:
            raise InputError(
                where or f"level {level.name!r}",
                expected="tiles that play like one of ours",
                found=f"{character!r} ({', '.join(theirs.tags[character])})",
                do="change its tags in tileset.json, or leave the level out",
            )
        codes[code] = found
    grid: npt.NDArray[np.uint8] = codes[level.grid]
    missing = max(0, n_rows - level.n_rows)
    sky = house.codes[str(house.first(_A.EMPTY))]
    padded = np.pad(grid, ((missing, 0), (0, 0)), constant_values=sky)
    return Level(padded, house, level.name)


def _counterpart(flags: int, tags: Sequence[str]) -> int | None:
    """The code of the house tile that plays alike; None if there is none."""
    house = house_tileset()
    words = {word.lower() for word in tags}
    wanted = _plays(flags, words)
    best, nearest = None, (0, 0)
    for code, character in enumerate(house.characters):
        ours = {word.lower() for word in house.tags[character]}
        if _plays(int(house.flags[code]), ours) != wanted:
            continue
        differ = (flags ^ int(house.flags[code])).bit_count()
        if best is None or (differ, -len(words & ours)) < nearest:
            best, nearest = code, (differ, -len(words & ours))
    return best


def _plays(flags: int, words: set[str]) -> tuple[int, bool]:
    """What a tile is like to play, all else left out; and whether it flies."""
    plays = flags & _PLAYS
    if plays & _A.ENEMY:
        return int(_A.ENEMY), not _FLYING.isdisjoint(words)
    if plays & _A.GOAL and not plays & _A.SOLID:
        return int(_A.GOAL), False
    if plays & _A.CLIMBABLE:
        plays &= ~_A.ONE_WAY
    return int(plays), False


def _is_proven(level: Level, where: str) -> bool:
    """Whether a replay finishes a level; False if only the jump rules say that it can be.

    Raises
    ------
    InputError
        If neither finds a way.
    """
    verdict = solve(level)
    if verdict.verdict == "playable":
        return True
    if reach(level).playable:
        return False
    known = "that cannot be finished" if verdict.verdict == "not playable" else "no way through"
    raise InputError(
        where,
        expected="a level that can be finished",
        found=f"{known}: {verdict.reason}",
        do="correct it or leave it out",
    )
