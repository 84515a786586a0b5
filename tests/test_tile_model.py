"""The tile model is a probability model in the strict sense, and learns as theory says."""

from __future__ import annotations

import math
from pathlib import Path

import numpy as np
import numpy.typing as npt
import pytest

from procgen_sim._checks import InputError
from procgen_sim.levels import load_corpus
from procgen_sim.levels.body import Body
from procgen_sim.models import KneserNey, TileModel, tile_kernel
from procgen_sim.models.tile import _fresh_memory, _fresh_work, _tables
from procgen_sim.rng import stream

Lines = npt.NDArray[np.uint8]
Floats = npt.NDArray[np.float64]


def noise(n_tiles: int, shape: tuple[int, int], seed: int = 0) -> Lines:
    return stream(seed, "test", 61).integers(n_tiles, size=shape).astype(np.uint8)


def patterned(n_lines: int, seed: int = 0) -> Lines:
    """``(n_lines, 6)`` runs of four kinds of line, 1 to 5 long."""
    rng = stream(seed, "test", 62)
    kinds = np.array(
        [[0, 0, 0, 0, 1, 1], [0, 0, 0, 1, 1, 1], [0, 2, 0, 0, 0, 0], [0, 0, 3, 3, 1, 1]], np.uint8
    )
    picks = np.repeat(rng.integers(4, size=n_lines), rng.integers(1, 6, size=n_lines))
    return kinds[picks[:n_lines]]


def markov(n: int, seed: int) -> tuple[Lines, Floats]:
    """``(n, 1)`` tiles of a chain of two states, and ``(n,)`` bits that its author would charge."""
    chance = np.array([[0.9, 0.1], [0.3, 0.7]])
    tiles = np.zeros(n, dtype=np.uint8)
    bits = np.zeros(n)
    state = 0
    for i, u in enumerate(stream(seed, "test", 63).random(n)):
        new = int(u >= chance[state, 0])
        bits[i] = -math.log2(chance[state, new])
        tiles[i] = state = new
    return tiles[:, None], bits


def kt_bits(contexts: npt.NDArray[np.int64], tiles: Lines) -> Floats:
    """``(n,)`` bits of binary tiles under the kernel's counters alone, with the ½ of KT.

    Bypasses the mixer: reads what the first context's counter said before each update.
    """
    tables, memory, work = _tables(0.5), _fresh_memory(), _fresh_work(1)
    bits = np.zeros(len(tiles))
    for i, (context, tile) in enumerate(zip(contexts.tolist(), tiles.tolist(), strict=True)):
        work.hashes[:] = context * 7919 + 101 * np.arange(tile_kernel.N_CONTEXTS)
        tile_kernel.predict(1, 0, tables, memory, work)
        odds = math.exp(work.inputs[0])
        bits[i] = -math.log2(odds / (1 + odds) if tile else 1 / (1 + odds))
        tile_kernel.update(tile, tables, memory, work)
    return bits


def entropy_bits(tiles: Lines) -> float:
    """Bits that the best constant probability, known in hindsight, would need."""
    share = np.bincount(tiles, minlength=2) / len(tiles)
    share = share[share > 0]
    return float(-len(tiles) * (share * np.log2(share)).sum())


