"""Does leaving the model on purpose keep players longer than staying on it?

The main job as one figure: the same simulated players meet the essay's dots, and levels, from a
generator on its model and with one level in seven off it. Left: boredom on the model and with the
way that keeps players longest. Beside it, for each way of leaving and each notion of interest: how
many levels longer (or sooner) players left, filled where that can be told from chance.
``procgen-sim compare`` does the same for any corpus and writes a report.
"""

from collections.abc import Sequence
from typing import Any

import numpy as np
from matplotlib.axes import Axes
from matplotlib.figure import Figure

from procgen_sim.experiments.essay import Finding
from procgen_sim.experiments.essay.finding import Check
from procgen_sim.experiments.wording import listed, percent
from procgen_sim.report.labels import place_apart, put_words
from procgen_sim.report.style import (
    INK,
    NOTION_WORDS,
    PALE,
    QUIET,
    arm_looks,
    new_figure,
    says_little,
)
from procgen_sim.report.talk import script


def draw(finding: Finding) -> Figure:
    """One row for dots and one for levels: boredom, then one panel of ways for each notion."""
    worlds = finding.data["worlds"]
    n = 1 + len(NOTION_WORDS)
    figure, panels = new_figure(
        n * len(worlds), narrow=False, width=13.2, height=3.2, sharey=False, per_row=n
    )
    for row, (world, told) in enumerate(worlds.items()):
        curves, *ways = panels[n * row : n * row + n]
        _curves(curves, told)
        curves.set_title(f"{world}: boredom")
        says_little(curves, "under surprise")
        for i, (axes, notion) in enumerate(zip(ways, NOTION_WORDS, strict=True)):
            _ways(axes, told["ways"], notion, named=i == 0)
            axes.set_title(f"{world}: {notion}")
            says_little(axes, NOTION_WORDS[notion])
    for axes in panels[-n + 1 :]:
        axes.set_xlabel("levels more until bored")
    panels[-n].set_xlabel("level")
    figure.suptitle(_title(finding), x=0.01, ha="left", weight="bold", size=11.5)
    figure.supxlabel(
        f"{finding.data['n_players']} players   ·   {percent(finding.data['rate'])} of levels off"
        f" the model   ·   cut at level {finding.data['n_levels']}: who stays longer counts as"
        " that   ·   95 % intervals; filled: told from chance, allowing for all comparisons",
        size=8.5,
        color=QUIET,
    )
    return figure


def _title(finding: Finding) -> str:
    """What came out, whatever came out."""
    worlds, checks = finding.data["worlds"], finding.checks
    n = len(worlds)
    stale = _told(
        checks[: 2 * n],
        "goes stale",
        "does not clearly go stale",
        "does not go stale everywhere",
    )
    helps = _told(
        checks[2 * n : 3 * n],
        "leaving it helps those who find dull what can be guessed",
        "leaving it does not clearly help",
        "leaving it harms",
    )
    learned = _told(
        checks[3 * n :],
        "breaks are learned, too",
        "breaks are not clearly learned",
        "breaks are not learned",
    )
    counts = []
    for notion in NOTION_WORDS:
        longer = [
            str([way["notions"][notion]["verdict"] for way in told["ways"]].count("longer"))
            for told in worlds.values()
        ]
        counts.append(f"{' and '.join(longer)} under {notion}")
    n_ways = max(len(told["ways"]) for told in worlds.values())
    return (
        f"Staying on the model {stale}; {helps}; {learned}.\nOf {n_ways} ways of leaving,"
        f" so many help on {' and '.join(worlds)}: {listed(counts)}."
    )


def _told(checks: Sequence[Check], holds: str, open_: str, opposite: str) -> str:
    """What several checks say together: it holds if it does everywhere."""
    if all(check.holds for check in checks):
        return holds
    return opposite if any(check.opposite for check in checks) else open_


def _curves(axes: Axes, told: dict[str, Any]) -> None:
    levels = np.array(told["levels"])
    low, middle, high = told["threshold"]
    axes.axhspan(low, high, color=PALE, alpha=0.55, lw=0, zorder=0)
    axes.axhline(middle, color=QUIET, lw=0.8, ls=(0, (2, 2)), zorder=0)
    looks = arm_looks(list(told["curves"]))
    ends = []
    for look, curve in zip(looks, told["curves"].values(), strict=True):
        boredom, error = np.array(curve["boredom"]), 1.96 * np.array(curve["error"])
        axes.fill_between(
            levels, boredom - error, boredom + error, color=look.colour, alpha=0.15, lw=0
        )
        axes.plot(levels, boredom, color=look.colour, ls=look.line, lw=look.width)
        ends.append(float(boredom[-1]))
    axes.set_xlim(1, levels[-1])
    axes.set_ylim(0.0, 1.0)
    axes.set_ylabel("mean boredom, 0 to 1")
    for look, height in zip(looks, place_apart(np.array(ends), 0.16, 0.0, 1.0), strict=True):
        axes.annotate(look.label, (1.03, height), xycoords="axes fraction", va="center", size=8.5,
                      color=look.ink, annotation_clip=False)  # fmt: skip
    put_words(axes, "where players leave", above=high, below=low)


def _ways(axes: Axes, ways: list[dict[str, Any]], notion: str, *, named: bool) -> None:
    """One row a way, in the same order in every panel: the mean and its interval."""
    rows = np.arange(len(ways))[::-1]
    axes.axvline(0.0, color=QUIET, lw=0.9, zorder=1)
    for row, way in zip(rows, ways, strict=True):
        found = way["notions"][notion]
        stands = found["verdict"] in ("longer", "sooner")
        axes.plot([found["low"], found["high"]], [row, row], color=INK if stands else QUIET,
                  lw=2.2 if stands else 1.2, zorder=2)  # fmt: skip
        axes.plot([found["levels_more"]], [row], "o", ms=7, mec=INK if stands else QUIET, mew=1.3,
                  mfc=INK if stands else "white", zorder=3)  # fmt: skip
    axes.set_ylim(-0.6, len(ways) - 0.4)
    axes.set_yticks(rows, [way["name"] for way in ways] if named else [""] * len(ways))
    axes.tick_params(axis="y", length=0)
    axes.grid(axis="y", color=PALE, lw=0.6)
    # One scale for all notions: what is little under one must look little.
    ends = [
        value
        for way in ways
        for each in way["notions"].values()
        for value in (each["low"], each["high"], 0.0)
    ]
    room = 0.05 * (max(ends) - min(ends))
    axes.set_xlim(min(ends) - room, max(ends) + room)


if __name__ == "__main__":
    raise SystemExit(script("compare", draw, __doc__))
