"""Levels that people made: loaded, translated, proven, shown once each, and reported used up."""

from __future__ import annotations

import json
from collections.abc import Iterator
from dataclasses import replace
from pathlib import Path
from types import SimpleNamespace
from typing import cast

import numpy as np
import pytest

from procgen_sim._checks import InputError
from procgen_sim.cli import main
from procgen_sim.cli.tables import compare_table
from procgen_sim.config import RunConfig
from procgen_sim.experiments import CompareRun, open_run, preparation, run_compare
from procgen_sim.experiments.authored import in_house_tiles, library_of, load_library
from procgen_sim.experiments.simulate import run_simulate
from procgen_sim.experiments.used_up import LibraryUse, describe_use, library_use, use_in
from procgen_sim.injection import PROPOSALS, Audience, Library, Outside, propose
from procgen_sim.levels import Affordance, Level, Tileset, house_tileset, save_level, save_tileset
from procgen_sim.levels.design import measure_many
from procgen_sim.models import DensityRegion, DesignModel, DesignSpace
from procgen_sim.platformer import terrain
from procgen_sim.report.page import page
from procgen_sim.results import as_cube
from procgen_sim.rng import stream
from procgen_sim.session import Setting, break_model

FOREIGN = Tileset(
    {
        ".": ("empty",),
        "G": ("solid", "ground"),
        "p": ("solidtop",),
        "c": ("pickupable", "coin"),
        "w": ("enemy", "damaging"),
        "f": ("enemy", "flying"),
        "s": ("hazard", "spikes"),
        "l": ("ladder",),
        "t": ("ladder", "solidtop"),
        "b": ("diggable", "solid"),
        "q": ("question block", "solid"),
        "d": ("passable", "background"),
        "A": ("spawn",),
        "Z": ("exit",),
        "!": ("solid", "damaging"),
    }
)
HOUSE = dict(
    zip(
        ".GpcwfsltbqdAZ",
        ["-", "X", "=", "o", "E", "B", "^", "H", "H", "S", "?", "|", "M", "F"],
        strict=True,
    )
)
SKY = "." * 40


def rows(number: int) -> list[str]:
    """A level of 40 by 10 of another game, that can be finished; coins tell them apart."""
    coins = "." * 5 + "c" * (number + 1) + "." * 34
    ground = "G" * 20 + "." * (number % 4) + "G" * 40
    return [SKY] * 6 + [coins[:40], "A" + "." * 38 + "Z", ground[:40], ground[:40]]


WALL = [SKY] * 2 + ["." * 20 + "G" + "." * 19] * 7 + ["G" * 40]


def folder_of(path: Path, levels: dict[str, list[str]]) -> Path:
    path.mkdir(parents=True)
    save_tileset(FOREIGN, path / "tileset.json")
    for name, lines in levels.items():
        save_level(Level.from_rows(lines, FOREIGN, name), path / f"{name}.txt")
    return path


@pytest.fixture
def made(tmp_path: Path) -> Path:
    return folder_of(tmp_path / "made", {f"{i:02d}": rows(i) for i in range(3)})


