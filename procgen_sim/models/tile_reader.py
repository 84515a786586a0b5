"""A level met tile by tile, with a tile model's knowledge: for coders and forecasts."""

from __future__ import annotations

import math

import numpy as np

from procgen_sim._checks import check_int
from procgen_sim.models.tile import Floats, Lines, TileModel, _copied, _fresh_work, _tables

__all__ = ["LevelReader"]


class LevelReader:
    """Meets a level tile by tile, with a model's knowledge; made by :meth:`TileModel.reader`.

    The model asks first whether a line repeats the last one. Before that is known, the next tile's
    distribution is the mixture of both cases, weighted by what they gave the line so far; which was
    the case is learned at the end of the line.
    """

    def __init__(self, model: TileModel, line_length: int) -> None:
        from procgen_sim.models.tile_kernel import start_level

        self._n_tiles = model.n_tiles
        self._memory = _copied(model._memory)
        self._before_line = _copied(model._memory)
        self._work = _fresh_work(line_length)
        self._lines = np.zeros((16, line_length), dtype=np.uint8)
        self._line, self._tile = 0, 0
        self._p_same, self._p_new = 0.0, 1.0
        start_level(model.n_seen, self._work)
        self._start_line()

    def distribution(self) -> Floats:
        """``(n_tiles,)`` probability of every value of the next tile."""
        from procgen_sim.models.tile_kernel import tile_distribution

        out = np.zeros(self._n_tiles)
        if self._p_new > 0.0:
            tile_distribution(*self._place(), _tables(), self._memory, self._work, out)
        if self._p_same == 0.0:
            return out
        share = self._p_same / (self._p_same + self._p_new)
        out *= 1.0 - share
        out[self._lines[self._line - 1, self._tile]] += share
        return out

    def meet(self, tile: int) -> float:
        """Learn the next tile; returns the bits it cost."""
        from procgen_sim.models.tile_kernel import learn_tile

        check_int("tile", tile, low=0, high=self._n_tiles - 1)
        self._lines[self._line, self._tile] = tile
        before = self._p_same + self._p_new
        if self._p_same > 0.0 and tile != self._lines[self._line - 1, self._tile]:
            self._p_same = 0.0
        if self._p_same > 0.0 and self._tile == self._lines.shape[1] - 1:
            self._p_new = 0.0  # nothing changed up to the end
        else:
            bits = learn_tile(*self._place(), _tables(), self._memory, self._work)
            self._p_new = max(self._p_new * 2.0**-bits, 1e-300)
        after = self._p_same + self._p_new
        cost = -math.log2(after / before)
        self._p_same, self._p_new = self._p_same / after, self._p_new / after
        self._tile += 1
        if self._tile == self._lines.shape[1]:
            self._end_line()
        return cost

    def _place(self) -> tuple[Lines, int, int, int]:
        return self._lines, self._line, self._tile, self._n_tiles

    def _start_line(self) -> None:
        from procgen_sim.models.tile_kernel import learn_repeat, start_line

        start_line(self._lines, self._line, self._work)
        self._p_same, self._p_new = 0.0, 1.0
        if self._line > 0 and self._n_tiles > 1:
            for name, array in self._memory._asdict().items():
                np.copyto(getattr(self._before_line, name), array)
            self._p_new = learn_repeat(
                0, self._lines, self._line, _tables(), self._memory, self._work
            )
            self._p_same = 1.0 - self._p_new

    def _end_line(self) -> None:
        from procgen_sim.models.tile_kernel import learn_repeat

        if self._p_same > 0.0:  # what was learned about a changed line never happened
            self._memory, self._before_line = self._before_line, self._memory
            learn_repeat(1, self._lines, self._line, _tables(), self._memory, self._work)
        self._line, self._tile = self._line + 1, 0
        if self._line == len(self._lines):
            self._lines = np.concatenate([self._lines, np.zeros_like(self._lines)])
        self._start_line()
