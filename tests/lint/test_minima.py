"""Minima that no file can have, and paths in which no copy counts."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import pytest
import yaml

from needfix.catalogue import load_for_lint
from needfix.compare.path_patterns import is_in
from needfix.lint import lint
from tests.lint.support import findings, line, shown
from tests.support.catalogues import MAIL, Document, fix, rule


@pytest.mark.parametrize(
    ("version", "what"),
    [
        ("5.5.70000.1", "has a part above 65535"),
        ("20001101", "has a part above 65535"),
        ("2", "is one number"),
        (".".join("0000"), "is what tools write for a file without a version"),
        ("2000.11.01", "is a date"),
        ("1.11.2000", "is a date"),
        ("5.5,2653.23", "is more than one version"),
    ],
)
def test_a_version_that_no_file_has(tmp_path: Path, version: str, what: str) -> None:
    (found,) = findings(tmp_path, "NF307", rule(fixes=[fix({"Info.dll": version})]))
    assert found.what == f"the minimum {version} of Info.dll {what}"
    assert line(tmp_path, found).startswith("version: ")
    assert found.severity == "warning"


@pytest.mark.parametrize("modified", ["1970-01-01", "1601-01-01T00:00", "0001-01-01"])
def test_a_time_that_tools_write_where_they_have_none(tmp_path: Path, modified: str) -> None:
    files = {"Read.asp": {"modified": modified}}
    (found,) = findings(tmp_path, "NF307", rule(fixes=[fix(files)]))
    assert found.what == f"the minimum {modified} of Read.asp is what tools write for a file that has no time"


@pytest.mark.parametrize(
    "minimum",
    [
        {"version": "5.5.2654.10"}, {"version": "5.5"}, {"version": "2.0.0.0"},
        {"version": "2022.160.4080.1"}, {"version": "5,5,2654,10"}, {"version": "5.5.65535.1"},
        {"modified": "2000-03-14T18:00"}, {},
    ],
)  # fmt: skip
def test_minima_that_files_have(tmp_path: Path, minimum: dict[str, str]) -> None:
    assert shown(tmp_path, "NF307", rule(fixes=[fix({"Info.dll": minimum})])) == []


def test_the_hint_for_one_number_works(tmp_path: Path) -> None:
    (found,) = findings(tmp_path, "NF307", rule(fixes=[fix({"Info.dll": "2"})]))
    assert "2.0.0.0" in found.hint
    assert shown(tmp_path, "NF307", rule(fixes=[fix({"Info.dll": "2.0.0.0"})])) == []


def at(path: str) -> Any:  # noqa: ANN401 - a rule
    return rule(fixes=[fix({"Info.dll": {"version": "1.0", "path": path}})])


@pytest.mark.parametrize(
    ("path", "what"),
    [
        ("%ProgramFiles%\\Mail", "has the variable %ProgramFiles%"),
        ("$env:ProgramFiles\\Mail", "has the variable $env:"),
        ("bin\\c:\\mail", "has the folder c:, which Windows does not allow"),
        ("mail|bin", "has the folder mail|bin, which Windows does not allow"),
        ("..\\bin", "has the folder '..', which no path has"),
        ("mail. \\bin", "has the folder 'mail. ', which no path has"),
        ("C:\\WINNT\\$NtUninstallQ1$", "is in a folder that keeps old files"),
        ("system32/dllcache", "is in a folder that keeps old files"),
        ("mail\\Other.dll", "ends in another file, Other.dll"),
    ],
)
def test_a_path_in_which_no_copy_lies(tmp_path: Path, path: str, what: str) -> None:
    (found,) = findings(tmp_path, "NF308", at(path))
    assert found.what.startswith(f"the path {path} of Info.dll {what}")
    assert line(tmp_path, found).startswith("path: ")
    assert found.severity == "error"


@pytest.mark.parametrize(
    "path",
    [
        "mail\\bin", "C:/Mail", "?:\\mail", "*\\bin", "\\\\host\\share", "MSSQL15.*\\Binn", "bin\\info.DLL",
        "\\\\?\\C:\\mail", "db16.a", "*.dll",
    ],
)  # fmt: skip
def test_paths_that_servers_have(tmp_path: Path, path: str) -> None:
    assert shown(tmp_path, "NF308", at(path)) == []


def test_a_path_that_is_reported_matches_no_copy_that_windows_has() -> None:
    usual = [r"C:\Program Files\Mail\Info.dll", r"D:\bin\info.dll", r"C:\mail\bin\info.dll"]
    for pattern in ("%ProgramFiles%\\Mail", "..\\bin", "mail\\Other.dll", "bin\\c:\\mail"):
        assert not any(is_in(path, pattern) for path in usual)


def key(version: str, **keys: Any) -> Any:  # noqa: ANN401 - a rule
    return rule(fixes=[fix({"Store.exe": version})], **keys)


@pytest.mark.parametrize("version", ["6.5.7638.2", "5.5.2653.23.0.0", "7.0.1", "2022.160.1.1"])
def test_a_key_file_in_no_levels_builds(tmp_path: Path, version: str) -> None:
    found = shown(tmp_path, "NF309", key(version))
    outside = f"the minimum {version} of Store.exe is in no level's builds of mail-server"
    assert found == ([] if version.startswith("5.5") else [outside])


def test_a_key_file_of_another_level_than_those_of_the_fix(tmp_path: Path) -> None:
    (found,) = findings(tmp_path, "NF309", key("5.5.2654.10", affects=["5.5 SP3"]))
    assert found.what == (
        "the minimum 5.5.2654.10 of Store.exe is among the builds of mail-server 5.5 SP4, "
        "which is not a level of the fix"
    )
    assert (line(tmp_path, found), found.severity) == ("Store.exe:", "warning")
    assert found.hint.endswith("add 'requires: [5.5 SP4]'")


@pytest.mark.parametrize(
    "keys",
    [
        {"affects": ["5.5 SP3"], "requires": ["5.5 SP4"]},
        {"affects": ["5.5 SP3"], "requires": []},
        {"affects": ["5.5 SP3"], "corrected_in": ["5.5 SP4"]},
        {"affects": ["5.5 SP3", "5.5 SP4"]},
        {"affects": {"from": "5.5", "to": "5.5 SP4"}},
    ],
)
def test_a_level_that_the_rule_accounts_for(tmp_path: Path, keys: dict[str, Any]) -> None:
    assert shown(tmp_path, "NF309", key("5.5.2654.10", **keys)) == []


def defined(folder: Path, product: Document, own: Document) -> list[str]:
    """What the check finds with another definition of the product."""
    folder.mkdir()
    (folder / "rules.yaml").write_text(yaml.safe_dump_all([product, own], sort_keys=False), encoding="utf-8")
    found = lint(load_for_lint([folder / "rules.yaml"]))
    return [one.what for one in found if one.code == "NF309"]


def test_a_fix_of_a_cumulative_product_brings_its_level(tmp_path: Path) -> None:
    own = key("5.5.2654.10", affects=["5.5 SP3"])
    assert defined(tmp_path / "same", {**MAIL, "cumulative": True}, own) == []
    other = key("6.0.4712.1", affects=["5.5 SP3"])
    assert len(defined(tmp_path / "other", {**MAIL, "cumulative": True}, other)) == 1


def test_the_end_of_a_levels_builds(tmp_path: Path) -> None:
    levels = [{**one, "until": "5.5.2654"} if one["level"] == "5.5 SP4" else one for one in MAIL["levels"]]
    assert len(defined(tmp_path / "behind", {**MAIL, "levels": levels}, key("5.5.2654.10"))) == 1
    assert defined(tmp_path / "within", {**MAIL, "levels": levels}, key("5.5.2653.99")) == []


def test_a_level_that_ships_with_the_file_is_reported_by_that_check_only(tmp_path: Path) -> None:
    assert shown(tmp_path, "NF309", key("5.5.2448.10")) == []


def test_every_version_of_a_minimum_is_looked_at(tmp_path: Path) -> None:
    lines = [{"version": "1.0.70000"}, {"from": "2", "version": "3.0.1"}]
    found = findings(tmp_path, "NF307", rule(fixes=[{**fix({"Info.dll": lines}), "build": "2653.23"}]))
    assert [one.what for one in found] == [
        "the minimum 1.0.70000 of Info.dll has a part above 65535",
        "the minimum 2 of Info.dll is one number",
        "the minimum 2653.23 of the build lacks its first numbers",
    ]
    assert [line(tmp_path, one) for one in found] == [
        "- version: 1.0.70000",
        "- from: '2'",
        "build: '2653.23'",
    ]


@pytest.mark.parametrize("path", [r"Binn\*.exe", r"Binn\Other.dll", r"C:\Mail\Oth?r.dll", r"Binn\Info.exe"])
def test_a_path_that_ends_in_another_file(tmp_path: Path, path: str) -> None:
    minimum = {"version": "5.5.2654.10", "path": path}
    (found,) = shown(tmp_path, "NF308", rule(fixes=[fix({"Info.dll": minimum})]))
    assert "ends in another file" in found


@pytest.mark.parametrize(
    "path", [r"Binn\*.dll", r"Binn\Info.dll", r"Binn\I*.d?l", r"MSSQL16.*\Binn", "v4.0.30319", r"app.exe\bin"]
)
def test_a_path_that_ends_in_the_file_or_in_a_folder(tmp_path: Path, path: str) -> None:
    minimum = {"version": "5.5.2654.10", "path": path}
    assert shown(tmp_path, "NF308", rule(fixes=[fix({"Info.dll": minimum})])) == []


@pytest.mark.parametrize("name", [r"HKLM\Software\Value", "bin/Info.dll"])
def test_a_name_with_folders(tmp_path: Path, name: str) -> None:
    (found,) = findings(tmp_path, "NF308", rule(fixes=[fix({name: "1.0"})]))
    assert found.what == f"the name {name} has folders, and no file has such a name"
