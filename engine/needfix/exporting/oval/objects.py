"""What OVAL looks at: files by name and folder, and values of the registry."""

from __future__ import annotations

import re
from fnmatch import fnmatchcase
from typing import NamedTuple

from needfix.compare.registry import AskedValue
from needfix.intake.known_names import REGISTRY_ROOTS
from needfix.intake.registry_names import registry_view
from needfix.intake.vocabularies import OLD_FILES, folded_platform
from needfix.model.registry import REGISTRY_VIEWS, RegistryAsked

_HIVES = {short.casefold(): long for short, long in REGISTRY_ROOTS.items()}
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


class AskedObject(NamedTuple):
    """A value of the registry that a rule asks for, as a version or as a text.

    `view` is that of 32 or 64 bits, "" where both count.
    """

    hive: str
    key: str
    name: str
    view: str = ""
    datatype: str = "string"

    @property
    def views(self) -> tuple[AskedObject, ...]:
        """The same value in each view, where both count."""
        return () if self.view else tuple(self._replace(view=view) for view in REGISTRY_VIEWS)

    @property
    def asked(self) -> AskedValue:
        """Whether there is such a value."""
        root = next(short for short, long in _HIVES.items() if long == self.hive)
        view = registry_view(self.view)
        return AskedValue(RegistryAsked(f"{root}\\{self.key}", self.name, view, present=True))

    @property
    def words(self) -> str:
        """The object in words."""
        return f"the value {self.name}" + (f" of the {self.view}-bit view" if self.view else "")


Object = FileObject | ValueObject | AskedObject

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


def asked_object(asked: RegistryAsked) -> AskedObject:
    """The object of a value that a rule asks for."""
    root, _, rest = asked.key.partition("\\")
    is_version = asked.equals is None and asked.present is None
    datatype = "version" if is_version else "string"
    return AskedObject(_HIVES[root], rest, asked.name, asked.view or "", datatype)


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
