"""Policies in the director's chair: how much interest each keeps, on the same players.

Every policy sees what a game can see: what it showed, what players said, what a shadow player
foresees. Needs ``procgen-sim[gym]``; put your own agent beside these.
"""

from __future__ import annotations

from typing import Any

from matplotlib.figure import Figure

from procgen_sim.environment import DirectorEnv, by_chance, by_rating, by_schedule, evaluate, follow
from procgen_sim.experiments.essay import Check, Effort, Finding
from procgen_sim.experiments.essay.bodies import level_setting
from procgen_sim.experiments.essay.finding import mean_and_error
from procgen_sim.players import NOTIONS
from procgen_sim.report.style import INK, NOTION_WORDS, QUIET, new_figure, says_little
from procgen_sim.report.talk import script

BUDGET = 0.2
POLICIES = {
    "follow the model": follow,
    "any way, at random": by_chance(BUDGET),
    "outlier at random": by_schedule(f"outlier@{BUDGET}"),
    "outlier when rated 4+\n(baseline)": by_rating("outlier"),
    "outlier, adaptive": by_schedule(f"outlier@adaptive:{BUDGET}"),
}


def run(effort: Effort) -> Finding:
    n_players = effort.of(100, 12)
    setting = level_setting(effort.seed, effort.of(60, 30))
    told: dict[str, Any] = {}
    checks = []
    for notion in NOTIONS:
        env = DirectorEnv(setting, notion=notion, budget=BUDGET)
        scores = {name: evaluate(env, policy, n_players) for name, policy in POLICIES.items()}
        still = scores["follow the model"].interest
        told[notion] = {}
        for name, score in scores.items():
            more, error = mean_and_error(score.interest - still)
            told[notion][name] = {
                "interest": float(score.interest.mean()),
                "more": more,
                "error": error,
                "levels": float(score.levels.mean()),
                "broke_share": score.broke_share,
            }
        if notion == "surprise":
            best = told[notion]["outlier, adaptive"]
            checks.append(
                Check(
                    what="interest that an adaptive director keeps more than none (surprise)",
                    estimate=best["more"],
                    standard_error=best["error"],
                    relation="above",
                    bound=0.0,
                )
            )
    best = {notion: max(rows, key=lambda name: rows[name]["more"]) for notion, rows in told.items()}
    words = ", ".join(f"“{name.splitlines()[0]}” under {n}" for n, name in best.items())
    return Finding(
        experiment="directing",
        claim="A director who watches can do better than one who does not.",
        conclusion=f"Within {BUDGET:.0%} of levels, most interest is kept by {words}.",
        checks=tuple(checks),
        data={"notions": told, "players": n_players, "levels": setting.n_levels},
        effort=effort,
    )


def draw(finding: Finding) -> Figure:
    rows = list(POLICIES)
    figure, panels = new_figure(3, narrow=False, height=3.6)
    for axes, (notion, told) in zip(panels, finding.data["notions"].items(), strict=True):
        axes.axvline(0.0, color=QUIET, lw=1.0, zorder=0)
        for y, name in enumerate(rows[1:]):
            more, error = told[name]["more"], told[name]["error"]
            axes.errorbar(more, y, xerr=1.96 * error, color=INK, fmt="o", ms=6, lw=2)
        axes.set_yticks(range(len(rows) - 1), rows[1:])
        axes.set_ylim(len(rows) - 1.5, -0.5)
        axes.set_title(notion)
        says_little(axes, NOTION_WORDS[notion])
        axes.set_xlabel("interest kept, more than following\n(levels' worth, 95 %)")
        axes.tick_params(axis="y", length=0)
    return figure


if __name__ == "__main__":
    raise SystemExit(script("directing", draw, __doc__, run=run))
