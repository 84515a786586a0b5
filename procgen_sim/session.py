"""The whole model on one page: propose → generate → play → observe → record.

A generator is a fitted level model; a player is a level model that is still learning. This file
is the only one that knows both, and everything that happens between them.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any

import numpy as np
import numpy.typing as npt

from procgen_sim.generators import BuiltBatch, FittedGenerator
from procgen_sim.generators.fitted import replace_rows
from procgen_sim.injection import Arm, Outside, propose
from procgen_sim.injection.proposals import PROPOSAL_ADDRESS
from procgen_sim.levels import house_tileset
from procgen_sim.players import (
    NOTIONS,
    OBSERVERS,
    Ends,
    Evidence,
    Met,
    Observers,
    Population,
    Seen,
    Spread,
    boredom_curve,
    foreseen_share,
    interest,
    make_observers,
    naive_bits,
    predictability,
    taste_for,
    veteran_bits,
)
from procgen_sim.results import Table, concatenate
from procgen_sim.rng import stream

__all__ = ["Company", "Setting", "Yardstick", "break_model", "play_arms"]

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
    """

    seed: int
    generator: FittedGenerator
    outside: Outside
    yardstick: Yardstick
    n_levels: int
    spreads: Mapping[str, Spread]
    observer: str = "theme"


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
            themes = self.people.theme_observer(space.n)
            fresh, training = space.to_unit(yardstick.fresh), space.to_unit(yardstick.training)
            naive, veteran = naive_bits(themes, fresh), veteran_bits(themes, training, fresh)
            ends["theme"] = Ends(naive_bits=naive, veteran_bits=veteran)
        n_tiles = len(house_tileset())
        self.sees_patterns = "pattern" in OBSERVERS[setting.observer]
        if self.sees_patterns:
            memories = self.people.pattern_observer(n_tiles).half_life_levels
            ends["pattern"] = Ends.each([yardstick.patterns[kind] for kind in memories.tolist()])
        self.newcomers = make_observers(
            setting.observer, self.people, ends, n_dimensions=space.n, n_tiles=n_tiles
        )
        self.taste = taste_for(self.people, self.newcomers)

    def meet(self, built: BuiltBatch) -> Met:
        """What these players can see of a level each."""
        to_unit = self.setting.outside.model.space.to_unit
        return {"theme": to_unit(built.measured), "pattern": built.grids}


def play_arms(setting: Setting, arms: Sequence[Arm], players: range) -> Table:
    """Let the same players play every arm.

    Players who have left play on, so that curves are of the same people from first level to last;
    when they left follows from ``boredom_*`` and their threshold.

    Returns
    -------
    The records, arm by arm, player by player and level by level: see :mod:`procgen_sim.results`.
    """
    # Nobody's records depend on who plays beside them. A memory for patterns takes megabytes, one
    # for themes next to nothing.
    n = 1 if "pattern" in OBSERVERS[setting.observer] else len(players)
    groups = [players[first : first + n] for first in range(0, len(players), n)]
    tables = [_play_together(setting, arms, group) for group in groups]
    return concatenate([table[i] for i in range(len(arms)) for table in tables])


def _play_together(setting: Setting, arms: Sequence[Arm], players: range) -> list[Table]:
    """Play all arms side by side, level by level; one table an arm."""
    company = Company(setting, players)
    # The unprepared are the same people, had every level so far followed the model.
    unprepared = company.newcomers.fresh()
    playing = [_Playing(company, arm) for arm in arms]
    coming = setting.generator.on_model(players, 0)
    for level in range(setting.n_levels):
        followed, coming = coming, setting.generator.on_model(players, level + 1)
        # Propose and generate: what each arm makes of this level, and what breaks would cost those
        # who never met one.
        chosen = [each.choose(level, followed, unprepared) for each in playing]
        unforeseen = [
            unprepared.surprise_bits(company.meet(built), np.flatnonzero(broke))
            for broke, built in chosen
        ]
        # Play, observe and record.
        ordinary = unprepared.observe(company.meet(followed), company.meet(coming))
        for each, (broke, built), bits in zip(playing, chosen, unforeseen, strict=True):
            unprepared_bits = ordinary.surprise_bits.copy()
            unprepared_bits[broke] = bits
            # Another of its kind that was not met: what a pattern taught is asked of that.
            siblings = each.make(level + 1, broke, coming) if company.sees_patterns else coming
            each.play(level, broke, built, siblings, ordinary, unprepared_bits)
    return [each.records() for each in playing]


