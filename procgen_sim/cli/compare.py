"""Compare staying on the model with ways of leaving it.

Fits a generator to a body of levels, plays its levels to simulated players who learn it, and says
how soon they are bored when every level follows the model and when some leave it on purpose.
Writes a folder with records, figures and a report.
"""

from __future__ import annotations

import argparse
import time
from collections.abc import Sequence
from pathlib import Path
from typing import TYPE_CHECKING

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
from procgen_sim.config import RunConfig, read_config

if TYPE_CHECKING:
    from procgen_sim.experiments import CompareRun

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
            "degree",
            "arms",
            "rate",
            "authored",
            "players",
            "levels",
            "columns",
            "check",
            "seed",
            "observer",
            "interest",
        ],
    )
    add_jobs(parser)
    add_config_file(parser)
    add_run_folder(parser, "compare")
    parser.add_argument("--json", action="store_true", help="print the answer as JSON")
    group = parser.add_argument_group(
        "search", "These go together, and never with --arms and --rate, in a --config file too."
    )
    group.add_argument(
        "--search",
        action="store_true",
        help="find the proposal, schedule and rate that keep a share of the audience longest",
    )
    add_config_options(group, ["budget", "keep"])


def run(options: argparse.Namespace) -> int:
    """Run the comparison and print its table."""
    if options.search:
        return _search(options)
    _refuse(options, ["budget", "keep"], "with --search")
    start = time.perf_counter()
    config = config_from(options)
    jobs = jobs_from(options)
    folder = folder_for("compare", options.out)

    from procgen_sim.cli.progress import progress_bar
    from procgen_sim.experiments import run_compare
    from procgen_sim.experiments.compare import note_seconds

    with progress_bar("players", quiet=options.json) as progress:
        finished = run_compare(
            config, folder, jobs=jobs, overwrite=options.overwrite, progress=progress
        )
    _report(finished)
    note_seconds(folder, time.perf_counter() - start)
    if options.json:
        print((folder / "summary.json").read_text(encoding="utf-8"))
    else:
        from procgen_sim.cli.tables import compare_table

        print(compare_table(finished))
    return 0


def _search(options: argparse.Namespace) -> int:
    """Search, and print what was found."""
    _refuse(options, ["arms", "rate"], "without --search, which looks at all ways within --budget")
    config = config_from(options)
    folder = folder_for("search", options.out)

    from procgen_sim.cli.progress import progress_bar
    from procgen_sim.experiments.search import run_search

    with progress_bar("laps", quiet=options.json) as progress:
        found = run_search(
            config,
            folder,
            jobs=jobs_from(options),
            overwrite=options.overwrite,
            progress=progress,
        )
    from procgen_sim.report.search import write_search_figures

    write_search_figures(folder)
    if options.json:
        print((folder / "search.json").read_text(encoding="utf-8"))
    else:
        from procgen_sim.cli.search_table import search_table

        print(search_table(found))
    return 0


def _refuse(options: argparse.Namespace, keys: Sequence[str], where: str) -> None:
    """Refuse what would do nothing: an option, or a key of the ``--config`` file that is not as by
    default. A stored configuration has all keys; those that did nothing are as by default."""
    for key in keys:
        if getattr(options, key) is not None:
            raise InputError(f"--{key}", expected=f"it only {where}", found="it", do="leave it out")
    given = read_config(Path(options.config)) if options.config else {}
    for key in keys:
        default = getattr(RunConfig(), key)
        if given.get(key, default) != default:
            raise InputError(
                f"{options.config}, key {key!r}",
                expected=f"it only {where}",
                found=repr(given[key]),
                do=f"leave it out, or as it is by default, {default!r}",
            )


def _report(finished: CompareRun) -> None:
    """Make the report; whatever stops that, the run itself is done."""
    from procgen_sim.report import write_report

    later = f"the records are complete and `procgen-sim plot {finished.folder}` makes the report"
    try:
        write_report(finished)
    except InputError as error:
        raise InputError(
            error.where, expected=error.expected, found=error.found, do=later
        ) from error
    except KeyboardInterrupt as stop:
        raise KeyboardInterrupt(f"stopped; {later}") from stop
