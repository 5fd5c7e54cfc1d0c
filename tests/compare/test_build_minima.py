"""The minimum of a product's build: which facts reach it, which miss it, and which say nothing."""

from __future__ import annotations

from typing import Any

import pytest

import needfix
from needfix.cases.plain import decide as decide_plainly
from tests.fleet.support import fleet_rows, piece_of
from tests.support.catalogues import (
    MAIL,
    OTHER,
    Document,
    answer,
    catalogue_of,
    codes,
    decide,
    fix,
    mail,
    reason,
    rule,
    server,
    text_of,
)

BUILD = "5.5.2653.30"
WITH_BUILD = rule(fixes=[{"build": BUILD}], affects=["5.5 SP4"])
BY_BUILD = {**MAIL, "shows_updates": ["build"]}
BY_KEY_FILES = {**MAIL, "shows_updates": ["key_files"]}
REACHED, MISSED, UNKNOWN = "fix-present, none", "fix-required, apply", "undetermined, investigate"


def store(*versions: str | None) -> list[Document]:
    return [
        {"name": "Store.exe", "version": version, "path": f"C:\\{number}\\Store.exe"}
        for number, version in enumerate(versions)
    ]


def catalogue(product: Document, *rules: Document) -> needfix.Catalogue:
    """A catalogue in which the definition of mail-server is another one."""
    return needfix.load_catalogue({"rules.yaml": text_of((product, *rules, OTHER))})


def decided(product: Document, facts: needfix.Server, own: Document = WITH_BUILD) -> needfix.Decision:
    """The decision, which the plain evaluator and the columns come to as well."""
    known = catalogue(product, own)
    found = decide(known, facts)
    assert decide_plainly(known, facts)[found.rule] == (found.decision, found.action)
    ((row,), _) = fleet_rows(known, piece_of([facts]))
    every = list(dict.fromkeys(codes(found)))
    assert (row["decision"], row["action"], row["reasons"]) == (found.decision, found.action, every)
    return found


@pytest.mark.parametrize(
    ("build", "files", "expected", "code"),
    [
        ("5.5.2653.30", (), REACHED, "build-reaches-minimum"),
        ("5.5.2653.29", (), MISSED, "build-below-minimum"),
        (None, ("5.5.2653.30",), REACHED, "build-reaches-minimum"),
        (None, ("5.5.2653.29",), MISSED, "build-below-minimum"),
        (None, (), UNKNOWN, "build-not-shown"),
        ("n. a.", (), UNKNOWN, "build-not-shown"),
        ("Unknown", (), UNKNOWN, "build-not-shown"),
        ("5.5.2653", (), UNKNOWN, "build-not-shown"),
        ("5.5", (), UNKNOWN, "build-not-shown"),
        ("2653.30", (), REACHED, "build-reaches-minimum"),
        ("Version 5.5 (Build 2653.29: Service Pack 4)", (), MISSED, "build-below-minimum"),
        ("5.5.2653.29", ("5.5.2653.30",), UNKNOWN, "build-differs"),
        ("5.5.2653.30", ("5.5.2653.29",), UNKNOWN, "build-differs"),
        (None, ("5.5.2653.30", "5.5.2653.29"), MISSED, "build-below-minimum"),
        (None, ("5.5.2653.30", None), UNKNOWN, "build-not-shown"),
        (None, ("5.5.2653.29", None), MISSED, "build-below-minimum"),
        (None, ("2022.160.4075.1",), UNKNOWN, "build-not-shown"),
    ],
)
def test_both_kinds_of_facts_change_with_every_update(
    build: str | None, files: tuple[str | None, ...], expected: str, code: str
) -> None:
    found = decided(MAIL, mail(build=build, files=store(*files)))
    assert (answer(found), code in codes(found)) == (expected, True), codes(found)


