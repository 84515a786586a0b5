"""Proposals that look at their audience: what it predicts best, what it was shown."""

from __future__ import annotations

import sys
from dataclasses import replace

import numpy as np
import numpy.typing as npt
import pytest

from procgen_sim._checks import InputError
from procgen_sim.company import seasoned
from procgen_sim.experiments.essay.bodies import level_setting
from procgen_sim.experiments.essay.dots import SPACE, cluster_dots, dot_setting
from procgen_sim.injection import PROPOSALS, Audience, Outside, propose
from procgen_sim.injection.proposals.novelty import N_NEIGHBOURS, sparseness
from procgen_sim.injection.proposals.quality_diversity import illuminate
from procgen_sim.models import DensityRegion, DesignModel
from procgen_sim.rng import stream
from procgen_sim.session import Setting

Vectors = npt.NDArray[np.float64]
SEEDS = range(5)


def dots() -> Setting:
    """The essay's two clusters, and the model they come from."""
    model = DesignModel(
        kind="mixture",
        space=SPACE,
        weights=np.full(2, 0.5),
        means=np.array([[5.0, 5.0], [15.0, 15.0]]),
        covariances=np.repeat(1.5**2 * np.eye(2)[np.newaxis], 2, axis=0),
    )
    drawn = cluster_dots(200, rng=stream(1, "test"))
    return dot_setting(model, drawn, seed=1, n_levels=40)


@pytest.fixture(scope="module")
def dotted() -> Outside:
    """The essay's clusters before somebody who has met forty of their dots."""
    setting = dots()
    return setting.outside.before(seasoned(setting, 40).audiences[0])


@pytest.fixture(scope="module")
def levelled() -> Outside:
    """The generator's levels before somebody who has met forty."""
    setting = level_setting(1, 40)
    return setting.outside.before(seasoned(setting, 40).audiences[0])


def believing(outside: Outside, mean: Vectors, covariance: Vectors) -> Outside:
    """Somebody who expects one Gaussian, in unit coordinates; the generator does, too."""
    space = outside.model.space
    belief = DesignModel(
        kind="belief",
        space=space,
        weights=np.ones(1),
        means=space.from_unit(mean)[np.newaxis],
        covariances=(covariance * np.outer(space.width, space.width))[np.newaxis],
    )
    audience = Audience(shown=[space.from_unit(mean)], belief=lambda: belief)
    drawn = belief.log_density(belief.sample(4000, rng=stream(1, "test")))
    region = DensityRegion.from_samples(drawn)
    return replace(outside, model=belief, region=region, audience=audience)


