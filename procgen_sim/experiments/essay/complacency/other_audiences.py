"""Audiences other than the one assumed: how much is left, and what would hold it."""

from __future__ import annotations

from typing import Any, Final

import numpy as np

from procgen_sim.experiments.essay.complacency.generations import Policy, lineages
from procgen_sim.experiments.essay.complacency.industries import Industry
from procgen_sim.experiments.essay.complacency.outside_share import least_share
from procgen_sim.experiments.essay.complacency.success import Audience
from procgen_sim.experiments.essay.finding import mean_and_error

__all__ = ["OTHERS", "other_audiences"]

OTHERS: Final[dict[str, Audience]] = {
    "10 people": Audience(n_people=10),
    "1,000 people": Audience(n_people=1000),
    "liking reaches half as far": Audience(width=0.5),
    "liking reaches twice as far": Audience(width=2.0),
    "9 in 10 copied": Audience(copied=0.9),
    "1 in 4 copied": Audience(copied=0.25),
}

_FIRST_GROUP: Final = 100  # of lineages, beyond that of the search


def other_audiences(
    industry: Industry, *, n_lineages: int, n_generations: int, seed: int, n_steps: int
) -> list[dict[str, Any]]:
    """For each: what is left in the end, and the share of authored work that holds diversity.

    Both with their standard errors over lineages.
    """
    rows = []
    for group, (name, audience) in enumerate(OTHERS.items(), start=_FIRST_GROUP):
        policy = Policy(audience=audience)
        total = lineages(
            industry,
            policy,
            n_lineages=n_lineages,
            n_generations=n_generations,
            seed=seed,
            group=group,
        )
        left = mean_and_error(np.asarray(total[:, -1] / industry.first_variance))
        share = least_share(
            industry,
            policy,
            n_lineages=n_lineages,
            n_generations=n_generations,
            seed=seed,
            group=group,
            n_steps=n_steps,
        )
        rows.append(
            {
                "audience": name,
                "left": left[0],
                "left_error": left[1],
                "share": share.value,
                "share_error": share.error,
            }
        )
    return rows
