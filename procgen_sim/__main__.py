"""``python -m procgen_sim`` is ``procgen-sim``."""

import sys

from procgen_sim.cli import main

if __name__ == "__main__":
    sys.exit(main())
