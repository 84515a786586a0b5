"""Say which levels can be finished, and prove it.

By the rules physics (the default) a level is playable only with a replay that reaches the goal in
the game's own physics, creatures included; not playable only when every way has been tried; and
else unknown. The rules screen are the quick jump rules, which miss what needs a run-up; the rules
tiles are the published ones of the VGLC's path-finder, to compare with others' verdicts. Exit
status 1 unless all levels are playable.
"""

from __future__ import annotations

import argparse
from collections import Counter
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from procgen_sim._checks import InputError, check_choice, check_int

if TYPE_CHECKING:
    from procgen_sim.cli.given import Given
    from procgen_sim.levels import Level
    from procgen_sim.platformer.replay import Replay

__all__ = ["HELP", "add_arguments", "run"]

HELP = "which levels can be finished, with proof"

RULES = ("physics", "screen", "tiles")

_LIMITS = {
    "screen": "The rules are sound, not complete: moving platforms, springs and running jumps are "
    "not modelled.",
    "tiles": "The rules know no speed, no enemies and no hazards.",
}


def add_arguments(parser: argparse.ArgumentParser) -> None:
    """Declare the options."""
    parser.add_argument(
        "files",
        nargs="*",
        metavar="FILE",
        help="levels, folders of levels, or the shipped 'samurai' and 'space_opera'",
    )
    parser.add_argument(
        "--rules",
        metavar="NAME",
        default=RULES[0],
        help=f"{', '.join(RULES[:-1])} or {RULES[-1]} (default: {RULES[0]})",
    )
    parser.add_argument(
        "--budget",
        type=int,
        metavar="N",
        help="how many moments the search for a proof may look at before it says unknown",
    )
    parser.add_argument("--replays", metavar="FOLDER", help="keep each proof there, a replay each")
    parser.add_argument(
        "--verify",
        metavar="FOLDER",
        help="search nothing; play the proofs kept there again, of the levels named or of all",
    )
    parser.add_argument("--tileset", metavar="FILE", help="tileset.json, if none is beside them")
    parser.add_argument("--skip-bad", action="store_true", help="leave out what cannot be read")
    parser.add_argument("--json", action="store_true", help="print the verdicts as JSON")


def run(options: argparse.Namespace) -> int:
    """Solve levels, or verify proofs."""
    _check(options)
    answer = _solve(options) if options.verify is None else _verify(options)
    if options.json:
        import json

        print(json.dumps(answer.verdicts, indent=2))
    else:
        for verdict in answer.verdicts:
            print(f"{verdict['verdict']:12}  {verdict['file']}  ({verdict['reason']})")
        for sentence in answer.said:
            print(sentence)
    return 0 if answer.good else 1


@dataclass(frozen=True, kw_only=True)
class _Answer:
    """Verdicts as they are printed, what is said of them, and whether all are good."""

    verdicts: list[dict[str, Any]]
    said: list[str]
    good: bool


def _check(options: argparse.Namespace) -> None:
    check_choice("--rules", options.rules, RULES)
    if options.budget is not None:
        check_int("--budget", options.budget, low=1)
    if options.verify is None and not options.files:
        raise InputError("FILE", expected="at least one level", found="none")
    for name in ("budget", "replays", "verify"):
        given = getattr(options, name) is not None
        if given and options.rules != "physics":
            raise InputError(
                f"--{name}", expected="the rules physics, which find proofs", found=options.rules
            )
        if given and name != "verify" and options.verify is not None:
            raise InputError(
                f"--{name}", expected="a search", found="--verify, which searches nothing"
            )


def _solve(options: argparse.Namespace) -> _Answer:
    from procgen_sim.cli.given import given_levels
    from procgen_sim.cli.progress import progress_bar
    from procgen_sim.levels.reading import as_path

    given = given_levels(options.files, options.tileset, skip_bad=options.skip_bad)
    folder = None
    if options.replays is not None:
        from procgen_sim.cli.proofs import ProofFolder

        folder = ProofFolder(as_path(options.replays))
    for tiny in _tiny_levels():  # loads what is compiled, so that no level is blamed for it
        _judge(options, tiny)
    verdicts = []
    try:
        with progress_bar("levels") as progress:
            for n, one in enumerate(given):
                verdict, replay = _judge(options, one.level)
                verdicts.append({"file": one.file, **verdict})
                if folder is not None and replay is not None:
                    folder.keep(one, replay)
                progress(n + 1, len(given))
    finally:
        if folder is not None:  # of a search that was stopped, too
            folder.write_index()
    counts = Counter(str(verdict["verdict"]) for verdict in verdicts)
    said = _summary(options.rules, counts)
    if folder is not None:
        said.append(f"{counts['playable']} replays: {options.replays}")
    return _Answer(verdicts=verdicts, said=said, good=counts["playable"] == len(verdicts))


