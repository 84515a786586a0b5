"""What training exists to prevent, and what it does to boredom.

Left: how thin the fitted line's density is, with the edge of its 99.9 % region, (5.5, 5.5), which
the model could have made, and (15, 5), which it never would. Right: boredom of the same players who
meet the same dots or levels, on the model throughout or with some 15 % of them off it, under three
notions of interest.
"""

from typing import Any

import numpy as np
from matplotlib.axes import Axes
from matplotlib.figure import Figure
from matplotlib.layout_engine import ConstrainedLayoutEngine

from procgen_sim.experiments.essay import Finding
from procgen_sim.report.labels import put_words
from procgen_sim.report.style import (
    INK,
    NOTION_WORDS,
    PALE,
    QUIET,
    ArmLook,
    arm_looks,
    says_little,
)
from procgen_sim.report.talk import script

ROWS = {"line": "dots", "levels": "levels"}
VERDICTS = {
    "later": "they stay longer",
    "sooner": "they leave sooner",
    "no later": "they stay no longer",
}


def draw(finding: Finding) -> Figure:
    figure = Figure(figsize=(13.6, 5.0), layout=ConstrainedLayoutEngine(w_pad=0.08, h_pad=0.06))
    grid = figure.add_gridspec(2, 4, width_ratios=(1.8, 1, 1, 1))
    data = finding.data
    _draw_map(figure.add_subplot(grid[:, 0]), data)
    outside = [check.holds for check in finding.checks if "99.9 %" in check.what]
    figure.axes[0].set_title(_unlikely(data) if all(outside) else _not_outside(data))
    notions = list(data["bodies"]["line"]["notions"])
    arms = arm_looks(list(data["bodies"]["line"]["notions"][notions[0]]["curves"]))
    first: Axes | None = None
    for row, (body, name) in enumerate(ROWS.items()):
        for column, notion in enumerate(notions):
            axes = figure.add_subplot(grid[row, column + 1], sharey=first, sharex=first)
            first = first or axes
            _draw_boredom(axes, data["bodies"][body], notion, arms)
            verdict = f"{name}: {VERDICTS[data['verdicts'][body][notion]]}"
            axes.text(0.03, 0.985, verdict, transform=axes.transAxes, va="top", weight="bold")
            axes.tick_params(labelleft=column == 0, labelbottom=row == 1)
            if row == 0:
                axes.set_title(notion)
                says_little(axes, NOTION_WORDS[notion])
                axes.texts[-1].set_fontsize(8)
            else:
                axes.set_xlabel("level")
            if column == 0:
                axes.set_ylabel("mean boredom, 0 to 1")
    assert first is not None
    first.set(ylim=(0, 1.1), xlim=(1, data["bodies"]["line"]["n_levels"]))
    first.set_yticks(np.linspace(0, 1, 6))
    handles = [arm.handle for arm in arms]
    for handle in handles:
        handle.set_marker("")
    names = ("on the model", f"{100 * data['rate']:.0f} % off it")
    first.legend(handles, names, loc=(0.02, 0.58), fontsize=8.5, borderpad=0.1, handlelength=2.6)
    put_words(
        figure.axes[6],  # levels under the second notion
        "where players leave",
        above=data["bodies"]["line"]["threshold"][2],
        below=data["bodies"]["line"]["threshold"][0],
    )
    return figure


def _unlikely(data: dict[str, Any]) -> str:
    far, near = data["far"], data["near_by"]
    power = data["bodies"]["line"]["refits"]["powers_of_ten"][0]
    raised = f"{power:.0f}".translate(str.maketrans("-0123456789", "⁻⁰¹²³⁴⁵⁶⁷⁸⁹"))
    near_by = f"({near[0]:g}, {near[1]:g})"
    return f"For one ({far[0]:g}, {far[1]:g}) the model makes 10{raised} of {near_by}"


def _not_outside(data: dict[str, Any]) -> str:
    far = data["far"]
    fits = [body["refits"] for body in data["bodies"].values() if "refits" in body]
    inside, n = sum(fit["n_inside"] for fit in fits), sum(fit["n"] for fit in fits)
    return f"({far[0]:g}, {far[1]:g}) is inside the region of {inside} of {n} fits"


