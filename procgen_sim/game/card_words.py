"""What is said about a level once it is over: one sentence that claims no more than is known."""

from __future__ import annotations

from typing import Final

from procgen_sim.game.director import Who

__all__ = ["PROPOSAL_WORDS", "card_words", "percent"]

PROPOSAL_WORDS: Final[dict[str, str]] = {
    "noise": "every parameter drawn at random",
    "outlier": "familiar parts in an unfamiliar combination",
    "between": "half-way between two kinds of levels",
    "extrapolate": "further than any level it was fitted to",
}
"""Proposal to what it does, for people."""


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
    return f"{saw}; {_where(who, broke, off_model, proposal)}."


def _where(who: Who, broke: bool, off_model: bool, proposal: str) -> str:
    """Whether the level was on the model, and by whose doing."""
    if who == "vector":
        return f"you set its parameters, {'off' if off_model else 'on'} the model"
    leader = "you" if who in ("follow", "break") else "the director"
    if broke and off_model:
        return f"{leader} left the model on purpose: {PROPOSAL_WORDS[proposal]}"
    if broke:
        return f"{leader} tried to leave the model ({proposal}), but what was built is still on it"
    if off_model:
        return "it was drawn from the model but came out off it, as one in a thousand does"
    return f"{leader} followed the model"
