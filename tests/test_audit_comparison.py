"""Sources side by side: at equal numbers of levels and lines, and the same twice for the same."""

from __future__ import annotations

from typing import Any

import pytest
from audit_bodies import audit_of, body_of, hills, many, noise, shuffled

from procgen_sim.experiments.audit import Audit
from procgen_sim.experiments.audit.rates import bits_so_far, cost_after
from procgen_sim.levels.body import Body


def side_by_side(*bodies: Body) -> tuple[Audit, dict[str, Any]]:
    audit = audit_of(*bodies, players=24)
    told: dict[str, Any] = audit.document["comparison"]
    return audit, told


@pytest.fixture(scope="module")
def unequal() -> tuple[Audit, dict[str, Any]]:
    """A long body, its own first third, and noise of another size."""
    grids = many(hills, 18)
    return side_by_side(
        body_of(grids, "long"),
        body_of(grids[:6], "short"),
        body_of(many(lambda rng: noise(rng, columns=30), 7), "noise"),
    )


def rows_by_name(told: dict[str, Any]) -> dict[str, dict[str, Any]]:
    return {row["name"]: row for row in told["rows"]}


def test_all_are_taken_at_the_size_of_the_smallest(unequal: tuple[Audit, dict[str, Any]]) -> None:
    audit, told = unequal
    n_active = {each.body.name: int(each.learning.n_active.sum()) for each in audit.sources}
    assert told["n_levels"] == 6
    assert told["n_columns"] == n_active["short"] == min(n_active.values())
    assert [row["name"] for row in told["rows"]] == ["long", "short", "noise"]
    rows = rows_by_name(told)
    for each in audit.sources:
        row = rows[each.body.name]
        assert row["distinct_3"] <= each.counted.lines[3].distinct
        assert row["bits_so_far"] == pytest.approx(
            bits_so_far(each.learning, told["n_columns"]), rel=1e-4
        )
        assert row["naive"] == pytest.approx(each.active_rates.naive, rel=1e-4)
        assert row["veteran"] == pytest.approx(cost_after(each.rate, 5), rel=1e-4)
        assert 0.0 <= row["p_new_3"] <= 1.0
    short, long = audit.sources[1], audit.sources[0]
    assert rows["short"]["distinct_3"] == short.counted.lines[3].distinct
    assert rows["long"]["distinct_3"] < long.counted.lines[3].distinct
    # Nobody is asked after more levels than the smallest body has.
    for row in told["rows"]:
        for asked in row["levels_until_bored"].values():
            assert asked["horizon"] == 6
            assert asked["median"] is None or asked["median"] <= 6
    # What came later made the long body's mean lower; at equal length there is no such advantage.
    assert long.active_rates.total < rows["long"]["bits_so_far"]


def test_a_part_of_a_body_is_like_the_body_at_its_size(
    unequal: tuple[Audit, dict[str, Any]],
) -> None:
    rows = rows_by_name(unequal[1])
    for key, share in (("distinct_3", 0.2), ("bits_so_far", 0.2), ("naive", 0.2)):
        assert rows["short"][key] == pytest.approx(rows["long"][key], rel=share)
    assert abs(rows["short"]["p_new_3"] - rows["long"]["p_new_3"]) < 0.2
    assert rows["noise"]["p_new_3"] > rows["long"]["p_new_3"]
    assert rows["noise"]["bits_so_far"] > rows["long"]["bits_so_far"]


def test_the_same_body_twice_gives_the_same_row_twice() -> None:
    body, again = (body_of(many(shuffled, 6), name) for name in ("one", "two"))
    _, told = side_by_side(body, again)
    one, two = told["rows"]
    assert {**one, "name": ""} == {**two, "name": ""}


def test_one_source_is_not_compared() -> None:
    assert side_by_side(body_of(many(shuffled, 2)))[1] is None


def test_a_single_level_is_compared_as_far_as_it_goes() -> None:
    _, told = side_by_side(body_of(many(hills, 5), "five"), body_of(many(hills, 1), "one"))
    rows = rows_by_name(told)
    assert told["n_levels"] == 1
    assert rows["one"]["veteran"] is None
    assert rows["one"]["learnable_per_level"] is None
    assert rows["five"]["learnable_per_level"] == 0  # who met no other level learned nothing
    for row in told["rows"]:
        assert (row["distinct_3"] is None) == ("distinct_3" in row["reasons"])
        assert row["levels_until_bored"]["wundt"].keys() == {"median", "low", "high", "horizon"}
