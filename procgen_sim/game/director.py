"""The director: which level comes next, on the model or off it, by schedule or as a person says.

Every choice is *follow* or *break*. Following draws a design vector from the fitted model; breaking
asks a proposal for one outside it. A person may leave that to a schedule, say which, take the
vector into their own hands, or ask to be surprised. Whoever chooses, a level follows from the seed,
its number and the choice alone, never from when it was asked for. No pygame here.
"""

from __future__ import annotations

from dataclasses import dataclass, replace
from typing import Final, Literal

import numpy as np
import numpy.typing as npt

from procgen_sim._checks import InputError, check_choice, check_int
from procgen_sim.experiments.preparation import Prepared
from procgen_sim.generators.builder import Built
from procgen_sim.injection import PROPOSALS, Arm, Audience, Outside, propose
from procgen_sim.injection.proposals import PROPOSAL_ADDRESS
from procgen_sim.levels.art import ARTS
from procgen_sim.levels.corpus import SHIPPED
from procgen_sim.rng import stream

__all__ = ["SCHEDULED", "Choice", "Directed", "Director", "Place", "Who"]

Vector = npt.NDArray[np.float64]

Who = Literal["schedule", "follow", "break", "surprise", "vector"]
"""Who or what decided: the schedule; a person who said to follow or to break; the director, asked
for a surprise; a person who set every parameter."""

_VECTOR, _BUILD, _PROPOSAL, _SURPRISE, _SCHEDULE = range(5)
"""The purposes of the streams of level ``number``: ``(number, purpose, …)``."""

_ATTEMPTS: Final = 4
"""Times that the builder, which makes several attempts itself, is asked for a playable level."""

_P_SURPRISE: Final = 0.5
"""Chance that a surprise leaves the model: at one half, nobody can do better than guess."""


@dataclass(frozen=True, kw_only=True)
class Choice:
    """What is wanted of a level.

    Attributes
    ----------
    who
        Who decides.
    proposal
        Where to go, for "break"; else empty.
    vector
        ``(d,)`` design parameters in natural units, for "vector"; else None.
    draw
        Which of the vectors, and which of the levels of one vector: 0, and from 1 others of the
        kind.
    """

    who: Who = "schedule"
    proposal: str = ""
    vector: tuple[float, ...] | None = None
    draw: int = 0

    def __post_init__(self) -> None:
        check_int("choice, draw", self.draw, low=0)
        if self.who == "break":
            check_choice("choice, proposal", self.proposal, PROPOSALS)
        if (self.who == "vector") != (self.vector is not None):
            raise InputError(
                "choice, vector",
                expected="parameters for 'vector' and none for other choices",
                found=f"{'none' if self.vector is None else 'some'} for {self.who!r}",
            )


SCHEDULED: Final = Choice()
"""Leave it to the schedule."""


@dataclass(frozen=True, kw_only=True)
class Place:
    """Where a vector lies against the model.

    Attributes
    ----------
    log_density
        Under the model, in nats.
    quantile
        Share of the model's own levels that are less typical, 0 to 1.
    off_model
        Whether it lies outside the region that holds 99.9 % of the model's own levels.
    """

    log_density: float
    quantile: float
    off_model: bool

    @property
    def words(self) -> str:
        """A sentence without its end: ``on the model: 43 % of its levels are less typical``."""
        if self.off_model:
            return "off the model: fewer than 1 in 1,000 of its levels are less typical"
        percent = 100 * self.quantile
        share = f"{percent:.0f} %" if percent >= 1 else f"{percent:.1f} %"
        return f"on the model: {share} of its levels are less typical"


@dataclass(frozen=True, kw_only=True, eq=False)
class Directed:
    """A level that was decided on and built.

    Attributes
    ----------
    number
        Of the level, from 1.
    choice
        What was wanted.
    built
        The level and what became of the wish; its ``vector_requested`` is what was asked of the
        builder.
    broke
        Whether it was meant to leave the model; of a person's own vector, whether it does.
    proposal
        Where to go, as decided; empty when following, and for a person's own vector.
    place
        Where what was built lies against the model.
    art
        The art that suits it.
    """

    number: int
    choice: Choice
    built: Built
    broke: bool
    proposal: str
    place: Place
    art: str


