"""Compiled theme observer: many players, each a Dirichlet-process mixture that learns as it goes.

The mathematics is that of :mod:`.niw` and :mod:`.dirichlet_process`, which are the readable
reference; here it is arranged to be fast and hard to upset:

- A component keeps its weight, mean and *centred* scatter. Multiplying weight, sum and sum of
  outer products by a factor (forgetting) multiplies weight and scatter and leaves the mean alone,
  and an outlier far from the rest cancels nothing.
- The Cholesky factor of a component's predictive scale is made once, when the component changes.
  Progress under the new model and surprise of the next level both read it.
- Loops run along rows of an upper triangle, so that they vectorise without reordering sums.

The cost of a level does not depend on how many came before it.
"""

from __future__ import annotations

import math
from typing import NamedTuple

import numpy as np
import numpy.typing as npt

from procgen_sim.compiled import jit

Floats = npt.NDArray[np.float64]
Counts = npt.NDArray[np.int64]


class Traits(NamedTuple):
    """What players are like; never changes.

    Attributes
    ----------
    decay
        ``(P,)`` what is left of every statistic when the next level is learned; 1 forgets nothing.
    concentration
        ``(P,)`` alpha, in levels; 0 means one component and no mixture.
    noise_variance
        ``(P,)`` variance of perceptual noise per dimension; 0 for perfect perception.
    cell_bits
        ``(P,)`` −log2 of the volume of a perceptual cell; 0 for perfect perception.
    prior_mean, prior_kappa, prior_nu, prior_psi
        The naive Normal–inverse-Wishart, isotropic: mean and scale are the same in all dimensions.
    """

    decay: Floats
    concentration: Floats
    noise_variance: Floats
    cell_bits: Floats
    prior_mean: float
    prior_kappa: float
    prior_nu: float
    prior_psi: float


class Memory(NamedTuple):
    """What players have learned; kernels write it.

    Attributes
    ----------
    n_components
        ``(P,)`` components in use.
    weight
        ``(P, K)`` levels a component holds, after forgetting.
    mean
        ``(P, K, d)`` their mean.
    scatter
        ``(P, K, d, d)`` their centred scatter, upper triangle only.
    factor
        ``(P, K, d, d)`` upper Cholesky factor of the predictive scale, with 1 / diagonal on the
        diagonal; always that of the current statistics.
    log_norm
        ``(P, K)`` log of the predictive density at its peak, in nats; always current.
    """

    n_components: Counts
    weight: Floats
    mean: Floats
    scatter: Floats
    factor: Floats
    log_norm: Floats


@jit
def _log_excess(nu: float, d: int) -> float:
    """Log of the peak of a d-variate Student-t over that of a Gaussian of the same scale."""
    return math.lgamma(0.5 * (nu + d)) - math.lgamma(0.5 * nu) - 0.5 * d * math.log(0.5 * nu)


@jit
def _refresh(traits: Traits, memory: Memory, p: int, k: int) -> None:
    """Make the factor and the normalisation of one component agree with its statistics."""
    d = memory.mean.shape[2]
    weight = memory.weight[p, k]
    mean = memory.mean[p, k]
    scatter = memory.scatter[p, k]
    factor = memory.factor[p, k]
    kappa = traits.prior_kappa + weight
    nu = traits.prior_nu + weight - d + 1.0
    spread = (kappa + 1.0) / (kappa * nu)
    pull = traits.prior_kappa * weight / kappa
    excess = _log_excess(nu, d)
    noise = traits.noise_variance[p] * math.exp(2.0 * excess / d)
    # No eigenvalue of the exact matrix, hence no pivot, is below this; rounding may be.
    least = spread * traits.prior_psi + noise
    for i in range(d):
        away = pull * (mean[i] - traits.prior_mean)
        for j in range(i, d):
            factor[i, j] = spread * (scatter[i, j] + away * (mean[j] - traits.prior_mean))
        factor[i, i] += least
    log_det = 0.0
    for i in range(d):
        pivot = max(factor[i, i], least)
        log_det += math.log(pivot)
        inverse = 1.0 / math.sqrt(pivot)
        factor[i, i] = inverse
        for j in range(i + 1, d):
            factor[i, j] *= inverse
        for row in range(i + 1, d):
            times = factor[i, row]
            for j in range(row, d):
                factor[row, j] -= times * factor[i, j]
    memory.log_norm[p, k] = excess - 0.5 * d * math.log(2.0 * math.pi) - 0.5 * log_det


