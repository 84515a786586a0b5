"""Proposals and schedules: contracts that every registered one keeps, and what each is for."""

from __future__ import annotations

import re
from dataclasses import replace

import numpy as np
import numpy.typing as npt
import pytest

from procgen_sim._checks import InputError
from procgen_sim.injection import (
    ON_MODEL,
    PROPOSALS,
    SCHEDULES,
    Audience,
    Library,
    Outside,
    Schedule,
    make_schedule,
    parse_arm,
    parse_arms,
    propose,
)
from procgen_sim.injection.proposals import PROPOSAL_ADDRESS
from procgen_sim.models import MODELS, DesignModel, DesignSpace, fit, hdr
from procgen_sim.rng import stream

Vectors = npt.NDArray[np.float64]
SPACE = DesignSpace(("x", "y"), low=np.zeros(2), high=np.full(2, 20.0))
SHIPPED = {
    "noise": 1,
    "outlier": 2,
    "between": 3,
    "extrapolate": 4,
    "trope_break": 5,
    "novelty": 6,
    "authored": 7,
    "quality_diversity": 8,
}


def essay(kind: str, *, clusters: bool) -> Outside:
    """The essay's dots: along x = y, or two clusters on it."""
    rng = stream(3, "test", int(clusters))
    middle = rng.choice([5.0, 15.0], size=200) if clusters else rng.uniform(0, 20, 200)
    data = middle[:, None] + rng.normal(0, 1.0, (200, 2))
    model = fit(kind, data, SPACE, rng=stream(3, "fit"))
    return Outside(
        model=model,
        region=hdr(model, rng=stream(3, "calibration")),
        data=data,
        buildable=lambda vectors: np.clip(vectors, -10.0, 30.0),
        library=DOTS_BY_HAND,
        audience=seasoned_audience(model),
    )


def seasoned_audience(model: DesignModel, n: int = 30) -> Audience:
    """Somebody who was shown dots of the model, and has come to expect them."""
    audience = Audience(belief=lambda: model)
    for vector in model.sample(n, rng=stream(3, "test", 2)):
        audience.show(vector, broke=False)
    return audience


# Dots that a person drew: a circle around everything.
CIRCLE = np.linspace(0.0, 2.0 * np.pi, 40, endpoint=False)
DOTS_BY_HAND = Library(
    names=tuple(f"dot {i}" for i in range(40)),
    vectors=10.0 + 25.0 * np.column_stack([np.cos(CIRCLE), np.sin(CIRCLE)]),
    grids=(np.zeros((1, 1), np.uint8),) * 40,
    proven=(False,) * 40,
)
LINE = essay("trend", clusters=False)
CLUSTERS = essay("mixture", clusters=True)


@pytest.mark.parametrize("name", PROPOSALS)
class TestEveryProposal:
    def test_says_what_it_is_for(self, name: str) -> None:
        assert PROPOSALS[name].__doc__
        assert PROPOSALS[name].__name__ == name

    def test_same_stream_same_vector(self, name: str) -> None:
        ours = [propose(name, CLUSTERS, rng=stream(1, "test", 7)) for _ in range(2)]
        assert np.array_equal(*ours)
        assert not np.array_equal(ours[0], propose(name, CLUSTERS, rng=stream(1, "test", 8)))

    def test_leaves_the_model(self, name: str) -> None:
        vectors = np.stack([propose(name, CLUSTERS, rng=stream(1, "test", i)) for i in range(100)])
        assert vectors.shape == (100, 2)
        assert CLUSTERS.region.is_off(CLUSTERS.model.log_density(vectors)).all()

    def test_a_model_that_is_everywhere_cannot_be_left(self, name: str) -> None:
        everywhere = replace(CLUSTERS, region=type(CLUSTERS.region).from_samples([-1e9, -1e9]))
        vector = propose(name, everywhere, rng=stream(1, "test"))
        assert not everywhere.region.is_off(everywhere.model.log_density(vector[None]))[0]

    def test_somebody_who_met_nothing_can_be_surprised(self, name: str) -> None:
        before = CLUSTERS.before(Audience())
        vectors = np.stack([propose(name, before, rng=stream(1, "test", i)) for i in range(20)])
        assert before.region.is_off(before.model.log_density(vectors)).all()

    def test_a_break_is_judged_by_what_can_be_built(self, name: str) -> None:
        boxed = replace(
            CLUSTERS,
            # A builder that can only build at a cluster and in one far corner; which of them is
            # decided by a distant digit, so that it does not matter where a proposal goes.
            buildable=lambda vectors: np.where(
                np.floor(vectors.sum(axis=1, keepdims=True) * 1e6) % 2, [[5.0, 5.0]], [[0.0, 20.0]]
            ),
        )
        vectors = np.stack([propose(name, boxed, rng=stream(1, "test", i)) for i in range(30)])
        built = boxed.delivered(vectors)
        assert boxed.region.is_off(boxed.model.log_density(built)).all()