class TestStrictness:
    def test_all_levels_there_are_add_up_to_one(self) -> None:
        """All sixteen 2 × 2 levels, learning on the way included."""
        model = TileModel(2)
        model.learn(np.array([[0, 1], [1, 1], [0, 1], [0, 1], [0, 0]], dtype=np.uint8))
        levels = [np.array([c >> 3 & 1, c >> 2 & 1, c >> 1 & 1, c & 1]) for c in range(16)]
        p = np.array([2.0 ** -model.bits(x.reshape(2, 2).astype(np.uint8)).sum() for x in levels])
        assert p.sum() == pytest.approx(1)

    @pytest.mark.parametrize("n_tiles", [1, 2, 3, 5, 255])
    @pytest.mark.parametrize("length", [1, 4])
    def test_probabilities_are_positive_with_sum_one(self, n_tiles: int, length: int) -> None:
        model = TileModel(n_tiles)
        lines = noise(min(n_tiles, 6), (12, length))
        lines[4:8] = lines[3]
        model.learn(lines)
        for n in (0, 3, 5):
            for prefix in range(length):
                p = model.distribution(lines[:n], lines[n, :prefix])
                assert p.sum() == pytest.approx(1.0, abs=1e-12)
                assert (p > 0).all()

    def test_distribution_is_what_is_charged(self) -> None:
        """Level by level and tile by tile the same bits, along repeated and changed lines."""
        model = TileModel(4)
        model.learn(patterned(40))
        lines = patterned(25, seed=1)
        reader = model.reader(lines.shape[1])
        asked, charged = [], []
        for tile in lines.ravel().tolist():
            asked.append(-math.log2(reader.distribution()[tile]))
            charged.append(reader.meet(tile))
        assert asked == pytest.approx(charged, abs=1e-9)
        assert np.reshape(charged, lines.shape).sum(axis=1) == pytest.approx(
            model.bits(lines), abs=1e-6
        )

    def test_the_probabilities_of_all_small_levels_have_sum_one(self) -> None:
        model = TileModel(2)
        model.learn(patterned(30)[:, 3:5] % 2)
        total = 0.0
        for code in range(1 << 6):
            lines = np.array([code >> k & 1 for k in range(6)], dtype=np.uint8).reshape(3, 2)
            total += 2.0 ** -model.bits(lines).sum()
        assert total == pytest.approx(1.0, abs=1e-9)

    def test_asking_does_not_teach(self) -> None:
        model = TileModel(4)
        model.learn(patterned(30))
        lines = patterned(30, seed=1)
        first = model.bits(lines)
        model.tile_bits(lines)
        model.distribution(lines[:3], [0])
        model.copy().learn(lines)
        assert (model.bits(lines) == first).all()
        assert (model.learn(lines) == first).all()
        assert model.n_seen == 2
        assert model.naive().n_seen == 0

    def test_tiles_add_up_to_lines(self) -> None:
        model, lines = TileModel(4), patterned(30)
        assert model.tile_bits(lines).sum(axis=1) == pytest.approx(model.bits(lines))

    def test_one_tile_costs_nothing(self) -> None:
        lines = np.zeros((5, 3), dtype=np.uint8)
        assert (TileModel(1).learn(lines) == 0).all()

    def test_levels_of_different_line_length(self) -> None:
        model = TileModel(4)
        for length in (6, 1, 3):
            assert np.isfinite(model.learn(patterned(9)[:, :length])).all()
        assert model.learn(np.zeros((0, 2), np.uint8)).shape == (0,)


