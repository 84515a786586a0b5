"""The boredom curves of a stored run, one panel for each notion of interest.

Figures come from records, never from a live simulation: run ``analysis/compare.py`` or
``procgen-sim compare`` first and name its folder, or let this script make the run.
"""

import argparse
import sys
from pathlib import Path

from procgen_sim._checks import InputError
from procgen_sim.experiments import RunConfig, open_run, run_compare
from procgen_sim.experiments.parallel import usable_cores
from procgen_sim.report import write_figures


def main(argv: list[str] | None = None) -> int:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("run", nargs="?", type=Path, help="folder of a stored run")
    parser.add_argument("--quick", action="store_true", help="a few players, to see that it runs")
    parser.add_argument("--out", type=Path, default=Path("runs/analysis"), help="folder of results")
    options = parser.parse_args(argv)
    try:
        if options.run:
            run = open_run(options.run)
        else:
            config = RunConfig(players=10, levels=20) if options.quick else RunConfig()
            folder = options.out / "boredom_curves"
            run = run_compare(config, folder, jobs=usable_cores(), overwrite=True)
        paths = write_figures(run, options.out / "figures", ["boredom", "predictability"])
    except InputError as error:
        print(f"boredom_curves: {error}", file=sys.stderr)
        return 2
    for path in paths:
        print(path)
    return 0


if __name__ == "__main__":
    raise SystemExit(main())
