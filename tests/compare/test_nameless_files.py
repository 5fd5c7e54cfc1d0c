"""Entries of a list of files that name no file: the list is not whole; singly, in columns and in Parquet."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

import pyarrow as pa
import pyarrow.parquet as pq
import pytest

from needfix import fleet
from needfix.cases import plain
from tests.fleet.support import fleet_rows, piece_of, single_rows
from tests.support import Needfix
from tests.support.catalogues import OLD, answer, catalogue_of, codes, decide, fix, mail, rule

NAMELESS: list[dict[str, Any]] = [
    {"name": "Unknown"},
    {"name": "N/A"},
    {"path": "N/A"},
    {"name": "n/a", "path": r"C:\mail\bin\info.dll"},
    {"name": "System.Object[]"},
    {"name": "System.IO.FileInfo"},
    {"path": "System.IO.FileInfo"},
    {"name": "System.IO.FileInfo", "path": r"C:\mail\bin\info.dll"},
    {"path": "C:\\mail\\bin\\"},
    {"name": "C:\\mail\\bin\\"},
    {"name": "C:\\mail\\bin\\", "path": "-"},
    {"name": "bin/", "path": r"D:\mail\info2.dll"},
    {"name": "bin", "path": "C:\\mail\\bin\\ "},
    {"path": "/opt/mail/"},
    {"path": "C:\\"},
    {"name": "*.dll"},
    {"name": "\u2013"},
    {"name": "Extensible Storage Engine", "path": r"C:\mail\bin\info.dll"},
    {"name": "other.exe", "path": r"C:\mail\bin\info.dll"},
    {"name": "other.exe", "path": "/opt/mail/Info.DLL "},
    {"name": "Info.dll."},
    {"name": "Info.dll,"},
    {"name": "info.dll; other.dll"},
    {"path": "C:\u00a5mail\u00a5info.dll"},
    *(
        {"name": name}
        for name in (
            "Info.dll (64-bit)",
            "Info.dll *32",
            "Info.dll [x64]",
            "Info.dll 5.5.2654.10",
            "Info.dll=",
            "(Info.dll)",
            "Info.dll'",
            "'Info.dll",
            "\u2022 Info.dll",
            "- Info.dll",
            "Info .dll",
            "Info. dll",
            "a.dll Info.dll",
            "\uff49\uff4e\uff46\uff4f.dll",
            "Info\uff0edll",
            "\u201cInfo.dll\u201d",
            "\u201eInfo.dll\u201c",
            "Info.dll\u00b4",
            "In\u200bfo.dll",
            "Info\u00a0.dll",
            "In\u00adfo.dll\u200b",
            "\u3164Info.dll",
            "Inf\u043e.dll",
            "\u0130nfo.dll",
            "In\ufb01.dll",
            "Inf\ufffd.dll",
            "INFOSE~1.DLL",
            "Info%2Edll",
            "&quot;Info.dll&quot;",
            "Info.dll:Zone.Identifier",
        )
    ),
    {"path": "C:\\mail\\bin\\Info.dll (64-bit)"},
    {"name": "Info.dll (64-bit)", "path": "C:\\mail\\bin\\Info.dll (64-bit)"},
]
VAGUE: list[dict[str, Any]] = [
    {"name": name}
    for name in ("Info", "INFO", "x64 Info.dll", "(64-bit) info.DLL", "[x64]Info.dll", "Copy of Info.dll")
]
"""Names that may be meant as that of the fix's file."""
NAMED: list[dict[str, Any]] = [
    {"name": "readme.txt"},
    {"name": "System.Web.dll"},
    {"name": "system.ini"},
    {"name": "System.Runtime.Serialization", "path": r"C:\Windows\assembly\System.Runtime.Serialization"},
    {"path": r"C:\mail\bin"},
    {"name": "info2.dll", "path": "C:\\mail\\bin\\"},
    {"name": "7"},
    {"name": "info2.dll", "path": "C:\\Microsoft.NET\\v4.0"},
    {"name": "INFO2.dll", "path": r"C:\mail\bin\ info2.DLL"},
    *(
        {"name": name}
        for name in (
            "Info.dll.bak",
            "Info.dll-old",
            "Info.dll.mui",
            "Info.dl_",
            "Information",
            "Info2 (x64).dll",
            "readme (2).txt",
            "{0F1C2A3B}.dat",
            "~$letter.doc",
            "[Content_Types].xml",
            "R\u00e9sum\u00e9.doc",
            "\u65e5\u672c\u8a9e.dll",
            "\uff8c\uff67\uff72\uff99.dll",
            "\u041e\u0442\u0447\u0451\u0442.doc",
            "100% sure.txt",
            "a&b.txt",
        )
    ),
]


def listed(entry: dict[str, Any]) -> Any:  # noqa: ANN401 - a server
    """A server with a complete list of files, of which none is the fix's."""
    return mail("5.5 SP4", files=[{"name": "Store.exe", "version": "5.5.2653.23"}, entry], complete=["files"])


