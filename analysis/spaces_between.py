"""The spaces between: a wrong model makes what no right one would, a line between two clusters.

Above, what a trend line and the mixture that BIC chooses make of the same two clusters; the cross
is (10, 10). Below, on the left, the same models of hand-made levels, seen along the way from one
genre to the other; on the right, how likely models of growing capacity are to make what is
between.
"""

import numpy as np
from matplotlib.axes import Axes
from matplotlib.figure import Figure
from matplotlib.patches import Rectangle

from procgen_sim.experiments.essay import Finding
from procgen_sim.experiments.essay.weakest import weakest
from procgen_sim.report.style import INK, PALE, QUIET, new_figure, says_little
from procgen_sim.report.talk import script

LINE, MIXTURE = "#d55e00", "#0072b2"
TICKS = {"line": "line", "Gaussian": "Gauss", "BIC": "BIC", "kernels": "kernels"}


def draw(finding: Finding) -> Figure:
    figure, (line, mixture, way, mass) = new_figure(
        4, narrow=False, height=4.2, width=10.6, sharey=False, per_row=2
    )
    data = finding.data
    times, two, line_off, right_off, of_levels, of_built = finding.checks
    _map(line, data["dots"], "line")
    line.set_title(
        line_off.told(
            "A line makes what is between",
            "A line may make what is between",
            "Not every line makes what is between",
        )
    )
    _map(mixture, data["dots"], "BIC")
    mixture.set_title(
        weakest((times, right_off)).told(
            "The right model hardly ever does",
            "The right model may do so, too",
            "The right model does so, too",
        )
    )
    for axes, name in ((line, "line"), (mixture, "BIC")):
        share = 10 ** data["dots"]["mass"][name][0]
        off = data["dots"]["off"][name]
        words = f"{100 * share:.2g} % in the square; (10, 10) off-model in {100 * off:.0f} %"
        says_little(axes, f"{words} of {data['dots']['n_sets']} fits")
    _way(way, data["levels"])
    way.set_title(
        weakest((of_levels, of_built)).told(
            "Between genres, the line makes levels",
            "Between genres, the line may make more levels",
            "Between genres, the line makes no more levels",
        )
    )
    _masses(mass, data)
    mass.set_title(
        two.told(
            "Two components are right, and leave the middle",
            "Two components may be right",
            "Two components are not right",
        )
    )
    return figure


def _density(parts, points):
    """A mixture's density at ``(n, 2)`` points."""
    weights, means, covariances = (np.array(parts[k]) for k in ("weights", "means", "covariances"))
    total = np.zeros(len(points))
    for j, (weight, mean) in enumerate(zip(weights, means, strict=True)):
        covariance = covariances[j % len(covariances)]
        apart = points - mean
        squares = (apart @ np.linalg.inv(covariance) * apart).sum(axis=1)
        total += weight * np.exp(-0.5 * squares) / np.sqrt(np.linalg.det(covariance))
    return total / (2 * np.pi)


def _map(axes: Axes, data, name: str) -> None:
    x = np.linspace(-4, 24, 161)
    grid = np.stack(np.meshgrid(x, x), axis=-1).reshape(-1, 2)
    density = _density(data["picture"][name], grid)
    falling = np.sort(density)[::-1]
    held = np.cumsum(falling) / falling.sum()
    levels = sorted(float(falling[np.searchsorted(held, share)]) for share in (0.5, 0.9, 0.999))
    shape = (len(x), len(x))
    axes.contourf(
        x, x, density.reshape(shape), [*levels, density.max()], colors=["#f1f1f3", PALE, "#b9b9be"]
    )
    axes.contour(x, x, density.reshape(shape), levels, colors=QUIET, linewidths=0.8)
    axes.plot(*np.array(data["picture"]["dots"]).T, ".", color=INK, ms=3)
    half = data["half_width"]
    square = Rectangle((10 - half, 10 - half), 2 * half, 2 * half, fill=False, color=LINE, lw=1.4)
    axes.add_patch(square)
    axes.plot([10], [10], "X", color=LINE, mec="white", ms=10, zorder=6)
    axes.annotate("(10, 10)", (12.4, 7.9), va="top", color=LINE, weight="bold")
    axes.annotate("regions hold 50, 90 and 99.9 %", (23.5, -3.6), ha="right", color=QUIET, size=8)
    axes.set(xlim=(-4, 24), ylim=(-4, 24), aspect="equal", xlabel="x", ylabel="y")


