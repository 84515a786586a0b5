"""The vocabulary of a body of levels: how many patterns it has, and whether it goes on growing.

A designer keeps finding new shapes; a constructive generator stops. A pattern is k successive
whole lines or a window of tiles (:mod:`procgen_sim.levels.windows`).

Three questions, three answers:

- *Does it keep growing?* The growth curve and its Heaps exponent, see
  :mod:`procgen_sim.levels.growth`. Novelty of higher order asks the same of *combinations*
  [DiBona2025]_: known patterns may still be put together in new ways. A pair is two patterns that
  follow one another without overlap, so a run of 2k lines; a triple a run of 3k. (Overlapping
  ones would be patterns of k + 1 lines.) Time is counted in levels, as for patterns.
- *Will the next pattern be new?* Good and Turing: with probability f₁/n, where f₁ of the n
  occurrences are of patterns seen once [Good1953]_, with the error of [Esty1983]_. That takes
  occurrences as independent, but they come in levels that repeat themselves. So there is also the
  share of a level's patterns that no other level has: what a whole new level will bring.
- *Which of two bodies has more?* At equal numbers of lines (:func:`rarefied`).
"""

from __future__ import annotations

import math
from dataclasses import dataclass

import numpy as np
import numpy.typing as npt

from procgen_sim._checks import check_number
from procgen_sim.levels.body import Body
from procgen_sim.levels.estimate import Estimate, jackknife, normal
from procgen_sim.levels.growth import Growth, expected_growth, first_levels, growth, heaps_exponent
from procgen_sim.levels.windows import Occurrences, Patterns, Size

__all__ = [
    "Rarefied",
    "Vocabulary",
    "p_new_by_level",
    "p_new_by_pattern",
    "rarefied",
    "vocabulary",
]

_NONE = "no level is large enough to hold a pattern"


@dataclass(frozen=True, kw_only=True, eq=False)
class Vocabulary:
    """Patterns of one size in a body of levels.

    Attributes
    ----------
    size
        What a pattern is: k lines, or ``(rows, columns)`` of a window.
    n_levels
        Levels, those too small to hold a pattern included.
    n_patterns
        Occurrences of patterns.
    distinct
        Different patterns.
    met
        ``(n_levels,)`` distinct patterns after each level, in the order given.
    heaps_as_met
        Heaps exponent of :attr:`met`; None with fewer than two levels.
    growth
        Expected growth over all orders, with its exponent, which no lucky order can change.
    heaps_pairs, heaps_triples
        Exponents of pairs and triples of successive patterns, in expectation over all orders.
        None for windows: neighbours in a plane do not follow one another.
    p_new
        Good–Turing chance that the next pattern is new, occurrences taken as independent.
    p_new_by_level
        Share of the patterns of a level that no other level has, with the jackknife's error.
    """

    size: Size
    n_levels: int
    n_patterns: int
    distinct: int
    met: npt.NDArray[np.int64]
    heaps_as_met: float | None
    growth: Growth
    heaps_pairs: Estimate
    heaps_triples: Estimate
    p_new: Estimate
    p_new_by_level: Estimate


@dataclass(frozen=True, kw_only=True)
class Rarefied:
    """Expected distinct patterns in fewer lines than there are.

    Attributes
    ----------
    n_lines
        How many lines.
    by_level
        When they come in whole levels drawn at random, as players meet them. The number for
        comparing bodies.
    by_pattern
        When as many patterns as that many lines hold are drawn one by one from all levels. At
        least :attr:`by_level` but for chance: patterns that are repeated within levels are spread
        out. For less than a level, and as a check on how much patterns cling to levels.
    """

    n_lines: float
    by_level: Estimate
    by_pattern: Estimate


def vocabulary(source: Body | Patterns, size: Size = 3) -> Vocabulary:
    """Everything about the patterns of one size.

    Parameters
    ----------
    source
        A body of levels, or its :class:`Patterns` where several sizes are asked for (or only
        active lines are to count).
    size
        k for k successive lines, or ``(rows, columns)`` of a window.

    Raises
    ------
    InputError
        If a size is less than 1.

    Examples
    --------
    >>> from procgen_sim.levels import Level, Tileset
    >>> tiles = Tileset({"-": (), "X": ("solid",)})
    >>> rows = ("XXXXX", "XX-XX", "XXXXX")
    >>> levels = [Level.from_rows(["-----", row], tiles) for row in rows]
    >>> found = vocabulary(Body.of("three", levels, order="columns"), 3)
    >>> found.met.tolist(), round(found.p_new.value, 3), round(found.p_new_by_level.value, 3)
    ([1, 4, 4], 0.333, 0.333)
    """
    patterns = Patterns.among(source)
    places = patterns.of(size)
    met = np.cumsum(np.bincount(first_levels(places), minlength=places.n_levels))
    if isinstance(size, tuple):
        plane = Estimate(reason="windows in a plane do not follow one another")
        pairs, triples = plane, plane
    else:
        pairs = growth(patterns.of(2 * size)).heaps
        triples = growth(patterns.of(3 * size)).heaps
    return Vocabulary(
        size=size,
        n_levels=places.n_levels,
        n_patterns=len(places),
        distinct=places.distinct,
        met=met,
        heaps_as_met=heaps_exponent(met),
        growth=growth(places),
        heaps_pairs=pairs,
        heaps_triples=triples,
        p_new=p_new_by_pattern(places.counts()),
        p_new_by_level=p_new_by_level(places),
    )


