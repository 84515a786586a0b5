"""How much of a library of authored levels players met, and when it was used up: from records.

Every break of an arm that shows authored levels is one of them, and nobody meets one twice. So a
player who broke as often as there are levels has met them all; from then on the model is followed,
whatever the schedule says, and a reader must know.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

import numpy as np

from procgen_sim.experiments.wording import count, levels, quoted
from procgen_sim.injection import AUTHORED
from procgen_sim.results import Table, as_cube

if TYPE_CHECKING:
    from procgen_sim.experiments.stored import CompareRun

__all__ = ["LibraryUse", "describe_use", "library_use", "use_in"]


@dataclass(frozen=True, kw_only=True)
class LibraryUse:
    """One arm's use of the library.

    Attributes
    ----------
    arm
        As people wrote it.
    n_authored, n_players
        Levels in the library; players in the arm.
    n_used_up
        Players who met them all.
    used_up_after
        Median number of the level, from 1, that was the last they met; None if nobody met all.
    most_met
        Most that any player met.
    """

    arm: str
    n_authored: int
    n_players: int
    n_used_up: int
    used_up_after: float | None
    most_met: int

    def as_dict(self) -> dict[str, Any]:
        """As ``summary.json`` keeps it."""
        return dict(vars(self))


def use_in(run: CompareRun) -> tuple[LibraryUse, ...]:
    """What the arms of a run made of its library, from its records."""
    names = [arm.name for arm in run.summary.arms]
    showing = [name for name in names if name.partition("@")[0].strip() == AUTHORED]
    return library_use(run.records, showing, len(run.fit.get("authored", [])))


def library_use(records: Table, arms: Sequence[str], n_authored: int) -> tuple[LibraryUse, ...]:
    """What each of these arms, which show authored levels, made of ``n_authored`` of them."""
    uses = []
    for arm in arms:
        met = as_cube(records, "broke", arm).astype(bool).cumsum(axis=1)
        all_met = met[:, -1] >= n_authored
        # As many levels had gone by when the last was met as had fewer behind them, and it.
        when = (met[all_met] < n_authored).sum(axis=1) + 1
        uses.append(
            LibraryUse(
                arm=arm,
                n_authored=n_authored,
                n_players=len(met),
                n_used_up=int(all_met.sum()),
                used_up_after=float(np.median(when)) if len(when) else None,
                most_met=int(met[:, -1].max()),
            )
        )
    return tuple(uses)


def describe_use(uses: Sequence[LibraryUse]) -> str | None:
    """A sentence on each arm that shows authored levels; None without such an arm.

    Examples
    --------
    >>> one = dict(arm="authored", n_authored=12, n_players=100, most_met=12)
    >>> describe_use([LibraryUse(**one, n_used_up=97, used_up_after=41.0)])  # doctest: +ELLIPSIS
    '“authored”: 12 levels, used up for 97 of 100 players, at the median after level 41; then ...'
    """
    return " ".join(_described(use) for use in uses) or None


def _described(use: LibraryUse) -> str:
    start = f"{quoted(use.arm)}: {levels(use.n_authored)}"
    people = "1 player" if use.n_players == 1 else f"{use.n_players:,} players"
    if use.used_up_after is None:
        return f"{start}, used up for none of {people}; one of them met {use.most_met:,}, the most."
    return (
        f"{start}, used up for {use.n_used_up:,} of {people}, at the median after level "
        f"{count(use.used_up_after)}; then the model was followed."
    )
