"""The folder of proofs: ``solve --replays`` writes it, ``solve --verify`` plays it again.

A replay for each proven level, named after the level; and :data:`INDEX`, which says where the
levels are, seen from the folder, so that both can move together.
"""

from __future__ import annotations

import json
import os
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from pathlib import Path, PurePath
from typing import Any, Final

from procgen_sim._checks import InputError
from procgen_sim.cli.given import Given, say_skipped
from procgen_sim.files import write_text
from procgen_sim.levels import load_level, shipped_corpus
from procgen_sim.levels.corpus import natural_order
from procgen_sim.levels.reading import check_folder, parse_json, read_text, shown
from procgen_sim.platformer.replay import SUFFIX, Replay, load_replay

__all__ = ["INDEX", "ProofFolder", "Proofs"]

INDEX: Final = "proofs.json"
"""The file that says where the levels of the replays are."""

_EXPECTED: Final = "the index of a folder of proofs"
_NO_NAME: Final = '<>:"/\\|?*'
"""Characters that some system does not have in file names."""


class ProofFolder:
    """A folder that proofs are put into, beside those of earlier runs.

    Raises
    ------
    InputError
        If there is an index already that cannot be read.
    """

    def __init__(self, folder: Path) -> None:
        self.folder = folder
        self._entries: dict[str, dict[str, Any]] = {}
        if os.path.lexists(folder / INDEX):
            self._entries = {entry["replay"]: entry for entry in _read_index(folder)}

    def keep(self, given: Given, replay: Replay) -> None:
        """Write a replay; in place of the last one of that level, and of no other."""
        where = self._where(given)
        name = self._name(given.level.name, where)
        replay.save(self.folder / name)
        self._entries[name] = {"replay": name, **where, "frames": replay.n_ticks}

    def write_index(self) -> None:
        """Write where the levels are, once all proofs are kept."""
        proofs = [self._entries[name] for name in natural_order(self._entries)]
        text = json.dumps({"format": 1, "proofs": proofs}, indent=2)
        write_text(self.folder / INDEX, text + "\n")

    def _where(self, given: Given) -> dict[str, str]:
        if given.corpus is not None:
            return {"corpus": given.corpus, "level": given.level.name}
        assert given.path is not None
        where = {"path": self._from_here(given.path)}
        return where | ({"tileset": self._from_here(given.tileset)} if given.tileset else {})

    def _from_here(self, path: Path) -> str:
        real = os.path.realpath(path)
        try:
            return PurePath(os.path.relpath(real, os.path.realpath(self.folder))).as_posix()
        except ValueError:  # on another drive
            return PurePath(real).as_posix()

    def _name(self, level: str, where: dict[str, str]) -> str:
        stem = "".join("_" if c in _NO_NAME or not c.isprintable() else c for c in level)
        n = 1
        while True:
            name = f"{stem or 'level'}{f'-{n}' if n > 1 else ''}{SUFFIX}"
            mine = self._entries.get(name)
            same = mine is not None and where.items() <= mine.items()
            if same or (mine is None and not os.path.lexists(self.folder / name)):
                return name
            n += 1


