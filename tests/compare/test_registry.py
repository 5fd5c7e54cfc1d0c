"""Values of the registry: what an inventory shows of what rules ask for, in each of the three evaluators."""

from __future__ import annotations

from typing import Any

import pytest

import needfix
from needfix.cases.plain import decide as plain_decide
from needfix.inventory.joining import joined
from tests.fleet.support import fleet_rows, piece_of
from tests.support.catalogues import (
    NEW,
    OLD,
    Document,
    answer,
    catalogue_of,
    codes,
    decide,
    fix,
    mail,
    reason,
    rule,
)

KEY = r"HKLM\SOFTWARE\Mail"
OF_32 = r"HKLM\SOFTWARE\Wow6432Node\Mail"
PRESENT, REQUIRED = "fix-present, none", "fix-required, apply"
OPEN, NOT = "undetermined, investigate", "not-affected, none"

Entry = tuple[Any, ...]


def asking(wanted: Document, name: str = rf"{KEY}\Check") -> needfix.Catalogue:
    """A rule whose fix is a value of the registry."""
    return catalogue_of(rule(fixes=[{"registry": {name: wanted}}]))


def listing(*entries: Entry, **keys: Any) -> needfix.Server:  # noqa: ANN401 - any key of the format
    """A server with these values of Check, each with its key, its value and its view."""
    values = [
        dict(zip(("path", "value", "view"), entry, strict=False), name=keys.get("name", "Check"))
        for entry in entries
    ]
    keys.pop("name", None)
    return mail(registry=values, **keys)


def decided(catalogue: needfix.Catalogue, facts: needfix.Server) -> str:
    """The decision and the action, on which all evaluators agree."""
    found = decide(catalogue, facts)
    assert plain_decide(catalogue, facts)[found.rule] == (found.decision, found.action)
    rows, _ = fleet_rows(catalogue, piece_of([facts]))
    (row,) = (row for row in rows if row["rule"] == found.rule)
    assert (row["decision"], row["action"]) == (found.decision, found.action)
    assert row["reasons"] == list(dict.fromkeys(codes(found)))
    return answer(found)


EQUALS: Document = {"equals": "1"}


@pytest.mark.parametrize(
    ("wanted", "value", "expected"),
    [
        (EQUALS, "1", PRESENT), (EQUALS, 1, PRESENT), (EQUALS, "0x0001", PRESENT), (EQUALS, "0", REQUIRED),
        (EQUALS, None, OPEN), (EQUALS, "N/A", OPEN), ({"equals": "On"}, " ON ", PRESENT),
        ({"version": "1.2"}, "1.10.4", PRESENT), ({"version": "1.2"}, "1.1.9", REQUIRED),
        ({"version": "1.2"}, "two", OPEN), ({"version": "1.2.3"}, "1.2", OPEN),
        ({"present": True}, "0", PRESENT), ({"present": False}, "0", REQUIRED),
        ({"present": True}, None, OPEN),
    ],
)  # fmt: skip
def test_a_value_that_is_listed(wanted: Document, value: object, expected: str) -> None:
    for complete in ([], ["registry"]):
        assert decided(asking(wanted), listing((KEY, value), complete=complete)) == expected


@pytest.mark.parametrize(
    ("wanted", "value", "expected"),
    [
        ("4294967295", "-1", PRESENT), ("4294967295", -1, PRESENT), ("4294967295", "dword:ffffffff", PRESENT),
        ("4294967295", "4294967295 (0xffffffff)", PRESENT),
        ("4294967295", "0xffffffff (4294967295)", PRESENT),
        ("4294967295", "0xffffffff (4294967294)", OPEN), ("4294967295", "ffffffff", OPEN),
        ("4294967295", "hex:ff,ff,ff,ff", OPEN), ("4294967295", "-2", REQUIRED),
        ("-1", "0xffffffff", PRESENT),
        ("18446744073709551615", "-1", OPEN), ("18446744073709551615", "4294967295", REQUIRED),
        ("1", "0x00000001 (1)", PRESENT), ("1", "00000001", PRESENT), ("1", "dword:00000000", REQUIRED),
        ("1", "1.0", OPEN), ("1", "01", OPEN), ("1", "0.0", OPEN), ("16", "00000010", OPEN),
        ("1", "enabled", REQUIRED), ("01", "1", OPEN), ("01", "2", REQUIRED), ("on", "1", REQUIRED),
    ],
)  # fmt: skip
def test_a_number_is_read_as_tools_write_it(wanted: str, value: object, expected: str) -> None:
    assert decided(asking({"equals": wanted}), listing((KEY, value))) == expected


