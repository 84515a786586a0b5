"""The two ends of the scale: what fresh on-model levels cost a newcomer (S_0) and a veteran (S_∞).

S_0 − S_∞ is what there is to learn about a generator, in bits per level; S_∞ cannot be learned.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, fields

import numpy as np
import numpy.typing as npt

from procgen_sim._checks import InputError, check_int
from procgen_sim.levels.body import Order
from procgen_sim.players.pattern import Grids, PatternObserver
from procgen_sim.players.theme import ThemeObserver

__all__ = ["Ends", "naive_bits", "pattern_ends", "veteran_bits"]

Floats = npt.NDArray[np.float64]


@dataclass(frozen=True, kw_only=True)
class Ends:
    """The ends of the scale for some observers; all shapes alike, ``(P,)`` or ``()``.

    Attributes
    ----------
    naive_bits
        S_0, what fresh on-model levels cost a newcomer.
    veteran_bits
        S_∞, what they cost once the generator is known.
    """

    naive_bits: Floats
    veteran_bits: Floats

    @classmethod
    def each(cls, ends: Sequence[Ends]) -> Ends:
        """One end of the scale a player, from each player's own."""
        return cls(
            **{f.name: np.array([getattr(one, f.name) for one in ends]) for f in fields(cls)}
        )


def naive_bits(observer: ThemeObserver, fresh: npt.ArrayLike) -> Floats:
    """S_0: mean surprise, in bits, of levels ``(M, d)`` to each player before anything was learned.

    Returns
    -------
    ``(P,)``; what ``observer`` itself has seen does not matter.

    Raises
    ------
    InputError
        If there are no levels, the shape is wrong or a value is not finite.
    """
    one_each, which = _kinds(observer)
    mean: Floats = one_each.surprise_bits_many(_body("fresh", fresh)).mean(axis=1)
    return mean[which]


def veteran_bits(
    observer: ThemeObserver,
    training: npt.ArrayLike,
    fresh: npt.ArrayLike,
    *,
    n_lives: int = 4,
) -> Floats:
    """S_∞: mean surprise, in bits, of fresh levels to each player after many on-model ones.

    Parameters
    ----------
    observer
        Whose traits to use; what it has seen does not matter, and it learns nothing.
    training
        ``(N, d)`` on-model levels, dealt to the lives: N / n_lives levels each. 150 a life are
        enough: of two clusters in 11 dimensions less than 2 % is left to learn then.
    fresh
        ``(M, d)`` other on-model levels, which are not learned; dealt to the lives too.
    n_lives
        Lives to average over. Who takes two genres for one at first may do so ever after; one life
        would make such luck the yardstick.

    Returns
    -------
    ``(P,)``.

    Raises
    ------
    InputError
        If there are fewer levels than lives, the shape is wrong or a value is not finite.
    """
    check_int("n_lives", n_lives, low=1)
    body, unseen = _body("training", training), _body("fresh", fresh)
    for name, levels in (("training", body), ("fresh", unseen)):
        if len(levels) < n_lives:
            raise InputError(name, expected=f"at least {n_lives} levels", found=str(len(levels)))
    one_each, which = _kinds(observer)
    total = np.zeros(one_each.n_players)
    for life in range(n_lives):
        player = one_each.naive()
        player.learn_many(body[life::n_lives])
        total += player.surprise_bits_many(unseen[life::n_lives]).sum(axis=1)
    mean: Floats = total / len(unseen)
    return mean[which]


def pattern_ends(
    n_tiles: int,
    half_life_levels: float,
    training: Grids,
    fresh: Grids,
    *,
    order: Order = "columns",
) -> Ends:
    """The ends of the scale for one kind of memory for patterns: mean bits of fresh levels.

    Parameters
    ----------
    n_tiles, half_life_levels, order
        What kind: as for :class:`PatternObserver`.
    training
        ``(N, rows, columns)`` on-model levels that a veteran has met. 200 are enough: of the
        shipped corpora's generator about 1 % is left to learn then.
    fresh
        ``(M, rows, columns)`` other on-model levels; each is asked about as if it came next.

    Raises
    ------
    InputError
        If there are no levels, or one is not as :class:`PatternObserver` takes it.
    """
    for name, levels in (("training", training), ("fresh", fresh)):
        if not len(levels):
            raise InputError(name, expected="at least one level", found="none")
    player = PatternObserver(n_tiles, half_life_levels=half_life_levels, order=order)
    naive = [player.surprise_bits(level)[0] for level in fresh]
    player.learn_many(training)
    veteran = [player.surprise_bits(level)[0] for level in fresh]
    return Ends(naive_bits=np.mean(naive), veteran_bits=np.mean(veteran))


def _kinds(observer: ThemeObserver) -> tuple[ThemeObserver, npt.NDArray[np.intp]]:
    """One naive player for each combination of traits, and ``(P,)`` who is of which kind."""
    traits = [observer.half_life_levels, observer.concentration, observer.resolution_bits]
    kinds, which = np.unique(np.stack(traits, axis=1), axis=0, return_inverse=True)
    one_each = ThemeObserver(
        observer.n_dimensions,
        half_life_levels=kinds[:, 0],
        concentration=kinds[:, 1],
        resolution_bits=kinds[:, 2],
        n_players=len(kinds),
        prior=observer.prior,
        capacity=observer.capacity,
    )
    return one_each, which.reshape(-1)


def _body(name: str, levels: npt.ArrayLike) -> Floats:
    """Levels ``(n, d)`` that everyone meets; any other shape, or none at all, is an error."""
    array = np.asarray(levels, np.float64)
    if array.ndim != 2 or not len(array):
        raise InputError(
            name,
            expected="at least one level, as (levels, parameters)",
            found=f"shape {array.shape}",
        )
    return array
