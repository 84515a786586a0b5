"""Who leaves when, and does everyone in the end?

People differ in how much newness they like. The same players meet the essay's dots, and levels,
with the appetite of the least and of the most novelty-hungry decile of people. Left: the share lost
by level on the generator's model, for long. Middle: who is still there under each policy. Right:
what became of each decile, and whether leavers had met what was too familiar to them, or too
strange.
"""

from collections.abc import Sequence
from typing import Any

import numpy as np
from matplotlib.axes import Axes
from matplotlib.figure import Figure

from procgen_sim.experiments.essay import Finding
from procgen_sim.experiments.essay.audience.words import share_words
from procgen_sim.experiments.essay.finding import Check
from procgen_sim.experiments.wording import listed
from procgen_sim.report.labels import place_apart
from procgen_sim.report.style import INK, QUIET, arm_looks, new_figure, says_little
from procgen_sim.report.talk import script

GROUPS = {
    "most": ("hungriest decile", "#d55e00", "-", "s"),
    "everyone": ("everyone", INK, "--", "o"),
    "least": ("least hungry decile", "#0072b2", "-.", "^"),
}
ON_MODEL = "on-model"


def draw(finding: Finding) -> Figure:
    """One row for dots and one for levels: lost by level, policies, and what became of deciles."""
    worlds = finding.data["worlds"]
    figure, panels = new_figure(6, narrow=False, width=13.2, height=3.4, sharey=False)
    for row, (world, told) in enumerate(worlds.items()):
        lost, policies, fates = panels[3 * row : 3 * row + 3]
        _lost(lost, told)
        lost.set_title(f"{world}: lost on the model")
        says_little(lost, "under wundt, by appetite")
        lost.set_ylabel("share of players lost")
        _policies(policies, told)
        policies.set_title(f"{world}: still there, by policy")
        says_little(policies, "thick, marked: least hungry decile; thin: hungriest")
        policies.set_ylabel("share of players still there")
        _fates(fates, told)
        fates.set_title(f"{world}: by level {told['n_levels']}, on the model")
        says_little(fates, "what became of each decile")
        fates.set_ylabel("share of players")
        for axes, last in ((lost, told["n_levels"]), (policies, told["n_off"])):
            axes.set_xscale("log")
            ticks = [t for t in (1, 3, 10, 30, 100, 300, 1000) if t <= last]
            axes.set_xticks(ticks, [str(t) for t in ticks])
            axes.minorticks_off()
            axes.set_xlim(1, last)
            axes.set_xlabel("level")
        fates.set_xlabel("decile of appetite, 1 the least novelty-hungry")
    figure.suptitle(_title(finding), x=0.01, ha="left", weight="bold", size=11.5)
    return figure


def _title(finding: Finding) -> str:
    """What came out, whatever came out."""
    worlds, checks = finding.data["worlds"], finding.checks
    n = len(checks) // len(worlds)
    sooner, lasting, everyone = (checks[i::n] for i in range(n))
    first = _told(
        sooner,
        "The novelty-hungry leave a generator on its model sooner",
        "That the novelty-hungry leave sooner is not clear",
        "The novelty-hungry do not leave sooner",
    )
    second = _told(
        lasting,
        "and leaving does not stop",
        "and it is not clear that leaving goes on",
        "and leaving stops",
    )
    third = _told(
        everyone,
        "nearly everyone goes where the foreseeable is dull",
        "it is not clear that nearly everyone goes where the foreseeable is dull",
        "many stay even where the foreseeable is dull",
    )
    there = listed(
        [
            f"{share_words(1.0 - told['policies'][ON_MODEL]['lost']['least'][-1])} after"
            f" {told['n_levels']:,} {world}"
            for world, told in worlds.items()
        ]
    )
    return f"{first}, {second}; {third}.\nOf the least hungry decile there are still {there}."


def _told(checks: Sequence[Check], holds: str, open_: str, opposite: str) -> str:
    """What several checks say together: it holds if it does everywhere."""
    if all(check.holds for check in checks):
        return holds
    return opposite if any(check.opposite for check in checks) else open_


