"""Audiences other than the one assumed: how fast an industry narrows, and what would hold it."""

from __future__ import annotations

from typing import Any, Final

from procgen_sim.experiments.essay.complacency.diversity_path import half_gone
from procgen_sim.experiments.essay.complacency.generations import Policy, lineages
from procgen_sim.experiments.essay.complacency.industries import Industry
from procgen_sim.experiments.essay.complacency.outside_share import least_share
from procgen_sim.experiments.essay.complacency.success import Audience

__all__ = ["OTHERS", "other_audiences"]

OTHERS: Final[dict[str, Audience]] = {
    "10 people": Audience(n_people=10),
    "1,000 people": Audience(n_people=1000),
    "liking reaches half as far": Audience(width=0.5),
    "liking reaches twice as far": Audience(width=2.0),
    "9 in 10 copied": Audience(copied=0.9),
    "1 in 4 copied": Audience(copied=0.25),
}

_FIRST_GROUP: Final = 100  # of lineages, beyond those of the search


def other_audiences(
    industry: Industry, *, n_lineages: int, n_generations: int, seed: int, n_steps: int | None
) -> list[dict[str, Any]]:
    """For each: generations until half is gone, what is left at the end, the share to hold it.

    ``n_steps`` of the search for the share of authored work, or None for none.
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
        path = total.mean(axis=0) / total[:, 0].mean()
        row: dict[str, Any] = {"audience": name, "half_gone": half_gone(path), "left": path[-1]}
        if n_steps is not None:
            row["share"] = least_share(
                industry,
                policy,
                n_lineages=n_lineages,
                n_generations=n_generations,
                seed=seed,
                group=group,
                n_steps=n_steps,
            )
        rows.append(row)
    return rows
