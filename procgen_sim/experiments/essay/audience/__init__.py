"""Not everyone wants something new all the time, but eventually everyone does.

- :mod:`.experiment` – the experiment
- :mod:`.fates` – who leaves when, and why
- :mod:`.checks` – what is checked · :mod:`.words` – the sentence
"""

from procgen_sim.experiments.essay.audience.experiment import run

__all__ = ["run"]
