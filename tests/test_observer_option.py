"""What players attend to: themes, patterns or both, behind one face, from option to records."""

from __future__ import annotations

import hashlib
import json
from collections.abc import Iterator
from dataclasses import dataclass, replace
from pathlib import Path
from types import SimpleNamespace
from typing import Any

import numpy as np
import pytest

from procgen_sim._checks import InputError
from procgen_sim.cli import main
from procgen_sim.config import OBSERVER_NAMES, RunConfig
from procgen_sim.experiments import CompareRun, open_run, run_compare
from procgen_sim.experiments.parallel import workers
from procgen_sim.experiments.preparation import prepare
from procgen_sim.experiments.simulate import run_simulate
from procgen_sim.injection import Audience
from procgen_sim.levels import house_tileset
from procgen_sim.levels.body import as_lines
from procgen_sim.models.tile import TileModel
from procgen_sim.players import (
    OBSERVERS,
    Ends,
    Observers,
    PatternObserver,
    Population,
    ThemeObserver,
    memory_kinds,
    taste_for,
)
from procgen_sim.players.assumptions import NEWCOMER_BITS
from procgen_sim.results import as_cube, record_columns
from procgen_sim.rng import stream
from procgen_sim.session import Setting, break_model

P, D, N_TILES = 3, 4, 4
CONFIG = RunConfig(
    players=4,
    levels=5,
    columns=40,
    model="gaussian",
    arms="on-model,noise@0.5,outlier@never",
    assumptions={"half_life_levels": 60.0, "half_life_levels_sd": 2.0},
)
N_TRAINING, N_FRESH = 6, 4


@pytest.fixture(scope="module", autouse=True)
def _few_levels() -> Iterator[None]:
    """A run's beginning with fewer levels."""
    sizes = {"_N_CALIBRATION": 1000, "_N_TRAINING": 40, "_N_FRESH": 48}
    sizes |= {"_N_TRAINING_PATTERNS": N_TRAINING, "_N_FRESH_PATTERNS": N_FRESH}
    with pytest.MonkeyPatch.context() as patch:
        for name, n in sizes.items():
            patch.setattr(f"procgen_sim.experiments.preparation.{name}", n)
        yield


# The face


@dataclass
class Company:
    """Three players with both observers, and what they meet."""

    seed: int

    def __post_init__(self) -> None:
        self.rng = stream(self.seed, "test", 610)
        self.theme = ThemeObserver(
            D, half_life_levels=[20.0, 50.0, np.inf], concentration=1.0, resolution_bits=2.5
        )
        self.pattern = PatternObserver(N_TILES, half_life_levels=[4.0, 16.0, np.inf])
        self.ends = {"theme": self.end(12.0), "pattern": self.end(300.0)}

    def end(self, about: float) -> Ends:
        bits = about * self.rng.uniform(0.8, 1.2, P)
        return Ends(naive_bits=bits, veteran_bits=bits / 2)

    def observers(self, *names: str) -> Observers:
        members: dict[str, Any] = {"theme": self.theme.naive(), "pattern": self.pattern.naive()}
        return Observers({name: members[name] for name in names}, self.ends)

    def met(self) -> dict[str, Any]:
        tiles = self.rng.integers(N_TILES, size=(P, 6, 20)).astype(np.uint8)
        return {"theme": self.rng.random((P, D)), "pattern": tiles}


@pytest.mark.parametrize("name", ["theme", "pattern"])
def test_one_observer_is_left_as_it_is(name: str) -> None:
    """To the last bit: a run with one observer is that observer."""
    company = Company(1)
    together, alone = company.observers(name), getattr(company, name)
    everyone = np.arange(P)
    for _ in range(4):
        met = company.met()
        assert np.array_equal(together.surprise_bits(met, everyone), alone.surprise_bits(met[name]))
        siblings = company.met()
        asked = (siblings[name],) if name == "pattern" else ()
        seen, expected = together.observe(met, siblings), alone.observe(met[name], *asked)
        assert np.array_equal(seen.surprise_bits, expected.surprise_bits)
        assert np.array_equal(seen.progress_bits, expected.progress_bits)
    assert np.array_equal(together.ends.naive_bits, company.ends[name].naive_bits)
    assert np.array_equal(together.ends.veteran_bits, company.ends[name].veteran_bits)


def test_both_weigh_the_same_to_a_newcomer() -> None:
    company = Company(2)
    both = company.observers("theme", "pattern")
    theme, pattern = company.ends["theme"], company.ends["pattern"]
    share = {name: both.weights[name] * company.ends[name].naive_bits for name in both.weights}
    assert share["theme"] == pytest.approx(share["pattern"])
    assert both.ends.naive_bits == pytest.approx(theme.naive_bits)  # the unit is the theme's
    rate = theme.naive_bits / pattern.naive_bits
    for _ in range(3):
        met = company.met()
        s = company.theme.surprise_bits(met["theme"])
        expected = (s + rate * company.pattern.surprise_bits(met["pattern"])) / 2
        who = np.array([2, 0])
        assert both.surprise_bits(met, who) == pytest.approx(expected[who])
        siblings = company.met()
        themes = company.theme.observe(met["theme"])
        parts = themes, company.pattern.observe(met["pattern"], siblings["pattern"])
        seen = both.observe(met, siblings)
        assert seen.surprise_bits == pytest.approx(expected)
        gained = (parts[0].progress_bits + rate * parts[1].progress_bits) / 2
        assert seen.progress_bits == pytest.approx(gained)
        assert np.array_equal(seen.parts["theme"].surprise_bits, parts[0].surprise_bits)
        assert np.array_equal(seen.parts["pattern"].surprise_bits, parts[1].surprise_bits)


