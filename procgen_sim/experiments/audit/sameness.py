"""What can be counted in a body of levels without anybody meeting it."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any, Final

import numpy as np

from procgen_sim.levels.body import Body
from procgen_sim.levels.diversity import Diversity, diversity
from procgen_sim.levels.expressive import ExpressiveRange, expressive_range
from procgen_sim.levels.reuse import Reuse, reuse
from procgen_sim.levels.spread import PerceptualSpread, perceptual_spread
from procgen_sim.levels.tropes import Tropes, tropes
from procgen_sim.levels.vocabulary import Vocabulary, vocabulary
from procgen_sim.levels.windows import Patterns
from procgen_sim.rng import stream

__all__ = ["LENGTHS", "WINDOWS", "Counted", "counting", "independent_bits", "sameness"]

LENGTHS: Final = (1, 2, 3, 5)
"""Lines of the patterns whose vocabulary is counted."""

WINDOWS: Final = ((2, 2), (3, 3))
"""Windows counted beside them, for games that are not met column by column."""

_N_TROPES: Final = 12


@dataclass(frozen=True, kw_only=True, eq=False)
class Counted:
    """Sameness, counted.

    Attributes
    ----------
    lines, windows
        Vocabulary of runs of lines, and of windows, by size. Of active lines only.
    hill
        Hill numbers of runs of lines, by length.
    reuse
        Copies, motifs and repeats.
    spread
        Perceptual distances; None with a single level.
    expressive
        Metrics that the field draws.
    tropes
        Patterns that pay most for having been learned.
    independent_bits
        Bits per active line if tiles had nothing to do with one another.
    """

    lines: dict[int, Vocabulary]
    windows: dict[tuple[int, int], Vocabulary]
    hill: dict[int, Diversity]
    reuse: Reuse
    spread: PerceptualSpread | None
    expressive: ExpressiveRange
    tropes: Tropes
    independent_bits: float


def counting(body: Body, seed: int) -> list[tuple[Any, ...]]:
    """The work there is, as calls; the long ones first."""
    return [(_tropes, body), (_spread, body, seed), (_vocabularies, body, seed), (_rest, body)]


def sameness(results: list[Any]) -> Counted:
    """What came of :func:`counting`, in its order."""
    found, spread, (lines, windows, hill), (reused, expressive, independent) = results
    return Counted(
        lines=lines,
        windows=windows,
        hill=hill,
        reuse=reused,
        spread=spread,
        expressive=expressive,
        tropes=found,
        independent_bits=independent,
    )


def independent_bits(body: Body) -> float:
    """Bits per active line if every tile were drawn on its own, as often as it is at its place."""
    lines = [each[part] for each, part in zip(body.lines, body.active, strict=True)]
    bits, n = 0.0, sum(map(len, lines))
    for length in sorted({each.shape[1] for each in lines}):
        for tiles in np.concatenate([each for each in lines if each.shape[1] == length]).T:
            counts = np.unique(tiles, return_counts=True)[1]
            bits -= float((counts * np.log2(counts / len(tiles))).sum())
    return bits / n


def _tropes(body: Body) -> Tropes:
    return tropes(body, _N_TROPES)


def _spread(body: Body, seed: int) -> PerceptualSpread | None:
    if body.n_levels < 2:
        return None
    return perceptual_spread(body.levels, rng=stream(seed, "audit", 3))


def _vocabularies(
    body: Body, seed: int
) -> tuple[dict[int, Vocabulary], dict[tuple[int, int], Vocabulary], dict[int, Diversity]]:
    patterns = Patterns(body, active_only=True)
    lines = {k: vocabulary(patterns, k) for k in LENGTHS}
    windows = {size: vocabulary(patterns, size) for size in WINDOWS}
    hill = {k: diversity(patterns, k, rng=stream(seed, "audit", 4, k)) for k in LENGTHS}
    return lines, windows, hill


def _rest(body: Body) -> tuple[Reuse, ExpressiveRange, float]:
    reused = reuse(Patterns(body, active_only=True))
    return reused, expressive_range(body), independent_bits(body)
