"""What the documents say is so."""

from __future__ import annotations

import re
import shlex
from pathlib import Path

from procgen_sim.cli.main import COMMANDS
from procgen_sim.config import CONFIG_KEYS
from procgen_sim.injection import PROPOSALS, SCHEDULES
from procgen_sim.models import MODELS

REPOSITORY = Path(__file__).parents[1]
SOURCES = sorted((REPOSITORY / "procgen_sim").rglob("*.py"))


def text(name: str) -> str:
    return (REPOSITORY / name).read_text(encoding="utf-8")


def cited(sources: list[Path]) -> set[str]:
    return {key for path in sources for key in re.findall(r"\[(\w+)\]_", path.read_text("utf-8"))}


def test_every_citation_is_in_the_bibliography_and_back() -> None:
    listed = set(re.findall(r"^\*\*(\w+)\*\* – ", text("REFERENCES.md"), re.MULTILINE))
    used = cited(SOURCES) | cited(sorted((REPOSITORY / "tests").glob("*.py")))
    assert cited(SOURCES) <= listed
    assert listed <= used


def test_links_between_documents_lead_somewhere() -> None:
    for name in ("README.md", "CONTRIBUTING.md"):
        for link in re.findall(r"\]\(([^)#:]+)\)", text(name)):
            assert (REPOSITORY / link).exists(), f"{name}: {link}"


def test_the_readme_names_commands_that_exist() -> None:
    named = set(re.findall(r"^procgen-sim (\w+)", text("README.md"), re.MULTILINE))
    assert named <= set(COMMANDS)
    assert set(COMMANDS) <= named


def test_options_in_the_readme_exist() -> None:
    from procgen_sim.cli.main import build_parser

    parser = build_parser()
    for line in re.findall(r"^procgen-sim (.+?)(?: +#.*)?$", text("README.md"), re.MULTILINE):
        parser.parse_args(shlex.split(line))


def test_the_configuration_lists_what_is_registered() -> None:
    assert all(name in CONFIG_KEYS["model"] for name in MODELS)
    for name in [*PROPOSALS, *SCHEDULES]:
        assert name in text("README.md") + text("CONTRIBUTING.md"), name
