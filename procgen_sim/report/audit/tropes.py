"""A sheet of the patterns that pay most for having been learned, as pictures with their numbers."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any, Final

import numpy as np
from matplotlib.figure import Figure

from procgen_sim.report.audit.reading import Source
from procgen_sim.report.audit.tint import as_level, plain
from procgen_sim.report.facts import percent
from procgen_sim.report.style import QUIET, new_figure, set_margins

__all__ = ["MOST_TROPES", "draw_tropes", "trope_words"]

MOST_TROPES: Final = 12


def trope_words(trope: Mapping[str, Any], source: Source) -> tuple[str, str]:
    """How common and worth what; where it was met first."""
    share = percent(trope["share_of_levels"])
    bits = f"{trope['bits_saved']:,.0f} bits saved"
    if trope.get("share_of_bits") is not None:
        of_all = trope["share_of_bits"]
        bits += f", {'under 0.1 %' if of_all < 0.001 else percent(of_all)} of all"
    first = f"first in {trope['first_level']}"
    if trope.get("first_line") is not None:
        first += f", {source.line} {trope['first_line'] + 1}"
    return f"{share} of levels, {trope['n_occurrences']:,} times", f"{bits}; {first}"


def draw_tropes(source: Source, *, narrow: bool = False) -> Figure:
    """The sheet."""
    tropes = source.get("tropes")[:MOST_TROPES]
    per_row = 2 if narrow else 4
    figure, panels = new_figure(
        len(tropes), narrow=False, height=2.3, sharey=False, per_row=per_row
    )
    if narrow:
        figure.set_figwidth(4.3)
    largest = max(max(len(t["rows"]), len(t["rows"][0])) for t in tropes)
    for axes, trope in zip(panels, tropes, strict=True):
        picture = np.asarray(plain(as_level(trope["rows"], source), source))
        axes.imshow(picture, interpolation="nearest")
        # The same scale for all: a tile is as large in one picture as in the next.
        middle = picture.shape[1] / 2, picture.shape[0] / 2
        axes.set_xlim(middle[0] - largest * 8, middle[0] + largest * 8)
        axes.set_ylim(middle[1] + largest * 8, middle[1] - largest * 8)
        axes.set_axis_off()
        common, worth = trope_words(trope, source)
        axes.set_title(common, size=8.5, pad=27, loc="center")
        axes.text(
            0.5,
            1.02,
            worth.replace("; ", "\n"),
            transform=axes.transAxes,
            ha="center",
            va="bottom",
            size=7.5,
            color=QUIET,
        )
    set_margins(figure, left=0.1, right=0.1, bottom=0.1, top=0.75, between=0.15)
    return figure
