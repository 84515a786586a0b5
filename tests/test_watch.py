"""What a game sees of its players, and that nothing it decides comes from anywhere else."""

from __future__ import annotations

import math
from collections.abc import Callable, Iterator
from dataclasses import replace
from functools import cache
from itertools import product
from typing import Any

import numpy as np
import numpy.typing as npt
import pytest

from procgen_sim import session
from procgen_sim.company import Company, Setting
from procgen_sim.experiments.essay.dots import SPACE, cluster_dots, dot_setting, fit_dots
from procgen_sim.injection import Audience, Library, make_schedule, parse_arms, propose
from procgen_sim.models.dirichlet_process import DirichletProcessObserver
from procgen_sim.models.niw import NormalInverseWishart, Perception
from procgen_sim.players import NAIVE_PRIOR, TRAITS, Population, Shadows, ThemeObserver
from procgen_sim.players.observers import Observers
from procgen_sim.rng import stream
from procgen_sim.watch import Watch

Floats = npt.NDArray[np.float64]
ADAPTIVE = "outlier@adaptive:0.3:0.6"


@cache
def setting(seed: int = 1, n_levels: int = 25) -> Setting:
    """Dots in two clusters."""
    dots = cluster_dots(120, rng=stream(seed, "test", 50))
    return dot_setting(fit_dots("mixture", dots, seed=seed), dots, seed=seed, n_levels=n_levels)


def unlike() -> Setting:
    """The same with people who have as little in common as can be."""
    spreads = {name: replace(spread, sd=3 * spread.sd) for name, spread in TRAITS.items()}
    return replace(setting(), spreads=spreads)


# It is the levels shown that count


def test_different_people_who_were_shown_the_same_look_the_same() -> None:
    company = Company(unlike(), range(12))
    for name in ("half_life_levels", "threshold"):
        trait = getattr(company.people, name)
        assert trait.max() > 1.5 * trait.min()
    watch, outside = company.watch(), company.setting.outside
    schedule = make_schedule("adaptive:0.4:0.5", rate=0.1)
    directors = [schedule.start(audience, rng=stream(2, "test")) for audience in watch.audiences]
    levels = outside.model.sample(40, rng=stream(3, "test"))
    decided = []
    for level, vector in enumerate(levels):
        all_of_it = np.tile(vector, (12, 1))
        watch.look_ahead(all_of_it)
        decided.append([director(level) for director in directors])
        watch.show(all_of_it, decided[-1])
        for audience in watch.audiences:
            audience.rate(1 + level % 5)
    assert all(len(set(each)) == 1 for each in decided)
    assert 0 < sum(each[0] for each in decided) < len(decided)
    first, *others = watch.audiences
    assert first.belief is not None
    for other in others:
        assert other.belief is not None
        assert other.forecast == first.forecast
        assert other.belief() == first.belief()
        assert (other.broke, other.ratings) == (first.broke, first.ratings)
        assert np.array_equal(other.shown, first.shown)
        for name in ("trope_break", "novelty"):
            proposals = [
                propose(name, outside.before(audience), rng=stream(4, "test"))
                for audience in (first, other)
            ]
            assert np.array_equal(*proposals)


def test_those_who_were_shown_other_levels_look_otherwise() -> None:
    watch = Company(unlike(), range(2)).watch()
    same = setting().outside.model.means[:1]
    watch.show(np.concatenate([same, SPACE.high[np.newaxis] - same]), [False, False])
    watch.look_ahead(np.tile(same, (2, 1)))
    first, second = watch.audiences
    assert first.belief is not None
    assert second.belief is not None
    assert first.forecast > second.forecast
    assert first.belief() != second.belief()


def test_what_was_shown_changes_the_forecast() -> None:
    watch = Company(setting(), range(1)).watch()
    level = setting().outside.model.means[:1]
    forecasts = []
    for _ in range(8):
        watch.look_ahead(level)
        forecasts.append(watch.audiences[0].forecast)
        watch.show(level, [False])
    assert forecasts == sorted(forecasts)
    assert forecasts[-1] > forecasts[0] + 0.5
    again = Company(setting(), range(1)).watch()
    again.look_ahead(level)
    assert again.audiences[0].forecast == forecasts[0]  # somebody else begins at the beginning


def test_looking_ahead_teaches_nothing() -> None:
    watch = Company(setting(), range(1)).watch()
    level = setting().outside.model.means[:1]
    for _ in range(3):
        watch.look_ahead(level)
    first = watch.audiences[0].forecast
    watch.look_ahead(level)
    assert watch.audiences[0].forecast == first
    assert watch.audiences[0].shown == []


