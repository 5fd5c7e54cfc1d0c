from __future__ import annotations

from pathlib import Path

from tests.lint.support import findings
from tests.support.catalogues import rule

ITEM = {"line": 12, "read": "SP4 and earlier", "why": "the article names no first level"}


def test_an_open_item_is_a_warning_at_its_line(tmp_path: Path) -> None:
    (found,) = findings(tmp_path, "NF101", rule(review=[ITEM]))
    assert (found.severity, found.rule) == ("warning", "Q100001")
    lines = (tmp_path / "rules.yaml").read_text().splitlines()
    assert lines[found.at.line - 1] == "- line: 12"
    assert found.what == (
        "open question: line 12 of the article reads 'SP4 and earlier'; the article names no first level"
    )


def test_it_states_the_key_in_doubt_and_the_proposed_levels(tmp_path: Path) -> None:
    propose = {"levels": {"from": "5.5 SP3", "to": "5.5 SP4"}, "edition": "Enterprise Edition"}
    (found,) = findings(tmp_path, "NF101", rule(review=[{**ITEM, "about": "affects", "propose": propose}]))
    assert found.what.startswith("open question about 'affects': line 12")
    assert found.what.endswith("; proposed: mail-server 5.5 SP3, 5.5 SP4 Enterprise Edition")


def test_every_item_is_reported_and_a_rule_without_any_is_not(tmp_path: Path) -> None:
    found = findings(tmp_path, "NF101", rule("Q1", review=[ITEM, ITEM]), rule("Q2", review=[]), rule("Q3"))
    assert [finding.rule for finding in found] == ["Q1", "Q1"]
