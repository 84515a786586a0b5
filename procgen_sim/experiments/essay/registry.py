"""The experiments by name, in the order the essay gives its ideas."""

from __future__ import annotations

from collections.abc import Callable
from importlib import import_module
from typing import Final, cast

from procgen_sim._checks import check_choice
from procgen_sim.experiments.essay.finding import Effort, Finding

__all__ = ["EXPERIMENTS", "experiment"]

EXPERIMENTS: Final = (
    "trend_line",
    "overfit",
    "on_model",
    "off_model",
    "spaces_between",
    "compare",
    "delegation",
    "audience",
    "complacency",
    "hallmarks",
    "sensitivity",
)
"""Each is a module beside this one with a function ``run(effort)``, and a script in ``analysis/``.
"""


def experiment(name: str) -> Callable[[Effort], Finding]:
    """The function that makes an experiment.

    Raises
    ------
    InputError
        If there is none of that name.
    """
    check_choice("experiment", name, EXPERIMENTS)
    module = import_module(f"procgen_sim.experiments.essay.{name}")
    return cast("Callable[[Effort], Finding]", module.run)
