"""What every source of levels turns into: levels in order, and where they are from."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Literal

from procgen_sim._checks import InputError
from procgen_sim.levels.level import Level

__all__ = ["Kind", "Source"]

Kind = Literal["shipped", "folder", "zip", "function", "command"]


@dataclass(frozen=True, kw_only=True)
class Source:
    """Levels from somewhere.

    Attributes
    ----------
    name
        What to call it: the folder's or the archive's name; for a generator what was typed.
    kind
        What it is.
    levels
        At least one, in the order of the files' names or of the seeds.
    origins
        One text a level: the name of its file, or ``"seed 7"``.
    seeds
        One a level; None when it is not a generator.
    detail
        What was read or run, in words, for a report.
    skipped
        One sentence for each file or seed that was left out.
    notes
        Sentences a reader of the results should know: there was no tileset, a generator gives
        something else when it is asked again.
    """

    name: str
    kind: Kind
    levels: tuple[Level, ...]
    origins: tuple[str, ...]
    seeds: tuple[int, ...] | None
    detail: str
    skipped: tuple[str, ...] = ()
    notes: tuple[str, ...] = ()

    def __post_init__(self) -> None:
        if not self.levels:
            raise InputError(f"source {self.name!r}", expected="at least one level", found="none")
