"""Random streams by address.

A stream is named by what it is *for*, never by when it is drawn: the vector of level 7 for player
3 is ``stream(seed, "on_model", 3, 7)`` whatever ran before it. So every arm of an experiment meets
the same players and the same on-model levels (common random numbers), injecting level 3 does not
shift level 4, and one worker or eight write the same bytes. Addresses follow Scientific Python
SPEC 7 [SPEC7]_: keys of :class:`numpy.random.SeedSequence`, from the written table below.
"""

from __future__ import annotations

from typing import Final

import numpy as np

from procgen_sim._checks import check_int

__all__ = ["PURPOSES", "stream"]

PURPOSES: Final[dict[str, int]] = {
    "fit": 1,  # a model's fit: initialisations, folds
    "on_model": 2,  # the vector of an on-model level: (player, level)
    "build": 3,  # building a vector into a grid: (player, level, proposal or 0)
    "schedule": 4,  # whether to follow or break: (player,)
    "proposal": 5,  # where to go when breaking: (player, level, proposal)
    "population": 6,  # what kind of people the players are
    "calibration": 7,  # fresh on-model levels for thresholds, naive and veteran surprise
    "generate": 9,  # `generate`: (level,)
    "audit": 12,  # `audit`: which levels, in which order: (source, purpose, index)
    "observer": 13,  # chance within a pattern observer's yardstick: (index,)
    "inject": 14,  # tile by tile off-model levels: (proposal, index)
    "bot": 15,  # a bot that plays by chance: (level,)
    "play": 16,  # the game: (level, purpose)
    "essay": 17,  # the essay's experiments: (experiment, …)
    "search": 18,  # resampling the players of a search: (notion,)
    "test": 99,  # tests
}
"""Purpose to first key. Append; never renumber: a number is part of every stored result."""


def stream(seed: int, purpose: str, *address: int) -> np.random.Generator:
    """The random stream of one purpose at one address.

    Parameters
    ----------
    seed
        The run's seed, 0 or more.
    purpose
        A key of :data:`PURPOSES`.
    address
        Whole numbers, 0 or more, that say which one: player, level, proposal.

    Raises
    ------
    KeyError
        If the purpose is not in the table: a programming error, not an input error.

    Examples
    --------
    >>> a = stream(1, "on_model", 3, 7).random()
    >>> b = stream(1, "on_model", 3, 8).random()
    >>> a == stream(1, "on_model", 3, 7).random(), a == b
    (True, False)
    """
    check_int("seed", seed, low=0)
    key = (PURPOSES[purpose], *address)
    return np.random.Generator(np.random.PCG64(np.random.SeedSequence(seed, spawn_key=key)))
