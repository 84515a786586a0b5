"""Procedural games go stale; there is an art to not letting them.

The main job, of the essay's dots and of levels: the same players meet the same generator staying
on its model, and with every way of leaving it at 15 % of levels. What is measured, over the players

- *stale*: predictability p = (S₀ − s) / (S₀ − S∞) over the last levels, and how much less
  interesting (by ``surprise``) these are than the first. Boredom itself starts at nought, so that
  it rises at all would show nothing; what it averages is the lack of interest, which does.
- *the art*: levels more than on-model until bored, within the horizon, paired by player, under each
  notion of interest, told apart from chance allowing for all comparisons, dots' and levels', by
  [Holm1979]_. That some way helps on both is checked honestly: chosen on half of the players,
  measured on the others. What is checked is the art for those who find dull what can be guessed
  (``surprise``); whether it is one under the other notions, too, is told beside it.
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
    Gains,
    Met,
    goes_stale,
    held_out,
    is_learned,
    some_way_helps,
)
from procgen_sim.experiments.essay.finding import Check, Effort, Finding
from procgen_sim.experiments.essay.meeting import WORLDS, in_blocks, setting_of
from procgen_sim.experiments.statistics import told_apart
from procgen_sim.experiments.summary import ArmSummary, summarise
from procgen_sim.experiments.wording import decimal, listed, quoted, sentence
from procgen_sim.injection import ON_MODEL, SCHEDULES, SELF_CONTAINED, Arm, parse_arm
from procgen_sim.players import NOTIONS, Population
from procgen_sim.results import as_cube, concatenate
from procgen_sim.session import play_arms

__all__ = ["CLAIM", "RATE", "run", "ways_of_leaving"]

Values = npt.NDArray[np.float64]

CLAIM: Final = (
    "Procedural games go stale; there is an art to not letting them, for those who find dull what"
    " they can guess."
)

RATE: Final = 0.15
"""Share of levels off the model."""

_PLACE: Final = 5
_CHECKED: Final = "surprise"
"""The notion of interest under which the art is claimed."""
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
    gains = {notion: held_out(met, [arm.name for arm in arms[1:]], notion) for notion in NOTIONS}
    checks += some_way_helps(gains[_CHECKED], _CHECKED)
    checks += [is_learned(world, met[world]) for world in worlds]
    data = {
        "rate": rate,
        "n_players": n_players,
        "n_levels": n_levels,
        "best": gains[_CHECKED].chosen,
        "worlds": {world: _told(met[world], gains[_CHECKED].chosen) for world in worlds},
    }
    return Finding(
        experiment="compare",
        claim=CLAIM,
        conclusion=_conclusion(met, gains, checks),
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


def _told(met: Met, best: Sequence[str]) -> dict[str, Any]:
    """What the figure shows of one world."""
    summary = met.summary
    at = np.unique(np.linspace(0, summary.n_levels - 1, _POINTS).round().astype(int))
    curves = {}
    for name in (ON_MODEL.name, *best):
        boredom = as_cube(met.records, f"boredom_{_CHECKED}", name)[:, at]
        curves[name] = {
            "boredom": boredom.mean(axis=0).round(4),
            "error": (boredom.std(axis=0, ddof=1) / math.sqrt(len(boredom))).round(4),
        }
    ways = []
    for arm in summary.arms[1:]:
        notions = {}
        for notion, found in arm.notions.items():
            notions[notion] = {
                "levels_more": found.difference.estimate,
                "low": found.difference.low,
                "high": found.difference.high,
                "verdict": verdict(arm, notion),
            }
        ways.append({"name": arm.name, "notions": notions})
    return {
        "levels": at + 1,
        "threshold": np.quantile(met.thresholds, [0.1, 0.5, 0.9]),
        "curves": curves,
        "ways": ways,
    }


def _conclusion(met: Mapping[str, Met], gains: Mapping[str, Gains], checks: Sequence[Check]) -> str:
    """A clause for each check, and how it is under the notions that are not checked."""
    n = len(met)
    stale = zip(checks[0 : 2 * n : 2], checks[1 : 2 * n : 2], strict=True)
    clauses = []
    for world, (known, duller) in zip(met, stale, strict=True):
        seen = known.told("were seen through", "were not clearly seen through", "stayed open")
        grew = duller.told("grew dull", "did not clearly grow dull", "grew more interesting")
        fall = decimal(-duller.estimate)
        clauses.append(
            f"{world} {seen} (predictability {decimal(known.estimate)} at the end) and {grew}"
            f" (interest changed by {fall})"
        )
    first = f"staying on the model, {listed(clauses)}"
    best = " or ".join(quoted(name) for name in gains[_CHECKED].chosen)
    art = [_longer(check, world) for check, world in zip(checks[2 * n : 3 * n], met, strict=True)]
    second = f"leaving it in the best way, {best} as chosen on other players, {listed(art)}"
    third = "; ".join(
        f"by {notion}, its own best way "
        + listed([_longer(c, w) for c, w in zip(some_way_helps(found, notion), met, strict=True)])
        for notion, found in gains.items()
        if notion != _CHECKED
    )
    learned = [
        check.told(
            f"were learned on {world} (a late one cost {decimal(check.estimate, 1)} bits less)",
            f"were not clearly learned on {world}",
            f"were not learned on {world} (a late one cost {decimal(-check.estimate, 1)} bits"
            " more)",
        )
        for check, world in zip(checks[3 * n :], met, strict=True)
    ]
    told = [first, f"{second}, by {_CHECKED}", third, _counts(met)]
    return sentence("; ".join([*told, f"stationary breaks {listed(learned)}"]))


def _longer(check: Check, world: str) -> str:
    more = decimal(check.estimate, 1)
    return check.told(
        f"kept players {more} levels longer on {world}",
        f"made no clear difference on {world} ({more} ± {decimal(check.standard_error, 1)} levels)",
        f"lost players {decimal(-check.estimate, 1)} levels sooner on {world}",
    )


def _counts(met: Mapping[str, Met]) -> str:
    """How many ways help under each notion, told apart; and whether one does under all."""
    told = []
    for world, each in met.items():
        ways = each.summary.arms[1:]
        by = {arm.name: [verdict(arm, notion) == "longer" for notion in NOTIONS] for arm in ways}
        under = [
            f"{sum(helps[i] for helps in by.values())} under {notion}"
            for i, notion in enumerate(NOTIONS)
        ]
        always = [quoted(name) for name, helps in by.items() if all(helps)]
        whole = f"{listed(always)} under all" if always else "none under all"
        told.append(f"{listed(under)} ({whole}) on {world}")
    return f"of {len(ways)} ways, those that clearly kept players longer were {' and '.join(told)}"
