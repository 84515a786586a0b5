"""An environment from a configuration: fitted as a comparison would fit it."""

from __future__ import annotations

from dataclasses import replace
from functools import lru_cache
from typing import Any, Final

from procgen_sim.config import RunConfig
from procgen_sim.environment.director_env import DirectorEnv
from procgen_sim.experiments.parallel import workers
from procgen_sim.experiments.preparation import prepare
from procgen_sim.levels.corpus import SHIPPED
from procgen_sim.session import Setting

__all__ = ["make_env"]

_CALIBRATION: Final = 2000
"""Levels that say what is off the model: 0.1 % of them are, give or take 0.07 %."""


def make_env(config: RunConfig | None = None, **options: Any) -> DirectorEnv:
    """An environment on a generator fitted as a comparison would fit it.

    What was fitted to the shipped corpora is kept for the next environment of this process. Folders
    are read anew: they may have changed.

    Parameters
    ----------
    config
        Corpus, model, seed, levels and assumptions; the defaults are those of
        ``procgen-sim compare``, its levels screened, not proven.
    options
        Of :class:`DirectorEnv`. The budget is one of them, not the configuration's.

    Raises
    ------
    InputError
        If something in the configuration, the corpus or the options is wrong.
    """
    config = (config or RunConfig(check="screen")).checked()
    shipped = set(config.corpus) <= set(SHIPPED) and not config.authored
    setting = _kept(replace(config, corpus=tuple(config.corpus))) if shipped else _fitted(config)
    return DirectorEnv(setting, **options)


@lru_cache(maxsize=4)
def _kept(config: RunConfig) -> Setting:
    return _fitted(config)


def _fitted(config: RunConfig) -> Setting:
    with workers(1) as crew:
        return prepare(config, crew, calibration=_CALIBRATION).setting