def _summary(rules: str, counts: Counter[str]) -> list[str]:
    n, playable = counts.total(), counts["playable"]
    if rules != "physics":
        by = "the jump rules" if rules == "screen" else "the published tile rules"
        limits = [_LIMITS[rules]] if rules == "tiles" or playable < n else []
        return [f"{playable} of {n} playable by {by}", *limits]
    said = f"{playable} of {n} playable"
    if playable:
        said += ", each proven by a replay that reaches the goal"
    if counts["not playable"]:
        said += f"; {counts['not playable']} not playable, every way tried"
    if counts["unknown"]:
        said += f"; {counts['unknown']} unknown, neither proven nor refuted"
    return [said]


def _judge(options: argparse.Namespace, level: Level) -> tuple[dict[str, Any], Replay | None]:
    """A verdict by the rules asked for, and its proof if it has one."""
    from time import perf_counter

    from procgen_sim.platformer import reach
    from procgen_sim.platformer.solve import solve
    from procgen_sim.platformer.tile_rules import tile_path

    start = perf_counter()
    replay, frames = None, None
    if options.rules == "physics":
        budget = {} if options.budget is None else {"budget": options.budget}
        proven = solve(level, **budget)
        verdict, reason, furthest = proven.verdict, proven.reason, proven.furthest_column
        replay, frames = proven.replay, proven.frames
    else:
        found = reach(level) if options.rules == "screen" else tile_path(level)
        verdict = "playable" if found.playable else "not playable"
        reason, furthest = found.reason, found.furthest_column
    ms = (perf_counter() - start) * 1000.0
    return _entry(verdict, reason, furthest, frames, ms), replay


def _entry(
    verdict: str, reason: str, furthest: int, frames: int | None, ms: float
) -> dict[str, Any]:
    return {
        "verdict": verdict,
        "reason": reason,
        "furthest_column": furthest,
        "frames": frames,
        "ms": round(ms, 3),
    }


def _verify(options: argparse.Namespace) -> _Answer:
    from procgen_sim.cli.given import given_levels
    from procgen_sim.cli.proofs import Proofs
    from procgen_sim.levels.reading import as_path
    from procgen_sim.platformer import PHYSICS_VERSION

    proofs = Proofs(as_path(options.verify), skip_bad=options.skip_bad)
    if options.files:
        levels = given_levels(options.files, options.tileset, skip_bad=options.skip_bad)
        pairs = proofs.of(levels)
    else:
        pairs = proofs.of_index(options.tileset)
    verdicts = []
    for given, replay in pairs:
        with proofs.leaving_out():
            verdicts.append(_play(given, replay))
    held = sum(verdict["verdict"] == "playable" for verdict in verdicts)
    n = len(verdicts) + proofs.n_skipped
    said = f"{held} of {n} proofs hold, played again by physics version {PHYSICS_VERSION}"
    return _Answer(verdicts=verdicts, said=[said], good=0 < n == held)


def _play(given: Given, replay: Replay) -> dict[str, Any]:
    """What a replay proves of a level."""
    from time import perf_counter

    from procgen_sim.platformer.replay import play_replay

    start = perf_counter()
    furthest = -1
    for world in play_replay(given.level, replay):
        furthest = max(furthest, world.column)
    if world.status == "won":
        verdict, reason = "playable", f"its replay reaches the goal after {world.tick} ticks"
    else:
        how = {"dead": "in death", "playing": "before the goal"}[world.status]
        verdict, reason = "unknown", f"its replay ends {how} in column {world.column + 1}"
    ms = (perf_counter() - start) * 1000.0
    return {"file": given.file, **_entry(verdict, reason, furthest, world.tick, ms)}


def _tiny_levels() -> list[Level]:
    """One with a way through it and one without."""
    from procgen_sim.levels import Level, Tileset

    tiles = Tileset({"-": ("empty",), "X": ("solid",)})
    middles = ("----", "--X-")
    return [Level.from_rows([*[middle] * 6, "XXXX"], tiles) for middle in middles]
