"""Is it habituation? Ten hallmarks of it and the U-shape of attention, asked of simulated players.

Small panels: Rankin's ten hallmarks on levels under ``wundt``, each as boredom in two courses of
the same players; marks say where each holds, on dots and levels and under each notion of interest.
Right: the chance to leave after a level against how surprising the levels were.
"""

from __future__ import annotations

from collections.abc import Mapping
from textwrap import fill
from typing import Any

import numpy as np
import numpy.typing as npt
from matplotlib.axes import Axes
from matplotlib.figure import Figure
from matplotlib.layout_engine import ConstrainedLayoutEngine

from procgen_sim.experiments.essay import Finding
from procgen_sim.report.style import INK, QUIET, arm_looks, says_little
from procgen_sim.report.talk import script

MARKS = {"holds": "●", "by assumption": "◐", "does not hold": "○", "does not apply": "–"}
YARDSTICKS = {
    "dots": "wundt assumes an appetite; S₀: dots anywhere",
    "levels": "wundt assumes an appetite; S₀: the generator's",
}
SHADES = ("#b4b4b8", "#8a8a8f", "#5a5a5f", INK)
X_LABELS = {5: "level after a day off", 6: "theme", 8: "visit", 9: "level of a session"}
TOP = 0.62
SIZE = 8.5

Values = npt.NDArray[np.float64]


def draw(finding: Finding) -> Figure:
    """Ten small panels and the U."""
    figure = Figure(figsize=(15.0, 7.2), layout=ConstrainedLayoutEngine(w_pad=0.06, h_pad=0.1))
    grid = figure.add_gridspec(2, 6, width_ratios=[1, 1, 1, 1, 1, 1.75])
    materials = finding.data["materials"]
    shown = "levels" if "levels" in materials else next(iter(materials))
    for i, name in enumerate(finding.data["names"]):
        axes = figure.add_subplot(grid[divmod(i, 5)])
        verdicts = {m: of["hallmarks"][i]["verdicts"] for m, of in materials.items()}
        everywhere = all(row["wundt"] == "holds" for row in verdicts.values())
        axes.set_title(f"{i + 1}  {name}", color=INK if everywhere else QUIET)
        marks = {m: "".join(MARKS[v] for v in row.values()) for m, row in verdicts.items()}
        says_little(axes, "   ".join(f"{m} {row}" for m, row in marks.items()))
        curves = materials[shown]["hallmarks"][i]["curves"]
        {6: draw_carried, 8: draw_visits}.get(i, draw_curves)(axes, curves)
        axes.set_xlabel(X_LABELS.get(i, "level"))
        if i == 7:
            (one,) = materials[shown]["hallmarks"][i]["aside"]
            words = f"one other instead of three:\n{-one[0]:+.3f} boredom".replace("-", "−")
            axes.text(0.04, 0.06, words, transform=axes.transAxes, size=SIZE, color=INK)
        if i in (0, 5):
            axes.set_ylabel("boredom, 0 to 1")
        elif i < 5:  # one scale along the row
            axes.tick_params(labelleft=False)
    for row, (material, told) in enumerate(materials.items()):
        draw_attention(figure.add_subplot(grid[row, 5]), told["attention"], material)
    figure.suptitle(fill(message(finding), 120), x=0.01, ha="left", weight="bold", size=14)
    notions, n_players = ", ".join(finding.data["notions"]), finding.data["n_players"]
    words = (
        "Marks: ● holds, ◐ those who learn nothing show it, too, ○ does not hold, – does not apply;"
        f" under {notions}.   Curves: {shown}, wundt alone but for 9 and the right; mean of"
        f" {n_players} players ± 1.96 standard errors."
    )
    figure.supxlabel(words, x=0.01, ha="left", size=SIZE + 1, color=QUIET)
    return figure


def message(finding: Finding) -> str:
    """What the figure says, from the verdicts."""
    names, materials = finding.data["names"], finding.data["materials"].values()
    of_all = [{of["hallmarks"][i]["verdicts"]["wundt"] for of in materials} for i in range(10)]
    learned = [i for i, each in enumerate(of_all) if each == {"holds"}]
    shown = [i for i, each in enumerate(of_all) if each <= {"holds", "by assumption"}]
    missing = " or ".join(f"{i + 1} ({names[i]})" for i in range(10) if i not in shown)
    told = (
        f"Under wundt, learning makes {len(learned)} of the ten hallmarks of habituation,"
        f" the recovery assumed {len(shown) - len(learned)} more{missing and f', not {missing}'}"
    )
    return told if finding.holds else f"Not all that is claimed holds. {told}"


