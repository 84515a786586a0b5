"""One look for all figures: for a talk, in grey, and for eyes that mix up red and green.

Arms differ three times over, by colour ([Okabe2008]_'s palette), by line style and by marker, and
are named where they end rather than in a legend wherever there is room. Text becomes outlines,
so that a figure looks the same everywhere; ids are salted and dates left out, so that the same
run gives the same bytes.
"""

from __future__ import annotations

import io
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from typing import Any, Final

import matplotlib
import numpy as np
import numpy.typing as npt
from matplotlib.axes import Axes
from matplotlib.figure import Figure
from matplotlib.layout_engine import ConstrainedLayoutEngine
from matplotlib.lines import Line2D
from matplotlib.transforms import ScaledTranslation

__all__ = [
    "INK",
    "NOTION_WORDS",
    "PALE",
    "QUIET",
    "ArmLook",
    "arm_looks",
    "as_png",
    "as_svg",
    "looks",
    "name_arms",
    "new_figure",
    "place_apart",
    "put_words",
    "says_little",
]

INK: Final = "#1c1c1e"
QUIET: Final = "#6b6b70"
PALE: Final = "#d9d9dc"
PNG_DPI: Final = 160

NOTION_WORDS: Final[dict[str, str]] = {
    "surprise": "what can be guessed is dull",
    "wundt": "neither too foreseeable nor chaos",
    "progress": "only what teaches is interesting",
}
"""Notion of interest to what it says, in a few words."""

_COLOURS: Final = ("#d55e00", "#0072b2", "#009e73", "#cc79a7", "#e69f00", "#56b4e9")
_LINES: Final = ("--", "-.", (0, (1, 1.2)), (0, (5, 1.5, 1, 1.5, 1, 1.5)), (0, (8, 2)))
_MARKERS: Final = ("s", "^", "D", "v", "P", "X", "<")
_LONGEST_NAME: Final = 16
_MOST_NAMES: Final = 7

_RC: Final[dict[str, Any]] = {
    "font.family": ["DejaVu Sans"],
    "font.size": 9.0,
    "axes.titlesize": 10.0,
    "axes.titleweight": "bold",
    "axes.titlelocation": "left",
    "axes.titlepad": 20.0,
    "axes.labelsize": 9.0,
    "axes.labelcolor": INK,
    "axes.edgecolor": QUIET,
    "axes.linewidth": 0.8,
    "axes.spines.top": False,
    "axes.spines.right": False,
    "axes.axisbelow": True,
    "axes.unicode_minus": True,
    "text.color": INK,
    "xtick.color": QUIET,
    "ytick.color": QUIET,
    "xtick.labelcolor": INK,
    "ytick.labelcolor": INK,
    "legend.frameon": False,
    "lines.linewidth": 1.8,
    "figure.facecolor": "white",
    "axes.facecolor": "white",
    "svg.fonttype": "path",
    "svg.hashsalt": "procgen-sim",
    "path.simplify": True,
    "text.parse_math": False,
}


@dataclass(frozen=True, kw_only=True)
class ArmLook:
    """How one arm is drawn, in every figure."""

    name: str
    colour: str
    line: Any
    marker: str
    width: float

    @property
    def ink(self) -> str:
        """The colour for text: darker, so that the palest can be read on white."""
        parts = [int(self.colour[i : i + 2], 16) for i in (1, 3, 5)]
        return "#" + "".join(f"{round(part * 0.72):02x}" for part in parts)

    @property
    def handle(self) -> Line2D:
        """A piece of its line for a legend."""
        return Line2D(
            [], [], color=self.colour, ls=self.line, lw=self.width, marker=self.marker, ms=5
        )

    @property
    def label(self) -> str:
        """The name, broken before its schedule."""
        return self.name.replace("@", "\n@", 1) if len(self.name) > 12 else self.name


@contextmanager
def looks() -> Iterator[None]:
    """Figures drawn and saved within look alike, whatever a user's matplotlibrc says."""
    with matplotlib.rc_context():
        matplotlib.rcdefaults()
        for key, value in _RC.items():
            matplotlib.rcParams[key] = value  # type: ignore[index]
        yield


