"""Who is still there: Kaplan–Meier survival of players, one panel a notion of interest."""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np
from matplotlib.axes import Axes
from matplotlib.figure import Figure

from procgen_sim.experiments.statistics import Interval
from procgen_sim.report.facts import bored_after
from procgen_sim.report.style import NOTION_WORDS, QUIET, ArmLook, new_figure, says_little

if TYPE_CHECKING:
    from procgen_sim.experiments import CompareRun

__all__ = ["draw_survival"]


def draw_survival(run: CompareRun, arms: list[ArmLook], *, narrow: bool = False) -> Figure:
    """Share of players not yet bored, with bands; beside them, when half of an arm had left."""
    notions = list(run.summary.arms[0].notions)
    lines = 1 + sum(1 + arm.label.count("\n") for arm in arms)
    figure, panels = new_figure(len(notions), narrow=narrow, height=max(3.4, 1.0 + 0.2 * lines))
    horizon = run.summary.n_levels
    for axes, notion in zip(panels, notions, strict=True):
        axes.axhline(0.5, color=QUIET, lw=0.8, ls=(0, (2, 2)), zorder=0)
        stayed, gone = [], 1.0
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
            stayed.append((horizon + 1.0 if median is None else median, float(share[-1]), -i))
            still = np.flatnonzero(share > 0)
            gone = max(gone, float(levels[still[-1]]) + 1.0)
        _name(axes, run, arms, [-i for *_, i in sorted(stayed, reverse=True)], notion)
        axes.set_title(notion)
        says_little(axes, NOTION_WORDS.get(notion, ""))
        axes.set_xlabel("levels played")
        axes.set_xlim(0, min(horizon, gone * 1.15))
        axes.set_ylim(0.0, 1.03)
    for axes in panels if narrow else panels[:1]:
        axes.set_ylabel("share of players still there")
    return figure


def _name(axes: Axes, run: CompareRun, arms: list[ArmLook], order: list[int], notion: str) -> None:
    """A key with each arm's median, those who stayed longest on top."""
    labels = []
    for i in order:
        median = run.summary.arms[i].notions[notion].bored.median
        alone = Interval(estimate=median.estimate, low=None, high=None)
        told = bored_after(alone, run.summary.n_levels)
        name = arms[i].label if len(arms[i].name) < 30 else f"{arms[i].name[:28]}…"
        labels.append(f"{name}  {told}")
    key = axes.legend(
        [arms[i].handle for i in order],
        labels,
        title="half gone after",
        loc="center left",
        bbox_to_anchor=(1.0, 0.5),
        handlelength=2.6,
        fontsize=8.5,
        title_fontsize=8.5,
        alignment="left",
    )
    key.get_title().set_color(QUIET)
    for text, i in zip(key.get_texts(), order, strict=True):
        text.set_color(arms[i].ink)
        text.set_fontweight("bold" if i == 0 else "normal")
