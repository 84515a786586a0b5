"""The recipes of CONTRIBUTING.md, followed to the letter on a copy, pass the contract tests."""

from __future__ import annotations

import os
import re
import shutil
import subprocess
import sys
from pathlib import Path

import pytest
from quick_runs import IN_A_SECOND

from procgen_sim.config import MODEL_NAMES, NOTION_NAMES
from procgen_sim.injection import PROPOSALS, SCHEDULES
from procgen_sim.models import MODELS
from procgen_sim.players import NOTIONS

REPOSITORY = Path(__file__).parents[1]
RECIPES = (REPOSITORY / "CONTRIBUTING.md").read_text(encoding="utf-8")

DIAGONAL = '''"""One Gaussian without correlations: naive Bayes with one class [Hastie2009]_."""

from __future__ import annotations

import numpy as np

from procgen_sim.models.fitting.found import Found, Standard

__all__ = ["fit_diagonal"]


def fit_diagonal(standard: Standard, *, rng: np.random.Generator) -> Found:  # noqa: ARG001
    """Fit the variance of each parameter by itself. Draws nothing."""
    d = standard.data.shape[1]
    covariance = np.diag(standard.data.var(axis=0))
    return standard.found(np.ones(1), np.zeros((1, d)), covariance[None], {})
'''


def registered(source: str, import_line: str, dictionary: str, entry: str) -> str:
    """``source`` with one import line after the last like it, one line last in the dictionary."""
    package = import_line.rpartition(".")[0]
    last = [line for line in source.splitlines() if line.startswith(package)][-1]
    source = source.replace(f"{last}\n", f"{last}\n{import_line}\n")
    head, opened, tail = re.split(rf"(\n{dictionary}: .*= \{{\n)", source, maxsplit=1)
    entries, closed, rest = tail.partition("\n}\n")
    assert opened
    assert closed
    return f"{head}{opened}{entries}\n{entry}{closed}{rest}"


def recipe(name: str) -> str:
    """The code block of CONTRIBUTING.md that begins with this file's name."""
    found = re.search(rf"```python\n# {re.escape(name)}\n(.*?)```", RECIPES, re.DOTALL)
    assert found, name
    return found[1]


