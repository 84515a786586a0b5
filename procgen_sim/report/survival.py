"""Who is still there: Kaplan–Meier survival of players, one panel a notion of interest."""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np
from matplotlib.figure import Figure

from procgen_sim.report.style import (
    NOTION_WORDS,
    QUIET,
    ArmLook,
    name_arms,
    new_figure,
    says_little,
)

if TYPE_CHECKING:
    from procgen_sim.experiments import CompareRun

__all__ = ["draw_survival"]


def draw_survival(run: CompareRun, arms: list[ArmLook], *, narrow: bool = False) -> Figure:
    """Share of players not yet bored, with bands; a marker where half have left."""
    notions = list(run.summary.arms[0].notions)
    figure, panels = new_figure(len(notions), narrow=narrow)
    horizon = run.summary.n_levels
    ends = []
    for axes, notion in zip(panels, notions, strict=True):
        axes.axhline(0.5, color=QUIET, lw=0.8, ls=(0, (2, 2)), zorder=0)
        last = []
        for i, arm in enumerate(arms):
            curve = run.summary.arms[i].notions[notion].bored
            # The curve stops at the last who left or stayed; what it says holds to the horizon.
            levels = np.append(curve.levels, horizon)
            share, low, high = (
                np.append(values, values[-1]) for values in (curve.share, curve.low, curve.high)
            )
            order = len(arms) - i if i else len(arms) + 2
            axes.fill_between(
                levels, low, high, step="post", color=arm.colour, alpha=0.12, lw=0, zorder=order
            )
            axes.step(
                levels,
                share,
                where="post",
                color=arm.colour,
                ls=arm.line,
                lw=arm.width,
                zorder=order + 0.5,
            )
            median = curve.median.estimate
            if median is not None:
                axes.plot(
                    [median], [0.5], arm.marker, color=arm.colour, ms=6, mec="white", zorder=50
                )
            last.append(share[-1])
        ends.append(np.array(last))
        axes.set_title(notion)
        says_little(axes, NOTION_WORDS.get(notion, ""))
        axes.set_xlabel("levels played")
        axes.set_xlim(0, horizon)
        axes.set_ylim(0.0, 1.03)
    for axes in panels if narrow else panels[:1]:
        axes.set_ylabel("share of players still there")
    name_arms(figure, panels, arms, ends, horizon)
    return figure