class Director:
    """Directs the levels of one play.

    Parameters
    ----------
    prepared
        Corpus, fitted model, region and builder.
    arm
        How the schedule leaves the model.
    seed
        Of the sequence of levels.
    """

    def __init__(self, prepared: Prepared, arm: Arm, *, seed: int) -> None:
        self.prepared, self.arm, self.seed = prepared, arm, seed
        outside = prepared.setting.outside
        self.outside: Outside = outside
        self.space = outside.model.space
        self.builder = prepared.setting.generator.builder
        self._breaks = arm.schedule.start(Audience(), rng=stream(seed, "play", 0, _SCHEDULE))
        self._scheduled: list[bool] = []
        self._units = self.space.to_unit(prepared.data)
        self._arts = _arts(prepared.bodies)

    def direct(self, number: int, choice: Choice = SCHEDULED) -> Directed:
        """Level ``number``, from 1, as chosen.

        Raises
        ------
        InputError
            If the number or a chosen vector cannot be.
        """
        check_int("level number", number, low=1)
        proposal = self._proposal(number, choice)
        built = self.build(self.vector(number, choice), number, choice)
        place, art = self.judge(built.measured)
        own = choice.who == "vector"
        return Directed(
            number=number,
            choice=choice,
            built=replace(built, level=replace(built.level, name=f"level {number}")),
            broke=place.off_model if own else bool(proposal),
            proposal=proposal,
            place=place,
            art=art,
        )

    def vector(self, number: int, choice: Choice) -> Vector:
        """``(d,)`` the design vector that a choice asks for, natural units."""
        if choice.vector is not None:
            return np.array(choice.vector, np.float64)
        if proposal := self._proposal(number, choice):
            variant = PROPOSAL_ADDRESS[proposal]
            rng = self._stream(number, choice, _PROPOSAL, variant)
            vector = propose(proposal, self.outside, rng=rng)
            assert vector is not None
            return vector
        rng = self._stream(number, choice, _VECTOR)
        return np.asarray(self.outside.model.sample(1, rng=rng)[0])

    def build(self, vector: npt.ArrayLike, number: int, choice: Choice) -> Built:
        """The level that a vector becomes: what ``direct`` would deliver, for previews.

        A wish that was seen in a preview and is then played as a vector of one's own is the same
        level: how it is built depends on the number, the draw and the vector alone.
        """
        asked = np.array(vector, np.float64)
        built = None
        for attempt in range(_ATTEMPTS):
            rng = self._stream(number, choice, _BUILD, attempt)
            built = self.builder.build(asked, rng=rng)
            if built.playable:
                break
        assert built is not None
        return built

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

    def _proposal(self, number: int, choice: Choice) -> str:
        """Where a choice goes when it leaves the model; empty when it follows."""
        if choice.who == "break":
            return choice.proposal
        if choice.who == "surprise":
            rng = stream(self.seed, "play", number, _SURPRISE)
            breaks, which = rng.random() < _P_SURPRISE, int(rng.integers(len(PROPOSALS)))
            return list(PROPOSALS)[which] if breaks else ""
        if choice.who == "schedule" and self._schedule(number):
            return self.arm.proposal or ""
        return ""

    def _schedule(self, number: int) -> bool:
        """Whether the schedule breaks at a level. Its answers are kept, as it is asked in order;
        what a person chose for other levels does not shift it."""
        while len(self._scheduled) < number:
            self._scheduled.append(self._breaks(len(self._scheduled)))
        return self._scheduled[number - 1]


def _arts(bodies: tuple[str, ...]) -> dict[str, str]:
    """Body to art: its own if it has one, else the shipped ones in turn."""
    names = list(dict.fromkeys(bodies))
    return {
        name: name if name in ARTS else SHIPPED[i % len(SHIPPED)] for i, name in enumerate(names)
    }
