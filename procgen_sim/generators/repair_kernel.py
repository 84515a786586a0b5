"""Compiled: move design vectors to buildable ones near them."""

from __future__ import annotations

import numpy as np
import numpy.typing as npt

from procgen_sim.compiled import jit

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

# Hard limits: what the builder can make at all, wider than the natural ranges.
MOST_GAPS, WIDEST_GAP, WIDEST_BRIDGED, PER_PLANK = 20.0, 5.0, 26.0, 8.0
HEAD_ROOM = 7.0
STEEPEST = 1.6
MOST_PLATFORMS, LOWEST_PLATFORM, ROWS_OVER_PLATFORM = 32.0, 2.0, 4.0
MOST_ENEMIES, MOST_HAZARDS, MOST_COINS = 35.0, 35.0, 100.0
HIGHEST_PLANK = 3.0
LEAST_ONSETS = 3
CROWDED = 0.9


@jit
def _clip(x: float, low: float, high: float) -> float:
    return min(max(x, low), high)


@jit
def _pair(
    vector: npt.NDArray[np.float64],
    scale: npt.NDArray[np.float64],
    count: int,
    size: int,
    one: float,
    least: float,
    most: float,
) -> None:
    """A rate and the mean size of what it counts: both zero, or one at least of a real size."""
    if vector[count] <= 0.0 and vector[size] <= 0.0:
        vector[count] = 0.0
        vector[size] = 0.0
        return
    rate = max(vector[count], one)
    extent = _clip(vector[size], least, most)
    to_some = ((rate - vector[count]) / scale[count]) ** 2 + (
        (extent - vector[size]) / scale[size]
    ) ** 2
    to_none = (vector[count] / scale[count]) ** 2 + (vector[size] / scale[size]) ** 2
    if to_none < to_some:
        rate, extent = 0.0, 0.0
    vector[count] = rate
    vector[size] = extent


