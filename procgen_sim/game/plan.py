"""What is handed over between a journey and the screens: a plan, how it went, and the card.

No pygame here.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import Literal

import numpy as np
import numpy.typing as npt

from procgen_sim.game.choice import Who
from procgen_sim.levels import Level

__all__ = ["Card", "Outcome", "Plan"]


@dataclass(frozen=True, kw_only=True)
class Outcome:
    """How a level ended.

    Attributes
    ----------
    status
        "won"; "died" for good; "left" before the end.
    ticks
        Ticks played, all attempts together.
    deaths
        How often the player died.
    coins
        Coins of the last attempt.
    replay
        Actions of the last attempt, one byte a tick; None when they were not kept.
    """

    status: Literal["won", "died", "left"]
    ticks: int
    deaths: int
    coins: int
    replay: bytes | None = None


@dataclass(frozen=True, kw_only=True, eq=False)
class Plan:
    """A level that is to be played. What would give it away is not shown before it is over.

    Attributes
    ----------
    number
        From 1.
    level
        The level.
    vector
        ``(d,)`` its design parameters as measured, natural units.
    off_model
        Whether it lies outside the model's 99.9 % region.
    broke, proposal
        Whether the model was to be left, and by which proposal; empty for none.
    used_up
        Whether it was followed because a proposal had nowhere left to go.
    quantile
        Share of the model's own levels that are less typical, 0 to 1.
    who
        Who decided on it.
    forecast_columns
        ``(n_columns,)`` how surprising each column is to the companion, 0 to 1.
    boredom
        How bored the companion is before it, 0 to 1.
    art
        Name of the art that suits it.
    """

    number: int
    level: Level
    vector: npt.NDArray[np.float64]
    off_model: bool
    broke: bool
    proposal: str
    quantile: float
    who: Who
    forecast_columns: npt.NDArray[np.float64]
    boredom: float
    art: str
    used_up: bool = False


@dataclass(frozen=True, kw_only=True)
class Card:
    """What is told of a level that is over.

    Attributes
    ----------
    number
        From 1.
    outcome
        How it ended.
    foreseen
        Share of the level that the companion saw coming, cut off at 0 and 1.
    predictability
        How much of what can be foreseen it foresaw; not cut off, NaN if there is nothing to learn.
    boredom, threshold
        How bored it is now, and the boredom at which it would stop playing, 0 to 1.
    boredom_curve, foreseen_curve, off_curve
        Boredom, foreseen share and whether it was off the model, a value for each level so far.
    off_model, broke, proposal, used_up, quantile, who
        As in :class:`Plan`.
    words
        The sentence that says so.
    """

    number: int
    outcome: Outcome
    foreseen: float
    predictability: float
    boredom: float
    threshold: float
    boredom_curve: tuple[float, ...]
    foreseen_curve: tuple[float, ...]
    off_curve: tuple[bool, ...]
    off_model: bool
    broke: bool
    proposal: str
    quantile: float
    who: Who
    words: str
    used_up: bool = False
