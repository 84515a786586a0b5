"""Procedural games go stale; there is an art to not letting them.

The main job, of the essay's dots and of levels: the same players meet the same generator staying
on its model, and with every way of leaving it at 15 % of levels. What is measured, over the players

- *stale*: predictability p = (S₀ − s) / (S₀ − S∞) over the last levels, and how much less
  interesting (by ``surprise``) these are than the first. Boredom itself starts at nought, so that
  it rises at all would show nothing; what it averages is the lack of interest, which does.
- *the art*: levels more than on-model until bored, paired by player, under each notion of interest,
  told apart from chance allowing for all comparisons, dots' and levels', by [Holm1979]_. That some
  way helps on both is checked honestly: chosen on half of the players, measured on the others.
- *its limit*: a stationary injection is itself a model and gets learned. A break late in the game
  costs those who met its like less than it would cost the same players, had every level before
  followed the model (``unprepared_bits`` − ``surprise_bits``).
"""

from __future__ import annotations

import math
from collections.abc import Mapping, Sequence
from dataclasses import replace
from typing import Any, Final

import numpy as np
import numpy.typing as npt

from procgen_sim.experiments.conclusions import verdict
from procgen_sim.experiments.essay.compare_checks import (
    Met,
    goes_stale,
    is_learned,
    some_way_helps,
)
from procgen_sim.experiments.essay.finding import Check, Effort, Finding
from procgen_sim.experiments.essay.meeting import WORLDS, in_blocks, setting_of
from procgen_sim.experiments.statistics import told_apart
from procgen_sim.experiments.summary import ArmSummary, Summary, summarise
from procgen_sim.experiments.wording import decimal, listed, quoted, sentence, value
from procgen_sim.injection import ON_MODEL, SCHEDULES, SELF_CONTAINED, Arm, parse_arm
from procgen_sim.players import NOTIONS, Population
from procgen_sim.results import as_cube, concatenate
from procgen_sim.session import play_arms

__all__ = ["CLAIM", "RATE", "run", "ways_of_leaving"]

Values = npt.NDArray[np.float64]

CLAIM: Final = "Procedural games go stale; there is an art to not letting them."

RATE: Final = 0.15
"""Share of levels off the model."""

_PLACE: Final = 5
_DIRECTED: Final = "outlier"
"""The proposal that a director's schedule is tried with: the essay's own break."""

_POINTS: Final = 30


def ways_of_leaving(rate: float = RATE) -> tuple[Arm, ...]:
    """Every proposal there is at this rate, but those that need more than the program brings; and
    the adaptive schedule, if there is one."""
    names = list(SELF_CONTAINED)
    if "adaptive" in SCHEDULES:
        names.append(f"{_DIRECTED}@adaptive")
    return tuple(parse_arm(name, rate=rate) for name in names)


def run(
    effort: Effort,
    *,
    rate: float = RATE,
    staying: Arm = ON_MODEL,
    ways: Sequence[Arm] | None = None,
    worlds: Sequence[str] = WORLDS,
) -> Finding:
    """Meet dots and levels, on the model and off it.

    Parameters
    ----------
    effort
        How much work.
    rate
        Share of levels off the model.
    staying
        What stands for staying on the model; tests exchange it.
    ways
        Ways of leaving; all there are if None.
    worlds
        What is met.
    """
    n_players, n_levels = effort.of(200, 40), effort.of(60, 50)
    arms = (
        replace(staying, name=ON_MODEL.name),
        *(ways_of_leaving(rate) if ways is None else ways),
    )
    met = {world: _meet(world, arms, n_players, n_levels, effort) for world in worlds}
    met = _holm(met)
    checks = [check for world in worlds for check in goes_stale(world, met[world])]
    checks += some_way_helps(met, [arm.name for arm in arms[1:]])
    checks += [is_learned(world, met[world]) for world in worlds]
    data = {
        "rate": rate,
        "n_players": n_players,
        "n_levels": n_levels,
        "worlds": {world: _told(met[world]) for world in worlds},
    }
    return Finding(
        experiment="compare",
        claim=CLAIM,
        conclusion=_conclusion(met, checks),
        checks=tuple(checks),
        data=data,
        effort=effort,
    )


def _meet(world: str, arms: Sequence[Arm], n_players: int, n_levels: int, effort: Effort) -> Met:
    setting = setting_of(world, seed=effort.seed, place=_PLACE, n_levels=n_levels)
    parts = in_blocks(play_arms, setting, arms, n_players, jobs=effort.jobs)
    records = concatenate(list(parts))
    people = Population.sample(n_players, seed=effort.seed, spreads=setting.spreads)
    summary = summarise(records, people.threshold, [arm.name for arm in arms])
    return Met(records=records, summary=summary, thresholds=people.threshold)


