"""How soon a body of levels is learned: what its levels cost newcomers, on the way, and veterans.

Everything is counted in bits of a tile model that predicts levels line by line
(:mod:`procgen_sim.models.tile`). Padding outside start and finish is predicted like the rest but
not counted where it says *active*: a screen of nothing before the goal must not pass for
predictability.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, replace
from typing import Any, Final

import numpy as np
import numpy.typing as npt

from procgen_sim.experiments.audit.veterans import Forecast, ask_veteran, folds, veterans
from procgen_sim.levels.body import Body, Lines
from procgen_sim.rng import stream

__all__ = ["HORIZON", "N_LIVES", "Learning", "Life", "learned", "live", "meetings"]

Floats = npt.NDArray[np.float64]

N_LIVES: Final = 6
"""Orders in which the levels are met; memory differs between them."""

HORIZON: Final = 60
"""Levels after which nobody is asked any more whether they are bored."""

_LIFE_LEVELS: Final = 75
"""Levels met in a life, for how fast a body is learned."""

_BLOCK: Final = 25


@dataclass(frozen=True, kw_only=True)
class Life:
    """Levels met one after the other by somebody who learns.

    Attributes
    ----------
    order
        ``(T,)`` which levels, in the order met.
    bits, active_bits
        ``(T,)`` what each cost when it was met: all its lines, and the active ones.
    progress_bits
        ``(T,)`` by how much learning it lowered the cost of another of its kind, active lines
        only; NaN where not asked.
    n_lines
        ``(T,)`` active lines of each.
    """

    order: npt.NDArray[np.int64]
    bits: Floats
    active_bits: Floats
    progress_bits: Floats
    n_lines: npt.NDArray[np.int64]


@dataclass(frozen=True, kw_only=True)
class Learning:
    """How a body of levels is learned.

    Attributes
    ----------
    n_lines, n_active
        ``(n,)`` lines and active lines of each level.
    naive_bits, naive_active_bits
        ``(n,)`` what each level costs a newcomer.
    stream
        The levels in the order of the body.
    lives
        Levels in random orders, by players with memories of different lengths.
    veteran_bits, veteran_active_bits
        ``(m,)`` what levels cost those who know the others; none with a single level.
    veteran_lines, veteran_active
        ``(m,)`` lines and active lines of these.
    typical, surprising
        Of these, the level foretold best and the one foretold worst; None with a single level.
    """

    n_lines: npt.NDArray[np.int64]
    n_active: npt.NDArray[np.int64]
    naive_bits: Floats
    naive_active_bits: Floats
    stream: Life
    lives: tuple[Life, ...]
    veteran_bits: Floats
    veteran_active_bits: Floats
    veteran_lines: npt.NDArray[np.int64]
    veteran_active: npt.NDArray[np.int64]
    typical: Forecast | None
    surprising: Forecast | None


def meetings(body: Body, *, seed: int, half_lives: Sequence[float]) -> list[tuple[Any, ...]]:
    """The work there is, as calls: newcomers, learners and veterans who meet a body.

    Parameters
    ----------
    body
        The levels.
    seed
        The run's seed: orders of levels follow from it.
    half_lives
        Half-life of memory in levels, one for each life in a random order.
    """
    n, n_tiles = body.n_levels, len(body.alphabet)

    def those(indices: Sequence[int]) -> tuple[list[Lines], list[slice], int]:
        return [body.lines[i] for i in indices], [body.active[i] for i in indices], n_tiles

    work: list[tuple[Any, ...]] = [(live, *those(range(n)), np.inf)]
    for known, asked in folds(n, seed):
        work.append((ask_veteran, *those([*known, *asked]), len(known)))
    for order, half_life in zip(_orders(n, seed, len(half_lives)), half_lives, strict=True):
        work.append((live, *those(order.tolist()), half_life))
    work += [(_ask_newcomers, *those(block)) for block in _blocks(n)]
    return work


def learned(body: Body, results: Sequence[Any], *, seed: int, n_lives: int) -> Learning:
    """What came of :func:`meetings`, in its order."""
    known = folds(body.n_levels, seed)
    first_life = 1 + len(known)
    first_block = first_life + n_lives
    naive = np.concatenate(results[first_block:], axis=1)
    orders = _orders(body.n_levels, seed, n_lives)
    return Learning(
        n_lines=np.array([len(lines) for lines in body.lines]),
        n_active=np.array(
            [len(lines[a]) for lines, a in zip(body.lines, body.active, strict=True)]
        ),
        naive_bits=naive[0],
        naive_active_bits=naive[1],
        stream=results[0],
        lives=tuple(
            replace(life, order=order)
            for order, life in zip(orders, results[first_life:first_block], strict=True)
        ),
        **veterans(known, results[1:first_life]),
    )


def live(
    lines: Sequence[Lines],
    active: Sequence[slice],
    n_tiles: int,
    half_life: float,
    order: npt.NDArray[np.int64] | None = None,
    siblings: npt.NDArray[np.int64] | None = None,
) -> Life:
    """Meet levels one after the other and learn each.

    Whoever remembers a level word for word saves all its bits when it comes again, noise or not.
    So what a level taught is asked of a *sibling*, another of its kind that was not met yet: by
    how many bits did learning the one make the other cheaper?

    Parameters
    ----------
    lines, active
        Levels, and which of their lines count.
    n_tiles
        Size of their alphabet.
    half_life
        Of what is learned, levels.
    order
        ``(T,)`` which of them to meet; None for all in order.
    siblings
        ``(T,)`` a sibling of each, −1 for none; None for the level that is met next.
    """
    from procgen_sim.models.tile import TileModel

    model = TileModel(n_tiles, half_life_levels=half_life)
    if order is None:
        order = np.arange(len(lines))
    if siblings is None:
        siblings = np.append(order[1:], -1)
    bits, active_bits, progress = np.full((3, len(order)), np.nan)

    def cost(index: int) -> float:
        return float(model.bits(lines[index])[active[index]].sum())

    for t, (index, sibling) in enumerate(zip(order, siblings, strict=True)):
        before = cost(sibling) if sibling >= 0 else np.nan
        met = model.learn(lines[index])
        bits[t], active_bits[t] = met.sum(), met[active[index]].sum()
        if t and order[t] == siblings[t - 1]:  # the one just met is the sibling asked about before
            progress[t - 1] -= active_bits[t]
        progress[t] = before
        if sibling >= 0 and (t + 1 == len(order) or order[t + 1] != sibling):
            progress[t] -= cost(sibling)
    return Life(
        order=order,
        bits=bits,
        active_bits=active_bits,
        progress_bits=progress,
        n_lines=np.array([len(lines[index][active[index]]) for index in order]),
    )


def _orders(n: int, seed: int, n_lives: int) -> list[npt.NDArray[np.int64]]:
    """``n_lives`` random orders of the levels, as far as a life goes."""
    return [stream(seed, "audit", 0, i).permutation(n)[:_LIFE_LEVELS] for i in range(n_lives)]


def _blocks(n: int) -> list[list[int]]:
    return [list(range(i, min(i + _BLOCK, n))) for i in range(0, n, _BLOCK)]


def _ask_newcomers(lines: Sequence[Lines], active: Sequence[slice], n_tiles: int) -> Floats:
    """``(2, n)`` what each level costs somebody who saw none: all its lines, and the active."""
    from procgen_sim.models.tile import TileModel

    newcomer = TileModel(n_tiles)
    met = [newcomer.bits(level) for level in lines]
    shown = [bits[part].sum() for bits, part in zip(met, active, strict=True)]
    return np.array([[bits.sum() for bits in met], shown])
