"""Which rectangles of tiles are worth learning, and how many bits that saves.

A pattern pays ``Σ bits − n·log2(e·P / n) − d``: what its n occurrences cost under the base code,
less saying at which of the P places with room for it they are (no less than the logarithm of the
number of choices), less its own spelling d [Rissanen1978]_. Patterns are chosen greedily, the one
that pays most first, and what one has covered pays no other, much as [Vreeken2011]_ cover
transactions with item sets. If the base code were the truth, anything that pays k bits would happen
with a probability below 2^−k [Grunwald2007]_, so noise has no pattern.

Every rectangle of up to :data:`MAX_ALONG` lines by :data:`MAX_ACROSS` tiles is looked at, wherever
it is, if there is something other than background in each of its outer rows and columns: a pipe
is the same pipe at any height, and its picture is not half sky.
"""

from __future__ import annotations

import heapq
from collections.abc import Iterator
from math import e, log2
from typing import Final, NamedTuple

import numpy as np
import numpy.typing as npt

from procgen_sim.levels.tropes.base_code import BaseCode, Bits, Sheet, Tiles, Where

__all__ = [
    "MAX_ACROSS",
    "MAX_ALONG",
    "MIN_SAVED_BITS",
    "Pattern",
    "mine",
    "occurrences",
    "places_for",
    "saved_bits",
]

MAX_ALONG: Final = 12
"""Lines a pattern may span: about as many as one sees coming."""

MAX_ACROSS: Final = 16
"""Tiles of a line a pattern may span."""

MIN_SAVED_BITS: Final = 10.0
"""What a pattern must pay: in noise, less than one body in a thousand has one."""

_MAX_SAME_SIZE: Final = 400
"""Patterns of one size that are weighed, those that might pay most."""

_MAX_CELLS: Final = 1_000_000
"""Tiles that candidates of one size may cover, counted with overlaps: only textures that fill
whole levels have more, and memory is bounded for them too."""

_HASH_ACROSS: Final = np.uint64(0x9E3779B97F4A7C15)
_HASH_ALONG: Final = np.uint64(0xD1342543DE82EF95)

Mask = npt.NDArray[np.bool_]
Names = npt.NDArray[np.uint64]


class Pattern(NamedTuple):
    """``tiles`` ``(along, across)``, their mean ``bits`` where found, and the bits to spell it."""

    tiles: Tiles
    bits: Bits
    spelling_bits: float


class _Candidate(NamedTuple):
    """``tiles`` ``(along, across)``; their flat ``places``; what they would pay side by side."""

    tiles: Tiles
    spelling_bits: float
    places: npt.NDArray[np.int32]
    bound: float


def places_for(shape: tuple[int, ...], shapes: Where) -> int:
    """In how many places a pattern could be, in levels of ``shapes`` ``(n_levels, 2)``."""
    room = np.maximum(shapes - np.array(shape) + 1, 0)
    return int(room.prod(axis=1).sum())


def saved_bits(bits: Bits, n_places: int, spelling_bits: float) -> float:
    """What a pattern pays whose occurrences cost ``bits`` ``(n,)`` and could be in ``n_places``.

    Only those that cost more than their address are pointed at, the others spelled as before.
    """
    if not len(bits):
        return 0.0
    n = np.arange(1, len(bits) + 1)
    paid = np.cumsum(np.sort(bits)[::-1]) - n * np.log2(e * n_places / n)
    return float(paid.max()) - spelling_bits