@pytest.mark.parametrize(
    ("product", "build", "files", "expected", "code"),
    [
        (BY_KEY_FILES, "5.5.2653.29", (), UNKNOWN, "build-may-lag"),
        (BY_KEY_FILES, "5.5.2653.30", (), REACHED, "build-reaches-minimum"),
        (BY_KEY_FILES, "5.5.2653.23", ("5.5.2653.30",), REACHED, "build-reaches-minimum"),
        (BY_KEY_FILES, "5.5.2653.23", ("5.5.2653.29",), MISSED, "build-below-minimum"),
        (BY_BUILD, None, ("5.5.2653.29",), UNKNOWN, "build-may-lag"),
        (BY_BUILD, "5.5.2653.30", ("5.5.2653.29",), REACHED, "build-reaches-minimum"),
        (BY_BUILD, "5.5.2653.29", ("5.5.2653.23",), MISSED, "build-below-minimum"),
    ],
)
def test_a_fact_that_may_stay_behind_an_update_does_not_miss_a_minimum(
    product: Document, build: str | None, files: tuple[str, ...], expected: str, code: str
) -> None:
    found = decided(product, mail(build=build, files=store(*files)))
    assert (answer(found), code in codes(found)) == (expected, True), codes(found)
    assert "build-differs" not in codes(found)


def test_the_reason_names_the_fact_and_the_minimum() -> None:
    missed = reason(decided(MAIL, mail(build="5.5.2653.29")), "build-below-minimum")
    assert missed.text == "The stated build is 5.5.2653.29; build 5.5.2653.30 or later is needed"
    assert (missed.file, missed.observed, missed.expected) == (None, "5.5.2653.29", "5.5.2653.30")
    by_file = reason(decided(MAIL, mail(files=store("5.5.2653.29"))), "build-below-minimum")
    assert (
        by_file.text == "Store.exe in C:\\0\\Store.exe is 5.5.2653.29; build 5.5.2653.30 or later is needed"
    )
    assert (by_file.file, by_file.path) == ("Store.exe", "C:\\0\\Store.exe")
    lagging = reason(decided(BY_KEY_FILES, mail(build="5.5.2653.29")), "build-may-lag")
    assert "which may stay behind an update" in lagging.text


EVERY_LEVEL = rule(fixes=[{"build": BUILD}], affects=[{"product": "mail-server"}])


@pytest.mark.parametrize(
    ("build", "files", "expected"),
    [
        ("7.0.1.1", (), "undetermined"),
        ("5.4.1.1", (), "fix-required"),
        (None, ("7.0.1.1",), "undetermined"),
        (None, ("5.4.1.1",), "fix-required"),
    ],
)
def test_what_is_in_no_levels_range_proves_no_minimum_and_may_be_below_one(
    build: str | None, files: tuple[str, ...], expected: str
) -> None:
    facts = mail(None, build=build, files=store(*files))
    assert decided(MAIL, facts, EVERY_LEVEL).decision == expected


WITH_FILE = rule(fixes=[{**fix({"Info.dll": "1.0"}), "build": BUILD}], affects=["5.5 SP4"])


@pytest.mark.parametrize(
    ("build", "info", "complete", "expected"),
    [
        (BUILD, "1.0", [], REACHED),
        (BUILD, "0.9", [], MISSED),
        ("5.5.2653.29", "1.0", [], MISSED),
        (None, "1.0", [], UNKNOWN),
        (BUILD, None, [], UNKNOWN),
        (BUILD, None, ["files"], MISSED),
        ("5.5.2653.29", None, ["files"], MISSED),
        (None, None, ["files"], UNKNOWN),
    ],
)
def test_files_and_build_must_both_hold(
    build: str | None, info: str | None, complete: list[str], expected: str
) -> None:
    facts = mail(build=build, info=info, complete=complete)
    assert answer(decided(MAIL, facts, WITH_FILE)) == expected


def test_part_of_a_fix_is_there_where_only_the_build_is() -> None:
    found = decided(MAIL, mail(build=BUILD, info="0.9"), WITH_FILE)
    assert reason(found, "partial").text == "Only part of the fix is installed: build, but not Info.dll"


