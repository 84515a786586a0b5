"""What a body uses again: against plain counting, and the cases one can see at once."""

from __future__ import annotations

import itertools
from collections.abc import Sequence
from pathlib import Path

import numpy as np
import pytest

from procgen_sim._checks import InputError
from procgen_sim.levels import Level, Tileset, load_corpus
from procgen_sim.levels.body import Body
from procgen_sim.levels.reuse import motif_share, repeats_inside, reuse
from procgen_sim.levels.windows import Patterns
from procgen_sim.rng import stream

LETTERS = Tileset(dict.fromkeys("abcdef", ("solid",)))
TILES = Tileset(
    {"-": ("empty",), "X": ("solid",), "S": ("solid",), "=": ("solidtop",), "o": ("coin",)}
)


def body_of(levels: Sequence[str]) -> Body:
    """Levels of one row: motifs are substrings."""
    return Body.of("b", [Level.from_rows([level], LETTERS) for level in levels], order="columns")


def platformer(*levels: Sequence[str]) -> Body:
    return Body.of("b", [Level.from_rows(rows, TILES) for rows in levels], order="columns")


def random_levels(seed: int, n: int) -> list[str]:
    rng = stream(seed, "test")
    return ["".join(rng.choice(list("ab"), size=rng.integers(1, 15))) for _ in range(n)]


class TestMotifs:
    @pytest.mark.parametrize("k", [1, 3, 5])
    def test_by_counting(self, k: int) -> None:
        levels = random_levels(k, 10)
        others, own = [], []
        for index, level in enumerate(levels):
            for start in range(len(level) - k + 1):
                found = [level[start : start + k] in other for other in levels]
                others.append((sum(found) - 1) / 9)
                own.append(np.mean(found))
                assert found[index]
        result = reuse(body_of(levels), motif_length=k)
        assert result.motif_share.value == pytest.approx(np.mean(others))
        assert result.motif_share_with_own.value == pytest.approx(np.mean(own))

    def test_the_error_is_the_jackknife_of_the_body_without_each_level(self) -> None:
        body = body_of(random_levels(1, 9))
        found = motif_share(Patterns(body).of(3))
        others = [
            motif_share(Patterns(body.take(rest)).of(3)).value
            for rest in itertools.combinations(range(9), 8)
        ]
        spread = np.var(np.array(others, dtype=float))
        assert found.se == pytest.approx(np.sqrt(8 * spread))

    def test_copies_share_all_and_strangers_nothing(self) -> None:
        copies = reuse(body_of(["abcabdabcd"] * 5))
        assert copies.motif_share.value == copies.motif_share_with_own.value == 1
        assert copies.motif_share.se == 0
        strangers = reuse(body_of(["aabaab", "ccdccd", "eefeef"]), motif_length=2)
        assert strangers.motif_share.value == 0
        assert strangers.motif_share_with_own.value == pytest.approx(1 / 3)

    def test_padding_can_be_left_out(self) -> None:
        body = body_of(["aaaaaaabcd", "aaaaaaaefe"])
        assert motif_share(Patterns(body).of(3)).value == pytest.approx(5 / 8)
        inside = reuse(Patterns(body, active_only=True), motif_length=3)
        assert inside.motif_share.value == 0
        flat, step = ["---------", "XXXXXXXXX"], ["------XXX", "XXXXXXXXX"]
        ground = platformer(flat, step)
        assert ground.active[1] == slice(5, 7)
        padded = reuse(ground, motif_length=2).motif_share_terrain.value
        assert padded == pytest.approx((8 + 5) / 16)
        bare = Patterns(ground, active_only=True)
        assert reuse(bare, motif_length=2).motif_share_terrain.value == 0

    def test_what_cannot_be_said_has_its_reason(self) -> None:
        assert reuse(body_of(["abcdefab"])).motif_share.reason == "no other level to compare with"
        short = reuse(body_of(["abc", "abc"]))
        for estimate in (short.motif_share, short.motif_share_with_own, short.motif_share_terrain):
            assert estimate.value is None
            assert estimate.reason == "no level is long enough to hold a motif"
        with pytest.raises(InputError, match="motif_length: expected a whole number"):
            reuse(body_of(["abc"]), motif_length=0)


