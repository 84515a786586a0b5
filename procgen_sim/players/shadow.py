"""Shadows: players of a game's own, one beside each real one, who have met the same levels.

A shadow is the median person; it knows of the real player only which levels they were shown. What
it foresees of a level is the game's forecast, what it expects is what could be upset.
"""

from __future__ import annotations

from collections.abc import Mapping
from copy import copy

import numpy as np
import numpy.typing as npt

from procgen_sim.models import DesignModel, DesignSpace
from procgen_sim.players.assumptions import NAIVE_PRIOR, TRAITS, NaivePrior, Spread
from procgen_sim.players.interest import predictability
from procgen_sim.players.population import Population
from procgen_sim.players.veteran import naive_bits, veteran_bits

__all__ = ["Shadows"]

Vectors = npt.NDArray[np.float64]


class Shadows:
    """P shadows of P players, naive at first.

    Parameters
    ----------
    n_players
        P.
    space
        The design parameters.
    training, fresh
        ``(n, d)`` and ``(m, d)`` on-model levels in natural units that nobody plays, to know what
        a veteran is.
    spreads
        What people are like; a shadow has the median of each trait.
    prior
        What a newcomer expects.

    Attributes
    ----------
    n_players
        P.
    """

    def __init__(
        self,
        n_players: int,
        space: DesignSpace,
        *,
        training: Vectors,
        fresh: Vectors,
        spreads: Mapping[str, Spread] | None = None,
        prior: NaivePrior = NAIVE_PRIOR,
    ) -> None:
        medians = {name: spread.median for name, spread in {**TRAITS, **(spreads or {})}.items()}
        people = Population.degenerate(n_players, **medians)
        self.space, self.n_players = space, n_players
        self._themes = people.theme_observer(space.n, prior=prior)
        one = Population.degenerate(1, **medians).theme_observer(space.n, prior=prior)
        unit = space.to_unit(fresh)
        self._naive_bits = naive_bits(one, unit)
        self._veteran_bits = veteran_bits(one, space.to_unit(training), unit)

    def forecast(self, coming: Vectors) -> Vectors:
        """``(P,)`` how much of what can be foreseen in levels ``(P, d)``, natural units, each
        shadow foresees now: 0 as a newcomer, 1 as a veteran; not clipped."""
        bits = self._themes.surprise_bits(self.space.to_unit(coming))
        return predictability(bits, self._naive_bits, self._veteran_bits)

    def meet(self, shown: Vectors) -> None:
        """Learn a level each, ``(P, d)`` in natural units."""
        self._themes.observe(self.space.to_unit(shown))

    def belief(self, player: int) -> DesignModel:
        """What one shadow expects of the next level, as far as it has learned anything: its themes
        as Gaussians with the mean and covariance of their predictions, natural units."""
        weights, means, covariances = self._themes.belief(player)
        width = self.space.width
        return DesignModel(
            kind="belief",
            space=self.space,
            weights=weights,
            means=self.space.from_unit(means),
            covariances=covariances * np.outer(width, width),
        )

    def fresh(self) -> Shadows:
        """The same before they met anything."""
        twin = copy(self)
        twin._themes = self._themes.naive()
        return twin
