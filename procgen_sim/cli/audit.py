"""Say how soon players see through levels, by what, and against which yardsticks.

A SOURCE is a folder or .zip of levels of any game, a Python function as module:function that makes
a level of a seed, or a command line with {seed} in it that prints one. Several are compared at
equal numbers of levels and columns. Writes a report unless only --json or --per-level is wanted.
"""

from __future__ import annotations

import argparse
from pathlib import Path
from typing import TYPE_CHECKING, Any

from procgen_sim._checks import InputError, check_number
from procgen_sim.cli.options import add_jobs, folder_for, jobs_from

if TYPE_CHECKING:
    from procgen_sim.experiments.audit import AuditFolder
    from procgen_sim.generators.sources import Limits

__all__ = ["HELP", "add_arguments", "run"]

HELP = "a verdict on the sameness of any levels or generator"


def add_arguments(parser: argparse.ArgumentParser) -> None:
    """Declare the options."""
    parser.add_argument(
        "sources",
        nargs="+",
        metavar="SOURCE",
        help="folder, .zip, module:function, 'command {seed}', or 'samurai' or 'space_opera'",
    )
    parser.add_argument("--tileset", metavar="FILE", help="tileset.json for sources without one")
    parser.add_argument("--skip-bad", action="store_true", help="leave out what cannot be read")
    parser.add_argument(
        "--levels",
        type=int,
        metavar="N",
        help="levels of each source: the first N, or seeds N in number (default: all, or 100)",
    )
    parser.add_argument(
        "--order",
        default="auto",
        metavar="ORDER",
        help="how a level is met: columns, rows-up, reading (default: by its shape)",
    )
    parser.add_argument(
        "--players",
        type=int,
        default=200,
        metavar="N",
        help="simulated players, 20 or more (default: 200)",
    )
    parser.add_argument(
        "--no-yardsticks", action="store_true", help="leave out the hand-made bodies beside them"
    )
    parser.add_argument("--seed", type=int, default=1, metavar="N", help="one seed, one result")
    parser.add_argument(
        "--timeout",
        type=float,
        metavar="S",
        help="seconds a generator may take for a level (default: 60)",
    )
    parser.add_argument(
        "--memory",
        type=float,
        metavar="MB",
        help="memory a generator's process may take (default: 4096)",
    )
    add_jobs(parser)
    parser.add_argument("--json", metavar="FILE", help="write the numbers; - prints them")
    parser.add_argument("--per-level", metavar="FILE", help="write each level's bits as CSV")
    parser.add_argument(
        "--out", metavar="FOLDER", help="where the report goes (default: runs/audit-NNNN)"
    )
    parser.add_argument("--overwrite", action="store_true", help="replace the audit in --out")


def run(options: argparse.Namespace) -> int:
    """Audit, write what was asked for, and print the verdict."""
    import json

    from procgen_sim.cli.progress import stages_bar
    from procgen_sim.experiments.audit import AuditConfig, AuditFolder, per_level, run_audit
    from procgen_sim.files import write_text
    from procgen_sim.generators.sources import Limits

    config = AuditConfig(
        sources=tuple(options.sources),
        tileset=options.tileset or "",
        skip_bad=options.skip_bad,
        levels=_levels(options.levels),
        order=options.order,
        players=options.players,
        seed=options.seed,
        yardsticks=not options.no_yardsticks,
    ).checked()
    limits = _limits(options, Limits())
    for name in ("json", "per_level"):
        if getattr(options, name) == "":
            flag = f"--{name.replace('_', '-')}"
            raise InputError(flag, expected="a file, or - to print", found="''")
    if options.json == options.per_level == "-":
        raise InputError(
            "--per-level",
            expected="a file, as --json is printed",
            found="-",
            do="print one of them",
        )
    printed = options.json == "-"
    files = [Path(name) for name in (options.json, options.per_level) if name and name != "-"]
    if len(files) == 2 and files[0].resolve() == files[1].resolve():
        raise InputError("--json", expected="another file than --per-level", found=str(files[0]))
    folder = None
    if options.out is not None or not (options.json or options.per_level):
        folder = AuditFolder(folder_for("audit", options.out), config, overwrite=options.overwrite)
    with stages_bar(quiet=printed) as tell:
        found = run_audit(config, jobs=jobs_from(options), limits=limits, tell=tell)
    told = found.document
    text = json.dumps(told, ensure_ascii=False, indent=1) + "\n"
    table = per_level(found.sources)
    if options.json and not printed:
        write_text(Path(options.json), text)
    if options.per_level == "-":
        print(table, end="")
    elif options.per_level:
        write_text(Path(options.per_level), table)
    if folder is not None:
        folder.write(text, table)
        _report(folder)
    if printed:
        print(text, end="")
    elif options.per_level != "-":
        from procgen_sim.cli.audit_table import audit_table

        print(audit_table(told))
        for path in files if folder is None else [*files, folder.path / "report.html"]:
            print(f"\nwritten: {path}")
    return 0


def _levels(given: int | None) -> int:
    """``--levels``; 0 for all there are."""
    if given is not None and given < 1:
        raise InputError("--levels", expected="a whole number of at least 1", found=str(given))
    return given or 0


def _limits(options: argparse.Namespace, usual: Limits) -> Limits:
    """What a generator may take, otherwise than usual."""
    from dataclasses import replace

    given: dict[str, Any] = {}
    if options.timeout is not None:
        check_number("--timeout", options.timeout, low=0.01, high=1e6)
        given["seconds"] = options.timeout
    if options.memory is not None:
        check_number("--memory", options.memory, low=16, high=1e9)
        given["memory_bytes"] = round(options.memory * 1024**2)
    return replace(usual, **given)


def _report(folder: AuditFolder) -> None:
    """Make the report; whatever stops that, the numbers are there."""
    from procgen_sim.report.audit import write_audit_report

    try:
        write_audit_report(folder.path)
    except InputError as error:
        done = f"the numbers are complete in {folder.path}"
        raise InputError(
            error.where, expected=error.expected, found=error.found, do=done
        ) from error
    folder.finish()
