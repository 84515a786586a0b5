"""Generate levels from a model fitted to a corpus: text, Tiled, PNG.

Design models make platformer levels, each proven by a replay that reaches the goal. The model tile
learns any game's levels tile by tile and goes on in their own tiles; what can be played by our
physics is proven, too, and levels.json says which is. With --off PROPOSAL each level leaves the
model.
"""

from __future__ import annotations

import argparse

from procgen_sim._checks import InputError, check_choice, check_int
from procgen_sim.cli.options import add_config_file, add_config_options, config_from

__all__ = ["HELP", "add_arguments", "run"]

HELP = "levels from a fitted model, as text, Tiled or PNG"

FORMATS = ("txt", "tmx", "tmj", "png")


def add_arguments(parser: argparse.ArgumentParser) -> None:
    """Declare the options."""
    keys = ["corpus", "tileset", "skip_bad", "model", "degree", "temperature", "columns"]
    keys += ["check", "seed"]
    add_config_options(parser, keys)
    parser.add_argument("-n", "--count", type=int, default=10, help="how many (default: 10)")
    parser.add_argument(
        "--off",
        metavar="PROPOSAL",
        help="leave the model, by outlier say, or with --model tile by novelty; a wrong name lists "
        "all",
    )
    parser.add_argument(
        "--format",
        default="txt",
        metavar="LIST",
        help=f"any of {','.join(FORMATS)}, comma-separated (default: txt)",
    )
    parser.add_argument("--art", metavar="GENRE", help="art of PNG output: samurai or space_opera")
    add_config_file(parser)
    parser.add_argument("--out", metavar="FOLDER", help="where to (default: runs/generate-NNNN)")
    parser.add_argument("--overwrite", action="store_true", help="replace levels in --out")
    parser.add_argument("--json", action="store_true", help="print what was made as JSON")


def run(options: argparse.Namespace) -> int:
    """Generate levels."""
    config = config_from(options)
    check_int("--count", options.count, low=1, high=1_000_000)
    formats = [word.strip() for word in options.format.split(",") if word.strip()]
    if not formats:
        raise InputError("--format", expected=f"some of {', '.join(FORMATS)}", found="none")
    for word in formats:
        check_choice("--format", word, FORMATS)

    import json

    from procgen_sim.cli.options import folder_for
    from procgen_sim.experiments.generate import run_generate

    made = run_generate(
        config,
        folder_for("generate", options.out),
        count=options.count,
        off=options.off,
        formats=formats,
        art=options.art,
        overwrite=options.overwrite,
    )
    if options.json:
        print(json.dumps(made, indent=2))
    else:
        screened = [level for level in made["levels"] if level["playable"] is not None]
        playable = sum(level["playable"] for level in screened)
        how = "proven playable" if config.check == "proof" else "playable by the jump rules"
        said = f", {playable} {how}" if screened else ""
        print(f"{len(made['levels'])} levels{said}: {made['folder']}")
        for remark in made["remarks"]:
            print(f"{remark[:1].upper()}{remark[1:]}.")
    return 0
