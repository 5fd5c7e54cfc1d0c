"""What `ConvertTo-Json` writes of many servers: one list in a file, or a file for each server in a folder."""

from __future__ import annotations

import json
import random
from collections.abc import Iterator
from pathlib import Path
from typing import Any

SEED = 13
FOLDER = "C:\\Program Files\\Microsoft\\Exchange Server\\V15\\Bin"
HOTFIXES = 8
BUILDS = ((2507, 6), (2308, 27), (1748, 10), (1544, 4))
WINDOWS = ("10.0.14393", "10.0.17763", "10.0.20348")


def objects(servers: int) -> Iterator[list[dict[str, Any]]]:
    """For each server what Get-Item, Get-CimInstance and Get-HotFix return of it."""
    chance = random.Random(SEED)  # noqa: S311 - numbers of a benchmark
    for number in range(servers):
        name = f"MAIL{number * 7919 % 1_000_003:07}"
        remote = {"PSComputerName": name, "RunspaceId": f"{number:08x}-0000-4000-8000-{number:012x}"}
        yield [
            {**_file(*chance.choice(BUILDS)), **remote},
            {**_windows(name, chance.choice(WINDOWS)), **remote},
            *({**_hotfix(name, chance.randrange(300)), **remote} for _ in range(HOTFIXES)),
        ]


def _file(build: int, revision: int) -> dict[str, Any]:
    path, version = f"{FOLDER}\\ExSetup.exe", f"15.02.{build:04}.{revision:03}"
    return {
        "Name": "ExSetup.exe",
        "Length": 37_000,
        "DirectoryName": FOLDER,
        "FullName": path,
        "LastWriteTimeUtc": "/Date(1707800000000)/",
        "VersionInfo": {
            "FileVersionRaw": {"Major": 15, "Minor": 2, "Build": build, "Revision": revision},
            "FileName": path,
            "FileVersion": version,
            "ProductVersion": version,
            "Language": "English (United States)",
        },
    }


def _windows(name: str, version: str) -> dict[str, Any]:
    return {
        "Caption": "Microsoft Windows Server 2019 Standard",
        "Version": version,
        "BuildNumber": version.rpartition(".")[2],
        "CSName": name,
        "OSArchitecture": "64-bit",
        "LocalDateTime": "/Date(1710266400000)/",
    }


def _hotfix(name: str, number: int) -> dict[str, Any]:
    return {
        "CSName": name,
        "Description": "Security Update",
        "HotFixID": f"KB{5_000_000 + 137 * number}",
        "InstalledBy": "NT AUTHORITY\\SYSTEM",
        "InstalledOn": {
            "value": "/Date(1707782400000)/",
            "DateTime": "Tuesday, February 13, 2024 12:00:00 AM",
        },
    }


def write_list(file: Path, servers: int) -> None:
    """All objects as one list."""
    with file.open("w", encoding="utf-8-sig", newline="\r\n") as out:
        signs = "["
        for some in objects(servers):
            for one in some:
                out.write(f"{signs}\n    {json.dumps(one, indent=4)}")
                signs = ","
        out.write("\n]\n")


def write_folder(folder: Path, servers: int) -> None:
    """A file for each server."""
    folder.mkdir()
    for some in objects(servers):
        text = json.dumps(some, indent=4)
        (folder / f"{some[0]['PSComputerName']}.json").write_text(text, encoding="utf-8", newline="\r\n")
