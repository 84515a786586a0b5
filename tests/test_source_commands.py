"""Command lines as sources of levels, well-behaved and not, run for real."""

from __future__ import annotations

import os
import signal
import time
from pathlib import Path

import pytest
from generator_scripts import PYTHON, SHORT, alive, posix, rows, soon, write

from procgen_sim._checks import InputError
from procgen_sim.generators.sources import Limits, open_source


@pytest.mark.parametrize(
    ("code", "says"),
    [
        ("raise ValueError('no level')", "status 1; its last words: ValueError: no level"),
        ("import sys; print('X'); sys.exit(3)", r"seed 0: .* status 0, found exit status 3\.$"),
        ("pass", "seed 0: expected a level on standard output, found nothing"),
        ("print('XX\\nX')", r"seed 0, line 2, column 2: expected a row of 2 tiles"),
        ("print('\\x1b[1mX')", r"seed 0, line 1, column 1: .* found '\\x1b'"),
        ("import sys; sys.stdout.buffer.write(b'X\\xe9')", "line 1, column 2: expected UTF-8"),
        ("import sys; sys.stdout.buffer.write(b'X\\0X')", "byte 2: .* found a zero byte"),
        ("print('X' * 200000)", "expected 1 to 100,000 columns, found 200,000"),
        ("import time; print('X', flush=True); time.sleep(99)", "within 1 second, found none by"),
        (
            "import os\nwhile True: os.write(1, b'X' * 9999)",
            "at most 10,000,000 bytes .* found more",
        ),
        ("import os\nwhile True: os.write(2, b'no!\\n' * 999)", "1 second.*its last words: no!"),
        ("import sys; print(len(sys.stdin.read()), file=sys.stderr); 1/0", "ZeroDivisionError"),
    ],
)
def test_what_commands_do_wrong(code: str, says: str, here: Path) -> None:
    line = write(here, code)
    with pytest.raises(InputError, match=says):
        open_source(line, n_levels=1, limits=SHORT)


@posix
def test_what_only_some_systems_notice(here: Path) -> None:
    hog = write(here, "x = [bytearray(1 << 20) for _ in range(2000)]; print('X')")
    with pytest.raises(InputError, match="found exit status 1; its last words: MemoryError"):
        open_source(hog, n_levels=1, limits=Limits(memory_bytes=100_000_000))
    crash = write(here, "import os; os.abort()")
    with pytest.raises(InputError, match="found an end by SIGABRT"):
        open_source(crash, n_levels=1)
    (here / "gen").write_text("#!/no/such/interpreter\n")
    (here / "gen").chmod(0o755)
    with pytest.raises(InputError, match="found exit status 126; its last words: ./gen: No such"):
        open_source("./gen {seed}", n_levels=1)


@posix
def test_no_shell_is_involved_and_quotes_hold(here: Path) -> None:
    write(here, "import sys; print(repr(sys.argv[1:]).replace(' ', '_'))")
    line = (
        f"{PYTHON} gen.py --seed={{seed}} 'a b' \"$HOME\" '; touch gone' '{{x}}{{seed}}-{{seed}}'"
    )
    source = open_source(line, n_levels=1, seed=5)
    assert rows(source) == [["['--seed=5',_'a_b',_'$HOME',_';_touch_gone',_'{x}5-5']"]]
    assert not (here / "gone").exists()


GRANDCHILD = """
    import os, subprocess, sys, time
    sleeper = subprocess.Popen([sys.executable, "-c", "import time; time.sleep(600)"] {session})
    open("pid-" + str(sleeper.pid), "w").close()
    print("XX", flush=True)
    {then}
"""


@posix
@pytest.mark.parametrize("then", ["pass", "os._exit(3)", "time.sleep(600)", "os.abort()"])
def test_no_descendant_outlives_its_command(then: str, here: Path) -> None:
    line = write(here, GRANDCHILD.replace("{then}", then).replace("{session}", ""))
    start = time.monotonic()
    try:
        assert rows(open_source(line, n_levels=1, limits=SHORT)) == [["XX"]]
        assert then == "pass"
    except InputError:
        assert then != "pass"
    assert time.monotonic() - start < 8
    numbers = [int(path.name[4:]) for path in here.glob("pid-*")]
    assert numbers
    soon(lambda: not any(map(alive, numbers)))


@posix
def test_a_descendant_in_a_session_of_its_own_is_not_waited_for(here: Path) -> None:
    code = GRANDCHILD.replace("{then}", "pass").replace("{session}", ", start_new_session=True")
    line = write(here, code)
    start = time.monotonic()
    try:
        assert rows(open_source(line, n_levels=1)) == [["XX"]]
        assert time.monotonic() - start < 8
    finally:
        for path in here.glob("pid-*"):
            os.kill(int(path.name[4:]), signal.SIGKILL)
