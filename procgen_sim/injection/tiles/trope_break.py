"""``trope_break``: where the audience is surest what comes, something familiar comes that does not.

An ordinary level is taken apart where those who play know best how it goes on. In place of each
such stretch comes another one of the same length, cut from what was shown, as it was or back to
front: of a few the one that they would expect there least, among those that leave the level
playable. Every line is one they have seen; it is not where they wait for it. Stretch after stretch
is moved, then shorter ones, and the first level that is off the model is the mildest.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from typing import Final

import numpy as np

from procgen_sim.injection.tiles.outside import TileOutside, ordinary
from procgen_sim.levels.body import Lines

__all__ = ["trope_break"]

_STRETCHES: Final = (4, 2, 1)
"""Lengths in lines, one after the other: long enough to be recognised, then as short as it takes
to leave a model that knows what was shown by heart."""

_N_CUTS: Final = 8
"""Stretches tried for each place, every other one back to front."""


def trope_break(
    outside: TileOutside, shown: Sequence[Lines], *, rng: np.random.Generator
) -> Iterator[Lines]:
    """A level with more and more of its most predictable stretches exchanged."""
    audience = outside.audience or outside.model
    level = ordinary(outside, rng=rng)
    playable = outside.playable(level)
    for length in _STRETCHES:
        stretch = min(length, outside.n_lines)
        sources = [
            lines
            for lines in shown
            if lines.shape[1] == outside.line_length and len(lines) >= stretch
        ] or [ordinary(outside, rng=rng)]
        for start in _surest_first(audience.bits(level), stretch):
            best, most = None, -1.0
            for cut in range(_N_CUTS):
                source = sources[int(rng.integers(len(sources)))]
                at = int(rng.integers(len(source) - stretch + 1))
                piece = source[at : at + stretch]
                changed = level.copy()
                changed[start : start + stretch] = piece[::-1] if cut % 2 else piece
                if playable and not outside.playable(changed):
                    continue
                bits = float(audience.bits(changed).sum())
                if bits > most:
                    best, most = changed, bits
            if best is not None:
                level = best
                yield level


def _surest_first(line_bits: np.ndarray, stretch: int) -> list[int]:
    """Where stretches begin that do not overlap, those that cost least first.

    The first stretch, where players begin, stays as it is.
    """
    starts = np.arange(stretch, len(line_bits) - stretch + 1, stretch)
    if not len(starts):
        starts = np.zeros(1, np.int64)
    cost = [line_bits[start : start + stretch].sum() for start in starts]
    return [int(start) for start in starts[np.argsort(cost, kind="stable")]]
