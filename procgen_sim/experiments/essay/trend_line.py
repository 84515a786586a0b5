"""Machine learning is a trend line: fit it to past work, then make new work from the fit.

Of the dots: over many datasets of dots on x = y, is the line through them x = y, and do new dots
drawn from it lie as near to it as the old ones? The model is probabilistic principal component
analysis [Tipping1999]_,

    x = t w + e,   t ~ N(0, 1),   e ~ N(0, σ² I)   in standardised coordinates,

of which two lines can be read. What it expects of y at an x has the slope cov(x, y) / var(x),
which is 1, because the dots' noise is in y alone. Its principal axis has the slope sd(y) / sd(x),
which that same noise makes steeper than 1 however many dots there are. The first is the claim's.

Of the levels, of eleven parameters each: what share of what distinguishes hand-made ones does the
line hold, beside that of levels whose parameters were shuffled, each on its own [Horn1965]_; how
many bits does it save on a level it was not fitted to, beside parameters that know nothing of
each other; and what is left of the *order off the line* in what it generates,

    order = ½ Σ_j log2(λ̄ / λ_j)   over all but the first eigenvalue of the correlations,

the bits a level by which one Gaussian knows levels better than the line [Tipping1999]_. Few levels
show some order even where there is none, so hand-made levels are compared with generated bodies
of as many.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from typing import Any, Final

import numpy as np
import numpy.typing as npt

from procgen_sim.experiments.essay.bodies import hand_made
from procgen_sim.experiments.essay.dots import fit_dots, line_dots
from procgen_sim.experiments.essay.finding import Check, Effort, Finding, mean_and_error
from procgen_sim.experiments.preparation import design_space
from procgen_sim.generators import Builder
from procgen_sim.levels.estimate import jackknife
from procgen_sim.models import DesignModel, fit
from procgen_sim.models.fitting import FLOOR_SD
from procgen_sim.models.plane import plane_of
from procgen_sim.rng import stream

__all__ = ["run"]

Vectors = npt.NDArray[np.float64]
MakeDots = Callable[..., Vectors]
Draw = Callable[..., Vectors]

CLAIM: Final = (
    "Machine learning is a trend line: fit it to past work, and new work is made from the fit."
)

_PLACE: Final = 0
_N_DOTS: Final = 100


def draw_from(model: DesignModel, n: int, *, rng: np.random.Generator) -> Vectors:
    """``(n, d)`` new work from a fitted model."""
    return model.sample(n, rng=rng)


def run(
    effort: Effort,
    *,
    dots: MakeDots = line_dots,
    draw: Draw = draw_from,
    levels: Vectors | None = None,
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
        ``(n, 11)`` design parameters; the shipped levels' if None.
    """
    of_dots = _ask_dots(effort, dots, draw)
    phi, bodies = hand_made()
    of_levels = _ask_levels(effort, phi if levels is None else levels, draw)
    slope, slope_error = mean_and_error(of_dots["slopes"])
    ratio, ratio_error = mean_and_error(of_dots["ratios"])
    gain, gain_error = mean_and_error(of_levels["gains"])
    more = of_levels["share"] - of_levels["share_shuffled"]
    lost = of_levels["order"] - of_levels["order_generated"]
    checks = (
        Check(
            what="dots: slope of the fitted line",
            estimate=slope,
            standard_error=slope_error,
            relation="equal",
            bound=1.0,
        ),
        Check(
            what="dots: mean square off the line, new over old",
            estimate=ratio,
            standard_error=ratio_error,
            relation="equal",
            bound=1.0,
        ),
        Check(
            what="levels: share of the spread on the line, less that of shuffled levels",
            estimate=more,
            standard_error=of_levels["share_error"],
            relation="above",
            bound=0.0,
        ),
        Check(
            what="levels: bits the line saves on a level it has not seen",
            estimate=gain,
            standard_error=gain_error,
            relation="above",
            bound=0.0,
        ),
        Check(
            what="levels: bits of order off the line that generated levels lost",
            estimate=lost,
            standard_error=of_levels["order_error"],
            relation="above",
            bound=0.0,
        ),
    )
    told = {"slope": slope, "ratio": ratio, "gain": gain, **of_levels}
    return Finding(
        experiment="trend_line",
        claim=CLAIM,
        conclusion=_conclude(checks, told),
        checks=checks,
        data={
            "dots": {**of_dots["picture"], "slope": slope, "slope_error": slope_error},
            "axis_slope": mean_and_error(of_dots["axes"]),
            "n_datasets": len(of_dots["slopes"]),
            "n_dots": _N_DOTS,
            "outside": of_dots["outside"],
            "levels": {
                **{k: v for k, v in of_levels.items() if k != "gains"},
                "gain": gain,
                "gain_error": gain_error,
                "bodies": bodies,
            },
        },
        effort=effort,
    )


def _ask_dots(effort: Effort, make: MakeDots, draw: Draw) -> dict[str, Any]:
    """Lines through many datasets, and how near to them old and new dots lie."""
    slopes, ratios, axes, outside = [], [], [], []
    picture: dict[str, Any] = {}
    for r in range(effort.of(1000, 150)):
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
        "axes": axes,
        "outside": float(np.mean(outside)),
        "picture": picture,
    }


