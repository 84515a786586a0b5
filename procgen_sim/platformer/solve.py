"""Can a level be finished? A verdict with its proof.

*Playable* is proven by a replay: inputs that reach the goal when they are run through
:class:`~.world.World`, creatures and all. *Not playable* is proven by exhaustion: even what
:mod:`.bounds` allows, which is more than the physics do, never reaches the goal. What neither
proves is *unknown*, with the reason.

The search (:func:`.world_kernel.search`) plays rough and greedy first and ever more finely
afterwards. It is no clock that stops it but a number of moments, so the verdict is the same on
every machine.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import Final, NamedTuple

import numpy as np
import numpy.typing as npt

from procgen_sim._checks import check_int
from procgen_sim.levels import Level
from procgen_sim.platformer.bounds import beyond_reach
from procgen_sim.platformer.physics import PHYSICS_VERSION, RULES
from procgen_sim.platformer.replay import Replay
from procgen_sim.platformer.terrain import Terrain, make_terrain
from procgen_sim.platformer.world import World, first_state

__all__ = ["BUDGET", "Verdict", "prove", "solve"]

BUDGET: Final = 200_000
"""Moments searched before giving up, by default."""


MOST_BUDGET: Final = 5_000_000
"""What fits into a gigabyte of memory."""

_MOST_CELLS_BY_JUMPS: Final = 60_000
"""Larger levels are searched without steps by the jump rules, which take a kilobyte a cell."""


class _Pass(NamedTuple):
    """One way of searching; see :func:`.world_kernel.search`. What is still to go is estimated in
    cells, gravity left aside, or in steps by the jump rules."""

    by_jumps: bool
    n_ticks: int
    fineness: int
    greed: int
    budget: int


_QUICK: Final = (
    _Pass(False, 32, 0, 40, 400),
    _Pass(True, 32, 0, 40, 2_000),
    _Pass(True, 16, 0, 40, 1_000),
    _Pass(False, 24, 1, 20, 4_000),
)
"""Different rough ways, each given up soon: levels hard for one are seldom hard for all."""

_THOROUGH: Final = (
    _Pass(True, 12, 1, 16, 10_000),
    _Pass(False, 8, 1, 16, 20_000),
    _Pass(True, 5, 2, 12, 60_000),
    _Pass(False, 4, 2, 8, BUDGET),
    _Pass(False, 2, 3, 8, MOST_BUDGET),
)


@dataclass(frozen=True, kw_only=True)
class Verdict:
    """What is known about whether a level can be finished.

    Attributes
    ----------
    verdict
        ``playable``, ``not playable`` or ``unknown``.
    reason
        One clause for people.
    furthest_column
        The right-most column stood in, from 0; −1 when there is nowhere to stand.
    replay
        The proof of ``playable``; else None.
    frames
        Ticks the replay takes; else None.
    expanded
        Moments searched.
    """

    verdict: str
    reason: str
    furthest_column: int
    replay: Replay | None
    frames: int | None
    expanded: int


def prove(level: Level, terrain: Terrain | None = None) -> npt.NDArray[np.uint8] | None:
    """The actions ``(ticks,)`` that finish a level, if the quick searches find them; else None.

    What generators ask of every level: under a millisecond for most, a few for the worst, and no
    more than a few when there is no way at all.
    """
    terrain = terrain or make_terrain(level)
    if terrain.start is None:
        return None
    for way in _QUICK:
        _, _, actions = _search(terrain, way)
        if actions is not None:
            return actions
    return None


def solve(level: Level, *, budget: int = BUDGET) -> Verdict:
    """Prove that a level can be finished, or that it cannot.

    Parameters
    ----------
    level
        What to solve.
    budget
        Moments to search before giving up; also bounds the proof of the contrary.

    Raises
    ------
    InputError
        If the budget is below 1 or above :data:`MOST_BUDGET`.

    Examples
    --------
    >>> from procgen_sim.levels import Tileset
    >>> tiles = Tileset({"-": ("empty",), "X": ("solid",)})
    >>> sky = ["-" * 24] * 7
    >>> solve(Level.from_rows([*sky, "XXXXXXXX--------XXXXXXXX"], tiles)).verdict
    'playable'
    >>> solve(Level.from_rows([*sky, "XXXXXXXX---------XXXXXXX"], tiles)).reason
    'every way ends by column 17 of 24'
    """
    check_int("budget", budget, low=1, high=MOST_BUDGET)
    terrain = make_terrain(level)
    if terrain.start is None:
        return _refused("not playable", "there is nowhere to stand", -1, 0)
    furthest = expanded = 0
    for way in _QUICK:
        n, column, actions = _search(terrain, way._replace(budget=min(way.budget, budget)))
        furthest, expanded = max(furthest, column), expanded + n
        if actions is not None:
            return _proven(level, terrain, actions, furthest, expanded)
    bounds = beyond_reach(level)
    if bounds.impossible:
        column, n = bounds.furthest_column + 1, level.n_columns
        ends = f"every way ends by column {column} of {n}"
        reason = "no way leads to the goal" if column == n and terrain.has_goal else ends
        return _refused("not playable", reason, furthest, expanded)
    for way in _THOROUGH:
        if expanded >= budget:
            break
        left = min(way.budget, budget - expanded)
        n, column, actions = _search(terrain, way._replace(budget=left))
        furthest, expanded = max(furthest, column), expanded + n
        if actions is not None:
            return _proven(level, terrain, actions, furthest, expanded)
    why = (
        "with no inertia and harmless creatures there would be one"
        if bounds.reached_goal
        else "whether there is none took too much work to say"
    )
    reason = f"no way found in {expanded:,} moments of play; {why}"
    return _refused("unknown", reason, furthest, expanded)


def _search(terrain: Terrain, way: _Pass) -> tuple[int, int, npt.NDArray[np.uint8] | None]:
    """Moments searched, right-most column stood in, and the actions if the goal was reached."""
    from procgen_sim.platformer.reachability_kernel import steps_to_go
    from procgen_sim.platformer.world_kernel import FAR, cells_to_go, search

    assert terrain.start_cell is not None
    if way.by_jumps and terrain.flags.size <= _MOST_CELLS_BY_JUMPS:
        away = steps_to_go(terrain.flags, *terrain.start_cell, terrain.has_goal, FAR)
    else:
        away = cells_to_go(terrain.flags, terrain.has_goal)
    found, n, column, actions = search(
        RULES,
        terrain.flags,
        terrain.creatures,
        first_state(terrain),
        terrain.has_goal,
        away,
        way.n_ticks,
        way.fineness,
        way.greed,
        way.budget,
    )
    if found == 1 and _wins(terrain, actions):
        return int(n), int(column), actions
    return int(n), int(column), None


def _wins(terrain: Terrain, actions: npt.NDArray[np.uint8]) -> bool:
    """Whether the actions, played from the start, reach the goal: the proof itself."""
    from procgen_sim.platformer.world_kernel import HAS_WON, STATUS, framed, play

    state = first_state(terrain)
    play(
        RULES,
        framed(terrain.flags),
        terrain.creatures,
        np.zeros(len(terrain.creatures), np.uint8),
        np.zeros((terrain.n_changes, 4), np.int64),
        state,
        actions,
        terrain.has_goal,
    )
    return int(state[STATUS]) == HAS_WON


def _proven(
    level: Level,
    terrain: Terrain,
    actions: npt.NDArray[np.uint8],
    furthest: int,
    expanded: int,
) -> Verdict:
    """The verdict with its replay."""
    world = World(level)
    world.play(actions.tobytes())
    arrived = "the goal is reached" if terrain.has_goal else "the last column is reached"
    return Verdict(
        verdict="playable",
        reason=f"{arrived} in {world.tick / 120:.1f} s",
        furthest_column=max(furthest, world.column),
        replay=Replay(
            version=PHYSICS_VERSION, digest=level.digest(), seed=0, actions=actions.tobytes()
        ),
        frames=world.tick,
        expanded=expanded,
    )


def _refused(verdict: str, reason: str, furthest: int, expanded: int) -> Verdict:
    return Verdict(
        verdict=verdict,
        reason=reason,
        furthest_column=furthest,
        replay=None,
        frames=None,
        expanded=expanded,
    )
