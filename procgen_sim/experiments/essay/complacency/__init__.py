"""Each generation is fitted to the last one's successes, and less and less is left.

- :mod:`.experiment` – the experiment · :mod:`.claims` – what is checked · :mod:`.words` – the
  sentence
- :mod:`.industries` – where they start · :mod:`.generations` – how each follows the last
- :mod:`.expectations` – what theory says · :mod:`.success` – what an audience likes
- :mod:`.outsiders`, :mod:`.outside_share` – work from outside, and how much holds diversity
- :mod:`.design_generations`, :mod:`.other_audiences`, :mod:`.diversity_path` – on design models
- :mod:`.tile_generations`, :mod:`.tile_collapse` – on tile models
"""

from procgen_sim.experiments.essay.complacency.experiment import run

__all__ = ["run"]
