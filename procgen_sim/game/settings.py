"""What a person has set: kept as commented TOML in their config folder. No pygame here."""

from __future__ import annotations

import json
import os
import tomllib
from collections.abc import Mapping
from dataclasses import dataclass, field, fields, replace
from pathlib import Path
from types import MappingProxyType
from typing import Any

from procgen_sim._checks import InputError, check_int
from procgen_sim.files import write_text

__all__ = [
    "BINDINGS",
    "DEFAULT_KEYS",
    "DEFAULT_PAD",
    "MOST_SCALE",
    "MOST_VOLUME",
    "Settings",
    "load_settings",
    "rebound",
    "save_settings",
]

SETTINGS_FILE = "settings.toml"
MOST_VOLUME = 10
MOST_SCALE = 8
LONGEST_NAME = 24
MOST_SOURCES = 4

BINDINGS: dict[str, str] = {
    "left": "run left",
    "right": "run right",
    "up": "climb up",
    "down": "climb down, or drop",
    "jump": "jump, higher when held",
    "pause": "pause",
    "restart": "start the level again",
    "forecast": "show or hide the forecast",
    "direct": "choose the next level",
    "mute": "sound off and on",
    "fullscreen": "full screen and back",
    "screenshot": "save a picture of the screen",
}
"""What keys and buttons can be given to, and what it does."""

DEFAULT_KEYS: Mapping[str, tuple[str, ...]] = MappingProxyType(
    {
        "left": ("left", "a"),
        "right": ("right", "d"),
        "up": ("up", "w"),
        "down": ("down", "s"),
        "jump": ("space", "z", "x"),
        "pause": ("escape", "p"),
        "restart": ("r",),
        "forecast": ("tab",),
        "direct": ("e",),
        "mute": ("m",),
        "fullscreen": ("f11",),
        "screenshot": ("f12",),
    }
)
"""Keys by their names in pygame."""

DEFAULT_PAD: Mapping[str, tuple[str, ...]] = MappingProxyType(
    {
        "left": ("dpad left", "stick left"),
        "right": ("dpad right", "stick right"),
        "up": ("dpad up", "stick up"),
        "down": ("dpad down", "stick down"),
        "jump": ("a",),
        "pause": ("start",),
        "restart": ("back",),
        "forecast": ("y",),
        "direct": ("x",),
        "mute": (),
        "fullscreen": (),
        "screenshot": (),
    }
)
"""Buttons of a pad, named as on an Xbox pad, wherever the maker of another put them."""


def _setting(default: Any, doc: str) -> Any:
    if isinstance(default, Mapping):
        return field(default_factory=lambda: default, metadata={"doc": doc})
    return field(default=default, metadata={"doc": doc})


@dataclass(frozen=True, kw_only=True)
class Settings:
    """What a person has set. Each field's meaning stands beside it, and in the file."""

    person: str = _setting("", "name under which your play is logged; may be empty")
    volume: int = _setting(7, "loudness of sounds, 0 to 10")
    muted: bool = _setting(False, "no sound at all")
    fullscreen: bool = _setting(False, "start in full screen")
    scale: int = _setting(2, "window pixels for a pixel of the game when it starts, 1 to 8")
    reduced_motion: bool = _setting(False, "no screen shake, fewer particles, a still backdrop")
    forecast: bool = _setting(False, "show the forecast on the level from the start")
    direct_each: bool = _setting(False, "ask before each level: follow, break or surprise me")
    keys: Mapping[str, tuple[str, ...]] = _setting(DEFAULT_KEYS, "keys, by name")
    pad: Mapping[str, tuple[str, ...]] = _setting(DEFAULT_PAD, "buttons of the game pad")

    def checked(self) -> Settings:
        """These settings, if every value can be.

        Raises
        ------
        InputError
            For one that cannot.
        """
        check_int("volume", self.volume, low=0, high=MOST_VOLUME)
        check_int("scale", self.scale, low=1, high=MOST_SCALE)
        if len(self.person) > LONGEST_NAME or not self.person.isprintable():
            raise InputError(
                "person",
                expected=f"a name of at most {LONGEST_NAME} letters",
                found=repr(self.person),
            )
        return self


