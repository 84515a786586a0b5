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
errors from the jackknife over levels, ten groups of them in a taste; and because the builder has
its own say, levels are drawn from the models, built, measured, and counted.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from contextlib import suppress
from typing import Any, Final

import numpy as np
import numpy.typing as npt

from procgen_sim._checks import InputError
from procgen_sim.experiments.essay.bodies import hand_made
from procgen_sim.experiments.essay.dots import HIGH, SPACE, cluster_dots
from procgen_sim.experiments.essay.finding import Check, Effort, Finding, mean_and_error
from procgen_sim.experiments.essay.genre_way import GenreWay
from procgen_sim.experiments.preparation import design_space
from procgen_sim.generators import Builder
from procgen_sim.levels.estimate import jackknife
from procgen_sim.models import DesignModel, DesignSpace, fit, hdr
from procgen_sim.rng import stream

__all__ = ["run"]

Vectors = npt.NDArray[np.float64]
MakeDots = Callable[..., Vectors]

CLAIM: Final = (
    "With two clusters a line puts (10, 10) well inside the model; the right model, two centroids,"
    " never makes it."
)

_PLACE: Final = 4
_N_DOTS: Final = 150
_MOST: Final = 6
_MOST_OF_LEVELS: Final = 4
"""Components, with 43 levels: more would have to share fewer than five each."""

_HALF_WIDTH: Final = 2.0
_N_STEPS: Final = 40
_N_REGION: Final = 2000
_N_GROUPS: Final = 10
_TIMES: Final = 10.0
"""How many times as likely the line is to make what is between."""

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
    ratio = mean_and_error(of_dots["masses"]["line"] - of_dots["masses"]["BIC"])
    n, two = len(of_dots["chosen"]), int((of_dots["chosen"] == 2).sum())
    likely = (two + 0.5) / (n + 1)  # all of them would have no error otherwise
    built, n_built = of_levels["built"], of_levels["n_built"]
    shares = {name: (count + 0.5) / (n_built + 1) for name, count in built.items()}
    variance = {name: share * (1.0 - share) / n_built for name, share in shares.items()}
    told: tuple[tuple[str, float, float, float], ...] = (
        ("dots: probability between, line over mixture, log10", *ratio, 1.0),
        (
            "dots: share of datasets in which BIC chooses two components",
            two / n,
            float(np.sqrt(likely * (1.0 - likely) / n)),
            _NEARLY_ALL,
        ),
        (
            "levels: probability between, line over mixture, log10",
            of_levels["masses"]["line"] - of_levels["masses"]["BIC"],
            of_levels["ratio_error"],
            1.0,
        ),
        (
            "levels, built: share between from the line less ten times the mixture's",
            shares["line"] - _TIMES * shares["BIC"],
            float(np.sqrt(variance["line"] + _TIMES**2 * variance["BIC"])),
            0.0,
        ),
    )
    checks = tuple(
        Check(what=what, estimate=estimate, standard_error=error, relation="above", bound=bound)
        for what, estimate, error, bound in told
    )
    return Finding(
        experiment="spaces_between",
        claim=CLAIM,
        conclusion=_conclude(checks, of_dots, of_levels),
        checks=checks,
        data={
            "dots": {
                "mass": {k: mean_and_error(v) for k, v in of_dots["masses"].items()},
                "chosen": np.bincount(of_dots["chosen"], minlength=_MOST + 1)[1:],
                "off": of_dots["off"],
                "picture": of_dots["picture"],
            },
            "levels": of_levels,
            "n_datasets": n,
            "n_dots": _N_DOTS,
            "half_width": _HALF_WIDTH,
        },
        effort=effort,
    )


def _fit_all(
    data: Vectors, space: DesignSpace, *, seed: int, address: int, most: int, n_starts: int
) -> dict[str, DesignModel]:
    """Models by capacity, the simplest first: line, Gaussian, 1 to ``most`` components, BIC, kde.

    Each candidate of the mixture is fitted once: the one that BIC chooses is among them.
    """

    def fitted(kind: str, **options: object) -> DesignModel:
        rng = stream(seed, "essay", _PLACE, 0, address)
        return fit(kind, data, space, options=options, rng=rng)

    found = {"line": fitted("trend"), "Gaussian": fitted("gaussian")}
    mixtures = []
    for k in range(1, most + 1):
        with suppress(InputError):  # so few levels do not allow so many components
            model = fitted("mixture", max_components=most, components=k, n_starts=n_starts)
            mixtures.append(model)
            found[str(k)] = model
    found["BIC"] = min(mixtures, key=_bic)
    found["kernels"] = fitted("kde")
    return found


def _bic(model: DesignModel) -> float:
    """The criterion of a fitted mixture: that of the best allowed row of its table."""
    table: Any = model.details.get("table", ())
    return min((float(row["bic"]) for row in table if row["allowed"]), default=0.0)


