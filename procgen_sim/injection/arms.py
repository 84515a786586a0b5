"""An arm: one way of making a sequence of levels, and how people write it.

``on-model`` · ``outlier`` (at the run's rate) · ``outlier@0.3`` · ``between@every:5`` ·
``noise@bursts:0.15:3``
"""

from __future__ import annotations

from dataclasses import dataclass

from procgen_sim._checks import InputError, check_choice, check_number
from procgen_sim.injection.proposals import PROPOSALS, check_installed
from procgen_sim.injection.schedules import Schedule, make_schedule
from procgen_sim.injection.schedules.never import Never

__all__ = ["ON_MODEL", "Arm", "parse_arm", "parse_arms"]


@dataclass(frozen=True, kw_only=True)
class Arm:
    """Attributes
    ----------
    name
        As people wrote it; the key of the arm in tables and records.
    proposal
        Where to go; None for an arm that never leaves.
    schedule
        When to go.
    """

    name: str
    proposal: str | None
    schedule: Schedule


ON_MODEL = Arm(name="on-model", proposal=None, schedule=Never())
"""The arm every other is compared with."""


def parse_arm(text: str, *, rate: float, where: str = "--arms") -> Arm:
    """The arm that ``text`` names.

    Raises
    ------
    InputError
        If the proposal, the schedule or a number is wrong.

    Examples
    --------
    >>> parse_arm("outlier@every:5", rate=0.15)
    Arm(name='outlier@every:5', proposal='outlier', schedule=Every(k=5))
    """
    name = text.strip()
    if name == ON_MODEL.name:
        return ON_MODEL
    proposal, at, when = name.partition("@")
    check_choice(where, proposal, [ON_MODEL.name, *PROPOSALS])
    check_installed(proposal, where=where)
    if proposal == ON_MODEL.name:
        raise InputError(where, expected="'on-model' without a schedule", found=repr(name))
    if at and not when:
        raise InputError(where, expected="a rate or a schedule after '@'", found=repr(name))
    try:
        when = f"probability:{check_number(where, float(when), low=0.0, high=1.0)}"
    except ValueError as error:
        if isinstance(error, InputError):
            raise
    schedule = make_schedule(when or "probability", rate=rate, where=where)
    return Arm(name=name, proposal=proposal, schedule=schedule)


def parse_arms(text: str, *, rate: float, where: str = "--arms") -> tuple[Arm, ...]:
    """The arms of a comma-separated list; ``on-model`` is put first and added if left out.

    Raises
    ------
    InputError
        If one is wrong or stands twice, however written, or there is none.
    """
    arms = [parse_arm(word, rate=rate, where=where) for word in text.split(",") if word.strip()]
    if not arms:
        raise InputError(where, expected="at least one arm", found="none")
    seen: dict[tuple[str | None, Schedule], str] = {}
    for arm in arms:
        key = (arm.proposal, arm.schedule)
        if key in seen:
            same = seen[key] == arm.name
            found = f"{arm.name!r} twice" if same else f"{arm.name!r}, which is {seen[key]!r} again"
            raise InputError(where, expected="each arm once", found=found)
        seen[key] = arm.name
    return (ON_MODEL, *(arm for arm in arms if arm is not ON_MODEL))