@jit
def repair_vector(
    asked: npt.NDArray[np.float64],
    scale: npt.NDArray[np.float64],
    n_rows: int,
    n_cols: int,
    run_up: int,
) -> npt.NDArray[np.float64]:
    """The nearest vector that can be built, limit by limit.

    Parameters
    ----------
    asked
        ``(11,)`` any finite design vector.
    scale
        ``(11,)`` widths of the natural ranges: the unit of nearness.
    n_rows, n_cols, run_up
        The level to be built; columns without challenges at either end.

    Returns
    -------
    ``(11,)`` a buildable vector; a vector that is buildable comes back unchanged.
    """
    v = asked.copy()
    one = 100.0 / n_cols
    highest = max(1.0, n_rows - HEAD_ROOM)
    v[GAP_RATE] = _clip(v[GAP_RATE], 0.0, MOST_GAPS)
    v[GAP_WIDTH] = _clip(v[GAP_WIDTH], 0.0, WIDEST_BRIDGED)
    v[GROUND_HEIGHT] = _clip(v[GROUND_HEIGHT], 1.0, highest)
    v[ROUGHNESS] = _clip(v[ROUGHNESS], 0.0, STEEPEST)
    v[PLATFORM_RATE] = _clip(v[PLATFORM_RATE], 0.0, MOST_PLATFORMS)
    v[PLATFORM_HEIGHT] = max(v[PLATFORM_HEIGHT], 0.0)
    v[ENEMY_RATE] = _clip(v[ENEMY_RATE], 0.0, MOST_ENEMIES)
    v[HAZARD_RATE] = _clip(v[HAZARD_RATE], 0.0, MOST_HAZARDS)
    v[COIN_RATE] = _clip(v[COIN_RATE], 0.0, MOST_COINS)
    v[CEILING] = _clip(v[CEILING], 0.0, 1.0)

    # Steps need room up and down: a rough level is neither the lowest nor the highest.
    room = (highest - 1.0) / 2.0
    v[ROUGHNESS] = min(v[ROUGHNESS], STEEPEST * room)
    margin = v[ROUGHNESS] / STEEPEST
    v[GROUND_HEIGHT] = _clip(v[GROUND_HEIGHT], 1.0 + margin, highest - margin)

    # A platform hangs between the ground and the rows of a ceiling.
    tallest = n_rows - ROWS_OVER_PLATFORM + 1.0 - v[GROUND_HEIGHT]
    _pair(v, scale, PLATFORM_RATE, PLATFORM_HEIGHT, one, LOWEST_PLATFORM, tallest)

    # Wider than a jump only with planks to land on, the same number in every gap.
    planks = 0
    if v[GAP_RATE] > 0.0:
        n_gaps = max(1, int(v[GAP_RATE] * n_cols / 100.0 + 0.5))
        planks = int(v[PLATFORM_RATE] * n_cols / 100.0 + 0.5) // n_gaps
    widest = WIDEST_GAP
    if planks > 0:
        widest = min(WIDEST_BRIDGED, WIDEST_GAP + PER_PLANK * planks - 2.0)
    _pair(v, scale, GAP_RATE, GAP_WIDTH, one, 1.0, widest)
    if v[GAP_WIDTH] > WIDEST_GAP:
        # Those planks are within a jump of the ground and hold the mean height of platforms down.
        each = np.ceil((v[GAP_WIDTH] - WIDEST_GAP) / PER_PLANK)
        n_gaps = max(1, int(v[GAP_RATE] * n_cols / 100.0 + 0.5))
        low = min(1.0, n_gaps * each * one / v[PLATFORM_RATE])
        highest_mean = low * HIGHEST_PLANK + (1.0 - low) * tallest
        v[PLATFORM_HEIGHT] = min(v[PLATFORM_HEIGHT], max(highest_mean, LOWEST_PLATFORM))

    # Challenges need their columns and a place to land: together too many, all thin out.
    usable = CROWDED * 100.0 * (n_cols - 2 * run_up) / n_cols
    needed = v[GAP_RATE] * (v[GAP_WIDTH] + 1.0) + 1.5 * v[HAZARD_RATE] + 2.0 * v[ENEMY_RATE]
    if needed > usable * (1.0 + 1e-9):
        share = usable / needed
        for k in (GAP_RATE, HAZARD_RATE, ENEMY_RATE):
            v[k] *= share
        if 0.0 < v[GAP_RATE] < one:
            v[GAP_RATE] = one
            rest = 1.5 * v[HAZARD_RATE] + 2.0 * v[ENEMY_RATE]
            if rest > 0.0:
                share = max(0.0, min(1.0, (usable - one * (v[GAP_WIDTH] + 1.0)) / rest))
                v[HAZARD_RATE] *= share
                v[ENEMY_RATE] *= share

    # Distances between onsets: n of them, none shorter than a challenge and its landing.
    n_gaps = int(v[GAP_RATE] * n_cols / 100.0 + 0.5)
    n_enemies = int(v[ENEMY_RATE] * n_cols / 100.0 + 0.5)
    n_spikes = int(v[HAZARD_RATE] * n_cols / 100.0 + 0.5)
    n_runs = (n_spikes + 1) // 2 if n_gaps + n_enemies >= 4 else n_spikes
    n_onsets = n_gaps + n_enemies + n_runs
    if n_onsets < LEAST_ONSETS:
        v[RHYTHM] = 0.0
    else:
        n = n_onsets - 1
        mean = (n_cols - 2.0 * run_up) / n
        # Most even: what is left beside wide gaps is shared. Least even: one distance has it all.
        wide = v[GAP_WIDTH] + 2.0
        m = min(n_gaps, n - 1)
        even = 0.0
        if wide > mean:
            rest = max(mean * n - m * wide, 0.0) / (n - m)
            even = ((m * (wide - mean) ** 2 + (n - m) * (rest - mean) ** 2) / n) ** 0.5 / mean
        short = (n_gaps * (v[GAP_WIDTH] + 1.0) + n_spikes + n_runs + 2.0 * n_enemies) / n_onsets
        longest = mean * n - (n - 1) * short
        uneven = 0.0
        if longest > mean:
            spread = ((longest - mean) ** 2 + (n - 1) * (mean - short) ** 2) / n
            uneven = 0.9 * spread**0.5 / mean
        v[RHYTHM] = _clip(v[RHYTHM], even, max(uneven, even))
    return v


@jit
def repair_vectors(
    asked: npt.NDArray[np.float64],
    scale: npt.NDArray[np.float64],
    n_rows: int,
    n_cols: int,
    run_up: int,
) -> npt.NDArray[np.float64]:
    """``(n, 11)`` vectors to ``(n, 11)``, each by :func:`repair_vector`."""
    repaired = np.empty_like(asked)
    for i in range(len(asked)):
        repaired[i] = repair_vector(asked[i], scale, n_rows, n_cols, run_up)
    return repaired
