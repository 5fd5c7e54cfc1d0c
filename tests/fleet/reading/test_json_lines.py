"""JSON lines in columns give what the plain reader gives, whatever is wrong with some of them."""

from __future__ import annotations

import json
import subprocess
import sys
from pathlib import Path
from typing import Any

import pytest
from hypothesis import HealthCheck, given
from hypothesis import strategies as st

from needfix.fleet.reading import json_lines
from needfix.intake.notes import Notes
from needfix.inventory.reading import read_source
from needfix.inventory.source import opened
from tests.fleet.reading.support import same, servers_of
from tests.inventory.support import HINT_UTF_8
from tests.inventory.test_laws import RECORDS
from tests.support.laws import tried

GOOD = b'{"server": "A", "files": [{"name": "x", "version": "1.0", "size": 7}], "complete": ["files"]}'
ANOTHER, THIRD = GOOD.replace(b'"A"', b'"Y"'), GOOD.replace(b'"A"', b'"Z"')
FILE = '{"server": "B", "files": [%s]}'
COUNTER = '{"server": "B", "counters": [%s]}'
MERELY_UNUSUAL = (
    '{"server": "B", "os": %s}' % ("1" * 500),
    "",
    " \t",
    '  {"server": "B"}\t',
    '{"server": "B"}\r',
    '{"server": "B"}\r{"server": "C"}',
    '{"server": 5}',
    '{"server": "Ä"}',
    '{"server": "B", "os": "any"}',
    '{"server": "B", "os": 3}',
    '{"server": "B", "os": {"names": [1, "a"]}}',
    '{"server": "B", "disks": [null, {"size": 5}]}',
    '{"server": "B", "complete": "events"}',
    '{"server": "B", "products": []}',
    '{"server": "B", "symptoms": {"observed": ["A", "b"], "absent": null}}',
    '{"server": "B", "hotfixes": ["Q1", ""], "restart_pending": true, "collected": "now"}',
    '{"server": "B", "events": [{"source": "s", "id": 7, "message": " m "}]}',
    '{"server": "B", "services": [{"name": "n", "state": "running"}]}',
    '{"server": "B", "os": "\\ud800"}',
    FILE % '{"name": "x", "version": 5.5}',
    FILE % '{"name": "x", "FileVersion": "5.5"}',
    FILE % '{"name": "x", "version": null, "FileVersion": "5.5"}',
    FILE % '{"name": "x", "version": "5.5", "FileVersion": "5.6", "ProductVersion": ""}',
    FILE % '{"name": "x", "version": {"Major": 5, "Minor": 5}, "modified": "/Date(1700000000000)/"}',
    FILE % '{"name": "x", "version": {}, "modified": "20231114231320.000000+060"}',
    '{"server": "B", "files": {"value": [{"name": "x"}], "Count": 1}, "hotfixes": [{"HotFixID": "KB1"}]}',
    '{"server": "B", "applications": [], "fqdn": "b.example"}',
    '{"server": "B", "applications": ["x"], "products": {"DisplayName": "y"}}',
    '{"ComputerName": "B", "files": [{"name": "x"}]}',
    '{"server": "B", "collected": "/Date(-62135596800000)/"}',
    FILE % '{"name": "x", "size": 1.0}',
    FILE % '{"name": "x", "size": "12"}',
    FILE % r'{"path": "c:\\x\\y.exe"}',
    COUNTER % '{"name": "q"}',
    COUNTER % '{"name": "q", "value": "N/A"}',
    COUNTER % '{"name": "q", "value": null, "samples": []}',
    '{"server": "B", "services": {"name": "n"}, "files": {"name": "x"}}',
    '{"server": "B", "symptoms": {"observed": ["", "A"]}}',
    COUNTER % '{"name": "q", "value": 1.5, "for": "90s"}',
    COUNTER % '{"name": "q", "samples": [{"value": 1}, {"value": 2, "at": "noon"}]}',
    COUNTER
    % '{"name": "q", "samples": [{"value": 0.1, "at": null}, {"unit": "s"}]}, {"name": "q", "samples": []}',
)
AS_COLUMNS = (
    FILE
    % r'{"path": "C:\\a\/b.dll", "name": "\u0041\t\"b\".dll", "size": 123456789012345678}, {"name": "x"}',
    '{"server": "B", "more": {"a": [1, -2.5e3, {"b": null, "c": "\\ud800"}], "d": {}, "e": []}, "f": null}',
    '{"collected": "2024-01-01", "server": "B", "products": [{"level": "SP4", "name": "“Zürich”", "a": []}]}',
    '{"server":"B","symptoms":{"observed":null,"absent":["A"],"new":true},"restart_pending":false}',
    COUNTER % '{"name": "q", "value": 1.5e-3, "for": "90s"}, {"name": "q", "value": 2, "for": null}',
    '{"server": "B", "registry": [{"path": "HKLM\\\\a", "name": "x", "value": "1"}], "files": []}',
)
BAD = (
    "null",
    '{"server": "B"} null',
    '{"server": "B"}null{"server": "C"}',
    '{"server": "B"} {"server": "C"}',
    '{"server": "B", "server": "C"}',
    '{"server":',
    '"C"}',
    "[]",
    '[{"server": "C"}]',
    "{}",
    '{"server": ""}',
    '{"server": "B\\u0001"}',
    '{"server": "\\ud800"}',
    '{"server": "B", "prodcts": 1}',
    '{"server": "B", "os": NaN}',
    '{"server": %s}' % ("1" * 500),
    '{"server": "B", "complete": ["filse"]}',
    '{"server": "B", "hotfixes": [null]}',
    '{"server": "B", "files": {"value": [{"name": "x", "size": "big"}], "Count": 1}}',
    FILE % '{"name": "x", "version": {"Major": 1}}',
    FILE % '{"name": "x", "Length": "big"}',
    FILE % "null",
    FILE % '{"name": "x", "verson": "1"}',
    FILE % '{"name": "x", "size": -0}',
    FILE % '{"name": "x", "size": -4}, {"version": "1"}',
    COUNTER % '{"value": 1.5}',
    COUNTER % '{"name": "q", "value": 1, "for": "soon"}',
    COUNTER % '{"name": "q", "value": 1e999}',
)


