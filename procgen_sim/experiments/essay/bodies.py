"""The experiments' levels: the shipped hand-made corpora, and a generator fitted to them."""

from __future__ import annotations

from dataclasses import replace
from functools import lru_cache
from typing import Final

import numpy as np
import numpy.typing as npt

from procgen_sim.config import RunConfig
from procgen_sim.experiments.parallel import workers
from procgen_sim.experiments.preparation import Prepared, open_corpus, prepare
from procgen_sim.levels.design import measure_many
from procgen_sim.session import Setting

__all__ = ["GENRES", "hand_made", "level_setting", "prepared_levels"]

GENRES: Final = ("samurai", "space_opera")
"""The shipped corpora."""

_CALIBRATION: Final = 4000
"""Levels that say what is off the model: 0.1 % of them are, give or take 0.05 %."""


@lru_cache(maxsize=1)
def hand_made() -> tuple[npt.NDArray[np.float64], tuple[str, ...]]:
    """``(n, 11)`` design parameters of the shipped levels, and which corpus each is of."""
    corpus, bodies = open_corpus(GENRES)
    return measure_many(corpus.levels), bodies


def prepared_levels(seed: int, model: str = "mixture") -> Prepared:
    """A generator fitted to the shipped corpora, calibrated on 4,000 levels, once a process.

    Levels are screened, not proven: the experiments play thousands that nobody will see.
    """
    return _prepared(seed, model)


@lru_cache(maxsize=4)
def _prepared(seed: int, model: str) -> Prepared:
    config = RunConfig(corpus=GENRES, model=model, check="screen", seed=seed)
    with workers(1) as crew:
        return prepare(config, crew, calibration=_CALIBRATION)


def level_setting(seed: int, n_levels: int, model: str = "mixture") -> Setting:
    """Everything that players need to meet the generator's levels."""
    return replace(prepared_levels(seed, model).setting, n_levels=n_levels)
