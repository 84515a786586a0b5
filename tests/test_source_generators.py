"""Generators as sources of levels: what functions and commands have in common."""

from __future__ import annotations

import os
import signal
import subprocess
import sys
from pathlib import Path

import pytest
from generator_scripts import alive, posix, rows, soon, write

from procgen_sim._checks import InputError
from procgen_sim.generators.sources import open_source
from procgen_sim.generators.sources.text import NO_TILESET
from procgen_sim.levels import Tileset

GOOD = """
    import random
    import sys

    def make(seed):
        print("making", seed)
        dice = random.Random(seed)
        return "\\n".join("".join(dice.choice("-Xo") for _ in range(6)) for _ in range(3))

    if __name__ == "__main__":
        sys.stdout.write(make(int(sys.argv[1])))
"""


@pytest.mark.parametrize("kind", ["function", "command"])
def test_a_generator_gives_a_level_a_seed(
    kind: str, here: Path, capfd: pytest.CaptureFixture[str]
) -> None:
    line = write(
        here, GOOD.replace('print("making", seed)', "pass" if kind == "command" else "print(1)")
    )
    text = line if kind == "command" else "gen:make"
    one = open_source(text, n_levels=5, seed=7)
    assert (one.kind, one.name, one.seeds) == (kind, text, (7, 8, 9, 10, 11))
    assert one.origins == ("seed 7", "seed 8", "seed 9", "seed 10", "seed 11")
    assert one.levels[0].name == "seed 7"
    assert one.detail.endswith("with the seeds 7 to 11")
    assert one.notes == (NO_TILESET,)
    assert len({level.tileset for level in one.levels}) == 1
    told: list[tuple[int, int]] = []
    two = open_source(text, n_levels=4, seed=8, jobs=2, progress=lambda *step: told.append(step))
    assert rows(two) == rows(one)[1:]
    assert told == sorted(told)
    assert told[-1] == (4, 4)
    assert capfd.readouterr().out == ""


def test_a_given_tileset_is_kept_to_and_the_first_bad_seed_named(here: Path) -> None:
    write(here, GOOD)
    tiles = Tileset({"o": ("collectable",), "-": ("empty",), "X": ("solid",)})
    source = open_source("gen:make", n_levels=3, tileset=tiles)
    assert source.notes == ()
    assert source.levels[0].tileset == tiles
    with pytest.raises(InputError, match=r"^gen:make, seed 0, line \d, column \d: .* found 'o'"):
        open_source("gen:make", n_levels=8, jobs=2, tileset=Tileset({"-": (), "X": ()}))


def test_levels_that_are_all_the_same_are_levels(here: Path) -> None:
    write(here, "def make(seed): return 'XX'")
    assert len(open_source("gen:make", n_levels=4).levels) == 4


@pytest.mark.parametrize("skip_bad", [False, True])
def test_the_first_failing_seed_is_the_same_for_any_number_of_jobs(
    skip_bad: bool, here: Path
) -> None:
    code = """
        import time
        def make(seed):
            time.sleep(0.3 * (seed == 2))
            if seed in (2, 3, 5):
                raise KeyError(
                    "no such room")
            return [[seed, 1]]
    """
    write(here, code)
    for jobs in (1, 2):
        if skip_bad:
            source = open_source("gen:make", n_levels=7, jobs=jobs, skip_bad=True)
            assert source.seeds == (0, 1, 4, 6)
            assert [s.split(":")[1] for s in source.skipped] == [
                f"make, seed {s}" for s in (2, 3, 5)
            ]
        else:
            says = r"^gen:make, seed 2: .* found KeyError: 'no such room' \(gen\.py, line 6\)\.$"
            with pytest.raises(InputError, match=says):
                open_source("gen:make", n_levels=7, jobs=jobs)


def test_all_seeds_failing_is_an_error_all_the_same(here: Path) -> None:
    write(here, "def make(seed): return None")
    with pytest.raises(
        InputError, match=r"found 2 seeds that gave none; the first says: gen:make, s"
    ):
        open_source("gen:make", n_levels=2, skip_bad=True)


@pytest.mark.parametrize(
    ("code", "repeats"),
    [
        ("return random.choices('-X', k=60) + sorted('abcdef', key=hash)", True),
        ("return numpy.random.randint(0, 2, (5, 9))", True),
        ("return os.urandom(30).hex()", False),
        ("calls.append('X'); return ''.join(calls)", False),
    ],
)
def test_who_does_not_go_by_the_seed_is_found_out(code: str, repeats: bool, here: Path) -> None:
    write(here, f"import numpy, os, random\ncalls = []\ndef make(seed): {code}")
    source = open_source("gen:make", n_levels=3)
    assert source.notes[0] == NO_TILESET
    assert (len(source.notes) == 1) == repeats
    assert repeats or "Asked for seed 2 once more, it gave another level" in source.notes[1]


@posix
@pytest.mark.parametrize("kind", ["function", "command"])
@pytest.mark.parametrize("number", [signal.SIGINT, signal.SIGKILL])
def test_nobody_outlives_us(kind: str, number: int, here: Path) -> None:
    line = write(
        here,
        """
        import os, sys, time
        def make(seed):
            open("pid-" + str(os.getpid()), "w").close()
            while True: time.sleep(600)
        if __name__ == "__main__": make(0)
        """,
    )
    text = line if kind == "command" else "gen:make"
    code = (
        "from procgen_sim.generators.sources import open_source\n"
        f"try: open_source({text!r}, n_levels=9, jobs=2)\n"
        "except KeyboardInterrupt: raise SystemExit(130)\n"
    )
    package = Path(__file__).parents[1]
    ours = subprocess.Popen(
        [sys.executable, "-c", code],
        env={**os.environ, "PYTHONPATH": str(package)},
        # Background jobs of a shell ignore SIGINT, and so would whoever they start.
        preexec_fn=lambda: signal.signal(signal.SIGINT, signal.default_int_handler),
    )
    try:
        soon(lambda: len(list(here.glob("pid-*"))) == 2, 60)
        ours.send_signal(number)
        assert ours.wait(10) == (130 if number == signal.SIGINT else -signal.SIGKILL)
    finally:
        ours.kill()
        ours.wait()
    numbers = [int(path.name[4:]) for path in here.glob("pid-*")]
    soon(lambda: not any(map(alive, numbers)))
