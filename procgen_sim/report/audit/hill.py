"""Effective numbers of patterns: rarefied to smaller samples, extrapolated to larger ones."""

from __future__ import annotations

from typing import Final

import numpy as np
from matplotlib.figure import Figure

from procgen_sim.report.audit.lines import as_values, count_axis, draw_line, source_looks
from procgen_sim.report.audit.reading import Audit, Source
from procgen_sim.report.labels import name_arms
from procgen_sim.report.style import new_figure, says_little

__all__ = ["draw_hill", "with_hill"]

_ORDERS: Final = (
    ("0", "every pattern counts once"),
    ("1", "common ones count more"),
    ("2", "only what returns all the time"),
)
_SIZE: Final = "3"


def with_hill(audit: Audit) -> list[Source]:
    """Sources whose Hill numbers were followed over the size of the sample."""
    return [source for source in audit.sources if source.get("hill", _SIZE, "curve", "n")]


def draw_hill(audit: Audit, *, narrow: bool = False) -> Figure:
    """One panel an order; marked where each source ends, pale where it is extrapolated."""
    sources = with_hill(audit)
    looks = source_looks(audit, sources)
    figure, panels = new_figure(len(_ORDERS), narrow=narrow, sharey=False)
    nearest, furthest, ends = np.inf, 1.0, []
    for axes, (order, words) in zip(panels, _ORDERS, strict=True):
        last = []
        for i, (source, look) in enumerate(zip(sources, looks, strict=True)):
            curve = source.get("hill", _SIZE, "curve")
            n, values = as_values(curve["n"]), as_values(curve.get(order))
            if len(values) != len(n):
                last.append(np.nan)
                continue
            observed = float(curve.get("n_observed") or n[-1])
            seen = n <= observed
            draw_line(axes, look, n[seen], values[seen], order=len(sources) - i)
            beyond = n >= (n[seen][-1] if seen.any() else 0.0)
            axes.plot(n[beyond], values[beyond], color=look.colour, lw=0.9, alpha=0.7, zorder=0.5)
            last.append(values[-1])
            nearest, furthest = min(nearest, float(n[0])), max(furthest, float(n[-1]))
        axes.set_title(f"order {order}")
        says_little(axes, words)
        axes.set_xlabel("patterns met")
        ends.append(np.array(last))
    for axes in panels:
        box = axes.dataLim
        count_axis(axes, "x", nearest, furthest)
        count_axis(axes, "y", max(box.y0, 0.5) / 1.2, max(box.y1, 1.0) * 1.2)
    for axes in panels if narrow else panels[:1]:
        axes.set_ylabel("effective number of patterns")
    name_arms(figure, panels, looks, ends, furthest)
    return figure
