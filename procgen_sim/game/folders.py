"""Where a person's settings, play logs and pictures are kept, as each platform has it."""

from __future__ import annotations

import os
import sys
from collections.abc import Mapping
from pathlib import Path

__all__ = ["config_folder", "data_folder", "pictures_folder"]

NAME = "procgen-sim"
HOME_VARIABLE = "PROCGEN_SIM_HOME"
"""When set, everything is kept below that folder instead."""


def config_folder(environ: Mapping[str, str] = os.environ, platform: str = sys.platform) -> Path:
    """Folder of the settings. It need not exist yet."""
    return _folder(environ, platform, "config", "APPDATA", "XDG_CONFIG_HOME", ".config")


def data_folder(environ: Mapping[str, str] = os.environ, platform: str = sys.platform) -> Path:
    """Folder of play logs and levels that were kept. It need not exist yet."""
    return _folder(environ, platform, "data", "LOCALAPPDATA", "XDG_DATA_HOME", ".local/share")


def pictures_folder(environ: Mapping[str, str] = os.environ, platform: str = sys.platform) -> Path:
    """Folder of screenshots. It need not exist yet."""
    return data_folder(environ, platform) / "screenshots"


def _folder(
    environ: Mapping[str, str], platform: str, kind: str, windows: str, xdg: str, unix: str
) -> Path:
    if chosen := environ.get(HOME_VARIABLE):
        return Path(chosen) / kind
    home = Path(environ.get("HOME") or environ.get("USERPROFILE") or Path.home())
    if platform == "win32":
        return Path(environ.get(windows) or home) / NAME
    if platform == "darwin":
        # One folder for both there; the kinds keep apart what they hold.
        return home / "Library" / "Application Support" / NAME / kind
    # The specification says: a path that is not absolute is to be ignored.
    given = Path(environ.get(xdg, ""))
    return (given if given.is_absolute() else home / unix) / NAME