@jit
def _log_component(
    traits: Traits, memory: Memory, p: int, k: int, level: Floats, rest: Floats
) -> float:
    """Log predictive density of one component, in nats. ``rest`` is scratch of length d."""
    d = level.shape[0]
    weight = memory.weight[p, k]
    mean = memory.mean[p, k]
    factor = memory.factor[p, k]
    share = weight / (traits.prior_kappa + weight)
    nu = traits.prior_nu + weight - d + 1.0
    for i in range(d):
        rest[i] = level[i] - traits.prior_mean - share * (mean[i] - traits.prior_mean)
    square = 0.0
    for i in range(d):
        z = rest[i] * factor[i, i]
        square += z * z
        for j in range(i + 1, d):
            rest[j] -= z * factor[i, j]
    return float(memory.log_norm[p, k] - 0.5 * (nu + d) * math.log1p(square / nu))


@jit
def _log_newcomer(traits: Traits, p: int, level: Floats) -> float:
    """Log predictive density of a component that has seen nothing, in nats."""
    d = level.shape[0]
    nu = traits.prior_nu - d + 1.0
    excess = _log_excess(nu, d)
    variance = traits.prior_psi * (traits.prior_kappa + 1.0) / (traits.prior_kappa * nu)
    variance += traits.noise_variance[p] * math.exp(2.0 * excess / d)
    square = 0.0
    for i in range(d):
        square += (level[i] - traits.prior_mean) ** 2
    log_norm = excess - 0.5 * d * math.log(2.0 * math.pi * variance)
    return float(log_norm - 0.5 * (nu + d) * math.log1p(square / (variance * nu)))


@jit
def _log_mixture(
    traits: Traits,
    memory: Memory,
    p: int,
    level: Floats,
    log_new: float,
    log_scores: Floats,
    rest: Floats,
) -> float:
    """Log predictive density of the whole mixture, in nats.

    ``log_scores`` ``(K + 1,)`` receives the log of weight times density per component, the
    newcomer after the last component in use.
    """
    alpha = traits.concentration[p]
    if alpha == 0.0:
        log_scores[0] = _log_component(traits, memory, p, 0, level, rest)
        return float(log_scores[0])
    n = memory.n_components[p]
    total = alpha
    log_scores[n] = math.log(alpha) + log_new
    best = log_scores[n]
    for k in range(n):
        weight = memory.weight[p, k]
        total += weight
        if weight > 0.0:
            log_scores[k] = math.log(weight) + _log_component(traits, memory, p, k, level, rest)
        else:  # forgotten beyond what a float can hold
            log_scores[k] = -np.inf
        best = max(best, log_scores[k])
    together = 0.0
    for k in range(n + 1):
        together += math.exp(log_scores[k] - best)
    return float(best + math.log(together) - math.log(total))


