"""Who leaves when, and does everyone in the end?

People differ in how much newness they like. The same players meet the essay's dots, and levels,
with the appetite of the least and of the most novelty-hungry decile of people. Left: the share lost
by level on the generator's model. Middle: who is still there under each policy. Right: what became
of each decile by the horizon, and whether leavers had met what was too familiar to them, or too
strange.
"""

from typing import Any

import numpy as np
from matplotlib.axes import Axes
from matplotlib.figure import Figure

from procgen_sim.experiments.essay import Finding
from procgen_sim.experiments.essay.audience.words import share_words
from procgen_sim.experiments.wording import listed
from procgen_sim.report.labels import place_apart
from procgen_sim.report.style import INK, PALE, QUIET, arm_looks, new_figure, says_little
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
        says_little(policies, "the least hungry decile (marked), and the hungriest")
        policies.set_ylabel("share of players still there")
        _fates(fates, told)
        fates.set_title(f"{world}: by level {told['n_levels']}, on the model")
        says_little(fates, "what became of each decile")
        fates.set_ylabel("share of players")
        for axes in (lost, policies):
            axes.set_xscale("log")
            ticks = [t for t in (1, 3, 10, 30, 100, 300, 1000) if t <= told["n_levels"]]
            axes.set_xticks(ticks, [str(t) for t in ticks])
            axes.minorticks_off()
            axes.set_xlim(1, told["n_levels"])
            axes.set_xlabel("level")
        fates.set_xlabel("decile of appetite, 1 the least novelty-hungry")
    figure.suptitle(_title(worlds), x=0.01, ha="left", weight="bold", size=11.5)
    return figure


def _title(worlds: dict[str, Any]) -> str:
    """What came out, whatever came out."""
    gone = {
        key: listed(
            [
                f"{share_words(told['policies'][ON_MODEL]['lost'][key][-1])} on {world}"
                for world, told in worlds.items()
            ]
        )
        for key in ("most", "least")
    }
    return (
        f"Of the most novelty-hungry, {gone['most']} are lost to a generator that stays on its"
        f" model;\nof the least, {gone['least']}."
    )


def _lost(axes: Axes, told: dict[str, Any]) -> None:
    levels = np.array(told["levels"])
    policy = told["policies"][ON_MODEL]
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
    levels = np.array(told["levels"])
    looks = arm_looks(list(told["policies"]))
    ends = []
    for look in looks:
        policy = told["policies"][look.name]
        for key in ("most", "least"):
            there = 1.0 - np.array(policy["lost"][key])
            error = 1.96 * np.array(policy["error"][key])
            if key == "least":
                axes.fill_between(
                    levels, there - error, there + error, color=look.colour, alpha=0.1, lw=0
                )
            axes.plot(levels, there, color=look.colour, ls=look.line, lw=look.width - 0.3,
                      marker=look.marker if key == "least" else "", ms=4, markevery=7)  # fmt: skip
        ends.append(there[-1])
    axes.set_ylim(0.0, 1.03)
    for look, height in zip(looks, place_apart(np.array(ends), 0.1, 0.0, 1.0), strict=True):
        axes.plot([1.03], [height], look.marker, color=look.colour, ms=4, clip_on=False,
                  transform=axes.transAxes)  # fmt: skip
        axes.annotate(look.label, (1.055, height), xycoords="axes fraction", va="center", size=8.5,
                      color=look.ink, annotation_clip=False)  # fmt: skip
    most = np.array(told["policies"][ON_MODEL]["lost"]["most"])
    left = int(np.searchsorted(most, 0.75))
    axes.annotate("hungriest\ndecile", (levels[left], 0.25), xytext=(0.02, 0.12), size=8.5,
                  textcoords="axes fraction", ha="left", va="center", color=QUIET,
                  arrowprops={"arrowstyle": "-", "color": QUIET, "lw": 0.8})  # fmt: skip


def _fates(axes: Axes, told: dict[str, Any]) -> None:
    by = {key: np.array(v) for key, v in told["policies"][ON_MODEL]["by_decile"].items()}
    other = 1.0 - sum(by.values())
    parts = (
        ("left: too familiar", by["too_familiar"], "#555559", "", "white"),
        ("left: too strange", by["too_strange"], "#e69f00", "//", INK),
        ("there, not at home", other, PALE, "..", INK),
        ("there, at home", by["at_home"], "#a9d6f2", "", INK),
    )
    deciles = np.arange(1, len(other) + 1)
    bottom = np.zeros(len(other))
    middles = []
    for _, share, colour, hatch, _ in parts:
        axes.bar(deciles, share, 0.86, bottom=bottom, color=colour, hatch=hatch, ec="white", lw=0.6)
        middles.append(bottom[-1] + share[-1] / 2)
        bottom = bottom + share
    axes.set_ylim(0.0, 1.0)
    axes.set_xlim(0.4, len(other) + 0.6)
    axes.set_xticks(deciles[::3])
    heights = np.array([0.1, 0.32, 0.54, 0.76])
    for (words, _, colour, hatch, _), height in zip(parts, heights, strict=True):
        axes.bar([1.05], [0.09], 0.05, bottom=[height], color=colour, hatch=hatch, ec="white",
                 lw=0.6, transform=axes.transAxes, clip_on=False)  # fmt: skip
        axes.annotate(words, (1.1, height + 0.045), xycoords="axes fraction", va="center",
                      size=8.5, annotation_clip=False)  # fmt: skip


if __name__ == "__main__":
    raise SystemExit(script("audience", draw, __doc__))
