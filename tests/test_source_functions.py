"""Python functions as sources of levels, well-behaved and not, run for real."""

from __future__ import annotations

import sys
from pathlib import Path

import pytest
from generator_scripts import SHORT, alive, posix, rows, write

from procgen_sim._checks import InputError
from procgen_sim.generators.sources import Limits, open_source


@pytest.mark.parametrize(
    ("code", "text", "says"),
    [
        ("", "gem:make", r"^gem:make: .* found none of the name 'gem'; did you mean 'gen'"),
        ("", "gen.sub:make", "found none of the name 'gen.sub'"),
        ("import nowhere", "gen:make", "ModuleNotFoundError: No module named 'nowhere'.*gen.py, l"),
        ("def make(:", "gen:make", "found SyntaxError: .*gen.py, line 1"),
        ("1 / 0", "gen:make", r"ZeroDivisionError: division by zero \(gen.py, line 1\)"),
        ("exit(3)", "gen:make", r"a module gen that can be imported, found SystemExit: 3"),
        ("", "gen:make", "expected a function 'make' in gen, found no function at all"),
        ("def made(s): 0", "gen:make", "found only made; did you mean 'made'"),
        ("make = 7", "gen:make", "expected a function, found a int"),
        ("def make(): 0", "gen:make", "seed 0: expected a level, found TypeError: make"),
        ("def make(s): return 7", "gen:make", "^gen:make, seed 0: .* found an int"),
        ("def make(s): raise SystemExit", "gen:make", r"found SystemExit \(gen.py, line 1\)"),
        ("def make(s): return input()", "gen:make", "found EOFError"),
        ("import os\ndef make(s): os._exit(7)", "gen:make", "seed 0: .* found exit status 7"),
    ],
)
def test_what_functions_do_wrong(code: str, text: str, says: str, here: Path) -> None:
    write(here, code)
    with pytest.raises(InputError, match=says):
        open_source(text, n_levels=1)


def test_methods_are_functions_too(here: Path) -> None:
    write(
        here,
        """
        class Maker:
            @staticmethod
            def make(seed): return "XX"
        """,
    )
    assert rows(open_source("gen:Maker.make", n_levels=1)) == [["XX"]]


def test_a_level_of_ours_brings_its_tileset(here: Path) -> None:
    write(
        here,
        """
        from procgen_sim.levels import shipped_corpus
        def make(seed): return shipped_corpus("samurai").levels[seed]
        """,
    )
    source = open_source("gen:make", n_levels=2)
    assert source.levels == open_source("samurai", n_levels=2).levels
    assert source.notes == ()


def test_a_function_that_hangs_is_ended_and_the_next_seed_asked(here: Path) -> None:
    write(
        here,
        """
        import os, time
        def make(seed):
            if seed == 1:
                open("pid", "w").write(str(os.getpid()))
                while True: time.sleep(9)
            return "XX"
        """,
    )
    with pytest.raises(InputError, match=r"^gen:make, seed 1: .* within 1 second, found none by"):
        open_source("gen:make", n_levels=3, limits=SHORT)
    if sys.platform != "win32":
        assert not alive(int((here / "pid").read_text()))
    assert open_source("gen:make", n_levels=3, limits=SHORT, skip_bad=True).seeds == (0, 2)


def test_a_function_is_loaded_within_its_time(here: Path) -> None:
    write(here, "import time\ntime.sleep(60)")
    with pytest.raises(InputError, match="^gen:make: expected a module that is loaded within 1 s"):
        open_source("gen:make", limits=Limits(loading_seconds=1), skip_bad=True)


@posix
def test_a_function_has_limits_too(here: Path) -> None:
    write(
        here,
        """
        import sys
        def hog(seed): return bytearray(1 << 30)
        def talk(seed): return [[1] * 90000] * 40
        def chat(seed):
            for _ in range(9999): print("x" * 999)
            return "XX"
        """,
    )
    tight = Limits(memory_bytes=600_000_000, output_bytes=100_000)
    with pytest.raises(
        InputError, match=r"gen:hog, seed 0: .* found MemoryError \(gen.py, line 3\)"
    ):
        open_source("gen:hog", limits=tight)
    with pytest.raises(InputError, match="gen:talk, seed 0: expected at most 100,000 bytes of out"):
        open_source("gen:talk", limits=tight)
    assert len(open_source("gen:chat", n_levels=1, limits=tight).levels) == 1