@pytest.mark.parametrize("line", [*MERELY_UNUSUAL, *AS_COLUMNS])
def test_an_unusual_line_is_read_as_by_the_plain_reader(tmp_path: Path, line: str) -> None:
    (path := tmp_path / "a.jsonl").write_bytes(b"\n".join([GOOD, line.encode(), ANOTHER]))
    _, problems = same(json_lines.pieces, path)
    assert not problems


@pytest.mark.parametrize("line", BAD)
def test_a_bad_line_is_reported_as_by_the_plain_reader(tmp_path: Path, line: str) -> None:
    (path := tmp_path / "a.jsonl").write_bytes(b"\n".join([GOOD, line.encode(), ANOTHER]))
    _, problems = same(json_lines.pieces, path)
    assert problems


def test_a_bad_number_far_behind_is_told_as_by_the_plain_reader(tmp_path: Path) -> None:
    lines = [
        *(b'{"server": "A%d", "files": [{"name": "x"}]}' % number for number in range(100)),
        (FILE % '{"name": "x", "size": -0}').encode(),
    ]
    (path := tmp_path / "a.jsonl").write_bytes(b"\n".join([*lines, b""]))
    _, problems = same(json_lines.pieces, path)
    assert len(problems) == 1


@pytest.mark.parametrize(
    ("model", "line"),
    [
        ("ServiceState", '{"server": "A", "services": [{"name": "x", "state": "y", "code": -0}]}'),
        ("InstalledProduct", '{"server": "A", "products": [{"name": "x", "code": -0}]}'),
        ("Server", '{"server": "A", "code": -0}'),
    ],
)
def test_any_whole_number_of_a_record_is_read_as_by_the_plain_reader(
    tmp_path: Path, model: str, line: str
) -> None:
    (path := tmp_path / "a.jsonl").write_text(line, encoding="utf-8")
    script = f"""
from typing import Annotated
from needfix.model import server
server.{model}.__annotations__["code"] = Annotated[int | None, server.Fact("A code.", 1, "whole")]
from needfix.fleet.reading import json_lines
from needfix.intake.notes import Notes
from needfix.inventory.reading import read_source
from needfix.inventory.source import opened
print(*(problem for piece in json_lines.pieces({str(path)!r}) for problem in piece.problems))
"""
    ran = subprocess.run([sys.executable, "-c", script], capture_output=True, text=True, check=True)
    assert "code is -0, which is negative; expected a whole number" in ran.stdout


def test_bytes_that_are_no_text_spoil_their_line_alone(tmp_path: Path) -> None:
    (path := tmp_path / "a.jsonl").write_bytes(b"\xef\xbb\xbf" + GOOD + b'\n{"server": "\xff"}\n' + ANOTHER)
    servers, problems = same(json_lines.pieces, path)
    assert [line for line, _ in servers] == [1, 3]
    assert problems == [f"{path}:2:13: bytes that are not valid UTF-8; expected text" + HINT_UTF_8]


@pytest.mark.broad
@pytest.mark.parametrize("length", [16 << 20, 70 << 20])
def test_a_line_too_long_for_a_record_is_skipped(tmp_path: Path, length: int) -> None:
    line = b'{"server": "B", "collected": "' + b"x" * length + b'"}\n'
    (path := tmp_path / "a.jsonl").write_bytes(GOOD + b"\n" + ANOTHER + b"\n" + line + THIRD)
    servers, problems = same(json_lines.pieces, path)
    assert (len(servers), len(problems)) == (3, 1)


