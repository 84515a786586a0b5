"""The director: which level comes next, on the model or off it, by schedule or as a person says.

Every choice is *follow* or *break*. Following draws a design vector from the fitted model; breaking
asks a proposal for one outside it. A person may leave that to a schedule, say which, take the
vector into their own hands, or ask to be surprised. Whoever chooses, a level follows from the seed,
its number, the choice and what was shown and said before, never from when or how often it was asked
for. What was shown before matters where somebody looks at it: to ``adaptive``, to the proposals
that want to surprise this very audience, to ``authored``, and to a surprise, which goes only where
there is somewhere left to go. No pygame here.
"""

from __future__ import annotations

from dataclasses import dataclass, replace
from typing import Final

import numpy as np
import numpy.typing as npt

from procgen_sim._checks import check_int
from procgen_sim.company import Company
from procgen_sim.experiments.preparation import Prepared
from procgen_sim.game.choice import SCHEDULED, Choice
from procgen_sim.game.directed import Directed, Place
from procgen_sim.game.ways import check_way, open_ways
from procgen_sim.generators.builder import Built
from procgen_sim.injection import Arm, Outside, propose
from procgen_sim.injection.proposals import PROPOSAL_ADDRESS
from procgen_sim.levels import Level, house_tileset
from procgen_sim.levels.art import ARTS
from procgen_sim.levels.corpus import SHIPPED
from procgen_sim.rng import stream

__all__ = ["Director"]

Vector = npt.NDArray[np.float64]

_VECTOR, _BUILD, _PROPOSAL, _SURPRISE, _SCHEDULE = range(5)
"""The purposes of the streams of level ``number``: ``(number, purpose, …)``."""

_ATTEMPTS: Final = 4
"""Times that the builder, which makes several attempts itself, is asked for a playable level."""

_P_SURPRISE: Final = 0.5
"""Chance that a surprise leaves the model: at one half, nobody can do better than guess."""


@dataclass(frozen=True, kw_only=True)
class _Wish:
    """What is asked of the builder, by which proposal, and whether another had nothing left."""

    vector: Vector
    proposal: str = ""
    used_up: bool = False


