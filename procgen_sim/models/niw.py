r"""The conjugate learner of a Gaussian: Normal–inverse-Wishart, in textbook form.

With :math:`\Sigma \sim \mathrm{IW}(\Psi_0, \nu_0)` and
:math:`\mu \mid \Sigma \sim N(m_0, \Sigma / \kappa_0)`, data of weight *w*, sum *s* and sum of outer
products *Q* give a posterior of the same form ([Murphy2007]_ section 9, [Gelman2013]_ section 3.6)

.. math::
    \kappa = \kappa_0 + w, \quad \nu = \nu_0 + w, \quad m = (\kappa_0 m_0 + s) / \kappa, \quad
    \Psi = \Psi_0 + Q + \kappa_0 m_0 m_0^T - \kappa\, m m^T

and the next datum is multivariate Student-t:
:math:`t_{\nu - d + 1}(m, \Psi (\kappa + 1) / (\kappa (\nu - d + 1)))`. Its total regret over n data
against the best Gaussian in hindsight approaches :math:`(k / 2) \log_2 n + c` bits with
:math:`k = d + d (d + 1) / 2` parameters ([ClarkeBarron1990]_).

**Perceptual resolution.** People tell about 2.5 bits a dimension apart ([Miller1956]_), so a level
is a cell of width :math:`\delta = 2^{-2.5}` of the natural range, and costs
:math:`-\log_2(\text{density} \cdot \delta^d)` bits. Perception adds noise to the predictive scale:
:math:`t_{\nu'}(m, S + r^2 c(\nu') I)` with :math:`r = \delta / \sqrt{2 \pi}` and

.. math::
    c(\nu') = \left[ \frac{\Gamma((\nu' + d) / 2)}{\Gamma(\nu' / 2)\,(\nu' / 2)^{d / 2}}
    \right]^{2 / d}, \qquad c \to 1 \text{ as } \nu' \to \infty .

*Bits are never negative.* With :math:`g = c^{d / 2}` the peak density is
:math:`g\,(2 \pi)^{-d / 2}\, |S + r^2 c I|^{-1 / 2}`. As S is positive definite,
:math:`|S + r^2 c I|^{1 / 2} > r^d g = \delta^d (2 \pi)^{-d / 2} g`; so peak density times
:math:`\delta^d` is below 1, and a mixture of such densities stays below 1 too. The factor c is
needed: a Student-t peaks higher than the Gaussian of equal scale as soon as d > 2 (then c > 1), and
without it a level repeated often could cost less than nothing.
"""

from __future__ import annotations

import math
from dataclasses import dataclass

import numpy as np
import numpy.typing as npt

__all__ = ["NormalInverseWishart", "Perception", "StudentT"]

Floats = npt.NDArray[np.float64]


@dataclass(frozen=True, kw_only=True)
class Perception:
    """How finely a player tells values apart.

    Attributes
    ----------
    resolution_bits
        log2 of how many values per dimension are told apart; infinity for perfect perception, when
        bits are plainly −log2 of the density.
    """

    resolution_bits: float

    @property
    def cell_bits(self) -> float:
        """−log2 of the cell width; 0 for perfect perception."""
        return 0.0 if math.isinf(self.resolution_bits) else self.resolution_bits

    def noise_variance(self, df: float, n_dimensions: int) -> float:
        """The variance :math:`r^2 c(\\nu')` that perception adds to every dimension."""
        if math.isinf(self.resolution_bits):
            return 0.0
        r = math.exp2(-self.resolution_bits) / math.sqrt(2 * math.pi)
        log_g = (
            math.lgamma((df + n_dimensions) / 2)
            - math.lgamma(df / 2)
            - n_dimensions / 2 * math.log(df / 2)
        )
        return r**2 * math.exp(2 * log_g / n_dimensions)

    def bits(self, log_density: float, n_dimensions: int) -> float:
        """Bits of a level from the log of its density, in nats."""
        return -log_density / math.log(2) + n_dimensions * self.cell_bits


