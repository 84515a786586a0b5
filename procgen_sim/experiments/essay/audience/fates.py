"""Who leaves when, and why, with an appetite from each decile of people.

What a player meets and learns does not depend on their appetite or patience, only whether they like
it. So *every* player is asked what they would have done with a trait from each decile of people,
all else about them as it is: the deciles are alike in everything but that trait.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Final

import numpy as np
import numpy.typing as npt

from procgen_sim.injection import Arm
from procgen_sim.players import (
    NOTIONS,
    Evidence,
    Population,
    Spread,
    Taste,
    boredom_curve,
    interest,
    levels_until_bored,
)
from procgen_sim.results import as_cube
from procgen_sim.rng import stream
from procgen_sim.session import Setting, play_arms

__all__ = ["N_DECILES", "Fates", "Leaving", "World", "within_deciles"]

Values = npt.NDArray[np.float64]

N_DECILES: Final = 10

_AUDIENCE: Final = 7
"""The experiment's place among the essay's."""

_MOOD: Final = 6
"""Last levels that say why somebody left: what mood follows, see the trait ``tau_levels``."""


@dataclass(frozen=True, kw_only=True)
class Fates:
    """What became of some players in one arm under one notion.

    Attributes
    ----------
    left
        ``(11, P)`` the level after which they left, infinite if they stayed to the horizon: with
        the trait of each decile, the least first, and last as they are.
    strange
        ``(11, P)`` whether the last levels before they left were above their appetite.
    """

    left: Values
    strange: npt.NDArray[np.bool_]

    def lost(self, level: int) -> npt.NDArray[np.bool_]:
        """``(10, P)`` with the trait of each decile, whether they had left by a level."""
        return np.asarray(self.left[:N_DECILES] <= level)


@dataclass(frozen=True, kw_only=True)
class World:
    """What became of everybody.

    Attributes
    ----------
    fates
        ``(arm, notion)`` to what became of all players there.
    n_levels
        Levels played on the model.
    n_off
        Levels played off it, and compared by policy.
    """

    fates: Mapping[tuple[str, str], Fates]
    n_levels: int
    n_off: int


@dataclass(frozen=True)
class Leaving:
    """Plays a block of players and keeps of their records only who left when, and why."""

    sorted_by: dict[str, str]

    def __call__(self, setting: Setting, arms: Sequence[Arm], players: range) -> World:
        records = play_arms(setting, arms, players)
        people = Population.sample(
            len(players), seed=setting.seed, spreads=setting.spreads, first=players.start
        )
        fates = {}
        for notion in NOTIONS:
            trait = self.sorted_by[notion]
            traits = _traits(people, trait, setting, players)
            for arm in arms:
                bits, progress, newcomer = (
                    as_cube(records, f"{name}_bits", arm.name)
                    for name in ("surprise", "progress", "naive")
                )
                evidence = Evidence(
                    surprise_bits=np.tile(bits, (N_DECILES + 1, 1)),
                    progress_bits=np.tile(progress, (N_DECILES + 1, 1)),
                    naive_bits=np.tile(newcomer[:, :1], (N_DECILES + 1, 1)),
                )
                fates[arm.name, notion] = _fates(notion, evidence, traits, len(players))
        return World(fates=fates, n_levels=setting.n_levels, n_off=setting.n_levels)


def _traits(people: Population, trait: str, setting: Setting, players: range) -> dict[str, Values]:
    """Trait to ``(11 P,)``: the same people with one trait from each decile, and as they are."""
    names = ("appetite", "tolerance", "saturation_bits", "threshold", "tau_levels")
    traits = {name: np.tile(getattr(people, name), N_DECILES + 1) for name in names}
    deciles = within_deciles(trait, setting.spreads, setting.seed, players)
    traits[trait] = np.append(deciles.ravel(), getattr(people, trait))
    return traits


def within_deciles(trait: str, spreads: Mapping[str, Spread], seed: int, players: range) -> Values:
    """``(10, P)`` a trait from each decile of people, the least first, for each player."""
    within = [stream(seed, "essay", _AUDIENCE, 1, p).uniform(1e-9, 1.0) for p in players]
    return np.array(
        [[spreads[trait].at((k + w) / N_DECILES) for w in within] for k in range(N_DECILES)]
    )


def _fates(notion: str, evidence: Evidence, traits: Mapping[str, Values], n_players: int) -> Fates:
    column = {name: values[:, np.newaxis] for name, values in traits.items()}
    taste = Taste(
        appetite=column["appetite"],
        tolerance=column["tolerance"],
        saturation_bits=column["saturation_bits"],
    )
    interesting = interest(notion, evidence, taste)
    n_levels = interesting.shape[1]
    boredom = boredom_curve(interesting, traits["tau_levels"])
    leaving = levels_until_bored(boredom, traits["threshold"])
    ratio = evidence.surprise_bits / evidence.naive_bits
    level = np.arange(1, n_levels + 1)
    last = (level <= leaving.levels[:, np.newaxis]) & (
        level > leaving.levels[:, np.newaxis] - _MOOD
    )
    before = (ratio * last).sum(axis=1) / last.sum(axis=1)
    shape = (N_DECILES + 1, n_players)
    return Fates(
        left=np.where(leaving.censored, np.inf, leaving.levels).reshape(shape),
        strange=(before > traits["appetite"]).reshape(shape),
    )
