"""Compiled: ground heights with exactly the wanted roughness and mean."""

from __future__ import annotations

import numpy as np
import numpy.typing as npt

from procgen_sim.compiled import jit

GROUND_HEIGHT, ROUGHNESS = 2, 3
PLAIN, GAP, HAZARD, ENEMY = 0, 1, 2, 3
HIGHEST_STEP = 4
WIDEST_GAP = 5
# Rows above the highest ground: a standing place, a full jump, a ceiling of two.
HEAD_ROOM = 7
# Walks tried until the mean height is within this many tiles.
N_WALKS, CLOSE = 6, 0.05


@jit
def _below(rng: np.random.Generator, n: int) -> int:
    """A whole number from 0 to n - 1."""
    return int(rng.random() * n)


@jit
def _step_sizes(n_slots: int, total: int, rng: np.random.Generator) -> npt.NDArray[np.int64]:
    """``(n_slots,)`` rows of step at each slot, 0 for none, that sum to ``total``."""
    sizes = np.zeros(n_slots, np.int64)
    total = min(total, HIGHEST_STEP * n_slots)
    typical = 1.0 + 1.6 * rng.random()
    n_steps = min(max(int(total / typical + 0.5), 1 + (total - 1) // HIGHEST_STEP), n_slots)
    stairs = rng.random()
    left = n_steps
    while left > 0:
        i = _below(rng, n_slots)
        run = 1
        if rng.random() < stairs:
            run += 1 + _below(rng, 3)
        while run > 0 and left > 0 and i < n_slots:
            if sizes[i] == 0:
                sizes[i] = 1
                left -= 1
            run -= 1
            i += 1
    left = total - n_steps
    marked = np.flatnonzero(sizes)
    while left > 0:
        i = marked[_below(rng, len(marked))]
        if sizes[i] < HIGHEST_STEP:
            sizes[i] += 1
            left -= 1
    return sizes


@jit
def _walk(
    sizes: npt.NDArray[np.int64],
    track: npt.NDArray[np.int8],
    wanted: float,
    highest: int,
    run_up: int,
    level_gaps: bool,
    steps: npt.NDArray[np.int64],
    heights: npt.NDArray[np.int64],
    rng: np.random.Generator,
) -> None:
    """Choose the signs of the steps ``(n_cols,)`` from left to right; write steps and heights.

    A step goes towards the wanted mean, the more surely the further off height and mean are.
    """
    n_cols = len(track)
    height = min(max(int(wanted + rng.random()), 1), highest)
    excess = 0.0
    owed, gap_width = 0, 0
    for c in range(n_cols):
        steps[c] = 0
        heights[c] = 0
        if track[c] == GAP:
            gap_width += 1
            continue
        desire = 0.6 * (wanted - height) - 0.03 * excess
        if gap_width > 0 and not level_gaps and c > run_up:
            u = rng.random()
            if desire > 0.3 + u and gap_width < WIDEST_GAP and height < highest:
                steps[c] = 1
            elif desire < -0.3 - u and height > 1:
                steps[c] = -1
            height += steps[c]
        gap_width = 0
        if sizes[c] > 0:
            size = min(sizes[c] + owed, HIGHEST_STEP)
            owed += sizes[c] - size
            p_up = 0.5 + min(max(desire, -0.48), 0.48)
            # A staircase goes on the way it began.
            if c > 0 and steps[c - 1] != 0 and abs(desire) < 1.5:
                p_up = 0.85 if steps[c - 1] > 0 else 0.15
            up = rng.random() < p_up
            if height + (size if up else -size) > highest or (not up and height - size < 1):
                up = not up
            if (up and height + size > highest) or (not up and height - size < 1):
                up = highest - height >= height - 1
                fits = highest - height if up else height - 1
                owed += size - fits
                size = fits
            steps[c] = size if up else -size
            height += steps[c]
        excess += height - wanted
        heights[c] = height


@jit
def _settle(
    steps: npt.NDArray[np.int64],
    heights: npt.NDArray[np.int64],
    slots: npt.NDArray[np.int64],
    n_slots: int,
    wanted: float,
    highest: int,
    rng: np.random.Generator,
) -> int:
    """Bring the mean height to ``wanted``, in place, without changing the sum of steps.

    All ground is lifted or lowered; then the steps of two slots change places, which lifts or
    lowers what lies between, as long as the mean comes nearer. Returns how many tiles are too
    many (negative: missing).
    """
    n_cols = len(heights)
    total, n_ground, low, high = 0, 0, highest, 1
    before = np.zeros(n_cols + 1, np.int64)
    for c in range(n_cols):
        before[c + 1] = before[c]
        if heights[c] > 0:
            before[c + 1] += 1
            n_ground += 1
            total += heights[c]
            low = min(low, heights[c])
            high = max(high, heights[c])
    goal = int(wanted * n_ground + 0.5)
    shift = int(np.floor((goal - total) / n_ground + 0.5))
    shift = max(min(shift, highest - high), 1 - low)
    for c in range(n_cols):
        if heights[c] > 0:
            heights[c] += shift
    error = total + shift * n_ground - goal
    for _ in range(8 * n_slots):
        if error == 0:
            break
        i = _below(rng, n_slots)
        u = rng.random()
        far = 1 + int(u * u * u * n_slots)
        j = i + far if rng.random() < 0.5 else i - far
        if j < 0 or j >= n_slots:
            continue
        left, right = slots[min(i, j)], slots[max(i, j)]
        lift = steps[right] - steps[left]
        change = lift * (before[right] - before[left])
        if change == 0 or abs(error + change) >= abs(error):
            continue
        fits = True
        for c in range(left, right):
            if heights[c] > 0 and not 1 <= heights[c] + lift <= highest:
                fits = False
                break
        if fits:
            steps[left], steps[right] = steps[right], steps[left]
            for c in range(left, right):
                if heights[c] > 0:
                    heights[c] += lift
            error += change
    return error


@jit
def raise_ground(
    vector: npt.NDArray[np.float64],
    track: npt.NDArray[np.int8],
    n_rows: int,
    run_up: int,
    simplify: int,
    rng: np.random.Generator,
) -> npt.NDArray[np.int64]:
    """Choose the height of the ground in every column.

    Parameters
    ----------
    vector
        ``(11,)`` a buildable design vector.
    track
        ``(n_cols,)`` what :func:`~.track_kernel.lay_track` placed.
    n_rows, run_up
        Rows of the level; columns kept flat at either end.
    simplify
        From 2 the two sides of a gap are equally high; from 3 all ground is.
    rng
        The level's stream.

    Returns
    -------
    ``(n_cols,)`` int64 tiles of ground; 0 in gaps.
    """
    n_cols = len(track)
    highest = max(1, n_rows - HEAD_ROOM)
    slots = np.empty(n_cols, np.int64)
    n_slots, n_pairs, n_ground = 0, 0, 0
    for c in range(n_cols):
        if track[c] == GAP:
            continue
        n_ground += 1
        if c == 0 or track[c - 1] == GAP:
            continue
        n_pairs += 1
        # Spikes lie on flat ground, with a flat place to leave from and to land on.
        if track[c] == HAZARD or track[c - 1] == HAZARD:
            continue
        if run_up <= c <= n_cols - run_up:
            slots[n_slots] = c
            n_slots += 1
    total = int(vector[ROUGHNESS] * n_pairs + 0.5)
    if simplify >= 3 or n_slots == 0:
        total = 0
    steps = np.zeros(n_cols, np.int64)
    heights = np.zeros(n_cols, np.int64)
    best = np.zeros(n_cols, np.int64)
    least = -1
    for _ in range(N_WALKS):
        sizes = np.zeros(n_cols, np.int64)
        if total > 0:
            by_slot = _step_sizes(n_slots, total, rng)
            for i in range(n_slots):
                sizes[slots[i]] = by_slot[i]
        level_gaps = simplify >= 2
        _walk(sizes, track, vector[GROUND_HEIGHT], highest, run_up, level_gaps, steps, heights, rng)
        error = _settle(steps, heights, slots, n_slots, vector[GROUND_HEIGHT], highest, rng)
        if least < 0 or abs(error) < least:
            least = abs(error)
            best[:] = heights
        if least <= CLOSE * n_ground:
            break
    return best
