"""Mean curves over players, level by level: boredom, predictability, foreseen share.

Bands are mean ± 1.96 standard errors over players: how well the mean is known, not how much
players differ. Everyone is followed to the last level, so every point is of the same people.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, NamedTuple

import numpy as np
import numpy.typing as npt
from matplotlib.axes import Axes
from matplotlib.figure import Figure

from procgen_sim.report.labels import name_arms, put_words
from procgen_sim.report.style import (
    NOTION_WORDS,
    PALE,
    QUIET,
    ArmLook,
    new_figure,
    says_little,
)
from procgen_sim.results import as_cube

if TYPE_CHECKING:
    from procgen_sim.experiments import CompareRun

__all__ = ["Band", "band", "draw_boredom", "draw_predictability"]

Values = npt.NDArray[np.float64]


class Band(NamedTuple):
    """``(n,)`` a mean and its 95 % band; the band is the mean itself for a single player."""

    mean: Values
    low: Values
    high: Values


def band(cube: Values) -> Band:
    """``(players, n)`` to the mean over players with its band; NaN entries are left out."""
    known = np.isfinite(cube)
    count = known.sum(axis=0)
    values = np.where(known, cube, 0.0)
    with np.errstate(divide="ignore", invalid="ignore"):
        mean = np.where(count > 0, values.sum(axis=0) / count, np.nan)
        spread = np.where(known, cube - mean, 0.0)
        error = np.sqrt((spread**2).sum(axis=0) / np.maximum(count - 1, 1) / np.maximum(count, 1))
    return Band(mean, mean - 1.96 * error, mean + 1.96 * error)


def draw_boredom(run: CompareRun, arms: list[ArmLook], *, narrow: bool = False) -> Figure:
    """Mean boredom of each arm, one panel a notion, above the thresholds at which players leave."""
    notions = list(run.summary.arms[0].notions)
    figure, panels = new_figure(len(notions), narrow=narrow)
    low, middle, high = np.quantile(run.players["threshold"], [0.1, 0.5, 0.9])
    ends, top = [], float(high)
    for axes, notion in zip(panels, notions, strict=True):
        axes.axhspan(low, high, color=PALE, alpha=0.55, lw=0, zorder=0)
        axes.axhline(middle, color=QUIET, lw=0.8, ls=(0, (2, 2)), zorder=0)
        last = _draw(axes, run, arms, f"boredom_{notion}")
        axes.set_title(notion)
        says_little(axes, NOTION_WORDS.get(notion, ""))
        axes.set_xlabel("level")
        ends.append(last)
        top = max(top, float(axes.dataLim.y1))
    panels[0].set_ylim(0.0, min(max(top * 1.06, 0.5), 1.02))
    for axes in panels if narrow else panels[:1]:
        axes.set_ylabel("mean boredom, 0 to 1")
    put_words(panels[0], "where players leave", above=float(high), below=float(low))
    name_arms(figure, panels, arms, ends, run.summary.n_levels)
    return figure


def draw_predictability(run: CompareRun, arms: list[ArmLook], *, narrow: bool = False) -> Figure:
    """How much of what can be foreseen players foresee, and how much of a level that is."""
    figure, panels = new_figure(2, narrow=narrow, sharey=False)
    told = (
        ("predictability", "predictability", "0 a newcomer, 1 nothing left to learn"),
        ("foreseen", "foreseen share", "how much of a level was seen coming"),
    )
    ends = []
    for axes, (column, title, words) in zip(panels, told, strict=True):
        ends.append(_draw(axes, run, arms, column))
        bottom, top = _span(axes)
        top = max(top, 1.0) if column == "predictability" else top
        room = 0.04 * (top - min(bottom, 0.0)) + 1e-6
        axes.set_ylim(min(bottom, 0.0) - room, top + 2 * room)
        axes.axhline(0.0, color=QUIET, lw=0.8, zorder=0)
        axes.set_title(title)
        says_little(axes, words)
        axes.set_xlabel("level")
    panels[0].axhline(1.0, color=QUIET, lw=0.8, ls=(0, (2, 2)), zorder=0)
    panels[0].set_ylabel("mean over players")
    name_arms(figure, panels, arms, ends, run.summary.n_levels)
    return figure


def _span(axes: Axes) -> tuple[float, float]:
    """Least and greatest value of the curves in a panel, bands aside."""
    values = np.concatenate([np.asarray(line.get_ydata(), np.float64) for line in axes.lines])
    known = values[np.isfinite(values)]
    return (float(known.min()), float(known.max())) if len(known) else (0.0, 1.0)


def _draw(axes: Axes, run: CompareRun, arms: list[ArmLook], column: str) -> Values:
    """Curves of all arms in one panel, the first on top; returns where each ends."""
    levels = np.arange(1, run.summary.n_levels + 1)
    ends = []
    for i, arm in enumerate(arms):
        curve = band(as_cube(run.records, column, arm.name).astype(np.float64))
        order = len(arms) - i if i else len(arms) + 2
        axes.fill_between(
            levels, curve.low, curve.high, color=arm.colour, alpha=0.14, lw=0, zorder=order
        )
        axes.plot(
            levels,
            curve.mean,
            color=arm.colour,
            ls=arm.line,
            lw=arm.width,
            marker=arm.marker,
            ms=4,
            markevery=(min(i * 2, len(levels) - 1), max(len(levels) // 6, 1)),
            zorder=order + 0.5,
        )
        ends.append(curve.mean[-1])
    axes.set_xlim(1, max(run.summary.n_levels, 2))
    return np.array(ends)
