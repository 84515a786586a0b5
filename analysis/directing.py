"""Policies in the director's chair: how much interest each keeps, on the same players.

Every policy sees what a game can see – what it showed, what players said, what a shadow player
foresees – and has the same budget, one level in five. What a director keeps beyond “each fifth
level”, which breaks whenever the budget allows, is what watching is worth. Needs
``procgen-sim[gym]``; put your own agent beside these.
"""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from matplotlib.figure import Figure

from procgen_sim.environment import (
    DirectorEnv,
    Score,
    always,
    by_chance,
    by_rating,
    by_schedule,
    evaluate,
    follow,
)
from procgen_sim.experiments.essay import Check, Effort, Finding
from procgen_sim.experiments.essay.bodies import level_setting
from procgen_sim.experiments.essay.finding import mean_and_error
from procgen_sim.players import NOTIONS
from procgen_sim.report.style import INK, NOTION_WORDS, QUIET, new_figure, says_little
from procgen_sim.report.talk import script

BUDGET = 0.2
STILL, WATCHES = "follow the model", "outlier, adaptive"
CONSTANT = ("noise, each fifth level", "outlier, each fifth level")
POLICIES = {
    STILL: follow,
    "any way, at random": by_chance(BUDGET),
    "outlier, at random": by_schedule(f"outlier@{BUDGET}"),
    CONSTANT[0]: always("noise"),
    CONSTANT[1]: always("outlier"),
    "outlier, when rated 4+\n(baseline)": by_rating("outlier"),
    WATCHES: by_schedule(f"outlier@adaptive:{BUDGET}"),
}
"""Names to policies. A break that the budget does not have follows the model: who always wants one
gets each fifth level, and who leaves it to chance spends less than there is."""


def run(effort: Effort) -> Finding:
    n_players = effort.of(100, 8)
    setting = level_setting(effort.seed, effort.of(60, 30))
    told: dict[str, Any] = {}
    checks, words = [], []
    for notion in NOTIONS:
        env = DirectorEnv(setting, notion=notion, budget=BUDGET)
        scores = {name: evaluate(env, policy, n_players) for name, policy in POLICIES.items()}
        told[notion] = {}
        for name, score in scores.items():
            more, error = mean_and_error(score.interest - scores[STILL].interest)
            told[notion][name] = {
                "interest": float(score.interest.mean()),
                "more": more,
                "error": error,
                "levels": float(score.levels.mean()),
                "broke_share": score.broke_share,
            }
        words.append(f"{_most(scores)} under {notion}")
        if notion == "surprise":
            # Eight players tell a director from none, not one director from another.
            for name in (STILL,) if effort.quick else (STILL, *CONSTANT):
                gained = scores[WATCHES].interest - scores[name].interest
                checks.append(
                    Check.of(
                        f"interest that “{WATCHES}” keeps more than “{name}” (surprise)",
                        mean_and_error(gained),
                        "above",
                        0.0,
                    )
                )
    return Finding(
        experiment="directing",
        claim="Where the foreseeable is dull, a director who watches does better than one who does "
        "not, within a budget.",
        conclusion=f"Breaking {BUDGET:.0%} of levels at most, most interest is kept by "
        f"{'; '.join(words)}.",
        checks=tuple(checks),
        data={"notions": told, "players": n_players, "levels": setting.n_levels},
        effort=effort,
    )


def _most(scores: Mapping[str, Score]) -> str:
    """Who keeps most interest, and all who cannot be told from them on the same players."""
    best = max(scores, key=lambda name: float(scores[name].interest.mean()))
    behind = {
        name: Check.of(
            name, mean_and_error(scores[best].interest - score.interest), "above", 0.0
        ).holds
        for name, score in scores.items()
    }
    if not behind[STILL]:
        return "nobody that can be told from following"
    even = [name for name in scores if name == best or not behind[name]]
    return " or ".join(f"“{name.splitlines()[0]}”" for name in even)


def draw(finding: Finding) -> Figure:
    rows = list(POLICIES)[1:]
    figure, panels = new_figure(3, narrow=False, height=3.9)
    for axes, (notion, told) in zip(panels, finding.data["notions"].items(), strict=True):
        axes.axvline(0.0, color=QUIET, lw=1.0, zorder=0)
        for y, name in enumerate(rows):
            more, error = told[name]["more"], told[name]["error"]
            axes.errorbar(more, y, xerr=1.96 * error, color=INK, fmt="o", ms=6, lw=2)
        axes.set_yticks(range(len(rows)), rows)
        axes.set_ylim(len(rows) - 0.5, -0.5)
        axes.set_title(notion)
        says_little(axes, NOTION_WORDS[notion])
        axes.set_xlabel("interest kept, more than following\n(levels' worth, 95 %)")
        axes.tick_params(axis="y", length=0)
    return figure


if __name__ == "__main__":
    raise SystemExit(script("directing", draw, __doc__, run=run))
