"""The director's desk: what a person decides about the next level before it is played.

The sliders hold a design vector; what they ask for is built at once, measured, and placed against
the model. No pygame here.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import Final

import numpy as np
import numpy.typing as npt

from procgen_sim.game.choice import Choice
from procgen_sim.game.directed import Place
from procgen_sim.game.director import Director
from procgen_sim.generators.builder import Built
from procgen_sim.levels import PARAMETERS

__all__ = ["Desk", "Shown", "spoken"]

Vector = npt.NDArray[np.float64]

STEPS: Final = 40
"""Steps that take a slider across its natural range."""

_BEYOND: Final = 0.5
"""How far a slider goes beyond the natural range where the builder can follow, as a share of it."""

_FAR: Final = 1e6
_NOTICED: Final = 0.01
"""Share of the natural range from which it is said that the builder moved a parameter."""

_MOST_SAID: Final = 2


@dataclass(frozen=True, kw_only=True, eq=False)
class Shown:
    """A level that might be played.

    Attributes
    ----------
    built
        The level and what became of the wish.
    place
        Where it lies against the model.
    art
        The art that suits it.
    """

    built: Built
    place: Place
    art: str

    @property
    def words(self) -> str:
        """Where the level lies, as a sentence."""
        return f"{self.place.words[0].upper()}{self.place.words[1:]}."

    @property
    def repairs(self) -> str:
        """What the builder had to move, as a sentence; empty if nothing to speak of."""
        asked, repaired = self.built.vector_requested, self.built.vector_repaired
        far = [
            abs(b - a) / (p.high - p.low)
            for a, b, p in zip(asked, repaired, PARAMETERS, strict=True)
        ]
        moved = sorted((i for i, f in enumerate(far) if f > _NOTICED), key=lambda i: -far[i])
        if not moved:
            return ""
        said = [
            f"{spoken(PARAMETERS[i].name)} {asked[i]:.3g} → {repaired[i]:.3g}"
            for i in moved[:_MOST_SAID]
        ]
        more = f" and {len(moved) - _MOST_SAID} more" if len(moved) > _MOST_SAID else ""
        return f"The builder had to move {', '.join(said)}{more}."


class Desk:
    """The choices about one level.

    Parameters
    ----------
    director
        Who builds and judges.
    number
        Of the level, from 1.

    Attributes
    ----------
    low, high
        ``(d,)`` ends of the sliders, natural units: the natural ranges, wider where the builder
        can go further.
    ways
        Proposals that a break can go by: those that lead somewhere.
    choice
        What would be played now.
    """

    def __init__(self, director: Director, number: int) -> None:
        self.director, self.number = director, number
        self.space = director.space
        self.low, self.high = self._limits()
        self.ways = director.ways
        self._shown: Shown | None = None
        self._draws = dict.fromkeys(("follow", *self.ways), -1)
        self.follow()

    @property
    def values(self) -> Vector:
        """``(d,)`` where the sliders stand, natural units: what a person asks for, or what the
        builder makes of what the model or a proposal asks for."""
        if self.choice.vector is not None:
            return np.array(self.choice.vector)
        return self.built.vector_repaired.copy()

    @property
    def built(self) -> Built:
        """The level that would be played."""
        return self.shown.built

    @property
    def shown(self) -> Shown:
        """What would be played; built when first asked for, so that a slider that is being
        dragged builds no more levels than are looked at."""
        if self._shown is None:
            vector = self.director.vector(self.number, self.choice)
            built = self.director.build(vector, self.number, self.choice)
            place, art = self.director.judge(built.measured)
            self._shown = Shown(built=built, place=place, art=art)
        return self._shown

    def follow(self) -> None:
        """Put the sliders where the model would: first as it would now, then at other draws."""
        self._draws["follow"] += 1
        self._decide(Choice(who="follow", draw=self._draws["follow"]))

    def break_by(self, proposal: str) -> None:
        """Put the sliders where a proposal would leave the model; each time somewhere else."""
        self._draws[proposal] += 1
        self._decide(Choice(who="break", proposal=proposal, draw=self._draws[proposal]))

    def break_next(self) -> None:
        """Break by the next proposal in turn."""
        names, now = self.ways, self.choice.proposal
        self.break_by(names[(names.index(now) + 1) % len(names)] if now else names[0])

    def set(self, parameter: int, value: float) -> None:
        """Move a slider to a value, or to its end if that lies beyond."""
        vector = self.values
        vector[parameter] = min(max(value, self.low[parameter]), self.high[parameter])
        self._own(vector)

    def set_all(self, vector: npt.ArrayLike) -> None:
        """Move all sliders ``(d,)``, those beyond an end to that end."""
        self._own(np.clip(np.asarray(vector, np.float64), self.low, self.high))

    def _own(self, vector: Vector) -> None:
        if not np.array_equal(vector, self.values):
            numbers = tuple(map(float, vector))
            self._decide(Choice(who="vector", vector=numbers, draw=self.choice.draw))

    def step(self, parameter: int, n: int) -> None:
        """Move a slider by ``n`` steps, onto the grid of steps."""
        step = self.space.width[parameter] / STEPS
        low = self.space.low[parameter]
        place = (self.values[parameter] - low) / step
        whole = np.floor(place + 1e-9) + n if n > 0 else np.ceil(place - 1e-9) + n
        self.set(parameter, float(low + whole * step))

    def another(self) -> None:
        """Another level of the same vector."""
        numbers = tuple(map(float, self.values))
        self._decide(Choice(who="vector", vector=numbers, draw=self.choice.draw + 1))

    def share(self, parameter: int) -> float:
        """Where a slider's knob stands, 0 to 1."""
        low, high = self.low[parameter], self.high[parameter]
        return float(np.clip((self.values[parameter] - low) / (high - low), 0.0, 1.0))

    def title(self) -> str:
        """What was chosen, in a few words."""
        if self.choice.who == "break":
            return f"break by {self.choice.proposal}"
        return {"follow": "follow", "vector": "your own"}[self.choice.who]

    def _decide(self, choice: Choice) -> None:
        self.choice = choice
        self._shown = None

    def _limits(self) -> tuple[Vector, Vector]:
        """Natural ranges, widened by as much as the builder follows from an ordinary level."""
        ordinary = self.director.prepared.data.mean(axis=0)
        low, high = self.space.low.copy(), self.space.high.copy()
        for i, width in enumerate(self.space.width):
            for end, sign in ((low, -1.0), (high, 1.0)):
                asked = ordinary.copy()
                asked[i] = sign * _FAR
                furthest = float(self.director.builder.repair(asked)[0][i])
                beyond = min(max(sign * (furthest - end[i]), 0.0), _BEYOND * width)
                end[i] += sign * beyond
        return low, high


def spoken(name: str) -> str:
    """A parameter's name as people write it.

    >>> spoken(PARAMETERS[0].name)
    'gap rate'
    """
    return name.replace("_", " ")