class Director:
    """Directs the levels of one play.

    Parameters
    ----------
    prepared
        Corpus, fitted model, region and builder, and the levels for ``authored``.
    arm
        How the schedule leaves the model.
    seed
        Of the sequence of levels.

    Raises
    ------
    InputError
        If the arm's way of leaving the model cannot be had.

    Attributes
    ----------
    outside
        What there is beyond the model, before this play's audience.
    """

    def __init__(self, prepared: Prepared, arm: Arm, *, seed: int) -> None:
        self.prepared, self.arm, self.seed = prepared, arm, seed
        self._watch = Company(prepared.setting, range(1)).watch()
        self._audience = self._watch.audiences[0]
        self.outside: Outside = prepared.setting.outside.before(self._audience)
        check_way(arm.proposal, self.outside.library, where="--injection")
        self.space = self.outside.model.space
        self.builder = prepared.setting.generator.builder
        self._units = self.space.to_unit(prepared.data)
        self._arts = _arts(prepared.bodies)

    @property
    def ways(self) -> tuple[str, ...]:
        """The proposals that lead somewhere now."""
        return open_ways(self.outside)

    def look_around(self) -> None:
        """Ask every way once. The answers do not matter; some take their time the first time."""
        for way in self.ways:
            self.vector(1, Choice(who="break", proposal=way))

    def remember(self, measured: npt.ArrayLike) -> None:
        """A level ``(d,)`` of an earlier session: it is known, but nothing of it counts against
        this session's budget or its library."""
        self.show(measured, broke=False)

    def show(self, measured: npt.ArrayLike, *, broke: bool) -> None:
        """A level ``(d,)``, natural units, was shown. To be called once for each, in order."""
        self._watch.show(np.atleast_2d(np.asarray(measured, np.float64)), [broke])

    def rate(self, rating: int) -> None:
        """What the person said of the level shown last, 1 to 5; the last word counts."""
        self._audience.rate(rating)

    def direct(self, number: int, choice: Choice = SCHEDULED) -> Directed:
        """Level ``number``, from 1, as chosen; nothing is shown.

        Raises
        ------
        InputError
            If the number or a chosen vector cannot be.
        """
        check_int("level number", number, low=1)
        wish = self._wish(number, choice)
        built = self.build(wish.vector, number, choice)
        place, art = self.judge(built.measured)
        own = choice.who == "vector"
        return Directed(
            number=number,
            choice=choice,
            built=replace(built, level=replace(built.level, name=f"level {number}")),
            broke=place.off_model if own else bool(wish.proposal),
            proposal=wish.proposal,
            used_up=wish.used_up,
            place=place,
            art=art,
        )

    def vector(self, number: int, choice: Choice) -> Vector:
        """``(d,)`` the design vector that a choice asks for, natural units."""
        return self._wish(number, choice).vector

    def build(self, vector: npt.ArrayLike, number: int, choice: Choice) -> Built:
        """The level that a vector becomes: what ``direct`` would deliver, for previews.

        A wish that was seen in a preview and is then played as a vector of one's own is the same
        level: how it is built depends on the number, the draw and the vector alone. A level of the
        library is not built; it is what it is, until somebody asks for its vector themselves.
        """
        asked = np.array(vector, np.float64)
        if choice.who != "vector":
            made = self.outside.library.find(asked, self._audience.authored)
            if made is not None:
                return self._as_it_is(made)
        built = None
        for attempt in range(_ATTEMPTS):
            rng = self._stream(number, choice, _BUILD, attempt)
            built = self.builder.build(asked, rng=rng)
            if built.playable:
                break
        assert built is not None
        return built

    def _as_it_is(self, made: int) -> Built:
        """A level of the library, by its place in it."""
        library = self.outside.library
        vector = library.vectors[made]
        return Built(
            level=Level(library.grids[made], house_tileset()),
            vector_requested=vector,
            vector_repaired=vector,
            measured=vector,
            repair_distance=0.0,
            playable=True,
            proven=library.proven[made],
            attempts=1,
        )

    def _stream(self, number: int, choice: Choice, *address: int) -> np.random.Generator:
        """What the director decides unseen has streams of its own: no preview gives it away."""
        unseen = int(choice.who in ("schedule", "surprise"))
        return stream(self.seed, "play", number, *address, choice.draw, unseen)

    def judge(self, measured: npt.ArrayLike) -> tuple[Place, str]:
        """Where a level ``(d,)`` lies against the model, and the art that suits it."""
        return self.place(measured), self.art(measured)

    def place(self, vector: npt.ArrayLike) -> Place:
        """Where a vector ``(d,)`` in natural units lies against the model."""
        region = self.outside.region
        log_density = self.outside.model.log_density(np.atleast_2d(vector))
        return Place(
            log_density=float(log_density[0]),
            quantile=float(region.quantile(log_density)[0]),
            off_model=bool(region.is_off(log_density)[0]),
        )

    def art(self, vector: npt.ArrayLike) -> str:
        """The art of the body whose level is nearest to a vector, in natural ranges."""
        away = ((self._units - self.space.to_unit(vector)) ** 2).sum(axis=1)
        return self._arts[self.prepared.bodies[int(away.argmin())]]

    def _wish(self, number: int, choice: Choice) -> _Wish:
        if choice.vector is not None:
            return _Wish(vector=np.array(choice.vector, np.float64))
        proposal = self._proposal(number, choice)
        if proposal:
            rng = self._stream(number, choice, _PROPOSAL, PROPOSAL_ADDRESS[proposal])
            vector = propose(proposal, self.outside, rng=rng)
            if vector is not None:
                return _Wish(vector=vector, proposal=proposal)
        return _Wish(vector=self._followed(number, choice), used_up=bool(proposal))

    def _followed(self, number: int, choice: Choice) -> Vector:
        rng = self._stream(number, choice, _VECTOR)
        return np.asarray(self.outside.model.sample(1, rng=rng)[0])

    def _proposal(self, number: int, choice: Choice) -> str:
        """Where a choice goes when it leaves the model; empty when it follows."""
        if choice.who == "break":
            return choice.proposal
        if choice.who == "surprise":
            rng, ways = stream(self.seed, "play", number, _SURPRISE), self.ways
            breaks, which = rng.random() < _P_SURPRISE, int(rng.integers(len(ways)))
            return ways[which] if breaks else ""
        if choice.who == "schedule" and self._schedule(number):
            return self.arm.proposal or ""
        return ""

    def _schedule(self, number: int) -> bool:
        """Whether the schedule breaks at a level.

        It begins anew each time and is asked of all levels up to this one, so that its answer
        follows from its stream and what the audience was shown, not from what was asked before.
        """
        if self.arm.proposal is None:
            return False
        # What would come if the model is followed; the schedule may want to know how well that
        # can be foreseen.
        vector = self._followed(number, SCHEDULED)
        self._watch.look_ahead(self.build(vector, number, SCHEDULED).measured[np.newaxis])
        rng = stream(self.seed, "play", 0, _SCHEDULE)
        breaks = self.arm.schedule.start(self._audience, rng=rng)
        return [breaks(level) for level in range(number)][-1]


def _arts(bodies: tuple[str, ...]) -> dict[str, str]:
    """Body to art: its own if it has one, else the shipped ones in turn."""
    names = list(dict.fromkeys(bodies))
    return {
        name: name if name in ARTS else SHIPPED[i % len(SHIPPED)] for i, name in enumerate(names)
    }
