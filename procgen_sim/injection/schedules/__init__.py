"""When to leave the model: one idea a file, registered by one line.

A schedule is written ``name:number:number`` (``every:5``, ``bursts:0.15:3``); a number left out
is the arm's rate, or the schedule's own default.
"""

from __future__ import annotations

import math
from typing import Final

from procgen_sim._checks import InputError, check_choice
from procgen_sim.injection.schedules.adaptive import Adaptive
from procgen_sim.injection.schedules.base import Director, Schedule
from procgen_sim.injection.schedules.bursts import Bursts
from procgen_sim.injection.schedules.every import Every
from procgen_sim.injection.schedules.never import Never
from procgen_sim.injection.schedules.probability import Probability
from procgen_sim.injection.schedules.within import Within

__all__ = ["SCHEDULES", "Director", "Schedule", "Within", "make_schedule"]

SCHEDULES: Final[dict[str, type[Schedule]]] = {
    "never": Never,
    "every": Every,
    "probability": Probability,
    "bursts": Bursts,
    "adaptive": Adaptive,
}


def make_schedule(text: str, *, rate: float, where: str = "schedule") -> Schedule:
    """The schedule that ``text`` names.

    Parameters
    ----------
    text
        ``name`` or ``name:number`` or ``name:number:number``.
    rate
        The share of levels to break on, where the text does not say.
    where
        What the error should name.

    Raises
    ------
    InputError
        If the name or a number is wrong.

    Examples
    --------
    >>> make_schedule("every:5", rate=0.15)
    Every(k=5)
    """
    name, *words = text.split(":")
    check_choice(where, name, SCHEDULES)
    numbers = []
    for word in words:
        try:
            number = float(word)
        except ValueError:
            number = math.nan
        if not math.isfinite(number):
            raise InputError(
                where, expected=f"numbers after {name!r}, as in every:5", found=repr(word)
            )
        numbers.append(number)
    return SCHEDULES[name].from_numbers(numbers, rate=rate, where=where)
