"""Few of some levels are fitted and the others left out, many times over: how far off is a curve?

Levels left out lie among the fitted ones (within nine tenths of their reach in t, a level's place
along the first principal component), at the edge, or beyond. The deals share levels, so they are
no independent repetitions: errors are from the jackknife over levels [Efron1981]_.
"""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any, Final, NamedTuple

import numpy as np
import numpy.typing as npt

from procgen_sim.levels.estimate import jackknife
from procgen_sim.models.fitting import fit_curve

__all__ = ["Pool", "deal", "log_error", "told_by"]

Vectors = npt.NDArray[np.float64]

_EDGE: Final = 0.9
_TINY: Final = 1e-12
"""A curve through every dot has no error, whose logarithm is not a number."""


class Pool(NamedTuple):
    """Levels dealt many times over."""

    fitted: npt.NDArray[np.int64]
    """``(deals, n_fitted)`` which levels the curves of a deal were fitted to."""
    training: Vectors
    """``(deals, degrees)`` log10 errors on those."""
    off: Vectors
    """``(deals, degrees, levels)`` log10 error on each level."""
    reach: Vectors
    """``(deals, levels)`` places in t: within 1 is within the levels fitted."""


def log_error(error: Any) -> Any:
    """Errors as log10, in their shape."""
    return np.log10(np.maximum(error, _TINY))


def deal(
    phi: Vectors,
    n_fitted: int,
    degrees: Sequence[int],
    rngs: Sequence[np.random.Generator],
) -> Pool:
    """Fit curves to ``n_fitted`` of the levels ``(n, d)``, dealt anew by each generator."""
    n, n_deals = len(phi), len(rngs)
    spread = phi.std(axis=0)
    standard = (phi - phi.mean(axis=0)) / np.where(spread > 0, spread, 1.0)
    orders = [rng.permutation(n) for rng in rngs]
    pool = Pool(
        fitted=np.array(orders)[:, : min(n_fitted, 3 * n // 5)],
        training=np.empty((n_deals, len(degrees))),
        off=np.empty((n_deals, len(degrees), n)),
        reach=np.empty((n_deals, n)),
    )
    for r, fitted in enumerate(pool.fitted):
        for j, degree in enumerate(degrees):
            curve = fit_curve(standard[fitted], degree=degree)
            t = curve.coordinate(standard)
            square = ((standard - curve.predict(t)) ** 2).mean(axis=1)
            pool.training[r, j] = log_error(np.sqrt(square[fitted].mean()))
            pool.off[r, j] = log_error(np.sqrt(square))
            pool.reach[r] = np.abs(2.0 * t - curve.low - curve.high) / (curve.high - curve.low)
    return pool


def told_by(pool: Pool) -> dict[str, Any]:
    """Mean log10 errors by place with the jackknife's errors, how they rise, and how many levels.

    Every place has a pair a degree, and its rise from the first to the last degree a pair of its
    own, ``"PLACE_rise"``; ``"more_rise"`` is that beyond less that in the middle. What would be
    found without a level is known from the deals that did not fit it, its own error aside: they are
    deals of the others.
    """
    n = pool.reach.shape[1]
    errors, n_left = _places(pool, np.ones(n, np.bool_), pool.fitted[:, 0] >= 0)
    without: dict[str, list[Vectors]] = {}
    for i in range(n):
        found, _ = _places(pool, np.arange(n) != i, ~(pool.fitted == i).any(axis=1))
        for place, values in _with_rises(found).items():
            without.setdefault(place, []).append(values)
    told: dict[str, Any] = {"n": n_left, "n_levels": n}
    for place, values in _with_rises(errors).items():
        pairs = [
            (float(value), jackknife(float(value), left).se or 0.0)
            for value, left in zip(values, np.array(without[place]).T, strict=True)
        ]
        told[place] = pairs[0] if place.endswith("_rise") else pairs
    return told


def _places(
    pool: Pool, levels: npt.NDArray[np.bool_], deals: npt.NDArray[np.bool_]
) -> tuple[dict[str, Vectors], dict[str, int]]:
    """Mean log10 errors ``(degrees,)`` by place, over some deals and some levels left out.

    Also how many levels were left out at each place, all deals together.
    """
    left = np.tile(levels, (int(deals.sum()), 1))
    np.put_along_axis(left, pool.fitted[deals], False, axis=1)
    reach, off = pool.reach[deals], pool.off[deals]
    inside = {
        "middle": left & (reach <= _EDGE),
        "edge": left & (reach > _EDGE) & (reach <= 1.0),
        "beyond": left & (reach > 1.0),
    }
    errors = {"training": pool.training[deals].mean(axis=0)}
    for place, there in inside.items():
        errors[place] = (off * there[:, np.newaxis]).sum(axis=(0, 2)) / max(int(there.sum()), 1)
    return errors, {place: int(there.sum()) for place, there in inside.items()}


def _with_rises(errors: dict[str, Vectors]) -> dict[str, Vectors]:
    """Also how much each error rises from the first degree to the last, as ``(1,)``."""
    rises = {f"{place}_rise": values[-1:] - values[:1] for place, values in errors.items()}
    return {**errors, **rises, "more_rise": rises["beyond_rise"] - rises["middle_rise"]}
