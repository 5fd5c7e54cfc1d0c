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
    return [copy for copy in map(_copy, server.files) if copy.name == _last_part(name)]


def is_in_folder(path: str, folders: str) -> bool:
    """Whether a path contains these folders in a row, or matches a pattern with * or ?."""
    here, there = _plain_path(path), _plain_path(folders)
    if "*" in folders or "?" in folders:
        shape = re.escape(there.strip("/")).replace(r"\*", ".*").replace(r"\?", ".")
        return re.fullmatch(f"{shape}(/.*)?", here.strip("/"), re.DOTALL) is not None
    return there in here


def _copy(one: FileCopy) -> Copy:
    is_path = re.search(r"[\\/]", one.name) is not None
    path = one.path or (one.name if is_path else None)
    return Copy(_last_part(one.name), path, one.version, one.modified, one.platform, one.loaded)


def _last_part(name: str) -> str:
    return re.split(r"[\\/]", name.strip())[-1].casefold()


def _plain_path(path: str) -> str:
    parts = [part for part in re.split(r"[\\/]", path.casefold()) if part]
    return f"/{'/'.join(parts)}/"
