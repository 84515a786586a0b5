"""Compiled flood of the jump rules over a grid. Kept in one file: numba's cache is per file."""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np
import numpy.typing as npt

from procgen_sim.compiled import jit

if TYPE_CHECKING:
    from procgen_sim.levels import Flags

# Affordance bits, repeated as plain numbers because a kernel cannot see an enum.
SOLID, ONE_WAY, HAZARD, ENEMY, CLIMBABLE = 1, 2, 4, 8, 64
RISE = 4
ROWS_PER_COLUMN = 2

# Per cell, a set of air states: 0 standing or falling straight (direction still open); then, for
# each direction, 1 falling sideways and one state for every (rows risen, columns used) of a rise.
# A state's bit is 1 + direction * 9 + index; index 0 is the fall, 1 + rise * 2 + used the rise
# with rise = 0..3 rows already risen (a rise of 4 is a fall).


@jit
def _supports(flags: Flags, row: int, col: int, n_rows: int) -> bool:
    """True if someone in this cell stands."""
    if flags[row, col] & CLIMBABLE:
        return True
    if row + 1 >= n_rows:
        return False
    below = flags[row + 1, col]
    return bool(below & (SOLID | ONE_WAY | CLIMBABLE))


@jit
def _free(flags: Flags, row: int, col: int, n_rows: int, n_cols: int) -> bool:
    if row < 0 or row >= n_rows or col < 0 or col >= n_cols:
        return False
    here = flags[row, col]
    if here & SOLID:
        return False
    return bool(not here & HAZARD or here & ENEMY)


@jit
def flood(flags: Flags, start_row: int, start_col: int) -> npt.NDArray[np.uint8]:
    """Everything the jump rules reach.

    Parameters
    ----------
    flags
        ``(rows, columns)`` uint16 affordance bits.
    start_row, start_col
        A free cell.

    Returns
    -------
    ``(rows, columns)`` uint8: 0 not reached, 1 passed through the air, 2 stood on.
    """
    n_rows, n_cols = flags.shape
    seen = np.zeros((n_rows, n_cols), np.uint32)
    reached = np.zeros((n_rows, n_cols), np.uint8)
    queue = np.empty(n_rows * n_cols * 20, np.int32)
    head = 0
    tail = 0
    # One entry packs (cell, state): state 0 is open, 1 + d * 9 + i as described above.
    queue[tail] = (start_row * n_cols + start_col) * 20
    tail += 1
    seen[start_row, start_col] = 1
    while head < tail:
        packed = queue[head]
        head += 1
        state = packed % 20
        cell = packed // 20
        row = cell // n_cols
        col = cell - row * n_cols
        stands = _supports(flags, row, col, n_rows)
        if reached[row, col] == 0:
            reached[row, col] = 1
        rising = state > 0 and (state - 1) % 9 > 0
        # Passing upwards through a one-way platform or past a ladder is not landing.
        if stands and not rising:
            if reached[row, col] != 2:
                reached[row, col] = 2
                for side in range(-1, 2, 2):
                    if _free(flags, row, col + side, n_rows, n_cols):
                        bit = np.uint32(1)
                        if not seen[row, col + side] & bit:
                            seen[row, col + side] |= bit
                            queue[tail] = (row * n_cols + col + side) * 20
                            tail += 1
                for d in range(2):  # take off: a rise of 0 rows in either direction
                    s = 2 + d * 9
                    bit = np.uint32(1) << np.uint32(s)
                    if not seen[row, col] & bit:
                        seen[row, col] |= bit
                        queue[tail] = (row * n_cols + col) * 20 + s
                        tail += 1
                if flags[row, col] & CLIMBABLE and _free(flags, row - 1, col, n_rows, n_cols):
                    bit = np.uint32(1)
                    if not seen[row - 1, col] & bit:
                        seen[row - 1, col] |= bit
                        queue[tail] = ((row - 1) * n_cols + col) * 20
                        tail += 1
                # Down a ladder, or dropping through a one-way platform is *not* assumed.
                if (
                    row + 1 < n_rows
                    and flags[row + 1, col] & CLIMBABLE
                    and _free(flags, row + 1, col, n_rows, n_cols)
                    and not seen[row + 1, col] & np.uint32(1)
                ):
                    seen[row + 1, col] |= np.uint32(1)
                    queue[tail] = ((row + 1) * n_cols + col) * 20
                    tail += 1
            continue
        if rising:
            d = (state - 1) // 9
            index = (state - 1) % 9 - 1
            risen = index // 2
            used = index % 2
            side = 2 * d - 1
            # Cut the jump here: fall on, in this direction.
            s = 1 + d * 9
            bit = np.uint32(1) << np.uint32(s)
            if not seen[row, col] & bit:
                seen[row, col] |= bit
                queue[tail] = cell * 20 + s
                tail += 1
            if not _free(flags, row - 1, col, n_rows, n_cols):
                continue
            up = risen + 1
            for across in range(2):
                if across == 1:
                    if (used + 1) * ROWS_PER_COLUMN > up:
                        continue
                    if not _free(flags, row - 1, col + side, n_rows, n_cols):
                        continue
                now_used = used + across
                target_col = col + side * across
                s = 1 + d * 9 if up == RISE else 2 + d * 9 + up * 2 + now_used
                bit = np.uint32(1) << np.uint32(s)
                if not seen[row - 1, target_col] & bit:
                    seen[row - 1, target_col] |= bit
                    queue[tail] = ((row - 1) * n_cols + target_col) * 20 + s
                    tail += 1
            continue
        # Falling: state 0 has its direction still open.
        if not _free(flags, row + 1, col, n_rows, n_cols):
            # Resting on a hazard or at the bottom edge: no way on from here.
            continue
        for d in range(2):
            if state > 0 and (state - 1) // 9 != d:
                continue
            side = 2 * d - 1
            s = state
            bit = np.uint32(1) << np.uint32(s)
            if not seen[row + 1, col] & bit:
                seen[row + 1, col] |= bit
                queue[tail] = ((row + 1) * n_cols + col) * 20 + s
                tail += 1
            if _free(flags, row + 1, col + side, n_rows, n_cols):
                s = 1 + d * 9
                bit = np.uint32(1) << np.uint32(s)
                if not seen[row + 1, col + side] & bit:
                    seen[row + 1, col + side] |= bit
                    queue[tail] = ((row + 1) * n_cols + col + side) * 20 + s
                    tail += 1
    return reached
