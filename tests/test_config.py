"""What a run is told: file, options, and what happens when either is wrong."""

from __future__ import annotations

from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from procgen_sim._checks import InputError
from procgen_sim.config import CONFIG_KEYS, RunConfig, read_config, resolve, write_config


def test_every_key_is_documented() -> None:
    assert all(len(doc) > 15 for doc in CONFIG_KEYS.values())


def test_what_is_written_is_read(tmp_path: Path) -> None:
    config = RunConfig(
        corpus=("a b", 'c"d'), rate=0.25, seed=7, assumptions={"threshold": 0.5}, skip_bad=True
    )
    path = tmp_path / "config.toml"
    path.write_text(write_config(config), encoding="utf-8")
    assert resolve(path, {}) == config


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
        ("players = 0", "players: expected a whole number from 1"),
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
