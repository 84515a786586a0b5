"""The builder: from a design vector to a playable level that measures like it.

A level is built in three passes, each exact in what it owns: a *track* of gaps, spikes and
enemies whose spacings have the wanted rhythm; *ground* whose steps sum to the wanted roughness
and are slid sideways until the mean height fits; and *furnishing* by count: ceiling, platforms
held to their mean height by a running sum, coins, decoration. Then the level is measured,
screened by the jump rules and, if asked for, proven: a replay reaches the goal. Everything random
comes from one stream, so the same vector and the same stream give the same bytes, and different
streams give different levels that measure alike.

A vector nothing can satisfy is *repaired* first: clipped to what the builder can make at all,
which is wider than the natural ranges; a rate and the mean size of what it counts are both zero
or neither; too many challenges for the columns thin out together; rough ground is neither lowest
nor highest; platforms fit between ground and ceiling; gaps wider than a jump need enough
platforms, which are hung in them to land on; a rhythm needs three onsets and room.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from functools import cache
from typing import Final

import numpy as np
import numpy.typing as npt

from procgen_sim._checks import InputError, check_int
from procgen_sim.levels import Level, Tileset, house_tileset
from procgen_sim.levels.design import N_PARAMETERS, PARAMETERS

__all__ = ["Builder", "Built", "BuiltBatch"]

Vector = npt.NDArray[np.float64]

MIN_COLUMNS: Final = 16
MIN_ROWS: Final = 12
MAX_ROWS: Final = 24
MAX_RUN_UP: Final = 6
SIMPLIFY: Final = (0, 0, 1, 1, 2, 3)
"""How much each attempt simplifies: 1 all platforms are planks, which stop no jump; 2 no gap ends
higher or lower than it began; 3 all ground is flat, which no jump rule can refuse."""


@dataclass(frozen=True, kw_only=True, eq=False)
class Built:
    """One built level and what became of the wish.

    Attributes
    ----------
    level
        The level, on the house tileset.
    vector_requested
        ``(11,)`` the vector asked for.
    vector_repaired
        ``(11,)`` the nearest buildable one; equal to it when it was buildable.
    measured
        ``(11,)`` what the level measures. The three vectors are read-only.
    repair_distance
        Euclidean distance from requested to repaired, in natural ranges.
    playable
        The goal is reached: by a replay if the builder proves, else by the jump rules.
    proven
        A replay reaches the goal. False if nobody looked for one.
    attempts
        Levels drawn until one was playable, 1 or more.
    """

    level: Level
    vector_requested: Vector
    vector_repaired: Vector
    measured: Vector
    repair_distance: float
    playable: bool
    proven: bool
    attempts: int

    @property
    def grid(self) -> npt.NDArray[np.uint8]:
        """``(rows, columns)`` the level's tile codes."""
        return self.level.grid


@dataclass(frozen=True, kw_only=True, eq=False)
class BuiltBatch:
    """Many built levels, as arrays with the level first; the fields of :class:`Built`.

    Attributes
    ----------
    grids
        ``(n, rows, columns)`` uint8 codes of the house tileset.
    measured, repaired
        ``(n, 11)``.
    repair_distance
        ``(n,)`` in natural ranges.
    playable, proven
        ``(n,)`` bool.
    attempts
        ``(n,)`` int64.
    """

    grids: npt.NDArray[np.uint8]
    measured: Vector
    repaired: Vector
    repair_distance: npt.NDArray[np.float64]
    playable: npt.NDArray[np.bool_]
    proven: npt.NDArray[np.bool_]
    attempts: npt.NDArray[np.int64]


@cache
def _house() -> tuple[Tileset, npt.NDArray[np.uint8]]:
    from procgen_sim.generators.furnish_kernel import CHARACTERS

    tileset = house_tileset()
    return tileset, np.array([tileset.codes[c] for c in CHARACTERS], np.uint8)


