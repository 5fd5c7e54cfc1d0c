"""Files in cases that are spelled wrong."""

from __future__ import annotations

from pathlib import Path

import pytest

from tests.lint.support import findings, shown
from tests.support.catalogues import Document, rule


def case(files: object, **given: object) -> Document:
    return {"name": "SP4", "given": {"level": "5.5 SP4", "files": files, **given}, "expect": "undetermined"}


@pytest.mark.parametrize("name", ["Inof.dll", "Infodll", "Srore.exe"])
def test_a_file_that_resembles_one_of_the_rule_or_its_product(tmp_path: Path, name: str) -> None:
    for files in ({name: "5.5.1"}, [{"name": name}], [{"name": f"C:\\mail\\{name}"}]):
        (found,) = findings(tmp_path, "NF606", rule(cases=[case({"Info.dll": "5.5.1"}), case(files)]))
        assert found.severity == "warning"
        assert found.what == f"the case 'SP4' has the file {name}, which no fix and no definition has"
        assert found.hint.startswith("did you mean ")


def test_it_is_reported_beside_files_that_are_known(tmp_path: Path) -> None:
    files = {"Info.dll": "5.5.1", "Inof.dll": "5.5.1"}
    assert len(shown(tmp_path, "NF606", rule(cases=[case(files, complete=["files"])]))) == 1


def test_the_only_file_of_a_case_is_one_that_is_compared(tmp_path: Path) -> None:
    (found,) = findings(tmp_path, "NF606", rule(cases=[case({"Notepad.exe": "5.0"})]))
    assert found.hint == "correct the name, or state one of Info.dll, Store.exe"


def test_other_files_make_a_list_longer(tmp_path: Path) -> None:
    cases = [
        case({"Notepad.exe": "5.0"}, complete=["files"]),
        case({"Notepad.exe": "5.0", "info.DLL": "5.5.1"}),
    ]
    assert shown(tmp_path, "NF606", rule(cases=cases)) == []


def test_a_file_of_another_rule_is_known(tmp_path: Path) -> None:
    other = rule("Q2", fixes=[{"files": {"Inof.dll": {}}}])
    assert shown(tmp_path, "NF606", rule(cases=[case({"Inof.dll": "5.5.1"})]), other) == []
