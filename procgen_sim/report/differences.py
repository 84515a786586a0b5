"""What leaving the model changed: paired differences with intervals, arm by notion."""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np
from matplotlib.figure import Figure

from procgen_sim.experiments.conclusions import verdict
from procgen_sim.report.style import NOTION_WORDS, QUIET, ArmLook, new_figure, says_little

if TYPE_CHECKING:
    from procgen_sim.experiments import CompareRun

__all__ = ["draw_differences", "signed_tick"]


def draw_differences(run: CompareRun, arms: list[ArmLook], *, narrow: bool = False) -> Figure:
    """A forest plot; filled markers are differences told apart from chance."""
    notions = list(run.summary.arms[0].notions)
    others = arms[1:]
    height = 1.35 + 0.38 * max(len(others), 2)
    figure, panels = new_figure(len(notions), narrow=narrow, height=height)
    left, right = -0.5, 0.5
    for axes, notion in zip(panels, notions, strict=True):
        axes.axvline(0.0, color=QUIET, lw=1.0, zorder=0)
        for row, look in enumerate(others):
            arm = run.summary.arms[row + 1]
            interval = arm.notions[notion].difference
            if interval.estimate is None or not np.isfinite(interval.estimate):
                continue
            if interval.low is not None and interval.high is not None:
                axes.plot(
                    [interval.low, interval.high],
                    [row, row],
                    color=look.colour,
                    lw=2.0,
                    solid_capstyle="butt",
                )
                left, right = min(left, interval.low), max(right, interval.high)
            told = verdict(arm, notion) in ("longer", "sooner")
            axes.plot(
                [interval.estimate],
                [row],
                look.marker,
                color=look.colour,
                mfc=look.colour if told else "white",
                mew=1.5,
                ms=8,
            )
            left, right = min(left, interval.estimate), max(right, interval.estimate)
        axes.set_title(notion)
        says_little(axes, NOTION_WORDS.get(notion, ""))
        axes.set_xlabel("levels more than on the model")
        axes.tick_params(axis="y", length=0)
        axes.spines["left"].set_visible(False)
        axes.grid(axis="y", color="#ececee", lw=0.8)
    for axes in panels:
        room = 0.08 * (right - left)
        axes.set_xlim(left - room, right + room)
        axes.xaxis.set_major_formatter(signed_tick)
    labels = [look.label for look in others] or ["no other arm"]
    panels[0].set_yticks(range(len(labels)), labels)
    panels[0].set_ylim(len(labels) - 0.45, -0.55)
    for tick, look in zip(panels[0].get_yticklabels(), others, strict=False):
        tick.set_color(look.ink)
    return figure


def signed_tick(value: float, _position: float = 0.0) -> str:
    """An axis label: ``+2``, ``−1``, ``0``."""
    return "0" if abs(value) < 1e-9 else f"{value:+g}".replace("-", "−")