def test_addresses_never_change() -> None:
    assert dict(list(PROPOSAL_ADDRESS.items())[: len(SHIPPED)]) == SHIPPED
    # New ones come after them.
    assert list(PROPOSAL_ADDRESS.values()) == list(range(1, len(PROPOSAL_ADDRESS) + 1))


def draws(name: str, outside: Outside, n: int = 200) -> Vectors:
    return np.stack([propose(name, outside, rng=stream(2, "test", i)) for i in range(n)])


def test_outlier_keeps_the_ranges_and_breaks_the_correlation() -> None:
    x, y = draws("outlier", LINE).T
    low, high = np.quantile(LINE.model.sample(20_000, rng=stream(2, "test")), [0.0005, 0.9995])
    assert ((x > low) & (x < high) & (y > low) & (y < high)).mean() > 0.98
    assert abs(np.corrcoef(LINE.data.T)[0, 1]) > 0.95
    assert np.abs(x - y).mean() > 5.0  # the essay's (15, 5) is 10 apart


def test_between_is_between() -> None:
    vectors = draws("between", CLUSTERS)
    assert np.abs(vectors.mean(axis=0) - 10.0).max() < 0.5
    assert (np.abs(vectors - 10.0) < 4.0).all()


def test_between_under_a_line_stays_on_the_model() -> None:
    # Happy accidents: what the better model never makes is well inside the wrong one.
    line = essay("trend", clusters=True)
    off = line.region.is_off(line.model.log_density(draws("between", line, 50)))
    assert off.mean() < 0.5


def test_extrapolate_goes_past_the_data() -> None:
    vectors = draws("extrapolate", LINE)
    middle = LINE.data.mean(axis=0)
    reach = np.linalg.norm(vectors - middle, axis=1)
    assert (reach > np.quantile(np.linalg.norm(LINE.data - middle, axis=1), 0.2)).all()
    outside = ~((vectors >= LINE.data.min(0)) & (vectors <= LINE.data.max(0))).all(axis=1)
    assert outside.mean() > 0.5


def uniform_z(values: Vectors, low: float, high: float) -> float:
    """Kolmogorov's distance from uniform, in units of 1/√n: above 2.2 once in ten thousand."""
    ordered = (np.sort(values) - low) / (high - low)
    n = len(ordered)
    steps = np.arange(n)
    return float(np.sqrt(n) * max((ordered - steps / n).max(), ((steps + 1) / n - ordered).max()))


@pytest.mark.parametrize("seed", range(5))
def test_noise_is_anything_at_all(seed: int) -> None:
    vectors = PROPOSALS["noise"](LINE, 4000, rng=stream(seed, "test"))
    for column in SPACE.to_unit(vectors).T:
        assert uniform_z(column, 0.0, 1.0) < 2.2
        middle = column[(column > 0.25) & (column < 0.75)]
        assert uniform_z(middle, 0.0, 1.0) > 6  # half of the ranges would be told apart


@pytest.mark.parametrize("seed", range(5))
def test_extrapolate_goes_a_quarter_to_once_more_beyond_the_furthest(seed: int) -> None:
    vectors = SPACE.to_unit(PROPOSALS["extrapolate"](LINE, 2000, rng=stream(seed, "test")))
    data = SPACE.to_unit(LINE.data)
    away = vectors - data.mean(axis=0)
    length = np.linalg.norm(away, axis=1)
    furthest = ((data - data.mean(axis=0)) @ (away / length[:, np.newaxis]).T).max(axis=0)
    times = length / furthest
    assert times.min() >= 1.25 - 1e-9
    assert times.max() <= 2.0 + 1e-9
    assert uniform_z(times, 1.25, 2.0) < 2.2
    assert uniform_z(times[times < 1.6], 1.25, 2.0) > 6


