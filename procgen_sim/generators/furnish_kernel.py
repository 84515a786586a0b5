"""Compiled: from track and ground to tiles: ground, spikes, ceiling, enemies, platforms."""

from __future__ import annotations

import numpy as np
import numpy.typing as npt

from procgen_sim.compiled import jit

PLATFORM_RATE, PLATFORM_HEIGHT, COIN_RATE, CEILING = 4, 5, 8, 9
PLAIN, GAP, HAZARD, ENEMY = 0, 1, 2, 3
# The house characters the builder writes; tiles are positions in it until all is done.
CHARACTERS = "-X#S?=H|^~EBo*MF"
(
    AIR,
    EARTH,
    BLOCK,
    BRICK,
    QUESTION,
    PLANK,
    LADDER,
    POST,
    SPIKES,
    LIQUID,
    WALKER,
    FLYER,
    COIN,
    TREASURE,
    START,
    GOAL,
) = range(16)
LOWEST_PLATFORM = 2
CEILING_ROWS = 3
JUMP_RISE = 4
WIDEST_GAP = 5
PER_PLANK, PLANK_LENGTH = 8, 4


@jit
def _below(rng: np.random.Generator, n: int) -> int:
    """A whole number from 0 to n - 1."""
    return int(rng.random() * n)


@jit
def _pave(
    grid: npt.NDArray[np.uint8],
    track: npt.NDArray[np.int8],
    ground: npt.NDArray[np.int64],
    rng: np.random.Generator,
) -> None:
    """Ground, spikes, liquid in some gaps; narrow raised parts are built of blocks."""
    n_rows, n_cols = grid.shape
    wet = rng.random() < 0.4
    blocky = rng.random() < 0.6
    for c in range(n_cols):
        h = ground[c]
        for r in range(n_rows - h, n_rows):
            grid[r, c] = EARTH
        if track[c] == GAP and wet:
            grid[n_rows - 1, c] = LIQUID
        if track[c] == HAZARD:
            grid[n_rows - 1 - h, c] = SPIKES
    if not blocky:
        return
    c = 1
    while c < n_cols - 1:
        # A part of one to three columns that rises on both sides: a pillar of blocks.
        end = c
        while end < n_cols - 1 and ground[end] == ground[c]:
            end += 1
        low = max(ground[c - 1], ground[end])
        if end - c <= 3 and ground[c] > low and ground[c - 1] > 0 and ground[end] > 0:
            for k in range(c, end):
                for r in range(n_rows - ground[k], n_rows - low):
                    grid[r, k] = BLOCK
        c = end


