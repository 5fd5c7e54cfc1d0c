"""Several installations of one product on a server: each has its own files and is decided by itself."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

import pyarrow as pa
import pyarrow.parquet as pq
import pytest

import needfix
from needfix.cases.plain import decide as decide_plainly
from tests.fleet.support import fleet_rows, piece_of
from tests.support import Needfix
from tests.support.catalogues import Document, answer, catalogue_of, codes, decide, server, text_of

SQL: Document = {
    "needfix": 1,
    "product": "sql-server",
    "name": "Microsoft SQL Server",
    "stated_without": ["CU", "GDR"],
    "cumulative": True,
    "key_files": ["sqlservr.exe"],
    "levels": [
        {"level": "2022 RTM", "build": "16.0.1000"},
        {"level": "2022 CU8", "build": "16.0.4075"},
        {"level": "2022 CU9", "build": "16.0.4085"},
    ],
}
UPDATE: Document = {
    "needfix": 1,
    "id": "SU1",
    "title": "A security update of each line",
    "product": "sql-server",
    "affects": ["2022 RTM", "2022 CU8"],
    "apply": "always",
    "symptoms": [],
    "fixes": [
        {"level": "2022 RTM", "files": {"sqlservr.exe": {"version": "16.0.1105.1"}}},
        {"level": "2022 CU8", "files": {"sqlservr.exe": {"version": "16.0.4080.1"}}},
    ],
    "cases": [],
}
A, B = "D:\\MSSQL16.A", "E:\\MSSQL16.B"
CU8, RTM = "16.0.4080.1", "16.0.1105.1"
REQUIRED, PRESENT = "fix-required, apply", "fix-present, none"
UNKNOWN, NONE = "undetermined, investigate", "not-affected, none"


def update(**keys: Any) -> Document:  # noqa: ANN401 - any key of the format
    return {**UPDATE, **keys}


def instance(path: str | None = None, level: str | None = None, **keys: Any) -> Document:  # noqa: ANN401
    return {"name": "Microsoft SQL Server", "level": level, "path": path, **keys}


def engine_at(folder: str, version: str | None, **keys: Any) -> Document:  # noqa: ANN401
    return {"path": f"{folder}\\Binn\\sqlservr.exe", "version": version, **keys}


TWO = [instance(A, "2022 CU8"), instance(B, "2022 RTM")]
ALIKE = [instance(A, "2022 CU8"), instance(B, "2022 CU8")]


def decided(facts: needfix.Server, *rules: Document) -> needfix.Decision:
    """The decision of the last rule, which the plain evaluator and the columns come to as well."""
    known = catalogue_of(SQL, *(rules or (UPDATE,)))
    every = {one.rule: one for one in needfix.evaluate(known, facts)}
    plain = decide_plainly(known, facts)
    rows = {row["rule"]: row for row in fleet_rows(known, piece_of([facts]))[0]}
    for rule_id, found in every.items():
        assert plain[rule_id] == (found.decision, found.action)
        row = rows[rule_id]
        reasons = list(dict.fromkeys(codes(found)))
        assert (row["decision"], row["action"], row["reasons"]) == (found.decision, found.action, reasons)
    return list(every.values())[-1]


def texts(found: needfix.Decision) -> list[str]:
    return [reason.text for reason in found.reasons]


@pytest.mark.parametrize(
    ("first", "second", "expected"),
    [
        (CU8, RTM, PRESENT),
        (CU8, "16.0.1000.6", REQUIRED),
        ("16.0.4075.1", RTM, REQUIRED),
        (CU8, None, UNKNOWN),
        ("16.0.4075.1", None, REQUIRED),
    ],
)
def test_each_instance_is_held_against_its_own_branch(
    first: str | None, second: str | None, expected: str
) -> None:
    facts = server(products=TWO, files=[engine_at(A, first), engine_at(B, second)])
    assert answer(decided(facts)) == expected


def test_two_instances_of_one_version_that_are_patched_have_the_fix() -> None:
    facts = server(products=ALIKE, files=[engine_at(A, CU8), engine_at(B, "16.0.4080.5")])
    found = decided(facts)
    assert answer(found) == PRESENT
    assert texts(found)[0] == f"{A}: sqlservr.exe is {CU8}; 16.0.4080.1 or later is needed"
    assert f"{B}: sqlservr.exe is 16.0.4080.5; 16.0.4080.1 or later is needed" in texts(found)


def test_the_reason_names_the_instance_that_needs_the_fix() -> None:
    facts = server(products=ALIKE, files=[engine_at(A, CU8), engine_at(B, "16.0.4075.1")])
    found = decided(facts)
    assert answer(found) == REQUIRED
    first = found.reasons[0]
    assert (first.code, first.path) == ("file-below-minimum", f"{B}\\Binn\\sqlservr.exe")
    assert first.text == f"{B}: sqlservr.exe is 16.0.4075.1; 16.0.4080.1 or later is needed"
    assert not any(text.startswith(f"{A}: sqlservr.exe") for text in texts(found))


def test_without_paths_the_files_belong_to_every_entry() -> None:
    files = [engine_at(A, CU8), engine_at(B, "16.0.4075.1")]
    found = decided(server(products=[instance(None, "2022 CU8")] * 2, files=files))
    assert answer(found) == REQUIRED
    assert texts(found)[0].startswith(f"sqlservr.exe in {B}")


@pytest.mark.parametrize("path", [A, "C:\\elsewhere", None])
def test_a_product_that_stands_once_has_all_files(path: str | None) -> None:
    files = [engine_at(A, CU8), engine_at(B, "16.0.4075.1")]
    facts = server(products=[instance(path, "2022 CU8")], files=files)
    assert answer(decided(facts)) == REQUIRED


def test_an_instance_without_files_in_a_complete_list_is_not_believed_to_have_none() -> None:
    facts = server(products=ALIKE, files=[engine_at(A, CU8)], complete=["files"])
    found = decided(facts)
    assert answer(found) == UNKNOWN
    assert next(one for one in found.reasons if one.code == "key-file-missing").text.startswith(f"{B}: ")


COMPONENT = update(fixes=[{"component": "Agent", "files": {"agent.dll": {"version": "1.5"}}}])


def agent(folder: str, version: str | None) -> Document:
    return {"path": f"{folder}\\agent.dll", "version": version}


@pytest.mark.parametrize(
    ("agents", "expected"),
    [
        ([], NONE),
        ([agent(A, "1.5")], PRESENT),
        ([agent(A, "1.4")], REQUIRED),
        ([agent("C:\\Windows", "1.4")], REQUIRED),
        ([agent("C:\\Windows", "1.5")], PRESENT),
        ([agent("C:\\Windows", "1.5"), agent(B, "1.4")], REQUIRED),
        ([{"name": "agent.dll", "version": "1.5"}], UNKNOWN),
        ([agent("%ProgramFiles%\\SQL", "1.5")], UNKNOWN),
        ([agent("\\MSSQL16.A", "1.5")], UNKNOWN),
    ],
)
def test_a_file_is_missing_by_instance_and_below_no_path_it_is_everyones(
    agents: list[Document], expected: str
) -> None:
    files = [engine_at(A, CU8), engine_at(B, CU8), *agents]
    facts = server(products=ALIKE, files=files, complete=["files"])
    assert answer(decided(facts, COMPONENT)) == expected


def test_what_is_missing_in_one_instance_is_not_made_up_for_by_another() -> None:
    both = {"agent.dll": {"version": "1.5"}, "more.dll": {"version": "1.5"}}
    files = [engine_at(A, CU8), engine_at(B, CU8), agent(A, "1.5"), agent(B, "1.5")]
    files.append({"path": f"{A}\\more.dll", "version": "1.5"})
    facts = server(products=ALIKE, files=files, complete=["files"])
    found = decided(facts, update(fixes=[{"files": both}]))
    assert answer(found) == REQUIRED
    assert f"{B}: more.dll is not among the server's files" in texts(found)


def test_where_an_entry_lacks_its_path_files_below_no_path_are_not_inventoried() -> None:
    files = [engine_at(A, CU8), agent(A, "1.5"), engine_at(B, CU8), agent("C:\\Windows", "1.5")]
    facts = server(products=[instance(A, "2022 CU8"), instance(None, "2022 CU8")], files=files)
    found = decided(facts, COMPONENT)
    assert answer(found) == UNKNOWN
    named = [one.text for one in found.reasons if one.code == "file-not-inventoried"]
    assert any(text.startswith(f"{A}: Nothing shows whether agent.dll") for text in named)
    assert any(text.startswith("Without path: ") for text in named)


def test_the_own_files_of_an_instance_count_where_another_lacks_its_path() -> None:
    files = [engine_at(A, "16.0.4075.1"), engine_at(B, CU8)]
    facts = server(products=[instance(A, "2022 CU8"), instance(None, "2022 CU8")], files=files)
    assert answer(decided(facts)) == REQUIRED


@pytest.mark.parametrize("path", ["Unknown", "MSSQL16.B", "%ProgramFiles%\\B", "E:\\MSSQL~1"])
def test_a_path_that_shows_no_folder_is_not_stated(path: str) -> None:
    notes: list[needfix.Note] = []
    known = catalogue_of(SQL, UPDATE)
    products = [instance(A, "2022 CU8"), instance(path, "2022 CU8")]
    facts = server(products=products, files=[engine_at(A, CU8), engine_at(B, CU8)])
    (found,) = needfix.evaluate(known, facts, on_note=notes.append)
    assert answer(found) == answer(decided(facts)) == UNKNOWN
    assert [(note.code, note.words) for note in notes] == [("path-unreadable", (path,))]
    assert "path of a file or product shows no folder" in str(notes[0])


def test_paths_compare_without_case_and_by_whole_folders() -> None:
    products = [instance("d:/mssql16.a/", "2022 CU8"), instance("D:\\MSSQL16.AB", "2022 CU8")]
    files = [engine_at("D:\\MSSQL16.A", CU8), engine_at("\\\\?\\D:\\MSSQL16.AB", "16.0.4075.1")]
    found = decided(server(products=products, files=files))
    assert answer(found) == REQUIRED
    assert texts(found)[0].startswith("D:\\MSSQL16.AB: sqlservr.exe is 16.0.4075.1")


def test_each_instance_has_the_level_that_its_own_key_file_shows() -> None:
    products = [instance(A), instance(B)]
    found = decided(server(products=products, files=[engine_at(A, CU8), engine_at(B, "16.0.4085.2")]))
    assert answer(found) == PRESENT
    assert f"{A}: sqlservr.exe 16.0.4080.1 means level 2022 CU8" in texts(found)


def test_a_contradiction_is_that_of_its_instance() -> None:
    products = [instance(A, "2022 CU8"), instance(B, "2022 CU9")]
    found = decided(server(products=products, files=[engine_at(A, CU8), engine_at(B, "16.0.1000.6")]))
    assert answer(found) == UNKNOWN
    (wrong,) = (one for one in found.reasons if one.code == "level-contradicted")
    assert wrong.text.startswith(f"{B}: ")


def test_each_instance_has_its_own_platform() -> None:
    fixes = [
        {"platform": "x64", "files": {"sqlservr.exe": {"version": CU8}}},
        {"platform": "x86", "files": {"sqlservr.exe": {"version": "16.0.4080.3"}}},
    ]
    products = [instance(A, "2022 CU8", platform="x64"), instance(B, "2022 CU8", platform="x86")]
    files = [engine_at(A, CU8, platform="x64"), engine_at(B, CU8, platform="x86")]
    found = decided(server(products=products, files=files), update(fixes=fixes))
    assert answer(found) == REQUIRED
    assert "platform-differs" not in codes(found)
    assert texts(found)[0].startswith(f"{B}: sqlservr.exe is {CU8}; 16.0.4080.3")


def test_a_build_is_that_of_its_instance() -> None:
    with_build = update(affects=["2022 CU8"], fixes=[{"build": CU8}])
    products = [instance(A, "2022 CU8", build=CU8), instance(B, "2022 CU8", build="16.0.4075.1")]
    found = decided(server(products=products), with_build)
    assert answer(found) == REQUIRED
    assert texts(found)[0] == f"{B}: The stated build is 16.0.4075.1; build 16.0.4080.1 or later is needed"
    files = [engine_at(A, CU8), engine_at(B, CU8)]
    assert answer(decided(server(products=ALIKE, files=files), with_build)) == PRESENT


def test_an_old_module_of_one_instance_asks_for_a_restart() -> None:
    files = [engine_at(A, CU8, loaded=CU8), engine_at(B, CU8, loaded="16.0.4075.1")]
    found = decided(server(products=ALIKE, files=files))
    assert answer(found) == "fix-present, restart"
    assert f"{B}: sqlservr.exe 16.0.4075.1 is still loaded; 16.0.4080.1 or later is needed" in texts(found)


def test_a_newer_rule_proves_a_fix_on_the_instance_that_has_its_files() -> None:
    older = update(id="SU0", fixes=[{"files": {"agent.dll": {"version": "1.5"}}}])
    newer = update(supersedes=["SU0"], fixes=[{"files": {"more.dll": {"version": "1.5"}}}])
    files = [engine_at(A, CU8), engine_at(B, CU8), agent(A, "1.4"), agent(B, "1.5")]
    files += [{"path": f"{A}\\more.dll", "version": "1.5"}, {"path": f"{B}\\more.dll", "version": "1.4"}]
    facts = server(products=ALIKE, files=files)
    found = decided(facts, newer, older)
    assert answer(found) == PRESENT
    assert f"{A}: SU1, which contains this fix, is installed" in texts(found)
    assert answer(decide(catalogue_of(SQL, newer, older), facts, "SU1")) == REQUIRED


def test_the_path_of_another_product_changes_nothing() -> None:
    products = [instance(A, "2022 CU8"), {"name": "Something Else", "path": B}]
    facts = server(products=products, files=[engine_at(A, CU8), engine_at(B, "16.0.4075.1")])
    assert answer(decided(facts)) == REQUIRED


def test_explain_names_the_instance_that_could_be_different() -> None:
    facts = server(products=ALIKE, files=[engine_at(A, CU8), engine_at(B, "16.0.4075.1")])
    found = needfix.explain(catalogue_of(SQL, UPDATE), facts, "SU1")
    changes = {(one.name, one.text): own.decision for own in found.alterations for one in own.changes}
    assert changes[f"sqlservr.exe in {B}", "16.0.4080.1 or later"] == "fix-present"


# ---- how inventories write the path


RECORD: Document = {
    "server": "SQL04",
    "products": ALIKE,
    "files": [engine_at(A, CU8), engine_at(B, "16.0.4075.1")],
}
CSV = "\n".join(
    [
        "server,product,level,product_path,file,path,version",
        f"SQL04,Microsoft SQL Server,2022 CU8,{A},sqlservr.exe,{A}\\Binn\\sqlservr.exe,{CU8}",
        f"SQL04,Microsoft SQL Server,2022 CU8,{B},sqlservr.exe,{B}\\Binn\\sqlservr.exe,16.0.4075.1",
    ]
)


def test_each_format_has_the_path(tmp_path: Path, needfix: Needfix) -> None:
    rules = tmp_path / "rules.yaml"
    rules.write_text(text_of((SQL, UPDATE)), "utf-8")
    (tmp_path / "a.json").write_text(json.dumps(RECORD), "utf-8")
    (tmp_path / "a.jsonl").write_text(json.dumps(RECORD), "utf-8")
    (tmp_path / "a.yaml").write_text(json.dumps(RECORD, indent=1), "utf-8")
    (tmp_path / "a.csv").write_text(CSV, "utf-8")
    pq.write_table(pa.Table.from_pylist([RECORD]), tmp_path / "native.parquet")
    header, *rows = (line.split(",") for line in CSV.splitlines())
    tall = [dict(zip(header, row, strict=True)) for row in rows]
    pq.write_table(pa.Table.from_pylist(tall), tmp_path / "tall.parquet")
    for name in ("a.json", "a.jsonl", "a.yaml", "a.csv", "native.parquet", "tall.parquet"):
        ran = needfix("evaluate", tmp_path / name, "--rules", rules, "--no-shipped", "--format", "jsonl")
        (line,) = ran.out.splitlines()
        found = json.loads(line)
        assert (name, found["decision"]) == (name, "fix-required")
        assert found["reasons"][0]["path"] == f"{B}\\Binn\\sqlservr.exe", name


def test_a_product_in_python_has_the_path() -> None:
    made = needfix.InstalledProduct("Microsoft SQL Server", path=f" {A} ")
    assert made.path == A
    assert made.as_dict() == {"name": "Microsoft SQL Server", "path": A}
    facts = needfix.Server.from_record(RECORD)
    assert needfix.Server.from_record(facts.as_record()) == facts


def test_a_summary_of_a_fleet_counts_the_worst(tmp_path: Path) -> None:
    patched = {**RECORD, "server": "SQL05", "files": [engine_at(A, CU8), engine_at(B, CU8)]}
    pq.write_table(pa.Table.from_pylist([RECORD, patched]), tmp_path / "fleet.parquet")
    summary = needfix.fleet.summary(catalogue_of(SQL, UPDATE), [tmp_path / "fleet.parquet"])
    assert summary.decided("fix-required") == 1
    assert summary.decided("fix-present") == 1
