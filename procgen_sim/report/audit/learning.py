"""How fast a body is learned: what the n-th level costs, and how much is known by then."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Final

import numpy as np
from matplotlib.axes import Axes
from matplotlib.figure import Figure
from matplotlib.ticker import PercentFormatter

from procgen_sim.report.audit.lines import (
    WIDE_RANGE,
    Values,
    as_values,
    count_axis,
    draw_line,
    source_looks,
)
from procgen_sim.report.audit.reading import Audit, Source
from procgen_sim.report.labels import name_arms, rising
from procgen_sim.report.style import QUIET, ArmLook, new_figure, says_little

__all__ = ["draw_learning", "learners"]

_MARKS: Final = (("levels_to_half", 0.5, "white"), ("levels_to_90", 0.9, None))


def learners(audit: Audit) -> list[Source]:
    """Sources with a learning curve."""
    return [source for source in audit.sources if source.get("learning_curve")]


def draw_learning(audit: Audit, *, narrow: bool = False) -> Figure:
    """Bits by level met with the veteran's floor, and the share learned with half and 90 %."""
    sources = learners(audit)
    looks = source_looks(audit, sources)
    figure, panels = new_figure(2, narrow=narrow, sharey=False, height=3.7)
    longest = max(len(source.get("learning_curve")) for source in sources)
    for axes in panels:
        count_axis(axes, "x", 1.0, max(longest, 2))
        axes.set_xlabel("level met")
    ends = [
        _draw_bits(panels[0], sources, looks, longest),
        _draw_shares(panels[1], sources, looks),
    ]
    name_arms(figure, panels, looks, ends, max(longest, 2))
    return figure


def _draw_bits(
    axes: Axes, sources: Sequence[Source], looks: Sequence[ArmLook], longest: int
) -> Values:
    ends = []
    for i, (source, look) in enumerate(zip(sources, looks, strict=True)):
        curve = as_values(source.get("learning_curve"))
        draw_line(
            axes,
            look,
            np.arange(1.0, len(curve) + 1),
            curve,
            low=as_values(source.get("learning_low")),
            high=as_values(source.get("learning_high")),
            order=len(sources) - i,
        )
        floor = source.number("bits_per_active_column", "veteran")
        if floor is not None:
            start = max(longest, 2) ** 0.72
            axes.plot([start, longest], [floor, floor], color=look.colour, lw=1.0, ls=":", zorder=0)
        ends.append(curve[-1])
    box = axes.dataLim
    if box.y0 > 0 and box.y1 > WIDE_RANGE * box.y0:
        count_axis(axes, "y", box.y0 / 1.3, box.y1 * 1.2)
    else:
        axes.set_ylim(bottom=0.0)
    axes.set_title("what a level costs")
    says_little(axes, "dotted: those who know the others")
    axes.set_ylabel("bits an active column")
    return np.array(ends)


def _draw_shares(axes: Axes, sources: Sequence[Source], looks: Sequence[ArmLook]) -> Values:
    ends = []
    for i, (source, look) in enumerate(zip(sources, looks, strict=True)):
        naive = source.number("bits_per_active_column", "naive")
        veteran = source.number("bits_per_active_column", "veteran")
        # Where next to nothing can be learned, shares of it are noise.
        if naive is None or veteran is None or naive - veteran <= 0.02 * naive:
            ends.append(np.nan)
            continue
        saved = (naive - as_values(source.get("learning_curve"))) / (naive - veteran)
        # What is known is not forgotten on average; ups and downs are the levels'.
        share = rising(saved)
        order = len(sources) - i
        draw_line(axes, look, np.arange(1.0, len(share) + 1), share, order=order)
        for key, height, fill in _MARKS:
            level = source.number(key)
            if level is not None:
                # After so many levels the next one costs little enough.
                axes.plot(
                    [level + 1.0],
                    [height],
                    look.marker,
                    color=look.colour,
                    mfc=fill or look.colour,
                    mew=1.4,
                    ms=8,
                    zorder=40 + order,
                )
        ends.append(share[-1])
    for _, height, _ in _MARKS:
        axes.axhline(height, color=QUIET, lw=0.8, ls=(0, (2, 2)), zorder=0)
    axes.set_ylim(min(0.0, axes.get_ylim()[0]), 1.12)
    axes.yaxis.set_major_formatter(PercentFormatter(1.0, symbol=" %"))
    axes.set_title("how much of it is known")
    says_little(axes, "of all that can be learned; marks: half, 90 %")
    return np.array(ends)
