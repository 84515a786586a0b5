"""From a run's numbers to plain sentences that follow from them, and none that do not.

A difference is claimed only where it is told apart from chance allowing for all comparisons of the
run; that none could be told is never said as if there were none. What is said, notion by notion:
first what staying on the model did, then what each way of leaving it changed. At the end, which of
these effects hold whatever notion of interest one prefers.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Literal

from procgen_sim.experiments.summary import ArmSummary, Summary
from procgen_sim.experiments.wording import (
    count,
    decimal,
    known,
    levels,
    listed,
    quoted,
    range_of,
    sentence,
    value,
)

__all__ = [
    "Conclusion",
    "Verdict",
    "conclude",
    "verdict",
]

Verdict = Literal["longer", "sooner", "same", "unknown", "never left"]
"""What leaving the model did to how long players stayed; ``same`` is "none that can be told"."""


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
    plain = [arm for arm in same if not _leaves_out_0(arm, notion)]
    if plain:
        clauses.append(
            f"{_with_ranges(plain, notion)} made no difference that can be told from chance"
        )
    if len(plain) < len(same):
        rest = [arm for arm in same if arm not in plain]
        n_compared = len(arms) * len(summary.arms[0].notions)
        clauses.append(
            f"{_with_ranges(rest, notion)} cannot be told from chance once all {n_compared} "
            "comparisons are allowed for"
        )
    unknown = groups.get("unknown", [])
    if unknown:
        names = listed([quoted(arm.name) for arm in unknown])
        clauses.append(f"too few players were bored to say what {names} changed")
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
    longer = [notion for notion, kind in verdicts.items() if kind == "longer"]
    sooner = [notion for notion, kind in verdicts.items() if kind == "sooner"]
    kinds = set(verdicts.values())
    if longer and sooner:
        return (
            f"keep{{s}} players longer under {listed(longer)} "
            f"but lose{{s}} them sooner under {listed(sooner)}"
        )
    if longer:
        return f"keep{{s}} players longer under {_held(longer, verdicts)}"
    if sooner:
        return f"lose{{s}} players sooner under {_held(sooner, verdicts)}"
    if kinds == {"never left"}:
        return "never left the model"
    if kinds == {"unknown"}:
        return "need{s} more players or more levels before anything can be said"
    return f"make{{s}} no difference that can be told from chance under {_where_told(verdicts)}"


def _held(held: Sequence[str], verdicts: dict[str, Verdict]) -> str:
    """The notions under which an effect was found, and what is so under the others."""
    if len(held) == len(verdicts):
        return _all(held)
    same = [notion for notion, kind in verdicts.items() if kind == "same"]
    unknown = [notion for notion, kind in verdicts.items() if kind == "unknown"]
    rest = [f"under {listed(same)} none can be told"] if same else []
    rest += [f"under {listed(unknown)} too few were bored to say"] if unknown else []
    return f"{listed(held)} ({'; '.join(rest)})"


def _where_told(verdicts: dict[str, Verdict]) -> str:
    same = [notion for notion, kind in verdicts.items() if kind == "same"]
    if len(same) == len(verdicts):
        return "any notion"
    return _held(same, {n: "unknown" if n not in same else "longer" for n in verdicts})


def _leaves_out_0(arm: ArmSummary, notion: str) -> bool:
    found = arm.notions[notion].difference
    return value(found.low) > 0 or value(found.high) < 0


def _with_ranges(arms: Sequence[ArmSummary], notion: str) -> str:
    return listed([f"{quoted(a.name)} ({range_of(a.notions[notion].difference)})" for a in arms])


def _all(notions: Sequence[str]) -> str:
    numbers = {1: "the one notion", 2: "both notions", 3: "all three notions"}
    return f"{numbers.get(len(notions), f'all {len(notions)} notions')} of interest"
