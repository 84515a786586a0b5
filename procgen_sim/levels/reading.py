"""Reading files that strangers made: bounded, checked, and never with a traceback.

Every failure is one :class:`~procgen_sim._checks.InputError` that says which file, where in it,
what was expected and what was found. All level formats read through this module.
"""

from __future__ import annotations

import errno
import json
import stat
from pathlib import Path
from typing import Any, Final

from procgen_sim._checks import InputError

__all__ = [
    "MAX_BYTES",
    "MAX_CELLS",
    "MAX_COLUMNS",
    "MAX_ROWS",
    "as_path",
    "check_folder",
    "check_size",
    "decode_text",
    "in_words",
    "kind_of",
    "parse_json",
    "quoted",
    "read_bytes",
    "read_text",
    "reason",
    "shown",
]

MAX_BYTES: Final = 16 * 1024 * 1024
"""The largest level or tileset file that is read, in bytes."""

MAX_ROWS: Final = 10_000
MAX_COLUMNS: Final = 100_000
MAX_CELLS: Final = 4_000_000
"""The largest level, in rows, columns and tiles: a thousand times a usual one."""

_SYMLINK_LOOP: Final = "a link that leads back to itself"


def as_path(where: Path | str) -> Path:
    """Return a path, or say what is wrong with the words that should have been one."""
    if isinstance(where, str) and (not where or "\0" in where):
        raise InputError("path", expected="the name of a file or folder", found=repr(where))
    return Path(where)


def shown(path: Path) -> str:
    """A path as it may stand in a message: one line, whatever bytes the name has."""
    text = str(path).encode("utf-8", "backslashreplace").decode("utf-8")
    return text if text.isprintable() else repr(text)[1:-1]


def reason(error: OSError | RuntimeError | ValueError) -> str:
    """Why the operating system would not, in lower case."""
    if isinstance(error, OSError):
        if error.errno == errno.ELOOP:
            return _SYMLINK_LOOP
        if error.strerror:
            return error.strerror.lower()
    return type(error).__name__


def _mode(path: Path, expected: str) -> int:
    try:
        return path.stat().st_mode
    except FileNotFoundError:
        found = "a link to nothing" if path.is_symlink() else "nothing of that name"
        raise InputError(shown(path), expected=expected, found=found) from None
    except (OSError, RuntimeError, ValueError) as error:
        raise InputError(shown(path), expected=expected, found=reason(error)) from error


def check_folder(path: Path, expected: str = "a folder of levels") -> None:
    """Raise :class:`InputError` unless ``path`` is a folder."""
    mode = _mode(path, expected)
    if not stat.S_ISDIR(mode):
        found = "a file" if stat.S_ISREG(mode) else "neither a file nor a folder"
        raise InputError(shown(path), expected=expected, found=found)


def read_bytes(path: Path, expected: str = "a level file") -> bytes:
    """Return the content of a regular file of at most :data:`MAX_BYTES` bytes.

    Raises
    ------
    InputError
        If there is nothing, a folder, a device, no permission, a loop of links, or too much.
    """
    mode = _mode(path, expected)
    if not stat.S_ISREG(mode):  # a pipe would wait for ever, a device never ends
        found = "a folder" if stat.S_ISDIR(mode) else "neither a file nor a folder"
        raise InputError(shown(path), expected=expected, found=found)
    try:
        with path.open("rb") as file:
            data = file.read(MAX_BYTES + 1)
    except (OSError, ValueError) as error:
        raise InputError(shown(path), expected=expected, found=reason(error)) from error
    if len(data) > MAX_BYTES:
        raise InputError(
            shown(path),
            expected=f"{expected} of at most {MAX_BYTES // 1024**2} MiB",
            found="a larger file",
        )
    if not data:
        raise InputError(shown(path), expected=expected, found="an empty file")
    return data


def read_text(path: Path, expected: str = "a level file") -> str:
    """Return a UTF-8 file's text without its byte order mark, lines ended by line feeds.

    Raises
    ------
    InputError
        As :func:`read_bytes`; and if the file is binary or not UTF-8, with the position.
    """
    return decode_text(shown(path), read_bytes(path, expected))


