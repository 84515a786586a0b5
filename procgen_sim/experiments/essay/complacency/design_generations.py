"""What becomes of an industry of design models, on dots or on levels, and what would hold it."""

from __future__ import annotations

import math
from collections.abc import Mapping
from dataclasses import dataclass, replace
from typing import Any, Final

import numpy as np
import numpy.typing as npt

from procgen_sim.experiments.essay.complacency.diversity_path import half_gone, mean_path
from procgen_sim.experiments.essay.complacency.expectations import (
    accumulated,
    replaced,
    with_outside,
)
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

__all__ = ["POLICIES", "SEARCHED", "copying_found", "industry_found"]

Floats = npt.NDArray[np.float64]

_CROWD: Final = Audience()

POLICIES: Final[dict[str, Policy]] = {
    "all": Policy(),
    "all_kept": Policy(accumulate=True),
    "favourites": Policy(audience=_CROWD),
    "favourites_kept": Policy(audience=_CROWD, accumulate=True),
}
"""What is copied of the last generation, and whether everything older stays in the training set."""

SEARCHED: Final[dict[str, Policy]] = {
    "all_authored": Policy(),
    "authored": Policy(audience=_CROWD),
    "novelty": Policy(audience=_CROWD, source="novelty"),
}
"""What outside work is searched for: where all is copied, and where the favourites are."""

_FRESH, _SEARCH = 0, 1  # groups of lineages: shown and checked, first of those searched


@dataclass(frozen=True, kw_only=True)
class _Size:
    """How much is simulated.

    Attributes
    ----------
    generations
        After the first.
    copying, keeping, choosing
        Lineages of an industry that copies all, whose fates differ widely, of one that keeps
        everything as well, and of one that copies favourites.
    groups, steps, group_all, group_favourites
        Groups in a search, its steps, and lineages of one group.
    """

    generations: int
    copying: int
    keeping: int
    choosing: int
    groups: int
    steps: int
    group_all: int
    group_favourites: int

    def of(self, policy: Policy) -> int:
        """Lineages to show and check a policy with."""
        if policy.audience is not None:
            return self.choosing
        return self.keeping if policy.accumulate else self.copying


def _size(effort: Effort) -> _Size:
    return _Size(
        generations=effort.of(50, 25),
        copying=effort.of(1500, 500),
        keeping=effort.of(400, 200),
        choosing=effort.of(200, 40),
        groups=effort.of(8, 3),
        steps=effort.of(8, 5),
        group_all=effort.of(120, 60),
        group_favourites=effort.of(16, 6),
    )


def industry_found(
    industry: Industry, effort: Effort, *, refit: Refit, accumulate: bool
) -> tuple[dict[str, Any], list[Check]]:
    """Numbers of one industry and the checks of what is claimed of it.

    ``accumulate`` False forgets what is to be kept, which a test may plant.
    """
    size = _size(effort)
    total, checks = copying_found(industry, effort, refit=refit, accumulate=accumulate)
    paths = {key: mean_path(values / values[:, 0].mean()) for key, values in total.items()}
    shares = {}
    for key, policy in SEARCHED.items():
        shares[key], path, found = _searched(industry, key, policy, effort, size)
        paths[key] = path
        checks += found
    return {
        "name": industry.name,
        "n_levels": industry.n_levels,
        "n_parameters": industry.n_parameters,
        "theory": {
            "all": replaced(industry.n_levels, size.generations),
            "all_kept": accumulated(industry.n_levels, size.generations),
        },
        "rate": dict(zip(("value", "error"), mean_and_error(_rates(total["all"])), strict=True)),
        "paths": paths,
        "half_gone": {key: half_gone(np.asarray(path["mean"])) for key, path in paths.items()},
        "shares": shares,
        "others": other_audiences(
            industry,
            n_lineages=size.group_favourites,
            n_generations=size.generations,
            seed=effort.seed,
            n_steps=None if effort.quick else size.steps,
        ),
    }, checks


def copying_found(
    industry: Industry, effort: Effort, *, refit: Refit, accumulate: bool
) -> tuple[dict[str, Floats], list[Check]]:
    """Total variance of each lineage and generation under each of :data:`POLICIES`; the checks."""
    size = _size(effort)
    total = {
        key: lineages(
            industry,
            replace(policy, accumulate=policy.accumulate and accumulate),
            n_lineages=size.of(policy),
            n_generations=size.generations,
            seed=effort.seed,
            group=_FRESH,
            refit=refit,
        )
        for key, policy in POLICIES.items()
    }
    return total, [*_of_theory(industry, total), *_of_favourites(industry, total)]


