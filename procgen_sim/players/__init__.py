"""Players: what they learn, how interesting that is, when they have enough, and who they are.

What they learn
    :class:`ThemeObserver`, :class:`PatternObserver`, :class:`Observation`, :func:`naive_bits`,
    :func:`veteran_bits`, :class:`Ends`, :func:`memory_kinds`, :func:`pattern_ends`
What a game of its own runs beside them
    :class:`Shadows`
What they attend to
    :data:`OBSERVERS`, :class:`Observers`, :func:`make_observers`, :class:`Seen`, :data:`Met`,
    :func:`taste_for`
How interesting that is
    :data:`NOTIONS`, :data:`DEFAULT_NOTION`, :func:`interest`, :class:`Evidence`, :class:`Taste`,
    :data:`Notion`, :func:`foreseen_share`, :func:`predictability`
When they have enough
    :func:`grow`, :func:`boredom_curve`, :func:`recover`, :func:`levels_until_bored`,
    :class:`Leaving`
Who they are
    :class:`Population`, :data:`TRAITS`, :class:`Spread`, :class:`NaivePrior`,
    :data:`NAIVE_PRIOR`
"""

from procgen_sim.players.assumptions import NAIVE_PRIOR, TRAITS, NaivePrior, Spread
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
from procgen_sim.players.observers import (
    OBSERVERS,
    Met,
    Observers,
    Seen,
    make_observers,
    taste_for,
)
from procgen_sim.players.pattern import PatternObserver, memory_kinds
from procgen_sim.players.population import Population
from procgen_sim.players.shadow import Shadows
from procgen_sim.players.theme import Observation, ThemeObserver
from procgen_sim.players.veteran import Ends, naive_bits, pattern_ends, veteran_bits

__all__ = [
    "DEFAULT_NOTION",
    "NAIVE_PRIOR",
    "NOTIONS",
    "OBSERVERS",
    "TRAITS",
    "Ends",
    "Evidence",
    "Leaving",
    "Met",
    "NaivePrior",
    "Notion",
    "Observation",
    "Observers",
    "PatternObserver",
    "Population",
    "Seen",
    "Shadows",
    "Spread",
    "Taste",
    "ThemeObserver",
    "boredom_curve",
    "foreseen_share",
    "grow",
    "interest",
    "levels_until_bored",
    "make_observers",
    "memory_kinds",
    "naive_bits",
    "pattern_ends",
    "predictability",
    "recover",
    "taste_for",
    "veteran_bits",
]
