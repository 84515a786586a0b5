"""Tropes: the base code, what is found, what is not, and where."""

from __future__ import annotations

from math import comb, log2
from pathlib import Path

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from procgen_sim._checks import InputError
from procgen_sim.levels import Level, Tileset, load_corpus, shipped_corpus
from procgen_sim.levels.body import ORDERS, Body, Order
from procgen_sim.levels.tropes import search as search_module
from procgen_sim.levels.tropes import tropes
from procgen_sim.levels.tropes.apart_kernel import apart
from procgen_sim.levels.tropes.base_code import BaseCode, Sheet
from procgen_sim.levels.tropes.families import agreement, families
from procgen_sim.levels.tropes.mining import occurrences, saved_bits

CHARACTERS = "-XSEo?B"
TILES = Tileset(dict.fromkeys(CHARACTERS, ()))
MOSTLY_SKY = np.array([0.7, 0.1, 0.05, 0.05, 0.05, 0.03, 0.02])
STAMP = np.array([[2, 0, 2], [1, 5, 1], [3, 1, 3]], np.uint8)


def noise(
    n: int, shape: tuple[int, int], p: np.ndarray, rng: np.random.Generator
) -> list[np.ndarray]:
    return [rng.choice(len(p), shape, p=p).astype(np.uint8) for _ in range(n)]


def body_of(grids: list[np.ndarray], order: Order = "columns") -> Body:
    return Body.of("b", [Level(g, TILES, f"l{i}") for i, g in enumerate(grids)], order=order)


@given(st.integers(1, 4), st.integers(0, 10_000))
@settings(max_examples=40, deadline=None)
def test_the_base_code_is_a_probability(n_tiles: int, seed: int) -> None:
    rng = np.random.default_rng(seed)
    code = BaseCode.fit(
        Sheet.of([rng.integers(0, n_tiles, (7, 5)).astype(np.uint8) for _ in range(2)], n_tiles)
    )
    for before in range(n_tiles):
        for above in range(n_tiles):
            total = 0.0
            for tile in range(n_tiles):
                last = np.array([[0, before], [above, tile]], np.uint8)
                total += 2.0 ** -code.bits(Sheet.of([last], n_tiles))[1, 1]
            assert total == pytest.approx(1.0, abs=1e-3)
    first = sum(
        2.0 ** -code.bits(Sheet.of([np.array([[tile]], np.uint8)], n_tiles))[0, 0]
        for tile in range(n_tiles)
    )
    assert first == pytest.approx(1.0, abs=1e-3)


@pytest.mark.parametrize("p", [np.full(7, 1 / 7), MOSTLY_SKY, np.array([0.9, 0.1])])
def test_noise_costs_its_entropy(p: np.ndarray) -> None:
    grids = noise(20, (16, 100), p, np.random.default_rng(4))
    sheet = Sheet.of(grids, len(p))
    found = BaseCode.fit(sheet).bits(sheet)
    entropy = -(p * np.log2(p)).sum()
    variance = max((p * np.log2(p) ** 2).sum() - entropy**2, 0.0)
    n_contexts = len(p) ** 2
    error = (variance / found.size) ** 0.5 + n_contexts * 12 / found.size  # and what fitting gains
    assert found.mean() == pytest.approx(entropy, abs=4 * error)


def test_flat_ground_costs_next_to_nothing() -> None:
    grid = np.zeros((12, 200), np.uint8)
    grid[10:] = 1
    sheet = Sheet.of([grid.T], 2)
    assert BaseCode.fit(sheet).bits(sheet).sum() < 100


def test_shorter_lines_are_padded_for_free() -> None:
    lines = [np.ones((3, 2), np.uint8), np.zeros((2, 4), np.uint8)]
    sheet = Sheet.of(lines, 2)
    bits = BaseCode.fit(sheet).bits(sheet)
    assert (bits[:3, 2:] == 0).all()
    assert sheet.real.sum() == 3 * 2 + 2 * 4


@given(st.integers(1, 30), st.integers(31, 2000))
def test_the_address_is_never_cheaper_than_the_number_of_choices(n: int, places: int) -> None:
    each = 100.0  # so much that all of them are worth an address
    assert n * each - saved_bits(np.full(n, each), places, 0.0) >= log2(comb(places, n))


def test_an_occurrence_that_costs_less_than_its_address_is_spelled() -> None:
    dear, cheap = np.full(9, 40.0), np.full(50, 1.0)
    alone = saved_bits(dear, 10_000, 20.0)
    assert saved_bits(np.append(cheap, dear), 10_000, 20.0) == alone > 0
    assert saved_bits(np.empty(0), 10_000, 20.0) == 0.0


