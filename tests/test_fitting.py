"""Every way of fitting a design model: one contract for all, then what is special to each."""

from __future__ import annotations

import math
import os
import re
import subprocess
import sys
from pathlib import Path
from typing import Any

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from hypothesis.extra.numpy import arrays

from procgen_sim._checks import InputError
from procgen_sim.models import (
    MODELS,
    DesignModel,
    DesignSpace,
    fit,
    hdr,
    load_model,
    save_model,
)
from procgen_sim.models.fitting import FLOOR_SD, fit_curve
from procgen_sim.models.fitting.found import standardise
from procgen_sim.models.fitting.kde import BANDWIDTHS, loo_log_likelihood
from procgen_sim.rng import stream

PLANE = DesignSpace(("x", "y"), low=np.zeros(2), high=np.full(2, 20.0))
CORPUS = DesignSpace(tuple(f"p{j}" for j in range(11)), np.arange(11.0), np.arange(11.0) * 3 + 2)
KINDS = pytest.mark.parametrize("kind", MODELS)
BETWEEN = ((8.0, 12.0), (8.0, 12.0))


def two_clusters(seed: int, *, n: int = 150, sd: float = 1.2) -> np.ndarray:
    """The essay's dots: n/2 about (5, 5) and n/2 about (15, 15)."""
    rng = stream(seed, "test", n)
    centres = np.where(np.arange(n)[:, None] < n // 2, 5.0, 15.0)
    return centres + rng.normal(scale=sd, size=(n, 2))


def corpus(seed: int, *, n: int = 32) -> np.ndarray:
    """What a folder of levels looks like: correlated, one column constant, one nearly binary."""
    rng = stream(seed, "test", n, 11)
    unit = 0.5 + 0.1 * rng.normal(size=(n, 3)) @ rng.normal(size=(3, 11))
    unit += 0.03 * rng.normal(size=(n, 11))
    unit[:, 3] = 0.25
    unit[:, 7] = rng.random(n) < 0.3
    return CORPUS.from_unit(unit)


DATA = {"plane": (two_clusters, PLANE), "corpus": (corpus, CORPUS)}
BODIES = pytest.mark.parametrize("body", DATA)


def fitted(kind: str, body: str = "plane", seed: int = 1, **options: object) -> DesignModel:
    data, space = DATA[body]
    return fit(kind, data(seed), space, options=options, rng=stream(seed, "fit"))


def integral(model: DesignModel, box: Any = None) -> float:
    """Mass of a plane model in a box, or everywhere, by the midpoint rule.

    Steps are at most 0.7 of the narrowest a component is along an axis, where the rule is exact
    to seven digits for Gaussians.
    """
    precision = np.linalg.inv(model.covariances)
    axes = []
    for j in range(2):
        reach = 7 * np.sqrt(model.covariances[:, j, j])
        ends = (model.means[:, j] - reach).min(), (model.means[:, j] + reach).max()
        low, high = box[j] if box else ends
        n = math.ceil((high - low) / (0.7 / math.sqrt(precision[:, j, j].max())))
        step = (high - low) / n
        axes.append((low + (np.arange(n) + 0.5) * step, step))
    (x, dx), (y, dy) = axes
    grid = np.stack(np.meshgrid(x, y), axis=-1).reshape(-1, 2)
    return float(np.exp(model.log_density(grid)).sum() * dx * dy)


def sameness_z(labels: np.ndarray, rng: np.random.Generator) -> float:
    """Neighbours with equal labels against shuffled order, in standard errors (a runs test)."""
    seen = float((labels[1:] == labels[:-1]).sum())
    order = np.array([rng.permutation(labels) for _ in range(200)])
    shuffled = (order[:, 1:] == order[:, :-1]).sum(axis=1)
    return float((seen - shuffled.mean()) / max(shuffled.std(), 1e-12))


def moment_z(drawn: np.ndarray, model: DesignModel) -> np.ndarray:
    """Distance of sample mean and covariance from the model's own, in standard errors."""
    d = drawn.shape[1]
    white = np.linalg.solve(np.linalg.cholesky(model.covariance), (drawn - model.mean).T).T
    products = [white[:, i] * white[:, j] - (i == j) for i in range(d) for j in range(i, d)]
    terms = np.column_stack([white, *products])
    return terms.mean(axis=0) / (terms.std(axis=0) / math.sqrt(len(drawn)))


# --- the contract: every kind ------------------------------------------------------------------


@KINDS
def test_has_a_source(kind: str) -> None:
    """Cited where the idea is explained: above the module or the function."""
    module = sys.modules[MODELS[kind].__module__]
    assert MODELS[kind].__doc__
    assert re.search(r"\[\w+\]_", f"{module.__doc__} {MODELS[kind].__doc__}")


@KINDS
@BODIES
def test_deterministic_and_by_its_own_stream(kind: str, body: str) -> None:
    before = np.random.get_state()[1].copy()  # noqa: NPY002
    first = fitted(kind, body)
    drawn = first.sample(50, rng=stream(1, "test"))
    np.testing.assert_array_equal(np.random.get_state()[1], before)  # noqa: NPY002
    stream(5, "test").random(1000)
    again = fitted(kind, body)
    assert again == first
    np.testing.assert_array_equal(again.sample(50, rng=stream(1, "test")), drawn)
    one_stream = stream(1, "test")
    assert not np.array_equal(first.sample(5, rng=one_stream), first.sample(5, rng=one_stream))


@KINDS
@BODIES
@pytest.mark.parametrize("suffix", [".json", ".npz"])
def test_round_trip(kind: str, body: str, suffix: str, tmp_path: Path) -> None:
    data, space = DATA[body]
    points = data(1)
    names = [f"level {i}" for i in range(len(points))]
    digests = [f"{i:032x}" for i in range(len(points))]
    model = fit(kind, points, space, names=names, digests=digests, rng=stream(1, "fit"))
    assert model.training.n == len(points)
    assert model.training.digests == tuple(digests)
    save_model(model, tmp_path / f"m{suffix}")
    again = load_model(tmp_path / f"m{suffix}")
    assert again == model
    assert again.details == model.details
    x = model.sample(20, rng=stream(1, "test"))
    np.testing.assert_array_equal(again.log_density(x), model.log_density(x))


@KINDS
def test_density_integrates_to_one(kind: str) -> None:
    for seed in range(3):
        model = fitted(kind, seed=seed)
        assert integral(model) == pytest.approx(1.0, abs=2e-4)


def test_the_integral_can_fail() -> None:
    model = fitted("mixture")
    halved = 1.01 * model.covariances
    wrong = DesignModel(
        kind="bug", space=PLANE, weights=model.weights, means=model.means, covariances=halved
    )
    object.__setattr__(wrong, "_log_scales", model._log_scales)  # normalised for another width
    assert abs(integral(wrong) - 1) > 5e-3


@KINDS
@BODIES
def test_sample_moments(kind: str, body: str) -> None:
    z = np.concatenate(
        [
            moment_z(model.sample(4000, rng=stream(seed, "test")), model)
            for seed in range(8)
            for model in [fitted(kind, body, seed)]
        ]
    )
    assert np.abs(z).max() < 5  # at most 616 of them
    assert 0.75 < z.std() < 1.25


@KINDS
def test_the_moment_check_can_fail(kind: str) -> None:
    model = fitted(kind)
    drawn = model.sample(40_000, rng=stream(1, "test"))
    for wrong in (
        model.mean + 0.96 * (drawn - model.mean),
        np.clip(drawn, *np.quantile(drawn, [0.03, 0.97], axis=0)),
        drawn + 0.05 * np.sqrt(np.diag(model.covariance)),
    ):
        assert np.abs(moment_z(wrong, model)).max() > 5


@KINDS
@BODIES
def test_samples_come_in_no_order(kind: str, body: str) -> None:
    model = fitted(kind, body)
    z = []
    for seed in range(10):
        drawn = model.sample(400, rng=stream(seed, "test"))
        z.append(sameness_z(drawn[:, 0] > np.median(drawn[:, 0]), stream(seed, "test", 1)))
        if model.n_components > 1:
            label = model.responsibilities(drawn).argmax(axis=1)
            z.append(sameness_z(label, stream(seed, "test", 2)))
    assert np.abs(z).max() < 4.5
    assert abs(np.mean(z)) < 4 / math.sqrt(len(z))


def test_scikit_learns_own_sampler_fails_the_order_check() -> None:
    """The planted bug is the real one: it groups by component and an int seed repeats itself."""
    from sklearn.mixture import GaussianMixture

    theirs = GaussianMixture(2, random_state=0).fit(two_clusters(1))
    drawn, label = theirs.sample(400)
    assert sameness_z(label, stream(1, "test")) > 15
    np.testing.assert_array_equal(theirs.sample(400)[0], drawn)


@KINDS
@BODIES
def test_region_holds_999_in_1000(kind: str, body: str) -> None:
    model, n, mass = fitted(kind, body), 20_000, 0.999
    standard_error = math.sqrt(mass * (1 - mass) * 2 / n)  # of the threshold and of the count
    z, planted = [], []
    for seed in range(4):
        region = hdr(model, mass=mass, n=n, rng=stream(seed, "test", 1))
        loose = hdr(model, mass=0.998, n=n, rng=stream(seed, "test", 1))
        fresh = model.log_density(model.sample(n, rng=stream(seed, "test", 2)))
        z.append((region.is_off(fresh).mean() - (1 - mass)) / standard_error)
        planted.append((loose.is_off(fresh).mean() - (1 - mass)) / standard_error)
    assert np.abs(z).max() < 4
    assert abs(np.mean(z)) < 3.5 / 2
    assert np.mean(planted) > 2.5 / 2  # a region that holds 998 is told apart


@KINDS
@BODIES
def test_units_do_not_matter(kind: str, body: str) -> None:
    """The same levels in other units: the same model, its density scaled by the Jacobian."""
    data, space = DATA[body]
    points = data(2)
    factor, shift = 2.0 ** np.arange(space.n), np.arange(space.n) * 8.0
    other = DesignSpace(space.names, space.low * factor + shift, space.high * factor + shift)
    model = fit(kind, points, space, rng=stream(1, "fit"))
    moved = fit(kind, points * factor + shift, other, rng=stream(1, "fit"))
    x = model.sample(30, rng=stream(1, "test"))
    np.testing.assert_allclose(
        moved.log_density(x * factor + shift),
        model.log_density(x) - np.log(factor).sum(),
        rtol=1e-6,
        atol=1e-5,
    )


@KINDS
@pytest.mark.parametrize("n", [1, 2, 3, 5])
def test_very_few_levels(kind: str, n: int) -> None:
    points = corpus(1, n=40)[:n]
    model = fit(kind, points, CORPUS, rng=stream(1, "fit"))
    assert np.isfinite(model.log_density(points)).all()
    sd = np.sqrt(np.diag(model.covariance)) / CORPUS.width
    assert (sd >= FLOOR_SD * 0.999).all()
    if kind != "polynomial":  # which goes wild between three to five levels, as it is meant to
        assert (sd < 1).all()
    if n == 1:
        assert model.details["all_alike"] is True
        np.testing.assert_allclose(model.mean, points[0], rtol=1e-12)
        np.testing.assert_allclose(sd, FLOOR_SD, rtol=1e-6)


@KINDS
def test_a_column_that_never_changed(kind: str) -> None:
    model = fitted(kind, "corpus")
    drawn = CORPUS.to_unit(model.sample(5000, rng=stream(1, "test")))[:, 3]
    assert drawn.mean() == pytest.approx(0.25, abs=4 * FLOOR_SD / math.sqrt(5000))
    assert drawn.std() == pytest.approx(FLOOR_SD, rel=0.05)


@KINDS
def test_a_constant_column_is_no_evidence(kind: str) -> None:
    """Adding a column that never changed leaves the rest of the model as it was."""
    wider = DesignSpace(("x", "c", "y"), np.zeros(3), np.full(3, 20.0))
    points = two_clusters(3)
    padded = np.column_stack([points[:, 0], np.full(len(points), 7.0), points[:, 1]])
    alone = fitted(kind, seed=3)
    model = fit(kind, padded, wider, rng=stream(3, "fit"))
    np.testing.assert_allclose(model.means[:, [0, 2]], alone.means, rtol=1e-9)
    np.testing.assert_allclose(
        model.covariances[:, [0, 0, 2, 2], [0, 2, 0, 2]].reshape(-1, 2, 2), alone.covariances
    )


@KINDS
def test_every_level_twice_or_all_the_same(kind: str) -> None:
    twice = np.repeat(corpus(1, n=12), 2, axis=0)
    sd = np.sqrt(np.diag(fit(kind, twice, CORPUS, rng=stream(1, "fit")).covariance))
    varied = np.arange(11) != 3
    assert (sd[varied] > 0.3 * twice.std(axis=0)[varied]).all()
    same = fit(kind, np.full((30, 2), 4.0), PLANE, rng=stream(1, "fit"))
    np.testing.assert_allclose(same.sample(50, rng=stream(1, "test")), 4.0, atol=5 * 20 * FLOOR_SD)


@KINDS
@settings(max_examples=60, deadline=None)
@given(
    data=st.data(),
    values=st.sampled_from([st.sampled_from([0.0, 1.0]), st.floats(-1e9, 1e9), st.floats(0, 1)]),
)
def test_any_numbers_can_be_fitted(kind: str, data: st.DataObject, values: Any) -> None:
    """Repeated, collinear, binary, hugely out of range: a usable model, and no warning."""
    shape = data.draw(st.tuples(st.integers(1, 14), st.integers(1, 4)))
    points = data.draw(arrays(np.float64, shape, elements=values))
    space = DesignSpace(tuple("abcd"[: shape[1]]), np.zeros(shape[1]), np.ones(shape[1]))
    model = fit(kind, points, space, rng=stream(1, "fit"))
    assert np.isfinite(model.log_density(points)).all()
    assert np.isfinite(model.sample(5, rng=stream(1, "test"))).all()
    spreads = np.linalg.eigvalsh(model.covariance)
    assert spreads[0] > 0.99 * FLOOR_SD**2 - 1e-14 * spreads[-1]


@KINDS
@pytest.mark.parametrize(
    ("data", "message"),
    [
        (np.zeros((5, 3)), r"an \(n, 2\) array .* found shape \(5, 3\)"),
        (np.zeros(2), "at least one row"),
        (np.zeros((0, 2)), "at least one row"),
        ([["a", "b"]], "array of numbers, found something else"),
        ([[1.0, 2.0], [3.0, math.nan]], r"row 1 \(b\), 'y': expected a finite number, found nan"),
        ([[math.inf, 2.0], [3.0, 1.0]], r"row 0 \(a\), 'x'"),
    ],
)
def test_bad_data(kind: str, data: Any, message: str) -> None:
    with pytest.raises(InputError, match=message):
        fit(kind, data, PLANE, names=("a", "b"), rng=stream(1, "fit"))


def test_unknown_names_list_the_valid_ones() -> None:
    with pytest.raises(InputError, match=r"trend, gaussian, .*'mixtur'; did you mean 'mixture'"):
        fit("mixtur", np.zeros((3, 2)), PLANE, rng=stream(1, "fit"))
    for kind, options, message in [
        ("polynomial", {"degre": 3}, "options of polynomial: .* did you mean 'degree'"),
        ("trend", {"degree": 3}, "options of trend"),
        ("polynomial", {"degree": 31}, "degree: expected a whole number from 0 to 30"),
        ("gaussian", {"shrinkage": "some"}, "one of oas, none"),
        ("mixture", {"max_components": 0}, "max_components"),
        ("mixture", {"n_starts": 0}, "n_starts"),
    ]:
        with pytest.raises(InputError, match=message):
            fit(kind, two_clusters(1), PLANE, options=options, rng=stream(1, "fit"))


@pytest.mark.slow
def test_same_bits_in_every_process_and_thread_count() -> None:
    code = (
        "import hashlib, sys; sys.path.insert(0, sys.argv[1])\n"
        "from test_fitting import DATA, MODELS, fitted, stream\n"
        "h = hashlib.sha256()\n"
        "for body in DATA:\n"
        "    for kind in MODELS:\n"
        "        m = fitted(kind, body); x = m.sample(500, rng=stream(1, 'test'))\n"
        "        for a in (m.weights, m.means, m.covariances, x, m.log_density(x)):\n"
        "            h.update(a.tobytes())\n"
        "print(h.hexdigest())"
    )
    digests = set()
    for threads in ("1", "2"):
        many = {"OPENBLAS_NUM_THREADS": threads, "OMP_NUM_THREADS": threads}
        done = subprocess.run(
            [sys.executable, "-c", code, str(Path(__file__).parent)],
            capture_output=True,
            text=True,
            check=True,
            env=os.environ | many,
        )
        digests.add(done.stdout.strip())
    assert len(digests) == 1


# --- trend and gaussian ------------------------------------------------------------------------


def test_trend_in_the_plane_is_the_maximum_likelihood_gaussian() -> None:
    points = two_clusters(1)
    trend = fit("trend", points, PLANE, rng=stream(1, "fit"))
    np.testing.assert_allclose(trend.covariance, np.cov(points.T, ddof=0), rtol=1e-9)
    loose = fit("gaussian", points, PLANE, options={"shrinkage": "none"}, rng=stream(1, "fit"))
    np.testing.assert_allclose(loose.covariance, trend.covariance, rtol=1e-9)


def test_trend_equals_scikit_learns_probabilistic_pca() -> None:
    from sklearn.decomposition import PCA

    points = corpus(1, n=60)[:, [0, 1, 2, 4, 5, 6]]
    space = DesignSpace(tuple("abcdef"), np.full(6, 0.0), np.full(6, 10.0))
    spread = points.std(axis=0)
    theirs = PCA(n_components=1, svd_solver="full").fit(points / spread).get_covariance()
    ours = fit("trend", points, space, rng=stream(1, "fit")).covariance
    np.testing.assert_allclose(ours / np.outer(spread, spread), theirs * 59 / 60, rtol=1e-9)


def test_trend_finds_the_direction_the_levels_move_in() -> None:
    """Angle to the truth, over seeds, shrinks as the square root of the number of levels."""
    truth = np.array([0.3, -0.2, 0.25, 0.1, 0.15, 0.2])
    space = DesignSpace(tuple("abcdef"), np.zeros(6), np.ones(6))
    angles = {}
    for n in (40, 640):
        found = []
        for seed in range(30):
            rng = stream(seed, "test", n)
            unit = 0.5 + rng.normal(size=(n, 1)) * truth + 0.05 * rng.normal(size=(n, 6))
            direction = np.array(fit("trend", unit, space, rng=rng).details["direction"])
            cosine = abs(direction @ truth) / np.linalg.norm(truth)
            found.append(math.sqrt(max(0.0, 2 - 2 * cosine)))
        angles[n] = np.mean(found)
    assert angles[640] < 0.02
    assert 2.5 < angles[40] / angles[640] < 6  # 4 in theory


def test_trend_keeps_the_total_variance_when_levels_are_few() -> None:
    """6 levels in 11 dimensions; scikit-learn's own noise variance (planted) overstates it."""
    from sklearn.decomposition import PCA

    points = corpus(1)[:6]
    varied = standardise(CORPUS.to_unit(points)).varied
    spread = points.std(axis=0)[varied]
    model = fit("trend", points, CORPUS, rng=stream(1, "fit"))
    ours = model.covariance[np.ix_(varied, varied)] / np.outer(spread, spread)
    assert np.trace(ours) == pytest.approx(varied.sum(), rel=1e-6)
    theirs = PCA(n_components=1, svd_solver="full").fit(points[:, varied] / spread)
    assert np.trace(theirs.get_covariance()) * 5 / 6 > 1.2 * varied.sum()


def test_unshrunk_variance_is_maximum_likelihood() -> None:
    """E[fitted variance] = (N − 1)/N of the truth; the planted unbiased one is told apart."""
    rng = stream(1, "test")
    space = DesignSpace(("x",), np.zeros(1), np.full(1, 20.0))
    none = {"shrinkage": "none"}
    found = np.array(
        [
            fit("gaussian", rng.normal(10, 2, (10, 1)), space, options=none, rng=rng).covariance
            for _ in range(2000)
        ]
    )
    ratio, error = found.mean() / 4, found.std() / 4 / math.sqrt(len(found))
    assert abs(ratio - 9 / 10) < 4 * error
    assert abs(ratio * 10 / 9 - 9 / 10) > 6 * error


def test_shrinkage_fades_with_data_and_saves_small_corpora() -> None:
    few, many = (
        fitted("gaussian", "corpus"),
        fit("gaussian", corpus(1, n=2000), CORPUS, rng=stream(1, "fit")),
    )
    assert many.details["shrinkage"] < 0.02 < few.details["shrinkage"] < 0.6  # type: ignore[operator]
    fresh = corpus(1, n=2000)[32:]
    loose = fit(
        "gaussian",
        corpus(1, n=2000)[:15],
        CORPUS,
        options={"shrinkage": "none"},
        rng=stream(1, "fit"),
    )
    tight = fit("gaussian", corpus(1, n=2000)[:15], CORPUS, rng=stream(1, "fit"))
    gain = tight.log_density(fresh) - loose.log_density(fresh)
    assert gain.mean() > 1 + 5 * gain.std() / math.sqrt(len(gain))


# --- polynomial --------------------------------------------------------------------------------


def line_dots(seed: int, n: int = 20) -> np.ndarray:
    rng = stream(seed, "test", n, 3)
    x = rng.uniform(0, 20, n)
    return np.column_stack([x, x + rng.normal(scale=1.0, size=n)])


def test_a_noiseless_curve_is_recovered() -> None:
    x = np.linspace(0, 20, 15)
    curve = fit_curve(np.column_stack([x, 0.01 * x**3 - x]), degree=3)
    t = np.array([-3.0, 7.7, 25.0])
    np.testing.assert_allclose(curve.predict(t), np.column_stack([t, 0.01 * t**3 - t]), rtol=1e-9)
    assert curve.degree == 3
    assert curve.rms_error(curve.predict(t)).max() < 1e-9


def test_many_degrees_fit_better_and_are_absurd_at_the_edge() -> None:
    trained, edge, beyond = (np.zeros((40, 3)) for _ in range(3))
    for seed in range(40):
        for i, degree in enumerate((1, 5, 12)):
            curve = fit_curve(line_dots(seed), degree=degree)
            truth = np.array([[19.0, 19.0], [1.0, 1.0]])
            trained[seed, i] = curve.rms_error(line_dots(seed))[1]
            edge[seed, i] = curve.rms_error(truth)[1]
            beyond[seed, i] = curve.rms_error([[22.0, 22.0]])[1]
    assert (np.diff(trained, axis=1) <= 1e-9).all()  # nested models: always, not on average
    assert np.median(trained[:, 2]) < 0.75 * np.median(trained[:, 0])
    assert np.median(edge[:, 2]) > 3 * np.median(edge[:, 0])
    assert np.median(beyond[:, 2]) > 100 * np.median(beyond[:, 0])
    assert beyond[:, 0].max() < 3  # the line stays right


def test_the_curve_is_walked_evenly() -> None:
    model = fitted("polynomial")
    x = two_clusters(1)[:, 0]
    n, width = len(x), x.max() - x.min()
    length = width * (1 + 2 / (n - 1))
    step = length / 257
    blur = max(step, 20 * FLOOR_SD)
    assert model.mean[0] == pytest.approx((x.max() + x.min()) / 2)
    assert model.covariance[0, 0] == pytest.approx((length**2 - step**2) / 12 + blur**2)
    inside = np.linspace(x.min(), x.max(), 500)
    marginal = np.exp(-0.5 * ((inside[:, None] - model.means[:, 0]) / blur) ** 2).sum(axis=1)
    marginal /= 257 * blur * math.sqrt(2 * math.pi)
    ripple = marginal[50:-50] * length - 1
    assert np.abs(ripple).max() < 1e-7


def test_degree_is_lowered_to_what_the_levels_can_pin_down() -> None:
    model = fit("polynomial", line_dots(1)[:4], PLANE, options={"degree": 9}, rng=stream(1, "fit"))
    assert model.details["degree"] == 3
    flat = fitted("polynomial", degree=0)
    assert np.ptp(flat.means[:, 1]) == 0.0


@pytest.mark.parametrize("data", [np.zeros(3), np.zeros((0, 2)), [[1.0, math.nan]]])
def test_bad_curve_data(data: Any) -> None:
    with pytest.raises(InputError, match=r"an \(n, d\) array of finite numbers"):
        fit_curve(data, degree=2)


# --- kernel density ----------------------------------------------------------------------------


@BODIES
def test_leave_one_out_equals_scikit_learn(body: str) -> None:
    from sklearn.neighbors import KernelDensity

    data, space = DATA[body]
    standard = standardise(space.to_unit(data(1)[:25])).data
    widths = np.array([0.1, 0.5, 1.5])
    slow = [
        np.mean(
            [
                KernelDensity(bandwidth=h).fit(np.delete(standard, i, 0)).score(standard[i : i + 1])
                for i in range(len(standard))
            ]
        )
        for h in widths
    ]
    np.testing.assert_allclose(loo_log_likelihood(standard, widths), slow, rtol=1e-9)


@BODIES
def test_kernel_density_equals_scikit_learn(body: str) -> None:
    from sklearn.neighbors import KernelDensity

    data, space = DATA[body]
    standard = standardise(space.to_unit(data(1)))
    model = fitted("kde", body)
    h = float(model.details["bandwidth"])  # type: ignore[arg-type]
    assert BANDWIDTHS[0] < h < BANDWIDTHS[-1]
    x = model.sample(40, rng=stream(1, "test"))
    x[:, ~standard.varied] = model.mean[~standard.varied]
    there = (space.to_unit(x) - standard.centre) / np.where(standard.varied, standard.spread, 1)
    theirs = KernelDensity(bandwidth=h).fit(standard.data).score_samples(there[:, standard.varied])
    apart = model.log_density(x) - theirs
    np.testing.assert_allclose(apart, apart[0], atol=1e-6)  # a Jacobian apart


def test_bandwidth_narrows_with_data() -> None:
    few, many = (
        np.mean(
            [
                fit("kde", two_clusters(s, n=n), PLANE, rng=stream(1, "fit")).details["bandwidth"]
                for s in range(10)
            ]
        )
        for n in (30, 480)
    )
    assert many < 0.8 * few  # n^(−1/6) in theory: 0.63


# --- mixture -----------------------------------------------------------------------------------


def clusters_found(centres: list[float], seeds: range, *, n: int, sd: float) -> list[object]:
    found = []
    for seed in seeds:
        rng = stream(seed, "test", n, len(centres))
        middle = np.repeat(centres, math.ceil(n / len(centres)))[:n, None]
        data = middle + rng.normal(scale=sd, size=(n, 2))
        found.append(fit("mixture", data, PLANE, rng=stream(seed, "fit")).details["n_components"])
    return found


@pytest.mark.slow
@pytest.mark.parametrize(("n", "sd"), [(100, 1.0), (100, 1.5), (200, 1.0), (200, 1.5)])
def test_bic_finds_the_essays_two_clusters(n: int, sd: float) -> None:
    found = clusters_found([5.0, 15.0], range(25), n=n, sd=sd)
    assert min(found) == 2  # type: ignore[type-var]
    assert found.count(2) >= 22


@pytest.mark.slow
def test_bic_does_not_find_two_where_there_are_not() -> None:
    assert clusters_found([10.0], range(12), n=150, sd=2.0).count(1) >= 10
    assert clusters_found([3.0, 10.0, 17.0], range(12), n=150, sd=1.0).count(3) >= 10


def test_the_line_fills_the_space_between_and_the_mixture_does_not() -> None:
    ratios = []
    for seed in range(12):
        line, two = fitted("trend", seed=seed), fitted("mixture", seed=seed)
        ratios.append(integral(line, BETWEEN) / integral(two, BETWEEN))
        assert not hdr(line, n=4000, rng=stream(seed, "test")).is_off(
            line.log_density([[10.0, 10.0]])
        )
        assert hdr(two, n=4000, rng=stream(seed, "test")).is_off(two.log_density([[10.0, 10.0]]))
    assert min(ratios) >= 10
    same = [integral(fitted("mixture", max_components=1), BETWEEN) / integral(line, BETWEEN)]
    assert max(same) < 10  # one component is a line again: the check can fail


def test_mixture_equals_scikit_learns_density() -> None:
    from sklearn.mixture import GaussianMixture

    model = fitted("mixture")
    theirs = GaussianMixture(model.n_components)
    theirs.weights_, theirs.means_ = model.weights, model.means
    theirs.precisions_cholesky_ = np.swapaxes(
        np.linalg.inv(np.linalg.cholesky(model.covariances)), 1, 2
    )
    x = model.sample(50, rng=stream(1, "test"))
    np.testing.assert_allclose(model.log_density(x), theirs.score_samples(x), rtol=1e-10)


@pytest.mark.parametrize("shape", ["full", "tied", "diag", "spherical"])
def test_each_shape_is_copied_out_right(shape: str, monkeypatch: pytest.MonkeyPatch) -> None:
    """The mixture's log likelihood is the one BIC was computed from."""
    from procgen_sim.models.fitting import mixture

    monkeypatch.setattr(mixture, "SHAPES", (shape,))
    points = two_clusters(1)
    model = fit("mixture", points, PLANE, rng=stream(1, "fit"))
    assert model.details["shape"] == shape
    table = model.details["table"]
    bic = min(row["bic"] for row in table if row["allowed"])  # type: ignore[union-attr, index, operator]
    k, d, n = model.n_components, 2, len(points)
    free = {"full": k * 3, "tied": 3, "diag": k * 2, "spherical": k}[shape] + k * d + k - 1
    jacobian = n * np.log(points.std(axis=0)).sum()
    ours = -2 * (model.log_density(points).sum() + jacobian) + free * math.log(n)
    assert ours == pytest.approx(bic, rel=1e-9)


def test_few_levels_make_no_spikes() -> None:
    for seed in range(10):
        for n in (15, 32):
            model = fit("mixture", corpus(seed, n=n), CORPUS, rng=stream(seed, "fit"))
            unit = CORPUS.to_unit(corpus(seed, n=n))
            varied = unit.std(axis=0) > 0
            sd = np.sqrt(np.diagonal(model.covariances, axis1=1, axis2=2)) / CORPUS.width
            assert (sd[:, varied] > 0.03 * unit.std(axis=0)[varied]).all()
            assert (model.weights * n > 4.99).all()


def test_the_table_tells_what_was_tried() -> None:
    details = fitted("mixture").details
    table: Any = details["table"]
    assert len(table) == 4 * 6 - 1
    best = min((row for row in table if row["allowed"]), key=lambda row: row["bic"])
    assert (best["n_components"], best["shape"]) == (details["n_components"], details["shape"])
    assert all(row["converged"] for row in table if row["n_components"] <= 2)
