"""A tile model as a generator: what it makes, what is off it, and the files."""

from __future__ import annotations

import itertools
import json
from collections.abc import Iterator, Sequence
from dataclasses import replace
from pathlib import Path

import numpy as np
import numpy.typing as npt
import pytest

from procgen_sim._checks import InputError
from procgen_sim.cli import main
from procgen_sim.config import RunConfig
from procgen_sim.experiments.generate_tiles import TileMaker, tile_outside
from procgen_sim.generators import tile
from procgen_sim.generators.tile import TileGenerator
from procgen_sim.injection.tiles import TILE_PROPOSALS, TileOutside, propose_tiles
from procgen_sim.levels import Affordance, Level, Tileset, load_corpus, shipped_corpus
from procgen_sim.levels.body import Body, Lines, as_grid
from procgen_sim.models.fixed_tile import FixedTileModel
from procgen_sim.models.tile import TileModel
from procgen_sim.platformer import reach
from procgen_sim.rng import stream

TILES = Tileset({"-": ("empty",), "X": ("solid",), "M": ("start",), "F": ("goal",)})
LENGTH = 5
CHAIN = np.array([[0.85, 0.1, 0.05], [0.1, 0.8, 0.1], [0.3, 0.2, 0.5]])
COLUMNS = np.array([[0, 0, 0, 0, 1], [0, 0, 1, 1, 1], [2, 0, 0, 0, 0]], np.uint8)


def walk(n_lines: int, *, rng: np.random.Generator) -> Lines:
    """A level of three kinds of columns, each chosen by the one before."""
    state, lines = 0, np.empty((n_lines, LENGTH), np.uint8)
    for line in lines:
        state = int(rng.choice(3, p=CHAIN[state]))
        line[:] = COLUMNS[state]
    return lines


@pytest.fixture(scope="module")
def fixed() -> FixedTileModel:
    """What is known after sixty levels of the chain."""
    rng, model = stream(1, "test", 620), TileModel(3)
    for _ in range(60):
        model.learn(walk(40, rng=rng))
    return FixedTileModel(model)


# A model that has stopped learning


def test_probabilities_of_a_line_sum_to_one(fixed: FixedTileModel) -> None:
    before = walk(6, rng=stream(2, "test", 620))
    total = 0.0
    for tiles in itertools.product(range(3), repeat=LENGTH):
        level = np.vstack([before, np.array([tiles], np.uint8)])
        total += 2.0 ** -fixed.bits(level)[-1]
    assert total == pytest.approx(1.0, abs=1e-9)


def test_it_begins_where_the_model_had_got_to(fixed: FixedTileModel) -> None:
    for code in range(3):
        one = np.array([[code]], np.uint8)
        assert fixed.bits(one) == pytest.approx(fixed.learner.bits(one), rel=1e-12)


def test_asking_changes_nothing(fixed: FixedTileModel) -> None:
    level = walk(30, rng=stream(3, "test", 620))
    first = fixed.bits(level)
    fixed.sample(20, LENGTH, rng=stream(4, "test", 620))
    assert np.array_equal(fixed.bits(level), first)
    # It does not learn within a level either: its end costs what it would cost anywhere.
    twice = fixed.bits(np.vstack([level, level]))
    assert twice[31:].sum() > 0.8 * first[1:].sum()
    learning = fixed.learner
    assert learning.bits(np.vstack([level] * 8))[-30:].sum() < 0.6 * first.sum()


@pytest.mark.parametrize("temperature", [1.0, 2.0])
def test_samples_come_as_often_as_their_probability_says(
    fixed: FixedTileModel, temperature: float
) -> None:
    n, rng = 1500, stream(5, "test", 620)
    found: dict[bytes, int] = {}
    for _ in range(n):
        line = fixed.sample(1, LENGTH, temperature=temperature, rng=rng)
        found[line.tobytes()] = found.get(line.tobytes(), 0) + 1
    every = [np.array([t], np.uint8) for t in itertools.product(range(3), repeat=LENGTH)]
    p = np.array([2.0 ** -fixed.bits(line).sum() for line in every])
    counts = np.array([found.get(line.tobytes(), 0) for line in every])
    z = (counts - n * p) / np.sqrt(n * p * (1 - p))
    often = n * p > 10
    if temperature == 1:
        assert np.abs(z[often]).max() < 4.5
    else:  # a planted bug, another temperature, is seen
        assert np.abs(z[often]).max() > 6


