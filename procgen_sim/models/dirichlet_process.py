r"""A player who recognises genres: a Dirichlet-process mixture of conjugate Gaussians.

With :math:`w_k` levels held by component k, :math:`W = \sum_k w_k` and concentration alpha, the
next level has density

.. math::
    \sum_k \frac{w_k}{W + \alpha}\, t_k(x) + \frac{\alpha}{W + \alpha}\, t_0(x)

where :math:`t_0` is the naive predictive. Having been seen, a level is given whole to the most
probable of the components, a new one included: sequential greedy search ([WangDunson2011]_).
*Forgetting*: before a level is learned, weight, sum and sum of outer products of all components are
multiplied by :math:`2^{-1 / \text{half-life}}`, so beliefs decay towards the naive one.

Decisions: alpha = 0 is one single component from the start, exactly the conjugate learner. At most
``capacity`` components exist; once all are in use no new one opens and none is replaced (the
prediction still expects something new with weight alpha). A forgotten component has become the
naive belief again and is taken up by whatever fits nothing else.

This is the readable reference; :mod:`.theme_kernel` does the same for many players, fast.
"""

from __future__ import annotations

import math
from dataclasses import dataclass, field

import numpy as np
import numpy.typing as npt

from procgen_sim.models.niw import NormalInverseWishart, Perception

__all__ = ["DirichletProcessObserver"]

Floats = npt.NDArray[np.float64]


@dataclass
class _Component:
    """Sufficient statistics of the levels given to one component."""

    weight: float
    total: Floats
    outer: Floats


@dataclass(kw_only=True)
class DirichletProcessObserver:
    """One player's model of the levels so far.

    Attributes
    ----------
    prior
        Belief of a newcomer, and of every new component.
    perception
        How finely the player tells levels apart.
    concentration
        alpha, in levels: readiness to open a new component. 0: never.
    half_life_levels
        After how many levels half of what was learned is gone; infinity forgets nothing.
    capacity
        Most components there can be.
    components
        What was learned.
    """

    prior: NormalInverseWishart
    perception: Perception
    concentration: float
    half_life_levels: float
    capacity: int
    components: list[_Component] = field(default_factory=list)

    def bits(self, x: Floats) -> float:
        """Surprise of a level ``(d,)``; nothing is learned."""
        log_scores = self._log_scores(x)
        total = sum(c.weight for c in self.components) + self.concentration
        log_density = float(np.logaddexp.reduce(log_scores)) - math.log(total or 1.0)
        if self.concentration == 0:
            log_density = log_scores[0]
        return self.perception.bits(log_density, len(x))

    def observe(self, x: Floats) -> tuple[float, float]:
        """Surprise and learning progress of a level ``(d,)``, in bits, and learn it."""
        before = self.bits(x)
        self._learn(x)
        return before, before - self.bits(x)

    def _log_scores(self, x: Floats) -> list[float]:
        """Log of weight times density: every component, then a new one."""
        log_new = self.prior.predictive(self.perception).log_density(x)
        if self.concentration == 0:
            return [self._log_density(c, x) for c in self.components] or [log_new]
        known = [math.log(c.weight) + self._log_density(c, x) for c in self.components]
        return [*known, math.log(self.concentration) + log_new]

    def _log_density(self, component: _Component, x: Floats) -> float:
        belief = self.prior.posterior(component.weight, component.total, component.outer)
        return belief.predictive(self.perception).log_density(x)

    def _learn(self, x: Floats) -> None:
        log_scores = self._log_scores(x)
        most = 1 if self.concentration == 0 else self.capacity
        n = len(self.components)
        chosen = int(np.argmax(log_scores if n < most else log_scores[:n]))
        kept = 2.0 ** (-1.0 / self.half_life_levels)
        for component in self.components:
            component.weight *= kept
            component.total = component.total * kept
            component.outer = component.outer * kept
        if chosen == n:
            d = len(x)
            self.components.append(_Component(0.0, np.zeros(d), np.zeros((d, d))))
        component = self.components[chosen]
        component.weight += 1.0
        component.total = component.total + x
        component.outer = component.outer + np.outer(x, x)
