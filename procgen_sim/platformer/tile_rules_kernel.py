"""Compiled search by the published tile rules. Kept in one file: numba's cache is per file.

A*, with the columns still to go as the estimate of the cost still to come. A step costs 1 at least
and gains one column at most, so the estimate never exceeds the truth, and a step's *detour*, its
cost less the columns it gains to the right, is never negative. What is searched for is the way of
the least detour, and that is the cheapest way. In fifths of a step there are only six detours, so
six plain queues do instead of a heap: what enters a queue comes in the order of its detour so far,
and the best of the six heads is the best of all.
"""

from __future__ import annotations

import numpy as np
import numpy.typing as npt

from procgen_sim.compiled import jit

START_ROW, START_COL = 2, 2

FIFTHS = 5
# The detours by queue: a step of cost 1 to the right, straight and to the left; then the fall of
# cost 1.4 to the right and to the left; then that of cost 2, to the left. (The fall of cost 2 to
# the right is as much of a detour as a straight step.)
DETOURS = (0, 5, 10, 2, 12, 15)
STRAIGHT, ASIDE, TWO_DOWN_LEFT = 1, 3, 5


@jit
def _open(solid: npt.NDArray[np.bool_], row: int, col: int) -> bool:
    """True for an open tile within the level."""
    if row >= solid.shape[0] or col < 0 or col >= solid.shape[1]:
        return False
    return not solid[row, col]


@jit
def _put(
    place: int,
    so_far: int,
    q: int,
    detour: npt.NDArray[np.int32],
    queue: npt.NDArray[np.int32],
    tail: npt.NDArray[np.int64],
) -> None:
    """Note a step to a place, at the end of its queue, if no way there is better."""
    if so_far + DETOURS[q] < detour[place]:
        detour[place] = so_far + DETOURS[q]
        queue[tail[q]] = place
        tail[q] += 1


@jit
def _take(
    node: int,
    side: int,
    row: int,
    col: int,
    so_far: int,
    solid: npt.NDArray[np.bool_],
    steps: npt.NDArray[np.int64],
    after: npt.NDArray[np.int64],
    detour: npt.NDArray[np.int32],
    queue: npt.NDArray[np.int32],
    tail: npt.NDArray[np.int64],
) -> None:
    """Note every step that follows a node of the arcs, to the right (1) or to the left (−1)."""
    n_nodes = len(steps) - 1
    n_modes = 1 + 2 * n_nodes
    for then in after[node]:
        if then == 0:
            return
        gained = side * steps[then, 0]
        to_col = col + gained
        to_row = max(row + steps[then, 1], 0)  # the sky is open, and a step into it ends in row 0
        if not _open(solid, to_row, to_col):
            continue
        if solid[to_row, col] and solid[row, to_col]:
            continue  # between two tiles that touch at a corner
        mode = then if side == 1 else n_nodes + then
        place = (to_row * solid.shape[1] + to_col) * n_modes + mode
        _put(place, so_far, STRAIGHT - gained, detour, queue, tail)


@jit
def cheapest_path(
    solid: npt.NDArray[np.bool_], steps: npt.NDArray[np.int64], after: npt.NDArray[np.int64]
) -> tuple[int, int]:
    """Search the cells of the level and the nodes of the arcs.

    Parameters
    ----------
    solid
        ``(rows, columns)`` what cannot be entered, and carries.
    steps, after
        ``(n_nodes, 2)`` and ``(n_nodes, 3)``, the tree of the arcs: the columns and rows of the
        step into each node, and the nodes after it, 0 for none. Node 0 is the ground.

    Returns
    -------
    The cost of a cheapest path to the last column in fifths of a step, −1 if there is none; and
    the right-most column stood on, −1 if there is none.
    """
    n_rows, n_cols = solid.shape
    # A place is a cell and a mode: 0 standing or falling, then the nodes of the arcs to the
    # right, then of those to the left.
    n_nodes = len(steps) - 1
    n_modes = 1 + 2 * n_nodes
    n_cells = n_rows * n_cols
    n_places = n_cells * n_modes
    detour = np.full(n_places, 2**31 - 1, np.int32)
    # A queue holds a place at most once: what came later would have to be better. Only falls, and
    # so only mode 0, enter the last three. Memory that is never written costs nothing.
    queue = np.empty(3 * (n_places + n_cells), np.int32)
    head = np.empty(6, np.int64)
    for q in range(6):
        head[q] = q * n_places if q <= ASIDE else 3 * n_places + (q - ASIDE) * n_cells
    tail = head.copy()
    furthest = -1
    first_col = min(START_COL, n_cols - 1)
    _put((min(START_ROW, n_rows - 1) * n_cols + first_col) * n_modes, 0, 0, detour, queue, tail)
    while True:
        best = -1
        so_far = 0
        for q in range(6):
            if head[q] < tail[q]:
                # A place to which a better way was found since is met twice; the second time
                # changes nothing.
                d = int(detour[queue[head[q]]])
                if best < 0 or d < so_far:
                    best = q
                    so_far = d
        if best < 0:
            return -1, furthest
        place = int(queue[head[best]])
        head[best] += 1
        mode = place % n_modes
        cell = place // n_modes
        row = cell // n_cols
        col = cell - row * n_cols
        if col == n_cols - 1:
            return so_far + FIFTHS * (col - first_col), col
        if row + 1 == n_rows:
            continue
        stands = solid[row + 1, col]
        if stands:
            furthest = max(furthest, col)
        if mode > n_nodes:
            _take(mode - n_nodes, -1, row, col, so_far, solid, steps, after, detour, queue, tail)
        elif mode:
            _take(mode, 1, row, col, so_far, solid, steps, after, detour, queue, tail)
        if stands:
            _take(0, 1, row, col, so_far, solid, steps, after, detour, queue, tail)
            _take(0, -1, row, col, so_far, solid, steps, after, detour, queue, tail)
        else:
            _put(((row + 1) * n_cols + col) * n_modes, so_far, STRAIGHT, detour, queue, tail)
        for side in range(-1, 2, 2):
            if stands:
                if _open(solid, row, col + side):
                    place = (row * n_cols + col + side) * n_modes
                    _put(place, so_far, STRAIGHT - side, detour, queue, tail)
                continue
            beside = _open(solid, row + 1, col + side)
            if beside:
                place = ((row + 1) * n_cols + col + side) * n_modes
                _put(place, so_far, ASIDE if side == 1 else ASIDE + 1, detour, queue, tail)
            # Not between two tiles that touch at a corner.
            if _open(solid, row + 2, col + side) and (beside or not solid[row + 2, col]):
                place = ((row + 2) * n_cols + col + side) * n_modes
                _put(place, so_far, STRAIGHT if side == 1 else TWO_DOWN_LEFT, detour, queue, tail)
