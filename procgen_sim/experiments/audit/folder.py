"""The folder of an audit: its settings, its numbers, and what the report makes of them.

``run.json`` says whose it is (:mod:`procgen_sim.experiments.run_folder`); ``config.toml`` what was
asked for; ``audit.json`` and ``levels.csv`` what was found; ``report.html`` and ``figures/`` are
made by :mod:`procgen_sim.report.audit` from ``audit.json`` alone.
"""

from __future__ import annotations

from pathlib import Path
from typing import Final

from procgen_sim.experiments.audit.config import AuditConfig
from procgen_sim.experiments.run_folder import CONFIG_FILE, RunFolder
from procgen_sim.files import write_text

__all__ = ["AUDIT_FILE", "PER_LEVEL_FILE", "AuditFolder"]

AUDIT_FILE: Final = "audit.json"
PER_LEVEL_FILE: Final = "levels.csv"


class AuditFolder:
    """A folder that an audit is going to write to.

    Raises
    ------
    InputError
        If the folder is taken, before any work is done and with nothing changed.
    """

    def __init__(self, path: Path, config: AuditConfig, *, overwrite: bool = False) -> None:
        self.path = path
        self._folder = RunFolder(
            path, command="audit", config=config, overwrite=overwrite, resumable=False
        )

    def write(self, numbers: str, table: str) -> None:
        """Claim the folder and write the numbers, and the table of levels.

        Raises
        ------
        InputError
            If the folder cannot be written.
        """
        self._folder.claim([CONFIG_FILE, AUDIT_FILE, PER_LEVEL_FILE])
        write_text(self.path / AUDIT_FILE, numbers)
        write_text(self.path / PER_LEVEL_FILE, table)

    def finish(self) -> None:
        """Say that the audit is complete."""
        self._folder.finish()
