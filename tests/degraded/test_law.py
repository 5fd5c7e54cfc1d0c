"""What the law of less information allows, and what it does not."""

from __future__ import annotations

from typing import Any

import pytest

from needfix.model.decision import Action, DecisionKind
from tests.support.catalogues import MAIL, OLD, catalogue_of, fix, mail, rule
from tests.support.leaving_out import Change, units
from tests.support.less_information import Answer, Pair, violations

HOSTED = [{"product": "mail-server", "edition": "Hosted Edition"}]
SYMPTOMS = [{"id": "mail-waits", "text": "Mail waits"}]
TWO = [{"name": MAIL["name"], "level": "5.5 SP3"}, {"name": MAIL["name"], "level": "5.5 SP4"}]


def answer(decision: DecisionKind, action: Action = "investigate", *codes: str) -> Answer:
    return Answer(decision, action, frozenset(codes))


REQUIRED, PRESENT = answer("fix-required", "apply"), answer("fix-present", "none")
NONE, OPEN = answer("not-affected", "none"), answer("undetermined")
SUPERSEDED = answer("fix-present", "none", "superseded-present")


def required(action: Action, *codes: str) -> Answer:
    return answer("fix-required", action, *codes)


def found(without: str, before: Answer, after: Answer, facts: dict[str, Any], **keys: Any) -> list[int]:  # noqa: ANN401 - of a rule
    """The clauses that do not hold where a server loses facts with this beginning of their names."""
    newer = rule("Q200000", supersedes=["Q100001"], fixes=[fix({"New.dll": "1.0"})])
    catalogue = catalogue_of(rule(**keys), newer)
    server = mail(info=OLD, **facts)
    lost: tuple[Change, ...] = tuple(
        one for one in units(catalogue, server, lambda values: values[:1]) if one.name.startswith(without)
    )
    assert lost
    answers = {"Q200000": OPEN}
    pair = Pair(
        catalogue,
        catalogue["Q100001"],
        server,
        lost,
        {**answers, "Q100001": before},
        {**answers, "Q100001": after},
    )
    return list(violations(pair))


@pytest.mark.parametrize(
    ("without", "before", "after", "facts"),
    [
        ("file info.dll", REQUIRED, OPEN, {}),
        ("products[0].level", required("apply", "file-newer-than-level"), SUPERSEDED, {}),
        ("file info.dll", PRESENT, OPEN, {}),
        ("file info.dll", SUPERSEDED, REQUIRED, {}),
        ("products[0].level", answer("fix-present", "none", "file-newer-than-level"), NONE, {}),
        ("products[0].level", NONE, PRESENT, {}),
        ("products[0].edition", NONE, REQUIRED, {"edition": "Hosted Edition"}),
        ("products[0].level", answer("undetermined", "investigate", "level-contradicted"), NONE, {}),
        ("products[0].platform", answer("undetermined", "investigate", "platform-differs"), REQUIRED,
         {"platform": "x86"}),
        ("products[0].edition", OPEN, REQUIRED,
         {"products": [{**TWO[0], "edition": "Hosted Edition"}, TWO[1]]}),
        ("restart_pending", required("restart"), required("wait"),
         {"restart_pending": True, "symptoms": {"absent": ["mail-waits"]}}),
        ("absent", required("apply", "symptom-contradicted"), required("wait"),
         {"symptoms": {"absent": ["mail-waits"]}}),
        ("products[0].level", answer("fix-present", "none", "file-newer-than-level"),
         answer("fix-present", "restart"), {}),
    ],
)  # fmt: skip
def test_it_allows(without: str, before: Answer, after: Answer, facts: dict[str, Any]) -> None:
    assert found(without, before, after, facts, symptoms=SYMPTOMS) == []


@pytest.mark.parametrize(
    ("clause", "without", "before", "after", "facts"),
    [
        (1, "products[0].level", required("apply", "level-contradicted"), NONE, {}),
        (1, "products[0].level", REQUIRED, SUPERSEDED, {}),
        (1, "file info.dll", REQUIRED, PRESENT, {}),
        (1, "products[0].language", required("apply", "file-newer-than-level"), SUPERSEDED,
         {"language": "en"}),
        (2, "file info.dll", PRESENT, REQUIRED, {}),
        (2, "products[0].level", PRESENT, NONE, {}),
        (2, "products[0].language", answer("fix-present", "none", "file-newer-than-level"), NONE,
         {"language": "en"}),
        (3, "products[0].level", NONE, REQUIRED, {}),
        (3, "products[0].language", NONE, PRESENT, {"language": "en"}),
        (4, "products[0].level", OPEN, REQUIRED, {}),
        (4, "products[0].level", answer("undetermined", "investigate", "platform-differs"), REQUIRED, {}),
        (4, "absent", answer("undetermined", "investigate", "symptom-contradicted"), NONE,
         {"symptoms": {"absent": ["mail-waits"]}}),
        (4, "products[0].level", OPEN, REQUIRED, {"products": TWO}),
        (5, "restart_pending", required("apply"), required("wait"), {"restart_pending": True}),
        (5, "restart_pending", required("restart"), required("wait"), {"restart_pending": True}),
        (5, "file info.dll", required("apply"), required("none"), {}),
        (5, "file info.dll", PRESENT, answer("fix-present", "restart"), {}),
    ],
)  # fmt: skip
def test_it_forbids(clause: int, without: str, before: Answer, after: Answer, facts: dict[str, Any]) -> None:
    assert found(without, before, after, facts, symptoms=SYMPTOMS) == [clause]


def test_a_separate_edition_counts_where_the_rule_has_an_entry_without_edition() -> None:
    facts = {"edition": "Hosted Edition"}
    assert found("products[0].edition", NONE, REQUIRED, facts, affects=HOSTED, product=None) == [3]
