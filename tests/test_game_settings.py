"""Settings and folders: kept, read back, survived when broken. No pygame."""

from __future__ import annotations

import subprocess
import sys
import tomllib
from dataclasses import fields, replace
from pathlib import Path
from types import MappingProxyType

import pytest

from procgen_sim._checks import InputError
from procgen_sim.game.folders import config_folder, data_folder, pictures_folder
from procgen_sim.game.settings import (
    BINDINGS,
    DEFAULT_KEYS,
    DEFAULT_PAD,
    Settings,
    as_toml,
    load_settings,
    rebound,
    save_settings,
)
from procgen_sim.rng import stream

OTHER = Settings(
    person='Zoë "Z" \\ 侍',
    volume=0,
    muted=True,
    fullscreen=True,
    scale=5,
    reduced_motion=True,
    forecast=True,
    direct_each=True,
    keys=MappingProxyType({**DEFAULT_KEYS, "jump": ("é", "'"), "mute": ()}),
    pad=MappingProxyType({**DEFAULT_PAD, "mute": ("guide",)}),
)


def test_nothing_kept_is_the_defaults(tmp_path: Path) -> None:
    assert load_settings(tmp_path / "no such folder") == (Settings(), "")


@pytest.mark.parametrize("settings", [Settings(), OTHER])
def test_kept_and_read_back(tmp_path: Path, settings: Settings) -> None:
    folder = tmp_path / "new" / "folder"
    assert save_settings(settings, folder) == ""
    assert load_settings(folder) == (settings, "")
    assert [path.name for path in folder.iterdir()] == ["settings.toml"]


def test_every_setting_differs_in_the_example() -> None:
    assert not [f.name for f in fields(Settings) if getattr(OTHER, f.name) == f.default]


def test_the_file_explains_every_key() -> None:
    lines = as_toml(Settings()).splitlines()
    for item in fields(Settings):
        starts = (f"{item.name} = ", f"[{item.name}]")
        at = next(i for i, line in enumerate(lines) if line.startswith(starts))
        assert lines[at - 1] == f"# {item.metadata['doc']}"
    assert tomllib.loads("\n".join(lines))["keys"].keys() == BINDINGS.keys()


BROKEN = {
    "not TOML": "volume = ",
    "half a file": as_toml(OTHER)[:137],
    "wrong kind": 'volume = "loud"',
    "true is no number": "volume = true",
    "out of range": "volume = 11",
    "scale of nothing": "scale = 0",
    "a name of a thousand letters": f'person = "{"x" * 1000}"',
    "a name that is not to be printed": 'person = "\\u0007"',
    "keys that are no table": "keys = 3",
    "a key that is no list": '[keys]\njump = "space"',
    "a list of no texts": "[pad]\njump = [3]",
}


@pytest.mark.parametrize("text", BROKEN.values(), ids=BROKEN.keys())
def test_a_broken_file_is_said_and_kept_beside(tmp_path: Path, text: str) -> None:
    (tmp_path / "settings.toml").write_text(text, encoding="utf-8")
    settings, wrong = load_settings(tmp_path)
    assert settings == Settings()
    assert wrong.startswith("The settings could not be understood (")
    assert wrong.endswith("the file is kept as settings.toml.broken.")
    assert "\n" not in wrong
    assert (tmp_path / "settings.toml.broken").read_text(encoding="utf-8") == text
    assert load_settings(tmp_path) == (Settings(), "")


def test_bytes_that_are_no_text_are_kept_too(tmp_path: Path) -> None:
    (tmp_path / "settings.toml").write_bytes(b"\xff\xfe\x00volume")
    assert "it is not UTF-8 text" in load_settings(tmp_path)[1]
    assert (tmp_path / "settings.toml.broken").read_bytes() == b"\xff\xfe\x00volume"


def test_a_folder_in_the_place_of_the_file(tmp_path: Path) -> None:
    (tmp_path / "settings.toml").mkdir()
    settings, wrong = load_settings(tmp_path)
    assert settings == Settings()
    assert wrong.startswith("The settings could not be read")
    assert save_settings(settings, tmp_path).startswith("The settings could not be saved")


