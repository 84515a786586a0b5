"""What a search found, in words, from its numbers."""

from __future__ import annotations

import math
from collections.abc import Mapping, Sequence

from procgen_sim.config import RunConfig
from procgen_sim.experiments.search.judging import Finalist, Verdict
from procgen_sim.experiments.search.racing import Lap
from procgen_sim.experiments.statistics import Interval

__all__ = ["kept_words", "sentences"]

_SURE = 0.95


def kept_words(interval: Interval, n_levels: int) -> str:
    """``23 (19–31)``; beyond the horizon ``>60``."""
    values = (interval.estimate, interval.low, interval.high)
    best, low, high = (f">{n_levels}" if v is None or math.isinf(v) else f"{v:.0f}" for v in values)
    return f"{best} ({low}–{high})" if low != high else best


def sentences(
    verdicts: Mapping[str, Verdict], config: RunConfig, laps: Sequence[Lap]
) -> tuple[str, ...]:
    """The choice, how sure it is, what it was chosen among, and whether it holds under the other
    notions of interest; or that nothing was chosen."""
    verdict = verdicts[config.interest]
    raced = [*_kept_within(config), *_dropped(verdict, laps)]
    if not verdict.decides:
        return (_nothing_chosen(config), *raced)
    choice, others = verdict.finalists[0], verdict.finalists[1:]
    n = config.levels
    told = [
        f"Within a budget of {_percent(config.budget)} of levels, “{choice.name}” keeps "
        f"{_percent(config.keep)} of the audience for {kept_words(choice.kept, n)} levels; on the "
        f"model they stay for {kept_words(verdict.on_model, n)}."
    ]
    low, high = choice.more.low, choice.more.high
    if low is not None and high is not None:
        means = (
            "a gain that stands on players who had no part in the choice"
            if low > 0
            else "a loss"
            if high < 0
            else "no gain that can be told from chance"
        )
        told.append(
            f"The mean player stays {choice.more.estimate:+.1f} levels longer ({low:+.1f} to "
            f"{high:+.1f}): {means}.".replace("-", "−")
        )
    if others:
        told.append(_how_sure(choice, others))
    return (*told, *raced, _under_others(verdicts, config, choice.name))


def _nothing_chosen(config: RunConfig) -> str:
    return (
        f"Nothing was chosen: even on the model {_percent(config.keep)} of the audience are still "
        f"there after the last level, {config.levels}, so no way can be seen to keep them longer. "
        "That takes more --levels, or a larger --keep."
    )


def _kept_within(config: RunConfig) -> list[str]:
    """What was done to ways that would overdraw the budget."""
    if config.budget >= 1.0:
        return []
    return [
        f"Every way was held to {_percent(config.budget)} after any number of levels: breaks of "
        "probability and bursts that would overdraw it were left out, so that some of it is not "
        "spent. `compare --arms` plays them without that, and within it in the long run only."
    ]


def _dropped(verdict: Verdict, laps: Sequence[Lap]) -> list[str]:
    """How many ways nobody judged, and on how few players."""
    n_raced, n_final = len(laps[0].ranking), len(verdict.finalists)
    if n_raced == n_final:
        return []
    dropped, few = n_raced - n_final, n_raced - len(laps[-1].ranking)
    who = "all" if few == dropped else str(few)
    fewer = f", {who} of them on fewer than the {laps[-1].n_players:,} players of the last lap"
    return [
        f"Of the {n_raced} ways that raced, {dropped} were dropped{fewer if few else ''}: how "
        f"often a way is best is among the {n_final} finalists only."
    ]


def _how_sure(choice: Finalist, others: Sequence[Finalist]) -> str:
    n_finalists = 1 + len(others)
    if choice.p_best >= _SURE:
        return (
            f"Of the {n_finalists} finalists it is the best in {100 * choice.p_best:.0f} % of "
            "resampled audiences."
        )
    rival = max(others, key=lambda each: each.p_best)
    return (
        f"Which of the {n_finalists} finalists is best is not settled: it is in "
        f"{100 * choice.p_best:.0f} % of resampled audiences, “{rival.name}” in "
        f"{100 * rival.p_best:.0f} %."
    )


def _under_others(verdicts: Mapping[str, Verdict], config: RunConfig, name: str) -> str:
    parts = []
    for notion, verdict in verdicts.items():
        if notion == config.interest:
            continue
        more = next(each for each in verdict.finalists if each.name == name).more
        if more.low is None or more.high is None or more.low <= 0 <= more.high:
            word = "changes nothing that can be told from chance"
        else:
            word = "helps" if more.low > 0 else "harms"
        parts.append(f"under {notion} it {word} ({more.estimate:+.1f} levels)".replace("-", "−"))
    return f"Judged otherwise, {' and '.join(parts)}."


def _percent(share: float) -> str:
    return f"{100 * share:g} %"
