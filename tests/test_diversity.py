"""Hill numbers: against enumeration of all samples, and against sources that are known."""

from __future__ import annotations

import itertools
import math
from collections import Counter
from collections.abc import Sequence
from fractions import Fraction
from pathlib import Path

import numpy as np
import numpy.typing as npt
import pytest

from procgen_sim._checks import InputError
from procgen_sim.levels import Level, Tileset, load_corpus
from procgen_sim.levels.body import Body
from procgen_sim.levels.diversity import _community, diversity, diversity_of
from procgen_sim.levels.hill import asymptotic, coverage, hill_at, sample_of, unseen
from procgen_sim.rng import stream

SMALL = (np.array([4, 2, 1, 1, 1]), np.array([3, 3]), np.array([1] * 8), np.array([7]))
ORDERS = (0, 1, 2)


def zipf(n: int) -> npt.NDArray[np.float64]:
    p = 1 / np.arange(1, n + 1)
    return np.asarray(p / p.sum())


def exact(p: npt.NDArray[np.float64]) -> npt.NDArray[np.float64]:
    return np.array([len(p), np.exp(-p @ np.log(p)), 1 / (p @ p)])


def samples(seed: int, n_samples: int, n: int, p: npt.NDArray[np.float64]) -> list[npt.NDArray]:  # type: ignore[type-arg]
    return [stream(seed, "test", index).multinomial(n, p) for index in range(n_samples)]


def occurrences(counts: npt.NDArray[np.int64]) -> list[int]:
    return [i for i, count in enumerate(counts) for _ in range(count)]


class TestRarefied:
    @pytest.mark.parametrize("counts", SMALL, ids=str)
    def test_hill_numbers_are_those_of_the_expected_frequencies(
        self, counts: npt.NDArray[np.int64]
    ) -> None:
        sample = sample_of(counts)
        for size in range(1, sample.n + 1):
            frequencies: Counter[int] = Counter()
            subsets = list(itertools.combinations(occurrences(counts), size))
            for subset in subsets:
                frequencies.update(Counter(subset).values())
            k = np.array(list(frequencies))
            f = np.array(list(frequencies.values())) / len(subsets)
            entropy = -(f * k / size) @ np.log(k / size)
            expected = f.sum(), math.exp(entropy), 1 / (f @ (k / size) ** 2)
            assert hill_at(sample, size) == pytest.approx(expected)

    @pytest.mark.parametrize("counts", SMALL[:2], ids=str)
    def test_coverage_is_the_chance_that_one_more_has_been_seen(
        self, counts: npt.NDArray[np.int64]
    ) -> None:
        sample = sample_of(counts)
        for size in range(1, sample.n):
            seen = [
                order[size] in order[:size]
                for order in itertools.permutations(occurrences(counts), size + 1)
            ]
            assert coverage(sample, size) == pytest.approx(np.mean(seen))

    def test_large_counts_lose_nothing(self) -> None:
        counts = [40_000, 7_331, 1_203, 511, 260, 199, 3, 1, 1]
        sample = sample_of(np.array(counts))
        n = sample.n

        def log_choose(n: int, k: int) -> float:
            return math.lgamma(n + 1) - math.lgamma(k + 1) - math.lgamma(n - k + 1)

        for size in (500, 20_000):
            h = 0.0
            for x in counts:
                for k in range(max(1, size - (n - x)), min(x, size) + 1):
                    log_p = log_choose(x, k) + log_choose(n - x, size - k) - log_choose(n, size)
                    h -= math.exp(log_p) * k / size * math.log(k / size)
            assert hill_at(sample, size)[1] == pytest.approx(math.exp(h), rel=1e-6)

    def test_all_of_the_sample_is_the_sample(self) -> None:
        counts = np.array([5, 3, 1, 1])
        assert hill_at(sample_of(counts), 10) == pytest.approx(exact(counts / 10))


