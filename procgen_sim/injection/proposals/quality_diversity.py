"""``quality_diversity``: new to this audience, from a map of all that could be built instead.

Novelty among levels imagined at random is novelty by chance. Quality-diversity search looks for it:
it keeps, for each kind of level, the best of its kind [Mouret2015]_, and varies what it kept. The
archive, the emitters and the scheduler are pyribs' [Tjanaka2023]_ (``procgen-sim[search]``).

Measures, what kind of level it is
    Its place on the plane of the first two principal components of past work, in unit coordinates:
    what levels differ by. The shadow that the unit cube casts on the plane is divided into 20 × 20
    cells.
Objective, what is best
    Far from past work and buildable as imagined: the sparseness of :mod:`.novelty` among the levels
    the model was fitted to, less what the builder has to move.
Emitters
    Gaussian steps from what was kept, and steps along the line to another one kept
    [Vassiliades2018]_.

The map depends on the model and the builder alone. It is searched once, from a fixed seed, as a
model is fitted; each break draws from it by its own stream what this audience has seen least of.
"""

from __future__ import annotations

from typing import Final

import numpy as np

from procgen_sim._checks import InputError
from procgen_sim.injection.outside import Outside, Vectors
from procgen_sim.injection.proposals.novelty import archive_of, sparseness
from procgen_sim.models.plane import plane_of

__all__ = ["N_CELLS", "illuminate", "quality_diversity"]

N_CELLS: Final = 20
"""Cells along each axis of the map."""

_ROUNDS: Final = 60
_BATCH: Final = 48
"""Levels of each emitter a round: about 6,000 levels in all."""

_SIGMA: Final = 0.15
"""Standard deviation of Gaussian steps, in natural ranges."""

_SIGMA_ACROSS, _SIGMA_ALONG = 0.04, 0.3
"""Of steps along a line: across it in natural ranges, along it as a share of its length."""

_SEED: Final = 1
_N_PROBES: Final = 8
_MOST_MAPS: Final = 4

_maps: dict[tuple[object, ...], Vectors] = {}
"""Maps by what they follow from, the last few."""


def quality_diversity(outside: Outside, n: int, *, rng: np.random.Generator) -> Vectors:
    """``(m, d)`` elites of the map, m ≤ n, drawn at random; the most novel to the audience first.

    Raises
    ------
    InputError
        If pyribs is not installed.
    """
    elites = _mapped(outside)
    drawn = elites[rng.permutation(len(elites))[:n]]
    new = sparseness(outside.model.space.to_unit(drawn), archive_of(outside))
    return np.asarray(drawn[np.argsort(-new, kind="stable")])


def _mapped(outside: Outside) -> Vectors:
    """The map of this model and this builder, searched if it is not known yet.

    Settings travel between processes as copies: they are told apart by what they do.
    """
    low, high = outside.model.space.low, outside.model.space.high
    probes = np.linspace(low, high, _N_PROBES)
    key = (
        outside.model,
        outside.region.threshold_nats,
        outside.data.tobytes(),
        outside.buildable(probes).tobytes(),
    )
    if key not in _maps:
        while len(_maps) >= _MOST_MAPS:
            del _maps[next(iter(_maps))]
        _maps[key] = illuminate(outside)
    return _maps[key]


def illuminate(outside: Outside, *, rounds: int = _ROUNDS, seed: int = _SEED) -> Vectors:
    """Search the map: ``(m, d)`` its elites off the model as they can be built, natural units; if
    none is off, all.

    Parameters
    ----------
    rounds
        Batches of levels tried.
    seed
        Of archive and emitters.

    Raises
    ------
    InputError
        If pyribs is not installed.
    """
    try:
        from ribs.archives import GridArchive
        from ribs.emitters import GaussianEmitter, IsoLineEmitter
        from ribs.schedulers import Scheduler
    except ImportError as error:
        raise InputError(
            "quality_diversity",
            expected="pyribs to search with",
            found="none installed",
            do='pip install "procgen-sim[search]"',
        ) from error
    space = outside.model.space
    past = space.to_unit(outside.data)
    plane = plane_of(past)
    origin = plane.see(np.zeros((1, space.n)))[0]
    shadow = zip(
        origin + np.minimum(plane.axes, 0.0).sum(axis=1),
        origin + np.maximum(plane.axes, 0.0).sum(axis=1),
        strict=True,
    )
    # A single parameter has no second axis, and an axis of no length no cells.
    ranges = [(float(low), float(high) if high > low else float(low) + 1.0) for low, high in shadow]
    archive = GridArchive(
        solution_dim=space.n,
        dims=[N_CELLS, N_CELLS],
        ranges=ranges,
        seed=seed,
        extra_fields={"built": ((space.n,), np.float64)},
    )
    # Both begin with past work and stay within the natural ranges.
    known, box = np.clip(past, 0.0, 1.0), [(0.0, 1.0)] * space.n
    emitters = [
        GaussianEmitter(
            archive,
            sigma=_SIGMA,
            initial_solutions=known,
            bounds=box,
            batch_size=_BATCH,
            seed=seed + 1,
        ),
        IsoLineEmitter(
            archive,
            iso_sigma=_SIGMA_ACROSS,
            line_sigma=_SIGMA_ALONG,
            initial_solutions=known,
            bounds=box,
            batch_size=_BATCH,
            seed=seed + 2,
        ),
    ]
    search = Scheduler(archive, emitters)
    for _ in range(rounds):
        imagined = search.ask()
        built = space.to_unit(outside.buildable(space.from_unit(imagined)))
        repair = np.sqrt(((built - imagined) ** 2).sum(axis=1))
        search.tell(sparseness(built, past) - repair, plane.see(built), built=built)
    # In the order of their cells, so that the draw does not depend on when each was found.
    kept = archive.data(["index", "built"])
    elites = space.from_unit(kept["built"][np.argsort(kept["index"], kind="stable")])
    off = outside.region.is_off(outside.model.log_density(elites))
    return np.asarray(elites[off] if off.any() else elites)