@given(
    st.lists(st.integers(0, 60), max_size=30, unique=True),
    st.integers(1, 4),
    st.integers(1, 4),
    st.integers(0, 99),
)
@settings(deadline=None)
def test_the_kernel_keeps_places_apart_like_the_reference(
    places: list[int], along: int, across: int, seed: int
) -> None:
    cells = [i * 20 + j for i in range(along) for j in range(across)]
    free = np.random.default_rng(seed).random(200) < 0.95
    taken: set[int] = set()
    expected = []
    for place in sorted(places):
        own = {place + cell for cell in cells}
        if free[sorted(own)].all() and not own & taken:
            taken |= own
            expected.append(place)
    before = free.copy()
    found = apart(np.array(sorted(places), np.int64), np.array(cells, np.int64), free)
    assert found.tolist() == expected
    assert (free == before).all()


def test_an_occurrence_does_not_cross_from_level_to_level() -> None:
    sheet = Sheet.of([np.array([[0], [1]], np.uint8), np.array([[1], [0], [1]], np.uint8)], 2)
    pattern = np.array([[1], [1]], np.uint8)
    free = np.ones(sheet.tiles.size, np.bool_)
    assert occurrences(sheet, pattern, np.arange(2), free)[0].tolist() == []
    pattern = np.array([[0], [1]], np.uint8)
    assert occurrences(sheet, pattern, np.arange(2), free)[0].tolist() == [0, 3]


@pytest.mark.parametrize("order", ORDERS)
@pytest.mark.parametrize("seed", [5, 6, 7])
def test_a_planted_stamp_comes_first(order: Order, seed: int) -> None:
    rng = np.random.default_rng(seed)
    grids = noise(50, (16, 60) if order == "columns" else (60, 16), MOSTLY_SKY, rng)
    planted = {}
    for i in rng.permutation(50)[:30]:
        r, c = (int(rng.integers(0, size - 2)) for size in grids[i].shape)
        grids[i][r : r + 3, c : c + 3] = STAMP
        planted[int(i)] = (r, c)
    body = body_of(grids, order)
    found = tropes(body)
    trope = found[0]
    assert trope.picture == ("S-S", "X?X", "EXE")
    assert trope.n_occurrences == 30
    assert trope.share_of_levels == 0.6
    assert trope.first.level == min(planted)
    assert trope.first.name == f"l{min(planted)}"
    assert {p.level: (p.row, p.column) for p in trope.places} == {
        i: planted[i] for i in sorted(planted)[:5]
    }
    for place in trope.places:
        shown = body.lines[place.level][place.line]  # the first line met has a part of the stamp
        part = {
            "columns": STAMP[:, 0],
            "rows-up": STAMP[2],
            "reading": STAMP[0],
        }[order]
        start = place.row if order == "columns" else place.column
        codes = [body.alphabet.index(CHARACTERS[tile]) for tile in part]
        assert shown[start : start + 3].tolist() == codes
    assert 0 < trope.saved_bits < found.total_bits
    assert found.share_saved == pytest.approx(sum(t.saved_bits for t in found) / found.total_bits)


@pytest.mark.parametrize("p", [np.full(7, 1 / 7), MOSTLY_SKY, np.array([0.9, 0.1])])
def test_noise_has_no_trope(p: np.ndarray) -> None:
    for seed in range(6):
        rng = np.random.default_rng(seed)
        assert len(tropes(body_of(noise(10, (16, 80), p, rng)))) == 0


def test_levels_of_one_tile_have_no_trope() -> None:
    empty = tropes(body_of([np.zeros((16, 50), np.uint8)] * 20))
    assert (len(empty), empty.total_bits, empty.share_saved) == (0, 0.0, 0.0)
    assert len(tropes(body_of([np.zeros((1, 1), np.uint8)]))) == 0


def test_flat_ground_is_one_trope_at_most() -> None:
    grid = np.zeros((16, 120), np.uint8)
    grid[14:] = 1
    assert len(tropes(body_of([grid] * 30))) <= 1


def test_copies_are_nearly_all_trope_and_one_level_of_noise_is_not() -> None:
    grid = noise(1, (16, 60), MOSTLY_SKY, np.random.default_rng(8))[0]
    assert len(tropes(body_of([grid]))) == 0
    copies = tropes(body_of([grid] * 20))
    assert copies.share_saved > 0.8
    assert all(trope.share_of_levels == 1.0 for trope in copies)


def test_sameness_of_a_few_columns_in_random_order_is_found() -> None:
    rng = np.random.default_rng(9)
    columns = rng.integers(0, 7, (4, 12)).astype(np.uint8)
    grids = [columns[rng.integers(0, 4, 60)].T.copy() for _ in range(10)]
    found = tropes(body_of(grids))
    assert found.share_saved > 0.7
    assert all(trope.n_columns <= 2 for trope in found)


def test_levels_of_different_size_and_copies_of_them() -> None:
    rng = np.random.default_rng(10)
    grids = [noise(1, (5 + i, 60 - i), MOSTLY_SKY, rng)[0] for i in range(4)]
    assert len(tropes(body_of(grids))) == 0
    twice = tropes(body_of([*grids, *grids]))
    assert twice.share_saved > 0.2
    assert all(trope.n_occurrences == 2 for trope in twice)


