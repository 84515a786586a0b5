"""Leaving the model on purpose: *proposals* say where to go, *schedules* say when.

- :data:`PROPOSALS` – name to proposal: ``noise``, ``outlier``, ``between``, ``extrapolate``
- :data:`SCHEDULES` – name to schedule: ``never``, ``every``, ``probability``, ``bursts``
- :class:`Arm` – a proposal with a schedule, and how people write one: ``outlier@every:5``
"""

from procgen_sim.injection.arms import ON_MODEL, Arm, parse_arm, parse_arms
from procgen_sim.injection.proposals import PROPOSALS, Outside, Proposal, propose
from procgen_sim.injection.schedules import SCHEDULES, Director, Schedule, make_schedule

__all__ = [
    "ON_MODEL",
    "PROPOSALS",
    "SCHEDULES",
    "Arm",
    "Director",
    "Outside",
    "Proposal",
    "Schedule",
    "make_schedule",
    "parse_arm",
    "parse_arms",
    "propose",
]
