"""Leaving the model on purpose: *proposals* say where to go, *schedules* say when.

- :data:`PROPOSALS` – name to proposal: ``noise``, ``outlier``, ``between``, ``extrapolate``, …
- :data:`SCHEDULES` – name to schedule: ``never``, ``every``, ``probability``, ``bursts``, …
- :class:`Audience` – what a game can see of those who are to be surprised
- :class:`Library` – levels that people made, to be shown as they are
- :class:`Arm` – a proposal with a schedule, and how people write one: ``outlier@every:5``
"""

from procgen_sim.injection.arms import ON_MODEL, Arm, parse_arm, parse_arms
from procgen_sim.injection.audience import Audience
from procgen_sim.injection.library import Library
from procgen_sim.injection.proposals import (
    AUTHORED,
    PROPOSALS,
    SELF_CONTAINED,
    Outside,
    Proposal,
    check_installed,
    propose,
)
from procgen_sim.injection.schedules import SCHEDULES, Director, Schedule, make_schedule

__all__ = [
    "AUTHORED",
    "ON_MODEL",
    "PROPOSALS",
    "SCHEDULES",
    "SELF_CONTAINED",
    "Arm",
    "Audience",
    "Director",
    "Library",
    "Outside",
    "Proposal",
    "Schedule",
    "check_installed",
    "make_schedule",
    "parse_arm",
    "parse_arms",
    "propose",
]
