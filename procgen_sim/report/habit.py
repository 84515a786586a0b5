"""A habit gets learned: what each player's first, second, … break of the model cost them.

Beside it, from the same players at the same levels, what the level would have cost had the
generator stayed on its model: breaks and the levels they replaced are paired by common streams.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np
import numpy.typing as npt
from matplotlib.figure import Figure
from matplotlib.ticker import MaxNLocator

from procgen_sim.report.curves import band
from procgen_sim.report.style import QUIET, ArmLook, name_arms, new_figure, put_words
from procgen_sim.results import as_cube

if TYPE_CHECKING:
    from procgen_sim.experiments import CompareRun

__all__ = ["by_ordinal", "draw_habit", "newcomer_bits"]

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


def newcomer_bits(run: CompareRun) -> float:
    """S₀ averaged over players, from f = 1 − s / S₀; NaN where every level was free."""
    arm = run.summary.arms[0].name
    bits = as_cube(run.records, "surprise_bits", arm)
    paid = 1.0 - as_cube(run.records, "foreseen", arm)
    known = np.abs(paid) > 1e-9
    return float((bits[known] / paid[known]).mean()) if known.any() else float("nan")


def draw_habit(run: CompareRun, arms: list[ArmLook], *, narrow: bool = False) -> Figure:
    """Mean surprise of breaks by their ordinal number, against the levels they replaced."""
    figure, (axes,) = new_figure(1, narrow=narrow, height=3.7)
    on_model = as_cube(run.records, "surprise_bits", arms[0].name)
    replaced, ends, longest = [], [np.nan], 1
    enough = max(1, min(run.summary.n_players, max(3, run.summary.n_players // 4)))
    for i, arm in enumerate(arms[1:], start=1):
        broke = as_cube(run.records, "broke", arm.name).astype(bool)
        bits = by_ordinal(as_cube(run.records, "surprise_bits", arm.name), broke)
        kept = int((np.isfinite(bits).sum(axis=0) >= enough).sum())
        if not kept:
            ends.append(np.nan)
            continue
        ordinals = np.arange(1, kept + 1)
        curve = band(bits[:, :kept])
        axes.fill_between(ordinals, curve.low, curve.high, color=arm.colour, alpha=0.14, lw=0)
        axes.plot(
            ordinals,
            curve.mean,
            color=arm.colour,
            ls=arm.line,
            lw=arm.width,
            marker=arm.marker,
            ms=5,
            zorder=3 + len(arms) - i,
        )
        ends.append(curve.mean[-1])
        longest = max(longest, kept)
        replaced.append(by_ordinal(on_model, broke)[:, :kept])
    if replaced:
        width = max(cube.shape[1] for cube in replaced)
        padded = [
            np.pad(cube, ((0, 0), (0, width - cube.shape[1])), constant_values=np.nan)
            for cube in replaced
        ]
        curve = band(np.concatenate(padded))
        axes.plot(np.arange(1, width + 1), curve.mean, color=arms[0].colour, lw=arms[0].width)
        ends[0] = curve.mean[-1]
    else:
        axes.text(0.5, 0.5, "no arm left the model often enough", ha="center", color=QUIET)
    axes.set_ylim(bottom=min(0.0, float(axes.get_ylim()[0])))
    naive = newcomer_bits(run)
    if np.isfinite(naive):
        axes.set_ylim(top=max(float(axes.get_ylim()[1]), naive * 1.12))
        put_words(axes, "a newcomer, on the model", above=naive, below=naive)
        axes.axhline(naive, color=QUIET, lw=0.8, ls=(0, (2, 2)), zorder=0)
    axes.set_xlim(0.7, longest + 0.3)
    axes.set_xlabel("a player’s 1st, 2nd, … break of the model")
    axes.set_ylabel("mean surprise, bits a level")
    axes.xaxis.set_major_locator(MaxNLocator(integer=True))
    name_arms(figure, [axes], arms, [np.array(ends)], longest + 0.1)
    return figure
