"""Design models as such: density, sampler, region and files, against theory and references."""

from __future__ import annotations

import json
import math
import pickle
import subprocess
import sys
from collections.abc import Callable
from pathlib import Path
from typing import Any

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from procgen_sim._checks import InputError
from procgen_sim.models import (
    DensityRegion,
    DesignModel,
    DesignSpace,
    Training,
    hdr,
    load_model,
    save_model,
)
from procgen_sim.rng import stream

PLANE = DesignSpace(("x", "y"), low=np.zeros(2), high=np.full(2, 20.0))


def random_model(seed: int, k: int, d: int, *, shared: bool = False) -> DesignModel:
    """Some mixture of k components in d dimensions."""
    rng = stream(seed, "test", k, d)
    roots = rng.normal(size=(1 if shared else k, d, d))
    weights = rng.dirichlet(np.full(k, 3.0))
    return DesignModel(
        kind="random",
        space=DesignSpace(tuple(f"p{j}" for j in range(d)), np.zeros(d), np.ones(d)),
        weights=weights / weights.sum(),
        means=rng.normal(scale=3.0, size=(k, d)),
        covariances=roots @ np.swapaxes(roots, 1, 2) + 0.1 * np.eye(d),
        training=Training(n=2, names=("a", "b\udc80"), digests=("0f", "1e")),
        details={"table": [{"bic": 0.1 + 0.2, "none": None}], "name": "é"},
    )


def moment_z(drawn: np.ndarray, mean: np.ndarray, covariance: np.ndarray) -> np.ndarray:
    """Distance of every sample moment (first and second) from theory, in standard errors."""
    white = np.linalg.solve(np.linalg.cholesky(covariance), (drawn - mean).T).T
    d = white.shape[1]
    products = [white[:, i] * white[:, j] - (i == j) for i in range(d) for j in range(i, d)]
    terms = np.column_stack([white, *products])
    return terms.mean(axis=0) / (terms.std(axis=0) / math.sqrt(len(drawn)))


# --- space ------------------------------------------------------------------------------------


def test_unit_coordinates_and_back() -> None:
    space = DesignSpace(("a", "b"), np.array([-5.0, 2.0]), np.array([5.0, 3.0]), ("tiles", "1"))
    np.testing.assert_array_equal(space.to_unit([[-5.0, 3.0], [0.0, 2.5]]), [[0, 1], [0.5, 0.5]])
    x = stream(1, "test").normal(size=(50, 2))
    np.testing.assert_allclose(space.from_unit(space.to_unit(x)), x, atol=1e-14)


def test_spaces_are_values() -> None:
    again = DesignSpace(("x", "y"), low=np.zeros(2), high=np.full(2, 20.0))
    other = DesignSpace(("x", "y"), low=np.zeros(2), high=np.full(2, 21.0))
    assert again == PLANE
    assert hash(again) == hash(PLANE)
    assert other != PLANE
    with pytest.raises(ValueError, match="read-only"):
        PLANE.low[0] = 1.0


@pytest.mark.parametrize(
    ("names", "low", "high", "message"),
    [
        (("a", "a"), [0, 0], [1, 1], "one different name"),
        ((), [], [], "one different name"),
        (("a",), [0, 0], [1, 1], "1 low and high ends"),
        (("a", "b"), [0, 1], [1, 1], "space, 'b': expected a finite range"),
        (("a",), [0], [math.nan], "finite range"),
        (("a",), [-1.7e308], [1.7e308], "finite range"),
    ],
)
def test_bad_spaces(names: Any, low: Any, high: Any, message: str) -> None:
    with pytest.raises(InputError, match=message):
        DesignSpace(names, np.array(low, dtype=float), np.array(high, dtype=float))


# --- density ----------------------------------------------------------------------------------


@pytest.mark.parametrize("shared", [False, True])
@pytest.mark.parametrize(("k", "d"), [(1, 1), (3, 2), (40, 2), (4, 11)])
def test_density_equals_scipy(k: int, d: int, shared: bool) -> None:
    from scipy.stats import multivariate_normal

    model = random_model(1, k, d, shared=shared)
    x = stream(2, "test").normal(scale=4.0, size=(60, d))
    parts = [
        model.weights[j]
        * np.atleast_1d(multivariate_normal(model.means[j], model.covariances[j]).pdf(x))
        for j in range(k)
    ]
    np.testing.assert_allclose(model.log_density(x), np.log(np.sum(parts, axis=0)), rtol=1e-9)
    shares = model.responsibilities(x)
    np.testing.assert_allclose(shares.T * np.sum(parts, axis=0), parts, rtol=1e-8, atol=1e-300)
    np.testing.assert_allclose(shares.sum(axis=1), 1.0, rtol=1e-12)


