"""Success: an audience that judges by likeness to what it liked.

Somebody likes a level x with a chance that falls with its distance from each of the levels liked
before, ``y_j`` [Shepard1987]_; all that were liked count alike:

    p(x) = mean_j exp(−|x − y_j|² / (2 w²)).

How many of the audience like it is its success. What was copied is known and liked, and new work is
held against it next.
"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
import numpy.typing as npt

__all__ = ["Audience", "liking", "most_successful"]

Floats = npt.NDArray[np.float64]


@dataclass(frozen=True, kw_only=True)
class Audience:
    """Who decides what is copied. ASSUMPTION: every number here; the finding shows others, too.

    Attributes
    ----------
    n_people
        Each likes a level or does not. Few people choose more by chance.
    width
        w, as a share of the spread of the hand-made work (the root of half the mean squared
        distance of two levels, which is that of the total variance): how far a liking reaches.
    copied
        Share of what is made that is successful enough to be copied.
    """

    n_people: int = 100
    width: float = 1.0
    copied: float = 0.5

    def made(self, n: int) -> int:
        """Levels made so that n of them are copied."""
        return round(n / self.copied)


def liking(squares: Floats) -> Floats:
    """``(..., m, n)`` squared distances of m levels from n liked, per w², to ``(..., m)`` chances.

    >>> liking(np.array([[0.0, 0.0], [2.0, 2.0]])).round(3).tolist()
    [1.0, 0.368]
    """
    return np.asarray(np.exp(np.minimum(-0.5 * squares, 0.0)).mean(axis=-1))


def most_successful(
    squares: Floats, audience: Audience, n: int, *, rng: np.random.Generator
) -> npt.NDArray[np.intp]:
    """``(..., m, n_liked)`` squared distances, in spreads, to ``(..., n)`` places, the best first.

    Of equally successful levels the first made come first, which is by chance.
    """
    fans = rng.binomial(audience.n_people, np.minimum(liking(squares / audience.width**2), 1.0))
    return np.argsort(-fans, axis=-1, kind="stable")[..., :n]
