"""Compiled: where the challenges of a level start, with exactly the wanted rhythm."""

from __future__ import annotations

import numpy as np
import numpy.typing as npt

from procgen_sim.compiled import jit

GAP_RATE, GAP_WIDTH, PLATFORM_RATE, ENEMY_RATE, HAZARD_RATE, RHYTHM = 0, 1, 4, 6, 7, 10
PLAIN, GAP, HAZARD, ENEMY = 0, 1, 2, 3
WIDEST_GAP = 5
# How much wider a gap may be for each plank hung in it to land on.
PER_PLANK = 8
LONGEST_SPIKES = 4


@jit
def _below(rng: np.random.Generator, n: int) -> int:
    """A whole number from 0 to n - 1."""
    return int(rng.random() * n)


@jit
def _spread(total: int, n: int, most: int, rng: np.random.Generator) -> npt.NDArray[np.int64]:
    """``(n,)`` whole numbers from 1 to ``most`` that sum to ``total`` as nearly as they can."""
    parts = np.ones(n, np.int64)
    left = min(total, most * n) - n
    while left > 0:
        i = _below(rng, n)
        if parts[i] < most:
            parts[i] += 1
            left -= 1
    return parts


@jit
def _tune(
    spacings: npt.NDArray[np.int64],
    least: npt.NDArray[np.int64],
    variation: float,
    rng: np.random.Generator,
) -> None:
    """Move columns between spacings, in place, until their coefficient of variation fits.

    The sum stays, so only the sum of squares has to be steered; every accepted move brings it
    nearer, and two random spacings at a time keep the order without pattern.
    """
    n = len(spacings)
    total, squares = 0, 0.0
    for i in range(n):
        total += spacings[i]
        squares += spacings[i] * spacings[i]
    wanted = total * total * (variation * variation + 1.0) / n
    for _ in range(60 * n):
        error = squares - wanted
        if abs(error) <= 1.0:
            break
        i = _below(rng, n)
        j = _below(rng, n)
        slack = spacings[i] - least[i]
        if i == j or slack < 1:
            continue
        u = rng.random()
        step = 1 + int(u * u * slack)
        change = 2.0 * step * (spacings[j] - spacings[i] + step)
        if abs(error + change) < abs(error):
            spacings[i] -= step
            spacings[j] += step
            squares += change


@jit
def lay_track(
    vector: npt.NDArray[np.float64],
    n_cols: int,
    run_up: int,
    rng: np.random.Generator,
) -> npt.NDArray[np.int8]:
    """Place gaps, runs of spikes and enemies along a level.

    Parameters
    ----------
    vector
        ``(11,)`` a buildable design vector.
    n_cols
        Columns of the level.
    run_up
        Columns left free of challenges at either end.
    rng
        The level's stream.

    Returns
    -------
    ``(n_cols,)`` int8 per column: 0 plain, 1 gap, 2 spikes, 3 an enemy.
    """
    track = np.zeros(n_cols, np.int8)
    n_gaps = int(vector[GAP_RATE] * n_cols / 100.0 + 0.5)
    n_enemies = int(vector[ENEMY_RATE] * n_cols / 100.0 + 0.5)
    n_spikes = int(vector[HAZARD_RATE] * n_cols / 100.0 + 0.5)
    widest = WIDEST_GAP
    if vector[GAP_WIDTH] > WIDEST_GAP:
        n_platforms = int(vector[PLATFORM_RATE] * n_cols / 100.0 + 0.5)
        widest += PER_PLANK * (n_platforms // max(n_gaps, 1))
    widths = _spread(int(vector[GAP_WIDTH] * n_gaps + 0.5), n_gaps, widest, rng)

    kinds = np.empty(n_gaps + n_enemies + n_spikes, np.int64)
    sizes = np.empty(n_gaps + n_enemies + n_spikes, np.int64)
    n = 0
    for i in range(n_gaps):
        kinds[n], sizes[n] = GAP, widths[i]
        n += 1
    left = n_spikes
    # With little else, single spikes: a rhythm needs onsets.
    longest = 1 + _below(rng, LONGEST_SPIKES) if n_gaps + n_enemies >= 4 else 1
    while left > 0:
        kinds[n], sizes[n] = HAZARD, min(left, 1 + _below(rng, longest))
        left -= sizes[n]
        n += 1
    for _ in range(n_enemies):
        kinds[n], sizes[n] = ENEMY, 1
        n += 1
    for i in range(n - 1, 0, -1):
        j = _below(rng, i + 1)
        kinds[i], kinds[j] = kinds[j], kinds[i]
        sizes[i], sizes[j] = sizes[j], sizes[i]
    if n == 0:
        return track

    # Room to land after each challenge: two columns; one in a crowd, or for bursts and rests.
    room = n_cols - 2 * run_up
    least = np.empty(n, np.int64)
    clear = 2
    while True:
        needed = sizes[n - 1]
        for i in range(n - 1):
            least[i] = sizes[i] + clear
            if kinds[i] == ENEMY and kinds[i + 1] != ENEMY:
                least[i] = clear
            needed += least[i]
        enough = room * (1.0 - 0.3 * min(vector[RHYTHM], 1.5)) if clear == 2 else room
        if needed <= enough or n == 1:
            break
        if clear == 2:
            clear = 1
        else:
            n -= 1
    slack = max(0, room - needed)
    margin = _below(rng, 1 + min(slack // 8, 6))
    slack -= margin
    column = run_up + _below(rng, margin + 1)

    if n == 1:
        column += _below(rng, slack + 1)
    spacings = least[: n - 1].copy()
    if n > 1:
        shares = np.empty(n - 1, np.float64)
        total = 0.0
        for i in range(n - 1):
            shares[i] = (-np.log(1.0 - rng.random())) ** max(vector[RHYTHM], 0.05)
            total += shares[i]
        before, after = 0.0, 0.0
        for i in range(n - 1):
            after += shares[i] / total * slack
            spacings[i] += int(after + 0.5) - int(before + 0.5)
            before = after
    if n > 2:
        _tune(spacings, least[: n - 1], vector[RHYTHM], rng)
    for i in range(n):
        for c in range(column, min(column + sizes[i], n_cols - run_up)):
            track[c] = kinds[i]
        if i < n - 1:
            column += spacings[i]
    return track
