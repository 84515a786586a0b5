"""Those who know all the other levels of a body: what is left that surprises them.

A finite body has no levels to spare, so veterans are cross-validated: each knows the levels of all
folds but one and is asked about those of that one.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any, Final

import numpy as np
import numpy.typing as npt

from procgen_sim.levels.body import Lines
from procgen_sim.rng import stream

__all__ = ["Forecast", "ask_veteran", "folds", "veterans"]

Floats = npt.NDArray[np.float64]

_N_FOLDS: Final = 5

_MOST_TRAINING: Final = 200
"""Levels a veteran has seen at most: of a long learning curve the end is flat."""

_MOST_ASKED: Final = 40
"""Levels that a veteran of one fold is asked about at most."""


@dataclass(frozen=True, kw_only=True)
class Forecast:
    """A level as those see it who know the others.

    Attributes
    ----------
    index
        Which level.
    bits_per_line
        Mean over its active lines.
    tile_bits
        ``(n_lines, line_length)`` what each tile costs.
    """

    index: int
    bits_per_line: float
    tile_bits: Floats


@dataclass(frozen=True, kw_only=True)
class _Asked:
    """What the levels of one fold cost a veteran; ``best`` and ``worst`` are places in it."""

    bits: Floats
    active_bits: Floats
    n_lines: npt.NDArray[np.int64]
    n_active: npt.NDArray[np.int64]
    best: int
    worst: int
    best_tiles: Floats
    worst_tiles: Floats


def ask_veteran(
    lines: Sequence[Lines], active: Sequence[slice], n_tiles: int, n_known: int
) -> _Asked:
    """Learn the first ``n_known`` levels, then say what each of the others costs."""
    from procgen_sim.models.tile import TileModel

    veteran = TileModel(n_tiles)
    for level in lines[:n_known]:
        veteran.learn(level)
    asked, shown = lines[n_known:], active[n_known:]
    met = [veteran.bits(level) for level in asked]
    active_bits = np.array([bits[a].sum() for bits, a in zip(met, shown, strict=True)])
    n_active = np.array([len(level[a]) for level, a in zip(asked, shown, strict=True)])
    rate = active_bits / n_active
    best, worst = int(np.argmin(rate)), int(np.argmax(rate))
    return _Asked(
        bits=np.array([bits.sum() for bits in met]),
        active_bits=active_bits,
        n_lines=np.array([len(level) for level in asked]),
        n_active=n_active,
        best=best,
        worst=worst,
        best_tiles=veteran.tile_bits(asked[best]),
        worst_tiles=veteran.tile_bits(asked[worst]),
    )


def folds(n: int, seed: int) -> list[tuple[list[int], list[int]]]:
    """Which levels the veteran of each fold knows, in random order, and is asked about."""
    if n < 2:
        return []
    rng = stream(seed, "audit", 1)
    order = rng.permutation(n)
    parts = [order[i::_N_FOLDS] for i in range(min(_N_FOLDS, n))]
    found = []
    for i, part in enumerate(parts):
        known = np.concatenate([other for j, other in enumerate(parts) if j != i])
        known = rng.permutation(known)[:_MOST_TRAINING]
        found.append((known.tolist(), part[:_MOST_ASKED].tolist()))
    return found


def veterans(
    known: Sequence[tuple[list[int], list[int]]], answers: Sequence[_Asked]
) -> dict[str, Any]:
    """What all folds found together, for :class:`~.learning.Learning`."""
    if not known:
        nothing, no_lines = np.empty(0), np.empty(0, np.int64)
        return {
            "veteran_bits": nothing,
            "veteran_active_bits": nothing,
            "veteran_lines": no_lines,
            "veteran_active": no_lines,
            "typical": None,
            "surprising": None,
        }
    typical: list[Forecast] = []
    surprising: list[Forecast] = []
    for (_, asked), answer in zip(known, answers, strict=True):
        rate = answer.active_bits / answer.n_active
        for place, tiles, found in (
            (answer.best, answer.best_tiles, typical),
            (answer.worst, answer.worst_tiles, surprising),
        ):
            found.append(
                Forecast(index=asked[place], bits_per_line=float(rate[place]), tile_bits=tiles)
            )
    return {
        "veteran_bits": np.concatenate([answer.bits for answer in answers]),
        "veteran_active_bits": np.concatenate([answer.active_bits for answer in answers]),
        "veteran_lines": np.concatenate([answer.n_lines for answer in answers]),
        "veteran_active": np.concatenate([answer.n_active for answer in answers]),
        "typical": min(typical, key=lambda seen: seen.bits_per_line),
        "surprising": max(surprising, key=lambda seen: seen.bits_per_line),
    }
