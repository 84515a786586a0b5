"""Make all figures and the report of a run or an audit again, from what its folder stores alone."""

from __future__ import annotations

import argparse
from pathlib import Path

__all__ = ["HELP", "add_arguments", "run"]

HELP = "figures and report of a stored run or audit, again"


def add_arguments(parser: argparse.ArgumentParser) -> None:
    """Declare the options."""
    parser.add_argument("run", metavar="RUN", help="the folder of a compare run or an audit")


def run(options: argparse.Namespace) -> int:
    """Plot a run."""
    from procgen_sim.experiments.marker import read_marker

    folder = Path(options.run)
    marker = read_marker(folder)
    if marker is not None and marker.command == "audit":
        from procgen_sim.report.audit import write_audit_report

        written = write_audit_report(folder)
    elif marker is not None and marker.command == "search":
        from procgen_sim.report.search import write_search_figures

        written = write_search_figures(folder)
    else:
        from procgen_sim.experiments import open_run
        from procgen_sim.report import write_report

        written = write_report(open_run(folder))
    for path in written:
        print(path)
    return 0
