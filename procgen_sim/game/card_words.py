"""What is said about a level once it is over: one sentence that claims no more than is known."""

from __future__ import annotations

import sys
from typing import Final

from procgen_sim.game.choice import Who
from procgen_sim.injection import AUTHORED, PROPOSALS

__all__ = ["card_words", "percent", "proposal_words", "where_words"]

PROPOSAL_WORDS: Final[dict[str, str]] = {
    "noise": "every parameter drawn at random",
    "outlier": "familiar parts in an unfamiliar combination",
    "between": "half-way between two kinds of levels",
    "extrapolate": "further than any level it was fitted to",
    "trope_break": "what was most to be expected, turned round",
    "novelty": "as unlike every level shown so far as could be found",
    AUTHORED: "a level that a person made or kept",
    "quality_diversity": "found by a search through all that could be built instead",
}
"""Proposal to what it does, for people."""


def proposal_words(name: str) -> str:
    """What a proposal does, for people; of one that has no words here, what its module says."""
    if name in PROPOSAL_WORDS:
        return PROPOSAL_WORDS[name]
    told = sys.modules[PROPOSALS[name].__module__].__doc__ or name
    return told.partition("\n")[0].partition(": ")[2].rstrip(".") or name


def percent(share: float) -> str:
    """A share from 0 to 1 as people read it.

    >>> percent(0.618), percent(0.0)
    ('62 %', '0 %')
    """
    return f"{100 * share:.0f} %"


def card_words(
    *,
    foreseen: float,
    boredom: float,
    threshold: float,
    who: Who,
    broke: bool,
    off_model: bool,
    proposal: str,
    used_up: bool = False,
) -> str:
    """The sentence on the card.

    Parameters
    ----------
    foreseen
        Share of the level that the simulated player saw coming; nothing if not above 0.
    boredom, threshold
        How bored it is after the level, and where it would leave, 0 to 1.
    who
        Who decided on the level.
    broke, off_model, proposal
        Whether the model was to be left, whether it was, and by which proposal; empty for none.
    used_up
        Whether it was followed because there was no authored level left.

    Examples
    --------
    >>> card_words(
    ...     foreseen=0.6, boredom=0.2, threshold=0.33, who="schedule", broke=True,
    ...     off_model=True, proposal="between",
    ... )
    'The simulated player saw 60 % of this level coming and is 20 % bored; the director left the \
model on purpose: half-way between two kinds of levels.'
    """
    share = percent(foreseen) if round(100 * foreseen) > 0 else "nothing"
    saw = f"The simulated player saw {share} of this level coming and"
    if boredom > threshold:
        saw += f", being {percent(boredom)} bored, would stop here"
    else:
        saw += f" is {percent(boredom)} bored"
    return f"{saw}; {_where(who, broke, off_model, proposal, used_up)}."


def where_words(
    *, broke: bool, off_model: bool, proposal: str, used_up: bool, quantile: float
) -> str:
    """The note beside ``ON THE MODEL`` or ``OFF THE MODEL`` on the card.

    >>> where_words(broke=True, off_model=True, proposal="noise", used_up=False, quantile=0.0)
    'on purpose, by noise'
    """
    if broke and proposal == AUTHORED:
        return "made or kept by a person"
    if broke and proposal:
        return f"on purpose, by {proposal}" if off_model else f"in spite of {proposal}"
    if used_up:
        return "the authored levels are used up"
    if off_model:
        return "fewer than 1 in 1,000 of its levels are less typical"
    return f"{percent(quantile)} of its levels are less typical"


def _where(who: Who, broke: bool, off_model: bool, proposal: str, used_up: bool) -> str:
    """Whether the level was on the model, and by whose doing."""
    if who == "vector":
        return f"you set its parameters, {'off' if off_model else 'on'} the model"
    leader = "you" if who in ("follow", "break") else "the director"
    if broke and off_model:
        return f"{leader} left the model on purpose: {proposal_words(proposal)}"
    if broke and proposal == AUTHORED:
        return f"{leader} chose {proposal_words(proposal)}, and it lies on the model"
    if broke:
        return f"{leader} tried to leave the model ({proposal}), but what was built is still on it"
    why = "as there is no authored level left, " if used_up else ""
    if off_model:
        return f"{why}it was drawn from the model but came out off it, as one in a thousand does"
    return f"{why}{leader} followed the model"
