"""How the texts of Windows' commands are known from inventories of other formats."""

from __future__ import annotations

import time

import pytest

from needfix.intake.formats import format_of
from needfix.intake.text import HEAD_BYTES

NAME = "Windows commands"


def named(text: str, file: str = "a") -> str:
    found = format_of(file, text.encode(), text)
    return getattr(found, "name", "")


@pytest.mark.parametrize(
    "text",
    [
        "\r\nHost Name:    A\r\nOS Name:      X\r\nOS Version:   10.0.14393 N/A Build 14393\r\n",
        "Hostname:  A\nName:  X\nBetriebssystemversion:  10.0.14393 Nicht zutreffend Build 14393\n",
        "OS バージョン:          10.0.18363 N/A ビルド 18363\n",
        "C:\\>systeminfo\r\n\r\nHost Name:    A\r\nOS Name:      X\r\nOS Version:   5.2.3790 Build 3790\r\n",
        "Host Name  OS Name  Virtual Memory: Max Size\n=========  =======  ========================\n",
        "SERVICE_NAME: IS\n        TYPE               : 10  WIN32_OWN_PROCESS\n",
        "[SC] EnumQueryServicesStatus\n\nDIENST: IS\nNAME: x\n        TYP                : 10  WIN32\n",
        "\nHKEY_LOCAL_MACHINE\\SOFTWARE\\X\n    A    REG_SZ    1\n",
        "! REG.EXE VERSION 3.0\n\nHKEY_LOCAL_MACHINE\\X\n",
        "PS C:\\> reg query HKLM\\X\n\nHKEY_LOCAL_MACHINE\\X\n",
        "\\\\MAIL01\\HKEY_LOCAL_MACHINE\\X\n",
        "\r\r\n\r\r\nCaption=Microsoft Windows Server, Standard\r\r\nVersion=10.0.14393\r\r\n",
        "AccessMask=1\nCompressed=FALSE\nName=c:\\x\n",
        "Caption  CSName  HotFixID  \r\r\nhttp://x  A  KB1\r\r\n",
        "HotFixID   \r\nKB500001   \r\n",
        "Please wait while WMIC is being installed.Caption  CSName  HotFixID  \n",
        "Status   Name               DisplayName\n------   ----               -----------\n",
        "HotFixID\n--------\nKB500001\n",
        "Name        : A\nDisplayName : B\nStatus      : Running\n",
        "WindowsBuildLabEx : x\n" + "Bios : x\n" * 90 + "OsName : x\n",
    ],
)
@pytest.mark.parametrize("file", ["a", "a.txt", "a.log"])
def test_texts_of_commands_are_known(text: str, file: str) -> None:
    assert named(text, file) == NAME


@pytest.mark.parametrize(
    ("text", "name"),
    [
        ("server: A\nproducts: []\n", "YAML"),
        ("server : A\nname : B\n", "YAML"),
        ("restart_pending : true\nserver : A\nversion : x\n", "YAML"),
        ("- server: A\n", "YAML"),
        ("# note\n---\nserver: A\n", "YAML"),
        ("server: A\n---\nserver: B\n", "YAML"),
        ("server: A\nbuild: x\nlevel:  5.0.2195 SP4 2195\n", "YAML"),
        ("%YAML 1.1\n---\nserver: A\n", "YAML"),
        ("files:\n  - {name: a}\nserver: A\n", "YAML"),
        ("server,file,version\nA,x,1\n", "CSV"),
        ("server;file  ;version\nA;x;1\n", "CSV"),
        ("server\nA\n", "CSV"),
        ("server  \nA\n", "CSV"),
        ("sep=;\nserver;file\n", "CSV"),
        ("Node,HotFixID,Caption\nA,KB1,x\n", "CSV"),
        ('"Host Name","OS Name"\n"A","B"\n', "CSV"),
        ("ComputerName\tFileName\nA\tx\n", "CSV"),
        ("#TYPE X\nName,Version\n", "CSV"),
        ("server,file\n------,----\nA,x\n", "CSV"),
        ('{"server": "A"}', "JSON"),
        ('{"Caption": "x : y", "HotFixID": "="}', "JSON"),
    ],
)
def test_other_formats_keep_their_files(text: str, name: str) -> None:
    assert named(text) == name
    assert named(text, f"a.{name.lower()}") == name
    assert named(text, "a.txt") != NAME


@pytest.mark.parametrize(
    "unit",
    ["a:", " ", "-", "- ", "name  ", "a :\n", "a=\n", "a=", "HKEY_", "C:\\>\n", "333 ", "a: b\n a: 1",
     "name  a", "\n", " \n", "a: 1.2.333 333 ", "Name" + " " * 200, "=" * 99 + " ",
     "[SC]\n", "PS C:\\>", "name : "],
)  # fmt: skip
def test_no_text_takes_long_to_be_known(unit: str) -> None:
    begun = time.process_time()
    for first in ("", "Name Value\n", "a: b\n", "x  y\n"):
        named((first + unit * HEAD_BYTES)[:HEAD_BYTES])
    assert time.process_time() - begun < 2
