"""Zip archives of levels, read as if they were folders.

Members are unpacked under names of our own into a temporary folder, and only those that look like
levels. Nothing an archive says about itself is believed: neither its names nor its sizes.
"""

from __future__ import annotations

import lzma
import ntpath
import shutil
import stat
import tempfile
import zipfile
import zlib
from collections.abc import Iterable
from dataclasses import replace
from pathlib import Path, PurePosixPath
from typing import Final

from procgen_sim._checks import InputError
from procgen_sim.generators.sources.folder import first_files, read_folder
from procgen_sim.generators.sources.source import Source
from procgen_sim.levels.corpus import is_level_name, natural_order
from procgen_sim.levels.reading import MAX_BYTES, quoted, reason, shown
from procgen_sim.levels.store import READABLE
from procgen_sim.levels.tileset import Tileset
from procgen_sim.levels.tileset_file import TILESET_FILE

__all__ = ["read_archive"]

_MAX_ARCHIVE: Final = 512 * 1024**2
_MAX_UNPACKED: Final = 1024**3
_MAX_RATIO: Final = 1100
"""Deflate packs at most 1,032 bytes into one; beyond that it is a bomb."""

_RATIO_FROM: Final = 10 * 1024**2
_BAD: Final = (
    zipfile.BadZipFile,
    zlib.error,
    lzma.LZMAError,
    EOFError,
    NotImplementedError,
    RuntimeError,
    ValueError,
    OSError,
)
"""What reading a damaged member may raise."""


def read_archive(
    path: Path, *, tileset: Tileset | None, n_levels: int | None, skip_bad: bool
) -> Source:
    """The levels of a zip archive: directly in it, or in the only folder in it that has some.

    A ``tileset.json`` beside them or in the folder above, in the archive, is used; else one beside
    the archive. Hidden files and ``__MACOSX`` are not levels.

    Raises
    ------
    InputError
        If it is not an archive, is damaged, encrypted or a bomb, has names that lead elsewhere,
        or levels in several folders; and as
        :func:`~procgen_sim.generators.sources.folder.read_folder`.
    """
    members = _members(path)
    inside = _folder_of_levels(path, members)
    names = natural_order(
        name.name for name in members if name.parent == inside and is_level_name(name)
    )
    wanted = [inside / name for name in first_files(names, n_levels, skip_bad=skip_bad)]
    with tempfile.TemporaryDirectory(prefix="procgen-sim-") as temporary:
        folder = Path(temporary) / "above" / "levels"
        folder.mkdir(parents=True)
        bad = []
        with _opened(path) as archive:
            for name in wanted:
                try:
                    _unpack(path, archive, members[name], folder / name.name)
                except InputError as error:
                    if not skip_bad:
                        raise
                    bad.append(error)
            if len(bad) == len(wanted):
                raise bad[0]
            above = f"{shown(path)}, "
            if tileset is None:
                above = _add_tileset(path, archive, members, inside, folder) or above
        places = {
            folder: f"{shown(path)}, {inside}/" if inside.parts else f"{shown(path)}, ",
            folder.parent: above,
        }
        try:
            source = read_folder(folder, tileset=tileset, n_levels=n_levels, skip_bad=skip_bad)
        except InputError as error:
            raise _elsewhere(error, places) from None
    within = f"the folder {shown(Path(inside))} of " if inside.parts else ""
    return replace(
        source,
        name=shown(Path(path.stem)),
        kind="zip",
        detail=f"the level files of {within}the archive {shown(path)}",
        skipped=tuple(str(error) for error in bad) + _renamed(source.skipped, places),
    )


def _add_tileset(
    path: Path,
    archive: zipfile.ZipFile,
    members: dict[PurePosixPath, zipfile.ZipInfo],
    inside: PurePosixPath,
    folder: Path,
) -> str | None:
    """Put the tileset where the levels have been unpacked; where it is from if from outside."""
    for holder in dict.fromkeys((inside, inside.parent)):
        if holder / TILESET_FILE in members:
            place = folder if holder == inside else folder.parent
            _unpack(path, archive, members[holder / TILESET_FILE], place / TILESET_FILE)
            return None
    beside = path.absolute().parent
    if not (beside / TILESET_FILE).is_file():
        return None
    shutil.copyfile(beside / TILESET_FILE, folder.parent / TILESET_FILE)
    return f"{shown(beside)}/"