def test_newcomers_begin_anew_on_the_same_scale() -> None:
    company = Company(3)
    both = company.observers("theme", "pattern")
    met = company.met()
    first = both.fresh().observe(met, met)
    both.observe(company.met(), met)
    assert np.array_equal(both.fresh().observe(met, met).surprise_bits, first.surprise_bits)


def test_what_is_rewarding_is_a_share_of_a_newcomers_surprise() -> None:
    company, people = Company(4), Population.sample(P, seed=1)
    for names in (("theme",), ("theme", "pattern")):
        taste = taste_for(people, company.observers(*names))
        assert np.array_equal(taste.saturation_bits, people.taste.saturation_bits)
    scaled = taste_for(people, company.observers("pattern"))
    share = scaled.saturation_bits[:, 0] / company.ends["pattern"].naive_bits
    assert share == pytest.approx(people.saturation_bits / NEWCOMER_BITS)
    assert np.array_equal(scaled.appetite, people.taste.appetite)
    assert np.array_equal(scaled.tolerance, people.taste.tolerance)


# A run


@pytest.fixture(scope="module", params=["pattern", "both"])
def run(request: pytest.FixtureRequest, tmp_path_factory: pytest.TempPathFactory) -> CompareRun:
    folder = tmp_path_factory.mktemp(request.param) / "run"
    return run_compare(replace_observer(request.param), folder)


def replace_observer(observer: str, **others: Any) -> RunConfig:
    return RunConfig(**{**vars(CONFIG), "observer": observer, **others})


@pytest.fixture(scope="module")
def setting() -> Setting:
    with workers(1) as crew:
        return prepare(replace_observer("both"), crew).setting


def digests(folder: Path) -> dict[str, str]:
    return {
        path.name: hashlib.sha256(path.read_bytes()).hexdigest()
        for path in sorted((folder / "records").glob("*.parquet"))
    }


def test_one_job_or_two_write_the_same_bytes(tmp_path: Path) -> None:
    config = replace_observer("both", players=11, levels=2, arms="on-model,noise@0.5")
    one, two = (run_compare(config, tmp_path / str(jobs), jobs=jobs) for jobs in (1, 2))
    assert digests(one.folder) == digests(two.folder)
    assert len(digests(one.folder)) == 2


def test_the_observer_is_stored_and_read_back(run: CompareRun) -> None:
    again = open_run(run.folder)
    assert again.config.observer == run.config.observer
    assert f'observer = "{run.config.observer}"' in (run.folder / "config.toml").read_text()
    columns = record_columns(run.model.space.names, run.config.observer)
    assert set(columns) == set(run.records)
    assert ("pattern_bits" in columns) == (run.config.observer == "both")


def test_surprise_is_that_of_tile_models_who_met_these_levels(
    run: CompareRun, setting: Setting
) -> None:
    """Levels made again from their addresses, players by hand, the scale from its own levels."""
    both = run.config.observer == "both"
    n_tiles = len(house_tileset())
    pool = setting.generator.calibration(0, N_TRAINING + N_FRESH)[1].grids
    for arm, p in (("on-model", 0), ("noise@0.5", 1), ("noise@0.5", 3), ("outlier@never", 2)):
        half_life = float(memory_kinds(run.players["half_life_levels"])[p])
        mine, unprepared = (TileModel(n_tiles, half_life_levels=half_life) for _ in range(2))
        naive = np.mean([_cost(mine, grid) for grid in pool[N_TRAINING:]])
        value = {n: as_cube(run.records, n, arm)[p] for n in run.records if n != "arm"}
        if both:
            assert value["theme_weight"] == pytest.approx(0.5)
            assert value["pattern_weight"] * naive == pytest.approx(value["naive_bits"] / 2)
            parts = sum(value[f"{n}_bits"] * value[f"{n}_weight"] for n in ("theme", "pattern"))
            assert value["surprise_bits"] == pytest.approx(parts)
        else:
            assert value["naive_bits"] == pytest.approx(naive)
        for t in range(CONFIG.levels):
            followed = setting.generator.on_model([p], t).grids[0]
            met = followed
            if value["broke"][t]:
                met = break_model(setting, arm.partition("@")[0], [p], t, [Audience()])[1].grids[0]
            sibling = setting.generator.on_model([p], t + 1).grids[0]
            if value["broke"][t]:
                sibling = break_model(setting, arm.partition("@")[0], [p], t + 1, [Audience()])[
                    1
                ].grids[0]
            unforeseen, before = _cost(unprepared, met), _cost(mine, sibling)
            unprepared.learn(as_lines(followed, "columns"))
            bits = float(mine.learn(as_lines(met, "columns")).sum())
            if not both:
                taught = before - _cost(mine, sibling)
                assert value["progress_bits"][t] == pytest.approx(taught, abs=1e-6)
            assert value["pattern_bits" if both else "surprise_bits"][t] == pytest.approx(bits)
            if not both:
                assert value["unprepared_bits"][t] == pytest.approx(unforeseen)


