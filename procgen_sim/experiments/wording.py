"""Numbers and lists as they stand in a sentence."""

from __future__ import annotations

import math
from collections.abc import Sequence

from procgen_sim.experiments.statistics import Interval

__all__ = [
    "count",
    "decimal",
    "known",
    "levels",
    "listed",
    "percent",
    "quoted",
    "range_of",
    "sentence",
    "value",
]


def quoted(name: str) -> str:
    """An arm's name in a sentence: some arms are called "between"."""
    return f"“{name}”"


def known(number: float | None) -> bool:
    """True for a finite number."""
    return number is not None and math.isfinite(number)


def percent(share: float) -> str:
    """``12 %``; small shares with a decimal."""
    return f"{share * 100:.1f} %" if 0 < share < 0.05 else f"{share * 100:.0f} %"


def value(number: float | None) -> float:
    """The number, 0 where there is none."""
    return number if number is not None and math.isfinite(number) else 0.0


def levels(number: float | None) -> str:
    """``1 level``, ``12 levels``."""
    return f"{count(number)} level{'' if value(number) == 1 else 's'}"


def count(number: float | None) -> str:
    """``1,200``; with a decimal where it is not whole."""
    whole = value(number)
    return f"{whole:,.0f}" if whole == round(whole) else decimal(whole, 1)


def decimal(number: float, places: int = 2) -> str:
    """A number with a real minus sign, and no minus before zero."""
    if abs(number) >= 1e15:
        return f"{number:.3g}".replace("-", "−").replace("e+", "e")
    text = f"{number:,.{places}f}"
    return text.replace("-", "−") if float(text.replace(",", "")) != 0 else text.lstrip("-")


def range_of(interval: Interval, *, magnitude: bool = False) -> str:
    """``−0.4 to 1.0``; of an effect already said to be longer or sooner, its ``magnitude``."""
    ends = value(interval.low), value(interval.high)
    low, high = sorted(abs(end) for end in ends) if magnitude else ends
    if magnitude and low < 0.05:
        # It is claimed that 0 is outside; "0.0 to 1.2" would read as if it were not.
        return f"{decimal(low) if low >= 0.005 else 'just over 0'} to {decimal(high, 1)}"
    return f"{_end(low)} to {_end(high)}"


def _end(number: float) -> str:
    """An end of an interval; close to 0, on which side of it must be seen."""
    return decimal(number, 2 if 0 < abs(number) < 0.05 else 1)


def listed(words: Sequence[str]) -> str:
    """``a``, ``a and b``, ``a, b and c``."""
    if len(words) < 2:
        return "".join(words)
    return f"{', '.join(words[:-1])} and {words[-1]}"


def sentence(text: str) -> str:
    """A clause with its capital and full stop."""
    return f"{text[:1].upper()}{text[1:]}."
