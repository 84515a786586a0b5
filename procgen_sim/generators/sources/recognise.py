"""What kind of source a text means."""

from __future__ import annotations

import ntpath
import os
import re
import shutil
from pathlib import Path
from typing import Final

from procgen_sim._checks import InputError, nearest
from procgen_sim.generators.sources.command import SEED, split_command
from procgen_sim.generators.sources.source import Kind
from procgen_sim.levels.corpus import SHIPPED
from procgen_sim.levels.reading import shown
from procgen_sim.levels.store import READABLE

__all__ = ["recognise"]

_KINDS: Final = (
    "a folder of levels, a .zip of them, a Python function as module:function, "
    f"or a command line with {SEED}, or {' or '.join(SHIPPED)}"
)
_FUNCTION: Final = re.compile(r"[^\W\d]\w*(\.[^\W\d]\w*)*:[^\W\d]\w*(\.[^\W\d]\w*)*")
_NEARLY_FUNCTION: Final = re.compile(
    r"(?P<file>\S+\.py):(?P<function>\w+)|(?P<called>[\w.]+:[\w.]+)\(.*\)"
)


def recognise(text: str) -> Kind:
    """The kind of a source; what exists is never taken for anything else.

    Raises
    ------
    InputError
        If it is none, or not quite one: says what it is nearest to.

    Examples
    --------
    >>> recognise("samurai"), recognise("my_game.levels:make")
    ('shipped', 'function')
    >>> import sys
    >>> recognise(f"'{sys.executable}' gen.py --seed {{seed}}")
    'command'
    """
    if not text.strip() or "\0" in text:
        raise InputError("source", expected=_KINDS, found=repr(text))
    if text in SHIPPED:
        return "shipped"
    path = Path(text)
    if os.path.lexists(path):
        return _of_existing(text, path)
    if SEED in text:
        _check_command(text)
        return "command"
    if _FUNCTION.fullmatch(text) and not (_has_drive(text) or _NEARLY_FUNCTION.fullmatch(text)):
        return "function"
    raise _none(text)


def _of_existing(text: str, path: Path) -> Kind:
    if path.is_dir() or not os.path.exists(path):  # a link to nothing is explained when read
        return "folder"
    if path.suffix.lower() == ".zip":
        return "zip"
    advice = None
    if path.suffix.lower() in READABLE:
        advice = f"name its folder, {shown(path.absolute().parent)}"
    elif path.suffix.lower() == ".py":
        function = f"{path.stem}:function" if path.stem.isidentifier() else "module:function"
        advice = f"write {function}, or 'python {shown(path)} {SEED}' with the quotes"
    elif os.access(path, os.X_OK):
        program = text if os.path.dirname(text) else os.path.join(".", text)
        advice = f"write '{program} {SEED}' with the quotes if it is a generator"
    raise InputError(shown(path), expected=_KINDS, found="a file of another kind", do=advice)


def _check_command(text: str) -> None:
    words = text.split()
    if len(words) == 1 and Path(text).suffix.lower() in (*READABLE, ".zip"):
        raise InputError(
            repr(text),
            expected=f"{SEED} in a command line",
            found="it in the name of a file",
            do="name the folder to read all its levels",
        )
    split_command(text)


def _has_drive(text: str) -> bool:
    r"""Whether this is a path such as ``C:\levels``, or ``C:levels`` where there are drives."""
    drive, rest = ntpath.splitdrive(text)
    return bool(drive) and (os.name == "nt" or rest.startswith(("\\", "/")))


def _none(text: str) -> InputError:
    """An error for a text that is no source, with the best guess at what was meant."""
    if match := _NEARLY_FUNCTION.fullmatch(text):
        file = match["file"]
        name = match["called"] or f"{Path(file).stem}:{match['function']}"
        advice = f"write {name}" + ("" if match["called"] else ", in the folder of the file")
        return InputError(
            repr(text), expected="a Python function as module:function", found="more", do=advice
        )
    words = text.split()
    if len(words) > 1 and shutil.which(words[0]) is not None:
        return InputError(
            repr(text),
            expected=f"{SEED} somewhere in a command line",
            found="none",
            do=f"write {SEED} where the seed belongs",
        )
    close = nearest(text, [*SHIPPED, *_beside(Path(text))])
    return InputError(
        shown(Path(text)),
        expected=_KINDS,
        found="nothing of that name",
        do=f"did you mean {close!r}" if close else None,
    )


def _beside(path: Path) -> list[str]:
    try:
        return sorted(
            str(one) for one in path.parent.iterdir() if one.suffix == ".zip" or one.is_dir()
        )
    except (OSError, ValueError):
        return []
