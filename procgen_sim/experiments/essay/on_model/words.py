"""What is claimed of samples from the model, check by check, and in one sentence."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any, Final

from procgen_sim.experiments.essay.clauses import clause_on
from procgen_sim.experiments.essay.finding import Check
from procgen_sim.experiments.essay.meeting import BODIES
from procgen_sim.experiments.essay.on_model.climb import AT_THE_END, SOON
from procgen_sim.experiments.wording import decimal, listed, sentence

__all__ = ["checks_of", "conclude"]

Bodies = Mapping[str, Mapping[str, Any]]

HALF: Final = 0.5
"""Half of what can be foreseen; half of the levels."""

ENOUGH: Final = 0.9
"""Predictability above which nearly all is foreseen that can be."""


def checks_of(name: str, body: Mapping[str, Any]) -> dict[str, Check]:
    """What is claimed of one of :data:`BODIES`: its samples are new, and soon foreseen."""
    where, curve = BODIES[name], body["remember"]
    copies = (body["n_copies"], 0.0)
    checks = {
        # Counted: of shares that are all 1, or nearly all, no standard error says a thing.
        "copies": Check.of(
            f"{where}: samples, of {body['n_samples']:,}, equal to one before",
            copies,
            "equal",
            0.0,
            within=0.0,
        ),
        "soon": Check.of(
            f"{where}: predictability of the {SOON[0]}th to {SOON[1]}th",
            curve["soon"],
            "above",
            HALF,
        ),
        "last": Check.of(
            f"{where}: predictability of the last {AT_THE_END} of {body['n_levels']}",
            curve["last"],
            "above",
            ENOUGH,
        ),
    }
    if name == "levels":
        checks["told"] = Check.of(
            f"{where}: share that people can tell from all before",
            body["share_told_apart"],
            "above",
            HALF,
        )
        # The two hand-made levels most alike are two levels; half as far apart still would be.
        checks["alike"] = Check.of(
            f"{where}: distance of a player's nearest look-alike, against half the least by hand",
            body["least"],
            "above",
            float(body["hand_made"]["least"]) / 2,
        )
    return checks


def conclude(bodies: Bodies, checks: Mapping[str, Mapping[str, Check]]) -> str:
    """One sentence from the checks, each with its own clause."""

    def asked(key: str) -> dict[str, Check]:
        return {name: of[key] for name, of in checks.items() if key in of}

    clauses = [
        clause_on(
            asked("copies"),
            "none of {} is a copy of one before",
            "whether any is a copy of one before cannot be told",
            "{} are copies of one before",
            number=lambda name, check: (
                f"{bodies[name]['n_samples']:,} {BODIES[name]}"
                if check.holds
                else f"{check.estimate:,.0f} of {bodies[name]['n_samples']:,} {BODIES[name]}"
            ),
        )
    ]
    if dots := [name for name in bodies if name != "levels"]:
        told = [_hundredths(bodies[name]["share_told_apart"][0]) for name in dots]
        clauses.append(f"people could tell {listed(told)} % of the dots from all before")
    if "levels" in bodies:
        clauses += _of_levels(bodies["levels"], checks["levels"])
    first = [_hundredths(body["remember"]["first"][0]) for body in bodies.values()]
    began = "of what can be foreseen, players who forget nothing foresaw " + listed(first)
    soon = f"{SOON[0]}th to {SOON[1]}th"
    clauses += [
        clause_on(
            asked("soon"),
            f"{began} % of the first, {{}} % of the {soon}",
            f"{began} % of the first; whether more than half of the {soon} cannot be told",
            f"{began} % of the first and {{}} %, less than half, of the {soon}",
            number=_percent,
        ),
        clause_on(
            asked("last"),
            f"{{}} % of the last {AT_THE_END}",
            f"whether {100 * ENOUGH:.0f} % of the last {AT_THE_END} cannot be told",
            f"only {{}} % of the last {AT_THE_END}",
            number=_percent,
        ),
    ]
    forgetful = [_hundredths(body["forget"]["last"][0]) for body in bodies.values()]
    clauses[-1] += f" ({_until(bodies)}); those who forget as people do, {listed(forgetful)} %"
    return sentence("; ".join(clauses))


def _of_levels(levels: Mapping[str, Any], checks: Mapping[str, Check]) -> list[str]:
    told, alike = checks["told"], checks["alike"]
    share, by_hand = _hundredths(told.estimate), levels["hand_made"]["least"]
    late, error = levels["late"]
    nearer = "less" if late < by_hand else "no less"
    return [
        told.told(
            f"people could tell most levels, {share} %, from all before",
            "whether people could tell most levels from all before cannot be said",
            f"people could tell only {share} % of the levels from all before",
        ),
        alike.told(
            f"the nearest look-alike of a level is {alike.estimate:.3f} away in looks, more than",
            f"the nearest look-alike of a level is {alike.estimate:.3f} away in looks, which cannot"
            " be told from",
            f"the nearest look-alike of a level is {alike.estimate:.3f} away in looks, less than",
        )
        + f" half of the least between hand-made ones ({by_hand:.3f}), and by the last"
        f" {levels['n_late']} of a player's it is {late:.3f} ± {error:.3f} away, {nearer} than"
        " between any two by hand",
    ]


def _until(bodies: Bodies) -> str:
    """After how many levels nine tenths are foreseen."""
    after = [body["remember"]["levels_to_90"][0] for body in bodies.values()]
    words = ["never" if at is None else f"{at:.0f}" for at in after]
    return f"90 % after {listed(words)}" if set(words) != {"never"} else "90 % never"


def _percent(_: str, check: Check) -> str:
    return _hundredths(check.estimate)


def _hundredths(share: float) -> str:
    return decimal(100 * share, 0)
