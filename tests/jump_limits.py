"""How far and how high a jump can go, worked out from the numbers of the rules alone.

No world is played here: a jump is a list of heights, one a tick, and what runs under it is speed
times ticks. Distances in units.
"""

from __future__ import annotations

from collections.abc import Iterator

from procgen_sim.platformer import RULES, Rules

LATTICE = 16
"""All speeds are multiples of it, so no place in between is ever reached."""


def flight(release: int, free: int | None, rules: Rules = RULES) -> Iterator[int]:
    """Height of the feet above the ground, a tick at a time, for a jump let go of in that tick
    (the take-off is tick 1; 0 for never); ``free`` is how far a body can rise to the ceiling."""
    height, speed, rising = 0, rules.jump_speed, True
    tick = 0
    while True:
        tick += 1
        if tick == release and rising:
            speed = min(speed, rules.cut_speed)
            rising = False
        height += speed
        if free is not None and height > free and speed > 0:
            height, speed, rising = free, 0, False
        speed = max(speed - rules.gravity, -rules.max_fall)
        yield height


def highest(rules: Rules = RULES) -> int:
    """Rise of a jump that is held."""
    return sum(range(rules.jump_speed, 0, -rules.gravity))


def ticks_to_land(step: int, free: int | None = None, rules: Rules = RULES) -> int | None:
    """Most ticks from take-off to the landing on ground that is ``step`` units higher; None if
    no jump gets there."""
    best = None
    for release in range(rules.jump_speed // rules.gravity + 1):
        before, landed = 0, None
        for tick, height in enumerate(flight(release, free, rules), 1):
            falls = height < before
            if falls and before >= step > height:
                landed = tick
                break
            if falls and height < step:
                break
            before = height
        if landed is not None:
            best = max(best or 0, landed)
    return best


def widest_gap(
    step: int = 0, head_room: int | None = None, *, run_up: bool = True, rules: Rules = RULES
) -> int:
    """Widest gap in tiles, between ground and ground ``step`` tiles higher (negative: lower).

    With a run-up the body leaves at full speed in the last tick in which it may, from as far out
    as the ground can run out at all; without, it jumps from the edge where it stands. It lands on
    the last bit of its right edge. ``head_room`` is the number of free rows over the near ground.
    """
    free = None if head_room is None else head_room * rules.tile - rules.body_height
    ticks = ticks_to_land(step * rules.tile, free, rules)
    if ticks is None:
        return -1
    if run_up:
        take_off = rules.run_speed - LATTICE + (rules.coyote_ticks - 1) * rules.run_speed
        flown = ticks * rules.run_speed
    else:
        take_off = -LATTICE
        speeds = [min(rules.accel * t, rules.run_speed) for t in range(1, ticks + 1)]
        flown = sum(speeds)
    return (take_off + flown + rules.body_width - LATTICE) // rules.tile


def widest_spikes(rules: Rules = RULES) -> int:
    """Widest row of hazards, standing on flat ground under open sky, that a jump clears, tiles.

    A body may overlap their edges by the inset, and all of them while its feet are at most the
    inset below their top.
    """
    safe = rules.tile - rules.hazard_inset
    tick, low_before, low_after = 0, 0, 0
    for tick, height in enumerate(flight(0, None, rules), 1):
        if height < safe:
            if low_after == 0 and tick > low_before + 1:
                low_after = tick
                break
            low_before = tick
    # Where the left edge is at take-off, seen from the left edge of the row of hazards.
    take_off = rules.hazard_inset - rules.body_width - low_before * rules.run_speed
    return (take_off + low_after * rules.run_speed + rules.hazard_inset) // rules.tile