@pytest.mark.parametrize("shared", [False, True])
def test_a_density_does_not_depend_on_its_company(shared: bool) -> None:
    model = random_model(3, 30, 11, shared=shared)
    x = model.sample(3000, rng=stream(1, "test"))  # several chunks
    together = model.log_density(x)
    for i in (0, 1, 299, 300, 301, 302, 303, 2999):
        assert model.log_density(x[i : i + 1])[0] == together[i]
    np.testing.assert_array_equal(model.log_density(x[::-7]), together[::-7])


def test_far_away_is_impossible_not_a_crash() -> None:
    for shared in (False, True):
        model = random_model(4, 3, 2, shared=shared)
        far = np.array([[1e200, -1e200], [1e308, 1e308], [-1.7e308, 1.7e308]])
        assert (model.log_density(far) == -np.inf).all()
        np.testing.assert_allclose(model.responsibilities(far).sum(axis=1), 1.0)
        assert np.isfinite(model.log_density(np.full((1, 2), 1e100))[0])


@pytest.mark.parametrize(
    ("x", "message"),
    [
        (np.zeros(2), r"an \(n, 2\) array"),
        (np.zeros((3, 4)), r"shape \(3, 4\)"),
        ([[0.0, 1.0], [0.0, math.nan]], "row 1, 'p1': expected a finite number, found nan"),
        ([[math.inf, 1.0]], "row 0, 'p0'"),
    ],
)
def test_bad_points(x: Any, message: str) -> None:
    model = random_model(1, 2, 2)
    for ask in (model.log_density, model.responsibilities):
        with pytest.raises(InputError, match=message):
            ask(x)


# --- sampler ----------------------------------------------------------------------------------


@pytest.mark.parametrize("shared", [False, True])
def test_sample_moments_are_those_stated(shared: bool) -> None:
    worst = []
    for seed in range(20):
        model = random_model(seed, 5, 3, shared=shared)
        drawn = model.sample(4000, rng=stream(seed, "test", 1))
        worst.append(moment_z(drawn, model.mean, model.covariance))
    z = np.concatenate(worst)  # 180 of them, correlated within a seed
    assert np.abs(z).max() < 4.5
    assert abs(z.mean()) < 0.35
    assert 0.8 < z.std() < 1.2


def test_planted_bugs_fail_the_moment_check() -> None:
    model = random_model(0, 5, 3)
    drawn = model.sample(40_000, rng=stream(0, "test", 1))
    narrow = model.mean + 0.97 * (drawn - model.mean)
    shifted = drawn + 0.05 * np.sqrt(np.diag(model.covariance))
    even = DesignModel(
        kind="bug",
        space=model.space,
        weights=np.full(5, 0.2),  # forgot the weights
        means=model.means,
        covariances=model.covariances,
    ).sample(40_000, rng=stream(0, "test", 1))
    for wrong in (narrow, shifted, even):
        assert np.abs(moment_z(wrong, model.mean, model.covariance)).max() > 5


def test_components_are_drawn_by_weight() -> None:
    """Far-apart components: counts are binomial."""
    weights = np.array([0.05, 0.15, 0.8])
    model = DesignModel(
        kind="far",
        space=PLANE,
        weights=weights,
        means=np.array([[0.0, 0.0], [100.0, 0.0], [0.0, 100.0]]),
        covariances=np.eye(2)[None],
    )
    n, z = 5000, []
    for seed in range(20):
        nearest = model.responsibilities(model.sample(n, rng=stream(seed, "test"))).argmax(axis=1)
        counts = np.bincount(nearest, minlength=3)
        z.append((counts - n * weights) / np.sqrt(n * weights * (1 - weights)))
    assert np.abs(z).max() < 4.5
    assert 0.7 < np.std(z) < 1.3


def test_no_variance_emits_the_mean() -> None:
    model = DesignModel(
        kind="point",
        space=PLANE,
        weights=np.ones(1),
        means=np.array([[3.0, 4.0]]),
        covariances=1e-30 * np.eye(2)[None],
    )
    np.testing.assert_allclose(model.sample(9, rng=stream(1, "test")), [[3, 4]] * 9, atol=1e-12)
    assert model.sample(0, rng=stream(1, "test")).shape == (0, 2)