def test_variants_are_one_trope() -> None:
    rng = np.random.default_rng(11)
    grids = []
    for _ in range(60):
        grid = np.zeros((14, 60), np.uint8)
        grid[13] = 1
        for start in range(4, 52, 12):
            height = int(rng.integers(2, 5))
            column = start + int(rng.integers(0, 8))
            grid[13 - height : 13, column] = 3
            grid[13 - height : 13, column + 1] = 4
            grid[13 - height, column : column + 2] = [5, 6]
        grids.append(grid)
    found = tropes(body_of(grids))
    assert len(found) == 1
    assert found[0].n_occurrences == 60 * 4
    assert found[0].picture[0].strip("-") == "?B"


def test_stairs_up_and_stairs_down_are_two_families() -> None:
    up = np.tril(np.ones((4, 4), np.uint8))
    bits = np.full((4, 4), 0.1)
    np.fill_diagonal(bits, 5.0)
    assert agreement(up, bits, up, bits) == 1.0
    assert families([(up, bits), (up[:, ::-1], bits[:, ::-1]), (up, bits)]) == [[0, 2], [1]]


def test_what_is_found_in_a_part_is_counted_in_all(monkeypatch: pytest.MonkeyPatch) -> None:
    rng = np.random.default_rng(12)
    grids = noise(40, (12, 30), MOSTLY_SKY, rng)
    for grid in grids:
        grid[4:7, 10:13] = STAMP
    monkeypatch.setattr(search_module, "MINED_TILES", 12 * 30 * 10)
    found = tropes(body_of(grids))
    assert found.n_levels == 40
    assert found.n_levels_mined <= 10
    assert found[0].n_occurrences == 40


def test_the_same_levels_have_the_same_tropes() -> None:
    levels = shipped_corpus("space_opera").levels
    assert tropes(Body.of("a", levels)) == tropes(Body.of("b", levels))


@pytest.mark.parametrize("name", ["samurai", "space_opera"])
def test_tropes_are_where_they_are_said_to_be(name: str) -> None:
    levels = shipped_corpus(name).levels
    found = tropes(Body.of(name, levels), n=6)
    assert 1 < len(found) <= 6
    assert [t.saved_bits for t in found] == sorted((t.saved_bits for t in found), reverse=True)
    for trope in found:
        assert trope.n_occurrences > 1
        for place in trope.places:
            rows = levels[place.level].rows()[place.row : place.row + trope.n_rows]
            seen = tuple(row[place.column : place.column + trope.n_columns] for row in rows)
            assert seen == trope.picture


def test_wrong_numbers_are_refused() -> None:
    with pytest.raises(InputError, match="n: expected a whole number of at least 1"):
        tropes(Body.of("s", shipped_corpus("samurai").levels), n=0)


def test_the_pipe_pays_most_in_super_mario_bros(shared_data: Path) -> None:
    levels = load_corpus(shared_data / "vglc" / "super_mario_bros").levels
    found = tropes(Body.of("smb", levels))
    assert found[0].picture[-2:] == ("<>", "[]")
    assert found[0].share_of_levels > 0.5


def test_what_notch_param_repeats_saves_more_than_what_people_repeat(shared_data: Path) -> None:
    def share(folder: str) -> float:
        return tropes(Body.of(folder, load_corpus(shared_data / folder).levels)).share_saved

    assert share("mario_ai/notchParam") > share("vglc/super_mario_bros")


@pytest.mark.parametrize("folder", ["vglc/kid_icarus", "vglc/lode_runner"])
def test_other_games_have_tropes_too(shared_data: Path, folder: str) -> None:
    found = tropes(Body.of(folder, load_corpus(shared_data / folder).levels))
    assert len(found) >= 6


def test_shares_and_first_places_are_of_all_that_is_there() -> None:
    """Counted by hand, although another trope may lie over it; its variants' levels count, too."""
    levels = shipped_corpus("samurai").levels
    body = Body.of("samurai", levels)
    for trope in tropes(body, n=8):
        pictures = [np.array([list(row) for row in rows]) for rows in (trope.picture,)]
        pictures += [np.array([list(row) for row in rows]) for rows in trope.variants]
        places = [
            (index, *where)
            for index, level in enumerate(levels)
            for where in _found(
                np.array([list(row) for row in level.rows()]), pictures, body, index
            )
        ]
        assert trope.share_of_levels == pytest.approx(len({p[0] for p in places}) / len(levels))
        assert (trope.first.level, trope.first.line) == min(places)[:2]


def _found(
    grid: np.ndarray, pictures: list[np.ndarray], body: Body, index: int
) -> list[tuple[int, int]]:
    """First columns and rows of every picture in a level, within its active columns."""
    part = body.active[index]
    return [
        (column, row)
        for tiles in pictures
        for row in range(grid.shape[0] - tiles.shape[0] + 1)
        for column in range(part.start, part.stop - tiles.shape[1] + 1)
        if (grid[row : row + tiles.shape[0], column : column + tiles.shape[1]] == tiles).all()
    ]


def _grid(level: Level) -> np.ndarray:
    return np.array([list(row) for row in level.rows()])
