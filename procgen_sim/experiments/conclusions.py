"""From a run's numbers to plain sentences that follow from them, and none that do not.

A difference is claimed only where it is told apart from chance allowing for all comparisons of the
run; that none could be told is never said as if there were none. What is said, notion by notion:
first what staying on the model did, then what each way of leaving it changed. At the end, which of
these effects hold whatever notion of interest one prefers.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Final, Literal

from procgen_sim.experiments.summary import ArmSummary, Summary
from procgen_sim.experiments.wording import (
    count,
    decimal,
    known,
    levels,
    listed,
    percent,
    quoted,
    range_of,
    sentence,
    value,
)

__all__ = [
    "Conclusion",
    "Verdict",
    "conclude",
    "describe_breaks",
    "describe_habit",
    "describe_learning",
    "verdict",
]

Verdict = Literal["longer", "sooner", "same", "unknown", "never left"]
"""What leaving the model did to how long players stayed; ``same`` is "none that can be told"."""


_MOSTLY: Final = 0.9
"""Share of an arm's breaks that should be off-model; below it the reader is told."""


@dataclass(frozen=True, kw_only=True)
class Conclusion:
    """What one notion of interest says, or all of them together.

    Attributes
    ----------
    notion
        Which one; None for what is said over all.
    sentences
        Two for a notion, one over all.
    """

    notion: str | None
    sentences: tuple[str, ...]

    @property
    def text(self) -> str:
        """The sentences as one line."""
        return " ".join(self.sentences)


def conclude(summary: Summary) -> list[Conclusion]:
    """One conclusion for each notion in their order, then one over all.

    Parameters
    ----------
    summary
        A run in numbers; its first arm is the one that stays on the model.
    """
    staying, *leaving = summary.arms
    conclusions = [
        Conclusion(
            notion=notion,
            sentences=(_staying(summary, notion), _leaving(summary, leaving, notion)),
        )
        for notion in staying.notions
    ]
    overall = Conclusion(notion=None, sentences=(_overall(leaving, list(staying.notions)),))
    return [*conclusions, overall]


def verdict(arm: ArmSummary, notion: str) -> Verdict:
    """What an arm's interval allows to be said under one notion."""
    if arm.broke_share == 0:
        return "never left"
    found = arm.notions[notion]
    if not found.tellable:
        return "unknown"
    if not found.stands:
        return "same"
    return "longer" if value(found.difference.estimate) > 0 else "sooner"


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


def _staying(summary: Summary, notion: str) -> str:
    arm = summary.arms[0]
    median = arm.notions[notion].bored.median
    horizon = summary.n_levels
    one = summary.n_players == 1
    if not known(median.estimate):
        who = "the one player was" if one else "more than half of the players were"
        said = f"Staying on the model, {who} still there after {levels(horizon)}"
        if known(median.low) and not one:
            said += f" (95 % interval for half of them: {count(median.low)} to more than "
            said += f"{count(horizon)})"
    else:
        who = "the one player was bored" if one else "half of the players were bored"
        said = f"Staying on the model, {who} after {levels(median.estimate)}"
        if not one and known(median.low):
            beyond = f"more than {count(horizon)}"
            high = count(median.high) if known(median.high) else beyond
            said += f" (95 % interval {count(median.low)} to {high})"
    return f"{said}, {_predictable(arm)}."


def _predictable(arm: ArmSummary) -> str:
    start, end = arm.predictability_start, arm.predictability_end
    if start is None or end is None or not (known(start) and known(end)):
        return "and there was nothing to learn that could be foreseen"
    first, last = decimal(start), decimal(end)
    if first == last:
        return f"and predictability stayed at {last} to the end"
    verb = "climbed" if end > start else "fell"
    return f"and predictability {verb} from {first} at the first level to {last} at the end"


