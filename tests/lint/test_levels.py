from __future__ import annotations

from pathlib import Path
from typing import Any

import pytest

from tests.lint.support import findings, line, shown
from tests.support.catalogues import fix, rule

MAIL, SYSTEM = {"product": "mail-server"}, {"product": "host-system"}
ALL_OF_IT = {"from": "5.5", "to": "5.5 SP4"}


def test_a_correction_that_leaves_no_level(tmp_path: Path) -> None:
    (found,) = findings(tmp_path, "NF202", rule(corrected_in=["5.5 SP3"]))
    assert (found.severity, found.rule) == ("error", "Q100001")
    assert found.what == "every affected level carries the fix: it is corrected in mail-server 5.5 SP3"
    assert shown(tmp_path, "NF203", rule(corrected_in=["5.5 SP3"])) == []


def test_a_level_that_is_listed_and_carries_the_fix(tmp_path: Path) -> None:
    (found,) = findings(tmp_path, "NF203", rule(affects=["5.5 SP3", "5.5 SP4"], corrected_in=["5.5 SP4"]))
    assert found.severity == "warning"
    assert found.what.startswith("mail-server 5.5 SP4 is in 'affects' but carries the fix")
    assert line(tmp_path, found) == "- 5.5 SP4"
    assert "5.5 SP3, 5.5 SP4" in shown(tmp_path, "NF203", rule(affects=ALL_OF_IT, corrected_in=["SP3"]))[0]


@pytest.mark.parametrize(
    "keys",
    [
        {"affects": {"from": "5.5", "to": "5.5 SP3"}, "corrected_in": ["5.5 SP4"]},
        {"affects": [{"product": "mail-server"}], "corrected_in": ["5.5 SP4"]},
        {"corrected_in": [{"product": "mail-server", "level": "5.5 SP4", "edition": "Standard Edition"}]},
        {"corrected_in": [{"product": "host-system", "level": "4.0"}]},
    ],
)
def test_corrections_that_leave_what_is_listed(tmp_path: Path, keys: dict[str, Any]) -> None:
    assert shown(tmp_path, "NF202", rule(**keys)) == []
    assert shown(tmp_path, "NF203", rule(**keys)) == []


def test_a_later_version_that_is_listed_was_not_corrected_by_an_earlier_one(tmp_path: Path) -> None:
    document = rule(affects=["5.0 SP3", "5.5"], corrected_in=["5.0 SP3"])
    assert shown(tmp_path, "NF202", document) == []
    (found,) = shown(tmp_path, "NF203", document)
    assert found.startswith("mail-server 5.0 SP3 is in 'affects'")


def test_levels_out_of_order_in_affects_and_in_a_fix(tmp_path: Path) -> None:
    document = rule(affects=["5.5 SP4", "5.5 SP2", "5.5 SP3"], fixes=[fix(level=["5.5 SP4", "5.5 SP3"])])
    in_affects, in_fix = findings(tmp_path, "NF204", document)
    assert (in_affects.severity, in_affects.what) == ("note", "5.5 SP2 is listed after 5.5 SP4 in 'affects'")
    assert in_fix.what == "5.5 SP3 is listed after 5.5 SP4 in 'level'"
    assert line(tmp_path, in_fix) == "- 5.5 SP3"


def test_levels_in_order(tmp_path: Path) -> None:
    listed = rule(affects=["5.0", {"from": "5.5 SP1", "to": "5.5 SP3"}, "5.5 SP4"])
    assert shown(tmp_path, "NF204", listed, rule("Q2", affects=ALL_OF_IT)) == []


def test_levels_that_stand_there_already(tmp_path: Path) -> None:
    fixes = [fix(level=["5.5 SP3", "5.5 SP3", "5.5 SP4"])]
    twice = findings(tmp_path, "NF205", rule(affects=[ALL_OF_IT, "5.5 SP3"], fixes=fixes))
    assert [found.what for found in twice] == [
        "the levels of item 2 of 'affects' are already listed",
        "the levels of item 2 of 'level' are already listed",
    ]
    assert [line(tmp_path, found) for found in twice] == ["- 5.5 SP3", "- 5.5 SP3"]
    of_product = [{"product": "mail-server", "levels": ["5.5 SP3", "5.5 SP3"]}]
    assert shown(tmp_path, "NF205", rule(affects=of_product)) == [
        "the levels of item 2 of 'levels' are already listed"
    ]


def test_levels_of_several_products_are_not_the_same(tmp_path: Path) -> None:
    entries = [
        {"product": "mail-server", "levels": ["5.5 SP3"]},
        {"product": "host-system", "levels": ["4.0"]},
    ]
    assert shown(tmp_path, "NF205", rule(affects=[*entries, "5.5 SP4"])) == []


def test_an_entry_of_several_products_is_no_level_that_is_listed_twice(tmp_path: Path) -> None:
    together = {"all": [{"levels": ["5.5 SP4"]}, {"product": "host-system"}]}
    own = rule(affects=[{"levels": ["5.5 SP3"], "platform": "x86"}, together, {"platform": "alpha"}])
    assert shown(tmp_path, "NF205", own) == []


def test_a_product_that_must_be_there_twice(tmp_path: Path) -> None:
    levels = [{"levels": ["4.0"]}, {"levels": ["4.0 SP6"]}]
    together = rule(product=None, affects=[{"all": [MAIL, *({**SYSTEM, **own} for own in levels)]}])
    (found,) = findings(tmp_path, "NF210", together)
    assert found.severity == "warning"
    assert found.what == "'all' lists host-system twice: one server must have it in both ways"
    assert shown(tmp_path, "NF210", rule(product=None, affects=[{"all": [MAIL, SYSTEM]}])) == []
    apart = [{"all": [MAIL, {**SYSTEM, **own}]} for own in levels]
    assert shown(tmp_path, "NF210", rule(product=None, affects=apart)) == []
