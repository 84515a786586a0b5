"""The parser, and what happens to errors: one sentence and exit status 2."""

from __future__ import annotations

import argparse
import importlib.util
import os
import sys
from collections.abc import Sequence
from typing import NoReturn

from procgen_sim import __version__
from procgen_sim._checks import InputError
from procgen_sim.cli import audit, compare, generate, play, playlog, plot, simulate, solve, watch
from procgen_sim.cli.output import always_write, check_output, drop_output, output_error

__all__ = ["main"]

COMMANDS = {
    "compare": compare,
    "audit": audit,
    "simulate": simulate,
    "generate": generate,
    "solve": solve,
    "play": play,
    "watch": watch,
    "playlog": playlog,
    "plot": plot,
}
"""Command to module; each has HELP, ``add_arguments(parser)`` and ``run(options) -> status``."""


def main(argv: Sequence[str] | None = None) -> int:
    """Run a command; return 0 done, 1 a negative answer, 2 wrong use or bad input."""
    always_write()
    options = build_parser().parse_args(argv)
    if options.command != "plot":
        _say_if_slow()
    try:
        status = int(COMMANDS[options.command].run(options))
        check_output()
        return status
    except InputError as error:
        return _refuse(error)
    except KeyboardInterrupt as stop:
        # A run says what there is of it and how to go on.
        print(f"procgen-sim: {str(stop) or 'stopped'}.", file=sys.stderr)
        return 130
    except SystemError as error:
        # Ctrl-C inside compiled code arrives wrapped.
        if not isinstance(error.__cause__ or error.__context__, KeyboardInterrupt):
            raise
        print("procgen-sim: stopped.", file=sys.stderr)
        return 130
    except BrokenPipeError:
        # The reader of our output has gone (`| head`); that is its right.
        drop_output()
        return 0
    except OSError as error:
        if not _cannot_print():
            raise
        drop_output()
        return _refuse(output_error((error.strerror or type(error).__name__).lower()))


def _refuse(error: InputError) -> int:
    print(f"procgen-sim: {error}", file=sys.stderr)
    return 2


def _cannot_print() -> bool:
    """Whether it is standard output that fails: it does not always still hold what failed."""
    try:
        print()
        check_output()
    except OSError:
        return True
    return False


def _say_if_slow() -> None:
    """One line where kernels cannot be compiled, and not one more from every process."""
    if os.environ.get("PROCGEN_SIM_NO_JIT") or importlib.util.find_spec("numba"):
        return
    os.environ["PROCGEN_SIM_NO_JIT"] = "1"
    print(
        "procgen-sim: numba is not installed; running uncompiled, about 100 times slower.",
        file=sys.stderr,
    )


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
