"""Make all figures and the report of a run again, from its records alone."""

from __future__ import annotations

import argparse
from pathlib import Path

__all__ = ["HELP", "add_arguments", "run"]

HELP = "figures and report of a stored run, again"


def add_arguments(parser: argparse.ArgumentParser) -> None:
    """Declare the options."""
    parser.add_argument("run", metavar="RUN", help="the folder of a compare run")


def run(options: argparse.Namespace) -> int:
    """Plot a run."""
    from procgen_sim.experiments import open_run
    from procgen_sim.report import write_report

    finished = open_run(Path(options.run))
    for path in write_report(finished):
        print(path)
    return 0
