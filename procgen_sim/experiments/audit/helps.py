"""What would help: the same audience meets the levels with some of them exchanged on purpose.

A tile model learns the body; levels off that model are put in at random places, by each proposal
and at each rate. They exist in tiles only, so this works for any game, and says nothing about
whether a game's own generator could make such levels.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any, Final

import numpy as np
import numpy.typing as npt

from procgen_sim.experiments.audit.audience import Audience, leave_after
from procgen_sim.experiments.audit.learning import Learning, Life, live
from procgen_sim.experiments.statistics import Difference, paired_difference, told_apart
from procgen_sim.generators.tile import TileGenerator
from procgen_sim.injection.tiles import (
    TILE_PROPOSAL_ADDRESS,
    TILE_PROPOSALS,
    TileOutside,
    propose_tiles,
)
from procgen_sim.levels.body import Body, Lines
from procgen_sim.models import DensityRegion
from procgen_sim.players import NOTIONS
from procgen_sim.rng import stream

__all__ = ["RATES", "Help", "Pool", "helps", "injected_lives", "outsides", "pools"]

Floats = npt.NDArray[np.float64]

RATES: Final = (0.1, 0.25)
"""Shares of levels that leave the model."""

_HORIZON: Final = 30
"""Levels that are lived again. Who stays longer is taken to leave then."""

_MOST_LEARNED: Final = 200
"""Levels that the model to be left has learned at most, evenly over the body."""

_N_CALIBRATION: Final = 100
"""On-model samples for the region. Off it is then what is rarer than all of them."""

_LEAST_LEVELS: Final = 8


@dataclass(frozen=True, kw_only=True, eq=False)
class Pool:
    """Levels off the model, made by one proposal.

    Attributes
    ----------
    proposal
        Which.
    lines
        The levels.
    off_model_share
        Share of them that are off the model.
    playable_share
        Share of them that can be finished; None where that is not known.
    note
        Why it is not known; empty if it is.
    """

    proposal: str
    lines: tuple[Lines, ...]
    off_model_share: float
    playable_share: float | None
    note: str


@dataclass(frozen=True, kw_only=True)
class Help:
    """What one way of leaving the model changed, under one notion of interest.

    Attributes
    ----------
    proposal, rate, notion
        Which way, how often, judged how.
    gained
        Levels that players stayed longer, within the horizon, with a 95 % interval.
    stands
        It is told apart from nothing, allowing for all that was tried.
    pool
        The levels that were put in.
    """

    proposal: str
    rate: float
    notion: str
    gained: Difference
    stands: bool
    pool: Pool


def outsides(body: Body, *, seed: int) -> list[tuple[Any, ...]]:
    """The call that finds out what is off the model; none for a body too small to be left."""
    if body.n_levels < _LEAST_LEVELS or len({level.tileset for level in body.levels}) > 1:
        return []
    return [(_find_region, _some(body), seed)]


def pools(body: Body, regions: Sequence[DensityRegion], *, seed: int) -> list[tuple[Any, ...]]:
    """The calls that make each proposal's levels, from what :func:`outsides` found."""
    return [(_make_pool, body, region, name, seed) for region in regions for name in TILE_PROPOSALS]


def injected_lives(
    body: Body, learning: Learning, made: Sequence[Pool], audience: Audience, *, seed: int
) -> list[tuple[Any, ...]]:
    """The calls that live each life again, with each pool at each rate."""
    work: list[tuple[Any, ...]] = []
    for pool in made:
        for rate in RATES:
            for i, life in enumerate(learning.lives):
                rng = stream(seed, "inject", 0, i, round(1000 * rate))
                met = life.order[:_HORIZON]
                # Never the first: nobody knows yet what there is to be left.
                n_broken = round(rate * (len(met) - 1))
                broke = np.sort(rng.choice(len(met) - 1, n_broken, replace=False)) + 1
                work.append((live, *_exchanged(body, met, broke, pool, audience.half_lives[i])))
    return work