def foreseen_breaks(schedule: Schedule, n_levels: int, *, address: int) -> list[bool]:
    """Where a director breaks for somebody who sees everything coming."""
    audience = Audience(forecast=1.0)
    director = schedule.start(audience, rng=stream(4, "test", address))
    for level in range(n_levels):
        audience.show(np.zeros(2), broke=director(level))
    return audience.broke


@pytest.mark.parametrize("name", SCHEDULES)
class TestEverySchedule:
    def test_is_written_and_read(self, name: str) -> None:
        assert SCHEDULES[name].EXAMPLE.partition(":")[0] == name
        assert type(make_schedule(SCHEDULES[name].EXAMPLE, rate=0.2)) is SCHEDULES[name]
        assert SCHEDULES[name].__doc__

    def test_its_default_follows_the_rate(self, name: str) -> None:
        schedule = make_schedule(name, rate=0.2)
        if schedule == make_schedule(name, rate=0.4):
            assert name not in ("every", "probability", "bursts", "adaptive")
            return  # it has numbers of its own
        breaks = np.array([foreseen_breaks(schedule, 200, address=i) for i in range(200)])
        # Directors are independent, so the error is that of their means; one whose breaks are at
        # fixed levels is up to a break off.
        error = breaks.mean(axis=1).std() / np.sqrt(200)
        assert abs(breaks.mean() - 0.2) <= 4 * error + 1 / 200

    def test_same_stream_same_director(self, name: str) -> None:
        schedule = make_schedule(SCHEDULES[name].EXAMPLE, rate=0.2)
        one, two = (foreseen_breaks(schedule, 40, address=1) for _ in range(2))
        assert one == two

    def test_beginning_again_gives_the_same_answer(self, name: str) -> None:
        """A game may ask once more, when something was said in between; it begins anew then."""
        schedule = make_schedule(SCHEDULES[name].EXAMPLE, rate=0.2)
        audience = Audience(forecast=1.0)
        for level in range(30):
            director = schedule.start(audience, rng=stream(4, "test", 1))
            answers = [director(t) for t in range(level + 1)]
            audience.show(np.zeros(2), broke=answers[-1])
        assert audience.broke == foreseen_breaks(schedule, 30, address=1)

    def test_an_audience_is_only_looked_at(self, name: str) -> None:
        schedule = make_schedule(SCHEDULES[name].EXAMPLE, rate=0.2)
        audience = Audience(forecast=1.0)
        audience.show(np.zeros(2), broke=True)
        audience.rate(4)
        director = schedule.start(audience, rng=stream(4, "test"))
        for level in range(1, 20):
            director(level)
        assert (audience.broke, audience.ratings, audience.forecast) == ([True], [4.0], 1.0)

    def test_no_number_does_nothing(self, name: str) -> None:
        numbers = [str(i) for i in range(1, 10)]
        try:
            fewer = make_schedule(":".join([name, *numbers[:-1]]), rate=0.2)
        except InputError as error:
            assert re.search(f"numbers? after '{name}'", str(error))
        else:  # a schedule that takes a list
            assert make_schedule(":".join([name, *numbers]), rate=0.2) != fewer


def test_every() -> None:
    director = make_schedule("every:3", rate=0.0).start(Audience(), rng=stream(1, "test"))
    assert [director(t) for t in range(7)] == [False, False, True, False, False, True, False]


