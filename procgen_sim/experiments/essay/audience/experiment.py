"""Not everyone wants something new all the time, but eventually everyone does.

Appetite is the surprise, as a share of a newcomer's, that somebody likes best (the notion
``wundt``, [Berlyne1970]_): interest is exp(−½ ((s/S₀ − appetite) / tolerance)²). The least
novelty-hungry tenth of people is at home where half is foreseen, the hungriest wants nothing
foreseen. They meet the same generator; asked is who leaves when, on its model and off it, and
whether leaving ever stops.

What a player meets and learns does not depend on their appetite, only whether they like it. So
nobody has to be sorted by who left: *every* player is asked what they would have done with the
appetite of each decile of people, all else about them as it is. The deciles are then alike in
everything but appetite, and differences between them are paired by player. Under ``surprise`` and
``progress`` appetite plays no part; there the deciles are of patience (the boredom at which people
leave).

"Eventually" is measured as the hazard λ: of those still there late in a long game, the share that
leaves every 100 levels. While λ > 0, nobody stays for good. Those who like the familiar and are
patient leave last, so λ falls with time, and the level by which 95 % would be gone at the last
measured rate, n + 100 ln(there / 0.05) / λ, is an extrapolation to the early side. A leaver can
have left for two reasons: the last levels were below their appetite (too familiar) or above it
(too strange).
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import replace
from typing import Any, Final

import numpy as np
import numpy.typing as npt

from procgen_sim.experiments.essay.audience.checks import checks_of
from procgen_sim.experiments.essay.audience.fates import Fates, Leaving, World
from procgen_sim.experiments.essay.audience.words import concluded
from procgen_sim.experiments.essay.finding import Effort, Finding
from procgen_sim.experiments.essay.meeting import WORLDS, in_blocks, setting_of
from procgen_sim.injection import ON_MODEL, SCHEDULES, Arm, parse_arms
from procgen_sim.players import Spread
from procgen_sim.session import Setting

__all__ = ["CLAIM", "run"]

Values = npt.NDArray[np.float64]

CLAIM: Final = (
    "Not everyone wants something new all the time, but eventually everyone does: the hungriest for"
    " it go first, and those who are still there do not stop going."
)

_PLACE: Final = 7
_RATE: Final = 0.15
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
    n_players, n_off = effort.of(200, 75), effort.of(100, 50)
    horizons = {"dots": effort.of(1200, 240), "levels": effort.of(600, 120)}
    met, checks = {}, []
    for world in worlds:
        parts = []
        for n_levels, some in ((horizons[world], arms[:1]), (n_off, arms[1:])):
            setting = setting_of(
                world, seed=effort.seed, place=_PLACE, n_levels=n_levels, spreads=spreads
            )
            parts.append(_meet(setting, some, n_players, sorted_by, effort.jobs))
        on, off = parts
        met[world] = replace(on, fates={**on.fates, **off.fates}, n_off=n_off)
        checks += checks_of(world, met[world])
    return Finding(
        experiment="audience",
        claim=CLAIM,
        conclusion=concluded(met, checks),
        checks=tuple(checks),
        data={
            "n_players": n_players,
            "worlds": {world: _told(each) for world, each in met.items()},
        },
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
            strange=np.concatenate([part.fates[key].strange for part in parts], axis=1),
        )
        for key in parts[0].fates
    }
    return replace(parts[0], fates=fates)


def _told(met: World) -> dict[str, Any]:
    """What the figure shows of one world: wundt, by arm."""
    policies = {}
    for arm, notion in met.fates:
        if notion != "wundt":
            continue
        n_levels = met.n_levels if arm == ON_MODEL.name else met.n_off
        at = np.unique(np.geomspace(1, n_levels, _POINTS).round().astype(int))
        left = met.fates[arm, notion].left[:-1]
        groups = {"least": left[:1], "most": left[-1:], "everyone": left}
        gone = {name: (who[..., np.newaxis] <= at).mean(axis=0) for name, who in groups.items()}
        policies[arm] = {
            "levels": at,
            "lost": {name: share.mean(axis=0).round(4) for name, share in gone.items()},
            "error": {
                name: (share.std(axis=0, ddof=1) / np.sqrt(len(share))).round(4)
                for name, share in gone.items()
            },
        }
    wundt = met.fates[ON_MODEL.name, "wundt"]
    left_it, strange = wundt.lost(met.n_levels), wundt.strange[:-1]
    return {
        "n_levels": met.n_levels,
        "n_off": met.n_off,
        "policies": policies,
        "by_decile": {
            "too_familiar": (left_it & ~strange).mean(axis=1),
            "too_strange": (left_it & strange).mean(axis=1),
        },
    }
