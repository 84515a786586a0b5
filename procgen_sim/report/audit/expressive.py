"""Expressive range: where levels lie by two measures at a time, one panel a source."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any, Final

import numpy as np
import numpy.typing as npt
from matplotlib.axes import Axes
from matplotlib.figure import Figure

from procgen_sim.report.audit.lines import Values, as_values
from procgen_sim.report.audit.reading import Audit, Source
from procgen_sim.report.facts import percent
from procgen_sim.report.style import INK, new_figure, says_little, set_margins

__all__ = ["draw_range", "metric", "pairs_of", "range_values"]

_BINS: Final = 24
_FEW: Final = 40
"""Levels below which they are drawn one by one: a histogram of a handful says nothing."""
_COLOURS: Final = "Blues"


def metric(source: Source, name: str) -> Mapping[str, Any] | None:
    """What was measured under that name, or None."""
    for found in source.get("expressive_range", "metrics") or ():
        if found["name"] == name:
            return dict(found)
    return None


def range_values(source: Source, pair: tuple[str, str]) -> Values:
    """``(n, 2)`` the levels that have both numbers."""
    both = [metric(source, name) for name in pair]
    columns = [as_values((each or {}).get("values")) for each in both]
    if len(columns[0]) != len(columns[1]):
        return np.empty((0, 2))
    values = np.column_stack(columns)
    known: Values = values[np.isfinite(values).all(axis=1)]
    return known


def pairs_of(audit: Audit) -> list[tuple[str, str]]:
    """Pairs of measures that some given source has numbers for, in the order stored."""
    found: dict[tuple[str, str], None] = {}
    for source in audit.given:
        for pair in source.get("expressive_range", "pairs") or ():
            names = (str(pair["x"]), str(pair["y"]))
            if len(range_values(source, names)):
                found[names] = None
    return list(found)


def draw_range(audit: Audit, pair: tuple[str, str], *, narrow: bool = False) -> Figure:
    """2-D histograms on the same axes, with the outlines of the densest half and 90 %."""
    shown = [(s, v) for s in audit.sources if len(v := range_values(s, pair))]
    n_panels = len(shown)
    figure, panels = new_figure(
        n_panels,
        narrow=narrow,
        height=2.9,
        width=4.6 if n_panels == 1 else None,
    )
    edges = _edges([values for _, values in shown])
    for axes, (source, values) in zip(panels, shown, strict=True):
        _draw(axes, values, edges)
        axes.set_title(source.short)
        says_little(axes, f"{len(values):,} levels" + _share_words(source, pair))
        axes.set_xlim(edges[0][0], edges[0][-1])
        axes.set_ylim(edges[1][0], edges[1][-1])
        axes.set_xlabel(pair[0].replace("_", " "))
    for axes in panels[:: 1 if narrow else 3]:
        axes.set_ylabel(pair[1].replace("_", " "))
    set_margins(figure, left=0.75, right=0.15, bottom=0.55, top=0.5, between=0.3)
    return figure


def _share_words(source: Source, pair: tuple[str, str]) -> str:
    for each in source.get("expressive_range", "pairs") or ():
        share = each.get("occupied_share_equal")
        if (each["x"], each["y"]) == pair and share is not None:
            return f", {percent(share)} of the area"
    return ""


def _edges(values: Sequence[Values]) -> tuple[Values, Values]:
    """Bin edges of both measures, common to all sources: around all that occurs."""
    everything = np.concatenate(values)
    found = []
    for low, high in zip(everything.min(axis=0), everything.max(axis=0), strict=True):
        room = 0.04 * (high - low) or 0.5
        found.append(np.linspace(low - room, high + room, _BINS + 1))
    return found[0], found[1]


def _draw(axes: Axes, values: Values, edges: tuple[Values, Values]) -> None:
    x, y = edges
    if len(values) < _FEW:
        axes.plot(*values.T, "o", color=INK, ms=4, mfc="none", mew=1.0, clip_on=False)
        return
    inside = np.clip(values, [x[0], y[0]], [x[-1], y[-1]])
    count, _, _ = np.histogram2d(inside[:, 0], inside[:, 1], bins=[x, y])
    axes.imshow(
        np.ma.masked_equal(count.T, 0),
        origin="lower",
        extent=(x[0], x[-1], y[0], y[-1]),
        aspect="auto",
        cmap=_COLOURS,
        vmin=-0.25 * count.max(),
        vmax=count.max(),
        interpolation="nearest",
    )
    smooth = _smoothed(count)
    falling = np.sort(smooth.ravel())[::-1]
    held = np.cumsum(falling) / falling.sum()
    levels = sorted({float(falling[np.searchsorted(held, share)]) for share in (0.5, 0.9)})
    if levels[-1] > smooth.min():
        middle = [(edge[1:] + edge[:-1]) / 2 for edge in (x, y)]
        axes.contour(
            *middle, smooth.T, levels=levels, colors=INK, linewidths=[0.8, 1.5][-len(levels) :]
        )


def _smoothed(count: npt.NDArray[np.float64]) -> Values:
    """Counts spread over their neighbours, one bin wide, so that contours are not stairs."""
    weights = np.exp(-0.5 * np.arange(-3, 4) ** 2)
    weights /= weights.sum()
    spread = np.pad(count, 3)
    for axis in (0, 1):
        spread = np.apply_along_axis(np.convolve, axis, spread, weights, "same")
    return np.asarray(spread[3:-3, 3:-3])
