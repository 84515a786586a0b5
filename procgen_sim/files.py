"""Writing so that nothing is ever half-written, and finding what the package ships."""

from __future__ import annotations

import os
import tempfile
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from procgen_sim._checks import InputError

__all__ = ["assets_folder", "write_bytes", "write_text", "writing_beside"]


def assets_folder() -> Path:
    """The folder of shipped corpora and art: inside the wheel, or beside it in a checkout."""
    package = Path(__file__).resolve().parent
    for candidate in (package / "assets", package.parent / "assets"):
        if candidate.is_dir():
            return candidate
    raise InputError(
        "assets",
        expected="the folder of shipped corpora and art",
        found="none beside the package",
        do="install procgen-sim again",
    )


@contextmanager
def writing_beside(path: Path) -> Iterator[Path]:
    """Yield a temporary path in the same folder; rename it to ``path`` when all went well.

    Raises
    ------
    InputError
        If the folder cannot be made or written.
    """
    try:
        path.parent.mkdir(parents=True, exist_ok=True)
        handle, name = tempfile.mkstemp(prefix=f".{path.name}.", dir=path.parent)
        os.close(handle)
    except OSError as error:
        raise InputError(str(path), expected="a place to write to", found=_reason(error)) from error
    beside = Path(name)
    try:
        yield beside
        umask = os.umask(0)
        os.umask(umask)
        beside.chmod(0o666 & ~umask)  # mkstemp makes private files; results are not secrets
        os.replace(beside, path)
    except OSError as error:
        raise InputError(
            str(path), expected="room and permission to write", found=_reason(error)
        ) from error
    finally:
        beside.unlink(missing_ok=True)


def write_bytes(path: Path, data: bytes) -> None:
    """Write a whole file or none of it."""
    with writing_beside(path) as beside:
        beside.write_bytes(data)


def write_text(path: Path, text: str) -> None:
    """Write a whole UTF-8 file with line feeds, or none of it."""
    write_bytes(path, text.encode("utf-8"))


def _reason(error: OSError) -> str:
    return error.strerror.lower() if error.strerror else type(error).__name__
