"""Compilation, optional and guarded.

Kernels are plain Python functions over arrays, decorated with :func:`jit`. With numba installed
they are compiled once and cached; without it (no wheel for the platform, or
``PROCGEN_SIM_NO_JIT=1``) the very same functions run as they are, slower. Modules of kernels are
imported inside the functions that use them, so that ``import procgen_sim`` never loads numba.
"""

from __future__ import annotations

import multiprocessing
import os
import sys
import tempfile
from collections.abc import Callable
from pathlib import Path
from typing import Any, TypeVar

__all__ = ["COMPILED", "jit", "jit_bare"]

F = TypeVar("F", bound=Callable[..., Any])


def _usable_cache() -> None:
    """Point numba at a writable cache *before* it is imported.

    On a read-only installation with an unwritable home numba raises at import; a cache in the
    temporary folder costs a compilation per machine instead of the whole program.
    """
    if "NUMBA_CACHE_DIR" in os.environ:
        return
    here = Path(__file__).parent / "__pycache__"
    probe = here if here.exists() else here.parent
    if not os.access(probe, os.W_OK):
        fallback = (
            Path(tempfile.gettempdir())
            / f"procgen_sim-numba-{os.getuid() if hasattr(os, 'getuid') else 0}"
        )
        os.environ["NUMBA_CACHE_DIR"] = str(fallback)


def _load() -> Callable[..., Any] | None:
    if os.environ.get("PROCGEN_SIM_NO_JIT"):
        return None
    _usable_cache()
    try:
        import numba
    except ImportError:
        if multiprocessing.parent_process() is None:  # once, not from every worker
            print(
                "procgen_sim: no numba to import; running uncompiled, about 100 times slower.",
                file=sys.stderr,
            )
        return None
    compiler: Callable[..., Any] = numba.njit(cache=True, nogil=True, error_model="numpy")
    return compiler


def _load_bare() -> Callable[..., Any] | None:
    if _COMPILER is None:
        return None
    import numba

    try:
        bare: Callable[..., Any] = numba.njit(
            cache=True, nogil=True, error_model="numpy", _nrt=False
        )
    except (KeyError, TypeError, NameError):  # not a documented option: do without it
        return _COMPILER
    return bare


_COMPILER = _load()
_BARE_COMPILER = _load_bare()

COMPILED: bool = _COMPILER is not None
"""True if kernels run compiled."""


def jit(function: F) -> F:
    """Compile ``function`` if numba is there; otherwise return it unchanged."""
    return function if _COMPILER is None else _COMPILER(function)


def jit_bare(function: F) -> F:
    """:func:`jit` for a function that makes no arrays and is called very often.

    Its arrays are not counted as used while it runs, which takes longer than a few tile look-ups
    do; whoever calls it holds them anyway.
    """
    return function if _BARE_COMPILER is None else _BARE_COMPILER(function)
