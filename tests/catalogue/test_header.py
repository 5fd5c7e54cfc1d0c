"""The header of a catalogue: its day in reports, in `rules status`, and a note when it is old."""

from __future__ import annotations

import json
import struct
import zipfile
from collections.abc import Callable
from datetime import UTC, date, datetime, timedelta
from pathlib import Path

import pytest

import needfix
from needfix.model.note import CATALOGUE_DAYS
from tests.support import Needfix

RULE = """\
needfix: 1
product: mail-server
name: Contoso Mail Server
levels: [{level: "5.5"}]
---
needfix: 1
id: KB1
title: Mail waits
product: mail-server
affects: ["5.5"]
released: 2024-03-12
fixes: [{files: {Info.dll: {version: "2.0.0.5"}}}]
"""
SERVER = {"server": "A", "products": [{"name": "Contoso Mail Server", "level": "5.5"}]}


def header(day: str) -> str:
    return f"needfix: 1\ncatalogue: ours\ndate: {day}\n"


@pytest.fixture
def rules(tmp_path: Path) -> Path:
    folder = tmp_path / "rules"
    folder.mkdir()
    (folder / "KB1.yaml").write_text(RULE)
    return folder


@pytest.fixture
def inventory(tmp_path: Path) -> Path:
    file = tmp_path / "servers.json"
    file.write_text(json.dumps(SERVER))
    return file


def test_the_oldest_day_counts(rules: Path) -> None:
    assert needfix.load_catalogue(rules).date is None
    (rules / "a.yaml").write_text(header("2026-01-31"))
    (rules / "b.yaml").write_text(header('"2025-12-24"'))
    assert needfix.load_catalogue(rules).date == date(2025, 12, 24)


def test_the_day_changes_no_digest(rules: Path) -> None:
    before = needfix.load_catalogue(rules).digest
    (rules / "a.yaml").write_text(header("2026-01-31"))
    assert needfix.load_catalogue(rules).digest == before


def test_the_status_of_a_catalogue(needfix: Needfix, rules: Path) -> None:
    (rules / "a.yaml").write_text(header("2026-01-31"))
    found = json.loads(needfix("rules", "status", "--rules", rules, "--format", "json", "--no-shipped").out)
    digest = found.pop("digest")
    assert found == {
        "date": "2026-01-31", "newest": "2024-03-12", "rules": 1, "products": 1, "paths": [str(rules)],
    }  # fmt: skip
    assert digest in needfix("rules", "status", "--rules", rules, "--no-shipped").out


def test_the_shipped_catalogue_states_its_day(needfix: Needfix) -> None:
    assert json.loads(needfix("rules", "status", "--format", "json").out)["date"]


@pytest.mark.parametrize("days", [40, 50])
def test_an_old_catalogue_is_noted(
    needfix: Needfix, monkeypatch: pytest.MonkeyPatch, rules: Path, inventory: Path, days: int
) -> None:
    monkeypatch.setattr("needfix.run.run.CATALOGUE_DAYS", CATALOGUE_DAYS)
    day = (datetime.now(UTC).date() - timedelta(days)).isoformat()
    (rules / "a.yaml").write_text(header(day))
    found = needfix("evaluate", inventory, "--rules", rules, "--format", "json")
    document = json.loads(found.out)
    assert document["catalogue_date"] == day
    assert ("catalogue-old" in {note["code"] for note in document["summary"]["notes"]}) == (
        days > CATALOGUE_DAYS
    )
    assert ("older than 45 days" in found.err) == (days > CATALOGUE_DAYS)


def test_rules_in_a_zip_file(needfix: Needfix, rules: Path, inventory: Path, tmp_path: Path) -> None:
    packed = tmp_path / "rules.zip"
    with zipfile.ZipFile(packed, "w", zipfile.ZIP_DEFLATED) as archive:
        archive.write(rules / "KB1.yaml", "ours/KB1.yaml")
        archive.writestr(".hidden/other.yaml", "nonsense")
        archive.writestr("readme.txt", "nonsense")
    assert needfix("evaluate", inventory, "--rules", packed, "--format", "csv").out.splitlines()[1:]
    with zipfile.ZipFile(packed, "a") as archive:
        archive.writestr("ours/broken.yaml", "needfix: 1\nid: [\n")
    found = needfix("evaluate", inventory, "--rules", packed)
    assert found.code == 2
    assert f"{packed}/ours/broken.yaml:" in found.err


