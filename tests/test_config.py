"""What a run is told: file, options, and what happens when either is wrong."""

from __future__ import annotations

import copy
import pickle
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from procgen_sim._checks import InputError
from procgen_sim.config import CONFIG_KEYS, RunConfig, read_config, resolve, write_config
from procgen_sim.experiments.people import spreads_from
from procgen_sim.experiments.preparation import fit_corpus, open_corpus


def test_every_key_is_documented() -> None:
    assert all(len(doc) > 15 for doc in CONFIG_KEYS.values())


def test_what_is_written_is_read(tmp_path: Path) -> None:
    config = RunConfig(
        corpus=("a b", 'c"d'), rate=0.25, seed=7, assumptions={"threshold": 0.5}, skip_bad=True
    )
    path = tmp_path / "config.toml"
    path.write_text(write_config(config), encoding="utf-8")
    assert resolve(path, {}) == config


@pytest.mark.parametrize("config", [RunConfig(), RunConfig(assumptions={"threshold": 0.5}, seed=7)])
def test_it_can_be_copied_and_sent(config: RunConfig) -> None:
    for other in (copy.deepcopy(config), copy.copy(config), pickle.loads(pickle.dumps(config))):
        assert other == config
        assert hash(other) == hash(config)
        assert write_config(other) == write_config(config)
        assert other.assumptions is not config.assumptions
        with pytest.raises(TypeError, match="does not support item assignment"):
            other.assumptions["threshold"] = 0.1  # type: ignore[index]
    assert hash(RunConfig()) != hash(RunConfig(seed=2))


def test_options_override_the_file(tmp_path: Path) -> None:
    path = tmp_path / "c.toml"
    path.write_text('players = 7\nlevels = 9\ncorpus = "samurai"\nrate = 1\n')
    config = resolve(path, {"players": 3, "levels": None})
    assert (config.players, config.levels, config.corpus, config.rate) == (3, 9, ("samurai",), 1.0)


@pytest.mark.parametrize(
    ("text", "match"),
    [
        ("playrs = 3", "one of corpus, .*did you mean 'players'"),
        ("players = 'x'", "key 'players': expected a whole number, found 'x'"),
        ("players = true", "expected a whole number"),
        ("players = 0", "players: expected a whole number from 1 to 1,000,000, found 0"),
        ("degree = 3", "degree: expected 0, or the model polynomial, found degree 3 .* mixture"),
        ("model = 'polynomial'\ndegree = 31", "degree: expected a whole number from 0 to 30"),
        ("degree = -1", "degree: expected a whole number from 0 to 30"),
        ("rate = 2", "rate: expected a number from 0 to 1"),
        ("rate = nan", "rate: expected a number from 0 to 1"),
        ("model = 'mixtur'", "did you mean 'mixture'"),
        ("interest = 'x'", "one of wundt, surprise, progress"),
        ("corpus = [1]", "a text or a list of texts"),
        ("corpus = []", "at least one folder"),
        ("assumptions = 3", "a table of numbers"),
        ("players = = 3", "expected TOML, found .*line 1"),
        ("columns = 3", "columns: expected a whole number from 40"),
        ("skip_bad = 1", "true or false"),
    ],
)
def test_wrong_files(tmp_path: Path, text: str, match: str) -> None:
    path = tmp_path / "c.toml"
    path.write_text(text)
    with pytest.raises(InputError, match=match):
        resolve(path, {})


def test_missing_and_binary_files(tmp_path: Path) -> None:
    with pytest.raises(InputError, match="a configuration file, found no such file"):
        read_config(tmp_path / "none.toml")
    (tmp_path / "b.toml").write_bytes(b"\xff\xfe")
    with pytest.raises(InputError, match="UTF-8"):
        read_config(tmp_path / "b.toml")


@given(st.text(max_size=60))
def test_any_text_is_a_config_or_a_sentence(
    tmp_path_factory: pytest.TempPathFactory, text: str
) -> None:
    path = tmp_path_factory.mktemp("fuzz") / "c.toml"
    path.write_text(text, encoding="utf-8", errors="replace")
    try:
        resolve(path, {})
    except InputError as error:
        assert "\n" not in str(error).strip()


def test_the_degree_reaches_the_fit() -> None:
    corpus, _ = open_corpus(("samurai",))
    fitted = {
        degree: fit_corpus(corpus, "polynomial", seed=1, degree=degree)[0].details["degree"]
        for degree in (0, 2)
    }
    assert fitted == {0: 5, 2: 2}


@pytest.mark.parametrize(
    ("assumptions", "match"),
    [
        ({"threshold_sd": 1e300}, "threshold_sd: expected a number from 0 to 0.96, found 1e\\+300"),
        ({"half_life_levels_sd": 11.0}, "a number from 0 to 10"),
        ({"half_life_levels": 0.5}, "a number of at least 1, found 0.5"),
    ],
)
def test_assumptions_have_bounds(assumptions: dict[str, float], match: str) -> None:
    with pytest.raises(InputError, match=match):
        spreads_from(assumptions)


def test_a_tileset_with_nothing_to_explain(tmp_path: Path) -> None:
    with pytest.raises(InputError, match="tileset: expected a folder of levels that needs it"):
        open_corpus(("samurai",), tileset=str(tmp_path / "none.json"))


def test_a_mistyped_folder_is_told_from_a_mistyped_name(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.chdir(tmp_path)
    (tmp_path / "my_levels").mkdir()
    expected = "expected a folder of levels, or samurai or space_opera, found nothing of that name"
    for wrong, meant in (("samuri", "samurai"), ("my_levls", "my_levels")):
        with pytest.raises(InputError, match=f"^{wrong}: {expected}; did you mean '{meant}'"):
            open_corpus((wrong,))
    with pytest.raises(InputError, match=r"^no/such: .*, found nothing of that name\.$"):
        open_corpus(("no/such",))


def test_levels_one_folder_down(tmp_path: Path) -> None:
    (tmp_path / "world" / "part").mkdir(parents=True)
    (tmp_path / "world" / "part" / "a.txt").write_text("-")
    with pytest.raises(InputError, match=r"one folder down: name .*part\.$"):
        open_corpus((str(tmp_path / "world"),))
