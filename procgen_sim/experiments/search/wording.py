"""What a search found, in words, from its numbers."""

from __future__ import annotations

import math
from collections.abc import Mapping

from procgen_sim.config import RunConfig
from procgen_sim.experiments.search.judging import Verdict
from procgen_sim.experiments.statistics import Interval

__all__ = ["kept_words", "sentences"]

_SURE = 0.95


def kept_words(interval: Interval, n_levels: int) -> str:
    """``23 (19–31)``; beyond the horizon ``>60``."""
    values = (interval.estimate, interval.low, interval.high)
    best, low, high = (f">{n_levels}" if v is None or math.isinf(v) else f"{v:.0f}" for v in values)
    return f"{best} ({low}–{high})" if low != high else best


def sentences(verdicts: Mapping[str, Verdict], config: RunConfig) -> tuple[str, ...]:
    """The choice, how sure it is, and whether it holds under the other notions of interest."""
    verdict = verdicts[config.interest]
    choice, others = verdict.finalists[0], verdict.finalists[1:]
    share, n = f"{100 * config.keep:g} %", config.levels
    told = [
        f"Within a budget of {100 * config.budget:g} % of levels, “{choice.name}” keeps {share} of "
        f"the audience for {kept_words(choice.kept, n)} levels; on the model they stay for "
        f"{kept_words(verdict.on_model, n)}."
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
        rival = max(others, key=lambda each: each.p_best)
        if choice.p_best >= _SURE:
            told.append(
                f"Of the {1 + len(others)} finalists it is the best in {100 * choice.p_best:.0f} % "
                "of resampled audiences."
            )
        else:
            told.append(
                f"Which of the {1 + len(others)} finalists is best is not settled: it is in "
                f"{100 * choice.p_best:.0f} % of resampled audiences, “{rival.name}” in "
                f"{100 * rival.p_best:.0f} %."
            )
    told.append(_under_others(verdicts, config, choice.name))
    return tuple(told)


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
