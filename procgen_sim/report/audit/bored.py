"""When a simulated audience has had enough of each source, under the three notions of interest."""

from __future__ import annotations

import numpy as np
from matplotlib.figure import Figure

from procgen_sim.report.audit.lines import as_values, draw_line, source_looks
from procgen_sim.report.audit.reading import Audit, Source
from procgen_sim.report.labels import name_arms
from procgen_sim.report.style import NOTION_WORDS, new_figure, says_little

__all__ = ["draw_bored", "notions_of", "with_boredom"]


def with_boredom(audit: Audit) -> list[Source]:
    """Sources that an audience was shown."""
    return [source for source in audit.sources if source.get("boredom_curves")]


def notions_of(sources: list[Source]) -> list[str]:
    """The notions of interest asked about, in the order stored."""
    found: dict[str, None] = {}
    for source in sources:
        found |= dict.fromkeys(source.get("levels_until_bored") or {})
    return list(found)


def draw_bored(audit: Audit, *, narrow: bool = False) -> Figure:
    """Mean boredom by level met, one panel a notion; marked where half of the players have left."""
    sources = with_boredom(audit)
    looks = source_looks(audit, sources)
    notions = notions_of(sources)
    figure, panels = new_figure(len(notions), narrow=narrow)
    horizon, ends = 2, []
    for axes, notion in zip(panels, notions, strict=True):
        last = []
        for i, (source, look) in enumerate(zip(sources, looks, strict=True)):
            curve = as_values(source.get("boredom_curves", notion, "mean"))
            levels = np.arange(1.0, len(curve) + 1)
            order = len(sources) - i
            draw_line(axes, look, levels, curve, order=order)
            horizon = max(horizon, len(curve))
            median = source.number("levels_until_bored", notion, "median")
            if median is not None and 1 <= median <= len(curve):
                axes.plot(
                    [median],
                    [curve[int(median) - 1]],
                    look.marker,
                    color=look.colour,
                    mfc="white",
                    mew=1.5,
                    ms=8,
                    zorder=40 + order,
                )
            last.append(curve[-1] if len(curve) else np.nan)
        ends.append(np.array(last))
        axes.set_title(notion)
        says_little(axes, NOTION_WORDS.get(notion, ""))
        axes.set_xlabel("level met")
    top = max((float(axes.dataLim.y1) for axes in panels), default=1.0)
    for axes in panels:
        axes.set_xlim(1, horizon)
        axes.set_ylim(0.0, min(max(top * 1.06, 0.5), 1.02))
    for axes in panels if narrow else panels[:1]:
        axes.set_ylabel("mean boredom, 0 to 1")
    name_arms(figure, panels, looks, ends, horizon)
    return figure