def _ask_levels(effort: Effort, phi: Vectors, draw: Draw) -> dict[str, Any]:
    """The line through hand-made levels: what it holds, and what its levels have lost."""
    n, space = len(phi), design_space()
    model = fit("trend", phi, space, rng=stream(effort.seed, "fit"))
    shares, orders, gains = np.empty(n), np.empty(n), np.empty(n)
    for i in range(n):
        others = np.delete(phi, i, axis=0)
        line = fit("trend", others, space, rng=stream(effort.seed, "fit", i))
        gains[i] = _saved_bits(line, others, phi[i])
        shares[i], orders[i] = _share(others), _order(others)
    shuffled = []
    for k in range(effort.of(500, 100)):
        rng = stream(effort.seed, "essay", _PLACE, 2, k)
        shuffled.append(_share(rng.permuted(phi, axis=0)))
    made = [_generate(effort, model, draw, n, k) for k in range(effort.of(200, 40))]
    order_made = [_order(body) for body in made]
    own, own_made = _spread(phi), np.array([_spread(body) for body in made])
    order = _order(phi)
    order_error = jackknife(order, orders).se or np.nan
    plane = plane_of(space.to_unit(phi))
    direction = np.asarray(model.details["direction"], np.float64)
    return {
        "share": _share(phi),
        "share_error": jackknife(_share(phi), shares).se or np.nan,
        "share_shuffled": float(np.mean(shuffled)),
        "gains": gains,
        "order": order,
        "order_generated": float(np.mean(order_made)),
        "order_error": float(np.hypot(order_error, mean_and_error(order_made)[1])),
        "order_spread": float(np.std(order_made, ddof=1)),
        "spread": own,
        "spread_generated": own_made.mean(axis=0),
        "spread_generated_sd": own_made.std(axis=0, ddof=1),
        "total_variance": float(np.mean([(b.var(axis=0) / phi.var(axis=0)).mean() for b in made])),
        "seen": plane.see(space.to_unit(phi)),
        "seen_generated": plane.see(space.to_unit(np.concatenate(made[:4]))),
        "seen_line": plane.axes @ direction,
        "plane_shares": plane.shares,
        "axis_words": [_strongest(axis, space.names) for axis in plane.axes],
    }


def _generate(effort: Effort, model: DesignModel, draw: Draw, n: int, body: int) -> Vectors:
    """``(n, 11)`` a body of levels drawn from the line, as measured once they are built."""
    wanted = draw(model, n, rng=stream(effort.seed, "essay", _PLACE, 3, body))
    rngs = [stream(effort.seed, "essay", _PLACE, 4, body, i) for i in range(n)]
    return Builder().build_many(wanted, rngs).measured


def _spread(levels: Vectors) -> Vectors:
    """``(d,)`` shares of the standardised spread along each principal axis, the longest first.

    A parameter that is the same in all levels has no part in it.
    """
    varied = levels[:, levels.std(axis=0) > 0]
    standard = (varied - varied.mean(axis=0)) / varied.std(axis=0)
    sizes = np.zeros(levels.shape[1])
    found = np.linalg.eigvalsh(standard.T @ standard / len(levels))[::-1]
    sizes[: len(found)] = found / found.sum()
    return sizes


def _share(levels: Vectors) -> float:
    """Share of the standardised spread along the line."""
    return float(_spread(levels)[0])


def _order(levels: Vectors) -> float:
    """Bits a level by which one Gaussian knows levels better than the line."""
    off = _spread(levels)[1:]
    off = np.maximum(off[off > 0], 1e-9)
    return float(0.5 * np.log2(off.mean() / off).sum())


def _saved_bits(line: DesignModel, others: Vectors, level: Vectors) -> float:
    """Bits the line saves on one level, beside Gaussians that know nothing of each other."""
    centre = others.mean(axis=0)
    sd = np.maximum(others.std(axis=0), FLOOR_SD * line.space.width)
    apart = -0.5 * ((level - centre) / sd) ** 2 - np.log(sd) - 0.5 * np.log(2 * np.pi)
    return float((line.log_density(level[None])[0] - apart.sum()) / np.log(2))


def _strongest(axis: Vectors, names: Sequence[str]) -> str:
    """The three parameters that change most along an axis."""
    most = np.argsort(-np.abs(axis))[:3]
    return ", ".join(f"{'more' if axis[j] > 0 else 'less'} {names[j]}" for j in most)


def _conclude(checks: tuple[Check, ...], told: dict[str, Any]) -> str:
    """One sentence from the numbers."""
    slope, ratio, share, gain, lost = (check.holds for check in checks)
    dots = (
        f"the line through dots on x = y has the slope {told['slope']:.3f}"
        f" and new dots from it lie {'as near to it as' if ratio else 'not as near to it as'}"
        f" the old ones (mean squares as {told['ratio']:.2f} to 1)"
    )
    if not slope:
        dots = f"the line through the dots is not x = y: its slope is {told['slope']:.3f}"
    held = "holds" if share and gain else "holds no more than chance:"
    levels = (
        f"through hand-made levels it {held} {100 * told['share']:.0f} % of what distinguishes them"
        f" ({100 * told['share_shuffled']:.0f} % if they are shuffled)"
        f" and saves {told['gain']:.1f} bits on a level it has not seen"
    )
    off = (
        f"{'' if lost else 'it cannot be told that order was lost: '}off the line its own levels"
        f" show {told['order_generated']:.1f} bits of order where those show {told['order']:.1f}"
    )
    return f"{dots[0].upper()}{dots[1:]}; {levels}, but {off}."
