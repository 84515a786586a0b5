"""The perceptual distance: what it is given and what it promises."""

from __future__ import annotations

from itertools import product

import numpy as np
import numpy.typing as npt
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from hypothesis.extra.numpy import array_shapes, arrays

from procgen_sim._checks import InputError
from procgen_sim.levels import Level, Tileset
from procgen_sim.levels import similarity_kernel as kernel
from procgen_sim.levels.similarity import (
    COMPONENTS,
    components,
    describe,
    distance,
    distance_matrix,
    distances,
)
from procgen_sim.levels.similarity_look import pack
from procgen_sim.rng import stream

Grid = npt.NDArray[np.int64]
GRIDS = arrays(
    np.int64, array_shapes(min_dims=2, max_dims=2, max_side=9), elements=st.integers(0, 4)
)

ROWS = ["#######", "#..~..#", "#.~o~.#", "#..~..#", "#######"]


# What it is given


def test_levels_and_arrays_of_the_same_content_are_the_same() -> None:
    level = Level.from_rows(ROWS, Tileset(dict.fromkeys("o.#~", ())))
    other_tileset = Level.from_rows(ROWS, Tileset(dict.fromkeys("~xyz#.o", ("solid",))))
    characters = np.array([list(row) for row in ROWS])
    forms = (
        ROWS,
        tuple(ROWS),
        [list(row) for row in ROWS],
        characters,
        characters.astype("U3"),
        characters.astype("S1"),
        characters.astype(object),
        np.vectorize(ord)(characters).astype(np.uint8),
        np.vectorize(ord)(characters).astype(np.int64),
        np.vectorize(ord)(characters).astype(object),
        np.vectorize(ord)(characters).tolist(),
        np.asfortranarray(characters),
        other_tileset,
    )
    for form in forms:
        assert distance(level, form) == 0
    assert distance(level, characters[:, ::-1][:3]) > 0


def test_codes_of_any_width_and_sign() -> None:
    codes = np.array([[0, 1, 2], [1, 1, 0]])
    for dtype in (np.bool_, np.uint8, np.int8, np.uint16, np.int32, np.uint64):
        assert distance(codes.astype(dtype), codes.astype(dtype).astype(np.int64)) == 0
    assert distance(codes - 1, codes) > 0


@pytest.mark.parametrize(
    ("grid", "message"),
    [
        (np.zeros((0, 4), np.int64), "at least one tile, found shape"),
        ([], "at least one tile, found shape"),
        ([""], "at least one tile, found shape"),
        (np.zeros(4, np.int64), "two dimensions"),
        (np.zeros((2, 2, 2), np.int64), "two dimensions"),
        (np.zeros((2, 2)), "characters or whole numbers, found an array of float64"),
        (["###", "##"], r"rows of equal length, found rows of \[2, 3\]"),
        ([["ab", "c"]], "row 0, column 0: expected one character, found 'ab'"),
        (np.array([["a", ""]]), "row 0, column 1: expected one character, found ''"),
        (np.array([["a", 1]], object), "only characters or only whole numbers, found int, str"),
    ],
)
def test_what_is_no_grid_is_refused(grid: npt.NDArray[np.int64], message: str) -> None:
    with pytest.raises(InputError, match=message):
        distance(grid, ROWS)


# What it promises


def test_weights_are_shares() -> None:
    assert sum(component.weight for component in COMPONENTS) == pytest.approx(1)
    assert len(COMPONENTS) == kernel.N_COMPONENTS
    for component in COMPONENTS:
        # The names are the kernel's, in its order.
        assert getattr(kernel, component.name.upper()) == COMPONENTS.index(component)


@settings(max_examples=60, deadline=None)
@given(a=GRIDS, b=GRIDS)
def test_axioms(a: Grid, b: Grid) -> None:
    there, back = distance(a, b), distance(b, a)
    assert there == back
    assert 0 <= there < 1
    assert (there == 0) == np.array_equal(a, b)
    assert distance(a, a.copy()) == 0


@settings(max_examples=30, deadline=None)
@given(a=GRIDS, b=GRIDS, names=st.permutations(range(5)))
def test_names_do_not_matter(a: Grid, b: Grid, names: list[int]) -> None:
    new = np.array(names) * 1000 - 7
    assert distance(new[a], new[b]) == pytest.approx(distance(a, b), abs=1e-5)


@settings(max_examples=30, deadline=None)
@given(a=GRIDS, b=GRIDS)
def test_components_add_up(a: Grid, b: Grid) -> None:
    parts = components(a, b)
    assert sum(parts.values()) == pytest.approx(distance(a, b))
    for component in COMPONENTS:
        assert 0 <= parts[component.name] < component.weight


