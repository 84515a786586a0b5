"""Runs that begin in a second: with fewer levels that nobody plays."""

from __future__ import annotations

FEW_LEVELS = {"_N_CALIBRATION": 1000, "_N_TRAINING": 200, "_N_FRESH": 400}
"""Constants of :mod:`procgen_sim.experiments.preparation`, which take ten seconds as they are."""

IN_A_SECOND = (
    "import sys, procgen_sim.experiments.preparation as preparation; "
    f"vars(preparation).update({FEW_LEVELS}); "
    "from procgen_sim.cli import main; sys.exit(main(sys.argv[1:]))"
)
"""The command line with such a beginning, for ``python -c``."""
