"""What the audit's line charts share: a look for each source, and axes for counts."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any, Final

import numpy as np
import numpy.typing as npt
from matplotlib.axes import Axes
from matplotlib.ticker import FuncFormatter, LogLocator, NullLocator

from procgen_sim.report.audit.reading import Audit, Source
from procgen_sim.report.style import QUIET, ArmLook, arm_looks

__all__ = ["WIDE_RANGE", "Values", "as_values", "count_axis", "draw_line", "source_looks"]

Values = npt.NDArray[np.float64]

WIDE_RANGE: Final = 8.0
"""Greatest over least from which an axis is logarithmic."""

_YARDSTICK_LINES: Final = ((0, (4, 1.5)), (0, (1, 1)))
_YARDSTICK_MARKERS: Final = ("h", "*", "p", "d")


def source_looks(audit: Audit, sources: Sequence[Source]) -> list[ArmLook]:
    """One look for each of some sources, the same in every figure of an audit.

    Those given are drawn as arms are, the yardsticks thin and grey.
    """
    given = [source.short for source in audit.sources if not source.yardstick]
    looks = iter(arm_looks(given) if given else [])
    found: dict[str, ArmLook] = {}
    n = 0
    for source in audit.sources:
        if not source.yardstick:
            found[source.short] = next(looks)
            continue
        found[source.short] = ArmLook(
            name=source.short,
            colour=QUIET,
            line=_YARDSTICK_LINES[n % len(_YARDSTICK_LINES)],
            marker=_YARDSTICK_MARKERS[n % len(_YARDSTICK_MARKERS)],
            width=1.5,
        )
        n += 1
    return [found[source.short] for source in sources]


def as_values(numbers: Any) -> Values:
    """A stored list as an array, NaN where it has no number; empty for nothing."""
    return np.array([np.nan if x is None else x for x in numbers or ()], dtype=np.float64)


def draw_line(
    axes: Axes,
    look: ArmLook,
    x: Values,
    y: Values,
    *,
    low: Values | None = None,
    high: Values | None = None,
    order: int = 1,
) -> None:
    """One source's curve with its band, and its marker at the end."""
    if low is not None and high is not None and len(low) == len(x) == len(high):
        axes.fill_between(x, low, high, color=look.colour, alpha=0.14, lw=0, zorder=order)
    axes.plot(x, y, color=look.colour, ls=look.line, lw=look.width, zorder=order + 0.5)
    known = np.flatnonzero(np.isfinite(y))
    if len(known):
        end = known[-1]
        axes.plot(
            x[end], y[end], look.marker, color=look.colour, ms=5, zorder=order + 1, clip_on=False
        )


def count_axis(axes: Axes, which: str, low: float, high: float) -> None:
    """A logarithmic axis, ``"x"`` or ``"y"``, whose ticks are whole counts: 1, 10, 1,000."""
    axis = getattr(axes, f"{which}axis")
    getattr(axes, f"set_{which}scale")("log")
    getattr(axes, f"set_{which}lim")(low, high)
    most = 40.0 if which == "x" else 150.0  # numbers side by side need more room
    between = (1.0,) if high > most * low else (1.0, 3.0) if high > 12 * low else (1.0, 2.0, 5.0)
    axis.set_major_locator(LogLocator(subs=between))
    axis.set_minor_locator(NullLocator())
    axis.set_major_formatter(FuncFormatter(_count))


def _count(value: float, _position: float = 0.0) -> str:
    return f"{value:,.0f}" if value >= 1 else f"{value:g}"