def test_authored_levels_are_noted_where_they_were_chosen() -> None:
    library = Library(
        names=("a", "b", "a again"),
        vectors=np.array([[1.0, 19.0], [2.0, 18.0], [1.0, 19.0]]),
        grids=(np.zeros((1, 1), np.uint8),) * 3,
        proven=(True,) * 3,
    )
    shadows = Company(setting(), range(1)).watch()._shadows
    watch = Watch(shadows, library)
    audience = watch.audiences[0]
    watch.show(library.vectors[1:2], [False])  # the model came upon it by itself
    assert audience.authored == set()
    watch.show(library.vectors[1:2], [True])
    assert audience.authored == {1}
    watch.show(library.vectors[:1], [True])
    watch.show(np.array([[5.0, 5.0]]), [True])
    assert audience.authored == {0, 1}
    watch.show(library.vectors[:1], [True])
    assert library.unmet(audience.authored) == []


# Nothing of the players can be reached


def reachable(root: object) -> Iterator[object]:
    """Everything of ours that can be got at from an object, through attributes, containers,
    functions and what they enclose."""
    seen: dict[int, object] = {}
    waiting = [root]
    while waiting:
        found = waiting.pop()
        if id(found) in seen or isinstance(found, type):
            continue
        seen[id(found)] = found
        yield found
        waiting += list(getattr(found, "__dict__", {}).values())
        for slot in ("func", "args", "keywords", "__self__", "__func__", "__defaults__"):
            waiting.append(getattr(found, slot, None))
        closure = getattr(found, "__closure__", None) or ()
        waiting += [cell.cell_contents for cell in closure]
        if isinstance(found, dict):
            waiting += [*found.keys(), *found.values()]
        elif isinstance(found, list | tuple | set | frozenset):
            waiting += list(found)


def secrets(audience: Audience) -> list[object]:
    """What an audience leads to that a game could not know: players, or anybody's own traits."""
    medians = {name: spread.median for name, spread in TRAITS.items()}
    shadow = Population.degenerate(1, **medians).theme_observer(2)
    told: list[object] = []
    for found in reachable(audience):
        if isinstance(found, Population | Observers | Company | Setting):
            told.append(found)
        elif isinstance(found, ThemeObserver):
            traits = ("half_life_levels", "concentration", "resolution_bits")
            own = [t for t in traits if (getattr(found, t) != getattr(shadow, t)[0]).any()]
            told += [(found, trait) for trait in own]
    return told


def test_no_player_can_be_reached_from_an_audience() -> None:
    company = Company(unlike(), range(5))
    watch = company.watch()
    watch.show(company.follow(0).measured, [False] * 5)
    watch.look_ahead(company.follow(1).measured)
    for audience in watch.audiences:
        assert any(isinstance(found, Shadows) for found in reachable(audience))
        assert secrets(audience) == []


@pytest.mark.parametrize(
    "leak",
    [
        lambda company: company.newcomers,
        lambda company: company.people,
        lambda company: company,
        lambda company: company.people.theme_observer(2),
        lambda company: [{"who": (company.people,)}],
    ],
)
def test_a_leak_would_be_found(leak: Callable[[Company], Any]) -> None:
    leaked = leak(Company(unlike(), range(5)))
    assert secrets(Audience(belief=lambda: leaked))
    audience = Audience()
    audience.__dict__["hint"] = leaked
    assert secrets(audience)


# Decisions do not depend on who the players are


def decisions(table: dict[str, npt.NDArray[Any]]) -> dict[str, npt.NDArray[Any]]:
    names = ("arm", "player", "level", "broke", "off_model", "phi_x", "phi_y")
    return {name: table[name] for name in names}


def same(one: dict[str, npt.NDArray[Any]], other: dict[str, npt.NDArray[Any]]) -> bool:
    return list(one) == list(other) and all(
        np.array_equal(one[name], other[name], equal_nan=one[name].dtype.kind == "f")
        for name in one
    )


def test_other_people_in_the_seats_change_no_decision(monkeypatch: pytest.MonkeyPatch) -> None:
    arms = parse_arms(f"{ADAPTIVE},trope_break@adaptive:0.3:0.6,novelty@0.2", rate=0.1)
    these = session.play_arms(setting(), arms, range(6))
    assert 0 < these["broke"].mean() < 0.3

    def others(n_players: int, **_: Any) -> Population:
        medians = {name: spread.median for name, spread in TRAITS.items()}
        odd = {"half_life_levels": 3.0, "concentration": 0.01, "threshold": 0.9}
        return Population.degenerate(n_players, **(medians | odd))

    monkeypatch.setattr("procgen_sim.company.Population.sample", others)
    those = session.play_arms(setting(), arms, range(6))
    assert same(decisions(these), decisions(those))
    assert not np.array_equal(these["surprise_bits"], those["surprise_bits"])


