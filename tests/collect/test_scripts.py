"""Scripts that collect elsewhere: made of the rules, and valid in their languages."""

from __future__ import annotations

import json
import re
import sqlite3
from pathlib import Path
from typing import TYPE_CHECKING, Any

import pytest

from tests.collect.test_asked import RULES

if TYPE_CHECKING:
    from tests.support import Needfix

_TABLES = """
CREATE TABLE programs (name, version); CREATE TABLE patches (hotfix_id);
CREATE TABLE os_version (name, version, major, minor, build, arch);
CREATE TABLE registry (key, name, type, data); CREATE TABLE logical_drives (device_id, file_system);
CREATE TABLE file (path, filename, file_version, size, mtime, type);
CREATE TABLE windows_update_history (title, date, operation, result_code);
CREATE TABLE services (name, display_name, status, start_type);
INSERT INTO logical_drives VALUES ('C:', 'NTFS'), ('D:', 'CDFS');
INSERT INTO file VALUES ('C:\\exchsrvr\\bin\\STORE.EXE', 'STORE.EXE', '5.5.2653.23', 1, 2, 'regular'),
  ('D:\\store.exe', 'store.exe', '5.5.2448.8', 1, 2, 'regular'), ('C:\\x.txt', 'x.txt', '', 1, 2, 'regular');
INSERT INTO os_version VALUES ('Windows Server 2019', '10.0.17763', 10, 0, 17763, '64-bit');
INSERT INTO programs VALUES ('Microsoft Exchange Server', '15.2'), ('', '');
INSERT INTO registry VALUES
  ('HKEY_LOCAL_MACHINE\\SOFTWARE\\Microsoft\\Windows NT\\CurrentVersion', 'UBR', 'REG_DWORD', '5458'),
  ('HKEY_LOCAL_MACHINE\\SOFTWARE\\X', 'y', 'REG_DWORD', '1'),
  ('HKEY_LOCAL_MACHINE\\SOFTWARE\\X', 'z', 'REG_DWORD', '2');
INSERT INTO services VALUES ('MSExchangeIS', 'Store', 'RUNNING', 'AUTO'), ('Spooler', '', 'RUNNING', 'AUTO');
"""
"""The columns of osquery's tables that the pack uses, and a server."""


@pytest.fixture
def rules(tmp_path: Path) -> Path:
    """A rule that asks for everything that a rule can ask for."""
    file = tmp_path / "rule.yaml"
    file.write_text(RULES, encoding="utf-8")
    return file


def _script(needfix: Needfix, *words: object) -> str:
    ran = needfix("collect", "--script", "powershell", *words)
    assert (ran.code, ran.err) == (0, "")
    return ran.out


def _asked(script: str) -> dict[str, Any]:
    """What the script asks for, in the text that it holds."""
    (text,) = re.findall(r"@'\n(.*)\n'@", script)
    found: dict[str, Any] = json.loads(text)
    return found


def test_the_script_asks_for_what_rules_ask_for(needfix: Needfix, rules: Path) -> None:
    asked = _asked(_script(needfix, "--rules", rules))
    assert set(asked["files"]) >= {"Mad.exe", "Form.asp", "Store.exe"}
    assert asked["folders"] == ["bin", "exchsrvr"]
    assert asked["registry"] == [{"path": r"HKLM\SOFTWARE\X", "name": "y", "view": ""}]
    assert asked["services"] == ["MSExchangeIS"]
    assert asked["events"] == [{"source": "MSExchangeIS", "id": 7}]
    assert asked["unlisted"] == []


def test_every_windows_reads_the_script_alike(needfix: Needfix, rules: Path) -> None:
    rules.write_text(RULES.replace("MSExchangeIS", "Größe'@"), encoding="utf-8")
    script = _script(needfix, "--rules", rules)
    assert script.isascii()
    assert _asked(script)["services"] == ["Größe'@"]


def test_no_name_in_a_rule_is_run(needfix: Needfix, rules: Path) -> None:
    rules.write_text(RULES.replace("Mad.exe", '"$(calc)\';calc #.exe"'), encoding="utf-8")
    script = _script(needfix, "--rules", rules)
    (line,) = (line for line in script.splitlines() if "calc" in line)
    assert json.loads(line) == _asked(script)


