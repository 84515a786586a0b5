"""Directing as an environment of Gymnasium, for those who want to put a learning agent there.

- :class:`DirectorEnv` – observation: what a game can see; action: follow the model, or break it and
  how; reward: the interest of the player while they stay
- :func:`follow`, :func:`always`, :func:`by_chance`, :func:`by_rating`, :func:`by_schedule` –
  what to compare with
- :func:`evaluate`, :class:`Score` – a policy's score on the same players as any other's

Importing this needs ``procgen-sim[gym]`` and registers ``procgen_sim/Director-v0``.
"""

from procgen_sim._checks import InputError

try:
    import gymnasium
except ModuleNotFoundError as error:
    raise InputError(
        "procgen_sim.environment",
        expected="Gymnasium",
        found="none installed",
        do='python -m pip install "procgen-sim[gym]"',
    ) from error

from procgen_sim.environment.director_env import OBSERVED, DirectorEnv
from procgen_sim.environment.making import make_env
from procgen_sim.environment.policies import (
    Policy,
    always,
    by_chance,
    by_rating,
    by_schedule,
    follow,
)
from procgen_sim.environment.scores import Score, evaluate

__all__ = [
    "OBSERVED",
    "DirectorEnv",
    "Policy",
    "Score",
    "always",
    "by_chance",
    "by_rating",
    "by_schedule",
    "evaluate",
    "follow",
    "make_env",
]

ENVIRONMENT_ID = "procgen_sim/Director-v0"
if ENVIRONMENT_ID not in gymnasium.registry:
    gymnasium.register(ENVIRONMENT_ID, entry_point="procgen_sim.environment:make_env")
