from __future__ import annotations

from pathlib import Path

import needfix
from needfix.lint import CHECKS, lint
from tests.support.catalogues import fix, load, rule


def test_what_asks_for_something_comes_first_each_in_the_order_of_the_file(tmp_path: Path) -> None:
    item = {"line": 1, "read": "a", "why": "b"}
    found = lint(
        load(
            tmp_path,
            rule("Q3", fixes=[fix({"Info.dll": "5.5.1"})], supersedes=["Q1", "Q9"], review=[item]),
            rule("Q1", fixes=[fix({"Info.dll": "5.5.2"})]),
            rule("Q2", fixes=[fix({"Info.dll": "5.5.3"})]),
            rule("Q4", fixes=[fix({"Mad.exe": "5.5.1"})], requires=["Q9"]),
        )
    )
    about_others = [(one.rule, one.code) for one in found if one.code in {"NF101", "NF102", "NF103", "NF104"}]
    assert about_others == [
        ("Q3", "NF103"),
        ("Q3", "NF102"),
        ("Q3", "NF101"),
        ("Q4", "NF102"),
        ("Q2", "NF104"),
    ]


def test_only_selected_checks_run(tmp_path: Path) -> None:
    catalogue = load(tmp_path, rule("Q1"), rule("Q2", requires=["Q9"]))
    chosen = [check for check in CHECKS if check.code == "NF105"]
    assert {finding.code for finding in lint(catalogue, chosen)} == {"NF105"}
    assert {finding.code for finding in lint(catalogue)} > {"NF102", "NF105"}


def test_the_shipped_catalogue_asks_for_nothing() -> None:
    asking = [found for found in lint(needfix.load_catalogue()) if found.severity != "note"]
    assert [found for found in asking if not found.is_silenced] == []
    came_out_as_a_level = [found for found in asking if found.code == "NF301"]
    assert {(found.rule, found.code) for found in asking if found not in came_out_as_a_level} == {
        ("Q274280", "NF309"),
        ("Q301361", "NF305"),
        ("Q307195", "NF305"),
    }
