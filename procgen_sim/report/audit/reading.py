"""``audit.json`` as the report reads it: every number or the reason why there is none."""

from __future__ import annotations

import json
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any, Final

from procgen_sim._checks import InputError

__all__ = ["AUDIT_FILE", "Audit", "Source", "read_audit", "short_names"]

AUDIT_FILE: Final = "audit.json"
FORMAT: Final = 1

_LONGEST: Final = 16


@dataclass(frozen=True, kw_only=True, eq=False)
class Source:
    """A body of levels that was judged.

    Attributes
    ----------
    name
        What people call it.
    short
        The same for figures: at most 16 characters or so, different from every other's.
    yardstick
        It is one of the hand-made corpora that the others are held against.
    facts
        What the audit found, as stored.
    """

    name: str
    short: str
    yardstick: bool
    facts: Mapping[str, Any]

    def get(self, *path: str) -> Any:
        """What stands at a path of keys; None where nothing does."""
        found: Any = self.facts
        for key in path:
            if not isinstance(found, Mapping):
                return None
            found = found.get(key)
        return found

    def number(self, *path: str) -> float | None:
        """The number at a path of keys, or None."""
        found = self.get(*path)
        return float(found) if isinstance(found, int | float) else None

    def why(self, *path: str) -> str:
        """Why there is nothing at a path: what was said of it, or of all it belongs to."""
        reasons = self.get("reasons") or {}
        for n in range(len(path), 0, -1):
            reason = reasons.get(".".join(path[:n]))
            if reason:
                return str(reason)
        return "not computed"

    @property
    def n_levels(self) -> int:
        return int(self.facts["n_levels"])

    @property
    def n_lines(self) -> int:
        """Columns, or rows where levels are met row by row."""
        return int(self.facts["n_columns"])

    @property
    def line(self) -> str:
        """``"column"`` or ``"row"``."""
        return str(self.facts.get("line", "column"))


@dataclass(frozen=True, kw_only=True, eq=False)
class Audit:
    """All that was judged together.

    Attributes
    ----------
    sources
        The given ones first, then the yardsticks.
    facts
        What the audit found over all of them, as stored.
    """

    sources: tuple[Source, ...]
    facts: Mapping[str, Any]

    @property
    def given(self) -> tuple[Source, ...]:
        """The sources that somebody asked about; all if only yardsticks were."""
        return tuple(source for source in self.sources if not source.yardstick) or self.sources

    @property
    def rows(self) -> tuple[tuple[Source, Mapping[str, Any]], ...]:
        """Each source with its numbers at equal numbers of levels and active columns."""
        found = (self.facts.get("comparison") or {}).get("rows") or []
        by_name = {row["name"]: row for row in found}
        return tuple((s, by_name[s.name]) for s in self.sources if s.name in by_name)


def read_audit(folder: Path) -> Audit:
    """Read a folder's ``audit.json``.

    Raises
    ------
    InputError
        If it is missing, damaged or of another format.
    """
    path = folder / AUDIT_FILE
    try:
        text = path.read_text(encoding="utf-8")
    except OSError as error:
        raise InputError(
            str(path),
            expected="an audit's numbers",
            found=error.strerror or "no such file",
            do="name the folder that `procgen-sim audit --out` wrote",
        ) from error
    try:
        facts = json.loads(text)
        version = facts["format"]
        names = [str(source["name"]) for source in facts["sources"]]
        sources = tuple(
            Source(name=name, short=short, yardstick=bool(source.get("yardstick")), facts=source)
            for name, short, source in zip(names, short_names(names), facts["sources"], strict=True)
        )
        sound = bool(sources) and all(s.n_levels > 0 and s.n_lines > 0 for s in sources)
    except (ValueError, KeyError, TypeError, AttributeError):
        version, sources, sound = FORMAT, (), False
    if version != FORMAT or not sound:
        raise InputError(
            str(path),
            expected=f"an audit's numbers in format {FORMAT}",
            found="something else" if version == FORMAT else f"format {version}",
            do="run the audit again with this version",
        )
    return Audit(sources=sources, facts=facts)


def short_names(names: Sequence[str]) -> list[str]:
    """Names of at most 16 characters or so that still differ: the middle of long ones goes.

    >>> short_names(["notch", "tools/make_level.py --hard", "tools/make_level.py --easy"])
    ['notch', 'tools/…py --hard', 'tools/…py --easy']
    """
    found: list[str] = []
    for name in names:
        short = name if len(name) <= _LONGEST else f"{name[:6]}…{name[-9:]}"
        again = sum(other == short or other.startswith(f"{short} (") for other in found)
        found.append(f"{short} ({again + 1})" if again else short)
    return found