def _way(axes: Axes, levels) -> None:
    s = np.linspace(-0.6, 1.6, 441)
    axes.axvspan(1 / 3, 2 / 3, color=PALE, alpha=0.6, lw=0)
    tops = {}
    for name, colour, style in (("line", LINE, "--"), ("BIC", MIXTURE, "-")):
        weights, means, sds = (
            np.array(levels["profiles"][name][k])[:, None] for k in ("weights", "means", "sds")
        )
        curve = (weights / sds * np.exp(-0.5 * ((s - means) / sds) ** 2)).sum(axis=0)
        curve /= np.sqrt(2 * np.pi)
        axes.plot(s, curve, style, color=colour)
        tops[name] = curve.max()
    top = max(tops.values())
    places, bodies = np.array(levels["places"]), np.array(levels["bodies"])
    for body in dict.fromkeys(bodies.tolist()):
        here = places[bodies == body]
        axes.plot(here, np.full(len(here), -0.06 * top), "|", color=INK, ms=9)
        axes.annotate(body.replace("_", " "), (here.mean(), -0.2 * top), ha="center", size=8.5)
    axes.annotate("the line", (0.5, tops["line"] * 1.12), ha="center", color=LINE)
    axes.annotate(
        f"mixture of {levels['n_components']},\nchosen by BIC", (0.34, top * 0.86), color=MIXTURE
    )
    axes.set(ylim=(-0.26 * top, 1.08 * top), xlabel="way from one genre’s mean to the other’s")
    axes.set_ylabel("density of levels")
    axes.set_xticks([0, 1 / 3, 2 / 3, 1], ["0", "⅓", "⅔", "1"])
    axes.set_yticks([])
    line, right = (levels["built"][k] for k in ("line", "BIC"))
    words = f"built in the middle third: {line} and {right} of {levels['n_built']} levels each"
    says_little(axes, words)


def _masses(axes: Axes, data) -> None:
    names = list(data["dots"]["mass"])
    told = data["levels"]
    series = {
        "dots": {k: tuple(v) for k, v in data["dots"]["mass"].items()},
        "levels": {k: (v, told["errors"][k]) for k, v in told["masses"].items()},
    }
    looks = {"dots": (INK, "o", "-", -0.08, -15), "levels": (LINE, "^", "--", 0.08, 9)}
    for which, values in series.items():
        colour, marker, line, shift, above = looks[which]
        x = np.array([names.index(k) for k in values]) + shift
        mean, error = np.array([(m, np.nan if e is None else e) for m, e in values.values()]).T
        y, known = 10**mean, np.isfinite(error)
        bars = np.array([y - 10 ** (mean - 1.96 * error), 10 ** (mean + 1.96 * error) - y])
        chain = [i for i, k in enumerate(values) if k not in ("BIC", "kernels")]
        axes.plot(x[chain], y[chain], line, color=colour, lw=1.2)
        look = {"fmt": marker, "color": colour, "ms": 6, "elinewidth": 1.2, "capsize": 2}
        axes.errorbar(x[known], y[known], bars[:, known], **look)
        axes.plot(x[~known], y[~known], marker, color=colour, mfc="white", ms=6)
        place = {"xytext": (0, above), "textcoords": "offset points", "ha": "center"}
        axes.annotate(which, (x[1], y[1]), color=colour, **place)
    axes.set_yscale("log")
    axes.set_ylim(top=1.0)
    axes.yaxis.set_major_formatter(lambda y, _: f"{100 * y:g} %")
    axes.set_xticks(range(len(names)), [TICKS.get(k, k) for k in names], size=8.5)
    axes.set_xlabel("model, by capacity (numbers: components of a mixture)")
    axes.set_ylabel("probability of the space between")
    bare = [k for k, error in told["errors"].items() if error is None or np.isnan(error)]
    words = f"95 % intervals; dots: geometric means of {data['dots']['n_sets']} sets"
    says_little(axes, words)
    if bare:
        hollow = f"hollow ({', '.join(bare)}): no interval,\nnot fitted in every fold"
        axes.annotate(hollow, (0.98, 0.93), xycoords="axes fraction", ha="right", va="top", size=8)


if __name__ == "__main__":
    raise SystemExit(script("spaces_between", draw, __doc__))
