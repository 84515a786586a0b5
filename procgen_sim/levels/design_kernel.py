"""Compiled measurement of the design parameters. The definitions are in :mod:`.design`."""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np
import numpy.typing as npt

from procgen_sim.compiled import jit

if TYPE_CHECKING:
    from procgen_sim.levels.tileset import Flags

# Affordance bits, repeated as plain numbers because a kernel cannot see an enum.
SOLID, ONE_WAY, HAZARD, ENEMY, COLLECTABLE = 1, 2, 4, 8, 16
PASSABLE, BONUS = 512, 1024
N_PARAMETERS = 11
(
    GAP_RATE,
    GAP_WIDTH,
    GROUND_HEIGHT,
    ROUGHNESS,
    PLATFORM_RATE,
    PLATFORM_HEIGHT,
    ENEMY_RATE,
    HAZARD_RATE,
    COIN_RATE,
    CEILING,
    RHYTHM,
) = range(11)


@jit
def _ground_height(flags: Flags, col: int, n_rows: int) -> int:
    """Tiles from the bottom edge to the surface of this column's ground; 0 without ground."""
    row = n_rows - 1
    # Hills are drawn as a one-way top over plain background, all the way down.
    while row >= 0 and flags[row, col] == PASSABLE:
        row -= 1
    if row < 0 or not flags[row, col] & (SOLID | ONE_WAY):
        return 0
    while row > 0 and flags[row, col] & SOLID and flags[row - 1, col] & SOLID:
        row -= 1
    return n_rows - row


@jit
def design_parameters(flags: Flags) -> npt.NDArray[np.float64]:
    """Measure one level.

    Parameters
    ----------
    flags
        ``(rows, columns)`` uint16 affordance bits.

    Returns
    -------
    ``(11,)`` the design parameters, all finite.
    """
    n_rows, n_cols = flags.shape
    out = np.zeros(N_PARAMETERS, np.float64)
    top_rows = min(3, n_rows // 4)

    ground = np.zeros(n_cols, np.int64)
    carried = np.zeros(n_cols, np.int64)
    first = 0
    for c in range(n_cols):
        ground[c] = _ground_height(flags, c, n_rows)
        if first == 0:
            first = ground[c]
    last = first
    for c in range(n_cols):
        if ground[c] > 0:
            last = ground[c]
        carried[c] = last

    n_gaps, n_ground, height_sum, n_pairs, height_change = 0, 0, 0, 0, 0
    for c in range(n_cols):
        if ground[c] > 0:
            n_ground += 1
            height_sum += ground[c]
            if c > 0 and ground[c - 1] > 0:
                n_pairs += 1
                height_change += abs(ground[c] - ground[c - 1])
        elif c == 0 or ground[c - 1] > 0:
            n_gaps += 1

    has_hazard = np.zeros(n_cols, np.bool_)
    has_enemy = np.zeros(n_cols, np.bool_)
    has_ceiling = np.zeros(n_cols, np.bool_)
    n_enemies, n_coins, n_platforms = 0, 0, 0
    platform_height = 0.0
    for r in range(n_rows):
        run_length, run_height = 0, 0
        for c in range(n_cols):
            here = flags[r, c]
            height = n_rows - r
            if here & ENEMY:
                n_enemies += 1
                has_enemy[c] = True
            elif here & HAZARD and (ground[c] > 0 or height > carried[c]):
                # Below the surface of a gap a hazard says only what the gap says already.
                has_hazard[c] = True
            if here & (COLLECTABLE | BONUS):
                n_coins += 1
            floats = height > ground[c]
            overhead = r < top_rows and here & SOLID != 0
            if floats and overhead:
                has_ceiling[c] = True
            if (
                floats
                and not overhead
                and r > 0
                and here & (SOLID | ONE_WAY)
                and not flags[r - 1, c] & SOLID
            ):
                run_length += 1
                run_height += height - carried[c]
            elif run_length > 0:
                n_platforms += 1
                platform_height += run_height / run_length
                run_length, run_height = 0, 0
        if run_length > 0:
            n_platforms += 1
            platform_height += run_height / run_length

    n_hazards, n_ceilings = 0, 0
    n_onsets, onset, spacing_sum, spacing_squares = 0, 0, 0.0, 0.0
    for c in range(n_cols):
        n_hazards += has_hazard[c]
        n_ceilings += has_ceiling[c]
        starts = (
            (ground[c] == 0 and (c == 0 or ground[c - 1] > 0))
            or (has_hazard[c] and (c == 0 or not has_hazard[c - 1]))
            or (has_enemy[c] and (c == 0 or not has_enemy[c - 1]))
        )
        if starts:
            if n_onsets > 0:
                spacing_sum += c - onset
                spacing_squares += (c - onset) ** 2
            onset = c
            n_onsets += 1

    per_100 = 100.0 / n_cols
    out[GAP_RATE] = n_gaps * per_100
    out[GAP_WIDTH] = (n_cols - n_ground) / n_gaps if n_gaps else 0.0
    out[GROUND_HEIGHT] = height_sum / n_ground if n_ground else 0.0
    out[ROUGHNESS] = height_change / n_pairs if n_pairs else 0.0
    out[PLATFORM_RATE] = n_platforms * per_100
    out[PLATFORM_HEIGHT] = platform_height / n_platforms if n_platforms else 0.0
    out[ENEMY_RATE] = n_enemies * per_100
    out[HAZARD_RATE] = n_hazards * per_100
    out[COIN_RATE] = n_coins * per_100
    out[CEILING] = n_ceilings / n_cols
    if n_onsets > 2:
        mean = spacing_sum / (n_onsets - 1)
        out[RHYTHM] = max(0.0, spacing_squares / (n_onsets - 1) - mean * mean) ** 0.5 / mean
    return out
