"""Proof that a level can *not* be finished: an over-approximation of the physics, exhausted.

Every play is followed at once, in a relaxation that can do all that the physics of
:mod:`.world_kernel` can, and more. If nothing new comes of it any more and the goal has not been
touched, no input whatever reaches the goal. What is kept of a moment is the top edge ``y``, the
downward speed ``vy`` and a kind (in the air; rising with jump held; falling off an edge and still
able to jump; on a rung; on the way to the next), or the piece of ground stood on; with it, a set
of left edges x, as intervals. Everything else about a body is forgotten. What that allows:

Sideways
    In each tick any step of at most ``run_speed`` (``climb_speed`` on a ladder) that ends where
    the body fits in the rows it is in. The physics move by the speed or stop at a wall on the
    way, which is such a step; walls are wider than a step, so none is stepped over.
Up and down
    Exactly as in the physics: the same heights, speeds, snapping and order within the tick. A held
    jump may be cut in any tick; jump may be pressed in any tick from any ground, rung or, for
    ``coyote_ticks``, beyond an edge; one-way tiles may be let go of at any time, and whatever may
    carry may also be landed on.
Ground
    Whoever reaches a piece of ground, an interval in which one can stand alive on top of one row,
    reaches all of it.
Ladders
    Holds may be taken, kept and let go of whenever the physics could let one.
Creatures
    Do no harm, do not tire of being stomped, and are everywhere on their beat at once: whoever
    comes down through where one can be may bounce off it, high or low, or fall on.
Tiles
    A breakable tile is whole and gone at once: it may stop a head, carry, and be passed. If that
    reaches the goal, all are taken to be whole, and only those that a head can then hit to be
    both; again, until no more can be hit. (Before the first tile breaks only whole ones were met,
    so it is among those hit; and so on for the next.) Other changes of tiles stop nobody.
Death
    By hazards and by falling out of the level only, at the end of a tick as in the physics, with
    the same boxes.

Each tick of the physics is then one of the steps of the relaxation, from a set that contains the
body to one that does, beginning at the start; so by induction the relaxation reaches whatever a
player can. Widths and heights of at most a tile, speeds of less than one and rungs that divide it
are used in this; for :class:`~.physics.Rules` without them nothing is claimed.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import Final

import numpy as np
import numpy.typing as npt

from procgen_sim._checks import check_int
from procgen_sim.levels import Affordance, Level
from procgen_sim.platformer.bounds_tables import explore, fits, has, moments
from procgen_sim.platformer.physics import RULES, Rules
from procgen_sim.platformer.terrain import Terrain, make_terrain

__all__ = ["BUDGET", "Bounds", "beyond_reach"]

BUDGET: Final = 3_000_000
"""Ticks of intervals after which to give up: two or three seconds, compiled."""

Mask = npt.NDArray[np.bool_]


@dataclass(frozen=True, kw_only=True, eq=False)
class Bounds:
    """What nobody can go beyond.

    Attributes
    ----------
    reached_goal
        Whether the relaxation touched the goal; a player may then be able to, or not.
    exhausted
        Whether all that the relaxation can do was done. False if the goal was touched, where it
        stops, unless told to go on; if the budget or the room for moments ran out; and for rules
        or a start that it does not cover.
    furthest_column
        The right-most column in which the relaxation had the middle of a body, from 0; −1 if there
        is nowhere to stand.
    cells
        ``(rows, columns)`` bool: cells that a body may overlap.
    steps
        How much work it was, in ticks of intervals.
    """

    reached_goal: bool
    exhausted: bool
    furthest_column: int
    cells: Mask
    steps: int

    @property
    def impossible(self) -> bool:
        """True if the level can not be finished, with certainty."""
        return self.exhausted and not self.reached_goal


def beyond_reach(
    level: Level, *, rules: Rules = RULES, budget: int = BUDGET, whole: bool = False
) -> Bounds:
    """Find bounds on what any player can reach in a level.

    Parameters
    ----------
    level
        Any level.
    rules
        The numbers of the physics.
    budget
        Ticks of intervals after which to give up.
    whole
        Go on when the goal has been touched, so that ``cells`` bounds all plays.

    Raises
    ------
    InputError
        If the budget is not positive.

    Examples
    --------
    >>> from procgen_sim.levels import Tileset
    >>> tiles = Tileset({"-": ("empty",), "X": ("solid",)})
    >>> def gap(width: int) -> Level:
    ...     ground = "XXX" + "-" * width + "XXX"
    ...     return Level.from_rows([*["-" * len(ground)] * 6, ground], tiles)
    >>> beyond_reach(gap(8)).impossible, beyond_reach(gap(9)).impossible
    (False, True)
    """
    check_int("budget", budget, low=1)
    terrain = make_terrain(level, rules)
    breakable = has(terrain.flags, Affordance.SOLID) & has(terrain.flags, Affordance.BREAKABLE)
    unknown = Bounds(
        reached_goal=False,
        exhausted=terrain.start is None,
        furthest_column=-1,
        cells=np.zeros(level.grid.shape, np.bool_),
        steps=0,
    )
    if terrain.start is None or not fits(terrain, rules):
        return unknown
    if not whole:
        found, _ = _explore(terrain, breakable, rules, budget, whole)
        if not found.reached_goal or not breakable.any():
            return found
        budget -= min(found.steps, budget - 1)
    both = np.zeros_like(breakable)
    while True:
        found, hit = _explore(terrain, both, rules, budget, whole)
        budget -= found.steps
        if not found.exhausted or not hit.any():
            return found
        both |= hit


def _explore(
    terrain: Terrain, both: Mask, rules: Rules, budget: int, whole: bool
) -> tuple[Bounds, Mask]:
    """The bounds, if some tiles are whole and gone at once; which others can then be hit."""
    from procgen_sim.platformer.bounds_kernel import STEPS, TOUCHED

    place, work, exhausted = explore(terrain, both, rules, budget, whole)
    lo, hi, y = moments(place, work, rules)[:, :3].T
    n_rows, n_columns = both.shape
    # Add one where a box begins and take it away again behind it, in both directions.
    cells = np.zeros((n_rows + 1, n_columns + 1), np.int64)
    top = np.clip(y // rules.tile, 0, n_rows)
    bottom = np.clip((y + rules.body_height - 1) // rules.tile + 1, 0, n_rows)
    left, right = lo // rules.tile, (hi + rules.body_width - 1) // rules.tile + 1
    for row, sign in ((top, 1), (bottom, -1)):
        np.add.at(cells, (row, left), sign)
        np.add.at(cells, (row, right), -sign)
    bounds = Bounds(
        reached_goal=bool(work.counters[TOUCHED]),
        exhausted=exhausted,
        furthest_column=int((hi.max() + rules.body_width // 2) // rules.tile),
        cells=cells.cumsum(0).cumsum(1)[:-1, :-1] > 0,
        steps=int(work.counters[STEPS]),
    )
    return bounds, place.bricks == 2