@pytest.mark.parametrize("content", [b"PK\x03\x04 and no more", b"PK\x05\x06" + b"\0" * 18])
def test_a_zip_file_without_rules_is_a_mistake(needfix: Needfix, tmp_path: Path, content: bytes) -> None:
    packed = tmp_path / "rules.zip"
    packed.write_bytes(content)
    found = needfix("rules", "list", "--rules", packed)
    assert (found.code, f"{packed}:1:" in found.err) == (2, True)


@pytest.mark.parametrize("name", [".", "./", "x"])
def test_entries_of_a_zip_file_without_a_name_are_skipped(
    needfix: Needfix, rules: Path, tmp_path: Path, name: str
) -> None:
    packed = tmp_path / "rules.zip"
    with zipfile.ZipFile(packed, "w") as archive:
        archive.write(rules / "KB1.yaml", "KB1.yaml")
        archive.writestr(name, b"")
    data = packed.read_bytes()
    if name == "x":  # in the list of entries, cut the name from it
        entry = data.rindex(b"PK\x01\x02")
        end = data.rindex(b"PK\x05\x06")
        (size,) = struct.unpack_from("<I", data, end + 12)
        data = (
            data[: entry + 28] + b"\0\0" + data[entry + 30 : entry + 46] + data[entry + 47 : end + 12]
            + struct.pack("<I", size - 1) + data[end + 16 :]
        )  # fmt: skip
        packed.write_bytes(data)
    found = needfix("rules", "list", "--rules", packed)
    assert (found.code, found.err) == (0, "")
    assert "KB1" in found.out


def _unpacked_wrongly(data: bytes) -> bytes:
    start = data.index(b"KB1.yaml") + 40
    return data[:start] + bytes(byte ^ 0x5A for byte in data[start : start + 60]) + data[start + 60 :]


def _named_wrongly(data: bytes) -> bytes:
    found = bytearray(data.replace(b"KB1.yaml", b"\xffB1.yaml"))
    for at in (6, found.index(b"PK\x01\x02") + 8):
        struct.pack_into("<H", found, at, 0x800)
    return bytes(found)


@pytest.mark.parametrize(
    ("packing", "damage"),
    [
        (zipfile.ZIP_DEFLATED, _unpacked_wrongly),
        (zipfile.ZIP_BZIP2, _unpacked_wrongly),
        (zipfile.ZIP_LZMA, _unpacked_wrongly),
        (zipfile.ZIP_DEFLATED, _named_wrongly),
    ],
)
def test_a_damaged_zip_file_is_a_problem(
    needfix: Needfix, rules: Path, tmp_path: Path, packing: int, damage: Callable[[bytes], bytes]
) -> None:
    packed = tmp_path / "rules.zip"
    with zipfile.ZipFile(packed, "w", packing) as archive:
        archive.write(rules / "KB1.yaml", "KB1.yaml")
    packed.write_bytes(damage(packed.read_bytes()))
    found = needfix("rules", "list", "--rules", packed)
    assert (found.code, found.out) == (2, "")
    assert f"{packed}:1: it cannot be unpacked: " in found.err


def test_a_zip_file_cannot_fill_the_memory(needfix: Needfix, tmp_path: Path) -> None:
    packed = tmp_path / "rules.zip"
    with zipfile.ZipFile(packed, "w", zipfile.ZIP_DEFLATED) as archive:
        archive.writestr("large.yaml", b"#" * (17 << 20))
    found = needfix("rules", "list", "--rules", packed)
    assert (found.code, "it is too large" in found.err) == (2, True)


def test_without_shipped_definitions(needfix: Needfix, tmp_path: Path) -> None:
    rule = tmp_path / "rule.yaml"
    rule.write_text(RULE.partition("---\n")[2].replace("mail-server", "exchange-server"))
    assert needfix("rules", "list", "--rules", rule).code == 0
    found = needfix("rules", "list", "--rules", rule, "--no-shipped")
    assert (found.code, "unknown product 'exchange-server'" in found.err) == (2, True)
    assert needfix("rules", "list", "--no-shipped").code == 2
