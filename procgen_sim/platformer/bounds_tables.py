"""A level in tables, for the relaxation of :mod:`.bounds`: where the middle, the head, the feet or
the whole of a body may be, as intervals of its left edge, row by row."""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

import numpy as np
import numpy.typing as npt

from procgen_sim.levels import Affordance, Flags
from procgen_sim.platformer.physics import Rules
from procgen_sim.platformer.terrain import Terrain

if TYPE_CHECKING:
    from procgen_sim.platformer.bounds_kernel import Place, Work

__all__ = ["explore", "fits", "has", "moments"]

Mask = npt.NDArray[np.bool_]
Integers = npt.NDArray[np.int64]

MOMENTS_PER_ROW: Final = 8192
"""Room for moments, at least. A row of take-offs has about 2000 in all; creatures and ladders add
heights to take off from."""


def has(flags: Flags, affordance: Affordance) -> Mask:
    """Which tiles afford any of something."""
    found: Mask = (flags & np.uint16(affordance)) != 0
    return found


def fits(terrain: Terrain, rules: Rules) -> bool:
    """Whether the relaxation covers these rules, and a body in this start."""
    assert terrain.start is not None
    x, y = terrain.start
    row, col = y // rules.tile, x // rules.tile
    speeds = (rules.run_speed, rules.jump_speed, rules.stomp_speed, rules.max_fall)
    return (
        not has(terrain.flags, Affordance.SOLID)[row, col]
        and 0 < rules.body_width <= rules.tile
        and 0 < rules.body_height <= rules.tile < 1 << 16
        and min(speeds) >= 0
        and max(speeds) < min(rules.tile, 1 << 13)
        and 0 <= rules.cut_speed <= rules.jump_speed
        and 0 < rules.gravity <= rules.max_fall
        and 0 <= rules.coyote_ticks * rules.gravity <= rules.max_fall
        and 0 <= rules.stomp_reach < rules.tile
        and 0 <= 2 * rules.hazard_inset < min(rules.body_width, rules.body_height)
        and 0 < rules.climb_speed <= rules.rung <= rules.body_height
        and rules.rung % rules.climb_speed == 0
        and rules.tile % rules.rung == 0
    )


def explore(
    terrain: Terrain, both: Mask, rules: Rules, budget: int, whole: bool
) -> tuple[Place, Work, bool]:
    """Flood a level.

    Parameters
    ----------
    terrain
        The level.
    both
        ``(rows, columns)`` the breakable tiles that are taken to be whole and gone at once.
    rules, budget, whole
        As in :func:`~.bounds.beyond_reach`.

    Returns
    -------
    The level as it was flooded, what was reached, and whether nothing was left to do.
    """
    from procgen_sim.platformer.bounds_kernel import (
        N_COUNTERS,
        Work,
        find_ground,
        flood,
    )

    assert terrain.start is not None
    place = _make_place(terrain, both, rules)
    n_rows, n_columns = both.shape
    n_moments = 1 << (n_rows * MOMENTS_PER_ROW).bit_length()
    work = Work(
        table=np.zeros(2 * n_moments, np.int32),
        moments=np.empty((n_moments, 5), np.int64),
        nodes=np.empty((4 * n_moments, 4), np.int64),
        rings=np.empty((2, n_moments + len(place.ground) + 1), np.int64),
        buffers=np.empty((6, 8 * (n_columns + 2), 2), np.int64),
        counters=np.zeros(N_COUNTERS, np.int64),
    )
    find_ground(rules, place, work)
    done = flood(rules, place, work, *terrain.start, budget, not whole)
    return place, work, bool(done)


def moments(place: Place, work: Work, rules: Rules) -> Integers:
    """``(n, 5)`` all that was reached: first and last left edge, top edge, downward speed and
    kind (as in :mod:`.bounds_kernel`; −1 for standing)."""
    from procgen_sim.platformer.bounds_kernel import FIRST, N_MOMENTS, NEXT, REACHED, ROW

    rows = []
    reached = work.moments[: work.counters[N_MOMENTS]]
    at = reached[:, FIRST]
    while len(at):
        rows.append(np.column_stack([work.nodes[at, :2], reached[:, :3]]))
        at = work.nodes[at, NEXT]
        reached, at = reached[at >= 0], at[at >= 0]
    ground = place.ground[: place.ground_first[-1]]
    ground = ground[ground[:, REACHED] != 0]
    y = ground[:, ROW] * rules.tile - rules.body_height
    rows.append(np.column_stack([ground[:, :2], y, 0 * y, 0 * y - 1]))
    return np.concatenate(rows)


