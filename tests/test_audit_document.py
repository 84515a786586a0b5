"""The document of an audit: every number is there and of its kind, or null with a reason."""

from __future__ import annotations

import json
from collections.abc import Iterator
from typing import Any

import pytest
from audit_bodies import audit_of, body_of, flat, hills, many, noise, shuffled

from procgen_sim.experiments.audit import PER_LEVEL_COLUMNS, Audit, helps, per_level
from procgen_sim.levels.body import Body

N = 8
BODIES = {
    "hills": body_of(many(hills, N), "hills"),
    "single": body_of(many(hills, 1), "single"),
    "copies": body_of(many(hills, 1) * N, "copies"),
    "empty": body_of([flat()] * N, "empty"),
    "noise": body_of(many(noise, N), "noise"),
    "shuffled": body_of(many(shuffled, N), "shuffled"),
    "tower": body_of(many(lambda rng: hills(rng).T, N), "tower", order="rows-up"),
    "screens": body_of(many(lambda rng: hills(rng, columns=8), 3), "screens", order="reading"),
    "uneven": body_of(
        [*many(lambda rng: hills(rng, rows=4), 3), *many(lambda rng: noise(rng, rows=1), 2)],
        "uneven",
    ),
}

number, maybe = (int, float), (int, float, type(None))
TYPES: dict[str, Any] = {
    "name": str,
    "kind": str,
    "detail": str,
    "notes": list,
    "yardstick": bool,
    "order": str,
    "line": str,
    "tileset": dict,
    "alphabet": str,
    "n_levels": int,
    "n_columns": int,
    "n_active_columns": int,
    "verdict": list,
    "remarks": list,
    **{
        f"{what}.{size}.{key}": kind
        for what, sizes in (("vocabulary", "1235"), ("windows", ("2x2", "3x3")))
        for size in sizes
        for key, kind in {
            "distinct": int,
            "heaps_exponent": maybe,
            "heaps_low": maybe,
            "heaps_high": maybe,
            "p_new": maybe,
            "p_new_low": maybe,
            "p_new_high": maybe,
            "curve": list,
            "expected": list,
        }.items()
    },
    **{f"higher_order.{each}.heaps_exponent": maybe for each in ("pairs", "triples")},
    **{f"hill.{k}.{q}": maybe for k in "1235" for q in "012"},
    **{
        f"bits_per_{what}column.{who}": maybe if who == "veteran" else number
        for what in ("", "active_")
        for who in ("naive", "total", "veteran")
    },
    "learning_curve": list,
    "learning_low": list,
    "learning_high": list,
    "learning_exponent": maybe,
    "levels_to_half": maybe,
    "levels_to_90": maybe,
    "learnable_bits": maybe,
    **{
        f"levels_until_bored.{notion}.{key}": number if key == "share_stayed" else maybe
        for notion in ("surprise", "wundt", "progress")
        for key in ("median", "low", "high", "share_stayed")
    },
    **{
        f"boredom_curves.{notion}.{key}": list
        for notion in ("surprise", "wundt", "progress")
        for key in ("mean", "low", "high")
    },
    "foreseen_curve": list,
    "motif8_share": maybe,
    "reuse.n_copies": int,
    "reuse.within_level": maybe,
    "perceptual_spread": maybe,
    "spread": (dict, type(None)),
    "expressive_range.metrics": list,
    "expressive_range.pairs": list,
    "expressive_range.warning": str,
    "tropes": list,
    "shown_levels": list,
    "helps": list,
    "helps_note": str,
    "reasons": dict,
}
EXPLAINED = [
    path
    for path, kind in TYPES.items()
    if kind is maybe and path.rpartition(".")[2] not in ("low", "high")
    and not path.endswith(("_low", "_high"))
]  # fmt: skip
"""Numbers that have a reason where they are null; an interval has its estimate's."""


@pytest.fixture(scope="module")
def audit() -> Audit:
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(helps, "_N_CALIBRATION", 12)
        patch.setattr(helps, "RATES", (0.25,))
        return audit_of(*BODIES.values(), n_helped=1, yardstick=True)


