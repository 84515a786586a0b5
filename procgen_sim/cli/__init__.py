"""The command line: ``procgen-sim COMMAND``. Commands load what they need when they run."""

from procgen_sim.cli.main import main

__all__ = ["main"]
