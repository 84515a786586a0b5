"""The tables of a run as its configuration says they must be: parts of records, and players.

Who, in which arms, on which levels follows from the configuration, so a table that is cut off,
doubled, edited or of another run is refused when it is read.
"""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path
from typing import Final

import numpy as np

from procgen_sim._checks import InputError
from procgen_sim.config import RunConfig
from procgen_sim.experiments.people import spreads_from
from procgen_sim.players import TRAITS, Population
from procgen_sim.results import (
    Table,
    check_columns,
    concatenate,
    list_parts,
    part_name,
    read_table,
    record_columns,
)

__all__ = ["PLAYERS_PER_PART", "player_blocks", "read_part", "read_players", "read_records"]

PLAYERS_PER_PART: Final = 10
"""Players a part holds; never depends on the number of processes."""

_N_KNOWN_PLAYERS: Final = 100
"""Players who are drawn anew to see whether the stored ones are they; another seed's first player
is already another."""


def player_blocks(n_players: int) -> list[range]:
    """The players of each part."""
    return [
        range(first, min(first + PLAYERS_PER_PART, n_players))
        for first in range(0, n_players, PLAYERS_PER_PART)
    ]


def read_part(
    path: Path,
    arms: Sequence[str],
    players: range,
    n_levels: int,
    parameters: Sequence[str],
    observer: str,
) -> Table:
    """Read a part that must hold these arms, players and levels, in this order, and no other.

    Raises
    ------
    InputError
        If it cannot be read or holds anything else.
    """
    table = read_table(path)
    check_columns(table, record_columns(parameters, observer), path)
    level = np.arange(1, n_levels + 1)
    expected = {
        "arm": np.repeat(np.array(arms, dtype=object), len(players) * n_levels),
        "player": np.tile(np.repeat(players, n_levels), len(arms)),
        "level": np.tile(level, len(arms) * len(players)),
    }
    for name, values in expected.items():
        if not np.array_equal(table[name], values):
            raise InputError(
                f"{path}, column {name!r}",
                expected=f"players {players.start} to {players.stop - 1} on {n_levels} levels of "
                f"{len(arms)} arms, in order",
                found="other rows",
                do="run it again",
            )
    return table


def read_records(
    folder: Path, config: RunConfig, arms: Sequence[str], parameters: Sequence[str]
) -> Table:
    """All parts of a run, each checked by :func:`read_part`.

    Raises
    ------
    InputError
        If there are other parts than there must be, or one of them is wrong.
    """
    blocks = player_blocks(config.players)
    names = [path.name for path in list_parts(folder)]
    expected = [part_name(number) for number in range(len(blocks))]
    if names != expected:
        strange = sorted(set(names) ^ set(expected))[0]
        raise InputError(
            str(folder),
            expected=f"{len(expected)} parts up to {expected[-1]}",
            found=f"{len(names)}, and {strange} {'too many' if strange in names else 'missing'}",
        )
    return concatenate(
        [
            read_part(folder / name, arms, players, config.levels, parameters, config.observer)
            for name, players in zip(names, blocks, strict=True)
        ]
    )


def read_players(path: Path, config: RunConfig) -> Table:
    """The players of a run.

    Raises
    ------
    InputError
        If they are not the people that the configuration draws.
    """
    table = read_table(path)
    check_columns(table, dict.fromkeys(TRAITS, np.float64), path)
    n_players = len(table["threshold"])
    if n_players != config.players:
        raise InputError(str(path), expected=f"{config.players} players", found=str(n_players))
    known = min(n_players, _N_KNOWN_PLAYERS)
    people = Population.sample(known, seed=config.seed, spreads=spreads_from(config.assumptions))
    for name in TRAITS:
        # Logarithms differ in their last bits between machines.
        if not np.allclose(table[name][:known], getattr(people, name), rtol=1e-9, atol=0.0):
            raise InputError(
                f"{path}, column {name!r}",
                expected=f"the players of seed {config.seed}",
                found="other people",
                do="run it again",
            )
    return table