class Proofs:
    """A folder of proofs, to be played again.

    Attributes
    ----------
    n_skipped
        Proofs and levels left out so far, because they are bad and bad ones may be.

    Raises
    ------
    InputError
        If it is no folder.
    """

    def __init__(self, folder: Path, *, skip_bad: bool = False) -> None:
        check_folder(folder, "a folder of proofs")
        self.folder, self.skip_bad = folder, skip_bad
        self.n_skipped = 0

    def of(self, levels: Sequence[Given]) -> Iterator[tuple[Given, Replay]]:
        """Each level with the replay of its content, whatever the files are called.

        Raises
        ------
        InputError
            If a replay cannot be read, or there is none for a level; with ``skip_bad`` such are
            named and left out.
        """
        names = [path.name for path in self.folder.glob(f"*{SUFFIX}")]
        if not names:
            raise InputError(shown(self.folder), expected="replays", found="none")
        replays: dict[str, tuple[str, Replay]] = {}
        for name in natural_order(names):
            with self.leaving_out():
                replay = load_replay(self.folder / name)
                replays.setdefault(replay.digest, (name, replay))
        by_name = dict(replays.values())
        for given in levels:
            with self.leaving_out():
                name = f"{given.level.name}{SUFFIX}"
                digest = given.level.digest()
                if digest in replays:
                    yield given, replays[digest][1]
                elif name in by_name:
                    raise self._of_another(given, name)
                else:
                    raise InputError(
                        given.file,
                        expected=f"its replay in {shown(self.folder)}",
                        found="none",
                        do=f"make one by solve --replays {shown(self.folder)}",
                    )

    def of_index(self, tileset: str | None) -> Iterator[tuple[Given, Replay]]:
        """Each proof of the index with its level.

        Raises
        ------
        InputError
            If there is no index, or if a level or a replay is missing, bad or another one; with
            ``skip_bad`` such are named and left out.
        """
        for entry in _read_index(self.folder):
            with self.leaving_out():
                given = self._level_of(entry, tileset)
                replay = load_replay(self.folder / entry["replay"])
                if replay.digest != given.level.digest():
                    raise self._of_another(given, entry["replay"])
                yield given, replay

    def _level_of(self, entry: dict[str, Any], tileset: str | None) -> Given:
        if "corpus" in entry:
            for level in shipped_corpus(entry["corpus"]).levels:
                if level.name == entry["level"]:
                    file = f"{entry['corpus']}/{level.name}"
                    return Given(file=file, level=level, corpus=entry["corpus"])
            raise InputError(
                shown(self.folder / INDEX),
                expected=f"a level of {entry['corpus']}",
                found=repr(entry["level"]),
            )
        path = Path(os.path.normpath(self.folder / entry["path"]))
        named = tileset or ("tileset" in entry and self.folder / entry["tileset"]) or None
        return Given(file=shown(path), level=load_level(path, named), path=path)

    def _of_another(self, given: Given, name: str) -> InputError:
        return InputError(
            given.file,
            expected=f"the level that {shown(self.folder / name)} plays",
            found="one with other tiles",
            do="solve it again, or name the level as it was",
        )

    @contextmanager
    def leaving_out(self) -> Iterator[None]:
        """Name what is bad and go on after it, where bad ones may be left out."""
        try:
            yield
        except InputError as error:
            if not self.skip_bad:
                raise
            self.n_skipped += 1
            say_skipped([str(error)])


def _read_index(folder: Path) -> list[dict[str, Any]]:
    path = folder / INDEX
    if not os.path.lexists(path):
        raise InputError(
            shown(folder),
            expected=f"{INDEX}, which says where the levels are",
            found="none",
            do="name the levels",
        )
    document = parse_json(path, read_text(path, _EXPECTED), _EXPECTED)
    if document.get("format") != 1:
        raise InputError(
            f"{shown(path)}, key 'format'", expected="1", found=repr(document.get("format"))
        )
    proofs = document.get("proofs")
    if not isinstance(proofs, list) or not all(map(_is_proof, proofs)):
        raise InputError(
            f"{shown(path)}, key 'proofs'",
            expected="a list of replays and where their levels are",
            found="something else",
            do="name the levels, or solve them again into another folder",
        )
    return proofs


def _is_proof(entry: object) -> bool:
    if not isinstance(entry, dict):
        return False
    keys = ("replay", "corpus", "level") if "corpus" in entry else ("replay", "path")
    if not all(isinstance(entry.get(key), str) and "\0" not in entry[key] for key in keys):
        return False
    if not isinstance(entry.get("tileset", ""), str):
        return False
    # A name of a file, not a way out of the folder:
    name = str(entry["replay"])
    return name.endswith(SUFFIX) and PurePath(name).name == name
