"""The conjugate learner against brute force, quadrature and the theory of its regret."""

from __future__ import annotations

import math

import numpy as np
import numpy.typing as npt
import pytest

from procgen_sim.models.niw import NormalInverseWishart, Perception, StudentT
from procgen_sim.players import ThemeObserver
from procgen_sim.rng import stream

Floats = npt.NDArray[np.float64]
PERFECT = Perception(resolution_bits=math.inf)


def naive(d: int) -> NormalInverseWishart:
    return NormalInverseWishart.isotropic(d, mean=0.5, kappa=1.0, nu=d + 2.0, psi=1 / 24)


def chain_rule(prior: NormalInverseWishart, data: Floats) -> float:
    """Log probability of data, one predictive after another, in nats."""
    return sum(prior.learn(data[:i]).predictive().log_density(x) for i, x in enumerate(data))


@pytest.mark.parametrize("d", [1, 2, 5, 11])
@pytest.mark.parametrize("seed", range(5))
def test_predicting_one_by_one_is_the_closed_form_evidence(d: int, seed: int) -> None:
    data = stream(seed, "test", d).normal(0.4, 0.2, (15, d))
    assert chain_rule(naive(d), data) == pytest.approx(naive(d).log_evidence(data), abs=1e-8)


def test_posterior_odds_of_two_priors_follow_from_their_predictives() -> None:
    """Sequential Bayes over two hypotheses ends where the joint marginal likelihoods put it."""
    rng = stream(1, "test", 0)
    low = NormalInverseWishart.isotropic(3, mean=0.2, kappa=4.0, nu=6.0, psi=0.05)
    high = NormalInverseWishart.isotropic(3, mean=0.8, kappa=4.0, nu=9.0, psi=0.2)
    data = rng.normal(0.45, 0.2, (12, 3))
    log_odds = 0.0
    for i, x in enumerate(data):
        log_odds += low.learn(data[:i]).predictive().log_density(x)
        log_odds -= high.learn(data[:i]).predictive().log_density(x)
    assert log_odds == pytest.approx(low.log_evidence(data) - high.log_evidence(data), abs=1e-9)


def test_order_does_not_matter_without_forgetting() -> None:
    rng = stream(2, "test", 0)
    data = rng.normal(0.5, 0.2, (20, 4))
    assert chain_rule(naive(4), data) == pytest.approx(
        chain_rule(naive(4), rng.permutation(data)), abs=1e-9
    )


def test_a_planted_bug_is_noticed() -> None:
    """One degree of freedom too many is enough to break the chain rule."""

    def wrong(data: Floats, x: Floats) -> float:
        right = naive(3).learn(data).predictive()
        return StudentT(location=right.location, scale=right.scale, df=right.df + 1).log_density(x)

    data = stream(3, "test", 0).normal(0.5, 0.2, (10, 3))
    total = sum(wrong(data[:i], x) for i, x in enumerate(data))
    assert abs(total - naive(3).log_evidence(data)) > 0.1


def grid(half_width: float, n: int) -> tuple[Floats, float]:
    """Points of a square around the middle, fine near it, and the area of a cell in w."""
    w = (np.arange(n) + 0.5) / n * 2 - 1
    return w * half_width, (2 * half_width / n) ** 2


@pytest.mark.parametrize("resolution_bits", [1.0, 2.5, math.inf])
@pytest.mark.parametrize("n_seen", [0, 3, 30])
def test_two_dimensional_predictive_integrates_to_one(resolution_bits: float, n_seen: int) -> None:
    perception = Perception(resolution_bits=resolution_bits)
    data = stream(4, "test", n_seen).normal([0.3, 0.7], [0.1, 0.2], (n_seen, 2))
    belief = naive(2).learn(data).predictive(perception)
    # x = location + sinh(w): the grid is fine in the middle and reaches far into the tails.
    w, area = grid(math.asinh(200.0), 700)
    a, b = np.meshgrid(w, w, indexing="ij")
    points = np.stack([np.sinh(a), np.sinh(b)], axis=-1)
    quadratic = np.einsum("ijk,kl,ijl->ij", points, np.linalg.inv(belief.scale), points)
    peak = belief.log_density(belief.location)
    density = np.exp(peak - (belief.df + 2) / 2 * np.log1p(quadratic / belief.df))
    spot = points[500, 420]
    assert belief.log_density(belief.location + spot) == pytest.approx(
        math.log(density[500, 420]), abs=1e-9
    )
    total = float((density * np.cosh(a) * np.cosh(b)).sum() * area)
    assert total == pytest.approx(1.0, abs=2e-4)