class TestAsymptotic:
    @pytest.mark.parametrize("counts", [*SMALL[:3], np.array([1, 1, 3]), np.array([1, 5])], ids=str)
    def test_entropy_is_the_published_formula(self, counts: npt.NDArray[np.int64]) -> None:
        n, f1, f2 = (int(v) for v in (counts.sum(), (counts == 1).sum(), (counts == 2).sum()))
        entropy = sum(
            Fraction(int(x), n) * sum(Fraction(1, k) for k in range(int(x), n)) for x in counts
        )
        if f1 and (f2 or f1 > 1):
            b = 1 - (
                Fraction(2 * f2, (n - 1) * f1 + 2 * f2)
                if f2
                else Fraction(2, (n - 1) * (f1 - 1) + 2)
            )
            rest = -math.log(1 - b) - float(sum(b**r / r for r in range(1, n)))
            entropy += Fraction(f1, n) * Fraction(rest) / b ** (n - 1)
        assert asymptotic(sample_of(counts))[1] == pytest.approx(math.exp(entropy), rel=1e-9)

    @pytest.mark.slow
    def test_known_sources(self) -> None:
        p = zipf(150)
        truth = exact(p)
        drawn = [sample_of(counts) for counts in samples(1, 400, 400, p)]
        seen = np.array([hill_at(sample, sample.n) for sample in drawn])
        found = np.array([asymptotic(sample) for sample in drawn])
        error = found.std(axis=0) / np.sqrt(len(drawn))
        # Order 2 is unbiased as a chance, order 0 a lower bound, order 1 nearly unbiased.
        chance = 1 / found[:, 2]
        assert abs(chance.mean() - p @ p) < 4 * chance.std() / np.sqrt(len(drawn))
        assert seen[:, 0].mean() + 4 * error[0] < found[:, 0].mean() < truth[0] + 4 * error[0]
        bias = abs(found.mean(axis=0) - truth)
        assert bias[1] < 0.25 * abs(seen[:, 1].mean() - truth[1])
        covered = np.array([p[counts > 0].sum() for counts in samples(1, 400, 400, p)])
        errors = covered - [coverage(sample, sample.n) for sample in drawn]
        assert abs(errors.mean()) < 4 * errors.std() / np.sqrt(len(drawn))

    def test_unseen_and_coverage_by_the_published_formulas(self) -> None:
        sample = sample_of(np.array([1, 1, 1, 1, 2, 2, 5]))  # n = 13, f₁ = 4, f₂ = 2
        assert unseen(sample) == pytest.approx(12 / 13 * 4**2 / (2 * 2))
        rate = 12 * 4 / (12 * 4 + 2 * 2)
        assert coverage(sample, 13) == pytest.approx(1 - 4 / 13 * rate)
        assert coverage(sample, 15) == pytest.approx(1 - 4 / 13 * rate**3)

    def test_unseen_without_pairs(self) -> None:
        assert unseen(sample_of(np.array([1, 1, 1, 5]))) == pytest.approx(7 / 8 * 3)
        assert unseen(sample_of(np.array([1, 5]))) == 0
        assert coverage(sample_of(np.array([1, 5])), 6) == 1