def _draw_map(axes: Axes, data: dict[str, Any]) -> None:
    known, far, near = data["map"], data["far"], data["near_by"]
    mean, inverse = np.array(known["mean"]), np.linalg.inv(np.array(known["covariance"]))
    at = np.linspace(-2, 22, 200)
    apart = np.stack(np.meshgrid(at, at), axis=-1) - mean
    top = 0.5 * np.log(np.linalg.det(inverse)) - np.log(2 * np.pi)  # nats, in the middle
    tens = (top - 0.5 * (apart @ inverse * apart).sum(axis=-1)) / np.log(10)
    steps = np.arange(-45, 1, 5)
    shown = axes.contourf(at, at, tens, steps, cmap="Greys", vmin=-47, vmax=45, extend="min")
    edge = [known["edge_nats"] / np.log(10)]
    axes.contour(at, at, tens, edge, colors=INK, linewidths=1.6, linestyles="solid")
    axes.plot(*np.array(known["training"]).T, "o", color="white", mec=INK, mew=0.6, ms=3.5)
    orange, blue = (arm.colour for arm in arm_looks(["", "", ""])[1:])
    broken = np.array(data["bodies"]["line"]["broken"])
    if len(broken):
        axes.plot(*broken.T, "s", color=orange, mec=INK, mew=0.6, ms=4.5)
        axes.plot(
            [],
            [],
            "s",
            color=orange,
            mec=INK,
            mew=0.6,
            ms=4.5,
            label="off-model dots shown",
        )
    axes.plot([], [], "o", color="white", mec=INK, mew=0.6, ms=4, label="the data")
    axes.plot([], [], color=INK, lw=1.6, label="99.9 % of what it makes")
    axes.plot(*near, "*", color=blue, mec="white", mew=1.0, ms=16, zorder=5)
    axes.plot(*far, "X", color=orange, mec=INK, mew=1.0, ms=13, zorder=5)
    box = {"boxstyle": "round,pad=0.2", "fc": "white", "ec": "none", "alpha": 0.92}
    for dot, shift, side in ((far, (0, -21), "center"), (near, (-11, 11), "right")):
        axes.annotate(
            f"({dot[0]:g}, {dot[1]:g})",
            dot,
            xytext=shift,
            textcoords="offset points",
            ha=side,
            weight="bold",
            bbox=box,
            zorder=6,
        )
    axes.set(xlim=(-2, 22), ylim=(-2, 22), aspect="equal", xlabel="x", ylabel="y")
    refits = data["bodies"]["line"]["refits"]
    power, error = refits["powers_of_ten"]
    says_little(axes, f"10 to the power of {power:.1f} ± {error:.1f}, over {refits['n']} fits")
    axes.legend(loc="upper left", fontsize=7.5, frameon=True, facecolor="white", edgecolor="none")
    bar = axes.figure.colorbar(shown, ax=axes, location="right", shrink=0.75, pad=0.02)
    bar.set_label("density of the fitted line, powers of ten")


def _draw_boredom(axes: Axes, body: dict[str, Any], notion: str, arms: list[ArmLook]) -> None:
    low, middle, high = body["threshold"]
    axes.axhspan(low, high, color=PALE, alpha=0.55, lw=0, zorder=0)
    axes.axhline(middle, color=QUIET, lw=0.8, ls=(0, (2, 2)), zorder=0)
    for arm in arms:
        curve = body["notions"][notion]["curves"][arm.name]
        mean, error = np.array(curve["mean"]), 1.96 * np.array(curve["error"])
        at = np.arange(1, len(mean) + 1)
        axes.fill_between(at, mean - error, mean + error, color=arm.colour, alpha=0.2, lw=0)
        axes.plot(at, mean, color=arm.colour, ls=arm.line, lw=arm.width)


if __name__ == "__main__":
    raise SystemExit(script("off_model", draw, __doc__))
