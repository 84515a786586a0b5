"""From records to what a run says: one entry an arm, for each notion of interest."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Final

import numpy as np
import numpy.typing as npt

from procgen_sim.experiments.statistics import (
    Difference,
    Survival,
    paired_difference,
    survival,
    told_apart,
)
from procgen_sim.players import NOTIONS, levels_until_bored
from procgen_sim.results import Table, as_cube

__all__ = ["END", "ArmSummary", "Learned", "NotionSummary", "Summary", "summarise"]

END: Final = 10
"""How many last levels "at the end" means."""

_FEW: Final = 5
"""Fewer players than this, or fewer who left, and nothing is claimed about them."""

_MOVED: Final = 0.05
"""Repair distance, in natural ranges, from which a level counts as moved. Most repairs are of a
rate that a Gaussian put a little below 0, and nobody could tell."""


@dataclass(frozen=True, kw_only=True)
class NotionSummary:
    """One arm under one notion of interest.

    Attributes
    ----------
    bored
        Survival of the players; its median is *levels until bored*.
    interest_end
        Mean interest over the last levels.
    difference
        Levels more than on-model, paired by player, within the horizon.
    share_stayed
        Share of players not bored by the end.
    stands
        The difference is told apart from chance, allowing for all comparisons of the run.
    tellable
        There were players enough, and enough of them left, for a difference to show.
    """

    bored: Survival
    interest_end: float
    difference: Difference
    share_stayed: float
    stands: bool
    tellable: bool


@dataclass(frozen=True, kw_only=True)
class Learned:
    """Whether leaving the model became a habit that players learned.

    Surprise of breaks alone does not tell: the better players know the model, the more a break
    surprises them. So breaks are also put to the *unprepared*: the same players, had every level
    so far followed the model.

    Attributes
    ----------
    first_bits, last_bits
        Mean surprise of each player's first and last third of breaks, over players with three or
        more.
    change
        last − first, paired by player.
    unprepared_bits
        What the last third would have cost the unprepared.
    saved
        unprepared − last, paired by player: above 0 when earlier breaks made later ones cheaper.
    """

    first_bits: float
    last_bits: float
    change: Difference
    unprepared_bits: float
    saved: Difference


@dataclass(frozen=True, kw_only=True)
class ArmSummary:
    """One arm.

    Attributes
    ----------
    name
        As people wrote it.
    notions
        Notion of interest to its numbers.
    predictability_start, predictability_end
        Mean at the first level and over the last ones, breaks included; None where there was
        nothing to learn.
    foreseen_end
        Mean foreseen share over the last levels.
    playable_share, off_model_share
        Shares of all levels.
    broke_share
        Share of levels at which the schedule said to break.
    broke_off_model_share
        Share of those that were off-model; None if there were none.
    repaired_share
        Share of levels whose wish had to move by 5 % of a natural range or more to be buildable.
    learned
        Whether breaking became a habit; None with too few breaks to say.
    """

    name: str
    notions: dict[str, NotionSummary]
    predictability_end: float | None
    predictability_start: float | None
    foreseen_end: float
    playable_share: float
    broke_share: float
    off_model_share: float
    broke_off_model_share: float | None
    repaired_share: float
    learned: Learned | None


@dataclass(frozen=True, kw_only=True)
class Summary:
    """A run in numbers.

    Attributes
    ----------
    arms
        In order, the one compared with first.
    n_players, n_levels
        Size of each arm.
    naive_bits, veteran_bits
        S₀ and S∞, means over players: what a fresh on-model level costs.
    """

    arms: tuple[ArmSummary, ...]
    n_players: int
    n_levels: int
    naive_bits: float
    veteran_bits: float

    def __getitem__(self, name: str) -> ArmSummary:
        return next(arm for arm in self.arms if arm.name == name)


def summarise(records: Table, thresholds: npt.NDArray[np.float64], arms: Sequence[str]) -> Summary:
    """Summarise a run.

    Parameters
    ----------
    records
        As :mod:`procgen_sim.results` has them.
    thresholds
        ``(n_players,)`` the boredom at which each leaves.
    arms
        Names in order, the one to compare with first.
    """
    played = {
        (arm, notion): levels_until_bored(as_cube(records, f"boredom_{notion}", arm), thresholds)
        for arm in arms
        for notion in NOTIONS
    }
    n_players = len(thresholds)
    differences = {
        (arm, notion): paired_difference(played[arm, notion].levels, played[arms[0], notion].levels)
        for arm in arms
        for notion in NOTIONS
    }
    compared = [key for key in differences if key[0] != arms[0]]
    p_values = [differences[key].p_value for key in compared]
    stands = told_apart([1.0 if p is None else p for p in p_values])
    standing = dict(zip(compared, stands, strict=True))
    summaries = []
    for arm in arms:
        notions = {}
        for notion in NOTIONS:
            leaving, reference = played[arm, notion], played[arms[0], notion]
            n_left = int((~leaving.censored | ~reference.censored).sum())
            tellable = n_players >= _FEW and n_left >= _FEW
            notions[notion] = NotionSummary(
                bored=survival(leaving.levels, ~leaving.censored),
                interest_end=float(as_cube(records, f"interest_{notion}", arm)[:, -END:].mean()),
                difference=differences[arm, notion],
                share_stayed=float(leaving.censored.mean()),
                stands=tellable and standing.get((arm, notion), False),
                tellable=tellable,
            )
        rows = records["arm"] == arm
        predictability = as_cube(records, "predictability", arm)
        broke = records["broke"][rows]
        off = records["off_model"][rows]
        summaries.append(
            ArmSummary(
                name=arm,
                notions=notions,
                predictability_end=_mean(predictability[:, -END:]),
                predictability_start=_mean(predictability[:, 0]),
                foreseen_end=float(as_cube(records, "foreseen", arm)[:, -END:].mean()),
                playable_share=float(records["playable"][rows].mean()),
                broke_share=float(broke.mean()),
                off_model_share=float(off.mean()),
                broke_off_model_share=float(off[broke].mean()) if broke.any() else None,
                repaired_share=float((records["repair_distance"][rows] >= _MOVED).mean()),
                learned=_learned(records, arm),
            )
        )
    n_levels = predictability.shape[1]
    return Summary(
        arms=tuple(summaries),
        n_players=n_players,
        n_levels=n_levels,
        naive_bits=float(records["naive_bits"].mean()),
        veteran_bits=float(records["veteran_bits"].mean()),
    )


def _learned(records: Table, arm: str) -> Learned | None:
    broke = as_cube(records, "broke", arm)
    surprise = as_cube(records, "surprise_bits", arm)
    unprepared = as_cube(records, "unprepared_bits", arm)
    thirds = []
    for breaks, bits, other in zip(broke, surprise, unprepared, strict=True):
        met, without = bits[breaks], other[breaks]
        third = len(met) // 3
        if third:
            thirds.append((met[:third].mean(), met[-third:].mean(), without[-third:].mean()))
    if len(thirds) < _FEW:
        return None
    first, last, without = np.array(thirds).T
    return Learned(
        first_bits=float(first.mean()),
        last_bits=float(last.mean()),
        change=paired_difference(last, first),
        unprepared_bits=float(without.mean()),
        saved=paired_difference(without, last),
    )


def _mean(values: npt.NDArray[np.float64]) -> float | None:
    """Mean of the numbers among them; None if there are none (predictability is not defined for a
    player to whom there was nothing to learn)."""
    numbers = values[np.isfinite(values)]
    return float(numbers.mean()) if len(numbers) else None
