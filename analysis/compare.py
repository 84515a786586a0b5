"""Does leaving the model on purpose keep players longer than staying on it?

The main job as a short script: fit a mixture to two bodies of work, let a hundred simulated
players meet its levels, and let the same players meet the same levels with every seventh or so
replaced by one the model would not make. ``procgen-sim compare`` does the same and writes a report.
"""

import argparse
from pathlib import Path

from procgen_sim.experiments import RunConfig, run_compare
from procgen_sim.experiments.parallel import usable_cores


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--quick", action="store_true", help="a few players, to see that it runs")
    parser.add_argument("--out", type=Path, default=Path("runs/analysis"), help="folder of results")
    options = parser.parse_args()

    config = RunConfig(players=10, levels=20) if options.quick else RunConfig()
    run = run_compare(config, options.out / "compare", jobs=usable_cores(), overwrite=True)

    for arm in run.summary.arms:
        print(f"{arm.name}: predictability {arm.predictability_end:.2f} at the end")
        for notion, found in arm.notions.items():
            more = found.difference
            print(
                f"  {notion:9}bored after {found.bored.median.estimate or 'more than all'} levels,"
                f" {more.estimate:+.1f} ({more.low:+.1f} to {more.high:+.1f}) against on-model"
            )
    print(f"Results: {run.folder}")


if __name__ == "__main__":
    main()
