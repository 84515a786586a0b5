"""Policies to compare a learning agent with: from what is seen to an action."""

from __future__ import annotations

from collections.abc import Callable

import numpy as np

from procgen_sim._checks import check_choice, check_number
from procgen_sim.environment.director_env import OBSERVED, DirectorEnv, Observation
from procgen_sim.injection import ON_MODEL, parse_arm
from procgen_sim.injection.audience import MOST_RATING

__all__ = ["Policy", "by_chance", "by_rating", "by_schedule", "follow"]

Decide = Callable[[Observation], int]
Policy = Callable[[DirectorEnv, np.random.Generator], Decide]
"""Called when an episode has begun, with a stream of its own; what it returns is asked for each
action."""

_RATING = OBSERVED.index("rating")


def follow(env: DirectorEnv, rng: np.random.Generator) -> Decide:  # noqa: ARG001
    """Never leave the model."""
    return lambda _seen: 0


def by_chance(p: float) -> Policy:
    """Break with chance ``p``, any way at random: what an untrained agent does.

    Raises
    ------
    InputError
        If ``p`` is not within 0 and 1.
    """
    check_number("by_chance, p", p, low=0.0, high=1.0)

    def start(env: DirectorEnv, rng: np.random.Generator) -> Decide:
        n = len(env.ways)
        return lambda _seen: 1 + int(rng.integers(n)) if rng.random() < p else 0

    return start


def by_rating(way: str, *, at_least: int = 4) -> Policy:
    """The baseline: break when the player said to be bored, ``at_least`` of 5.

    Raises
    ------
    InputError
        When it starts, if the environment has no such way.
    """
    limit = at_least / MOST_RATING - 1e-6

    def start(env: DirectorEnv, rng: np.random.Generator) -> Decide:  # noqa: ARG001
        action = _action(env, way)
        return lambda seen: action if seen[_RATING] >= limit else 0

    return start


def by_schedule(text: str, *, rate: float = 0.15) -> Policy:
    """An arm as people write it, such as ``outlier@adaptive:0.2``.

    Raises
    ------
    InputError
        If the arm cannot be; when it starts, if the environment has no such way.
    """
    arm = parse_arm(text, rate=rate, where="by_schedule")

    def start(env: DirectorEnv, rng: np.random.Generator) -> Decide:
        if arm is ON_MODEL or arm.proposal is None:
            return lambda _seen: 0
        action, director = _action(env, arm.proposal), arm.schedule.start(env.audience, rng=rng)
        return lambda _seen: action if director(len(env.audience.shown)) else 0

    return start


def _action(env: DirectorEnv, way: str) -> int:
    return 1 + env.ways.index(check_choice("way", way, env.ways))