def p_new_by_pattern(counts: npt.NDArray[np.int64]) -> Estimate:
    """Good–Turing chance that the next pattern is new, from how often each occurred.

    Examples
    --------
    >>> p_new_by_pattern(np.array([1, 1, 2, 6])).value
    0.2
    """
    n = int(counts.sum())
    if not n:
        return Estimate(reason=_NONE)
    once, twice = int(np.count_nonzero(counts == 1)), int(np.count_nonzero(counts == 2))
    variance = once * (1 - once / n) + 2 * twice
    return normal(once / n, math.sqrt(variance) / n, lowest=0.0, highest=1.0)


def p_new_by_level(places: Occurrences) -> Estimate:
    """Share of the patterns of a level that no other level has.

    Each level counts by its number of patterns. It is what one level brings to all the others, so
    with N levels it speaks of the N-th, whichever that is.
    """
    if not len(places):
        return Estimate(reason=_NONE)
    if places.n_levels < 2:
        return Estimate(reason="no other level to compare with")
    level, code, counts = places.by_level()
    n_in = np.bincount(code, minlength=places.distinct)[code]
    size = np.bincount(level, weights=counts, minlength=places.n_levels)
    own = np.bincount(level, weights=counts * (n_in == 1), minlength=places.n_levels)
    # Without a level, what it shared with one other becomes that other's own.
    two = np.flatnonzero(n_in == 2)
    pairs = two[np.argsort(code[two], kind="stable")].reshape(-1, 2)
    freed = np.bincount(
        level[pairs].ravel(), weights=counts[pairs[:, ::-1]].ravel(), minlength=places.n_levels
    )
    with np.errstate(divide="ignore", invalid="ignore"):
        left_out = (own.sum() - own + freed) / (size.sum() - size)
    return jackknife(float(own.sum() / size.sum()), left_out, lowest=0.0, highest=1.0)


def rarefied(source: Body | Patterns, size: Size, n_lines: float) -> Rarefied:
    """Expected distinct patterns in ``n_lines`` lines, for comparing bodies of different size.

    Parameters
    ----------
    source
        A body of levels or its :class:`Patterns`.
    size
        k for k successive lines, or ``(rows, columns)`` of a window.
    n_lines
        How many lines, 1 or more. Levels count with their mean length; between whole numbers of
        levels the curve is joined by straight lines.

    Raises
    ------
    InputError
        If ``n_lines`` is less than 1.
    """
    check_number("n_lines", n_lines, low=1)
    patterns = Patterns.among(source)
    places = patterns.of(size)
    found = n_lines / patterns.n_lines
    if not len(places):
        none = Estimate(reason=_NONE)
    elif found > 1:
        none = Estimate(reason=f"only {patterns.n_lines} lines")
    else:
        return Rarefied(
            n_lines=n_lines,
            by_level=_by_level(places, found * places.n_levels),
            by_pattern=_by_pattern(places.counts(), round(found * len(places))),
        )
    return Rarefied(n_lines=n_lines, by_level=none, by_pattern=none)


def _by_level(places: Occurrences, n_levels: float) -> Estimate:
    if n_levels < 1:
        return Estimate(reason="fewer lines than a level has")
    curve = growth(places)
    value = float(np.interp(n_levels, curve.levels, curve.expected))
    if curve.low is None or curve.high is None:
        return Estimate(value=value, reason="no interval from fewer than three levels")
    low = float(np.interp(n_levels, curve.levels, curve.low))
    high = float(np.interp(n_levels, curve.levels, curve.high))
    return Estimate(value=value, low=low, high=high)


def _by_pattern(counts: npt.NDArray[np.int64], n: int) -> Estimate:
    # Each occurrence is a "level" of one pattern: the same hypergeometric formula.
    value = float(expected_growth(counts, int(counts.sum()), np.array([n]))[0])
    return Estimate(value=value, reason="no interval: patterns are not independent")
