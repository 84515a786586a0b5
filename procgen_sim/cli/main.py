"""The parser, and what happens to errors: one sentence and exit status 2."""

from __future__ import annotations

import argparse
import os
import sys
from collections.abc import Sequence
from typing import NoReturn

from procgen_sim import __version__
from procgen_sim._checks import InputError
from procgen_sim.cli import compare, generate, plot, simulate, solve

__all__ = ["main"]

COMMANDS = {
    "compare": compare,
    "simulate": simulate,
    "generate": generate,
    "solve": solve,
    "plot": plot,
}
"""Command to module; each has HELP, ``add_arguments(parser)`` and ``run(options) -> status``."""


def main(argv: Sequence[str] | None = None) -> int:
    """Run a command; return 0 done, 1 a negative answer, 2 wrong use or bad input."""
    options = build_parser().parse_args(argv)
    try:
        status = int(COMMANDS[options.command].run(options))
        sys.stdout.flush()
        return status
    except InputError as error:
        print(f"procgen-sim: {error}", file=sys.stderr)
        return 2
    except KeyboardInterrupt:
        print("procgen-sim: stopped; finished parts are kept.", file=sys.stderr)
        return 130
    except BrokenPipeError:
        # The reader of our output has gone (`| head`); that is its right.
        os.dup2(os.open(os.devnull, os.O_WRONLY), sys.stdout.fileno())
        return 0


class Parser(argparse.ArgumentParser):
    """argparse, but what is wrong is said in one sentence."""

    def error(self, message: str) -> NoReturn:
        self.exit(2, f"{self.prog}: {message}; see {self.prog} --help.\n")


def build_parser() -> argparse.ArgumentParser:
    """The whole command line."""
    parser = Parser(
        prog="procgen-sim",
        description="How soon will players see through your level generator, and what would help?",
        allow_abbrev=False,
    )
    parser.add_argument("--version", action="version", version=f"procgen-sim {__version__}")
    commands = parser.add_subparsers(dest="command", required=True, metavar="COMMAND")
    for name, module in COMMANDS.items():
        command = commands.add_parser(
            name,
            help=module.HELP,
            description=module.__doc__,
            allow_abbrev=False,
            formatter_class=argparse.RawDescriptionHelpFormatter,
        )
        module.add_arguments(command)
    return parser
