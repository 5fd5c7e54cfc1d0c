from __future__ import annotations

from pathlib import Path
from typing import Any

import pytest

from tests.lint.support import findings, line, shown
from tests.support.catalogues import fix, rule

LATER = [fix({"Info.dll": "5.5.2654.11"})]


@pytest.mark.parametrize(
    ("keys", "what"),
    [
        ({"requires": ["6.0"]}, "mail-server 6.0 is required, but every affected level is below it"),
        ({"affects": ["5.5 SP2"], "requires": ["5.5 SP3"]}, "mail-server 5.5 SP3 is required, but every"),
        (
            {"requires": ["5.5 SP4"], "corrected_in": ["5.5 SP4"]},
            "mail-server 5.5 SP4 is required, but from that level on the product carries the fix",
        ),
    ],
)
def test_a_level_that_no_affected_server_reaches(tmp_path: Path, keys: dict[str, Any], what: str) -> None:
    (found,) = findings(tmp_path, "NF201", rule(**keys))
    assert (found.severity, found.rule) == ("error", "Q100001")
    assert found.what.startswith(what)
    assert line(tmp_path, found).startswith("- ")


@pytest.mark.parametrize(
    "keys",
    [
        {"requires": ["5.5 SP4"]},
        {"requires": ["5.5 SP1"]},
        {"requires": [{"product": "host-system", "level": "4.0 SP6a"}]},
        {"affects": [{"product": "mail-server"}], "requires": ["6.0 SP1"]},
        {"affects": [{"levels": ["5.5 SP3"]}, {"product": "host-system"}], "requires": ["5.5 SP4"]},
    ],
)
def test_a_level_that_some_server_can_have(tmp_path: Path, keys: dict[str, Any]) -> None:
    assert shown(tmp_path, "NF201", rule(**keys)) == []


def test_of_several_one_that_can_be_met_is_enough(tmp_path: Path) -> None:
    assert shown(tmp_path, "NF201", rule(requires=[{"any": ["6.0", "5.5 SP4"]}])) == []
    assert len(shown(tmp_path, "NF201", rule(requires=[{"any": ["6.0", "6.0 SP1"]}]))) == 2


def test_a_branch_below_the_level_that_it_requires(tmp_path: Path) -> None:
    (found,) = findings(tmp_path, "NF201", rule(fixes=[fix(level="5.5 SP3", requires=["5.5 SP4"])]))
    assert found.what == "mail-server 5.5 SP4 is required, but every affected level is below it"
    assert (found.hint, line(tmp_path, found)) == ("correct 'requires' or 'level'", "- 5.5 SP4")


def test_a_rule_that_affects_no_server_of_this_one(tmp_path: Path) -> None:
    other = rule("Q2", affects=["5.5 SP1"])
    (found,) = findings(tmp_path, "NF201", rule("Q1", requires=["Q2"]), other)
    assert found.what.startswith("Q2 is required, but it affects none of the levels and editions")
    assert line(tmp_path, found) == "- Q2"


def test_editions_that_exclude_each_other(tmp_path: Path) -> None:
    standard, hosted = ([{"edition": f"{name} Edition"}] for name in ("Standard", "Hosted"))
    own, other = rule("Q1", affects=standard, requires=["Q2"]), rule("Q2", affects=hosted)
    assert len(shown(tmp_path, "NF201", own, other)) == 1
    plain = rule("Q2")
    assert shown(tmp_path, "NF201", own, plain) == []
    assert len(shown(tmp_path, "NF201", rule("Q1", affects=hosted, requires=["Q2"]), plain)) == 1


def test_a_rule_of_another_product_can_be_there_too(tmp_path: Path) -> None:
    system = rule("Q2", product="host-system", affects=["4.0 SP6"])
    assert shown(tmp_path, "NF201", rule("Q1", requires=["Q2"]), system) == []


def test_a_required_rule_whose_fix_contains_this_one(tmp_path: Path) -> None:
    (found,) = findings(tmp_path, "NF110", rule("Q1", requires=["Q2"]), rule("Q2", fixes=LATER))
    assert (found.severity, found.what) == ("error", "Q2 is required, but its fix contains this one")
    superseding = rule("Q2", fixes=[fix({"Mad.exe": "5.5.1"})], supersedes=["Q1"])
    assert len(shown(tmp_path, "NF110", rule("Q1", requires=["Q2"]), superseding)) == 1


def test_a_required_rule_with_an_older_fix_is_as_it_should_be(tmp_path: Path) -> None:
    assert shown(tmp_path, "NF110", rule("Q1", fixes=LATER, requires=["Q2"]), rule("Q2")) == []