class TestLoading:
    def test_levels_come_in_our_tiles_and_in_order(self, made: Path) -> None:
        library = load_library(made)
        assert library.names == ("00", "01", "02")
        assert library.proven == (True, True, True)
        assert library.skipped == ()
        for number, grid in enumerate(library.grids):
            level = Level(grid, house_tileset())
            ours = ["".join(HOUSE[c] for c in row) for row in rows(number)]
            assert level.rows() == ["-" * 40] * 6 + ours  # sky above, to the builder's rows
        levels = [Level(grid, house_tileset()) for grid in library.grids]
        assert np.array_equal(library.vectors, measure_many(levels))

    def test_every_tile_plays_alike(self) -> None:
        characters = "".join(HOUSE)
        there = Level.from_rows([characters], FOREIGN)
        here = in_house_tiles(there, n_rows=1)
        assert here.rows() == ["".join(HOUSE.values())]
        blocks = there.mask(Affordance.SOLID)
        assert np.array_equal(blocks, here.mask(Affordance.SOLID))

    def test_what_flies_is_what_the_platformer_says(self) -> None:
        for tag in terrain._FLYING_TAGS:
            level = Level.from_rows(["f"], Tileset({"f": ("enemy", tag)}))
            assert in_house_tiles(level, n_rows=1).rows() == ["B"]

    def test_ours_stay_as_they_are(self, tiny_level: Level) -> None:
        assert in_house_tiles(tiny_level, n_rows=1) == tiny_level

    def test_higher_levels_stay_as_high(self, made: Path) -> None:
        assert {grid.shape for grid in load_library(made, n_rows=8).grids} == {(10, 40)}

    def test_a_tile_that_nothing_plays_like(self, made: Path) -> None:
        odd = [row.replace("G", "!", 1) for row in rows(1)]
        save_level(Level.from_rows(odd, FOREIGN, "odd"), made / "odd.txt")
        with pytest.raises(InputError, match=r"odd\.txt: .*found '!' \(solid, damaging\)"):
            load_library(made)

    def test_a_level_that_cannot_be_finished(self, made: Path) -> None:
        save_level(Level.from_rows(WALL, FOREIGN, "wall"), made / "wall.txt")
        with pytest.raises(InputError, match=r"wall\.txt: .*every way ends by column 20 of 40"):
            load_library(made)
        library = load_library(made, skip_bad=True)
        assert library.names == ("00", "01", "02")
        assert len(library.skipped) == 1
        assert "wall.txt" in library.skipped[0]

    def test_none_that_can_be_finished(self, tmp_path: Path) -> None:
        folder = folder_of(tmp_path / "walls", {"a": WALL, "b": WALL})
        with pytest.raises(InputError, match="at least one level that can be finished, found 2"):
            load_library(folder, skip_bad=True)

    @pytest.mark.parametrize("name", ["missing", "empty"])
    def test_no_levels_there(self, tmp_path: Path, name: str) -> None:
        (tmp_path / "empty").mkdir()
        with pytest.raises(InputError, match=name):
            load_library(tmp_path / name)


SPACE = DesignSpace(("x", "y"), low=np.zeros(2), high=np.ones(2))


def dotted(vectors: list[list[float]]) -> Outside:
    """A model at (½, ½), and dots that a person made."""
    model = DesignModel(
        kind="gaussian",
        space=SPACE,
        weights=np.ones(1),
        means=np.full((1, 2), 0.5),
        covariances=0.01 * np.eye(2)[np.newaxis],
    )
    n = len(vectors)
    return Outside(
        model=model,
        region=DensityRegion.from_samples(
            model.log_density(model.sample(5000, rng=stream(1, "test")))
        ),
        data=np.full((4, 2), 0.5),
        buildable=lambda asked: np.clip(asked, 0.4, 0.6),
        library=Library(
            names=tuple(map(str, range(n))),
            vectors=np.reshape(vectors, (n, 2)),
            grids=(np.zeros((1, 1), np.uint8),) * n,
            proven=(False,) * n,
        ),
    )


class TestProposing:
    def test_each_once_then_none(self) -> None:
        outside = dotted([[0.0, 0.1 * i] for i in range(6)])
        audience, met = Audience(), []
        for number in range(6):
            vector = propose("authored", outside.before(audience), rng=stream(1, "test", number))
            assert vector is not None
            index = outside.library.find(vector, audience.authored)
            audience.show(vector, broke=True, authored=index)
            met.append(index)
        assert sorted(met) == list(range(6))
        assert propose("authored", outside.before(audience), rng=stream(1, "test")) is None

    def test_the_order_is_drawn(self) -> None:
        outside = dotted([[0.0, 0.1 * i] for i in range(6)])
        firsts = [propose("authored", outside, rng=stream(1, "test", i)) for i in range(300)]
        counts = np.bincount([round(10 * v[1]) for v in firsts if v is not None], minlength=6)
        # Six as likely: χ² with 5 degrees of freedom is above 20.5 once in a thousand.
        assert ((counts - 50) ** 2 / 50).sum() < 20.5

    def test_those_that_leave_the_model_come_first(self) -> None:
        outside = dotted([[0.5, 0.5], [0.5, 0.51], [0.0, 0.0]])
        for i in range(20):
            found = propose("authored", outside, rng=stream(1, "test", i))
            assert np.array_equal(found, [0.0, 0.0])
        knowing = Audience(authored={2})
        assert propose("authored", outside.before(knowing), rng=stream(1, "test")) is not None

    def test_no_library_no_candidates(self) -> None:
        assert PROPOSALS["authored"](dotted([]), 8, rng=stream(1, "test")).shape == (0, 2)


