"""Does leaving the model on purpose keep players longer than staying on it?

The main job as one figure: the same simulated players meet the essay's dots, and levels, from a
generator on its model and with one level in seven off it. Curves are boredom under three notions of
interest; beside each way of leaving stands by how many levels longer (or sooner) players left, in
bold where that can be told from chance. ``procgen-sim compare`` does the same for any corpus and
writes a report.
"""

from dataclasses import replace
from typing import Any

import numpy as np
from matplotlib.axes import Axes
from matplotlib.figure import Figure

from procgen_sim.experiments.essay import Finding
from procgen_sim.experiments.wording import listed, percent
from procgen_sim.report.labels import place_apart, put_words
from procgen_sim.report.style import (
    INK,
    NOTION_WORDS,
    PALE,
    QUIET,
    ArmLook,
    arm_looks,
    new_figure,
    says_little,
)
from procgen_sim.report.talk import script

SEVENTH = "#5e3c99"
LINE = 0.072  # the height of a line of text, in shares of a panel


def draw(finding: Finding) -> Figure:
    """Mean boredom by level, one row for dots and one for levels, one column a notion."""
    worlds = finding.data["worlds"]
    figure, panels = new_figure(6, narrow=False, width=13.2, height=3.35)
    for row, (world, told) in enumerate(worlds.items()):
        arms = _looks([arm["name"] for arm in told["arms"]])
        for axes, notion in zip(panels[3 * row : 3 * row + 3], NOTION_WORDS, strict=True):
            _panel(axes, told, arms, notion)
            axes.set_title(f"{world}, {notion}")
            says_little(axes, NOTION_WORDS[notion])
        panels[3 * row].set_ylabel("mean boredom, 0 to 1")
        low, _, high = told["threshold"]
        put_words(panels[3 * row], "where players leave", above=high, below=low)
    for axes in panels[3:]:
        axes.set_xlabel("level")
    figure.suptitle(_title(worlds), x=0.01, ha="left", weight="bold", size=11.5)
    figure.supxlabel(
        "beside each way: levels more until bored; bold: told from chance, allowing for all"
        f" comparisons   ·   {finding.data['n_players']} players"
        f"   ·   {percent(finding.data['rate'])} of levels off the model",
        size=8.5,
        color=QUIET,
    )
    return figure


def _title(worlds: dict[str, Any]) -> str:
    """What came out, whatever came out."""
    seen = listed(
        [f"{percent(t['arms'][0]['predictability_end'])} on {w}" for w, t in worlds.items()]
    )
    helps = []
    for notion in NOTION_WORDS:
        counts = []
        for told in worlds.values():
            ways = [arm["notions"][notion]["verdict"] for arm in told["arms"][1:]]
            counts.append(str(ways.count("longer")))
        helps.append(f"{' and '.join(counts)} under {notion}")
    return (
        f"Staying on the model, players end up foreseeing {seen} of what can be foreseen.\n"
        f"Of {len(ways)} ways of leaving it, on {' and '.join(worlds)}, these keep them longer:"
        f" {', '.join(helps)}."
    )


def _looks(names: list[str]) -> list[ArmLook]:
    """A look each; the palette has six colours beside black, and there may be one way more."""
    return [
        replace(look, colour=SEVENTH) if i == 7 else look for i, look in enumerate(arm_looks(names))
    ]


def _panel(axes: Axes, told: dict[str, Any], arms: list[ArmLook], notion: str) -> None:
    levels = np.array(told["levels"])
    low, middle, high = told["threshold"]
    axes.axhspan(low, high, color=PALE, alpha=0.55, lw=0, zorder=0)
    axes.axhline(middle, color=QUIET, lw=0.8, ls=(0, (2, 2)), zorder=0)
    ends = []
    for i, (look, arm) in enumerate(zip(arms, told["arms"], strict=True)):
        curve = np.array(arm["notions"][notion]["boredom"])
        error = 1.96 * np.array(arm["notions"][notion]["error"])
        order = len(arms) - i if i else len(arms) + 2
        band = {"color": look.colour, "alpha": 0.12, "lw": 0, "zorder": order}
        axes.fill_between(levels, curve - error, curve + error, **band)
        marks = (2 * i % len(levels), max(len(levels) // 5, 1))
        axes.plot(levels, curve, color=look.colour, ls=look.line, lw=look.width - 0.3,
                  marker=look.marker, ms=3.5, markevery=marks, zorder=order + 0.5)  # fmt: skip
        ends.append(curve[-1])
    axes.set_xlim(1, levels[-1])
    axes.set_ylim(0.0, 1.0)
    # On-model names itself among the others; all are moved apart as little as it takes.
    for look, arm, height in zip(
        arms, told["arms"], place_apart(np.array(ends), LINE, 0.0, 1.0), strict=True
    ):
        found = arm["notions"][notion]
        stands = found["verdict"] in ("longer", "sooner")
        more = f"{found['levels_more']:+.1f}".replace("-", "−")
        words = look.name if found["verdict"] is None else f"{look.name} {more}"
        axes.plot([1.03], [height], look.marker, color=look.colour, ms=4, clip_on=False,
                  transform=axes.transAxes)  # fmt: skip
        axes.annotate(
            words,
            (1.055, height),
            xycoords="axes fraction",
            va="center",
            size=8.5,
            color=INK if found["verdict"] is None else look.ink if stands else QUIET,
            weight="bold" if stands or found["verdict"] is None else "normal",
            annotation_clip=False,
        )


if __name__ == "__main__":
    raise SystemExit(script("compare", draw, __doc__))
