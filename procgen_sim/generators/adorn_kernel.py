"""Compiled: what a level is adorned with once it can be walked: coins, wings, ladders, posts."""

from __future__ import annotations

import numpy as np
import numpy.typing as npt

from procgen_sim.compiled import jit

PLAIN, GAP, HAZARD, ENEMY = 0, 1, 2, 3
# As in the furnishing kernel: a kernel lives in one file, its numbers with it.
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
CEILING_ROWS = 3
JUMP_RISE = 4


@jit
def _below(rng: np.random.Generator, n: int) -> int:
    """A whole number from 0 to n - 1."""
    return int(rng.random() * n)


@jit
def _put(grid: npt.NDArray[np.uint8], row: int, col: int, tile: int) -> int:
    """Write a tile into air; 1 if it went in."""
    if 0 <= row < grid.shape[0] and 0 <= col < grid.shape[1] and grid[row, col] == AIR:
        grid[row, col] = tile
        return 1
    return 0


@jit
def _strew(
    grid: npt.NDArray[np.uint8],
    track: npt.NDArray[np.int8],
    carried: npt.NDArray[np.int64],
    n_coins: int,
    rng: np.random.Generator,
) -> None:
    """Coins: arcs over gaps and spikes, rows along the ground and on platforms."""
    n_rows, n_cols = grid.shape
    tries = 0
    while n_coins > 0 and tries < 400 + 40 * n_coins:
        tries += 1
        c = 1 + _below(rng, n_cols - 2)
        surface = n_rows - carried[c]
        if track[c] == GAP or track[c] == HAZARD:
            left, right = c, c
            while left > 0 and track[left - 1] == track[c]:
                left -= 1
            while right < n_cols - 1 and track[right + 1] == track[c]:
                right += 1
            for k in range(left - 1, right + 2):
                up = 3 if left <= k <= right else 2
                if n_coins > 0 and k >= 0:
                    n_coins -= _put(grid, surface - up, k, COIN)
            continue
        row = surface - 1
        above = 1
        for r in range(CEILING_ROWS, surface):
            if grid[r, c] == PLANK or grid[r, c] == BRICK or grid[r, c] == BLOCK:
                row = r - 1
                above = 0
                break
        if above:
            row -= _below(rng, 4)
        if tries < 100 and above and rng.random() < 0.5:
            continue
        length = 2 + _below(rng, 4)
        if above == 0 and rng.random() < 0.05:
            n_coins -= _put(grid, row, c, TREASURE)
            continue
        for k in range(c, min(c + length, n_cols - 1)):
            carries = grid[row + 1, k] != AIR
            if (above or carries) and n_coins > 0 and carried[k] == carried[c]:
                n_coins -= _put(grid, row, k, COIN)
    for c in range(1, n_cols - 1):  # a crowd: wherever there is air
        for r in range(CEILING_ROWS, n_rows - carried[c]):
            if n_coins > 0 and (c + r) % 2 == 0:
                n_coins -= _put(grid, r, c, COIN)


@jit
def _decorate(
    grid: npt.NDArray[np.uint8],
    track: npt.NDArray[np.int8],
    ground: npt.NDArray[np.int64],
    rng: np.random.Generator,
) -> None:
    """Ladders to platforms out of reach, and a few posts under planks."""
    n_rows, n_cols = grid.shape
    posts = rng.random() * 0.5
    for r in range(CEILING_ROWS, n_rows - 1):
        for c in range(2, n_cols - 2):
            if grid[r, c] != PLANK or grid[r, c + 1] == PLANK:
                continue
            foot = n_rows - ground[c + 1]
            ladder = ground[c + 1] > 0 and track[c + 1] != HAZARD and foot - r > JUMP_RISE
            if ladder and rng.random() < 0.8:
                free = True
                for k in range(r, foot):
                    if grid[k, c + 1] != AIR:
                        free = False
                if free:
                    for k in range(r, foot):
                        grid[k, c + 1] = LADDER
                    continue
            if ground[c] > 0 and rng.random() < posts:
                foot = n_rows - ground[c]
                free = True
                for k in range(r + 1, foot):
                    if grid[k, c] != AIR:
                        free = False
                if free:
                    for k in range(r + 1, foot):
                        grid[k, c] = POST


@jit
def adorn(
    grid: npt.NDArray[np.uint8],
    track: npt.NDArray[np.int8],
    ground: npt.NDArray[np.int64],
    n_coins: int,
    codes: npt.NDArray[np.uint8],
    rng: np.random.Generator,
) -> None:
    """Finish a grid, in place.

    Parameters
    ----------
    grid
        ``(n_rows, n_cols)`` uint8 what :func:`~.furnish_kernel.furnish` made.
    track, ground
        ``(n_cols,)`` the challenges and the ground's heights.
    n_coins
        Coins to lay.
    codes
        ``(16,)`` uint8 the tileset's code of each tile.
    rng
        The level's stream.
    """
    n_rows, n_cols = grid.shape
    carried = np.zeros(n_cols, np.int64)
    last = 0
    for c in range(n_cols):
        if ground[c] > 0:
            last = ground[c]
        carried[c] = last
    winged = rng.random() * 0.5
    for c in range(n_cols):
        if track[c] == ENEMY and rng.random() < winged:
            row = n_rows - 1 - ground[c]
            if _put(grid, row - 2 - _below(rng, 2), c, FLYER):
                grid[row, c] = AIR
    _strew(grid, track, carried, n_coins, rng)
    _decorate(grid, track, ground, rng)
    for r in range(n_rows):
        for c in range(n_cols):
            grid[r, c] = codes[grid[r, c]]
