"""Who made this level? A classifier of authors, and the bits that it reads from a level.

For authors that are Gaussians the rule that errs least is quadratic: compare the densities of the
level under each [Hastie2009]_. scikit-learn's quadratic discriminant analysis estimates them. It
is sure of itself when its Gaussians are wrong or hardly known, so its posterior is tempered on
levels of its own, one number β ≥ 0 for all authors [Guo2017]_:

    p(a | x) ∝ q(a | x)^β

β falls to 0 where levels say nothing. On levels that neither step has met, the mean log posterior
of the true author bounds what levels say about their authors from below:

    I(A; X) ≥ log2 K + E log2 p(A | X)
"""

from __future__ import annotations

import math
from functools import cache
from typing import Any, Final, NamedTuple

import numpy as np
import numpy.typing as npt

from procgen_sim._checks import InputError
from procgen_sim.models.space import Floats

__all__ = ["Recognised", "Whose", "recognise"]

Whose = npt.NDArray[np.int64]

_REGULARISATION: Final = 0.01
"""Share of a sphere in each author's covariance, levels being standardised: a decision that never
varies must not decide."""

_MOST_BETA: Final = 4.0


class Recognised(NamedTuple):
    """How well authors were told apart on held-out levels.

    Attributes
    ----------
    accuracy
        Share of levels whose author came out likeliest.
    bits
        What the classifier read about the author from a level, at most log2 K; a lower bound of
        the mutual information. Below 0 if it had better said nothing.
    beta
        The exponent of the posterior.
    """

    accuracy: float
    bits: float
    beta: float


def recognise(levels: Floats, whose: Whose, *, fitted: int, tempered: int) -> Recognised:
    """Train a classifier of authors on some of each author's levels, and test it on the rest.

    Parameters
    ----------
    levels
        ``(n, d)`` design vectors.
    whose
        ``(n,)`` numbers 0 to K − 1: the author of each; the same number of levels an author.
    fitted, tempered
        How many levels of each author the Gaussians are fitted to, and how many then temper them.

    Raises
    ------
    InputError
        If there are fewer than two authors, they have not equally many levels, or no level of
        theirs is left for the test.
    """
    from sklearn.discriminant_analysis import QuadraticDiscriminantAnalysis

    counts = np.bincount(whose)
    if len(counts) < 2 or (counts != counts[0]).any() or counts[0] <= fitted + tempered:
        raise InputError(
            "recognise",
            expected=f"2 or more authors of equally many levels, more than {fitted + tempered}",
            found=f"{len(counts)} of {', '.join(str(count) for count in counts)}",
        )
    rows = np.argsort(whose, kind="stable").reshape(len(counts), -1)
    parts = np.split(rows, [fitted, fitted + tempered], axis=1)
    fit, temper, test = (part.ravel() for part in parts)
    centre, spread = levels[fit].mean(axis=0), levels[fit].std(axis=0)
    standard = (levels - centre) / np.where(spread > 0, spread, 1.0)
    model = QuadraticDiscriminantAnalysis(reg_param=_REGULARISATION)
    with _threads().limit(limits=1):  # as in :func:`~procgen_sim.models.fitting.fit`
        model.fit(standard[fit], whose[fit])
        scores = np.asarray(model.predict_log_proba(standard), np.float64)
    beta = _temperature(scores[temper], whose[temper])
    told = _log_posterior(beta * scores[test])[np.arange(len(test)), whose[test]]
    return Recognised(
        accuracy=float((scores[test].argmax(axis=1) == whose[test]).mean()),
        bits=math.log2(len(counts)) + float(told.mean()) / math.log(2.0),
        beta=beta,
    )


@cache
def _threads() -> Any:
    """What limits threads; it takes longer to find them than to train a classifier."""
    from threadpoolctl import ThreadpoolController  # type: ignore[import-untyped]

    return ThreadpoolController()


def _temperature(scores: Floats, whose: Whose) -> float:
    """The exponent β under which the true authors are likeliest; the loss is convex in it."""
    from scipy.optimize import minimize_scalar

    rows = np.arange(len(whose))
    found = minimize_scalar(
        lambda beta: -_log_posterior(beta * scores)[rows, whose].mean(),
        bounds=(0.0, _MOST_BETA),
        method="bounded",
        options={"xatol": 1e-4},
    )
    return float(found.x)


def _log_posterior(scores: Floats) -> Floats:
    top = scores.max(axis=1, keepdims=True)
    return np.asarray(scores - top - np.log(np.exp(scores - top).sum(axis=1, keepdims=True)))
