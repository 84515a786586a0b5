"""Which ways of leaving the model can be had here and now, and what to do about one that cannot.

A proposal may need levels that somebody made, or a library that is not installed. What cannot be
had is not offered. No pygame here.
"""

from __future__ import annotations

from procgen_sim._checks import InputError
from procgen_sim.injection import AUTHORED, PROPOSALS, Library, Outside, check_installed
from procgen_sim.injection.proposals import is_installed

__all__ = ["check_way", "open_ways"]


def open_ways(outside: Outside) -> tuple[str, ...]:
    """The proposals that lead somewhere, for the audience that ``outside`` is before."""
    left = outside.library.unmet(outside.audience.authored)
    return tuple(name for name in PROPOSALS if (left if name == AUTHORED else is_installed(name)))


def check_way(proposal: str | None, library: Library, *, where: str) -> None:
    """Refuse a proposal that can lead nowhere from the start.

    Raises
    ------
    InputError
        If it needs what is not there.
    """
    if proposal == AUTHORED and not library.n:
        raise InputError(
            where,
            expected="levels that people made, for 'authored'",
            found="none",
            do="keep some at the director's desk first, or name a folder with --authored",
        )
    if proposal is not None:
        check_installed(proposal, where=where)
