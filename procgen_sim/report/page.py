"""The page a run ends in: one HTML file with everything in it, nothing fetched from anywhere."""

from __future__ import annotations

from collections.abc import Sequence
from typing import TYPE_CHECKING, Any, Final

from procgen_sim import __version__
from procgen_sim.experiments.conclusions import conclude
from procgen_sim.experiments.remarks import describe_breaks, describe_learning
from procgen_sim.experiments.summary import ArmSummary
from procgen_sim.experiments.used_up import describe_use, use_in
from procgen_sim.report.document import Shown, ShownLevel, fill
from procgen_sim.report.facts import (
    appetite_grid,
    arm_rows,
    bored_after,
    criterion_grid,
    fidelity_grid,
    fit_facts,
    notion_grid,
    percent,
    player_grid,
)
from procgen_sim.report.style import NOTION_WORDS

if TYPE_CHECKING:
    from procgen_sim.experiments import CompareRun

__all__ = ["page"]

_SIGHT: Final = {
    "theme": "design parameters",
    "pattern": "tiles",
    "both": "design parameters and tiles",
}

_ARM_HEAD: Final = (
    "arm",
    "levels until bored, median (95 %)",
    "predictability at the end",
    "interest at the end",
    "playable",
    "off-model",
    "levels more than on the model (95 %)",
)


def page(run: CompareRun, figures: Sequence[Shown], levels: Sequence[ShownLevel]) -> str:
    """The report as HTML."""
    *notions, overall = conclude(run.summary)
    headline = next(each for each in notions if each.notion == run.config.interest)
    corpora = list(dict.fromkeys(run.fit.get("bodies", []))) or list(run.config.corpus)
    n_players, n_levels = run.summary.n_players, run.summary.n_levels
    who = "one player" if n_players == 1 else f"{n_players:,} players"
    arms = run.summary.arms
    context: dict[str, Any] = {
        "title": f"{' + '.join(corpora)}: how soon do players see through it?",
        "kicker": f"{' + '.join(corpora)} · {run.config.model} model · {who} × {n_levels:,} levels",
        "heading": _heading(arms[0], run.config.interest, n_levels, one=n_players == 1),
        "headline": headline,
        "others": [each for each in notions if each is not headline],
        "overall": overall,
        "remark": describe_breaks(run.summary),
        "authored": describe_use(use_in(run)),
        "learning": describe_learning(run.summary),
        "caveats": run.fit.get("caveats", []),
        "words": {notion: NOTION_WORDS.get(notion, notion) for notion in arms[0].notions},
        "arm_head": _ARM_HEAD,
        "arm_rows": arm_rows(run),
        "n_last": min(10, n_levels),
        "n_players": who,
        "n_levels": f"{n_levels:,}",
        "n_claims": (len(arms) - 1) * len(notions),
        "notion_table": notion_grid(run),
        "appetite_table": appetite_grid(run),
        "figures": figures,
        "levels": levels,
        "facts": fit_facts(run),
        "skipped": run.fit.get("skipped", []),
        "fidelity_table": fidelity_grid(run),
        "criterion_table": criterion_grid(run.model.details),
        "player_table": player_grid(run),
        "repairs": _repairs(arms),
        "sight": _SIGHT[run.config.observer],
        "version": __version__,
        "seed": run.config.seed,
    }
    return fill("page.html", context)


def _heading(arm: ArmSummary, notion: str, horizon: int, *, one: bool) -> str:
    median = arm.notions[notion].bored.median
    told = bored_after(median, horizon).split(" (")[0].removeprefix(">")
    plural = "" if told == "1" else "s"
    if median.estimate is None:
        who = "The player is" if one else "More than half of the players are"
        return f"{who} still there after {told} level{plural} of the same model"
    who = "The player has" if one else "Half of the players have"
    return f"{who} had enough of the model after {told} level{plural}"


def _repairs(arms: Sequence[ArmSummary]) -> str:
    moved = ", ".join(f"{percent(arm.repaired_share)} for “{arm.name}”" for arm in arms)
    return (
        "What could not be built was moved to the nearest that could; by 5 % of a natural range or "
        f"more: {moved}."
    )
