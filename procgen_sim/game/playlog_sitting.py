"""A session of the play log in one line."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass, fields
from typing import Any, Final

from procgen_sim.platformer.physics import TICKS_PER_S

__all__ = ["SITTINGS", "Sitting", "as_sitting"]


@dataclass(frozen=True, kw_only=True)
class Sitting:
    """A session in one line.

    Attributes
    ----------
    session
        Its number.
    person
        Who played; may be empty.
    seed
        Of the sequence of levels.
    began
        When, in seconds since 1970.
    n_levels, n_won, deaths
        Levels begun and won, and deaths in all of them.
    seconds
        Of play.
    foreseen_first, foreseen_last
        Share foreseen of the first and the last level finished; None when none was.
    boredom
        Of the simulated player after the last level finished; None when none was.
    rating
        The person's mean rating; None when there is none.
    """

    session: int
    person: str
    seed: int
    began: float
    n_levels: int
    n_won: int
    deaths: int
    seconds: float
    foreseen_first: float | None
    foreseen_last: float | None
    boredom: float | None
    rating: float | None


def _of_level(column: str, order: str) -> str:
    """Asks for a number of the first (ASC) or last (DESC) level of the session that has it."""
    return f"""(SELECT {column} FROM outcome JOIN level ON level.id = outcome.level
            WHERE level.session = s.id AND {column} IS NOT NULL ORDER BY level.id {order} LIMIT 1)
            AS {column}_{order}"""


SITTINGS: Final = f"""
    SELECT s.id, p.name, s.seed, s.began, count(l.id), coalesce(sum(o.status = 'won'), 0),
           coalesce(sum(o.deaths), 0), coalesce(sum(o.ticks), 0) * 1.0 / {TICKS_PER_S},
           {_of_level("foreseen", "ASC")}, {_of_level("foreseen", "DESC")},
           {_of_level("boredom", "DESC")}, avg(r.rating)
    FROM session s JOIN person p ON p.id = s.person
         LEFT JOIN level l ON l.session = s.id
         LEFT JOIN outcome o ON o.level = l.id LEFT JOIN rating r ON r.level = l.id"""
"""Asks for the fields of :class:`Sitting`; a condition and ``GROUP BY s.id`` are to follow."""


def as_sitting(row: Iterable[Any]) -> Sitting:
    """What an answer to :data:`SITTINGS` says."""
    names = [field.name for field in fields(Sitting)]
    told = dict(zip(names, row, strict=True))
    return Sitting(**{**told, "seed": int(told["seed"])})
