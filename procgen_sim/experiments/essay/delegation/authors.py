"""Authors: everybody has a way of choosing, here a Gaussian over the decisions that make a level.

Two authors of levels are the hand-made corpora themselves, one a genre: a Gaussian fitted to each
(shrunk, [Chen2010]_). The others work in a genre in a style of their own: what they choose is
moved, and which choices they make together is turned. In the genre's standard deviations, with Q a
random rotation and z, y standard normal:

    x' = μ + MOVED z + Q diag(exp(STRETCHED y)) (x − μ)

Authors of dots are Gaussians on the plane from 0 to 20. How different people's styles are is an
assumption (:data:`MOVED`, :data:`STRETCHED`), and so is how recognisable they are to begin with;
that delegation takes away what there is, is not. :data:`OTHER_STYLES` are shown beside it.
"""

from __future__ import annotations

from collections.abc import Mapping
from typing import Final

import numpy as np
import numpy.typing as npt

from procgen_sim.experiments.essay.bodies import GENRES, hand_made
from procgen_sim.experiments.essay.dots import HIGH, SPACE
from procgen_sim.experiments.preparation import design_space
from procgen_sim.models import DesignModel, DesignSpace, fit

__all__ = [
    "MOVED",
    "N_DOT_AUTHORS",
    "N_STYLES",
    "OTHER_STYLES",
    "STRETCHED",
    "dot_authors",
    "level_authors",
    "work",
]

Vectors = npt.NDArray[np.float64]

N_STYLES: Final = 2
"""Authors in a genre besides the one who made the corpus."""

MOVED: Final = 0.6
"""Standard deviation of how far a style moves each decision, in those of the genre."""

STRETCHED: Final = 0.3
"""Standard deviation of the logarithm by which a style widens or narrows a direction."""

OTHER_STYLES: Final = {"more alike": (0.2, 0.1), "less alike": (2.0, 1.0)}
"""Other values of the two, for who doubts them."""

N_DOT_AUTHORS: Final = 6
_NARROWEST: Final = 1.0
_WIDEST: Final = 3.0


def level_authors(
    rng: np.random.Generator, *, moved: float = MOVED, stretched: float = STRETCHED
) -> DesignModel:
    """Authors of levels as the components of one mixture, equally many levels each.

    Details: ``names``, and ``schools``, the number of each author's genre. In each genre the first
    author is the corpus as it is.
    """
    phi, bodies = hand_made()
    space = design_space()
    means, covariances, names = [], [], []
    for genre in GENRES:
        rows = phi[[body == genre for body in bodies]]
        fitted = fit("gaussian", rows, space, rng=rng)  # draws nothing
        mean, covariance = fitted.means[0], fitted.covariances[0]
        means.append(mean)
        covariances.append(covariance)
        names.append(genre)
        spread = np.sqrt(np.diag(covariance))
        for style in range(N_STYLES):
            away = rng.normal(0.0, moved, space.n)
            turn = _rotation(space.n, rng) * np.exp(rng.normal(0.0, stretched, space.n))
            turn = spread[:, np.newaxis] * turn / spread
            means.append(mean + away * spread)
            covariances.append(turn @ covariance @ turn.T)
            names.append(f"{genre}, style {style + 1}")
    schools = [i for i in range(len(GENRES)) for _ in range(1 + N_STYLES)]
    return _authors(means, covariances, space, {"names": names, "schools": schools})


def dot_authors(rng: np.random.Generator) -> DesignModel:
    """Authors of dots: Gaussians of any middle, width and direction on the plane.

    Details: as of levels; they are all of one school.
    """
    means, covariances = [], []
    names = [f"author {i + 1}" for i in range(N_DOT_AUTHORS)]
    for _ in names:
        means.append(rng.uniform(0.15 * HIGH, 0.85 * HIGH, 2))
        turn = _rotation(2, rng) * rng.uniform(_NARROWEST, _WIDEST, 2)
        covariances.append(turn @ turn.T)
    return _authors(means, covariances, SPACE, {"names": names, "schools": [0] * len(names)})


def work(
    authors: DesignModel, n: int, *, rng: np.random.Generator
) -> tuple[Vectors, npt.NDArray[np.int64]]:
    """``(k n, d)`` n levels of each author, and ``(k n,)`` whose each is, authors in turn."""
    whose = np.repeat(np.arange(authors.n_components), n)
    factors = np.linalg.cholesky(authors.covariances)[whose]
    noise = rng.standard_normal((len(whose), authors.space.n, 1))
    return np.asarray(authors.means[whose] + (factors @ noise)[..., 0]), whose


def _rotation(d: int, rng: np.random.Generator) -> Vectors:
    """``(d, d)`` orthogonal, all equally likely."""
    q, r = np.linalg.qr(rng.standard_normal((d, d)))
    return np.asarray(q * np.sign(np.diag(r)))


def _authors(
    means: list[Vectors],
    covariances: list[Vectors],
    space: DesignSpace,
    details: Mapping[str, object],
) -> DesignModel:
    symmetric = np.array([(c + c.T) / 2 for c in covariances])
    return DesignModel(
        kind="authors",
        space=space,
        weights=np.full(len(means), 1.0 / len(means)),
        means=np.array(means),
        covariances=symmetric,
        details=details,
    )
