"""Files: what Get-Item and Get-ChildItem list of them, their version information, WMI's CIM_DataFile."""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping

from needfix.intake.fields import is_path
from needfix.intake.other_values import as_whole
from needfix.inventory.producers.facts import Entry, Facts
from needfix.inventory.producers.kind import ObjectKind, needing
from needfix.inventory.producers.names import named_server
from needfix.inventory.producers.written import Written, as_text, as_time, as_version, joined_version


def _file(written: Written) -> Iterator[Facts]:
    """A file of Get-Item: its version is that of its version information, or of a property beside it."""
    path = written.text("fullname", "filepath", "path", "fullpath", "fullfilename", "filefullname", "pspath")
    path = path or written.text("directory", "directoryname", "folder")
    place = place_of(written.text("filename", "name"), path and path.rpartition("::")[2])
    if not place or _is_folder(written):
        yield Facts.of(named_server(written), written.at)
        return
    entry = {
        **place,
        "version": _version_of(written),
        "modified": as_time(written.value("lastwritetimeutc", "lastwritetime")),
        "size": _size(written),
    }
    yield Facts.of(named_server(written), written.at, files=[entry])


def place_of(name: str | None, folder: str | None) -> Entry:
    """The path of a file in a folder, which may be the file itself; its name where no folder is stated.

    Both are stated as they are where the path is that of a file with another name.
    """
    if name is None or folder is None:
        stated = name or folder
        return {} if stated is None else {"path": stated} if has_folder(stated) else {"name": stated}
    if has_folder(name):
        return {"path": name}
    plain = folder.rstrip("\\/")
    ending = plain.replace("/", "\\").casefold().rpartition("\\")[2]
    if ending == name.casefold() or ("." not in name and ending.rpartition(".")[0] == name.casefold()):
        return {"path": plain}
    extension = name.casefold().rpartition(".")
    if plain == folder and extension[0] and ending.endswith(f".{extension[2]}"):
        return {"name": name, "path": folder}
    return {"path": f"{plain}{'/' if plain.startswith('/') else _SEPARATOR}{name}"}


_SEPARATOR = "\\"


def has_folder(name: str) -> bool:
    """Whether a name is a path."""
    return "\\" in name or "/" in name


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


def file_version(written: Written, *, beside_system: bool = False) -> str | None:
    """The version of a file: the fixed numbers, then their parts, then the text, which may be stale.

    What is only called a version is that of the operating system where the file stands `beside_system`.
    """
    raw = as_version(written.value("fileversionraw"))
    if raw:
        return raw
    parts = joined_version(map(written.value, _PARTS))
    if parts or not _OF_FILE.isdisjoint(written.values):
        texts = ("fileversion",) if beside_system else ("fileversion", "version")
        return parts or as_version(written.value(*texts))
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


VERSION_INFO = (
    ObjectKind(
        "VersionInfo",
        needing(
            "filename fileversion originalfilename", "filename fileversion internalname",
            "filename fileversion filemajorpart", "filename fileversion companyname",
        ),
        _file,
    ),
)  # fmt: skip
"""Version information whole, of which other programs' rows have a part."""
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
REST = (ObjectKind("file", needing("name fileversion", "name fileversionraw", "name versioninfo"), _file),)
"""What is tried behind all other kinds, since it needs so little."""