def _make_place(terrain: Terrain, both: Mask, rules: Rules) -> Place:
    from procgen_sim.platformer.bounds_kernel import (
        ALIVE,
        ALIVE_2,
        FREE,
        FREE_2,
        HITS,
        LADDER,
        MAY_CARRY,
        MAY_DROP,
        MAY_FALL,
        N_TABLES,
        STANDS,
        Place,
    )

    flags = terrain.flags
    n_rows, n_columns = flags.shape
    solid, hazard = has(flags, Affordance.SOLID), has(flags, Affordance.HAZARD)
    ladder = has(flags, Affordance.CLIMBABLE)
    one_way = has(flags, Affordance.ONE_WAY)
    top = ladder & ~_above(ladder)
    # With the ladder above it broken away, another rung is the top.
    may_be_top = ladder & ~_above(ladder & ~both)
    light = (one_way | may_be_top) & ~solid
    # A column that is solid in the top row is so up to the sky.
    blocked, may_block = _framed(solid & ~both, sky=True), _framed(solid, sky=True)
    deadly = _framed(hazard & ~solid)

    tile, width, inset = rules.tile, rules.body_width, rules.hazard_inset
    body = (width - 1, tile - 1)
    inside = (width - 1 - inset, tile - 1 - inset)
    foot = (width // 2, tile - 1 - width // 2)
    tables = {
        FREE: (~blocked, *_outside(*body, tile)),
        FREE_2: (~_with_next(blocked), *_outside(*body, tile)),
        HITS: (may_block, *body),
        MAY_CARRY: (_framed(solid | light), *body),
        MAY_FALL: (
            ~_framed((solid & ~both) | ((one_way | top) & ~solid)),
            *_outside(*body, tile),
        ),
        MAY_DROP: (_framed(light), *body),
        ALIVE: (~deadly, *_outside(*inside, tile)),
        ALIVE_2: (~_with_next(deadly), *_outside(*inside, tile)),
        STANDS: (~_framed(hazard & solid & ~both), *_outside(*foot, tile)),
        LADDER: (_framed(ladder & ~solid), *foot),
    }
    offsets = np.zeros((N_TABLES, n_rows + 3), np.int64)
    spans: list[Integers] = []
    n = 0
    for table in range(N_TABLES):
        row, lo, hi = _runs(*tables[table], tile, n_columns * tile - width)
        offsets[table, 0] = n
        offsets[table, 1:] = n + np.bincount(row, minlength=n_rows + 2).cumsum()
        n += len(row)
        spans.append(np.column_stack([lo, hi]))
    goals = np.zeros((n_rows, n_columns + 1), np.int64)
    goals[:, 1:] = has(flags, Affordance.GOAL).cumsum(1)
    return Place(
        offsets=offsets,
        spans=np.concatenate(spans),
        goals=goals,
        bricks=(solid & has(flags, Affordance.BREAKABLE) & ~both).astype(np.int64),
        creatures=terrain.creatures.copy(),
        has_goal=int(terrain.has_goal),
        has_ladders=int(ladder.any()),
        ground_first=np.zeros(n_rows + 1, np.int64),
        ground=np.zeros((n_rows * 4 * (n_columns + 1), 4), np.int64),
    )


def _above(mask: Mask) -> Mask:
    """What the row above has."""
    return np.concatenate([np.zeros_like(mask[:1]), mask[:-1]])


def _framed(mask: Mask, *, sky: bool = False) -> Mask:
    """With a row above, empty or as the top row is, and an empty one below."""
    nothing = np.zeros_like(mask[:1])
    return np.concatenate([mask[:1] if sky else nothing, mask, nothing])


def _with_next(mask: Mask) -> Mask:
    """What a row or the one below it has."""
    both = mask.copy()
    both[:-1] |= mask[1:]
    return both


def _outside(before: int, after: int, tile: int) -> tuple[int, int]:
    """The reach of what is between two tiles that reach ``before`` and ``after``."""
    return tile - after - 1, tile - before - 1


def _runs(
    mask: Mask, before: int, after: int, tile: int, limit: int
) -> tuple[Integers, Integers, Integers]:
    """Row, first and last left edge of each run of tiles, which begins ``before`` units before the
    first one's left edge and ends ``after`` units after the last one's, within the level."""
    edge = np.zeros((len(mask), 1), np.bool_)
    steps = np.diff(np.concatenate([edge, mask, edge], axis=1).astype(np.int8), axis=1)
    row, first = np.nonzero(steps == 1)
    last = np.nonzero(steps == -1)[1] - 1
    lo = np.maximum(first * tile - before, 0)
    hi = np.minimum(last * tile + after, limit)
    there = lo <= hi
    return row[there], lo[there], hi[there]
