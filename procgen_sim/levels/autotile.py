"""Which picture shows which tile of a level: by its neighbours and its place.

Everything follows from the level alone, so the same level is always the same picture.
"""

from __future__ import annotations

import numpy as np
import numpy.typing as npt

from procgen_sim.levels.art import SIDES, Art, picture_keys, with_sides
from procgen_sim.levels.level import Level
from procgen_sim.levels.tileset import Affordance

__all__ = ["picture_layers"]

Indices = npt.NDArray[np.intp]


def picture_layers(level: Level, art: Art) -> tuple[Indices, Indices]:
    """The pictures behind and in front.

    Returns
    -------
    behind, front
        ``(rows, columns)`` indices of ``art.pictures``, 0 for nothing. Behind are the background
        tiles that go on behind a thing standing between them.
    """
    keys = picture_keys(art, level.tileset)
    n_masks = 2 ** len(SIDES)
    starts = np.zeros((len(keys), n_masks), dtype=np.intp)
    counts = np.ones((len(keys), n_masks), dtype=np.intp)
    for code, key in enumerate(keys):
        if key is not None:
            for mask in range(n_masks):
                variants = art.variants[with_sides(art.variants, key, mask)]
                starts[code, mask], counts[code, mask] = variants[0], len(variants)
    dice = _dice(level.grid.shape)
    masks = _open_sides(level, art, keys)
    front: Indices = starts[level.grid, masks] + dice % counts[level.grid, masks]
    behind = _behind(level, art, keys, starts[:, 0], front)
    _decorate(front, level, art, keys, masks, dice)
    return behind, front


def _open_sides(level: Level, art: Art, keys: list[str | None]) -> Indices:
    """``(rows, columns)`` bits of :data:`SIDES` where a tile's mass ends.

    What lies outside the level continues it.
    """
    joined = np.eye(len(keys), dtype=np.bool_)
    under = np.zeros(len(keys), dtype=np.bool_)
    for code, key in enumerate(keys):
        mates = art.connect.get(key or "", ())
        joined[code] |= [other in mates for other in keys]
        under[code] = key in art.no_top_under
    padded = np.pad(level.grid, 1, mode="edge")
    neighbours = (padded[:-2, 1:-1], padded[2:, 1:-1], padded[1:-1, :-2], padded[1:-1, 2:])
    masks = np.zeros(level.grid.shape, dtype=np.intp)
    for bit, neighbour in enumerate(neighbours):
        is_open = ~joined[level.grid, neighbour]
        if SIDES[bit] == "top":
            is_open &= ~(under[neighbour] & level.mask(Affordance.SOLID))
        masks |= is_open.astype(np.intp) << bit
    return masks


def _behind(
    level: Level, art: Art, keys: list[str | None], pictures: Indices, front: Indices
) -> Indices:
    behind = np.zeros(front.shape, dtype=np.intp)
    for name in reversed(art.underlay):  # the first named wins, so it is put down last
        if name not in keys:
            continue
        code = keys.index(name)
        is_it = np.pad(level.grid == code, 1)
        if name == "|":  # a post goes on upwards and downwards, a panel to the sides
            between = is_it[:-2, 1:-1] & is_it[2:, 1:-1]
        else:
            between = is_it[1:-1, :-2] | is_it[1:-1, 2:]
        backgrounds = np.array([key in art.underlay for key in keys])[level.grid]
        thing = (front > 0) & ~level.mask(Affordance.SOLID) & ~backgrounds
        behind[between & thing] = pictures[code]
    return behind


def _decorate(
    front: Indices,
    level: Level,
    art: Art,
    keys: list[str | None],
    masks: Indices,
    dice: Indices,
) -> None:
    """Put a tuft or a stone on some empty tiles above open ground, in place."""
    ornaments = art.variants.get("deco")
    if not ornaments:
        return
    ground = np.array([key == art.deco_on for key in keys])[level.grid] & (masks & 1 != 0)
    empty = level.mask(Affordance.EMPTY) & ~level.mask(Affordance.START | Affordance.GOAL)
    chosen = np.zeros(front.shape, dtype=np.bool_)
    chosen[:-1] = (empty[:-1] & ground[1:]) & (dice[:-1] // 8 % 1000 < 1000 * art.deco_rate)
    front[chosen] = ornaments[0] + dice[chosen] % len(ornaments)


def _dice(shape: tuple[int, ...]) -> Indices:
    """``shape`` numbers that look random and follow from the place alone."""
    rows, columns = np.indices(shape, dtype=np.uint32)
    mixed = rows * np.uint32(0x9E3779B1) ^ columns * np.uint32(0x85EBCA77)
    mixed ^= mixed >> np.uint32(15)
    mixed *= np.uint32(0x2C1B3C6D)
    mixed ^= mixed >> np.uint32(13)
    dice: Indices = (mixed >> np.uint32(4)).astype(np.intp)
    return dice