class TestExtrapolated:
    @pytest.mark.parametrize("counts", [np.array([9, 5, 2, 2, 1, 1, 1]), *SMALL[:3]], ids=str)
    def test_from_what_was_seen_up_to_the_end(self, counts: npt.NDArray[np.int64]) -> None:
        sample = sample_of(counts)
        n = sample.n
        sizes = [*range(1, 4 * n), 10**12]
        curve = np.array([hill_at(sample, size) for size in sizes])
        assert (np.diff(curve, axis=0) > -1e-9).all()
        assert (np.diff(curve[:n], axis=1) < 1e-9).all()  # a higher order counts fewer
        finite = np.isfinite(asymptotic(sample))
        assert curve[-1][finite] == pytest.approx(np.array(asymptotic(sample))[finite], rel=1e-6)
        covered = np.array([coverage(sample, size) for size in sizes])
        assert (np.diff(covered) > -1e-9).all()
        # Smooth where interpolation ends: the next step is about as high as the last one.
        steps = np.diff(curve[n - 3 : n + 2, 0])
        assert abs(steps[-1] - steps[-2]) <= 2 * abs(steps[-2] - steps[-3]) + 0.05

    def test_orders_keep_their_order_where_nearly_all_was_seen_once(self) -> None:
        sample = sample_of(np.array([30, 4, 2, 2, *[1] * 400]))
        for size in (sample.n + 1, 2 * sample.n):
            zeroth, first, second = hill_at(sample, size)
            assert zeroth > first > second

    @pytest.mark.slow
    def test_twice_the_sample_is_foreseen(self) -> None:
        p = zipf(150)
        foreseen = np.array([hill_at(sample_of(counts), 800) for counts in samples(2, 300, 400, p)])
        met = np.array([exact(c[c > 0] / 800) for c in samples(3, 300, 800, p)])
        bias = abs(foreseen.mean(axis=0) - met.mean(axis=0)) / met.mean(axis=0)
        assert (bias < 0.02).all()
        # Taking the sample for all there is would be far off.
        seen = np.array([hill_at(sample_of(counts), 400) for counts in samples(2, 300, 400, p)])
        assert abs(seen.mean(axis=0) - met.mean(axis=0))[0] / met.mean(axis=0)[0] > 0.1


class TestBootstrap:
    @pytest.mark.slow
    def test_errors_are_those_of_repeated_sampling(self) -> None:
        p = zipf(150)
        drawn = samples(4, 400, 400, p)
        truth = np.array(
            [
                [*hill_at(s, s.n), *asymptotic(s), coverage(s, s.n), *hill_at(s, 200)]
                for s in map(sample_of, drawn)
            ]
        ).std(axis=0, ddof=1)
        errors = []
        for index, counts in enumerate(drawn[:40]):
            found = diversity_of(counts, sizes=[200], rng=stream(5, "test", index))
            assert found.curve is not None
            estimates = (*found.observed, *found.asymptotic, found.coverage)
            errors.append([*[e.se for e in estimates], *found.curve.se[:, 0]])
        ratio = np.mean(errors, axis=0) / truth
        assert (ratio > 0.75).all()
        assert (ratio < 1.33).all()

    def test_the_community_keeps_what_was_not_seen_apart(self) -> None:
        sample = sample_of(np.array([1, 1, 1, 1, 2, 2, 5]))
        community = _community(sample)
        assert community.p.sum() == pytest.approx(1)
        assert community.p[-1] == pytest.approx(1 - coverage(sample, 13))
        assert community.n_unseen == 4  # 3.7, rounded up
        # Rare ones give up more of their share than common ones.
        kept = community.p[:-1] / np.repeat(sample.x / sample.n, sample.f)
        assert (np.diff(kept) >= -1e-12).all()
        assert kept[0] < 0.8 < 0.95 < kept[-1]

    def test_the_same_stream_gives_the_same_errors(self) -> None:
        counts = np.array([9, 4, 2, 1, 1, 1])
        first = diversity_of(counts, rng=stream(1, "test"))
        again = diversity_of(counts, rng=stream(1, "test"))
        other = diversity_of(counts, rng=stream(2, "test"))
        assert first.observed == again.observed
        assert first.observed != other.observed

    def test_wrong_use(self) -> None:
        with pytest.raises(InputError, match="n_bootstrap: expected a whole number of at least 2"):
            diversity_of(np.array([1, 2]), n_bootstrap=1, rng=stream(1, "test"))
        with pytest.raises(InputError, match="sizes: expected whole numbers of at least 1"):
            diversity_of(np.array([1, 2]), sizes=[0], rng=stream(1, "test"))


