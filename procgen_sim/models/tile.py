"""A model of levels, tile by tile, that learns as it goes: the pattern observer.

A level is met line after line (a column of a side-scroller, a row of a tower), a line tile after
tile. Before each tile the model gives a probability to every value, from what it has seen of this
level and of earlier ones; then it learns the tile. A level costs

    bits(L) = −Σ log2 P(tile | everything before it),

its surprise ([Shannon1948]_), and no code can beat that by knowing the model. Predictions of many
contexts are mixed as in the PAQ family of compressors ([Mahoney2005]_); the mathematics is in
:mod:`.tile_kernel`.
"""

from __future__ import annotations

import math
from functools import cache
from typing import TYPE_CHECKING

import numpy as np
import numpy.typing as npt

from procgen_sim._checks import InputError, check_int, check_number

if TYPE_CHECKING:
    from procgen_sim.models.tile_kernel import Memory, Tables, Work
    from procgen_sim.models.tile_reader import LevelReader

__all__ = ["TileModel"]

Floats = npt.NDArray[np.float64]
Lines = npt.NDArray[np.uint8]

SLOT_BITS = 19
"""log2 of the slots for contexts; a slot takes 8 bytes. Twice as many save ½ % on 200 levels."""
GUESS_BITS = 14
"""log2 of the entries that remember which tile to ask for next."""
COUNT_CLASSES = (0, 1, 2, 3, 4, 6, 9, 14, 22, 40, 80, 160)
"""Counts from which a history counts as one class higher."""
KT = 0.15
"""Added to both counts of a context. ½ is the estimator of Krichevsky and Trofimov; contexts that
have shown one outcome only mostly go on that way in levels, which a smaller number expects."""
FIRST_WEIGHT = 0.03
"""Weight of every input before anything was learned."""
MAP_EVIDENCE = 3.0
"""Outcomes that the first guess of what a history is worth counts for."""


class TileModel:
    """Adaptive probability model of levels.

    Parameters
    ----------
    n_tiles
        Size of the alphabet, 1 to 255; tiles are codes ``0 … n_tiles − 1``.
    half_life_levels
        After so many levels half the weight of what was learned is gone; infinite: never.

    Examples
    --------
    >>> lines = np.array([[0, 0, 1], [0, 0, 1], [0, 1, 1], [0, 0, 1]], np.uint8)
    >>> model = TileModel(2)
    >>> first = model.learn(lines).sum()
    >>> bool(model.bits(lines).sum() < first), model.n_seen
    (True, 1)
    """

    def __init__(self, n_tiles: int, *, half_life_levels: float = math.inf) -> None:
        self.n_tiles = check_int("n_tiles", n_tiles, low=1, high=255)
        if half_life_levels != math.inf:
            check_number("half_life_levels", half_life_levels, low=0.01)
        self.half_life_levels = float(half_life_levels)
        self._memory: Memory = _fresh_memory()
        self._scratch: Memory | None = None

    @property
    def n_seen(self) -> int:
        """Levels learned."""
        return int(self._memory.age[0])

    def copy(self) -> TileModel:
        """A model that knows the same and learns on its own."""
        other = self._bare()
        other._memory = _copied(self._memory)
        return other

    def naive(self) -> TileModel:
        """The same traits, nothing learned."""
        return TileModel(self.n_tiles, half_life_levels=self.half_life_levels)

    def learn(self, lines: Lines) -> Floats:
        """Meet a level and learn it.

        Parameters
        ----------
        lines
            ``(n_lines, line_length)`` tile codes in the order they are met.

        Returns
        -------
        numpy.ndarray
            ``(n_lines,)`` bits that each line cost when it was met, all before it learned.

        Raises
        ------
        InputError
            If the array is not of that shape or has tiles outside the alphabet.
        """
        return np.asarray(self._learn(lines).sum(axis=1))

    def bits(self, lines: Lines) -> Floats:
        """``(n_lines,)`` bits that the level would cost now; the model stays as it is."""
        return np.asarray(self.tile_bits(lines).sum(axis=1))

    def tile_bits(self, lines: Lines) -> Floats:
        """``(n_lines, line_length)`` bits that each tile would cost now."""
        if self._scratch is None:
            self._scratch = _copied(self._memory)
        else:  # pages that are there already: half the time of new ones
            kept, now = self._scratch._asdict(), self._memory._asdict()
            for name, array in now.items():
                np.copyto(kept[name], array)
        return self._met(lines, self._scratch)

    def reader(self, line_length: int) -> LevelReader:
        """Meet a level tile by tile; what is learned on the way does not enter this model."""
        from procgen_sim.models.tile_reader import LevelReader

        return LevelReader(self, check_int("line_length", line_length, low=1))

    def distribution(self, lines: Lines, prefix: npt.ArrayLike = ()) -> Floats:
        """Probability of every value of the next tile.

        Parameters
        ----------
        lines
            ``(n_lines, line_length)`` what has been met of the level so far.
        prefix
            ``(n,)`` what has been met of the line that comes next.

        Returns
        -------
        numpy.ndarray
            ``(n_tiles,)``, all positive, with sum 1.
        """
        lines = self._checked(lines)
        reader = self.reader(lines.shape[1])
        for tile in (*lines.ravel().tolist(), *np.asarray(prefix, dtype=np.int64).tolist()):
            reader.meet(tile)
        return reader.distribution()

    def _bare(self) -> TileModel:
        other = object.__new__(TileModel)
        other.n_tiles, other.half_life_levels = self.n_tiles, self.half_life_levels
        other._scratch = None
        return other

    def _checked(self, lines: Lines) -> Lines:
        lines = np.asarray(lines)
        if lines.dtype.kind not in "ui":
            raise InputError("lines", expected="whole numbers", found=str(lines.dtype))
        if lines.ndim != 2 or lines.shape[1] == 0:
            raise InputError(
                "lines", expected="an array (n_lines, line_length)", found=f"shape {lines.shape}"
            )
        if lines.size and (lines.min() < 0 or lines.max() >= self.n_tiles):
            raise InputError(
                "lines",
                expected=f"tile codes from 0 to {self.n_tiles - 1}",
                found=f"{lines.min()} to {lines.max()}",
            )
        return np.array(lines, dtype=np.uint8, order="C")  # writable: one compiled version

    def _learn(self, lines: Lines) -> Floats:
        """``(n_lines, line_length)`` bits of each tile; then a level's worth is forgotten."""
        from procgen_sim.models.tile_kernel import forget

        bits = self._met(lines, self._memory)
        if not math.isinf(self.half_life_levels):
            forget(self._memory.slots, 0.5 ** (1 / self.half_life_levels), self.n_seen)
        return bits

    def _met(self, lines: Lines, memory: Memory) -> Floats:
        """``(n_lines, line_length)`` bits of each tile to a memory that learns as it goes."""
        from procgen_sim.models.tile_kernel import learn_level

        lines = self._checked(lines)
        bits = np.zeros(lines.shape)
        work = _fresh_work(lines.shape[1])
        learn_level(lines, self.n_tiles, _tables(), memory, work, bits)
        return bits


