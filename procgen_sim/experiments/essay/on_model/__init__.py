"""On-model novelty: every level is new, and what comes next is guessed all the same.

- :mod:`.experiment` – the experiment
- :mod:`.newness` – how new levels are · :mod:`.climb` – how predictability climbs
- :mod:`.words` – what is checked, and the conclusion
"""

from procgen_sim.experiments.essay.on_model.experiment import run

__all__ = ["run"]
