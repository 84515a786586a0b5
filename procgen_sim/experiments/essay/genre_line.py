"""What a line through the levels of two genres holds: the way from one genre to the other, or more?

The line is the first principal axis of the levels' standardised parameters. Its *share* is that of
their spread along it, λ_1 / Σ_j λ_j. Two references say what that is made of [Horn1965]_: levels
whose parameters were shuffled, each on its own, share nothing but chance; levels shuffled within
their genre still have their genres' means, and nothing else in common. *Order off the line*,

    order = ½ Σ_j log2(λ̄ / λ_j)   over all but the first,

is the bits a level by which one Gaussian knows levels better than the line [Tipping1999]_.
"""

from __future__ import annotations

from typing import Final

import numpy as np
import numpy.typing as npt

from procgen_sim.models import DesignModel, DesignSpace, fit
from procgen_sim.models.fitting import FLOOR_SD
from procgen_sim.rng import stream

__all__ = [
    "axis_of",
    "bits_across",
    "bits_within",
    "order_off",
    "saved_bits",
    "share_of",
    "shuffled_shares",
    "spread_of",
    "way_of",
]

Vectors = npt.NDArray[np.float64]
Names = npt.NDArray[np.str_]

_TINY: Final = 1e-9


def spread_of(levels: Vectors) -> Vectors:
    """``(d,)`` shares of the standardised spread along each principal axis, the longest first.

    A parameter that is the same in all levels has no part in it.
    """
    varied = levels[:, levels.std(axis=0) > 0]
    standard = (varied - varied.mean(axis=0)) / varied.std(axis=0)
    sizes = np.zeros(levels.shape[1])
    found = np.linalg.eigvalsh(standard.T @ standard / len(levels))[::-1]
    sizes[: len(found)] = found / found.sum()
    return sizes


def share_of(levels: Vectors) -> float:
    """Share of the standardised spread along the line."""
    return float(spread_of(levels)[0])


def order_off(levels: Vectors) -> float:
    """Bits a level by which one Gaussian knows levels better than the line."""
    off = spread_of(levels)[1:]
    off = np.maximum(off[off > 0], _TINY)
    return float(0.5 * np.log2(off.mean() / off).sum())


def shuffled_shares(levels: Vectors, groups: Names, n: int, *, rng: np.random.Generator) -> Vectors:
    """``(n,)`` shares along the line of levels whose parameters were shuffled within each group."""
    shares, shuffled = np.empty(n), levels.copy()
    for k in range(n):
        for group in np.unique(groups):
            here = groups == group
            shuffled[here] = rng.permuted(levels[here], axis=0)
        shares[k] = share_of(shuffled)
    return shares


def axis_of(levels: Vectors, by: Vectors) -> Vectors:
    """``(d,)`` the line's direction of length 1, in units of the spread of the levels ``by``."""
    standard = _standard(levels, by)
    return np.asarray(np.linalg.eigh(np.cov(standard.T))[1][:, -1])


def way_of(levels: Vectors, bodies: Names) -> Vectors:
    """``(d,)`` direction of length 1 from the first genre's mean to the others', in units of the
    levels' spread."""
    standard, first = _standard(levels, levels), bodies == bodies[0]
    apart = standard[~first].mean(axis=0) - standard[first].mean(axis=0)
    return np.asarray(apart / np.linalg.norm(apart))


def _standard(levels: Vectors, by: Vectors) -> Vectors:
    spread = by.std(axis=0)
    return np.asarray((levels - by.mean(axis=0)) / np.where(spread > 0, spread, 1.0))


def bits_within(levels: Vectors, bodies: Names, space: DesignSpace, *, seed: int) -> list[float]:
    """Mean bits that each genre's own line saves on a level of it that it was not fitted to.

    Means without errors: leave-one-out values share nearly all they were fitted to.
    """
    means = []
    for body in dict.fromkeys(bodies.tolist()):
        own = levels[bodies == body]
        saved = [
            saved_bits(np.delete(own, i, axis=0), own[i : i + 1], space, seed=seed)
            for i in range(len(own))
        ]
        means.append(float(np.concatenate(saved).mean()))
    return means


def bits_across(levels: Vectors, bodies: Names, space: DesignSpace, *, seed: int) -> list[float]:
    """Mean bits that a line fitted to the other genre saves on the levels of each."""
    means = []
    for body in dict.fromkeys(bodies.tolist()):
        here = bodies == body
        means.append(float(saved_bits(levels[~here], levels[here], space, seed=seed).mean()))
    return means


def saved_bits(others: Vectors, levels: Vectors, space: DesignSpace, *, seed: int) -> Vectors:
    """``(n,)`` bits that a line fitted to ``others`` saves on each level, beside Gaussians of the
    same levels that know nothing of each other."""
    line: DesignModel = fit("trend", others, space, rng=stream(seed, "fit"))
    centre = others.mean(axis=0)
    sd = np.maximum(others.std(axis=0), FLOOR_SD * space.width)
    apart = -0.5 * ((levels - centre) / sd) ** 2 - np.log(sd) - 0.5 * np.log(2 * np.pi)
    return np.asarray((line.log_density(levels) - apart.sum(axis=1)) / np.log(2))
