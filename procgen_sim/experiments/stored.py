"""Reading a run back from its folder, and refusing one that is not whole.

What is read is checked against what ``config.toml`` says was played: which players, which arms,
which levels, in which order. So figures are never made of the records of another run.
"""

from __future__ import annotations

import json
import math
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any, Final

from procgen_sim._checks import InputError
from procgen_sim.config import RunConfig, resolve
from procgen_sim.experiments.marker import config_digest, read_marker
from procgen_sim.experiments.record_parts import read_players, read_records
from procgen_sim.experiments.run_folder import CONFIG_FILE
from procgen_sim.experiments.showcase import Exhibit, read_exhibits
from procgen_sim.experiments.summary import Summary, summarise
from procgen_sim.injection import parse_arms
from procgen_sim.models import DesignModel, load_model
from procgen_sim.results import PARTS_FOLDER, Table

__all__ = [
    "FIT_FILE",
    "LEVELS_FOLDER",
    "MODEL_FILE",
    "PLAYERS_FILE",
    "SUMMARY_FILE",
    "CompareRun",
    "open_run",
    "read_json",
]

MODEL_FILE: Final = "model.json"
FIT_FILE: Final = "fit.json"
PLAYERS_FILE: Final = "players.parquet"
SUMMARY_FILE: Final = "summary.json"
LEVELS_FOLDER: Final = "levels"


@dataclass(frozen=True, kw_only=True)
class CompareRun:
    """A finished run, as it stands in its folder.

    Attributes
    ----------
    folder
        Where.
    config
        What it was told.
    model
        The fitted design model.
    fit
        ``fit.json``: ``names``, ``levels``, ``bodies``, ``data``, ``fidelity``,
        ``threshold_nats``, ``n_columns``, ``authored``, ``authored_data``, ``skipped``,
        ``caveats``.
    records, players
        The tables.
    exhibits
        Levels chosen for the report.
    summary
        The numbers of the table.
    seconds
        How long the run took.
    """

    folder: Path
    config: RunConfig
    model: DesignModel
    fit: dict[str, Any]
    records: Table
    players: Table
    exhibits: tuple[Exhibit, ...]
    summary: Summary
    seconds: float


def open_run(folder: Path) -> CompareRun:
    """Read a run back from its folder.

    Raises
    ------
    InputError
        If the folder is not a finished comparison, or anything in it is not as the run left it.
    """
    config = _read_config(folder)
    arms = [arm.name for arm in parse_arms(config.arms, rate=config.rate)]
    model = load_model(folder / MODEL_FILE)
    if model.kind != config.model:
        raise InputError(str(folder / MODEL_FILE), expected=config.model, found=model.kind)
    fit = _read_fit(folder / FIT_FILE, model)
    records = read_records(folder / PARTS_FOLDER, config, arms, model.space.names)
    players = read_players(folder / PLAYERS_FILE, config)
    return CompareRun(
        folder=folder,
        config=config,
        model=model,
        fit=fit,
        records=records,
        players=players,
        exhibits=read_exhibits(folder / LEVELS_FOLDER, arms),
        summary=summarise(records, players["threshold"], arms),
        seconds=_read_seconds(folder / SUMMARY_FILE, arms),
    )


def read_json(path: Path) -> dict[str, Any]:
    """A JSON object from a file.

    Raises
    ------
    InputError
        If it is missing, broken, or something else.
    """
    try:
        value = json.loads(path.read_text(encoding="utf-8"))
    except OSError as error:
        reason = (error.strerror or "nothing").lower()
        raise InputError(str(path), expected="a JSON file of a run", found=reason) from error
    except (ValueError, RecursionError) as error:
        reason = str(error).lower() or "something else"
        raise InputError(str(path), expected="a JSON file of a run", found=reason) from error
    if not isinstance(value, dict):
        raise InputError(str(path), expected="a JSON object", found=type(value).__name__)
    return value


def _read_config(folder: Path) -> RunConfig:
    marker = read_marker(folder)
    if marker is None:
        raise InputError(
            str(folder), expected="the folder of a run (with run.json)", found="none there"
        )
    if marker.command != "compare":
        holds = {"simulate": "records", "generate": "levels"}.get(marker.command, "other things")
        raise InputError(
            str(folder),
            expected="a compare run",
            found=f"a {marker.command} run, which has {holds} only",
        )
    if not marker.finished:
        raise InputError(
            str(folder),
            expected="a finished run",
            found="one that was interrupted",
            do=f"the same compare with --out {folder} goes on with it",
        )
    path = folder / CONFIG_FILE
    config = resolve(path, {})
    if config_digest(path.read_text(encoding="utf-8")) != marker.config_sha256:
        raise InputError(
            str(path),
            expected="the configuration that the run was made with",
            found="an edited one",
            do="use it for a run of its own with --config",
        )
    return config


def _read_fit(path: Path, model: DesignModel) -> dict[str, Any]:
    # Runs from before there were authored levels have none.
    fit = {"authored": [], "authored_data": []} | read_json(path)
    n = len(fit["levels"]) if isinstance(fit.get("levels"), list) else 0
    d = model.space.n
    rules: Mapping[str, tuple[str, Callable[[Any], bool]]] = {
        "names": ("the model's parameters", lambda v: v == list(model.space.names)),
        "levels": ("names of levels", lambda v: n > 0 and _is_list(v, n, _is_text)),
        "bodies": ("a name a level", lambda v: _is_list(v, n, _is_text)),
        "data": (
            f"{n} rows of {d} numbers",
            lambda v: _is_list(v, n, lambda row: _is_list(row, d, _is_number)),
        ),
        "fidelity": (
            f"{d} numbers",
            lambda v: _is_list(v, d, lambda each: each is None or _is_number(each)),
        ),
        "threshold_nats": ("a number", _is_number),
        "n_columns": ("a whole number above 0", lambda v: type(v) is int and v > 0),
        "authored": ("a list of texts", lambda v: _is_list(v, None, _is_text)),
        "authored_data": (
            f"{d} numbers an authored level",
            lambda v: _is_list(v, len(fit["authored"]), lambda row: _is_list(row, d, _is_number)),
        ),
        "skipped": ("a list of texts", lambda v: _is_list(v, None, _is_text)),
        "caveats": ("a list of texts", lambda v: _is_list(v, None, _is_text)),
    }
    for key, (expected, holds) in rules.items():
        if key not in fit or not holds(fit[key]):
            found = repr(fit[key])[:60] if key in fit else "nothing"
            raise InputError(f"{path}, {key!r}", expected=expected, found=found)
    return fit


def _read_seconds(path: Path, arms: Sequence[str]) -> float:
    told = read_json(path)
    entries = told.get("arms")
    names = (
        [entry.get("name") for entry in entries if isinstance(entry, dict)]
        if isinstance(entries, list)
        else None
    )
    if names != list(arms):
        raise InputError(f"{path}, 'arms'", expected=f"one each for {', '.join(arms)}", found="not")
    if not _is_number(told.get("seconds")):
        found = repr(told.get("seconds"))[:60]
        raise InputError(f"{path}, 'seconds'", expected="a number", found=found)
    return float(told["seconds"])


def _is_number(value: Any) -> bool:
    return type(value) in (int, float) and abs(value) < 1e300 and math.isfinite(value)


def _is_text(value: Any) -> bool:
    return isinstance(value, str)


def _is_list(value: Any, n: int | None, holds: Callable[[Any], bool]) -> bool:
    return isinstance(value, list) and (n is None or len(value) == n) and all(map(holds, value))
