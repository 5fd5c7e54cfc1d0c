from __future__ import annotations

from pathlib import Path

from tests.lint.support import findings
from tests.support.catalogues import Document, fix, rule


def fixed(rule_id: str, version: str, **keys: object) -> Document:
    return rule(rule_id, fixes=[fix({"Info.dll": version})], **keys)


def test_a_rule_that_covers_others_has_one_note(tmp_path: Path) -> None:
    wide = rule("Q3", fixes=[fix({"Info.dll": "5.5.2", "Mad.exe": "5.5.2", "Store.exe": "5.5.2"})])
    store = rule("Q2", fixes=[fix({"Mad.exe": "5.5.2", "Store.exe": "5.5.1"})])
    (found,) = findings(tmp_path, "NF104", fixed("Q1", "5.5.1"), store, wide)
    assert (found.severity, found.rule) == ("note", "Q3")
    assert found.what == (
        "this fix contains Q1 (Info.dll 5.5.1 → 5.5.2); Q2 (Store.exe 5.5.1 → 5.5.2, Mad.exe 5.5.2)"
    )
    lines = (tmp_path / "rules.yaml").read_text().splitlines()
    assert lines[found.at.line] == "id: Q3"
    assert found.hint == "add Q1, Q2 to 'supersedes' if the vendor also says so"


def test_what_supersedes_names_is_not_reported_again(tmp_path: Path) -> None:
    assert findings(tmp_path, "NF104", fixed("Q1", "5.5.1"), fixed("Q2", "5.5.2", supersedes=["q1"])) == []


def test_a_rule_that_claims_to_supersede_this_one_is_not_proposed(tmp_path: Path) -> None:
    assert findings(tmp_path, "NF104", fixed("Q1", "5.5.2"), fixed("Q2", "5.5.1", supersedes=["Q1"])) == []


def test_of_many_files_three_are_shown_raised_ones_first(tmp_path: Path) -> None:
    names = ["a.dll", "b.dll", "c.dll", "d.dll", "e.dll"]
    older = rule("Q1", fixes=[fix(dict.fromkeys(names, "1.0"))])
    newer = rule("Q2", fixes=[fix({**dict.fromkeys(names, "1.0"), "e.dll": "1.1"})])
    (found,) = findings(tmp_path, "NF104", older, newer)
    assert found.what == "this fix contains Q1 (e.dll 1.0 → 1.1, a.dll 1.0, b.dll 1.0 and 2 more)"


def test_the_same_fix_of_several_rules_is_reported_once_and_not_as_containment(tmp_path: Path) -> None:
    rules = [fixed(name, "5.5.1") for name in ("Q1", "Q2", "Q3")]
    (found,) = findings(tmp_path, "NF105", *rules)
    assert (found.severity, found.rule) == ("note", "Q1")
    assert found.what == "this is the same fix as Q2, Q3: the files have the same minima"
    assert findings(tmp_path, "NF104", *rules) == []
