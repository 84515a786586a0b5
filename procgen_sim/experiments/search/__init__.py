"""Which way of leaving the model keeps an audience longest, and how sure that is.

- :func:`candidates` – every proposal × schedule × rate within a budget
- :func:`race` – drop those that do worse, on more and more players
- :func:`judge` – the finalists on players who had no part in choosing them
- :func:`run_search`, :class:`SearchRun` – all of it, in a folder
"""

from procgen_sim.experiments.search.judging import Finalist, Verdict, judge, levels_kept
from procgen_sim.experiments.search.racing import Lap, race
from procgen_sim.experiments.search.run import SearchRun, open_search, run_search
from procgen_sim.experiments.search.ways import candidates

__all__ = [
    "Finalist",
    "Lap",
    "SearchRun",
    "Verdict",
    "candidates",
    "judge",
    "levels_kept",
    "open_search",
    "race",
    "run_search",
]
