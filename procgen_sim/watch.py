"""What a game sees of its players while they play: an audience each, and a shadow beside each.

Directors and proposals know of players what is here, and nothing else.
"""

from __future__ import annotations

from collections.abc import Sequence
from functools import partial

import numpy as np
import numpy.typing as npt

from procgen_sim.injection import Audience, Library
from procgen_sim.players import Shadows

__all__ = ["Watch"]

Vectors = npt.NDArray[np.float64]


class Watch:
    """P players as their game sees them, before they met anything.

    Parameters
    ----------
    shadows
        P of them; these learn what is shown.
    library
        Levels that people made.

    Attributes
    ----------
    audiences
        One a player.
    """

    def __init__(self, shadows: Shadows, library: Library) -> None:
        self._shadows, self._library = shadows, library
        self.audiences = [
            Audience(belief=partial(shadows.belief, i)) for i in range(shadows.n_players)
        ]

    def look_ahead(self, coming: Vectors) -> None:
        """Forecast the levels ``(P, d)``, natural units, that come if the model is followed."""
        forecasts = self._shadows.forecast(coming)
        for audience, forecast in zip(self.audiences, forecasts.tolist(), strict=True):
            audience.forecast = forecast

    def show(self, measured: Vectors, broke: Sequence[bool] | npt.NDArray[np.bool_]) -> None:
        """Note the levels ``(P, d)``, natural units, that were shown, and which of them left the
        model on purpose."""
        self._shadows.meet(measured)
        for audience, vector, left in zip(self.audiences, measured, broke, strict=True):
            authored = self._library.find(vector, audience.authored) if left else None
            audience.show(vector, broke=bool(left), authored=authored)
