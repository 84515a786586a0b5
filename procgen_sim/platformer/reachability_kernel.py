"""Compiled flood of the jump rules over a grid. Kept in one file: numba's cache is per file."""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np
import numpy.typing as npt

from procgen_sim.compiled import jit, jit_bare

if TYPE_CHECKING:
    from procgen_sim.levels import Flags

# Affordance bits, repeated as plain numbers because a kernel cannot see an enum.
SOLID, ONE_WAY, HAZARD, ENEMY, CLIMBABLE, GOAL = 1, 2, 4, 8, 64, 256
RISE = 4
ROWS_PER_COLUMN = 2

FREE_ROWS = 6

# Per cell, a set of states. A fall has a depth: rows fallen, 0 to 5, then 6 and 7 in turns, as
# from there only every other row lets one sideways. 0 to 7 falling straight, the direction still
# open (0 is standing, too); then for each direction 8 depths of a fall sideways; then for each
# direction the (rows risen, columns used) of a rise, 0..3 and 0..1 (4 rows risen is a fall).
DEPTHS = 8
SIDEWAYS = DEPTHS
RISING = 3 * DEPTHS
N_STATES = RISING + 2 * 2 * RISE


@jit_bare
def _supports(flags: Flags, row: int, col: int, n_rows: int) -> bool:
    """True if someone in this cell stands."""
    if flags[row, col] & CLIMBABLE:
        return True
    if row + 1 >= n_rows:
        return False
    below = int(flags[row + 1, col])
    if below & SOLID and below & HAZARD:
        return False  # who stands on it is hurt
    return bool(below & (SOLID | ONE_WAY | CLIMBABLE))


@jit_bare
def _free(flags: Flags, row: int, col: int, n_rows: int, n_cols: int) -> bool:
    if row < 0 or row >= n_rows or col < 0 or col >= n_cols:
        return False
    here = flags[row, col]
    if here & SOLID:
        return False
    return bool(not here & HAZARD or here & ENEMY)


@jit_bare
def _add(
    seen: npt.NDArray[np.uint64],
    queue: npt.NDArray[np.int32],
    tail: int,
    row: int,
    col: int,
    state: int,
    edges: npt.NDArray[np.int32],
    from_head: int,
) -> int:
    """Queue a state of a cell, if it is new, and note where it can be come from; returns the new
    end of the queue."""
    here = (row * seen.shape[1] + col) * N_STATES + state
    n = edges[0, 0] + 1
    edges[n, 0] = queue[from_head]
    edges[n, 1] = here
    edges[0, 0] = n
    bit = np.uint64(1) << np.uint64(state)
    if seen[row, col] & bit:
        return tail
    seen[row, col] |= bit
    queue[tail] = here
    return tail + 1


@jit_bare
def _steps(
    flags: Flags,
    start_row: int,
    start_col: int,
    seen: npt.NDArray[np.uint64],
    reached: npt.NDArray[np.uint8],
    queue: npt.NDArray[np.int32],
    edges: npt.NDArray[np.int32],
) -> int:
    """The steps from state to state that the jump rules allow, one state at a time, in
    ``edges`` ``(m, 2)`` from row 1 on, their number in ``edges[0, 0]``; ``reached`` becomes what
    :func:`flood` finds. Returns how many states there are in the queue."""
    n_rows, n_cols = flags.shape
    head = 0
    # One entry packs (cell, state).
    queue[0] = (start_row * n_cols + start_col) * N_STATES
    tail = 1
    seen[start_row, start_col] = 1
    while head < tail:
        packed = queue[head]
        at = head
        head += 1
        state = packed % N_STATES
        cell = packed // N_STATES
        row = cell // n_cols
        col = cell - row * n_cols
        if reached[row, col] == 0:
            reached[row, col] = 1
        # Passing upwards through a one-way platform or past a ladder is not landing.
        if state < RISING and _supports(flags, row, col, n_rows):
            if state > 0:
                tail = _add(seen, queue, tail, row, col, 0, edges, at)
                continue
            reached[row, col] = 2
            for side in range(-1, 2, 2):
                if _free(flags, row, col + side, n_rows, n_cols):
                    tail = _add(seen, queue, tail, row, col + side, 0, edges, at)
            for d in range(2):  # take off: a rise of 0 rows in either direction
                tail = _add(seen, queue, tail, row, col, RISING + d * 2 * RISE, edges, at)
            if flags[row, col] & CLIMBABLE and _free(flags, row - 1, col, n_rows, n_cols):
                tail = _add(seen, queue, tail, row - 1, col, 0, edges, at)
            # Down a ladder, or dropping through a one-way platform is *not* assumed.
            if (
                row + 1 < n_rows
                and flags[row + 1, col] & CLIMBABLE
                and _free(flags, row + 1, col, n_rows, n_cols)
            ):
                tail = _add(seen, queue, tail, row + 1, col, 0, edges, at)
            continue
        if state >= RISING:
            d = (state - RISING) // (2 * RISE)
            index = (state - RISING) % (2 * RISE)
            risen = index // 2
            used = index % 2
            side = 2 * d - 1
            # Cut the jump here: fall on, in this direction.
            tail = _add(seen, queue, tail, row, col, SIDEWAYS + d * DEPTHS, edges, at)
            if not _free(flags, row - 1, col, n_rows, n_cols):
                continue
            up = risen + 1
            for across in range(2):
                if across == 1:
                    if (used + 1) * ROWS_PER_COLUMN > up:
                        continue
                    if not _free(flags, row - 1, col + side, n_rows, n_cols):
                        continue
                then = RISING + d * 2 * RISE + up * 2 + used + across
                if up == RISE:
                    then = SIDEWAYS + d * DEPTHS
                tail = _add(seen, queue, tail, row - 1, col + side * across, then, edges, at)
            continue
        if not _free(flags, row + 1, col, n_rows, n_cols):
            # Resting on a hazard or at the bottom edge: no way on from here.
            continue
        depth = state % DEPTHS
        deeper = depth + 1 if depth + 1 < DEPTHS else FREE_ROWS
        for d in range(2):
            if state >= SIDEWAYS and (state - SIDEWAYS) // DEPTHS != d:
                continue
            side = 2 * d - 1
            tail = _add(seen, queue, tail, row + 1, col, state - depth + deeper, edges, at)
            if depth != FREE_ROWS and _free(flags, row + 1, col + side, n_rows, n_cols):
                then = SIDEWAYS + d * DEPTHS + deeper
                tail = _add(seen, queue, tail, row + 1, col + side, then, edges, at)
    return tail


