"""The other side of a Python generator: a process of its own that calls somebody's function.

It reads one seed a line and answers each with four bytes of length and as much JSON. Whatever the
function prints goes to standard error, and it has nothing to read, so that neither can come
between. NumPy's and Python's global random generators are seeded before every call: a function
that draws from them gives the same level for the same seed, whoever called it before.
"""

from __future__ import annotations

import importlib
import json
import os
import pkgutil
import random
import sys
import traceback
from collections.abc import Callable
from typing import Any

import numpy as np

from procgen_sim._checks import InputError, nearest
from procgen_sim.generators.sources.returned import understood

__all__ = ["serve"]


def serve(name: str) -> None:
    """Answer until there are no more questions; ``name`` is ``module:function``."""
    questions = os.fdopen(os.dup(0), "r", encoding="ascii")
    answers = os.fdopen(os.dup(1), "wb")
    nothing = os.open(os.devnull, os.O_RDONLY)
    os.dup2(nothing, 0)
    os.dup2(2, 1)

    def answer(**content: Any) -> None:
        data = json.dumps(content).encode("ascii")
        answers.write(len(data).to_bytes(4, "big") + data)
        answers.flush()

    try:
        function = _function(name)
    except InputError as error:
        answer(bad=_parts(error))
        return
    answer(ready=True)
    for line in questions:
        seed = int(line)
        where = f"{name}, seed {seed}"
        try:
            made = understood(where, _called(where, function, seed))
        except InputError as error:
            answer(bad=_parts(error))
            continue
        tags = None if made.tileset is None else [[c, *w] for c, w in made.tileset.tags.items()]
        answer(rows=made.rows, coded=made.coded, tags=tags)


def _parts(error: InputError) -> list[str | None]:
    return [error.where, error.expected, error.found, error.do]


def _called(where: str, function: Callable[[int], object], seed: int) -> object:
    random.seed(seed)
    np.random.seed(seed % 2**32)  # noqa: NPY002  it is theirs that may use it, not ours
    try:
        return function(seed)
    except BaseException as error:  # a generator that exits must not end the conversation
        raise _raised(
            where,
            "a level",
            error,
            function.__code__.co_filename if hasattr(function, "__code__") else None,
        ) from None


def _function(name: str) -> Callable[[int], object]:
    module_name, _, path = name.partition(":")
    here = os.getcwd()
    if here not in sys.path:
        sys.path.insert(0, here)
    importlib.invalidate_caches()
    try:
        found: Any = importlib.import_module(module_name)
    except BaseException as error:
        if (
            isinstance(error, ModuleNotFoundError)
            and error.name
            and (module_name == error.name or module_name.startswith(f"{error.name}."))
        ):
            close = nearest(module_name, sorted(m.name for m in pkgutil.iter_modules([here])))
            raise InputError(
                name,
                expected="a Python module that is installed or in this folder",
                found=f"none of the name {error.name!r}",
                do=f"did you mean {close!r}" if close else None,
            ) from None
        raise _raised(name, f"a module {module_name} that can be imported", error, None) from None
    for part in path.split("."):
        names = sorted(
            n for n in vars(found) if not n.startswith("_") and callable(getattr(found, n))
        )
        if not hasattr(found, part):
            close = nearest(part, names)
            raise InputError(
                name,
                expected=f"a function {part!r} in {module_name}",
                found=f"only {', '.join(names[:8])}" if names else "no function at all",
                do=f"did you mean {close!r}" if close else None,
            )
        found = getattr(found, part)
    if not callable(found):
        raise InputError(name, expected="a function", found=f"a {type(found).__name__}")
    function: Callable[[int], object] = found
    return function


def _raised(where: str, expected: str, error: BaseException, file: str | None) -> InputError:
    """An exception of somebody's code in one sentence, with the place in their file."""
    lines = str(error).strip().splitlines() or [""]
    words = "".join(c if c.isprintable() else " " for c in lines[0][:200])
    found = f"{type(error).__name__}: {words}" if words else type(error).__name__
    frames = [
        (frame.f_code.co_filename, line)
        for frame, line in traceback.walk_tb(error.__traceback__)
        if frame.f_code.co_filename != __file__ and "importlib" not in frame.f_code.co_filename
    ]
    frames = [place for place in frames if place[0] == file] or frames
    if isinstance(error, SyntaxError):
        frames = []  # its words name the place
    if frames:
        found += f" ({os.path.basename(frames[-1][0])}, line {frames[-1][1]})"
    return InputError(where, expected=expected, found=found)