def _cost(model: TileModel, grid: Any) -> float:
    return float(model.bits(as_lines(grid, "columns")).sum())


def test_shares_follow_from_the_bits(run: CompareRun) -> None:
    records = run.records
    s, newcomer, veteran = (records[f"{n}_bits"] for n in ("surprise", "naive", "veteran"))
    assert records["foreseen"] == pytest.approx(1 - s / newcomer)
    assert records["predictability"] == pytest.approx((newcomer - s) / (newcomer - veteran))
    assert (newcomer > veteran).all()
    saturation = run.players["saturation_bits"][records["player"]]
    if run.config.observer == "pattern":
        saturation = saturation * newcomer / NEWCOMER_BITS
    gained = np.maximum(records["progress_bits"], 0.0)
    assert records["interest_progress"] == pytest.approx(1 - np.exp(-gained / saturation))


def test_staying_on_the_model_has_nothing_unprepared(run: CompareRun) -> None:
    records = run.records
    for arm in ("on-model", "outlier@never"):
        rows = records["arm"] == arm
        assert np.array_equal(records["surprise_bits"][rows], records["unprepared_bits"][rows])
    broke = as_cube(records, "broke", "noise@0.5")
    assert broke.any()
    surprise, unprepared = (
        as_cube(records, f"{name}_bits", "noise@0.5") for name in ("surprise", "unprepared")
    )
    first = broke.argmax(axis=1)
    who = np.flatnonzero(broke.any(axis=1))
    assert np.array_equal(surprise[who, first[who]], unprepared[who, first[who]])
    assert not np.array_equal(surprise, unprepared)


def test_never_is_no_policy_byte_for_byte(run: CompareRun) -> None:
    rows = {arm: run.records["arm"] == arm for arm in ("on-model", "outlier@never")}
    for name, column in run.records.items():
        if name != "arm":
            never, on_model = column[rows["outlier@never"]], column[rows["on-model"]]
            assert never.tobytes() == on_model.tobytes(), name


def test_what_players_attend_to_changes_no_level(run: CompareRun, tmp_path: Path) -> None:
    themes = run_compare(replace_observer("theme"), tmp_path / "theme")
    for name in ("phi_gap_rate", "broke", "log_density", "playable"):
        assert np.array_equal(themes.records[name], run.records[name])
    if run.config.observer == "both":
        assert np.array_equal(themes.records["surprise_bits"], run.records["theme_bits"])


def test_simulate_knows_observers(tmp_path: Path) -> None:
    config = replace_observer("pattern", players=1, levels=2)
    done = run_simulate(config, "on-model", tmp_path / "s")
    themes = run_simulate(replace(config, observer="theme"), "on-model", tmp_path / "t")
    assert done["foreseen_start"] != themes["foreseen_start"]
    assert done["foreseen_start"] < 1


# What is refused


def test_the_names_are_those_of_the_players() -> None:
    assert set(OBSERVER_NAMES) == set(OBSERVERS)
    assert RunConfig().observer == "theme"


@pytest.mark.parametrize(
    ("words", "said"),
    [
        (["compare", "--observer", "patern"], "did you mean 'pattern'"),
        (["simulate", "--model", "tile"], "model: expected a design model"),
        (["compare", "--model", "tile"], "model: expected a design model"),
        (["compare", "--model", "tiles"], "did you mean 'tile'"),
    ],
)
def test_wrong_use(
    words: list[str],
    said: str,
    tmp_path: Path,
    monkeypatch: pytest.MonkeyPatch,
    capsys: pytest.CaptureFixture[str],
) -> None:
    monkeypatch.chdir(tmp_path)
    assert main([*words, "--jobs", "1"]) == 2
    printed = capsys.readouterr().err
    assert said in printed
    assert printed.count("\n") == 1
    assert not list(tmp_path.iterdir())


def test_the_command_line_passes_it_on(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    words = ["simulate", "--observer", "pattern", "--players", "1", "--levels", "2"]
    words += ["--columns", "40", "--model", "trend", "--jobs", "1", "--json"]
    assert main([*words, "--out", str(tmp_path / "r")]) == 0
    assert json.loads(capsys.readouterr().out)["players"] == 1
    assert 'observer = "pattern"' in (tmp_path / "r" / "config.toml").read_text()


def test_an_unknown_observer_is_refused() -> None:
    from procgen_sim.players import make_observers

    people: Any = SimpleNamespace()
    with pytest.raises(InputError, match="did you mean 'both'"):
        make_observers("bot", people, {}, n_dimensions=2, n_tiles=2)
