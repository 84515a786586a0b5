"""How far a conclusion hangs on one assumption: what people like best.

Under ``wundt`` interest peaks where a level costs a certain share of a newcomer's surprise, the
*appetite*. Nobody has measured it. Interest, boredom and leaving follow from stored surprise, so
other appetites can be asked about without playing again.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import Final

import numpy as np
import numpy.typing as npt

from procgen_sim.experiments.statistics import Difference, paired_difference
from procgen_sim.players import Evidence, Taste, boredom_curve, interest, levels_until_bored
from procgen_sim.results import Table, as_cube

__all__ = ["SHIFTS", "AppetiteRow", "shift_appetites"]

SHIFTS: Final = (-0.15, 0.0, 0.15)
"""Shares of a newcomer's surprise by which everybody's appetite is moved."""


@dataclass(frozen=True, kw_only=True)
class AppetiteRow:
    """Attributes
    ----------
    shift
        By how much everybody's appetite was moved.
    appetite
        The mean appetite then.
    differences
        Arm to levels more than on-model, paired by player.
    """

    shift: float
    appetite: float
    differences: dict[str, Difference]


def shift_appetites(records: Table, players: Table, arms: tuple[str, ...]) -> list[AppetiteRow]:
    """What each arm changes under ``wundt``, had people other appetites.

    Parameters
    ----------
    records, players
        A run's tables.
    arms
        Names in order, the one to compare with first.
    """
    rows = []
    for shift in SHIFTS:
        taste = Taste(
            appetite=(players["appetite"] + shift)[:, np.newaxis],
            tolerance=players["tolerance"][:, np.newaxis],
            saturation_bits=players["saturation_bits"][:, np.newaxis],
        )
        levels = {arm: _levels(records, players, arm, taste) for arm in arms}
        rows.append(
            AppetiteRow(
                shift=shift,
                appetite=float(taste.appetite.mean()),
                differences={
                    arm: paired_difference(levels[arm], levels[arms[0]]) for arm in arms[1:]
                },
            )
        )
    return rows


def _levels(records: Table, players: Table, arm: str, taste: Taste) -> npt.NDArray[np.int64]:
    met = Evidence(
        surprise_bits=as_cube(records, "surprise_bits", arm),
        progress_bits=as_cube(records, "progress_bits", arm),
        naive_bits=as_cube(records, "naive_bits", arm),
    )
    bored = boredom_curve(interest("wundt", met, taste), players["tau_levels"])
    return levels_until_bored(bored, players["threshold"]).levels
