"""Vocabulary growth: how many different patterns there are after so many columns, or windows."""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np
from matplotlib.axes import Axes
from matplotlib.figure import Figure

from procgen_sim.report.audit.lines import (
    Values,
    as_values,
    count_axis,
    draw_line,
    source_looks,
)
from procgen_sim.report.audit.reading import Audit, Source
from procgen_sim.report.labels import name_arms
from procgen_sim.report.style import ArmLook, new_figure, says_little

__all__ = ["draw_growth", "draw_sizes", "growth_of", "sizes_of"]

MAIN = ("vocabulary", "3")


def growth_of(source: Source, *path: str) -> tuple[Values, Values] | None:
    """Lines met, and distinct patterns by then; None where that was not counted.

    The mean over all orders where it is stored, else the order given. Levels differ in length, so
    the lines of so many levels are those of as many average ones.
    """
    per_level = (source.number("n_active_columns") or source.n_lines) / source.n_levels
    whole = np.arange(1.0, source.n_levels + 1.0)
    expected = as_values(source.get(*path, "expected"))
    if len(expected) == source.n_levels:
        return np.asarray(whole * per_level), expected
    met = as_values(source.get(*path, "curve"))
    if len(met) == source.n_levels:
        return np.asarray(whole * per_level), met
    return None


def sizes_of(audit: Audit, where: str) -> list[str]:
    """Sizes of patterns counted under ``"vocabulary"`` or ``"windows"`` but for the main one."""
    found: dict[str, None] = {}
    for source in audit.sources:
        for size in source.get(where) or {}:
            if (where, size) != MAIN and growth_of(source, where, size) is not None:
                found[size] = None
    return list(found)


def draw_growth(audit: Audit, *, narrow: bool = False) -> Figure:
    """Patterns of three lines: at equal numbers of lines, and of everything on logarithmic axes."""
    chosen = _with_growth(audit, *MAIN)
    looks = source_looks(audit, chosen)
    equal = min(int(source.number("n_active_columns") or 0) for source in chosen)
    figure, panels = new_figure(2, narrow=narrow, sharey=False, height=3.7)
    ends = [
        _draw(panels[0], chosen, looks, MAIN, most=equal),
        _draw(panels[1], chosen, looks, MAIN, slopes=True),
    ]
    line = _line_word(chosen)
    panels[0].set_title("at equal numbers")
    says_little(panels[0], f"the first {equal:,} active ones of each, over all orders of levels")
    panels[1].set_title("all there is")
    says_little(panels[1], "slope 1: everything new for ever; flat: nothing new")
    panels[0].set_ylabel(f"distinct patterns of three {line}")
    name_arms(figure, panels[:1], looks, ends[:1], equal)
    name_arms(figure, panels[1:], looks, ends[1:], panels[1].get_xlim()[1])
    return figure


def draw_sizes(audit: Audit, where: str, *, narrow: bool = False) -> Figure:
    """One small panel for each other size of pattern, on logarithmic axes."""
    sizes = sizes_of(audit, where)
    figure, panels = new_figure(len(sizes), narrow=narrow, sharey=False, height=3.0)
    for axes, size in zip(panels, sizes, strict=True):
        chosen = _with_growth(audit, where, size)
        looks = source_looks(audit, chosen)
        ends = _draw(axes, chosen, looks, (where, size), slopes=True)
        axes.set_title(_size_words(size, _line_word(chosen)))
        name_arms(figure, [axes], looks, [ends], axes.get_xlim()[1])
    return figure


def _with_growth(audit: Audit, *path: str) -> list[Source]:
    return [source for source in audit.sources if growth_of(source, *path) is not None]


def _line_word(sources: Sequence[Source]) -> str:
    words = sorted({f"{source.line}s" for source in sources})
    return " or ".join(words)


def _size_words(size: str, line: str) -> str:
    if size.isdigit():
        return f"patterns of {size} {line}" if size != "1" else f"single {line}"
    return f"windows of {size.replace('x', ' × ')} tiles"


def _draw(
    axes: Axes,
    sources: Sequence[Source],
    looks: Sequence[ArmLook],
    path: tuple[str, str],
    *,
    most: float | None = None,
    slopes: bool = False,
) -> Values:
    """Curves, up to ``most`` lines, or of everything on logarithmic axes; where they end."""
    ends: list[float] = []
    nearest, furthest, fewest = np.inf, 1.0, np.inf
    for i, (source, look) in enumerate(zip(sources, looks, strict=True)):
        found = growth_of(source, *path)
        assert found is not None
        lines, distinct = found
        if most is not None:
            last = float(np.interp(most, lines, distinct))
            inside = lines < most
            lines = np.concatenate([[0.0], lines[inside], [most]])
            distinct = np.concatenate([[0.0], distinct[inside], [last]])
        draw_line(axes, look, lines, distinct, order=len(sources) - i)
        ends.append(float(distinct[-1]))
        nearest, furthest = min(nearest, float(lines[0])), max(furthest, float(lines[-1]))
        fewest = min(fewest, float(distinct[0]))
    word = _line_word(sources)
    axes.set_xlabel(f"{word} met")
    if slopes:
        count_axis(axes, "x", nearest, max(furthest, 1.01 * nearest))
        count_axis(axes, "y", fewest / 1.2, max(ends) * 1.2)
    else:
        axes.set_xlim(0.0, furthest)
        axes.set_ylim(bottom=0.0)
        for axis in (axes.xaxis, axes.yaxis):
            axis.set_major_formatter("{x:,.0f}")
    return np.array(ends)
