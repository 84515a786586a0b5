"""The essay's claims as experiments, one file each: what was asked, what came out, whether it held.

:class:`Effort`
    How much work an experiment may do, and its seed.
:class:`Finding`, :class:`Check`
    What came out: numbers, one sentence, and the checks of the claim with their standard errors.
:func:`experiment`
    An experiment by its name; :data:`EXPERIMENTS` lists them in the essay's order.

Each module has one function ``run(effort) -> Finding``. Most ask twice, side by side: of the
essay's dots on a plane (:mod:`.dots`) and of levels (:mod:`.bodies`).
"""

from procgen_sim.experiments.essay.finding import Check, Effort, Finding
from procgen_sim.experiments.essay.registry import EXPERIMENTS, experiment

__all__ = ["EXPERIMENTS", "Check", "Effort", "Finding", "experiment"]
