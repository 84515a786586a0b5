"""What people are like, when a configuration says otherwise than the program assumes."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import replace
from typing import Final

from procgen_sim._checks import check_choice, check_number
from procgen_sim.players import TRAITS, Spread

__all__ = ["spreads_from"]

_MOST_LOG_SD: Final = 10.0


def spreads_from(assumptions: Mapping[str, float]) -> dict[str, Spread]:
    """How traits are spread when some medians (``threshold``) or spreads (``threshold_sd``) are
    given.

    Raises
    ------
    InputError
        If a name is no trait's, or a number cannot be.

    Examples
    --------
    >>> spreads_from({"threshold": 0.5})["threshold"].median
    0.5
    """
    valid = [name + suffix for name in TRAITS for suffix in ("", "_sd")]
    spreads: dict[str, Spread] = {}
    for name, value in assumptions.items():
        check_choice("assumptions", name, valid)
        trait = name.removesuffix("_sd")
        spread = spreads.get(trait, TRAITS[trait])
        if name == trait:
            check_number(f"assumptions, {name}", value, low=spread.low, high=spread.high)
            spreads[trait] = replace(spread, median=value)
        else:
            widest = _MOST_LOG_SD if spread.logarithmic else spread.high - spread.low
            check_number(f"assumptions, {name}", value, low=0.0, high=widest)
            spreads[trait] = replace(spread, sd=value)
    return spreads
