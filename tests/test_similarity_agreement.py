"""What the perceptual distance finds alike, where there can be no two opinions."""

from __future__ import annotations

from collections.abc import Callable
from itertools import pairwise
from pathlib import Path

import numpy as np
import numpy.typing as npt
import pytest
from similarity_designs import Grid, Rng, draw, triplets

from procgen_sim.levels import Level, load_corpus, shipped_corpus
from procgen_sim.levels.similarity import (
    COMPONENTS,
    components,
    describe,
    distance,
    distance_matrix,
)
from procgen_sim.rng import stream

Triplet = tuple[Grid, Grid, Grid]


def codes(level: Level) -> Grid:
    return np.array([[ord(tile) for tile in row] for row in level.rows()])


def window(level: Grid, shape: tuple[int, int], rng: Rng) -> Grid:
    """A window with more than one kind of tile."""
    while True:
        r, c = (rng.integers(0, n - w + 1) for n, w in zip(level.shape, shape, strict=True))
        cut = level[r : r + shape[0], c : c + shape[1]]
        if len(np.unique(cut)) > 1:
            return cut


def shipped(name: str) -> list[Grid]:
    return [codes(level) for level in shipped_corpus(name).levels]


SOURCES: dict[str, Callable[[Rng], list[Grid]]] = {
    "rooms": lambda rng: draw("rooms", 30, rng),
    "boards": lambda rng: draw("boards", 30, rng),
    "windows": lambda rng: [window(level, (11, 16), rng) for level in shipped("samurai")],
    "levels": lambda _rng: shipped("space_opera"),
}


def changed(grid: Grid, n: int, rng: Rng) -> Grid:
    """``n`` tiles exchanged for other tiles of the same level."""
    out = grid.copy()
    for k in rng.permutation(grid.size)[:n]:
        others = grid[grid != grid.flat[k]]
        out.flat[k] = others[rng.integers(len(others))]
    return out


def scrambled(grid: Grid, rng: Rng) -> Grid:
    return rng.permutation(grid.ravel()).reshape(grid.shape)


