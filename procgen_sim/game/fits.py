"""Fits that were made before: a game begins a second and a half sooner without scikit-learn.

A fit follows from the corpus, the model's name and the seed, so it is kept under a name that
follows from them too, and never goes out of date. No pygame here.
"""

from __future__ import annotations

import hashlib
import json
from contextlib import suppress
from typing import Final

import numpy as np
import numpy.typing as npt

from procgen_sim import __version__
from procgen_sim._checks import InputError
from procgen_sim.experiments.preparation import design_space, fit_corpus
from procgen_sim.game.folders import data_folder
from procgen_sim.levels import Corpus, measure_many
from procgen_sim.models import DesignModel, load_model, save_model

__all__ = ["fit_or_recall"]

FOLDER: Final = "models"


def fit_or_recall(
    corpus: Corpus, model: str, /, *, seed: int, degree: int = 0
) -> tuple[DesignModel, npt.NDArray[np.float64]]:
    """What :func:`~procgen_sim.experiments.preparation.fit_corpus` finds, from a file if it can be.

    A file that is missing or broken is no reason to stop, nor is a place that cannot be written.
    """
    names = [level.name for level in corpus.levels]
    digests = [level.digest() for level in corpus.levels]
    told = json.dumps([__version__, model, seed, degree, names, digests])
    name = hashlib.blake2b(told.encode(), digest_size=12).hexdigest()
    path = data_folder() / FOLDER / f"{model}-{name}.json"
    with suppress(InputError, OSError):
        found = load_model(path)
        if found.space == design_space() and list(found.training.digests) == digests:
            return found, measure_many(corpus.levels)
    fitted, data = fit_corpus(corpus, model, seed=seed, degree=degree)
    with suppress(InputError, OSError):
        save_model(fitted, path)
    return fitted, data
