"""Every way of leaving the model that a budget allows: proposal × schedule × rate."""

from __future__ import annotations

import math
from collections.abc import Iterator, Sequence
from dataclasses import replace
from decimal import ROUND_DOWN, Context, Decimal
from fractions import Fraction
from typing import Final

from procgen_sim._checks import InputError
from procgen_sim.injection import Arm, parse_arm
from procgen_sim.injection.schedules import Within

__all__ = ["TOO_GOOD", "candidates"]

_SHARES: Final = (Decimal(1), Decimal("0.5"))
"""Rates looked at, as shares of the budget: the best rate is not always the highest."""

_DIGITS: Final = 4
"""Digits of a rate, rounded down: rounded up, it would not keep within the budget."""

_BURST: Final = 3
"""Levels in a burst."""

TOO_GOOD: Final = (0.5, 0.8)
"""Forecasts from which an adaptive director breaks."""


def candidates(
    proposals: Sequence[str], budget: float, n_levels: int | None = None
) -> tuple[Arm, ...]:
    """Arms that leave the model on at most a share ``budget`` of any first levels, exactly.

    Each is the way its name says, :class:`~.Within` the budget: ``every`` and ``adaptive`` keep it
    as they are; of ``probability`` and ``bursts`` those breaks are left out that would overdraw
    it. Played by that name elsewhere, these keep it in the long run only.

    Parameters
    ----------
    proposals
        Where to go.
    budget
        Share of levels, above 0 and at most 1.
    n_levels
        Levels that are played: a way that cannot break within them is none. None for any number.

    Raises
    ------
    InputError
        If the budget does not allow a break within ``n_levels``.

    Examples
    --------
    >>> [arm.name for arm in candidates(["noise"], 0.5)][:4]
    ['noise@every:2', 'noise@probability:0.5', 'noise@bursts:0.5:3', 'noise@adaptive:0.5:0.5']
    >>> [arm.name for arm in candidates(["noise"], 0.5, 3)][-2:]
    ['noise@probability:0.25', 'noise@bursts:0.25:3']
    """
    words = dict(_words(Decimal(repr(budget))))
    if n_levels is not None:
        words = {word: first for word, first in words.items() if first <= n_levels}
    if not words:
        least = math.ceil(1 / Fraction(repr(budget)))
        raise InputError(
            "budget",
            expected=f"a share that allows a break within {n_levels} levels",
            found=f"{budget:g}, which allows the first at level {least}",
            do="choose more --levels, or a larger --budget",
        )
    arms = [
        parse_arm(f"{proposal}@{word}", rate=budget, where="--search")
        for proposal in proposals
        for word in words
    ]
    return tuple(replace(arm, schedule=Within(arm.schedule, budget)) for arm in arms)


def _words(budget: Decimal) -> Iterator[tuple[str, int]]:
    """Schedules as people write them, and the first level that each can break within the budget,
    from 1."""
    first = math.ceil(1 / Fraction(budget))
    for share in _SHARES:
        most = Fraction(budget) * Fraction(share)
        rate = Context(prec=_DIGITS, rounding=ROUND_DOWN).multiply(budget, share).normalize()
        k, saved = math.ceil(1 / most), math.ceil(1 / Fraction(rate))
        yield f"every:{k}", k
        if rate < 1:  # else they are 'every:1', too
            yield f"probability:{rate:f}", first
            yield f"bursts:{rate:f}:{_BURST}", first
        for good in TOO_GOOD:
            yield f"adaptive:{rate:f}:{good:g}", saved