def _copied(memory: Memory) -> Memory:
    """The same, in arrays of its own."""
    return memory._replace(**{name: array.copy() for name, array in memory._asdict().items()})


@cache
def _tables(kt: float = KT) -> Tables:
    """Constants that kernels look up, made once."""
    from procgen_sim.models import tile_kernel as k

    x = np.arange(int(2 * k.RANGE * k.SQUASH_STEPS) + 2) / k.SQUASH_STEPS - k.RANGE
    counts = np.arange(int(k.LOG_STEPS * k.MAP_LIMIT) + 2 * k.LOG_STEPS) / k.LOG_STEPS
    classes = np.searchsorted(COUNT_CLASSES, np.arange(k.COUNT_LIMIT // 64 + 2), side="right") - 1
    return k.Tables(
        log=np.log(counts + kt),
        squash=1 / (1 + np.exp(-x)),
        level=classes.astype(np.int64),
    )


def _fresh_memory() -> Memory:
    """Nothing learned: a history is worth what its counts say, all inputs weigh the same."""
    from procgen_sim.models import tile_kernel as k

    count = np.array(COUNT_CLASSES, dtype=np.float64)
    zeros, ones = np.meshgrid(count, count, indexing="ij")
    prior = 0.4  # nearly KT: what is learned soon replaces it
    p = np.tile(((ones + prior) / (zeros + ones + 2 * prior)).ravel(), 4)
    worth = (MAP_EVIDENCE * np.stack([1 - p, p], axis=1)).astype(np.float32)
    x = np.linspace(-k.RANGE, k.RANGE, k.STAGE_CELLS)
    return k.Memory(
        slots=np.zeros(1 << SLOT_BITS, dtype=np.int64),
        maps=np.tile(worth, (k.N_CONTEXTS, 1, 1)),
        weights=np.full((2 * k.N_SETS * k.SET_SIZE, k.N_INPUTS), FIRST_WEIGHT),
        last=np.full((8, k.N_SETS), 1 / k.N_SETS),
        stages=np.tile(1 / (1 + np.exp(-x)), k.N_STAGES * k.STAGE_CONTEXTS),
        uses=np.zeros(2 * k.N_SETS * k.SET_SIZE, dtype=np.int64),
        last_uses=np.zeros(8, dtype=np.int64),
        stage_uses=np.zeros(k.N_STAGES * k.STAGE_CONTEXTS * k.STAGE_CELLS, dtype=np.int64),
        guesses=np.zeros(1 << GUESS_BITS, dtype=np.int64),
        age=np.zeros(1, dtype=np.int64),
    )


def _fresh_work(line_length: int) -> Work:
    """Scratch for a level whose lines have this length."""
    from procgen_sim.models import tile_kernel as k

    def ints(n: int) -> npt.NDArray[np.int64]:
        return np.zeros(n, dtype=np.int64)

    return k.Work(
        recent=ints(20),
        since=ints(line_length),
        former_since=ints(line_length),
        earlier_since=ints(line_length),
        former=ints(line_length),
        hashes=ints(k.N_CONTEXTS),
        places=ints(k.N_CONTEXTS),
        cells=ints(k.N_CONTEXTS),
        inputs=np.zeros(k.N_INPUTS),
        chosen=ints(6),
        outputs=np.zeros(k.N_SETS),
        finals=np.zeros(1 + k.N_STAGES),
        stage_cells=ints(k.N_STAGES),
        order=ints(8),
        guess_places=ints(2),
        used=ints(k.N_SETS + 3),
    )
