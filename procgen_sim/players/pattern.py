"""Pattern observers: players who learn what comes after what, tile by tile, many at once.

Each player keeps a tile model (:mod:`procgen_sim.models.tile`) that predicts a level in the order
in which it is met. A level costs ``surprise_bits`` while it is played, what its beginning teaches
about its end included; met once more it would cost ``progress_bits`` less, Schmidhuber's
compression progress [Schmidhuber2010]_.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Sequence
from typing import TYPE_CHECKING

import numpy as np
import numpy.typing as npt

from procgen_sim._checks import InputError, check_choice, check_int
from procgen_sim.levels.body import ORDERS, Lines, Order, as_lines
from procgen_sim.players.assumptions import MEMORY_STEP
from procgen_sim.players.theme import Observation

if TYPE_CHECKING:
    from procgen_sim.models.tile import TileModel

__all__ = ["Grids", "PatternObserver", "memory_kinds"]

Floats = npt.NDArray[np.float64]
Grids = npt.NDArray[np.uint8]
"""``(P, rows, columns)``, one level a player, or ``(rows, columns)``, one level for all."""


def _cost(model: TileModel, lines: Lines) -> float:
    return float(model.bits(lines).sum())


class PatternObserver:
    """P players who learn patterns, starting naive.

    Players who remember alike and have met the same levels know the same, and are worked out once.

    Parameters
    ----------
    n_tiles
        Size of the alphabet: tile codes are below it.
    half_life_levels
        ``(P,)`` or a number: levels after which half of what was learned is gone; infinity forgets
        nothing.
    n_players
        P; needed only when the half-life is a number and P is not 1.
    order
        The order in which tiles are met.

    Attributes
    ----------
    half_life_levels
        ``(P,)``.
    n_seen
        How many levels the players have learned from.

    Raises
    ------
    InputError
        If a trait is out of its range or the shapes disagree.

    Examples
    --------
    >>> player = PatternObserver(3, half_life_levels=np.inf)
    >>> level = np.tile(np.array([0, 0, 1, 2], np.uint8), (6, 10))
    >>> first, second = (player.observe(level).surprise_bits[0] for _ in range(2))
    >>> bool(second < first)
    True
    """

    def __init__(
        self,
        n_tiles: int,
        *,
        half_life_levels: npt.ArrayLike,
        n_players: int = 1,
        order: Order = "columns",
    ) -> None:
        from procgen_sim.models.tile import TileModel

        check_int("n_tiles", n_tiles, low=1, high=256)
        check_int("n_players", n_players, low=1)
        check_choice("order", order, ORDERS)
        given = np.asarray(half_life_levels, np.float64)
        if (given.shape not in ((), (1,)) and n_players not in (1, *given.shape)) or given.ndim > 1:
            raise InputError(
                "half_life_levels",
                expected=f"a number or one value for each of {n_players} players",
                found=f"shape {given.shape}",
            )
        if not (given > 0).all():
            raise InputError(
                "half_life_levels",
                expected="numbers above 0 (infinity is allowed), one per player",
                found=str(given.tolist()),
            )
        n = max(n_players, given.size)
        self.n_tiles, self.n_players, self.order = n_tiles, n, order
        self.half_life_levels = np.array(np.broadcast_to(given.reshape(-1), n))
        self.n_seen = 0
        kinds, which = np.unique(self.half_life_levels, return_inverse=True)
        self._which: npt.NDArray[np.intp] = which.reshape(-1)
        self._models: list[TileModel] = [
            TileModel(n_tiles, half_life_levels=float(kind)) for kind in kinds
        ]

    def surprise_bits(self, levels: Grids, *, who: Sequence[int] | None = None) -> Floats:
        """What a level each, or one for all, would cost now: ``(P,)``; not learned.

        Parameters
        ----------
        levels
            ``(P, rows, columns)`` or ``(rows, columns)`` tile codes.
        who
            Players to ask, all if None; there are as many levels and answers as players then.

        Raises
        ------
        InputError
            If the shape is wrong or a code is not below ``n_tiles``.
        """
        asked = range(self.n_players) if who is None else who
        if not len(asked):
            return np.empty(0)
        lines = self._lines(levels, len(asked))
        return self._each(lines, asked, _cost)

    def observe(self, levels: Grids, siblings: Grids | None = None) -> Observation:
        """Meet and learn a level each, ``(P, rows, columns)``, or one for all; results ``(P,)``.

        Parameters
        ----------
        levels
            What is met.
        siblings
            Another of the kind of each that was not met. Progress is by how many bits learning the
            one made the other cheaper; if None, by how many it made the level itself cheaper,
            which counts whatever is remembered word for word, noise too.

        Raises
        ------
        InputError
            If the shape is wrong or a code is not below ``n_tiles``; nothing is learned then.
        """
        lines = self._lines(levels, self.n_players)
        asked = lines if siblings is None else self._lines(siblings, self.n_players)
        self._part(lines)
        everyone = range(self.n_players)
        before = None if siblings is None else self._each(asked, everyone, _cost)
        surprise = self._each(lines, everyone, lambda model, met: float(model.learn(met).sum()))
        after = self._each(asked, everyone, _cost)
        self.n_seen += 1
        progress = (surprise if before is None else before) - after
        return Observation(surprise_bits=surprise, progress_bits=progress)

    def observe_many(self, levels: Iterable[Grids]) -> Observation:
        """Meet and learn level after level, each as for :meth:`observe`; results ``(P, T)``.

        Raises
        ------
        InputError
            As :meth:`observe`; the levels before the wrong one are learned then.
        """
        seen = [self.observe(level) for level in levels]
        shape = (self.n_players, len(seen))
        surprise, progress = np.empty(shape), np.empty(shape)
        for t, each in enumerate(seen):
            surprise[:, t], progress[:, t] = each.surprise_bits, each.progress_bits
        return Observation(surprise_bits=surprise, progress_bits=progress)

    def learn_many(self, levels: Iterable[Grids]) -> Floats:
        """Meet and learn level after level without asking what each would cost again.

        Returns
        -------
        ``(P, T)`` surprise, which falls out of learning.

        Raises
        ------
        InputError
            As :meth:`observe`; the levels before the wrong one are learned then.
        """
        bits = []
        for level in levels:
            lines = self._lines(level, self.n_players)
            self._part(lines)
            everyone = range(self.n_players)
            bits.append(self._each(lines, everyone, lambda m, met: float(m.learn(met).sum())))
            self.n_seen += 1
        return np.stack(bits, axis=1) if bits else np.empty((self.n_players, 0))

    def copy(self) -> PatternObserver:
        """The same players with the same memories, who from now on live their own lives."""
        twin = self.naive()
        twin._models = [model.copy() for model in self._models]
        twin._which = self._which.copy()
        twin.n_seen = self.n_seen
        return twin

    def naive(self) -> PatternObserver:
        """The same players before they saw anything."""
        return PatternObserver(
            self.n_tiles,
            half_life_levels=self.half_life_levels,
            n_players=self.n_players,
            order=self.order,
        )

    def _each(
        self,
        lines: Sequence[Lines],
        players: Sequence[int],
        ask: Callable[[TileModel, Lines], float],
    ) -> Floats:
        """``ask`` about each player's level; once for those who share both memory and level."""
        shared = len(lines) == 1
        known: dict[int, float] = {}
        answers = np.empty(len(players))
        for i, player in enumerate(players):
            memory = int(self._which[player])
            if shared and memory in known:
                answers[i] = known[memory]
                continue
            answers[i] = ask(self._models[memory], lines[0 if shared else i])
            known[memory] = float(answers[i])
        return answers

    def _part(self, lines: Sequence[Lines]) -> None:
        """Give players who are about to learn different levels a memory of their own."""
        if len(lines) == 1 or len(self._models) == self.n_players:
            return
        self._models = [
            self._models[memory]
            if np.flatnonzero(self._which == memory)[0] == player
            else self._models[memory].copy()
            for player, memory in enumerate(self._which.tolist())
        ]
        self._which = np.arange(self.n_players)

    def _lines(self, levels: Grids, n: int) -> list[Lines]:
        """One level's lines for all, or one each for ``n`` players."""
        grids = np.asarray(levels)
        if grids.ndim == 2:
            grids = grids[None]
        if grids.ndim != 3 or len(grids) not in (1, n) or 0 in grids.shape:
            raise InputError(
                "levels",
                expected=f"tile codes, (rows, columns) or one such grid for each of {n} players",
                found=f"shape {np.shape(levels)}",
            )
        if grids.dtype.kind not in "iu" or grids.min() < 0 or grids.max() >= self.n_tiles:
            raise InputError(
                "levels",
                expected=f"tile codes below {self.n_tiles}",
                found=f"{grids.dtype.name} from {grids.min()} to {grids.max()}",
            )
        return [as_lines(grid.astype(np.uint8, copy=False), self.order) for grid in grids]


def memory_kinds(half_life_levels: npt.ArrayLike) -> Floats:
    """Half-lives rounded to a grid of ratio :data:`~.assumptions.MEMORY_STEP`, any shape.

    A hundred people would need a hundred veterans, each of whom has played hundreds of levels; of
    five kinds of memory there are five. It matters little: where the shipped corpora's generator
    costs a veteran who hardly forgets 598 bits a level, it costs one with a half-life of 64 levels
    600 and one with 16 levels 620.

    Examples
    --------
    >>> memory_kinds([150.0, 210.0, 300.0, np.inf]).tolist()
    [256.0, 256.0, 256.0, inf]
    """
    exact = np.asarray(half_life_levels, np.float64)
    step = np.log2(MEMORY_STEP)
    return np.asarray(2.0 ** (step * np.round(np.log2(exact) / step)))