@pytest.mark.parametrize("d", [1, 2, 3, 11, 40])
@pytest.mark.parametrize("resolution_bits", [0.5, 1.0, 2.5, 6.0])
def test_bits_are_never_negative_not_even_of_a_level_seen_a_thousand_times(
    d: int, resolution_bits: float
) -> None:
    perception = Perception(resolution_bits=resolution_bits)
    x = np.full(d, 0.5)
    for n in (0, 1, 2, 5, 20, 1000, 10**6):
        belief = naive(d).posterior(n, n * x, n * np.outer(x, x))
        bits = perception.bits(belief.predictive(perception).log_density(x), d)
        assert bits >= 0
    assert bits < 0.15 * d  # nothing is left to say of a level met a million times


def test_noise_that_ignores_the_heavy_tails_would_give_negative_bits() -> None:
    """Why the correction c of the module docstring is there; without it this prior breaks."""
    d, delta = 11, 2.0**-1.0
    belief = naive(d).posterior(5, np.full(d, 2.5), 5 * np.full((d, d), 0.25)).predictive()
    r = delta / math.sqrt(2 * math.pi)
    plain = StudentT(location=belief.location, scale=belief.scale + r**2 * np.eye(d), df=belief.df)
    assert -plain.log_density(belief.location) / math.log(2) - d * math.log2(delta) < -0.5


def test_perfect_perception_is_the_plain_density() -> None:
    belief = naive(3)
    x = np.array([0.1, 0.2, 0.9])
    assert PERFECT.bits(belief.predictive(PERFECT).log_density(x), 3) == pytest.approx(
        -belief.predictive().log_density(x) / math.log(2)
    )


# The regret of the conjugate learner


def regrets(n_levels: Floats, n_seeds: int, *, wrong_by: float = 0.0) -> Floats:
    """``(seeds, len(n_levels))`` bits paid beyond the true source, over Gaussians of many kinds."""
    d, longest = 2, int(n_levels.max())
    data = np.empty((n_seeds, longest, d))
    true_bits = np.empty((n_seeds, longest))
    for seed in range(n_seeds):
        rng = stream(seed, "test", 10)
        turn = np.linalg.qr(rng.normal(size=(d, d)))[0]
        root = turn @ np.diag(rng.uniform(0.05, 0.3, d))
        z = rng.normal(size=(longest, d))
        data[seed] = rng.uniform(0.3, 0.7, d) + z @ root.T
        log_density = -0.5 * (z**2).sum(axis=1) - d / 2 * math.log(2 * math.pi)
        true_bits[seed] = -(log_density - np.linalg.slogdet(root)[1]) / math.log(2)
    observer = ThemeObserver(
        d,
        half_life_levels=np.inf,
        concentration=0.0,
        resolution_bits=np.inf,
        n_players=n_seeds,
    )
    bits = observer.observe_many(data).surprise_bits + wrong_by / np.arange(1, longest + 1)
    return np.cumsum(bits - true_bits, axis=1)[:, n_levels.astype(int) - 1]


def slopes(regret: Floats, n_levels: Floats) -> Floats:
    """Per seed, bits of regret a doubling of n."""
    x = np.log2(n_levels)
    weights = (x - x.mean()) / ((x - x.mean()) ** 2).sum()
    return np.asarray(regret @ weights)


N_PARAMETERS = 2 + 3
"""Of a two-dimensional Gaussian: d + d (d + 1) / 2."""


LENGTHS = 2.0 ** np.arange(6, 13)


@pytest.fixture(scope="module")
def regret_and_error() -> tuple[float, float]:
    """Slope of regret over log2 n and its standard error, over many sources."""
    slope = slopes(regrets(LENGTHS, 1000), LENGTHS)
    return float(slope.mean()), float(slope.std(ddof=1) / math.sqrt(len(slope)))


@pytest.mark.slow
def test_regret_grows_by_half_the_parameters_a_doubling(
    regret_and_error: tuple[float, float],
) -> None:
    """Total regret approaches (k / 2) log2 n + c, in expectation [ClarkeBarron1990]_."""
    slope, error = regret_and_error
    assert error < 0.06
    assert abs(slope - N_PARAMETERS / 2) < 4 * error


@pytest.mark.slow
def test_the_regret_check_notices_a_loss_of_half_a_bit_over_n(
    regret_and_error: tuple[float, float],
) -> None:
    """A planted bug: 0.5 / n bits too many at level n add 0.5 ln 2 to the slope, to the digit."""
    _, error = regret_and_error
    planted = slopes(regrets(LENGTHS, 100, wrong_by=0.5) - regrets(LENGTHS, 100), LENGTHS)
    assert planted.mean() == pytest.approx(0.5 * math.log(2), rel=0.01)
    assert planted.mean() > 4 * error
