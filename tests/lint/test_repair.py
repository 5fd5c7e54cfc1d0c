"""Mends keep all that they are not about, and change nothing that is not certain."""

from __future__ import annotations

from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from needfix.catalogue import load_for_lint
from needfix.lint import repairable
from needfix.lint.repair import repaired

HEAD = """\
# Überschrift: ein Kommentar
needfix: 1
id: Q1
title: "Größe"   # kept
product: exchange-server
"""
FIX = 'fixes: [{files: {Store.exe: {version: "5.5.2654.10"}}}]\n'


def hint(folder: Path, text: str) -> str:
    """The text with all that lint can repair in it."""
    file = folder / "rule.yaml"
    file.write_bytes(text.encode())
    catalogue = load_for_lint(file)
    edits = [one.edit for one in repairable(catalogue) if one.edit]
    assert edits
    changed, _ = repaired(text, edits, catalogue.products)
    return changed


@pytest.mark.parametrize(
    ("before", "after"),
    [
        ("supersedes: [Q8, q8, Q9]\n", "supersedes: [Q8, Q9]\n"),
        ("supersedes: [Q8, Q9,\n  Q8]  # of the vendor\n", "supersedes: [Q8, Q9]  # of the vendor\n"),
        ("supersedes: [Q8, Q8, Q8]\n", "supersedes: [Q8]\n"),
        ("requires: [5.5 SP3, SP3]\n", "requires: [5.5 SP3]\n"),
        ("updates: [KB500001, Q500001, Q1, SU3]\n", "updates: [KB500001, SU3]\n"),
        ("advisories: [CVE-2024-1, cve-2024-1]\n", "advisories: [CVE-2024-1]\n"),
        (
            "references:\n  - https://a/1 # one\n  # between\n  - 'https://a/1' # two\n  - https://a/2\n",
            "references:\n  - https://a/1 # one\n  # between\n  - https://a/2\n",
        ),
        (
            "symptoms:\n  - id: s\n    text: ü\n    observe:\n      - source: A\n        id: 5\n"
            "      - id: 5\n        # inside\n        source: a\n      - {counter: c, above: 1}\n",
            "symptoms:\n  - id: s\n    text: ü\n    observe:\n      - source: A\n        id: 5\n"
            "      - {counter: c, above: 1}\n",
        ),
    ],
)
def test_what_is_there_twice_goes_with_its_line_or_its_comma(tmp_path: Path, before: str, after: str) -> None:
    rest = "affects: [5.5 SP4]\n" + FIX
    assert hint(tmp_path, HEAD + before + rest) == HEAD + after + rest
    crlf = (HEAD + before + rest).replace("\n", "\r\n")
    assert hint(tmp_path, crlf) == (HEAD + after + rest).replace("\n", "\r\n")


@pytest.mark.parametrize(
    ("before", "after"),
    [
        ("affects: [5.5 SP4, 5.5 SP3]\n", "affects: [5.5 SP3, 5.5 SP4]\n"),
        ("affects: [SP4, {from: '5.5', to: SP2}, SP3]\n", "affects: [{from: '5.5', to: SP2}, SP3, SP4]\n"),
        ("affects:\n  - 5.5 SP4\n\n  - 5.5 SP3\n", "affects:\n  - 5.5 SP3\n\n  - 5.5 SP4\n"),
        ("affects: [{from: '5.5', to: SP4}, SP3]\n", "affects: [{from: '5.5', to: SP4}]\n"),
        (
            "affects:\n  - product: exchange-server\n    levels: [SP4, SP3]\n",
            "affects:\n  - product: exchange-server\n    levels: [SP3, SP4]\n",
        ),
    ],
)
def test_levels_are_put_in_order(tmp_path: Path, before: str, after: str) -> None:
    assert hint(tmp_path, HEAD + before + FIX) == HEAD + after + FIX


@pytest.mark.parametrize(
    "levels",
    [
        "affects:\n  - 5.5 SP4  # the last\n  - 5.5 SP3\n",
        "affects:\n  - 5.5 SP4\n  # from here on\n  - 5.5 SP3\n",
        "affects: [5.5 SP4, 5.5 SP3 # from here on\n  ]\n",
        "affects: [2000 SP2, SP1, '5.5']\n",
        "affects: [5.5 SP3, # one\n  5.5 SP3]\n",
    ],
)
def test_what_is_not_certain_is_left_alone(tmp_path: Path, levels: str) -> None:
    assert hint(tmp_path, HEAD + levels + FIX) == HEAD + levels + FIX


def test_a_list_that_two_keys_share_is_repaired_where_it_stands(tmp_path: Path) -> None:
    text = f"{HEAD}affects: [5.5 SP4]\n{FIX}supersedes: &ids [Q8, Q8]\nrequires: *ids\n"
    assert hint(tmp_path, text) == text.replace("[Q8, Q8]", "[Q8]")


LEVELS = ["5.5", "5.5 SP1", "5.5 SP2", "5.5 SP3", "5.5 SP4", "2000", "2000 SP1"]
IDS = ["Q1001", "q1001", "Q1002", "Q1003"]


def _list(key: str, items: list[str], in_lines: bool) -> str:  # noqa: FBT001
    return (
        f"{key}:\n" + "".join(f"- {one}\n" for one in items) if in_lines else f"{key}: [{', '.join(items)}]\n"
    )


@given(
    levels=st.lists(st.sampled_from(LEVELS), min_size=1, max_size=6),
    ids=st.lists(st.sampled_from(IDS), max_size=6),
    in_lines=st.booleans(),
)
def test_a_repaired_rule_means_the_same_and_needs_no_second_repair(
    tmp_path_factory: pytest.TempPathFactory, levels: list[str], ids: list[str], *, in_lines: bool
) -> None:
    file = tmp_path_factory.getbasetemp() / "law.yaml"
    levels = [f'"{level}"' for level in levels]
    listed = _list("affects", levels, in_lines) + (_list("supersedes", ids, in_lines) if ids else "")
    text = before = HEAD + listed + FIX
    file.write_text(text, encoding="utf-8")
    meant = load_for_lint(file).rules["Q1"]
    for _ in range(3):
        catalogue = load_for_lint(file)
        text, _ = repaired(text, [one.edit for one in repairable(catalogue) if one.edit], catalogue.products)
        file.write_text(text, encoding="utf-8")
    rule = load_for_lint(file).rules["Q1"]
    assert rule.affects[0].levels == meant.affects[0].levels
    assert {older.casefold() for older in rule.supersedes} == {older.casefold() for older in meant.supersedes}
    assert len(rule.supersedes) == len({older.casefold() for older in meant.supersedes})
    assert not [one for one in repairable(load_for_lint(file)) if one.edit]
    assert [line for line in text.splitlines() if "#" in line] == [
        line for line in before.splitlines() if "#" in line
    ]
