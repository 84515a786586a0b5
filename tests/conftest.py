"""What several test files need."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from pathlib import Path

import pytest
from quick_runs import FEW_LEVELS

from procgen_sim.levels import Level, Tileset
from procgen_sim.levels import house_tileset as read_house_tileset

TESTS = Path(__file__).parent


def pytest_addoption(parser: pytest.Parser) -> None:
    parser.addoption(
        "--update-golden",
        action="store_true",
        help="write the golden files anew; look at the difference before you commit it",
    )


@pytest.fixture
def golden(request: pytest.FixtureRequest) -> Callable[[str, str], None]:
    """Call it with a file name and a text: compares with ``tests/golden``, or updates it."""

    def check(name: str, text: str) -> None:
        path = TESTS / "golden" / name
        if request.config.getoption("--update-golden"):
            path.parent.mkdir(exist_ok=True)
            path.write_text(text, encoding="utf-8", newline="\n")
        assert path.is_file(), f"no golden file {name}: run pytest --update-golden"
        assert text == path.read_text(encoding="utf-8")

    return check


@pytest.fixture
def here(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """An empty folder that is the current one."""
    folder = tmp_path / "here"
    folder.mkdir()
    monkeypatch.chdir(folder)
    return folder


@pytest.fixture(scope="module")
def few_levels() -> Iterator[None]:
    """Runs of a module's tests begin with fewer levels."""
    with pytest.MonkeyPatch.context() as patch:
        for name, n in FEW_LEVELS.items():
            patch.setattr(f"procgen_sim.experiments.preparation.{name}", n)
        yield


@pytest.fixture(scope="session")
def shared_data() -> Path:
    """Levels of real games, which are not part of the repository."""
    folder = TESTS.parent.parent / "shared" / "data"
    if not folder.is_dir():
        pytest.skip("the levels of real games are not here (../shared/data)")
    return folder


@pytest.fixture(scope="session")
def house_tileset() -> Tileset:
    """The tileset of the shipped corpora."""
    return read_house_tileset()


@pytest.fixture(scope="session")
def tiny_level(house_tileset: Tileset) -> Level:
    """A small playable level that uses every tile of the house tileset."""
    rows = [
        "------------------------",
        "---o-----------*---B----",
        "--===--S?S----===-------",
        "---|-----------|----H---",
        "-M-|----E--%%--|----H-F-",
        "XXXXXXX--XXXX~~XX##^HXXX",
        "XXXXXXX--XXXX~~XX###HXXX",
    ]
    return Level.from_rows(rows, house_tileset, "tiny")