class _Playing:
    """A company in one arm."""

    def __init__(self, company: Company, arm: Arm) -> None:
        self.company, self.arm, self.rows = company, arm, list[dict[str, Any]]()
        self.observers: Observers | None = None  # until their first break: the unprepared
        seed = company.setting.seed
        self.directors = [
            arm.schedule.start(rng=stream(seed, "schedule", p)) for p in company.players
        ]

    def choose(
        self, level: int, followed: BuiltBatch, unprepared: Observers
    ) -> tuple[npt.NDArray[np.bool_], BuiltBatch]:
        """Follow the model, or break it: who breaks, and the level that each gets to play."""
        broke = np.array([director(level) for director in self.directors])
        if self.arm.proposal is None or not broke.any():
            return broke, followed
        if self.observers is None:
            self.observers = unprepared.copy()
        return broke, self.make(level, broke, followed)

    def make(self, level: int, broke: npt.NDArray[np.bool_], followed: BuiltBatch) -> BuiltBatch:
        """Level number ``level`` of each player, of the model or broken."""
        if self.arm.proposal is None or not broke.any():
            return followed
        who = [p for p, breaks in zip(self.company.players, broke, strict=True) if breaks]
        breaks = break_model(self.company.setting, self.arm.proposal, who, level)
        return replace_rows(followed, broke, breaks)

    def play(
        self,
        level: int,
        broke: npt.NDArray[np.bool_],
        built: BuiltBatch,
        siblings: BuiltBatch,
        ordinary: Seen,
        unprepared_bits: Values,
    ) -> None:
        """Meet the levels: what did it cost to take them in, what did they teach?"""
        company = self.company
        seen = ordinary
        if self.observers:
            seen = self.observers.observe(company.meet(built), company.meet(siblings))
        model, region = company.setting.outside.model, company.setting.outside.region
        log_density = model.log_density(built.measured)
        parts = {f"{name}_bits": part.surprise_bits for name, part in seen.parts.items()}
        self.rows.append(
            {
                "player": np.array(company.players, dtype=np.int32),
                "level": np.full(len(company.players), level + 1, dtype=np.int32),
                "broke": broke,
                "off_model": region.is_off(log_density),
                "log_density": log_density,
                "density_quantile": region.quantile(log_density),
                "playable": built.playable,
                "proven": built.proven,
                "repair_distance": built.repair_distance,
                "build_attempts": built.attempts.astype(np.int32),
                "surprise_bits": seen.surprise_bits,
                "unprepared_bits": unprepared_bits,
                "progress_bits": seen.progress_bits,
                **(parts if len(parts) > 1 else {}),
                **{f"phi_{n}": built.measured[:, i] for i, n in enumerate(model.space.names)},
            }
        )

    def records(self) -> Table:
        """What it was like: how much was foreseen, how interesting that was, how bored it left
        them."""
        cube = {name: np.stack([row[name] for row in self.rows], axis=1) for name in self.rows[0]}
        people, newcomers = self.company.people, self.company.newcomers
        ends = newcomers.ends
        newcomer, veteran = ends.naive_bits[:, np.newaxis], ends.veteran_bits[:, np.newaxis]
        bits = cube["surprise_bits"]
        cube["naive_bits"] = np.broadcast_to(newcomer, bits.shape)
        cube["veteran_bits"] = np.broadcast_to(veteran, bits.shape)
        cube["foreseen"] = foreseen_share(bits, newcomer)
        cube["predictability"] = predictability(bits, newcomer, veteran)
        met = Evidence(surprise_bits=bits, progress_bits=cube["progress_bits"], naive_bits=newcomer)
        for notion in NOTIONS:
            interesting = interest(notion, met, self.company.taste)
            cube[f"interest_{notion}"] = interesting
            cube[f"boredom_{notion}"] = boredom_curve(interesting, people.tau_levels)
        if len(newcomers.weights) > 1:
            for name, weight in newcomers.weights.items():
                cube[f"{name}_weight"] = np.broadcast_to(weight[:, np.newaxis], bits.shape)
        table = {name: values.ravel() for name, values in cube.items()}
        return {"arm": np.full(len(table["player"]), self.arm.name, dtype=object), **table}


def break_model(setting: Setting, proposal: str, players: Sequence[int], level: int) -> BuiltBatch:
    """The levels that these players get as number ``level`` (from 0) when their director breaks."""
    variant = PROPOSAL_ADDRESS[proposal]
    vectors = [
        propose(proposal, setting.outside, rng=stream(setting.seed, "proposal", p, level, variant))
        for p in players
    ]
    return setting.generator.build(np.stack(vectors), players, level, variant)
