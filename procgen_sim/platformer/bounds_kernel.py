"""Compiled flood of the relaxed physics of :mod:`.bounds`, in one file as numba's cache is.

What can be reached is a set of *moments* – top edge ``y``, speed ``vy`` and a kind – each with the
disjoint intervals of left edges that a body may have in it. An interval that is new is *dirty*; the
work list holds the moments with dirty intervals, and the pieces of ground touched for the first
time. A tick of an interval is a few intersections with the tables of :class:`Place`.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, NamedTuple

import numpy as np
import numpy.typing as npt

from procgen_sim.compiled import jit

if TYPE_CHECKING:
    from procgen_sim.platformer.physics import Rules

    Integers = npt.NDArray[np.int64]


def _numbers(n: int) -> tuple[int, ...]:
    """0 to n − 1 to pass to functions, as numpy's: numba compiles anew for each plain one."""
    return tuple(np.arange(n, dtype=np.int64))


# Kinds of moments: in the air, rising with jump held, in the air after ground has run out; on a
# rung, on the way up or down to one.
AIR, HELD, EDGE, RUNG, UPWARDS, DOWNWARDS = _numbers(6)

# Tables of intervals, by row: where a body fits into one row, into this and the next; where a head
# can hit; where feet may be carried, where they may not be, where they may be let through; where
# hazards let live in one row, in this and the next; where standing does; where a ladder is at the
# foot point.
FREE, FREE_2, HITS, MAY_CARRY, MAY_FALL, MAY_DROP, ALIVE, ALIVE_2, STANDS, LADDER = _numbers(10)
N_TABLES = 10

# Counters; the last three say how much work it was, that the goal was touched, that room ran out.
N_MOMENTS, N_NODES, SPARE, HEAD, TAIL, LATER_HEAD, LATER_TAIL, STEPS, TOUCHED, FULL = range(10)
N_COUNTERS = 10

# Columns of ``moments``: top edge, downward speed, kind, first node, whether on a list.
Y, VY, KIND, FIRST, QUEUED = 0, 1, 2, 3, 4

# Columns of ``nodes``, and the first two of ``spans`` and ``ground``: an interval, the next node
# of the moment, whether it is new; the row of ground, whether it has been reached.
LO, HI, NEXT, DIRTY = 0, 1, 2, 3
ROW, REACHED = 2, 3

# Buffers: what a tick begins with, what comes of it, parts of that, who survives.
HERE, ONE, TWO, CUT, MORE, LAST = _numbers(6)

# Rings of the work list, and numbers to pass.
NOW, LATER = _numbers(2)
STILL, SINGLE = _numbers(2)

# Columns of ``creatures``, as in the kernel of the world.
TOP, LOW, HIGH = 0, 1, 2


class Place(NamedTuple):
    """A level, as the relaxation sees it.

    Attributes
    ----------
    offsets, spans
        The tables: the intervals of table t at row r (from −1, above the level, to ``n_rows``,
        below it) are ``spans[offsets[t, r + 1]:offsets[t, r + 2]]``.
    goals
        ``(rows, columns + 1)`` goal tiles to the left of a column.
    bricks
        ``(rows, columns)`` 1 where a breakable tile is taken to be whole; 2 once it may be hit.
    creatures
        ``(n, 6)`` as in :class:`~.terrain.Terrain`.
    has_goal, has_ladders
        1 if there is a goal tile, a climbable one.
    ground_first, ground
        Pieces of ground: intervals in which a body may stand on the top of a row, their row and
        whether they have been reached; those of row r from ``ground_first[r]`` on.
    """

    offsets: Integers
    spans: Integers
    goals: Integers
    bricks: Integers
    creatures: Integers
    has_goal: int
    has_ladders: int
    ground_first: Integers
    ground: Integers