def mine(sheet: Sheet, code: BaseCode, background: int, n_patterns: int) -> list[Pattern]:
    """The patterns to learn, those that pay most first; at most ``n_patterns``."""
    from procgen_sim.levels.tropes.apart_kernel import apart

    bits = code.bits(sheet).ravel()
    shapes = sheet.shapes
    length = sheet.tiles.shape[1]
    candidates = list(_candidates(sheet, code, background))
    # What a candidate pays falls as others take its places: it is worked out again when its turn
    # comes, and chosen if it still pays more than the next is thought to.
    queue = [(-candidate.bound, i, -1) for i, candidate in enumerate(candidates)]
    heapq.heapify(queue)
    free = np.ones(sheet.tiles.size, np.bool_)
    chosen: list[Pattern] = []
    while queue and len(chosen) < n_patterns:
        _, i, as_of = heapq.heappop(queue)
        tiles, spelling_bits, found, _ = candidates[i]
        cells = _cells(tiles.shape, length)
        places: Where = apart(found.astype(np.int64), cells, free)
        covered = places[:, None] + cells
        cost = bits[covered]
        if as_of == len(chosen):
            free[covered] = False
            chosen.append(Pattern(tiles, cost.mean(axis=0).reshape(tiles.shape), spelling_bits))
            continue
        n_places = places_for(tiles.shape, shapes)
        saved = saved_bits(cost.sum(axis=1), n_places, spelling_bits)
        if len(places) > 1 and saved >= MIN_SAVED_BITS:
            heapq.heappush(queue, (-saved, i, len(chosen)))
    return chosen


def occurrences(
    sheet: Sheet, tiles: Tiles, rarity: Where, free: Mask
) -> tuple[Where, Where, Where]:
    """Where a pattern is found on free tiles, in the order met, none over another; and where it
    is at all.

    Parameters
    ----------
    sheet
        The levels.
    tiles
        ``(along, across)`` the pattern.
    rarity
        ``(n_tiles,)`` the rank of each tile, the rarest 0: the order in which they are compared.
    free
        ``(lines · line_length,)`` True where nothing has been found yet.

    Returns
    -------
    ``(n,)`` flat positions of its first tile, and ``(along · across,)`` those of its tiles from
    there; and ``(m,)`` flat positions of all, over one another and over other patterns.
    """
    from procgen_sim.levels.tropes.apart_kernel import apart

    along, across = tiles.shape
    n_lines, length = sheet.tiles.shape
    cells = _cells((along, across), length)
    if n_lines < along or length < across:
        return np.empty(0, np.int64), cells, np.empty(0, np.int64)
    order = np.argsort(rarity[tiles.ravel()], kind="stable")
    i, j = divmod(int(order[0]), across)
    window = sheet.tiles[i : n_lines - along + 1 + i, j : length - across + 1 + j]
    lines, columns = np.nonzero(window == tiles[i, j])
    for cell in order[1:]:
        i, j = divmod(int(cell), across)
        same = sheet.tiles[lines + i, columns + j] == tiles[i, j]
        lines, columns = lines[same], columns[same]
    inside = sheet.level[lines] == sheet.level[lines + along - 1]
    everywhere = lines[inside] * length + columns[inside]
    places: Where = apart(everywhere, cells, free)
    return places, cells, everywhere


def _cells(shape: tuple[int, ...], length: int) -> Where:
    cells: Where = (np.arange(shape[0])[:, None] * length + np.arange(shape[1])).ravel()
    return cells


