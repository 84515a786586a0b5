"""Who plays: the same people whatever the company, spread as the assumptions say."""

from __future__ import annotations

import math

import numpy as np
import pytest

from procgen_sim._checks import InputError
from procgen_sim.players import TRAITS, Population, Spread


def test_a_player_is_the_same_person_in_any_company() -> None:
    crowd = Population.sample(50, seed=4)
    for i in (0, 7, 49):
        assert Population.sample(i + 1, seed=4).player(i) == crowd.player(i)
        assert Population.sample(1, seed=4, first=i).player(0) == crowd.player(i)
    shards = [Population.sample(25, seed=4, first=first) for first in (0, 25)]
    assert [s.player(i) for s in shards for i in range(25)] == [crowd.player(i) for i in range(50)]


def test_seeds_make_different_people_and_the_same_seed_the_same() -> None:
    assert Population.sample(5, seed=1) == Population.sample(5, seed=1)
    assert Population.sample(5, seed=1) != Population.sample(5, seed=2)


def test_changing_one_spread_changes_nothing_else() -> None:
    bold = {"threshold": Spread(median=0.6, sd=0.0, low=0.0, high=1.0)}
    usual, changed = Population.sample(5, seed=1), Population.sample(5, seed=1, spreads=bold)
    assert np.all(changed.threshold == 0.6)
    for name in set(TRAITS) - {"threshold"}:
        assert np.array_equal(getattr(usual, name), getattr(changed, name))


@pytest.mark.slow
@pytest.mark.parametrize("trait", TRAITS)
def test_traits_are_spread_as_stated(trait: str) -> None:
    """Median and spread of 4,000 people, in standard errors of each."""
    spread = TRAITS[trait]
    values = getattr(Population.sample(4000, seed=1), trait)
    z = np.log(values / spread.median) if spread.logarithmic else values - spread.median
    n = len(z)
    # No cut-off is nearer than 3.5 standard deviations, so the normal's own errors will do.
    assert abs(np.median(z)) < 4 * spread.sd * math.sqrt(math.pi / 2 / n)
    assert abs(z.std() - spread.sd) < 4 * spread.sd / math.sqrt(2 * n)
    assert values.min() >= spread.low
    assert values.max() <= spread.high


def test_traits_do_not_go_together() -> None:
    people = Population.sample(1000, seed=3)
    ranks = np.stack([getattr(people, t).argsort().argsort() for t in TRAITS])
    off_diagonal = np.corrcoef(ranks) - np.eye(len(TRAITS))
    assert np.abs(off_diagonal).max() < 4.5 / math.sqrt(1000)


def test_cut_off_leaves_no_lump_at_the_edge() -> None:
    narrow = Spread(median=0.0, sd=1.0, low=-0.5, high=0.5)
    values = np.array([narrow.at((i + 0.5) / 1000) for i in range(1000)])
    assert np.all(np.diff(values) > 0)
    assert values.min() == pytest.approx(-0.5, abs=0.01)
    assert values.max() == pytest.approx(0.5, abs=0.01)


@pytest.mark.parametrize(
    ("spread", "expected"),
    [
        (Spread(median=math.inf, sd=1.0, low=1.0, high=math.inf, logarithmic=True), math.inf),
        (Spread(median=0.0, sd=1.0, low=0.0, high=9.0, logarithmic=True), 0.0),
        (Spread(median=3.0, sd=0.0, low=1.0, high=9.0), 3.0),
    ],
)
def test_some_medians_leave_everybody_alike(spread: Spread, expected: float) -> None:
    """Forgetting nothing, never opening a theme, and no spread at all."""
    assert [spread.at(share) for share in (0.01, 0.5, 0.99)] == [expected] * 3


def test_degenerate_players_are_all_the_median_person() -> None:
    people = Population.degenerate(4, appetite=0.7)
    assert people.appetite.tolist() == [0.7] * 4
    assert people.threshold.tolist() == [TRAITS["threshold"].median] * 4
    no_spread = {
        name: Spread(median=s.median, sd=0.0, low=s.low, high=s.high, logarithmic=s.logarithmic)
        for name, s in TRAITS.items()
    }
    assert Population.sample(4, seed=9, spreads=no_spread) == Population.degenerate(4)


def test_people_cannot_be_written_to() -> None:
    people = Population.sample(2, seed=1)
    with pytest.raises(ValueError, match="read-only"):
        people.threshold[0] = 1.0


def test_wrong_use_is_refused() -> None:
    with pytest.raises(InputError, match="n_players: expected a whole number of at least 1"):
        Population.sample(0, seed=1)
    with pytest.raises(InputError, match="found 'apetite'; did you mean 'appetite'"):
        Population.degenerate(1, apetite=1.0)
    spread = Spread(median=1.0, sd=0.0, low=0.0, high=1.0)
    with pytest.raises(InputError, match="found 'courage'"):
        Population.sample(1, seed=1, spreads={"courage": spread})
    ones = dict.fromkeys(TRAITS, np.ones(2))
    with pytest.raises(InputError, match="threshold: expected one value for each of 2 players"):
        Population(**{**ones, "threshold": np.ones(3)})
