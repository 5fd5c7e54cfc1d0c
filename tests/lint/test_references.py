from __future__ import annotations

from pathlib import Path
from typing import Any

import pytest

from tests.lint.support import findings, line
from tests.support.catalogues import fix, rule


@pytest.mark.parametrize("key", ["supersedes", "requires"])
def test_a_rule_that_the_catalogue_does_not_have(tmp_path: Path, key: str) -> None:
    (found,) = findings(tmp_path, "NF102", {**rule(), key: ["Q999999"]})
    assert (found.severity, found.rule) == ("warning", "Q100001")
    assert found.what == f"'{key}' names Q999999, which is not in this catalogue"
    lines = (tmp_path / "rules.yaml").read_text().splitlines()
    assert lines[found.at.line - 1] == "- Q999999"


def test_an_id_with_the_same_number_is_proposed(tmp_path: Path) -> None:
    (found,) = findings(tmp_path, "NF102", rule("Q279798"), rule("Q1", requires=["KB279798"]))
    assert found.hint.startswith("did you mean Q279798? Otherwise add the rule KB279798")


def test_a_rule_with_a_number_close_to_it_is_another_rule(tmp_path: Path) -> None:
    (found,) = findings(tmp_path, "NF102", rule("Q279798"), rule("Q1", requires=["Q279789"]))
    assert found.hint.startswith("add the rule Q279789")


def test_what_it_does_to_decisions_depends_on_the_list(tmp_path: Path) -> None:
    required, older = findings(tmp_path, "NF102", rule("Q1", supersedes=["Q8"], requires=["Q9"]))[::-1]
    assert older.why.startswith("it changes no decision")
    assert required.why.startswith("only a server's hotfix list can show")


def test_an_unknown_id_that_stands_there_twice_is_reported_once(tmp_path: Path) -> None:
    (found,) = findings(tmp_path, "NF102", rule("Q1", supersedes=["Q9", "q9"]))
    assert found.what.startswith("'supersedes' names Q9,")


def test_known_rules_in_other_case_and_levels_are_no_finding(tmp_path: Path) -> None:
    newer = rule("Q2", requires=["5.5 SP3", {"product": "host-system", "level": "4.0 SP5"}, "q1"])
    assert findings(tmp_path, "NF102", rule("Q1"), newer, rule("Q3", supersedes=["q1"])) == []


def test_updates_name_rules(tmp_path: Path) -> None:
    required, older = rule("Mail-March", updates=["KB500001"]), rule("Q2", requires=["Q500001"])
    assert findings(tmp_path, "NF102", required, older, rule("Q3", supersedes=["500001"])) == []


def test_an_update_that_is_another_rule(tmp_path: Path) -> None:
    (found,) = findings(tmp_path, "NF111", rule("Mail-March", updates=["SU3", "KB500001"]), rule("Q500001"))
    assert (found.severity, found.rule) == ("warning", "Mail-March")
    assert found.what == "'updates' lists KB500001, which is the rule Q500001"
    assert line(tmp_path, found) == "- KB500001"
    alike = rule("Mail-March", updates=["KB500001"]), rule("Mail-April", updates=["KB500001"])
    assert findings(tmp_path, "NF111", *alike) == []


def test_supersedence_by_an_update_is_checked_for_every_rule_that_has_it(tmp_path: Path) -> None:
    low = [fix({"Info.dll": "5.5.2654.9"})]
    older = rule("A", updates=["KB500001"]), rule("B", updates=["KB500001"], fixes=low)
    newer = rule("C", supersedes=["KB500001"], fixes=low)
    (found,) = findings(tmp_path, "NF103", *older, newer)
    assert "contains the fix of A" in found.what


def unsupported(folder: Path, newer: dict[str, Any], older: dict[str, Any]) -> list[str]:
    documents = rule("Q2", supersedes=["q1"], **newer), rule("Q1", **older)
    return [finding.what.partition("the fix of Q1: ")[2] for finding in findings(folder, "NF103", *documents)]


def test_supersedence_that_the_files_show_is_no_finding(tmp_path: Path) -> None:
    assert unsupported(tmp_path, {"fixes": [fix({"Info.dll": "5.5.2654.11"})]}, {}) == []
    assert unsupported(tmp_path, {}, {}) == []


def test_unsupported_supersedence_is_an_error_at_the_id(tmp_path: Path) -> None:
    lower = rule("Q2", supersedes=["Q3", "Q1"], fixes=[fix({"Info.dll": "5.5.2654.9"})])
    (found,) = findings(tmp_path, "NF103", rule("Q1"), lower)
    assert (found.severity, found.rule) == ("error", "Q2")
    lines = (tmp_path / "rules.yaml").read_text().splitlines()
    assert lines[found.at.line - 1] == "- Q1"
    assert found.what == (
        "the files do not show that this fix contains the fix of Q1: "
        "that rule needs Info.dll 5.5.2654.10 or later for mail-server 5.5 SP3/5.5 SP4; "
        "this rule needs 5.5.2654.9"
    )


@pytest.mark.parametrize(
    ("newer", "older", "shown"),
    [
        (
            {"fixes": [fix({"Mad.exe": "5.5.2655.1"})]},
            {},
            "that rule needs Info.dll 5.5.2654.10 or later for mail-server 5.5 SP3/5.5 SP4; "
            "this rule does not have that file",
        ),
        (
            {"fixes": [fix(platform="alpha")]},
            {"fixes": [fix(platform="Intel")]},
            "this rule has no fix for mail-server 5.5 SP3/5.5 SP4 x86",
        ),
        ({}, {"fixes": [fix({"a.inf": {}})]}, "that rule compares no file"),
        (
            {},
            {"fixes": [fix({"Info.dll": {"version": "5.5.1", "path": "bin"}})]},
            "that rule needs Info.dll in bin 5.5.1 or later for mail-server 5.5 SP3/5.5 SP4; "
            "this rule does not have that file",
        ),
    ],
)
def test_what_the_newer_fix_lacks_is_reported(
    tmp_path: Path, newer: dict[str, Any], older: dict[str, Any], shown: str
) -> None:
    assert unsupported(tmp_path, newer, older) == [shown]