def test_samples_cost_what_levels_of_the_source_cost(fixed: FixedTileModel) -> None:
    rng = stream(6, "test", 620)
    source = np.array([fixed.bits(walk(40, rng=rng)).mean() for _ in range(60)])
    own = np.array([fixed.bits(fixed.sample(40, LENGTH, rng=rng)).mean() for _ in range(60)])
    error = np.sqrt((source.var(ddof=1) + own.var(ddof=1)) / 60)
    # What the model does not know makes the source dearer, by a share that shrinks with learning.
    assert abs(source.mean() - own.mean()) < 4 * error + 0.1 * source.mean()


def test_temperature_from_the_likeliest_level_to_anything(fixed: FixedTileModel) -> None:
    rng = stream(7, "test", 620)
    cost = {
        t: np.mean([fixed.bits(fixed.sample(30, LENGTH, temperature=t, rng=rng)) for _ in range(8)])
        for t in (0.01, 0.5, 1.0, 2.0, 10.0)
    }
    assert (np.diff(list(cost.values())) > 0).all()
    assert cost[0.01] < 0.5 * cost[1.0]
    coldest = [fixed.sample(30, LENGTH, temperature=0.01, rng=rng).tobytes() for _ in range(4)]
    assert len(set(coldest)) == 1
    with pytest.raises(InputError, match="temperature"):
        fixed.sample(3, LENGTH, temperature=0.0, rng=rng)
    with pytest.raises(InputError, match="n_lines"):
        fixed.sample(0, LENGTH, rng=rng)


def test_the_region_holds_its_share_of_samples(fixed: FixedTileModel) -> None:
    mass, n = 0.9, 400
    region = fixed.region(12, LENGTH, mass=mass, rngs=(stream(8, "test", 621, i) for i in range(n)))
    fresh = [fixed.sample(12, LENGTH, rng=stream(8, "test", 622, i)) for i in range(n)]
    off = region.is_off([fixed.log_density(lines) for lines in fresh]).mean()
    error = np.sqrt(2 * mass * (1 - mass) / n)  # of the edge, and of the share beyond it
    assert abs(off - (1 - mass)) < 4 * error
    shuffled = [stream(9, "test", 620).permuted(lines, axis=1) for lines in fresh[:20]]
    assert region.is_off([fixed.log_density(lines) for lines in shuffled]).mean() > 0.9


@pytest.mark.slow
def test_one_in_a_thousand_of_its_own_samples_is_off_the_model(fixed: FixedTileModel) -> None:
    n = 2000
    region = fixed.region(10, LENGTH, rngs=(stream(10, "test", 621, i) for i in range(n)))
    fresh = (fixed.sample(10, LENGTH, rng=stream(10, "test", 622, i)) for i in range(n))
    off = region.is_off([fixed.log_density(lines) for lines in fresh]).sum()
    assert abs(off - 0.001 * n) < 4 * np.sqrt(2 * 0.001 * n)


# A generator

BODY = Body.of("samurai", shipped_corpus("samurai").levels)
SIZE = 80


@pytest.fixture(scope="module", autouse=True)
def _small() -> Iterator[None]:
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(tile, "_N_CALIBRATION", 120)
        yield


@pytest.fixture(scope="module")
def generator() -> TileGenerator:
    return TileGenerator.fit(BODY, seed=3, n_lines=SIZE)


def test_a_level_has_an_address(generator: TileGenerator) -> None:
    second, first = generator.sample(1), generator.sample(0)
    again = TileGenerator.fit(generator.body, seed=3, n_lines=SIZE)
    assert np.array_equal(again.sample(0).lines, first.lines)
    assert np.array_equal(again.sample(1).lines, second.lines)
    assert not np.array_equal(first.lines, second.lines)
    assert first.lines.shape == (SIZE, generator.line_length)
    other = TileGenerator.fit(generator.body, seed=4, n_lines=SIZE)
    assert not np.array_equal(other.sample(0).lines, first.lines)


def test_playable_when_it_says_so(generator: TileGenerator) -> None:
    made = [generator.sample(index) for index in range(12)]
    for each in made:
        level = generator.level(each.lines)
        assert each.playable == reach(level).playable
        assert level.mask(Affordance.START).sum() <= 1
        assert level.mask(Affordance.GOAL).sum() <= 1
    assert sum(each.playable is True for each in made) >= 10
    assert max(each.attempts for each in made) > 1  # the screen has something to do


