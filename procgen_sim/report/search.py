"""A search as one figure: the race on the left, the finalists before fresh players on the right."""

from __future__ import annotations

import math
from pathlib import Path
from typing import TYPE_CHECKING

from procgen_sim.experiments.marker import list_files
from procgen_sim.experiments.search import open_search
from procgen_sim.files import write_bytes

if TYPE_CHECKING:
    from matplotlib.axes import Axes
    from matplotlib.figure import Figure

    from procgen_sim.experiments.search import SearchRun
    from procgen_sim.experiments.statistics import Interval

__all__ = ["draw_search", "write_search_figures"]


def write_search_figures(folder: Path) -> list[Path]:
    """Write ``figures/search.png`` and ``.svg`` of a search, from what its folder stores.

    Raises
    ------
    InputError
        If the folder holds no search, or cannot be written.
    """
    from procgen_sim.report.style import as_png, as_svg, lay_out, looks

    found = open_search(folder)
    with looks():
        figure = lay_out(draw_search(found))
        made = {"figures/search.png": as_png(figure), "figures/search.svg": as_svg(figure)}
    list_files(folder, made)
    for name, data in made.items():
        write_bytes(folder / name, data)
    return [folder / name for name in made]


def draw_search(found: SearchRun) -> Figure:
    """Draw what was searched and what was found."""
    from procgen_sim.report.style import new_figure

    figure, (race, final) = new_figure(2, narrow=False, height=4.2, sharey=False, per_row=2)
    _draw_race(race, found)
    _draw_finalists(final, found)
    return figure


def _draw_race(axes: Axes, found: SearchRun) -> None:
    from procgen_sim.report.style import INK, PALE, QUIET, says_little

    names = [each.name for each in found.verdicts[found.interest].finalists]
    top = found.n_levels
    tracks: dict[str, list[tuple[int, float]]] = {}
    for number, lap in enumerate(found.laps):
        for arm, kept in lap.ranking:
            tracks.setdefault(arm, []).append((number, top if math.isinf(kept) else kept))
    for arm, track in sorted(tracks.items(), key=lambda item: len(item[1])):
        chosen, final = arm == names[0], arm in names
        colour = INK if chosen else QUIET if final else PALE
        axes.plot(*zip(*track, strict=True), "o-", color=colour, ms=3.5, lw=2.2 if chosen else 1.0)
    laps = [f"lap {i + 1}\n{lap.n_players} players" for i, lap in enumerate(found.laps)]
    axes.set_xticks(range(len(laps)), laps)
    axes.set_ylabel(f"levels that {100 * found.keep:g} % stay for")
    axes.set_ylim(0, None)
    axes.set_title("The race")
    says_little(axes, f"{len(tracks)} ways of leaving; the better half runs on (black: the choice)")


def _draw_finalists(axes: Axes, found: SearchRun) -> None:
    from procgen_sim.report.style import INK, QUIET, says_little

    verdict, top = found.verdicts[found.interest], found.n_levels
    rows: list[tuple[str, Interval, float | None]] = [("on-model", verdict.on_model, None)]
    rows += [(each.name, each.kept, each.p_best) for each in verdict.finalists]
    for row, (_, kept, p_best) in enumerate(rows):
        low, best, high = (
            top if value is None or math.isinf(value) else value
            for value in (kept.low, kept.estimate, kept.high)
        )
        colour = INK if row == 1 else QUIET
        axes.plot([low, high], [row, row], color=colour, lw=2.2, solid_capstyle="butt")
        axes.plot([best], [row], "o" if row else "s", color=colour, ms=7)
        if p_best is not None:
            axes.text(
                1.02,
                row,
                f"best in {100 * p_best:.0f} %",
                transform=axes.get_yaxis_transform(),
                va="center",
                color=colour,
            )
    axes.set_yticks(range(len(rows)), [name.replace("@", "\n@") for name, *_ in rows])
    axes.set_ylim(len(rows) - 0.5, -0.5)
    axes.set_xlim(0, top * 1.02)
    axes.set_xlabel(f"levels that {100 * found.keep:g} % stay for, 95 % interval")
    axes.set_title("The finalists")
    says_little(axes, f"before {found.n_players} players who had no part in the choice")
    axes.tick_params(axis="y", length=0)