@pytest.fixture(scope="module")
def copy(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The project with a proposal, a schedule and a design model added as the recipes say."""
    folder = tmp_path_factory.mktemp("contributed")
    clean = shutil.ignore_patterns("__pycache__", "*.nbc", "*.nbi")
    for part in ("procgen_sim", "assets", "tests"):
        shutil.copytree(REPOSITORY / part, folder / part, ignore=clean)
    for part in ("README.md", "CONTRIBUTING.md", "REFERENCES.md", "pyproject.toml"):
        shutil.copy(REPOSITORY / part, folder / part)
    for kind, name, dictionary in [
        ("proposals", "whim", "PROPOSALS"),
        ("schedules", "late", "SCHEDULES"),
    ]:
        registry = f"procgen_sim/injection/{kind}/__init__.py"
        file = f"procgen_sim/injection/{kind}/{name}.py"
        (folder / file).write_text(recipe(file), encoding="utf-8")
        import_line, entry = recipe(registry).rstrip("\n").split("\n")
        source = (folder / registry).read_text(encoding="utf-8")
        (folder / registry).write_text(
            registered(source, import_line, dictionary, entry), encoding="utf-8"
        )
    fitting = folder / "procgen_sim" / "models" / "fitting"
    (fitting / "diagonal.py").write_text(DIAGONAL, encoding="utf-8")
    source = (fitting / "__init__.py").read_text(encoding="utf-8")
    line = "from procgen_sim.models.fitting.diagonal import fit_diagonal"
    (fitting / "__init__.py").write_text(
        registered(source, line, "MODELS", '    "diagonal": fit_diagonal,'), encoding="utf-8"
    )
    config = folder / "procgen_sim" / "config.py"
    source = config.read_text(encoding="utf-8")
    assert '"mixture")' in source
    config.write_text(source.replace('"mixture")', '"mixture", "diagonal")', 1), encoding="utf-8")
    readme = (folder / "README.md").read_text(encoding="utf-8")
    row = re.search(r"^\| `extrapolate` .*\n", readme, re.MULTILINE)
    assert row
    ours = "| `whim` – one choice is anything at all | `late:K` – all levels after the first K |\n"
    (folder / "README.md").write_text(readme.replace(row[0], row[0] + ours), encoding="utf-8")
    return folder


def contract(folder: Path, *words: str) -> subprocess.CompletedProcess[str]:
    return subprocess.run(
        [sys.executable, "-m", "pytest", "-o", "testpaths=tests", "-vv", *words],
        cwd=folder,
        env={**os.environ, "PYTHONPATH": str(folder), "PYTEST_ADDOPTS": ""},
        capture_output=True,
        text=True,
        check=False,
    )


def test_what_is_added_by_the_recipes_passes_the_contracts(copy: Path) -> None:
    files = [f"tests/test_{name}.py" for name in ("injection", "documents", "layers", "fitting")]
    words = [*files, "tests/test_contributing.py", "-m", "not slow"]
    ours = "whim or late or diagonal"
    whole = "addresses or every_model_can_be_left or citation or registered"
    done = contract(copy, *words, "-k", f"(TestEvery and ({ours})) or diagonal or {whole}")
    assert done.returncode == 0, done.stdout[-3000:] + done.stderr[-3000:]
    passed = [line for line in done.stdout.splitlines() if "PASSED" in line]
    for covered, least in [("[whim", 5), ("[late", 4), ("[diagonal", 3), ("-diagonal", 10)]:
        assert sum(covered in line for line in passed) >= least, covered


@pytest.mark.slow
def test_a_proposal_that_stays_at_home_is_caught(copy: Path, tmp_path: Path) -> None:
    """The contract can fail: this one never leaves the model."""
    folder = tmp_path / "homely"
    shutil.copytree(copy, folder)
    file = folder / "procgen_sim" / "injection" / "proposals" / "whim.py"
    lines = file.read_text(encoding="utf-8").splitlines(keepends=True)
    file.write_text("".join(line for line in lines if "units[" not in line), encoding="utf-8")
    done = contract(folder, "tests/test_injection.py", "-k", "TestEveryProposal and whim")
    assert done.returncode == 1, done.stdout[-3000:]
    assert "test_leaves_the_model[whim] FAILED" in done.stdout


@pytest.mark.slow
def test_what_is_added_can_be_used_and_reported(copy: Path, tmp_path: Path) -> None:
    words = ["compare", "--model", "diagonal", "--arms", "whim@late:3,noise@late,whim"]
    words += ["--players", "6", "--levels", "8", "--columns", "60", "--check", "screen"]
    words += ["--out", str(tmp_path / "run")]
    done = subprocess.run(
        [sys.executable, "-W", "error", "-c", IN_A_SECOND, *words, "--jobs", "1"],
        cwd=copy,
        env={**os.environ, "PYTHONPATH": str(copy)},
        capture_output=True,
        text=True,
        check=False,
    )
    assert done.returncode == 0, done.stderr[-3000:]
    assert "whim@late:3" in done.stdout
    assert "whim@late:3" in (tmp_path / "run" / "report.html").read_text(encoding="utf-8")


@pytest.mark.parametrize("name", [*PROPOSALS, *SCHEDULES])
def test_what_is_registered_has_its_row_in_the_readme(name: str) -> None:
    readme = (REPOSITORY / "README.md").read_text(encoding="utf-8")
    assert re.search(rf"^\|.*`{name}(:[A-Z:]+)?` – .*\|$", readme, re.MULTILINE)


def test_names_known_early_are_those_that_are_registered() -> None:
    assert set(MODEL_NAMES) == set(MODELS)
    assert set(NOTION_NAMES) == set(NOTIONS)
    assert len(MODEL_NAMES) == len(MODELS)
    assert len(NOTION_NAMES) == len(NOTIONS)
