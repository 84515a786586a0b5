"""What theory says of generations that copy all of the last: exact expectations, no simulation.

A generation is one Gaussian fitted by maximum likelihood to N levels, and ``v`` its total variance,
the trace of its covariance. The next is fitted to N levels drawn from it, which have
``E|x − x̄|²`` summed to (N − 1) v, so

    E[v' | v] = (1 − 1/N) v:

models that learn from models collapse [Shumailov2024]_. Where everything made so far stays in the
training set [Gerstgrasser2024]_, there are n = N t levels after t batches, and N new ones give

    E[v' | v] = (1 − N / (n + N)²) v = (1 − 1 / (N (t + 1)²)) v,

because to the n v expected squares the new batch adds N − 1 + n / (n + N) times v. The product over
all t stays above 0: it is ``[sin(π/√N) / (π/√N)] / (1 − 1/N)``, 98 % for N = 40.

Where a share b = 1 − a of each generation is drawn from outside, around 0 with variance u, and the
model's mean is m away from there in expected squares,

    E v' = (1 − 1/N) (a v + b u) + a b m,    E m' = a² m + (a v + b u) / N,

which comes to rest near v = u b / (b + 1/(2N)) for small b.
"""

from __future__ import annotations

import numpy as np
import numpy.typing as npt

from procgen_sim.experiments.essay.complacency.industries import Industry
from procgen_sim.experiments.essay.complacency.outsiders import works_due

__all__ = ["accumulated", "replaced", "with_outside"]

Floats = npt.NDArray[np.float64]


def replaced(n: int, generations: int) -> Floats:
    """``(generations + 1,)`` expected variance as a share of the first, each fitted to the last."""
    return np.asarray((1 - 1 / n) ** np.arange(generations + 1.0))


def accumulated(n: int, generations: int) -> Floats:
    """``(generations + 1,)`` expected variance as a share of the first, everything kept.

    >>> limit = np.sinc(40**-0.5) / (1 - 1 / 40)
    >>> bool(abs(accumulated(40, 10_000)[-1] - limit) < 1e-5), round(float(limit), 4)
    (True, 0.984)
    """
    batches = np.arange(2.0, generations + 2)
    return np.cumprod(np.concatenate([[1.0], 1 - 1 / (n * batches**2)]))


def with_outside(industry: Industry, share: float, generations: int) -> Floats:
    """``(generations + 1,)`` expected variance as a share of the first, with authored work."""
    n, u = industry.n_levels, float(industry.n_parameters)
    # Work drawn anew has a sample's variance and mean; one body that all start from is the source.
    v, m = industry.first_variance, u / n if industry.drawn_anew else 0.0
    path = [v]
    for generation in range(1, generations + 1):
        b = works_due(share, n, generation) / n
        a = 1 - b
        mixed = a * v + b * u
        v, m = (1 - 1 / n) * mixed + a * b * m, a * a * m + mixed / n
        path.append(v)
    return np.array(path) / path[0]
