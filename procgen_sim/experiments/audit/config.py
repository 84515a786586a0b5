"""What an audit is told."""

from __future__ import annotations

import json
from dataclasses import dataclass

from procgen_sim._checks import check_choice, check_int
from procgen_sim.levels.body import ORDERS

__all__ = ["AuditConfig"]


@dataclass(frozen=True, kw_only=True)
class AuditConfig:
    """Everything that decides an audit's numbers. How many processes work on it does not.

    Attributes
    ----------
    sources
        Folders, archives, functions and commands, as people write them.
    tileset
        ``tileset.json`` for sources that have none of their own; empty for none.
    skip_bad
        Leave out files that cannot be read, and list them.
    levels
        Levels of each source; 0 for all that there are, or 100 of a generator.
    order
        How levels are met: one of :data:`~procgen_sim.levels.body.ORDERS`, or ``"auto"``.
    players
        Simulated players.
    seed
        One seed, one result; also the first seed a generator is given.
    yardsticks
        Whether the shipped corpora are audited beside the sources.

    Raises
    ------
    InputError
        From :meth:`checked`, for a value that cannot be.
    """

    sources: tuple[str, ...]
    tileset: str = ""
    skip_bad: bool = False
    levels: int = 0
    order: str = "auto"
    players: int = 200
    seed: int = 1
    yardsticks: bool = True

    @property
    def corpus(self) -> tuple[str, ...]:
        """The sources: those that are folders are read."""
        return self.sources

    def as_toml(self) -> str:
        """Everything that decides the numbers, as TOML."""
        told = {key: list(v) if isinstance(v, tuple) else v for key, v in vars(self).items()}
        # JSON's texts, numbers, lists and truth values are TOML's, too.
        lines = [f"{key} = {json.dumps(v, ensure_ascii=False)}" for key, v in told.items()]
        return "\n".join(["# procgen-sim audit", *lines]) + "\n"

    def checked(self) -> AuditConfig:
        """This configuration, if every value can be; sources are checked by those who read them."""
        check_int("--levels", self.levels, low=0, high=1_000_000)
        check_choice("--order", self.order, ("auto", *ORDERS))
        check_int("--players", self.players, low=20, high=100_000)
        check_int("--seed", self.seed, low=0)
        return self
