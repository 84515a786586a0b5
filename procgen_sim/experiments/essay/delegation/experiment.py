"""Every choice is follow or break; delegate the choices and the author disappears.

Authors (:mod:`.authors`) make levels, each in their own way. One common model is fitted to the work
of all. Then a share q of each level's decisions is delegated to it: the author keeps the others,
the machine completes them (:mod:`.completion`), as autocompletes do. Who made the level?

``read``
    Bits that a classifier reads about the author from held-out levels, without being told which
    decisions were delegated: a lower bound of what they hold (:mod:`~procgen_sim.models.fitting.
    authorship`).
``held``
    I(A; X_S), the bits that the kept decisions S hold, from the true densities
    (:mod:`.signature`): what is left for somebody who is told S, an upper bound for all others.

Decisions go in four orders: ``random``, another one each level, so that nobody can tell which are
the author's; ``fixed``, a random one for all levels of a repetition; ``worst`` for the author, the
most telling first; and ``best``, the least telling first. Where the order is the same in all levels
S can be learned, and a level holds ``held``. The worst and the best order are chosen on levels that
they are not measured on. A repetition is a new set of authors with all their work; standard errors
are over repetitions.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from typing import Any, Final

import numpy as np
import numpy.typing as npt

from procgen_sim.experiments.essay.delegation.authors import (
    OTHER_STYLES,
    dot_authors,
    level_authors,
    work,
)
from procgen_sim.experiments.essay.delegation.checks import (
    ORDERS,
    checks,
    conclusion,
    curve,
    gathered,
    summary,
)
from procgen_sim.experiments.essay.delegation.completion import Vectors
from procgen_sim.experiments.essay.delegation.machines import (
    Machine,
    Task,
    autocomplete,
    kept_decisions,
)
from procgen_sim.experiments.essay.delegation.signature import (
    Whose,
    bits_by_set,
    bits_of_sets,
    by_size,
    telling_order,
)
from procgen_sim.experiments.essay.finding import Effort, Finding
from procgen_sim.generators import Builder
from procgen_sim.models import DesignModel, fit
from procgen_sim.models.fitting.authorship import Recognised, recognise
from procgen_sim.rng import stream

__all__ = ["CLAIM", "FULL", "ORDERS", "QUICK", "Machine", "Size", "Task", "autocomplete", "run"]

CLAIM: Final = "Every choice is follow or break; delegate the choices and the author disappears."
WORLDS: Final[Mapping[str, Callable[[np.random.Generator], DesignModel]]] = {
    "dots": dot_authors,
    "levels": level_authors,
}

Order = npt.NDArray[np.int64]

_EXPERIMENT: Final = 6
_AUTHORS, _WORK, _CHOOSE, _HOLD, _LEVELS, _COMPLETE, _SHUFFLE, _BUILD, _ORDER, _STYLES = range(10)
_FIT: Final = {"max_components": 4, "n_starts": 1}
"""The common model: BIC finds two components, one a genre, where it may have six."""

_MORE_DOTS: Final = 2
"""Times as many sets of authors of dots: they cost less, and differ more."""

_SHOWN: Final = 45
"""Dots of each author in the figure."""


@dataclass(frozen=True, kw_only=True)
class Size:
    """How much is made.

    Attributes
    ----------
    repetitions
        Sets of authors of levels, and how many of them have levels ``built``.
    body
        Levels of each author that the common model is fitted to.
    choose, hold
        Levels of each author by which the orders are chosen, and that the kept bits are of.
    parts, built_parts
        Levels of each author that a classifier is fitted to, tempered on and tested on; of levels
        as asked for, and of those to be built.
    """

    repetitions: int
    built: int
    body: int = 40
    choose: int
    hold: int
    parts: tuple[int, int, int]
    built_parts: tuple[int, int, int]


FULL: Final = Size(
    repetitions=20,
    built=10,
    choose=100,
    hold=400,
    parts=(200, 80, 120),
    built_parts=(150, 50, 100),
)
QUICK: Final = Size(
    repetitions=10,
    built=8,
    choose=25,
    hold=100,
    parts=(90, 30, 50),
    built_parts=(90, 40, 60),
)


def run(effort: Effort, *, machine: Machine = autocomplete, size: Size | None = None) -> Finding:
    """Delegate decisions about dots and about levels, and look for their authors.

    Parameters
    ----------
    effort
        20 sets of authors of levels, 10 for a taste; twice as many of dots.
    machine
        Who makes what is delegated.
    size
        How much is made, where that is not for the effort to say.
    """
    size = size or (QUICK if effort.quick else FULL)
    worlds = {
        name: gathered(
            [
                _repetition(effort.seed, i, r, size, machine)
                for r in range(size.repetitions * (_MORE_DOTS if name == "dots" else 1))
            ]
        )
        for i, name in enumerate(WORLDS)
    }
    found = checks(worlds, n_tested=size.parts[2])
    data: dict[str, Any] = {name: summary(world) for name, world in worlds.items()}
    styles = {
        name: curve(
            np.array([_styled(effort.seed, r, size, machine, *style) for r in range(size.built)])
        )
        for name, style in OTHER_STYLES.items()
    }
    return Finding(
        experiment="delegation",
        claim=CLAIM,
        conclusion=conclusion({**data, "styles": styles}, found),
        checks=found,
        data={**data, "shown": _shown(effort.seed, size, machine), "styles": styles},
        effort=effort,
    )


def _repetition(
    seed: int, world: int, repetition: int, size: Size, machine: Machine
) -> dict[str, Any]:
    """One set of authors: numbers by name, arrays by share delegated, in steps of one decision."""

    def rng(*address: int) -> np.random.Generator:
        return stream(seed, "essay", _EXPERIMENT, world, repetition, *address)

    authors, common = _people(seed, world, repetition, size.body)
    d = authors.space.n
    choose = work(authors, size.choose, rng=rng(_CHOOSE))
    schools = np.array(authors.details["schools"], np.int64)
    by_set, by_set_of_school = bits_by_set(authors, *choose, schools=schools)
    orders = {
        "fixed": rng(_ORDER).permutation(d),
        "worst": telling_order(by_set, worst=True),
        "best": telling_order(by_set, worst=False),
    }
    levels, whose = work(authors, sum(size.parts), rng=rng(_LEVELS))

    def completed(n_made: int, order: Order | None, *address: int) -> Vectors:
        kept = kept_decisions(len(levels), d, n_made, order, rng(_COMPLETE, *address, 0))
        task = Task(authors=authors, common=common, levels=levels, whose=whose, kept=kept)
        return machine(task, rng(_COMPLETE, *address, 1))

    def recognised(made: Vectors, whose: Whose) -> Recognised:
        return recognise(made, whose, fitted=size.parts[0], tempered=size.parts[1])

    nobodys = completed(d, None, len(ORDERS))
    none, all_ = recognised(levels, whose), recognised(nobodys, whose)
    told: dict[str, Any] = {}
    for i, name in enumerate(ORDERS):
        some = [completed(n_made, orders.get(name), i, n_made) for n_made in range(1, d)]
        seen = [none, *(recognised(made, whose) for made in some), all_]
        told[name] = {
            "read": [one.bits for one in seen],
            "accuracy": [one.accuracy for one in seen],
        }
    told["shuffled"] = recognised(nobodys, rng(_SHUFFLE).permutation(whose)).bits
    hold = work(authors, size.hold, rng=rng(_HOLD))
    for name, order in orders.items():
        sets = [np.sort(order[n_made:])[np.newaxis] for n_made in range(d + 1)]
        told[name]["held"] = [float(bits_of_sets(authors, *hold, one)[0][0]) for one in sets]
    told["random"]["held"] = by_size(by_set)
    told["random"]["school"] = by_size(by_set_of_school)
    told["alone"] = by_set[1 << np.arange(d)]
    told["names"] = list(authors.space.names)
    told["n_authors"] = authors.n_components
    if d > 2 and repetition < size.built:
        told["built"] = _built(authors, common, size, machine, rng)
    return told


def _styled(
    seed: int, repetition: int, size: Size, machine: Machine, moved: float, stretched: float
) -> list[float]:
    """Share of levels recognised when none, half and all of the decisions are delegated, of authors
    more or less alike than assumed."""
    address = (_EXPERIMENT, 1, repetition)
    authors = level_authors(
        stream(seed, "essay", *address, _AUTHORS), moved=moved, stretched=stretched
    )
    rng = stream(seed, "essay", *address, _STYLES)
    body, _ = work(authors, size.body, rng=rng)
    common = fit("mixture", body, authors.space, options=_FIT, rng=rng)
    levels, whose = work(authors, sum(size.parts), rng=rng)
    d, found = authors.space.n, []
    for n_made in (0, round(d / 2), d):
        kept = kept_decisions(len(levels), d, n_made, None, rng)
        task = Task(authors=authors, common=common, levels=levels, whose=whose, kept=kept)
        seen = recognise(machine(task, rng), whose, fitted=size.parts[0], tempered=size.parts[1])
        found.append(seen.accuracy)
    return found


def _people(seed: int, world: int, repetition: int, n_body: int) -> tuple[DesignModel, DesignModel]:
    """A set of authors, and the common model of their work."""
    address = (_EXPERIMENT, world, repetition)
    authors = list(WORLDS.values())[world](stream(seed, "essay", *address, _AUTHORS))
    rng = stream(seed, "essay", *address, _WORK)
    body, _ = work(authors, n_body, rng=rng)
    return authors, fit("mixture", body, authors.space, options=_FIT, rng=rng)


def _built(
    authors: DesignModel,
    common: DesignModel,
    size: Size,
    machine: Machine,
    rng: Callable[..., np.random.Generator],
) -> list[list[float]]:
    """What is read of levels as they were asked for, and once built: with no decision delegated,
    and with half of them, at random."""
    levels, whose = work(authors, sum(size.built_parts), rng=rng(_BUILD, 0))
    d = authors.space.n
    found = []
    for n_made in (0, round(d / 2)):
        kept = kept_decisions(len(levels), d, n_made, None, rng(_BUILD, 1, n_made))
        task = Task(authors=authors, common=common, levels=levels, whose=whose, kept=kept)
        asked = machine(task, rng(_BUILD, 2, n_made))
        measured = Builder().build_many(asked, rng(_BUILD, 3, n_made).spawn(len(asked))).measured
        both = [
            recognise(one, whose, fitted=size.built_parts[0], tempered=size.built_parts[1])
            for one in (asked, measured)
        ]
        found.append([both[0].bits, both[1].bits, both[0].accuracy, both[1].accuracy])
    return found


def _shown(seed: int, size: Size, machine: Machine) -> dict[str, Any]:
    """The dots of the figure: those of the first set of authors, before and after."""
    authors, common = _people(seed, 0, 0, size.body)
    rng = stream(seed, "essay", _EXPERIMENT, len(WORLDS))
    levels, whose = work(authors, _SHOWN, rng=rng)
    nothing = np.empty((len(levels), 0), np.int64)
    task = Task(authors=authors, common=common, levels=levels, whose=whose, kept=nothing)
    return {"before": levels, "after": machine(task, rng), "whose": whose}