def test_the_script_is_valid(needfix: Needfix) -> None:
    tree_sitter = pytest.importorskip("tree_sitter", reason="the grammar of PowerShell is not installed")
    grammar = pytest.importorskip(
        "tree_sitter_powershell", reason="the grammar of PowerShell is not installed"
    )
    parser = tree_sitter.Parser(tree_sitter.Language(grammar.language()))
    assert not parser.parse(_script(needfix).encode()).root_node.has_error
    assert parser.parse(b"foreach ($a in").root_node.has_error


def test_the_script_knows_what_products_leave(needfix: Needfix, rules: Path) -> None:
    known = _asked(_script(needfix, "--rules", rules))["known"]
    (exchange,) = (own for own in known if "Microsoft Exchange Server" in own["names"])
    assert "Microsoft Exchange Server *" in exchange["names"]
    assert any("Management Tools" in name for name in exchange["other_names"])
    assert "Store.exe" in exchange["key_files"]
    assert r"Microsoft\ExchangeServer" in exchange["keys"]
    (sql,) = (own for own in known if "Microsoft SQL Server" in own["names"])
    assert sql["part"] == "Database Engine Services"


@pytest.mark.parametrize(
    ("path", "is_old"),
    [
        (r"C:\Windows\WinSxS\x\store.exe", True),
        (r"C:\Windows.old\x.exe", True),
        (r"C:\exchsrvr\store.exe", False),
    ],
)
def test_the_script_passes_over_old_files(needfix: Needfix, path: str, *, is_old: bool) -> None:
    pattern = _asked(_script(needfix))["old_files"].replace("?<", "?P<")
    assert (re.search(pattern, path, re.IGNORECASE) is not None) is is_old


def test_what_the_script_relies_on(needfix: Needfix) -> None:
    script = _script(needfix)
    assert "Write-Warning" not in script
    assert "[Console]::Error.WriteLine" in script
    before, _, after = script.partition("# --- Files")
    assert "$FullOutFile = Get-OutFile $OutFile" in before
    assert "Write-OutFile $FullOutFile" in after
    assert "DriveType = 3" not in script


def test_the_script_calls_only_what_was_looked_at_complete(needfix: Needfix) -> None:
    script = _script(needfix)
    for scope in ("files", "registry", "services"):
        (line,) = (line for line in script.splitlines() if f"$Complete.Add('{scope}')" in line)
        assert f"-not $FailedScopes.ContainsKey('{scope}')" in line
        assert f"Add-Failure '{scope}'" in script
    assert script.count("$Complete.Add(") == 3


SAMPLE = {
    "server": "MAIL01",
    "collected": "2026-11-30T08:00:00Z",
    "products": [
        {"name": "Windows Server 2019 Standard", "build": "10.0.17763.5458", "platform": "AMD64"},
        {"name": "Microsoft Exchange Server 5.5 SP4"},
    ],
    "files": [
        {
            "name": "store.exe",
            "path": "C:\\exchsrvr\\bin\\store.exe",
            "size": 4063504,
            "modified": "2000-11-01T10:00:00Z",
            "version": "5.5.2653.23",
            "platform": "x86",
        }
    ],
    "hotfixes": ["KB5036386"],
    "restart_pending": False,
    "services": [{"name": "MSExchangeIS", "state": "Running"}],
    "complete": ["services"],
    "failures": ["files: C:\\closed cannot be read: Access to the path is denied."],
}
"""A record as the script writes it."""


@pytest.mark.parametrize("encoding", ["utf-8", "utf-16"])
def test_what_the_script_writes_is_read_without_options(
    needfix: Needfix, tmp_path: Path, encoding: str
) -> None:
    (tmp_path / "mail01.json").write_text(json.dumps(SAMPLE) + "\r\n", encoding=encoding)
    ran = needfix("evaluate", tmp_path / "mail01.json", "--rule", "Q279798", "--format", "jsonl")
    assert ran.code == 0
    assert json.loads(ran.out)["decision"] == "fix-required"
    (note,) = ran.err.splitlines()
    assert "1 thing could not be looked at when the facts were collected" in note
    assert "Access to the path is denied." in note


