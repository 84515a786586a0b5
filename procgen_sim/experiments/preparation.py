"""From folders of levels to a setting players can be put in: corpus → φ → fit → calibrate."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from typing import Any, Final

import numpy as np
import numpy.typing as npt

from procgen_sim._checks import InputError, check_int
from procgen_sim.config import MODEL_NAMES, TILE_MODEL, RunConfig
from procgen_sim.experiments.authored import library_of
from procgen_sim.experiments.caveats import find_caveats
from procgen_sim.experiments.parallel import Workers
from procgen_sim.experiments.people import spreads_from
from procgen_sim.generators import Builder, FittedGenerator
from procgen_sim.injection import Outside
from procgen_sim.levels import Corpus, combine, house_tileset, load_corpus, shipped_corpus
from procgen_sim.levels.corpus import SHIPPED, check_source
from procgen_sim.levels.design import PARAMETERS, measure_many
from procgen_sim.models import DensityRegion, DesignModel, DesignSpace, fit
from procgen_sim.players import (
    OBSERVERS,
    Ends,
    Population,
    Spread,
    memory_kinds,
    pattern_ends,
)
from procgen_sim.rng import stream
from procgen_sim.session import Setting, Yardstick

__all__ = [
    "Fitter",
    "Prepared",
    "builder_fidelity",
    "design_space",
    "fit_corpus",
    "open_corpus",
    "prepare",
]

_N_CALIBRATION: Final = 20_000
"""Fresh on-model levels for the 99.9 % region: its mass outside is then 0.1 % give or take 0.022 %
(one standard error). The first of them also raise and question veterans."""

_N_TRAINING: Final = 2000
"""Levels that veterans have seen, dealt to their four lives."""

_N_FRESH: Final = 4000
"""Levels that newcomers and veterans are asked about: S₀ − S∞ is then known to about 1 %."""

_N_TRAINING_PATTERNS: Final = 200
"""Levels that veterans of patterns have met."""

_N_FRESH_PATTERNS: Final = 80
"""Levels that newcomers to patterns and their veterans are asked about: S₀ and S∞ are then known
to about 2 %, and as the levels are the same, S₀ − S∞ better than that."""

_LEAST_CALIBRATION: Final = 1000
"""Fewer levels do not reach the edge of a region of 99.9 %."""

_BLOCK: Final = 250
_LEAST_SPREAD: Final = 0.02
_MAX_COLUMNS: Final = 200
_MIN_COLUMNS: Final = 60

Vectors = npt.NDArray[np.float64]
Fitter = Callable[..., tuple[DesignModel, Vectors]]
"""The face of :func:`fit_corpus`."""


@dataclass(frozen=True, kw_only=True)
class Prepared:
    """A run's beginning.

    Attributes
    ----------
    corpus
        The bodies of levels together.
    bodies
        ``n`` names: which body each level belongs to.
    data
        ``(n, d)`` their design parameters.
    setting
        What all arms share.
    fidelity
        ``(d,)`` R² of each parameter: what calibration levels were asked to be against what was
        measured on them. NaN for a parameter the model holds constant.
    caveats
        What a reader must know before believing the run.
    """

    corpus: Corpus
    bodies: tuple[str, ...]
    data: npt.NDArray[np.float64]
    setting: Setting
    fidelity: npt.NDArray[np.float64]
    caveats: tuple[str, ...]


def design_space() -> DesignSpace:
    """The space of the design parameters with their natural ranges."""
    return DesignSpace(
        names=tuple(p.name for p in PARAMETERS),
        low=np.array([p.low for p in PARAMETERS]),
        high=np.array([p.high for p in PARAMETERS]),
        units=tuple(p.unit for p in PARAMETERS),
    )


def open_corpus(
    sources: tuple[str, ...], *, tileset: str = "", skip_bad: bool = False
) -> tuple[Corpus, tuple[str, ...]]:
    """Load folders and shipped corpora as one body of work; also which level is of which.

    A shipped name means the shipped corpus whatever stands here, so that the default always means
    the same; a folder of that name is written ``./samurai``.

    Raises
    ------
    InputError
        If one is neither, or cannot be read; if there is a tileset and no folder.
    """
    if tileset and all(source in SHIPPED for source in sources):
        raise InputError(
            "tileset",
            expected="a folder of levels that needs it",
            found="only shipped corpora, which have their own",
            do="leave it out",
        )
    corpora = []
    for source in sources:
        if source in SHIPPED:
            corpora.append(shipped_corpus(source))
        else:
            check_source(source)
            corpora.append(load_corpus(source, tileset=tileset or None, skip_bad=skip_bad))
    bodies = tuple(corpus.name for corpus in corpora for _ in corpus.levels)
    return combine(corpora), bodies


def fit_corpus(
    corpus: Corpus, model: str, *, seed: int, degree: int = 0
) -> tuple[DesignModel, Vectors]:
    """Fit a design model to a corpus; the same seed gives the same model.

    ``degree`` is that of a polynomial's curve, 0 for the model's own choice.
    """
    data = measure_many(corpus.levels)
    fitted = fit(
        model,
        data,
        design_space(),
        rng=stream(seed, "fit"),
        names=tuple(level.name for level in corpus.levels),
        digests=tuple(level.digest() for level in corpus.levels),
        options={"degree": degree} if degree else None,
    )
    return fitted, data


def prepare(
    config: RunConfig,
    workers: Workers[Any],
    *,
    calibration: int | None = None,
    fitter: Fitter = fit_corpus,
    n_people: int | None = None,
) -> Prepared:
    """Everything that comes before the first player.

    Parameters
    ----------
    config
        What to fit, and to whom it will be shown.
    workers
        Who builds the calibration levels.
    calibration
        How many of them, 20,000 if None: with ``n`` the mass outside the 99.9 % region is 0.1 %
        give or take 3.2 % / √n. Fewer start sooner; then a third of them raise veterans at most.
    fitter
        What fits, or knows what :func:`fit_corpus` once found.
    n_people
        Players 0 to ``n_people − 1`` may play: as many as the configuration says if None.

    Raises
    ------
    InputError
        If the corpus cannot be read or fitted, an authored level cannot be shown, or an assumption
        has a wrong name.
    """
    if config.model == TILE_MODEL:
        raise InputError(
            "model",
            expected=f"a design model ({', '.join(MODEL_NAMES)})",
            found=repr(config.model),
            do="the tile model generates; players learn tiles with --observer pattern",
        )
    if calibration is None:
        calibration = _N_CALIBRATION
    else:
        check_int("calibration", calibration, low=_LEAST_CALIBRATION)
    spreads = spreads_from(config.assumptions)
    # Levels of the arm 'authored' may need the tileset where the corpora do not.
    unneeded = config.authored and all(source in SHIPPED for source in config.corpus)
    tileset = "" if unneeded else config.tileset
    corpus, bodies = open_corpus(config.corpus, tileset=tileset, skip_bad=config.skip_bad)
    if len(corpus.levels) < 2:
        raise InputError(
            str(corpus.folder or corpus.name), expected="at least 2 levels to fit", found="1"
        )
    model, data = fitter(corpus, config.model, seed=config.seed, degree=config.degree)
    builder = Builder(n_columns=_columns(config, corpus), proof=config.check == "proof")
    generator = FittedGenerator(model=model, builder=builder, seed=config.seed)
    library = library_of(config, n_rows=builder.n_rows)
    blocks = [(generator, i, min(i + _BLOCK, calibration)) for i in range(0, calibration, _BLOCK)]
    built = list(workers(_calibrate, blocks))
    requested = np.concatenate([asked for asked, _ in built])
    measured = np.concatenate([found for _, found in built])
    outside = Outside(
        model=model,
        region=DensityRegion.from_samples(model.log_density(measured)),
        data=data,
        buildable=generator.buildable,
        library=library,
    )
    n_training = min(_N_TRAINING, calibration // 3)
    setting = Setting(
        seed=config.seed,
        generator=generator,
        outside=outside,
        yardstick=Yardstick(
            training=measured[:n_training],
            fresh=measured[n_training : n_training + _N_FRESH],
            patterns=_pattern_yardstick(config, n_people, spreads, generator, workers),
        ),
        n_levels=config.levels,
        spreads=spreads,
        observer=config.observer,
    )
    fidelity = builder_fidelity(requested, measured, model.space)
    return Prepared(
        corpus=corpus,
        bodies=bodies,
        data=data,
        setting=setting,
        fidelity=fidelity,
        caveats=find_caveats(corpus, data, measured, fidelity, model.space),
    )


def builder_fidelity(
    requested: npt.NDArray[np.float64], measured: npt.NDArray[np.float64], space: DesignSpace
) -> npt.NDArray[np.float64]:
    """``(d,)`` coefficient of determination R² of what was asked for in what was built.

    NaN where what was asked for hardly varied (a standard deviation below 2 % of the natural
    range): a share of almost nothing says nothing.
    """
    residual = ((measured - requested) ** 2).mean(axis=0)
    spread = requested.std(axis=0)
    asked = spread >= _LEAST_SPREAD * space.width
    return np.where(asked, 1.0 - residual / np.where(asked, spread, 1.0) ** 2, np.nan)


def _calibrate(generator: FittedGenerator, first: int, last: int) -> tuple[Vectors, Vectors]:
    asked, built = generator.calibration(first, last)
    return asked, built.measured


def _pattern_yardstick(
    config: RunConfig,
    n_people: int | None,
    spreads: Mapping[str, Spread],
    generator: FittedGenerator,
    workers: Workers[Any],
) -> dict[float, Ends]:
    """The ends of the scale for each kind of memory for patterns among the players, none if they
    attend to none. The levels are the first of the calibration pool."""
    if "pattern" not in OBSERVERS[config.observer]:
        return {}
    people = Population.sample(n_people or config.players, seed=config.seed, spreads=spreads)
    kinds = np.unique(memory_kinds(people.half_life_levels)).tolist()
    n = _N_TRAINING_PATTERNS + _N_FRESH_PATTERNS
    grids = generator.calibration(0, n)[1].grids
    training, fresh = grids[:_N_TRAINING_PATTERNS], grids[_N_TRAINING_PATTERNS:]
    n_tiles = len(house_tileset())
    blocks = [(n_tiles, kind, training, fresh) for kind in kinds]
    return dict(zip(kinds, workers(pattern_ends, blocks), strict=True))


def _columns(config: RunConfig, corpus: Corpus) -> int:
    if config.columns:
        return config.columns
    median = int(np.median([level.n_columns for level in corpus.levels]))
    return min(max(median, _MIN_COLUMNS), _MAX_COLUMNS)
