"""Whether the right pygame is installed: asked before anything here imports it."""

from __future__ import annotations

import importlib

from procgen_sim._checks import InputError

__all__ = ["check_pygame"]


def check_pygame() -> None:
    """Refuse to go on without pygame-ce.

    It and the older package named pygame are both imported as ``pygame`` and overwrite each
    other, so what is there can be the wrong one although the right one was installed.

    Raises
    ------
    InputError
        If there is no pygame, or not pygame-ce.
    """
    try:
        pygame = importlib.import_module("pygame")
    except ImportError as error:
        raise InputError(
            "the game",
            expected="the package pygame-ce",
            found=str(error).lower(),
            do="run: pip install pygame-ce",
        ) from error
    if not getattr(pygame, "IS_CE", False):
        raise InputError(
            "the game",
            expected="the package pygame-ce",
            found="the package pygame in its place",
            do="run: pip uninstall -y pygame pygame-ce, then: pip install pygame-ce",
        )