@jit
def _learn(traits: Traits, memory: Memory, p: int, level: Floats, log_scores: Floats) -> None:
    """Forget a little, then give the level to the component most likely to have made it."""
    d = level.shape[0]
    n = memory.n_components[p]
    chosen = 0
    if traits.concentration[p] > 0.0:
        for k in range(1, n):
            if log_scores[k] > log_scores[chosen]:
                chosen = k
        if n < memory.weight.shape[1] and (n == 0 or log_scores[n] > log_scores[chosen]):
            chosen = n
            n += 1
            memory.n_components[p] = n
    decay = traits.decay[p]
    if decay < 1.0:
        for k in range(n):
            memory.weight[p, k] *= decay
            for i in range(d):
                for j in range(i, d):
                    memory.scatter[p, k, i, j] *= decay
    mean = memory.mean[p, chosen]
    scatter = memory.scatter[p, chosen]
    before = memory.weight[p, chosen]
    after = before + 1.0
    share = before / after
    for i in range(d):
        off = share * (level[i] - mean[i])
        for j in range(i, d):
            scatter[i, j] += off * (level[j] - mean[j])
    for i in range(d):
        mean[i] += (level[i] - mean[i]) / after
    memory.weight[p, chosen] = after
    if decay < 1.0:
        for k in range(n):
            _refresh(traits, memory, p, k)
    else:
        _refresh(traits, memory, p, chosen)


@jit
def begin(traits: Traits, memory: Memory) -> None:
    """Turn zeroed memory into that of newcomers."""
    for p in range(memory.weight.shape[0]):
        memory.n_components[p] = 1 if traits.concentration[p] == 0.0 else 0
        for k in range(memory.weight.shape[1]):
            for i in range(memory.mean.shape[2]):
                memory.mean[p, k, i] = traits.prior_mean
        _refresh(traits, memory, p, 0)


@jit
def observe(
    traits: Traits, memory: Memory, levels: Floats, surprise_bits: Floats, progress_bits: Floats
) -> None:
    """Show every player a sequence of levels, learning from each.

    Parameters
    ----------
    traits, memory
        The players; ``memory`` is updated.
    levels
        ``(P, T, d)``, or ``(1, T, d)`` when all players meet the same levels.
    surprise_bits, progress_bits
        ``(P, T)``, written.
    """
    d = levels.shape[2]
    log_scores = np.empty(memory.weight.shape[1] + 1)
    rest = np.empty(d)
    for p in range(memory.weight.shape[0]):
        own = p if levels.shape[0] > 1 else 0
        for t in range(levels.shape[1]):
            level = levels[own, t]
            log_new = _log_newcomer(traits, p, level)
            before = _log_mixture(traits, memory, p, level, log_new, log_scores, rest)
            surprise_bits[p, t] = traits.cell_bits[p] - before / math.log(2.0)
            _learn(traits, memory, p, level, log_scores)
            after = _log_mixture(traits, memory, p, level, log_new, log_scores, rest)
            progress_bits[p, t] = (after - before) / math.log(2.0)


@jit
def learn(traits: Traits, memory: Memory, levels: Floats) -> None:
    """Show every player a sequence of levels ``(P, T, d)`` or ``(1, T, d)`` and ask nothing."""
    log_scores = np.empty(memory.weight.shape[1] + 1)
    rest = np.empty(levels.shape[2])
    for p in range(memory.weight.shape[0]):
        own = p if levels.shape[0] > 1 else 0
        for t in range(levels.shape[1]):
            level = levels[own, t]
            log_new = _log_newcomer(traits, p, level)
            _log_mixture(traits, memory, p, level, log_new, log_scores, rest)
            _learn(traits, memory, p, level, log_scores)


@jit
def surprise(traits: Traits, memory: Memory, levels: Floats, surprise_bits: Floats) -> None:
    """Bits of levels to players as they are: nothing is learned.

    ``levels`` is ``(P, T, d)`` or ``(1, T, d)``; ``surprise_bits`` ``(P, T)`` is written.
    """
    log_scores = np.empty(memory.weight.shape[1] + 1)
    rest = np.empty(levels.shape[2])
    for p in range(memory.weight.shape[0]):
        own = p if levels.shape[0] > 1 else 0
        for t in range(levels.shape[1]):
            level = levels[own, t]
            log_new = _log_newcomer(traits, p, level)
            nats = _log_mixture(traits, memory, p, level, log_new, log_scores, rest)
            surprise_bits[p, t] = traits.cell_bits[p] - nats / math.log(2.0)
