"""The rules of the platformer: what one tick does, in whole numbers.

Everything is an integer, so a level plays the same, bit for bit, on every machine: *units* of
1/4096 tile for places, units per tick for speeds, 120 ticks a second. x grows to the right and y
downwards; a box is placed by its left and top edge. All speeds are multiples of 16, so bodies
stand on a lattice of 16 units.

One tick, in this order (:mod:`.world_kernel` is the same in code):

Input
    A press of jump is remembered for ``buffer_ticks``, its own included. Left and right
    together are neither; of up and down together, up counts.
Ladders
    With up held, a body that is not rising and whose foot point – the middle of its lower edge,
    one unit above it – is in a climbable cell takes hold, if there is room on the next rung at
    or above its feet; with down held, one that stands over a climbable cell that is not solid.
    A climber is on a rung, every ``rung`` units, or between two. On a rung: jump leaps off
    (with down held it lets go); else up and down climb to the next rung, ``climb_speed`` a tick
    without a say until it is reached; else left and right go along, and whose foot point leaves
    the climbable cells falls. A climber whose next rung up has no climbable cell at the foot
    point, and who has room there, climbs onto the top and is a walker again; one whose next
    rung down is blocked or not climbable stands or falls.
Run
    Towards the direction held the speed grows by ``accel``, up to ``run_speed``; against the
    motion on the ground it shrinks by ``skid``; with no direction held it shrinks by
    ``friction``.
Jump
    A remembered press leaves the ground at ``jump_speed``. It still does in the
    ``coyote_ticks`` ticks after the one in which the ground ran out, from the height of the
    ground if there is room. Whoever lets go of jump while rising from a jump rises on at
    ``cut_speed`` at most.
Move
    First sideways, then up or down; solid tiles stop a body at their edge. Beyond the left and
    right edge of the level is wall; the topmost row goes on upwards for ever; below the last
    row is nothing. One-way tiles, and the top of a ladder, carry whoever comes from above; down
    held lets go of them. A head that hits a solid tile stops, and hits the one tile over the
    middle of the body, or else the one it touches: a breakable one is gone, a bonus block is
    used, and a creature that stands on either is knocked out. In the air the downward speed
    grows by ``gravity`` after the move, to ``max_fall`` at most.
Creatures
    A walker keeps to its *beat*: the cells around its start, ``beat_tiles`` at most to each
    side, that are neither solid nor a hazard and have a solid or one-way tile below when play
    begins; a flyer needs no ground. It goes to and fro at ``enemy_speed``, to the left first,
    so that where it is follows from the tick alone; what a tick does, it does to creatures
    where they are at its end. Who starts in the air without wings starts on the ground below,
    if there is any. A walker whose ground is broken under its middle is gone. Whoever was
    falling, has not landed and touches a creature with the feet at most ``stomp_reach`` below
    its top is set on top of it, knocks it out and bounces at ``stomp_speed``, or as from a jump
    if jump is held; any other touch is death.
Touch
    A collectable tile that the body overlaps is taken. Death: overlapping the inside of a
    hazard (``hazard_inset`` from its edges), standing with the middle on a solid tile that is
    one, or falling out of the level below. Who dies does not win. The level is won by
    overlapping a goal tile; without one, by standing with the middle in the last column.
"""

from __future__ import annotations

import enum
from typing import Final, NamedTuple

__all__ = ["PHYSICS_VERSION", "RULES", "TICKS_PER_S", "Action", "Event", "Rules"]

TICKS_PER_S: Final = 120
"""Ticks a second."""

PHYSICS_VERSION: Final = 1
"""Changes with anything that makes the same input play differently; replays carry it."""


class Rules(NamedTuple):
    """The numbers of the platformer, all whole.

    Attributes
    ----------
    tile
        Units a tile.
    body_width, body_height
        The player's box, units; less than a tile, so that it fits into passages of one.
    run_speed
        Highest speed sideways, units a tick.
    accel, skid, friction
        Changes of that speed a tick: towards the direction held, against the motion on the
        ground, with no direction held.
    gravity
        Growth of the downward speed, units a tick each tick.
    jump_speed
        Upward speed at take-off, units a tick.
    cut_speed
        Highest upward speed once jump is let go.
    max_fall
        Highest downward speed, units a tick.
    coyote_ticks
        Ticks after the ground has run out in which one may still jump.
    buffer_ticks
        Ticks for which a press of jump is remembered.
    stomp_speed
        Upward speed after landing on a creature.
    stomp_reach
        Units that the feet may be below a creature's top and still be on top of it.
    climb_speed
        Speed on ladders, units a tick, in all four directions.
    rung
        Units from rung to rung.
    hazard_inset
        Units from a hazard tile's edges to what hurts.
    enemy_speed
        Speed of creatures, units a tick.
    enemy_size
        Width and height of a creature's box, units; it stands in the middle of its cell's floor.
    beat_tiles
        Tiles that a creature strays from where it starts, to each side.
    """

    tile: int = 4096
    body_width: int = 3072
    body_height: int = 3584
    run_speed: int = 320
    accel: int = 16
    skid: int = 32
    friction: int = 16
    gravity: int = 16
    jump_speed: int = 752
    cut_speed: int = 176
    max_fall: int = 576
    coyote_ticks: int = 8
    buffer_ticks: int = 12
    stomp_speed: int = 480
    stomp_reach: int = 1024
    climb_speed: int = 128
    rung: int = 1024
    hazard_inset: int = 768
    enemy_speed: int = 64
    enemy_size: int = 3072
    beat_tiles: int = 5


RULES: Final = Rules()
"""The rules everybody plays by."""


class Action(enum.IntFlag):
    """What is held during a tick; one byte."""

    LEFT = 1
    RIGHT = 2
    JUMP = 4
    DOWN = 8
    UP = 16


class Event(enum.IntFlag):
    """What happened in a tick."""

    JUMPED = 1  #: left the ground, or a ladder, by a jump
    LANDED = 2  #: came down on something
    BUMPED = 4  #: hit a tile with the head
    BROKE = 8  #: a breakable tile is gone
    BONUS = 16  #: a bonus block gave what it had
    COIN = 32  #: a collectable was taken
    STOMPED = 64  #: a creature was knocked out, from above or below
    DIED = 128
    WON = 256
    SKIDDED = 512  #: turning around on the ground
    GRABBED = 1024  #: took hold of a ladder
    DROPPED = 2048  #: let go of a one-way tile or a ladder
