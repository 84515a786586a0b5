"""What the experiment found, in one sentence made from its checks and numbers.

A clause of each check: where one does not hold, or cannot be told, its words change.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any, Final

from procgen_sim.experiments.essay.finding import CLEAR, Check
from procgen_sim.experiments.essay.hallmarks.rankin import ASSUMED, FAILED, HALLMARKS, LEARNED
from procgen_sim.experiments.wording import listed
from procgen_sim.players import DEFAULT_NOTION, NOTIONS

__all__ = ["conclusion"]

_DISHABITUATION: Final = 8


def conclusion(data: Mapping[str, Any], checks: Sequence[Check]) -> str:
    """Which hallmarks players show, which of them by learning, and whether there is a U."""
    materials = data["materials"]
    words = {name: _words(name, materials[name]["hallmarks"], checks) for name in materials}
    alike: dict[str, list[str]] = {"holds": [], "by assumption": []}
    rest: list[str] = []
    for number, hallmark in enumerate(HALLMARKS, start=1):
        each = [words[name][number - 1] for name in materials]
        verdict = each[0] if len(set(each)) == 1 else ""
        if verdict in alike:
            alike[verdict].append(str(number))
            continue
        told = verdict or listed([f"{w} on {n}" for w, n in zip(each, materials, strict=True)])
        entries = {name: materials[name]["hallmarks"][number - 1] for name in materials}
        before = " though it was expected," if number == FAILED else ""
        rest.append(f"{number}, {hallmark.name},{before} {told}{_why(number, entries, each)}")
    where = " and ".join(materials)
    parts = [
        f"Under {DEFAULT_NOTION} players who learn show {len(alike['holds'])} of the ten hallmarks"
        f" of habituation on {where} that players who learn nothing do not"
        f" ({listed(alike['holds']) or 'none'})",
        f"by assumption, as boredom recovers with hours whatever was learned, they show"
        f" {listed(alike['by assumption']) or 'no other'}",
        *rest,
    ]
    for name, of in materials.items():
        parts.append(_single(name, *of["hallmarks"][_DISHABITUATION - 1]["aside"][0]))
    for name, of in materials.items():
        parts += _attention(name, of["attention"][DEFAULT_NOTION]["levels"], checks)
    return "; ".join(parts) + "."


def _words(name: str, told: Sequence[Mapping[str, Any]], checks: Sequence[Check]) -> list[str]:
    """What to say of each hallmark on one material: by its check, if it has one."""
    found: list[str] = []
    for number, entry in enumerate(told, start=1):
        verdict = str(entry["verdicts"][DEFAULT_NOTION])
        if number in LEARNED + ASSUMED:
            check = _of(f"{number} {HALLMARKS[number - 1].name}, {name}", checks)[0]
            learned = number in LEARNED
            if check.holds:
                verdict = "holds" if learned else verdict
            elif verdict == "by assumption" and learned:
                verdict = "is shown, but by assumption only"
            else:
                verdict = check.told(verdict, "cannot be told", "does not hold")
        found.append(verdict)
    return found


def _why(number: int, entries: Mapping[str, Any], each: Sequence[str]) -> str:
    """The weakest clause of a hallmark that does not hold, and why the model lacks it."""
    told = ", ".join(
        f"{_signed(entry['shown'][0])} ± {entry['shown'][1]:.1g} on {name}"
        for name, entry in entries.items()
    )
    others = [
        notion
        for notion in NOTIONS
        if notion != DEFAULT_NOTION
        and all(entry["verdicts"][notion] == "holds" for entry in entries.values())
    ]
    under = f"; it holds under {listed(others)}" if others else ""
    reason = HALLMARKS[number - 1].why_not
    known = f": {reason}" if reason and "holds" not in each else ""
    return f" ({told}{under}){known}"


def _single(name: str, mean: float, error: float) -> str:
    """What Rankin's single strange level does to boredom with the old theme."""
    if abs(mean) < CLEAR * error:
        return f"what a single strange level instead of three does on {name} cannot be told"
    if mean < 0:
        words = f"8 takes a visit of three levels, a single strange one makes it worse on {name}"
    else:
        words = f"a single strange level does for 8 on {name}, too"
    return f"{words} ({_signed(-mean)} ± {error:.1g} boredom)"


def _attention(name: str, stays: Sequence[float], checks: Sequence[Check]) -> list[str]:
    """The U's two ends, and that there is none without an appetite."""
    constant, chaos = _of(f"U, {name}", checks)
    (without,) = _of(f"no U under surprise, {name}", checks)
    verdicts = [
        end.told(f"sooner {words}", f"perhaps sooner {words}", f"later {words}")
        for end, words in (
            (constant, f"where all levels are alike ({stays[0]:.1f} levels)"),
            (chaos, f"in chaos ({stays[2]:.1f})"),
        )
    ]
    shape = "U-shaped" if constant.holds and chaos.holds else "not U-shaped"
    return [
        f"leaving is {shape} in surprise on {name}, as the appetite assumed has it: players leave"
        f" {' and '.join(verdicts)} than in the middle ({stays[1]:.1f})",
        without.told(
            "without that appetite they stay longest in chaos",
            "without that appetite chaos may or may not keep them",
            "even without that appetite they leave chaos sooner",
        ),
    ]


def _of(prefix: str, checks: Sequence[Check]) -> list[Check]:
    return [check for check in checks if check.what.startswith(f"{prefix}:")]


def _signed(value: float) -> str:
    return f"{value:+.3f}".replace("-", "−")
