"""The same check on dots and on levels, told together where it came out alike.

Each check has a clause for when it holds, when nothing can be told, and when the opposite holds, so
that a conclusion cannot be silent about one of them.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping

from procgen_sim.experiments.essay.finding import Check
from procgen_sim.experiments.essay.meeting import BODIES
from procgen_sim.experiments.wording import listed

__all__ = ["clause_on"]


def clause_on(
    checks: Mapping[str, Check],
    holds: str,
    open: str,
    opposite: str,
    *,
    number: Callable[[str, Check], str] = lambda _, check: f"{abs(check.estimate):.1f}",
) -> str:
    """One clause of those three if the check came out alike on all bodies, else each with the
    bodies that it is told of.

    Parameters
    ----------
    checks
        By keys of :data:`BODIES`.
    holds, open, opposite
        Clauses, ``{}`` where the numbers of these bodies are to stand.
    number
        From the body and its check to that number.
    """
    told: dict[str, list[str]] = {}
    for name, check in checks.items():
        told.setdefault(check.told(holds, open, opposite), []).append(name)
    parts = []
    for words, names in told.items():
        words = words.format(listed([number(name, checks[name]) for name in names]))
        where = f" ({listed([BODIES[name] for name in names])})" if len(told) > 1 else ""
        parts.append(words + where)
    return ", ".join(parts)
