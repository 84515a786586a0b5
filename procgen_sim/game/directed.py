"""What the director decided: a level, built, and where it lies. No pygame here."""

from __future__ import annotations

from dataclasses import dataclass

from procgen_sim.game.choice import Choice
from procgen_sim.generators.builder import Built

__all__ = ["Directed", "Place"]


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
    used_up
        Whether the model was followed because a proposal had nowhere left to go.
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
    used_up: bool
    place: Place
    art: str