def test_bursts_last_as_long_as_said_and_begin_in_the_long_run() -> None:
    schedule = make_schedule("bursts:0.25:4", rate=0.0)
    breaks = np.array(
        [
            [director(t) for t in range(40)]
            for director in (
                schedule.start(Audience(), rng=stream(6, "test", i)) for i in range(3000)
            )
        ]
    )
    # The share is the rate at the first level as at any other.
    error = np.sqrt(0.25 * 0.75 / 3000)
    assert (np.abs(breaks.mean(axis=0) - 0.25) < 4.5 * error).all()
    # Whole bursts only: inside, a run's length is a multiple of four.
    for row in breaks[:200]:
        edges = np.flatnonzero(np.diff(np.r_[0, row.astype(int), 0]))
        runs = list(zip(edges[::2], edges[1::2], strict=True))
        assert all((stop - start) % 4 == 0 for start, stop in runs if start > 0 and stop < 40)


def test_higher_rates_break_wherever_lower_ones_do() -> None:
    few, many = (
        make_schedule("probability", rate=rate).start(Audience(), rng=stream(9, "schedule", 1))
        for rate in (0.1, 0.3)
    )
    pairs = [(few(t), many(t)) for t in range(300)]
    assert all(b for a, b in pairs if a)
    assert sum(b for _, b in pairs) > sum(a for a, _ in pairs)


def test_arms_are_written_as_people_write_them() -> None:
    arms = parse_arms("noise, outlier@0.3,between@every:5, noise@bursts:0.2:3", rate=0.15)
    assert [arm.name for arm in arms] == [
        "on-model",
        "noise",
        "outlier@0.3",
        "between@every:5",
        "noise@bursts:0.2:3",
    ]
    assert arms[0] is ON_MODEL
    assert arms[1].schedule == make_schedule("probability:0.15", rate=0)
    assert arms[2].schedule == make_schedule("probability:0.3", rate=0)


@pytest.mark.parametrize(
    ("text", "match"),
    [
        ("outler", "one of on-model, noise, .*did you mean 'outlier'"),
        ("noise@sometimes", "one of never, every"),
        ("noise@", "a rate or a schedule after '@'"),
        ("noise@1.5", "a number from 0 to 1"),
        ("noise@nan", "a number from 0 to 1"),
        ("noise@every:0", "a whole number from 1 to 1,000,000 after 'every'"),
        ("noise@every:1.5", "a whole number from 1"),
        ("noise@every:1e300", "a whole number from 1"),
        ("noise@every:1e400", "numbers after 'every'"),
        ("noise@every:nan", "numbers after 'every'"),
        ("noise@bursts:0.5:inf", "numbers after 'bursts'"),
        ("noise@bursts:0.5:1e300", "as the length of a burst"),
        ("noise@every:x", "numbers after 'every'"),
        ("noise@bursts:0.1:0", "a whole number from 1 to 1,000,000 as the length of a burst"),
        ("on-model@every:3", "'on-model' without a schedule"),
    ],
)
def test_wrong_arms(text: str, match: str) -> None:
    with pytest.raises(InputError, match=match):
        parse_arm(text, rate=0.15)


def test_an_arm_twice() -> None:
    with pytest.raises(InputError, match="each arm once"):
        parse_arms("noise,noise", rate=0.1)
    with pytest.raises(InputError, match="'on-model' twice"):
        parse_arms("on-model,on-model", rate=0.1)


@pytest.mark.parametrize("again", ["outlier@.1", "outlier@probability:0.1", "outlier"])
def test_an_arm_twice_in_other_words(again: str) -> None:
    with pytest.raises(InputError, match=f"'{again}', which is 'outlier@0.1' again"):
        parse_arms(f"outlier@0.1,{again}", rate=0.1)


@pytest.mark.parametrize("text", ["", " , "])
def test_no_arm_at_all(text: str) -> None:
    with pytest.raises(InputError, match="at least one arm, found none"):
        parse_arms(text, rate=0.1)


def test_a_rate_next_to_nothing_is_never_due() -> None:
    director = make_schedule("every", rate=1e-320).start(Audience(), rng=stream(1, "test"))
    assert not any(director(level) for level in range(1000))


@pytest.mark.parametrize("kind", MODELS)
@pytest.mark.parametrize("clusters", [True, False])
def test_every_model_can_be_left(kind: str, clusters: bool) -> None:
    outside = essay(kind, clusters=clusters)
    for name in PROPOSALS:
        vector = propose(name, outside, rng=stream(1, "test", 5))
        assert vector.shape == (2,)
        assert np.isfinite(vector).all()
