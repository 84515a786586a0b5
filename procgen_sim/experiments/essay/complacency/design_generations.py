"""What becomes of an industry of design models, on dots or on levels, and what would hold it."""

from __future__ import annotations

import math
from collections.abc import Mapping
from dataclasses import dataclass, replace
from typing import Any, Final

import numpy as np
import numpy.typing as npt

from procgen_sim.experiments.essay.complacency.diversity_path import mean_path
from procgen_sim.experiments.essay.complacency.expectations import accumulated, replaced
from procgen_sim.experiments.essay.complacency.generations import Policy, Refit, lineages
from procgen_sim.experiments.essay.complacency.industries import Industry
from procgen_sim.experiments.essay.complacency.other_audiences import other_audiences
from procgen_sim.experiments.essay.complacency.outside_share import (
    HELD,
    end_of,
    expected_share,
    least_share,
)
from procgen_sim.experiments.essay.complacency.success import Audience
from procgen_sim.experiments.essay.finding import Check, Effort, mean_and_error

__all__ = ["Size", "copying_found", "industry_found", "policies"]

Floats = npt.NDArray[np.float64]

_FRESH, _SEARCH = 0, 1  # groups of lineages: shown and checked, searched with

_RATE_WITHIN: Final = 0.01
"""How far a rate may be from theory's: less than half of what a generation loses."""

_WITHIN: Final = 0.05
"""How far shares may be from what they should be: half of what may be lost of diversity."""


@dataclass(frozen=True, kw_only=True)
class Size:
    """How much is simulated.

    Attributes
    ----------
    generations
        After the first.
    copying, keeping, choosing
        Lineages of an industry that copies all, whose fates differ widely, of one that keeps
        everything as well, and of one that copies favourites.
    steps, searching
        Steps of a search, and its lineages.
    others
        Whether other audiences are tried, too.
    """

    generations: int
    copying: int
    keeping: int
    choosing: int
    steps: int
    searching: int
    others: bool

    @classmethod
    def of_effort(cls, effort: Effort) -> Size:
        return cls(
            generations=effort.of(50, 25),
            copying=effort.of(1500, 900),
            keeping=effort.of(400, 160),
            choosing=effort.of(200, 30),
            steps=effort.of(8, 5),
            searching=effort.of(100, 20),
            others=not effort.quick,
        )

    def of(self, policy: Policy) -> int:
        """Lineages to show and check a policy with."""
        if policy.audience is not None:
            return self.choosing
        return self.keeping if policy.accumulate else self.copying


def policies(*, audience: Audience, accumulate: bool) -> dict[str, Policy]:
    """What is copied of the last generation, and whether everything older is learned, too.

    ``accumulate`` False forgets what is to be kept, which a test may plant.
    """
    return {
        "all": Policy(),
        "all_kept": Policy(accumulate=accumulate),
        "favourites": Policy(audience=audience),
        "favourites_kept": Policy(audience=audience, accumulate=accumulate),
    }


def industry_found(
    industry: Industry,
    effort: Effort,
    *,
    refit: Refit,
    accumulate: bool,
    audience: Audience,
    size: Size | None = None,
) -> tuple[dict[str, Any], dict[str, Check]]:
    """Numbers of one industry and the checks of what is claimed of it, by name.

    ``size`` is how much is simulated, by default as the effort has it.
    """
    size = size or Size.of_effort(effort)
    how = policies(audience=audience, accumulate=accumulate)
    total, checks = copying_found(industry, effort, how, refit=refit, size=size)
    paths = {key: mean_path(values / industry.first_variance) for key, values in total.items()}
    by_theory, checks["by_theory"] = _as_theory_has_it(industry, effort, size, refit)
    shares: dict[str, Any] = {"theory": {"share": by_theory}}
    for key in ("authored", "novelty"):
        policy = replace(how["favourites"], source=key)
        shares[key], paths[key], found = _searched(industry, key, policy, effort, size, refit)
        checks |= found
    return {
        "name": industry.name,
        "n_levels": industry.n_levels,
        "theory": {
            "all": replaced(industry.n_levels, size.generations),
            "all_kept": accumulated(industry.n_levels, size.generations),
        },
        "rate": dict(zip(("value", "error"), mean_and_error(_rates(total["all"])), strict=True)),
        "paths": {key: paths[key] for key in (*how, "authored")},
        "shares": shares,
        "others": other_audiences(
            industry,
            n_lineages=size.searching,
            n_generations=size.generations,
            seed=effort.seed,
            n_steps=size.steps,
        )
        if size.others
        else [],
    }, checks


