"""New cases come behind the old ones, and every other byte of the file stays."""

from __future__ import annotations

from dataclasses import replace
from pathlib import Path

import pytest

import needfix
from needfix.cases.generating import NewCase, missing_cases, write_cases
from needfix.errors import CatalogueError
from tests.support.shipped import RULES, SHIPPED

RULE = """\
# A rule of ours.
needfix: 1
id: Q100001
title: Mail waits   # in our own words
product: exchange-server
affects: ["5.5", SP3]
fixes:
  - files:
      Store.exe: {version: "5.5.2654.29"}
"""
CASE = NewCase(
    "SP3 with an old store",
    {"level": "5.5 SP3", "files": {"Store.exe": "5.5.2650.24"}},
    "fix-required",
    "apply",
    "look at it",
)
LINES = """\
- name: SP3 with an old store
  review: look at it
  given: {level: 5.5 SP3, files: {Store.exe: "5.5.2650.24"}}
  expect: fix-required
  action: apply
"""


def indented(lines: str, by: int = 2) -> str:
    return "".join(f"{' ' * by}{line}" for line in lines.splitlines(keepends=True))


def written(folder: Path, text: str, *cases: NewCase, rule_id: str = "Q100001") -> str:
    """The text with cases added, which must read as before, but for them."""
    path = folder / "rule.yaml"
    path.write_bytes(text.encode())
    before = needfix.load_catalogue(path)
    changed = write_cases(text, before.rules[rule_id], cases or (CASE,))
    path.write_bytes(changed.encode())
    after = needfix.load_catalogue(path)
    for rule in before:
        new = [case.name for case in cases or (CASE,)] if rule.id == rule_id else []
        names = [case.name for case in after.rules[rule.id].cases]
        assert names == [*(case.name for case in rule.cases), *new]
    return changed


def test_a_rule_without_cases_gets_them_at_its_end(tmp_path: Path) -> None:
    assert written(tmp_path, RULE) == f"{RULE}\ncases:\n{indented(LINES)}"


OLD = '- name: old\n  given: {level: "5.5"}\n  expect: undetermined\n'


@pytest.mark.parametrize("by", [0, 2, 4])
def test_new_cases_are_indented_as_the_old_ones_are(tmp_path: Path, by: int) -> None:
    text = f"{RULE}cases:\n{indented(OLD, by)}"
    assert written(tmp_path, text) == f"{text}{indented(LINES, by)}"


def test_several_cases_stand_in_the_order_given(tmp_path: Path) -> None:
    other = NewCase("none", {"products": []}, "not-affected", "none", "look")
    lines = "- name: none\n  review: look\n  given: {products: []}\n  expect: not-affected\n  action: none\n"
    text = f"{RULE}cases:\n{OLD}"
    assert written(tmp_path, text, CASE, other) == f"{text}{LINES}{lines}"


def test_keys_and_comments_behind_the_cases_stay_behind_them(tmp_path: Path) -> None:
    behind = "\n# That was all.\nreferences: []\n"
    text = f"{RULE}cases:\n{indented(OLD)}"
    assert written(tmp_path, text + behind) == f"{text}{indented(LINES)}{behind}"


def test_a_comment_on_the_last_line_stays_there(tmp_path: Path) -> None:
    text = f"{RULE}cases:\n{indented(OLD)[:-1]}  # sure\n"
    assert written(tmp_path, text) == f"{text}{indented(LINES)}"


@pytest.mark.parametrize(
    "last",
    ["    reasons:\n      - level-affected\n", "    skip: |\n      a\n      b\n", "    skip: a\n      b\n"],
)
def test_a_case_may_end_in_any_way(tmp_path: Path, last: str) -> None:
    text = f"{RULE}cases:\n{indented(OLD)}{last}"
    assert written(tmp_path, text) == f"{text}{indented(LINES)}"


def test_line_ends_of_windows_stay(tmp_path: Path) -> None:
    text = f"{RULE}cases:\n{indented(OLD)}".replace("\n", "\r\n")
    assert written(tmp_path, text) == text + indented(LINES).replace("\n", "\r\n")


def test_a_file_without_a_last_line_end_has_none_afterwards(tmp_path: Path) -> None:
    text = f"{RULE}cases:\n{indented(OLD)}"
    assert written(tmp_path, text[:-1]) == f"{text}{indented(LINES)}"[:-1]
    assert written(tmp_path, RULE[:-1]) == f"{RULE}\ncases:\n{indented(LINES)}"[:-1]


def test_a_byte_order_mark_stays(tmp_path: Path) -> None:
    text = f"\ufeff{RULE}cases:\n{indented(OLD)}"
    assert written(tmp_path, text) == f"{text}{indented(LINES)}"


