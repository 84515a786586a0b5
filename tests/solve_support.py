"""Verdicts that must be, and proofs run again."""

from __future__ import annotations

import numpy as np
import numpy.typing as npt
from physics_support import level
from reference_world import ReferenceWorld

from procgen_sim.compiled import jit
from procgen_sim.levels import Flags, Level
from procgen_sim.platformer import (
    Rules,
    Verdict,
    World,
    run_replay,
    solve,
)
from procgen_sim.platformer.world_kernel import tick


def proven(played: Level) -> Verdict:
    """The verdict of a level that must be playable, its proof run by the world and by the
    reference."""
    found = solve(played)
    assert found.verdict == "playable", (found.reason, *played.rows())
    check_proof(played, found)
    return found


def check_proof(played: Level, found: Verdict) -> None:
    assert found.replay is not None
    world = run_replay(played, found.replay)
    assert (world.status, world.tick) == ("won", found.frames)
    reference = ReferenceWorld(played)
    for action in found.replay.actions:
        reference.step(action)
    assert (reference.status, reference.ticks) == ("won", found.frames)


def refused(played: Level) -> Verdict:
    """The verdict of a level that nobody can finish."""
    found = solve(played)
    assert found.verdict == "not playable", (found.verdict, found.reason, *played.rows())
    assert found.replay is None
    assert found.frames is None
    return found


def columns(*tops: str, rows: int = 22) -> Level:
    """A level from its columns, each written from the bottom up, under open sky."""
    filled = [column.ljust(rows, "-")[::-1] for column in tops]
    return level(*("".join(row) for row in zip(*filled, strict=True)))


@jit
def _tick_all(
    rules: Rules,
    flags: Flags,
    creatures: npt.NDArray[np.int64],
    gone: npt.NDArray[np.uint8],
    changes: npt.NDArray[np.int64],
    state: npt.NDArray[np.int64],
    actions: npt.NDArray[np.int64],
    has_goal: bool,
) -> None:
    for action in actions:
        if not state[12]:
            tick(rules, flags, creatures, gone, changes, state, action, has_goal)


def play_out(world: World, actions: npt.NDArray[np.uint8]) -> World:
    """All of :meth:`World.step` in one compiled loop, as ten thousand levels are many ticks."""
    _tick_all(
        world.rules,
        world._flags,
        world.terrain.creatures,
        world._gone,
        world._changes,
        world._state,
        actions.astype(np.int64),
        world.terrain.has_goal,
    )
    return world