SMALL = RunConfig(
    players=6,
    levels=24,
    columns=60,
    check="screen",
    model="kde",  # the one that needs no scikit-learn
    arms="authored,noise",
    rate=0.3,
)


@pytest.fixture(scope="module", autouse=True)
def quick() -> Iterator[None]:
    """Calibrate on few levels: nothing here hangs on what exactly is off the model."""
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(preparation, "_N_CALIBRATION", 600)
        yield


@pytest.fixture(scope="module")
def folder(tmp_path_factory: pytest.TempPathFactory) -> Path:
    path = tmp_path_factory.mktemp("library") / "made"
    return folder_of(path, {f"{i:02d}": rows(i) for i in range(4)})


def config(folder: Path, **others: object) -> RunConfig:
    return RunConfig(**{**vars(SMALL), "authored": str(folder), **others})


@pytest.fixture(scope="module")
def run(folder: Path, tmp_path_factory: pytest.TempPathFactory) -> CompareRun:
    return run_compare(config(folder), tmp_path_factory.mktemp("run") / "a")


class TestARun:
    def test_what_is_shown_is_what_was_made_and_nobody_meets_it_twice(
        self, run: CompareRun, folder: Path
    ) -> None:
        library, names = load_library(folder), run.model.space.names
        phi = np.stack([as_cube(run.records, f"phi_{name}", "authored") for name in names], axis=2)
        for player, broke in enumerate(as_cube(run.records, "broke", "authored")):
            shown = phi[player][broke]
            which = [int(np.flatnonzero((library.vectors == v).all(axis=1))[0]) for v in shown]
            assert len(set(which)) == len(which) <= 4
        assert as_cube(run.records, "playable", "authored").all()
        broke = as_cube(run.records, "broke", "authored")
        assert as_cube(run.records, "proven", "authored")[broke].all()
        assert (as_cube(run.records, "repair_distance", "authored")[broke] == 0).all()

    def test_when_it_is_used_up_the_model_is_followed(self, run: CompareRun) -> None:
        # Both arms ask for breaks at the same levels.
        wanted = as_cube(run.records, "broke", "noise")
        broke = as_cube(run.records, "broke", "authored")
        assert np.array_equal(broke, wanted & (wanted.cumsum(axis=1) <= 4))
        assert (wanted.sum(axis=1) > 4).any()
        same = as_cube(run.records, "phi_gap_rate", "on-model")[~broke]
        assert np.array_equal(as_cube(run.records, "phi_gap_rate", "authored")[~broke], same)

    def test_it_is_told(self, run: CompareRun) -> None:
        (use,) = use_in(run)
        wanted = as_cube(run.records, "broke", "noise").sum(axis=1)
        assert use.n_used_up == int((wanted >= 4).sum()) > 0
        told = describe_use([use])
        assert told is not None
        assert f"used up for {use.n_used_up} of 6 players" in told
        assert told in " ".join(compare_table(run).split())
        assert told in page(run, [], [])
        summary = json.loads((run.folder / "summary.json").read_text())
        assert summary["authored"] == [use.as_dict()]
        fit = json.loads((run.folder / "fit.json").read_text())
        assert fit["authored"] == ["00", "01", "02", "03"]

    def test_the_run_can_be_read_back_and_made_again(self, run: CompareRun, tmp_path: Path) -> None:
        again = run_compare(open_run(run.folder).config, tmp_path / "b")
        for name, column in again.records.items():
            assert np.array_equal(column, run.records[name]), name
        shown = [each for each in run.exhibits if each.arm == "authored"]
        assert all(each.level.n_columns == 40 for each in shown)

    def test_other_levels_are_another_run(self, tmp_path: Path) -> None:
        mine = folder_of(tmp_path / "mine", {"a": rows(0), "b": rows(1)})
        half = config(mine, players=2, levels=4)
        run_compare(half, tmp_path / "run")
        marker = json.loads((tmp_path / "run" / "run.json").read_text())
        (tmp_path / "run" / "run.json").write_text(json.dumps(marker | {"finished": False}))
        save_level(Level.from_rows(rows(2), FOREIGN, "b"), mine / "b.txt")
        with pytest.raises(InputError, match="one whose corpus was otherwise"):
            run_compare(half, tmp_path / "run")

    @pytest.mark.slow
    def test_patterns_are_met_too(self, folder: Path, tmp_path: Path) -> None:
        seen = run_compare(
            config(folder, players=1, levels=4, observer="both", rate=1.0, arms="authored"),
            tmp_path / "patterns",
        )
        assert as_cube(seen.records, "broke", "authored").all()
        assert np.isfinite(seen.records["surprise_bits"]).all()


