"""What the platformer makes of a level: what its tiles do, and where its creatures walk."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Final

import numpy as np
import numpy.typing as npt

from procgen_sim.levels import Affordance, Flags, Level
from procgen_sim.platformer.physics import RULES, Rules
from procgen_sim.platformer.reachability import start_cell

__all__ = ["Terrain", "make_terrain"]

_FLYING_TAGS: Final = frozenset({"winged", "flying"})


@dataclass(frozen=True, kw_only=True, eq=False)
class Terrain:
    """A level as the physics see it when play begins. All arrays are read-only.

    Attributes
    ----------
    flags
        ``(rows, columns)`` affordances of the tiles, creatures taken out.
    creatures
        ``(n, 6)`` int64, one row a creature: top edge, left edge at the left and at the right end
        of its beat, where on its way to and fro it starts (all in units), 1 if it flies, and the
        row of its cell.
    creature_codes
        ``(n,)`` the tile code of each creature.
    start
        ``(x, y)`` of the player's box at tick 0, units; None if there is nowhere to stand.
    start_cell
        ``(row, column)`` of the cell it is in.
    has_goal
        Whether there is a goal tile; without one the last column is the goal.
    n_changes
        How many tiles and creatures can change at most.
    """

    flags: Flags
    creatures: npt.NDArray[np.int64]
    creature_codes: npt.NDArray[np.uint8]
    start: tuple[int, int] | None
    start_cell: tuple[int, int] | None
    has_goal: bool
    n_changes: int


def make_terrain(level: Level, rules: Rules = RULES) -> Terrain:
    """Work out a level once, before it is played."""
    enemy = np.uint16(Affordance.ENEMY)
    flags = level.flags.copy()
    flags[(flags & enemy) != 0] = np.uint16(Affordance.EMPTY)
    creatures, codes = [], []
    for row, col in np.argwhere((level.flags & enemy) != 0).tolist():
        code = int(level.grid[row, col])
        tags = level.tileset.tags[level.tileset.characters[code]]
        flies = not _FLYING_TAGS.isdisjoint(word.lower() for word in tags)
        beat = _beat(flags, row, col, flies, rules)
        if beat is not None:
            creatures.append(beat)
            codes.append(code)
    start = start_cell(level.flags)
    # A tile may change once for each: a bonus block can be used and then broken.
    changing = (Affordance.COLLECTABLE, Affordance.BREAKABLE, Affordance.BONUS)
    n_tile_changes = sum(int(((flags & np.uint16(bit)) != 0).sum()) for bit in changing)
    terrain = Terrain(
        flags=flags,
        creatures=np.array(creatures, np.int64).reshape(len(creatures), 6),
        creature_codes=np.array(codes, np.uint8),
        start=None if start is None else _placed(*start, rules),
        start_cell=start,
        has_goal=bool((flags & np.uint16(Affordance.GOAL)).any()),
        n_changes=n_tile_changes + len(creatures),
    )
    for array in (terrain.flags, terrain.creatures, terrain.creature_codes):
        array.flags.writeable = False
    return terrain


def _placed(row: int, col: int, rules: Rules) -> tuple[int, int]:
    """A body in the middle of a cell's floor."""
    x = col * rules.tile + (rules.tile - rules.body_width) // 2
    return x, (row + 1) * rules.tile - rules.body_height


def _beat(
    flags: Flags, row: int, col: int, flies: bool, rules: Rules
) -> tuple[int, int, int, int, int, int] | None:
    """A creature's row of :attr:`Terrain.creatures`; None if it falls out of the level."""
    n_rows, n_cols = flags.shape
    blocked = (flags & np.uint16(Affordance.SOLID | Affordance.HAZARD)) != 0
    carries = (flags & np.uint16(Affordance.SOLID | Affordance.ONE_WAY)) != 0
    if not flies:
        while row + 1 < n_rows and not carries[row + 1, col]:
            row += 1
        if row + 1 == n_rows:
            return None
    first = last = col
    for side, end in (
        (-1, max(col - rules.beat_tiles, 0)),
        (1, min(col + rules.beat_tiles, n_cols - 1)),
    ):
        at = col
        while at != end:
            free = not blocked[row, at + side] and (flies or carries[row + 1, at + side])
            if not free:
                break
            at += side
        first, last = min(first, at), max(last, at)
    inset = (rules.tile - rules.enemy_size) // 2
    low, high = first * rules.tile + inset, last * rules.tile + inset
    # To the left first: on the way back of a walk that begins at the left end.
    phase = 2 * (high - low) - (col - first) * rules.tile
    top = (row + 1) * rules.tile - rules.enemy_size
    return top, low, high, phase, int(flies), row
