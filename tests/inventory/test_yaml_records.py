"""YAML: texts as they were written, and nothing that acts."""

from __future__ import annotations

import pytest

from needfix.intake.limits import YAML_VALUES
from needfix.model.server import FileCopy
from tests.inventory.support import NO_OBJECT, names, read

GIVEN_UP = "; the rest of the file is not read"


@pytest.mark.parametrize(
    "text",
    [
        "- server: A\n- server: B\n",
        "server: A\n---\nserver: B\n---\n",
        "# two\n---\n- server: A\n---\n- {server: 'B'}\n",
    ],
)
def test_forms(text: str) -> None:
    servers, problems = read(text)
    assert (names(servers), problems) == (["A", "B"], [])


def test_unquoted_values_keep_their_text() -> None:
    text = (
        "server: 007\nrestart_pending: yes\nfiles:\n"
        "- {name: no, version: 5.10, modified: 2000-11-01T10:00:00, size: 12}\n"
        "- {name: !!str null, version: ~}\n"
    )
    servers, problems = read(text)
    assert not problems
    assert (servers[0].server, servers[0].restart_pending) == ("007", True)
    assert servers[0].files == (
        FileCopy("no", version="5.10", modified="2000-11-01T10:00:00", size=12),
        FileCopy("null"),
    )


def test_aliases_are_followed() -> None:
    servers, _ = read("- server: A\n  files: &f [{name: x}]\n- server: B\n  files: *f\n")
    assert servers[1].files == (FileCopy("x"),)


def test_a_record_knows_its_line_and_column() -> None:
    servers, _ = read("- server: A\n-   server: B\n")
    assert [str(server.at) for server in servers] == ["<stdin>:1:3", "<stdin>:2:5"]


@pytest.mark.parametrize(
    ("record", "message"),
    [
        ("{server: X, server: Y}", 'the key "server" is written twice in one object'),
        ("{server: X, <<: {files: []}}", "merge keys (<<) are not supported"),
        (
            "{server: X, n: !!python/name:os.abort }",
            'the tag "tag:yaml.org,2002:python/name:os.abort" is not supported',
        ),
        ("{server: X, n: !mine {}}", 'the tag "!mine" is not supported'),
        ("{server: X, [a]: 1}", "this key is not text"),
        ("{server: X, n: *none}", "the alias *none refers to a value that is not defined before it"),
        ("{server: X, n: &n [*n]}", "the alias *n refers to a value that is not defined before it"),
        pytest.param(
            "{server: X, n: %s}" % ("[" * 40 + "]" * 40),
            "the record is nested more than 32 levels deep",
            id="deep",
        ),
        (
            "null",
            f"the record is null; {NO_OBJECT}",
        ),
        (
            "[]",
            f"the record is a list; {NO_OBJECT}",
        ),
    ],
)
def test_a_bad_record(record: str, message: str) -> None:
    servers, problems = read(f"- server: A\n- {record}\n- server: B\n")
    assert names(servers) == ["A", "B"]
    assert [problem.split(": ", 1)[1] for problem in problems] == [message]
    assert problems[0].startswith("<stdin>:2:")


@pytest.mark.parametrize(
    ("rest", "message"),
    [
        (b'"x', "2:"),
        (b'"\\ud800"', "2:"),
        (b"server: B\x01", "2: a control character is not allowed in YAML"),
        (b"server: B\xff", "2: bytes that are not valid UTF-8"),
        pytest.param(b"[" * 5000, "", id="brackets"),  # where it is reported depends on the parser
        pytest.param(b"server: " + b"x" * (17 * 2**20), "2:3: the record is larger than 16 MiB", id="large"),
    ],
)
def test_a_broken_file_keeps_the_records_before(rest: bytes, message: str) -> None:
    servers, problems = read(b"- server: A\n- " + rest)
    assert names(servers) == ["A"]
    assert len(problems) == 1
    assert problems[0].startswith(f"<stdin>:{message}")


def test_a_syntax_error_is_reported_with_its_place() -> None:
    _, problems = read("- server: A\n- server: [\n")
    assert problems[0].startswith("<stdin>:3:1: this is not valid YAML: ")
    assert f"{GIVEN_UP}\n    hint: " in problems[0]


def test_a_billion_laughs_are_refused() -> None:
    lines = ["a0: &a0 [x, x, x, x, x, x, x, x, x]"]
    lines += (f"a{n}: &a{n} [{', '.join([f'*a{n - 1}'] * 9)}]" for n in range(1, 10))
    servers, problems = read("\n".join(["server: A", *lines]))
    assert servers == []
    what = "the file has more than 100 anchors, or their values are too large"
    assert problems[0].startswith(f"<stdin>:8:5: {what}{GIVEN_UP}\n")
    assert len(problems) == 1


def test_more_than_100_aliases_are_refused() -> None:
    _, problems = read("server: A\na: &a x\nb: [" + "*a, " * 101 + "]\n")
    assert problems[0].startswith(f"<stdin>:3:405: the file has more than 100 aliases{GIVEN_UP}\n")
    assert len(problems) == 1


@pytest.mark.broad
def test_more_values_than_a_server_has_are_refused() -> None:
    _, problems = read("- server: A\n  n: [" + "x," * YAML_VALUES + "]\n")
    assert problems == [
        f"<stdin>:2:{2 * YAML_VALUES + 1}: the record has more than {YAML_VALUES} values (aliases expanded)"
    ]