@jit
def _roof(
    grid: npt.NDArray[np.uint8],
    n_roofed: int,
    rng: np.random.Generator,
) -> None:
    """A ceiling over exactly ``n_roofed`` columns, in a few stretches."""
    n_cols = grid.shape[1]
    if n_roofed < 1:
        return
    n_open = n_cols - n_roofed
    n_parts = min(1 + _below(rng, 1 + n_roofed // 12), n_open + 1)
    c = 0
    for part in range(n_parts):
        left = n_parts - part
        before = 0 if n_open <= 0 else _below(rng, 1 + 2 * n_open // (left + 1))
        before = min(before, n_open)
        if part > 0 and n_open > 0:
            before = max(before, 1)
        n_open -= before
        c += before
        length = n_roofed if left == 1 else min(n_roofed - (left - 1), max(1, n_roofed // left))
        if left > 1:
            length = max(1, min(n_roofed - (left - 1), int(length * (0.5 + rng.random()))))
        n_roofed -= length
        thickness = 1 + _below(rng, 2)
        for k in range(c, min(c + length, n_cols)):
            for r in range(thickness):
                grid[r, k] = BLOCK
            if rng.random() < 0.15:
                thickness = 3 - thickness
        c += length


@jit
def _room_for(
    grid: npt.NDArray[np.uint8],
    ground: npt.NDArray[np.int64],
    row: int,
    col: int,
    length: int,
) -> bool:
    """True if a platform fits: air around it, not on the ground, not touching another."""
    n_rows, n_cols = grid.shape
    if row < CEILING_ROWS or row >= n_rows - 1 or col < 1 or col + length > n_cols - 1:
        return False
    for c in range(col - 1, col + length + 1):
        if grid[row, c] != AIR:
            return False
    for c in range(col, col + length):
        if n_rows - row < ground[c] + LOWEST_PLATFORM:
            return False
        if grid[row - 1, c] != AIR or grid[row + 1, c] != AIR:
            return False
    return True


@jit
def _blocks_may_hang(
    track: npt.NDArray[np.int8],
    ground: npt.NDArray[np.int64],
    col: int,
    length: int,
) -> bool:
    """True over flat ground without a jump to be made: blocks overhead stop a jump."""
    left, right = max(0, col - 2), min(len(track), col + length + 2)
    for c in range(left, right):
        if track[c] == GAP or track[c] == HAZARD or ground[c] != ground[left]:
            return False
    return True


@jit
def _step_stones(
    grid: npt.NDArray[np.uint8],
    track: npt.NDArray[np.int8],
    carried: npt.NDArray[np.int64],
    height: float,
    simplify: int,
) -> tuple[int, int]:
    """Planks to land on in gaps wider than a jump; how many, and the sum of their heights.

    All planks of a gap are equally high: the first jump is shorter for it, the last longer.
    """
    n_rows, n_cols = grid.shape
    done, risen = 0, 0
    c = 0
    while c < n_cols:
        if track[c] != GAP:
            c += 1
            continue
        width = 0
        while c + width < n_cols and track[c + width] == GAP:
            width += 1
        n_planks = (width - WIDEST_GAP + PER_PLANK - 1) // PER_PLANK
        if n_planks > 0:
            rise = min(int(height + 0.5), JUMP_RISE, n_rows - CEILING_ROWS - 7 - carried[c])
            rise = max(rise, 0) if simplify == 0 else 0
            free = width - PLANK_LENGTH * n_planks
            space = max(1, min(WIDEST_GAP - rise, (free + n_planks) // (n_planks + 1)))
            between = max(1, min(WIDEST_GAP, (free - space) // n_planks))
            k = c + space
            for _ in range(n_planks):
                for m in range(k, k + PLANK_LENGTH):
                    grid[n_rows - carried[c] - rise, m] = PLANK
                k += PLANK_LENGTH + between
            done += n_planks
            risen += n_planks * rise
        c += width
    return done, risen


@jit
def _hang(
    grid: npt.NDArray[np.uint8],
    track: npt.NDArray[np.int8],
    ground: npt.NDArray[np.int64],
    carried: npt.NDArray[np.int64],
    wanted: int,
    height: float,
    n_coins: int,
    simplify: int,
    rng: np.random.Generator,
) -> int:
    """Hang ``wanted`` platforms whose mean height is ``height``; return the coins left.

    The running sum is held to the target, so each platform may stray and the mean does not.
    """
    n_rows, n_cols = grid.shape
    done, risen = _step_stones(grid, track, carried, height, simplify)
    plank_style = 0.25 + 0.6 * rng.random()
    spread = 0.5 + 2.0 * rng.random()
    col, group = 0, 0
    tries = 0
    while done < wanted and tries < 60 * wanted + 200:
        tries += 1
        left = wanted - done
        if group <= 0:
            col = 2 + _below(rng, n_cols - 4)
            group = 1 + _below(rng, 4)
        length = 2 + _below(rng, 4)
        if tries > 8 * wanted:
            length = 1 + _below(rng, 2)
            group = 1
        stray = (2.0 * rng.random() - 1.0) * spread * (1.0 - 1.0 / left)
        if col + length > n_cols - 2:
            group = 0
            continue
        base = carried[col]
        rise = int(np.floor((height * wanted - risen) / left + stray + 0.5))
        rise = max(min(rise, n_rows - CEILING_ROWS - base), LOWEST_PLATFORM)
        level = True
        for c in range(col, col + length):
            if carried[c] != base:
                level = False
        row = n_rows - base - rise
        if not level or not _room_for(grid, ground, row, col, length):
            group -= 1
            col += 1
            continue
        solid = (
            simplify == 0
            and rise > LOWEST_PLATFORM
            and rng.random() > plank_style
            and _blocks_may_hang(track, ground, col, length)
        )
        if solid:
            plain = rng.random() < 0.4
            for c in range(col, col + length):
                if plain:
                    grid[row, c] = BLOCK
                elif n_coins > 0 and rng.random() < 0.4:
                    grid[row, c] = QUESTION
                    n_coins -= 1
                else:
                    grid[row, c] = BRICK
        else:
            for c in range(col, col + length):
                grid[row, c] = PLANK
        done += 1
        risen += rise
        group -= 1
        col += length + 1 + _below(rng, 3)
    return n_coins


@jit
def furnish(
    vector: npt.NDArray[np.float64],
    track: npt.NDArray[np.int8],
    ground: npt.NDArray[np.int64],
    n_rows: int,
    simplify: int,
    rng: np.random.Generator,
) -> tuple[npt.NDArray[np.uint8], int]:
    """Make the grid, all but what :mod:`.adorn_kernel` adds.

    Parameters
    ----------
    vector
        ``(11,)`` a buildable design vector.
    track, ground
        ``(n_cols,)`` the challenges and the ground's heights.
    n_rows
        Rows of the level.
    simplify
        From 1 all platforms are planks, which stop no jump.
    rng
        The level's stream.

    Returns
    -------
    ``(n_rows, n_cols)`` uint8 positions in :data:`CHARACTERS`, and how many coins are left to lay.
    """
    n_cols = len(track)
    grid = np.zeros((n_rows, n_cols), np.uint8)
    carried = np.zeros(n_cols, np.int64)
    last = 0
    for c in range(n_cols):
        if ground[c] > 0:
            last = ground[c]
        carried[c] = last

    _pave(grid, track, ground, rng)
    _roof(grid, int(vector[CEILING] * n_cols + 0.5), rng)
    grid[n_rows - 1 - ground[1], 1] = START
    grid[n_rows - 1 - ground[n_cols - 3], n_cols - 3] = GOAL
    for c in range(n_cols):
        if track[c] == ENEMY:
            grid[n_rows - 1 - ground[c], c] = WALKER
    n_platforms = int(vector[PLATFORM_RATE] * n_cols / 100.0 + 0.5)
    n_coins = int(vector[COIN_RATE] * n_cols / 100.0 + 0.5)
    n_coins = _hang(
        grid,
        track,
        ground,
        carried,
        n_platforms,
        vector[PLATFORM_HEIGHT],
        n_coins,
        simplify,
        rng,
    )
    return grid, n_coins
