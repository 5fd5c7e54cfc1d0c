"""Minima in lines, and above a version: a higher version need not be better."""

from __future__ import annotations

import pytest

import needfix
from needfix.cases.plain import decide as decide_plainly
from tests.fleet.support import fleet_rows, piece_of
from tests.support.catalogues import Document, catalogue_of, codes, decide, fix, mail, reason, rule

LINES = [{"version": "6.0.6001.18069"}, {"from": "6.0.6001.22000", "version": "6.0.6001.22176"}]
IN_LINES = rule(fixes=[fix({"Castdrv.sys": LINES})])
ABOVE = rule(fixes=[fix({"Castdrv.sys": {"above": "2.4"}})])


def decided(own: Document, *versions: str, loaded: str | None = None) -> needfix.Decision:
    """The decision for copies of a file, which the plain evaluator and the columns come to as well."""
    known = catalogue_of(own)
    files = [
        {"name": "Castdrv.sys", "version": version, "path": f"C:\\{number}\\Castdrv.sys", "loaded": loaded}
        for number, version in enumerate(versions)
    ]
    facts = mail(files=files)
    found = decide(known, facts)
    assert decide_plainly(known, facts)[found.rule] == (found.decision, found.action)
    ((row,), _) = fleet_rows(known, piece_of([facts]))
    every = list(dict.fromkeys(codes(found)))
    assert (row["decision"], row["action"], row["reasons"]) == (found.decision, found.action, every)
    return found


@pytest.mark.parametrize(
    ("version", "expected"),
    [
        ("6.0.6001.18068", "fix-required"),
        ("6.0.6001.18069", "fix-present"),
        ("6.0.6001.20000", "fix-present"),
        ("6.0.6001.22000", "fix-required"),
        ("6.0.6001.22175", "fix-required"),
        ("6.0.6001.22176", "fix-present"),
        ("6.0.6002.1", "fix-present"),
        ("6.0.6001", "undetermined"),
        ("6.0", "undetermined"),
        ("6.1", "fix-present"),
        ("5.2", "fix-required"),
        ("two", "undetermined"),
        ("2022.160.4075.1", "undetermined"),
    ],
)
def test_a_version_is_held_against_its_own_line(version: str, expected: str) -> None:
    assert decided(IN_LINES, version).decision == expected


def test_of_several_copies_the_worst_counts_and_not_the_lowest() -> None:
    found = decided(IN_LINES, "6.0.6001.18069", "6.0.6001.22100")
    assert found.decision == "fix-required"
    assert reason(found, "file-below-minimum").text == (
        "Castdrv.sys in C:\\1\\Castdrv.sys is 6.0.6001.22100; 6.0.6001.22176 or later is needed"
    )


@pytest.mark.parametrize(
    ("version", "text"),
    [
        ("6.0.6001.18068", "Castdrv.sys is 6.0.6001.18068; 6.0.6001.18069 or later is needed"),
        ("6.0.6001.22175", "Castdrv.sys is 6.0.6001.22175; 6.0.6001.22176 or later is needed"),
    ],
)
def test_the_reason_states_the_minimum_of_the_line(version: str, text: str) -> None:
    assert reason(decided(IN_LINES, version), "file-below-minimum").text == text


def test_a_short_version_shows_no_line() -> None:
    assert reason(decided(IN_LINES, "6.0.6001"), "file-unreadable").text == (
        "Castdrv.sys is 6.0.6001, which does not show on which side of its minimum it lies; "
        "6.0.6001.18069 or later, from 6.0.6001.22000 on 6.0.6001.22176 is needed"
    )


def test_an_older_module_of_another_line_still_runs() -> None:
    assert decided(IN_LINES, "6.0.6001.22176", loaded="6.0.6001.22100").action == "restart"
    assert decided(IN_LINES, "6.0.6001.22176", loaded="6.0.6001.18070").action == "none"


@pytest.mark.parametrize(
    ("version", "expected"),
    [
        ("2.3", "fix-required"),
        ("2.4", "fix-required"),
        ("2.4.0.0", "fix-required"),
        ("2.4.0.1", "fix-present"),
        ("2.5", "fix-present"),
        ("10.1", "fix-present"),
    ],
)
def test_a_version_must_be_above_the_last_one_without_the_fix(version: str, expected: str) -> None:
    assert decided(ABOVE, version).decision == expected


def test_one_line_is_a_plain_minimum() -> None:
    one = catalogue_of(rule(fixes=[fix({"Castdrv.sys": LINES[:1]})]))
    plain = catalogue_of(rule(fixes=[fix({"Castdrv.sys": "6.0.6001.18069"})]))
    assert one.digest == plain.digest != catalogue_of(IN_LINES).digest


def test_a_path_in_the_first_line_holds_for_all_lines() -> None:
    own = rule(fixes=[fix({"Castdrv.sys": [{**LINES[0], "path": "drivers"}, LINES[1]]})])
    assert decided(own, "6.0.6001.22176").decision == "undetermined"
    ((fix_of,),) = (one.fixes for one in catalogue_of(own))
    assert fix_of.files[0].path == "drivers"