def test_what_another_version_knew_does_no_harm(tmp_path: Path) -> None:
    text = 'volume = 3\nghosts = true\n[keys]\nfly = ["f"]\njump = ["k"]\n[colours]\nsky = "red"'
    (tmp_path / "settings.toml").write_text(text)
    settings, wrong = load_settings(tmp_path)
    assert wrong == ""
    assert settings == replace(
        Settings(), volume=3, keys=MappingProxyType({**DEFAULT_KEYS, "jump": ("k",)})
    )


def test_a_setting_that_cannot_be_is_refused() -> None:
    with pytest.raises(InputError, match="volume: expected a whole number from 0 to 10"):
        Settings(volume=12).checked()


def test_a_new_key_replaces_the_old_ones() -> None:
    changed = rebound(Settings(), "keys", "jump", "k")
    assert changed.keys == {**DEFAULT_KEYS, "jump": ("k",)}
    assert changed.pad == DEFAULT_PAD


def test_two_that_want_the_same_key_swap() -> None:
    changed = rebound(Settings(), "keys", "jump", "r")
    assert changed.keys["jump"] == ("r",)
    assert changed.keys["restart"] == ("space",)
    back = rebound(changed, "keys", "jump", "space")
    assert (back.keys["jump"], back.keys["restart"]) == (("space",), ("r",))


def test_who_has_another_key_left_keeps_that_one() -> None:
    changed = rebound(Settings(), "pad", "jump", "dpad up")
    assert changed.pad["jump"] == ("dpad up",)
    assert changed.pad["up"] == ("stick up",)


def test_who_has_nothing_to_give_takes() -> None:
    changed = rebound(Settings(), "pad", "mute", "start")
    assert (changed.pad["mute"], changed.pad["pause"]) == (("start",), ())


@pytest.mark.parametrize("seed", range(5))
@pytest.mark.parametrize("device", ["keys", "pad"])
def test_no_remapping_gives_a_key_two_meanings(device: str, seed: int) -> None:
    rng = stream(seed, "test")
    settings = Settings()
    defaults = getattr(settings, device)
    names = ["new", *(each for row in defaults.values() for each in row)]
    for _ in range(50):
        before = getattr(settings, device)
        binding = str(rng.choice(list(BINDINGS)))
        name = str(rng.choice(names))
        settings = rebound(settings, device, binding, name)
        table = getattr(settings, device)
        assert table[binding] == (name,)
        given = [each for row in table.values() for each in row]
        assert len(given) == len(set(given))
        # Who had a key still has one, unless it was taken by one that had none to give for it.
        lost = [other for other in BINDINGS if before[other] and not table[other]]
        assert not lost or not before[binding]


def test_folders_of_each_platform() -> None:
    home = {"HOME": "/home/ada"}
    assert config_folder(home, "linux") == Path("/home/ada/.config/procgen-sim")
    assert data_folder(home, "linux") == Path("/home/ada/.local/share/procgen-sim")
    xdg = home | {"XDG_CONFIG_HOME": "/etc/ada", "XDG_DATA_HOME": "not/absolute"}
    assert config_folder(xdg, "linux") == Path("/etc/ada/procgen-sim")
    assert data_folder(xdg, "linux") == Path("/home/ada/.local/share/procgen-sim")
    library = Path("/home/ada/Library/Application Support/procgen-sim")
    assert config_folder(home, "darwin") == library / "config"
    assert data_folder(home, "darwin") == library / "data"
    windows = {"APPDATA": "/r", "LOCALAPPDATA": "/l", "USERPROFILE": "/u"}
    assert config_folder(windows, "win32") == Path("/r/procgen-sim")
    assert data_folder(windows, "win32") == Path("/l/procgen-sim")
    for platform in ("linux", "darwin", "win32"):
        ours = home | {"PROCGEN_SIM_HOME": "/mine"}
        assert config_folder(ours, platform) == Path("/mine/config")
        assert data_folder(ours, platform) == Path("/mine/data")
        assert pictures_folder(ours, platform) == Path("/mine/data/screenshots")


def test_neither_needs_pygame() -> None:
    code = "import sys, procgen_sim.game.settings, procgen_sim.game.folders; "
    code += "print('pygame' in sys.modules)"
    done = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True)
    assert done.stdout.strip() == "False"
