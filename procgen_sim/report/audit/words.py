"""Numbers as people read them, and footnotes for those there are not."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any

from procgen_sim.experiments.statistics import Interval
from procgen_sim.report.audit.reading import Source
from procgen_sim.report.facts import bored_after

__all__ = ["Footnotes", "bits", "bored", "count", "joined"]

_SUPERSCRIPTS = str.maketrans("0123456789", "⁰¹²³⁴⁵⁶⁷⁸⁹")


class Footnotes:
    """Reasons why numbers are missing, numbered as they are met."""

    def __init__(self) -> None:
        self.reasons: list[str] = []

    def dash(self, reason: str) -> str:
        """``—`` with the number of its reason."""
        return f"—{self.mark(reason)}"

    def mark(self, reason: str) -> str:
        """The number of a reason, raised."""
        if reason not in self.reasons:
            self.reasons.append(reason)
        return str(self.reasons.index(reason) + 1).translate(_SUPERSCRIPTS)


def bits(value: float) -> str:
    """``0.95``, ``35``: three figures where there are so many.

    >>> bits(0.949), bits(5.04), bits(35.2), bits(12345.6)
    ('0.95', '5.04', '35.2', '12,346')
    """
    return f"{value:.2f}" if value < 10 else f"{value:.1f}" if value < 100 else f"{value:,.0f}"


def count(value: float) -> str:
    """``1,234``; parts only of small numbers.

    >>> count(1234.0), count(12.5)
    ('1,234', '12.5')
    """
    return f"{value:,.0f}" if value >= 100 or float(value).is_integer() else f"{value:.1f}"


def bored(source: Source, stored: Mapping[str, Any], notion: str, notes: Footnotes) -> str:
    """Levels until half of the audience was bored: ``9 (7–12)``, ``>60¹``, or a dash.

    Where more than half stayed, all that is known is that it takes longer than they were followed.
    """
    reason = source.why("levels_until_bored", notion)
    n_levels = stored.get("horizon") or len(source.get("boredom_curves", notion, "mean") or ())
    if stored.get("median") is not None:
        return bored_after(_interval(stored), n_levels)
    if not n_levels:
        return notes.dash(reason)
    return f"{bored_after(_interval(stored), n_levels)}{notes.mark(reason)}"


def _interval(stored: Mapping[str, Any]) -> Interval:
    return Interval(estimate=stored.get("median"), low=stored.get("low"), high=stored.get("high"))


def joined(words: Sequence[str]) -> str:
    """``a, b and c``.

    >>> joined(["a"]), joined(["a", "b", "c"])
    ('a', 'a, b and c')
    """
    return " and ".join(filter(None, [", ".join(words[:-1]), words[-1]]))
