"""A simulated audience meets a body of levels: how soon half of it has had enough.

Players differ in memory, appetite and patience (:mod:`procgen_sim.players.population`). Few lives
are lived in full, each with the levels in an order and a memory of its own; a player shares the
life whose memory is nearest theirs, and judges it by their own taste.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, replace
from typing import Final

import numpy as np
import numpy.typing as npt

from procgen_sim.experiments.audit.learning import HORIZON, Learning, Life
from procgen_sim.experiments.statistics import Interval
from procgen_sim.players import NOTIONS, Evidence, Population, boredom_curve, interest
from procgen_sim.players.assumptions import NEWCOMER_BITS
from procgen_sim.players.boredom import levels_until_bored
from procgen_sim.rng import stream

__all__ = ["Audience", "Bored", "ask_audience", "draw_again", "leave_after", "memories"]

Floats = npt.NDArray[np.float64]

_RESAMPLES: Final = 400


@dataclass(frozen=True, kw_only=True)
class Bored:
    """How an audience took a body of levels, under one notion of interest.

    Attributes
    ----------
    levels
        Levels until half of the players had had enough, with a 95 % interval over players and
        orders of levels. None where more than half were still there at the end.
    share_stayed
        Share of players still there then.
    mean, low, high
        ``(T,)`` mean boredom after each level, with the middle 80 % of players.
    """

    levels: Interval
    share_stayed: float
    mean: Floats
    low: Floats
    high: Floats


@dataclass(frozen=True, kw_only=True)
class Audience:
    """Players, ordered by how long they remember, and the life each of them shares.

    Attributes
    ----------
    people
        The players.
    life
        ``(P,)`` which life.
    half_lives
        Half-life of memory of each life, levels.
    """

    people: Population
    life: npt.NDArray[np.int64]
    half_lives: tuple[float, ...]


def memories(n_players: int, n_lives: int, *, seed: int) -> Audience:
    """An audience, its memories dealt into ``n_lives`` groups of equal size."""
    people = Population.sample(n_players, seed=seed)
    rank = np.argsort(np.argsort(people.half_life_levels, kind="stable"), kind="stable")
    life = rank * n_lives // n_players
    half_lives = tuple(float(np.median(people.half_life_levels[life == i])) for i in range(n_lives))
    return Audience(people=people, life=life, half_lives=half_lives)


def ask_audience(
    audience: Audience, learning: Learning, lives: Sequence[Life], *, seed: int
) -> dict[str, Bored]:
    """How the audience takes these lives, under each notion of interest.

    Parameters
    ----------
    learning
        Of the body that sets the yardstick: what its levels cost a newcomer.
    lives
        One for each memory: of that body, or of it with other levels put in.
    """
    found = {}
    for notion, (boredom, left) in leave_after(audience, learning, lives).items():
        rng = stream(seed, "audit", 2)
        medians = [_median(left[draw_again(audience, rng)]) for _ in range(_RESAMPLES)]
        low, high = np.quantile(medians, [0.025, 0.975], method="nearest")
        levels = Interval(
            estimate=_finite(_median(left)), low=_finite(low), high=_finite(float(high))
        )
        found[notion] = Bored(
            levels=levels,
            share_stayed=float(np.isinf(left).mean()),
            mean=boredom.mean(axis=0),
            low=np.quantile(boredom, 0.1, axis=0),
            high=np.quantile(boredom, 0.9, axis=0),
        )
    return found


def leave_after(
    audience: Audience, learning: Learning, lives: Sequence[Life]
) -> dict[str, tuple[Floats, Floats]]:
    """Notion to ``(P, T)`` boredom, and ``(P,)`` the level after which each left, or infinity."""
    horizon = min(HORIZON, len(lives[0].order))
    lines = float(learning.n_active.mean())
    naive = float(learning.naive_active_bits.sum() / learning.n_active.sum()) * lines
    # A long level costs more than a short one without being any stranger.
    bits, progress = np.empty((2, len(lives), horizon))
    for i, life in enumerate(lives):
        per_line = lines / life.n_lines[:horizon]
        bits[i] = life.active_bits[:horizon] * per_line
        progress[i] = life.progress_bits[:horizon] * per_line
        if np.isnan(progress[i, -1]):  # nothing comes after it: as the one before
            progress[i, -1] = progress[i, -2] if horizon > 1 else 0.0
    met = Evidence(
        surprise_bits=bits[audience.life],
        progress_bits=progress[audience.life],
        naive_bits=np.full((len(audience.life), 1), max(naive, np.finfo(np.float64).tiny)),
    )
    taste = audience.people.taste
    # What teaches is rewarding in proportion to what a newcomer does not know.
    taste = replace(taste, saturation_bits=taste.saturation_bits * max(naive, 1.0) / NEWCOMER_BITS)
    found = {}
    for notion in NOTIONS:
        boredom = boredom_curve(interest(notion, met, taste), audience.people.tau_levels)
        left = levels_until_bored(boredom, audience.people.threshold)
        found[notion] = (boredom, np.where(left.censored, np.inf, left.levels.astype(np.float64)))
    return found


def draw_again(audience: Audience, rng: np.random.Generator) -> npt.NDArray[np.int64]:
    """Players drawn with replacement within lives drawn with replacement."""
    n_lives = len(audience.half_lives)
    chosen = rng.integers(n_lives, size=n_lives)
    groups = [np.flatnonzero(audience.life == life) for life in chosen]
    return np.concatenate([group[rng.integers(len(group), size=len(group))] for group in groups])


def _median(left: Floats) -> float:
    """The level after which half have left; infinity when fewer did."""
    return float(np.sort(left)[(len(left) - 1) // 2])


def _finite(level: float) -> float | None:
    return None if np.isinf(level) else float(level)
