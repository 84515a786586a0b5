"""The spaces between: a wrong model makes what no right one would, a line between two clusters.

Of the dots: two clusters, around (5, 5) and (15, 15), and models of growing capacity: a trend
line, one Gaussian, mixtures of 1 to 6 components, a mixture of as many as BIC chooses
[Schwarz1978]_ [Fraley2002]_, a kernel density. How likely is each to make something between the
clusters,

    P(|x − 10| < 2 and |y − 10| < 2) = ∫∫ p(x, y) dx dy,

by the midpoint rule? And is (10, 10) on the model, within the region that holds 99.9 % of what it
makes [Hyndman1996]_? Over many datasets, as logarithms, for the answers span powers of ten.

Of the levels: the two shipped genres, and as the space between them the middle third of the way
from one genre's mean to the other's, in units of each parameter's spread. Seen along one
direction a Gaussian mixture is one still, so that probability is exact (:mod:`.genre_way`), with
errors from the jackknife over levels, 22 groups of them in a taste; and because the builder has
its own say, levels are drawn from the models, built, measured, and counted.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from functools import partial
from typing import Any, Final

import numpy as np
import numpy.typing as npt

from procgen_sim.experiments.essay.bodies import hand_made
from procgen_sim.experiments.essay.capacity import fit_all
from procgen_sim.experiments.essay.dots import HIGH, SPACE, cluster_dots
from procgen_sim.experiments.essay.finding import Check, Effort, Finding, mean_and_error
from procgen_sim.experiments.essay.genre_way import GenreWay
from procgen_sim.experiments.preparation import design_space
from procgen_sim.generators import Builder
from procgen_sim.levels.estimate import jackknife
from procgen_sim.models import DesignModel, hdr
from procgen_sim.rng import stream

__all__ = ["conclude", "excess", "mass_of_square", "run"]

Vectors = npt.NDArray[np.float64]
MakeDots = Callable[..., Vectors]

CLAIM: Final = (
    "With two clusters a line puts (10, 10) inside the model and makes what is around it at least"
    " ten times as often as the right model, two centroids."
)

_PLACE: Final = 4
_N_DOTS: Final = 150
_MOST: Final = 6
_MOST_OF_LEVELS: Final = 4
"""Components, with 43 levels: more would have to share fewer than five each."""

_HALF_WIDTH: Final = 2.0
_N_STEPS: Final = 40
_N_REGION: Final = 2000
_N_GROUPS: Final = 22
_TIMES: Final = 1.0
"""How many times as likely the line is to make what is between, as log10."""

_NEARLY_ALL: Final = 0.8
_LEAST: Final = 1e-30


def run(
    effort: Effort,
    *,
    dots: MakeDots = cluster_dots,
    levels: tuple[Vectors, Sequence[str]] | None = None,
) -> Finding:
    """Ask models of growing capacity how likely they make what is between two clusters.

    Parameters
    ----------
    effort
        How much work to do.
    dots
        From a number and ``rng=`` to ``(n, 2)`` dots.
    levels
        ``(n, 11)`` design parameters and which of two bodies each is of; the shipped levels' if
        None.
    """
    of_dots = _ask_dots(effort, dots)
    phi, bodies = levels or hand_made()
    of_levels = _ask_levels(effort, phi, np.asarray(bodies))
    masses, n = of_dots["masses"], len(of_dots["chosen"])
    built, n_built = of_levels["built"], of_levels["n_built"]
    checks = (
        Check.of(
            "dots: probability between, line over mixture, log10",
            mean_and_error(masses["line"] - masses["BIC"]),
            "above",
            _TIMES,
        ),
        Check.of(
            "dots: share of datasets in which BIC chooses two components",
            _share(int((of_dots["chosen"] == 2).sum()), n),
            "above",
            _NEARLY_ALL,
        ),
        Check.of(
            "dots: lines that (10, 10) is off", (of_dots["off"]["line"].sum(), 0.0), "equal", 0.0
        ),
        Check.of(
            "dots: share of the mixtures that (10, 10) is off",
            _share(of_dots["off"]["BIC"].sum(), n),
            "above",
            0.5,
        ),
        Check.of(
            "levels: probability between, line over mixture, log10",
            (of_levels["masses"]["line"] - of_levels["masses"]["BIC"], of_levels["ratio_error"]),
            "above",
            _TIMES,
        ),
        Check.of(
            "levels, built: share between from the line less ten times the mixture's",
            excess(built["line"], built["BIC"], n_built),
            "above",
            0.0,
        ),
    )
    data = {
        "dots": {
            "mass": {k: mean_and_error(v) for k, v in masses.items()},
            "off": {name: off.mean() for name, off in of_dots["off"].items()},
            "picture": of_dots["picture"],
            "n_sets": n,
            "half_width": _HALF_WIDTH,
        },
        "levels": {**of_levels, "bodies": list(bodies)},
    }
    return Finding(
        experiment="spaces_between",
        claim=CLAIM,
        conclusion=conclude(checks, data),
        checks=checks,
        data=data,
        effort=effort,
    )


def _share(count: int, n: int) -> tuple[float, float]:
    """A share and its standard error, which is not 0 though it be all or none [Agresti1998]_."""
    likely = (count + 2.0) / (n + 4.0)
    return count / n, float(np.sqrt(likely * (1.0 - likely) / n))


def excess(line: int, mixture: int, n: int) -> tuple[float, float]:
    """The line's share of ``n`` levels less ten times the mixture's, and its standard error."""
    (more, error), (less, other) = _share(line, n), _share(mixture, n)
    times = 10.0**_TIMES
    return more - times * less, float(np.hypot(error, times * other))


def _ask_dots(effort: Effort, make: MakeDots) -> dict[str, Any]:
    """``(datasets,)`` log10 probabilities of the square by model, and what BIC chose."""
    masses: dict[str, list[float]] = {}
    chosen: list[int] = []
    off: dict[str, list[bool]] = {"line": [], "BIC": []}
    picture: dict[str, Any] = {}
    for r in range(effort.of(120, 24)):
        data = make(_N_DOTS, rng=stream(effort.seed, "essay", _PLACE, 1, r))
        rng_of = partial(stream, effort.seed, "essay", _PLACE, 0, r)
        models = fit_all(data, SPACE, most=_MOST, n_starts=effort.of(3, 1), rng_of=rng_of)
        for name, model in models.items():
            masses.setdefault(name, []).append(_log(mass_of_square(model)))
        chosen.append(models["BIC"].n_components)
        for i, name in enumerate(off):
            rng = stream(effort.seed, "essay", _PLACE, 2, r, i)
            region = hdr(models[name], n=_N_REGION, rng=rng)
            middle = models[name].log_density([[HIGH / 2, HIGH / 2]])
            off[name].append(bool(region.is_off(middle)[0]))
        if not r:
            picture = {name: _parts(models[name]) for name in ("line", "BIC")}
            picture["dots"] = data
    return {
        "masses": {name: np.array(values) for name, values in masses.items()},
        "chosen": np.array(chosen),
        "off": {name: np.array(values) for name, values in off.items()},
        "picture": picture,
    }


def mass_of_square(model: DesignModel) -> float:
    """Probability of the square between the clusters, by the midpoint rule."""
    step = 2.0 * _HALF_WIDTH / _N_STEPS
    x = HIGH / 2 - _HALF_WIDTH + (np.arange(_N_STEPS) + 0.5) * step
    here = np.stack(np.meshgrid(x, x), axis=-1).reshape(-1, 2)
    return float(np.exp(model.log_density(here)).sum() * step**2)


def _ask_levels(effort: Effort, phi: Vectors, bodies: npt.NDArray[np.str_]) -> dict[str, Any]:
    """Log10 probabilities of the space between two genres by model, and shares of built levels."""
    space, first = design_space(), bodies == bodies[0]
    ask = partial(fit_all, space=space, most=_MOST_OF_LEVELS, n_starts=effort.of(4, 2))
    models = ask(phi, rng_of=partial(stream, effort.seed, "essay", _PLACE, 0, 0))
    way = GenreWay(phi, first)
    masses = {name: _log(way.mass_between(model)) for name, model in models.items()}
    n_groups = min(effort.of(len(phi), _N_GROUPS), len(phi))
    group = stream(effort.seed, "essay", _PLACE, 3).permutation(len(phi)) % n_groups
    left: dict[str, list[float]] = {}
    for g in range(n_groups):
        rest = group != g
        found = ask(phi[rest], rng_of=partial(stream, effort.seed, "essay", _PLACE, 0, 1 + g))
        shorter = GenreWay(phi[rest], first[rest])
        for name, model in found.items():
            left.setdefault(name, []).append(_log(shorter.mass_between(model)))
    errors = {
        name: jackknife(0.0, np.array(values)).se
        for name, values in left.items()
        if len(values) == n_groups
    }
    ratio = np.array(left["line"]) - np.array(left["BIC"])
    n_built = effort.of(5000, 600)
    built = {}
    for i, name in enumerate(("line", "BIC")):
        wanted = models[name].sample(n_built, rng=stream(effort.seed, "essay", _PLACE, 4, i))
        rngs = [stream(effort.seed, "essay", _PLACE, 5, i, j) for j in range(n_built)]
        built[name] = way.count_between(Builder().build_many(wanted, rngs).measured)
    return {
        "masses": masses,
        "errors": {name: errors.get(name, np.nan) for name in masses},
        "left_out": {name: left[name] for name in ("line", "BIC")},
        "ratio_error": jackknife(0.0, ratio).se or np.nan,
        "n_components": models["BIC"].n_components,
        "built": built,
        "n_built": n_built,
        "hand_made_between": way.count_between(phi),
        "places": way.along(phi),
        "profiles": {name: way.profile(models[name]) for name in ("line", "BIC")},
    }


def _parts(model: DesignModel) -> dict[str, Vectors]:
    """A mixture's numbers, for the figure; a covariance that all share once."""
    shared = (model.covariances == model.covariances[0]).all()
    covariances = model.covariances[:1] if shared else model.covariances
    return {"weights": model.weights, "means": model.means, "covariances": covariances}