def first_moved(outside: Outside, seed: int) -> tuple[Vectors, Vectors]:
    """The mildest trope breaks and the levels they were made of, in unit coordinates."""
    space = outside.model.space
    n = 32
    broken = PROPOSALS["trope_break"](outside, n, rng=stream(seed, "test"))
    drawn = outside.model.sample(-(-n // space.n), rng=stream(seed, "test"))
    starts = space.to_unit(outside.buildable(drawn))
    return space.to_unit(broken[: len(starts)]), starts


UNEQUAL = np.diag([0.1, 0.02]) ** 2
MIDDLE = np.array([0.4, 0.4])


def moves_what_is_predicted_best(outside: Outside, seed: int) -> bool:
    broken, starts = first_moved(outside, seed)
    return bool((broken[:, 0] == starts[:, 0]).all() and (broken[:, 1] != starts[:, 1]).all())


class TestTropeBreak:
    @pytest.mark.parametrize("seed", SEEDS)
    def test_moves_what_is_predicted_best_first(self, dotted: Outside, seed: int) -> None:
        assert moves_what_is_predicted_best(believing(dotted, MIDDLE, UNEQUAL), seed)

    def test_one_that_moves_what_is_predicted_worst_is_caught(
        self, dotted: Outside, monkeypatch: pytest.MonkeyPatch
    ) -> None:
        module = sys.modules[PROPOSALS["trope_break"].__module__]
        monkeypatch.setattr(module, "_surest_first", lambda sure: np.argsort(sure, axis=1))
        assert not moves_what_is_predicted_best(believing(dotted, MIDDLE, UNEQUAL), 0)

    @pytest.mark.parametrize("seed", SEEDS)
    def test_goes_to_the_end_that_is_further_from_what_is_expected(
        self, dotted: Outside, seed: int
    ) -> None:
        broken, _ = first_moved(believing(dotted, MIDDLE, UNEQUAL), seed)
        assert (broken[:, 1] == 1.0).all()  # 0.4 is expected, so 1 is further than 0

    @pytest.mark.parametrize("seed", SEEDS)
    def test_what_is_expected_depends_on_the_rest_of_the_level(
        self, dotted: Outside, seed: int
    ) -> None:
        along = np.array([[1.0, 0.99], [0.99, 1.0001]]) * 0.2**2
        broken, starts = first_moved(believing(dotted, np.full(2, 0.5), along), seed)
        # Along x = y, a dot to the left is broken upwards, one to the right downwards.
        assert (broken[:, 1] == starts[:, 1]).all()
        assert np.array_equal(broken[:, 0], np.where(starts[:, 1] < 0.5, 1.0, 0.0))

    def test_goes_less_far_where_the_builder_brings_it_back(self, dotted: Outside) -> None:
        def shy(vectors: Vectors) -> Vectors:
            # Beyond 17 of 20 there is nothing: the builder makes an ordinary level of it.
            unlike = (vectors > 17.0) | (vectors < 3.0)
            return np.where(unlike, np.clip(vectors, 8.0, 8.5), vectors)

        outside = replace(believing(dotted, MIDDLE, UNEQUAL), buildable=shy)
        broken, starts = first_moved(outside, 1)
        assert (broken[:, 0] == starts[:, 0]).all()
        assert (np.abs(broken[:, 1] - 0.4) > 0.2).all()
        assert (broken[:, 1] <= 0.85).all()

    def test_takes_another_parameter_where_the_best_cannot_be_moved(self, dotted: Outside) -> None:
        def stubborn(vectors: Vectors) -> Vectors:
            return np.column_stack([vectors[:, 0], np.full(len(vectors), 8.0)])

        outside = replace(believing(dotted, MIDDLE, UNEQUAL), buildable=stubborn)
        broken, starts = first_moved(outside, 1)
        assert np.array_equal(broken[:, 0], np.where(starts[:, 0] == starts[:, 0], 1.0, 0.0))
        assert (broken[:, 1] == 0.4).all()

    def test_a_builder_that_moves_nothing_still_gets_a_level(self, dotted: Outside) -> None:
        same = replace(dotted, buildable=lambda vectors: np.full_like(vectors, 5.0))
        assert np.array_equal(propose("trope_break", same, rng=stream(1, "test")), [5.0, 5.0])

    def test_the_mildest_come_first(self, levelled: Outside) -> None:
        space = levelled.model.space
        # Under a model that is everywhere nothing is ever off, so all that could follow does.
        everywhere = replace(levelled, region=DensityRegion.from_samples([-1e9, -1e9]))
        found = PROPOSALS["trope_break"](everywhere, 32, rng=stream(1, "test"))
        assert len(found) > 25
        drawn = levelled.model.sample(3, rng=stream(1, "test"))
        starts = levelled.buildable(drawn)
        apart = np.abs(space.to_unit(found)[:, np.newaxis] - space.to_unit(starts)) > 1e-9
        changed = apart.sum(axis=2).min(axis=1)
        # The builder may move others along; on the whole, ever more is moved.
        assert changed[:3].max() < changed[-3:].min()
        assert np.array_equal(levelled.buildable(found), found)

    def test_stopping_at_the_mildest_changes_nothing(self, levelled: Outside) -> None:
        everywhere = DensityRegion.from_samples([-1e9, -1e9])

        def stubborn(vectors: Vectors) -> Vectors:
            """Some levels have parameters that cannot be moved, so others are ahead of them."""
            some = np.floor(vectors[:, 3] * 1e3) % 2 == 1
            held = np.where(np.arange(vectors.shape[1]) % 3 == 0, 1.0, vectors)
            return levelled.buildable(np.where(some[:, np.newaxis], held, vectors))

        for nats in (0.0, 100.0, 200.0):
            edge = levelled.region.threshold_nats - nats
            left = replace(
                levelled, region=DensityRegion.from_samples([edge, edge]), buildable=stubborn
            )
            for i in range(15):
                every = PROPOSALS["trope_break"](
                    replace(left, region=everywhere), 32, rng=stream(1, "test", i)
                )
                density = left.model.log_density(left.delivered(every))
                off = np.flatnonzero(left.region.is_off(density))
                first = every[off[0] if len(off) else int(density.argmin())]
                found = propose("trope_break", left, rng=stream(1, "test", i))
                assert np.array_equal(found, first)

    @pytest.mark.parametrize("seed", SEEDS)
    def test_surprises_who_has_met_the_levels(self, levelled: Outside, seed: int) -> None:
        belief = levelled.audience.belief
        assert belief is not None
        found = [propose("trope_break", levelled, rng=stream(seed, "test", i)) for i in range(20)]
        ordinary = levelled.buildable(levelled.model.sample(100, rng=stream(seed, "test")))
        usual = belief().log_density(ordinary)
        broken = belief().log_density(levelled.buildable(np.array(found)))
        assert np.median(broken) < np.quantile(usual, 0.1)

    def test_a_break_that_was_learned_is_not_made_again(self, dotted: Outside) -> None:
        """Somebody to whom the upper end was shown often enough gets the lower one."""
        one = believing(dotted, MIDDLE, UNEQUAL)
        upper = np.array([0.4, 1.0])
        learned = DesignModel(
            kind="belief",
            space=SPACE,
            weights=np.array([0.8, 0.2]),
            means=SPACE.from_unit(np.array([MIDDLE, upper])),
            covariances=np.repeat(one.model.covariances, 2, axis=0),
        )
        shown = [SPACE.from_unit(upper)]
        knowing = one.before(Audience(shown=shown, belief=lambda: learned))
        broken, _ = first_moved(knowing, 1)
        assert (broken[:, 1] < 0.4).all()

    def test_who_met_nothing_is_taken_to_expect_the_model(self, levelled: Outside) -> None:
        newcomer, nobody = Audience(belief=levelled.audience.belief), Audience()
        found = [
            propose("trope_break", levelled.before(audience), rng=stream(1, "test"))
            for audience in (newcomer, nobody)
        ]
        assert np.array_equal(*found)
        knowing = propose("trope_break", levelled, rng=stream(1, "test"))
        assert not np.array_equal(found[0], knowing)


def apart(name: str, outside: Outside, address: int, *, looking: bool) -> float:
    """How far each of 25 breaks, shown one after the other, is on average from the nearest of
    those before, if the proposal is told of them or is not."""
    space, told = outside.model.space, Audience()
    nearest = []
    for i in range(25):
        before = outside.before(told if looking else Audience())
        vector = propose(name, before, rng=stream(7, "test", address, i))
        assert vector is not None
        built = outside.delivered(vector[np.newaxis])[0]
        if told.shown:
            steps = space.to_unit(np.array(told.shown)) - space.to_unit(built)
            nearest.append(np.linalg.norm(steps, axis=1).min())
        told.show(built, broke=True)
    return float(np.mean(nearest))


def keeps_clear_of_what_was_shown(name: str, outside: Outside) -> bool:
    """Whether breaks are further from earlier ones than they are without looking, by three
    standard errors over eight audiences."""
    gained = [
        apart(name, outside, i, looking=True) - apart(name, outside, i, looking=False)
        for i in range(8)
    ]
    return bool(np.mean(gained) > 3 * np.std(gained, ddof=1) / np.sqrt(len(gained)))


class TestNovelty:
    def test_sparseness_by_hand(self) -> None:
        archive = np.array([[0.0, 0.0], [3.0, 4.0], [0.0, 1.0]])
        found = sparseness(np.array([[0.0, 0.0], [6.0, 8.0]]), archive, k=2)
        assert found == pytest.approx([0.5, (5.0 + np.hypot(6, 7)) / 2])
        # Fewer neighbours than k, and none.
        assert sparseness(np.zeros((1, 2)), archive, k=9) == pytest.approx([2.0])
        assert (sparseness(np.ones((3, 2)), np.empty((0, 2))) == 0).all()

    @pytest.mark.parametrize("name", ["novelty", "quality_diversity"])
    def test_the_most_novel_comes_first(
        self, dotted: Outside, levelled: Outside, name: str
    ) -> None:
        for outside in (dotted, levelled):
            space = outside.model.space
            found = PROPOSALS[name](outside, 32, rng=stream(1, "test"))
            shown = space.to_unit(np.array(outside.audience.shown))
            new = sparseness(space.to_unit(outside.buildable(found)), shown, N_NEIGHBOURS)
            assert (np.diff(new) <= 1e-12).all()
            typical = space.to_unit(outside.model.sample(200, rng=stream(2, "test")))
            assert new[0] > 2 * np.median(sparseness(typical, shown))

    @pytest.mark.parametrize("name", ["novelty", "quality_diversity"])
    def test_no_break_is_like_an_earlier_one(self, dotted: Outside, name: str) -> None:
        assert keeps_clear_of_what_was_shown(name, dotted)

    @pytest.mark.parametrize("name", ["novelty", "quality_diversity"])
    def test_one_that_ignores_the_archive_is_caught(
        self, dotted: Outside, name: str, monkeypatch: pytest.MonkeyPatch
    ) -> None:
        module = sys.modules[PROPOSALS[name].__module__]
        monkeypatch.setattr(module, "archive_of", lambda _: np.empty((0, 2)))
        assert not keeps_clear_of_what_was_shown(name, dotted)

    def test_levels_as_well(self, levelled: Outside) -> None:
        assert keeps_clear_of_what_was_shown("novelty", levelled)


class TestQualityDiversity:
    def test_elites_are_off_the_model_buildable_and_all_over_the_map(
        self, levelled: Outside
    ) -> None:
        elites = illuminate(levelled)
        assert len(elites) > 100
        assert levelled.region.is_off(levelled.model.log_density(elites)).all()
        assert np.array_equal(levelled.buildable(elites), elites)

    def test_searching_finds_what_imagining_does_not(self, levelled: Outside) -> None:
        space = levelled.model.space
        past = space.to_unit(levelled.data)
        short, long = illuminate(levelled, rounds=2), illuminate(levelled)
        imagined = space.from_unit(stream(1, "test").random((6000, space.n)))
        new = sparseness(space.to_unit(long), past)
        assert len(long) > 1.5 * len(short)
        assert new.mean() > sparseness(space.to_unit(levelled.buildable(imagined)), past).mean()

    def test_the_same_every_time_and_otherwise_with_another_seed(self, dotted: Outside) -> None:
        once, again = (illuminate(dotted, rounds=10) for _ in range(2))
        assert np.array_equal(once, again)
        assert not np.array_equal(once, illuminate(dotted, rounds=10, seed=2))

    def test_a_map_belongs_to_its_model_and_its_builder(self, dotted: Outside) -> None:
        first = propose("quality_diversity", dotted, rng=stream(1, "test"))
        # A copy, as other processes get it, has the same map; another builder has its own.
        copied = replace(dotted, buildable=lambda vectors: np.array(vectors))
        assert np.array_equal(first, propose("quality_diversity", copied, rng=stream(1, "test")))
        smaller = replace(dotted, buildable=lambda vectors: np.clip(vectors, 2.0, 18.0))
        found = PROPOSALS["quality_diversity"](smaller, 32, rng=stream(1, "test"))
        assert found.min() >= 2.0
        assert found.max() <= 18.0

    def test_without_pyribs_it_says_what_to_install(
        self, dotted: Outside, monkeypatch: pytest.MonkeyPatch
    ) -> None:
        monkeypatch.setitem(sys.modules, "ribs.archives", None)
        with pytest.raises(InputError, match=r'pip install "procgen-sim\[search\]"'):
            illuminate(dotted)
