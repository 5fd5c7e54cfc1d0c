"""Names in lists of files: which name no file, and which may be meant as that of another one."""

from __future__ import annotations

import re
import unicodedata
from functools import lru_cache

from needfix.intake.fields import file_name, is_path
from needfix.intake.vocabularies import says_nothing


@lru_cache(maxsize=1 << 16)
def names_no_file(name: str) -> bool:
    """Whether a file's name says nothing, wherever the file may lie: `Unknown`, `*`, the root of a drive."""
    if _is_beside_a_name(name):
        return True
    if _TYPE.fullmatch(name) or name.casefold().startswith("system."):
        return False  # files and folders of .NET are named so, too
    return says_nothing(name) or is_path(name) or _NO_NAME.search(name) is not None or not _WORD.search(name)


def is_nameless(name: str, path: str | None) -> bool:
    """Whether a copy names no file, so that it may be any: its name says nothing, or is that of a folder.

    So does one whose name is another than that at the end of its path. A path may also be that of a folder.
    `System.IO.FileInfo` is the type of what a program had, unless a path ends so.
    """
    if path is None:
        return names_no_file(name) or _TYPE.fullmatch(name) is not None
    end = file_name(path).casefold()
    is_of_path = end == name.casefold()
    if not is_of_path and ENDS_AS_FILE.search(end):
        return True
    if is_of_path and path.endswith(("\\", "/")):
        return True
    is_type = _TYPE.fullmatch(name) is not None and (not is_of_path or len(path) == len(name))
    return is_type or names_no_file(name)


_TYPE = re.compile(r"system\.(?:\w+\.)*(?:\w+\[\]|(?!config$|manifest$|settings$)\w{5,})", re.IGNORECASE)
_NO_NAME = re.compile(r'[*?<>|":\u00a5\u20a9]|[.,;]$|[,;]\s')
"""What no name of a file in Windows has, or a list of names."""

_ENDINGS = "exe|dll|sys|ocx|drv|cpl|com|scr|tsp|ax|mui|cab|msi|msp|asp|aspx|js|vbs|inf|ini|dat|cat|chm|hlp"
ENDS_AS_FILE = re.compile(rf"\.(?:{_ENDINGS})$")
"""The end of a path, casefolded, that is that of a file and not of a folder."""
_WORD = re.compile(r"[^\W_]")


def stem(name: str) -> str | None:
    """A file's name, casefolded, without its ending, as lists may have it; None where it has no ending."""
    before, point, _ = name.casefold().rpartition(".")
    return before if point and before else None


@lru_cache(maxsize=1 << 16)
def last_word(name: str) -> str | None:
    """What is behind the last blank or bracket, casefolded: `x64 Info.dll` may be Info.dll.

    None where there is none of them.
    """
    words = _WORDS.split(name.casefold())
    return words[-1] if len(words) > 1 else None


_WORDS = re.compile(r"[\s()\[\]{}=+]+")


def _is_beside_a_name(name: str) -> bool:
    """Whether a name has beside it what no name has: `Info.dll (64-bit)`, or is in other letters."""
    return _BESIDE.search(name) is not None or (not name.isascii() and _is_of_other_signs(name))


_BESIDE = re.compile(
    rf"\.(?:{_ENDINGS})[^\w.~$-]|\s\.(?:{_ENDINGS})$|\.\s+(?:{_ENDINGS})$"
    r"|^[^\w~$@!#{\[(.%&+-]|^[+-]\s|^[^.]{1,6}~[0-9]{1,4}(?:\.[^.]{0,3})?$|%[0-9a-f]{2}|&(?:#[0-9]+|[a-z]+);",
    re.IGNORECASE,
)
"""Something behind a known ending, a blank before or in it, signs before a name, a short name of DOS, or a
code of addresses or of HTML."""


def _is_of_other_signs(name: str) -> bool:
    """Whether a name has signs that stand for those of ASCII, that cannot be seen, or quotes of print.

    So has one with letters of two alphabets that look the same.
    """
    if not name.isprintable() or _UNSEEN.search(name) or _TWO_ALPHABETS.search(name):
        return True
    others = (sign for sign in name if sign > "\x7f")
    return any(unicodedata.normalize("NFKC", sign).isascii() or _is_quote(sign) for sign in others)


def _is_quote(sign: str) -> bool:
    return unicodedata.category(sign) in ("Pi", "Pf") or sign in "\u201a\u201e\u00b4\u2032\u2033\ufffd"


_UNSEEN = re.compile("[\u034f\u115f\u1160\u17b4\u17b5\u180b-\u180e\u2800\u3164\ufe00-\ufe0f\uffa0]")
_TWO_ALPHABETS = re.compile(r"[a-z][\u0370-\u052f]|[\u0370-\u052f][a-z]|[\u0130\u0131]", re.IGNORECASE)
