"""The whole model on one page: propose → generate → play → observe → record.

A generator is a fitted level model; a player is a level model that is still learning. This file
is the only one that knows both, and everything that happens between them.
"""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

import numpy as np
import numpy.typing as npt

from procgen_sim.company import Company, Setting, Yardstick
from procgen_sim.generators import BuiltBatch
from procgen_sim.generators.fitted import as_they_are, replace_rows
from procgen_sim.injection import Arm, Audience, propose
from procgen_sim.injection.proposals import PROPOSAL_ADDRESS
from procgen_sim.players import (
    NOTIONS,
    OBSERVERS,
    Evidence,
    Observers,
    Seen,
    boredom_curve,
    foreseen_share,
    interest,
    predictability,
)
from procgen_sim.results import Table, concatenate
from procgen_sim.rng import stream

__all__ = ["Company", "Setting", "Yardstick", "break_model", "play_arms"]

Values = npt.NDArray[np.float64]


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
    coming = company.follow(0)
    for level in range(setting.n_levels):
        followed, coming = coming, company.follow(level + 1)
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
            siblings = coming
            if company.sees_patterns:
                _, siblings = each.make(level + 1, broke, coming)
            each.play(level, broke, built, siblings, ordinary, unprepared_bits)
    return [each.records() for each in playing]


class _Playing:
    """A company in one arm."""

    def __init__(self, company: Company, arm: Arm) -> None:
        self.company, self.arm, self.rows = company, arm, list[dict[str, Any]]()
        self.observers: Observers | None = None  # until their first break: the unprepared
        self.watch = company.watch()
        seed = company.setting.seed
        self.directors = [
            arm.schedule.start(audience, rng=stream(seed, "schedule", p))
            for p, audience in zip(company.players, self.watch.audiences, strict=True)
        ]

    def choose(
        self, level: int, followed: BuiltBatch, unprepared: Observers
    ) -> tuple[npt.NDArray[np.bool_], BuiltBatch]:
        """Follow the model, or break it: who breaks, and the level that each gets to play."""
        if self.arm.proposal is None:
            return np.zeros(len(self.directors), np.bool_), followed
        self.watch.look_ahead(followed.measured)
        wanted = np.array([director(level) for director in self.directors])
        broke, built = self.make(level, wanted, followed)
        if self.observers is None and broke.any():
            self.observers = unprepared.copy()
        self.watch.show(built.measured, broke)
        return broke, built

    def make(
        self, level: int, wanted: npt.NDArray[np.bool_], followed: BuiltBatch
    ) -> tuple[npt.NDArray[np.bool_], BuiltBatch]:
        """Level number ``level`` of each player, broken where wanted and possible, else of the
        model; and who breaks."""
        if self.arm.proposal is None or not wanted.any():
            return wanted, followed
        who = np.flatnonzero(wanted)
        players = [self.company.players[i] for i in who]
        audiences = [self.watch.audiences[i] for i in who]
        setting = self.company.setting
        found, breaks = break_model(setting, self.arm.proposal, players, level, audiences)
        broke = wanted.copy()
        broke[who] = found
        return broke, replace_rows(followed, broke, self.company.seen(breaks))

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


def break_model(
    setting: Setting,
    proposal: str,
    players: Sequence[int],
    level: int,
    audiences: Sequence[Audience],
) -> tuple[npt.NDArray[np.bool_], BuiltBatch]:
    """The levels that these players get as number ``level`` (from 0) when their director breaks.

    Returns
    -------
    Who of them gets one, ``(n,)``: all, but where a proposal has nowhere left to go; and the levels
    of those who do. Levels that people made are shown as they are, the others are built.
    """
    variant, library = PROPOSAL_ADDRESS[proposal], setting.outside.library
    vectors, who, authored = [], [], []
    found = np.zeros(len(players), np.bool_)
    for i, (player, audience) in enumerate(zip(players, audiences, strict=True)):
        rng = stream(setting.seed, "proposal", player, level, variant)
        vector = propose(proposal, setting.outside.before(audience), rng=rng)
        if vector is None:
            continue
        found[i] = True
        vectors.append(vector)
        who.append(player)
        authored.append(library.find(vector, audience.authored))
    made = [index for index in authored if index is not None]
    if who and len(made) == len(who):
        grids = [library.grids[i] for i in made]
        return found, as_they_are(library.vectors[made], grids, [library.proven[i] for i in made])
    wishes = np.reshape(vectors, (len(who), setting.outside.model.space.n))
    return found, setting.generator.build(wishes, who, level, variant)
