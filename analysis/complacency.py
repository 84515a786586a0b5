"""How fast an industry that copies itself narrows, and what would hold it.

Top left and middle: diversity of design models over generations, on dots and on levels, where all
work of the last generation is copied (points, beside the line that theory gives) or an audience's
favourites, with only the last generation learned or everything ever made, and with the share of
outside work that holds it. Top right: how different the levels of tile models look. Below: one
level of some generations of a sharply drawn tile model. Bands and bars: 95 % intervals over
independent lineages.
"""

from typing import Any

import numpy as np
from matplotlib.axes import Axes
from matplotlib.figure import Figure
from matplotlib.layout_engine import ConstrainedLayoutEngine
from matplotlib.lines import Line2D

from procgen_sim.experiments.essay import Finding
from procgen_sim.levels import Level, house_tileset, render
from procgen_sim.report.style import INK, QUIET, ArmLook, arm_looks, says_little
from procgen_sim.report.talk import script

FLAT, FALLING, SLOWED, HELD = arm_looks([""] * 4)
TILES = {
    "sharp_authored": (HELD, "drawn sharply, {} by hand"),
    "faithful": (FLAT, "drawn as the model is"),
    "sharp": (FALLING, "drawn sharply"),
    "sharp_kept": (SLOWED, "drawn sharply, everything kept"),
}
TICKS = {1.0: "100 %", 0.1: "10 %", 0.01: "1 %", 0.001: "0.1 %", 0.0001: "0.01 %"}


def draw(finding: Finding) -> Figure:
    data = finding.data
    figure = Figure(figsize=(13.6, 7.2), layout=ConstrainedLayoutEngine(w_pad=0.08, h_pad=0.06))
    grid = figure.add_gridspec(2, 12, height_ratios=(3.4, 1.0))
    dots, levels, tiles = (figure.add_subplot(grid[0, at : at + 4]) for at in (0, 4, 8))
    for axes, industry in ((dots, data["dots"]), (levels, data["levels"])):
        _draw_industry(axes, industry)
    kept, half = data["levels"]["paths"]["favourites_kept"]["mean"][-1], "half_gone"
    dots.set_title("Copied favourites narrow an industry fast")
    gone = [f"{data[name][half]['favourites']:.1f}" for name in ("dots", "levels")]
    says_little(dots, f"dots: half the variance is gone after {gone[0]} generations")
    levels.set_title(f"Keeping everything {'slows' if kept < data['held'] else 'stops'} it")
    says_little(levels, f"levels: half the variance is gone after {gone[1]} generations")
    dots.set_ylabel("total variance, share of the first generation's")
    levels.tick_params(labelleft=False)
    _draw_tiles(tiles, data["tiles"])
    for place, shown in enumerate(data["tiles"]["shown"]):
        axes = figure.add_subplot(grid[1, 3 * place : 3 * place + 3])
        level = Level.from_rows(shown["rows"], house_tileset())
        axes.imshow(np.asarray(render(level)), interpolation="antialiased")
        n = shown["generation"]
        told = f"generation {n}, drawn sharply" if n else "a level, hand-made"
        axes.set_title(told, pad=5, weight="normal")
        axes.set_axis_off()
    return figure


def _draw_industry(axes: Axes, industry: dict[str, Any]) -> None:
    paths, rate = industry["paths"], industry["rate"]
    by_hand, novel, alone = (
        f"{100 * industry['shares'][key]['share']:.0f} %"
        for key in ("authored", "novelty", "all_authored")
    )
    last = len(paths["all"]["mean"]) - 1
    at = np.arange(0, last + 1, max(1, last // 10))
    keys = []
    for key, marker in (("all_kept", "s"), ("all", "o")):
        axes.plot(industry["theory"][key], color=QUIET, lw=1.0, zorder=1)
        mean, error = (np.array(paths[key][one]) for one in ("mean", "error"))
        look = {"fmt": marker, "color": INK, "mfc": "white" if marker == "s" else INK}
        keys.append(
            axes.errorbar(at, mean[at], 1.96 * error[at], ms=4.5, lw=1.2, clip_on=False, **look)
        )
    for key, arm in (("authored", HELD), ("favourites_kept", SLOWED), ("favourites", FALLING)):
        keys.append(_band(axes, paths[key], arm))
    loss, chance, due = 1 - rate["value"], rate["error"], 1 / industry["n_levels"]
    words = (
        f"all copied, everything kept: {_end(paths['all_kept'])}",
        f"all copied: −{100 * loss:.2f} ± {100 * chance:.2f} % a generation\n"
        f"(line: theory, −{100 * due:.2f} %; {alone} by hand would hold it)",
        f"favourites, and {by_hand} by hand (or {novel} novel)",
        f"favourites, everything kept: {_end(paths['favourites_kept'])}",
        f"favourites: {_end(paths['favourites'])}",
    )
    axes.legend(keys, words, loc="lower left", fontsize=8.5, handlelength=2.8, borderaxespad=0.2)
    axes.set(yscale="log", ylim=(3e-7, 2), xlim=(0, last), xlabel="generation")
    axes.set_yticks(list(TICKS), list(TICKS.values()))
    axes.minorticks_off()


def _draw_tiles(axes: Axes, tiles: dict[str, Any]) -> None:
    last = tiles["n_generations"]
    keys, words, by_hand = [], [], f"{100 * tiles['outside']:.0f} %"
    for key, (look, told) in TILES.items():
        if path := tiles["apart"].get(key):
            keys.append(_band(axes, path, look))
            words.append(f"{told.format(by_hand)}: {path['mean'][-1]:.2g}")
    axes.legend(keys, words, loc="lower left", fontsize=8.5, handlelength=2.8, borderaxespad=0.2)
    end = tiles["apart"]["sharp"]["mean"][-1]
    first = tiles["apart"]["sharp"]["mean"][1]
    axes.set(yscale="log", ylim=(3e-5, 0.6), xlim=(0, last), xlabel="generation")
    axes.set_yticks([0.001, 0.01, 0.1, 0.3], ["0.001", "0.01", "0.1", "0.3"])
    axes.minorticks_off()
    axes.set_ylabel("mean perceptual distance, 0 to 1")
    axes.set_title(f"Tile models: from {first:.2g} to {end:.2g} apart")
    says_little(axes, f"favourites copied; sharply: at temperature {tiles['temperature']:g}")


def _band(axes: Axes, path: dict[str, Any], look: ArmLook) -> Line2D:
    mean, error = (np.array(path[one]) for one in ("mean", "error"))
    at = np.arange(len(mean))
    low = np.maximum(mean - 1.96 * error, 0.2 * mean)
    axes.fill_between(at, low, mean + 1.96 * error, color=look.colour, alpha=0.2, lw=0)
    return axes.plot(at, mean, color=look.colour, ls=look.line, lw=look.width)[0]


def _end(path: dict[str, Any]) -> str:
    left = 100 * path["mean"][-1]
    return f"{left:.0f} % left" if left >= 10 else f"{left:.2g} % left"


if __name__ == "__main__":
    raise SystemExit(script("complacency", draw, __doc__))
