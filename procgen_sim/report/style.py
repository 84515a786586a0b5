"""One look for all figures: for a talk, in grey, and for eyes that mix up red and green.

Arms differ three times over, by colour ([Okabe2008]_'s palette), by line style and by marker, and
are named where they end rather than in a legend wherever there is room. Text becomes outlines,
so that a figure looks the same everywhere; ids are salted and dates left out, so that the same
run gives the same bytes.
"""

from __future__ import annotations

import io
import warnings
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from typing import Any, Final

import matplotlib
from matplotlib.axes import Axes
from matplotlib.figure import Figure
from matplotlib.layout_engine import ConstrainedLayoutEngine
from matplotlib.lines import Line2D

__all__ = [
    "INK",
    "NOTION_WORDS",
    "PALE",
    "QUIET",
    "ArmLook",
    "arm_looks",
    "as_png",
    "as_svg",
    "lay_out",
    "looks",
    "new_figure",
    "says_little",
    "set_margins",
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

_FONT: Final = "DejaVu Sans"
_FALLBACKS: Final = (
    "Noto Sans",
    "Noto Sans CJK JP",
    "Noto Sans CJK SC",
    "Source Han Sans",
    "WenQuanYi Micro Hei",
    "Hiragino Sans",
    "PingFang SC",
    "Apple SD Gothic Neo",
    "Yu Gothic",
    "Microsoft YaHei",
    "Malgun Gothic",
    "Arial Unicode MS",
)
"""Fonts for names in scripts that ours, which Matplotlib brings, has no pictures of."""

_RC: Final[dict[str, Any]] = {
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
    """Figures drawn and saved within look alike, whatever a user's matplotlibrc says.

    A character that no font here can show becomes a box, without a warning.
    """
    from matplotlib.font_manager import fontManager

    installed = {font.name for font in fontManager.ttflist}
    with matplotlib.rc_context(), warnings.catch_warnings():
        warnings.filterwarnings("ignore", message="Glyph .* missing from", category=UserWarning)
        matplotlib.rcdefaults()
        matplotlib.rcParams["font.family"] = [_FONT, *(f for f in _FALLBACKS if f in installed)]
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
    per_row: int = 3,
) -> tuple[Figure, list[Axes]]:
    """A figure with panels side by side, or one below the other where the page is narrow."""
    if narrow:
        size = (4.3, 0.4 + (height - 0.3) * n_panels)
    else:
        size = (width or (10.2 if n_panels > 1 else 7.2), height * -(-n_panels // per_row))
    figure = Figure(figsize=size, layout=ConstrainedLayoutEngine(w_pad=0.08, h_pad=0.08))
    columns = 1 if narrow else min(n_panels, per_row)
    shape = (-(-n_panels // columns), columns)
    axes = figure.subplots(*shape, sharey=sharey, squeeze=False).ravel().tolist()
    for empty in axes[n_panels:]:
        empty.set_axis_off()
    del axes[n_panels:]
    return figure, axes


def set_margins(
    figure: Figure, *, left: float, right: float, bottom: float, top: float, between: float
) -> None:
    """Place panels by inches around each, for a grid of like ones: no text has to be measured.

    ``between`` is the room from one panel to the next in its row; from row to row it is
    ``top + bottom``.
    """
    grid = figure.axes[0].get_gridspec()
    assert grid is not None
    width, height = figure.get_size_inches()
    figure.set_layout_engine(None)
    panel_width = (width - left - right - between * (grid.ncols - 1)) / grid.ncols
    panel_height = height / grid.nrows - top - bottom
    figure.subplots_adjust(
        left=left / width,
        right=1.0 - right / width,
        bottom=bottom / height,
        top=1.0 - top / height,
        wspace=between / panel_width,
        hspace=(top + bottom) / panel_height,
    )


def says_little(axes: Axes, words: str) -> None:
    """A quiet second line under a panel's title."""
    axes.text(
        0.0, 1.0, words, transform=axes.transAxes, ha="left", va="bottom", color=QUIET, size=8.5
    ).set_position((0.0, 1.025))


def lay_out(figure: Figure) -> Figure:
    """Place everything once; saving would do it again, with a whole drawing before it each time."""
    engine = figure.get_layout_engine()
    if engine is not None:
        engine.execute(figure)
        figure.set_layout_engine(None)
    return figure


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