def _lost(axes: Axes, told: dict[str, Any]) -> None:
    policy = told["policies"][ON_MODEL]
    levels = np.array(policy["levels"])
    ends = []
    for i, (key, (_, colour, line, marker)) in enumerate(GROUPS.items()):
        share = np.array(policy["lost"][key])
        error = 1.96 * np.array(policy["error"][key])
        axes.fill_between(levels, share - error, share + error, color=colour, alpha=0.14, lw=0)
        axes.plot(levels, share, color=colour, ls=line, marker=marker, ms=4, markevery=(3 * i, 9))
        ends.append(share[-1])
    axes.set_ylim(0.0, 1.03)
    for (words, colour, _, marker), end, height in zip(
        GROUPS.values(), ends, place_apart(np.array(ends), 0.16, 0.0, 0.97), strict=True
    ):
        axes.plot([1.0], [end / 1.03], marker, color=colour, ms=7, mec="white", clip_on=False,
                  transform=axes.transAxes, zorder=9)  # fmt: skip
        axes.annotate(
            f"{words}\n{share_words(end)} by level {told['n_levels']}",
            (1.04, height),
            xycoords="axes fraction",
            va="center",
            size=8.5,
            color=colour,
            annotation_clip=False,
        )


def _policies(axes: Axes, told: dict[str, Any]) -> None:
    looks = arm_looks(list(told["policies"]))
    ends: dict[str, list[float]] = {"least": [], "most": []}
    for look in looks:
        policy = told["policies"][look.name]
        levels = np.array(policy["levels"])
        shown = levels <= told["n_off"]
        for key, end in ends.items():
            there = 1.0 - np.array(policy["lost"][key])
            error = 1.96 * np.array(policy["error"][key])
            if key == "least":
                axes.fill_between(
                    levels, there - error, there + error, color=look.colour, alpha=0.1, lw=0
                )
            width = look.width if key == "least" else 0.9
            axes.plot(levels, there, color=look.colour, ls=look.line, lw=width,
                      marker=look.marker if key == "least" else "", ms=4, markevery=7)  # fmt: skip
            end.append(float(there[shown][-1]))
    axes.set_ylim(0.0, 1.03)
    heights = place_apart(np.array(ends["least"]), 0.14, 0.2, 1.0)
    for look, height in zip(looks, heights, strict=True):
        axes.plot([1.03], [height], look.marker, color=look.colour, ms=4, clip_on=False,
                  transform=axes.transAxes)  # fmt: skip
        axes.annotate(look.label, (1.055, height), xycoords="axes fraction", va="center", size=8.5,
                      color=look.ink, annotation_clip=False)  # fmt: skip
    axes.annotate("the hungriest,\nby all policies", (1.03, np.mean(ends["most"]) / 1.03),
                  xycoords="axes fraction", va="center", size=8.5, color=QUIET,
                  annotation_clip=False)  # fmt: skip


def _fates(axes: Axes, told: dict[str, Any]) -> None:
    by = {key: np.array(v) for key, v in told["by_decile"].items()}
    other = 1.0 - by["too_familiar"] - by["too_strange"]
    parts = (
        ("left: too familiar", by["too_familiar"], "#555559", ""),
        ("left: too strange", by["too_strange"], "#e69f00", "//"),
        ("still there", other, "#a9d6f2", ""),
    )
    deciles = np.arange(1, len(other) + 1)
    bottom = np.zeros(len(other))
    middles = []
    for _, share, colour, hatch in parts:
        axes.bar(deciles, share, 0.86, bottom=bottom, color=colour, hatch=hatch, ec="white", lw=0.6)
        middles.append(bottom[-1] + share[-1] / 2)
        bottom = bottom + share
    axes.set_ylim(0.0, 1.0)
    axes.set_xlim(0.4, len(other) + 0.6)
    axes.set_xticks(deciles[::3])
    heights = np.array([0.1, 0.38, 0.66])
    for (words, _, colour, hatch), height in zip(parts, heights, strict=True):
        axes.bar([1.05], [0.09], 0.05, bottom=[height], color=colour, hatch=hatch, ec="white",
                 lw=0.6, transform=axes.transAxes, clip_on=False)  # fmt: skip
        axes.annotate(words, (1.1, height + 0.045), xycoords="axes fraction", va="center",
                      size=8.5, annotation_clip=False)  # fmt: skip


if __name__ == "__main__":
    raise SystemExit(script("audience", draw, __doc__))
