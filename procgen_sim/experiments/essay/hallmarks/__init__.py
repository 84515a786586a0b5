"""Habituation and attention: which of Rankin's hallmarks boredom has, and the U of attention.

- :mod:`.experiment` – the experiment
- :mod:`.material` – what is repeated · :mod:`.habituation` – how often, and to whom
- :mod:`.hallmark` – what a verdict is · :mod:`.conclusion` – the sentence
- :mod:`.rankin` – the ten, one function each · :mod:`.attention` – too simple and too complex
"""

from procgen_sim.experiments.essay.hallmarks.experiment import run

__all__ = ["run"]