def test_models_are_values() -> None:
    model = random_model(1, 3, 2)
    assert model == random_model(1, 3, 2)
    assert hash(model) == hash(random_model(1, 3, 2))
    assert model != random_model(2, 3, 2)
    assert model != "model"
    for array in (model.weights, model.means, model.covariances):
        with pytest.raises(ValueError, match="read-only"):
            array[...] = 0.0
    with pytest.raises(TypeError, match="item assignment"):
        model.details["new"] = 1  # type: ignore[index]
    copied = pickle.loads(pickle.dumps(model))
    assert copied == model
    assert copied.details == model.details


@pytest.mark.parametrize(
    ("change", "message"),
    [
        ({"weights": np.array([0.5, 0.6])}, "sum to 1, found smallest 0.5, sum 1.1"),
        ({"weights": np.array([1.0, 0.0])}, "above 0"),
        ({"weights": np.ones(1)}, "shapes"),
        ({"weights": np.float64(1)}, "shapes"),
        ({"means": np.zeros((2, 3))}, "shapes"),
        ({"covariances": np.eye(2)}, "shapes"),
        ({"covariances": np.array([[[1.0, 2.0], [2.0, 1.0]]])}, "not definite"),
        ({"covariances": np.array([[[1.0, 0.5], [0.0, 1.0]]])}, "asymmetric"),
        ({"means": np.full((2, 2), np.nan)}, "finite"),
        ({"details": {"x": math.nan}}, "details: expected text, finite numbers"),
        ({"details": {"x": object()}}, "details"),
    ],
)
def test_bad_models(change: dict[str, Any], message: str) -> None:
    good: dict[str, Any] = {
        "kind": "k",
        "space": PLANE,
        "weights": np.array([0.5, 0.5]),
        "means": np.zeros((2, 2)),
        "covariances": np.eye(2)[None],
    }
    DesignModel(**good)
    with pytest.raises(InputError, match=message):
        DesignModel(**(good | change))


def test_training_names_match_levels() -> None:
    with pytest.raises(InputError, match="training names: expected 3, one a level, found 2"):
        Training(n=3, names=("a", "b"))


# --- region -----------------------------------------------------------------------------------


def gaussian(d: int) -> DesignModel:
    return DesignModel(
        kind="gaussian",
        space=DesignSpace(tuple("abcdefghijk"[:d]), np.zeros(d), np.ones(d)),
        weights=np.ones(1),
        means=np.zeros((1, d)),
        covariances=np.eye(d)[None],
    )


def test_threshold_of_a_plane_gaussian_is_known() -> None:
    """In two dimensions log p − log peak is −Exp(1), so the threshold lies at log(1 − mass)."""
    n, mass, errors = 20_000, 0.99, []
    peak = -math.log(2 * math.pi)
    for seed in range(40):
        region = hdr(gaussian(2), mass=mass, n=n, rng=stream(seed, "test"))
        standard_error = math.sqrt(mass / ((1 - mass) * n))  # of log of the share outside
        errors.append((region.threshold_nats - peak - math.log(1 - mass)) / standard_error)
    assert abs(np.mean(errors)) < 4 / math.sqrt(40)
    assert 0.6 < np.std(errors) < 1.4


def test_expected_mass_is_exact_even_for_few_samples() -> None:
    """The weibull position makes E[mass] exact; the usual one (planted) holds too little."""
    exact, planted = [], []
    for seed in range(4000):
        drawn = -stream(seed, "test").exponential(size=19)  # log p − log peak
        exact.append(math.exp(DensityRegion.from_samples(drawn, mass=0.9).threshold_nats))
        planted.append(math.exp(np.quantile(drawn, 0.1)))
    error = np.std(exact) / math.sqrt(len(exact))
    assert abs(np.mean(exact) - 0.1) < 4 * error
    assert abs(np.mean(planted) - 0.1) > 6 * error


def test_off_and_quantile_are_vectorised() -> None:
    region = DensityRegion.from_samples(np.arange(9999)[::-1], mass=0.999)
    assert region.threshold_nats == pytest.approx(9.0)
    asked = np.array([[-1.0, 8.9, 9.1], [9998.0, 1e9, -np.inf]])
    np.testing.assert_array_equal(region.is_off(asked), [[True, True, False], [False, False, True]])
    np.testing.assert_allclose(
        region.quantile(asked), np.array([[0, 9, 10], [9998, 9999, 0]]) / 9999
    )
    assert region.is_off(8.0).shape == ()
    assert bool(region.is_off(8.0)) is True
    with pytest.raises(ValueError, match="read-only"):
        region.sorted_reference[0] = 1.0
    assert region == DensityRegion.from_samples(np.arange(9999), mass=0.999)
    assert hash(region) == hash(DensityRegion.from_samples(np.arange(9999), mass=0.999))


