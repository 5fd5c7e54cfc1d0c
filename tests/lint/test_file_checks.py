from __future__ import annotations

from pathlib import Path

from tests.lint.support import findings, line, shown
from tests.support.catalogues import fix, rule

DATED = {"Info.dll": {"modified": "2000-11-01T10:00"}}


def test_a_file_compared_by_time_here_and_by_version_there(tmp_path: Path) -> None:
    others = [rule(f"Q{number}") for number in range(2, 7)]
    (found,) = findings(tmp_path, "NF304", rule("Q1", fixes=[fix(DATED)]), *others)
    assert (found.severity, found.rule) == ("note", "Q1")
    assert found.what == (
        "Info.dll is compared by its modified time here and by its version in Q2, Q3, Q4 and 2 more"
    )
    assert line(tmp_path, found) == "Info.dll:"


def test_files_of_servers_that_are_never_the_same(tmp_path: Path) -> None:
    dated = rule("Q1", affects=["5.5 SP2"], fixes=[fix(DATED)])
    assert shown(tmp_path, "NF304", dated, rule("Q2")) == []
    assert shown(tmp_path, "NF304", rule("Q1", fixes=[fix(DATED, platform="alpha")]), rule("Q2")) != []


def test_a_rule_that_compares_no_file(tmp_path: Path) -> None:
    (found,) = findings(
        tmp_path, "NF305", rule(fixes=[fix({"a.inf": {}}), fix({"b.inf": {}}, platform="x86")])
    )
    assert (found.severity, found.what) == ("warning", "no file of the rule has a minimum")


def test_a_branch_that_compares_no_file(tmp_path: Path) -> None:
    (found,) = findings(tmp_path, "NF305", rule(fixes=[fix(), fix({"a.inf": {}}, platform="alpha")]))
    assert found.what == "no file of the fix for alpha has a minimum"


def test_data_files_beside_others_need_no_minimum(tmp_path: Path) -> None:
    beside = [fix({"Info.dll": "5.5.2654.10", "a.inf": {}}), fix({"b.inf": {}}, component="Data")]
    assert shown(tmp_path, "NF305", rule(fixes=beside)) == []