def test_a_file_of_many_blocks(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("needfix.fleet.reading.blocks._BYTES", 1000)
    lines = [json.dumps({"server": f"S{number}", "files": [{"name": "x"}]}).encode() for number in range(500)]
    lines[250] = b"{"
    (path := tmp_path / "a.jsonl").write_bytes(b"\n".join(lines))
    assert len(list(json_lines.pieces(str(path)))) > 10
    servers, _ = same(json_lines.pieces, path)
    assert len(servers) == 499


@pytest.mark.parametrize("line", [GOOD.decode(), *AS_COLUMNS])
def test_what_any_program_writes_does_not_lead_off_the_fast_road(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, line: str
) -> None:
    monkeypatch.delattr("needfix.inventory.json_lines.read")
    (path := tmp_path / "a.jsonl").write_text(f"{line}\r\n\n" * 3, encoding="utf-8", newline="")
    servers, problems = servers_of(json_lines.pieces(str(path)))
    assert ([own for own, _ in servers], problems) == ([1, 3, 5], [])


def test_keys_that_are_not_known_are_noted_as_by_the_plain_reader(tmp_path: Path) -> None:
    lines = [
        FILE % '{"name": "x"}, {"name": "y", "sha": 1}, {"name": "z", "sha": 2}',
        '{"server": "A", "os": null}',
        '{"server": "B", "os": 1, "sha": [], "products": [{"name": "x", "sha": {}}]}',
        '{"server": "C", "size": 5, "os": "Windows", "hotfixes": ["", 3]}',
        COUNTER % '{"name": "q", "samples": [{"value": 1, "unit": "s"}]}',
    ]
    (path := tmp_path / "a.jsonl").write_text("\n".join(lines), encoding="utf-8")
    notes = Notes()
    for piece in json_lines.pieces(str(path)):
        notes.merge(piece.notes)
    with opened(str(path), notes=(plain := Notes())) as source:
        list(read_source(source))
    assert {*notes} == {*plain}
    assert len({*notes}) == 1


def test_objects_of_other_programs_behind_native_lines_are_gathered(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("needfix.fleet.reading.blocks._BYTES", 200)
    fixes = [
        json.dumps({"HotFixID": f"KB{number}", "PSComputerName": name}).encode()
        for number in range(9)
        for name in ("M", "N")
    ]
    (path := tmp_path / "a.jsonl").write_bytes(b"\n".join([GOOD, *fixes, ANOTHER, fixes[0], THIRD]))
    servers, problems = same(json_lines.pieces, path)
    assert problems == []
    found = {server.server: server.hotfixes for _, server in servers}
    assert found["N"] == tuple(f"KB{number}" for number in range(9))
    assert list(found) == ["A", "M", "N", "Y", "Z"]


@tried(100, suppress=[HealthCheck.function_scoped_fixture])
@given(st.data())
def test_lines_good_and_bad_give_what_the_plain_reader_gives(tmp_path: Path, data: st.DataObject) -> None:
    written = RECORDS.map(json.dumps) | RECORDS.map(_without_escapes)
    line = (
        written
        | written
        | written
        | st.sampled_from(MERELY_UNUSUAL)
        | st.sampled_from(BAD)
        | st.text(max_size=9)
    )
    lines = data.draw(st.lists(line, min_size=1, max_size=30))
    (path := tmp_path / "a.jsonl").write_text("\n".join(["{}", "{}", *lines]), "utf-8", newline="")
    same(json_lines.pieces, path)


def _without_escapes(record: dict[str, Any]) -> str:
    return json.dumps(record, ensure_ascii=False)


SIGNS = (
    *(
        '"',
        "\\",
        "{",
        "}",
        "[",
        "]",
        ",",
        ":",
        " ",
        "\t",
        "\r",
        "\r\n",
        "\x00",
        "\x1f",
        "é",
        "\u2028",
        "\ufeff",
        "\udcff",
    ),
    *(
        "0",
        "1",
        "-",
        ".",
        "e",
        "E5",
        "00",
        "1e999",
        "123456789012345678901",
        "n",
        "null",
        "true",
        "false",
        "NaN",
    ),
    *('""', "{}", "[]", '"server"', '"name": 1,', "\\u", "\\ud800", "\\udc00", "\\u0041", "\\n", "x", "/"),
)


@st.composite
def _spoilt(draw: st.DrawFn) -> str:
    """A line with some signs removed, added or repeated."""
    line = draw(st.sampled_from([GOOD.decode(), *MERELY_UNUSUAL, *AS_COLUMNS]))
    for _ in range(draw(st.integers(0, 3))):
        begin, length = draw(st.integers(0, len(line))), draw(st.integers(0, 5))
        line = (
            line[:begin]
            + draw(st.sampled_from(["", line[begin : begin + 9], *SIGNS]))
            + line[begin + length :]
        )
    return line


@tried(300, suppress=[HealthCheck.function_scoped_fixture])
@given(st.lists(_spoilt(), min_size=1, max_size=20))
def test_spoilt_lines_give_what_the_plain_reader_gives(tmp_path: Path, lines: list[str]) -> None:
    content = "\n".join(["{}", "{}", *lines])
    (path := tmp_path / "a.jsonl").write_text(content, "utf-8", "surrogateescape", newline="")
    same(json_lines.pieces, path)
