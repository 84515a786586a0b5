"""A model with too many parameters fits the dots better and is absurd at the edge and beyond.

A curve is fitted to a few dots on x = y by least squares,

    y(x) = Σ_j c_j s(x)^j,   s(x) = x scaled to [−1, 1],   j = 0 … degree,

once for each degree. More degrees always come nearer to the dots that they were fitted to; what
the curve says elsewhere gets worse, most where dots are few [Runge1901]_ [Hastie2009]_. How far
off it is is the root mean square distance from the truth y = x, in the middle (x from 8 to 12), at
the edge (18 to 20) and beyond (20 to 24). Those errors spread over many powers of ten, so they are
averaged as logarithms, over independent datasets.

Of the levels: the same curve through as few hand-made levels, all eleven parameters in units of
their spread against t, a level's place along the first principal component. Levels are dealt many
times over into those fitted and those left out; of the latter some lie among the fitted ones
(within nine tenths of their reach), some at the edge, some beyond. There are but 43 levels, so the
deals are no independent repetitions: errors are from the jackknife over levels [Efron1981]_.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from typing import Any, Final, NamedTuple

import numpy as np
import numpy.typing as npt

from procgen_sim.experiments.essay.bodies import hand_made
from procgen_sim.experiments.essay.dots import line_dots
from procgen_sim.experiments.essay.finding import Check, Effort, Finding, mean_and_error
from procgen_sim.levels.estimate import jackknife
from procgen_sim.models.fitting import fit_curve
from procgen_sim.rng import stream

__all__ = ["run"]

Vectors = npt.NDArray[np.float64]
MakeDots = Callable[..., Vectors]

CLAIM: Final = (
    "A model with too many parameters fits the dots better and is absurd at the edge of them and"
    " beyond, where the line stays right."
)

HIGHEST: Final = 14
"""Degree of the model with too many parameters: fifteen of them for eighteen dots."""

NOISE: Final = 1.0
"""Standard deviation of the dots about x = y."""

_PLACE: Final = 1
_N_FITTED: Final = 18
_EDGE: Final = 0.9
_SHOWN: Final = (1, 5, 14)
_TASTE: Final = (1, 3, 6, 10)
_TRUTHS: Final = {"middle": (8.0, 12.0), "edge": (18.0, 20.0), "beyond": (20.0, 24.0)}
_N_POINTS: Final = 17
_TINY: Final = 1e-12
"""A curve through every dot has no error, whose logarithm is not a number."""


def run(
    effort: Effort,
    *,
    dots: MakeDots = line_dots,
    n_fitted: int = _N_FITTED,
    highest: int = HIGHEST,
    levels: Vectors | None = None,
) -> Finding:
    """Fit curves of rising degree to few dots and few levels.

    Parameters
    ----------
    effort
        How much work to do.
    dots
        From a number and ``rng=`` to ``(n, 2)`` dots whose truth is y = x.
    n_fitted
        Dots, and levels as far as there are, that a curve is fitted to.
    highest
        Degree of the model with too many parameters.
    levels
        ``(n, d)`` design parameters; the shipped levels' if None.
    """
    degrees = tuple(range(1, highest + 1))
    of_dots = _ask_dots(effort, dots, n_fitted, degrees)
    some = [degree for degree in degrees if degree in (*_TASTE, highest)]
    phi = hand_made()[0] if levels is None else levels
    of_levels = _ask_levels(effort, phi, n_fitted, some if effort.quick else degrees)
    grown = {place: errors[:, -1] - errors[:, 0] for place, errors in of_dots["errors"].items()}
    line = mean_and_error(of_dots["line_beyond"])
    further = mean_and_error(grown["edge"] - grown["middle"])
    rise = {place: of_levels[f"{place}_rise"][0] for place in ("training", "beyond", "more")}
    told: list[tuple[str, tuple[float, float], Any, float]] = [
        ("dots: training error, log10", mean_and_error(grown["training"]), "below", 0.0),
        ("dots: error at the edge, log10", mean_and_error(grown["edge"]), "above", 1.0),
        ("dots: error beyond, log10", mean_and_error(grown["beyond"]), "above", 3.0),
        ("dots: error at the edge less that in the middle, log10", further, "above", 0.0),
    ]
    told = [(f"{what}, degree {highest} over the line", *rest) for what, *rest in told]
    told.append(("dots: error of the line beyond, in standard deviations", line, "below", NOISE))
    for what, place, relation in (
        ("training error", "training", "below"),
        ("error beyond those fitted", "beyond", "above"),
        ("error beyond less that among those fitted", "more", "above"),
    ):
        words = f"levels: {what}, log10, degree {highest} over the line"
        told.append((words, rise[place], relation, 0.0))
    checks = tuple(
        Check(what=what, estimate=found[0], standard_error=found[1], relation=relation, bound=bound)
        for what, found, relation, bound in told
    )
    at_19 = np.median(of_dots["miss_19"], axis=0)
    return Finding(
        experiment="overfit",
        claim=CLAIM,
        conclusion=_conclude(checks, at_19, rise, highest),
        checks=checks,
        data={
            "degrees": degrees,
            "n_fitted": n_fitted,
            "n_datasets": len(of_dots["miss_19"]),
            "dots": {
                place: [mean_and_error(column) for column in errors.T]
                for place, errors in of_dots["errors"].items()
            },
            "miss_19": at_19,
            "picture": of_dots["picture"],
            "levels": of_levels,
        },
        effort=effort,
    )


def _ask_dots(
    effort: Effort, make: MakeDots, n_fitted: int, degrees: Sequence[int]
) -> dict[str, Any]:
    """``(datasets, degrees)`` log10 errors of each place, and the first dataset's curves."""
    n_datasets = effort.of(600, 80)
    errors = {place: np.empty((n_datasets, len(degrees))) for place in ("training", *_TRUTHS)}
    miss, line_beyond = np.empty((n_datasets, len(degrees))), np.empty(n_datasets)
    wide = np.linspace(-1.0, 24.0, 126)
    picture: dict[str, Any] = {"x": wide, "curves": {}}
    for r in range(n_datasets):
        fitted = make(n_fitted, rng=stream(effort.seed, "essay", _PLACE, 0, r))
        for j, degree in enumerate(degrees):
            curve = fit_curve(fitted, degree=degree)
            errors["training"][r, j] = _log(curve.rms_error(fitted)[1])
            for place, ends in _TRUTHS.items():
                x = np.linspace(*ends, _N_POINTS)
                errors[place][r, j] = _log(curve.rms_error(np.column_stack([x, x]))[1])
            miss[r, j] = abs(float(curve.predict([19.0])[0, 1]) - 19.0)
            if not r and degree in _SHOWN:
                picture["curves"][degree] = curve.predict(wide)[:, 1]
        if not r:
            picture["dots"] = fitted[:200]
        line_beyond[r] = 10.0 ** errors["beyond"][r, 0]
    return {"errors": errors, "miss_19": miss, "line_beyond": line_beyond, "picture": picture}


