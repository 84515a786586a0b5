"""Who plays, and under which circumstances: what is the same in every arm of a run."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass

import numpy as np
import numpy.typing as npt

from procgen_sim.generators import BuiltBatch, FittedGenerator
from procgen_sim.generators.fitted import without_grids
from procgen_sim.injection import Outside
from procgen_sim.levels import house_tileset
from procgen_sim.players import (
    NAIVE_PRIOR,
    OBSERVERS,
    Ends,
    Met,
    NaivePrior,
    Population,
    Shadows,
    Spread,
    make_observers,
    naive_bits,
    taste_for,
    veteran_bits,
)
from procgen_sim.watch import Watch

__all__ = ["Company", "Setting", "Yardstick", "seasoned"]

Values = npt.NDArray[np.float64]


@dataclass(frozen=True, kw_only=True)
class Yardstick:
    """On-model levels that nobody plays, measured: what newcomers and veterans are.

    Attributes
    ----------
    training
        ``(n, d)`` the levels a veteran has seen, natural units.
    fresh
        ``(m, d)`` other levels, to ask newcomers and veterans about.
    patterns
        Half-life of a memory for patterns to the ends of the scale of those who have it; empty
        when nobody attends to patterns.
    """

    training: Values
    fresh: Values
    patterns: Mapping[float, Ends]


@dataclass(frozen=True, kw_only=True)
class Setting:
    """What all arms of a run share.

    Attributes
    ----------
    seed
        One seed, one result.
    generator
        The fitted model and its builder.
    outside
        What there is beyond the model.
    yardstick
        For S₀ (naive) and S∞ (veteran).
    n_levels
        Levels each player plays.
    spreads
        Traits of people that are spread otherwise than the program assumes.
    observer
        What players attend to: a key of :data:`~procgen_sim.players.OBSERVERS`.
    prior
        What newcomers to themes expect.
    """

    seed: int
    generator: FittedGenerator
    outside: Outside
    yardstick: Yardstick
    n_levels: int
    spreads: Mapping[str, Spread]
    observer: str = "theme"
    prior: NaivePrior = NAIVE_PRIOR


class Company:
    """Some players, and what is the same for them in every arm.

    A player is the same person with the same on-model levels in any company.

    Parameters
    ----------
    setting
        What all arms share.
    players
        Consecutive player numbers.

    Attributes
    ----------
    people
        Who they are.
    newcomers
        Their observers before they saw anything, which know S₀ and S∞: what fresh on-model levels
        cost each of them as a newcomer, and once they know the generator.
    taste
        What they like.
    sees_patterns
        Whether they attend to patterns, alone or beside themes.
    """

    def __init__(self, setting: Setting, players: range) -> None:
        self.setting, self.players = setting, players
        self.people = Population.sample(
            len(players), seed=setting.seed, spreads=setting.spreads, first=players.start
        )
        space, yardstick = setting.outside.model.space, setting.yardstick
        ends = {}
        if "theme" in OBSERVERS[setting.observer]:
            themes = self.people.theme_observer(space.n, prior=setting.prior)
            fresh, training = space.to_unit(yardstick.fresh), space.to_unit(yardstick.training)
            naive, veteran = naive_bits(themes, fresh), veteran_bits(themes, training, fresh)
            ends["theme"] = Ends(naive_bits=naive, veteran_bits=veteran)
        n_tiles = len(house_tileset())
        self.sees_patterns = "pattern" in OBSERVERS[setting.observer]
        if self.sees_patterns:
            memories = self.people.pattern_observer(n_tiles).half_life_levels
            ends["pattern"] = Ends.each([yardstick.patterns[kind] for kind in memories.tolist()])
        self.newcomers = make_observers(
            setting.observer,
            self.people,
            ends,
            n_dimensions=space.n,
            n_tiles=n_tiles,
            prior=setting.prior,
        )
        self.taste = taste_for(self.people, self.newcomers)
        self._shadows = Shadows(
            len(players),
            space,
            training=yardstick.training,
            fresh=yardstick.fresh,
            spreads=setting.spreads,
            prior=setting.prior,
        )

    def watch(self) -> Watch:
        """What a game sees of them, before they met anything."""
        return Watch(self._shadows.fresh(), self.setting.outside.library)

    def follow(self, level: int) -> BuiltBatch:
        """The on-model level of each, number ``level`` from 0."""
        return self.seen(self.setting.generator.on_model(self.players, level))

    def seen(self, built: BuiltBatch) -> BuiltBatch:
        """Levels without their tiles, where nobody looks at those."""
        return built if self.sees_patterns else without_grids(built)

    def meet(self, built: BuiltBatch) -> Met:
        """What these players can see of a level each."""
        to_unit = self.setting.outside.model.space.to_unit
        return {"theme": to_unit(built.measured), "pattern": built.grids}


def seasoned(setting: Setting, n_levels: int) -> Watch:
    """One player, as a game sees them, to whom it has shown ``n_levels`` that follow the model."""
    watch = Company(setting, range(1)).watch()
    for vector in setting.yardstick.training[:n_levels]:
        watch.show(vector[np.newaxis], [False])
    return watch
