"""Two axes, never one score: how unpredictable a body stays, and how much there is to learn.

The two rank generators differently. Shuffled screens never become predictable and teach nothing
after a few levels; a rich grammar teaches for long and then holds no surprises.
"""

from __future__ import annotations

from collections.abc import Sequence
from typing import NamedTuple

import numpy as np
from matplotlib.axes import Axes
from matplotlib.figure import Figure
from matplotlib.ticker import MaxNLocator
from matplotlib.transforms import Bbox

from procgen_sim.report.audit.lines import WIDE_RANGE, count_axis, source_looks
from procgen_sim.report.audit.reading import Audit, Source
from procgen_sim.report.style import QUIET, ArmLook, lay_out, new_figure, says_little

__all__ = ["draw_two_axes", "has_two_axes"]


class _Point(NamedTuple):
    look: ArmLook
    to_learn: float
    veteran: float
    error: float
    words: str


def draw_two_axes(audit: Audit, *, narrow: bool = False) -> Figure:
    """Every source and yardstick: over equal numbers of columns, and each with all its levels."""
    looks = dict(zip(audit.sources, source_looks(audit, audit.sources), strict=True))
    n_lines = (audit.facts.get("comparison") or {}).get("n_columns")
    panels = [
        (points, title, words)
        for points, title, words in (
            (
                _at_equal_numbers(audit, looks),
                "at equal numbers",
                f"{n_lines:,} active columns or rows of each" if n_lines else "",
            ),
            (_of_everything(audit, looks), "all there is", "each with all its levels"),
        )
        if points
    ]
    figure, axes = new_figure(len(panels), narrow=narrow, height=4.0)
    for each, (points, title, words) in zip(axes, panels, strict=True):
        _draw(each, points)
        each.set_title(title)
        says_little(each, words)
        each.set_xlabel("more to learn (bits) →")
        if narrow or each is axes[0]:
            each.set_ylabel("unpredictable to a veteran →\n(bits an active column)")
    _scale_up(axes, [point for points, *_ in panels for point in points])
    lay_out(figure)
    for each, (points, *_) in zip(axes, panels, strict=True):
        _name(each, points)
    return figure


def _scale_up(axes: Sequence[Axes], points: Sequence[_Point]) -> None:
    """The scale upwards, the same in all panels."""
    top = max(point.veteran + point.error for point in points)
    least = min(point.veteran for point in points)
    for each in axes:
        if least > 0 and top > WIDE_RANGE * least:
            count_axis(each, "y", least / 1.6, top * 1.3)
        else:
            each.set_ylim(0.0, max(top * 1.15, 0.1))


def has_two_axes(audit: Audit) -> bool:
    """There is a source to draw."""
    looks = dict(zip(audit.sources, source_looks(audit, audit.sources), strict=True))
    return bool(_at_equal_numbers(audit, looks) or _of_everything(audit, looks))


def _at_equal_numbers(audit: Audit, looks: dict[Source, ArmLook]) -> list[_Point]:
    """What the first so many active columns cost above a veteran's price, in any order of levels.

    A veteran knows the whole body, so what is unpredictable is the same in both panels.
    """
    n_lines = (audit.facts.get("comparison") or {}).get("n_columns")
    if not n_lines:
        return []
    found = []
    for source, row in audit.rows:
        if row.get("bits_so_far") is None or row.get("veteran") is None:
            continue
        to_learn = max(row["bits_so_far"] - row["veteran"], 0.0) * n_lines
        found.append(_Point(looks[source], to_learn, row["veteran"], _error(source), ""))
    return found


def _of_everything(audit: Audit, looks: dict[Source, ArmLook]) -> list[_Point]:
    found = []
    for source in audit.sources:
        to_learn = source.number("learnable_bits")
        veteran = source.number("bits_per_active_column", "veteran")
        if to_learn is None or veteran is None:
            continue
        half = source.number("levels_to_half")
        words = "" if half is None else f"half in {half:.0f}"
        found.append(_Point(looks[source], to_learn, veteran, _error(source), words))
    return found


def _error(source: Source) -> float:
    """Half of the 95 % interval of what a veteran pays; 0 where it is not known."""
    return 1.96 * (source.number("bits_per_active_column", "veteran_error") or 0.0)


def _draw(axes: Axes, points: Sequence[_Point]) -> None:
    for point in points:
        axes.errorbar(
            point.to_learn,
            point.veteran,
            yerr=point.error or None,
            fmt=point.look.marker,
            color=point.look.colour,
            mfc=point.look.colour,
            ms=8,
            elinewidth=1.2,
            zorder=3,
        )
    x = np.array([point.to_learn for point in points])
    if (x > 0).all() and x.max() > WIDE_RANGE * x.min():
        count_axis(axes, "x", x.min() / 1.5, x.max() * 1.9)
    else:
        axes.set_xlim(0.0, max(float(x.max()) * 1.3, 1.0))
        axes.xaxis.set_major_locator(MaxNLocator(5))
        axes.xaxis.set_major_formatter("{x:,.0f}")
    axes.grid(color="#ececee", lw=0.8)


def _name(axes: Axes, points: Sequence[_Point]) -> None:
    """Name points where there is most room: of six places beside each, the freest."""
    figure = axes.figure
    inside = axes.get_window_extent()
    centres = axes.transData.transform([(p.to_learn, p.veteran) for p in points])
    taken = [
        Bbox.from_extents(x - 6, y - 6, x + 6, y + 6).padded(figure.dpi / 72) for x, y in centres
    ]
    for point in sorted(points, key=lambda p: -p.veteran):
        places = (
            ((9, 0), "left", "center"),
            ((-9, 0), "right", "center"),
            ((6, 9), "left", "bottom"),
            ((6, -9), "left", "top"),
            ((-6, 9), "right", "bottom"),
            ((-6, -9), "right", "top"),
        )
        best, least = None, np.inf
        for away, left_right, up_down in places:
            label = axes.annotate(
                f"{point.look.name}\n{point.words}" if point.words else point.look.name,
                (point.to_learn, point.veteran),
                xytext=away,
                textcoords="offset points",
                ha=left_right,
                va=up_down,
                size=8.5,
                linespacing=1.1,
                color=point.look.ink if point.look.colour != QUIET else QUIET,
            )
            box = label.get_window_extent()
            lost = box.width * box.height - _shared(box, inside)
            covered = 3.0 * lost + sum(_shared(box, other) for other in taken)
            if covered < least - 1e-9:
                if best is not None:
                    best.remove()
                best, least, chosen = label, covered, box
            else:
                label.remove()
        taken.append(chosen)


def _shared(a: Bbox, b: Bbox) -> float:
    both = Bbox.intersection(a, b)
    return 0.0 if both is None else float(both.width * both.height)