def decode_text(where: str, data: bytes) -> str:
    """Return the text of UTF-8 bytes without byte order mark, lines ended by line feeds.

    Raises
    ------
    InputError
        If they are binary or not UTF-8: where they are from, and the position.
    """
    if data.startswith((b"\xff\xfe", b"\xfe\xff")):
        raise InputError(
            f"{where}, byte 1", expected="UTF-8 text", found="UTF-16", do="save it as UTF-8"
        )
    nul = data.find(b"\0")
    if nul >= 0:
        line = data.count(b"\n", 0, nul) + 1
        raise InputError(
            f"{where}, line {line}, byte {nul + 1}",
            expected="text",
            found="a zero byte, as in binary files",
        )
    try:
        text = data.decode("utf-8-sig")
    except UnicodeDecodeError as error:
        offset = 3 if data.startswith(b"\xef\xbb\xbf") else 0  # the codec counts after the mark
        at = error.start + offset
        line_start = data.rfind(b"\n", 0, at) + 1
        column = len(data[line_start:at].decode("utf-8-sig", "replace")) + 1
        line = data.count(b"\n", 0, at) + 1
        raise InputError(
            f"{where}, line {line}, column {column}",
            expected="UTF-8 text",
            found=f"byte 0x{data[at]:02x} at position {at + 1}",
            do="save it as UTF-8",
        ) from None
    return text.replace("\r\n", "\n").replace("\r", "\n")


def check_size(where: str, n_rows: int, n_columns: int) -> None:
    """Raise :class:`InputError` for a level nobody could play or hold in memory."""
    if not 1 <= n_rows <= MAX_ROWS:
        raise InputError(where, expected=f"1 to {MAX_ROWS:,} rows", found=_number(n_rows))
    if not 1 <= n_columns <= MAX_COLUMNS:
        raise InputError(where, expected=f"1 to {MAX_COLUMNS:,} columns", found=_number(n_columns))
    if n_rows * n_columns > MAX_CELLS:
        raise InputError(
            where, expected=f"at most {MAX_CELLS:,} tiles", found=_number(n_rows * n_columns)
        )


def _number(n: int) -> str:
    return f"{n:,}" if abs(n) < 10**15 else "an absurd number"


def parse_json(path: Path, text: str, expected: str) -> dict[str, Any]:
    """Return the object a JSON file holds.

    Raises
    ------
    InputError
        If it is not JSON (with line and column), holds something else than an object, gives a
        key twice (the last would silently win), or nests too deep.
    """
    try:
        value = json.loads(text, object_pairs_hook=lambda pairs: _object(path, pairs))
    except json.JSONDecodeError as error:
        raise InputError(
            f"{shown(path)}, line {error.lineno}, column {error.colno}",
            expected=f"{expected} in JSON",
            found=error.msg[0].lower() + error.msg[1:],
        ) from None
    except RecursionError:
        raise InputError(
            shown(path), expected=f"{expected} in JSON", found="brackets nested without end"
        ) from None
    except InputError:
        raise
    except ValueError:  # a whole number of more digits than Python will convert
        raise InputError(
            shown(path), expected=f"{expected} in JSON", found="a number of thousands of digits"
        ) from None
    if not isinstance(value, dict):
        raise InputError(shown(path), expected=f"{expected}: a JSON object", found=kind_of(value))
    return value


def _object(path: Path, pairs: list[tuple[str, Any]]) -> dict[str, Any]:
    result = dict(pairs)
    if len(result) < len(pairs):
        seen: set[str] = set()
        for key, _ in pairs:
            if key in seen:
                raise InputError(
                    shown(path), expected="each key once", found=f"{quoted(key)} twice"
                )
            seen.add(key)
    return result


def kind_of(value: object) -> str:
    """What a JSON value is, in words."""
    names = {list: "a list", dict: "an object", str: "a text", bool: "true or false"}
    return "nothing" if value is None else names.get(type(value), "a number")


def quoted(text: str) -> str:
    """A word from a file as it may stand in a message: short, one line, printable."""
    return repr(text if len(text) <= 40 else text[:40] + "...")


def in_words(value: object) -> str:
    """A JSON value as it may stand in a message: itself if that is short, else what it is.

    >>> in_words(7), in_words("seven"), in_words([7])
    ('7', "'seven'", 'a list')
    """
    if isinstance(value, str):
        return quoted(value)
    if isinstance(value, int | float) and not isinstance(value, bool):
        return quoted(str(value)).strip("'")
    return kind_of(value)
