"""Not everyone wants something new all the time, but eventually everyone does.

Appetite is the surprise, as a share of a newcomer's, that somebody likes best (the notion
``wundt``, [Berlyne1970]_): interest is exp(−½ ((s/S₀ − appetite) / tolerance)²). The least
novelty-hungry tenth of people is at home where half is foreseen, the hungriest wants nothing
foreseen. They meet the same generator; asked is who leaves when, on its model and off it, and
whether everyone does in the end.

What a player meets and learns does not depend on their appetite, only whether they like it. So
nobody has to be sorted by who left: *every* player is asked what they would have done with the
appetite of each decile of people, all else about them as it is. The deciles are then alike in
everything but appetite, and differences between them are paired by player. Under ``surprise`` and
``progress`` appetite plays no part; there the deciles are of patience (the boredom at which people
leave). Beside this stands the plain comparison of the tenths of those who played, by the log-rank
test [Mantel1966]_.

"Eventually" is a horizon. Who is still there at its end and *at home* – whose lack of interest over
the second half was on average below what makes them leave – goes only by a run of bad luck. And a
leaver can have left for two reasons: the last levels were below their appetite (too familiar) or
above it (too strange).
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any, Final

import numpy as np
import numpy.typing as npt

from procgen_sim.experiments.essay.audience.fates import (
    N_DECILES,
    Fates,
    Leaving,
    World,
    within_deciles,
)
from procgen_sim.experiments.essay.audience.words import SOON, concluded
from procgen_sim.experiments.essay.finding import Check, Effort, Finding, mean_and_error
from procgen_sim.experiments.essay.meeting import WORLDS, in_blocks, setting_of
from procgen_sim.injection import ON_MODEL, SCHEDULES, Arm, parse_arms
from procgen_sim.players import TRAITS, Population, Spread
from procgen_sim.session import Setting

__all__ = ["CLAIM", "run"]

Values = npt.NDArray[np.float64]

CLAIM: Final = "Not everyone wants something new all the time, but eventually everyone does."

_PLACE: Final = 7
_RATE: Final = 0.15
_MOST: Final = 0.9
"""Share that counts as nearly everyone."""
_POINTS: Final = 50

_SORTED_BY: Final = {"wundt": "appetite", "surprise": "threshold", "progress": "threshold"}
"""Notion to the trait that its deciles are of."""


def run(
    effort: Effort,
    *,
    spreads: Mapping[str, Spread] | None = None,
    sorted_by: Mapping[str, str] = _SORTED_BY,
    worlds: Sequence[str] = WORLDS,
) -> Finding:
    """Let people with all appetites meet dots and levels for long.

    Parameters
    ----------
    effort
        How much work.
    spreads
        Traits of people that are spread otherwise than the program assumes.
    sorted_by
        Notion of interest to the trait that its deciles are of.
    worlds
        What is met.
    """
    arms = _policies(quick=effort.quick)
    n_players = effort.of(400, 56)
    horizons = {"dots": effort.of(300, 150), "levels": effort.of(200, 100)}
    met, checks = {}, []
    for world in worlds:
        setting = setting_of(
            world, seed=effort.seed, place=_PLACE, n_levels=horizons[world], spreads=spreads
        )
        met[world] = _meet(setting, arms, n_players, sorted_by, effort.jobs)
        checks += _checks(world, met[world])
    traits = {**TRAITS, **(spreads or {})}
    people = Population.sample(n_players, seed=effort.seed, spreads=traits)
    appetites = within_deciles("appetite", traits, effort.seed, range(n_players))
    data = {
        "n_players": n_players,
        "soon": SOON,
        "appetite": appetites.mean(axis=1),
        "worlds": {
            world: _told(each, [arm.name for arm in arms], people.appetite)
            for world, each in met.items()
        },
    }
    return Finding(
        experiment="audience",
        claim=CLAIM,
        conclusion=concluded(met, appetites.mean(axis=1), checks),
        checks=tuple(checks),
        data=data,
        effort=effort,
    )


def _policies(*, quick: bool) -> tuple[Arm, ...]:
    """On the model, two ways off it, and the adaptive schedule if there is one."""
    names = ["outlier"] if quick else ["outlier", "extrapolate"]
    if "adaptive" in SCHEDULES:
        names.append("outlier@adaptive")
    return parse_arms(",".join(names), rate=_RATE)


def _meet(
    setting: Setting,
    arms: Sequence[Arm],
    n_players: int,
    sorted_by: Mapping[str, str],
    jobs: int,
) -> World:
    parts = list(in_blocks(Leaving(dict(sorted_by)), setting, arms, n_players, jobs=jobs))
    fates = {
        key: Fates(
            left=np.concatenate([part.fates[key].left for part in parts], axis=1),
            at_home=np.concatenate([part.fates[key].at_home for part in parts], axis=1),
            strange=np.concatenate([part.fates[key].strange for part in parts], axis=1),
        )
        for key in parts[0].fates
    }
    sizes = [part.fates[ON_MODEL.name, "wundt"].left.shape[1] for part in parts]
    ratio = float(np.average([part.ratio for part in parts], weights=sizes))
    return World(fates=fates, ratio=ratio, n_levels=setting.n_levels)


def _checks(world: str, met: World) -> list[Check]:
    """Each over players; everyone is the mean of the deciles, each player with every trait."""
    wundt, surprise = (met.fates[ON_MODEL.name, notion] for notion in ("wundt", "surprise"))
    deciles = wundt.left[:-1]
    soon = min(SOON, met.n_levels)
    sooner = (deciles[-1] <= soon) * 1.0 - (deciles[0] <= soon)
    later = np.isfinite(deciles).mean(axis=0) - (deciles <= met.n_levels // 4).mean(axis=0)
    told: list[tuple[str, Values, float]] = [
        (
            f"share lost by level {soon} on-model (wundt), hungriest less least hungry decile",
            sooner,
            0.0,
        ),
        (
            f"share of everyone lost (wundt) by level {met.n_levels} less by {met.n_levels // 4}",
            later,
            0.0,
        ),
        (
            f"share of everyone lost by level {met.n_levels} (surprise)",
            np.isfinite(surprise.left[:-1]).mean(axis=0),
            _MOST,
        ),
        (
            f"share of the least hungry decile there and at home at level {met.n_levels} (wundt)",
            wundt.stays[0] * 1.0,
            0.0,
        ),
    ]
    checks = []
    for what, values, bound in told:
        mean, error = mean_and_error(values)
        checks.append(
            Check(
                what=f"{world}: {what}",
                estimate=mean,
                standard_error=error,
                relation="above",
                bound=bound,
            )
        )
    return checks


def _told(met: World, arms: Sequence[str], appetite: Values) -> dict[str, Any]:
    """What the figure shows of one world."""
    at = np.unique(np.geomspace(1, met.n_levels, _POINTS).round().astype(int))
    policies = {}
    for arm in arms:
        wundt = met.fates[arm, "wundt"]
        groups = {"least": wundt.left[0], "most": wundt.left[-2], "everyone": wundt.left[:-1]}
        gone = {
            name: (np.atleast_2d(left)[..., np.newaxis] <= at).mean(axis=0)
            for name, left in groups.items()
        }
        policies[arm] = {
            "lost": {name: share.mean(axis=0).round(4) for name, share in gone.items()},
            "error": {
                name: (share.std(axis=0, ddof=1) / np.sqrt(len(share))).round(4)
                for name, share in gone.items()
            },
            "by_decile": {
                "too_familiar": (np.isfinite(wundt.left) & ~wundt.strange)[:-1].mean(axis=1),
                "too_strange": (np.isfinite(wundt.left) & wundt.strange)[:-1].mean(axis=1),
                "at_home": wundt.stays[:-1].mean(axis=1),
            },
            "lost_by_patience": {
                notion: np.isfinite(met.fates[arm, notion].left[:-1]).mean(axis=1)
                for notion in ("surprise", "progress")
            },
        }
    return {
        "n_levels": met.n_levels,
        "levels": at,
        "ratio": met.ratio,
        "policies": policies,
        "log_rank": _log_rank(met.fates[ON_MODEL.name, "wundt"].left[-1], appetite, met.n_levels),
    }


def _log_rank(left: Values, appetite: Values, horizon: int) -> dict[str, float]:
    """The plain comparison: the hungriest and the least hungry tenth of those who played."""
    from scipy.stats import CensoredData, logrank

    n = max(len(left) // N_DECILES, 1)
    order = np.argsort(appetite, kind="stable")
    least, most = (
        CensoredData.right_censored(np.minimum(left[who], horizon), np.isinf(left[who]))
        for who in (order[:n], order[-n:])
    )
    if not np.isfinite(left[np.append(order[:n], order[-n:])]).any():
        return {"players": n, "statistic": 0.0, "p_value": 1.0}
    found = logrank(least, most)
    return {"players": n, "statistic": float(found.statistic), "p_value": float(found.pvalue)}
