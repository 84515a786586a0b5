"""Words in figures: arms named where their lines end, remarks where there is room."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Final

import numpy as np
import numpy.typing as npt
from matplotlib.axes import Axes
from matplotlib.figure import Figure
from matplotlib.transforms import ScaledTranslation

from procgen_sim.report.style import INK, QUIET, ArmLook

__all__ = ["name_arms", "place_apart", "put_words", "rising"]

_LONGEST_NAME: Final = 16
_MOST_NAMES: Final = 7


def put_words(axes: Axes, words: str, *, above: float, below: float) -> None:
    """A quiet remark where the curves leave most room: left or right, above or below a place."""
    (low, high), (first, last) = axes.get_ylim(), axes.get_xlim()
    room = 0.04 * (high - low)
    best, chosen = -1.0, ("right", "bottom")
    for side in ("right", "left"):
        for vertical, middle in (("bottom", above + room), ("top", below - room)):
            nearest = min(high - middle, middle - low)
            for line in axes.lines:
                x, y = np.asarray(line.get_xdata(), float), np.asarray(line.get_ydata(), float)
                share = (x - first) / (last - first)
                here = (share >= 0.5 if side == "right" else share <= 0.5) & np.isfinite(y)
                if len(x) > 2:  # the straight lines across a panel are no curves
                    nearest = min(nearest, float(np.abs(y[here] - middle).min(initial=nearest)))
            if nearest > best + 1e-9:
                best, chosen = nearest, (side, vertical)
    side, vertical = chosen
    axes.annotate(
        words,
        (0.985 if side == "right" else 0.015, above if vertical == "bottom" else below),
        xycoords=("axes fraction", "data"),
        xytext=(0, 3 if vertical == "bottom" else -3),
        textcoords="offset points",
        ha=side,
        va=vertical,
        color=QUIET,
        size=8,
        zorder=60,
    )


def name_arms(
    figure: Figure,
    panels: Sequence[Axes],
    arms: Sequence[ArmLook],
    ends: Sequence[npt.NDArray[np.float64]],
    at: float,
) -> None:
    """Name each arm where its line ends, or in a legend where names are long or many.

    Parameters
    ----------
    ends
        One array a panel with each arm's last value, NaN where it has none.
    at
        Where lines end.
    """
    if len(arms) > _MOST_NAMES or max(len(arm.name) for arm in arms) > _LONGEST_NAME:
        figure.legend(
            [arm.handle for arm in arms],
            [arm.name if len(arm.name) < 40 else f"{arm.name[:38]}…" for arm in arms],
            loc="outside lower center",
            ncols=1 if len(panels) == 1 or figure.get_figwidth() < 6 else 3,
            handlelength=3.2,
        )
        return
    for axes, values in zip(panels, ends, strict=True):
        to_axes = axes.transScale + axes.transLimits  # whatever the scales
        lines = axes.bbox.height / figure.dpi * 72 / 10.5  # how many lines of text fit
        shown = [i for i in range(len(arms)) if np.isfinite(values[i])]
        places = to_axes.transform([(at, values[i]) for i in shown]) if shown else np.empty((0, 2))
        heights = place_apart(np.clip(places[:, 1], 0.0, 1.0), 1.15 / max(lines, 4.0), 0.0, 1.0)
        for i, right, height in zip(shown, places[:, 0], heights, strict=True):
            beside = axes.transAxes + ScaledTranslation(7 / 72, 0, figure.dpi_scale_trans)
            axes.plot(
                [right],
                [height],
                arms[i].marker,
                color=arms[i].colour,
                ms=4,
                transform=beside,
                clip_on=False,
            )
            axes.annotate(
                arms[i].label,
                (right, height),
                xycoords="axes fraction",
                xytext=(13, 0),
                textcoords="offset points",
                va="center",
                ha="left",
                size=8.5,
                color=arms[i].ink,
                weight="bold" if arms[i].colour == INK else "normal",
                annotation_clip=False,
            )


def place_apart(
    values: npt.NDArray[np.float64], gap: float, low: float, high: float
) -> npt.NDArray[np.float64]:
    """Values within ``[low, high]``, moved as little as it takes to be ``gap`` apart, in order.

    Once every value has lost the room of those below it, they are to rise.

    >>> place_apart(np.array([0.5, 0.5, 0.1]), 0.2, 0.0, 1.0).round(2).tolist()
    [0.4, 0.6, 0.1]
    """
    n = len(values)
    if n < 2:
        return values
    gap = min(gap, (high - low) / (n - 1))
    room = gap * np.arange(n)
    order = np.argsort(values, kind="stable")
    apart = np.empty(n)
    apart[order] = np.clip(rising(values[order] - room), low, high - room[-1]) + room
    return apart


def rising(values: npt.NDArray[np.float64]) -> npt.NDArray[np.float64]:
    """The values that never fall and are closest to these by least squares (isotonic regression):
    neighbours out of order share their mean.

    >>> rising(np.array([1.0, 3.0, 2.0, 4.0])).tolist()
    [1.0, 2.5, 2.5, 4.0]
    """
    pools: list[list[float]] = []  # [mean, how many]
    for value in values:
        pools.append([float(value), 1])
        while len(pools) > 1 and pools[-2][0] >= pools[-1][0]:
            mean, count = pools.pop()
            total = pools[-1][1] + count
            pools[-1] = [(pools[-1][0] * pools[-1][1] + mean * count) / total, total]
    return np.concatenate([np.full(int(count), mean) for mean, count in pools])
