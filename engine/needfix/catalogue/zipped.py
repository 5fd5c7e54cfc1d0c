"""Rules in a zip file: the texts of its YAML files, with limits, as if they lay in a folder of that name."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path, PurePosixPath
from typing import TYPE_CHECKING

from needfix.errors import Position, Problem
from needfix.intake.limits import RULE_FILE_BYTES
from needfix.intake.paths import RULES, unreadable_file

if TYPE_CHECKING:
    import zipfile

MOST_FILES = 20_000
MOST_BYTES = 1 << 28
"""Files in a zip, and bytes of all its files of rules, at most."""

_SIGNATURE = b"PK\x03\x04"
_EMPTY = b"PK\x05\x06"


def is_zip(path: str) -> bool:
    """Whether a path names a zip file, by its content."""
    try:
        with Path(path).open("rb") as source:
            return source.read(len(_SIGNATURE)) in (_SIGNATURE, _EMPTY)
    except (OSError, ValueError):
        return False


def texts_in(path: str, problems: list[Problem]) -> Iterator[tuple[str, str]]:
    """The name and text of each file of rules; hidden files and folders are skipped."""
    import zipfile  # noqa: PLC0415 - few catalogues are zip files

    try:
        with zipfile.ZipFile(path) as archive:
            entries = archive.infolist()
            if len(entries) > MOST_FILES:
                problems.append(_problem(path, f"it has {len(entries):,} files", f"at most {MOST_FILES:,}"))
                return
            yield from _texts(path, archive, entries, problems)
    except MemoryError:
        raise
    except Exception as error:  # noqa: BLE001 - zipfile raises whatever a damaged entry leads to
        if isinstance(error, OSError) and error.errno is not None:
            problems.append(unreadable_file(path, error))
        else:
            what = f"it cannot be unpacked: {error}"
            problems.append(_problem(path, what, "a zip file without a password"))


def _texts(
    path: str, archive: zipfile.ZipFile, entries: list[zipfile.ZipInfo], problems: list[Problem]
) -> Iterator[tuple[str, str]]:
    left, names = MOST_BYTES, set[str]()
    for entry in sorted(entries, key=lambda one: one.filename):
        parts = PurePosixPath(entry.filename).parts
        is_hidden = any(part.startswith((".", "__MACOSX")) for part in parts)
        if not parts or entry.is_dir() or is_hidden or not RULES.takes(parts[-1]):
            continue
        name = f"{path}/{entry.filename}"
        if name in names:
            problems.append(_problem(name, "the zip file has two files of this name", "each name once"))
            continue
        names.add(name)
        with archive.open(entry) as member:
            data = member.read(min(RULE_FILE_BYTES, left) + 1)
        left -= len(data)
        if len(data) > RULE_FILE_BYTES or left < 0:
            most = RULE_FILE_BYTES if len(data) > RULE_FILE_BYTES else MOST_BYTES
            problems.append(_problem(name, "it is too large", f"at most {most:,} bytes of rules"))
            return
        try:
            yield name, data.decode("utf-8-sig")
        except UnicodeDecodeError as error:
            line = data.count(b"\n", 0, error.start) + 1
            what = f"the byte {data[error.start]:#04x} is not UTF-8"
            problems.append(Problem(Position(name, line), what, "UTF-8 text", "save the file as UTF-8"))
    if not names:
        problems.append(_problem(path, "it has no file of rules", f"files with {RULES.endings[0]}"))


def _problem(path: str, what: str, expected: str) -> Problem:
    hint = "pack a folder of rules again, or give the folder itself"
    return Problem(Position(path, 1), what, expected, hint)