def _ask_dots(effort: Effort, make: MakeDots) -> dict[str, Any]:
    """``(datasets,)`` log10 probabilities of the square by model, and what BIC chose."""
    masses: dict[str, list[float]] = {}
    chosen, off = [], {"line": [0], "BIC": [0]}
    picture: dict[str, Any] = {}
    for r in range(effort.of(120, 24)):
        data = make(_N_DOTS, rng=stream(effort.seed, "essay", _PLACE, 1, r))
        models = _fit_all(
            data, SPACE, seed=effort.seed, address=r, most=_MOST, n_starts=effort.of(3, 2)
        )
        for name, model in models.items():
            masses.setdefault(name, []).append(_log(_mass_of_square(model)))
        chosen.append(models["BIC"].n_components)
        for i, name in enumerate(off):
            rng = stream(effort.seed, "essay", _PLACE, 2, r, i)
            region = hdr(models[name], n=_N_REGION, rng=rng)
            middle = models[name].log_density([[HIGH / 2, HIGH / 2]])
            off[name].append(int(region.is_off(middle)[0]))
        if not r:
            picture = {name: _parts(models[name]) for name in ("line", "BIC", "kernels")}
            picture["dots"] = data
    return {
        "masses": {name: np.array(values) for name, values in masses.items()},
        "chosen": np.array(chosen),
        "off": {name: float(np.mean(values[1:])) for name, values in off.items()},
        "picture": picture,
    }


def _mass_of_square(model: DesignModel) -> float:
    """Probability of the square between the clusters, by the midpoint rule."""
    step = 2.0 * _HALF_WIDTH / _N_STEPS
    x = HIGH / 2 - _HALF_WIDTH + (np.arange(_N_STEPS) + 0.5) * step
    here = np.stack(np.meshgrid(x, x), axis=-1).reshape(-1, 2)
    return float(np.exp(model.log_density(here)).sum() * step**2)


def _ask_levels(effort: Effort, phi: Vectors, bodies: npt.NDArray[np.str_]) -> dict[str, Any]:
    """Log10 probabilities of the space between two genres by model, and shares of built levels."""
    space, first = design_space(), bodies == bodies[0]
    options = {"most": _MOST_OF_LEVELS, "n_starts": effort.of(4, 2)}
    models = _fit_all(phi, space, seed=effort.seed, address=0, **options)
    way = GenreWay(phi, first)
    masses = {name: _log(way.mass_between(model)) for name, model in models.items()}
    n_groups = min(effort.of(len(phi), _N_GROUPS), len(phi))
    group = stream(effort.seed, "essay", _PLACE, 3).permutation(len(phi)) % n_groups
    left: dict[str, list[float]] = {"ratio": []}
    for g in range(n_groups):
        rest = group != g
        found = _fit_all(phi[rest], space, seed=effort.seed, address=1 + g, **options)
        shorter = GenreWay(phi[rest], first[rest])
        for name, model in found.items():
            left.setdefault(name, []).append(_log(shorter.mass_between(model)))
        left["ratio"].append(left["line"][-1] - left["BIC"][-1])
    errors = {
        name: jackknife(0.0, np.array(values)).se or np.nan
        for name, values in left.items()
        if len(values) == n_groups
    }
    n_built = effort.of(5000, 1200)
    built = {}
    for i, name in enumerate(("line", "BIC")):
        wanted = models[name].sample(n_built, rng=stream(effort.seed, "essay", _PLACE, 4, i))
        rngs = [stream(effort.seed, "essay", _PLACE, 5, i, j) for j in range(n_built)]
        built[name] = way.count_between(Builder().build_many(wanted, rngs).measured)
    return {
        "masses": masses,
        "errors": {name: errors.get(name, np.nan) for name in masses},
        "ratio_error": errors["ratio"],
        "n_components": models["BIC"].n_components,
        "built": built,
        "n_built": n_built,
        "hand_made_between": way.count_between(phi),
        "places": way.along(phi),
        "bodies": bodies,
        "profiles": {name: way.profile(models[name]) for name in ("line", "BIC", "kernels")},
    }


def _parts(model: DesignModel) -> dict[str, Vectors]:
    """A mixture's numbers, for the figure; a covariance that all share once."""
    shared = (model.covariances == model.covariances[0]).all()
    covariances = model.covariances[:1] if shared else model.covariances
    return {"weights": model.weights, "means": model.means, "covariances": covariances}


def _log(probability: float) -> float:
    return float(np.log10(max(probability, _LEAST)))


def _conclude(checks: tuple[Check, ...], dots: Mapping[str, Any], levels: Mapping[str, Any]) -> str:
    """One sentence from the numbers."""
    of_dots, two, of_levels, built = (check.holds for check in checks)
    line = 10.0 ** float(dots["masses"]["line"].mean())
    share = float((dots["chosen"] == 2).mean())
    times = 10.0 ** checks[0].estimate
    said = (
        f"between the clusters the line puts {100 * line:.2g} % of what it makes, {times:.3g} times"
        f" as much as the mixture that BIC chooses"
        f" (two components in {100 * share:.0f} % of the datasets), and (10, 10) is off-model in"
        f" {100 * dots['off']['line']:.0f} % of the lines and"
        f" {100 * dots['off']['BIC']:.0f} % of the mixtures"
    )
    if not (of_dots and two):
        said += ", so the right model makes it, too"
    counts = [100.0 * levels["built"][name] / levels["n_built"] for name in ("line", "BIC")]
    told = (
        f"of built levels {counts[0]:.2g} % from the line and {counts[1]:.2g} % from the mixture"
        f" are between the genres, where {levels['hand_made_between']} of"
        f" {len(levels['places'])} hand-made ones are"
    )
    if not (of_levels and built):
        told += ", which is not clearly ten times as many"
    return f"{said[0].upper()}{said[1:]}; {told}."
