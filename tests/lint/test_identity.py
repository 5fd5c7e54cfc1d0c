from __future__ import annotations

from pathlib import Path

import pytest

from needfix.catalogue import load_catalogue
from needfix.errors import CatalogueError
from tests.lint.support import findings, line, shown
from tests.support.catalogues import fix, rule, write


def test_a_second_rule_of_an_id_is_an_error_at_its_id(tmp_path: Path) -> None:
    first, second = rule("Q1"), rule("q1", affects=["5.5 SP2"])
    (found,) = findings(tmp_path, "NF106", first, second)
    assert (found.severity, found.rule) == ("error", "q1")
    assert found.what == "another rule already has the id Q1"
    assert line(tmp_path, found) == "id: q1"
    assert f"{tmp_path}/rules.yaml:" in found.hint


def test_other_findings_of_such_rules_are_reported_beside_it(tmp_path: Path) -> None:
    documents = rule("Q1", requires=["Q8"]), rule("Q1", requires=["Q9"])
    assert shown(tmp_path, "NF106", *documents) == ["another rule already has the id Q1"]
    assert len(shown(tmp_path, "NF102", *documents)) == 2


def test_other_commands_still_refuse_them(tmp_path: Path) -> None:
    with pytest.raises(CatalogueError, match="the rule Q1 is already defined at"):
        load_catalogue(write(tmp_path, rule("Q1"), rule("Q1")))


def test_a_circle_is_reported_at_the_item_that_is_written_last(tmp_path: Path) -> None:
    rules = rule("Q1", requires=["Q2"]), rule("Q2", requires=["Q3"]), rule("Q3", requires=["5.5 SP3", "q1"])
    (found,) = findings(tmp_path, "NF107", *rules)
    assert (found.severity, found.rule) == ("error", "Q3")
    assert line(tmp_path, found) == "- q1"
    assert all(name in found.what for name in ("Q1", "Q2", "Q3"))


def test_what_a_rule_requires_cannot_be_what_it_supersedes(tmp_path: Path) -> None:
    (found,) = findings(tmp_path, "NF107", rule("Q1"), rule("Q2", requires=["Q1"], supersedes=["Q1"]))
    assert line(tmp_path, found) == "- Q1"
    assert found.what == "this item closes a circle: Q2 requires Q1, Q2 supersedes Q1"


def test_every_circle_is_reported_and_a_rule_that_names_itself(tmp_path: Path) -> None:
    pair = rule("Q1", requires=["Q2"]), rule("Q2", requires=["Q1", "Q4"])
    own = rule("Q3", supersedes=["Q3"], requires=["Q3"])
    assert sorted(shown(tmp_path, "NF107", *pair, own, rule("Q4", requires=["Q2"]))) == [
        "'requires' names the rule itself",
        "'supersedes' names the rule itself",
        "this item closes a circle: Q2 requires Q1, Q1 requires Q2",
        "this item closes a circle: Q4 requires Q2, Q2 requires Q4",
    ]


def test_rules_in_a_line_are_no_circle(tmp_path: Path) -> None:
    lower = fix({"Info.dll": "5.5.2654.9"})
    rules = rule("Q1", fixes=[lower]), rule("Q2", supersedes=["Q1"]), rule("Q3", requires=["Q1", "Q2"])
    assert shown(tmp_path, "NF107", *rules) == []