def test_a_director_who_looked_at_players_would_be_found(monkeypatch: pytest.MonkeyPatch) -> None:
    """The check can fail: forecasts that come from the players themselves."""
    whole = Company.watch

    def peeking(company: Company) -> Watch:
        watch = whole(company)
        players = company.newcomers.fresh()

        def look_ahead(coming: Floats) -> None:
            bits = players.surprise_bits(
                {"theme": SPACE.to_unit(coming), "pattern": np.empty(0)}, np.arange(len(coming))
            )
            players.observe({"theme": SPACE.to_unit(coming)}, {"theme": SPACE.to_unit(coming)})
            for audience, cost in zip(watch.audiences, bits, strict=True):
                audience.forecast = 1.0 - cost / 5.0

        monkeypatch.setattr(watch, "look_ahead", look_ahead)
        return watch

    monkeypatch.setattr(Company, "watch", peeking)
    arms = parse_arms(ADAPTIVE, rate=0.1)
    these = session.play_arms(setting(), arms, range(6))
    those = session.play_arms(unlike(), arms, range(6))
    assert not same(decisions(these), decisions(those))
    monkeypatch.undo()
    tables = [session.play_arms(each, arms, range(6)) for each in (setting(), unlike())]
    assert same(*map(decisions, tables))


def test_schedules_that_do_not_look_are_not_affected_by_shadows(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    blind = parse_arms("noise@0.3,outlier@every:4,between@bursts:0.3:3", rate=0.1)
    looking = parse_arms(ADAPTIVE, rate=0.1)
    before = [session.play_arms(setting(), arms, range(6)) for arms in (blind, looking)]
    monkeypatch.setattr(Watch, "look_ahead", lambda *_: None)
    after = [session.play_arms(setting(), arms, range(6)) for arms in (blind, looking)]
    assert same(before[0], after[0])
    assert not same(before[1], after[1])
    adaptive = after[1]["arm"] == ADAPTIVE
    assert not after[1]["broke"][adaptive].any()  # without a forecast


def test_one_block_or_two() -> None:
    arms = parse_arms(f"{ADAPTIVE},trope_break@adaptive:0.2,novelty@adaptive:0.5:0.3", rate=0.1)
    whole = session.play_arms(setting(), arms, range(10))
    parts = [session.play_arms(setting(), arms, block) for block in (range(4), range(4, 10))]
    for part in parts:
        mine = np.isin(whole["player"], np.unique(part["player"]))
        assert same({name: values[mine] for name, values in whole.items()}, part)


@pytest.mark.parametrize(("budget", "too_good"), [(0.29, 0.0), (0.1, 0.5), (1.0, 0.7)])
def test_players_get_no_more_breaks_than_the_budget(budget: float, too_good: float) -> None:
    arms = parse_arms(f"noise@adaptive:{budget}:{too_good}", rate=0.1)
    table = session.play_arms(setting(), arms, range(8))
    mine = table["arm"] == arms[-1].name
    broke = table["broke"][mine].reshape(8, -1)
    levels = np.arange(1, broke.shape[1] + 1)
    assert (broke.cumsum(axis=1) <= np.floor(budget * levels + 1e-9)).all()
    assert broke.any()


# The scale of the forecast


@pytest.mark.parametrize("seed", range(4))
def test_newcomers_foresee_nothing_and_veterans_everything(seed: int) -> None:
    n, known = 400, 250
    found = setting(seed, 25)
    shadows = Shadows(n, SPACE, training=found.yardstick.training, fresh=found.yardstick.fresh)
    model = found.outside.model
    newcomers = shadows.forecast(model.sample(n, rng=stream(seed, "test", 1)))
    z = newcomers.mean() / (newcomers.std(ddof=1) / math.sqrt(n))
    assert abs(z) < 4
    for t in range(known):
        shadows.meet(model.sample(n, rng=stream(seed, "test", 2, t)))
    veterans = shadows.forecast(model.sample(n, rng=stream(seed, "test", 3)))
    error = veterans.std(ddof=1) / math.sqrt(n)
    # The yardstick's own veterans have four lives of 500 levels: a few hundredths either way.
    assert abs(veterans.mean() - 1.0) < 4 * error + 0.05
    assert newcomers.mean() < 0.5 < veterans.mean()
    fresh = shadows.fresh().forecast(model.sample(n, rng=stream(seed, "test", 1)))
    assert np.array_equal(fresh, newcomers)


# What a shadow believes


def learner(d: int, *, alpha: float, half_life: float = math.inf) -> ThemeObserver:
    return ThemeObserver(d, half_life_levels=half_life, concentration=alpha, resolution_bits=2.5)


def reference(d: int, *, alpha: float, half_life: float) -> DirichletProcessObserver:
    prior = NormalInverseWishart.isotropic(
        d,
        mean=NAIVE_PRIOR.mean,
        kappa=NAIVE_PRIOR.kappa,
        nu=d + NAIVE_PRIOR.nu_above_dimensions,
        psi=NAIVE_PRIOR.psi,
    )
    perception = Perception(resolution_bits=2.5)
    return DirichletProcessObserver(
        prior=prior,
        perception=perception,
        concentration=alpha,
        half_life_levels=half_life,
        capacity=8,
    )


@pytest.mark.parametrize(
    ("d", "alpha", "half_life"), [*product((1, 2, 5), (0.0, 1.0), (math.inf, 20.0))]
)
def test_belief_is_that_of_the_readable_reference(d: int, alpha: float, half_life: float) -> None:
    rng = stream(5, "test", d)
    centres = np.array([np.full(d, 0.2), np.full(d, 0.8)])
    levels = centres[rng.integers(2, size=40)] + rng.normal(0, 0.04, (40, d))
    fast, slow = (make(d, alpha=alpha, half_life=half_life) for make in (learner, reference))
    for level in levels:
        fast.observe(level)
        slow.observe(level)
    weights, means, covariances = fast.belief(0)
    held = np.array([component.weight for component in slow.components])
    assert len(held) == (1 if alpha == 0 else 2)
    assert np.allclose(weights, held / held.sum(), rtol=1e-9)
    for component, mean, covariance in zip(slow.components, means, covariances, strict=True):
        posterior = slow.prior.posterior(component.weight, component.total, component.outer)
        expected = posterior.predictive(slow.perception)
        assert np.allclose(mean, expected.location, rtol=1e-9)
        variance = expected.scale * expected.df / (expected.df - 2.0)
        assert np.allclose(covariance, variance, rtol=1e-9, atol=1e-12)


def test_a_newcomer_believes_in_the_prior() -> None:
    for alpha in (0.0, 1.0):
        weights, means, covariances = learner(2, alpha=alpha).belief(0)
        slow = reference(2, alpha=alpha, half_life=math.inf)
        expected = slow.prior.predictive(slow.perception)
        assert weights.tolist() == [1.0]
        assert np.allclose(means, expected.location)
        assert np.allclose(covariances[0], expected.scale * expected.df / (expected.df - 2.0))


@pytest.mark.parametrize("alpha", [0.0, 0.5])
def test_belief_is_what_surprise_says(alpha: float) -> None:
    """Moments of the density that surprises are the logarithm of, summed over a grid."""
    player = learner(2, alpha=alpha)
    rng = stream(6, "test")
    centres = np.array([[0.3, 0.3], [0.7, 0.6]])
    player.observe_many((centres[rng.integers(2, size=60)] + rng.normal(0, 0.05, (60, 2)))[None])
    n, low, high = 700, -4.0, 5.0
    axis = low + (np.arange(n) + 0.5) * (high - low) / n
    grid = np.stack(np.meshgrid(axis, axis, indexing="ij"), axis=-1).reshape(-1, 2)
    bits_a_cell = 2 * 2.5
    mass = ((high - low) / n) ** 2

    def density(who: ThemeObserver) -> Floats:
        return np.asarray(2.0 ** (bits_a_cell - who.surprise_bits_many(grid[None])[0]))

    # A share α / (W + α) expects a new theme; belief is about those that were learned.
    new = alpha / (60 + alpha)
    learned = (density(player) - new * density(player.naive())) / (1 - new) * mass
    weights, means, covariances = player.belief(0)
    mean = weights @ means
    away = means - mean
    covariance = np.einsum("k,kij->ij", weights, covariances) + (away.T * weights) @ away
    assert learned.sum() == pytest.approx(1.0, abs=1e-3)
    assert learned @ grid == pytest.approx(mean, abs=1e-3)
    off = grid - mean
    assert (off.T * learned) @ off == pytest.approx(covariance, rel=0.01, abs=2e-4)


def test_belief_in_natural_units() -> None:
    found = setting()
    watch = Company(found, range(1)).watch()
    levels = found.outside.model.sample(150, rng=stream(7, "test"))
    for level in levels:
        watch.show(level[np.newaxis], [False])
    belief = watch.audiences[0].belief
    assert belief is not None
    drawn = belief().sample(4000, rng=stream(7, "test", 1))
    # What was shown, a little wider: the resolution of people, and what is still unknown.
    assert drawn.mean(axis=0) == pytest.approx(levels.mean(axis=0), abs=0.8)
    assert (drawn.std(axis=0) > levels.std(axis=0)).all()
    assert (drawn.std(axis=0) < 1.5 * levels.std(axis=0)).all()