class TestTheory:
    @pytest.mark.parametrize("chance", [0.0, 0.02, 0.3, 0.5])
    def test_counters_keep_the_kt_bound(self, chance: float) -> None:
        """At most ½ log2 n + 1 bits above the best constant probability ([Willems1995]_)."""
        for seed in range(3):
            tiles = (stream(seed, "test", 64).random(200) < chance).astype(np.uint8)
            spent = kt_bits(np.zeros(200, dtype=np.int64), tiles).cumsum()
            for n in (1, 10, 50, 200):
                assert spent[n - 1] - entropy_bits(tiles[:n]) <= 0.5 * math.log2(n) + 1 + 1e-6

    @pytest.mark.slow
    def test_counters_learn_a_markov_source_at_the_rate_of_theory(self) -> None:
        """Regret of k = 2 contexts grows by (k/2) log2 of the ratio of lengths."""
        early, late = 50, 300
        growth = []
        for seed in range(40):
            tiles, truth = markov(late, seed)
            contexts = np.concatenate([[0], tiles[:-1, 0]]).astype(np.int64)
            regret = (kt_bits(contexts, tiles[:, 0]) - truth).cumsum()
            growth.append(regret[-1] - regret[early - 1])
        error = np.std(growth, ddof=1) / math.sqrt(len(growth))
        assert abs(np.mean(growth) - math.log2(late / early)) < 3.5 * error

    @pytest.mark.slow
    def test_the_mixture_approaches_the_entropy_of_a_markov_source(self) -> None:
        """Weights must be learned, too: more regret than counters, yet per tile it dies out."""
        regret = []
        for seed in range(8):
            tiles, truth = markov(16_000, seed)
            regret.append((TileModel(2).learn(tiles) - truth).cumsum()[[499, 1999, 15_999]])
        mean = np.mean(regret, axis=0)
        error = np.std(regret, axis=0, ddof=1) / math.sqrt(len(regret))
        assert (mean - 3.5 * error > 0).all()  # nobody beats the author on average
        per_tile = mean / [500, 2000, 16_000]
        assert per_tile[1] < 0.75 * per_tile[0]
        assert per_tile[2] < 0.45 * per_tile[1]
        assert per_tile[2] < 0.04 * truth.mean()

    @pytest.mark.parametrize("n_tiles", [2, 4, 16])
    def test_white_noise_costs_what_it_must(self, n_tiles: int) -> None:
        per_tile = TileModel(n_tiles).learn(noise(n_tiles, (400, 8))).mean() / 8
        assert math.log2(n_tiles) * 0.99 < per_tile < math.log2(n_tiles) * 1.05

    def test_a_level_seen_twice(self) -> None:
        lines = noise(5, (100, 8))
        model = TileModel(5)
        first = model.learn(lines).sum()
        assert model.learn(lines).sum() < 0.12 * first
        assert model.learn(lines).sum() < 0.01 * first

    def test_nothing_but_one_line(self) -> None:
        model, lines = TileModel(5), np.full((200, 8), 3, dtype=np.uint8)
        assert model.learn(lines).sum() < 25
        assert model.learn(lines).sum() < 1

    def test_shuffled_columns_cost_more(self) -> None:
        lines = patterned(150)
        mixed = stream(0, "test", 65).permutation(lines)
        in_order, shuffled = TileModel(4).learn(lines), TileModel(4).learn(mixed)
        assert shuffled.sum() > 1.1 * in_order.sum()

    def test_forgetting(self) -> None:
        """The same life, with and without; who forgets still knows more than a newcomer."""
        lines, later = patterned(60), {}
        for half_life in (math.inf, 3.0):
            model = TileModel(4, half_life_levels=half_life)
            for _ in range(3):
                model.learn(lines)
            for _ in range(12):
                model.learn(np.full((1, 6), 1, dtype=np.uint8))
            later[half_life] = model.bits(lines).sum()
        assert 1.5 * later[math.inf] < later[3.0] < 0.8 * TileModel(4).bits(lines).sum()

    @pytest.mark.parametrize("half_life", [4.0, 64.0, 1024.0])
    def test_half_of_the_evidence_is_gone_after_a_half_life(self, half_life: float) -> None:
        """On average over contexts, however little evidence each has; and in the end all of it."""
        n, rng = 4000, stream(0, "test", 67)
        for outcomes in (1, 3):
            slots = (rng.integers(1, 1 << 24, n) << 33) | (64 * outcomes << 16)
            factor = 0.5 ** (1 / half_life)
            for age in range(int(half_life)):
                tile_kernel.forget(slots, factor, age)
            left = (slots >> 16 & 0xFFFF) / (64 * outcomes)
            assert abs(left.mean() - 0.5) < 4 * max(left.std(), 0.01) / math.sqrt(n) + 0.01
        for age in range(int(6 * half_life)):
            tile_kernel.forget(slots, factor, age)
        assert np.mean(slots != 0) < 0.2

    def test_who_keeps_nothing_meets_every_level_for_the_first_time(self) -> None:
        noise = stream(0, "test", 68).integers(6, size=(40, 9)).astype(np.uint8)
        forgetful = TileModel(6, half_life_levels=0.01)
        for _ in range(3):
            forgetful.learn(noise)
        assert forgetful.bits(noise).sum() > 0.8 * TileModel(6).bits(noise).sum()

    def test_asking_a_full_memory_does_not_make_room_in_it(self) -> None:
        """What is charged is what was asked, too, when every new context pushes out another."""
        rng, lines = stream(0, "test", 69), patterned(30)
        model = TileModel(4)
        taken = model._memory.slots
        taken[:] = (rng.integers(1, 1 << 24, len(taken)) << 33) | (64 << 16) | 64
        before = taken.copy()
        asking, silent = model.reader(lines.shape[1]), model.reader(lines.shape[1])
        for tile in lines.ravel().tolist():
            p = asking.distribution()
            assert p.sum() == pytest.approx(1.0, abs=1e-9)
            bits = asking.meet(tile)
            assert bits == pytest.approx(-math.log2(p[tile]), abs=1e-9)
            assert bits == silent.meet(tile)
        assert np.array_equal(taken, before)


