"""A search as one figure: the race on the left, the finalists before fresh players on the right."""

from __future__ import annotations

import math
from pathlib import Path
from typing import TYPE_CHECKING, Final

from procgen_sim.experiments.marker import list_files
from procgen_sim.experiments.search import open_search
from procgen_sim.files import write_bytes

if TYPE_CHECKING:
    from matplotlib.axes import Axes
    from matplotlib.figure import Figure

    from procgen_sim.experiments.search import SearchRun
    from procgen_sim.experiments.statistics import Interval

__all__ = ["draw_search", "write_search_figures"]

_BEYOND: Final = 1.04
"""Where what lies beyond the horizon is drawn, in horizons."""


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
    choice = found.choice.name if found.choice else None
    # The darkest last: what coincides is seen as the choice, or as a finalist.
    for arm in sorted(tracks, key=lambda arm: (arm == choice, arm in names, len(tracks[arm]))):
        track, chosen, final = tracks[arm], arm == choice, arm in names
        colour = INK if chosen else QUIET if final else PALE
        axes.plot(*zip(*track, strict=True), "o-", color=colour, ms=3.5, lw=2.2 if chosen else 1.0)
    laps = [f"lap {i + 1}\n{lap.n_players} players" for i, lap in enumerate(found.laps)]
    axes.set_xticks(range(len(laps)), laps)
    axes.set_ylabel(f"levels that {100 * found.keep:g} % stay for")
    axes.set_ylim(0, None)
    axes.locator_params(axis="y", integer=True)
    axes.set_title("The race")
    chosen_words = "black: the choice" if found.choice else "none was chosen"
    says_little(axes, f"{len(tracks)} ways of leaving; the better half runs on ({chosen_words})")


def _draw_finalists(axes: Axes, found: SearchRun) -> None:
    from procgen_sim.report.style import INK, QUIET, says_little

    verdict, top = found.verdicts[found.interest], found.n_levels
    rows: list[tuple[str, Interval, str]] = [("on-model", verdict.on_model, "broke 0 %")]
    for each in verdict.finalists:
        words = f"broke {100 * each.broke_share:.1f} %"
        if found.choice:
            words += f"\nbest in {100 * each.p_best:.0f} %"
        rows.append((each.name, each.kept, words))
    for row, (_, kept, words) in enumerate(rows):
        low, best, high = (
            top if value is None or math.isinf(value) else value
            for value in (kept.low, kept.estimate, kept.high)
        )
        colour = INK if row == 1 and found.choice else QUIET
        axes.plot([low, high], [row, row], color=colour, lw=2.2, solid_capstyle="butt")
        if kept.estimate is not None and math.isfinite(kept.estimate):
            axes.plot([best], [row], "o" if row else "s", color=colour, ms=7)
        if kept.high is None or math.isinf(kept.high):
            axes.plot([top, top * _BEYOND], [row, row], color=colour, lw=2.2)
            axes.plot([top * _BEYOND], [row], ">", color=colour, ms=7)
        axes.text(
            1.03,
            row,
            words,
            transform=axes.get_yaxis_transform(),
            va="center",
            color=colour,
            linespacing=1.3,
        )
    axes.set_yticks(range(len(rows)), [name.replace("@", "\n@") for name, *_ in rows])
    axes.set_ylim(len(rows) - 0.5, -0.5)
    axes.set_xlim(0, top * (2 * _BEYOND - 1))
    axes.locator_params(axis="x", integer=True)
    axes.set_xlabel(f"levels that {100 * found.keep:g} % stay for, 95 % interval (arrow: >{top})")
    axes.set_title("The finalists")
    budget = f"at most {100 * found.budget:g} % of levels broken"
    says_little(axes, f"{budget}, {found.n_players} players with no part in the race")
    axes.tick_params(axis="y", length=0)
