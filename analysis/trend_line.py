"""Machine learning is a trend line: fit it to past work, then make new work from the fit.

Left, the essay's dots, the line through them and new dots drawn from it. Middle, hand-made levels
in their first plane, the line through all eleven parameters and built levels drawn from it. Right,
how the spread of hand-made levels divides among its principal axes, and how that of built
ones does. The line through two genres is the way from one to the other: what is built from it fills
the space between them, which is what `spaces_between` calls the wrong model's.
"""

import numpy as np
from matplotlib.figure import Figure
from matplotlib.patches import Rectangle

from procgen_sim.experiments.essay import Finding
from procgen_sim.experiments.essay.weakest import weakest
from procgen_sim.report.style import INK, PALE, QUIET, new_figure, says_little
from procgen_sim.report.talk import script

NEW = "#d55e00"


def draw(finding: Finding) -> Figure:
    figure, (left, middle, right) = new_figure(
        3, narrow=False, height=4.1, width=12.6, sharey=False
    )
    slope, ratio, share, within, follows, order = finding.checks
    _dots(left, finding.data["dots"])
    left.set_title(
        slope.told("The line is x = y", "The line may be x = y", "The line is not x = y")
        + ratio.told(", and new dots lie on it", "", ", and new dots stray")
    )
    _levels(middle, finding.data["levels"])
    middle.set_title(
        weakest((share, within)).told(
            "The line is the way between genres",
            "The line may be the way between genres",
            "The line is not the way between genres",
        )
    )
    _spread(right, finding.data["levels"])
    right.set_title(
        follows.told("The line is kept; ", "The line may be kept; ", "The line is lost; ")
        + order.told("the rest is evened out", "the rest may be, too", "the rest gains order")
    )
    return figure


def _dots(axes, data) -> None:
    old, new = (np.array(data[name]) for name in ("old", "new"))
    intercept, slope = data["line"]
    ends = np.array([min(old.min(), new.min()) - 1.5, max(old.max(), new.max()) + 1.5])
    high = data["high"]
    box = Rectangle((0, 0), high, high, fill=False, color=QUIET, ls=":", lw=1.2)
    axes.add_patch(box)
    axes.plot(*old.T, "o", color=QUIET, mfc="white", ms=4.5, mew=1.0, label="past work")
    axes.plot(*new.T, "D", color=NEW, ms=3.4, label="new work, from the line")
    axes.plot(ends, intercept + slope * ends, color=INK, lw=2.0, zorder=1)
    axes.set(xlim=ends, ylim=ends, aspect="equal", xlabel="x", ylabel="y")
    outside = f"{100 * data['outside'][0]:.0f} % of new dots\nare outside 0–{high:g}"
    axes.annotate(outside, (ends[1] - 0.5, 0.4), ha="right", va="bottom", size=8.5, color=NEW)
    slope, error = data["slope"]
    says_little(axes, f"slope {slope:.3f} ± {error:.3f} over {data['n_datasets']} sets of dots")
    axes.legend(loc="upper left", handletextpad=0.2, borderaxespad=0.1)


def _levels(axes, levels) -> None:
    seen, made = np.array(levels["seen"]), np.array(levels["seen_built"])
    bodies = np.array(levels["bodies"])
    first, last = seen.min(axis=0), seen.max(axis=0)
    way = np.array(levels["seen_line"])
    reach = np.array([first[0] - 0.15, last[0] + 0.15]) / way[0]
    axes.plot(*(reach[:, None] * way).T, color=INK, lw=2.0, zorder=1)
    axes.plot(*made.T, "D", color=NEW, ms=2.6, alpha=0.75, mew=0, zorder=2)
    for i, body in enumerate(dict.fromkeys(bodies.tolist())):
        points = seen[bodies == body]
        fill = INK if i else "white"
        axes.plot(*points.T, "o^"[i], color=INK, mfc=fill, ms=5.5, mew=1.0, zorder=3)
        axes.annotate(
            f"hand-made:\n{body.replace('_', ' ')}",
            (points[:, 0].mean(), 0.03),
            xycoords=("data", "axes fraction"),
            ha="center",
            size=8.5,
        )
    low, high = axes.get_ylim()
    axes.set_ylim(low - 0.2 * (high - low), high + 0.12 * (high - low))
    place = {"xycoords": "axes fraction", "ha": "center", "va": "top"}
    axes.annotate("built from the line", (0.5, 0.97), color=NEW, **place)
    for name, words, share in zip("xy", levels["axis_words"], levels["plane_shares"], strict=True):
        words = words.replace("_", " ").rsplit(", ", 1)[0]
        getattr(axes, f"set_{name}label")(f"{words} →\n({100 * share:.0f} % of the spread)")
    axes.tick_params(labelbottom=False, labelleft=False, length=0)
    shares = (levels["share"], levels["share_within"][0], levels["share_shuffled"][0])
    own, genres, none = (f"{100 * share:.0f} %" for share in shares)
    says_little(axes, f"it holds {own}; shuffled within genres {genres}, altogether {none}")


def _spread(axes, levels) -> None:
    own, made = (100 * np.array(levels[name]) for name in ("spread", "spread_built"))
    sd = 100 * np.array(levels["spread_built_sd"])
    axis = np.arange(1, len(own) + 1)
    axes.fill_between(axis, np.maximum(made - 2 * sd, 0.1), made + 2 * sd, color=PALE, lw=0)
    axes.plot(axis, own, "o-", color=INK, ms=5)
    axes.plot(axis, made, "D--", color=NEW, ms=4)
    axes.set_yscale("log")
    axes.set_yticks([1, 10, 100], ["1 %", "10 %", "100 %"])
    axes.set(
        ylim=(0.15, 110), xlabel="principal axis (1 is the line)", ylabel="share of the spread"
    )
    axes.set_xticks(axis)
    order = f"{levels['order']:.1f} bits by hand, {levels['order_built'][0]:.1f} built"
    says_little(axes, f"order off the line: {order}")
    axes.annotate("hand-made", (9.2, own[8] * 0.75), ha="right", va="top", size=9)
    axes.annotate(
        "built from the line\n(band: 2 sd of such a body)",
        (5.2, made[4] * 1.5),
        size=9,
        color=NEW,
    )


if __name__ == "__main__":
    raise SystemExit(script("trend_line", draw, __doc__))
