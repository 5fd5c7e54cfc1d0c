"""Cases of shipped rules are read when they are first used, and equal those that are read at once."""

from __future__ import annotations

import pickle
from pathlib import Path

import pytest

from needfix.catalogue import load, load_catalogue, shipped_rules
from needfix.catalogue.later_cases import LaterCases, without_cases
from needfix.errors import CatalogueError
from needfix.model.rule import Rule
from tests.catalogue.support import PRODUCTS, problems_of

HEAD = """\
needfix: 1
id: Q1
product: mail
affects: ["5.5"]
fixes: [{files: {a.dll: {version: "1.0"}}}]
"""
CASES = """\
cases:
  # the case of a server without facts
  - name: nothing is known

    given: {}
    expect: undetermined
"""
BEHIND = "apply: if-symptoms\n"
WRONG = CASES.replace("given: {}", "given: {level: 5.5}\n    given: {}").replace("undetermined", "perhaps")


@pytest.fixture
def shipped(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """A folder that stands for the shipped catalogue."""
    monkeypatch.setattr(load, "shipped_rules", lambda: tmp_path)
    (tmp_path / "products.yaml").write_text(PRODUCTS)
    return tmp_path


def whole(rules: Path) -> dict[str, Rule]:
    return dict(load_catalogue(rules).rules)


def test_shipped_rules_are_the_same_whether_their_cases_are_read_now_or_later() -> None:
    later = load_catalogue().rules
    assert all(isinstance(rule.cases, LaterCases) for rule in later.values())
    assert dict(later) == whole(shipped_rules())
    assert [case for rule in later.values() for case in rule.cases]


def test_later_cases_go_to_other_processes(shipped: Path) -> None:
    (shipped / "q1.yaml").write_text(HEAD + CASES)
    rule = load_catalogue().rules["Q1"]
    before = pickle.loads(pickle.dumps(rule))  # noqa: S301 - our own
    assert before.cases[0].name == rule.cases[0].name == "nothing is known"
    assert before == rule == pickle.loads(pickle.dumps(rule))  # noqa: S301 - our own


@pytest.mark.parametrize(
    "text",
    [
        HEAD + CASES + BEHIND,
        HEAD + CASES + "'apply': if-symptoms\n",
        HEAD + CASES + "? apply\n: if-symptoms\n",
        f"{HEAD}cases: []\n",
        f"{HEAD}cases: # none\n",
        HEAD + CASES + "...\n",
        HEAD + CASES + "---\n" + HEAD,
        HEAD + CASES + "---\n" + HEAD + CASES,
        HEAD,
    ],
)
def test_only_cases_at_the_end_of_the_only_document_are_left_for_later(text: str) -> None:
    assert without_cases(text) == text


@pytest.mark.parametrize("text", [HEAD + CASES, f"---\n{HEAD}{CASES}", f"{HEAD}cases:\n- name: a\n# end\n"])
def test_cases_at_the_end_are_left_for_later(text: str) -> None:
    assert without_cases(text) == text[: text.index("cases:")]
    assert without_cases(text.replace("\n", "\r\n")).endswith("}}}]\r\n")


def test_mistakes_of_cases_are_reported_when_those_are_used(shipped: Path) -> None:
    (shipped / "q1.yaml").write_text(HEAD + WRONG)
    rule = load_catalogue().rules["Q1"]
    with pytest.raises(CatalogueError) as caught:
        len(rule.cases)
    assert str(caught.value).replace(f"{shipped.parent}/", "") == problems_of(shipped)


def test_mistakes_elsewhere_are_reported_together_with_those_of_cases(shipped: Path) -> None:
    (shipped / "q1.yaml").write_text(HEAD + WRONG)
    (shipped / "q2.yaml").write_text(f"{HEAD}title: [no]\n")
    with pytest.raises(CatalogueError) as caught:
        load_catalogue()
    assert [problem.at.line for problem in caught.value.problems] == [10, 11, 12, 6]
    assert str(caught.value).replace(f"{shipped.parent}/", "") == problems_of(shipped)


def test_a_line_of_a_text_that_looks_like_cases_is_text(shipped: Path) -> None:
    (shipped / "q1.yaml").write_text(f'{HEAD}title: "\ncases:\n "\n')
    rule = load_catalogue().rules["Q1"]
    assert (rule.title, rule.cases) == ("cases:", ())
