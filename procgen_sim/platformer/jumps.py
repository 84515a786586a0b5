"""The jump rules: the physics in whole tiles, for the screen and the builder.

They follow from :data:`~.physics.RULES` and are *conservative*: distances are ones that the
physics can jump from a standing start. (They say nothing of creatures, and in very narrow places a
body may not fit through what single tiles allow: hence the proof.) Distances are in tiles, rows
count downwards.

Standing
    The cell below is solid and does not hurt, or a one-way platform, or the cell itself or the one
    below is climbable. A cell is free if it is neither solid nor a hazard (enemies are not modelled
    here).
Walk
    One column to either side, into a free cell.
Jump
    Up to :data:`JUMP_RISE_TILES` rows up, through free cells. In the rise at most one column
    sideways for every :data:`RISE_ROWS_PER_COLUMN` rows. It may be cut short at any row.
Fall
    One row at a time, in each of the first :data:`FALL_ROWS_WITH_COLUMN` rows at most one column
    sideways, then in every other row, as falling grows faster than running; through free cells.
In the air
    The sideways direction does not change between leaving the ground and landing.
Climb
    Any direction, through climbable cells; the cell above a climbable one can be stood on.

It follows that the highest step is four tiles, and the widest gap at equal height has five empty
columns (two in the rise, four in the fall: the sixth column is the landing).
"""

from typing import Final

from procgen_sim.platformer.physics import RULES

__all__ = [
    "FALL_ROWS_WITH_COLUMN",
    "JUMP_RISE_TILES",
    "MAX_GAP_TILES",
    "RISE_ROWS_PER_COLUMN",
    "widest_gap",
]

JUMP_RISE_TILES: Final = (
    RULES.jump_speed * (RULES.jump_speed + RULES.gravity) // (2 * RULES.gravity) // RULES.tile
)
"""Rows a full jump rises: its speed shrinks by gravity from tick to tick."""

FALL_ROWS_WITH_COLUMN: Final = 6
"""Rows of a fall in each of which one can get a column sideways."""

RISE_ROWS_PER_COLUMN: Final = 2
"""Rows of rise that buy one column sideways."""


def widest_gap(step_tiles: int) -> int:
    """Empty columns a jump clears when the far side is ``step_tiles`` higher (negative: lower).

    >>> [widest_gap(step) for step in (0, 1, 2, 3, 4, -1, -2)]
    [5, 4, 3, 2, 1, 6, 7]
    """
    if step_tiles > JUMP_RISE_TILES:
        return -1
    rows = JUMP_RISE_TILES - step_tiles
    fast = max(rows - FALL_ROWS_WITH_COLUMN, 0)
    return JUMP_RISE_TILES // RISE_ROWS_PER_COLUMN + rows - fast + fast // 2 - 1


MAX_GAP_TILES: Final = 5
"""Widest gap between sides of equal height, with head-room for the whole jump."""
