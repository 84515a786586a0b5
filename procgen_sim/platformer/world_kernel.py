"""One tick of the platformer, compiled: :mod:`.physics` in code, and the search that plays it.

Kept in one file with the search, as numba's cache is per file. ``rules`` is a
:class:`~.physics.Rules`; ``flags`` ``(rows + 2, columns + 2)`` uint16 are the affordances of the
tiles as they are now, creatures taken out and :func:`framed`; ``creatures`` ``(n, 6)`` and ``gone``
``(n,)`` say where creatures walk and which are knocked out; ``state`` is the int64 vector of
:data:`.world.State`.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np
import numpy.typing as npt

from procgen_sim.compiled import jit, jit_bare

if TYPE_CHECKING:
    from procgen_sim.levels import Flags
    from procgen_sim.platformer.physics import Rules

    Integers = npt.NDArray[np.int64]

# Affordance, Action and Event bits as plain numbers: a kernel cannot see an enum.
SOLID, ONE_WAY, HAZARD, COLLECTABLE, BREAKABLE, CLIMBABLE = 1, 2, 4, 16, 32, 64
GOAL, BONUS = 256, 1024
LEFT, RIGHT, JUMP, DOWN, UP = 1, 2, 4, 8, 16
JUMPED, LANDED, BUMPED, BROKE, BONUS_GIVEN, COIN, STOMPED, DIED, WON = (
    1,
    2,
    4,
    8,
    16,
    32,
    64,
    128,
    256,
)
SKIDDED, GRABBED, DROPPED = 512, 1024, 2048

# A tile is 4096 units and a rung a power of two: shifts and masks take a fraction of a division.
SHIFT = 12

# Places in the state vector.
X, Y, VX, VY, GROUNDED, JUMPING, CLIMBING, CLIMB_DIR = 0, 1, 2, 3, 4, 5, 6, 7
COYOTE, LEDGE_Y, BUFFER, HELD, STATUS, CAUSE, TICK = 8, 9, 10, 11, 12, 13, 14
FACING, COINS, N_CHANGES, N_BROKEN = 15, 16, 17, 18
N_STATE = 19
PLAYING, HAS_WON, IS_DEAD = 0, 1, 2
FELL, BY_HAZARD, BY_CREATURE = 1, 2, 3

# What a row of ``changes`` says: kind, row (or creature), column.
COIN_TAKEN, BONUS_USED, BROKEN, CREATURE_GONE = 1, 2, 3, 4

# Columns of ``creatures``.
TOP, LOW, HIGH, PHASE, FLYING, ROW = 0, 1, 2, 3, 4, 5


@jit
def framed(terrain: Flags) -> Flags:
    """Flags with a frame around them, so that no tick has to ask where a level ends: walls at the
    sides, above what is solid in the top row, nothing below."""
    n_rows, n_cols = terrain.shape
    flags = np.zeros((n_rows + 2, n_cols + 2), np.uint16)
    for row in range(n_rows):
        for col in range(n_cols):
            flags[row + 1, col + 1] = terrain[row, col]
    for col in range(n_cols):
        flags[0, col + 1] = int(terrain[0, col]) & SOLID
    for row in range(n_rows + 2):
        flags[row, 0] = SOLID
        flags[row, n_cols + 1] = SOLID
    return flags


@jit_bare
def _at(flags: Flags, row: int, col: int) -> int:
    """What a cell affords; rows count on above and below the level."""
    framed_row = min(max(row + 1, 0), flags.shape[0] - 1)
    return int(flags[framed_row, col + 1])


@jit_bare
def _set(flags: Flags, row: int, col: int, here: int) -> None:
    flags[row + 1, col + 1] = here
    if row == 0:
        flags[0, col + 1] = here & SOLID


@jit_bare
def _row_has(flags: Flags, row: int, x: int, wanted: int, rules: Rules) -> bool:
    """Whether one of the cells of a row that a body at x covers affords what is wanted."""
    first = x >> SHIFT
    last = (x + rules.body_width - 1) >> SHIFT
    found = 0
    for col in range(first, last + 1):
        found |= _at(flags, row, col)
    return (found & wanted) != 0


@jit_bare
def _room(flags: Flags, x: int, y: int, rules: Rules) -> bool:
    """Whether a body fits here."""
    top = y >> SHIFT
    bottom = (y + rules.body_height - 1) >> SHIFT
    taken = False
    for row in range(top, bottom + 1):
        taken = taken or _row_has(flags, row, x, SOLID, rules)
    return not taken


@jit_bare
def _carries(flags: Flags, row: int, x: int, rules: Rules) -> int:
    """What is under feet at the top edge of a row: 2 solid, 1 only what can be let go of, 0 air."""
    first = x >> SHIFT
    last = (x + rules.body_width - 1) >> SHIFT
    found = 0
    for col in range(first, last + 1):
        here = _at(flags, row, col)
        if here & SOLID:
            return 2
        if here & ONE_WAY or (here & CLIMBABLE and not _at(flags, row - 1, col) & CLIMBABLE):
            found = 1
    return found


@jit_bare
def _climbable(flags: Flags, x: int, feet: int, rules: Rules) -> bool:
    """Whether the foot point of a body with its feet there is in a climbable cell."""
    col = (x + rules.body_width // 2) >> SHIFT
    row = (feet - 1) >> SHIFT
    here = _at(flags, row, col)
    return bool(here & CLIMBABLE) and not here & SOLID


@jit_bare
def creature_x(creatures: Integers, i: int, tick: int, rules: Rules) -> int:
    """Left edge of a creature after so many ticks."""
    low = creatures[i, LOW]
    span = creatures[i, HIGH] - low
    if span == 0:
        return int(low)
    gone = (creatures[i, PHASE] + rules.enemy_speed * tick) % (2 * span)
    return int(low + (gone if gone < span else 2 * span - gone))


@jit_bare
def _note(state: Integers, changes: Integers, kind: int, row: int, col: int) -> None:
    n = state[N_CHANGES]
    changes[n, 0] = kind
    changes[n, 1] = row
    changes[n, 2] = col
    changes[n, 3] = state[TICK]
    state[N_CHANGES] = n + 1


@jit_bare
def _knock_out(gone: npt.NDArray[np.uint8], state: Integers, changes: Integers, i: int) -> None:
    gone[i] = 1
    _note(state, changes, CREATURE_GONE, i, 0)


@jit_bare
def _hit_tile(
    rules: Rules,
    flags: Flags,
    creatures: Integers,
    gone: npt.NDArray[np.uint8],
    changes: Integers,
    state: Integers,
    row: int,
) -> int:
    """A head has hit the solid cells of a row: what one of them makes of it."""
    if row < 0:
        return BUMPED
    first = state[X] >> SHIFT
    col = (state[X] + rules.body_width // 2) >> SHIFT
    if not _at(flags, row, col) & SOLID:
        last = (state[X] + rules.body_width - 1) >> SHIFT
        col = first if _at(flags, row, first) & SOLID else last
    here = _at(flags, row, col)
    events = BUMPED
    if here & BONUS:
        _set(flags, row, col, here & ~BONUS)
        state[COINS] += 1
        _note(state, changes, BONUS_USED, row, col)
        events |= BONUS_GIVEN
    elif here & BREAKABLE:
        _set(flags, row, col, 0)
        state[N_BROKEN] += 1
        _note(state, changes, BROKEN, row, col)
        events |= BROKE
    else:
        return events
    for i in range(creatures.shape[0]):
        if gone[i] or creatures[i, FLYING] or creatures[i, ROW] != row - 1:
            continue
        x = creature_x(creatures, i, state[TICK] + 1, rules)
        if x < (col + 1) * rules.tile and x + rules.enemy_size > col * rules.tile:
            _knock_out(gone, state, changes, i)
            events |= STOMPED
    return events


@jit_bare
def _climb(rules: Rules, flags: Flags, state: Integers, action: int, side: int) -> int:
    """A tick on a ladder; the state says afterwards whether the body still climbs."""
    feet = state[Y] + rules.body_height
    if (feet & (rules.rung - 1)) == 0:
        if action & UP:
            if not _room(flags, state[X], state[Y] - rules.rung, rules):
                return 0
            state[CLIMB_DIR] = -1
        elif action & DOWN:
            if not _room(flags, state[X], state[Y] + rules.rung, rules):
                state[CLIMBING] = 0
                return 0
            if not _climbable(flags, state[X], feet + rules.rung, rules):
                state[CLIMBING] = 0
                return DROPPED
            state[CLIMB_DIR] = 1
        else:
            if side != 0 and _room(flags, state[X] + side * rules.climb_speed, state[Y], rules):
                state[X] += side * rules.climb_speed
                if not _climbable(flags, state[X], feet, rules):
                    state[CLIMBING] = 0
            return 0
    state[Y] += state[CLIMB_DIR] * rules.climb_speed
    feet = state[Y] + rules.body_height
    if (feet & (rules.rung - 1)) == 0 and not _climbable(flags, state[X], feet, rules):
        state[CLIMBING] = 0
    return 0


@jit_bare
def _take_hold(rules: Rules, flags: Flags, state: Integers, action: int) -> bool:
    """Whether a walker takes hold of a ladder, who then does."""
    feet = state[Y] + rules.body_height
    if action & UP and state[VY] >= 0:
        rung = feet & -rules.rung
        if not _climbable(flags, state[X], rung, rules):
            return False
        if not _room(flags, state[X], rung - rules.body_height, rules):
            return False
        state[Y] = rung - rules.body_height
        state[CLIMB_DIR] = 0
    elif action & DOWN and state[GROUNDED]:
        if not _climbable(flags, state[X], feet + rules.rung, rules):
            return False
        if not _room(flags, state[X], state[Y] + rules.rung, rules):
            return False
        state[CLIMB_DIR] = 1
    else:
        return False
    state[CLIMBING] = 1
    state[GROUNDED] = 0
    state[JUMPING] = 0
    state[COYOTE] = 0
    state[VX] = 0
    state[VY] = 0
    return True


@jit_bare
def _run(rules: Rules, state: Integers, side: int) -> int:
    """The speed sideways of this tick."""
    speed = state[VX]
    if side == 0:
        if speed > 0:
            state[VX] = max(speed - rules.friction, 0)
        else:
            state[VX] = min(speed + rules.friction, 0)
        return 0
    state[FACING] = side
    if state[GROUNDED] and speed * side < 0:
        if speed > 0:
            state[VX] = max(speed - rules.skid, 0)
        else:
            state[VX] = min(speed + rules.skid, 0)
        return SKIDDED
    state[VX] = max(min(speed + side * rules.accel, rules.run_speed), -rules.run_speed)
    return 0


@jit_bare
def _take_off(rules: Rules, flags: Flags, state: Integers, action: int) -> int:
    """Jump, if a press is remembered and there is ground, or was a moment ago."""
    events = 0
    if state[BUFFER] > 0 and (state[GROUNDED] or state[COYOTE] > 0):
        stays = state[GROUNDED] or _room(flags, state[X], state[LEDGE_Y], rules)
        if stays:
            if not state[GROUNDED]:
                state[Y] = state[LEDGE_Y]
            state[VY] = -rules.jump_speed
            state[JUMPING] = 1
            state[GROUNDED] = 0
            state[BUFFER] = 0
            state[COYOTE] = 0
            events = JUMPED
    if state[JUMPING] and not action & JUMP:
        state[JUMPING] = 0
        state[VY] = max(state[VY], -rules.cut_speed)
    return events


@jit_bare
def _move_sideways(rules: Rules, flags: Flags, state: Integers) -> None:
    speed = state[VX]
    if speed == 0:
        return
    x = state[X] + speed
    top = state[Y] >> SHIFT
    bottom = (state[Y] + rules.body_height - 1) >> SHIFT
    col = (x + rules.body_width - 1) >> SHIFT if speed > 0 else x >> SHIFT
    for row in range(top, bottom + 1):
        if _at(flags, row, col) & SOLID:
            x = col * rules.tile - rules.body_width if speed > 0 else (col + 1) * rules.tile
            state[VX] = 0
            break
    state[X] = x


@jit_bare
def _move_up_or_down(
    rules: Rules,
    flags: Flags,
    creatures: Integers,
    gone: npt.NDArray[np.uint8],
    changes: Integers,
    state: Integers,
    action: int,
) -> int:
    feet = state[Y] + rules.body_height
    if state[GROUNDED]:
        under = _carries(flags, feet >> SHIFT, state[X], rules)
        if under == 2 or (under == 1 and not action & DOWN):
            return 0
        state[GROUNDED] = 0
        if under == 1:
            state[VY] = rules.gravity
            state[Y] += rules.gravity
            return DROPPED
        state[COYOTE] = rules.coyote_ticks
        state[LEDGE_Y] = state[Y]
    elif state[COYOTE] > 0:
        state[COYOTE] -= 1
    events = 0
    speed = state[VY]
    state[Y] += speed
    if speed < 0:
        row = state[Y] >> SHIFT
        if _row_has(flags, row, state[X], SOLID, rules):
            state[Y] = (row + 1) * rules.tile
            state[VY] = 0
            state[JUMPING] = 0
            events = _hit_tile(rules, flags, creatures, gone, changes, state, row)
    else:
        row = (feet + speed - 1) >> SHIFT
        under = _carries(flags, row, state[X], rules) if feet <= row * rules.tile else 0
        if under == 2 or (under == 1 and not action & DOWN):
            state[Y] = row * rules.tile - rules.body_height
            state[VY] = 0
            state[JUMPING] = 0
            state[GROUNDED] = 1
            state[COYOTE] = 0
            return LANDED
    state[VY] = min(state[VY] + rules.gravity, rules.max_fall)
    return events


@jit_bare
def _meet_creatures(
    rules: Rules,
    flags: Flags,
    creatures: Integers,
    gone: npt.NDArray[np.uint8],
    changes: Integers,
    state: Integers,
    action: int,
    fell: bool,
) -> int:
    events = 0
    tick = state[TICK] + 1
    size = rules.enemy_size
    for i in range(creatures.shape[0]):
        top = creatures[i, TOP]
        if gone[i]:
            continue
        if state[Y] >= top + size or state[Y] + rules.body_height <= top:
            continue
        if (
            state[X] >= creatures[i, HIGH] + size
            or state[X] + rules.body_width <= creatures[i, LOW]
        ):
            continue
        x = creature_x(creatures, i, tick, rules)
        if state[X] >= x + size or state[X] + rules.body_width <= x:
            continue
        y = top - rules.body_height
        low = state[Y] + rules.body_height - top > rules.stomp_reach
        if not fell or low or not _room(flags, state[X], y, rules):
            state[STATUS] = IS_DEAD
            state[CAUSE] = BY_CREATURE
            return events | DIED
        _knock_out(gone, state, changes, i)
        events |= STOMPED
        state[Y] = y
        state[COYOTE] = 0
        if action & JUMP:
            state[VY] = -rules.jump_speed
            state[JUMPING] = 1
            state[BUFFER] = 0
        else:
            state[VY] = -rules.stomp_speed
            state[JUMPING] = 0
    return events


@jit_bare
def _undermine(
    rules: Rules,
    flags: Flags,
    creatures: Integers,
    gone: npt.NDArray[np.uint8],
    changes: Integers,
    state: Integers,
) -> None:
    """Walkers whose ground was broken away under their middle are gone."""
    for i in range(creatures.shape[0]):
        if gone[i] or creatures[i, FLYING]:
            continue
        x = creature_x(creatures, i, state[TICK] + 1, rules)
        col = (x + rules.enemy_size // 2) >> SHIFT
        if not _at(flags, creatures[i, ROW] + 1, col) & (SOLID | ONE_WAY):
            _knock_out(gone, state, changes, i)


@jit_bare
def _touch(rules: Rules, flags: Flags, changes: Integers, state: Integers, has_goal: bool) -> int:
    """What the tiles that a body overlaps or stands on do."""
    events = 0
    tile = rules.tile
    x, y = state[X], state[Y]
    right, feet = x + rules.body_width, y + rules.body_height
    if y > (flags.shape[0] - 2) * tile:
        state[STATUS] = IS_DEAD
        state[CAUSE] = FELL
        return DIED
    hurt = False
    won = False
    for row in range(y >> SHIFT, ((feet - 1) >> SHIFT) + 1):
        for col in range(x >> SHIFT, ((right - 1) >> SHIFT) + 1):
            here = _at(flags, row, col)
            if here & COLLECTABLE:
                _set(flags, row, col, here & ~COLLECTABLE)
                state[COINS] += 1
                _note(state, changes, COIN_TAKEN, row, col)
                events |= COIN
            if here & HAZARD and not here & SOLID:
                inset = rules.hazard_inset
                hurt = hurt or (
                    x < (col + 1) * tile - inset
                    and right > col * tile + inset
                    and y < (row + 1) * tile - inset
                    and feet > row * tile + inset
                )
            won = won or bool(here & GOAL)
    if state[GROUNDED]:
        col = (x + rules.body_width // 2) >> SHIFT
        under = _at(flags, feet >> SHIFT, col)
        hurt = hurt or (under & SOLID and under & HAZARD) != 0
        won = won or (not has_goal and col == flags.shape[1] - 3)
    if hurt:
        state[STATUS] = IS_DEAD
        state[CAUSE] = BY_HAZARD
        return events | DIED
    if won:
        state[STATUS] = HAS_WON
        return events | WON
    return events


@jit_bare
def tick(
    rules: Rules,
    flags: Flags,
    creatures: Integers,
    gone: npt.NDArray[np.uint8],
    changes: Integers,
    state: Integers,
    action: int,
    has_goal: bool,
) -> int:
    """One tick: changes ``flags``, ``gone`` and ``state`` in place, and notes in ``changes`` ``(m,
    4)`` what else looks different now; returns what happened, as event bits. The state must be of
    a body that still plays."""
    if action & JUMP and not state[HELD]:
        state[BUFFER] = rules.buffer_ticks
    elif state[BUFFER] > 0:
        state[BUFFER] -= 1
    state[HELD] = 1 if action & JUMP else 0
    side = (1 if action & RIGHT else 0) - (1 if action & LEFT else 0)
    events = 0
    fell = False
    leaps = False
    if state[CLIMBING]:
        on_rung = ((state[Y] + rules.body_height) & (rules.rung - 1)) == 0
        if on_rung and state[BUFFER] > 0:
            state[CLIMBING] = 0
            state[BUFFER] = 0
            if action & DOWN:
                events |= DROPPED
            else:
                state[VY] = -rules.jump_speed
                state[JUMPING] = 1
                events |= JUMPED
            leaps = True
    elif _take_hold(rules, flags, state, action):
        events |= GRABBED
    if state[CLIMBING]:
        if side != 0:
            state[FACING] = side
        events |= _climb(rules, flags, state, action, side)
        if not state[CLIMBING]:
            feet = state[Y] + rules.body_height
            if (feet & (rules.tile - 1)) == 0 and _carries(
                flags, feet >> SHIFT, state[X], rules
            ) > 0:
                state[GROUNDED] = 1
    else:
        events |= _run(rules, state, side)
        if not leaps:
            events |= _take_off(rules, flags, state, action)
        _move_sideways(rules, flags, state)
        was_falling = state[VY] > 0
        events |= _move_up_or_down(rules, flags, creatures, gone, changes, state, action)
        fell = was_falling and not state[GROUNDED]
    if state[N_BROKEN]:
        _undermine(rules, flags, creatures, gone, changes, state)
    events |= _meet_creatures(rules, flags, creatures, gone, changes, state, action, fell)
    if state[STATUS] == PLAYING:
        events |= _touch(rules, flags, changes, state, has_goal)
    state[TICK] += 1
    return events


@jit_bare
def play(
    rules: Rules,
    flags: Flags,
    creatures: Integers,
    gone: npt.NDArray[np.uint8],
    changes: Integers,
    state: Integers,
    actions: npt.NDArray[np.uint8],
    has_goal: bool,
) -> int:
    """Many ticks, until the actions ``(n,)`` or the play are over; returns all that happened."""
    events = 0
    for i in range(actions.shape[0]):
        if state[STATUS] != PLAYING:
            break
        action = int(actions[i])
        events |= tick(rules, flags, creatures, gone, changes, state, action, has_goal)
    return events


# The search. A node is a moment of play; its children come of holding one combination of keys for
# a while. Moments that are nearly the same are searched once, so that what is found is true – it
# is played again to be sure – but what is not found may still exist.

# How a child is played: for some ticks; or running until the ground ends and jumping at the last
# moment; or, falling, with jump held for whatever is stomped on.
FOR_TICKS, TO_THE_EDGE, HOLDING = 0, 1, 2
LONGEST_RUN = 240

# Columns of ``nodes``: the node it came from, keys, kind, last change, hash of changes,
# and the first of its children that was not played yet.
PARENT, KEYS, KIND, LAST_CHANGE, CHANGE_HASH, NEXT = 0, 1, 2, 3, 4, 5
N_OPTIONS = 21
MASK = (1 << 60) - 1
FAR = 1 << 20
TICKS_PER_TILE = 13
FALLING_REACH = 8
NEAR_TILES = 4
ROUGH_WAIT_TICKS = 128


@jit
def _lowest_hold(flags: Flags) -> Integers:
    """``(columns,)`` the lowest row in which one could still stand or hold on, in the column or
    near enough to get there falling; −1 if there is none."""
    n_rows, n_cols = flags.shape
    own = np.full(n_cols, -1, np.int64)
    for col in range(n_cols):
        for row in range(n_rows):
            here = int(flags[row, col])
            if here & CLIMBABLE:
                own[col] = row
            above = int(flags[row - 1, col]) if row else 0
            if here & (SOLID | ONE_WAY) and not above & (SOLID | HAZARD):
                own[col] = max(own[col], row - 1)
    lowest = np.full(n_cols, -1, np.int64)
    for col in range(n_cols):
        for near in range(max(col - FALLING_REACH, 0), min(col + FALLING_REACH + 1, n_cols)):
            lowest[col] = max(lowest[col], own[near])
    return lowest


@jit
def cells_to_go(flags: Flags, has_goal: bool) -> npt.NDArray[np.int32]:
    """``(rows, columns)`` fewest cells from each to the goal, gravity left aside, but never through
    where one can only fall."""
    n_rows, n_cols = flags.shape
    away = np.full((n_rows, n_cols), FAR, np.int32)
    lowest = _lowest_hold(flags)
    queue = np.empty(n_rows * n_cols, np.int32)
    tail = 0
    for row in range(n_rows):
        for col in range(n_cols):
            here = int(flags[row, col])
            if (here & GOAL) if has_goal else (col == n_cols - 1 and not here & SOLID):
                away[row, col] = 0
                queue[tail] = row * n_cols + col
                tail += 1
    head = 0
    while head < tail:
        row = queue[head] // n_cols
        col = queue[head] - row * n_cols
        head += 1
        for side in range(4):
            r = row + (1 if side == 0 else -1 if side == 1 else 0)
            c = col + (1 if side == 2 else -1 if side == 3 else 0)
            if r < 0 or c < 0 or c >= n_cols or r > lowest[c] or away[r, c] != FAR:
                continue
            here = int(flags[r, c])
            if here & SOLID and not here & BREAKABLE:
                continue
            if here & HAZARD and not here & SOLID:
                continue
            away[r, c] = away[row, col] + 1
            queue[tail] = r * n_cols + c
            tail += 1
    return away


@jit_bare
def _estimate(rules: Rules, away: npt.NDArray[np.int32], x: int, y: int) -> int:
    """Ticks to the goal at full speed, roughly."""
    n_rows, n_cols = away.shape
    middle = x + rules.body_width // 2
    col = min(max(middle >> SHIFT, 0), n_cols - 1)
    row = min(max((y + rules.body_height - 1) >> SHIFT, 0), n_rows - 1)
    here = int(away[row, col])
    ticks = here * TICKS_PER_TILE
    inside = middle - col * rules.tile
    if col + 1 < n_cols and away[row, col + 1] < away[row, col]:
        ticks -= inside * TICKS_PER_TILE >> SHIFT
    elif col > 0 and away[row, col - 1] < away[row, col]:
        ticks -= (rules.tile - inside) * TICKS_PER_TILE >> SHIFT
    return ticks


@jit_bare
def _way_to_go(rules: Rules, away: npt.NDArray[np.int32], x: int, feet: int) -> int:
    """The key of the side on which the goal is nearer."""
    n_rows, n_cols = away.shape
    col = min(max((x + rules.body_width // 2) >> SHIFT, 0), n_cols - 1)
    row = min(max((feet - 1) >> SHIFT, 0), n_rows - 1)
    if col > 0 and away[row, col - 1] < away[row, col]:
        return LEFT
    return RIGHT


@jit_bare
def _play_child(
    rules: Rules,
    flags: Flags,
    creatures: Integers,
    gone: npt.NDArray[np.uint8],
    changes: Integers,
    state: Integers,
    keys: int,
    kind: int,
    n_ticks: int,
    has_goal: bool,
    record: npt.NDArray[np.uint8],
) -> int:
    """Play one child: returns how many ticks it took, their actions in ``record``."""
    was_grounded = state[GROUNDED]
    was_climbing = state[CLIMBING]
    played = 0
    longest = LONGEST_RUN if kind == TO_THE_EDGE else n_ticks
    leaping = False
    while played < longest:
        action = keys
        if kind == TO_THE_EDGE:
            if not leaping and not state[GROUNDED] and state[COYOTE] <= 1:
                leaping = True
                longest = played + n_ticks
            if not leaping:
                action = keys & ~JUMP
        elif kind == FOR_TICKS and state[VY] >= 0 and not state[GROUNDED] and not state[CLIMBING]:
            # Falling: let go, so that the next press is one.
            action = keys & ~JUMP
        record[played] = action
        tick(rules, flags, creatures, gone, changes, state, action, has_goal)
        played += 1
        if state[STATUS] != PLAYING:
            break
        if kind == TO_THE_EDGE and not leaping:
            if state[VX] == 0 or (not state[GROUNDED] and state[COYOTE] == 0):
                break
        elif (state[GROUNDED] != was_grounded and state[GROUNDED]) or (
            state[CLIMBING] != was_climbing
        ):
            break
    return played


@jit_bare
def _push(heap: Integers, n: int, priority: int, node: int) -> int:
    """Add to a binary heap of (priority, node) pairs, smallest first; returns its new size."""
    heap[n, 0] = priority
    heap[n, 1] = node
    i = n
    while i > 0:
        up = (i - 1) // 2
        if heap[up, 0] < heap[i, 0] or (heap[up, 0] == heap[i, 0] and heap[up, 1] < heap[i, 1]):
            break
        for k in range(2):
            kept = heap[up, k]
            heap[up, k] = heap[i, k]
            heap[i, k] = kept
        i = up
    return n + 1


@jit_bare
def _pop(heap: Integers, n: int) -> int:
    """Take the first pair out of a heap of n, to be found at its old end."""
    n -= 1
    for k in range(2):
        kept = heap[0, k]
        heap[0, k] = heap[n, k]
        heap[n, k] = kept
    i = 0
    while True:
        child = 2 * i + 1
        if child >= n:
            break
        other = child + 1
        if other < n and (
            heap[other, 0] < heap[child, 0]
            or (heap[other, 0] == heap[child, 0] and heap[other, 1] < heap[child, 1])
        ):
            child = other
        if heap[i, 0] < heap[child, 0] or (
            heap[i, 0] == heap[child, 0] and heap[i, 1] < heap[child, 1]
        ):
            break
        for k in range(2):
            kept = heap[i, k]
            heap[i, k] = heap[child, k]
            heap[child, k] = kept
        i = child
    return n


@jit_bare
def _mix(a: int, b: int) -> int:
    """A hash of two numbers, 60 bits, the same with and without the compiler."""
    a = (a ^ (b + 0x9E3779B9 + ((a << 6) & MASK) + (a >> 2))) & MASK
    a = ((a & 0x3FFFFFFF) * 0x2545F491 + (a >> 30) * 0x1B873593) & MASK
    return a ^ (a >> 23)


@jit_bare
def _look(
    rules: Rules,
    creatures: Integers,
    state: Integers,
    n_ticks: int,
    fineness: int,
    change_hash: int,
) -> int:
    """The hash of a moment at a fineness: moments that agree in it are searched once."""
    place = 11 - 2 * fineness  # 1/2 tile, 1/8 tile, 1/32 tile …
    speed = 8 - fineness
    key = _mix(1, int(state[X]) >> place)
    key = _mix(key, (int(state[Y]) + 64 * rules.tile) >> place)
    key = _mix(key, (int(state[VX]) + 4096) >> speed)
    key = _mix(key, (int(state[VY]) + 4096) >> speed)
    key = _mix(
        key,
        int(state[GROUNDED])
        + 2 * int(state[JUMPING])
        + 4 * int(state[CLIMBING])
        + 8 * (1 if state[COYOTE] > 0 else 0)
        + 16 * int(state[HELD]),
    )
    near = NEAR_TILES * rules.tile
    for i in range(creatures.shape[0]):
        if creatures[i, LOW] - near < state[X] and state[X] < creatures[i, HIGH] + near:
            key = _mix(key, int(state[TICK]) // (n_ticks if fineness else ROUGH_WAIT_TICKS))
            break
    return _mix(key, change_hash)


@jit_bare
def _apply(
    flags: Flags,
    terrain: Flags,
    gone: npt.NDArray[np.uint8],
    kind: int,
    row: int,
    col: int,
    back: bool,
) -> None:
    """Make a change, or take it back to what the terrain was."""
    if kind == CREATURE_GONE:
        gone[row] = 0 if back else 1
    elif kind == BONUS_USED:
        _set(flags, row, col, (_at(flags, row, col) & ~BONUS) | (BONUS if back else 0))
    elif kind == BROKEN:
        # A breakable bonus block is used before it breaks.
        whole = int(terrain[row, col]) & ~(BONUS | COLLECTABLE)
        _set(flags, row, col, whole if back else 0)


@jit
def search(
    rules: Rules,
    terrain: Flags,
    creatures: Integers,
    first: Integers,
    has_goal: bool,
    away: npt.NDArray[np.int32],
    n_ticks: int,
    fineness: int,
    greed: int,
    budget: int,
) -> tuple[int, int, int, npt.NDArray[np.uint8]]:
    """Look for a way to the goal by playing.

    Parameters
    ----------
    terrain
        ``(rows, columns)`` flags when play begins.
    creatures
        ``(n, 6)``.
    first
        The state when play begins.
    away
        ``(rows, columns)`` cells to go from each to the goal, roughly; :data:`FAR` for no way.
    n_ticks
        Ticks for which keys are held.
    fineness
        0 to 3: how alike moments must be to be searched once.
    greed
        Quarters by which the estimate of what is still to go outweighs the ticks played.
    budget
        Most nodes.

    Returns
    -------
    1 if the goal was reached, 0 if every node was tried, −1 if the budget ran out; nodes made;
    right-most column stood in; the actions ``(ticks,)``, empty without the goal.
    """
    tile = rules.tile
    # What is only collected opens no way.
    flags = framed(terrain) & np.uint16(0xFFFF & ~COLLECTABLE)
    gone = np.zeros(creatures.shape[0], np.uint8)
    states = np.empty((budget, N_STATE), np.int64)
    nodes = np.empty((budget, 6), np.int64)
    heap = np.empty((budget + 1, 2), np.int64)
    room = 1
    while room < 2 * budget:
        room *= 2
    seen = np.zeros(room, np.int64)
    pool = np.empty((budget, 4), np.int64)  # changes: kind, row, col, the one before
    n_pool = 0
    n_possible = creatures.shape[0] + 1
    for row in range(terrain.shape[0]):
        for col in range(terrain.shape[1]):
            if int(terrain[row, col]) & (BONUS | BREAKABLE):
                n_possible += 2
    changes = np.empty((n_possible, 4), np.int64)
    chain = np.empty(n_possible, np.int64)
    record = np.empty(LONGEST_RUN + n_ticks + 1, np.uint8)
    state = first.copy()
    state[N_CHANGES] = 0
    states[0] = state
    nodes[0, PARENT] = -1
    nodes[0, LAST_CHANGE] = -1
    nodes[0, CHANGE_HASH] = 0
    nodes[0, NEXT] = 0
    n_heap = _push(heap, 0, 0, 0)
    n_nodes = 1
    furthest = 0
    won = -1
    while n_heap > 0 and won < 0 and n_nodes < budget:
        n_heap = _pop(heap, n_heap)
        node = heap[n_heap, 1]
        priority = heap[n_heap, 0]
        n_chain = 0
        change = nodes[node, LAST_CHANGE]
        while change >= 0:
            _apply(flags, terrain, gone, pool[change, 0], pool[change, 1], pool[change, 2], False)
            chain[n_chain] = change
            n_chain += 1
            change = pool[change, 3]
        here = states[node]
        grounded, climbing, rising = here[GROUNDED], here[CLIMBING], here[VY] < 0
        feet = here[Y] + rules.body_height
        ladder = climbing
        if not climbing and not rising:
            ladder = _climbable(flags, here[X], feet, rules)
            if grounded:
                ladder = ladder or _climbable(flags, here[X], feet + rules.rung, rules)
                ladder = ladder or _carries(flags, feet >> SHIFT, here[X], rules) == 1
        near = False
        for i in range(creatures.shape[0]):
            near = near or (
                not gone[i]
                and creatures[i, LOW] - 3 * tile < here[X]
                and here[X] < creatures[i, HIGH] + 3 * tile
            )
        ahead = _way_to_go(rules, away, here[X], feet)
        option = nodes[node, NEXT]
        better = False
        while option < N_OPTIONS and not better:
            # What leads on first: running ahead, jumping ahead; then standing, then going back.
            side = option // 7
            way = option % 7  # run, jump, to the edge, holding, up, down, let go
            option += 1
            keys = ahead if side == 0 else 0 if side == 1 else LEFT + RIGHT - ahead
            kind = FOR_TICKS
            if way == 1:
                cut = not here[JUMPING] or here[VY] >= -rules.cut_speed
                if not (grounded or climbing or here[COYOTE] > 0) and cut:
                    continue
                keys |= JUMP
            elif way == 2:
                if not grounded or side == 1:
                    continue
                keys |= JUMP
                kind = TO_THE_EDGE
            elif way == 3:
                if grounded or rising or climbing or not near:
                    continue
                keys |= JUMP
                kind = HOLDING
            elif way == 4:
                if not ladder or side != 1:
                    continue
                keys |= UP
            elif way == 5:
                if not ladder or side != 1:
                    continue
                keys |= DOWN
            elif way == 6:
                if not climbing or side != 1:
                    continue
                keys |= DOWN | JUMP
            if n_nodes >= budget:
                break
            state[:] = here
            ticks = _play_child(
                rules, flags, creatures, gone, changes, state, keys, kind, n_ticks, has_goal, record
            )
            if state[STATUS] != IS_DEAD:
                change_hash = nodes[node, CHANGE_HASH]
                for k in range(here[N_CHANGES], state[N_CHANGES]):
                    what = changes[k, 0] + 8 * (changes[k, 1] + 65536 * changes[k, 2])
                    change_hash = (change_hash + _mix(77, what)) & MASK
                key = _look(rules, creatures, state, n_ticks, fineness, change_hash) | 1
                slot = key & (room - 1)
                while seen[slot] != 0 and seen[slot] != key:
                    slot = (slot + 1) & (room - 1)
                if seen[slot] == 0 or state[STATUS] == HAS_WON:
                    seen[slot] = key
                    last = nodes[node, LAST_CHANGE]
                    for k in range(here[N_CHANGES], state[N_CHANGES]):
                        if n_pool < budget:
                            for j in range(3):
                                pool[n_pool, j] = changes[k, j]
                            pool[n_pool, 3] = last
                            last = n_pool
                            n_pool += 1
                    states[n_nodes] = state
                    nodes[n_nodes, PARENT] = node
                    nodes[n_nodes, KEYS] = keys
                    nodes[n_nodes, KIND] = kind
                    nodes[n_nodes, LAST_CHANGE] = last
                    nodes[n_nodes, CHANGE_HASH] = change_hash
                    col = (state[X] + rules.body_width // 2) >> SHIFT
                    if state[GROUNDED] and col > furthest:
                        furthest = col
                    togo = _estimate(rules, away, state[X], state[Y])
                    rank = 4 * state[TICK] + greed * togo
                    n_heap = _push(heap, n_heap, rank, n_nodes)
                    better = rank < priority
                    nodes[n_nodes, NEXT] = 0
                    n_nodes += 1
                    if state[STATUS] == HAS_WON:
                        won = n_nodes - 1
            for k in range(state[N_CHANGES] - 1, here[N_CHANGES] - 1, -1):
                _apply(flags, terrain, gone, changes[k, 0], changes[k, 1], changes[k, 2], True)
            if won >= 0:
                break
        if option < N_OPTIONS and won < 0:
            # The rest of its children when this one has led nowhere.
            nodes[node, NEXT] = option
            n_heap = _push(heap, n_heap, priority, node)
        for k in range(n_chain):
            change = chain[k]
            _apply(flags, terrain, gone, pool[change, 0], pool[change, 1], pool[change, 2], True)
    if won < 0:
        return (-1 if n_heap > 0 else 0), n_nodes, furthest, record[:0]
    # Play the way again from the start, keeping what was held in every tick.
    depth = 0
    node = won
    while nodes[node, PARENT] >= 0:
        depth += 1
        node = nodes[node, PARENT]
    way_back = np.empty(depth, np.int64)
    node = won
    for k in range(depth - 1, -1, -1):
        way_back[k] = node
        node = nodes[node, PARENT]
    actions = np.empty(states[won, TICK], np.uint8)
    state[:] = first
    state[N_CHANGES] = 0
    n_played = 0
    for k in range(depth):
        node = way_back[k]
        ticks = _play_child(
            rules,
            flags,
            creatures,
            gone,
            changes,
            state,
            nodes[node, KEYS],
            nodes[node, KIND],
            n_ticks,
            has_goal,
            record,
        )
        actions[n_played : n_played + ticks] = record[:ticks]
        n_played += ticks
    return 1, n_nodes, furthest, actions