def _ask_levels(
    effort: Effort, phi: Vectors, n_fitted: int, degrees: Sequence[int]
) -> dict[str, Any]:
    """Mean log10 errors on levels fitted and left out, how they rise, and the jackknife's errors.

    What would be found without a level is known from the deals that did not fit it, its own error
    aside: they are deals of the others.
    """
    pool = _deal(effort, phi, min(n_fitted, 3 * len(phi) // 5), degrees)
    errors, n_left = _places(pool, np.ones(len(phi), np.bool_), pool.fitted[:, 0] >= 0)
    without: dict[str, list[Vectors]] = {}
    for i in range(len(phi)):
        others = np.arange(len(phi)) != i
        found, _ = _places(pool, others, ~(pool.fitted == i).any(axis=1))
        for place, values in _with_rises(found).items():
            without.setdefault(place, []).append(values)
    errors = _with_rises(errors)
    return {
        "degrees": degrees,
        "n": n_left,
        "n_levels": len(phi),
        **{
            place: [
                (float(value), jackknife(float(value), left).se or 0.0)
                for value, left in zip(values, np.array(without[place]).T, strict=True)
            ]
            for place, values in errors.items()
        },
    }


class _Pool(NamedTuple):
    """Levels dealt many times over."""

    fitted: npt.NDArray[np.int64]
    """``(deals, n_fitted)`` which levels the curves of a deal were fitted to."""
    training: Vectors
    """``(deals, degrees)`` log10 errors on those."""
    off: Vectors
    """``(deals, degrees, levels)`` log10 error on each level."""
    reach: Vectors
    """``(deals, levels)`` places in t: within 1 is within the levels fitted."""


def _deal(effort: Effort, phi: Vectors, n_fitted: int, degrees: Sequence[int]) -> _Pool:
    """Fit curves to many deals of ``n_fitted`` of the levels ``(n, d)``."""
    n, n_deals = len(phi), effort.of(1500, 700)
    spread = phi.std(axis=0)
    standard = (phi - phi.mean(axis=0)) / np.where(spread > 0, spread, 1.0)
    orders = [stream(effort.seed, "essay", _PLACE, 1, r).permutation(n) for r in range(n_deals)]
    pool = _Pool(
        fitted=np.array(orders)[:, :n_fitted],
        training=np.empty((n_deals, len(degrees))),
        off=np.empty((n_deals, len(degrees), n)),
        reach=np.empty((n_deals, n)),
    )
    for r, fitted in enumerate(pool.fitted):
        for j, degree in enumerate(degrees):
            curve = fit_curve(standard[fitted], degree=degree)
            t = curve.coordinate(standard)
            square = ((standard - curve.predict(t)) ** 2).mean(axis=1)
            pool.training[r, j] = _log(np.sqrt(square[fitted].mean()))
            pool.off[r, j] = _log(np.sqrt(square))
            pool.reach[r] = np.abs(2.0 * t - curve.low - curve.high) / (curve.high - curve.low)
    return pool


def _places(
    pool: _Pool, levels: npt.NDArray[np.bool_], deals: npt.NDArray[np.bool_]
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


def _log(error: Any) -> Any:
    return np.log10(np.maximum(error, _TINY))


def _conclude(
    checks: tuple[Check, ...], at_19: Vectors, rise: dict[str, tuple[float, float]], highest: int
) -> str:
    """One sentence from the numbers."""
    training, edge, beyond = (check.holds for check in checks[:3])
    grown = [_rounded(10.0 ** abs(check.estimate)) for check in checks[:3]]
    nearer = f"comes {grown[0]} times nearer to its dots than the line"
    dots = (
        f"the curve of degree {highest} {nearer if training else 'comes no nearer to its dots'};"
        f" at x = 19 it is off by {_rounded(at_19[-1])} in the median where the line is off by"
        f" {_rounded(at_19[0])}, and beyond the dots by {grown[2]} times as much"
    )
    if not beyond:
        dots += ", which is no explosion"
    if not edge:
        dots += ", but at the edge nothing explodes"
    if not checks[4].holds:
        dots += ", but the line does not stay within the dots' noise"
    levels = (
        f"through as few levels it comes {_rounded(10.0 ** -rise['training'][0])} times nearer to"
        f" them and is off by {_rounded(10.0 ** rise['beyond'][0])} times as much beyond them"
    )
    if not all(check.holds for check in checks[5:]):
        levels += ", which cannot be told from chance"
    return f"{dots[0].upper()}{dots[1:]}; {levels}."


def _rounded(value: float) -> str:
    """Two digits that mean something: 0.31, 2.3, 28, 1,100,000."""
    return f"{float(f'{value:.2g}'):,.{0 if value >= 9.95 else 1 if value >= 0.995 else 2}f}"
