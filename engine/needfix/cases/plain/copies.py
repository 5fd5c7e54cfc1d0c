"""Copies of files, by name and by folder."""

from __future__ import annotations

import re
import unicodedata
from functools import lru_cache
from itertools import pairwise
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
    is_odd = _is_dressed_up(name) or _is_in_other_letters(name)
    if name.casefold().startswith("system.") and not is_odd:
        kind = re.split(r"\.", name.casefold())[-1]
        is_type = all(part.isidentifier() for part in name.removesuffix("[]").split("."))
        is_long = len(kind) > _LETTERS_OF_AN_ENDING and kind not in ("config", "manifest", "settings")
        if is_type and (is_long or kind.endswith("[]")) and not (is_end and folders):
            return False
    elif (
        says_nothing(name)
        or re.search(r'[\\/*?<>|":¥₩]|[,;]\s', name)
        or is_odd
        or name.endswith((".", ",", ";"))
        or not any(map(str.isalnum, name))
    ):
        return False
    return not (is_end and path.endswith(("\\", "/")))


def was_looked_for(server: Server, name: str) -> bool:
    """Whether a file was looked for; all were where nothing else is stated."""
    every = server.looked_for
    return every is None or any(one.strip().casefold() == name.casefold() for one in every)


def is_perhaps_named(server: Server, name: str) -> bool:
    """Whether an entry may be this file under a name without its ending, or behind other words."""
    wanted = name.casefold()
    for one in server.files:
        own = _last_part(one.name)
        if "." in wanted and wanted.rsplit(".", 1)[0] == own != "":
            return True
        if own != wanted and re.search(r"[\s()\[\]{}=+]" + re.escape(wanted) + "$", own):
            return True
    return False


def _is_dressed_up(name: str) -> bool:
    """Whether something is written beside a name, or the name is in a code or a short form."""
    words = re.split(rf"\.(?:{_FILE_ENDINGS})(?![\w.~$-])", name, maxsplit=1, flags=re.IGNORECASE)
    is_begun_oddly = not (name[:1].isalnum() or name[:1] in _MAY_BEGIN) or name[:2] in ("+ ", "- ")
    is_apart = re.search(rf"(\s\.|\.\s+)({_FILE_ENDINGS})$", name, re.IGNORECASE)
    is_short = re.fullmatch(r"[^.]{1,6}~[0-9]{1,4}(\.[^.]{0,3})?", name)
    is_coded = re.search("%[0-9a-f]{2}|&(#[0-9]+|[a-z]+);", name, re.IGNORECASE)
    return words[1:] not in ([], [""]) or any((is_begun_oddly, is_apart, is_short, is_coded))


def _is_in_other_letters(name: str) -> bool:
    """Whether a sign stands for one of ASCII, cannot be seen, is a quote, or is of a like alphabet."""
    if any(_is_odd_sign(sign) for sign in name if not sign.isascii()):
        return True
    pairs = [pair for one, other in pairwise(name) for pair in ((one, other), (other, one))]
    return any(one.isascii() and one.isalpha() and "\u0370" <= other < "\u0530" for one, other in pairs)


def _is_odd_sign(sign: str) -> bool:
    kind = unicodedata.category(sign)
    is_quote = kind in ("Pi", "Pf") or sign in "\u201a\u201e\u00b4\u2032\u2033\ufffd"
    is_blank = kind in ("Cf", "Cc", "Co", "Cn", "Cs", "Zs", "Zl", "Zp") or sign in _BLANK_LETTERS
    return is_quote or is_blank or sign in "\u0130\u0131" or unicodedata.normalize("NFKC", sign).isascii()


_BLANK_LETTERS = "\u034f\u115f\u1160\u17b4\u17b5\u180b\u180c\u180d\u180e\u2800\u3164\uffa0" + "".join(
    map(chr, range(0xFE00, 0xFE10))
)
_MAY_BEGIN = ("_", *"~$@!#{[(.%&+-")
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


def is_below(path: str | None, folder: str) -> bool | None:
    """Whether a path is that of something in a folder; None where it does not show that.

    Without a drive it may be on any, and a share of a server may be any folder.
    """
    if path is None or not shows_its_folder(path):
        return None
    here, there = _plain_path(path), _plain_path(folder)
    roots = [_root(path), _root(folder)]
    if roots[0] == roots[1]:
        return here.startswith(there)
    if "share" in roots:
        return None
    if "" not in roots:
        return False
    without = [re.sub("^/[a-z]:", "", one) for one in (here, there)]
    return None if without[0].startswith(without[1]) else False


def _root(path: str) -> str:
    """What a path begins with: a drive, a share of a server, or neither."""
    bare = re.sub(r"^[\\/]{2}[?.][\\/]", "", path.casefold())
    return "share" if re.match(r"[\\/]{2}", bare) else bare[:2] if bare[1:2] == ":" else ""


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
