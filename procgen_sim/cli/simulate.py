"""Play one arm to simulated players and keep the records only: no figures, no report.

The records are Parquet files with one row per player and level; any data tool reads them.
"""

from __future__ import annotations

import argparse

from procgen_sim._checks import InputError
from procgen_sim.cli.options import (
    add_config_file,
    add_config_options,
    add_jobs,
    add_run_folder,
    config_from,
    folder_for,
    jobs_from,
)

__all__ = ["HELP", "add_arguments", "run"]

HELP = "one arm, headless: records only"


def add_arguments(parser: argparse.ArgumentParser) -> None:
    """Declare the options."""
    parser.add_argument(
        "arm",
        nargs="?",
        default="on-model",
        help="on-model, PROPOSAL, PROPOSAL@RATE or PROPOSAL@SCHEDULE:N (default: on-model)",
    )
    add_config_options(
        parser,
        [
            "corpus",
            "tileset",
            "skip_bad",
            "model",
            "degree",
            "rate",
            "authored",
            "players",
            "levels",
            "columns",
            "check",
            "seed",
            "observer",
        ],
    )
    add_jobs(parser)
    add_config_file(parser)
    add_run_folder(parser, "simulate")
    parser.add_argument("--json", action="store_true", help="print a summary as JSON")


def run(options: argparse.Namespace) -> int:
    """Simulate one arm."""
    config = config_from(options)
    jobs = jobs_from(options)
    folder = folder_for("simulate", options.out)
    if "," in options.arm:
        raise InputError(
            "arm", expected="one arm", found=repr(options.arm), do="use compare for several"
        )

    import json

    from procgen_sim.cli.progress import progress_bar
    from procgen_sim.experiments.simulate import run_simulate
    from procgen_sim.experiments.used_up import LibraryUse, describe_use

    with progress_bar("players", quiet=options.json) as progress:
        done = run_simulate(
            config,
            options.arm,
            folder,
            jobs=jobs,
            overwrite=options.overwrite,
            progress=progress,
        )
    if options.json:
        print(json.dumps(done, indent=2))
    else:
        use = done["authored"]
        told = f"{describe_use([LibraryUse(**use)])}\n" if use else ""
        print(
            f"{done['players']} players × {done['levels']} levels of {done['arm']}: "
            f"foreseen share {done['foreseen_start']:.2f} at the first level, "
            f"{done['foreseen_end']:.2f} over the last {min(done['levels'], 10)}.\n"
            f"{told}Records: {done['run']}"
        )
    return 0
