"""Machine learning is a trend line: fit it to past work, then make new work from the fit.

Of the dots: over many datasets of dots on x = y, is the line through them x = y, and do new dots
drawn from it lie as near to it as the old ones? The model is probabilistic principal component
analysis [Tipping1999]_,

    x = t w + e,   t ~ N(0, 1),   e ~ N(0, σ² I)   in standardised coordinates,

of which two lines can be read. What it expects of y at an x has the slope cov(x, y) / var(x),
which is 1, because the dots' noise is in y alone. Its principal axis has the slope sd(y) / sd(x),
which that same noise makes steeper than 1 however many dots there are. The first is the claim's.

Of the levels, of eleven parameters each: what share of what distinguishes hand-made ones does the
line hold, beside that of levels shuffled altogether, and of levels shuffled within their genre; do
levels built from it follow it, measured again; and what is left in them of the order off the line
(all defined in :mod:`.genre_line`)? There are two genres, so a line through both is first of all
the way from one to the other, and hand-made levels are two handfuls, not 43 independent ones. So
what is found of them is compared with what shuffled levels, or built bodies of as many, show.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from typing import Any, Final

import numpy as np
import numpy.typing as npt

from procgen_sim.experiments.essay.bodies import hand_made
from procgen_sim.experiments.essay.dots import HIGH, fit_dots, line_dots
from procgen_sim.experiments.essay.finding import Check, Effort, Finding, mean_and_error
from procgen_sim.experiments.essay.genre_line import (
    axis_of,
    bits_across,
    bits_within,
    order_off,
    share_of,
    shuffled_shares,
    spread_of,
    way_of,
)
from procgen_sim.experiments.preparation import design_space
from procgen_sim.generators import Builder
from procgen_sim.models import DesignModel, fit
from procgen_sim.models.plane import plane_of
from procgen_sim.rng import stream

__all__ = ["conclude", "run"]

Vectors = npt.NDArray[np.float64]
MakeDots = Callable[..., Vectors]
Draw = Callable[..., Vectors]

CLAIM: Final = (
    "Machine learning is a trend line: fit it to past work, and new work is made from the fit."
)

_PLACE: Final = 0
_N_DOTS: Final = 100
_SAME_SLOPE: Final = 0.02
_SAME_SQUARE: Final = 0.05
_SAME_SHARE: Final = 0.05
_FOLLOWS: Final = 0.95
"""How far off what should be equal may be, and a cosine of what goes the same way."""


def draw_from(model: DesignModel, n: int, *, rng: np.random.Generator) -> Vectors:
    """``(n, d)`` new work from a fitted model."""
    return model.sample(n, rng=rng)


def run(
    effort: Effort,
    *,
    dots: MakeDots = line_dots,
    draw: Draw = draw_from,
    levels: tuple[Vectors, Sequence[str]] | None = None,
) -> Finding:
    """Fit trend lines to dots and to hand-made levels, and make new ones from them.

    Parameters
    ----------
    effort
        How much work to do.
    dots
        From a number and ``rng=`` to ``(n, 2)`` dots.
    draw
        From a model, a number and ``rng=`` to new work.
    levels
        ``(n, 11)`` design parameters and which of two bodies each is of; the shipped levels' if
        None.
    """
    of_dots = _ask_dots(effort, dots, draw)
    phi, bodies = levels or hand_made()
    of_levels = _ask_levels(effort, phi, np.asarray(bodies), draw)
    slope = mean_and_error(of_dots.pop("slopes"))
    share, order = of_levels["share"], of_levels["order"]
    beyond = {name: share - of_levels[f"share_{name}"][0] for name in ("shuffled", "within")}
    lost = order - of_levels["order_built"][0]
    checks = (
        Check.of("dots: slope of the fitted line", slope, "equal", 1.0, within=_SAME_SLOPE),
        Check.of(
            "dots: mean square off the line, new over old",
            mean_and_error(of_dots.pop("ratios")),
            "equal",
            1.0,
            within=_SAME_SQUARE,
        ),
        Check.of(
            "levels: share of the spread on the line, less that of shuffled levels",
            (beyond["shuffled"], of_levels["share_shuffled"][1]),
            "above",
            0.0,
        ),
        Check.of(
            "levels: share of the spread on the line, less that of levels shuffled within genres",
            (beyond["within"], of_levels["share_within"][1]),
            "equal",
            0.0,
            within=_SAME_SHARE,
        ),
        Check.of(
            "levels, built: cosine between their own line and the one they are from",
            of_levels["follows"],
            "above",
            _FOLLOWS,
        ),
        Check.of(
            "levels: bits of order off the line that built ones lost",
            (lost, of_levels["order_built"][1]),
            "above",
            0.0,
        ),
    )
    data = {
        "dots": {**of_dots, "slope": slope, "n_dots": _N_DOTS, "high": HIGH},
        "levels": {**of_levels, "bodies": list(bodies)},
    }
    return Finding(
        experiment="trend_line",
        claim=CLAIM,
        conclusion=conclude(checks, data),
        checks=checks,
        data=data,
        effort=effort,
    )


def _ask_dots(effort: Effort, make: MakeDots, draw: Draw) -> dict[str, Any]:
    """Lines through many datasets, and how near to them old and new dots lie."""
    slopes, ratios, axes, outside = [], [], [], []
    picture: dict[str, Any] = {}
    n_datasets = effort.of(1000, 100)
    for r in range(n_datasets):
        old = make(_N_DOTS, rng=stream(effort.seed, "essay", _PLACE, 0, r))
        model = fit_dots("trend", old, seed=effort.seed, address=r)
        new = draw(model, _N_DOTS, rng=stream(effort.seed, "essay", _PLACE, 1, r))
        slope = float(model.covariance[0, 1] / model.covariance[0, 0])
        intercept = float(model.mean[1] - slope * model.mean[0])
        off_old, off_new = (x[:, 1] - intercept - slope * x[:, 0] for x in (old, new))
        direction = np.asarray(model.details["direction"], np.float64)
        slopes.append(slope)
        axes.append(float(direction[1] / direction[0]))
        ratios.append(float((off_new**2).mean() / (off_old**2).mean()))
        outside.append(float(((new < 0.0) | (new > model.space.high)).any(axis=1).mean()))
        if not r:
            picture = {"old": old, "new": new, "line": (intercept, slope)}
    return {
        "slopes": slopes,
        "ratios": ratios,
        "axis_slope": mean_and_error(axes),
        "outside": mean_and_error(outside),
        "n_datasets": n_datasets,
        **picture,
    }


def _ask_levels(
    effort: Effort, phi: Vectors, bodies: npt.NDArray[np.str_], draw: Draw
) -> dict[str, Any]:
    """The line through hand-made levels: what it holds, and what its levels have lost.

    A pair is a mean and, for shares and order, the standard deviation of one more such body, which
    is what a single body of hand-made levels is to be compared with.
    """
    n, space = len(phi), design_space()
    model = fit("trend", phi, space, rng=stream(effort.seed, "fit"))
    n_shuffles, groups = effort.of(500, 60), {"shuffled": np.full(n, "all"), "within": bodies}
    shares = {
        name: shuffled_shares(
            phi, group, n_shuffles, rng=stream(effort.seed, "essay", _PLACE, 2, i)
        )
        for i, (name, group) in enumerate(groups.items())
    }
    built = [_build(effort, model, draw, n, k) for k in range(effort.of(200, 24))]
    spreads = np.array([spread_of(body) for body in built])
    line, plane = axis_of(phi, phi), plane_of(space.to_unit(phi))
    direction = np.asarray(model.details["direction"], np.float64)
    return {
        "share": share_of(phi),
        **{f"share_{name}": _one_more(found) for name, found in shares.items()},
        "cosine": abs(float(line @ way_of(phi, bodies))),
        "bits_within": bits_within(phi, bodies, space, seed=effort.seed),
        "bits_across": bits_across(phi, bodies, space, seed=effort.seed),
        "follows": mean_and_error([abs(float(axis_of(body, phi) @ line)) for body in built]),
        "order": order_off(phi),
        "order_built": _one_more([order_off(body) for body in built]),
        "spread": spread_of(phi),
        "spread_built": spreads.mean(axis=0),
        "spread_built_sd": spreads.std(axis=0, ddof=1),
        "seen": plane.see(space.to_unit(phi)),
        "seen_built": plane.see(space.to_unit(np.concatenate(built[:4]))),
        "seen_line": plane.axes @ direction,
        "plane_shares": plane.shares,
        "axis_words": [_strongest(axis, space.names) for axis in plane.axes],
    }


def _one_more(values: Sequence[float] | Vectors) -> tuple[float, float]:
    """Mean, and the standard deviation of one more such value from that mean."""
    mean, error = mean_and_error(values)
    return mean, error * float(np.sqrt(len(values) + 1))


def _build(effort: Effort, model: DesignModel, draw: Draw, n: int, body: int) -> Vectors:
    """``(n, 11)`` a body of levels drawn from the line, as measured once they are built."""
    wanted = draw(model, n, rng=stream(effort.seed, "essay", _PLACE, 3, body))
    rngs = [stream(effort.seed, "essay", _PLACE, 4, body, i) for i in range(n)]
    return Builder().build_many(wanted, rngs).measured


def _strongest(axis: Vectors, names: Sequence[str]) -> str:
    """The three parameters that change most along an axis."""
    most = np.argsort(-np.abs(axis))[:3]
    return ", ".join(f"{'more' if axis[j] > 0 else 'less'} {names[j]}" for j in most)


def conclude(checks: Sequence[Check], data: Mapping[str, Any]) -> str:
    """One sentence from the numbers, with a clause for each check."""
    slope, ratio, share, within, follows, lost = checks
    levels = data["levels"]
    is_line = slope.told("has", "may have, for all that can be told,", "is not x = y but has")
    near = ratio.told("lie as near", "cannot be told to lie as near", "do not lie as near")
    more = share.told("more than", "not clearly more than", "less than")
    genres = within.told(
        "what its two genres alone make of it",
        "what may or may not be what its two genres alone make of it",
        "not just what its two genres make of it",
    )
    follow = follows.told("follow it", "cannot be told to follow it", "do not follow it")
    order = lost.told("have lost", "cannot be told to have lost", "have gained")
    own, other = (
        " and ".join(f"{bits:+.1f}" for bits in levels[name])
        for name in ("bits_within", "bits_across")
    )
    return (
        f"The line through dots on x = y {is_line} the slope {slope.estimate:.3f} and new dots from"
        f" it {near} to it as the old ones (mean squares as {ratio.estimate:.2f} to 1); through"
        f" hand-made levels it holds {100 * levels['share']:.0f} % of what distinguishes them,"
        f" {more} shuffled ones ({100 * levels['share_shuffled'][0]:.0f} %), and that is {genres}"
        f" ({100 * levels['share_within'][0]:.0f} % if shuffled within each; cosine"
        f" {levels['cosine']:.2f} with the way from one to the other; on a level it has not seen a"
        f" line saves {own} bits if fitted to its genre alone, {other} if fitted to the other);"
        f" levels built from it {follow} (cosine {follows.estimate:.2f}) and {order} order off it"
        f" ({levels['order_built'][0]:.1f} bits, where hand-made ones show {levels['order']:.1f})."
    )