def test_quantiles_of_on_model_samples_are_uniform() -> None:
    model = random_model(5, 4, 3)
    region = hdr(model, rng=stream(1, "test"))
    shares = region.quantile(model.log_density(model.sample(20_000, rng=stream(2, "test"))))
    error = math.sqrt(1 / 12) * math.sqrt(2 / 20_000)
    assert abs(shares.mean() - 0.5) < 4 * error


@pytest.mark.parametrize(
    ("samples", "mass", "message"),
    [
        ([], 0.9, "at least one log density"),
        ([1.0, math.nan], 0.9, "of which 1 finite"),
        ([-math.inf], 0.9, "finite"),
        ([1.0], 1.5, "mass: expected a number from 0 to 1"),
    ],
)
def test_bad_regions(samples: list[float], mass: float, message: str) -> None:
    with pytest.raises(InputError, match=message):
        DensityRegion.from_samples(samples, mass=mass)


def test_an_unsorted_reference_is_refused() -> None:
    with pytest.raises(InputError, match="ascending"):
        DensityRegion(threshold_nats=0.0, mass=0.9, sorted_reference=np.array([1.0, 0.0]))


# --- files ------------------------------------------------------------------------------------


@pytest.mark.parametrize("suffix", [".json", ".npz", ".JSON"])
@pytest.mark.parametrize("shared", [False, True])
def test_round_trip_is_exact(tmp_path: Path, suffix: str, shared: bool) -> None:
    for seed in range(5):
        model = random_model(seed, 4, 3, shared=shared)
        path = tmp_path / "new" / f"model{suffix}"
        save_model(model, path)
        written = path.read_bytes()
        again = load_model(str(path))
        assert again == model
        assert again.training == model.training
        x = model.sample(10, rng=stream(1, "test"))
        np.testing.assert_array_equal(again.log_density(x), model.log_density(x))
        save_model(again, path)
        assert path.read_bytes() == written


def test_a_file_can_be_read_by_people_and_programs(tmp_path: Path) -> None:
    model = random_model(1, 2, 2)
    save_model(model, tmp_path / "m.json")
    document = json.loads((tmp_path / "m.json").read_text(encoding="utf-8"))
    assert document["version"] == 1
    assert document["training"]["names"] == ["a", "b\udc80"]
    assert document["means"] == model.means.tolist()
    assert (tmp_path / "m.json").read_text(encoding="utf-8").count("\n") < 40


def broken(change: Callable[[dict[str, Any]], object]) -> bytes:
    document = json.loads(VALID[".json"])
    change(document)
    return json.dumps(document).encode()


def _valid(suffix: str, folder: Path) -> bytes:
    path = folder / f"valid{suffix}"
    save_model(random_model(1, 3, 2), path)
    return path.read_bytes()


VALID: dict[str, bytes] = {}


@pytest.fixture(scope="module", autouse=True)
def folder(tmp_path_factory: pytest.TempPathFactory) -> Path:
    made = tmp_path_factory.mktemp("models")
    for suffix in (".json", ".npz"):
        VALID[suffix] = _valid(suffix, made)
    return made


@pytest.mark.parametrize(
    ("change", "message"),
    [
        (lambda d: d.update(version=2), "version 1 or older, found 2; update procgen-sim"),
        (lambda d: d.update(version="1"), "expected version 1"),
        (lambda d: d.update(version=None), "expected version 1"),
        (lambda d: d.update(format="gltf"), "expected 'procgen-sim design model', found 'gltf'"),
        (lambda d: d.pop("means"), "cannot be read as one"),
        (lambda d: d.update(weights=["0.5", "0.5"]), "weights: expected numbers"),
        (lambda d: d.update(weights=[2.0, -0.5, -0.5]), "weights: expected probabilities"),
        (lambda d: d["low"].reverse() or d.update(low=[9, 9]), "low below high"),
        (lambda d: d["training"].update(n=7), "one a level"),
        (lambda d: d["training"].update(n=1.5), "whole number"),
        (lambda d: d.update(kind=3), "a kind"),
        (lambda d: d.update(details=[1]), "cannot be read as one"),
    ],
)
def test_wrong_documents(folder: Path, change: Any, message: str) -> None:
    path = folder / "wrong.json"
    path.write_bytes(broken(change))
    with pytest.raises(InputError, match=message) as caught:
        load_model(path)
    assert str(path) in str(caught.value)


