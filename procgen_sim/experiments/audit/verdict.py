"""What an audit says in plain words, the answer first. Every sentence is made from the numbers."""

from __future__ import annotations

import math
from collections.abc import Callable, Mapping, Sequence
from typing import Any, Final

from procgen_sim.experiments.audit.helps import Help
from procgen_sim.experiments.audit.measure import SourceAudit
from procgen_sim.experiments.statistics import Interval
from procgen_sim.experiments.wording import listed

__all__ = ["HEADLINE", "is_noise", "is_shuffled", "judge", "judge_all", "levels_told", "percent"]

HEADLINE: Final = "surprise"
"""The notion of interest that an audit's answer is about: to see through levels is to guess them.
The others are told beside it."""

_NOTICED: Final = 0.5
"""Levels by which players must stay longer or leave sooner for a sentence about it."""

_FEW: Final = 5
"""Fewer levels than this, and no player has had time to be bored."""

_NOISE: Final = 0.95
"""Bits a veteran pays, as a share of what tiles cost that have nothing to do with one another, from
which they might as well not: hand-made levels and most generators stay below a half."""


_SHUFFLED: Final = 0.85
"""Bits a veteran pays, as a share of the entropy of the next line taken alone, from which the lines
might as well come in random order."""

_COMPLETE: Final = 0.02
"""Chance of a new line below which a vocabulary is complete."""

_ENOUGH: Final = 10
"""Levels from which a veteran can know the order of lines."""


def judge(audit: SourceAudit) -> list[str]:
    """Sentences about one source."""
    return [*_seen_through(audit), *_vocabulary(audit), *_learning(audit), *_help(audit)]


def judge_all(audits: Sequence[SourceAudit], comparison: Mapping[str, Any] | None) -> list[str]:
    """Sentences over all sources; the first one's own if there is only one.

    ``comparison`` is what :func:`~.comparison.compare_sources` found.
    """
    given = [audit for audit in audits if not audit.yardstick] or list(audits)
    if len(given) == 1:
        return [*judge(given[0]), *_against(given[0], [a for a in audits if a.yardstick])]
    said = [_seen_through(audit)[0] for audit in given]
    if comparison is not None:
        names = {audit.body.name for audit in given}
        rows = [row for row in comparison["rows"] if row["name"] in names]
        rows = [row for row in rows if row["distinct_3"] is not None]
        rows.sort(key=lambda row: -row["distinct_3"])
        told = ", ".join(f"{row['name']} {row['distinct_3']:,.0f}" for row in rows)
        if len(rows) > 1:
            n = comparison["n_columns"]
            said.append(f"Different patterns of three in {n:,} active lines of each: {told}.")
    told_apart = [audit for audit in given if audit.active_rates.veteran is not None]
    if len(told_apart) > 1:
        stays = _ranked(told_apart, _stays)
        teaches = _ranked(told_apart, _teaches)
        said.append(
            "Two axes, never one score. What stays unpredictable to those who know the rest, bits "
            f"per active line: {stays}. What there is to learn, in the same unit: {teaches}."
        )
    return said


def is_noise(audit: SourceAudit) -> bool:
    """Whether nothing met before helps to guess a tile.

    What levels cost a newcomer does not tell: to find out that there is nothing takes bits, too.
    """
    veteran, alone = audit.active_rates.veteran, audit.counted.independent_bits
    return veteran is not None and alone > 0.0 and veteran >= _NOISE * alone


def is_shuffled(audit: SourceAudit) -> bool:
    """Whether a complete vocabulary of lines comes in what might as well be random order."""
    veteran, new = audit.active_rates.veteran, audit.counted.lines[1].p_new_by_level.value
    effective = audit.counted.hill[1].observed[1].value or 1.0
    return (
        audit.body.n_levels >= _ENOUGH
        and veteran is not None
        and new is not None
        and new < _COMPLETE
        and effective > 1.0
        and veteran > _SHUFFLED * math.log2(effective)
        and not is_noise(audit)
    )


def levels_told(levels: Interval, horizon: int) -> str:
    """``9 levels (7–12)``, or how many were not enough."""
    if levels.estimate is None:
        low = "" if levels.low is None else f" ({levels.low:.0f} at the least)"
        return f"more than {horizon} levels{low}"
    plural = "" if levels.estimate == 1 else "s"
    low = "1" if levels.low is None else f"{levels.low:.0f}"
    high = f"–{levels.high:.0f}" if levels.high is not None else " or more"
    return f"{levels.estimate:.0f} level{plural} ({low}{high})"


def percent(share: float) -> str:
    """``2 %``; small shares are not rounded to nothing.

    >>> percent(0.023), percent(0.0004), percent(0.0), percent(0.996)
    ('2 %', 'less than 1 %', '0 %', '99.6 %')
    """
    if 0 < share <= 0.005:
        return "less than 1 %"
    if 0.99 < share < 1:
        return f"{100 * share:.1f} %" if share < 0.9995 else "nearly 100 %"
    return f"{100 * share:.0f} %"


