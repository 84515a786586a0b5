"""A model with too many parameters fits the dots better and is absurd at the edge and beyond.

A curve is fitted to a few dots on x = y by least squares,

    y(x) = Σ_j c_j s(x)^j,   s(x) = x scaled to [−1, 1],   j = 0 … degree,

once for each degree. More degrees always come nearer to the dots that they were fitted to; what
the curve says elsewhere gets worse, most where dots are few [Runge1901]_ [Hastie2009]_. How far
off it is is the root mean square distance from the truth y = x, in the middle (x from 8 to 12), at
the edge (18 to 20) and beyond (20 to 24). Those errors spread over many powers of ten, so they are
averaged as logarithms, over independent datasets.

Of the levels: the same curve through as few hand-made levels, all eleven parameters in units of
their spread against t, a level's place along the first principal component; how far off it is on
levels left out, among those fitted and beyond (:mod:`.deals`).
"""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from typing import Any, Final

import numpy as np
import numpy.typing as npt

from procgen_sim.experiments.essay.bodies import hand_made
from procgen_sim.experiments.essay.deals import deal, log_error, told_by
from procgen_sim.experiments.essay.dots import line_dots
from procgen_sim.experiments.essay.finding import Check, Effort, Finding, mean_and_error
from procgen_sim.models.fitting import fit_curve
from procgen_sim.rng import stream

__all__ = ["conclude", "run"]

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
_SHOWN: Final = (1, 6, 14)
_TASTE: Final = (1, 3, 6, 10)
"""Degrees beside the highest that a figure shows, and that a taste tries."""

_TRUTHS: Final = {"middle": (8.0, 12.0), "edge": (18.0, 20.0), "beyond": (20.0, 24.0)}
_N_POINTS: Final = 17


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
    degrees = [d for d in range(1, highest + 1) if d in (*_TASTE, highest) or not effort.quick]
    of_dots = _ask_dots(effort, dots, n_fitted, degrees)
    phi = hand_made()[0] if levels is None else levels
    some = sorted({*degrees[::2], highest}) if effort.quick else degrees
    of_levels = _ask_levels(effort, phi, n_fitted, some)
    logs = of_dots["errors"]
    grown = {place: errors[:, -1] - errors[:, 0] for place, errors in logs.items()}
    rise = f"log10, degree {highest} over the line"
    checks = (
        Check.of(f"dots: training error, {rise}", mean_and_error(grown["training"]), "below", 0.0),
        Check.of(f"dots: error at the edge, {rise}", mean_and_error(grown["edge"]), "above", 1.0),
        Check.of(f"dots: error beyond, {rise}", mean_and_error(grown["beyond"]), "above", 3.0),
        Check.of(
            f"dots: error at the edge less that in the middle, {rise}",
            mean_and_error(grown["edge"] - grown["middle"]),
            "above",
            0.0,
        ),
        Check.of(
            "dots: error of the line beyond, in standard deviations",
            mean_and_error(10.0 ** logs["beyond"][:, 0]),
            "below",
            NOISE,
        ),
        Check.of(f"levels: training error, {rise}", of_levels["training_rise"], "below", 0.0),
        Check.of(
            f"levels: error beyond those fitted, {rise}", of_levels["beyond_rise"], "above", 0.0
        ),
        Check.of(
            f"levels: error beyond less that among those fitted, {rise}",
            of_levels["more_rise"],
            "above",
            0.0,
        ),
    )
    data = {
        "degrees": degrees,
        "n_fitted": n_fitted,
        "n_datasets": len(of_dots["miss_19"]),
        "dots": {
            place: [mean_and_error(column) for column in errors.T] for place, errors in logs.items()
        },
        "miss_19": np.median(of_dots["miss_19"], axis=0),
        "picture": of_dots["picture"],
        "levels": of_levels,
    }
    return Finding(
        experiment="overfit",
        claim=CLAIM,
        conclusion=conclude(checks, data),
        checks=checks,
        data=data,
        effort=effort,
    )


def _ask_dots(
    effort: Effort, make: MakeDots, n_fitted: int, degrees: Sequence[int]
) -> dict[str, Any]:
    """``(datasets, degrees)`` log10 errors of each place, and the first dataset's curves."""
    n_datasets = effort.of(600, 60)
    errors = {place: np.empty((n_datasets, len(degrees))) for place in ("training", *_TRUTHS)}
    miss = np.empty((n_datasets, len(degrees)))
    wide = np.linspace(-1.0, 24.0, 126)
    picture: dict[str, Any] = {"x": wide, "curves": {}}
    for r in range(n_datasets):
        fitted = make(n_fitted, rng=stream(effort.seed, "essay", _PLACE, 0, r))
        for j, degree in enumerate(degrees):
            curve = fit_curve(fitted, degree=degree)
            errors["training"][r, j] = log_error(curve.rms_error(fitted)[1])
            for place, ends in _TRUTHS.items():
                x = np.linspace(*ends, _N_POINTS)
                errors[place][r, j] = log_error(curve.rms_error(np.column_stack([x, x]))[1])
            miss[r, j] = abs(float(curve.predict([19.0])[0, 1]) - 19.0)
            if not r and degree in _SHOWN:
                picture["curves"][degree] = curve.predict(wide)[:, 1]
        if not r:
            picture["dots"] = fitted[:200]
    return {"errors": errors, "miss_19": miss, "picture": picture}


def _ask_levels(
    effort: Effort, phi: Vectors, n_fitted: int, degrees: Sequence[int]
) -> dict[str, Any]:
    """How far off the curves are on levels fitted and left out, each with its error."""
    rngs = [stream(effort.seed, "essay", _PLACE, 1, r) for r in range(effort.of(1500, 600))]
    return {"degrees": degrees, **told_by(deal(phi, n_fitted, degrees, rngs))}


def conclude(checks: Sequence[Check], data: Mapping[str, Any]) -> str:
    """One sentence from the numbers, with a clause for each check."""
    training, edge, beyond, further, line, fits, off, more = checks
    degree, at_19 = data["degrees"][-1], data["miss_19"]
    held = line.told("stays within", "may or may not stay within", "does not stay within")
    sharper = further.told(
        "more than in their middle",
        "not clearly more than in their middle",
        "less than in their middle",
    )
    return (
        f"The curve of degree {degree} comes {_times(training, 'near')} to its dots as the line;"
        f" at their edge it is {_times(edge, 'far')} off as the line"
        f" ({_rounded(at_19[-1])} and {_rounded(at_19[0])} in the median at x = 19), {sharper};"
        f" beyond them it is {_times(beyond, 'far')} off, where the line {held} the dots' noise"
        f" ({_rounded(line.estimate)}); through as few levels it comes {_times(fits, 'near')} to"
        f" them and beyond them is {_times(off, 'far')} off,"
        f" {more.told('more', 'not clearly more', 'less')} than among them."
    )


def _times(check: Check, word: str) -> str:
    """How many times as near or far, from a log10 of how far off, and what the check makes of it.

    "2.3 times as near", "80 times as far"; where the claim does not hold, that it does not.
    """
    times = 10.0 ** (-check.estimate if word == "near" else check.estimate)
    bound = f"{10.0 ** abs(check.bound):,.0f}"
    said = f"{_rounded(times)} times as {word}"
    return said + check.told("", f" (not clearly more than {bound})", f" (less than {bound})")


def _rounded(value: float) -> str:
    """Two digits that mean something: 0.31, 2.3, 28, 1,100,000."""
    return f"{float(f'{value:.2g}'):,.{0 if value >= 9.95 else 1 if value >= 0.995 else 2}f}"