@pytest.mark.parametrize("mark", ["\u2028", "\u0085"])
def test_rare_line_ends_do_not_lead_astray(tmp_path: Path, mark: str) -> None:
    text = f"{RULE.replace('ours.', f'ours.{mark}# Really.')}cases:\n{indented(OLD)}"
    assert written(tmp_path, text) == f"{text}{indented(LINES)}"


@pytest.mark.parametrize("empty", ["cases: []", "cases: [ ]", "cases:   []"])
@pytest.mark.parametrize("comment", ["", "  # none yet"])
def test_an_empty_list_is_filled(tmp_path: Path, empty: str, comment: str) -> None:
    behind = "\nreferences: []\n"
    expected = f"{RULE}cases:{comment}\n{indented(LINES)}{behind}"
    assert written(tmp_path, f"{RULE}{empty}{comment}\n{behind}") == expected


def test_a_list_on_one_line_becomes_one_of_lines(tmp_path: Path) -> None:
    old = [
        "{name: a, given: {products: []}, expect: not-affected}",
        "{name: 'b, c', given: {}, expect: undetermined}",
    ]
    text = f"{RULE}cases: [{old[0]}, {old[1]}]\n"
    assert written(tmp_path, text) == f"{RULE}cases:\n  - {old[0]}\n  - {old[1]}\n{indented(LINES)}"


def test_only_the_document_of_the_rule_is_written_to(tmp_path: Path) -> None:
    first = f"---\n{RULE}cases:\n{OLD}"
    second = f"--- # the other\n{RULE.replace('Q100001', 'Q100002')}"
    third = f"---\n{RULE.replace('Q100001', 'Q100003')}"
    text = first + second + third
    assert written(tmp_path, text) == f"{first}{LINES}{second}{third}"
    expected = f"{first}{second}\ncases:\n{indented(LINES)}{third}"
    assert written(tmp_path, text, rule_id="Q100002") == expected


def test_no_case_is_no_change() -> None:
    rule = next(iter(SHIPPED))
    assert write_cases("anything", rule, []) == "anything"


IN_BRACKETS = (
    "no case can be added: the rule or its cases are in brackets over several lines, or behind an alias"
)
OTHERWISE = "no case can be added: with it, the rule's cases would be read incorrectly"


@pytest.mark.parametrize(
    ("text", "what"),
    [
        (f"{RULE}cases: [\n  {{name: a, given: {{}}, expect: undetermined}}]\n", IN_BRACKETS),
        (
            '{needfix: 1, id: Q100001, product: exchange-server, affects: ["5.5"],\n'
            ' fixes: [{files: {Store.exe: {version: "5.5.2654.29"}}}]}\n',
            IN_BRACKETS,
        ),
        (f"{RULE}references: &none []\ncases: *none\n", IN_BRACKETS),
    ],
)
def test_a_file_that_cannot_take_cases_is_left_alone(tmp_path: Path, text: str, what: str) -> None:
    path = tmp_path / "rule.yaml"
    path.write_text(text, encoding="utf-8")
    rule = needfix.load_catalogue(path).rules["Q100001"]
    with pytest.raises(CatalogueError) as raised:
        write_cases(text, rule, [CASE])
    assert raised.value.problems[0].what == what
    assert raised.value.problems[0].at == rule.at
    assert raised.value.problems[0].hint


@pytest.mark.parametrize("text", [f"{RULE}cases:\n{OLD}", f"\n{RULE}", f"{RULE}cases: [", "", "a: b\n"])
def test_a_file_that_was_changed_meanwhile_is_left_alone(tmp_path: Path, text: str) -> None:
    path = tmp_path / "rule.yaml"
    path.write_text(RULE, encoding="utf-8")
    rule = needfix.load_catalogue(path).rules["Q100001"]
    with pytest.raises(CatalogueError) as raised:
        write_cases(text, rule, [CASE])
    assert raised.value.problems[0].what == "no case can be added: the file has changed since it was read"
    assert raised.value.problems[0].at == rule.at


def test_a_case_that_cannot_be_read_again_is_not_written(tmp_path: Path) -> None:
    path = tmp_path / "rule.yaml"
    path.write_text(RULE, encoding="utf-8")
    rule = needfix.load_catalogue(path).rules["Q100001"]
    with pytest.raises(CatalogueError) as raised:
        write_cases(RULE, rule, [replace(CASE, given={"colour": "blue"})])
    assert raised.value.problems[0].what == OTHERWISE


@pytest.mark.broad
@pytest.mark.parametrize("own", RULES)
def test_every_shipped_rule_takes_a_case_for_each_of_its_boundaries(own: needfix.Rule) -> None:
    path = Path(own.at.file if own.at else "")
    text = path.read_text(encoding="utf-8")
    new = missing_cases(own, SHIPPED, [])
    changed = write_cases(text, own, new)
    assert changed.startswith(text)
    assert changed.count("check it, then remove this line") == len(new)
