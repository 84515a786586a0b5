"""How design models are found from data. The only place that imports scikit-learn, and late.

Each fitting file takes standardised levels (:class:`~procgen_sim.models.fitting.found.Standard`)
and returns a Gaussian mixture (:class:`~procgen_sim.models.fitting.found.Found`); :func:`fit`
checks the data before and brings the mixture to natural units after.
"""

from __future__ import annotations

import inspect
from collections.abc import Callable, Mapping, Sequence
from typing import Final

import numpy as np
import numpy.typing as npt

from procgen_sim._checks import InputError, check_choice
from procgen_sim.models.design import DesignModel
from procgen_sim.models.fitting.found import FLOOR_SD, Found, Standard, standardise
from procgen_sim.models.fitting.gaussian import fit_gaussian
from procgen_sim.models.fitting.kde import fit_kde
from procgen_sim.models.fitting.mixture import fit_mixture
from procgen_sim.models.fitting.polynomial import Curve, fit_curve, fit_polynomial
from procgen_sim.models.fitting.trend import fit_trend
from procgen_sim.models.space import DesignSpace, Floats
from procgen_sim.models.training import Training

__all__ = ["FLOOR_SD", "MODELS", "Curve", "Found", "fit", "fit_curve"]

MODELS: Final[Mapping[str, Callable[..., Found]]] = {
    "trend": fit_trend,
    "gaussian": fit_gaussian,
    "polynomial": fit_polynomial,
    "kde": fit_kde,
    "mixture": fit_mixture,
}
"""Name to fit, in the order of what they can express."""


def fit(
    kind: str,
    data: npt.ArrayLike,
    space: DesignSpace,
    *,
    names: Sequence[str] = (),
    digests: Sequence[str] = (),
    options: Mapping[str, object] | None = None,
    rng: np.random.Generator,
) -> DesignModel:
    """Fit a design model.

    Levels that are all alike, or a single one, give a model of that level alone, with noise of
    :data:`FLOOR_SD` of each natural range and ``details["all_alike"]``.

    Parameters
    ----------
    kind
        A key of :data:`MODELS`.
    data
        ``(n, d)`` natural units, one row a level, at least one.
    space
        The d parameters.
    names, digests
        ``n`` names and digests of the levels, stored with the model; or none.
    options
        What the kind takes: ``{"degree": 9}`` for ``polynomial``, ``{"max_components": 4}`` or
        ``{"components": 3}`` for ``mixture``, ``{"shrinkage": "none"}`` for ``gaussian``.
    rng
        Used by ``mixture`` only, for its starts.

    Raises
    ------
    InputError
        If the kind or an option is unknown, or the data are not ``(n, d)`` finite numbers.

    Examples
    --------
    >>> space = DesignSpace(("x", "y"), low=np.zeros(2), high=np.full(2, 20.0))
    >>> dots = [[1, 1.2], [4, 3.9], [9, 9.3], [13, 12.6], [18, 18.1]]
    >>> line = fit("trend", dots, space, rng=np.random.default_rng(1))
    >>> on, off = line.log_density([[5.5, 5.5], [15, 5]])
    >>> on > off + 50
    np.True_
    """
    check_choice("design model", kind, MODELS)
    found_by = MODELS[kind]
    given = dict(options or {})
    taken = [
        name for name in inspect.signature(found_by).parameters if name not in ("standard", "rng")
    ]
    for name in given:
        check_choice(f"options of {kind}", name, taken or ["none"])
    points = _checked(data, space, names)
    training = Training(n=len(points), names=tuple(names), digests=tuple(digests))
    standard = standardise(space.to_unit(points))
    if standard.varied.any():
        found = _one_thread(found_by, standard, rng=rng, **given)
    else:
        found = _alone(standard)
    return DesignModel(
        kind=kind,
        space=space,
        weights=found.weights,
        means=space.from_unit(found.means),
        covariances=found.covariances * np.outer(space.width, space.width),
        training=training,
        details=found.details,
    )


def _alone(standard: Standard) -> Found:
    """The model of levels that are all alike, which is the same for every kind."""
    return standard.found(np.ones(1), np.zeros((1, 0)), np.zeros((1, 0, 0)), {"all_alike": True})


def _one_thread(found_by: Callable[..., Found], standard: Standard, **options: object) -> Found:
    # The order of a threaded sum is not fixed, and these matrices are too small to share anyway.
    from threadpoolctl import threadpool_limits  # type: ignore[import-untyped]

    with threadpool_limits(limits=1):
        return found_by(standard, **options)


def _checked(data: npt.ArrayLike, space: DesignSpace, names: Sequence[str]) -> Floats:
    try:
        points = np.asarray(data, dtype=np.float64)
    except (TypeError, ValueError) as error:
        raise InputError(
            "training data", expected=f"an (n, {space.n}) array of numbers", found="something else"
        ) from error
    if points.ndim != 2 or points.shape[1] != space.n or not len(points):
        raise InputError(
            "training data",
            expected=f"an (n, {space.n}) array with at least one row, a level",
            found=f"shape {points.shape}",
        )
    if not np.isfinite(points).all():
        row, j = (int(i) for i in np.argwhere(~np.isfinite(points))[0])
        level = f" ({names[row]})" if row < len(names) else ""
        raise InputError(
            f"training data, row {row}{level}, {space.names[j]!r}",
            expected="a finite number",
            found=f"{points[row, j]}",
            do="leave the level out or correct its measurement",
        )
    return points