@pytest.mark.parametrize("wanted", [EQUALS, {"version": "1.2"}, {"present": True}])
def test_a_value_that_is_not_listed_is_not_there_only_where_all_are(wanted: Document) -> None:
    other = (r"HKLM\SOFTWARE\Other", "1")
    for entries in ((), (other,)):
        assert decided(asking(wanted), listing(*entries)) == OPEN
        assert decided(asking(wanted), listing(*entries, complete=["registry"])) == REQUIRED
    assert decided(asking(wanted), mail(complete=["registry"])) == OPEN  # complete, without a list
    assert decided(asking({"present": False}), listing(complete=["registry"])) == PRESENT
    assert decided(asking({"present": False}), listing()) == OPEN


@pytest.mark.parametrize(
    "key",
    [
        r"HKEY_LOCAL_MACHINE\Software\MAIL", r"HKLM:\SOFTWARE\Mail",
        r"Computer\HKEY_LOCAL_MACHINE\SOFTWARE\Mail",
        r"Microsoft.PowerShell.Core\Registry::HKEY_LOCAL_MACHINE\SOFTWARE\Mail", "HKLM/SOFTWARE/Mail/",
    ],
)  # fmt: skip
def test_a_key_has_the_usual_names_of_its_root(key: str) -> None:
    assert decided(asking(EQUALS), listing((key, "0"))) == REQUIRED
    assert decided(asking(EQUALS, rf"{key.rstrip('/')}\check"), listing((KEY, "1"))) == PRESENT


@pytest.mark.parametrize("key", [r"SOFTWARE\Mail", "N/A", "HKLM", r"\Registry\Machine\SOFTWARE\Mail"])
def test_a_key_that_is_not_understood_may_be_any(key: str) -> None:
    assert decided(asking(EQUALS), listing((key, "0"), complete=["registry"])) == OPEN
    assert decided(asking(EQUALS), listing((KEY, "1"), (key, "0"))) == OPEN
    assert decided(asking(EQUALS), listing((KEY, "1"), (key, "1"))) == PRESENT
    assert decided(asking(EQUALS), listing((KEY, "0"), (key, "1"))) == REQUIRED


@pytest.mark.parametrize(
    ("entry", "view", "expected"),
    [
        (
            ("[HKEY_LOCAL_MACHINE\\SOFTWARE\\Mail]", "1"),
            None,
            rf"the key of an entry that may be {KEY}\Check has no known root: "
            r"[HKEY_LOCAL_MACHINE\SOFTWARE\Mail]",
        ),
        ((KEY, "1"), 64, rf"the inventory does not state the view in which {KEY}\Check (64-bit view) is 1"),
        (
            (KEY, "1", "wide"),
            64,
            rf"the view of an entry that may be {KEY}\Check (64-bit view) is not understood: wide",
        ),
    ],
)
def test_the_reason_names_what_leaves_open_whether_an_entry_is_of_the_value(
    entry: Entry, view: int | None, expected: str
) -> None:
    wanted = EQUALS if view is None else {**EQUALS, "view": view}
    found = reason(decide(asking(wanted), listing(entry)), "registry-not-inventoried")
    assert found.text == f"{expected[0].upper()}{expected[1:]}; 1 is needed"


BOTH = ((KEY, "1", 64), (OF_32, "0"))