def _leaving(summary: Summary, arms: Sequence[ArmSummary], notion: str) -> str:
    if not arms:
        return "No way of leaving the model was tried, so nothing is said about leaving it."
    groups: dict[Verdict, list[ArmSummary]] = {}
    for arm in arms:
        groups.setdefault(verdict(arm, notion), []).append(arm)
    by_size = {
        what: sorted(group, key=lambda a: -abs(value(a.notions[notion].difference.estimate)))
        for what, group in groups.items()
    }
    clauses: list[str] = []
    for what, verb, adverb in (("longer", "kept", "longer"), ("sooner", "lost", "sooner")):
        group = by_size.get(what, [])  # type: ignore[call-overload]
        if group:
            clauses.append(_by_how_much(group, notion, verb, adverb, first=not clauses))
    same = groups.get("same", [])
    if same:
        each = [f"{quoted(a.name)} ({range_of(a.notions[notion].difference)})" for a in same]
        n_compared = len(arms) * len(summary.arms[0].notions)
        among = f" in {n_compared} comparisons" if n_compared > 1 else ""
        clauses.append(f"{listed(each)} made no difference that can be told from chance{among}")
    unknown = groups.get("unknown", [])
    if unknown:
        names = listed([quoted(arm.name) for arm in unknown])
        clauses.append(f"too few players left to say what {names} changed")
    never = groups.get("never left", [])
    if never:
        clauses.append(f"{listed([quoted(arm.name) for arm in never])} never left the model")
    within = f"Within {levels(summary.n_levels)}, " if len(groups.keys() - {"never left"}) else ""
    return sentence(within + "; ".join(clauses))


def _by_how_much(
    group: Sequence[ArmSummary], notion: str, verb: str, adverb: str, *, first: bool
) -> str:
    """``“a” kept players 9.2 levels longer (95 % interval 7.0 to 11.5), “b” 5.1 (3.3 to 7.0)``."""
    whom = "players" if first else "them"
    said = []
    for index, arm in enumerate(group):
        difference = arm.notions[notion].difference
        by = decimal(abs(value(difference.estimate)), 1)
        between = range_of(difference, magnitude=True)
        if index == 0:
            interval = f"(95 % interval {between})" if first else f"({between})"
            said.append(f"{quoted(arm.name)} {verb} {whom} {by} levels {adverb} {interval}")
        else:
            said.append(f"{quoted(arm.name)} {by} ({between})")
    return listed(said)


def _overall(arms: Sequence[ArmSummary], notions: Sequence[str]) -> str:
    if not arms:
        return "With only one arm there is nothing to compare."
    told: dict[str, list[str]] = {}
    verdicts = [{notion: verdict(arm, notion) for notion in notions} for arm in arms]
    for arm, each in zip(arms, verdicts, strict=True):
        told.setdefault(_across(each), []).append(quoted(arm.name))
    everywhere = _all(notions)
    order = sorted(told, key=lambda said: everywhere not in said)  # stable: else in arms' order
    clauses = [
        f"{listed(told[said])} {said.format(s='s' if len(told[said]) == 1 else '')}"
        for said in order
    ]
    claims = [kind for each in verdicts for kind in each.values() if kind in ("longer", "sooner")]
    start = ""
    if claims and everywhere not in order[0]:
        start = f"No effect was found under {everywhere}: "
    return sentence(start + "; ".join(clauses))


def _across(verdicts: dict[str, Verdict]) -> str:
    """What an arm does over all notions; ``{s}`` stands where one arm's verb has an s."""
    notions = list(verdicts)
    longer = [notion for notion in notions if verdicts[notion] == "longer"]
    sooner = [notion for notion in notions if verdicts[notion] == "sooner"]
    kinds = set(verdicts.values())
    if longer and sooner:
        return (
            f"keep{{s}} players longer under {listed(longer)} "
            f"but lose{{s}} them sooner under {listed(sooner)}"
        )
    if longer:
        return f"keep{{s}} players longer under {_which(longer, notions)}"
    if sooner:
        return f"lose{{s}} players sooner under {_which(sooner, notions)}"
    if kinds == {"never left"}:
        return "never left the model"
    if kinds == {"unknown"}:
        return "need{s} more players or more levels before anything can be said"
    return "make{s} no difference that can be told from chance under any notion"


def _which(held: Sequence[str], notions: Sequence[str]) -> str:
    if len(held) == len(notions):
        return _all(notions)
    others = [notion for notion in notions if notion not in held]
    where = "the others" if len(others) > 1 else others[0]
    return f"{listed(held)} (under {where} none can be told)"


def _all(notions: Sequence[str]) -> str:
    numbers = {1: "the one notion", 2: "both notions", 3: "all three notions"}
    return f"{numbers.get(len(notions), f'all {len(notions)} notions')} of interest"
