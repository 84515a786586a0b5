"""A model with too many parameters fits the dots better and is absurd at the edge and beyond.

Left, one set of dots on x = y and curves of three degrees through them. Middle, how far off the
curves are on average over many such sets: on the dots themselves, in their middle, at their edge
and beyond. Right, the same of hand-made levels: on those fitted, on others among them, beyond.
"""

import numpy as np
from matplotlib.axes import Axes
from matplotlib.figure import Figure

from procgen_sim.experiments.essay import Finding
from procgen_sim.experiments.essay.weakest import weakest
from procgen_sim.report.labels import place_apart
from procgen_sim.report.style import INK, PALE, QUIET, new_figure, says_little
from procgen_sim.report.talk import script

LOOKS = {
    "training": (QUIET, ":", "o"),
    "middle": ("#0072b2", "-.", "^"),
    "edge": ("#d55e00", "--", "s"),
    "beyond": (INK, "-", "D"),
}


def draw(finding: Finding) -> Figure:
    figure, (left, middle, right) = new_figure(
        3, narrow=False, height=4.1, width=13.0, sharey=False
    )
    data = finding.data
    training, edge, beyond, further, line, *levels = finding.checks
    _curves(left, data)
    left.set_title(
        line.told("The line stays right", "The line may stay right", "The line goes wrong, too")
    )
    words = {
        "training": "on the dots\nfitted",
        "middle": "middle\n(x 8–12)",
        "edge": "edge\n(x 18–20)",
        "beyond": "beyond\n(x 20–24)",
    }
    _errors(middle, data["degrees"], data["dots"], words)
    middle.set_ylabel("distance from y = x (on the dots fitted:\nfrom them), in sd of the dots")
    middle.set_title(
        training.told("Better on the dots, ", "Hardly better on the dots, ", "Worse on the dots, ")
        + weakest((edge, beyond, further)).told(
            "absurd at the edge", "perhaps absurd at the edge", "not so absurd at the edge"
        )
    )
    says_little(middle, f"{data['n_fitted']} dots, {data['n_datasets']} sets of them")
    words = {
        "training": "levels\nfitted",
        "middle": "others,\namong them",
        "beyond": "others,\nbeyond",
    }
    _errors(right, data["levels"]["degrees"], data["levels"], words)
    right.set_ylabel("distance from the level, in sd of levels")
    right.set_title(
        weakest(levels).told("So it is with levels", "Perhaps so with levels", "Not so with levels")
    )
    says_little(right, f"{data['n_fitted']} of {data['levels']['n_levels']} hand-made levels")
    return figure


def _curves(axes: Axes, data) -> None:
    picture = data["picture"]
    x = np.array(picture["x"])
    axes.axvspan(18, 20, color=PALE, alpha=0.7, lw=0)
    axes.plot(*np.array(picture["dots"]).T, "o", color=INK, mfc="white", ms=5, mew=1.1, zorder=5)
    looks = (("-", INK, 2.2), ("-.", "#0072b2", 1.8), ("--", "#d55e00", 1.8))
    for (degree, y), (line, colour, width) in zip(picture["curves"].items(), looks, strict=False):
        words = "line" if degree == "1" else f"degree {degree}"
        axes.plot(x, y, line, color=colour, lw=width, label=words)
    axes.set(xlim=(-1, 24), ylim=(-6, 36), xlabel="x", ylabel="y")
    axes.annotate("edge", (19, -5.5), ha="center", color=QUIET, size=8.5)
    axes.legend(loc="upper left", frameon=True, framealpha=1.0, edgecolor="white", handlelength=2.8)
    off = f"{data['miss_19'][0]:.2f} and {data['miss_19'][-1]:.0f}"
    says_little(axes, f"median miss at x = 19: {off}, line and degree {data['degrees'][-1]}")


def _errors(axes: Axes, degrees, errors, words) -> None:
    """Geometric means with 95 % bands, named where they end."""
    ends = []
    for place in words:
        mean, error = np.array(errors[place], dtype=float).T
        colour, line, marker = LOOKS[place]
        band = 10 ** (mean - 1.96 * error), 10 ** (mean + 1.96 * error)
        axes.fill_between(degrees, *band, color=colour, alpha=0.18, lw=0)
        axes.plot(degrees, 10**mean, line, color=colour, marker=marker, ms=4)
        ends.append(mean[-1])
    axes.set_yscale("log")
    axes.yaxis.set_major_formatter(lambda y, _: f"{y:,.0f}" if y >= 1 else f"{y:g}")
    axes.set_xlim(0.5, degrees[-1] + 0.5)
    axes.set_xlabel("degree of the curve")
    axes.set_xticks([d for d in (1, 3, 5, 7, 10, 12, 14) if d <= degrees[-1]])
    low, high = np.log10(axes.get_ylim())
    for place, height in zip(
        words, place_apart(np.array(ends), 0.11 * (high - low), low, high), strict=True
    ):
        axes.annotate(
            words[place],
            (degrees[-1] + 0.6, 10**height),
            va="center",
            size=8.5,
            color=LOOKS[place][0],
            annotation_clip=False,
        )


if __name__ == "__main__":
    raise SystemExit(script("overfit", draw, __doc__))
