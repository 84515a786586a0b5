"""What a person, or the schedule, wants of the next level. No pygame here."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Final, Literal

from procgen_sim._checks import InputError, check_choice, check_int
from procgen_sim.injection import PROPOSALS

__all__ = ["SCHEDULED", "Choice", "Who"]

Who = Literal["schedule", "follow", "break", "surprise", "vector"]
"""Who or what decided: the schedule; a person who said to follow or to break; the director, asked
for a surprise; a person who set every parameter."""


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
