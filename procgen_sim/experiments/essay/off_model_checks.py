"""What is claimed of samples off the model, check by check, and in one sentence.

That boredom falls under ``surprise`` follows from what such samples cost; that it falls under
``progress``, and less under ``wundt`` than under ``surprise``, does not.
"""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any, Final

from procgen_sim.experiments.essay.clauses import clause_on
from procgen_sim.experiments.essay.finding import Check
from procgen_sim.experiments.essay.meeting import BODIES
from procgen_sim.experiments.essay.verdicts import in_words
from procgen_sim.experiments.wording import sentence

__all__ = ["NEAR_BY", "Point", "checks_of", "conclude"]

Point = tuple[float, float]
Checks = Mapping[str, Mapping[str, Check]]
"""Body and what is asked of it to the check."""

NEAR_BY: Final = (5.5, 5.5)
"""The essay's dot that was never in the data and could have been."""

NEVER: Final = 3.0
"""Powers of ten: what is a thousand times less likely is as good as never made."""


def checks_of(name: str, body: Mapping[str, Any], far: Point) -> dict[str, Check]:
    """What is claimed of one of :data:`BODIES`: how unlikely the far dot is, what samples off the
    model cost, and how boredom is with them less without."""
    where, checks = BODIES[name], dict[str, Check]()
    if "refits" in body:
        refits, dot = body["refits"], f"({far[0]:g}, {far[1]:g})"
        checks["powers"] = Check.of(
            f"{where}: powers of ten by which {dot} is less likely than"
            f" ({NEAR_BY[0]:g}, {NEAR_BY[1]:g})",
            refits["powers_of_ten"],
            "above",
            NEVER,
        )
        checks["inside"] = Check.of(
            f"{where}: models, of {refits['n']}, that have {dot} inside their 99.9 % region",
            (refits["n_inside"], 0.0),
            "equal",
            0.0,
            within=0.0,
        )
    checks["extra"] = Check.of(
        f"{where}: bits an off-model sample costs beyond its on-model one",
        body["extra_bits"],
        "above",
        0.0,
    )
    for notion in ("surprise", "progress"):
        checks[notion] = Check.of(
            f"{where}: mean boredom with off-model samples less without ({notion})",
            body["notions"][notion]["difference"],
            "below",
            0.0,
        )
    checks["wundt"] = Check.of(
        f"{where}: the same under wundt less under surprise",
        body["less_under_wundt"],
        "above",
        0.0,
    )
    return checks


def conclude(
    bodies: Mapping[str, Any], verdicts: Mapping[str, Mapping[str, str]], checks: Checks, far: Point
) -> str:
    """One sentence from the checks, each with its own clause, and from who leaves later."""

    def asked(key: str) -> dict[str, Check]:
        return {name: of[key] for name, of in checks.items() if key in of}

    dot, near = (f"({at[0]:g}, {at[1]:g})" for at in (far, NEAR_BY))
    clauses = []
    if asked("powers"):
        unlikely = clause_on(
            asked("powers"),
            f"for one dot at {dot} the model makes {{}} at {near}",
            f"whether for one dot at {dot} the model makes a thousand at {near} cannot be told",
            f"for one dot at {dot} the model makes no thousand at {near} but {{}}",
            number=lambda _, check: f"10^{check.estimate:.0f}",
        )
        inside = clause_on(
            asked("inside"),
            "none of {} fits has it inside its 99.9 % region",
            "whether fits have it inside their 99.9 % region cannot be told",
            "{} fits have it inside their 99.9 % region",
            number=lambda name, check: (
                f"{bodies[name]['refits']['n']}"
                if check.holds
                else f"{check.estimate:.0f} of {bodies[name]['refits']['n']}"
            ),
        )
        clauses = [unlikely, inside]
    cost = clause_on(
        asked("extra"),
        "what is off the model cost players {} bits more than what it replaced",
        "what is off the model cannot be told to cost players more than what it replaced",
        "what is off the model cost players {} bits less than what it replaced",
    )
    bored = [
        clause_on(
            asked(notion),
            f"under {notion} mean boredom (0 to 1) sank by {{}}",
            f"under {notion} mean boredom cannot be told to sink",
            f"under {notion} mean boredom (0 to 1) rose by {{}}",
            number=_hundredths,
        )
        for notion in ("surprise", "progress")
    ]
    middle = clause_on(
        asked("wundt"),
        "under wundt it sank by {} less than under surprise",
        "under wundt it cannot be told to sink less than under surprise",
        "under wundt it sank by {} more than under surprise",
        number=_hundredths,
    )
    clauses += [cost, *bored, middle, f"they were {in_words(BODIES, verdicts)}"]
    return sentence("; ".join(clauses))


def _hundredths(_: str, check: Check) -> str:
    return f"{abs(check.estimate):.2f}"
