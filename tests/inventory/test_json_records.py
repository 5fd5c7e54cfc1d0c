"""JSON: an object, a list, or objects one after another."""

from __future__ import annotations

import json

import pytest

from tests.inventory.support import HINT_JSON, HINT_UTF_8, NO_OBJECT, names, read

A, B = '{"server": "A"}', '{"server": "B"}'
GIVEN_UP = "; the rest of the file is not read"


@pytest.mark.parametrize(
    "text", [f"[{A},{B}]", f" [ {A} ,\n {B} ]\n", f"{A}{B}", f"{A}\n\n{B}", f"[{A}]\n[{B}]"]
)
def test_forms(text: str) -> None:
    servers, problems = read(text)
    assert (names(servers), problems) == (["A", "B"], [])


def test_an_empty_list_is_an_inventory_without_servers() -> None:
    assert read("[]") == ([], [])


def test_numbers_keep_their_text() -> None:
    servers, _ = read('[{"server": 5, "files": [{"name": "x", "version": 5.10, "size": 12}]}]')
    assert (servers[0].server, servers[0].files[0].version) == ("5", "5.10")
    assert type(servers[0].server) is str
    assert servers[0].files[0].size == 12


def test_a_record_knows_its_line_and_column() -> None:
    servers, _ = read(f"[\n  {A}, {B}\n]")
    assert [str(server.at) for server in servers] == ["<stdin>:2:3", "<stdin>:2:20"]


@pytest.mark.parametrize("size", [60_000, 70_000, 1_000_000])
def test_records_larger_than_a_window(size: int) -> None:
    records = [{"server": name, "note": name * size} for name in "ABC"]
    servers, problems = read(json.dumps(records, indent=1))
    assert (names(servers), problems) == (["A", "B", "C"], [])
    assert [server.at.line for server in servers if server.at] == [2, 6, 10]


@pytest.mark.parametrize(
    ("text", "message"),
    [
        ('{"server": "X", "server": "Y"}', '2:17: the key "server" is written twice in one object'),
        ('{"server": "X", "n": NaN}', "2:22: NaN is not a JSON number"),
        ('{"server": "X", "n": -Infinity}', "2:22: -Infinity is not a JSON number"),
        ('{"server": %s}' % ("9" * 5000), f'2:2: server is "{"9" * 39}…", which has 5000 characters;'
         ' expected text such as "MAIL01"'),
        ("null", f"2:1: the record is null; {NO_OBJECT}"),
        ("[]", f"2:1: the record is a list; {NO_OBJECT}"),
        ('{"server": "\\udc80"}', '2:2: server is "\\udc80", with half a surrogate pair in it;'
         ' expected text such as "MAIL01"'),
    ],
)  # fmt: skip
def test_a_bad_record_of_sound_syntax(text: str, message: str) -> None:
    servers, problems = read(f"[{A},\n{text},\n{B}]")
    assert (names(servers), problems) == (["A", "B"], [f"<stdin>:{message}"])


@pytest.mark.parametrize(
    ("text", "message"),
    [
        ('{"server" "X"}, {}]', "2:11: this is not valid JSON: expecting ':' delimiter"),
        ('{"n": 0} {}]', "2:10: this is not valid JSON: expecting ',' or ']' in the list"),
        ('{"server": "X"', "2:15: this is not valid JSON: expecting ',' delimiter"),
        ('{"server": "X', "2:12: this is not valid JSON: unterminated string"),
        ("]", "2:1: this is not valid JSON: expecting value"),
        ("", "2:1: this is not valid JSON: expecting value"),
        pytest.param("[" * 100_000, "2:1: the record is nested too deeply", id="brackets"),
    ],
)
def test_a_syntax_error_ends_the_file_after_the_records_before_it(text: str, message: str) -> None:
    servers, problems = read(f"[{A},\n{text}")
    assert names(servers) == ["A"]
    assert problems[-1] == f"<stdin>:{message}{GIVEN_UP}; expected JSON{HINT_JSON}"


def test_bytes_that_are_no_text_spoil_their_record() -> None:
    servers, problems = read(b'[{"server": "A"},\n {"server": "\xff"}, {"server": "B"}]')
    assert names(servers) == ["A", "B"]
    assert problems == ["<stdin>:2:14: bytes that are not valid UTF-8; expected text" + HINT_UTF_8]


@pytest.mark.parametrize("ending", ["", '\n{"server": []}\n'])
@pytest.mark.parametrize("name", ["NaN", "Infinity", "-Infinity"])
@pytest.mark.parametrize(
    "record",
    [
        '{"server": NUMBER}',
        '{"server": "A", "files": [NUMBER]}',
        '{"server": "A", "files": NUMBER}',
        '{"server": "A", "hotfixes": [NUMBER]}',
        '{"server": "A", "counters": [{"name": "q", "value": NUMBER}]}',
        '{"server": "A", "counters": [{"name": "q", "samples": [{"value": NUMBER}]}]}',
    ],
)
def test_a_number_that_json_has_not_is_one_problem(record: str, name: str, ending: str) -> None:
    servers, problems = read(record.replace("NUMBER", name) + ending)
    assert servers == []
    assert [problem.partition(": ")[2] for problem in problems[:1]] == [f"{name} is not a JSON number"]
    assert len(problems) == 1 + bool(ending)


def test_a_record_above_16_mib_is_refused() -> None:
    servers, problems = read(f'[{A},\n{{"server": "{"x" * (17 * 2**20)}"}}]')
    assert names(servers) == ["A"]
    assert problems == [
        f"<stdin>:2:1: the record is larger than 16 MiB{GIVEN_UP}; expected a record for one"
        " server\n    hint: check that the record ends where it should"
    ]
