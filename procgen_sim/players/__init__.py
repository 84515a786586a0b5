"""Players: what they learn, how interesting that is, when they have enough, and who they are.

What they learn
    :class:`ThemeObserver`, :class:`Observation`, :func:`naive_bits`, :func:`veteran_bits`
How interesting that is
    :data:`NOTIONS`, :data:`DEFAULT_NOTION`, :func:`interest`, :class:`Evidence`, :class:`Taste`,
    :data:`Notion`, :func:`foreseen_share`, :func:`predictability`
When they have enough
    :func:`grow`, :func:`boredom_curve`, :func:`recover`, :func:`levels_until_bored`,
    :class:`Leaving`
Who they are
    :class:`Population`, :data:`TRAITS`, :class:`Spread`, :class:`NaivePrior`
"""

from procgen_sim.players.assumptions import TRAITS, NaivePrior, Spread
from procgen_sim.players.boredom import Leaving, boredom_curve, grow, levels_until_bored, recover
from procgen_sim.players.interest import (
    DEFAULT_NOTION,
    NOTIONS,
    Evidence,
    Notion,
    Taste,
    foreseen_share,
    interest,
    predictability,
)
from procgen_sim.players.population import Population
from procgen_sim.players.theme import Observation, ThemeObserver
from procgen_sim.players.veteran import naive_bits, veteran_bits

__all__ = [
    "DEFAULT_NOTION",
    "NOTIONS",
    "TRAITS",
    "Evidence",
    "Leaving",
    "NaivePrior",
    "Notion",
    "Observation",
    "Population",
    "Spread",
    "Taste",
    "ThemeObserver",
    "boredom_curve",
    "foreseen_share",
    "grow",
    "interest",
    "levels_until_bored",
    "naive_bits",
    "predictability",
    "recover",
    "veteran_bits",
]