def rebound(settings: Settings, device: str, binding: str, name: str) -> Settings:
    """These settings with a key or button given to a binding, instead of those it had.

    Parameters
    ----------
    settings
        As they were.
    device
        ``"keys"`` or ``"pad"``.
    binding
        One of ``BINDINGS``.
    name
        The key or button. If it was another binding's only one, they swap: that one gets the
        first of what this one had, if it had any.
    """
    table: dict[str, tuple[str, ...]] = dict(getattr(settings, device))
    given_up = table[binding][:1]
    table[binding] = (name,)
    for other, names in table.items():
        if other != binding and name in names:
            rest = tuple(each for each in names if each != name)
            table[other] = rest or given_up
    changed: dict[str, Any] = {device: MappingProxyType(table)}
    return replace(settings, **changed)


def load_settings(folder: Path) -> tuple[Settings, str]:
    """Settings kept in ``folder``, and a sentence about what was wrong with them, or "".

    A file that cannot be understood is renamed to ``settings.toml.broken``, so that nothing a
    person wrote is lost when the settings are next saved, and the defaults are used.
    """
    path = folder / SETTINGS_FILE
    try:
        text = path.read_text(encoding="utf-8")
    except FileNotFoundError:
        return Settings(), ""
    except OSError as error:
        why = (error.strerror or type(error).__name__).lower()
        return Settings(), f"The settings could not be read ({why}); using the defaults."
    except UnicodeDecodeError:
        return Settings(), _put_aside(path, "it is not UTF-8 text")
    try:
        return _from_toml(tomllib.loads(text)), ""
    except (tomllib.TOMLDecodeError, InputError) as error:
        return Settings(), _put_aside(path, str(error).rstrip("."))


def save_settings(settings: Settings, folder: Path) -> str:
    """Write the settings, whole or not at all; return a sentence if they could not be, or ""."""
    try:
        write_text(folder / SETTINGS_FILE, as_toml(settings))
    except InputError as error:
        return f"The settings could not be saved: {error.found} ({error.where})."
    return ""


def as_toml(settings: Settings) -> str:
    """The settings as TOML that :func:`load_settings` reads, each explained."""
    lines = ["# Settings of the procgen-sim game; what is left out is as it comes."]
    tables = []
    for item in fields(Settings):
        value = getattr(settings, item.name)
        if isinstance(value, Mapping):
            tables += [f"\n# {item.metadata['doc']}", f"[{item.name}]"]
            for binding, meaning in BINDINGS.items():
                tables.append(f"{binding} = {json.dumps(list(value[binding]))}  # {meaning}")
        else:
            # JSON's texts, numbers and truth values are TOML's, too.
            lines += [f"# {item.metadata['doc']}"]
            lines += [f"{item.name} = {json.dumps(value, ensure_ascii=False)}"]
    return "\n".join([*lines, *tables]) + "\n"


def _from_toml(given: Mapping[str, Any]) -> Settings:
    defaults = Settings()
    known = {item.name: getattr(defaults, item.name) for item in fields(Settings)}
    values: dict[str, Any] = {}
    for key, value in given.items():
        # An unknown key is another version's; it is no reason to forget the rest.
        if key not in known:
            continue
        default = known[key]
        if isinstance(default, Mapping):
            values[key] = MappingProxyType({**default, **_bindings(key, value)})
        elif type(value) is type(default):
            values[key] = value
        else:
            kind = {str: "a text", int: "a whole number", bool: "true or false"}[type(default)]
            raise InputError(f"key {key!r}", expected=kind, found=repr(value))
    return replace(defaults, **values).checked()


def _bindings(key: str, value: Any) -> dict[str, tuple[str, ...]]:
    found: dict[str, tuple[str, ...]] = {}
    if not isinstance(value, dict):
        raise InputError(f"key {key!r}", expected="a table of lists of texts", found=repr(value))
    for binding, names in value.items():
        if binding not in BINDINGS:
            continue
        if not isinstance(names, list) or not all(isinstance(name, str) for name in names):
            raise InputError(
                f"key '{key}.{binding}'", expected="a list of texts", found=repr(names)
            )
        found[binding] = tuple(names[:MOST_SOURCES])
    return found


def _put_aside(path: Path, why: str) -> str:
    beside = path.with_name(f"{path.name}.broken")
    try:
        os.replace(path, beside)
    except OSError:
        return f"The settings could not be understood ({why}); using the defaults."
    return (
        f"The settings could not be understood ({why}); "
        f"using the defaults, the file is kept as {beside.name}."
    )
