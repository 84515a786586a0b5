"""What a person met in earlier sessions, told to those who play along. No pygame here."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from contextlib import suppress

from procgen_sim._checks import InputError
from procgen_sim.game.companion import Companion
from procgen_sim.game.director import Director
from procgen_sim.levels import Level, house_tileset, measure

__all__ = ["readable_levels", "remember"]


def readable_levels(texts: Iterable[Sequence[str]]) -> list[Level]:
    """The levels of a log, but for those of another version's tileset."""
    levels = []
    for rows in texts:
        with suppress(InputError):
            levels.append(Level.from_rows(rows, house_tileset()))
    return levels


def remember(director: Director, companion: Companion, levels: Sequence[Level]) -> None:
    """The levels, in the order they were met."""
    for level in levels:
        companion.remember(level)
        director.remember(measure(level))
