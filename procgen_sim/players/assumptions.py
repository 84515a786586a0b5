"""Every number about people that the program uses, in one place.

Each is marked **source** (published by somebody who measured it) or **ASSUMPTION** (a choice of
ours, within reason, that play logs may replace). None was tuned to make one way of generating
levels win over another. Scales are in levels, bits, or shares of a parameter's natural range.
"""

from __future__ import annotations

import math
from dataclasses import dataclass
from statistics import NormalDist
from typing import Final

__all__ = [
    "MEMORY_STEP",
    "NAIVE_PRIOR",
    "NEWCOMER_BITS",
    "RECOVERY_HALF_LIFE_HOURS",
    "THEME_CAPACITY",
    "TRAITS",
    "NaivePrior",
    "Spread",
]


@dataclass(frozen=True, kw_only=True)
class NaivePrior:
    """What a newcomer expects of a generator, in unit coordinates: the same of all parameters.

    Attributes
    ----------
    mean
        Expected value.
    kappa
        How many levels that expectation is worth.
    nu_above_dimensions
        Degrees of freedom of the covariance beyond d; above 1, so that it has a mean.
    first_level_sd
        Standard deviation of the first level they expect.
    """

    mean: float
    kappa: float
    nu_above_dimensions: float
    first_level_sd: float

    @property
    def psi(self) -> float:
        """Diagonal of the inverse-Wishart scale that makes the first level's sd come out right.

        That level's covariance is ``psi (kappa + 1) / (kappa (nu - d - 1))``.
        """
        free = self.nu_above_dimensions - 1
        return self.first_level_sd**2 * free * self.kappa / (self.kappa + 1)


NAIVE_PRIOR: Final = NaivePrior(
    mean=0.5,  # ASSUMPTION: the middle of the natural range
    # ASSUMPTION: four fifths of what a newcomer does not know is where a theme sits, one fifth how
    # it varies: kappa / (kappa + 1) of the variance, an sd of 0.13 of the range within a theme.
    # (At kappa = 1 players merge genres that are plainly apart and never part them again.)
    kappa=0.25,
    # The least informative whole number for which the covariance has a mean ([Gelman2013]_, 3.6).
    nu_above_dimensions=2.0,
    # ASSUMPTION: a first level can be anywhere in the natural range: the sd of a uniform there.
    first_level_sd=1 / math.sqrt(12),
)
"""The belief every player, and every new theme, starts from."""

THEME_CAPACITY: Final = 8
"""ASSUMPTION: most genres one keeps apart; absolute judgement manages 7 ± 2 [Miller1956]_."""

NEWCOMER_BITS: Final = 27.5
"""ASSUMPTION: what an ordinary level costs a newcomer to themes: eleven parameters at 2.5 bits
[Miller1956]_. A pattern costs hundreds of bits, so wherever one number for people is in bits
(saturation of learning progress), it stands for its share of this."""

MEMORY_STEP: Final = 4.0
"""ASSUMPTION: memories for patterns differ between people in steps of this factor: half-lives of
…, 64, 256, 1,024, … levels. Veterans, who take hundreds of levels to raise, are then of few kinds.
"""

RECOVERY_HALF_LIFE_HOURS: Final = 24.0
"""ASSUMPTION: half of a session's boredom is gone a day later."""


@dataclass(frozen=True, kw_only=True)
class Spread:
    """How a trait is spread over people: normal or log-normal, cut off at both ends.

    Attributes
    ----------
    median
        Middle of the distribution before it is cut off, within ``[low, high]``.
    sd
        Its standard deviation; that of the natural logarithm when ``logarithmic``. 0: all alike.
    low, high
        Nobody is outside.
    logarithmic
        True if the trait's logarithm is normal, else the trait itself is.
    """

    median: float
    sd: float
    low: float
    high: float
    logarithmic: bool = False

    def at(self, share: float) -> float:
        """The value below which a share in (0, 1) of people lie.

        Examples
        --------
        >>> Spread(median=2.0, sd=0.5, low=1.0, high=3.0).at(0.5)
        2.0
        """
        endless = math.isinf(self.median) or (self.logarithmic and self.median == 0)
        if self.sd == 0 or endless:  # a median without a neighbourhood: all alike
            return self.median
        normal = NormalDist(self._scaled(self.median), self.sd)
        below, above = normal.cdf(self._scaled(self.low)), normal.cdf(self._scaled(self.high))
        z = normal.inv_cdf(below + share * (above - below))
        return min(max(math.exp(z) if self.logarithmic else z, self.low), self.high)

    def _scaled(self, value: float) -> float:
        if not self.logarithmic:
            return value
        return math.log(value) if value > 0 else -math.inf


TRAITS: Final[dict[str, Spread]] = {
    # ASSUMPTION: the style of a game is half forgotten after a few hundred levels; some forget
    # within a few evenings, some hardly at all.
    "half_life_levels": Spread(median=200.0, sd=1.0, low=1.0, high=math.inf, logarithmic=True),
    # ASSUMPTION: as ready to see a new genre as if one level of it had been seen. 0: never ready.
    "concentration": Spread(median=1.0, sd=0.7, low=0.0, high=100.0, logarithmic=True),
    # Source: absolute judgement holds about 2.5 bits a dimension [Miller1956]_. ASSUMPTION: people
    # differ by less than the senses do, for which he gives a standard deviation of 0.6 bits.
    "resolution_bits": Spread(median=2.5, sd=0.3, low=1.0, high=8.0),
    # ASSUMPTION: people like best what they half know: less surprise than a first level has (1.0),
    # more than one whose themes are known (0.5 to 0.7 where clusters have a tenth of the range as
    # sd); some are at home in the familiar, some want nothing foreseen.
    "appetite": Spread(median=0.85, sd=0.1, low=0.1, high=3.0),
    # ASSUMPTION: a quarter of a newcomer's surprise away from the best, interest is down to 0.61.
    "tolerance": Spread(median=0.25, sd=0.25, low=0.02, high=5.0, logarithmic=True),
    # ASSUMPTION: a level that teaches two bits, a yes or no on each of two things, is rewarding.
    "saturation_bits": Spread(median=2.0, sd=0.3, low=0.05, high=50.0, logarithmic=True),
    # ASSUMPTION: people put up with about a third of full boredom.
    "threshold": Spread(median=0.33, sd=0.08, low=0.02, high=0.98),
    # ASSUMPTION: mood follows about the last six levels.
    "tau_levels": Spread(median=6.0, sd=0.4, low=1.0, high=100.0, logarithmic=True),
}
"""How traits are spread over people; a population is drawn from these.

Append; never reorder: a trait's place in the table is its place in a player's random draws.
"""
