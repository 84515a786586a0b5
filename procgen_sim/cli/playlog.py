"""See, export or delete what was logged while you played.

The log stays in your data folder; nothing leaves the machine. export writes tables of sessions and
levels, and each level as text beside the replay of its last attempt, which watch shows.
"""

from __future__ import annotations

import argparse
from typing import TYPE_CHECKING

from procgen_sim._checks import InputError

if TYPE_CHECKING:
    from procgen_sim.game.playlog_sitting import Sitting

__all__ = ["HELP", "add_arguments", "run"]

HELP = "what was logged while you played"

_HEAD = (
    ("", "session"),
    ("", "person"),
    ("", "began"),
    ("levels", "won"),
    ("", "deaths"),
    ("", "minutes"),
    ("foreseen of first", "and last level"),
    ("its boredom", "at the end"),
    ("your boredom", "(1–5, mean)"),
)


def add_arguments(parser: argparse.ArgumentParser) -> None:
    """Declare the options."""
    what = parser.add_subparsers(dest="what", required=True, metavar="WHAT")
    show = what.add_parser("show", help="the sessions, a line each", allow_abbrev=False)
    show.add_argument("--person", metavar="NAME", help="only this one's")
    show.add_argument("--json", action="store_true", help="print them as JSON")
    export = what.add_parser("export", help="tables for other programs", allow_abbrev=False)
    export.add_argument("--person", metavar="NAME", help="only this one's")
    export.add_argument(
        "--format", default="parquet", metavar="NAME", help="parquet or csv (default: parquet)"
    )
    export.add_argument("--out", metavar="FOLDER", help="where to (default: runs/playlog-NNNN)")
    export.add_argument("--overwrite", action="store_true", help="replace what is in --out")
    delete = what.add_parser("delete", help="delete all there is of a person", allow_abbrev=False)
    delete.add_argument("--person", metavar="NAME", required=True, help="whose")
    delete.add_argument("--yes", action="store_true", help="yes, it cannot be undone")
    what.add_parser("path", help="where the log is", allow_abbrev=False)


def run(options: argparse.Namespace) -> int:
    """Do what was asked for."""
    return {"show": _show, "export": _export, "delete": _delete, "path": _path}[options.what](
        options
    )


def _path(_options: argparse.Namespace) -> int:
    from procgen_sim.game.playlog_file import log_path

    print(log_path())
    return 0


def _show(options: argparse.Namespace) -> int:
    from procgen_sim.game.playlog_export import sittings
    from procgen_sim.game.playlog_file import log_path

    found = sittings(log_path(), options.person)
    if options.json:
        import json
        from dataclasses import asdict

        print(json.dumps([asdict(each) for each in found], indent=2))
        return 0
    if not found:
        print("No sessions yet.")
        return 0
    from procgen_sim.cli.tables import columns

    print("\n".join(columns(_HEAD, [_row(each) for each in found], least="session")))
    return 0


def _row(sitting: Sitting) -> tuple[str, ...]:
    from datetime import datetime

    from procgen_sim.cli.play import percent

    def share(told: float | None) -> str:
        return "–" if told is None else percent(told)

    return (
        str(sitting.session),
        sitting.person or "–",
        datetime.fromtimestamp(sitting.began).strftime("%Y-%m-%d %H:%M"),
        f"{sitting.n_won} of {sitting.n_levels}",
        str(sitting.deaths),
        f"{sitting.seconds / 60:.1f}",
        f"{share(sitting.foreseen_first)}, {share(sitting.foreseen_last)}",
        share(sitting.boredom),
        "–" if sitting.rating is None else f"{sitting.rating:.1f}",
    )


def _export(options: argparse.Namespace) -> int:
    from procgen_sim.cli.options import folder_for
    from procgen_sim.game.playlog_export import export_log
    from procgen_sim.game.playlog_file import log_path

    folder = folder_for("playlog", options.out)
    if folder.is_dir() and any(folder.iterdir()) and not options.overwrite:
        raise InputError(
            f"--out {folder}",
            expected="an empty folder, or none",
            found="files",
            do="name another, or add --overwrite",
        )
    for path in export_log(log_path(), folder, options.format, person=options.person):
        print(path)
    print(folder / "played")
    return 0


def _delete(options: argparse.Namespace) -> int:
    from procgen_sim.game.playlog_export import delete_person, sittings
    from procgen_sim.game.playlog_file import log_path

    n_sessions = len(sittings(log_path(), options.person))
    sessions = "1 session" if n_sessions == 1 else f"{n_sessions} sessions"
    if not options.yes:
        raise InputError(
            "playlog delete",
            expected=f"--yes, to delete {sessions} of {options.person} for good",
            found="none",
        )
    delete_person(log_path(), options.person)
    print(f"Deleted {sessions} of {options.person}.")
    return 0
