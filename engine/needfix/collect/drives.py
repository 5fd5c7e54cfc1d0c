"""The drives of a server by its registry: those it has letters for, and those that paths in it lead to."""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator

from needfix.collect.hive import Hive, HiveValue
from needfix.collect.installed import control_set

_WINDOWS = r"Microsoft\Windows NT\CurrentVersion"
_VIEWS = ("", "Wow6432Node\\")
_WITH_PROGRAMS = (
    r"Microsoft\Windows\CurrentVersion\Uninstall",
    r"Microsoft\Windows\CurrentVersion\App Paths",
    r"Microsoft\ExchangeServer",
    r"Microsoft\Microsoft SQL Server",
)
"""Keys below which a key of each program names its folders, itself or in its own key `Setup`."""
_PLACES = frozenset(
    {
        "", "displayicon", "imagepath", "installlocation", "msiinstallpath", "path", "pathname",
        "programfilesdir", "sqlbinroot", "sqldataroot", "sqlpath", "sqlprogramdir", "systemroot",
        "uninstallstring",
    }
)  # fmt: skip
"""Values that say where something is installed; where it came from does not matter."""
_LETTER = re.compile(r"^\\dosdevices\\([a-z]:)$")
_REMOVED = re.compile("cdrom|floppy|fdc#", re.IGNORECASE)
"""In names of devices that hold no installed program."""
_ON_DRIVE = re.compile(r'^[" ]*(?:\\\\\?\\|\\\?\?\\)?([A-Za-z]:)(?:\\|/|$)', re.ASCII)


def system_drive(software: Hive) -> str | None:
    """The letter of the drive that Windows is on, with a colon."""
    return _drive_of(software.text(_WINDOWS, "SystemRoot") or "")


def lettered_drives(system: Hive) -> frozenset[str]:
    """The letters that the server has given to disks, also to those that can be removed."""
    return frozenset(
        found[1].upper()
        for name, own in system.values("MountedDevices").items()
        if (found := _LETTER.match(name)) and not _REMOVED.search(_device(own))
    )


def drives_in_paths(software: Hive, system: Hive) -> frozenset[str]:
    """The letters of drives on which programs or services are installed."""
    own = (drive for text in _paths(software, system) if (drive := _drive_of(text)))
    return frozenset(own)


def _paths(software: Hive, system: Hive) -> Iterator[str]:
    yield from _texts(software.values(_WINDOWS))
    for prefix in _VIEWS:
        yield from _texts(software.values(rf"{prefix}Microsoft\Windows\CurrentVersion"))
        for place in _WITH_PROGRAMS:
            for key in software.below(prefix + place):
                yield from _texts(software.values(rf"{prefix}{place}\{key}"))
                yield from _texts(software.values(rf"{prefix}{place}\{key}\Setup"))
    services = rf"{control_set(system)}\Services"
    for key in system.below(services):
        yield from _texts(system.values(rf"{services}\{key}"))


def _texts(values: dict[str, HiveValue]) -> Iterable[str]:
    return [own for name, own in values.items() if name in _PLACES and isinstance(own, str)]


def _drive_of(path: str) -> str | None:
    found = _ON_DRIVE.match(path)
    return found[1].upper() if found else None


def _device(value: HiveValue) -> str:
    """The name of a device; disks have none but a number."""
    return value.decode("utf-16-le", "replace") if isinstance(value, bytes) else ""