class Builder:
    """Builds levels of one size.

    Parameters
    ----------
    n_columns
        16 or more.
    n_rows
        12 to 24.
    proof
        Deliver only levels proven by a replay, as far as the attempts go; costs about a
        millisecond a level. Otherwise they are screened.

    Examples
    --------
    >>> import numpy as np
    >>> vector = [3, 2.5, 2, 0.3, 8, 4, 6, 2, 10, 0, 0.6]
    >>> built = Builder(80).build(vector, rng=np.random.default_rng(1))
    >>> built.level.n_columns, built.playable, built.repair_distance
    (80, True, 0.0)
    """

    def __init__(self, n_columns: int = 120, n_rows: int = 16, *, proof: bool = False) -> None:
        self.n_columns: Final = check_int("builder columns", n_columns, low=MIN_COLUMNS)
        self.n_rows: Final = check_int("builder rows", n_rows, low=MIN_ROWS, high=MAX_ROWS)
        self.proof: Final = proof
        self.run_up: Final = min(MAX_RUN_UP, max(3, n_columns // 10))
        self._scale = np.array([p.high - p.low for p in PARAMETERS])

    def without_proof(self) -> Builder:
        """The same, but levels are screened only."""
        return Builder(self.n_columns, self.n_rows)

    def repair(self, vector: npt.ArrayLike) -> tuple[Vector, float]:
        """The buildable vector near ``vector``, and how far it is in natural ranges.

        Raises
        ------
        InputError
            If the vector has not 11 entries, or one is not a finite number.
        """
        repaired, distance = self.repair_many(np.asarray(vector, dtype=np.float64)[np.newaxis])
        return repaired[0], float(distance[0])

    def repair_many(self, vectors: npt.ArrayLike) -> tuple[Vector, npt.NDArray[np.float64]]:
        """:meth:`repair` of each row: ``(n, 11)`` vectors to ``(n, 11)`` and ``(n,)``.

        Raises
        ------
        InputError
            If a vector has not 11 entries, or one is not a finite number.
        """
        from procgen_sim.generators.repair_kernel import repair_vectors

        asked = np.ascontiguousarray(vectors, dtype=np.float64)
        if asked.shape[1:] != (N_PARAMETERS,):
            raise InputError(
                "design vector",
                expected=f"{N_PARAMETERS} numbers",
                found=f"shape {asked.shape[1:]}",
            )
        finite = np.isfinite(asked)
        if not finite.all():
            i, k = (int(place) for place in np.argwhere(~finite)[0])
            which = "design vector" if len(asked) == 1 else f"design vector, row {i}"
            raise InputError(
                f"{which}, {PARAMETERS[k].name}",
                expected="a finite number",
                found=str(asked[i, k]),
            )
        repaired = repair_vectors(asked, self._scale, self.n_rows, self.n_columns, self.run_up)
        return repaired, np.sqrt((((repaired - asked) / self._scale) ** 2).sum(axis=1))

    def build(self, vector: npt.ArrayLike, *, rng: np.random.Generator) -> Built:
        """Build one level.

        Parameters
        ----------
        vector
            ``(11,)`` the design vector asked for, within natural ranges or not.
        rng
            The level's own stream.

        Raises
        ------
        InputError
            If the vector has not 11 entries, or one is not a finite number.
        """
        asked = np.array(vector, dtype=np.float64)
        repaired, distance = self.repair(asked)
        grid, measured, playable, attempts = self._build(repaired, rng)
        for array in (asked, repaired, measured):
            array.flags.writeable = False
        return Built(
            level=Level(grid, _house()[0]),
            vector_requested=asked,
            vector_repaired=repaired,
            measured=measured,
            repair_distance=distance,
            playable=playable,
            proven=playable and self.proof,
            attempts=attempts,
        )

    def build_many(self, vectors: npt.ArrayLike, rngs: Sequence[np.random.Generator]) -> BuiltBatch:
        """Build one level for each row of ``vectors`` ``(n, 11)``, each from its own stream.

        Raises
        ------
        InputError
            If there are not as many streams as vectors, a vector has not 11 entries, or one is
            not a finite number.
        """
        asked = np.asarray(vectors, dtype=np.float64)
        n = len(asked)
        if len(rngs) != n:
            raise InputError("build_many", expected=f"{n} random streams", found=str(len(rngs)))
        grids = np.empty((n, self.n_rows, self.n_columns), np.uint8)
        repaired, distance = self.repair_many(asked)
        measured, playable = np.empty((n, N_PARAMETERS)), np.empty(n, np.bool_)
        attempts = np.empty(n, np.int64)
        for i in range(n):
            grids[i], measured[i], playable[i], attempts[i] = self._build(repaired[i], rngs[i])
        return BuiltBatch(
            grids=grids,
            measured=measured,
            repaired=repaired,
            repair_distance=distance,
            playable=playable,
            proven=playable & self.proof,
            attempts=attempts,
        )

    def _build(
        self, repaired: Vector, rng: np.random.Generator
    ) -> tuple[npt.NDArray[np.uint8], Vector, bool, int]:
        from procgen_sim.generators.adorn_kernel import adorn
        from procgen_sim.generators.furnish_kernel import furnish
        from procgen_sim.generators.ground_kernel import raise_ground
        from procgen_sim.generators.track_kernel import lay_track
        from procgen_sim.levels.design_kernel import design_parameters
        from procgen_sim.platformer import prove
        from procgen_sim.platformer.reachability_kernel import flood

        tileset, codes = _house()
        goal_column = self.n_columns - 3
        attempts = 0
        for simplify in SIMPLIFY:
            attempts += 1
            track = lay_track(repaired, self.n_columns, self.run_up, rng)
            ground = raise_ground(repaired, track, self.n_rows, self.run_up, simplify, rng)
            grid, n_coins = furnish(repaired, track, ground, self.n_rows, simplify, rng)
            adorn(grid, track, ground, n_coins, codes, rng)
            flags = tileset.flags[grid]
            reached = flood(flags, self.n_rows - 1 - int(ground[1]), 1)
            playable = bool(reached[self.n_rows - 1 - int(ground[goal_column]), goal_column])
            if playable and self.proof:
                playable = prove(Level(grid, tileset)) is not None
            if playable:
                break
        return grid, design_parameters(flags), playable, attempts
