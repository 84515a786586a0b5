"""Habituation and attention: which of Rankin's hallmarks boredom has, and the U of attention.

- :mod:`.experiment` – the experiment
- :mod:`.habituation` – what is repeated, and how often · :mod:`.hallmark` – what a verdict is
- :mod:`.rankin` – the ten, one function each · :mod:`.attention` – too simple and too complex
"""

from procgen_sim.experiments.essay.hallmarks.experiment import run

__all__ = ["run"]