def arm_looks(names: Sequence[str]) -> list[ArmLook]:
    """One look an arm in their order; the first, which stays on the model, is plain black."""
    found = [ArmLook(name=names[0], colour=INK, line="-", marker="o", width=2.4)]
    for i, name in enumerate(names[1:]):
        found.append(
            ArmLook(
                name=name,
                colour=_COLOURS[i % len(_COLOURS)],
                line=_LINES[i % len(_LINES)],
                marker=_MARKERS[i % len(_MARKERS)],
                width=1.8,
            )
        )
    return found


def new_figure(
    n_panels: int,
    *,
    narrow: bool,
    height: float = 3.4,
    sharey: bool = True,
    width: float | None = None,
) -> tuple[Figure, list[Axes]]:
    """A figure with panels side by side, or one below the other where the page is narrow."""
    if narrow:
        size = (4.3, 0.4 + (height - 0.3) * n_panels)
    else:
        size = (width or (10.2 if n_panels > 1 else 7.2), height)
    figure = Figure(figsize=size, layout=ConstrainedLayoutEngine(w_pad=0.08, h_pad=0.08))
    shape = (n_panels, 1) if narrow else (1, n_panels)
    axes = figure.subplots(*shape, sharey=sharey, squeeze=False).ravel().tolist()
    return figure, axes


def says_little(axes: Axes, words: str) -> None:
    """A quiet second line under a panel's title."""
    axes.text(
        0.0, 1.0, words, transform=axes.transAxes, ha="left", va="bottom", color=QUIET, size=8.5
    ).set_position((0.0, 1.025))


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
        ha=side,  # type: ignore[arg-type]
        va=vertical,  # type: ignore[arg-type]
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
        low, high = axes.get_ylim()
        lines = axes.bbox.height / figure.dpi * 72 / 10.5  # how many lines of text fit
        shown = [i for i in range(len(arms)) if np.isfinite(values[i])]
        heights = place_apart(
            np.clip(values[shown], low, high), (high - low) / max(lines, 4.0) * 1.15, low, high
        )
        for i, height in zip(shown, heights, strict=True):
            beside = axes.transData + ScaledTranslation(7 / 72, 0, figure.dpi_scale_trans)
            axes.plot(
                [at],
                [height],
                arms[i].marker,
                color=arms[i].colour,
                ms=4,
                transform=beside,
                clip_on=False,
            )
            axes.annotate(
                arms[i].label,
                (at, height),
                xytext=(13, 0),
                textcoords="offset points",
                va="center",
                ha="left",
                size=8.5,
                color=arms[i].ink,
                weight="bold" if i == 0 else "normal",
                annotation_clip=False,
            )


def place_apart(
    values: npt.NDArray[np.float64], gap: float, low: float, high: float
) -> npt.NDArray[np.float64]:
    """Values within ``[low, high]``, moved as little as it takes to be ``gap`` apart, in order.

    Least squares under an order is isotonic regression: once every value has lost the room
    of those below it, neighbours out of order share their mean.

    >>> place_apart(np.array([0.5, 0.5, 0.1]), 0.2, 0.0, 1.0).round(2).tolist()
    [0.4, 0.6, 0.1]
    """
    n = len(values)
    if n < 2:
        return values
    gap = min(gap, (high - low) / (n - 1))
    room = gap * np.arange(n)
    order = np.argsort(values, kind="stable")
    pools: list[list[float]] = []  # [mean, how many]
    for value in values[order] - room:
        pools.append([float(value), 1])
        while len(pools) > 1 and pools[-2][0] >= pools[-1][0]:
            mean, count = pools.pop()
            total = pools[-1][1] + count
            pools[-1] = [(pools[-1][0] * pools[-1][1] + mean * count) / total, total]
    level = np.concatenate([np.full(int(count), mean) for mean, count in pools])
    apart = np.empty(n)
    apart[order] = np.clip(level, low, high - room[-1]) + room
    return apart


def as_svg(figure: Figure) -> bytes:
    """The figure as SVG, the same bytes each time."""
    buffer = io.BytesIO()
    figure.savefig(buffer, format="svg", metadata={"Date": None, "Creator": None})
    return buffer.getvalue()


def as_png(figure: Figure, *, dpi: int = PNG_DPI) -> bytes:
    """The figure as PNG, the same bytes each time."""
    buffer = io.BytesIO()
    figure.savefig(buffer, format="png", dpi=dpi, metadata={"Software": None})
    return buffer.getvalue()
