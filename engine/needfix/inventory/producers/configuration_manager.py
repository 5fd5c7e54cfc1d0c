"""Configuration Manager: rows of its views and reports of files and programs.

Its views of operating systems, hotfixes and services have the columns of WMI, and are read as these objects.
"""

from __future__ import annotations

import re
from collections.abc import Iterator

from needfix.intake.other_values import as_whole
from needfix.inventory.producers.facts import Entry, Facts
from needfix.inventory.producers.files import file_version
from needfix.inventory.producers.kind import ObjectKind, needing
from needfix.inventory.producers.names import named_server
from needfix.inventory.producers.written import Written, as_time

_UPDATE = re.compile(
    r"(?:\{[0-9A-F-]{36}\}\.)?((?:KB|Q)\d{5,8})(?:[_.-][\w.-]{1,40})?", re.IGNORECASE | re.ASCII
)
"""What the registry calls the entry of an update: `KB2565063`, also behind the product that it is for."""

_NOTHING = frozenset(("unknown", "n/a", "none", "null", "-"))
"""What reports write where a view has nothing."""


def _file(written: Written) -> Iterator[Facts]:
    """A file of software inventory; its path is that of its folder, or of the file itself."""
    name, folder = _stated(written, "filename"), _stated(written, "filepath", "path", "folder")
    entry: Entry = {
        **_place(name, folder),
        "version": file_version(written),
        "modified": as_time(written.value("filemodifieddate", "modifieddate", "lastwritetime")),
        "size": as_whole(written.value("filesize", "length")),
    }
    is_named = "name" in entry or "path" in entry
    yield Facts.of(_server(written), written.at, files=[entry] if is_named else [])


def _place(name: str | None, folder: str | None) -> Entry:
    """The path of a file in a folder, which may be the file itself; its name where no folder is stated."""
    if name is None or folder is None:
        stated = name or folder
        return {} if stated is None else {"path": stated} if _has_folder(stated) else {"name": stated}
    plain = folder.rstrip("\\/")
    if _has_folder(name):
        return {"path": name}
    ending = plain.replace("/", "\\").casefold().rpartition("\\")[2]
    return {"path": plain if ending == name.casefold() else f"{plain}\\{name}"}


def _has_folder(name: str) -> bool:
    return "\\" in name or "/" in name


def _program(written: Written) -> Iterator[Facts]:
    """A program of Add/Remove Programs, which lists updates, too."""
    name = _stated(written, "displayname", "arpdisplayname", "productname", "normalizedname")
    version = _stated(written, "displayversion", "version", "productversion", "normalizedversion")
    update = _UPDATE.fullmatch(written.text("prodid", "softwarecode", "productid") or "")
    hotfixes = [update[1]] if update else []
    yield Facts.of_programs(_server(written), written.at, [{"name": name, "build": version}], hotfixes)


def _stated(written: Written, *names: str) -> str | None:
    """The first of these columns that states something."""
    found = (written.text(name) for name in names)
    return next((text for text in found if text and text.casefold() not in _NOTHING), None)


def _server(written: Written) -> str | None:
    """The server of a row: the view of systems calls its name only `Name0`."""
    return named_server(written) or written.text("name0")


KINDS = (
    ObjectKind(
        "software inventory of Configuration Manager",
        needing(
            "filename filepath fileversion", "filename fileversion filemodifieddate",
            "filename filepath filemodifieddate", "filename fileversion filesize",
            "filename filepath filesize", "filename fileversion filedescription",
        ),
        _file,
    ),
    ObjectKind(
        "Add/Remove Programs of Configuration Manager",
        needing(
            "displayname prodid", "arpdisplayname productversion", "productname productversion softwarecode",
            "normalizedname normalizedversion",
        ),
        _program,
    ),
)  # fmt: skip
REST = (ObjectKind("Add/Remove Programs of Configuration Manager", needing("displayname version"), _program),)
"""What is tried behind all other kinds, since it needs so little."""
