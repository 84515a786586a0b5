"""The two ends of the scale: what fresh on-model levels cost a newcomer (S_0) and a veteran (S_∞).

S_0 − S_∞ is what there is to learn about a generator, in bits per level; S_∞ cannot be learned.
"""

from __future__ import annotations

import numpy as np
import numpy.typing as npt

from procgen_sim._checks import InputError, check_int
from procgen_sim.players.theme import ThemeObserver

__all__ = ["naive_bits", "veteran_bits"]

Floats = npt.NDArray[np.float64]


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