def _rates(total: Floats) -> Floats:
    """``(lineages,)`` mean ratio of a generation's variance to the last's: independent values."""
    return np.asarray((total[:, 1:] / total[:, :-1]).mean(axis=1))


def _of_theory(industry: Industry, total: Mapping[str, Floats]) -> list[Check]:
    n, name = industry.n_levels, industry.name
    generations = total["all"].shape[1] - 1
    # A lineage's variance over its first has exactly the expectation that theory gives.
    left = {key: paths[:, -1] / paths[:, 0] for key, paths in total.items()}
    after = f"share of the first model's variance after {generations} generations"
    return [
        _check(f"{name}, all copied: variance of a generation over the last's, N = {n}",
               _rates(total["all"]), "equal", 1 - 1 / n),
        _check(f"{name}, all copied and kept: {after}",
               left["all_kept"], "equal", accumulated(n, generations)[-1]),
        _check(f"{name}, all copied and kept: {after}", left["all_kept"], "above", HELD),
        _check(f"{name}, all copied: {after}", left["all"], "below", HELD),
    ]  # fmt: skip


def _of_favourites(industry: Industry, total: Mapping[str, Floats]) -> list[Check]:
    n, name = industry.n_levels, industry.name
    left = {key: paths / paths[:, 0].mean() for key, paths in total.items()}
    generations = total["favourites"].shape[1] - 1
    return [
        _check(f"{name}, favourites copied: share of diversity left after one generation",
               left["favourites"][:, 1], "below", 1 - 1 / n),
        _check(f"{name}, favourites copied: share of diversity left after {generations}",
               left["favourites"][:, -1], "below", replaced(n, generations)[-1]),
        _check(f"{name}, favourites copied: share left after {generations}, kept less replaced",
               left["favourites_kept"][:, -1] - left["favourites"][:, -1], "above", 0.0),
    ]  # fmt: skip


def _searched(
    industry: Industry, key: str, policy: Policy, effort: Effort, size: _Size
) -> tuple[dict[str, Any], dict[str, Any], list[Check]]:
    """The share of outside work that holds diversity, its path on fresh lineages, the checks."""
    copying = policy.audience is None
    found = [
        least_share(
            industry,
            policy,
            n_lineages=size.group_all if copying else size.group_favourites,
            n_generations=size.generations,
            seed=effort.seed,
            group=_SEARCH + group,
            n_steps=size.steps,
        )
        for group in range(size.groups)
    ]
    share, error = mean_and_error(found)
    error = math.hypot(error, 2.0 ** -(size.steps + 1) / math.sqrt(3))  # and the last step's

    def run(outside: float) -> Floats:
        total = lineages(
            industry,
            replace(policy, outside=outside),
            n_lineages=size.of(policy),
            n_generations=size.generations,
            seed=effort.seed,
            group=_FRESH,
        )
        return np.asarray(total / total[:, 0].mean())

    whole, half = run(share), run(share / 2)
    kept, kept_error = mean_and_error(end_of(whole))
    low, low_error = mean_and_error(end_of(half))
    slope = (kept - low) / (share / 2)
    what = f"{industry.name}, {_WORDS[key]}: share of diversity held with"
    checks = [
        Check(
            what=f"{what} {100 * share:.3g} % outside work",
            estimate=kept,
            standard_error=math.hypot(kept_error, slope * error),
            relation="equal",
            bound=HELD,
        ),
    ]
    told: dict[str, Any] = {"share": share, "error": error, "held": kept, "half_held": low}
    if copying:
        told["theory"] = expected_share(industry, size.generations)
        told["half_theory"] = float(end_of(with_outside(industry, share / 2, size.generations)))
        checks += [
            Check(
                what=f"{industry.name}, {_WORDS[key]}: share of outside work needed",
                estimate=share,
                standard_error=error,
                relation="equal",
                bound=told["theory"],
            ),
            Check(
                what=f"{what} half as much, as theory has it",
                estimate=low,
                standard_error=low_error,
                relation="equal",
                bound=told["half_theory"],
            ),
        ]
    else:
        checks.append(
            Check(
                what=f"{what} half as much",
                estimate=low,
                standard_error=low_error,
                relation="below",
                bound=HELD,
            )
        )
    return told, mean_path(whole), checks


_WORDS: Final = {
    "all_authored": "all copied, authored",
    "authored": "favourites copied, authored",
    "novelty": "favourites copied, novelty",
}


def _check(what: str, values: Floats, relation: Any, bound: float) -> Check:
    estimate, error = mean_and_error(values)
    return Check(
        what=what, estimate=estimate, standard_error=error, relation=relation, bound=float(bound)
    )
