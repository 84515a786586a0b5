"""What decisions say about who made them, in bits, from the authors' true densities.

Of K authors who made equally many levels, the decisions S of a level hold

    I(A; X_S) = log2 K + E log2 p(A | X_S),     p(a | x_S) ∝ p_a(x_S)

bits about the author [Shannon1948]_, here a mean over levels. What a machine adds to them depends
on them alone: author → kept decisions → completed level is a Markov chain, so a completed level
holds just as much for somebody who knows which decisions were kept, and no more for anybody.
"""

from __future__ import annotations

import math

import numpy as np
import numpy.typing as npt

from procgen_sim.experiments.essay.delegation.completion import (
    Sets,
    Vectors,
    all_sets,
    log_marginals,
)
from procgen_sim.models import DesignModel

__all__ = ["Whose", "bits_by_set", "bits_of_sets", "by_size", "telling_order"]

Whose = npt.NDArray[np.int64]


def bits_of_sets(
    authors: DesignModel,
    levels: Vectors,
    whose: Whose,
    sets: Sets,
    *,
    schools: Whose | None = None,
) -> tuple[Vectors, Vectors]:
    """Bits about the author, and about the author's school, in sets of decisions.

    Parameters
    ----------
    authors
        k authors, the components.
    levels, whose
        ``(n, d)`` levels as their authors made them, and ``(n,)`` whose each is.
    sets
        ``(m, s)`` numbers of decisions.
    schools
        ``(k,)`` numbers 0, 1, … of what each author belongs to (a genre), equally many authors in
        each; all in one if None.

    Returns
    -------
    Twice ``(m,)``.
    """
    logs = log_marginals(authors, levels, sets)
    logs -= logs.max(axis=1, keepdims=True)
    shares = np.exp(logs)
    every = np.log(shares.sum(axis=1))
    author = _bits(logs[:, whose, np.arange(len(whose))] - every, authors.n_components)
    if schools is None:
        return author, np.zeros(len(sets))
    n_schools = int(schools.max()) + 1
    within = np.stack([shares[:, schools == i].sum(axis=1) for i in range(n_schools)], axis=1)
    mine = within[:, schools[whose], np.arange(len(whose))]
    return author, _bits(np.log(mine) - every, n_schools)


def bits_by_set(
    authors: DesignModel, levels: Vectors, whose: Whose, *, schools: Whose | None = None
) -> tuple[Vectors, Vectors]:
    """The same of every set of decisions: twice ``(2^d,)``; decision j counts 2^j of its place."""
    d = levels.shape[1]
    found = np.zeros((2, 1 << d))
    for size in range(1, d + 1):
        sets = all_sets(d, size)
        places = (1 << sets).sum(axis=1)
        found[:, places] = bits_of_sets(authors, levels, whose, sets, schools=schools)
    return found[0], found[1]


def by_size(bits: Vectors) -> list[float]:
    """The mean over all sets of as many decisions, those of all d first and the empty one last.

    >>> by_size(np.array([0.0, 0.25, 0.75, 1.0]))
    [1.0, 0.5, 0.0]
    """
    sizes = np.array([place.bit_count() for place in range(len(bits))])
    return [float(bits[sizes == size].mean()) for size in range(int(sizes[-1]), -1, -1)]


def telling_order(bits: Vectors, *, worst: bool) -> npt.NDArray[np.int64]:
    """In which order decisions are delegated: how much what is kept then says about the author.

    Found from its end, greedily: the decision kept to the last is the one that says least alone
    (the worst case for the author) or most (the best); each decision delegated before it adds
    least, or most, to those after it. So a decision counts for what it says that others do not.

    Parameters
    ----------
    bits
        ``(2^d,)`` as :func:`bits_by_set` finds them.
    worst
        The most telling first; else the least telling first.

    Examples
    --------
    >>> telling_order(np.array([0.0, 0.2, 0.9, 1.0]), worst=True).tolist()
    [1, 0]
    """
    free = list(range(len(bits).bit_length() - 1))
    kept, order = 0, []
    while free:
        together = [bits[kept + (1 << j)] for j in free]
        j = free.pop(int(np.argmin(together) if worst else np.argmax(together)))
        kept += 1 << j
        order.append(j)
    return np.array(order[::-1], np.int64)


def _bits(told: Vectors, n_authors: int) -> Vectors:
    """``(m, n)`` log posteriors of the true author, before n levels, to ``(m,)`` bits."""
    return np.asarray(math.log2(n_authors) + told.mean(axis=1) / math.log(2.0))