class TestMixing:
    def test_the_kernel_mixes_as_the_equations_say(self) -> None:
        """Predictions and weights after each decision, against a few lines of NumPy."""
        rng = stream(3, "test", 66)
        tables, memory, work = _tables(), _fresh_memory(), _fresh_work(4)
        n = tile_kernel.N_SETS
        for _ in range(60):
            work.hashes[:] = rng.integers(5, size=tile_kernel.N_CONTEXTS) * 7919
            work.chosen[:] = rng.integers(60, size=6)
            bit = int(rng.random() < 0.8)
            tile_kernel.predict(int(rng.integers(3)), 0, tables, memory, work)
            x, rows = work.inputs.copy(), work.used[:n].copy()
            weights, last = memory.weights[rows].copy(), memory.last[0].copy()
            outputs = np.clip(weights @ x, -tile_kernel.RANGE, tile_kernel.RANGE)
            mixed = 1 / (1 + np.exp(-(last @ outputs)))
            assert work.outputs == pytest.approx(outputs, abs=1e-9)
            assert work.finals[0] == pytest.approx(mixed, abs=1e-5)
            uses = memory.uses[rows].copy()
            tile_kernel.update(bit, tables, memory, work)
            assert (memory.uses[rows] == uses + 1).all()
            rates = tile_kernel.RATE + tile_kernel.FIRST_RATE / (1 + uses / tile_kernel.RATE_DECAY)
            errors = rates * (bit - 1 / (1 + np.exp(-outputs)))
            assert memory.weights[rows] == pytest.approx(weights + np.outer(errors, x), abs=1e-5)

    def test_a_counter_never_forgets_which_outcome_is_the_frequent_one(self) -> None:
        """Long after its limit it still says 3 in 4."""
        tables, memory, work = _tables(0.5), _fresh_memory(), _fresh_work(1)
        work.hashes[:] = 12345 + 101 * np.arange(tile_kernel.N_CONTEXTS)
        for i in range(6000):
            tile_kernel.predict(1, 0, tables, memory, work)
            tile_kernel.update(int(i % 4 > 0), tables, memory, work)
        tile_kernel.predict(1, 0, tables, memory, work)
        assert work.inputs[0] == pytest.approx(math.log(3), abs=0.02)

    def test_counters_count(self) -> None:
        tables, memory, work = _tables(0.5), _fresh_memory(), _fresh_work(1)
        work.hashes[:] = 12345 + 101 * np.arange(tile_kernel.N_CONTEXTS)
        for bit in (1, 1, 0, 1):
            tile_kernel.predict(1, 0, tables, memory, work)
            tile_kernel.update(bit, tables, memory, work)
        tile_kernel.predict(1, 0, tables, memory, work)
        assert work.inputs[0] == pytest.approx(math.log(3.5 / 1.5))


class TestInput:
    def test_refusals(self) -> None:
        model = TileModel(3)
        with pytest.raises(InputError, match="tile codes from 0 to 2, found 0 to 3"):
            model.learn(np.array([[0, 3]], dtype=np.uint8))
        with pytest.raises(InputError, match="an array"):
            model.learn(np.zeros(3, dtype=np.uint8))
        with pytest.raises(InputError, match="whole numbers"):
            model.learn(np.zeros((3, 2)))
        with pytest.raises(InputError, match="n_tiles"):
            TileModel(256)
        with pytest.raises(InputError, match="half_life_levels"):
            TileModel(2, half_life_levels=-1)


class TestRealLevels:
    @pytest.mark.slow
    @pytest.mark.parametrize(("folder", "paq8px"), [("notch", 1.190), ("notchParam", 0.579)])
    def test_better_than_paq8px(self, shared_data: Path, folder: str, paq8px: float) -> None:
        body = Body.of(folder, load_corpus(shared_data / "mario_ai" / folder).levels)
        model = TileModel(len(body.alphabet))
        assert sum(model.learn(lines).sum() for lines in body.lines) / body.n_lines < paq8px

    def test_better_than_kneser_ney(self, shared_data: Path) -> None:
        body = Body.of("smb", load_corpus(shared_data / "vglc" / "super_mario_bros").levels)
        model, reference = TileModel(len(body.alphabet)), KneserNey(len(body.alphabet))
        bits = sum(model.learn(lines).sum() for lines in body.lines)
        assert bits < 0.9 * sum(reference.learn(lines).sum() for lines in body.lines)
