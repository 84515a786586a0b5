"""The main conclusions about players, each as one number that is above 0 if it holds.

They are drawn from records, so that what players make of surprise (appetite, patience, mood) can be
exchanged without playing again.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace
from typing import Final, NamedTuple

import numpy as np
import numpy.typing as npt

from procgen_sim.experiments.essay.finding import mean_and_error
from procgen_sim.injection import parse_arms
from procgen_sim.players import (
    NOTIONS,
    Evidence,
    Population,
    Taste,
    boredom_curve,
    interest,
    levels_until_bored,
)
from procgen_sim.results import Table, as_cube
from procgen_sim.session import Setting

__all__ = ["ARMS", "CONCLUSIONS", "Measured", "draw"]

Floats = npt.NDArray[np.float64]

ARMS: Final = parse_arms("outlier@0.2,outlier@adaptive:0.2", rate=0.2)
_ON, _CHANCE, _ADAPTIVE = (arm.name for arm in ARMS)

CONCLUSIONS: Final[dict[str, str]] = {
    "foreseen": "players come to foresee what follows the model",
    **{f"fades {notion}": f"interest in it fades ({notion})" for notion in NOTIONS},
    **{
        f"outlier {notion}": f"leaving at random keeps players longer ({notion})"
        for notion in NOTIONS
    },
    **{
        f"adaptive {notion}": f"adaptive leaving beats leaving at random ({notion})"
        for notion in NOTIONS
    },
    "learned": "leaving at random is itself learned",
    "hungry": "the novelty-hungry leave sooner (wundt)",
}
"""Name to what is concluded, in words."""

_START, _END = 3, 10
"""First and last levels that are compared."""

_LEAST, _MOST = 0.05, 0.95
"""Where people are in the order of appetite whom the least and the most hungry decile stand for."""


class Measured(NamedTuple):
    """How far a conclusion holds, in its own unit, and its standard error over players."""

    estimate: float
    error: float


def draw(records: Table, setting: Setting, n_players: int) -> dict[str, Measured]:
    """Every conclusion, for the people of a setting.

    Parameters
    ----------
    records
        Of :data:`ARMS`, played by players 0 to ``n_players − 1`` who learn as they do in
        ``setting``.
    setting
        What people are like.
    """
    people = Population.sample(n_players, seed=setting.seed, spreads=setting.spreads)
    return {name: Measured(*mean_and_error(values)) for name, values in _each(records, people)}


def _each(records: Table, people: Population) -> Iterator[tuple[str, Floats]]:
    """Name of each conclusion, and one number a player."""
    known = as_cube(records, "predictability", _ON)
    yield "foreseen", known[:, -_END:].mean(axis=1) - known[:, :_START].mean(axis=1)
    stays = {}
    for notion in NOTIONS:
        for arm in (_ON, _CHANCE, _ADAPTIVE):
            interesting = _interest(records, people, notion, arm)
            bored = boredom_curve(interesting, people.tau_levels)
            stays[notion, arm] = levels_until_bored(bored, people.threshold).levels
            if arm == _ON:
                fading = interesting[:, :_START].mean(axis=1) - interesting[:, -_END:].mean(axis=1)
                yield f"fades {notion}", fading
    for notion in NOTIONS:
        yield f"outlier {notion}", (stays[notion, _CHANCE] - stays[notion, _ON]).astype(float)
        more = stays[notion, _ADAPTIVE] - stays[notion, _CHANCE]
        yield f"adaptive {notion}", more.astype(float)
    yield "learned", _saved(records)
    yield "hungry", _hungry(records, people)


def _interest(
    records: Table, people: Population, notion: str, arm: str, taste: Taste | None = None
) -> Floats:
    met = Evidence(
        surprise_bits=as_cube(records, "surprise_bits", arm),
        progress_bits=as_cube(records, "progress_bits", arm),
        naive_bits=as_cube(records, "naive_bits", arm),
    )
    return interest(notion, met, taste or people.taste)


def _saved(records: Table) -> Floats:
    """Bits that the habit saves in the last third of each player's breaks, for those who had any:
    what they would have cost the unprepared, less what they cost."""
    broke = as_cube(records, "broke", _CHANCE)
    without = as_cube(records, "unprepared_bits", _CHANCE)
    saved = without - as_cube(records, "surprise_bits", _CHANCE)
    thirds = []
    for row, breaks in zip(saved, broke, strict=True):
        last = max(1, int(breaks.sum()) // 3)
        thirds.append(row[breaks][-last:])
    return np.array([third.mean() for third in thirds if len(third)])


def _hungry(records: Table, people: Population) -> Floats:
    """Levels by which each player would stay longer with little appetite for novelty than with
    much. Appetite changes neither what is met nor what is learned, so both are asked of the same
    records."""
    stays = []
    for share in (_LEAST, _MOST):
        appetite = np.quantile(people.appetite, share)
        taste = replace(people.taste, appetite=np.full_like(people.taste.appetite, appetite))
        bored = boredom_curve(_interest(records, people, "wundt", _ON, taste), people.tau_levels)
        stays.append(levels_until_bored(bored, people.threshold).levels)
    return (stays[0] - stays[1]).astype(float)