@pytest.mark.parametrize("suffix", [".json", ".npz"])
@pytest.mark.parametrize(
    "content", [b"", b"{}", b"[]", b"3", b"PK\x03\x04", b"\xff\xfe", b"[" * 5000]
)
def test_foreign_files(folder: Path, suffix: str, content: bytes) -> None:
    path = folder / f"foreign{suffix}"
    path.write_bytes(content)
    with pytest.raises(InputError, match="expected a design model written by procgen-sim"):
        load_model(path)


def test_pickles_are_never_read(folder: Path) -> None:
    path = folder / "pickled.npz"
    np.savez(path, document=np.array([{"format": 1}], dtype=object))
    with pytest.raises(InputError, match="cannot be read"):
        load_model(path)


def test_missing_and_misnamed(tmp_path: Path) -> None:
    with pytest.raises(InputError, match="no such file"):
        load_model(tmp_path / "none.json")
    (tmp_path / "folder.json").mkdir()
    with pytest.raises(InputError, match=r"is a directory|permission"):
        load_model(tmp_path / "folder.json")
    for act in (load_model, lambda path: save_model(random_model(1, 1, 1), path)):
        with pytest.raises(InputError, match=r"ending in .json or .npz, found '.pkl'"):
            act(tmp_path / "m.pkl")


def test_a_zip_bomb_is_refused(folder: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    path = folder / "bomb.npz"
    np.savez_compressed(path, document=np.zeros(2_000_000, dtype=np.uint8))
    monkeypatch.setattr("procgen_sim.models.files.MAX_BYTES", 1_000_000)
    assert path.stat().st_size < 100_000
    with pytest.raises(InputError, match="cannot be read"):
        load_model(path)
    (folder / "big.json").write_bytes(b" " * 1_000_001)
    with pytest.raises(InputError, match="too big"):
        load_model(folder / "big.json")


def loads_or_says_why(path: Path) -> None:
    said = str(path)
    try:
        loaded = load_model(path)
        assert np.isfinite(loaded.log_density(loaded.sample(3, rng=stream(1, "test")))).all()
    except InputError as error:
        said = str(error)
    assert said.startswith(str(path))


@settings(max_examples=300, deadline=None)
@given(data=st.data(), suffix=st.sampled_from([".json", ".npz"]))
def test_damaged_bytes(folder: Path, data: st.DataObject, suffix: str) -> None:
    content = bytearray(VALID[suffix])
    for _ in range(data.draw(st.integers(1, 4))):
        at = data.draw(st.integers(0, len(content) - 1))
        content[at : at + data.draw(st.integers(0, 3))] = data.draw(st.binary(max_size=4))
    path = folder / f"damaged{suffix}"
    path.write_bytes(content[: data.draw(st.integers(1, len(content)))])
    loads_or_says_why(path)
    path.write_bytes(content)
    loads_or_says_why(path)


JUNK = st.recursive(
    st.none() | st.booleans() | st.integers() | st.floats() | st.text(max_size=5),
    lambda inner: st.lists(inner, max_size=3) | st.dictionaries(st.text(max_size=3), inner),
    max_leaves=6,
)


@settings(max_examples=300, deadline=None)
@given(data=st.data())
def test_junk_in_place_of_any_part(folder: Path, data: st.DataObject) -> None:
    document = json.loads(VALID[".json"])
    key = data.draw(st.sampled_from(sorted(document)))
    inner = document[key]
    if isinstance(inner, list) and inner and data.draw(st.booleans()):
        inner[data.draw(st.integers(0, len(inner) - 1))] = data.draw(JUNK)
    elif isinstance(inner, dict) and data.draw(st.booleans()):
        inner[data.draw(st.sampled_from(sorted(inner)))] = data.draw(JUNK)
    else:
        document[key] = data.draw(JUNK)
    path = folder / "junk.json"
    path.write_text(json.dumps(document), encoding="utf-8")
    loads_or_says_why(path)


def test_importing_models_stays_light() -> None:
    code = (
        "import sys, procgen_sim.models\n"
        "heavy = {'sklearn', 'scipy', 'numba', 'matplotlib', 'duckdb', 'PIL', 'threadpoolctl'}\n"
        "print(sorted(heavy & set(sys.modules)))"
    )
    done = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True)
    assert done.stdout.strip() == "[]"
