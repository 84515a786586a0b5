"""The jump rules: one set of numbers for the screen, the builder and the physics to come.

They are *conservative*: what these rules reach, the exact physics must reach too, so that a level
they call playable stays playable. Distances are in tiles, rows count downwards.

Standing
    The cell below is solid or a one-way platform, or the cell itself or the one below is
    climbable. A cell is free if it is neither solid nor a hazard (enemies are not modelled here).
Walk
    One column to either side, into a free cell.
Jump
    Up to :data:`JUMP_RISE_TILES` rows up, through free cells. In the rise at most one column
    sideways for every :data:`RISE_ROWS_PER_COLUMN` rows. It may be cut short at any row.
Fall
    One row at a time, in each row at most one column sideways, through free cells.
In the air
    The sideways direction does not change between leaving the ground and landing.
Climb
    Any direction, through climbable cells; the cell above a climbable one can be stood on.

It follows that the highest step is four tiles, and the widest gap at equal height has five empty
columns (two in the rise, four in the fall: the sixth column is the landing).
"""

from typing import Final

__all__ = ["JUMP_RISE_TILES", "MAX_GAP_TILES", "RISE_ROWS_PER_COLUMN", "widest_gap"]

JUMP_RISE_TILES: Final = 4
"""Rows a full jump rises."""

RISE_ROWS_PER_COLUMN: Final = 2
"""Rows of rise that buy one column sideways."""


def widest_gap(step_tiles: int) -> int:
    """Empty columns a jump clears when the far side is ``step_tiles`` higher (negative: lower).

    >>> [widest_gap(step) for step in (0, 1, 2, 3, 4, -1)]
    [5, 4, 3, 2, 1, 6]
    """
    if step_tiles > JUMP_RISE_TILES:
        return -1
    return JUMP_RISE_TILES // RISE_ROWS_PER_COLUMN + (JUMP_RISE_TILES - step_tiles) - 1


MAX_GAP_TILES: Final = 5
"""Widest gap between sides of equal height, with head-room for the whole jump."""