def _opened(path: Path) -> zipfile.ZipFile:
    expected = "a zip archive of levels"
    try:
        size = path.stat().st_size
        if size > _MAX_ARCHIVE:
            raise InputError(
                shown(path),
                expected=f"an archive of at most {_MAX_ARCHIVE // 1024**2} MiB",
                found=f"{size // 1024**2} MiB",
            )
        return zipfile.ZipFile(path)
    except InputError:
        raise
    except OSError as error:
        raise InputError(shown(path), expected=expected, found=reason(error)) from None
    except (zipfile.BadZipFile, *_BAD):
        raise InputError(
            shown(path), expected=expected, found="a file that is none, or a damaged one"
        ) from None


def _members(path: Path) -> dict[PurePosixPath, zipfile.ZipInfo]:
    """Name to member, without folders, hidden files and what systems add; all names are safe."""
    members = {}
    with _opened(path) as archive:
        for info in archive.infolist():
            name = PurePosixPath(info.filename.replace("\\", "/"))
            if name.is_absolute() or ".." in name.parts or ntpath.splitdrive(name)[0]:
                raise InputError(
                    shown(path),
                    expected="names of files inside the archive",
                    found=f"{quoted(info.filename)}, which leads out of it",
                )
            hidden = any(part.startswith(".") or part == "__MACOSX" for part in name.parts)
            if hidden or info.is_dir() or not name.parts:
                continue
            if name in members:
                raise InputError(
                    shown(path), expected="each name once", found=f"{quoted(str(name))} twice"
                )
            members[name] = info
    _check_bomb(path, [info for name, info in members.items() if name.suffix.lower() in READABLE])
    return members


def _check_bomb(path: Path, levels: Iterable[zipfile.ZipInfo]) -> None:
    unpacked = sum(info.file_size for info in levels)
    packed = path.stat().st_size
    if unpacked > _MAX_UNPACKED or (
        unpacked > _RATIO_FROM and unpacked > _MAX_RATIO * max(packed, 1)
    ):
        raise InputError(
            shown(path),
            expected=f"at most {_MAX_UNPACKED // 1024**2} MiB when unpacked, "
            f"and at most {_MAX_RATIO:,} times its size",
            found=f"{unpacked / 1024**2:,.0f} MiB, {unpacked / max(packed, 1):,.0f} times its size",
        )


def _folder_of_levels(path: Path, members: Iterable[PurePosixPath]) -> PurePosixPath:
    holders = sorted({name.parent for name in members if is_level_name(name)})
    if PurePosixPath() in holders:
        return PurePosixPath()
    if not holders:
        raise InputError(
            shown(path),
            expected=f"an archive with level files ({', '.join(READABLE)})",
            found="none",
        )
    if len(holders) > 1:
        some = ", ".join(quoted(str(holder)) for holder in holders[:5])
        raise InputError(
            shown(path),
            expected="levels in one folder of the archive",
            found=f"some in each of {some}{', ...' if len(holders) > 5 else ''}",
            do="unpack it and name the folders",
        )
    return holders[0]


def _unpack(path: Path, archive: zipfile.ZipFile, info: zipfile.ZipInfo, to: Path) -> None:
    where = f"{shown(path)}, {shown(Path(info.filename))}"
    expected = "a file that can be unpacked"
    if info.flag_bits & 1:
        raise InputError(where, expected=expected, found="an encrypted one")
    if stat.S_ISLNK(info.external_attr >> 16):
        raise InputError(where, expected="a file", found="a link")
    try:
        with archive.open(info) as packed:
            data = packed.read(MAX_BYTES + 1)
        with to.open("xb") as file:
            file.write(data)
    except NotImplementedError:
        raise InputError(where, expected=expected, found="an unknown compression") from None
    except FileExistsError:
        raise InputError(
            where, expected="names that differ by more than capitals", found="two that do not"
        ) from None
    except OSError as error:
        raise InputError(where, expected=expected, found=reason(error)) from None
    except _BAD:
        raise InputError(where, expected=expected, found="a damaged one") from None


def _elsewhere(error: InputError, places: dict[Path, str]) -> InputError:
    where, expected, found, do = _renamed(
        (error.where, error.expected, error.found, error.do or ""), places
    )
    return InputError(where, expected=expected, found=found, do=do or None)


def _renamed(sentences: Iterable[str], places: dict[Path, str]) -> tuple[str, ...]:
    """Sentences with the names people know instead of those of the temporary folder."""
    renamed = []
    for sentence in sentences:
        words = sentence
        for folder, name in places.items():
            for separator in "/\\":
                words = words.replace(f"{folder}{separator}", name)
            words = words.replace(str(folder), name.rstrip("/, "))
        renamed.append(words)
    return tuple(renamed)
