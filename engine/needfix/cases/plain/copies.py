"""Copies of files, by name and by folder."""

from __future__ import annotations

import re
from functools import lru_cache
from typing import NamedTuple

from needfix.cases.plain.words import keeps_old_files, says_nothing, stated
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
    """Every copy of a file; a name with folders is that of none."""
    wanted = "" if re.search(r"[\\/]", name) else _last_part(name)
    return [_copy(one) for one in server.files if _last_part(one.name) == wanted]


def names_a_file(one: FileCopy) -> bool:
    """Whether an entry of a list of files is that of a file, which its name or the end of its path is."""
    name, path = one.name.strip(), (one.path or "").strip()
    folders, end = re.match(r"((?:.*[\\/:])?)(.*)", path.rstrip("\\/"), re.DOTALL).groups()  # type: ignore[union-attr]
    is_end = end.strip().casefold() == name.casefold()
    if path and not is_end and re.search(rf"\.({_FILE_ENDINGS})$", end.strip(), re.IGNORECASE):
        return False
    if name.casefold().startswith("system."):
        kind = re.split(r"\.", name.casefold())[-1]
        is_type = all(part.isidentifier() for part in name.removesuffix("[]").split("."))
        is_long = len(kind) > _LETTERS_OF_AN_ENDING and kind not in ("config", "manifest", "settings")
        if is_type and (is_long or kind.endswith("[]")) and not (is_end and folders):
            return False
    elif (
        says_nothing(name)
        or re.search(r'[\\/*?<>|":¥₩]|[,;]\s', name)
        or name.endswith((".", ",", ";"))
        or not any(map(str.isalnum, name))
    ):
        return False
    return not (is_end and path.endswith(("\\", "/")))


_LETTERS_OF_AN_ENDING = 4
_FILE_ENDINGS = (
    "exe|dll|sys|ocx|drv|cpl|com|scr|tsp|ax|mui|cab|msi|msp|asp|aspx|js|vbs|inf|ini|dat|cat|chm|hlp"
)


def is_in_folder(path: str, folders: str) -> bool:
    """Whether a path contains these folders in a row; * and ? stand for what a folder's name may hold.

    Folders that begin with a drive or a root begin where the path does.
    """
    here, there = _plain_path(path), _plain_path(folders)
    shape = re.escape(re.sub(r"^/\*(?=/.)", "", there))
    shape = shape.replace(r"\*", "[^/]*").replace(r"\?", "[^/]")
    if re.match("[a-z?*]:", folders.casefold()):
        return re.match(shape, here, re.DOTALL) is not None
    if re.match(r"[\\/]", folders):
        return re.match(f"(?>(/[a-z]:)?){shape}", here, re.DOTALL) is not None
    return re.search(shape, here, re.DOTALL) is not None


def shows_its_folder(path: str) -> bool:
    """Whether a path begins at a drive or a root, without signs, variables, short names or steps up."""
    bare = re.sub(r"^[\\/]{2}[?.][\\/]", "", path.casefold())
    parts = re.split(r"[\\/]", bare)
    is_rooted = len(parts) > 1 and re.fullmatch("([a-z]:)?", parts[0]) is not None
    return is_rooted and not any(part == ".." or re.search("[%*?$]|~[0-9]", part) for part in parts)


def _copy(one: FileCopy) -> Copy:
    is_path = re.search(r"[\\/]", one.name) is not None
    path = stated(one.path) or (one.name if is_path else None)
    return Copy(_last_part(one.name), path, one.version, one.modified, one.platform, one.loaded)


@lru_cache(1 << 14)
def _last_part(name: str) -> str:
    return re.split(r"[\\/]", name.strip())[-1].casefold()


def _plain_path(path: str) -> str:
    bare = re.sub(r"^[\\/]{2}[?.][\\/]", "", path.casefold())
    bare = re.sub("^([a-z?*]:)", r"\1/", bare)
    parts = [part for part in re.split(r"[\\/]", bare) if part]
    return "".join(f"/{part}" for part in parts) + "/"
