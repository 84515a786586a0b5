"""Every choice is follow or break; delegate the choices and the author disappears.

- :mod:`.experiment` – the experiment
- :mod:`.authors` – who chooses, and how · :mod:`.machines` – who they delegate to
- :mod:`.completion` – conditional draws · :mod:`.signature` – bits about the author that are left
- :mod:`.checks` – the claim, and the sentence
"""

from procgen_sim.experiments.essay.delegation.experiment import run

__all__ = ["run"]