@pytest.fixture(scope="module")
def told(audit: Audit) -> dict[str, Any]:
    found: dict[str, Any] = json.loads(json.dumps(audit.document, allow_nan=False))
    return found


@pytest.fixture
def sources(told: dict[str, Any]) -> dict[str, Any]:
    return {source["name"]: source for source in told["sources"]}


def at(source: dict[str, Any], path: str) -> Any:
    found: Any = source
    for key in path.split("."):
        found = found[key]
    return found


@pytest.mark.parametrize("name", BODIES)
def test_every_number_is_of_its_kind(sources: dict[str, Any], name: str) -> None:
    for path, kind in TYPES.items():
        found = at(sources[name], path)
        assert isinstance(found, kind), (path, found)
        assert isinstance(found, bool) <= (kind is bool), path


@pytest.mark.parametrize("name", BODIES)
def test_what_is_null_has_a_reason_and_no_reason_is_without_a_null(
    sources: dict[str, Any], name: str
) -> None:
    reasons = sources[name]["reasons"]
    assert all(isinstance(why, str) and len(why) > 10 for why in reasons.values())
    for path in EXPLAINED:
        told_at = path if path in reasons else path.rpartition(".")[0]
        assert (at(sources[name], path) is None) == (told_at in reasons), path
    for path in reasons:
        found = at(sources[name], path)
        assert found is None or None in found.values(), path
    for metric in sources[name]["expressive_range"]["metrics"]:
        assert (None in metric["values"]) <= bool(metric["reason"])


def test_a_single_level_lacks_what_takes_others(sources: dict[str, Any]) -> None:
    for path in (
        "bits_per_column.veteran",
        "bits_per_active_column.veteran",
        "levels_to_half",
        "levels_to_90",
        "learnable_bits",
        "perceptual_spread",
        "vocabulary.3.p_new",
        "vocabulary.3.heaps_exponent",
    ):
        assert at(sources["single"], path) is None
        assert at(sources["hills"], path) is not None, path


@pytest.mark.parametrize("name", BODIES)
def test_curves_are_as_long_as_what_they_are_of(sources: dict[str, Any], name: str) -> None:
    source, n = sources[name], BODIES[name].n_levels
    for size in (*source["vocabulary"].values(), *source["windows"].values()):
        assert len(size["curve"]) == len(size["expected"]) == n
        assert size["curve"][-1] == size["distinct"]
        assert size["curve"] == sorted(size["curve"])
    for curve in ("learning_curve", "learning_low", "learning_high", "foreseen_curve"):
        assert len(source[curve]) == n
    for curves in source["boredom_curves"].values():
        assert [len(curve) for curve in curves.values()] == [n] * 3
    for metric in source["expressive_range"]["metrics"]:
        assert len(metric["values"]) == n
        assert metric["source"]
    for curve in (each.get("curve") for each in source["hill"].values()):
        assert curve is None or len({len(v) for k, v in curve.items() if k != "n_observed"}) == 1


@pytest.mark.parametrize("name", BODIES)
def test_levels_are_shown_as_they_lie(sources: dict[str, Any], audit: Audit, name: str) -> None:
    body: Body = BODIES[name]
    shown = sources[name]["shown_levels"]
    assert [level["why"] for level in shown] == (
        [] if name == "single" else ["typical", "surprising"]
    )
    for level in shown:
        index = level["index"]
        assert level["rows"] == body.levels[index].rows()
        assert level["file"] == f"level {index}.txt"
        rows, columns = body.levels[index].grid.shape
        assert (len(level["tile_bits"]), len(level["tile_bits"][0])) == (rows, columns)
    if shown:
        measured = next(a for a in audit.sources if a.body.name == name).learning.surprising
        assert measured is not None
        line = measured.tile_bits[0]  # the first line that is met, top or left tile first
        bits, order = shown[1]["tile_bits"], body.order
        first = [row[0] for row in bits] if order == "columns" else bits[-(order == "rows-up")]
        assert first == pytest.approx(line, abs=0.01)


