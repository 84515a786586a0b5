"""Fitted design models as files: ``.json`` to be read, ``.npz`` to be small. Never pickle.

Both hold the same document and give back an equal model, to the last bit of every float. A file
names the levels the model was fitted to, so that "which levels trained this?" has an answer.
"""

from __future__ import annotations

import io
import json
import warnings
import zipfile
from collections.abc import Callable, Mapping
from pathlib import Path
from typing import Any, Final, TypeGuard

import numpy as np

from procgen_sim._checks import InputError
from procgen_sim.files import write_bytes, write_text
from procgen_sim.models.design import DesignModel
from procgen_sim.models.space import DesignSpace
from procgen_sim.models.training import Training, thawed

__all__ = ["load_model", "save_model"]

FORMAT: Final = "procgen-sim design model"
VERSION: Final = 1
MAX_BYTES: Final = 256 * 1024 * 1024
ARRAYS: Final = ("low", "high", "weights", "means", "covariances")


def save_model(model: DesignModel, path: Path | str) -> None:
    """Write a model, whole or not at all, as ``.json`` or ``.npz`` by the path's suffix.

    Raises
    ------
    InputError
        If the suffix is another, or the place cannot be written.
    """
    path = Path(path)
    document = {
        "format": FORMAT,
        "version": VERSION,
        "kind": model.kind,
        "names": list(model.space.names),
        "units": list(model.space.units),
        "training": {
            "n": model.training.n,
            "names": list(model.training.names),
            "digests": list(model.training.digests),
        },
        "details": thawed(model.details),
    }
    shared = len(model.covariances) > 1 and model.covariances.strides[0] == 0
    arrays: dict[str, Any] = {
        "low": model.space.low,
        "high": model.space.high,
        "weights": model.weights,
        "means": model.means,
        "covariances": model.covariances[:1] if shared else model.covariances,
    }
    if _suffix(path) == ".json":
        numbers = {name: values.tolist() for name, values in arrays.items()}
        write_text(path, _pretty(document | numbers) + "\n")
        return
    buffer = io.BytesIO()
    text = json.dumps(document, allow_nan=False).encode()
    np.savez_compressed(buffer, document=np.frombuffer(text, dtype=np.uint8), **arrays)
    write_bytes(path, buffer.getvalue())


def load_model(path: Path | str) -> DesignModel:
    """Read what :func:`save_model` wrote.

    Raises
    ------
    InputError
        If there is no such file, it is not a model, is broken, or was made by a newer version.
    """
    path = Path(path)
    read: Callable[[bytes], dict[str, Any]]
    read = _read_json if _suffix(path) == ".json" else _read_npz
    try:
        size = path.stat().st_size
        data = path.read_bytes() if size <= MAX_BYTES else b""
    except OSError as error:
        reason = (error.strerror or type(error).__name__).lower()
        raise InputError(str(path), expected="a design model", found=reason) from error
    if size > MAX_BYTES:
        raise InputError(
            str(path), expected=f"at most {MAX_BYTES} bytes", found=f"{size}, too big for a model"
        )
    try:
        return _model(read(data), str(path))
    except InputError as error:
        if error.where == str(path):
            raise
        where = f"{path}, {error.where}"
        raise InputError(where, expected=error.expected, found=error.found) from error
    # A foreign file can break the JSON, ZIP and NumPy readers in any way they know of, and each
    # of them means the same to the person who named the file.
    except Exception as error:
        found = f"a file that cannot be read as one ({type(error).__name__})"
        raise InputError(
            str(path),
            expected="a design model written by procgen-sim",
            found=found,
            do="fit and save it again",
        ) from error


def _pretty(value: object, indent: str = "") -> str:
    """JSON with one row of numbers, or one flat mapping, a line."""
    parts = list(value.values() if isinstance(value, dict) else value) if _nests(value) else []
    if not any(_nests(part) for part in parts):
        return json.dumps(value, allow_nan=False)
    deeper = indent + " "
    lines = [deeper + _pretty(part, deeper) for part in parts]
    if isinstance(value, dict):
        lines = [
            f"{deeper}{json.dumps(key)}: {_pretty(part, deeper)}" for key, part in value.items()
        ]
    start, end = "{}" if isinstance(value, dict) else "[]"
    return f"{start}\n" + ",\n".join(lines) + f"\n{indent}{end}"


def _nests(value: object) -> TypeGuard[dict[str, object] | list[object]]:
    return isinstance(value, dict | list) and len(value) > 0


def _suffix(path: Path) -> str:
    suffix = path.suffix.lower()
    if suffix not in (".json", ".npz"):
        raise InputError(str(path), expected="a name ending in .json or .npz", found=repr(suffix))
    return suffix


def _read_json(data: bytes) -> dict[str, Any]:
    document: dict[str, Any] = json.loads(data.decode("utf-8"))
    return document


def _read_npz(data: bytes) -> dict[str, Any]:
    with zipfile.ZipFile(io.BytesIO(data)) as parts:
        if sum(part.file_size for part in parts.infolist()) > MAX_BYTES:
            raise ValueError("unpacks to more than a model holds")
    # Version 2 headers make NumPy warn; what they hold is checked here anyway.
    with warnings.catch_warnings():
        warnings.simplefilter("ignore")
        with np.load(io.BytesIO(data), allow_pickle=False) as parts:
            document: dict[str, Any] = json.loads(bytes(parts["document"]).decode("utf-8"))
            return document | {name: parts[name] for name in ARRAYS}


def _model(document: Mapping[str, Any], where: str) -> DesignModel:
    if document["format"] != FORMAT:
        raise InputError(where, expected=repr(FORMAT), found=repr(document["format"])[:80])
    version = document["version"]
    if isinstance(version, int) and version > VERSION:
        raise InputError(
            where,
            expected=f"format version {VERSION} or older",
            found=str(version),
            do="update procgen-sim",
        )
    if version != VERSION or not isinstance(document["kind"], str):
        raise InputError(where, expected=f"version {VERSION} and a kind", found=repr(version)[:80])
    arrays = {name: np.asarray(document[name]) for name in ARRAYS}
    for name, values in arrays.items():
        if values.dtype.kind not in "fiu":
            raise InputError(f"{where}, {name}", expected="numbers", found=str(values.dtype))
    training = document["training"]
    return DesignModel(
        kind=document["kind"],
        space=DesignSpace(
            tuple(document["names"]), arrays["low"], arrays["high"], tuple(document["units"])
        ),
        weights=arrays["weights"],
        means=arrays["means"],
        covariances=arrays["covariances"],
        training=Training(
            n=training["n"],
            names=tuple(training["names"]),
            digests=tuple(training["digests"]),
        ),
        details=dict(document["details"]),
    )
