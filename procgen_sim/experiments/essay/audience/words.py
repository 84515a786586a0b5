"""``audience`` in one sentence that follows from its numbers, whatever they are."""

from __future__ import annotations

import math
from collections.abc import Mapping, Sequence

import numpy as np
import numpy.typing as npt

from procgen_sim.experiments.essay.audience.checks import (
    SOON,
    hazard,
    late_in,
    level_of,
    nearly_everyone,
    off_model,
)
from procgen_sim.experiments.essay.audience.fates import Fates, World
from procgen_sim.experiments.essay.finding import Check
from procgen_sim.experiments.wording import decimal, listed, sentence
from procgen_sim.injection import ON_MODEL

__all__ = ["concluded", "level_words", "share_words"]

Values = npt.NDArray[np.float64]


def share_words(share: float) -> str:
    """A share in words; nearly all is not all, and hardly any not none."""
    if 0.995 <= share < 1:
        return "over 99 %"
    return "under 1 %" if 0 < share < 0.005 else f"{share * 100:.0f} %"


def level_words(level: float) -> str:
    """An extrapolated level, to two digits."""
    return f"level {float(f'{level:.2g}'):,.0f}" if math.isfinite(level) else "no level"


def concluded(met: Mapping[str, World], checks: Sequence[Check]) -> str:
    """What came out.

    Parameters
    ----------
    met
        World to what became of everybody there.
    checks
        Of one world after the other: sooner, on and on, everyone by surprise.
    """
    n = len(checks) // len(met)
    sooner, lasting, everyone = (checks[i::n] for i in range(n))
    first = [_sooner(c, w, one) for c, (w, one) in zip(sooner, met.items(), strict=True)]
    second = [_lasting(c, w, one) for c, (w, one) in zip(lasting, met.items(), strict=True)]
    clauses = [
        f"staying on the model, the most novelty-hungry decile was {listed(first)}",
        listed(second),
        _strange(met),
        _off_model(met),
        "where appetite plays no part, "
        + listed([_everyone(c, w) for c, w in zip(everyone, met, strict=True)])
        + " left by surprise, "
        + listed([_everyone(nearly_everyone(w, o, "progress"), w) for w, o in met.items()])
        + " by progress",
    ]
    return sentence("; ".join(clauses))


def _sooner(check: Check, world: str, met: World) -> str:
    lost = met.fates[ON_MODEL.name, "wundt"].lost(SOON).mean(axis=1)
    how = check.told(
        "lost sooner than the least",
        "not clearly lost sooner than the least",
        "lost later than the least",
    )
    return (
        f"{how} on {world} ({share_words(float(lost[-1]))} against {share_words(float(lost[0]))}"
        f" by level {SOON})"
    )


def _lasting(check: Check, world: str, met: World) -> str:
    """Whether leaving stops; and when nearly all of the least hungry would be gone at its rate."""
    late, n = late_in(met.n_levels), met.n_levels
    left = met.fates[ON_MODEL.name, "wundt"].left
    there = float((left[0] > n).mean())
    if math.isnan(check.estimate):
        return f"on {world} nobody was there any more at level {late}"
    rate = f"hazard {decimal(check.estimate, 3)} per 100 levels"
    went = check.told(
        f"people went on leaving after level {late} ({rate})",
        f"it could not be told that people went on leaving after level {late} ({rate})",
        f"nobody left after level {late}",
    )
    known = f"of the least hungry {share_words(there)} were still there at level {n:,}"
    return f"on {world} {went}, and {known}{_extrapolated(left[:1], there, late, n)}"


def _extrapolated(left: Values, there: float, late: int, n_levels: int) -> str:
    if not there:
        return ""  # they are all gone
    rate = hazard(left, late, n_levels)
    going = Check.of("the least hungry go on leaving", rate, "above", 0.0)
    if not going.holds:
        return ", and that these go on leaving could not be told"
    at = level_words(level_of(0.95, there, n_levels, rate[0]))
    return f": at their rate, extrapolated, 95 % of them would be gone by {at} at the earliest"


def _strange(met: Mapping[str, World]) -> str:
    shares = {w: _strange_share(one.fates[ON_MODEL.name, "wundt"]) for w, one in met.items()}
    return (
        "of the least hungry who left, "
        + listed([f"{share_words(share)} on {world}" for world, share in shares.items()])
        + " left what was too strange, not too familiar"
    )


def _strange_share(fates: Fates) -> float:
    left = np.isfinite(fates.left[0])
    return float(fates.strange[0][left].mean()) if left.any() else 0.0


def _off_model(met: Mapping[str, World]) -> str:
    """What leaving the model does to those who like the familiar best, paired by player."""
    told = []
    for world, one in met.items():
        arms = [arm for arm, notion in one.fates if notion == "wundt" and arm != ON_MODEL.name]
        checks = [off_model(world, one, arm) for arm in arms]
        if all(check.holds for check in checks):
            more = "more"
        elif all(check.opposite for check in checks):
            more = "fewer"
        else:
            more = "not always clearly more"
        lost = [one.fates[arm, "wundt"].lost(one.n_off)[0].mean() for arm in arms]
        staying = float(one.fates[ON_MODEL.name, "wundt"].lost(one.n_off)[0].mean())
        ends = dict.fromkeys([share_words(float(min(lost))), share_words(float(max(lost)))])
        told.append(
            f"{more} of the least hungry were lost on {world} ({' to '.join(ends)} by level"
            f" {one.n_off}, {share_words(staying)} on-model)"
        )
    return f"off the model, {listed(told)}"


def _everyone(check: Check, world: str) -> str:
    who = check.told("nearly everyone", "most but not clearly nearly everyone", "not everyone")
    return f"{who} on {world} ({share_words(check.estimate)})"
