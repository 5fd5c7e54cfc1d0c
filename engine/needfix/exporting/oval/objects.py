"""What OVAL looks at: files by name and folder, and values of the registry."""

from __future__ import annotations

import re
from fnmatch import fnmatchcase
from typing import NamedTuple

from needfix.intake.vocabularies import OLD_FILES, folded_platform

_HIVES = {
    "hklm": "HKEY_LOCAL_MACHINE",
    "hkcr": "HKEY_CLASSES_ROOT",
    "hkcu": "HKEY_CURRENT_USER",
    "hku": "HKEY_USERS",
    "hkcc": "HKEY_CURRENT_CONFIG",
}
_DRIVE = re.compile(r"[a-z?*]:")


class FileObject(NamedTuple):
    """All copies of a file, by its name casefolded; `path` is the pattern of a rule for their folders."""

    name: str
    path: str | None = None

    @property
    def words(self) -> str:
        """The object in words."""
        return self.name if self.path is None else f"{self.name} in {self.path}"


class ValueObject(NamedTuple):
    """A value of the registry; `*` in the key is any text within one of its parts."""

    hive: str
    key: str
    name: str

    @property
    def has_pattern(self) -> bool:
        """Whether the key stands for several keys."""
        return "*" in self.key

    @property
    def words(self) -> str:
        """The object in words."""
        return f"the value {self.name}"


Object = FileObject | ValueObject

PLATFORM = ValueObject(
    "HKEY_LOCAL_MACHINE",
    r"SYSTEM\CurrentControlSet\Control\Session Manager\Environment",
    "PROCESSOR_ARCHITECTURE",
)
_ARCHITECTURES = {
    "x86": "x86",
    "x64": "AMD64",
    "ia64": "IA64",
    "arm": "ARM",
    "arm64": "ARM64",
    "alpha": "ALPHA",
    "mips": "MIPS",
    "powerpc": "PPC",
}


def architecture(platform: str) -> str | None:
    """How Windows states a platform in PROCESSOR_ARCHITECTURE; None for one that it has no word for."""
    return _ARCHITECTURES.get(folded_platform(platform))


def value_object(text: str) -> ValueObject | None:
    r"""The value that `HKLM\SOFTWARE\Vendor\Version` names; None where the text names none."""
    hive, *parts = text.strip().split("\\")
    known = _HIVES.get(hive.casefold(), hive.upper())
    if known not in _HIVES.values() or len(parts) <= 1 or not all(part.strip() for part in parts):
        return None
    return None if "*" in parts[-1] else ValueObject(known, "\\".join(parts[:-1]), parts[-1])


OLD_FOLDERS = f"(?i){OLD_FILES.replace('(?P<folder>', '(')}"
"""Matches the folder of a copy that Windows keeps and does not run."""


def folder_pattern(own: FileObject) -> str:
    """A regular expression for the folder of a copy that lies in the folders of a rule's pattern.

    The last part of a pattern may also be the name of the file itself.
    """
    plain = (own.path or "").replace("\\", "/").casefold()
    begin = r"(^|\\)"
    if _DRIVE.match(plain):
        begin, plain = "^", f"{plain[:2]}/{plain[2:]}"
    elif plain.startswith("/"):
        begin = r"^([a-z]:)?\\"
    folders = [folder for folder in plain.split("/") if folder]
    if len(folders) > 1 and folders[0] == "*":
        folders = folders[1:]
        begin = r"(^|\\)"
    *before, last = map(_of_folder, folders)
    inner, end = "".join(f"{folder}{_SEPARATOR}" for folder in before), r"(\\|$)"
    is_of_file = fnmatchcase(own.name, folders[-1].replace("[", "[[]"))
    if is_of_file and before:
        return f"(?i){begin}{inner.removesuffix(_SEPARATOR)}({_SEPARATOR}{last}{end}|{_SEPARATOR}?$)"
    return ".*" if is_of_file else f"(?i){begin}{inner}{last}{end}"


_SEPARATOR = r"\\"


def _of_folder(folder: str) -> str:
    return re.escape(folder).replace(r"\*", r"[^\\]*").replace(r"\?", r"[^\\]")


def key_pattern(own: ValueObject) -> str:
    """A regular expression for the keys that a key with `*` stands for."""
    return "(?i)^" + re.escape(own.key).replace(r"\*", r"[^\\]*") + "$"
