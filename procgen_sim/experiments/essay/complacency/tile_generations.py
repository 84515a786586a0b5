"""Generations of tile models: each learns the levels of the last, tile by tile, and makes the next.

What chance does to a Gaussian it does to patterns: those that were not drawn are forgotten, and
what was drawn is learned for good. But a tile model also leaves room for what it has never seen, so
drawn as it is it makes ever more noise: patterns stay different, only levels look more and more
alike. Generators are therefore drawn from more sharply (a *temperature* below 1), and then each
generation makes the likely likelier still.

Diversity is the mean perceptual distance of two levels of a generation
(:mod:`procgen_sim.levels.similarity`); beside it stands the effective number of three-line
patterns, the Hill number of order 1 (:mod:`procgen_sim.levels.hill`). Levels are not screened:
nobody plays them.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from functools import lru_cache

import numpy as np
import numpy.typing as npt

from procgen_sim.experiments.essay.complacency.generations import EXPERIMENT
from procgen_sim.experiments.essay.complacency.outsiders import works_due
from procgen_sim.experiments.essay.complacency.success import Audience, most_successful
from procgen_sim.experiments.preparation import open_corpus
from procgen_sim.levels.body import Body, Lines, as_grid
from procgen_sim.levels.hill import hill_at, sample_of
from procgen_sim.levels.level import Level
from procgen_sim.levels.similarity import Look, describe, distance_matrix
from procgen_sim.levels.windows import Patterns
from procgen_sim.models.fixed_tile import FixedTileModel
from procgen_sim.models.tile import TileModel
from procgen_sim.rng import stream

__all__ = ["CORPUS", "TileLineage", "TilePolicy", "tile_lineage"]

Floats = npt.NDArray[np.float64]

CORPUS = "samurai"
"""The shipped corpus that tile models start from."""

_KEY = 2  # first key of this file's streams, after those of dots and levels
_BEGIN, _MADE, _LIKED, _OUTSIDE = 0, 1, 2, 3
_LINES = 3  # lines of a pattern


@dataclass(frozen=True, kw_only=True)
class TilePolicy:
    """How an industry of tile models learns from itself.

    Attributes
    ----------
    temperature
        Of what is drawn; 1 is the model as it is, below 1 the likely is made likelier.
    audience, accumulate
        As for design models (:class:`.generations.Policy`).
    outside
        Share of each generation that is hand-made.
    """

    temperature: float = 1.0
    audience: Audience | None = None
    accumulate: bool = False
    outside: float = 0.0


@dataclass(frozen=True, kw_only=True, eq=False)
class TileLineage:
    """What became of one lineage, generation by generation; the first entry is hand-made work.

    Attributes
    ----------
    apart
        ``(n_generations + 1,)`` mean perceptual distance of two levels, 0 to 1.
    patterns
        ``(n_generations + 1,)`` effective number of three-line patterns.
    shown
        The first level of each generation, as lines of text, row 0 on top.
    """

    apart: Floats
    patterns: Floats
    shown: tuple[tuple[str, ...], ...]


def tile_lineage(
    policy: TilePolicy,
    *,
    n_levels: int,
    n_columns: int,
    n_generations: int,
    seed: int,
    lineage: int,
) -> TileLineage:
    """One lineage of tile models.

    Parameters
    ----------
    policy
        How they learn.
    n_levels, n_columns
        Size of a generation and of its levels: the first columns of hand-made ones to begin with.
    n_generations
        How many, after the hand-made one.
    seed, lineage
        One seed, one result; all policies begin with the same levels.
    """

    def chance(generation: int, purpose: int) -> np.random.Generator:
        return stream(seed, "essay", EXPERIMENT, _KEY, lineage, generation, purpose)

    body = _hand_made()
    pool = [lines[:n_columns] for lines in body.lines]
    works = [pool[i] for i in chance(0, _BEGIN).permutation(len(pool))[:n_levels]]
    looks = [_look(lines) for lines in works]
    spread = _apart(looks) ** 2
    spread = np.sqrt(spread[np.triu_indices(n_levels, 1)].mean() / 2)
    model = TileModel(len(body.alphabet))
    apart, patterns, shown = [], [], []
    for generation in range(n_generations + 1):
        apart.append(float(_apart(looks)[np.triu_indices(n_levels, 1)].mean()))
        patterns.append(_effective_patterns(body, works))
        shown.append(_text(body, works[0]))
        if generation == n_generations:
            break
        if not policy.accumulate:
            model = model.naive()
        for lines in works:
            model.learn(lines)
        fixed, rng = FixedTileModel(model), chance(generation, _MADE)
        n_made = n_levels if policy.audience is None else policy.audience.made(n_levels)
        rows, heat = works[0].shape[1], policy.temperature
        made = [fixed.sample(n_columns, rows, temperature=heat, rng=rng) for _ in range(n_made)]
        new = [_look(lines) for lines in made]
        order = np.arange(n_levels)
        if policy.audience is not None:
            squares = (_apart([*new, *looks])[:n_made, n_made:] / spread) ** 2
            rng = chance(generation, _LIKED)
            order = most_successful(squares, policy.audience, n_levels, rng=rng)
        due = works_due(policy.outside, n_levels, generation + 1)
        order = order[: n_levels - due]
        foreign = [
            pool[i] for i in chance(generation, _OUTSIDE).permutation(len(pool))[:due].tolist()
        ]
        works = [made[i] for i in order] + foreign
        looks = [new[i] for i in order] + [_look(lines) for lines in foreign]
    return TileLineage(apart=np.array(apart), patterns=np.array(patterns), shown=tuple(shown))


@lru_cache(maxsize=1)
def _hand_made() -> Body:
    corpus, _ = open_corpus((CORPUS,))
    return Body.of(CORPUS, corpus.levels, order="columns")


def _look(lines: Lines) -> Look:
    return describe(as_grid(lines, "columns"))


def _apart(looks: Sequence[Look]) -> Floats:
    """``(n, n)`` perceptual distances."""
    return np.asarray(distance_matrix(list(looks)), np.float64)


def _level(body: Body, lines: Lines) -> Level:
    return Level.from_rows(_text(body, lines), body.levels[0].tileset)


def _text(body: Body, lines: Lines) -> tuple[str, ...]:
    return tuple("".join(body.alphabet[code] for code in row) for row in as_grid(lines, body.order))


def _effective_patterns(body: Body, works: Sequence[Lines]) -> float:
    levels = [_level(body, lines) for lines in works]
    counts = Patterns(Body.of("generation", levels, order="columns")).of(_LINES).counts()
    return hill_at(sample_of(counts), int(counts.sum()))[1]
