"""Who is to be surprised: what a real game can see of one player, and nothing else.

A game knows which levels it showed and whether each left the model, and what the player said of
them. It can run a player of its own beside the real one, who has met the same levels: what that
*shadow* foresees is a forecast. What goes on inside the real player it cannot see, so nothing here
comes from there; directors and proposals that look before they leap look at this.
"""

from __future__ import annotations

import math
from collections.abc import Callable
from dataclasses import dataclass, field

import numpy as np
import numpy.typing as npt

from procgen_sim._checks import InputError, check_int
from procgen_sim.models import DesignModel

__all__ = ["LEAST_RATING", "MOST_RATING", "Audience"]

Vector = npt.NDArray[np.float64]

LEAST_RATING, MOST_RATING = 1, 5
"""From not bored at all to very bored."""


@dataclass(kw_only=True, eq=False)
class Audience:
    """One player as a game sees them, level after level.

    Attributes
    ----------
    shown
        Design parameters ``(d,)`` measured on each level shown so far, natural units.
    broke
        Whether each of them left the model on purpose.
    ratings
        How bored the player said to be after each, 1 to 5; NaN where they said nothing.
    authored
        Which levels of the library they have met.
    forecast
        How much of what can be foreseen in the level that comes, if it follows the model, the
        shadow foresees: 0 as a newcomer, 1 as a veteran. NaN without a shadow.
    belief
        What the shadow expects of levels; None without one.
    """

    shown: list[Vector] = field(default_factory=list)
    broke: list[bool] = field(default_factory=list)
    ratings: list[float] = field(default_factory=list)
    authored: set[int] = field(default_factory=set)
    forecast: float = math.nan
    belief: Callable[[], DesignModel] | None = None

    def show(self, measured: Vector, *, broke: bool, authored: int | None = None) -> None:
        """Note that a level was shown; ``authored`` is its place in the library, if it has one."""
        self.shown.append(measured)
        self.broke.append(broke)
        self.ratings.append(math.nan)
        if authored is not None:
            self.authored.add(authored)

    def rate(self, rating: int) -> None:
        """Note what the player said of the level shown last.

        Raises
        ------
        InputError
            If the rating is not 1 to 5, or nothing was shown yet.
        """
        check_int("rating", rating, low=LEAST_RATING, high=MOST_RATING)
        if not self.ratings:
            raise InputError("rating", expected="a level to rate", found="none shown yet")
        self.ratings[-1] = float(rating)