@dataclass(frozen=True, kw_only=True)
class StudentT:
    """Multivariate Student-t with location ``(d,)``, scale matrix ``(d, d)`` and df > 0."""

    location: Floats
    scale: Floats
    df: float

    def log_density(self, x: Floats) -> float:
        """Log density of ``x`` ``(d,)``, in nats."""
        d = len(self.location)
        away = x - self.location
        _, log_det = np.linalg.slogdet(self.scale)
        square = float(away @ np.linalg.solve(self.scale, away))
        return float(
            math.lgamma((self.df + d) / 2)
            - math.lgamma(self.df / 2)
            - d / 2 * math.log(self.df * math.pi)
            - log_det / 2
            - (self.df + d) / 2 * math.log1p(square / self.df)
        )


@dataclass(frozen=True, kw_only=True)
class NormalInverseWishart:
    """Belief about a Gaussian's mean and covariance.

    Attributes
    ----------
    mean
        ``(d,)`` expected mean.
    kappa
        How many levels that mean is worth.
    nu
        Degrees of freedom of the covariance, more than d − 1.
    psi
        ``(d, d)`` its scale matrix; the expected covariance is ``psi / (nu - d - 1)``.

    Examples
    --------
    >>> naive = NormalInverseWishart.isotropic(2, mean=0.5, kappa=1.0, nu=4.0, psi=1 / 24)
    >>> after = naive.learn(np.array([[0.9, 0.1], [0.8, 0.2]]))
    >>> after.mean.round(3).tolist(), after.kappa
    ([0.733, 0.267], 3.0)
    """

    mean: Floats
    kappa: float
    nu: float
    psi: Floats

    @classmethod
    def isotropic(
        cls, n_dimensions: int, *, mean: float, kappa: float, nu: float, psi: float
    ) -> NormalInverseWishart:
        """A belief that treats all dimensions alike and as unrelated."""
        return cls(
            mean=np.full(n_dimensions, mean), kappa=kappa, nu=nu, psi=psi * np.eye(n_dimensions)
        )

    def posterior(self, weight: float, total: Floats, outer: Floats) -> NormalInverseWishart:
        """Belief after data with weight w, sum ``(d,)`` and sum of outer products ``(d, d)``."""
        kappa = self.kappa + weight
        mean = (self.kappa * self.mean + total) / kappa
        psi = (
            self.psi
            + outer
            + self.kappa * np.outer(self.mean, self.mean)
            - kappa * np.outer(mean, mean)
        )
        return NormalInverseWishart(mean=mean, kappa=kappa, nu=self.nu + weight, psi=psi)

    def learn(self, data: Floats) -> NormalInverseWishart:
        """Belief after the rows of ``data`` ``(n, d)``."""
        return self.posterior(len(data), data.sum(axis=0), data.T @ data)

    def predictive(self, perception: Perception | None = None) -> StudentT:
        """Distribution of the next level, as it is perceived (None: exactly)."""
        d = len(self.mean)
        df = self.nu - d + 1
        scale = self.psi * (self.kappa + 1) / (self.kappa * df)
        if perception is not None:
            scale = scale + perception.noise_variance(df, d) * np.eye(d)
        return StudentT(location=self.mean, scale=scale, df=df)

    def log_evidence(self, data: Floats) -> float:
        """Log marginal likelihood of ``data`` ``(n, d)`` in nats, in closed form.

        [Murphy2007]_ equation 266: the ratio of the normalisations of posterior and prior.
        """
        n, d = data.shape
        after = self.learn(data)

        def log_norm(belief: NormalInverseWishart) -> float:
            _, log_det = np.linalg.slogdet(belief.psi)
            log_gamma = sum(math.lgamma((belief.nu - j) / 2) for j in range(d))
            return float(log_gamma - belief.nu / 2 * log_det - d / 2 * math.log(belief.kappa))

        return float(log_norm(after) - log_norm(self) - n * d / 2 * math.log(math.pi))
