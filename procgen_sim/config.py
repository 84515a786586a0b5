"""What a run is told: one dataclass, read from TOML, overridden by options, stored with the run.

Each key is documented where it is defined; the command line's help, the error for an unknown key
and the comments in a stored ``config.toml`` all come from there.
"""

from __future__ import annotations

import json
import tomllib
from collections.abc import Mapping
from dataclasses import dataclass, field, fields, replace
from pathlib import Path
from types import MappingProxyType
from typing import Any

from procgen_sim._checks import InputError, check_choice, check_int, check_number, nearest

__all__ = ["CONFIG_KEYS", "RunConfig", "read_config", "resolve", "write_config"]

MODEL_NAMES = ("trend", "gaussian", "polynomial", "kde", "mixture")
TILE_MODEL = "tile"
"""The model that is no design model: it learns tiles, and only ``generate`` can use it."""
MOST_DEGREE = 30
LEAST_TEMPERATURE, MOST_TEMPERATURE = 0.01, 10.0
LEAST_BUDGET = 0.005
LEAST_KEEP = 0.01
CHECK_NAMES = ("proof", "screen")
NOTION_NAMES = ("wundt", "surprise", "progress")
OBSERVER_NAMES = ("theme", "pattern", "both")


def _key(default: Any, doc: str) -> Any:
    if isinstance(default, Mapping):
        return field(default_factory=lambda: default, hash=False, metadata={"doc": doc})
    return field(default=default, metadata={"doc": doc})


@dataclass(frozen=True, kw_only=True)
class RunConfig:
    """Everything that decides a run's numbers. How many processes work on it does not.

    Raises
    ------
    InputError
        From :meth:`checked`, for a value that cannot be.
    """

    corpus: tuple[str, ...] = _key(
        ("samurai", "space_opera"),
        "bodies of levels to fit: folders, or the shipped 'samurai' and 'space_opera'",
    )
    tileset: str = _key("", "tileset.json for folders that have none of their own")
    skip_bad: bool = _key(False, "leave out files that cannot be read, and list them")
    model: str = _key(
        "mixture",
        f"design model to fit: {', '.join(MODEL_NAMES)}; to generate also {TILE_MODEL}, which "
        "learns tile by tile",
    )
    degree: int = _key(0, "degree of the polynomial model's curve; 0: the model's own choice")
    temperature: float = _key(
        1.0, "how freely the tile model generates: below 1 more typical, above 1 wilder"
    )
    arms: str = _key(
        "on-model,noise,outlier,between,extrapolate",
        "ways of making a sequence: on-model, PROPOSAL, PROPOSAL@RATE, PROPOSAL@SCHEDULE:N",
    )
    rate: float = _key(0.15, "share of levels that leave the model, where an arm does not say")
    budget: float = _key(0.2, "for --search: share of levels that may leave the model")
    keep: float = _key(0.5, "for --search: share of the audience to keep for longest")
    authored: str = _key("", "folder of levels that people made, for the arm 'authored'")
    players: int = _key(100, "simulated players, the same people in every arm")
    levels: int = _key(60, "levels each of them plays in every arm")
    columns: int = _key(
        0, "width of generated levels in tiles; 0: the corpus's median, at most 200"
    )
    check: str = _key(
        "proof",
        "how platformer levels are known to be playable: proof (a replay reaches the goal) or, "
        "quicker, screen (the jump rules find a way)",
    )
    seed: int = _key(1, "one seed, one result")
    observer: str = _key(
        "theme",
        f"what players attend to: {', '.join(OBSERVER_NAMES)} (patterns take minutes, not seconds)",
    )
    interest: str = _key("wundt", f"notion of interest in the table: {', '.join(NOTION_NAMES)}")
    assumptions: Mapping[str, float] = _key(
        MappingProxyType({}),
        "what people are like, otherwise than assumed: a trait's median, or its spread as NAME_sd",
    )

    def checked(self) -> RunConfig:
        """This configuration, if every value can be; arms and assumptions are checked by those
        who read them."""
        if not self.corpus:
            raise InputError("corpus", expected="at least one folder", found="none")
        check_choice("model", self.model, [*MODEL_NAMES, TILE_MODEL])
        check_int("degree", self.degree, low=0, high=MOST_DEGREE)
        if self.degree and self.model != "polynomial":
            raise InputError(
                "degree",
                expected="0, or the model polynomial",
                found=f"degree {self.degree} for the model {self.model}",
            )
        low, high = LEAST_TEMPERATURE, MOST_TEMPERATURE
        check_number("temperature", self.temperature, low=low, high=high)
        if self.temperature != 1 and self.model != TILE_MODEL:
            raise InputError(
                "temperature",
                expected=f"1, or the model {TILE_MODEL}",
                found=f"{self.temperature:g} for the model {self.model}",
            )
        check_choice("check", self.check, CHECK_NAMES)
        check_choice("observer", self.observer, OBSERVER_NAMES)
        check_choice("interest", self.interest, NOTION_NAMES)
        check_number("rate", self.rate, low=0.0, high=1.0)
        check_number("budget", self.budget, low=LEAST_BUDGET, high=1.0)
        check_number("keep", self.keep, low=LEAST_KEEP, high=1.0)
        check_int("players", self.players, low=1, high=1_000_000)
        check_int("levels", self.levels, low=2, high=100_000)
        check_int("seed", self.seed, low=0)
        if self.columns:
            check_int("columns", self.columns, low=40, high=1_000)
        return self

    def __getstate__(self) -> dict[str, Any]:
        # Copies and pickles, which a read-only view refuses, are made of a plain dictionary.
        return {**self.__dict__, "assumptions": dict(self.assumptions)}

    def __setstate__(self, state: dict[str, Any]) -> None:
        self.__dict__.update(state, assumptions=MappingProxyType(state["assumptions"]))

    def as_toml(self) -> str:
        """As TOML that :func:`read_config` reads back, each key explained."""
        return write_config(self)


