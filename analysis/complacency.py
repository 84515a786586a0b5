"""How fast an industry that copies itself narrows, and what would hold it.

Top left and middle: diversity of design models over generations, on dots and on levels, where all
work of the last generation is copied (points, beside the line that theory gives) or an audience's
favourites, with only the last generation learned or everything ever made, and with the share of
outside work that holds it. Top right: how different the levels of tile models look. Below: one
level of some generations of a sharply drawn tile model. Bands and bars: 95 % intervals over
independent lineages.
"""

from collections.abc import Mapping
from typing import Any

import numpy as np
from matplotlib.axes import Axes
from matplotlib.figure import Figure
from matplotlib.layout_engine import ConstrainedLayoutEngine
from matplotlib.lines import Line2D

from procgen_sim.experiments.essay import Check, Finding
from procgen_sim.experiments.essay.complacency.claims import by_claim
from procgen_sim.experiments.essay.complacency.words import percent
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
    data, found = finding.data, by_claim(finding.checks)
    figure = Figure(figsize=(13.6, 7.2), layout=ConstrainedLayoutEngine(w_pad=0.08, h_pad=0.06))
    grid = figure.add_gridspec(2, 12, height_ratios=(3.4, 1.0))
    dots, levels, tiles = (figure.add_subplot(grid[0, at : at + 4]) for at in (0, 4, 8))
    for axes, name in ((dots, "dots"), (levels, "levels")):
        _draw_industry(axes, data[name])
        favourites = data[name]["paths"]["favourites"]["mean"]
        says_little(axes, f"{name}: favourites leave {percent(favourites[1])} after one generation")
    dots.set_title(_of_favourites(found["dots"], found["levels"]))
    levels.set_title(_of_keeping(found["dots"], found["levels"]))
    dots.set_ylabel("total variance, share of the first generation's")
    levels.tick_params(labelleft=False)
    _draw_tiles(tiles, data["tiles"])
    tiles.set_title(
        found["tiles"]["alike"].told(
            "Tile models: levels ever more alike",
            "Tile models: more alike or less, cannot be told",
            "Tile models: levels ever less alike",
        )
    )
    for place, shown in enumerate(data["tiles"]["shown"]):
        axes = figure.add_subplot(grid[1, 3 * place : 3 * place + 3])
        level = Level.from_rows(shown["rows"], house_tileset())
        axes.imshow(np.asarray(render(level)), interpolation="antialiased")
        n = shown["generation"]
        told = f"generation {n}, drawn sharply" if n else "a level, hand-made"
        axes.set_title(told, pad=5, weight="normal")
        axes.set_axis_off()
    return figure


def _of_favourites(*industries: Mapping[str, Check]) -> str:
    checks = [one[claim] for one in industries for claim in ("at_once", "in_the_end")]
    if all(check.holds for check in checks):
        return "Copied favourites narrow an industry fast"
    if any(check.opposite for check in checks):
        return "Copied favourites: not always faster than theory"
    return "Copied favourites: whether faster cannot be told"


def _of_keeping(*industries: Mapping[str, Check]) -> str:
    slowed = [one["slowed"] for one in industries]
    if not all(check.holds for check in slowed):
        worse = any(check.opposite for check in slowed)
        return f"Keeping everything: {'not always slower' if worse else 'slower cannot be told'}"
    going = [one["not_stopped"] for one in industries]
    if all(check.holds for check in going):
        return "Keeping everything slows it, but does not stop it"
    stops = "may stop" if not all(check.opposite for check in going) else "stops"
    return f"Keeping everything slows it and {stops} it"


def _draw_industry(axes: Axes, industry: dict[str, Any]) -> None:
    paths, rate = industry["paths"], industry["rate"]
    by_hand, novel, alone = (
        f"{100 * industry['shares'][key]['share']:.0f} %"
        for key in ("authored", "novelty", "theory")
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
        f"all copied, everything kept: {_left(paths['all_kept'])}",
        f"all copied: −{100 * loss:.2f} ± {100 * chance:.2f} % a generation\n"
        f"(line: theory, −{100 * due:.2f} %; {alone} by hand should hold it)",
        f"favourites, and {by_hand} by hand (or {novel} novel)",
        f"favourites, everything kept: {_left(paths['favourites_kept'])}",
        f"favourites: {_left(paths['favourites'])}",
    )
    axes.legend(keys, words, loc="lower left", fontsize=8.5, handlelength=2.8, borderaxespad=0.2)
    axes.set(yscale="log", ylim=(3e-7, 2), xlim=(0, last), xlabel="generation")
    axes.set_yticks(list(TICKS), list(TICKS.values()))
    axes.minorticks_off()


def _draw_tiles(axes: Axes, tiles: dict[str, Any]) -> None:
    last = len(tiles["apart"]["sharp"]["mean"]) - 1
    keys, words, by_hand = [], [], f"{100 * tiles['outside']:.0f} %"
    for key, (look, told) in TILES.items():
        if path := tiles["apart"].get(key):
            keys.append(_band(axes, path, look))
            words.append(f"{told.format(by_hand)}: {path['mean'][-1]:.2g}")
    axes.legend(keys, words, loc="upper right", fontsize=8.5, handlelength=2.8, borderaxespad=0.2)
    axes.set(ylim=(0, 0.6), xlim=(0, last), xlabel="generation")
    axes.set_ylabel("mean perceptual distance of two levels, 0 to 1")
    says_little(
        axes,
        f"favourites copied; sharply: at temperature {tiles['temperature']:g}; "
        f"{tiles['n_lineages']} lineages",
    )


def _band(axes: Axes, path: dict[str, Any], look: ArmLook) -> Line2D:
    mean, error = (np.array(path[one]) for one in ("mean", "error"))
    at = np.arange(len(mean))
    band = (mean - 1.96 * error, mean + 1.96 * error)
    axes.fill_between(at, *band, color=look.colour, alpha=0.2, lw=0)
    return axes.plot(at, mean, color=look.colour, ls=look.line, lw=look.width)[0]


def _left(path: dict[str, Any]) -> str:
    return f"{percent(path['mean'][-1])} left"


if __name__ == "__main__":
    raise SystemExit(script("complacency", draw, __doc__))
