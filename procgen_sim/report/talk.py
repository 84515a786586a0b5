"""The scripts in ``analysis/``: run an experiment or read what it found, draw one figure of it."""

from __future__ import annotations

import argparse
import sys
from collections.abc import Callable, Sequence
from pathlib import Path

from matplotlib.figure import Figure

from procgen_sim._checks import InputError
from procgen_sim.experiments.essay import Effort, Finding, experiment
from procgen_sim.files import write_bytes, writing_beside
from procgen_sim.report.style import as_png, as_svg, lay_out, looks

__all__ = ["Draw", "check_folder", "draw_finding", "script"]

Draw = Callable[[Finding], Figure]
"""From what an experiment found to the one figure of it."""


def script(
    name: str,
    draw: Draw,
    doc: str | None,
    argv: Sequence[str] | None = None,
    *,
    run: Callable[[Effort], Finding] | None = None,
) -> int:
    """What ``python analysis/NAME.py`` does; the process's exit status: 0 if the claim holds, 1 if
    it does not, 2 for wrong use.

    ``OUT/NAME.json`` is what was found, ``OUT/figures/NAME.png`` and ``.svg`` the figure of that
    file. ``run`` is what to run if it is none of the essay's experiments.
    """
    parser = argparse.ArgumentParser(
        description=doc, formatter_class=argparse.RawDescriptionHelpFormatter
    )
    parser.add_argument("--quick", action="store_true", help="a taste of it, in seconds")
    parser.add_argument("--seed", type=int, help="one seed, one result (default: 1)")
    parser.add_argument("--jobs", type=int, default=1, help="processes (default: 1)")
    parser.add_argument("--plot", action="store_true", help="only draw what is stored in --out")
    parser.add_argument("--out", type=Path, default=Path("runs/analysis"), help="folder of results")
    options = parser.parse_args(argv)
    stored = options.out / f"{name}.json"
    try:
        if options.plot and (options.quick or options.seed is not None):
            raise InputError(
                "--plot",
                expected="what is stored, as it is",
                found="also --quick or --seed",
                do="leave them out, or leave out --plot to run it again",
            )
        if not options.plot:
            check_folder(options.out)
            effort = Effort(
                seed=1 if options.seed is None else options.seed,
                quick=options.quick,
                jobs=options.jobs,
            )
            (run or experiment(name))(effort).write(stored)
        finding = Finding.read(stored)
        drawn = draw_finding(name, draw, options.out)
    except InputError as error:
        print(f"{name}: {error}", file=sys.stderr)
        return 2
    print(f"{finding.conclusion}\n")
    for check in finding.checks:
        print(f"  {check.sentence()}")
    print(f"\n{stored}\n" + "\n".join(str(path) for path in drawn))
    return 0 if finding.holds else 1


def check_folder(out: Path) -> None:
    """Refuse a folder that cannot be written to before, not after, the work is done."""
    with writing_beside(out / ".try"):
        pass
    (out / ".try").unlink()


def draw_finding(name: str, draw: Draw, out: Path) -> list[Path]:
    """Draw what is stored in a folder, as PNG and SVG; the files written.

    Raises
    ------
    InputError
        If nothing is stored there, or the figure cannot be written.
    """
    finding = Finding.read(out / f"{name}.json")
    with looks():
        figure = lay_out(draw(finding))
        made = {"png": as_png(figure), "svg": as_svg(figure)}
    paths = []
    for suffix, data in made.items():
        paths.append(out / "figures" / f"{name}.{suffix}")
        write_bytes(paths[-1], data)
    return paths