def test_where_no_attempt_is_playable_the_furthest_is_made(
    generator: TileGenerator, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(tile, "_ATTEMPTS", 5)
    wild = replace(generator, temperature=10.0)
    made = wild.sample(0)
    rng, tried = stream(3, "generate", 0), []
    for _ in range(5):
        lines = generator.model.sample(SIZE, generator.line_length, temperature=10.0, rng=rng)
        tried.append(wild.tidied(lines))
    furthest = [reach(wild.level(lines)).furthest_column for lines in tried]
    assert (made.playable, made.attempts) == (False, 5)
    assert np.array_equal(made.lines, tried[int(np.argmax(furthest))])


def level_of(rows: Sequence[str]) -> Level:
    return Level.from_rows(rows, TILES)


FLAT = ["-" * 24] * 5 + ["-M" + "-" * 20 + "F-", "X" * 24]
WALL = ["----------X-------------"] * 6 + ["X" * 24]


@pytest.mark.parametrize(
    ("rows", "order", "said"),
    [
        (FLAT, "rows-up", "not met in columns"),
        (["-" * 24] * 5 + ["-MF" + "-" * 21], "columns", "nothing is tagged solid"),
        (WALL, "columns", "only 0 of the 3 levels"),
    ],
)
def test_what_is_not_screened_is_not_claimed(rows: list[str], order: str, said: str) -> None:
    tiles = TILES if said != "nothing is tagged solid" else Tileset(dict.fromkeys("-MF", ("air",)))
    body = Body.of("b", [Level.from_rows(rows, tiles)] * 3, order=order)  # type: ignore[arg-type]
    generator = TileGenerator.fit(body, seed=1)
    assert generator.unscreened is not None
    assert said in generator.unscreened
    made = generator.sample(0)
    assert (made.playable, made.attempts) == (None, 1)
    assert generator.playable(made.lines)
    grid = as_grid(made.lines, body.order)
    assert generator.level(made.lines).grid.shape == grid.shape == body.levels[0].grid.shape


def test_one_start_and_one_goal() -> None:
    generator = TileGenerator.fit(Body.of("b", [level_of(FLAT)] * 2), seed=1)
    assert generator.unscreened is None
    many = level_of(
        ["-" * 24] * 4 + ["--M-----F" + "-" * 15, "-M--F--M" + "-" * 14 + "F-", "X" * 24]
    )
    lines = Body.of("m", [*generator.body.levels, many]).lines[-1]
    tidy = generator.level(generator.tidied(lines))
    assert tidy.rows()[5] == "-M" + "-" * 20 + "F-"
    assert tidy.rows()[4] == "-" * 24
    assert np.array_equal(generator.tidied(generator.body.lines[0]), generator.body.lines[0])
    # A game with several of them keeps what it makes.
    free = TileGenerator.fit(Body.of("m", [many] * 2), seed=1)
    assert np.array_equal(free.tidied(free.body.lines[0]), free.body.lines[0])


def test_sizes_are_those_of_the_body() -> None:
    levels = [level_of(FLAT), level_of([row[:20] for row in FLAT]), level_of(FLAT[1:])]
    generator = TileGenerator.fit(Body.of("b", levels, order="columns"), seed=1)
    assert (generator.n_lines, generator.line_length) == (24, 7)


def test_levels_of_two_games_are_not_one_model() -> None:
    other = Tileset({"-": ("empty",), "X": ("hazard",)})
    levels = [level_of(FLAT), Level.from_rows(["--", "XX"], other)]
    with pytest.raises(InputError, match="levels of one tileset .* found 2 tilesets"):
        TileGenerator.fit(Body.of("b", levels, order="columns"), seed=1)


# Leaving it


@pytest.fixture(scope="module")
def outside(generator: TileGenerator) -> TileOutside:
    return tile_outside(generator)


@pytest.mark.parametrize("name", TILE_PROPOSALS)
def test_every_proposal_keeps_the_contract(
    name: str, outside: TileOutside, generator: TileGenerator
) -> None:
    assert TILE_PROPOSALS[name].__doc__
    shown = generator.body.lines
    made = [
        propose_tiles(name, outside, shown, rng=stream(5, "inject", 1, i)) for i in (*range(8), 0)
    ]
    assert np.array_equal(made[0], made.pop())
    assert not np.array_equal(made[0], made[1])
    for lines in made:
        assert lines.shape == (outside.n_lines, outside.line_length)
        assert lines.dtype == np.uint8
        assert outside.playable(lines)
    assert sum(outside.is_off(lines) for lines in made) >= 5
    # It finds somewhere to go with nothing shown and for the smallest of levels, too.
    tiny = replace(outside, n_lines=2)
    assert propose_tiles(name, tiny, [], rng=stream(5, "inject", 2)).shape == (2, 16)


def test_a_broken_trope_is_made_of_familiar_lines(
    outside: TileOutside, generator: TileGenerator
) -> None:
    shown = generator.body.lines
    known = {line.tobytes() for lines in shown for line in lines}
    rng = stream(6, "inject", 1)
    made = TILE_PROPOSALS["trope_break"](outside, shown, rng=rng)
    levels = list(itertools.islice(made, 30))
    for before, after in itertools.pairwise(levels):
        changed = np.flatnonzero((before != after).any(axis=1))
        assert 0 < len(changed) <= 4
        assert changed.max() - changed.min() < 4
        assert all(after[line].tobytes() in known for line in changed)
        assert outside.playable(after)
    cost = [generator.model.bits(lines).sum() for lines in levels]
    assert cost[-1] > cost[0]


def test_a_trope_is_what_this_audience_predicts(
    outside: TileOutside, generator: TileGenerator
) -> None:
    newcomers = TileModel(generator.model.n_tiles)
    shown = generator.body.lines

    def moved(audience: TileModel | None) -> npt.NDArray[np.uint8]:
        knowing = replace(outside, audience=audience)
        made = TILE_PROPOSALS["trope_break"](knowing, shown, rng=stream(7, "inject", 1))
        return np.stack(list(itertools.islice(made, 6)))

    assert np.array_equal(moved(None), moved(None))
    assert not np.array_equal(moved(None), moved(newcomers))


def test_the_most_novel_is_the_furthest_from_all_that_was_shown(outside: TileOutside) -> None:
    from procgen_sim.levels.similarity import distance

    rng = stream(8, "inject", 1)
    candidates = list(TILE_PROPOSALS["novelty"](outside, [], rng=rng))
    seen = [as_grid(lines, "columns") for lines in candidates[:3]]
    again = TILE_PROPOSALS["novelty"](outside, candidates[:3], rng=stream(8, "inject", 1))
    nearest = [min(distance(as_grid(lines, "columns"), g) for g in seen) for lines in again]
    assert (np.diff(nearest) <= 1e-6).all()
    assert nearest[-1] == pytest.approx(0.0, abs=1e-6)  # those that were shown come last


def test_where_nothing_is_off_the_least_dense_playable_is_made(outside: TileOutside) -> None:
    nowhere = replace(outside.region, threshold_nats=-1e9)
    never = replace(outside, region=nowhere)
    candidates = list(TILE_PROPOSALS["noise"](never, [], rng=stream(9, "inject", 1)))
    tidy = [never.tidied(lines) for lines in candidates]
    fine = [lines for lines in tidy if never.playable(lines)]
    least = min(fine, key=never.model.log_density)
    made = propose_tiles("noise", never, [], rng=stream(9, "inject", 1))
    assert np.array_equal(made, least)
    with pytest.raises(InputError, match="did you mean 'novelty'"):
        propose_tiles("noveltie", never, [], rng=stream(9, "inject", 1))


# Files


@pytest.fixture
def few(tmp_path: Path) -> str:
    """A folder of small levels in tiles of their own."""
    folder = tmp_path / "few"
    folder.mkdir()
    tiles = {"tiles": {".": ["empty"], "q": ["solid"], "m": ["enemy"]}}
    (folder / "tileset.json").write_text(json.dumps(tiles))
    for i in range(6):
        rows = ["." * 30] * 6 + [("." * (4 + i) + "m") * 9, ("q" * (7 + i) + "..") * 9, "q" * 30]
        (folder / f"{i}.txt").write_text("\n".join(row[:30] for row in rows) + "\n")
    return str(folder)


def test_generate_writes_levels_in_the_corpus_own_tiles(
    few: str, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    words = ["generate", "--model", "tile", "--corpus", few, "-n", "3", "--format", "txt,tmx,png"]
    assert main([*words, "--seed", "5", "--out", str(tmp_path / "g")]) == 0
    assert "3 levels, " in capsys.readouterr().out
    made = json.loads((tmp_path / "g" / "levels.json").read_text())
    assert (made["model"], made["off"], made["remarks"]) == ("tile", None, [])
    corpus = load_corpus(tmp_path / "g")
    assert corpus.tileset == load_corpus(few).tileset
    maker = TileMaker(RunConfig(corpus=(few,), model="tile", seed=5), None)
    for index, (entry, level) in enumerate(zip(made["levels"], corpus.levels, strict=True)):
        lines = maker.generator.sample(index).lines
        assert maker.generator.level(lines) == level
        assert entry["playable"] == reach(level).playable
        assert entry["off_model"] == bool(
            maker.generator.region.is_off(maker.generator.model.log_density(lines))
        )
        assert entry["bits_per_column"] == pytest.approx(maker.generator.model.bits(lines).mean())
        assert 0 <= entry["density_quantile"] <= 1
        assert entry["measured"]["gap_rate"] >= 0
        assert (tmp_path / "g" / entry["files"][2]).stat().st_size > 0
    assert maker.generator.n_lines == 30


def test_generate_off_the_tile_model(tmp_path: Path) -> None:
    words = ["generate", "--model", "tile", "--corpus", "samurai", "-n", "2"]
    words += ["--off", "trope_break", "--columns", "90"]
    assert main([*words, "--out", str(tmp_path / "g")]) == 0
    made = json.loads((tmp_path / "g" / "levels.json").read_text())
    assert made["off"] == "trope_break"
    assert all(entry["off_model"] for entry in made["levels"])
    assert {level.n_columns for level in load_corpus(tmp_path / "g").levels} == {90}


def test_levels_met_in_rows_say_so(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    folder = tmp_path / "tower"
    folder.mkdir()
    (folder / "tileset.json").write_text('{"tiles": {"-": ["empty"], "X": ["solid"]}}')
    for i in range(3):
        (folder / f"{i}.txt").write_text("\n".join(["----", "XX--", "----", "--XX"] * (5 + i)))
    words = ["generate", "--model", "tile", "--corpus", str(folder), "-n", "2"]
    assert main([*words, "--out", str(tmp_path / "g")]) == 0
    printed = capsys.readouterr().out
    assert "2 levels: " in printed
    assert "Levels that are not met in columns are not screened for playability." in printed
    made = json.loads((tmp_path / "g" / "levels.json").read_text())
    for entry in made["levels"]:
        assert entry["playable"] is None
        assert entry["measured"] is None
        assert entry["bits_per_row"] > 0
    capsys.readouterr()
    assert main([*words, "--columns", "50", "--out", str(tmp_path / "h")]) == 2
    assert "columns: expected 0 for levels that are not met in columns" in capsys.readouterr().err


@pytest.mark.parametrize(
    ("words", "said"),
    [
        (["--temperature", "0"], "temperature: expected a number from 0.01 to 10"),
        (["--temperature", "-1"], "temperature: expected a number from 0.01 to 10"),
        (["--temperature", "nan"], "temperature: expected a number from 0.01 to 10"),
        (["--temperature", "warm"], "--temperature"),
        (
            ["--temperature", "2", "--model", "mixture"],
            "temperature: expected 1, or the model tile",
        ),
        (["--temperature", "2", "--off", "noise"], "temperature: expected 1 with --off"),
        (["--off", "outlier"], "--off: expected one of noise, trope_break, novelty"),
    ],
)
def test_wrong_use_is_one_sentence(
    words: list[str],
    said: str,
    tmp_path: Path,
    monkeypatch: pytest.MonkeyPatch,
    capsys: pytest.CaptureFixture[str],
) -> None:
    monkeypatch.chdir(tmp_path)
    try:
        status = main(["generate", "--model", "tile", *words])
    except SystemExit as stop:
        status = stop.code  # type: ignore[assignment]
    printed = capsys.readouterr().err
    assert status == 2
    assert said in printed
    assert printed.count("\n") == 1
    assert not list(tmp_path.iterdir())
