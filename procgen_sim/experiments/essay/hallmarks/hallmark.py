"""A hallmark of habituation: what it says, how it is asked, and when it holds.

An effect is a difference of boredom, from 0 to 1, between two courses of one and the same player;
players and their levels are independent. A hallmark *holds* if every clause of it is above
:data:`LEAST` by :data:`~.finding.CLEAR` standard errors; it *does not apply* where the state it
starts from never comes about; else it *does not hold*.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, field
from typing import Final, Literal

import numpy as np
import numpy.typing as npt

from procgen_sim.experiments.essay.finding import Check, mean_and_error
from procgen_sim.experiments.essay.hallmarks.habituation import Room

__all__ = ["LEAST", "Asked", "Hallmark", "Trial", "Verdict", "above_least"]

Floats = npt.NDArray[np.float64]

LEAST: Final = 0.01
"""Boredom, of 0 to 1, that an effect must exceed: a hundredth of the scale is nothing to notice."""

Verdict = Literal["holds", "does not hold", "does not apply"]


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

    def checks(self, prefix: str) -> tuple[Check, ...]:
        """The clauses, each against :data:`LEAST`."""
        return tuple(
            above_least(f"{prefix}: {what}", values) for what, values in self.clauses.items()
        )

    @property
    def verdict(self) -> Verdict:
        """What the numbers say."""
        if not self.possible:
            return "does not apply"
        return "holds" if all(check.holds for check in self.checks("")) else "does not hold"


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
    """Whether the mean of independent effects ``(P,)`` is above :data:`LEAST`."""
    mean, error = mean_and_error(values)
    return Check(what=what, estimate=mean, standard_error=error, relation="above", bound=LEAST)