def test_numbers_that_follow_from_others(sources: dict[str, Any]) -> None:
    for source in sources.values():
        bits = source["bits_per_active_column"]
        if bits["naive"]:
            foreseen = [1 - each / bits["naive"] for each in source["learning_curve"]]
            assert source["foreseen_curve"] == pytest.approx(foreseen, abs=1e-4)
        for low, mid, high in zip(
            source["learning_low"], source["learning_curve"], source["learning_high"], strict=True
        ):
            assert low <= mid <= high
        assert source["n_active_columns"] <= source["n_columns"]
        assert (source["line"] == "column") == (source["order"] == "columns")
        assert set(source["tileset"]) == set(source["alphabet"])
        for trope in source["tropes"]:
            assert 0 < trope["share_of_levels"] <= 1
            assert trope["n_occurrences"] >= 2
    assert sources["copies"]["reuse"]["n_copies"] == N - 1
    assert sources["copies"]["perceptual_spread"] == 0.0
    assert sources["empty"]["bits_per_column"]["naive"] == 0.0


def test_what_would_help_is_told_of_those_that_were_asked(sources: dict[str, Any]) -> None:
    helped = sources["hills"]["helps"]
    assert {each["notion"] for each in helped} == {"surprise", "wundt", "progress"}
    assert {each["rate"] for each in helped} == {0.25}
    assert len(helped) == 3 * len({each["proposal"] for each in helped})
    for each in helped:
        assert each["low"] <= each["levels_gained"] <= each["high"]
        assert isinstance(each["stands"], bool)
        assert 0 <= each["off_model_share"] <= 1
        # The screen is that of platformers; where it was not used it is said why.
        assert (each["playable_share"] is None) == bool(sources["hills"]["helps_note"])
    others = [source for name, source in sources.items() if name != "hills"]
    assert all(source["helps"] == [] and source["helps_note"] for source in others)


def test_the_head_of_it(told: dict[str, Any]) -> None:
    assert {key: told[key] for key in ("format", "seed", "n_players", "horizon")} == {
        "format": 1,
        "seed": 1,
        "n_players": 24,
        "horizon": 60,
    }
    assert told["version"]
    assert [source["yardstick"] for source in told["sources"]] == [False] * (len(BODIES) - 1) + [
        True
    ]
    assert len(told["comparison"]["rows"]) == len(BODIES)


def rows_of(audit: Audit) -> Iterator[dict[str, str]]:
    head, *rows = [line.split(",") for line in per_level(audit.sources).splitlines()]
    assert tuple(head) == PER_LEVEL_COLUMNS
    return (dict(zip(head, row, strict=True)) for row in rows)


def test_the_table_of_levels_has_each_of_them_in_order(audit: Audit) -> None:
    rows = list(rows_of(audit))
    given = [body for body in BODIES.values() if body.name != "uneven"]  # the yardstick
    assert [row["source"] for row in rows] == [b.name for b in given for _ in range(b.n_levels)]
    for found in audit.sources[:-1]:
        mine = [row for row in rows if row["source"] == found.body.name]
        assert [int(row["index"]) for row in mine] == [*range(found.body.n_levels)]
        assert [row["file"] for row in mine] == [f"level {i}.txt" for i in range(len(mine))]
        assert [int(row["n_columns"]) for row in mine] == [len(x) for x in found.body.lines]
        total = sum(float(row["bits"]) for row in mine)
        assert total == pytest.approx(found.all_rates.total * found.body.n_lines, abs=0.001)
        naive = sum(float(row["bits_naive"]) for row in mine)
        assert naive == pytest.approx(found.all_rates.naive * found.body.n_lines, abs=0.001)
        assert [row["progress_bits"] == "" for row in mine] == [False] * (len(mine) - 1) + [True]
    first = [row for row in rows if row["index"] == "0"]
    assert all(row["bits"] == row["bits_naive"] for row in first)


@pytest.mark.parametrize("columns", [6, 24])
def test_one_level_without_anything_in_it_is_told_of(columns: int) -> None:
    (source,) = audit_of(body_of([flat(columns=columns)])).document["sources"]
    assert source["hill"]["3"]["1"] == pytest.approx(1.0)
    assert "nothing to see" in " ".join(source["remarks"])