def test_failures_are_noted_in_columns_as_well(needfix: Needfix, tmp_path: Path) -> None:
    pytest.importorskip("pyarrow")
    (tmp_path / "mail01.json").write_text(json.dumps([SAMPLE, {**SAMPLE, "server": "B"}]), encoding="utf-8")
    ran = needfix("evaluate", tmp_path / "mail01.json", "--format", "summary")
    assert "2 things could not be looked at when the facts were collected" in ran.err


def _queries(needfix: Needfix, *words: object) -> dict[str, str]:
    ran = needfix("collect", "--script", "osquery", *words)
    assert (ran.code, ran.err) == (0, "")
    pack = json.loads(ran.out)
    assert pack["platform"] == "windows"
    return {name: own["query"] for name, own in pack["queries"].items()}


def test_the_queries_are_valid_and_ask_for_what_rules_ask_for(needfix: Needfix, rules: Path) -> None:
    queries = _queries(needfix, "--rules", rules)
    with sqlite3.connect(":memory:") as database:
        database.executescript(_TABLES)
        rows = {name: database.execute(query).fetchall() for name, query in queries.items()}
    database.close()
    assert rows == {
        "products": [("Microsoft Exchange Server", "15.2"), ("Windows Server 2019", "10.0.17763.5458")],
        "file": [("C:\\exchsrvr\\bin\\STORE.EXE", "STORE.EXE", "5.5.2653.23", 1, 2)],
        "patches": [],
        "windows_update_history": [],
        "registry": [("HKEY_LOCAL_MACHINE\\SOFTWARE\\X", "y", "REG_DWORD", "1")],
        "services": [("MSExchangeIS", "Store", "RUNNING", "AUTO")],
    }


def test_values_of_both_views_are_asked_for(needfix: Needfix, rules: Path) -> None:
    query = _queries(needfix, "--rules", rules)["registry"]
    assert re.findall(r"key = '([^']*)'", query) == [
        r"HKEY_LOCAL_MACHINE\SOFTWARE\X",
        r"HKEY_LOCAL_MACHINE\SOFTWARE\WOW6432Node\X",
    ]


def test_the_list_of_programs_is_whole_only_where_windows_lists_all_that_rules_ask_for(
    needfix: Needfix, rules: Path
) -> None:
    assert "products" in _queries(needfix, "--rules", rules)
    part = RULES.replace("exchange-server", "internet-information-server").replace("5.5 SP4", '"5.0"')
    rules.write_text(part, encoding="utf-8")
    assert "products" not in _queries(needfix, "--rules", rules)


@pytest.mark.parametrize("name", ["ÜBUNG.dll", "übung.DLL"])
def test_names_beyond_ascii_are_asked_for_in_any_case(needfix: Needfix, rules: Path, name: str) -> None:
    rules.write_text(RULES.replace("Mad.exe", name).replace("MSExchangeIS", "größe_1%"), encoding="utf-8")
    queries = _queries(needfix, "--rules", rules)
    with sqlite3.connect(":memory:") as database:
        database.executescript(_TABLES)
        for own in ("Übung.dll", "xbung.exe"):
            database.execute("INSERT INTO file VALUES (?, ?, '', 1, 2, 'regular')", (f"C:\\{own}", own))
        database.execute("INSERT INTO services VALUES ('GRÖSSE_1%', '', '', ''), ('GRÖßE_1%', '', '', '')")
        files = [row[1] for row in database.execute(queries["file"])]
        services = [row[0] for row in database.execute(queries["services"])]
    database.close()
    assert files == ["STORE.EXE", "Übung.dll"]
    assert services == ["GRÖßE_1%"]


def test_quotes_in_names_stay_in_them(needfix: Needfix, rules: Path) -> None:
    rules.write_text(RULES.replace("Mad.exe", "it's.exe"), encoding="utf-8")
    assert "'it''s.exe'" in _queries(needfix, "--rules", rules)["file"]
