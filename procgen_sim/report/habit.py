"""A habit gets learned: what each player's first, second, … break of the model cost them.

What a break costs also depends on how well players know the model it breaks, so each is set beside
what the same break would have cost the same players had every level before followed the model: the
gap between the two is what they learned of the habit.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np
import numpy.typing as npt
from matplotlib.axes import Axes
from matplotlib.figure import Figure
from matplotlib.lines import Line2D
from matplotlib.ticker import MaxNLocator

from procgen_sim.experiments.summary import ArmSummary
from procgen_sim.report.curves import Band, band
from procgen_sim.report.labels import put_words
from procgen_sim.report.style import INK, QUIET, ArmLook, new_figure, says_little
from procgen_sim.results import as_cube

if TYPE_CHECKING:
    from procgen_sim.experiments import CompareRun

__all__ = ["by_ordinal", "draw_habit"]

Values = npt.NDArray[np.float64]


def by_ordinal(values: Values, broke: npt.NDArray[np.bool_]) -> Values:
    """``(players, levels)`` values to ``(players, most breaks)``: each player's first break, second
    break, …; NaN beyond their last.

    >>> by_ordinal(np.array([[1.0, 2.0, 3.0]]), np.array([[True, False, True]])).tolist()
    [[1.0, 3.0]]
    """
    ordinal = broke.cumsum(axis=1)
    gathered = np.full((len(values), int(ordinal.max(initial=0))), np.nan)
    player, level = np.nonzero(broke)
    gathered[player, ordinal[player, level] - 1] = values[player, level]
    return gathered


def draw_habit(run: CompareRun, arms: list[ArmLook], *, narrow: bool = False) -> Figure:
    """A panel an arm: what breaks cost, what they would have cost the unprepared, and the rest."""
    others = arms[1:]
    figure, panels = new_figure(max(len(others), 1), narrow=narrow, height=3.3, per_row=4)
    if not others:
        panels[0].text(0.5, 0.5, "no arm leaves the model", ha="center", color=QUIET)
        panels[0].set_axis_off()
        return figure
    on_model = as_cube(run.records, "surprise_bits", arms[0].name)
    enough = max(1, min(run.summary.n_players, max(3, run.summary.n_players // 4)))
    naive = run.summary.naive_bits
    longest = 2
    for axes, look, arm in zip(panels, others, run.summary.arms[1:], strict=False):
        broke = as_cube(run.records, "broke", look.name).astype(bool)
        told = {
            "met": by_ordinal(as_cube(run.records, "surprise_bits", look.name), broke),
            "unprepared": by_ordinal(as_cube(run.records, "unprepared_bits", look.name), broke),
            "replaced": by_ordinal(on_model, broke),
        }
        kept = int((np.isfinite(told["met"]).sum(axis=0) >= enough).sum())
        longest = max(longest, kept)
        curves = {name: band(values[:, :kept]) for name, values in told.items()}
        at = np.arange(1.0, kept + 1)
        if kept:
            _draw(axes, at, curves, look, arms[0])
        else:
            axes.text(
                0.5, 0.5, "too few breaks", transform=axes.transAxes, ha="center", color=QUIET
            )
        axes.axhline(naive, color=QUIET, lw=0.8, ls=(0, (2, 2)), zorder=0)
        axes.set_title(look.label.replace("\n", ""), color=look.ink)
        says_little(axes, _saved(arm))
        axes.set_xlabel("break number")
        axes.xaxis.set_major_locator(MaxNLocator(nbins=6, integer=True))
    for axes in panels:
        axes.set_xlim(0.6, longest + 0.4)
    low, high = panels[0].get_ylim()
    panels[0].set_ylim(min(0.0, low), max(high, naive * 1.1 if np.isfinite(naive) else high))
    panels[0].set_ylabel("mean surprise, bits a level")
    if np.isfinite(naive):
        put_words(panels[0], "a newcomer, on the model", above=naive, below=naive)
    figure.legend(
        [
            Line2D([], [], color=QUIET, lw=1.8, marker="s", ms=5),
            Line2D([], [], color=QUIET, lw=1.2, ls=(0, (1, 1.2)), marker="s", ms=5, mfc="white"),
            Line2D([], [], color=INK, lw=1.2),
        ],
        ["the break", "the same break, had none come before", "the level it replaced"],
        loc="outside lower center",
        ncols=1 if narrow else 3,
    )
    return figure


def _draw(
    axes: Axes, at: Values, curves: dict[str, Band], look: ArmLook, on_model: ArmLook
) -> None:
    met, unprepared = curves["met"], curves["unprepared"]
    axes.fill_between(at, met.low, met.high, color=look.colour, alpha=0.14, lw=0)
    axes.plot(
        at,
        unprepared.mean,
        color=look.colour,
        lw=1.2,
        ls=(0, (1, 1.2)),
        marker=look.marker,
        mfc="white",
        ms=4.5,
    )
    axes.plot(at, met.mean, color=look.colour, lw=1.8, marker=look.marker, ms=4.5)
    axes.plot(at, curves["replaced"].mean, color=on_model.colour, lw=1.2)


def _saved(arm: ArmSummary) -> str:
    """``habit saved 3.2 bits (2.1 to 4.3)``: what earlier breaks took off later ones."""
    if arm.learned is None or arm.learned.saved.estimate is None:
        return "too few breaks to tell"
    saved = arm.learned.saved
    told = "saved" if (saved.estimate or 0.0) >= 0 else "cost"
    text = f"habit {told} {abs(saved.estimate or 0.0):.1f} bits"
    if saved.low is None or saved.high is None:
        return text
    low, high = (saved.low, saved.high) if told == "saved" else (-saved.high, -saved.low)
    return f"{text} ({low:.1f} to {high:.1f})".replace("-", "−")
