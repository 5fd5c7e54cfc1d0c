"""A misspelt word is found again by edits: letters swapped, left out, doubled or replaced."""

from __future__ import annotations

import json

import pytest

from needfix.intake.columns import ALIASES, COLUMNS
from needfix.intake.fields import RECORD, SAMPLE, RecordObject
from needfix.intake.near import closest, did_you_mean, edits, nearest, suggestion
from needfix.intake.other_names import folded
from needfix.model.server import SCOPES
from tests.inventory.support import read

PARTS: dict[str, RecordObject] = {
    "": RECORD,
    **{key: field.holds for key, field in RECORD.fields.items() if field.holds},
    "counters.samples": SAMPLE,
}


def swaps(word: str) -> list[str]:
    """The word with two letters swapped; where punctuation is at another place, it is the same name."""
    swapped = [word[:i] + word[i + 1] + word[i] + word[i + 2 :] for i in range(len(word) - 1)]
    return sorted({other for other in swapped if folded(other) != folded(word)})


SWAPPED_KEYS = [
    (part, wrong, key)
    for part, table in PARTS.items()
    for key in table.fields
    for wrong in swaps(key)
    if wrong not in table.fields
]


def record(part: str, key: str) -> dict[str, object]:
    """A record that has the key, with a value that its part could have, in this part."""
    inner: object = {key: "1"}
    for name in reversed(part.split(".") if part else []):
        inner = {name: inner if name == "symptoms" else [inner]}
    assert isinstance(inner, dict)
    return {"server": "A", **inner}


@pytest.mark.parametrize(("part", "wrong", "key"), SWAPPED_KEYS)
def test_two_letters_swapped_in_any_key_are_a_problem(part: str, wrong: str, key: str) -> None:
    _, problems = read(json.dumps(record(part, wrong)))
    assert any(
        f'{wrong}" is not a known key' in shown and f"did you mean {key}?" in shown for shown in problems
    )


@pytest.mark.parametrize(
    ("wrong", "column"),
    [(wrong, column) for column in COLUMNS for wrong in swaps(column) if wrong not in ALIASES],
)
def test_two_letters_swapped_in_any_column_are_a_problem(wrong: str, column: str) -> None:
    header = f"server,{wrong}" if column != "server" else f"{wrong},product"
    _, problems = read(f"{header}\nA,1\n")
    assert any(f'"{wrong}" is not a known column' in shown for shown in problems)
    assert any(f"did you mean {column}?" in shown for shown in problems)


@pytest.mark.parametrize(("wrong", "scope"), [(wrong, scope) for scope in SCOPES for wrong in swaps(scope)])
def test_two_letters_swapped_in_any_scope_are_a_problem(wrong: str, scope: str) -> None:
    _, problems = read(json.dumps({"server": "A", "files": [], "complete": [wrong]}))
    assert any(f"did you mean {scope}?" in shown for shown in problems)


@pytest.mark.parametrize(
    ("one", "other", "least"),
    [
        ("files", "files", 0),
        ("filse", "files", 1),
        ("file", "files", 1),
        ("filees", "files", 1),
        ("fales", "files", 1),
        ("sevrices", "services", 1),
        ("sevrics", "services", 2),
        ("", "at", 2),
        ("abcd", "badc", 2),
    ],
)
def test_edits(one: str, other: str, least: int) -> None:
    assert edits(one, other) == edits(other, one) == least


@pytest.mark.parametrize(
    ("word", "meant"),
    [
        ("FILSE", "files"),
        ("fils", "files"),
        ("filxy", None),
        ("sevrics", "services"),
        ("devices", None),
        ("roles", None),
        ("ta", "at"),
        ("it", "at"),
        ("t", None),
        ("", None),
        ("files" * 99, None),
    ],
)
def test_what_resembles_a_known_word(word: str, meant: str | None) -> None:
    assert nearest(word, ("files", "services", "at")) == meant


def test_fewer_edits_come_first() -> None:
    assert nearest("servcie", ("services", "service")) == "service"


def test_a_beginning_is_completed_in_suggestions_only() -> None:
    known = ("--server", "--rule", "--rules")
    assert suggestion("--serv", known) == "--server"
    assert nearest("--serv", ("--services",)) is None
    assert closest("--rul", known, 2) == ["--rule", "--rules"]
    assert suggestion("xy", known) is None


@pytest.mark.parametrize(
    ("word", "meant"),
    [
        ("required", "fix-required"),
        ("fix-req", "fix-required"),
        ("fx-rqird", "fix-required"),
        ("fix", "fix-required"),
        ("fp", None),
        ("present-fix", None),
    ],
)
def test_a_part_and_a_short_form_are_completed_in_suggestions(word: str, meant: str | None) -> None:
    assert suggestion(word, ("fix-required", "fix-present")) == meant


def test_a_swapped_key_no_longer_hides_files() -> None:
    text = (
        '{"server": "A", "complete": ["files"], "filse": [{"name": "Store.exe", "version": "5.5.2653.23"}]}'
    )
    assert read(text) == ([], ['<stdin>:1:40: "filse" is not a known key\n    hint: did you mean files?'])


@pytest.mark.parametrize(
    ("part", "wrong"),
    [
        ({"counters": [{"name": "queue", "value": 200, "fo": "15m"}]}, "counters[0].fo"),
        ({"counters": [{"name": "queue", "value": 200, "or": "15m"}]}, "counters[0].or"),
        ({"events": [{"source": "MSExchangeIS", "ids": 1234}]}, "events[0].ids"),
        ({"events": [{"source": "MSExchangeIS", "di": 1234}]}, "events[0].di"),
    ],
)
def test_a_short_key_that_is_misspelt_is_a_problem_too(part: dict[str, object], wrong: str) -> None:
    servers, problems = read(json.dumps({"server": "A", **part}))
    assert servers == []
    assert f'"{wrong}"' in problems[0]


def test_blanks_and_punctuation_in_a_key_do_not_matter() -> None:
    text = json.dumps({"server": "A", "restart-pending": True, "events": [{"source": "Store", "id ": 7}]})
    ((server,), _) = read(text)
    assert server.restart_pending
    assert server.events is not None
    assert [event.id for event in server.events] == [7]


def test_the_question_asks_for_a_known_word_or_is_replaced() -> None:
    assert did_you_mean("SP4") == "did you mean SP4?"
    assert did_you_mean("SP 4", quoted=True) == "did you mean 'SP 4'?"
    assert (did_you_mean(None), did_you_mean(None, "remove it")) == ("", "remove it")
