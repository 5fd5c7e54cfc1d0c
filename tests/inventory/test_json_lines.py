"""JSON lines: a bad line is one bad record."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest

from tests.inventory.support import HINT_JSON, NO_OBJECT, names, read, read_file

if TYPE_CHECKING:
    from pathlib import Path

A, B = '{"server": "A"}', '{"server": "B"}'


@pytest.mark.parametrize("name", ["x.jsonl", "x.ndjson", "x.json", "x.log"])
def test_one_object_a_line(tmp_path: Path, name: str) -> None:
    servers, problems = read_file(tmp_path / name, f"\n{A}\r\n  \n{B}")
    assert (names(servers), problems) == (["A", "B"], [])
    assert [server.at.line for server in servers if server.at] == [2, 4]


@pytest.mark.parametrize(
    ("line", "message"),
    [
        (b"{bad}", "3:2: this is not valid JSON: expecting property name enclosed in double"
         " quotes; expected one JSON object a line" + HINT_JSON),
        (b'{"server": "a\tb"}', "3:14: this is not valid JSON: invalid control character; expected one JSON"
         " object a line\n    hint: write a tab in a text as \\t and a line break as \\n"),
        (b'{"server": "X"} 5', "3:17: this is not valid JSON: extra data; expected one JSON"
         " object a line" + HINT_JSON),
        pytest.param(b"[" * 100_000, "3: the record is nested too deeply", id="brackets"),
        (b"[]", f"3: the record is a list; {NO_OBJECT}"),
        (b'{"server": "X", "server": "X"}', '3:17: the key "server" is written twice in one object'),
        (b'{"server": "M\xfcller"}', "3:14: bytes that are not valid UTF-8; expected text\n"
         "    hint: save the file as UTF-8, which Excel calls CSV UTF-8, or use --encoding cp1252"),
    ],
)  # fmt: skip
def test_a_bad_line(line: bytes, message: str) -> None:
    servers, problems = read(b"%s\n%s\n%s\n%s\n" % (b'{"server": "C"}', A.encode(), line, B.encode()))
    assert (names(servers), problems) == (["C", "A", "B"], [f"<stdin>:{message}"])


def test_records_in_an_object_around_them(tmp_path: Path) -> None:
    """Windows PowerShell writes so a list that has properties; others write a name of their own."""
    line = f'{{"value": [{A}, {B}], "Count": 2}}'
    servers, problems = read_file(
        tmp_path / "x.jsonl", f'{line}\n{{"Servers": [{{"ComputerName": "C", "files": []}}]}}'
    )
    assert (names(servers), problems) == (["A", "B", "C"], [])
    bad = '{"made": 5, "Servers": [{"server": "B", "files": [{"name": "x"}, {"name": "y", "Length": "q"}]}]}'
    servers, problems = read_file(tmp_path / "x.jsonl", f"{A}\n{bad}")
    assert problems == ['x.jsonl:2:80: files[1].Length is "q"; expected a whole number such as 4063504']
    _, problems = read_file(tmp_path / "x.jsonl", '{"Servers": [{"server": "A", "server": "B"}]}')
    assert 'x.jsonl:1:30: the key "server" is written twice in one object' in problems


def test_records_within_records_are_none(tmp_path: Path) -> None:
    deep = '{"a": [' * 300 + A + "]}" * 300
    _, problems = read_file(tmp_path / "x.jsonl", f"{A}\n{deep}")
    assert len(problems) == 1
