"""The tropes of a body of levels: found in part of it, counted in all of it."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field
from typing import Final

import numpy as np

from procgen_sim._checks import check_int
from procgen_sim.levels.body import Body, as_grid
from procgen_sim.levels.tropes.base_code import BaseCode, Sheet, Tiles, Where
from procgen_sim.levels.tropes.families import families
from procgen_sim.levels.tropes.mining import (
    MIN_SAVED_BITS,
    Pattern,
    mine,
    occurrences,
    places_for,
    saved_bits,
)

__all__ = ["MINED_TILES", "Place", "Trope", "Tropes", "tropes"]

MINED_TILES: Final = 400_000
"""Tiles that are searched for patterns: 125 levels of 16 × 200. Of more, as many levels as
that, evenly spread, are searched; what is found is counted in all."""

_PER_TROPE: Final = 4
"""Patterns looked for per trope wanted, since some will be variants of others."""

_N_PLACES: Final = 5
"""Example places kept of each trope."""


@dataclass(frozen=True, kw_only=True)
class Place:
    """Where a trope is.

    Attributes
    ----------
    level
        The level's position in the body.
    name
        Its name.
    line
        The first of its lines, in the order met, that has a part of the trope.
    row, column
        Of the picture's top left tile in the level's grid.
    """

    level: int
    name: str
    line: int
    row: int
    column: int


@dataclass(frozen=True, kw_only=True)
class Trope:
    """Something a body of levels does again and again.

    Attributes
    ----------
    picture
        Rows of tile characters, as seen in the level: of the variant that pays most.
    variants
        Pictures of the others of its family, those that pay most first.
    n_occurrences
        How often it is found, variants included, none over another or over a trope that pays more.
    saved_bits
        What knowing it saves over all levels, its own spelling paid for.
    share_of_levels
        Share of the levels that have it, though another trope lie over it.
    first
        Where it is met first, though another lie over it.
    places
        Where its picture is found, for some levels, once in each.
    """

    picture: tuple[str, ...]
    variants: tuple[tuple[str, ...], ...]
    n_occurrences: int
    saved_bits: float
    share_of_levels: float
    first: Place
    places: tuple[Place, ...]

    @property
    def n_rows(self) -> int:
        return len(self.picture)

    @property
    def n_columns(self) -> int:
        return len(self.picture[0])


@dataclass(frozen=True, kw_only=True)
class Tropes:
    """The tropes of a body, those that pay most first; empty if nothing pays.

    Attributes
    ----------
    tropes
        Each of them.
    total_bits
        What all active lines cost somebody who knows no pattern.
    n_levels
        Levels in which they were counted: all of them.
    n_levels_mined
        Levels in which they were looked for.
    """

    tropes: tuple[Trope, ...]
    total_bits: float
    n_levels: int
    n_levels_mined: int

    def __iter__(self) -> Iterator[Trope]:
        return iter(self.tropes)

    def __len__(self) -> int:
        return len(self.tropes)

    def __getitem__(self, index: int) -> Trope:
        return self.tropes[index]

    @property
    def share_saved(self) -> float:
        """Share of all bits that knowing these tropes saves."""
        saved = sum(trope.saved_bits for trope in self.tropes)
        return saved / self.total_bits if self.total_bits else 0.0


@dataclass(kw_only=True)
class _Count:
    """Of one pattern, over all levels."""

    pattern: Pattern
    bits: list[float] = field(default_factory=list)  # of each occurrence
    saved: float = 0.0
    n: int = 0
    # Where it is first in each level that has it: level, line, across.
    places: list[tuple[int, int, int]] = field(default_factory=list)


def tropes(body: Body, n: int = 12) -> Tropes:
    """What a body of levels does again and again.

    Only active lines are searched: padding is no trope. Rectangles of tiles are chosen for the
    bits that knowing them saves (:mod:`.mining`); those a person would call the same are put
    together (:mod:`.families`).

    Parameters
    ----------
    body
        The levels.
    n
        How many at most.

    Raises
    ------
    InputError
        If ``n`` is not a whole number of at least 1.

    Examples
    --------
    >>> from procgen_sim.levels import shipped_corpus
    >>> found = tropes(Body.of("samurai", shipped_corpus("samurai").levels), n=3)
    >>> len(found), found[0].n_occurrences > 10, 0 < found.share_saved < 1
    (3, True, True)
    """
    check_int("n", n, low=1)
    levels = [lines[active] for lines, active in zip(body.lines, body.active, strict=True)]
    n_tiles = len(body.alphabet)
    shapes = np.array([lines.shape for lines in levels])
    n_mined = max(1, min(len(levels), len(levels) * MINED_TILES // int(shapes.prod(1).sum())))
    spread = np.arange(n_mined) * len(levels) // n_mined
    mined = Sheet.of([levels[i] for i in spread], n_tiles)
    frequency = np.zeros(n_tiles, np.int64)
    for lines in levels:
        frequency += np.bincount(lines.ravel(), minlength=n_tiles)
    background = int(frequency.argmax())
    code = BaseCode.fit(mined)
    patterns = mine(mined, code, background, n * _PER_TROPE)
    counts, total_bits = _count(body, levels, patterns, code, frequency)
    for count in counts:
        n_places = places_for(count.pattern.tiles.shape, shapes)
        spelling = count.pattern.spelling_bits
        count.saved = saved_bits(np.array(count.bits), n_places, spelling)
    paying = sorted(
        (count for count in counts if count.saved >= MIN_SAVED_BITS), key=lambda c: -c.saved
    )
    groups = families([(count.pattern.tiles, count.pattern.bits) for count in paying])
    result = [_trope(body, [paying[i] for i in group]) for group in groups]
    result.sort(key=lambda trope: -trope.saved_bits)
    return Tropes(
        tropes=tuple(result[:n]),
        total_bits=total_bits,
        n_levels=body.n_levels,
        n_levels_mined=n_mined,
    )


def _count(
    body: Body,
    levels: Sequence[Tiles],
    patterns: Sequence[Pattern],
    code: BaseCode,
    frequency: Where,
) -> tuple[list[_Count], float]:
    """Where every pattern is, in all levels, those chosen first taking their places first."""
    counts = [_Count(pattern=pattern) for pattern in patterns]
    rarity = np.argsort(np.argsort(frequency, kind="stable"), kind="stable")
    total_bits = 0.0
    for batch in _batches(levels):
        sheet = Sheet.of([levels[i] for i in batch], len(body.alphabet))
        bits = code.bits(sheet).ravel()
        total_bits += float(bits.sum())
        length = sheet.tiles.shape[1]
        starts = np.searchsorted(sheet.level, np.arange(len(batch)))
        free = np.ones(bits.size, np.bool_)
        for count in counts:
            tiles = count.pattern.tiles
            places, cells, everywhere = occurrences(sheet, tiles, rarity, free)
            covered = places[:, None] + cells
            free[covered] = False
            count.bits += bits[covered].sum(axis=1).tolist()
            count.n += len(places)
            at_lines, at_tiles = np.divmod(everywhere, length)
            _, first_in_level = np.unique(sheet.level[at_lines], return_index=True)
            for i in first_in_level:
                line, across = int(at_lines[i]), int(at_tiles[i])
                own = int(sheet.level[line])
                start = body.active[batch[own]].start - starts[own]
                count.places.append((batch[own], line + int(start), across))
    return counts, total_bits


def _batches(levels: Sequence[Tiles]) -> Iterator[range]:
    """Levels a few at a time, so that memory does not grow with their number."""
    first, size = 0, 0
    for i, lines in enumerate(levels):
        if size and size + lines.size > MINED_TILES:
            yield range(first, i)
            first, size = i, 0
        size += lines.size
    yield range(first, len(levels))


def _trope(body: Body, family: Sequence[_Count]) -> Trope:
    def picture(count: _Count) -> tuple[str, ...]:
        grid = as_grid(count.pattern.tiles, body.order)
        return tuple("".join(body.alphabet[tile] for tile in row) for row in grid)

    def place(count: _Count, where: tuple[int, int, int]) -> Place:
        level, line, across = where
        along = len(count.pattern.tiles)
        last = body.levels[level].n_rows - line - along
        row, column = {
            "columns": (across, line),
            "rows-up": (last, across),
            "reading": (line, across),
        }[body.order]
        return Place(level=level, name=body.levels[level].name, line=line, row=row, column=column)

    main = family[0]
    first, owner = min(
        ((count.places[0], i) for i, count in enumerate(family)), key=lambda pair: pair[0]
    )
    return Trope(
        picture=picture(main),
        variants=tuple(picture(count) for count in family[1:]),
        n_occurrences=sum(count.n for count in family),
        saved_bits=sum(count.saved for count in family),
        share_of_levels=len({where[0] for count in family for where in count.places})
        / body.n_levels,
        first=place(family[owner], first),
        places=tuple(place(main, where) for where in main.places[:_N_PLACES]),
    )
