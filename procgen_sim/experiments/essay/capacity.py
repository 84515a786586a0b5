"""Models of the same data by growing capacity: from a line to a kernel at every point.

Of the mixtures, that with the lowest Bayesian information criterion is the right one
[Schwarz1978]_ [Fraley2002]_.
"""

from __future__ import annotations

from collections.abc import Callable
from typing import Any, Final

import numpy as np
import numpy.typing as npt

from procgen_sim._checks import InputError
from procgen_sim.models import DesignModel, DesignSpace, fit

__all__ = ["fit_all"]

Vectors = npt.NDArray[np.float64]

_TOO_MANY: Final = "mixture, components"
"""Where a fit complains if components would have to share fewer than five levels each."""


def fit_all(
    data: Vectors,
    space: DesignSpace,
    *,
    most: int,
    n_starts: int,
    rng_of: Callable[[], np.random.Generator],
) -> dict[str, DesignModel]:
    """Models by capacity, the simplest first: line, Gaussian, 1 to ``most`` components, BIC, kde.

    Each candidate of the mixture is fitted once: the one that BIC chooses is among them. A number
    of components that so few levels do not allow is left out.

    Parameters
    ----------
    data
        ``(n, d)`` natural units.
    space
        The d parameters.
    most
        Most components of a mixture.
    n_starts
        Starts a candidate.
    rng_of
        The same fresh generator for each model.
    """

    def fitted(kind: str, **options: object) -> DesignModel:
        return fit(kind, data, space, options=options, rng=rng_of())

    found = {"line": fitted("trend"), "Gaussian": fitted("gaussian")}
    mixtures = []
    for k in range(1, most + 1):
        try:
            model = fitted("mixture", max_components=most, components=k, n_starts=n_starts)
        except InputError as error:
            if error.where != _TOO_MANY:
                raise
            continue
        mixtures.append(model)
        found[str(k)] = model
    found["BIC"] = min(mixtures, key=_bic)
    found["kernels"] = fitted("kde")
    return found


def _bic(model: DesignModel) -> float:
    """The criterion of a fitted mixture: that of the best allowed row of its table."""
    table: Any = model.details.get("table", ())
    return min((float(row["bic"]) for row in table if row["allowed"]), default=0.0)
