"""Say which levels can be finished, by the tile-level jump rules.

Sound, not complete: "playable" comes with a path that the rules allow; "not playable" means that
these rules find none. Enemies, moving platforms and time are not modelled. Exit status 1 when a
level is not playable.
"""

from __future__ import annotations

import argparse
from pathlib import Path

__all__ = ["HELP", "add_arguments", "run"]

HELP = "which levels can be finished"

_LIMITS = (
    "The rules are sound, not complete: moving platforms, springs and running jumps are not "
    "modelled."
)


def add_arguments(parser: argparse.ArgumentParser) -> None:
    """Declare the options."""
    parser.add_argument(
        "files",
        nargs="+",
        metavar="FILE",
        help="levels, folders of levels, or the shipped 'samurai' and 'space_opera'",
    )
    parser.add_argument("--tileset", metavar="FILE", help="tileset.json, if none is beside them")
    parser.add_argument("--skip-bad", action="store_true", help="leave out what cannot be read")
    parser.add_argument("--json", action="store_true", help="print the verdicts as JSON")


def run(options: argparse.Namespace) -> int:
    """Solve files."""
    import json
    import sys
    import time

    from procgen_sim.levels import load_corpus, load_level, shipped_corpus
    from procgen_sim.levels.corpus import SHIPPED, check_source
    from procgen_sim.levels.store import as_tileset
    from procgen_sim.platformer import reach

    tileset = as_tileset(options.tileset)
    verdicts = []
    for name in options.files:
        path = Path(name)
        check_source(name, "a level, a folder of levels")
        if name in SHIPPED or path.is_dir():
            corpus = (
                shipped_corpus(name)
                if name in SHIPPED
                else load_corpus(path, tileset=tileset, skip_bad=options.skip_bad)
            )
            for skipped in corpus.skipped:
                print(f"procgen-sim: skipped {skipped}", file=sys.stderr)
            levels = [(f"{name}/{level.name}", level) for level in corpus.levels]
        else:
            levels = [(name, load_level(path, tileset))]
        for file, level in levels:
            start = time.perf_counter()
            found = reach(level)
            verdicts.append(
                {
                    "file": file,
                    "verdict": "playable" if found.playable else "not playable",
                    "reason": found.reason,
                    "furthest_column": found.furthest_column,
                    "ms": round((time.perf_counter() - start) * 1000.0, 3),
                }
            )
    if options.json:
        print(json.dumps(verdicts, indent=2))
    else:
        for verdict in verdicts:
            print(f"{verdict['verdict']:12}  {verdict['file']}  ({verdict['reason']})")
        n_playable = sum(verdict["verdict"] == "playable" for verdict in verdicts)
        print(f"{n_playable} of {len(verdicts)} playable by the jump rules")
        if n_playable < len(verdicts):
            print(_LIMITS)
    return 0 if all(verdict["verdict"] == "playable" for verdict in verdicts) else 1
