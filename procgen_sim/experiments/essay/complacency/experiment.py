"""Complacency: each generation is fitted to the last one's successes, and diversity goes.

An industry that makes models of its own work loses what chance leaves out: one Gaussian after the
other, each fitted by maximum likelihood to N levels of the last, keeps (N − 1)/N of its variance a
generation in expectation [Shumailov2024]_. That is without anybody's taste. Here an audience also
chooses: it judges by likeness to what it liked, and only its favourites are copied
(:mod:`.success`). Measured are the rate beside theory, how much faster it goes with favourites,
whether keeping all earlier work in the training set helps [Gerstgrasser2024]_, and what share of
outside work, hand-made or novel, holds diversity, found by search (:mod:`.outside_share`).

Diversity is the total variance of a generation's model over its parameters, each in spreads of the
hand-made work, as a share of the first generation's; of tile models, how different two levels look
(:mod:`.tile_generations`). Each lineage is one independent value.
"""

from __future__ import annotations

from typing import Any

import numpy as np

from procgen_sim.experiments.essay.complacency.design_generations import industry_found
from procgen_sim.experiments.essay.complacency.generations import (
    EXPERIMENT,
    Refit,
    maximum_likelihood,
)
from procgen_sim.experiments.essay.complacency.industries import dots_industry, levels_industry
from procgen_sim.experiments.essay.complacency.outside_share import HELD
from procgen_sim.experiments.essay.complacency.tile_collapse import tiles_found
from procgen_sim.experiments.essay.complacency.words import conclude
from procgen_sim.experiments.essay.dots import cluster_dots, fit_dots
from procgen_sim.experiments.essay.finding import Check, Effort, Finding, mean_and_error
from procgen_sim.rng import stream

__all__ = ["CLAIM", "run"]

CLAIM = (
    "An industry that copies its last success goes stale: diversity collapses at the rate theory "
    "gives, faster where an audience chooses what it knows; then only work from outside stops it."
)

_OWN = 3  # first key of the streams of our own models, after dots, levels and tiles


def run(effort: Effort, *, refit: Refit = maximum_likelihood, accumulate: bool = True) -> Finding:
    """Let industries copy themselves.

    ``refit`` and ``accumulate`` are for tests, which exchange the fit, or forget what is kept, to
    see the checks fail.
    """
    from threadpoolctl import threadpool_limits  # type: ignore[import-untyped]

    data: dict[str, Any] = {"held": HELD}
    checks: list[Check] = []
    # The matrices are small, and the order of a threaded sum is not fixed.
    with threadpool_limits(limits=1):
        for industry in (dots_industry(), levels_industry()):
            data[industry.name], found = industry_found(
                industry, effort, refit=refit, accumulate=accumulate
            )
            checks += found
        checks.append(_our_own(effort))
        data["tiles"], found = tiles_found(effort)
        checks += found
    return Finding(
        experiment="complacency",
        claim=CLAIM,
        conclusion=conclude(data, checks),
        checks=tuple(checks),
        data=data,
        effort=effort,
    )


def _our_own(effort: Effort) -> Check:
    """The same rate of our own ``gaussian``, shrunk and floored as users get it, on dots.

    Shrinkage leaves the variance of each parameter alone, and the floor is far below.
    """
    n, ratios = dots_industry().n_levels, []
    for lineage in range(effort.of(120, 40)):
        dots = cluster_dots(n, rng=stream(effort.seed, "essay", EXPERIMENT, _OWN, lineage, 0))
        totals = []
        for generation in range(effort.of(12, 7)):
            model = fit_dots("gaussian", dots, seed=effort.seed)
            totals.append(float(np.trace(model.covariance)))
            rng = stream(effort.seed, "essay", EXPERIMENT, _OWN, lineage, 1 + generation)
            dots = model.sample(n, rng=rng)
        ratios.append(float((np.array(totals[1:]) / totals[:-1]).mean()))
    estimate, error = mean_and_error(ratios)
    return Check(
        what="dots, all copied, our own gaussian: variance of a generation over the last's",
        estimate=estimate,
        standard_error=error,
        relation="equal",
        bound=1 - 1 / n,
    )
