"""Verdicts on levels that people have judged: two generators, and what people have made."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import pytest

from procgen_sim.experiments.audit import AuditConfig, helps, run_audit

pytestmark = pytest.mark.slow

N = 40
"""Levels of a generator: a fifth of what there is, for speed."""


def rows_of(
    *folders: Path, levels: int, players: int = 100, tileset: str = ""
) -> dict[str, dict[str, Any]]:
    """Name to row of the comparison."""
    config = AuditConfig(
        sources=tuple(map(str, folders)),
        tileset=tileset,
        levels=levels,
        players=players,
        yardsticks=False,
    )
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(helps, "_LEAST_LEVELS", 10**6)  # nobody asks what would help
        told = run_audit(config).document
    return {row["name"]: row for row in told["comparison"]["rows"]}


@pytest.fixture(scope="module")
def rows(shared_data: Path) -> dict[str, dict[str, Any]]:
    mario = shared_data / "mario_ai"
    by_hand = shared_data / "vglc" / "super_mario_bros"
    return rows_of(mario / "notch", mario / "notchParam", by_hand, levels=N)


@pytest.mark.parametrize("key", ["distinct_3", "p_new_3", "bits_so_far", "veteran"])
def test_people_vary_more_than_notch_and_notch_more_than_notch_param(
    rows: dict[str, dict[str, Any]], key: str
) -> None:
    worst, middle, best = (rows[name][key] for name in ("notchParam", "notch", "super_mario_bros"))
    assert worst < 0.8 * middle
    assert middle < 0.95 * best


def test_what_people_made_is_far_ahead(rows: dict[str, dict[str, Any]]) -> None:
    by_hand, notch = rows["super_mario_bros"], rows["notch"]
    assert by_hand["p_new_3"] > 1.5 * notch["p_new_3"]
    assert by_hand["veteran"] > 1.2 * notch["veteran"]
    assert by_hand["distinct_3"] > 1.2 * notch["distinct_3"]


def until(row: dict[str, Any], notion: str) -> float:
    """Levels until half are bored; those who are not are there longer than all there is to see."""
    median = row["levels_until_bored"][notion]["median"]
    return float("inf") if median is None else float(median)


@pytest.mark.parametrize("notion", ["wundt", "surprise"])
def test_players_see_through_them_in_that_order(
    rows: dict[str, dict[str, Any]], notion: str
) -> None:
    lasts = [until(rows[name], notion) for name in ("notchParam", "notch", "super_mario_bros")]
    assert lasts == sorted(lasts)
    assert lasts[0] < lasts[2]


def test_a_generator_is_like_itself(shared_data: Path, tmp_path: Path) -> None:
    """Halves of one generator differ by less than two generators do."""
    folder = shared_data / "mario_ai" / "notch"
    files = sorted(folder.glob("*.txt"))[: 2 * 15]
    for i, half in enumerate((files[::2], files[1::2])):
        (tmp_path / f"half{i}").mkdir()
        for file in half:
            (tmp_path / f"half{i}" / file.name).write_bytes(file.read_bytes())
    other = shared_data / "mario_ai" / "notchParam"
    folders, tiles = (tmp_path / "half0", tmp_path / "half1", other), folder.parent / "tileset.json"
    found = rows_of(*folders, levels=15, players=20, tileset=str(tiles))
    one, two, apart = found.values()
    for key in ("distinct_3", "bits_so_far", "veteran", "naive"):
        assert abs(one[key] - two[key]) < 0.5 * abs(one[key] - apart[key]), key
