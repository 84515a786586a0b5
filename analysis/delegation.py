"""Delegate the choices and the author disappears.

Left: six authors of dots, and what a machine makes of the same dots when both of their coordinates
are delegated to the model of everybody's work. Right: what is left of the author of a level, in
bits and in guesses, as a growing share of its eleven decisions is delegated: at random, the most
telling first, the least telling first. Bands are two standard errors over sets of authors.
"""

from __future__ import annotations

from typing import Any, Final

import numpy as np
from matplotlib.axes import Axes
from matplotlib.figure import Figure
from matplotlib.layout_engine import ConstrainedLayoutEngine

from procgen_sim.experiments.essay import Finding
from procgen_sim.experiments.wording import percent
from procgen_sim.report.style import INK, QUIET, ArmLook, arm_looks, says_little
from procgen_sim.report.talk import script

ORDERS: Final = {
    "random": "at random, others in each level",
    "best": "the least telling first",
    "fixed": "at random, the same in all levels",
    "worst": "the most telling first",
}
DRAWN: Final = ("best", "fixed", "worst", "random")
MARKS: Final = ("o", "^", "s", "X", "D", "v")
FILLS: Final = ("#3b3b8f", "white", "#e69f00", INK, "#d9d9de", "#8a8a8f")


def draw(finding: Finding) -> Figure:
    """Dots before and after on the left; bits and recognition of levels on the right."""
    data = finding.data
    figure = Figure(figsize=(11.0, 6.4), layout=ConstrainedLayoutEngine(w_pad=0.1, h_pad=0.08))
    grid = figure.add_gridspec(2, 2, width_ratios=(1.0, 2.7))
    before, after = (figure.add_subplot(grid[i, 0]) for i in range(2))
    bits, seen = (figure.add_subplot(grid[i, 1]) for i in range(2))
    figure.suptitle(title(finding), x=0.012, ha="left", weight="bold", size=12.5)
    dots, n_sets = data["dots"]["random"], data["dots"]["repetitions"]
    for axes, key, place, words in (
        (before, "before", 0, "Dots: the authors' own choices"),
        (after, "after", -1, "Dots: both choices delegated"),
    ):
        scatter(axes, data["shown"][key], data["shown"]["whose"])
        axes.set_title(words)
        rate, left = dots["accuracy"]["mean"][place], max(dots["read"]["mean"][place], 0.0)
        one = f" (one: {percent(dots['accuracy']['mean'][1])})" if place else ""
        says_little(axes, f"mean of {n_sets} sets: {percent(rate)}{one} · {left:.1f} bits")
    looks = dict(zip(ORDERS, arm_looks(list(ORDERS.values())), strict=True))
    curves(bits, data, "read", looks)
    curves(seen, data, "accuracy", looks)
    most = np.log2(data["levels"]["n_authors"])
    bits.axhline(most, color=QUIET, lw=0.8, ls=(0, (2, 2)), zorder=0)
    bits.text(1.0, most, "the author is certain", ha="right", va="bottom", color=QUIET, size=8.5)
    bits.set(ylim=(-0.05, most * 1.12), ylabel="bits about the author,\nread in a level")
    bits.set_title("Levels: eleven choices, delegated …")
    says_little(bits, what_lasts(data["levels"]))
    bits.legend(
        [looks[name].handle for name in DRAWN],
        [f"… {ORDERS[name]}" for name in DRAWN],
        loc="lower left",
        handlelength=3.4,
        fontsize=8.5,
    )
    for name, told in data["styles"].items():
        seen.plot((0, 6 / 11, 1), told["mean"], color=QUIET, lw=0.9, ls=(0, (1, 2)), marker=".")
        seen.annotate(
            f"authors {name}", (0.27, (told["mean"][0] + told["mean"][1]) / 2), xytext=(0, 3),
            textcoords="offset points", color=QUIET, size=8.5,
        )  # fmt: skip
    chance = 1.0 / data["levels"]["n_authors"]
    n = data["levels"]["repetitions"]
    says_little(seen, f"held-out levels; bands are two standard errors over {n} sets of authors")
    seen.axhline(chance, color=QUIET, lw=0.8, ls=(0, (2, 2)), zorder=0)
    seen.text(0.0, chance, "chance", ha="left", va="bottom", color=QUIET, size=8.5)
    seen.set(ylim=(0, 1), ylabel="share of levels whose\nauthor is recognised")
    seen.set_yticks([0, 0.25, 0.5, 0.75, 1.0], ["0", "25 %", "50 %", "75 %", "100 %"])
    seen.set_xlabel("share q of a level's decisions that is delegated")
    return figure


def title(finding: Finding) -> str:
    """The message, from the numbers."""
    levels = finding.data["levels"]
    rate, chance = levels["random"]["accuracy"]["mean"], percent(1.0 / levels["n_authors"])
    told = f"{percent(rate[0])} recognised, halfway {percent(rate[len(rate) // 2])}, at the end"
    if finding.holds:
        return f"Delegate the choices and the author disappears: {told} by chance"
    return f"Delegating choices, authors of levels: {told} {percent(rate[-1])} (chance {chance})"


def what_lasts(levels: Any) -> str:
    """What kept choices hold of the genre and of the style within it, halfway."""
    held, school = (np.asarray(levels["random"][what]["mean"]) for what in ("held", "school"))
    style, middle = held - school, len(held) // 2
    return (
        f"with {percent(levels['q'][middle])} delegated the kept choices hold "
        f"{school[middle]:.2f} of {school[0]:.2f} bits of the genre, "
        f"{style[middle]:.2f} of {style[0]:.2f} of the style"
    )


def scatter(axes: Axes, dots: Any, whose: Any) -> None:
    """The dots of each author, by shape, fill and lightness."""
    points, who = np.asarray(dots, float), np.asarray(whose)
    for i in range(who.max() + 1):
        axes.plot(
            *points[who == i].T, MARKS[i], color=INK, mfc=FILLS[i], ms=4.6, mew=0.6, alpha=0.9
        )
    axes.set(xlim=(0, 20), ylim=(0, 20), aspect="equal", xticks=(0, 10, 20), yticks=(0, 10, 20))
    axes.set_xlabel("first choice, x", labelpad=1)
    axes.set_ylabel("second choice, y", labelpad=1)


def curves(axes: Axes, data: Any, what: str, looks: dict[str, ArmLook]) -> None:
    """One line and band an order."""
    q = np.asarray(data["levels"]["q"])
    for name in DRAWN:
        look = looks[name]
        told = data["levels"][name][what]
        mean, error = np.asarray(told["mean"]), np.asarray(told["error"])
        axes.fill_between(
            q, mean - 2 * error, mean + 2 * error, color=look.colour, alpha=0.16, lw=0
        )
        axes.plot(q, mean, color=look.colour, ls=look.line, lw=look.width, marker=look.marker, ms=5)
    axes.set_xlim(-0.02, 1.02)
    axes.set_xticks(np.linspace(0, 1, 5), ["0", "25 %", "50 %", "75 %", "100 %"])


if __name__ == "__main__":
    raise SystemExit(script("delegation", draw, __doc__))
