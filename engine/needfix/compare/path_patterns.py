"""Paths and the patterns by which rules narrow the copies of a file that count."""

from __future__ import annotations

import re
from collections.abc import Sequence
from fnmatch import translate
from functools import lru_cache
from typing import NamedTuple

_DEVICE = re.compile(r"^//[?.]/")
_DRIVE = re.compile(r"^[a-z?*]:")


_WHOLE = re.compile(r"(?:[a-z]:)?/")
_OPEN = re.compile(r"[%*?$]|~[0-9]|(?:^|/)\.\.(?:/|$)")
"""Variables, signs, short names and steps up, which stand for other folders."""


class _Pattern(NamedTuple):
    """Folders in a row, each by its own signs; `begins_at` is where a pattern has to begin."""

    folders: tuple[re.Pattern[str], ...]
    begins_at: str


@lru_cache(maxsize=1 << 16)
def lies_in(path: str | None, pattern: str) -> bool | None:
    """Whether a copy lies in the folders of a pattern; None where its path does not show that.

    Only a path that begins at a drive or a root, and of which every folder has its own name, shows that a
    copy lies elsewhere.
    """
    if path is None:
        return None
    return True if is_in(path, pattern) else None if not is_whole(path) else False


def is_whole(path: str) -> bool:
    """Whether a path begins at a drive, a root or a server, and names each of its folders."""
    plain = _DEVICE.sub("", path.replace("\\", "/").casefold())
    return _WHOLE.match(plain) is not None and _OPEN.search(plain) is None


@lru_cache(maxsize=1 << 16)
def lies_below(path: str | None, folder: str) -> bool | None:
    """Whether a copy lies in a folder or below it; None where its path does not show that.

    A path without drive may be of any drive, and one of another server may be of any folder.
    """
    if path is None or not is_whole(path):
        return None
    here, there = _beginning(path), _beginning(folder)
    own, wanted = _folders(path), _folders(folder)
    if here == there:
        return own[: len(wanted)] == wanted
    if here and there:
        return None if "//" in (here, there) else False
    is_below = own[bool(here) :][: len(wanted) - bool(there)] == wanted[bool(there) :]
    return None if is_below or "//" in (here, there) else False


def _beginning(path: str) -> str:
    """The drive that a path begins with, `//` of another server's, or nothing."""
    plain = _DEVICE.sub("", path.replace("\\", "/").casefold())
    return plain[:2] if _DRIVE.match(plain) or plain.startswith("//") else ""


@lru_cache(maxsize=1 << 16)
def is_in(path: str, pattern: str) -> bool:
    r"""Whether a path holds the folders of a pattern in a row.

    `*` and `?` stay within a folder's name. A pattern that begins with a drive or a root matches from
    there; any other, and one that begins with `*\\`, matches anywhere in the path.
    """
    here, wanted = _folders(path), _compiled(pattern)
    return any(_matches(here[start:], wanted.folders) for start in _starts(here, wanted))


def _starts(here: Sequence[str], wanted: _Pattern) -> Sequence[int]:
    has_drive = bool(here) and _DRIVE.fullmatch(here[0])
    if wanted.begins_at == "drive":
        return (0,)
    if wanted.begins_at == "root":
        return (1 if has_drive else 0,)
    return range(len(here))


def _matches(here: Sequence[str], wanted: Sequence[re.Pattern[str]]) -> bool:
    return len(here) >= len(wanted) and all(map(re.Pattern.match, wanted, here))


@lru_cache(maxsize=1 << 10)
def _compiled(pattern: str) -> _Pattern:
    plain = _plain(pattern)
    folders = _folders(pattern)
    if len(folders) > 1 and folders[0] == "*":
        folders = folders[1:]
    begins_at = "drive" if _DRIVE.match(plain) else "root" if plain.startswith("/") else "anywhere"
    return _Pattern(tuple(re.compile(translate(folder.replace("[", "[[]"))) for folder in folders), begins_at)


def _folders(path: str) -> list[str]:
    return [folder for folder in _plain(path).split("/") if folder]


def _plain(path: str) -> str:
    """A path with one sign between folders, without case; `c:mail` lies in a folder of the drive."""
    plain = _DEVICE.sub("", path.replace("\\", "/").casefold())
    return f"{plain[:2]}/{plain[2:]}" if _DRIVE.match(plain) else plain