def _candidates(sheet: Sheet, code: BaseCode, background: int) -> Iterator[_Candidate]:
    """Every rectangle that returns and might pay; the bound is as if none lay over another."""
    n_lines, length = sheet.tiles.shape
    shapes, n_tiles = sheet.shapes, int(sheet.real.sum())
    seen = sheet.real & (sheet.tiles != background)
    bits = _integral(code.bits(sheet))
    spelling = _integral(np.append(code.tile_bits, 0.0)[sheet.tiles])
    padding = _integral((~sheet.real).astype(np.float64))
    names = _scrambled(sheet.n_tiles + 1)[sheet.tiles]
    max_along, max_across = min(MAX_ALONG, n_lines), min(MAX_ACROSS, length)
    size_bits = log2(max_along * max_across)
    sides = [_any(seen, along, axis=0) for along in range(1, max_along + 1)]
    strip = np.zeros_like(names)
    for across in range(1, max_across + 1):
        width = length - across + 1
        strip = strip[:, :width] * _HASH_ACROSS + names[:, across - 1 :]
        ends = _any(seen, across, axis=1)
        block = np.zeros_like(strip)
        for along in range(1, max_along + 1):
            height = n_lines - along + 1
            block = block[:height] * _HASH_ALONG + strip[along - 1 :]
            if along == across == 1:  # a tile is no pattern of tiles
                continue
            side = sides[along - 1]
            good = (
                ends[:height]
                & ends[along - 1 :]
                & side[:, :width]
                & side[:, across - 1 :]
                & (sheet.level[:height] == sheet.level[along - 1 :])[:, None]
            )
            cost = _window(bits, along, across)
            # Fewer bits than its address, were it everywhere: it can never pay.
            n_places = places_for((along, across), shapes)
            good &= cost > log2(max(e * n_places * along * across / n_tiles, 1.0))
            good &= _window(padding, along, across) == 0
            lines, columns = np.nonzero(good)
            spelled = _window(spelling, along, across)[lines, columns] + size_bits
            room = _MAX_CELLS // (along * across)
            for members, bound in _best(
                block[lines, columns], cost[lines, columns], spelled, n_places
            ):
                first = members[0]
                line, column = lines[first], columns[first]
                tiles = sheet.tiles[line : line + along, column : column + across]
                places = lines[members[:room]] * length + columns[members[:room]]
                yield _Candidate(tiles, float(spelled[first]), places.astype(np.int32), bound)
                room -= len(members)
                if room <= 0:
                    break


def _best(names: Names, bits: Bits, spelling: Bits, n_places: int) -> Iterator[tuple[Where, float]]:
    """Windows of the same content, where that might pay: which, and how much; most first."""
    if len(names) < 2:
        return
    order = np.argsort(names, kind="stable")
    ordered = names[order]
    starts = np.flatnonzero(np.append(True, ordered[1:] != ordered[:-1]))
    counts = np.diff(np.append(starts, len(order)))
    first = order[starts]
    saved = np.add.reduceat(bits[order], starts) - spelling[first]
    saved -= counts * np.log2(e * n_places / counts)
    pays = np.flatnonzero((counts > 1) & (saved >= MIN_SAVED_BITS))
    for group in pays[np.lexsort((first[pays], -saved[pays]))][:_MAX_SAME_SIZE]:
        yield order[starts[group] : starts[group] + counts[group]], float(saved[group])


def _scrambled(n: int) -> Names:
    """``(n,)`` numbers that look random: the finaliser of SplitMix64 [Steele2014]_."""
    x = np.arange(1, n + 1, dtype=np.uint64) * np.uint64(0x9E3779B97F4A7C15)
    x = (x ^ (x >> np.uint64(30))) * np.uint64(0xBF58476D1CE4E5B9)
    x = (x ^ (x >> np.uint64(27))) * np.uint64(0x94D049BB133111EB)
    return x ^ (x >> np.uint64(31))


def _integral(values: Bits) -> Bits:
    sums = np.zeros((values.shape[0] + 1, values.shape[1] + 1))
    sums[1:, 1:] = values.cumsum(axis=0).cumsum(axis=1)
    return sums


def _window(sums: Bits, along: int, across: int) -> Bits:
    """The sum over each ``along`` × ``across`` window, by its first tile."""
    bands = sums[along:] - sums[:-along]
    total: Bits = bands[:, across:] - bands[:, :-across]
    return total


def _any(seen: Mask, n: int, *, axis: int) -> Mask:
    """Whether any of the ``n`` tiles from here on, along ``axis``, is seen."""
    counts = np.insert(np.cumsum(seen, axis=axis, dtype=np.int64), 0, 0, axis=axis)
    size = seen.shape[axis]
    here = np.take(counts, range(size - n + 1), axis=axis)
    ahead = np.take(counts, range(n, size + 1), axis=axis)
    return np.greater(ahead, here)