CONFIG_KEYS: dict[str, str] = {f.name: f.metadata["doc"] for f in fields(RunConfig)}
"""Key to what it means."""


def read_config(path: Path) -> dict[str, Any]:
    """The keys a TOML file sets, checked for names and kinds.

    Raises
    ------
    InputError
        If the file is missing or not TOML, a key is unknown (the nearest is named), or a value
        is of the wrong kind.
    """
    try:
        text = path.read_text(encoding="utf-8")
    except OSError as error:
        raise InputError(
            str(path), expected="a configuration file", found=(error.strerror or "?").lower()
        ) from error
    except UnicodeDecodeError as error:
        raise InputError(
            f"{path}, byte {error.start}", expected="UTF-8 text", found="other bytes"
        ) from error
    try:
        given = tomllib.loads(text)
    except tomllib.TOMLDecodeError as error:
        raise InputError(str(path), expected="TOML", found=str(error).lower()) from error
    for key, value in given.items():
        if key not in CONFIG_KEYS:
            close = nearest(key, CONFIG_KEYS)
            raise InputError(
                f"{path}, key {key!r}",
                expected=f"one of {', '.join(CONFIG_KEYS)}",
                found=repr(key),
                do=f"did you mean {close!r}" if close else None,
            )
        given[key] = _of_kind(path, key, value)
    return given


def _of_kind(path: Path, key: str, value: Any) -> Any:
    default = getattr(RunConfig(), key)
    where = f"{path}, key {key!r}"
    if key == "corpus":
        folders = [value] if isinstance(value, str) else value
        if isinstance(folders, list) and all(isinstance(item, str) for item in folders):
            return tuple(folders)
        raise InputError(where, expected="a text or a list of texts", found=repr(value))
    if key == "assumptions":
        if isinstance(value, dict) and all(
            isinstance(v, int | float) and not isinstance(v, bool) for v in value.values()
        ):
            return {name: float(v) for name, v in value.items()}
        raise InputError(where, expected="a table of numbers", found=repr(value))
    if isinstance(default, float) and isinstance(value, int) and not isinstance(value, bool):
        return float(value)
    if type(value) is type(default):
        return value
    kind = {str: "a text", int: "a whole number", float: "a number", bool: "true or false"}
    raise InputError(where, expected=kind[type(default)], found=repr(value))


def resolve(path: Path | None, options: Mapping[str, Any]) -> RunConfig:
    """Defaults, overridden by a file, overridden by options; then checked.

    Parameters
    ----------
    path
        A TOML file, or None.
    options
        Key to value; a value of None was not given.
    """
    given = read_config(path) if path else {}
    given |= {key: value for key, value in options.items() if value is not None}
    return replace(RunConfig(), **given).checked()


def write_config(config: RunConfig) -> str:
    """The configuration as TOML that :func:`read_config` reads back, each key explained."""
    lines = []
    for key, doc in CONFIG_KEYS.items():
        value = getattr(config, key)
        if key == "assumptions":
            lines += [f"\n# {doc}", "[assumptions]"]
            lines += [f"{name} = {number!r}" for name, number in value.items()]
            continue
        written = list(value) if isinstance(value, tuple) else value
        # JSON's texts, numbers, lists and truth values are TOML's, too.
        lines += [f"# {doc}", f"{key} = {json.dumps(written, ensure_ascii=False)}"]
    return "\n".join(lines) + "\n"
