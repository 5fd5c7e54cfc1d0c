"""Files: what Get-Item and Get-ChildItem list of them, their version information, WMI's CIM_DataFile."""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping

from needfix.intake.fields import is_path
from needfix.inventory.producers.facts import Facts
from needfix.inventory.producers.kind import ObjectKind, needing
from needfix.inventory.producers.names import named_server
from needfix.inventory.producers.written import (
    Written,
    as_text,
    as_time,
    as_version,
    as_whole,
    joined_version,
)


def _file(written: Written) -> Iterator[Facts]:
    """A file of Get-Item: its version is that of its version information, or of a property beside it."""
    path = written.text("fullname", "filepath", "path", "pspath", "filename")
    if path is None or _is_folder(written):
        yield Facts.of(named_server(written), written.at)
        return
    path = path.rpartition("::")[2]
    entry = {
        "path" if _FOLDER.search(path) else "name": path,
        "version": _version_of(written),
        "modified": as_time(written.value("lastwritetimeutc", "lastwritetime")),
        "size": _size(written),
    }
    yield Facts.of(named_server(written), written.at, files=[entry])


_FOLDER = re.compile(r"[\\/]")


def _is_folder(written: Written) -> bool:
    return written.value("psiscontainer") is True or (written.text("attributes", "mode") or "").startswith(
        ("Directory", "d-", "da")
    )


def _size(written: Written) -> int | None:
    return as_whole(written.value("length", "filesize", "size"))


def _version_of(written: Written) -> str | None:
    """The version of the object, else that of its version information."""
    inner = written.inner("versioninfo")
    shown = as_text(written.values.get("versioninfo"))
    found = file_version(inner) if inner is not None else _in_lines(shown) if shown else None
    return found or file_version(written)


def file_version(written: Written) -> str | None:
    """The version of a file: the fixed numbers, then their parts, then the text, which may be stale."""
    raw = as_version(written.value("fileversionraw"))
    if raw:
        return raw
    parts = joined_version(map(written.value, _PARTS))
    if parts or not _OF_FILE.isdisjoint(written.values):
        return parts or as_version(written.value("fileversion", "version"))
    return written.text("productversion")


_OF_FILE = frozenset(("fileversionraw", "fileversion", "version"))
"""Where a program has these, even without a value, that of the product is not the file's."""
_PARTS = ("filemajorpart", "fileminorpart", "filebuildpart", "fileprivatepart")


def _in_lines(text: str) -> str | None:
    """The version in version information as text, which is how objects too deep for JSON are written."""
    found = _LINE.search(text)
    return found[1].strip() or None if found else None


_LINE = re.compile(r"(?m)^FileVersion:[ \t]*(.*)$")


def data_file(written: Written) -> Iterator[Facts]:
    """A file of WMI; its `Name` is the path."""
    entry = {
        "path": written.text("name"),
        "version": written.text("version"),
        "modified": as_time(written.value("lastmodified")),
        "size": _size(written),
    }
    yield Facts.of(named_server(written), written.at, files=[entry])


def _dated(written: Written) -> Iterator[Facts]:
    """A file of WMI of which only some properties were asked for."""
    if is_path(written.text("name") or ""):
        yield from data_file(written)
    else:
        yield Facts(named_server(written), written.at, {}, unknown="object with a name and a time")


def _holder(written: Written) -> Iterator[Facts]:
    """A script's own object of a file and its version information."""
    item = next((own for name in ("getitem", "item", "file") if (own := written.inner(name))), None)
    if item is None:
        yield Facts.of(named_server(written), written.at)
        return
    values: Mapping[str, object] = {"versioninfo": written.values.get("versioninfo"), **item.values}
    for facts in _file(Written(values, written.at)):
        yield facts._replace(server=facts.server or named_server(written))


KINDS = (
    ObjectKind("CIM_DataFile", needing("name version filename extension"), data_file),
    ObjectKind("CIM_DataFile", needing("name lastmodified"), _dated),
    ObjectKind("Get-Item with VersionInfo", needing("getitem versioninfo"), _holder),
    ObjectKind(
        "Get-Item",
        needing(
            "fullname versioninfo", "fullname length", "fullname lastwritetime", "fullname lastwritetimeutc",
            "fullname fileversion", "fullname version", "fullname fileversionraw", "filepath fileversion",
            "path fileversion",
        ),
        _file,
    ),
    ObjectKind(
        "VersionInfo",
        needing("filename fileversion", "filename fileversionraw", "filename filemajorpart"),
        _file,
    ),
)  # fmt: skip
