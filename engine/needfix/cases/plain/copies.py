"""Copies of files, by name and by folder."""

from __future__ import annotations

import re
from typing import NamedTuple

from needfix.cases.plain.words import keeps_old_files
from needfix.model.server import FileCopy, Server


class Copy(NamedTuple):
    """A copy of a file, with its path where its name is one."""

    name: str
    path: str | None
    version: str | None
    modified: str | None
    platform: str | None
    loaded: str | None

    @property
    def is_kept_aside(self) -> bool:
        """Whether it lies in a folder that keeps old files."""
        return keeps_old_files(self.path)


def copies_of(server: Server, name: str) -> list[Copy]:
    """Every copy of a file."""
    wanted = _last_part(name)
    return [_copy(one) for one in server.files if _last_part(one.name) == wanted]


def is_in_folder(path: str, folders: str) -> bool:
    r"""Whether a path has these folders in a row. `*` and `?` stand for signs of a folder's name.

    Folders that begin with a drive or a root are the first of the path, others may lie anywhere.
    """
    here, wanted = _parts(path), _parts(folders)
    while wanted[:1] == ["*"]:
        wanted = wanted[1:]
    if _has_drive(folders):
        starts = [0]
    elif folders[:1] in ("/", "\\"):
        starts = [1 if _has_drive(path) else 0]
    else:
        starts = list(range(len(here) + 1))
    return any(_are(here[start : start + len(wanted)], wanted) for start in starts)


def _are(folders: list[str], patterns: list[str]) -> bool:
    return len(folders) == len(patterns) and all(
        re.fullmatch(_shape(pattern), folder, re.DOTALL)
        for folder, pattern in zip(folders, patterns, strict=True)
    )


def _shape(pattern: str) -> str:
    return re.escape(pattern).replace(r"\*", ".*").replace(r"\?", ".")


def _has_drive(path: str) -> bool:
    return re.match("[a-z?*]:", path.casefold()) is not None


def _copy(one: FileCopy) -> Copy:
    is_path = re.search(r"[\\/]", one.name) is not None
    path = one.path or (one.name if is_path else None)
    return Copy(_last_part(one.name), path, one.version, one.modified, one.platform, one.loaded)


def _last_part(name: str) -> str:
    return re.split(r"[\\/]", name.strip())[-1].casefold()


def _parts(path: str) -> list[str]:
    return [part for part in re.split(r"[\\/]", path.casefold()) if part]