@pytest.mark.parametrize(
    ("wanted", "entries", "expected"),
    [
        (EQUALS, BOTH, REQUIRED),
        ({**EQUALS, "view": 64}, BOTH, PRESENT),
        ({**EQUALS, "view": 32}, BOTH, REQUIRED),
        (EQUALS, ((KEY, "1", 64),), PRESENT),
        ({**EQUALS, "view": 64}, ((KEY, "1"),), OPEN),  # it may be that of 32 bits
        ({**EQUALS, "view": 64}, ((KEY, "1", 64), (KEY, "0")), OPEN),
        ({**EQUALS, "view": 64}, ((KEY, "1", 64), (KEY, "0", "16")), OPEN),
        ({**EQUALS, "view": 32}, ((OF_32, "1", 64),), PRESENT),  # where programs of 64 bits see that view
        ({**EQUALS, "view": 32}, ((KEY, "1", "x86"),), PRESENT),
        ({**EQUALS, "view": 32}, (("not available", "1", 64),), OPEN),  # it may be that of OF_32
    ],
)
def test_both_views_count_unless_the_rule_names_one(
    wanted: Document, entries: tuple[Entry, ...], expected: str
) -> None:
    assert decided(asking(wanted), listing(*entries)) == expected


def test_wow6432node_is_the_view_of_32_bits() -> None:
    catalogue = asking(EQUALS, rf"{OF_32}\Check")
    assert decided(catalogue, listing((KEY, "1", 32), (KEY, "0", 64))) == PRESENT


@pytest.mark.parametrize(
    ("wanted", "expected"), [(EQUALS, OPEN), ({"equals": "2"}, REQUIRED), ({"present": True}, PRESENT)]
)
def test_entries_that_exclude_each_other_leave_open_what_does_not_follow_from_each(
    wanted: Document, expected: str
) -> None:
    facts = listing((KEY, "1"), (KEY, "0"))
    assert decided(asking(wanted), facts) == expected
    found = reason(decide(asking(wanted), facts), "registry-contradicted")
    assert found.text == rf"Entries of {KEY}\Check exclude each other: 1, 0"
    assert decide(asking(wanted), facts).contradictions == ("registry-contradicted",)


def test_the_same_value_twice_excludes_nothing() -> None:
    for other in ("0x1", "dword:1", "0x00000001 (1)"):
        assert decided(asking(EQUALS), listing((KEY, "1"), (KEY, other))) == PRESENT


# ---- beside files, and in entries of affects

BESIDE = rule(fixes=[{**fix(), "registry": {rf"{KEY}\Check": EQUALS}}])


@pytest.mark.parametrize(
    ("info", "value", "expected"),
    [
        (NEW, "1", PRESENT),
        (NEW, "0", REQUIRED),
        (OLD, "1", REQUIRED),
        (NEW, None, OPEN),
        (None, "0", REQUIRED),
    ],
)
def test_a_value_beside_files(info: str | None, value: str | None, expected: str) -> None:
    assert decided(catalogue_of(BESIDE), listing((KEY, value), info=info)) == expected


def test_part_of_a_fix_is_named_by_the_value_alone() -> None:
    found = decide(catalogue_of(BESIDE), listing((KEY, "0"), info=NEW))
    assert reason(found, "registry-not-as-needed").text == rf"{KEY}\Check is 0; 1 is needed"
    assert reason(found, "partial").text == "Only part of the fix is installed: Info.dll, but not Check"


def test_a_fix_that_asks_for_a_value_settles_what_is_also_needed() -> None:
    catalogue = catalogue_of({**BESIDE, "also_needed": "Turn the check on"})
    assert decided(catalogue, listing((KEY, "1"), info=NEW)) == PRESENT
    newer = rule("Q100002", supersedes=["Q100001"], fixes=[fix({"Newer.dll": "2.0"})])
    contained = catalogue_of({**BESIDE, "also_needed": "Turn the check on"}, newer)
    copies = [{"name": "Newer.dll", "version": "2.0"}]
    facts = mail(info=NEW, files=copies, edition="Standard Edition")
    assert answer(decide(contained, facts, "Q100001")) == "fix-present, investigate"


