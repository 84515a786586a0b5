"""Is there a way from start to goal? A tile-level screen by the jump rules of :mod:`.jumps`.

It is *sound*: a level it calls playable has a path by rules that the exact physics can follow. It
is not complete: a level it refuses may still be playable by a cleverer player, and it knows
nothing of enemies, moving platforms or time.
"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
import numpy.typing as npt

from procgen_sim.levels import Affordance, Flags, Level

__all__ = ["Reach", "reach", "start_cell"]


@dataclass(frozen=True, kw_only=True)
class Reach:
    """What the screen found.

    Attributes
    ----------
    playable
        True if the goal is reached (without a goal tile: the last column).
    reason
        One clause for people: why, or how far.
    furthest_column
        The right-most column stood on, from 0; −1 when there is nowhere to stand.
    cells
        ``(rows, columns)`` uint8: 0 not reached, 1 passed in the air, 2 stood on.
    """

    playable: bool
    reason: str
    furthest_column: int
    cells: npt.NDArray[np.uint8]


def reach(level: Level) -> Reach:
    """Flood a level by the jump rules.

    Examples
    --------
    >>> from procgen_sim.levels import Tileset
    >>> tiles = Tileset({"-": ("empty",), "X": ("solid",)})
    >>> sky = ["-" * 12] * 6
    >>> reach(Level.from_rows([*sky, "XXX-----XXXX"], tiles)).playable
    True
    >>> reach(Level.from_rows([*sky, "XXX------XXX"], tiles)).reason
    'stops at column 3 of 12'
    """
    from procgen_sim.platformer.reachability_kernel import flood

    flags = level.flags
    start = start_cell(flags)
    if start is None:
        return Reach(
            playable=False,
            reason="there is nowhere to stand",
            furthest_column=-1,
            cells=np.zeros(level.grid.shape, np.uint8),
        )
    cells = flood(flags, *start)
    goal = (flags & np.uint16(Affordance.GOAL)) != 0
    stood = np.flatnonzero((cells == 2).any(axis=0))
    furthest = int(stood[-1]) if len(stood) else -1
    arrived = bool(cells[goal].any()) if goal.any() else furthest == level.n_columns - 1
    if arrived:
        reason = "the goal is reached" if goal.any() else "the last column is reached"
    else:
        reason = f"stops at column {furthest + 1} of {level.n_columns}"
    return Reach(playable=arrived, reason=reason, furthest_column=furthest, cells=cells)


def start_cell(flags: Flags) -> tuple[int, int] | None:
    """``(row, col)`` where a player begins: the start tile, else the lowest place to stand in the
    left-most column that has one, else None."""
    starts = np.argwhere(flags & np.uint16(Affordance.START))
    if len(starts):
        return int(starts[0, 0]), int(starts[0, 1])
    blocked = flags & np.uint16(Affordance.SOLID | Affordance.HAZARD)
    carries = flags & np.uint16(Affordance.SOLID | Affordance.ONE_WAY | Affordance.CLIMBABLE)
    standing = (blocked[:-1] == 0) & (carries[1:] != 0)
    columns = np.flatnonzero(standing.any(axis=0))
    if not len(columns):
        return None
    col = int(columns[0])
    return int(np.flatnonzero(standing[:, col])[-1]), col
