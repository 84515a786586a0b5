"""How soon do players see through a level generator, why, and what would help?

The nouns of the project are its folders:

- :mod:`procgen_sim.levels` – what a level *is*: grid, tileset, files, design parameters
- :mod:`procgen_sim.models` – fitted level models and learning ones: bits, learn, sample
- :mod:`procgen_sim.platformer` – what a level *does*: jump rules and reachability
- :mod:`procgen_sim.generators` – from parameters to playable levels
- :mod:`procgen_sim.injection` – leaving the model on purpose: proposals and schedules
- :mod:`procgen_sim.players` – observers, interest, boredom, populations
- :mod:`procgen_sim.session` – the one loop that knows all of them
- :mod:`procgen_sim.experiments` – named experiments and their statistics
- :mod:`procgen_sim.report` – figures, level pictures, HTML

Importing the package loads none of scikit-learn, matplotlib, numba or duckdb.
"""

__version__ = "0.1.0"

__all__ = ["__version__"]
