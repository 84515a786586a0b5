"""What is told of a level: the plan before it is played, and the card once it is over.

No pygame here.
"""

from __future__ import annotations

from collections.abc import Sequence

from procgen_sim.game.card_words import card_words
from procgen_sim.game.companion import Companion, Meeting
from procgen_sim.game.directed import Directed
from procgen_sim.game.plan import Card, Outcome, Plan

__all__ = ["announce", "tell"]


def announce(directed: Directed, companion: Companion) -> Plan:
    """The plan of a level that was decided on, before anybody meets it."""
    level = directed.built.level
    return Plan(
        number=directed.number,
        level=level,
        vector=directed.built.measured,
        off_model=directed.place.off_model,
        broke=directed.broke,
        proposal=directed.proposal,
        used_up=directed.used_up,
        quantile=directed.place.quantile,
        who=directed.choice.who,
        forecast_columns=companion.foresee(level),
        boredom=companion.boredom,
        art=directed.art,
    )


def tell(
    plan: Plan, outcome: Outcome, met: Meeting, *, threshold: float, earlier: Sequence[Card]
) -> Card:
    """The card of a level that is over.

    Parameters
    ----------
    plan, outcome
        What was played, and how it ended.
    met
        What meeting it did to the companion.
    threshold
        The boredom at which the companion would stop.
    earlier
        The cards before this one.
    """
    foreseen = min(max(met.foreseen, 0.0), 1.0)
    return Card(
        number=plan.number,
        outcome=outcome,
        foreseen=foreseen,
        predictability=met.predictability,
        boredom=met.boredom,
        threshold=threshold,
        boredom_curve=(*(card.boredom for card in earlier), met.boredom),
        foreseen_curve=(*(card.foreseen for card in earlier), foreseen),
        off_curve=(*(card.off_model for card in earlier), plan.off_model),
        off_model=plan.off_model,
        broke=plan.broke,
        proposal=plan.proposal,
        used_up=plan.used_up,
        quantile=plan.quantile,
        who=plan.who,
        words=card_words(
            foreseen=met.foreseen,
            boredom=met.boredom,
            threshold=threshold,
            who=plan.who,
            broke=plan.broke,
            off_model=plan.off_model,
            proposal=plan.proposal,
            used_up=plan.used_up,
        ),
    )