def helps(
    learning: Learning, made: Sequence[Pool], results: Sequence[Life], audience: Audience
) -> tuple[Help, ...]:
    """What came of :func:`injected_lives`, in its order."""
    n = len(learning.lives)
    before = leave_after(audience, learning, learning.lives)
    horizon = min(_HORIZON, len(learning.lives[0].order))
    found: list[tuple[str, float, str, Difference, Pool]] = []
    remaining = iter(results)
    for pool in made:
        for rate in RATES:
            lives = [next(remaining) for _ in range(n)]
            after = leave_after(audience, learning, lives)
            for notion in NOTIONS:
                stayed = np.minimum(after[notion][1], horizon)
                longer = stayed - np.minimum(before[notion][1], horizon)
                gained = _difference(longer, audience)
                found.append((pool.proposal, rate, notion, gained, pool))
    stand = told_apart([1.0 if each[3].p_value is None else each[3].p_value for each in found])
    return tuple(
        Help(proposal=name, rate=rate, notion=notion, gained=gained, stands=stands, pool=pool)
        for (name, rate, notion, gained, pool), stands in zip(found, stand, strict=True)
    )


def _some(body: Body) -> Body:
    """As many levels of a body as the model learns."""
    n = min(body.n_levels, _MOST_LEARNED)
    return body.take([i * body.n_levels // n for i in range(n)])


def _find_region(body: Body, seed: int) -> DensityRegion:
    generator = TileGenerator.fit(body, seed=seed)
    rngs = (stream(seed, "calibration", i) for i in range(_N_CALIBRATION))
    return generator.model.region(generator.n_lines, generator.line_length, rngs=rngs)


def _make_pool(body: Body, region: DensityRegion, proposal: str, seed: int) -> Pool:
    generator = TileGenerator.fit(body, seed=seed)
    outside = TileOutside(
        model=generator.model,
        region=region,
        order=body.order,
        n_lines=generator.n_lines,
        line_length=generator.line_length,
        playable=generator.playable,
        tidied=generator.tidied,
    )
    # As many as the densest injection needs, and one more: the last has a sibling, too.
    n = round(max(RATES) * min(_HORIZON, body.n_levels)) + 1
    shown = list(body.lines)
    made: list[Lines] = []
    address = TILE_PROPOSAL_ADDRESS[proposal]
    for i in range(n):
        rng = stream(seed, "inject", address, i)
        made.append(propose_tiles(proposal, outside, [*shown, *made], rng=rng))
    unknown = generator.unscreened
    playable = None if unknown else float(np.mean([generator.playable(each) for each in made]))
    return Pool(
        proposal=proposal,
        lines=tuple(made),
        off_model_share=float(np.mean([outside.is_off(each) for each in made])),
        playable_share=playable,
        note=unknown or "",
    )


def _exchanged(
    body: Body,
    met: npt.NDArray[np.int64],
    broke: npt.NDArray[np.int64],
    pool: Pool,
    half_life: float,
) -> tuple[Any, ...]:
    """What :func:`~.learning.live` needs to live a life with the levels at ``broke`` exchanged."""
    n = len(met)
    lines = [*(body.lines[i] for i in met), *pool.lines]
    active = [*(body.active[i] for i in met), *(slice(0, len(each)) for each in pool.lines)]
    order, siblings = np.arange(n), np.append(np.arange(1, n), -1)
    for i, t in enumerate(broke):
        order[t] = n + i % len(pool.lines)
        siblings[t] = n + (i + 1) % len(pool.lines)
    return lines, active, len(body.alphabet), half_life, order, siblings


def _difference(longer: Floats, audience: Audience) -> Difference:
    """Mean over players with Student's interval [Student1908]_.

    Players who share a life met the same levels: lives are what was drawn independently.
    """
    n = len(audience.half_lives)
    means = np.array([longer[audience.life == life].mean() for life in range(n)])
    return paired_difference(means, np.zeros(n))
