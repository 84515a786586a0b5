"""Is on-model novelty novel? No sample is a copy, and players foresee what comes all the same.

Left: dots the fitted line made. Middle: how unlike each level of a generator is to the nearest that
its player met before, beside how unlike hand-made levels are to each other. Right: how much of what
can be foreseen players foresee, those who forget nothing and those who forget as people do.
"""

from typing import Any

import numpy as np
from matplotlib.axes import Axes
from matplotlib.figure import Figure

from procgen_sim.experiments.essay import Finding
from procgen_sim.experiments.wording import listed
from procgen_sim.report.labels import place_apart
from procgen_sim.report.style import INK, PALE, QUIET, arm_looks, new_figure, says_little
from procgen_sim.report.talk import script

NEWEST = 12
NAMES = {"levels": "levels", "line": "dots on\na line", "clusters": "dots in\nclusters"}


def draw(finding: Finding) -> Figure:
    figure, (dots, looks, climb) = new_figure(3, narrow=False, sharey=False, height=3.9, width=12.4)
    bodies = finding.data["bodies"]
    _draw_dots(dots, bodies["line"], finding.data["example"])
    _draw_looks(looks, bodies["levels"])
    _draw_climb(climb, bodies)
    dots.set_title(_copies("dot", bodies["line"]))
    looks.set_title(_copies("level", bodies["levels"]))
    foreseen = [check.holds for check in finding.checks if "predictability" in check.what]
    half = listed([_after(bodies[name]["remember"]["levels_to_half"][0]) for name in NAMES])
    climb.set_title(f"Yet half is foreseen after {half}" if all(foreseen) else "Not all foreseen")
    return figure


def _copies(noun: str, body: dict[str, Any]) -> str:
    n, of = body["n_copies"], body["n_samples"]
    return f"{n:,} of {of:,} {noun}s are copies" if n else f"No {noun} is a copy"


def _after(levels: float | None) -> str:
    return "never" if levels is None else f"{levels:.0f}"


def _told_apart(body: dict[str, Any]) -> str:
    return f"people could tell {100 * body['share_told_apart'][0]:.0f} %"


def _draw_dots(axes: Axes, line: dict[str, Any], example: list[float]) -> None:
    training, met = np.array(line["training"]), np.array(line["met"])
    earlier, newest = met[-60:-NEWEST], met[-NEWEST:]
    orange = arm_looks(["", ""])[1].colour
    axes.plot(*training.T, "o", mfc="white", mec=QUIET, ms=4.5, label="the data")
    axes.plot(*earlier.T, "o", color="#9a9aa0", ms=3, mew=0, label="made by the model")
    axes.plot(*newest.T, "D", color=orange, mec=INK, mew=0.6, ms=5.5, label="the newest")
    axes.plot(*example, "*", color=INK, ms=13, mec="white", mew=0.8, zorder=5)
    axes.annotate(
        f"({example[0]:g}, {example[1]:g})",
        example,
        xytext=(11, 2.2),
        color=INK,
        weight="bold",
        va="center",
        arrowprops={"arrowstyle": "-", "color": INK, "lw": 0.8, "shrinkB": 6},
    )
    axes.set(xlim=(-2, 22), ylim=(-2, 22), aspect="equal", xlabel="x", ylabel="y")
    axes.set_xticks(range(0, 21, 5))
    axes.set_yticks(range(0, 21, 5))
    axes.legend(loc="upper left", handletextpad=0.2, borderpad=0.0, fontsize=8)
    says_little(axes, f"of {line['n_samples']:,}; {_told_apart(line)} from all before")


def _draw_looks(axes: Axes, levels: dict[str, Any]) -> None:
    mean, error = (
        np.array(levels["to_earlier"][1:], float),
        np.array(levels["to_earlier_error"][1:], float),
    )
    at, hand = np.arange(2, len(mean) + 2), levels["hand_made"]
    axes.axhspan(hand["least"], hand["most"], color=PALE, alpha=0.55, lw=0)
    axes.axhline(hand["median"], color=QUIET, lw=0.8, ls=(0, (2, 2)))
    axes.fill_between(at, mean - 1.96 * error, mean + 1.96 * error, color=INK, alpha=0.18, lw=0)
    axes.plot(at, mean, color=INK)
    axes.text(
        0.98,
        hand["most"],
        f"among {hand['n']} hand-made levels:\nleast, median and most",
        transform=axes.get_yaxis_transform(),
        ha="right",
        va="top",
        color=QUIET,
        size=8,
    )
    axes.text(
        0.98,
        0.006,
        "0: the same level",
        transform=axes.get_yaxis_transform(),
        ha="right",
        va="bottom",
        color=QUIET,
        size=8,
    )
    axes.axhline(0.0, color=QUIET, lw=0.8)
    axes.set(xlim=(1, at[-1]), ylim=(-0.012, max(0.4, hand["most"] * 1.08)), xlabel="level")
    axes.set_ylabel("distance in looks to the nearest\nlevel met before")
    says_little(axes, f"of {levels['n_samples']:,}; {_told_apart(levels)} from all before")


def _draw_climb(axes: Axes, bodies: dict[str, Any]) -> None:
    arms = arm_looks(list(NAMES))
    ends, last = [], 1
    for arm in arms:
        body = bodies[arm.name]
        for who, style, width in (("forget", (0, (1, 1)), 1.0), ("remember", arm.line, arm.width)):
            curve = body[who]
            at, mean = np.array(curve["levels"]), np.array(curve["mean"])
            error = 1.96 * np.array(curve["error"])
            if who == "remember":
                axes.fill_between(
                    at, mean - error, mean + error, color=arm.colour, alpha=0.16, lw=0
                )
            mark = arm.marker if who == "remember" else None
            axes.plot(at, mean, color=arm.colour, ls=style, lw=width, marker=mark, ms=3.5)
        ends.append(body["remember"]["mean"][-1])
        last = body["n_levels"]
    axes.axhline(1.0, color=QUIET, lw=0.8, ls=(0, (2, 2)))
    axes.axhline(0.0, color=QUIET, lw=0.8)
    axes.set(xscale="log", xlim=(0.95, last), ylim=(-0.45, 1.15), xlabel="level")
    ticks = [t for t in (1, 2, 5, 10, 20, 50, 100, 200) if t <= last]
    axes.set_xticks(ticks, [str(t) for t in ticks])
    axes.set_xticks([], minor=True)
    axes.set_ylabel("predictability\n0 a newcomer, 1 nothing left to learn")
    for arm, end in zip(arms, place_apart(np.array(ends), 0.19, -0.4, 1.06), strict=True):
        axes.annotate(
            NAMES[arm.name],
            (1.0, end),
            xycoords=("axes fraction", "data"),
            xytext=(8, 0),
            textcoords="offset points",
            color=arm.ink,
            size=8.5,
            va="center",
        )
    after = listed([_after(bodies[name]["remember"]["levels_to_90"][0]) for name in NAMES])
    says_little(axes, f"90 % after {after}; dotted: those who forget")


if __name__ == "__main__":
    raise SystemExit(script("on_model", draw, __doc__))