def copying_found(
    industry: Industry, effort: Effort, how: Mapping[str, Policy], *, refit: Refit, size: Size
) -> tuple[dict[str, Floats], dict[str, Check]]:
    """Total variance of each lineage and generation under each of :func:`policies`; the checks."""
    total = {
        key: lineages(
            industry,
            policy,
            n_lineages=size.of(policy),
            n_generations=size.generations,
            seed=effort.seed,
            group=_FRESH,
            refit=refit,
        )
        for key, policy in how.items()
    }
    n, name, generations = industry.n_levels, industry.name, size.generations
    left = {key: paths / industry.first_variance for key, paths in total.items()}
    after = f"share of the first generation's variance left after {generations}"
    # A lineage's variance over its own first has exactly the expectation that theory gives.
    kept = total["all_kept"][:, -1] / total["all_kept"][:, 0]
    fate, slow = left["favourites"], left["favourites_kept"]
    return total, {
        "rate": Check.of(
            f"{name}, all copied: variance of a generation over the last's, N = {n}",
            mean_and_error(_rates(total["all"])), "equal", 1 - 1 / n, within=_RATE_WITHIN),
        "kept": Check.of(
            f"{name}, all copied and kept: {after}",
            mean_and_error(kept), "equal", float(accumulated(n, generations)[-1]), within=_WITHIN),
        "at_once": Check.of(
            f"{name}, favourites copied: share of the first generation's variance left after one",
            mean_and_error(fate[:, 1]), "below", 1 - 1 / n),
        "in_the_end": Check.of(
            f"{name}, favourites copied: {after}",
            mean_and_error(fate[:, -1]), "below", float(replaced(n, generations)[-1])),
        "slowed": Check.of(
            f"{name}, favourites copied: {after}, everything kept less only the last learned",
            mean_and_error(slow[:, -1] - fate[:, -1]), "above", 0.0),
        "not_stopped": Check.of(
            f"{name}, favourites copied, everything kept: {after}",
            mean_and_error(slow[:, -1]), "below", HELD),
    }  # fmt: skip


def _rates(total: Floats) -> Floats:
    """``(lineages,)`` mean ratio of a generation's variance to the last's: independent values."""
    return np.asarray((total[:, 1:] / total[:, :-1]).mean(axis=1))


def _as_theory_has_it(
    industry: Industry, effort: Effort, size: Size, refit: Refit
) -> tuple[float, Check]:
    """The share of outside work that holds diversity by theory where all is copied; whether."""
    share = expected_share(industry, size.generations)
    total = lineages(
        industry,
        Policy(outside=share),
        n_lineages=size.copying,
        n_generations=size.generations,
        seed=effort.seed,
        group=_FRESH,
        refit=refit,
    )
    held = mean_and_error(end_of(total / industry.first_variance))
    what = f"{industry.name}, all copied: diversity with {100 * share:.3g} % outside work"
    return share, Check.of(what, held, "equal", HELD, within=_WITHIN)


def _searched(
    industry: Industry, key: str, policy: Policy, effort: Effort, size: Size, refit: Refit
) -> tuple[dict[str, float], dict[str, Any], dict[str, Check]]:
    """The share of outside work that holds diversity, its path on fresh lineages, the checks."""
    found = least_share(
        industry,
        policy,
        n_lineages=size.searching,
        n_generations=size.generations,
        seed=effort.seed,
        group=_SEARCH,
        n_steps=size.steps,
        refit=refit,
    )

    def run(outside: float) -> Floats:
        total = lineages(
            industry,
            replace(policy, outside=outside),
            n_lineages=size.choosing,
            n_generations=size.generations,
            seed=effort.seed,
            group=_FRESH,
            refit=refit,
        )
        return np.asarray(total / industry.first_variance)

    whole, half = run(found.value), run(found.value / 2)
    # The share is not known exactly, which is not the fresh lineages' fault.
    held, chance = mean_and_error(end_of(whole))
    error = math.hypot(chance, found.slope * found.error)
    low, chance = mean_and_error(end_of(half))
    low_error = math.hypot(chance, found.slope * found.error / 2)
    what = f"{industry.name}, favourites copied, {key}: diversity of fresh lineages with"
    return (
        {"share": found.value, "error": found.error},
        mean_path(whole),
        {
            key: Check.of(
                f"{what} {100 * found.value:.3g} % outside work",
                (held, error), "equal", HELD, within=_WITHIN),
            f"{key}_half": Check.of(
                f"{what} half as much", (low, low_error), "below", HELD),
        },
    )  # fmt: skip
