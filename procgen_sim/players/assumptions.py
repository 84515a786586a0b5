"""Every number about people that the program uses, in one place.

Each is marked **source** (taken from a measurement that somebody published) or **ASSUMPTION** (a
choice of ours, within reason, that play logs may replace). None was tuned to make one way of
generating levels win over another. Scales are in levels, bits, or shares of a parameter's natural
range.
"""

from __future__ import annotations

import math
from dataclasses import dataclass
from statistics import NormalDist
from typing import Final

__all__ = [
    "NAIVE_PRIOR",
    "RECOVERY_HALF_LIFE_HOURS",
    "RESOLUTION_BITS",
    "THEME_CAPACITY",
    "TRAITS",
    "NaivePrior",
    "Spread",
]


@dataclass(frozen=True, kw_only=True)
class NaivePrior:
    """What a newcomer expects of a generator, in unit coordinates.

    Attributes
    ----------
    mean
        Expected value of every parameter.
    kappa
        How many levels that expectation is worth.
    nu_above_dimensions
        Degrees of freedom of the covariance beyond d; above 1, so that it has a mean.
    predictive_sd
        Standard deviation of the first level they expect, per parameter.
    """

    mean: float
    kappa: float
    nu_above_dimensions: float
    predictive_sd: float

    def psi(self, n_dimensions: int) -> float:
        """Diagonal of the inverse-Wishart scale that makes the first level's sd come out right.

        The first level has covariance ``psi (kappa + 1) / (kappa (nu - d - 1))``.
        """
        nu = n_dimensions + self.nu_above_dimensions
        free = nu - n_dimensions - 1
        return self.predictive_sd**2 * free * self.kappa / (self.kappa + 1)


NAIVE_PRIOR: Final = NaivePrior(
    mean=0.5,  # ASSUMPTION: the middle of the natural range
    # ASSUMPTION: with kappa 1, what a newcomer does not know is half where a generator sits and
    # half how much it varies.
    kappa=1.0,
    nu_above_dimensions=2.0,  # the least informative whole number with a mean ([Gelman2013]_, 3.6)
    # ASSUMPTION: a first level is expected to be anywhere in the natural range, so its sd is that
    # of a uniform distribution.
    predictive_sd=1 / math.sqrt(12),
)
"""The belief every player, and every new theme, starts from."""

THEME_CAPACITY: Final = 8
"""ASSUMPTION: most themes a player keeps apart (categories of absolute judgement: 7 ± 2,
[Miller1956]_)."""

RESOLUTION_BITS: Final = 2.5
"""Source: absolute judgement holds about 2.5 bits a dimension, [Miller1956]_."""

RECOVERY_HALF_LIFE_HOURS: Final = 24.0
"""ASSUMPTION: half of the boredom of a session is gone a day later."""


@dataclass(frozen=True, kw_only=True)
class Spread:
    """How a trait is spread over people: normal or log-normal, cut off at both ends.

    Attributes
    ----------
    median
        Middle of the uncut distribution.
    sd
        Standard deviation; of the natural logarithm when ``logarithmic``.
    low, high
        Nobody is outside; a draw beyond is moved to the edge of what is left by folding the
        distribution's own share into the range (no lump of people at the edge).
    logarithmic
        True if the trait's logarithm is normal.
    """

    median: float
    sd: float
    low: float
    high: float
    logarithmic: bool = False

    def at(self, share: float) -> float:
        """The trait below which a share in (0, 1) of people lie.

        Examples
        --------
        >>> Spread(median=2.0, sd=0.5, low=1.0, high=3.0).at(0.5)
        2.0
        """
        if self.sd == 0:
            return self.median
        scale = math.log if self.logarithmic else float
        normal = NormalDist(scale(self.median), self.sd)
        below, above = normal.cdf(scale(self.low)), normal.cdf(scale(self.high))
        z = normal.inv_cdf(below + share * (above - below))
        return min(max(math.exp(z) if self.logarithmic else z, self.low), self.high)


TRAITS: Final[dict[str, Spread]] = {
    # ASSUMPTION: the style of a game is half forgotten after a few hundred levels; some people
    # forget within a long evening, some hardly at all.
    "half_life_levels": Spread(median=200.0, sd=1.0, low=20.0, high=5000.0, logarithmic=True),
    # ASSUMPTION: the readiness of the standard Dirichlet process, alpha = 1 ([WangDunson2011]_).
    "concentration": Spread(median=1.0, sd=0.7, low=0.1, high=10.0, logarithmic=True),
    # Source: 2.5 bits, and 3 to 15 categories over all senses tried, are [Miller1956]_'s;
    # ASSUMPTION: people differ by less than senses do.
    "resolution_bits": Spread(median=RESOLUTION_BITS, sd=0.3, low=1.6, high=3.9),
    # ASSUMPTION: people like best what they half know: less surprise than a first level has (1.0),
    # more than one whose themes are known (about 0.6 where clusters have an sd of a tenth of the
    # range); some are at home in the familiar, some want nothing foreseen.
    "appetite": Spread(median=0.85, sd=0.1, low=0.5, high=1.4),
    # ASSUMPTION: a quarter of a newcomer's surprise away from the best, interest is down to 0.61.
    "tolerance": Spread(median=0.25, sd=0.25, low=0.1, high=0.6, logarithmic=True),
    # ASSUMPTION: two bits, one binary fact about each of two parameters, is a rewarding lesson.
    "saturation_bits": Spread(median=2.0, sd=0.3, low=0.5, high=8.0, logarithmic=True),
    # ASSUMPTION: people put up with about a third of full boredom.
    "threshold": Spread(median=0.33, sd=0.08, low=0.15, high=0.6),
    # ASSUMPTION: mood follows about the last six levels.
    "tau_levels": Spread(median=6.0, sd=0.4, low=2.0, high=20.0, logarithmic=True),
}
"""How traits are spread over people; a population is drawn from these.

Append; never reorder: a trait's place in the table is its place in a player's random draws.
"""