def _holm(met: Mapping[str, Met]) -> dict[str, Met]:
    """The same, but that a difference stands only if it does among those of all worlds."""
    keys = [
        (world, arm.name, notion)
        for world, each in met.items()
        for arm in each.summary.arms[1:]
        for notion in arm.notions
    ]
    p_values = [met[w].summary[a].notions[n].difference.p_value for w, a, n in keys]
    stands = told_apart([1.0 if p is None else p for p in p_values])
    standing = dict(zip(keys, stands, strict=True))

    def judged(world: str, arm: ArmSummary) -> ArmSummary:
        notions = {
            name: replace(
                found, stands=found.tellable and standing.get((world, arm.name, name), False)
            )
            for name, found in arm.notions.items()
        }
        return replace(arm, notions=notions)

    return {
        world: replace(
            each,
            summary=replace(
                each.summary, arms=tuple(judged(world, arm) for arm in each.summary.arms)
            ),
        )
        for world, each in met.items()
    }


def _told(met: Met) -> dict[str, Any]:
    """What the figure shows of one world."""
    summary = met.summary
    at = np.unique(np.linspace(0, summary.n_levels - 1, _POINTS).round().astype(int))
    arms = []
    for arm in summary.arms:
        notions = {}
        for notion, found in arm.notions.items():
            boredom = as_cube(met.records, f"boredom_{notion}", arm.name)[:, at]
            difference = found.difference
            notions[notion] = {
                "boredom": boredom.mean(axis=0).round(4),
                "error": (boredom.std(axis=0, ddof=1) / math.sqrt(len(boredom))).round(4),
                "levels_more": difference.estimate,
                "low": difference.low,
                "high": difference.high,
                "verdict": verdict(arm, notion) if arm is not summary.arms[0] else None,
                "share_stayed": found.share_stayed,
                "median_levels": found.bored.median.estimate,
            }
        learned = arm.learned
        arms.append(
            {
                "name": arm.name,
                "notions": notions,
                "predictability_start": arm.predictability_start,
                "predictability_end": arm.predictability_end,
                "off_model_share": arm.off_model_share,
                "saved_bits": None if learned is None else learned.saved.estimate,
                "saved_low": None if learned is None else learned.saved.low,
                "saved_high": None if learned is None else learned.saved.high,
                "unprepared_bits": None if learned is None else learned.unprepared_bits,
            }
        )
    return {
        "naive_bits": summary.naive_bits,
        "veteran_bits": summary.veteran_bits,
        "levels": at + 1,
        "threshold": np.quantile(met.thresholds, [0.1, 0.5, 0.9]),
        "arms": arms,
    }


def _conclusion(met: Mapping[str, Met], checks: Sequence[Check]) -> str:
    ends = [value(met[world].summary.arms[0].predictability_end) for world in met]
    went = "went" if all(check.holds for check in checks[: 2 * len(met)]) else "did not clearly go"
    start = f"staying on the model {went} stale (predictability at the end " + listed(
        [f"{decimal(end)} on {world}" for end, world in zip(ends, met, strict=True)]
    )
    clauses = [start + ")"]
    clauses += [f"on {world} {_across(each.summary)}" for world, each in met.items()]
    saved = checks[-len(met) :]
    if all(check.holds for check in saved):
        by = listed(
            [f"{decimal(c.estimate, 1)} bits on {w}" for c, w in zip(saved, met, strict=True)]
        )
        clauses.append(f"but stationary injections were learned, too: a late break cost {by} less")
    else:
        clauses.append("that injections were learned in their turn did not show clearly")
    return sentence("; ".join(clauses))


def _across(summary: Summary) -> str:
    """Which ways help under all notions, under some, under none; and which harm."""
    told: dict[str, list[str]] = {}
    for arm in summary.arms[1:]:
        by = {notion: verdict(arm, notion) for notion in NOTIONS}
        longer = [notion for notion, kind in by.items() if kind == "longer"]
        sooner = [notion for notion, kind in by.items() if kind == "sooner"]
        if longer:
            where = "all notions" if len(longer) == len(by) else listed(longer)
            said = f"kept players longer under {where}"
            said += f" but lost them sooner under {listed(sooner)}" if sooner else ""
        elif sooner:
            said = f"lost players sooner under {listed(sooner)}"
        elif set(by.values()) == {"never left"}:
            said = "never left the model"
        else:
            said = "could not be told from chance under any notion"
        told.setdefault(said, []).append(quoted(arm.name))
    order = sorted(told, key=lambda said: ("all notions" not in said, "longer" not in said))
    clauses = [f"{listed(told[said])} {said}" for said in order]
    if not any("all notions" in said for said in told):
        clauses.append("none helped under all notions")
    return ", ".join(clauses)
