"""The whole model on one page: propose → generate → play → observe → record.

A generator is a fitted level model; a player is a level model that is still learning. This file
is the only one that knows both, and everything that happens between them.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from functools import cache

import numpy as np
import numpy.typing as npt

from procgen_sim.generators import BuiltBatch, FittedGenerator
from procgen_sim.generators.fitted import replace_rows, without_grids
from procgen_sim.injection import Arm, Outside, propose
from procgen_sim.injection.proposals import PROPOSAL_ADDRESS
from procgen_sim.players import (
    NOTIONS,
    Evidence,
    Population,
    Spread,
    ThemeObserver,
    boredom_curve,
    foreseen_share,
    interest,
    naive_bits,
    predictability,
    veteran_bits,
)
from procgen_sim.results import Table, concatenate
from procgen_sim.rng import stream

__all__ = ["Company", "Setting", "Yardstick", "break_model", "play", "play_arms"]

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
    """

    training: Values
    fresh: Values


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
    """

    seed: int
    generator: FittedGenerator
    outside: Outside
    yardstick: Yardstick
    n_levels: int
    spreads: Mapping[str, Spread]


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
    naive_bits, veteran_bits
        ``(P, 1)`` S₀ and S∞: what fresh on-model levels cost each of them as a newcomer, and once
        they know the generator.
    on_model
        Level number → every player's on-model level; made once, whichever arm asks first.
    """

    def __init__(self, setting: Setting, players: range) -> None:
        self.setting, self.players = setting, players
        self.people = Population.sample(
            len(players), seed=setting.seed, spreads=setting.spreads, first=players.start
        )
        to_unit = setting.outside.model.space.to_unit
        fresh, training = to_unit(setting.yardstick.fresh), to_unit(setting.yardstick.training)
        observer = self.newcomers()
        self.naive_bits = naive_bits(observer, fresh)[:, np.newaxis]
        self.veteran_bits = veteran_bits(observer, training, fresh)[:, np.newaxis]
        self.on_model = cache(
            lambda level: without_grids(setting.generator.on_model(players, level))
        )

    def newcomers(self) -> ThemeObserver:
        """These players before they saw anything."""
        return self.people.theme_observer(self.setting.outside.model.space.n)


def play_arms(setting: Setting, arms: Sequence[Arm], players: range) -> Table:
    """Let the same players play every arm."""
    company = Company(setting, players)
    return concatenate([play(company, arm) for arm in arms])


def play(company: Company, arm: Arm) -> Table:
    """Let a company play one arm.

    Players who have left play on, so that curves are of the same people from first level to last;
    when they left follows from ``boredom_*`` and their threshold.

    Returns
    -------
    The records, player by player and level by level: see :mod:`procgen_sim.results`.
    """
    setting, players = company.setting, company.players
    model, region = setting.outside.model, setting.outside.region
    to_unit = model.space.to_unit
    # The unprepared are the same people, had every level so far followed the model.
    observer, unprepared = company.newcomers(), company.newcomers()
    directors = [arm.schedule.start(rng=stream(setting.seed, "schedule", p)) for p in players]
    rows = []

    for level in range(setting.n_levels):
        # Propose: follow the model, or break it.
        broke = np.array([director(level) for director in directors])
        # Generate: what was proposed becomes a level that can be finished.
        followed = company.on_model(level)
        built = followed
        if arm.proposal is not None and broke.any():
            who = [p for p, breaks in zip(players, broke, strict=True) if breaks]
            breaks = break_model(setting, arm.proposal, who, level)
            built = replace_rows(followed, broke, without_grids(breaks))
        # Play and observe: what did it cost these players to take it in, what did it teach?
        unprepared_bits = unprepared.surprise_bits(to_unit(built.measured))
        unprepared.observe(to_unit(followed.measured))
        seen = observer.observe(to_unit(built.measured))
        # Record.
        log_density = model.log_density(built.measured)
        rows.append(
            {
                "player": np.array(players, dtype=np.int32),
                "level": np.full(len(players), level + 1, dtype=np.int32),
                "broke": broke,
                "off_model": region.is_off(log_density),
                "log_density": log_density,
                "density_quantile": region.quantile(log_density),
                "playable": built.playable,
                "repair_distance": built.repair_distance,
                "build_attempts": built.attempts.astype(np.int32),
                "surprise_bits": seen.surprise_bits,
                "unprepared_bits": unprepared_bits,
                "progress_bits": seen.progress_bits,
                **{f"phi_{n}": built.measured[:, i] for i, n in enumerate(model.space.names)},
            }
        )

    # What it was like: how much was foreseen, how interesting that was, how bored it left them.
    cube = {name: np.stack([row[name] for row in rows], axis=1) for name in rows[0]}
    bits, newcomer, veteran = cube["surprise_bits"], company.naive_bits, company.veteran_bits
    cube["naive_bits"] = np.broadcast_to(newcomer, bits.shape)
    cube["veteran_bits"] = np.broadcast_to(veteran, bits.shape)
    cube["foreseen"] = foreseen_share(bits, newcomer)
    cube["predictability"] = predictability(bits, newcomer, veteran)
    met = Evidence(surprise_bits=bits, progress_bits=cube["progress_bits"], naive_bits=newcomer)
    for notion in NOTIONS:
        interesting = interest(notion, met, company.people.taste)
        cube[f"interest_{notion}"] = interesting
        cube[f"boredom_{notion}"] = boredom_curve(interesting, company.people.tau_levels)
    table = {name: values.ravel() for name, values in cube.items()}
    return {"arm": np.full(len(table["player"]), arm.name, dtype=object), **table}


def break_model(setting: Setting, proposal: str, players: Sequence[int], level: int) -> BuiltBatch:
    """The levels that these players get as number ``level`` (from 0) when their director breaks."""
    variant = PROPOSAL_ADDRESS[proposal]
    vectors = [
        propose(proposal, setting.outside, rng=stream(setting.seed, "proposal", p, level, variant))
        for p in players
    ]
    return setting.generator.build(np.stack(vectors), players, level, variant)