class Work(NamedTuple):
    """What has been reached, and what is to do.

    Attributes
    ----------
    table
        Hash table of the moments: 1 + their index, 0 for none; its length is a power of 2.
    moments
        ``(n, 5)`` all moments so far.
    nodes
        ``(m, 4)`` their intervals.
    rings
        ``(2, n)`` moments and pieces of ground (−1 − index) to go on with, now and later: jumps
        that are cut short wait until all else is done, so that they are done once.
    buffers
        ``(6, k, 2)`` intervals in hand, sorted and disjoint.
    counters
        ``(10,)`` see above.
    """

    table: npt.NDArray[np.int32]
    moments: Integers
    nodes: Integers
    rings: Integers
    buffers: Integers
    counters: Integers


@jit
def _clip(place: Place, work: Work, table: int, row: int, source: int, n: int, out: int) -> int:
    """The first n intervals of a buffer, cut to those of a table, into another buffer; returns how
    many there are."""
    at = min(max(row + 1, 0), place.offsets.shape[1] - 2)
    first, last = place.offsets[table, at], place.offsets[table, at + 1]
    spans, buffers = place.spans, work.buffers
    found = 0
    for i in range(n):
        lo, hi = buffers[source, i, LO], buffers[source, i, HI]
        end = last
        while first < end:
            middle = (first + end) // 2
            if spans[middle, HI] < lo:
                first = middle + 1
            else:
                end = middle
        at = first
        while at < last and spans[at, LO] <= hi:
            buffers[out, found, LO] = max(lo, spans[at, LO])
            buffers[out, found, HI] = min(hi, spans[at, HI])
            found += 1
            at += 1
    return found


@jit
def _clip_free(
    rules: Rules, place: Place, work: Work, y: int, source: int, n: int, out: int
) -> int:
    """Where a body fits with its top edge at y."""
    top = y // rules.tile
    bottom = (y + rules.body_height - 1) // rules.tile
    if top == bottom or bottom < 0:
        return _clip(place, work, FREE, bottom, source, n, out)
    return _clip(place, work, FREE_2, top, source, n, out)


@jit
def _survive(rules: Rules, place: Place, work: Work, y: int, source: int, n: int) -> int:
    """At the end of a tick: whom no hazard kills with the top edge at y, into buffer ``LAST``; and
    whether the goal is touched."""
    top = (y + rules.hazard_inset) // rules.tile
    bottom = (y + rules.body_height - rules.hazard_inset - 1) // rules.tile
    if top < bottom and bottom >= 0:
        n = _clip(place, work, ALIVE_2, top, source, n, LAST)
    else:
        n = _clip(place, work, ALIVE, bottom, source, n, LAST)
    _look_for_goal(rules, place, work, y, LAST, n)
    return n


