"""A case as lines of YAML, read back as it was."""

from __future__ import annotations

import pytest
import yaml
from hypothesis import given
from hypothesis import strategies as st

from needfix.cases.generating.case_text import item_lines
from needfix.cases.generating.new_case import NewCase

REVIEW = "generated (below); check it, then remove this line"


def case(given_: dict[str, object], name: str = "A case") -> NewCase:
    return NewCase(name, given_, "fix-required", "apply", REVIEW)


def test_facts_stand_on_one_line_where_they_fit() -> None:
    facts: dict[str, object] = {
        "level": "5.5 SP4",
        "files": {"Store.exe": "5.5.2653.23"},
        "complete": ["files"],
    }
    assert item_lines(case(facts).document, 2) == [
        "  - name: A case",
        f"    review: {REVIEW}",
        '    given: {level: 5.5 SP4, files: {Store.exe: "5.5.2653.23"}, complete: [files]}',
        "    expect: fix-required",
        "    action: apply",
    ]


def test_facts_that_do_not_fit_stand_line_by_line() -> None:
    files = {f"Long name of file {number}.dll": "5.5.2653.23" for number in range(4)}
    event = {"source": "MSExchangeIS Private", "id": "1234", "message": "The database " * 9 + "broke"}
    lines = item_lines(case({"level": "5.5", "files": files, "events": [event]}).document, 0)
    assert lines[2:10] == [
        "  given:",
        '    level: "5.5"',
        "    files:",
        '      Long name of file 0.dll: "5.5.2653.23"',
        '      Long name of file 1.dll: "5.5.2653.23"',
        '      Long name of file 2.dll: "5.5.2653.23"',
        '      Long name of file 3.dll: "5.5.2653.23"',
        "    events:",
    ]
    assert lines[10:12] == ["      - source: MSExchangeIS Private", '        id: "1234"']


@pytest.mark.parametrize(
    ("text", "written"),
    [
        ("5.5 SP4", "5.5 SP4"),
        ("5.5", '"5.5"'),
        ("2000", '"2000"'),
        ("2000-03-14T18:00", '"2000-03-14T18:00"'),
        ("no", '"no"'),
        ("null", '"null"'),
        ("1.0e+3", '"1.0e+3"'),
        ("10m", "10m"),
        ("c:\\mail", '"c:\\\\mail"'),
        ("a: b", '"a: b"'),
        ("a #b", '"a #b"'),
        ("- a", '"- a"'),
        ("", '""'),
        ("a, b", '"a, b"'),
    ],
)
def test_what_yaml_would_read_otherwise_stands_in_quotes(text: str, written: str) -> None:
    assert item_lines(case({"edition": text}).document, 0)[2] == f"  given: {{edition: {written}}}"


texts = st.text(st.characters(exclude_categories=["Cs"]), max_size=60)
values = st.recursive(
    st.one_of(texts, st.booleans(), st.none()),
    lambda inner: st.one_of(
        st.lists(inner, max_size=3),
        st.dictionaries(texts.filter(lambda key: len(key) < 30), inner, max_size=3),
    ),
    max_leaves=8,
)


@given(st.dictionaries(st.sampled_from(["level", "files", "events"]), values), texts, st.integers(0, 6))
def test_every_case_reads_back_as_it_was(facts: dict[str, object], name: str, indent: int) -> None:
    written = case(facts, name)
    assert yaml.safe_load("\n".join(item_lines(written.document, indent))) == [written.document]
