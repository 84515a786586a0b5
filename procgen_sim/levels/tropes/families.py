"""Which patterns a person would call the same.

Rows and columns that only repeat their neighbour are left out first: a pipe is a pipe whatever its
height, a gap a gap whatever its width. Then two patterns are of one family if, laid over each other
where they fit best, they agree on most of what is not foreseen in the larger one: a tile counts by
the bits it costs at that place of the pattern, so the ground beneath a thing hardly counts.
"""

from __future__ import annotations

from collections.abc import Sequence
from typing import Final

import numpy as np

from procgen_sim.levels.tropes.base_code import Bits, Tiles

__all__ = ["SAME_SHARE", "agreement", "families", "shape_of"]

SAME_SHARE: Final = 0.65
"""From here on two patterns are one: an assumption, set by looking at the pictures; there is no
published threshold for what people call one motif."""


def families(patterns: Sequence[tuple[Tiles, Bits]]) -> list[list[int]]:
    """Positions of patterns that belong together, each like the first of its family.

    Parameters
    ----------
    patterns
        Of each, ``(along, across)`` codes and what each costs there in bits.
    """
    found: list[list[int]] = []
    shapes = [shape_of(tiles, bits) for tiles, bits in patterns]
    for i, shape in enumerate(shapes):
        for family in found:
            if agreement(*shape, *shapes[family[0]]) >= SAME_SHARE:
                family.append(i)
                break
        else:
            found.append([i])
    return found


def shape_of(tiles: Tiles, bits: Bits) -> tuple[Tiles, Bits]:
    """The pattern, and its bits, without rows and columns that are like the one before.

    Examples
    --------
    >>> gap = np.array([[1, 0, 0, 1], [1, 0, 0, 1], [1, 2, 2, 1]], np.uint8)
    >>> shape_of(gap, np.ones((3, 4)))[0].tolist()
    [[1, 0, 1], [1, 2, 1]]
    """
    rows = np.append(True, (tiles[1:] != tiles[:-1]).any(axis=1))
    columns = np.append(True, (tiles[:, 1:] != tiles[:, :-1]).any(axis=0))
    return tiles[rows][:, columns], bits[rows][:, columns]


def agreement(a: Tiles, bits_a: Bits, b: Tiles, bits_b: Bits) -> float:
    """Share in [0, 1] of the costlier pattern's bits on which both agree where they fit best.

    Examples
    --------
    >>> pipe, on_ground = np.array([[2], [2]], np.uint8), np.array([[2], [2], [1]], np.uint8)
    >>> agreement(pipe, np.ones((2, 1)), on_ground, np.ones((3, 1)))  # two bits of three
    0.6666666666666666
    """
    if a.shape == b.shape and (a == b).all():
        return 1.0
    total = max(float(bits_a.sum()), float(bits_b.sum()))
    cells_a, cells_b = np.nonzero(a.ravel()[:, None] == b.ravel())
    if not len(cells_a) or not total:
        return 0.0
    # Each pair of equal tiles votes, with its bits, for the shift that lays one on the other.
    shift = np.array(np.divmod(cells_a, a.shape[1])) - np.array(np.divmod(cells_b, b.shape[1]))
    shift += np.array(b.shape)[:, None]
    votes = np.bincount(
        shift[0] * (a.shape[1] + b.shape[1]) + shift[1],
        np.minimum(bits_a.ravel()[cells_a], bits_b.ravel()[cells_b]),
    )
    return float(votes.max()) / total