@pytest.mark.parametrize("source", SOURCES)
def test_obvious_orders(source: str) -> None:
    """Of two changes the smaller looks smaller, in nearly every level."""
    rng = stream(3, "test", 44)
    grids = SOURCES[source](rng)
    n = len(grids)
    salient = [grid.copy() for grid in grids]
    for grid in salient:
        grid[grid.shape[0] // 2, grid.shape[1] // 3] = 98
    others = [grids[k] for k in (np.arange(n) + rng.integers(1, n, n)) % n]
    versions = {
        "one tile": [changed(g, 1, rng) for g in grids],
        "4 %": [changed(g, g.size // 25, rng) for g in grids],
        "20 %": [changed(g, g.size // 5, rng) for g in grids],
        "shifted": [np.concatenate([g[:, 1:], g[:, -1:]], axis=1) for g in grids],
        "mirrored": [g[:, ::-1] for g in grids],
        "renamed": [np.where(g == np.unique(g)[-1], 99, g) for g in grids],
        "one new kind": salient,
        "scrambled": [scrambled(g, rng) for g in grids],
        "other level": others,
        "other game": [scrambled(g, rng) + 1000 for g in others],
    }
    apart = {
        name: np.array([distance(a, b) for a, b in zip(grids, made, strict=True)])
        for name, made in versions.items()
    }
    orders = [
        ("one tile", "4 %", "20 %"),
        ("one new kind", "other level"),
        ("shifted", "other level", "other game"),
        ("mirrored", "other level"),
        ("renamed", "other game"),
    ]
    for order in orders:
        for less, more in pairwise(order):
            smaller = apart[less] < apart[more]
            assert smaller.mean() >= 0.8, (less, more, apart[less].mean(), apart[more].mean())
    arranged = np.array([distance(g, scrambled(g, rng)) > 0.05 for g in grids])
    for less in ("one new kind", "shifted", "mirrored"):
        # A level of noise is still one when scrambled.
        assert (apart[less] < apart["scrambled"])[arranged].mean() >= 0.9, less


def shares_of_tiles(a: Grid, b: Grid) -> float:
    """The plain yardstick: half the sum of differences of frequencies."""
    gaps = [abs((a == t).mean() - (b == t).mean()) for t in np.union1d(a, b)]
    return float(np.sum(gaps)) / 2


def right(gaps: npt.NDArray[np.float64]) -> float:
    """Share of triplets with b closer to a than c; a draw counts half."""
    return float((gaps > 0).mean() + (gaps == 0).mean() / 2)


def plainly(found: list[Triplet]) -> float:
    gaps = [shares_of_tiles(a, c) - shares_of_tiles(a, b) for a, b, c in found]
    return right(np.array(gaps))


def by_component(found: list[Triplet]) -> npt.NDArray[np.float64]:
    """``(n_triplets, n_components)`` how much farther c is from a than b."""
    gaps = []
    for triplet in found:
        a, b, c = map(describe, triplet)
        near, far = components(a, b), components(a, c)
        gaps.append([far[name] - near[name] for name in near])
    return np.array(gaps)


def of_one_level(levels: list[Grid], shape: tuple[int, int], n: int, rng: Rng) -> list[Triplet]:
    """Two windows of one level and one of another of the same body."""
    found = []
    for _ in range(n):
        i, j = rng.choice(len(levels), 2, replace=False)
        first, second = window(levels[i], shape, rng), window(levels[i], shape, rng)
        found.append((first, second, window(levels[j], shape, rng)))
    return found


def judged(rng: Rng) -> dict[str, list[Triplet]]:
    return {
        "boards": triplets("boards", 300, rng),
        "rooms": triplets("rooms", 300, rng),
        "samurai": of_one_level(shipped("samurai"), (9, 9), 200, rng),
        "space_opera": of_one_level(shipped("space_opera"), (11, 16), 200, rng),
    }


def test_together_they_agree_better_than_frequencies_and_than_each_alone() -> None:
    sets = judged(stream(3, "test", 45))
    plain = np.array([plainly(found) for found in sets.values()])
    gaps = [by_component(found) for found in sets.values()]
    ours = np.array([right(part.sum(axis=1)) for part in gaps])
    alone = np.array([[right(part[:, k]) for part in gaps] for k in range(len(COMPONENTS))])
    assert (ours > plain - 0.02).all(), (ours, plain)
    assert ours.mean() > plain.mean() + 0.03, (ours, plain)
    # Where everything about a level is drawn anew, together they beat each of them.
    assert (ours[:2] > alone[:, :2]).all(), (ours, alone)
    # Two windows of a level share tiles but no places, so what touches what does best alone.
    assert ours.mean() > alone.mean(axis=1).max() - 0.03, (ours, alone)


def test_no_component_dominates() -> None:
    """What each contributes to the variance of the distance within a body, on average."""
    rng = stream(3, "test", 46)
    contributions = []
    for source in SOURCES.values():
        grids = source(rng)
        rows = [list(components(a, b).values()) for a, b in pairwise(grids)]
        parts = np.array(rows)
        spread = parts.std(axis=0)
        contributions.append(spread / spread.sum())
    shares: npt.NDArray[np.float64] = np.mean(contributions, axis=0)
    assert shares.max() < 0.25
    assert (shares > 0.02).sum() >= 12


# Real levels


FOLDERS = {
    "vglc/super_mario_bros": 15,
    "vglc/lode_runner": 40,
    "vglc/kid_icarus": 6,
    "mario_ai/notch": 40,
    "mario_ai/notchParam": 40,
    "mario_ai/hopper": 40,
}


@pytest.fixture(scope="module")
def bodies(shared_data: Path) -> dict[str, list[Grid]]:
    return {
        folder: [codes(level) for level in load_corpus(shared_data / folder).levels[:n]]
        for folder, n in FOLDERS.items()
    }


def test_the_nearest_level_is_of_the_same_source(bodies: dict[str, list[Grid]]) -> None:
    levels = [level for body in bodies.values() for level in body]
    source = np.repeat(np.arange(len(bodies)), [len(body) for body in bodies.values()])
    apart = distance_matrix(levels)
    np.fill_diagonal(apart, np.inf)
    right = source[apart.argmin(axis=1)] == source
    assert right.mean() > 0.85
    mario = source >= 3  # three generators of the same game: a third by chance
    assert right[mario].mean() > 0.75


def test_generators_order_as_people_see_them(bodies: dict[str, list[Grid]]) -> None:
    """Hand-made levels differ more from one another than those of any of the generators."""
    means = {
        name: distance_matrix(body).sum() / len(body) / (len(body) - 1)
        for name, body in bodies.items()
    }
    generated = [means[name] for name in means if name.startswith("mario_ai")]
    assert means["vglc/super_mario_bros"] > 1.2 * max(generated)
    assert means["mario_ai/notchParam"] == min(generated)


def test_windows_of_one_level_are_alike(bodies: dict[str, list[Grid]]) -> None:
    rng = stream(3, "test", 47)
    ours, plain = [], []
    for folder in ("vglc/super_mario_bros", "vglc/lode_runner", "vglc/kid_icarus"):
        found = of_one_level(bodies[folder], (11, 16), 120, rng)
        ours.append(right(by_component(found).sum(axis=1)))
        plain.append(plainly(found))
    assert np.mean(ours) > 0.68
    assert np.mean(ours) > np.mean(plain) - 0.01, (ours, plain)
