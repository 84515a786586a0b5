"""One-sentence remarks beside the conclusions: what was learned, of the model and of the breaks."""

from __future__ import annotations

from typing import Final

from procgen_sim.experiments.summary import Summary
from procgen_sim.experiments.wording import (
    decimal,
    known,
    listed,
    percent,
    quoted,
    range_of,
    sentence,
    value,
)

__all__ = ["describe_breaks", "describe_habit", "describe_learning"]

_MOSTLY: Final = 0.9
"""Share of an arm's breaks that should be off-model; below it the reader is told."""


def describe_habit(summary: Summary) -> str:
    """One sentence on whether leaving became a habit that players learned like any other.

    It did where late breaks cost players less than they would have, had every level before
    followed the model.
    """
    cheaper, dearer, same = [], [], []
    for arm in summary.arms[1:]:
        saved = arm.learned.saved if arm.learned else None
        if saved is None or not (known(saved.low) and known(saved.high)):
            continue
        by = decimal(abs(value(saved.estimate)), 1)
        told = f"{quoted(arm.name)} by {by} bits ({range_of(saved, magnitude=True)})"
        if value(saved.low) > 0:
            cheaper.append(told)
        elif value(saved.high) < 0:
            dearer.append(told)
        else:
            same.append(f"{quoted(arm.name)} ({range_of(saved)})")
    clauses = []
    if cheaper:
        clauses.append(
            "earlier breaks made later ones cheaper, so the leaving itself was learned: "
            f"{listed(cheaper)}"
        )
    if dearer:
        clauses.append(f"earlier breaks made later ones dearer: {listed(dearer)}")
    if same:
        clauses.append(f"no such habit can be told for {listed(same)}")
    if not clauses:
        return "There were too few breaks to say whether leaving became a habit."
    return sentence("; ".join(clauses))


def describe_breaks(summary: Summary) -> str | None:
    """One sentence on arms most of whose breaks were not off the model; None if there are none.

    A model may fill the very place a proposal goes to: under a line, the space between clusters.
    """
    told = [
        f"{percent(arm.broke_off_model_share)} of those of {quoted(arm.name)}"
        for arm in summary.arms[1:]
        if arm.broke_off_model_share is not None and arm.broke_off_model_share < _MOSTLY
    ]
    if not told:
        return None
    return f"Some breaks did not leave the model: off it were {listed(told)}."


def describe_learning(summary: Summary) -> str:
    """One sentence on how much there is to learn about the generator."""
    naive, veteran = summary.naive_bits, summary.veteran_bits
    if naive - veteran < 0.5:
        return (
            f"An on-model level costs a newcomer {naive:.0f} bits and somebody who knows the "
            f"generator {veteran:.0f}: there is next to nothing to learn."
        )
    return (
        f"An on-model level costs a newcomer {naive:.0f} bits and somebody who knows the generator "
        f"{veteran:.0f}: {1 - veteran / naive:.0%} of it can be foreseen.".replace("%", " %")
    )