def test_one_with_many_is_one_by_one() -> None:
    rng = stream(3, "test", 40)
    grids = [rng.integers(0, 4, rng.integers(1, 14, 2)) for _ in range(12)]
    one_by_one = [[distance(a, b) for b in grids] for a in grids]
    assert np.array_equal(distance_matrix(grids), one_by_one)
    assert np.array_equal(distances(grids[3], grids), one_by_one[3])
    assert np.array_equal(
        distances(describe(grids[3]), [describe(g) for g in grids]), one_by_one[3]
    )
    assert distances(grids[0], []).shape == (0,)


def test_degenerate_and_huge() -> None:
    rng = stream(3, "test", 41)
    one, other = np.zeros((1, 1), np.int64), np.ones((1, 1), np.int64)
    assert distance(one, one) == 0
    assert 0.3 < distance(one, other) < 0.7
    assert distance(np.zeros((9, 9), np.int64), np.zeros((9, 10), np.int64)) < 0.05
    assert distance(np.zeros((1, 30), np.int64), np.zeros((30, 1), np.int64)) > 0
    huge = rng.integers(0, 6, (16, 5000))
    assert distance(huge, np.roll(huge, 1, axis=1)) < 0.02
    many_kinds = rng.permutation(400).reshape(20, 20)
    assert distance(many_kinds, many_kinds + 400) > distance(many_kinds, many_kinds[:, ::-1])


# The kernels, twice


@settings(max_examples=25, deadline=None)
@given(codes=GRIDS)
def test_kernels_are_what_they_say(codes: Grid) -> None:
    rows, cols = codes.shape
    rng = stream(5, "test", 42)
    down, across = rng.random((3, rows)), rng.random((3, cols))
    slowly = [(down @ (codes == t) @ across.T).ravel() for t in range(5)]
    assert np.allclose(kernel.blur(codes, 5, down, across), slowly)
    roots = rng.random((5, 4))
    together = (roots.T @ roots)[np.triu_indices(4, 1)]
    assert np.allclose(kernel.kinship(roots), together)
    assert np.array_equal(kernel.forms(codes), forms_slowly(codes))


def forms_slowly(codes: Grid) -> npt.NDArray[np.float64]:
    """Regions by repeated spreading of the smallest label."""
    labels = np.arange(codes.size).reshape(codes.shape)
    for _ in range(codes.size):
        for axis, step in product((0, 1), (1, -1)):
            near = np.roll(labels, step, axis)
            same = np.roll(codes, step, axis) == codes
            edge = 0 if step == 1 else -1
            same[(edge, slice(None)) if axis == 0 else (slice(None), edge)] = False
            labels = np.where(same, np.minimum(labels, near), labels)
    out = np.zeros((5, 6))
    for label in np.unique(labels):
        r, c = np.nonzero(labels == label)
        height, width = np.ptp(r) + 1, np.ptp(c) + 1
        if len(r) == 1:
            form = kernel.DOT
        elif len(r) < height * width:
            form = kernel.RAGGED
        else:
            form = kernel.FLAT if height == 1 else kernel.UPRIGHT if width == 1 else kernel.BLOCK
        out[form, min(5, int(np.log2(len(r))))] += 1
    return out


def test_content_is_what_it_says() -> None:
    a, b = np.array([[0, 0, 1, 2]]), np.array([[0, 0, 0, 3], [0, 0, 0, 3]])
    p, q = np.array([0.5, 0.25, 0.25, 0]), np.array([0.75, 0, 0, 0.25])
    out = np.zeros(kernel.N_COMPONENTS)
    kernel.contrast(pack([describe(a), describe(b)]), 0, 1, out)
    assert out[kernel.TILES] == pytest.approx(np.sqrt(1 - np.sqrt(p * q).sum()))
    logs = np.log2(1 + np.array([p, q]) / 0.01)
    assert out[kernel.KINDS] == pytest.approx(1 - logs.min(axis=0).sum() / logs.max(axis=0).sum())
    assert out[kernel.SIZE] == pytest.approx(0.5)  # an octave in one of two directions
    assert out[kernel.BLOCKS] == 1  # one of them has none


def test_nameless_components_are_nameless() -> None:
    rng = stream(3, "test", 43)
    a = rng.integers(0, 3, (9, 9))
    parts = components(a, np.array([7, 9, 8])[a])
    for component in COMPONENTS:
        named = component.kind == "content" or component.name == "layout"
        assert (parts[component.name] > 0) == named
