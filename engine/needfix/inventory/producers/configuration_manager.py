"""Configuration Manager: rows of its views and reports of files and programs.

Its views of operating systems, hotfixes and services have the columns of WMI, and are read as these objects.
"""

from __future__ import annotations

import re
from collections.abc import Iterator

from needfix.intake.other_values import as_whole
from needfix.inventory.producers.facts import Entry, Facts
from needfix.inventory.producers.files import file_version, place_of
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
    name, folder = (
        _stated(written, "filename", "filename1"),
        _stated(written, "filepath", "path", "folder", "directory"),
    )
    entry: Entry = {
        **place_of(name, folder),
        "version": file_version(written, beside_system=bool(_SYSTEMS & written.values.keys())),
        "modified": as_time(written.value("filemodifieddate", "modifieddate", "lastwritetime")),
        "size": as_whole(written.value("filesize", "length")),
    }
    is_named = "name" in entry or "path" in entry
    yield Facts.of(_server(written), written.at, files=[entry] if is_named else [])


def _program(written: Written) -> Iterator[Facts]:
    """A program of Add/Remove Programs, which lists updates, too."""
    name = _stated(
        written, "displayname", "arpdisplayname", "productname", "normalizedname", "softwarename",
        "applicationname",
    )  # fmt: skip
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
    return named_server(written.without_zeros(), *_NAMES)


_NAMES = ("name0",)
_SYSTEMS = frozenset(("caption", "caption0"))
"""Where a row has these, `Version` is that of the operating system."""


KINDS = (
    ObjectKind(
        "software inventory of Configuration Manager",
        needing(
            "filename filepath fileversion", "filename fileversion filemodifieddate",
            "filename filepath filemodifieddate", "filename fileversion filesize",
            "filename filepath filesize", "filename fileversion filedescription",
            "filename1 filepath fileversion",
        ),
        _file,
        also=_NAMES,
    ),
    ObjectKind(
        "Add/Remove Programs of Configuration Manager",
        needing(
            "displayname prodid", "arpdisplayname productversion", "productname productversion softwarecode",
            "normalizedname normalizedversion",
        ),
        _program,
        also=_NAMES,
    ),
)  # fmt: skip
REST = (
    ObjectKind(
        "Add/Remove Programs of Configuration Manager", needing("displayname version"), _program, also=_NAMES
    ),
    ObjectKind(
        "installed programs",
        needing("productname version", "softwarename version", "applicationname version"),
        _program,
    ),
)
"""What is tried behind all other kinds, since it needs so little."""
