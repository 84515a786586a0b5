"""A hallmark of habituation: what it says, how it is asked, and when it holds.

An effect is a difference of boredom, from 0 to 1, between two courses of one and the same player.
It is asked twice, of players as they are and of the same players if they learned nothing. Boredom
and its recovery with hours are assumed, so what players show who learn nothing is no habituation.
A hallmark *holds* if

- every clause of it is above :data:`LEAST` by :data:`~.finding.CLEAR` standard errors,
- and so is what it exceeds that of players who learn nothing by,
- and those do not show it: not all of their clauses are above :data:`LEAST`, as clearly.

If only the first is true it is shown *by assumption*. It *does not apply* where the state it starts
from never comes about; else it *does not hold*.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, field
from typing import Final, Literal

import numpy as np
import numpy.typing as npt

from procgen_sim.experiments.essay.finding import Check
from procgen_sim.experiments.essay.hallmarks.habituation import Room, groups_and_error

__all__ = ["LEAST", "Answer", "Asked", "Hallmark", "Trial", "Verdict", "above_least"]

Floats = npt.NDArray[np.float64]

LEAST: Final = 0.01
"""Boredom, of 0 to 1, that an effect must exceed: a hundredth of the scale is nothing to notice."""

Verdict = Literal["holds", "by assumption", "does not hold", "does not apply"]


@dataclass(frozen=True, kw_only=True)
class Asked:
    """What came of one hallmark under one notion of interest.

    Attributes
    ----------
    clauses
        Words to ``(P,)`` effects; all must be above :data:`LEAST`.
    curves
        What to draw: words to ``(P, n)`` boredom.
    possible
        Whether the state that the hallmark starts from came about.
    asides
        Words to ``(P,)`` effects that the verdict does not rest on, and that a reader must know.
    """

    clauses: dict[str, Floats]
    curves: dict[str, Floats]
    possible: bool = True
    asides: dict[str, Floats] = field(default_factory=dict)


@dataclass(frozen=True, kw_only=True)
class Answer:
    """What came of a hallmark, asked of players as they are and as if they learned nothing."""

    learned: Asked
    unlearned: Asked

    def shown(self) -> Check:
        """The weakest of its clauses."""
        found = [above_least(what, each) for what, each in self.learned.clauses.items()]
        return min(found, key=_margin)

    def by_learning(self) -> Check:
        """The weakest of what tells it from what players show who learn nothing."""
        without = self.unlearned.clauses
        found = [
            above_least(f"{what}, less that of who learns nothing", each - without[what])
            for what, each in self.learned.clauses.items()
        ]
        absent = [
            Check.of(f"{what}, of who learns nothing", groups_and_error(each), "below", LEAST)
            for what, each in without.items()
        ]
        most = max(absent, key=_margin)
        return min([*found, most] if most.opposite else found, key=_margin)

    def weakest(self) -> Check:
        """The weakest of all that a hallmark must be to hold."""
        return min(self.shown(), self.by_learning(), key=_margin)

    @property
    def verdict(self) -> Verdict:
        """What the numbers say."""
        if not self.learned.possible:
            return "does not apply"
        if not self.shown().holds:
            return "does not hold"
        return "holds" if self.by_learning().holds else "by assumption"


Trial = Callable[[str], Asked]
"""From a notion of interest to what came of it; the levels are met once for all notions."""


@dataclass(frozen=True)
class Hallmark:
    """One hallmark: what it says in our terms, and how it is asked.

    Attributes
    ----------
    name
        In a few words.
    statement
        In a sentence.
    ask
        The experiment.
    why_not
        Why the model lacks it, where it does; empty where that is not understood.
    """

    name: str
    statement: str
    ask: Callable[[Room, int], Trial]
    why_not: str = ""


def above_least(what: str, values: Floats) -> Check:
    """Whether the mean of players' effects ``(P,)`` is above :data:`LEAST`."""
    return Check.of(what, groups_and_error(values), "above", LEAST)


def _margin(check: Check) -> float:
    """Standard errors by which a check holds."""
    away = check.errors_away
    return -away if check.relation == "below" else away
