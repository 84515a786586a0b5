"""Who makes the decisions that an author delegates."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass

import numpy as np
import numpy.typing as npt

from procgen_sim.experiments.essay.delegation.completion import Sets, Vectors, complete
from procgen_sim.experiments.essay.delegation.signature import Whose
from procgen_sim.models import DesignModel

__all__ = ["Machine", "Task", "autocomplete", "kept_decisions"]


@dataclass(frozen=True, kw_only=True)
class Task:
    """What a machine is asked to complete.

    Attributes
    ----------
    authors
        The authors, as components of one mixture.
    common
        The model of all their work.
    levels
        ``(n, d)`` as their authors would have made them.
    whose
        ``(n,)`` the author of each.
    kept
        ``(n, s)`` numbers of the decisions that each author keeps.
    """

    authors: DesignModel
    common: DesignModel
    levels: Vectors
    whose: Whose
    kept: Sets


Machine = Callable[[Task, np.random.Generator], Vectors]
"""What makes the delegated decisions: ``(n, d)`` completed levels."""


def autocomplete(task: Task, rng: np.random.Generator) -> Vectors:
    """The common model makes the delegated decisions, given those that are kept."""
    return complete(task.common, task.levels, task.kept, rng=rng)


def kept_decisions(
    n: int, d: int, n_made: int, order: npt.NDArray[np.int64] | None, rng: np.random.Generator
) -> Sets:
    """``(n, d − n_made)`` decisions that each of n levels' authors keeps, rising.

    The first ``n_made`` of ``order`` are delegated; if there is none, any, others each level.
    """
    if order is None:
        orders = rng.permuted(np.tile(np.arange(d), (n, 1)), axis=1)
    else:
        orders = np.tile(order, (n, 1))
    return np.sort(orders[:, n_made:], axis=1)
