"""What ``compare`` checks: that generators go stale, that leaving helps, and that it is learned."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Final

import numpy as np
import numpy.typing as npt

from procgen_sim.experiments.essay.finding import Check, mean_and_error
from procgen_sim.experiments.summary import END, Summary
from procgen_sim.experiments.wording import listed, quoted
from procgen_sim.injection import ON_MODEL
from procgen_sim.players import levels_until_bored
from procgen_sim.results import Table, as_cube

__all__ = ["Gains", "Met", "goes_stale", "held_out", "is_learned", "some_way_helps"]

Values = npt.NDArray[np.float64]

_STALE: Final = 0.75
"""Predictability above which a generator counts as seen through: three quarters of the way."""

_START: Final = 5
"""How many first levels "at the start" means."""

_STATIONARY: Final = ("noise", "outlier", "between", "extrapolate")
"""Proposals that draw from one distribution whatever was shown before."""


@dataclass(frozen=True, kw_only=True)
class Met:
    """What came of meeting one world: the records, their summary, and ``(P,)`` thresholds."""

    records: Table
    summary: Summary
    thresholds: Values


def goes_stale(world: str, met: Met) -> list[Check]:
    """Staying on the model goes stale: it is seen through, and interest falls."""
    known = as_cube(met.records, "predictability", ON_MODEL.name)[:, -END:].mean(axis=1)
    interest = as_cube(met.records, "interest_surprise", ON_MODEL.name)
    fall = interest[:, :_START].mean(axis=1) - interest[:, -END:].mean(axis=1)
    told = (
        (f"predictability on-model over the last {END} levels", known, _STALE),
        (f"interest (surprise) on-model in the first {_START} less the last {END} levels", fall, 0),
    )
    return [
        Check.of(f"{world}: {what}", mean_and_error(values[np.isfinite(values)]), "above", bound)
        for what, values, bound in told
    ]


@dataclass(frozen=True, kw_only=True)
class Gains:
    """What the best way gains: ``chosen`` on each half of the players, and, measured on the
    other half, mean levels more than on-model in each world with the standard error."""

    chosen: tuple[str, ...]
    levels: Mapping[str, tuple[float, float]]


def held_out(met: Mapping[str, Met], names: Sequence[str], notion: str) -> Gains:
    """What the best way gains in each world under one notion of interest: for each half of the
    players it is the way that keeps the *other* half longest, in the world where it does least.
    Chosen and measured on the same players, the best of several would seem better than it is."""
    gains = {
        (world, name): _levels(each, name, notion) - _levels(each, ON_MODEL.name, notion)
        for world, each in met.items()
        for name in names
    }

    def least(name: str, half: int) -> float:
        return min(float(gains[world, name][half::2].mean()) for world in met)

    chosen = [max(names, key=lambda name: least(name, 1 - half)) for half in (0, 1)]
    levels = {
        world: mean_and_error(
            np.concatenate([gains[world, chosen[half]][half::2] for half in (0, 1)])
        )
        for world in met
    }
    return Gains(chosen=tuple(dict.fromkeys(chosen)), levels=levels)


def some_way_helps(gains: Gains, notion: str) -> list[Check]:
    """Some way of leaving keeps players longer under this notion, in each world."""
    best = listed([quoted(name) for name in gains.chosen])
    return [
        Check.of(
            f"{world}: levels more with {best} (chosen on other players) until bored, by {notion}",
            measured,
            "above",
            0.0,
        )
        for world, measured in gains.levels.items()
    ]


def _levels(met: Met, arm: str, notion: str) -> Values:
    """``(P,)`` levels until bored, within the horizon."""
    boredom = as_cube(met.records, f"boredom_{notion}", arm)
    return levels_until_bored(boredom, met.thresholds).levels.astype(np.float64)


def is_learned(world: str, met: Met) -> Check:
    """Breaks of the later half cost the prepared less, on average over stationary injections."""
    saved = []
    for name in (arm.name for arm in met.summary.arms if arm.name in _STATIONARY):
        broke = as_cube(met.records, "broke", name)
        cheaper = as_cube(met.records, "unprepared_bits", name) - as_cube(
            met.records, "surprise_bits", name
        )
        late = broke & (np.arange(broke.shape[1]) >= broke.shape[1] // 2)
        n = late.sum(axis=1)
        saved.append(np.where(n > 0, (cheaper * late).sum(axis=1) / np.maximum(n, 1), np.nan))
    each = np.array(saved)
    known = np.isfinite(each)
    who = known.any(axis=0)
    mean, error = 0.0, 0.0  # nobody met a break: none was learned
    if who.sum() > 1:
        total = np.where(known, each, 0.0).sum(axis=0)
        mean, error = mean_and_error((total / np.maximum(known.sum(axis=0), 1))[who])
    return Check.of(
        f"{world}: bits that a late break costs less than the unprepared,"
        " mean of the stationary injections",
        (mean, error),
        "above",
        0.0,
    )
