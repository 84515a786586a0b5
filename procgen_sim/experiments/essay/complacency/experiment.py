"""Complacency: each generation is fitted to the last one's successes, and diversity goes.

An industry that makes models of its own work loses what chance leaves out: one Gaussian after the
other, each fitted by maximum likelihood to N levels of the last, keeps (N − 1)/N of its variance a
generation in expectation [Shumailov2024]_. That is without anybody's taste. Here an audience also
chooses: it judges by likeness to what it liked, and only its favourites are copied
(:mod:`.success`). Measured are the rate beside theory, how much faster it goes with favourites,
whether keeping all earlier work in the training set helps [Gerstgrasser2024]_, and what share of
outside work, hand-made or novel, holds diversity, found by search (:mod:`.outside_share`).

Diversity is the total variance of a generation's model over its parameters, each in spreads of the
hand-made work, as a share of what the first generation's is expected to be; of tile models, how
different two levels look (:mod:`.tile_generations`). Each lineage is one independent value.
"""

from __future__ import annotations

from typing import Any

from procgen_sim.experiments.essay.complacency.claims import in_order
from procgen_sim.experiments.essay.complacency.design_generations import Size, industry_found
from procgen_sim.experiments.essay.complacency.generations import Refit, maximum_likelihood
from procgen_sim.experiments.essay.complacency.industries import dots_industry, levels_industry
from procgen_sim.experiments.essay.complacency.outside_share import HELD
from procgen_sim.experiments.essay.complacency.success import Audience
from procgen_sim.experiments.essay.complacency.tile_collapse import TEMPERATURE, tiles_found
from procgen_sim.experiments.essay.complacency.words import conclude
from procgen_sim.experiments.essay.finding import Check, Effort, Finding

__all__ = ["CLAIM", "run"]

CLAIM = (
    "An industry that copies its last success goes stale: diversity collapses at the rate theory "
    "gives, faster where an audience chooses what it knows; keeping old work slows that, and "
    "enough work from outside stops it."
)


def run(
    effort: Effort,
    *,
    refit: Refit = maximum_likelihood,
    accumulate: bool = True,
    audience: Audience | None = None,
    temperature: float = TEMPERATURE,
    size: Size | None = None,
) -> Finding:
    """Let industries copy themselves.

    ``refit``, ``accumulate``, ``audience`` and the tile models' ``temperature`` are for tests,
    which exchange the fit, forget what is kept, or take an audience that likes anything, to see
    the checks fail; ``size`` is how much is simulated of design models.
    """
    from threadpoolctl import threadpool_limits  # type: ignore[import-untyped]

    audience = audience or Audience()
    data: dict[str, Any] = {"held": HELD}
    checks: list[Check] = []
    # The matrices are small, and the order of a threaded sum is not fixed.
    with threadpool_limits(limits=1):
        for industry in (dots_industry(), levels_industry()):
            data[industry.name], found = industry_found(
                industry, effort, refit=refit, accumulate=accumulate, audience=audience, size=size
            )
            checks += in_order(found)
        data["tiles"], found = tiles_found(effort, audience=audience, temperature=temperature)
        checks += in_order(found)
    return Finding(
        experiment="complacency",
        claim=CLAIM,
        conclusion=conclude(data, checks),
        checks=tuple(checks),
        data=data,
        effort=effort,
    )
