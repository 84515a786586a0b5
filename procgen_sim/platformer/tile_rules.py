"""Is there a path over the tiles, by the rules that other people's verdicts come from?

These are the rules of the path-finder that is published with the VGLC [Summerville2016]_, so that
verdicts on foreign levels can be compared with others' work. They know five jumps and one tile a
step; no speed, no enemies, no hazards, no time. They are generous – nine tiles of gap, where the
game's own physics clear fewer – so "playable" here means *there is a tile path*, and nothing about
whether a body could follow it; :func:`.solve` proves that.

The rules
---------
Rows count downwards from 0. A tile is *solid* if it is solid or a one-way platform; everything
else is open. One begins in the air in column 2 of row 2, whatever is there, and arrives in the
last column, wherever. Start and goal tiles count for nothing.

Nowhere
    From the bottom row there is no step: whoever falls that far is lost.
Jump
    Where the tile below is solid, any arc of :data:`ARCS` may begin, to either side. Someone on
    an arc may take its next step. Each costs 1.
Walk
    Where the tile below is solid, also in the middle of an arc: one column to either side, cost 1.
Fall
    Where it is open, also in the middle of an arc: one row down, cost 1; one row down and one
    column to the side, cost 1.4; two rows down and one column to the side, cost 2. That ends the
    arc.

Each step leads to an open tile within the level. In open air the highest step is four tiles up and
the widest gap nine columns at equal height; 8, 7, 6, 4 where the far side is 1, 2, 3, 4 tiles
higher, 10, 11, 12 where it is 1, 2, 3 lower. Under a ceiling with 1, 2, 3, 4, 5 free rows it is 0,
1, 3, 5, 9.

Where we depart
---------------
Below, *published* is what the published program does and *here* what we do. What departs was a
mistake there: the verdict depended on something that no player would meet. On the 15 levels of
Super Mario Bros. and the 600 of three generators of the Mario AI Framework every verdict and every
path length is the published one; of six levels of Kid Icarus, whose sides are walls here, the
program finishes one more through a corner and one more around an edge.

Corners
    Published: only the tile at the end of a step is looked at, so a diagonal step of an arc, and
    the fall of two rows, slip between two solid tiles that touch at a corner. A hole in a wall,
    one row *below* the floor, counts as a way through. Here: between such tiles there is no way.
    (A step that has room on one side of the corner is a step as before.)
Above the top
    Published: a row above the top is read from the *bottom* of the level, and where that is open
    one is set down in row 0; so how far one jumps near the top depends on what lies at the
    bottom. Here: the sky is open, and a step above the top ends in row 0 of its column if that
    is open, which is what the program does over a pit. (The first step of an arc from row 0 too;
    published, that one is taken to row −1.)
The edges
    Published: a fall to the left of column 0 comes out at the last columns, and a step to the
    right of the last can stop the program. Here: the edges are walls.
The start
    Published: a level of fewer than three rows or columns stops the program. Here: one begins in
    its last row or column.
The furthest column
    Published: not told. Here: the right-most column with a solid tile under the feet; jumps over a
    pit do not count.
"""

from __future__ import annotations

from dataclasses import dataclass
from functools import cache
from typing import Final

import numpy as np
import numpy.typing as npt

from procgen_sim.levels import Affordance, Level

__all__ = ["ARCS", "TilePath", "tile_path"]

ARCS: Final = (
    ((0, -1), (0, -2), (1, -3), (1, -4), (0, -4)),
    ((0, -1), (0, -2), (0, -3), (0, -4), (1, -4)),
    ((1, -1), (1, -2), (1, -3), (1, -4), (2, -4)),
    (
        *((1, -1), (1, -2), (2, -2), (2, -3), (3, -3), (3, -4), (4, -4)),
        *((5, -3), (6, -3), (7, -3), (8, -2), (8, -1)),
    ),
    (
        *((1, -1), (1, -2), (2, -2), (2, -3), (3, -3), (3, -4), (4, -4)),
        *((5, -4), (6, -3), (7, -3), (8, -2), (8, -1)),
    ),
)
"""The five jumps to the right: columns and rows from where one takes off, step by step."""

_FIFTHS: Final = 5
"""The kernel counts costs in fifths of a step, so that 1.4 is a whole number."""


@dataclass(frozen=True, kw_only=True)
class TilePath:
    """What the published rules say of a level.

    Attributes
    ----------
    playable
        True if there is a path to the last column.
    reason
        One clause for people: how long the path is, or how far one comes.
    furthest_column
        The right-most column stood on, from 0; the last one if there is a path; −1 if one never
        lands.
    cost
        Of a cheapest path, in steps; None if there is no path.
    """

    playable: bool
    reason: str
    furthest_column: int
    cost: float | None


def tile_path(level: Level) -> TilePath:
    """Find a cheapest path through a level by the published rules.

    Examples
    --------
    >>> from procgen_sim.levels import Tileset
    >>> tiles = Tileset({"-": ("empty",), "X": ("solid",)})
    >>> sky = ["-" * 16] * 8
    >>> tile_path(Level.from_rows([*sky, "XXXX---------XXX"], tiles)).playable
    True
    >>> tile_path(Level.from_rows([*sky, "XXXX----------XX"], tiles)).reason
    'stops at column 4 of 16'
    """
    from procgen_sim.platformer.tile_rules_kernel import cheapest_path

    solid = level.mask(Affordance.SOLID | Affordance.ONE_WAY)
    cost, furthest = cheapest_path(solid, *_tree())
    if cost < 0:
        return TilePath(
            playable=False,
            reason=f"stops at column {furthest + 1} of {level.n_columns}",
            furthest_column=int(furthest),
            cost=None,
        )
    return TilePath(
        playable=True,
        reason="there is a tile path to the last column",
        furthest_column=level.n_columns - 1,
        cost=int(cost) / _FIFTHS,
    )


@cache
def _tree() -> tuple[npt.NDArray[np.int64], npt.NDArray[np.int64]]:
    """The arcs as a tree: those that begin alike share the beginning.

    Returns
    -------
    ``(n_nodes, 2)`` the step into each node, columns and rows, where node 0 is the ground; and
    ``(n_nodes, 3)`` the nodes after each, 0 for none.
    """
    nodes: dict[tuple[tuple[int, int], ...], int] = {(): 0}
    steps = [(0, 0)]
    after: list[list[int]] = [[]]
    for arc in ARCS:
        for n in range(1, len(arc) + 1):
            if arc[:n] not in nodes:
                before = arc[n - 2] if n > 1 else (0, 0)
                nodes[arc[:n]] = len(steps)
                after[nodes[arc[: n - 1]]].append(len(steps))
                steps.append((arc[n - 1][0] - before[0], arc[n - 1][1] - before[1]))
                after.append([])
    filled = [[*children, 0, 0, 0][:3] for children in after]
    return np.array(steps, np.int64), np.array(filled, np.int64)