def _seen_through(audit: SourceAudit) -> list[str]:
    name, n = audit.body.name, audit.body.n_levels
    noise = f"{name} is noise, not variety: nothing met before helps to guess a tile."
    first = [noise] if is_noise(audit) else []
    if is_shuffled(audit):
        n_known, line = audit.counted.lines[1].distinct, audit.body.line_name
        first = [f"{name}: {n_known} {line}s in random order, unpredictable but not varied."]
    if n == 1:
        return [f"{name}: one level is too little to say how soon players see through it."]
    if n < _FEW:
        return [*first, f"{name}: {n} levels are too few to say how soon players see through them."]
    asked = audit.bored[HEADLINE]
    horizon = len(asked.mean)
    if asked.levels.estimate is None:
        within = f"the {n} levels there are" if horizon == n else f"{horizon} levels"
        said = (
            f"Players do not see through {name} within {within}: "
            f"{percent(asked.share_stayed)} of a simulated audience has not had enough."
        )
    else:
        said = (
            f"Players see through {name} in about {levels_told(asked.levels, horizon)}: by then "
            "half of a simulated audience has seen too much of it coming."
        )
    others = "; ".join(
        f"{condition}, {levels_told(audit.bored[notion].levels, horizon)}"
        for notion, condition in _OTHERWISE.items()
    )
    return [*first, said, f"That is if only the foreseeable is dull; {others}."]


_OTHERWISE: Final = {
    "wundt": "if chaos is dull, too (wundt)",
    "progress": "if all is dull that teaches nothing (progress)",
}


def _vocabulary(audit: SourceAudit) -> list[str]:
    found = audit.counted.lines[3].p_new_by_level.value
    n, line = audit.body.n_levels, audit.body.line_name
    if found is None:
        return []
    return [f"After {n} levels the chance that the next three {line}s are new is {percent(found)}."]


def _learning(audit: SourceAudit) -> list[str]:
    rate, bits = audit.rate, audit.active_rates
    if bits.veteran is None:
        return []
    if is_noise(audit):
        return [f"There is nothing to learn but that; {_pays(audit)}."]
    if not bits.naive:
        return ["There is nothing to learn: even the first level is known before it is met."]
    pays = _pays(audit)
    if rate.levels_to_half is None:
        why = rate.reasons["levels_to_half"]
        return [f"How fast it is learned cannot be said ({why}); {pays}."]
    half = f"Half of what can be learned is learned after {_counted(rate.levels_to_half)}"
    if rate.levels_to_90 is None:
        return [f"{half}, 90 % {rate.reasons['levels_to_90']}; {pays}."]
    return [f"{half}, 90 % after {_counted(rate.levels_to_90)}; {pays}."]


def _pays(audit: SourceAudit) -> str:
    bits, line = audit.active_rates, audit.body.line_name
    return f"a newcomer pays {bits.naive:.2f} bits per active {line}, a veteran {bits.veteran:.2f}"


def _help(audit: SourceAudit) -> list[str]:
    if not audit.helps:
        return []
    stand = [each for each in audit.helps if each.stands]
    gains = [each for each in stand if _gained(each) >= _NOTICED]
    losses = [each for each in stand if _gained(each) <= -_NOTICED]
    if not gains:
        if audit.bored[HEADLINE].share_stayed > 0.5:
            said = "Most of the audience is still there at the end: what would keep it is not seen."
        else:
            said = "No simulated way of leaving the model is seen to keep players longer."
        return [f"{said}{_warning(losses)}"]
    # Of the ways that keep players by one notion, the one that is best by its worst.
    by_way = {
        way: {each.notion: each for each in audit.helps if _way(each) == way}
        for way in dict.fromkeys(map(_way, gains))
    }
    way = max(by_way, key=lambda way: min(map(_gained, by_way[way].values())))
    best = by_way[way]
    kept = [notion for notion, each in best.items() if each in gains]
    told = ", ".join(f"{_gained(each):+.1f} under {notion}" for notion, each in best.items())
    finished = next(iter(best.values())).pool.playable_share
    broken = ""
    if finished is not None and finished < 1:
        broken = f" {percent(finished)} of these levels can be finished."
    said = (
        f"What would help, simulated: {way}, levels gained {told}; it can be told from chance "
        f"under {listed(kept)}.{broken}"
    )
    noise = {
        each.notion: each
        for each in audit.helps
        if each.proposal == "noise" and each.rate == best[kept[0]].rate
    }
    if not way.startswith("noise") and kept[0] in noise:
        said += f" Noise, the control, gains {_gained(noise[kept[0]]):+.1f} under {kept[0]}."
    return [said.replace("-", "−")]


def _warning(losses: Sequence[Help]) -> str:
    """Who is driven away; empty if nobody is."""
    if not losses:
        return ""
    worst = min(losses, key=_gained)
    return (
        f" Under {worst.notion}, {_way(worst)} drives them away {-_gained(worst):.1f} levels "
        "sooner."
    )


def _way(each: Help) -> str:
    return f"{each.proposal.replace('_', ' ')} in one level of {1 / each.rate:.0f}"


def _gained(each: Help) -> float:
    return each.gained.estimate or 0.0


def _against(audit: SourceAudit, yardsticks: Sequence[SourceAudit]) -> list[str]:
    """How the hand-made bodies fare."""
    if not yardsticks or audit.body.n_levels < _FEW:
        return []
    told = []
    for yardstick in yardsticks:
        asked = yardstick.bored[HEADLINE]
        new = yardstick.counted.lines[3].p_new_by_level.value
        chance = "" if new is None else f", {percent(new)} still new"
        told.append(f"{yardstick.body.name} {levels_told(asked.levels, len(asked.mean))}{chance}")
    return [f"For comparison, our hand-made bodies: {'; '.join(told)}."]


def _counted(n: int) -> str:
    return "one level" if n == 1 else f"{n} levels"


def _stays(audit: SourceAudit) -> float:
    return audit.active_rates.veteran or 0.0


def _teaches(audit: SourceAudit) -> float:
    return audit.active_rates.naive - _stays(audit)


def _ranked(audits: Sequence[SourceAudit], value: Callable[[SourceAudit], float]) -> str:
    falling = sorted(audits, key=value, reverse=True)
    return ", ".join(f"{audit.body.name} {value(audit):.2f}" for audit in falling)