def test_simulate_tells_it_too(
    folder: Path, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    done = run_simulate(config(folder, players=2, levels=8), "authored@1", tmp_path / "s")
    assert done["authored"] == {
        "arm": "authored@1",
        "n_authored": 4,
        "n_players": 2,
        "n_used_up": 2,
        "used_up_after": 4.0,
        "most_met": 4,
    }
    words = ["--players", "2", "--levels", "8", "--columns", "60", "--check", "screen"]
    words += [
        "--model",
        "kde",
        "--jobs",
        "1",
        "--authored",
        str(folder),
        "--out",
        str(tmp_path / "t"),
    ]
    assert main(["simulate", "authored@1", *words]) == 0
    assert "“authored@1”: 4 levels, used up for 2 of 2 players" in capsys.readouterr().out


def test_the_tileset_is_for_levels_that_have_none(made: Path, tmp_path: Path) -> None:
    (made / "tileset.json").rename(tmp_path / "elsewhere.json")
    elsewhere = str(tmp_path / "elsewhere.json")
    one = config(made, tileset=elsewhere, players=1, levels=2)
    run = run_compare(one, tmp_path / "r")
    assert run.fit["authored"] == ["00", "01", "02"]
    with pytest.raises(InputError, match="tileset"):
        library_of(config(made))


def test_an_arm_without_levels(tmp_path: Path) -> None:
    with pytest.raises(InputError, match="arm 'authored': .*--authored FOLDER"):
        run_compare(RunConfig(arms="noise,authored"), tmp_path / "r")
    assert not (tmp_path / "r").exists()


def test_levels_without_an_arm(folder: Path, tmp_path: Path) -> None:
    with pytest.raises(InputError, match="an arm 'authored' that shows these levels, found on-mo"):
        run_compare(RunConfig(arms="noise", authored=str(folder)), tmp_path / "r")


def test_generate_has_nothing_to_make(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    assert main(["generate", "-n", "1", "--off", "authored", "--out", str(tmp_path / "g")]) == 2
    assert "--off: expected one of noise" in capsys.readouterr().err


def test_two_that_measure_alike_are_two() -> None:
    """Each is met once, as it is: not one of them twice."""
    outside = dotted([[0.0, 0.0], [0.0, 0.0]])
    grids = tuple(np.full((1, 1), i, np.uint8) for i in range(2))
    library = replace(outside.library, grids=grids)
    setting = cast("Setting", SimpleNamespace(seed=1, outside=replace(outside, library=library)))
    audience, met = Audience(), []
    for level in range(2):
        _, built = break_model(setting, "authored", [0], level, [audience])
        index = library.find(built.measured[0], audience.authored)
        audience.show(built.measured[0], broke=True, authored=index)
        met.append(int(built.grids[0, 0, 0]))
    assert met == [0, 1]
    assert library.find(library.vectors[0], audience.authored) is None


class TestUse:
    def test_by_hand(self) -> None:
        broke = np.array([[1, 0, 1, 0], [0, 1, 0, 0], [0, 1, 0, 1]], np.bool_)
        records = {
            "arm": np.full(12, "authored", dtype=object),
            "player": np.repeat(np.arange(3), 4),
            "level": np.tile(np.arange(1, 5), 3),
            "broke": broke.ravel(),
        }
        (use,) = library_use(records, ["authored"], 2)
        assert use == LibraryUse(
            arm="authored", n_authored=2, n_players=3, n_used_up=2, used_up_after=3.5, most_met=2
        )
        (never,) = library_use(records, ["authored"], 3)
        assert (never.n_used_up, never.used_up_after, never.most_met) == (0, None, 2)

    def test_in_words(self) -> None:
        one = LibraryUse(
            arm="authored", n_authored=1, n_players=3, n_used_up=0, used_up_after=None, most_met=0
        )
        assert describe_use([one]) == (
            "“authored”: 1 level, used up for none of 3 players; one of them met 0, the most."
        )
        assert describe_use([]) is None
