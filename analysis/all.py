"""All experiments and their figures, two or more at a time: what came out, claim by claim.

Each is also a script of its own in this folder. What is found and drawn does not depend on the
number of processes.
"""

from __future__ import annotations

import argparse
import importlib
import os
import sys
import time
from pathlib import Path

os.environ.setdefault("OMP_NUM_THREADS", "1")  # processes share the cores, not threads

from procgen_sim._checks import InputError
from procgen_sim.experiments.essay import EXPERIMENTS, Effort, Finding, experiment
from procgen_sim.experiments.parallel import usable_cores, workers
from procgen_sim.report.talk import draw_finding

LONGEST_FIRST = ("complacency", "sensitivity", "on_model", "audience", "off_model", "delegation")


def run_and_draw(name: str, quick: bool, seed: int, out: Path) -> tuple[str, float]:
    """One experiment and its figure; its name and the seconds it took."""
    start = time.perf_counter()
    experiment(name)(Effort(seed=seed, quick=quick)).write(out / f"{name}.json")
    draw_finding(name, importlib.import_module(name).draw, out)
    return name, time.perf_counter() - start


def main() -> int:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--quick", action="store_true", help="a taste of each, in seconds")
    parser.add_argument("--seed", type=int, default=1, help="one seed, one result (default: 1)")
    parser.add_argument("--jobs", type=int, default=usable_cores(), help="processes")
    parser.add_argument("--out", type=Path, default=Path("runs/analysis"), help="folder of results")
    options = parser.parse_args()
    start = time.perf_counter()
    names = sorted(
        EXPERIMENTS,
        key=lambda name: LONGEST_FIRST.index(name) if name in LONGEST_FIRST else len(EXPERIMENTS),
    )
    work = [(name, options.quick, options.seed, options.out) for name in names]
    try:
        Effort(seed=options.seed, jobs=options.jobs)
        with workers(options.jobs) as crew:
            for done, (name, seconds) in enumerate(crew(run_and_draw, work), 1):
                print(f"[{done:2}/{len(names)}] {name}: {seconds:.0f} s", flush=True)
    except InputError as error:
        print(f"all: {error}", file=sys.stderr)
        return 2
    holds = True
    for name in EXPERIMENTS:
        finding = Finding.read(options.out / f"{name}.json")
        holds &= finding.holds
        words = "" if finding.holds else "  (not all of its checks hold)"
        print(f"\n{name}{words}\n  {finding.conclusion}")
    took = time.perf_counter() - start
    print(f"\n{len(names)} experiments in {took:.0f} s; results and figures in {options.out}")
    return 0 if holds else 1


if __name__ == "__main__":
    raise SystemExit(main())