@pytest.mark.parametrize(
    ("value", "info", "expected"),
    [
        ("1", OLD, REQUIRED), ("0", OLD, NOT), (None, OLD, OPEN), ("1", NEW, PRESENT), ("0", NEW, NOT),
        (None, NEW, PRESENT),
    ],
)  # fmt: skip
def test_an_entry_of_affects_asks_for_a_value(value: str | None, info: str, expected: str) -> None:
    affects = [{"levels": ["5.5 SP4"], "registry": {rf"{KEY}\Check": EQUALS}}]
    assert decided(catalogue_of(rule(affects=affects)), listing((KEY, value), info=info)) == expected


@pytest.mark.parametrize(
    ("wanted", "entries", "expected"),
    [
        (EQUALS, BOTH, OPEN),
        (EQUALS, ((KEY, "0", 64), (OF_32, "1")), OPEN),
        (EQUALS, ((KEY, "0"), (OF_32, "1")), OPEN),
        (EQUALS, ((KEY, None, 64), (OF_32, "0")), OPEN),
        (EQUALS, (("not available", "1"), (OF_32, "0")), OPEN),
        (EQUALS, (("not available", "0"), (OF_32, "0")), NOT),
        (EQUALS, ((KEY, "1", 64), (OF_32, "1")), REQUIRED),
        (EQUALS, ((KEY, "0", 64), (OF_32, "0")), NOT),
        ({**EQUALS, "view": 64}, BOTH, REQUIRED),
        ({**EQUALS, "view": 32}, BOTH, NOT),
    ],
)
def test_what_one_view_denies_and_another_one_shows_is_open_in_an_entry_of_affects(
    wanted: Document, entries: tuple[Entry, ...], expected: str
) -> None:
    affects = [{"levels": ["5.5 SP4"], "registry": {rf"{KEY}\Check": wanted}}]
    assert decided(catalogue_of(rule(affects=affects)), listing(*entries, info=OLD)) == expected


def test_the_reason_says_that_one_entry_denies_what_another_one_shows() -> None:
    affects = [{"levels": ["5.5 SP4"], "registry": {rf"{KEY}\Check": EQUALS}}]
    found = decide(catalogue_of(rule(affects=affects)), listing(*BOTH, info=OLD))
    assert reason(found, "condition-unknown").text == (
        rf"Only servers with {KEY}\Check = 1 are affected; {KEY}\Check is 0 in one entry, "
        "and another one may be so"
    )


def test_no_beats_unknown_in_an_entry_of_affects() -> None:
    asked = {rf"{KEY}\Check": EQUALS, rf"{KEY}\Other": {"present": True}}
    catalogue = catalogue_of(rule(affects=[{"levels": ["5.5 SP4"], "registry": asked}]))
    assert decided(catalogue, listing((KEY, "0"), info=OLD)) == NOT
    found = decide(catalogue, listing((KEY, "1"), info=OLD))
    assert answer(found) == OPEN
    assert reason(found, "condition-unknown").text == (
        rf"Only servers with {KEY}\Other are affected; {KEY}\Other was not inventoried"
    )


# ---- records that are united


def test_records_that_disagree_leave_a_value_open() -> None:
    one, other = listing((KEY, "1")), listing((r"HKEY_LOCAL_MACHINE\SOFTWARE\mail", "0"))
    found = decide(asking(EQUALS), joined([one, other]))
    assert answer(found) == OPEN
    assert {"records-disagree", "registry-contradicted"} <= set(codes(found))
    assert decided(asking(EQUALS), joined([one, listing((KEY, "0x1"))])) == PRESENT


def test_a_record_without_a_value_speaks_against_one_that_lists_it() -> None:
    without = listing(complete=["registry"])
    for wanted in (EQUALS, {"present": False}, {"equals": "2"}):
        assert answer(decide(asking(wanted), joined([listing((KEY, "1")), without]))) == OPEN


def test_a_newer_record_replaces_a_value() -> None:
    old = listing((KEY, "0"), collected="2020-01-01")
    new = listing((KEY, "1"), collected="2020-01-02")
    assert decided(asking(EQUALS), joined([old, new])) == PRESENT
