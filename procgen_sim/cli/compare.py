"""Compare staying on the model with ways of leaving it.

Fits a generator to a body of levels, plays its levels to simulated players who learn it, and says
how soon they are bored when every level follows the model and when some leave it on purpose.
Writes a folder with records, figures and a report.
"""

from __future__ import annotations

import argparse

from procgen_sim.cli.options import (
    add_config_options,
    add_jobs,
    config_from,
    folder_for,
    jobs_from,
)

__all__ = ["HELP", "add_arguments", "run"]

HELP = "the main job: boredom on the model and off it, with a report"


def add_arguments(parser: argparse.ArgumentParser) -> None:
    """Declare the options."""
    add_config_options(
        parser,
        [
            "corpus",
            "tileset",
            "skip_bad",
            "model",
            "arms",
            "rate",
            "players",
            "levels",
            "columns",
            "seed",
            "interest",
        ],
    )
    add_jobs(parser)
    parser.add_argument("--config", metavar="FILE", help="TOML file with any of these keys")
    parser.add_argument("--out", metavar="FOLDER", help="where to (default: runs/compare-NNNN)")
    parser.add_argument("--overwrite", action="store_true", help="replace the run in --out")
    parser.add_argument("--json", action="store_true", help="print the answer as JSON")


def run(options: argparse.Namespace) -> int:
    """Run the comparison and print its table."""
    config = config_from(options)
    jobs = jobs_from(options)
    folder = folder_for("compare", options.out)

    from procgen_sim.cli.progress import progress_bar
    from procgen_sim.experiments import run_compare

    with progress_bar("players", quiet=options.json) as progress:
        finished = run_compare(
            config, folder, jobs=jobs, overwrite=options.overwrite, progress=progress
        )

    from procgen_sim.report import write_report

    write_report(finished)
    if options.json:
        print((folder / "summary.json").read_text(encoding="utf-8"))
    else:
        from procgen_sim.cli.tables import compare_table

        print(compare_table(finished))
    return 0