@pytest.mark.parametrize("entry", [*NAMELESS, *VAGUE], ids=json.dumps)
def test_what_a_list_with_a_nameless_entry_does_not_name_is_not_inventoried(entry: dict[str, Any]) -> None:
    catalogue, facts = catalogue_of(rule()), listed({**entry, "version": OLD})
    found = decide(catalogue, facts, "Q100001")
    assert answer(found) == "undetermined, investigate"
    assert "file-not-inventoried" in codes(found)
    assert fleet_rows(catalogue, piece_of([facts]))[0] == single_rows(catalogue, [facts])


@pytest.mark.parametrize("entry", NAMED, ids=json.dumps)
def test_a_list_in_which_every_entry_names_a_file_is_believed(entry: dict[str, Any]) -> None:
    catalogue, facts = catalogue_of(rule()), listed(entry)
    assert answer(decide(catalogue, facts, "Q100001")) == "not-affected, none"
    assert fleet_rows(catalogue, piece_of([facts]))[0] == single_rows(catalogue, [facts])


@pytest.mark.parametrize("entry", [*NAMELESS, *VAGUE, *NAMED], ids=json.dumps)
def test_the_plain_evaluator_reads_them_in_the_same_way(entry: dict[str, Any]) -> None:
    catalogue, facts = catalogue_of(rule()), listed(entry)
    found = decide(catalogue, facts, "Q100001")
    assert plain.decide(catalogue, facts)["Q100001"] == (found.decision, found.action)


def test_a_file_under_a_name_that_says_nothing_is_needed_no_less() -> None:
    catalogue = catalogue_of(rule())
    old = listed({"name": "Info.dll", "version": OLD})
    assert answer(decide(catalogue, old, "Q100001")) == "fix-required, apply"
    silent = listed({"name": "System.Object[]", "version": OLD})
    assert answer(decide(catalogue, silent, "Q100001")) == "undetermined, investigate"


@pytest.mark.parametrize("fix_of", [{"platform": "x86"}, {"path": True}], ids=str)
def test_a_file_of_one_platform_or_folder_may_be_there_under_a_vague_name(fix_of: dict[str, Any]) -> None:
    minimum = {"version": "5.5.2654.10", **({"path": r"bin"} if "path" in fix_of else {})}
    platform = {"platform": fix_of["platform"]} if "platform" in fix_of else {}
    catalogue = catalogue_of(rule(fixes=[fix({"Info.dll": minimum}, **platform)]))
    for entry, expected in ({"name": "Info"}, "undetermined"), ({"name": "Other"}, "not-affected"):
        elsewhere = {"name": "Info.dll", "path": r"D:\elsewhere\Info.dll", "version": OLD}
        files = [entry, *([elsewhere] if "path" in fix_of else [])]
        keyed = [{"name": "Store.exe", "version": "5.5.2653.23"}, *files]
        facts = mail("5.5 SP4", files=keyed, complete=["files"])
        assert decide(catalogue, facts, "Q100001").decision == expected
        assert plain.decide(catalogue, facts)["Q100001"][0] == expected
        assert fleet_rows(catalogue, piece_of([facts]))[0] == single_rows(catalogue, [facts])


def test_a_list_that_is_not_whole_contradicts_no_product() -> None:
    facts = mail("5.5 SP4", OLD, files=[{"name": "Store.exe"}, {"name": "Unknown"}], complete=["files"])
    without = facts.as_record()
    without["files"] = [one for one in without["files"] if one["name"] != "Store.exe"]
    found = decide(catalogue_of(rule()), type(facts).from_record(without), "Q100001")
    assert "key-file-missing" not in codes(found)


def test_nameless_entries_are_noted_alike_in_every_format(needfix: Needfix, tmp_path: Path) -> None:
    unsure = [*NAMELESS, *VAGUE]
    records = [listed(entry).as_record() for entry in unsure]
    keys = ("products", "files", "complete")
    named = [
        {"server": f"S{number:03}", **{key: one[key] for key in keys}} for number, one in enumerate(records)
    ]
    (tmp_path / "fleet.jsonl").write_text("".join(f"{json.dumps(one)}\n" for one in named), encoding="utf-8")
    pq.write_table(pa.Table.from_pylist(named), tmp_path / "fleet.parquet")
    catalogue = catalogue_of(rule())
    noted = []
    for name in ("fleet.jsonl", "fleet.parquet"):
        summary = fleet.summary(catalogue, tmp_path / name)
        (note,) = (one for one in summary.notes if one.code == "file-name-unreadable")
        assert summary.total == {("undetermined", "investigate"): len(unsure)}
        noted.append((note.count, note.words))
    assert noted[0] == noted[1]
    assert noted[0][0] == len(unsure)
    ran = needfix("evaluate", tmp_path / "fleet.jsonl", "--strict")
    assert ran.code == 2
    assert (
        f"{len(NAMELESS)} entries of lists of files name no file" in ran.err
    )  # the shipped rules name no Info.dll