@jit
def _look_for_goal(rules: Rules, place: Place, work: Work, y: int, source: int, n: int) -> None:
    n_rows, n_columns = place.bricks.shape
    if not place.has_goal:
        return
    for row in range(
        max(y // rules.tile, 0), min((y + rules.body_height - 1) // rules.tile, n_rows - 1) + 1
    ):
        if place.goals[row, n_columns] == 0:
            continue
        for i in range(n):
            first = work.buffers[source, i, LO] // rules.tile
            last = (work.buffers[source, i, HI] + rules.body_width - 1) // rules.tile
            if place.goals[row, min(last, n_columns - 1) + 1] > place.goals[row, first]:
                work.counters[TOUCHED] = 1


@jit
def _wider(work: Work, by: int, n: int) -> int:
    """What is in buffer ``HERE``, wider on both sides, into buffer ``ONE``."""
    buffers = work.buffers
    found = 0
    for i in range(n):
        lo, hi = buffers[HERE, i, LO] - by, buffers[HERE, i, HI] + by
        if found > 0 and buffers[ONE, found - 1, HI] >= lo:
            buffers[ONE, found - 1, HI] = hi
        else:
            buffers[ONE, found, LO] = lo
            buffers[ONE, found, HI] = hi
            found += 1
    return found


@jit
def _enqueue(work: Work, item: int, ring: int) -> None:
    tail = TAIL if ring == 0 else LATER_TAIL
    work.rings[ring, work.counters[tail]] = item
    work.counters[tail] = (work.counters[tail] + 1) % work.rings.shape[1]


@jit
def _moment(work: Work, y: int, vy: int, kind: int) -> int:
    """The index of a moment, made if it is new; −1 if there is no room."""
    mask = work.table.shape[0] - 1
    mixed = y * 40503 + vy * 2654435 + kind * 7919
    slot = (mixed ^ (mixed >> 15)) & mask
    moments = work.moments
    while work.table[slot] > 0:
        known = work.table[slot] - 1
        if moments[known, Y] == y and moments[known, VY] == vy and moments[known, KIND] == kind:
            return int(known)
        slot = (slot + 1) & mask
    new = work.counters[N_MOMENTS]
    if new == moments.shape[0]:
        return -1
    work.counters[N_MOMENTS] = new + 1
    work.table[slot] = new + 1
    moments[new, Y] = y
    moments[new, VY] = vy
    moments[new, KIND] = kind
    moments[new, FIRST] = -1
    moments[new, QUEUED] = 0
    return int(new)


@jit
def _add(work: Work, y: int, vy: int, kind: int, lo: int, hi: int, ring: int) -> None:
    """Add an interval to a moment, and the moment to the work list if that was new."""
    nodes, count = work.nodes, work.counters
    moment = _moment(work, y, vy, kind)
    if moment < 0:
        count[FULL] = 1
        return
    before = -1
    at = work.moments[moment, FIRST]
    while at >= 0 and nodes[at, HI] < lo - 1:
        before = at
        at = nodes[at, NEXT]
    if at >= 0 and nodes[at, LO] <= lo and nodes[at, HI] >= hi:
        return
    while at >= 0 and nodes[at, LO] <= hi + 1:
        lo = min(lo, nodes[at, LO])
        hi = max(hi, nodes[at, HI])
        after = nodes[at, NEXT]
        nodes[at, NEXT] = count[SPARE]
        count[SPARE] = at
        at = after
    new = count[SPARE]
    if new >= 0:
        count[SPARE] = nodes[new, NEXT]
    else:
        new = count[N_NODES]
        if new == nodes.shape[0]:
            count[FULL] = 1
            return
        count[N_NODES] = new + 1
    nodes[new, LO] = lo
    nodes[new, HI] = hi
    nodes[new, NEXT] = at
    nodes[new, DIRTY] = 1
    if before >= 0:
        nodes[before, NEXT] = new
    else:
        work.moments[moment, FIRST] = new
    if not work.moments[moment, QUEUED]:
        work.moments[moment, QUEUED] = 1
        _enqueue(work, moment, ring)


@jit
def _add_all(work: Work, y: int, vy: int, kind: int, source: int, n: int, ring: int) -> None:
    for i in range(n):
        _add(work, y, vy, kind, work.buffers[source, i, LO], work.buffers[source, i, HI], ring)


@jit
def _arrive(
    rules: Rules, place: Place, work: Work, y: int, vy: int, kind: int, source: int, n: int
) -> None:
    """The end of a tick in the air: who is alive is there."""
    if n > 0 and y <= place.bricks.shape[0] * rules.tile:
        n = _survive(rules, place, work, y, source, n)
        _add_all(work, y, vy, kind, LAST, n, NOW)


@jit
def _land(place: Place, work: Work, row: int, source: int, n: int) -> None:
    """Feet on top of a row: the pieces of ground there are reached."""
    if row < 0 or row >= place.bricks.shape[0]:
        return
    last = place.ground_first[row + 1]
    for i in range(n):
        lo, hi = work.buffers[source, i, LO], work.buffers[source, i, HI]
        for piece in range(place.ground_first[row], last):
            if place.ground[piece, LO] > hi:
                break
            if place.ground[piece, HI] >= lo and not place.ground[piece, REACHED]:
                place.ground[piece, REACHED] = 1
                _enqueue(work, -1 - piece, NOW)


@jit
def _climb_to(
    rules: Rules, place: Place, work: Work, y: int, kind: int, source: int, n: int
) -> None:
    """The end of a tick on a ladder; on a rung one may be off it."""
    if n == 0:
        return
    feet = y + rules.body_height
    n = _survive(rules, place, work, y, source, n)
    if feet % rules.rung != 0:
        _add_all(work, y, STILL, kind, LAST, n, NOW)
        return
    m = _clip(place, work, LADDER, (feet - 1) // rules.tile, LAST, n, CUT)
    _add_all(work, y, STILL, RUNG, CUT, m, NOW)
    _add_all(work, y, STILL, AIR, LAST, n, NOW)
    if feet % rules.tile == 0:
        m = _clip(place, work, MAY_CARRY, feet // rules.tile, LAST, n, CUT)
        _land(place, work, feet // rules.tile, CUT, m)


@jit
def _hold(rules: Rules, place: Place, work: Work, y: int, n: int) -> None:
    """Taking hold of a ladder with up: on the rung at or above the feet, or on the way up."""
    rung = (y + rules.body_height) // rules.rung * rules.rung
    y = rung - rules.body_height
    n = _clip(place, work, LADDER, (rung - 1) // rules.tile, HERE, n, ONE)
    if n == 0:
        return
    n = _clip_free(rules, place, work, y, ONE, n, TWO)
    _climb_to(rules, place, work, y, RUNG, TWO, n)
    n = _clip_free(rules, place, work, y - rules.rung, TWO, n, ONE)
    _climb_to(rules, place, work, y - rules.climb_speed, UPWARDS, ONE, n)


@jit
def _climb_down(rules: Rules, place: Place, work: Work, y: int, n: int) -> None:
    """From a rung or from the ground to the rung below."""
    below = y + rules.body_height + rules.rung
    n = _clip(place, work, LADDER, (below - 1) // rules.tile, HERE, n, ONE)
    n = _clip_free(rules, place, work, y + rules.rung, ONE, n, TWO)
    _climb_to(rules, place, work, y + rules.climb_speed, DOWNWARDS, TWO, n)


@jit
def _climb(rules: Rules, place: Place, work: Work, y: int, kind: int, n: int) -> None:
    """A tick on a ladder."""
    if kind != RUNG:
        way = rules.climb_speed if kind == DOWNWARDS else -rules.climb_speed
        _climb_to(rules, place, work, y + way, kind, HERE, n)
        return
    _add_all(work, y, -rules.jump_speed, HELD, HERE, n, NOW)
    _climb_to(rules, place, work, y, RUNG, HERE, n)
    m = _clip_free(rules, place, work, y - rules.rung, HERE, n, ONE)
    _climb_to(rules, place, work, y - rules.climb_speed, UPWARDS, ONE, m)
    _climb_down(rules, place, work, y, n)
    m = _wider(work, rules.climb_speed, n)
    m = _clip_free(rules, place, work, y, ONE, m, TWO)
    _climb_to(rules, place, work, y, RUNG, TWO, m)


@jit
def _stomp(rules: Rules, place: Place, work: Work, y: int, source: int, n: int) -> None:
    """Bounces from creatures, wherever on their beat they may be."""
    feet = y + rules.body_height
    buffers = work.buffers
    for c in range(place.creatures.shape[0]):
        top = place.creatures[c, TOP]
        if feet <= top or feet - top > rules.stomp_reach or y >= top + rules.enemy_size:
            continue
        low = place.creatures[c, LOW] - rules.body_width + 1
        high = place.creatures[c, HIGH] + rules.enemy_size - 1
        found = STILL
        for i in range(n):
            if buffers[source, i, LO] <= high and buffers[source, i, HI] >= low:
                buffers[CUT, found, LO] = max(low, buffers[source, i, LO])
                buffers[CUT, found, HI] = min(high, buffers[source, i, HI])
                found += 1
        if found == 0:
            continue
        at = top - rules.body_height
        m = _clip_free(rules, place, work, at, CUT, found, MORE)
        m = _survive(rules, place, work, at, MORE, m)
        _add_all(work, at, -rules.stomp_speed, AIR, LAST, m, NOW)
        _add_all(work, at, -rules.jump_speed, HELD, LAST, m, NOW)


@jit
def _bump(rules: Rules, place: Place, work: Work, row: int, source: int, n: int) -> None:
    """Heads that may hit the tiles of a row from below."""
    n = _clip(place, work, HITS, row, source, n, CUT)
    speed = min(rules.gravity, rules.max_fall)
    _arrive(rules, place, work, (row + 1) * rules.tile, speed, AIR, CUT, n)
    if row < 0:
        return
    for i in range(n):
        last = (work.buffers[CUT, i, HI] + rules.body_width - 1) // rules.tile
        for col in range(work.buffers[CUT, i, LO] // rules.tile, last + 1):
            if place.bricks[row, col]:
                place.bricks[row, col] = 2


@jit
def _fly(rules: Rules, place: Place, work: Work, y: int, vy: int, kind: int, n: int) -> None:
    """A tick in the air."""
    if kind == HELD:
        _add_all(work, y, -rules.cut_speed, AIR, HERE, n, LATER)
    late = vy // rules.gravity
    if kind == EDGE:
        ledge = y - rules.gravity * (late * (late - 1) // 2)
        m = _clip_free(rules, place, work, ledge, HERE, n, ONE)
        _add_all(work, ledge, -rules.jump_speed, HELD, ONE, m, NOW)
    if vy >= 0 and place.has_ladders:
        _hold(rules, place, work, y, n)
    n = _wider(work, rules.run_speed, n)
    n = _clip_free(rules, place, work, y, ONE, n, TWO)
    speed = min(vy + rules.gravity, rules.max_fall)
    if late == rules.coyote_ticks if kind == EDGE else speed >= -rules.cut_speed:
        kind = AIR
    there = TWO
    if vy < 0:
        row = (y + vy) // rules.tile
        if row != y // rules.tile:
            _bump(rules, place, work, row, TWO, n)
            n = _clip(place, work, FREE, row, TWO, n, ONE)
            there = ONE
    else:
        feet = y + rules.body_height
        row = (feet + vy - 1) // rules.tile
        if feet <= row * rules.tile:
            _land(place, work, row, CUT, _clip(place, work, MAY_CARRY, row, TWO, n, CUT))
            n = _clip(place, work, FREE, row, TWO, n, ONE)
            there = ONE
        if vy > 0:
            _stomp(rules, place, work, y + vy, there, n)
    _arrive(rules, place, work, y + vy, speed, kind, there, n)


@jit
def _stand(rules: Rules, place: Place, work: Work, piece: int) -> None:
    """A piece of ground: all of it is walked, and left in every way."""
    row = place.ground[piece, ROW]
    y = row * rules.tile - rules.body_height
    last = place.ground[piece, HI]
    work.buffers[HERE, 0, LO] = place.ground[piece, LO]
    work.buffers[HERE, 0, HI] = last
    _look_for_goal(rules, place, work, y, HERE, SINGLE)
    n_columns = place.bricks.shape[1]
    if not place.has_goal and last + rules.body_width // 2 >= (n_columns - 1) * rules.tile:
        work.counters[TOUCHED] = 1
    _add_all(work, y, -rules.jump_speed, HELD, HERE, SINGLE, NOW)
    if place.has_ladders:
        _hold(rules, place, work, y, SINGLE)
        _climb_down(rules, place, work, y, SINGLE)
    n = _wider(work, rules.run_speed, SINGLE)
    n = _clip_free(rules, place, work, y, ONE, n, TWO)
    _land(place, work, row, TWO, n)
    m = _clip(place, work, MAY_FALL, row, TWO, n, CUT)
    kind = EDGE if rules.coyote_ticks > 0 else AIR
    _arrive(rules, place, work, y, rules.gravity, kind, CUT, m)
    m = _clip(place, work, MAY_DROP, row, TWO, n, CUT)
    m = _clip(place, work, FREE, row, CUT, m, ONE)
    _arrive(rules, place, work, y + rules.gravity, rules.gravity, AIR, ONE, m)


@jit
def find_ground(rules: Rules, place: Place, work: Work) -> None:
    """Fill in the pieces of ground of a place."""
    n_rows, n_columns = place.bricks.shape
    buffers = work.buffers
    found = 0
    for row in range(n_rows):
        place.ground_first[row] = found
        y = row * rules.tile - rules.body_height
        buffers[HERE, 0, LO] = 0
        buffers[HERE, 0, HI] = n_columns * rules.tile - rules.body_width
        n = _clip(place, work, MAY_CARRY, row, HERE, SINGLE, ONE)
        n = _clip_free(rules, place, work, y, ONE, n, TWO)
        n = _survive(rules, place, work, y, TWO, n)
        n = _clip(place, work, STANDS, row, LAST, n, ONE)
        for i in range(n):
            place.ground[found, LO] = buffers[ONE, i, LO]
            place.ground[found, HI] = buffers[ONE, i, HI]
            place.ground[found, ROW] = row
            place.ground[found, REACHED] = 0
            found += 1
    place.ground_first[n_rows] = found
    work.counters[TOUCHED] = 0


@jit
def flood(
    rules: Rules, place: Place, work: Work, x: int, y: int, budget: int, stop_at_goal: bool
) -> bool:
    """Everything that the relaxed physics reach from a body at (x, y).

    Parameters
    ----------
    rules, place, work
        The numbers, the level with its ground found, and an empty work space.
    x, y
        Left and top edge at the start.
    budget
        Ticks of intervals after which to give up.
    stop_at_goal
        Whether to stop once the goal has been touched.

    Returns
    -------
    Whether nothing is left to do; ``work.counters[TOUCHED]`` says whether the goal was touched.
    """
    count = work.counters
    count[SPARE] = -1
    nodes = work.nodes
    # Each intersection adds as many intervals as a table has in a row, at most one a column.
    room = work.buffers.shape[1] // 4
    _add(work, y, STILL, AIR, x, x, NOW)
    while not count[FULL] and not (stop_at_goal and count[TOUCHED]):
        if count[HEAD] == count[TAIL]:
            if count[LATER_HEAD] == count[LATER_TAIL]:
                return True
            while count[LATER_HEAD] != count[LATER_TAIL]:
                _enqueue(work, work.rings[1, count[LATER_HEAD]], NOW)
                count[LATER_HEAD] = (count[LATER_HEAD] + 1) % work.rings.shape[1]
        item = work.rings[0, count[HEAD]]
        count[HEAD] = (count[HEAD] + 1) % work.rings.shape[1]
        if count[STEPS] >= budget:
            return False
        if item < 0:
            count[STEPS] += 1
            _stand(rules, place, work, -1 - item)
            continue
        work.moments[item, QUEUED] = 0
        n = 0
        at = work.moments[item, FIRST]
        while at >= 0:
            if nodes[at, DIRTY]:
                if n == room:
                    work.moments[item, QUEUED] = 1
                    _enqueue(work, item, NOW)
                    break
                nodes[at, DIRTY] = 0
                work.buffers[HERE, n, LO] = nodes[at, LO]
                work.buffers[HERE, n, HI] = nodes[at, HI]
                n += 1
            at = nodes[at, NEXT]
        count[STEPS] += n
        y, vy, kind = work.moments[item, Y], work.moments[item, VY], work.moments[item, KIND]
        if kind >= RUNG:
            _climb(rules, place, work, y, kind, n)
        else:
            _fly(rules, place, work, y, vy, kind, n)
    return False
