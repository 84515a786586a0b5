"""How well a policy directs, on the same players as any other."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

import gymnasium
import numpy as np
import numpy.typing as npt

from procgen_sim._checks import check_int
from procgen_sim.environment.director_env import director_of
from procgen_sim.environment.policies import Policy
from procgen_sim.rng import stream

__all__ = ["Score", "evaluate"]


@dataclass(frozen=True, kw_only=True, eq=False)
class Score:
    """A policy's score, player by player.

    Attributes
    ----------
    interest
        ``(n,)`` interest kept: summed over the levels that each player stayed for.
    levels
        ``(n,)`` levels stayed for, the horizon at most.
    broke_share
        Share of levels that were breaks, of all players' levels together.
    """

    interest: npt.NDArray[np.float64]
    levels: npt.NDArray[np.int64]
    broke_share: float


def evaluate(
    env: gymnasium.Env[Any, Any], policy: Policy, n_players: int, *, first: int = 0
) -> Score:
    """Let a policy direct players ``first`` to ``first + n_players − 1``.

    Two policies on the same players meet the same people and the same on-model levels. Wrappers are
    left out, so that all are scored alike; who learned behind one brings it in the policy.

    Raises
    ------
    InputError
        If it is another environment, or there are no such players.
    """
    check_int("n_players", n_players, low=1)
    director = director_of(env)
    interest, levels = np.zeros(n_players), np.zeros(n_players, np.int64)
    n_breaks = 0
    for i in range(n_players):
        seen, _ = director.reset(seed=i, options={"player": first + i})
        decide = policy(director, stream(director.setting.seed, "schedule", first + i))
        over = False
        while not over:
            seen, reward, left, truncated, info = director.step(decide(seen))
            interest[i] += reward
            levels[i] += 1
            n_breaks += info["broke"]
            over = left or truncated
    return Score(interest=interest, levels=levels, broke_share=n_breaks / int(levels.sum()))