def test_each_installation_has_its_own_build() -> None:
    entry = {"name": "Contoso Mail Server", "level": "5.5 SP4"}
    both = server(products=[{**entry, "build": BUILD}, {**entry, "build": "5.5.2653.29"}])
    assert answer(decided(MAIL, both)) == MISSED
    new = server(products=[{**entry, "build": BUILD}, {**entry, "build": "5.5.2653.31"}])
    assert answer(decided(MAIL, new)) == REACHED


@pytest.mark.parametrize(
    ("build", "expected"),
    [
        ("5.5.2653.30", MISSED),
        ("5.5.2653.29", MISSED),
        ("5.5.2653.31", REACHED),
        ("5.5.2654", REACHED),
        ("5.5.2653", UNKNOWN),
        ("5.5.2653.30.0", MISSED),
    ],
)
def test_a_build_above_the_last_one_without_the_fix(build: str, expected: str) -> None:
    own = rule(fixes=[{"build": {"above": BUILD}}], affects=["5.5 SP4"])
    assert answer(decided(MAIL, mail(build=build), own)) == expected


LINES = [{"version": "5.5.2653.30"}, {"from": "5.5.2653.500", "version": "5.5.2653.530"}]


@pytest.mark.parametrize(
    ("build", "expected"),
    [
        ("5.5.2653.29", MISSED),
        ("5.5.2653.30", REACHED),
        ("5.5.2653.499", REACHED),
        ("5.5.2653.500", MISSED),
        ("5.5.2653.529", MISSED),
        ("5.5.2653.530", REACHED),
        ("5.5.2653", UNKNOWN),
        ("5.5.2654", REACHED),
    ],
)
def test_a_build_belongs_to_the_last_line_that_it_reaches(build: str, expected: str) -> None:
    own = rule(fixes=[{"build": LINES}], affects=["5.5 SP4"])
    assert answer(decided(MAIL, mail(build=build), own)) == expected


def test_a_build_of_a_later_level_needs_that_level_first() -> None:
    own = rule(fixes=[{"build": BUILD}], affects=["5.5 SP3", "5.5 SP4"])
    found = decided(MAIL, mail("5.5 SP3", build="5.5.2650.1"), own)
    assert (answer(found), "built-on-later-level" in codes(found)) == ("fix-required, upgrade-first", True)


def test_an_old_rule_means_what_it_meant() -> None:
    plain = catalogue_of(rule())
    shown: Any = plain["Q100001"].as_dict()["fixes"]
    assert shown == [{"files": {"Info.dll": {"version": "5.5.2654.10"}}}]
    assert catalogue_of(rule(fixes=[{"build": LINES}]))["Q100001"].as_dict()["fixes"] == [{"build": LINES}]


def test_a_build_that_no_windows_version_has_is_named_as_unreadable() -> None:
    """It is stated: that no fact shows the build would be the whole truth only without the reason."""
    catalogue = catalogue_of(
        rule(affects=[{"product": "mail-server"}], product=None, fixes=[{"build": "5.5.2654"}])
    )
    found = decide(catalogue, mail(None, build="5.5.2654.20735119"))
    assert {"level-unreadable", "build-not-shown"} <= set(codes(found))


@pytest.mark.parametrize(
    ("build", "pending", "expected"),
    [
        ("5.5.2653.9", None, "it may have been removed, or its installation may have failed"),
        ("5.5.2653.9", True, "The hotfix list names Q100001, but the build is older"),
        (None, None, "The hotfix list names Q100001, but no build shows that it is installed"),
    ],
)
def test_a_claim_of_a_fix_that_changes_the_build_is_not_about_files(
    build: str | None,
    pending: bool | None,  # noqa: FBT001
    expected: str,
) -> None:
    catalogue = catalogue_of(rule(fixes=[{"build": "5.5.2653.10"}]))
    found = decide(catalogue, mail(build=build, hotfixes=["Q100001"], restart_pending=pending))
    (claim,) = [one.text for one in found.reasons if one.code.startswith("claimed-but")]
    assert claim.endswith(expected)
