"""The cases that a rule lacks: with them, its cases notice every mutant that any server shows."""

from __future__ import annotations

import tempfile
from pathlib import Path

from hypothesis import given

from needfix.cases.generating import NewCase
from needfix.cases.lacking import lacking_cases
from needfix.cases.mutation import mutate
from needfix.cases.testing import collect
from tests.decide.wide_strategies import wide_rules
from tests.support.catalogues import Document, fix, load, rule
from tests.support.laws import tried


def completed(folder: Path, documents: list[Document]) -> list[Document]:
    """The rules with all the cases that they lack, as a person would accept them."""
    load(folder, *documents)
    lacking = {one.rule.id: lacking_cases(one) for one in collect([str(folder)]).rules}
    return [with_cases(own, lacking[own["id"]]) if "id" in own else own for own in documents]


def with_cases(own: Document, cases: list[NewCase]) -> Document:
    return {**own, "cases": [{**new.document, "given": dict(new.given)} for new in cases]}


@tried(15)
@given(wide_rules())
def test_no_mutant_of_any_rule_survives_the_cases_that_it_lacked(documents: list[Document]) -> None:
    with tempfile.TemporaryDirectory() as folder:
        load(Path(folder), *completed(Path(folder), documents))
        found = mutate(collect([folder]))
    # What a rule supersedes shows in another rule, where no server may be found that shows it.
    shown = [one for one in found.mutants if not one.change.startswith("supersedes without ")]
    assert [one.change for one in shown if one.fate == "survived"] == []


def test_a_case_for_a_mutant_says_which_one_it_detects(tmp_path: Path) -> None:
    fixes = [
        fix({"Info.dll": "5.5.2654.10"}, platform="x86", language="en"),
        fix({"Info.dll": {"modified": "2000-03-14"}}, platform="alpha", language="en"),
    ]
    (own,) = completed(tmp_path, [rule(fixes=fixes)])
    assert any("detects: " in case["review"] for case in own["cases"])
    assert all(case["review"].startswith("generated (") for case in own["cases"])