# Sets of states as bits, for the screen: all states of a cell go on at once.
ALL_FALLS = (1 << RISING) - 1
OPEN_FALLS = (1 << DEPTHS) - 1
# Depths from which a fall may go sideways, and the one that turns back by one.
DRIFTING = OPEN_FALLS ^ (1 << FREE_ROWS)
DEEPEST = 1 << (DEPTHS - 1)
# Rises with 0 and with 1 column used: even and odd bits of (rows risen, columns used).
RISES = (1 << 2 * RISE) - 1
LAST_RISES = 3 << 2 * (RISE - 1)
UNUSED = 0b01010100  # 1, 2 or 3 rows risen: the next is at least the second
USED_ONCE_AT_THE_TOP = 0b10000000


@jit_bare
def _deeper(falls: int) -> int:
    """The same falls a row lower."""
    turned = 1 << FREE_ROWS if falls & DEEPEST else 0
    return ((falls & ~DEEPEST) << 1) | turned


# What the screen asks of a cell.
FREE, STANDS, CLIMBS = 1, 2, 4


@jit
def _cells(flags: Flags) -> npt.NDArray[np.uint8]:
    """What the screen asks of each cell, in a frame of cells that are nothing."""
    n_rows, n_cols = flags.shape
    cells = np.zeros((n_rows + 2, n_cols + 2), np.uint8)
    for row in range(n_rows):
        for col in range(n_cols):
            kind = FREE if _free(flags, row, col, n_rows, n_cols) else 0
            if _supports(flags, row, col, n_rows):
                kind |= STANDS
            if flags[row, col] & CLIMBABLE:
                kind |= CLIMBS
            cells[row + 1, col + 1] = kind
    return cells


@jit_bare
def _join(
    states: npt.NDArray[np.int64],
    waiting: npt.NDArray[np.int64],
    stack: npt.NDArray[np.int32],
    n: int,
    cell: int,
    more: int,
) -> int:
    """Add states to a cell, and the cell to the stack of ``n`` if some are new."""
    new = more & ~states[cell]
    if new == 0:
        return n
    if waiting[cell] == 0:
        stack[n] = cell
        n += 1
    states[cell] |= new
    waiting[cell] |= new
    return n