def draw_curves(axes: Axes, curves: Mapping[str, Mapping[str, list[float]]]) -> None:
    """Mean boredom level by level; the first course in black, the last of many, too."""
    many = len(curves) > 2
    for i, (name, curve) in enumerate(curves.items()):
        mean, error = np.array(curve["mean"]), np.array(curve["error"])
        x = np.arange(1.0, len(mean) + 1.0)
        colour = SHADES[i] if many else (INK, QUIET)[i]
        axes.plot(x, mean, color=colour, ls="-" if many or not i else (0, (4, 1.5)))
        low, high = mean - 1.96 * error, mean + 1.96 * error
        axes.fill_between(x, low, high, color=colour, alpha=0.2, lw=0)
        if not many or i in (0, len(curves) - 1):
            highest = max(other["mean"][-1] for other in curves.values())
            put_name(axes, name, x, mean, above=mean[-1] == highest)
    axes.set_ylim(0.0, TOP)


def put_name(
    axes: Axes, name: str, x: Values, y: Values, *, above: bool, colour: str = INK
) -> None:
    """A curve's name, clear of the right half of it."""
    late = y[x >= 0.55 * x[-1]]
    axes.annotate(
        name, (x[-1], late.max() if above else late.min()), xytext=(0, 6 if above else -6),
        textcoords="offset points", ha="right", va="bottom" if above else "top",
        color=colour, size=SIZE,
    )  # fmt: skip


def draw_carried(axes: Axes, curves: Mapping[str, Mapping[str, list[float]]]) -> None:
    """Boredom carried over to the same, a similar and another theme."""
    carried = curves["carried over"]
    error = 1.96 * np.array(carried["error"])
    axes.axhline(0.0, color=QUIET, lw=0.8)
    axes.errorbar(range(3), carried["mean"], error, color=INK, fmt="o", ms=5, elinewidth=1.2)
    axes.set_xticks(range(3), ["same", "similar", "other"])
    axes.set_xlim(-0.5, 2.5)
    axes.set_ylabel("boredom carried over")


def draw_visits(axes: Axes, curves: Mapping[str, Mapping[str, list[float]]]) -> None:
    """What each visit of another theme took away, under each notion."""
    for look, (notion, curve) in zip(notion_looks(curves), ordered(curves), strict=True):
        x = np.arange(1.0, len(curve["mean"]) + 1.0)
        error = 1.96 * np.array(curve["error"])
        axes.errorbar(
            x, curve["mean"], error, color=look.colour, ls=look.line, lw=look.width - 0.4,
            marker=look.marker, ms=3, elinewidth=0.8,
        )  # fmt: skip
        y = np.array(curve["mean"])
        lowest = min(other["mean"][-1] for other in curves.values())
        put_name(axes, notion, x, y, above=y[-1] > lowest, colour=look.ink)
    axes.set_ylim(0.0, 1.15 * axes.dataLim.y1)
    axes.set_ylabel("boredom taken away")


def draw_attention(axes: Axes, told: Mapping[str, Any], material: str) -> None:
    """The hazard of leaving against mean surprise, under each notion."""
    for look, (notion, found) in zip(notion_looks(told), ordered(told), strict=True):
        error = 1.96 * np.array(found["error"])
        axes.errorbar(
            found["ratio"], found["hazard"], error, color=look.colour, ls=look.line,
            lw=look.width, marker=look.marker, ms=4, elinewidth=0.9, label=notion,
        )  # fmt: skip
    shape = "a U" if told["wundt"]["u_shaped"] else "no U"
    axes.set_title(f"leaving, {material}: {shape} under wundt")
    says_little(axes, YARDSTICKS[material])
    axes.legend(loc="upper center", ncols=3, handlelength=2.2, columnspacing=1.0, fontsize=SIZE)
    axes.set_ylim(0.0, 1.2 * axes.dataLim.y1)
    axes.set_xlabel("mean surprise of the levels met, s / S₀")
    axes.set_ylabel("chance to leave after a level")


def ordered(told: Mapping[str, Any]) -> list[tuple[str, Any]]:
    """``wundt``, which gets the black line, before the others."""
    return sorted(told.items(), key=lambda item: item[0] != "wundt")


def notion_looks(told: Mapping[str, Any]) -> list[Any]:
    """One look a notion."""
    return arm_looks([notion for notion, _ in ordered(told)])


if __name__ == "__main__":
    raise SystemExit(script("hallmarks", draw, __doc__))
