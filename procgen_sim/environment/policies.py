"""Policies to compare a learning agent with: from what is seen to an action."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import gymnasium
import numpy as np

from procgen_sim._checks import check_choice, check_int, check_number
from procgen_sim.environment.director_env import OBSERVED, Observation, director_of
from procgen_sim.injection import ON_MODEL, parse_arm
from procgen_sim.injection.audience import LEAST_RATING, MOST_RATING

__all__ = ["Policy", "always", "by_chance", "by_rating", "by_schedule", "follow"]

Env = gymnasium.Env[Any, Any]
Decide = Callable[[Observation], int]
Policy = Callable[[Env, np.random.Generator], Decide]
"""Called when an episode has begun, with a :class:`~procgen_sim.environment.DirectorEnv`, wrapped
or not, and a stream of its own; what it returns is asked for each action."""

_RATING = OBSERVED.index("rating")


def follow(env: Env, rng: np.random.Generator) -> Decide:  # noqa: ARG001
    """Never leave the model."""
    return lambda _seen: 0


def always(way: str) -> Policy:
    """Break one way whenever the budget has a break: within 1/k, each k-th level.

    Raises
    ------
    InputError
        When it starts, if the environment has no such way.
    """

    def start(env: Env, rng: np.random.Generator) -> Decide:  # noqa: ARG001
        action = _action(env, way)
        return lambda _seen: action

    return start


def by_chance(p: float) -> Policy:
    """Break with chance ``p``, any way at random: what an untrained agent does.

    Raises
    ------
    InputError
        If ``p`` is not within 0 and 1.
    """
    check_number("by_chance, p", p, low=0.0, high=1.0)

    def start(env: Env, rng: np.random.Generator) -> Decide:
        n = len(director_of(env).ways)
        return lambda _seen: 1 + int(rng.integers(n)) if n and rng.random() < p else 0

    return start


def by_rating(way: str, *, at_least: int = 4) -> Policy:
    """The baseline: break when the player said to be bored, ``at_least`` of 5.

    Where players are not asked it never breaks.

    Raises
    ------
    InputError
        If there is no such rating; when it starts, if the environment has no such way.
    """
    check_int("by_rating, at_least", at_least, low=LEAST_RATING, high=MOST_RATING)
    limit = at_least / MOST_RATING - 1e-6

    def start(env: Env, rng: np.random.Generator) -> Decide:  # noqa: ARG001
        action = _action(env, way)
        return lambda seen: action if seen[_RATING] >= limit else 0

    return start


def by_schedule(text: str, *, rate: float = 0.15) -> Policy:
    """An arm as people write it, such as ``outlier@adaptive:0.2``.

    It breaks where the schedule says and the environment's budget has a break. Within a budget that
    allows all of the schedule's breaks, an episode is that arm's player in a comparison, level by
    level; of an arm that listens to ratings, as ``adaptive`` does, if the environment's ``ratings``
    are off: in a comparison nobody is asked.

    Raises
    ------
    InputError
        If the arm cannot be; when it starts, if the environment has no such way.
    """
    arm = parse_arm(text, rate=rate, where="by_schedule")

    def start(env: Env, rng: np.random.Generator) -> Decide:
        if arm is ON_MODEL or arm.proposal is None:
            return lambda _seen: 0
        audience = director_of(env).audience
        action, director = _action(env, arm.proposal), arm.schedule.start(audience, rng=rng)
        return lambda _seen: action if director(len(audience.shown)) else 0

    return start


def _action(env: Env, way: str) -> int:
    ways = director_of(env).ways
    return 1 + ways.index(check_choice("way", way, ways))
