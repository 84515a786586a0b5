"""Named experiments: designs, runs and their statistics.

- :func:`run_compare` – the main job: on-model generation against ways of leaving the model
- :class:`RunConfig`, :func:`resolve` – what a run is told
- :func:`summarise` – from records to the table
"""

from procgen_sim.config import RunConfig, resolve
from procgen_sim.experiments.compare import run_compare
from procgen_sim.experiments.stored import CompareRun, open_run
from procgen_sim.experiments.summary import Summary, summarise

__all__ = ["CompareRun", "RunConfig", "Summary", "open_run", "resolve", "run_compare", "summarise"]
