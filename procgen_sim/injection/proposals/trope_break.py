"""``trope_break``: what this audience is surest of comes otherwise, by the most that can be built.

An ordinary level is taken, and the shadow's belief asked which of its parameters it predicts best
from all others. Under the theme the level belongs to, with mean μ and precision P = Σ⁻¹ in unit
coordinates, a parameter given the rest is Gaussian with

    mean  x_j − (P (x − μ))_j / P_jj    and standard deviation  1 / √P_jj.

The one with the smallest is moved: towards either end of its natural range, all the way or, where
the builder brings it back, less far. Of what can be built further than chance would take it, the
belief's most unlikely is taken: in a single theme the one most standard deviations away, with
several one that was not learned from earlier breaks. Then the next best is moved, and the next; the
first level off the model is the mildest.
"""

from __future__ import annotations

from typing import Final

import numpy as np

from procgen_sim.injection.outside import Outside, Vectors
from procgen_sim.models import DesignModel

__all__ = ["trope_break"]

_SHARES: Final = np.array([1.0, 0.75, 0.5])
"""How far towards an end, as shares of the way from what is expected; tried in this order."""

_LEAST_SDS: Final = 2.0
"""Standard deviations from what is expected that chance takes a parameter in one level of twenty:
less upsets nobody."""


def trope_break(outside: Outside, n: int, *, rng: np.random.Generator) -> Vectors:
    """``(m, d)`` buildable vectors, m ≤ about n: ordinary levels of which ever more is moved, until
    one is off the model; no milder one can follow."""
    space, expected = outside.model.space, _expected(outside)
    here = outside.buildable(outside.model.sample(-(-n // space.n), rng=rng))
    theme = expected.responsibilities(here).argmax(axis=1)
    means = space.to_unit(expected.means)[theme]
    precision = np.linalg.inv(expected.covariances / np.outer(space.width, space.width))[theme]
    sure = np.diagonal(precision, axis1=1, axis2=2)
    rows, n_moved = np.arange(len(here)), np.zeros(len(here), np.intp)
    mildest = space.n + 1  # none is off the model yet
    found, steps = [here[:0]], [n_moved[:0]]
    for which in _surest_first(sure).T:
        unit = space.to_unit(here)
        apart = (precision[rows, which] * (unit - means)).sum(axis=1) / sure[rows, which]
        predicted, sd = unit[rows, which] - apart, 1.0 / np.sqrt(sure[rows, which])
        moved, can = _moved(outside, expected, unit, which, predicted, sd)
        here = np.where(can[:, np.newaxis], moved, here)
        n_moved = n_moved + can
        found.append(here[can])
        steps.append(n_moved[can])
        if can.any():
            off = outside.region.is_off(outside.model.log_density(outside.delivered(here[can])))
            mildest = n_moved[can][off].min(initial=mildest)
        if n_moved.min() + 1 >= mildest:
            break
    candidates = np.concatenate(found)[np.argsort(np.concatenate(steps), kind="stable")]
    return candidates if len(candidates) else here


def _surest_first(sure: Vectors) -> np.ndarray:
    """``(m, d)`` precisions of each parameter given the rest to the order in which they move."""
    return np.argsort(-sure, axis=1, kind="stable")


def _expected(outside: Outside) -> DesignModel:
    """What the audience expects; those who have met nothing are taken to expect the model."""
    belief = outside.audience.belief
    return belief() if belief is not None and outside.audience.shown else outside.model


def _moved(
    outside: Outside,
    expected: DesignModel,
    unit: Vectors,
    which: np.ndarray,
    predicted: Vectors,
    sd: Vectors,
) -> tuple[Vectors, np.ndarray]:
    """Levels ``(m, d)`` in unit coordinates with one parameter each, ``which``, moved away from
    what is ``predicted`` of it: as they can be built, natural units, and ``(m,)`` whether any
    way was far enough."""
    space, rows = outside.model.space, np.arange(len(unit))
    ends = np.repeat([0.0, 1.0], len(_SHARES))
    ways = np.tile(_SHARES, 2)
    # (m, ways, d): each way tried with all else as it is.
    tried = np.repeat(unit[:, np.newaxis], len(ways), axis=1)
    aims = predicted[:, np.newaxis] + ways * (ends - predicted[:, np.newaxis])
    tried[rows, :, which] = aims
    flat = outside.buildable(space.from_unit(tried.reshape(-1, space.n)))
    built = flat.reshape(tried.shape)
    landed = space.to_unit(flat).reshape(tried.shape)[rows, :, which]
    far = np.abs(landed - predicted[:, np.newaxis]) > _LEAST_SDS * sd[:, np.newaxis]
    likely = expected.log_density(flat).reshape(far.shape)
    best = np.where(far, likely, np.inf).argmin(axis=1)
    return built[rows, best], np.asarray(far.any(axis=1))