@jit_bare
def _spread(
    cells: npt.NDArray[np.uint8],
    width: int,
    start: int,
    states: npt.NDArray[np.int64],
    waiting: npt.NDArray[np.int64],
    stack: npt.NDArray[np.int32],
    reached: npt.NDArray[np.uint8],
) -> None:
    n = _join(states, waiting, stack, 0, start, 1)
    while n > 0:
        n -= 1
        cell = stack[n]
        now = waiting[cell]
        waiting[cell] = 0
        kind = cells[cell]
        if reached[cell] == 0:
            reached[cell] = 1
        falls = now & ALL_FALLS
        if falls and kind & STANDS:
            falls = 0
            if reached[cell] != 2:
                reached[cell] = 2
                for side in range(-1, 2, 2):
                    if cells[cell + side] & FREE:
                        n = _join(states, waiting, stack, n, cell + side, 1)
                take_off = (1 | 1 << 2 * RISE) << RISING
                now |= take_off & ~states[cell]
                states[cell] |= take_off
                if kind & CLIMBS and cells[cell - width] & FREE:
                    n = _join(states, waiting, stack, n, cell - width, 1)
                if cells[cell + width] & FREE and cells[cell + width] & CLIMBS:
                    n = _join(states, waiting, stack, n, cell + width, 1)
        if now >> RISING:
            for d in range(2):
                rises = (now >> (RISING + d * 2 * RISE)) & RISES
                if rises == 0:
                    continue
                side = 2 * d - 1
                fall = 1 << (SIDEWAYS + d * DEPTHS)
                n = _join(states, waiting, stack, n, cell, fall)
                if not cells[cell - width] & FREE:
                    continue
                top = fall if rises & LAST_RISES else 0
                then = ((rises << 2) & RISES) << (RISING + d * 2 * RISE)
                n = _join(states, waiting, stack, n, cell - width, then | top)
                across = rises & (UNUSED | USED_ONCE_AT_THE_TOP)
                if across and cells[cell - width + side] & FREE:
                    top = fall if across & LAST_RISES else 0
                    then = (((rises & UNUSED) << 3) & RISES) << (RISING + d * 2 * RISE)
                    n = _join(states, waiting, stack, n, cell - width + side, then | top)
        if falls and cells[cell + width] & FREE:
            still_open = falls & OPEN_FALLS
            below = _deeper(still_open)
            for d in range(2):
                sideways = (falls >> (SIDEWAYS + d * DEPTHS)) & OPEN_FALLS
                below |= _deeper(sideways) << (SIDEWAYS + d * DEPTHS)
                drifting = (still_open | sideways) & DRIFTING
                aside = cell + width + 2 * d - 1
                if drifting and cells[aside] & FREE:
                    then = _deeper(drifting) << (SIDEWAYS + d * DEPTHS)
                    n = _join(states, waiting, stack, n, aside, then)
            n = _join(states, waiting, stack, n, cell + width, below)


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
    width = n_cols + 2
    cells = _cells(flags).ravel()
    reached = np.zeros(cells.size, np.uint8)
    states = np.zeros(cells.size, np.int64)
    waiting = np.zeros(cells.size, np.int64)
    stack = np.empty(cells.size + 1, np.int32)
    start = (start_row + 1) * width + start_col + 1
    _spread(cells, width, start, states, waiting, stack, reached)
    return reached.reshape(n_rows + 2, width)[1:-1, 1:-1].copy()


@jit
def steps_to_go(
    flags: Flags, start_row: int, start_col: int, has_goal: bool, far: int
) -> npt.NDArray[np.int32]:
    """``(rows, columns)`` fewest steps by the jump rules from a cell to the goal, over the states
    that are reached from the start; ``far`` where there is no such way."""
    n_cols = flags.shape[1]
    reached = np.zeros(flags.shape, np.uint8)
    seen = np.zeros(flags.shape, np.uint64)
    queue = np.empty(flags.size * N_STATES, np.int32)
    edges = np.zeros((flags.size * N_STATES * 4 + 1, 2), np.int32)
    n_states = _steps(flags, start_row, start_col, seen, reached, queue, edges)
    # Steps sorted by where they lead, to be followed backwards.
    first = np.zeros(flags.size * N_STATES + 1, np.int32)
    n_edges = edges[0, 0]
    for i in range(1, n_edges + 1):
        first[edges[i, 1] + 1] += 1
    for i in range(len(first) - 1):
        first[i + 1] += first[i]
    place = first.copy()
    sources = np.empty(n_edges, np.int32)
    for i in range(1, n_edges + 1):
        sources[place[edges[i, 1]]] = edges[i, 0]
        place[edges[i, 1]] += 1
    steps = np.full(flags.size * N_STATES, far, np.int32)
    away = np.full(flags.shape, far, np.int32)
    back = np.empty(n_states, np.int32)
    tail = 0
    for i in range(n_states):
        cell = queue[i] // N_STATES
        row = cell // n_cols
        col = cell - row * n_cols
        done = (
            (flags[row, col] & GOAL) != 0
            if has_goal
            else (col == n_cols - 1 and reached[row, col] == 2)
        )
        if done:
            steps[queue[i]] = 0
            back[tail] = queue[i]
            tail += 1
    head = 0
    while head < tail:
        here = back[head]
        head += 1
        cell = here // N_STATES
        row = cell // n_cols
        col = cell - row * n_cols
        away[row, col] = min(away[row, col], steps[here])
        for i in range(first[here], first[here + 1]):
            source = sources[i]
            if steps[source] == far:
                steps[source] = steps[here] + 1
                back[tail] = source
                tail += 1
    return away