def _log(probability: float) -> float:
    return float(np.log10(max(probability, _LEAST)))


def conclude(checks: Sequence[Check], data: Mapping[str, Any]) -> str:
    """One sentence from the numbers, with a clause for each check."""
    times, two, line_off, right_off, of_levels, of_built = checks
    line = 100.0 * 10.0 ** data["dots"]["mass"]["line"][0]
    off = {name: 100.0 * share for name, share in data["dots"]["off"].items()}
    levels = data["levels"]
    counts = [100.0 * levels["built"][name] / levels["n_built"] for name in ("line", "BIC")]
    mostly = two.told("nearly always", "not clearly nearly always", "not nearly always")
    inside = line_off.told("on every line", "on lines, as it seems,", "not on every line")
    outside = right_off.told(
        "off most mixtures", "not clearly off most mixtures", "on most mixtures"
    )
    return (
        f"Between the clusters the line puts {line:.2g} % of what it makes,"
        f" {10.0**times.estimate:,.0f} times as much as the mixture that BIC chooses"
        f" {_by_ten(times)}, which has {mostly} two components ({100.0 * two.estimate:.0f} % of the"
        f" sets); (10, 10) is {inside} (off {off['line']:.0f} %) and {outside}"
        f" ({off['BIC']:.0f} %); between two genres of levels the line puts"
        f" {10.0**of_levels.estimate:,.0f} times as much as the mixture {_by_ten(of_levels)}; of"
        f" levels built {counts[0]:.2g} % from it and {counts[1]:.2g} % from the mixture are"
        f" between {_by_ten(of_built)}, where {levels['hand_made_between']} of"
        f" {len(levels['places'])} hand-made ones are."
    )


def _by_ten(check: Check) -> str:
    return check.told("(over ten times)", "(not clearly ten times)", "(less than ten times)")
