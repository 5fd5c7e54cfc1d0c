"""What tests of collecting share: a server's disk below a folder, and what is collected of it."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

from tests.collect.executables import NEUTRAL, SP4, Version, executable, version_resource
from tests.collect.hives import Key, write_hives

STORE = "exchsrvr/bin/store.exe"
WINDOWS = r"Microsoft\Windows NT\CurrentVersion"
PROGRAMS = r"Microsoft\Windows\CurrentVersion\Uninstall"

SOFTWARE: Key = {
    WINDOWS: {
        "ProductName": "Windows Server 2019 Standard",
        "CurrentVersion": "6.3",
        "CurrentMajorVersionNumber": 10,
        "CurrentMinorVersionNumber": 0,
        "CurrentBuildNumber": "17763",
        "UBR": 5458,
        "SystemRoot": r"C:\Windows",
    },
}
SYSTEM: Key = {
    "Select": {"Current": 1},
    r"ControlSet001\Control\ComputerName\ComputerName": {"ComputerName": "MAIL01"},
    r"ControlSet001\Control\Session Manager\Environment": {"PROCESSOR_ARCHITECTURE": "AMD64"},
    r"ControlSet001\Control\Nls\Language": {"InstallLanguage": "0409"},
    "MountedDevices": {
        r"\DosDevices\C:": b"\1" * 12,
        r"\DosDevices\E:": r"\??\SCSI#CdRom&Ven_X".encode("utf-16-le"),
    },
}


def store(version: Version = SP4) -> bytes:
    """A file with a version."""
    return executable(versions={NEUTRAL: version_resource(version)})


def write_file(root: Path, path: str, content: bytes | None = None) -> Path:
    """Writes a file below a folder; without content an executable."""
    file = root / path
    file.parent.mkdir(parents=True, exist_ok=True)
    file.write_bytes(store() if content is None else content)
    return file


def write_disk(root: Path, software: Key | None = None, system: Key | None = None) -> Path:
    """The disk of a server with Windows and a file that rules ask for."""
    write_hives(root, {**SOFTWARE, **(software or {})}, {**SYSTEM, **(system or {})})
    write_file(root, STORE)
    return root


def record_of(out: str) -> dict[str, Any]:
    """The only record in an inventory."""
    (line,) = out.splitlines()
    found: dict[str, Any] = json.loads(line)
    return found


def names(record: dict[str, Any]) -> list[str]:
    """The paths of the files in a record."""
    return [file["path"] for file in record["files"]]