class TestCopies:
    def test_levels_that_equal_an_earlier_one(self) -> None:
        found = reuse(body_of(["abc", "abd", "abc", "abc", "ab"]), motif_length=2)
        assert found.copies == 2
        assert found.copies_share.value == 2 / 5

    def test_the_same_tiles_in_another_shape_are_no_copy(self) -> None:
        # Neither is the one with its rows as columns.
        assert reuse(platformer(["XX", "XX"], ["XXXX"], ["X", "X", "X", "X"])).copies == 0

    def test_terrain_is_solid_one_way_or_neither(self) -> None:
        plain = ["---", "=--", "X-X"]
        decorated = ["o--", "=-o", "SoS"]
        assert reuse(platformer(plain, decorated)).copies == 0
        assert reuse(platformer(plain, decorated)).terrain_copies == 1
        filled = ["---", "X--", "X-X"]
        open_ = ["---", "---", "X-X"]
        assert reuse(platformer(plain, filled, open_)).terrain_copies == 0

    def test_motifs_of_terrain(self) -> None:
        found = reuse(platformer(["-o--", "XX-X"], ["--o-", "SS-S"]), motif_length=4)
        assert found.motif_share.value == 0
        assert found.motif_share_terrain.value == 1

    def test_unknown_terrain(self) -> None:
        silent = Tileset({"-": (), "X": ()})
        body = Body.of("b", [Level.from_rows(["-X"], silent), Level.from_rows(["XX"], TILES)])
        found = reuse(body, motif_length=1)
        assert (found.terrain_copies, found.terrain_copies_share.value) == (None, None)
        assert found.terrain_copies_share.reason == "a tileset does not say what is solid"
        assert found.motif_share_terrain.reason == "a tileset does not say what is solid"

    def test_each_tileset_says_what_is_solid_in_its_levels(self) -> None:
        upside_down = Tileset({"X": ("empty",), "-": ("solid",)})
        levels = [Level.from_rows(["-X-"], TILES), Level.from_rows(["X-X"], upside_down)]
        found = reuse(Body.of("b", levels, order="columns"), motif_length=1)
        assert (found.copies, found.terrain_copies) == (0, 1)


class TestInside:
    @pytest.mark.parametrize("k", [1, 2, 3])
    def test_by_counting(self, k: int) -> None:
        levels = random_levels(7 + k, 12)
        again, varied = [], []
        for level in levels:
            for start in range(len(level) - k + 1):
                pattern = level[start : start + k]
                again.append(pattern in level[:start])  # up to start: no overlap
                if k == 1 or len(set(pattern)) > 1:
                    varied.append(again[-1])
        found = repeats_inside(body_of(levels), k)
        assert found[0].value == pytest.approx(np.mean(again))
        assert found[1].value == pytest.approx(np.mean(varied))

    def test_a_flat_stretch_is_not_its_own_repeat(self) -> None:
        assert repeats_inside(body_of(["aaaaa"]), 3)[0].value == 0
        assert repeats_inside(body_of(["aaaaaaa"]), 3)[0].value == 2 / 5

    def test_a_flat_level_has_nothing_else(self) -> None:
        whole, varied = repeats_inside(body_of(["aaaaaaa", "bbb"]), 3)
        assert whole.value is not None
        assert (varied.value, varied.reason) == (None, "every pattern is one line repeated")

    def test_other_levels_do_not_count(self) -> None:
        assert repeats_inside(body_of(["abcd", "abcd", "abcd"]), 2)[0].value == 0

    def test_too_short(self) -> None:
        for estimate in repeats_inside(body_of(["ab", "a"]), 3):
            assert estimate.reason == "no level is long enough to hold a pattern"


def test_real_bodies_in_their_order(shared_data: Path) -> None:
    def of(folder: str) -> Patterns:
        body = Body.of(folder, load_corpus(shared_data / folder).levels)
        return Patterns(body, active_only=True)

    param, notch, mario = (
        reuse(of(folder))
        for folder in ("mario_ai/notchParam", "mario_ai/notch", "vglc/super_mario_bros")
    )
    assert (param.copies, notch.copies, mario.copies) == (0, 0, 0)
    for more, less in itertools.pairwise((param, notch, mario)):
        assert more.motif_share.low is not None
        assert less.motif_share.high is not None
        assert more.motif_share.low > less.motif_share.high