class TestLimits:
    def test_one_pattern(self) -> None:
        found = diversity_of(np.array([500]), rng=stream(1, "test"))
        for estimate in (*found.observed, *found.asymptotic, found.coverage):
            assert estimate.value == pytest.approx(1)
            assert estimate.se == pytest.approx(0, abs=1e-12)
        assert found.curve is not None
        assert found.curve.hill == pytest.approx(1)

    def test_all_different(self) -> None:
        # The unseen are estimated at 200 million: they must not be laid out in memory.
        found = diversity_of(np.ones(20_000, np.int64), n_bootstrap=3, rng=stream(1, "test"))
        assert [e.value for e in found.observed] == pytest.approx([20_000] * 3)
        assert found.asymptotic[0].value == pytest.approx(2e8, rel=1e-3)
        assert found.asymptotic[2].value is None
        assert found.asymptotic[2].reason == "no pattern occurs twice"
        assert found.coverage.value == pytest.approx(0, abs=1e-3)

    def test_equally_common(self) -> None:
        found = diversity_of(np.full(40, 50), rng=stream(1, "test"))
        assert [e.value for e in found.observed] == pytest.approx([40] * 3)
        assert [e.value for e in found.asymptotic[:2]] == pytest.approx([40] * 2, rel=0.02)

    def test_nothing(self) -> None:
        found = diversity_of(np.zeros(3, np.int64), rng=stream(1, "test"))
        assert found.curve is None
        for estimate in (*found.observed, *found.asymptotic, found.coverage):
            assert estimate.value is None
            assert estimate.reason == "no level is large enough to hold a pattern"

    def test_one_occurrence(self) -> None:
        found = diversity_of(np.array([1]), rng=stream(1, "test"))
        assert [e.value for e in found.observed] == pytest.approx([1] * 3)


TILES = Tileset(dict.fromkeys("abcdef", ()))


def body_of(levels: Sequence[str]) -> Body:
    return Body.of("b", [Level.from_rows([level], TILES) for level in levels], order="columns")


def test_by_level_is_the_jackknife_of_the_body_without_each_level() -> None:
    rng = stream(1, "test")
    levels = ["".join(rng.choice(list("abcdef"), size=rng.integers(2, 12))) for _ in range(8)]
    body = body_of(levels)
    found = diversity(body, 2, rng=rng)
    others = np.array(
        [
            [e.value for e in diversity(body.take(rest), 2, rng=rng).observed]
            for rest in itertools.combinations(range(8), 7)
        ]
    )
    assert [e.value for e in found.by_level] == [e.value for e in found.observed]
    for order in ORDERS:
        se = math.sqrt(7 / 8 * ((others[:, order] - others[:, order].mean()) ** 2).sum())
        assert found.by_level[order].se == pytest.approx(se)


def test_levels_of_their_own_kind_are_less_sure_than_their_patterns() -> None:
    found = diversity(
        body_of(["abababababab", "cccccccccccc", "defdefdefdef"]), 1, rng=stream(1, "test")
    )
    by_level, observed = found.by_level[0], found.observed[0]
    assert by_level.se is not None
    assert observed.se is not None
    assert by_level.se > 1 > observed.se


def test_too_short_levels() -> None:
    found = diversity(body_of(["ab", "c"]), 5, rng=stream(1, "test"))
    assert [e.value for e in (*found.observed, *found.by_level)] == [None] * 6


def test_real_bodies_in_their_order(shared_data: Path) -> None:
    def three(folder: str) -> list[float]:
        body = Body.of(folder, load_corpus(shared_data / folder).levels)
        found = diversity(body, 3, sizes=[2000], n_bootstrap=2, rng=stream(1, "test"))
        assert found.curve is not None
        return [float(number) for number in found.curve.hill[:2, 0]]

    mario, notch, param = map(
        three, ("vglc/super_mario_bros", "mario_ai/notch", "mario_ai/notchParam")
    )
    for order in (0, 1):
        assert mario[order] > 1.5 * notch[order] > 2 * param[order]
