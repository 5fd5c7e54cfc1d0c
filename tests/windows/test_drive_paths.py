r"""Paths with drives, backslashes and shares: `C:\…`, `\\server\share\…`, `C:file`, as data and as files."""

from __future__ import annotations

import json
import re
import subprocess
from pathlib import Path, PureWindowsPath

import pytest

from needfix.diff.git import Repository
from needfix.errors import Position, Problem
from needfix.report.github import problem_annotation
from needfix.spark.faults import file_named
from tests.support import Needfix

PRODUCT = {"name": "Microsoft Exchange Server", "level": "5.5 SP4"}
PATHS = [
    r"C:\exchsrvr\bin\Store.exe",
    "C:/exchsrvr/bin/Store.exe",
    r"\\MAIL01\c$\exchsrvr\bin\store.exe",
    r"\\?\C:\exchsrvr\bin\STORE.EXE",
    "C:Store.exe",
    r"c:bin\Store.exe",
    r"\exchsrvr\bin/Store.exe",
]
RULE = """\
needfix: 1
id: Q1
affects: [{product: exchange-server, levels: [5.5 SP9]}]
fixes: [{files: {a.dll: {version: "5.5.2654.10"}}}]
"""


@pytest.fixture(autouse=True)
def folder(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    monkeypatch.chdir(tmp_path)
    return tmp_path


def inventory(ending: str) -> str:
    """The name of an inventory: a server for each path, with one old file that has no name but its path."""
    servers = [
        {
            "server": f"MAIL{number}",
            "products": [PRODUCT],
            "files": [{"path": path, "version": "5.5.2653.23"}],
            "complete": ["files"],
        }
        for number, path in enumerate(PATHS)
    ]
    text = "".join(f"{json.dumps(server)}\n" for server in servers)
    if ending == "csv":
        rows = [f"MAIL{number},{','.join(PRODUCT.values())},{path}" for number, path in enumerate(PATHS)]
        head = "server,product,level,path,version,complete\n"
        text = head + "".join(f"{row},5.5.2653.23,files\n" for row in rows)
    Path(f"servers.{ending}").write_text(
        text if ending != "yaml" else text.replace("\n", "\n---\n"), encoding="utf-8"
    )
    return f"servers.{ending}"


@pytest.mark.parametrize("ending", ["json", "jsonl", "yaml", "csv"])
def test_the_end_of_a_path_is_the_name_of_the_file(needfix: Needfix, ending: str) -> None:
    assert {PureWindowsPath(path).name.casefold() for path in PATHS} == {"store.exe"}
    words = ["evaluate", inventory(ending), "--rule", "Q279798"]
    singly = needfix(*words, "--format", "csv")
    assert singly.out.count(",Q279798,fix-required,") == len(PATHS), singly.err
    in_columns = json.loads(needfix(*words, "--format", "summary-json").out)
    assert in_columns["decisions"]["fix-required"] == len(PATHS)


@pytest.mark.parametrize("ending", ["json", "jsonl"])
def test_a_single_backslash_in_json_is_hinted_at(needfix: Needfix, ending: str) -> None:
    Path(f"bad.{ending}").write_text(r'{"server": "A", "files": [{"path": "C:\exchsrvr"}]}', encoding="utf-8")
    ran = needfix("evaluate", f"bad.{ending}")
    assert f"bad.{ending}:1:39: this is not valid JSON: invalid \\escape" in ran.err
    assert r'write each backslash of a path twice: "C:\\folder\\file.exe"' in ran.err


def test_a_path_in_double_quotes_in_yaml_is_hinted_at(needfix: Needfix) -> None:
    Path("bad.yaml").write_text('server: A\nfiles: [{path: "C:\\Store"}]\n', encoding="utf-8")
    ran = needfix("evaluate", "bad.yaml")
    assert (ran.code, ran.err.startswith("bad.yaml:2:19: this is not valid YAML")) == (2, True), ran.err
    assert r"write a path in single quotes, 'C:\folder\file.exe'" in ran.err


MISREAD = {
    "json": r'{"server": "A", "files": [{"path": "C:\bin\names.exe", "version": "5.5"}]}',
    "jsonl": r'{"server": "A", "files": [{"path": "C:\bin\names.exe", "version": "5.5"}]}',
    "yaml": '{server: A, files: [{path: "C:\\Program Files", version: "5.5"}]}',
    "csv": 'server,path,version\nA,"C:\\bin\names.exe",5.5\n',
}


@pytest.mark.parametrize("form", ["csv", "summary"])
@pytest.mark.parametrize("ending", MISREAD)
def test_a_backslash_that_was_read_as_an_escape_hides_no_file(
    needfix: Needfix, ending: str, form: str
) -> None:
    Path(f"bad.{ending}").write_text(MISREAD[ending], encoding="utf-8")
    ran = needfix("evaluate", f"bad.{ending}", "--rule", "Q279798", "--format", form)
    assert (ran.code, ran.out) == (2, "")
    assert "which contains a control character" in ran.err
    assert "double each backslash, or in YAML write the path in single quotes" in ran.err


def read_back(place: str) -> tuple[str, int, int]:
    """A place as an editor reads it: line and column are behind the last two colons."""
    file, line, column = place.rsplit(":", 2)
    return file, int(line), int(column)


@pytest.mark.parametrize("file", [r"C:\rules\a.yaml", r"\\server\share\rules\a.yaml", "C:a.yaml"])
def test_a_place_is_read_back(file: str) -> None:
    assert read_back(str(Position(file, 3, 5))) == (file, 3, 5)
    where = problem_annotation(Problem(Position(file, 3, 5), "wrong")).split("::")[1]
    assert where.startswith(f"error file={file.replace(':', '%3A')},line=3,col=5,")


@pytest.mark.parametrize("file", [r"C:\rules\Q1.yaml", r"\\server\share\Q1.yaml", "C:Q1.yaml"])
def test_a_file_of_that_name_is_named_as_it_was_typed(needfix: Needfix, file: str) -> None:
    Path(file).write_text(RULE, encoding="utf-8")  # on POSIX one file with a strange name
    for words in (["rules", "list", "--rules"], ["lint"], ["test"]):
        ran = needfix(*words, file)
        assert ran.code == 2
        assert read_back(ran.err.partition(": ")[0]) == (file, 3, 47), ran.err


@pytest.mark.parametrize("pattern", [r"C:\rules\*.yaml", r"C:\*\Q?.yaml"])
def test_a_pattern_with_a_drive_names_the_files_that_windows_means(needfix: Needfix, pattern: str) -> None:
    files = [r"C:\rules\Q1.yaml", r"C:\rules\Q2.yaml", r"D:\rules\Q3.yaml"]
    meant = [file for file in files if PureWindowsPath(file).match(pattern)]
    assert len(meant) == 2
    for file in files:
        rule_id = PureWindowsPath(file).stem
        Path(file).write_text(RULE.replace("Q1", rule_id).replace("SP9", "SP4"), encoding="utf-8")
    ran = needfix("rules", "list", "--rules", pattern)
    assert re.findall("^Q[0-9]", ran.out, re.MULTILINE) == [PureWindowsPath(file).stem for file in meant]


def test_old_and_new_rules_on_a_drive_are_no_revision(needfix: Needfix) -> None:
    old, new = r"C:\old.yaml", r"D:\new.yaml"
    for file in (old, new):
        Path(file).write_text(RULE.replace("SP9", "SP4"), encoding="utf-8")
    Path("servers.json").write_text(json.dumps({"server": "A"}), encoding="utf-8")
    ran = needfix("diff", old, new, "--inventory", "servers.json")
    assert (ran.code, ran.err) == (0, ""), ran.out


def test_a_revision_with_a_path_on_a_drive_writes_nothing_there(folder: Path) -> None:
    def git(*words: str, given: bytes = b"") -> str:
        who = ["-c", "user.name=Author", "-c", "user.email=author@example.com"]
        words = ("git", *who, *words)
        ran = subprocess.run(words, input=given, capture_output=True, check=True)
        return ran.stdout.decode().strip()

    git("init", "--quiet")
    blob = git("hash-object", "-w", "--stdin", given=RULE.encode())
    for path in ("rules/Q1.yaml", "C:/Windows/Q2.yaml", "d:Q3.yaml"):
        git("update-index", "--add", "--cacheinfo", f"100644,{blob},{path}")
    git("commit", "--quiet", "--message", "Rules")
    commit = git("rev-parse", "HEAD")
    assert [path for path, _ in Repository(folder).files(commit, lambda _: True)] == ["rules/Q1.yaml"]


@pytest.mark.parametrize(
    ("uri", "file"),
    [
        ("file:///C:/fleet/part%201.json", "C:/fleet/part 1.json"),
        ("file:/C:/fleet/a.json", "C:/fleet/a.json"),
        ("file:///srv/fleet/a.json", "/srv/fleet/a.json"),
        ("s3://fleet/C:/a.json", "s3://fleet/C:/a.json"),
    ],
)
def test_a_file_that_spark_names_is_named_with_its_drive(uri: str, file: str) -> None:
    assert file_named(uri) == file
