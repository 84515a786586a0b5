"""The architecture of DESIGN: a module imports only from lower layers, and start-up stays light."""

from __future__ import annotations

import ast
import subprocess
import sys
from pathlib import Path

import pytest

import procgen_sim

PACKAGE = Path(procgen_sim.__file__).parent

LAYERS = {
    "_checks": -1,  # messages, for everybody
    "rng": 0,
    "compiled": 0,
    "files": 0,
    "config": 0,
    "levels": 1,
    "models": 2,
    "platformer": 2,
    "generators": 3,
    "injection": 3,
    "players": 3,
    "results": 4,
    "watch": 4,
    "company": 5,
    "session": 6,
    "experiments": 7,
    "environment": 8,
    "report": 8,
    "game": 8,
    "cli": 9,
    "__main__": 10,
    "__init__": 0,
}
"""Noun to layer. Nouns of the same layer do not know each other."""

LEAVES = {"environment", "report", "game", "cli"}
HEAVY = (
    *("sklearn", "scipy.stats", "matplotlib", "numba", "duckdb", "pygame"),
    *("PIL", "jinja2", "gymnasium", "ribs"),
)


def noun(path: Path) -> str:
    parts = path.relative_to(PACKAGE).parts
    return parts[0].removesuffix(".py")


def imports(source: str) -> list[str]:
    """Modules of this package that a file imports, wherever in the file it does."""
    found = []
    for node in ast.walk(ast.parse(source)):
        if isinstance(node, ast.Import):
            found += [alias.name for alias in node.names]
        elif isinstance(node, ast.ImportFrom) and node.module:
            found.append(node.module)
            if node.module == "procgen_sim":
                found += [f"procgen_sim.{alias.name}" for alias in node.names]
    return [name for name in found if name.startswith("procgen_sim.")]


def breaches(name: str, source: str) -> list[str]:
    mine = LAYERS[name]
    wrong = []
    for module in imports(source):
        theirs = module.split(".")[1]
        if theirs == "__version__":
            continue
        if theirs != name and (LAYERS[theirs] >= mine or (theirs in LEAVES and name != "cli")):
            wrong.append(f"{name} imports {module}")
    return wrong


FILES = sorted(PACKAGE.rglob("*.py"))


@pytest.mark.parametrize("path", FILES, ids=lambda p: p.relative_to(PACKAGE).as_posix())
def test_imports_only_from_lower_layers(path: Path) -> None:
    if noun(path) == "__main__":
        return
    assert breaches(noun(path), path.read_text(encoding="utf-8")) == []


def test_a_breach_is_seen() -> None:
    assert breaches("levels", "from procgen_sim.models import fit") != []
    assert breaches("models", "import procgen_sim.platformer.jumps") != []
    assert breaches("session", "def f():\n    from procgen_sim.report import write_report") != []


def test_scikit_learn_is_imported_in_one_place() -> None:
    importers = {
        path.relative_to(PACKAGE).parts[:2]
        for path in FILES
        if "sklearn" in path.read_text(encoding="utf-8")
        and any(
            isinstance(node, ast.Import | ast.ImportFrom) and "sklearn" in ast.dump(node)
            for node in ast.walk(ast.parse(path.read_text(encoding="utf-8")))
        )
    }
    assert importers == {("models", "fitting")}


def test_nothing_is_called_utils() -> None:
    assert not [path for path in FILES if "util" in path.stem or "helper" in path.stem]


@pytest.mark.parametrize(
    "statement",
    [
        "import procgen_sim",
        "import procgen_sim.levels, procgen_sim.models, procgen_sim.players, procgen_sim.injection",
        "from procgen_sim.cli.main import build_parser; build_parser()",
    ],
)
def test_import_is_light(statement: str) -> None:
    code = f"{statement}; import sys; print(' '.join(m for m in {HEAVY!r} if m in sys.modules))"
    done = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True)
    assert done.stdout.split() == []


def test_help_loads_not_even_numpy() -> None:
    code = "from procgen_sim.cli.main import build_parser; build_parser().format_help()"
    code += "; import sys; print('numpy' in sys.modules)"
    done = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True)
    assert done.stdout.strip() == "False"
