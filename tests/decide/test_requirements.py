"""Requirements of which one of several is enough, and those of a branch, which count beside the rule's."""

from __future__ import annotations

from typing import Any

import pytest

import needfix
from needfix.cases.plain import decide as decide_plainly
from tests.fleet.support import fleet_rows, piece_of
from tests.support.catalogues import (
    NEW,
    OLD,
    Document,
    answer,
    catalogue_of,
    codes,
    decide,
    fix,
    mail,
    reason,
    rule,
)

TWO_HOTFIXES: Document = {"any": ["KB111111", "KB222222"]}


def outcome(catalogue: needfix.Catalogue, facts: needfix.Server) -> str:
    """The answer that the engine, its columns and the plain evaluator agree on."""
    decided = decide(catalogue, facts)
    assert decide_plainly(catalogue, facts)[decided.rule] == (decided.decision, decided.action)
    row = next(row for row in fleet_rows(catalogue, piece_of([facts]))[0] if row["rule"] == decided.rule)
    assert (row["decision"], row["action"]) == (decided.decision, decided.action)
    assert set(row["reasons"]) == set(codes(decided))
    return answer(decided)


@pytest.mark.parametrize(
    ("hotfixes", "action", "code"),
    [
        (["KB111111"], "apply", None),
        (["222222"], "apply", None),
        (["KB111111", "KB222222"], "apply", None),
        ([], "upgrade-first", "requires-unmet"),
        (["KB333333"], "upgrade-first", "requires-unmet"),
        (None, "apply", "requires-unknown"),
    ],
)
def test_one_of_several_hotfixes_is_enough(hotfixes: list[str] | None, action: str, code: str | None) -> None:
    catalogue = catalogue_of(rule(requires=[TWO_HOTFIXES]))
    facts = mail(info=OLD, hotfixes=hotfixes, complete=["hotfixes"])
    assert outcome(catalogue, facts) == f"fix-required, {action}"
    assert [one for one in codes(decide(catalogue, facts)) if one.startswith("req")] == [code] * bool(code)


@pytest.mark.parametrize(
    ("level", "base", "action"),
    [
        ("5.5 SP4", "1.0", "apply"),
        ("5.5 SP3", "2.0", "apply"),
        ("5.5 SP3", "1.0", "upgrade-first"),
        ("5.5 SP3", None, "apply"),
    ],
)
def test_a_level_or_a_rule_is_enough(level: str, base: str | None, action: str) -> None:
    other = rule("Q100002", fixes=[fix({"Base.dll": "2.0"})])
    catalogue = catalogue_of(rule(requires=[{"any": ["5.5 SP4", "Q100002"]}]), other)
    files = [{"name": "Base.dll", "version": base}] if base else []
    assert outcome(catalogue, mail(level, OLD, files=files)) == f"fix-required, {action}"


def test_what_is_unmet_beats_what_is_unknown() -> None:
    catalogue = catalogue_of(rule(requires=[TWO_HOTFIXES, "6.0"]))
    facts = mail(info=OLD)
    assert outcome(catalogue, facts) == "fix-required, upgrade-first"
    assert reason(decide(catalogue, facts), "requires-unmet").expected == "mail-server 6.0"


def test_the_reason_names_all_of_several() -> None:
    facts = mail(info=OLD, hotfixes=[], complete=["hotfixes"])
    why = reason(decide(catalogue_of(rule(requires=[TWO_HOTFIXES])), facts), "requires-unmet")
    assert why.text == "Q100001 requires KB111111 or KB222222, which is not installed"
    assert why.expected == "KB111111 or KB222222"


BRANCHES = [
    fix(level="5.5 SP3", requires=["KB111111"]),
    fix({"Info.dll": "5.5.2654.20"}, level="5.5 SP4"),
]


@pytest.mark.parametrize(
    ("level", "action", "code"),
    [("5.5 SP3", "upgrade-first", ["requires-unmet"]), ("5.5 SP4", "apply", [])],
)
def test_requirements_of_the_chosen_branch_count(level: str, action: str, code: list[str]) -> None:
    facts = mail(level, "5.5.2654.1", hotfixes=[], complete=["hotfixes"])
    catalogue = catalogue_of(rule(fixes=BRANCHES))
    assert outcome(catalogue, facts) == f"fix-required, {action}"
    assert [one for one in codes(decide(catalogue, facts)) if one.startswith("requires")] == code


@pytest.mark.parametrize(
    ("platform", "action", "code"),
    [
        ("x86", "upgrade-first", "requires-unmet"),
        ("alpha", "apply", None),
        (None, "apply", "requires-unknown"),
    ],
)
def test_branches_that_do_not_agree_leave_it_unknown(
    platform: str | None, action: str, code: str | None
) -> None:
    catalogue = catalogue_of(rule(fixes=[fix(requires=["KB111111"], platform="x86"), fix()]))
    facts = mail(info=OLD, platform=platform, hotfixes=[], complete=["hotfixes"])
    assert outcome(catalogue, facts) == f"fix-required, {action}"
    found = [one for one in codes(decide(catalogue, facts)) if one.startswith("requires")]
    assert found == ([code] if code else [])


def test_requirements_of_a_branch_count_beside_those_of_the_rule() -> None:
    catalogue = catalogue_of(rule(requires=["6.0"], fixes=BRANCHES))
    facts = mail("5.5 SP3", OLD, hotfixes=["KB111111"])
    assert outcome(catalogue, facts) == "fix-required, upgrade-first"
    met = catalogue_of(rule(requires=["5.5"], fixes=BRANCHES))
    assert outcome(met, facts) == "fix-required, apply"


def test_the_reason_names_the_branch() -> None:
    facts = mail("5.5 SP3", OLD, hotfixes=[], complete=["hotfixes"])
    why = reason(decide(catalogue_of(rule(fixes=BRANCHES)), facts), "requires-unmet")
    assert why.text == "The fix of Q100001 for 5.5 SP3 requires KB111111, which is not installed"


@pytest.mark.parametrize(
    ("keys", "action"),
    [({}, "upgrade-first"), ({"requires": []}, "apply"), ({"requires": ["5.5 SP3"]}, "apply")],
)
def test_a_branch_that_says_what_it_needs_is_not_built_on_a_later_level(
    keys: dict[str, Any], action: str
) -> None:
    catalogue = catalogue_of(rule(affects=["5.5 SP3"], fixes=[fix({"Store.exe": "5.5.2653.30"}, **keys)]))
    facts = mail("5.5 SP3", files=[{"name": "Store.exe", "version": "5.5.2650.24"}])
    assert outcome(catalogue, facts) == f"fix-required, {action}"


def test_a_required_rule_of_a_branch_is_decided_first() -> None:
    base = rule("Q100002", fixes=[fix({"Base.dll": "2.0"})])
    catalogue = catalogue_of(rule(fixes=[fix(requires=["Q100002"])]), base)
    assert catalogue.order == ("Q100002", "Q100001")
    files = [{"name": "Base.dll", "version": "1.0"}]
    assert outcome(catalogue, mail(info=OLD, files=files)) == "fix-required, upgrade-first"
    assert outcome(catalogue, mail(info=NEW, files=files)) == "fix-present, none"


def test_a_rule_is_written_as_it_was_read() -> None:
    requires = [{"any": [{"product": "mail-server", "level": "5.5 SP3"}, "KB111111"]}]
    first, second = (fix(requires=requires), fix(platform="alpha", requires=[]))
    found = catalogue_of(rule(fixes=[first, second]))["Q100001"]
    assert found.as_dict()["fixes"][0]["requires"] == requires
    assert found.as_dict()["fixes"][1]["requires"] == []
    again = catalogue_of({"needfix": 1, "product": "mail-server", **found.as_dict()})["Q100001"]
    assert again.fixes == found.fixes


def test_an_explanation_names_what_a_branch_requires() -> None:
    (found,) = (needfix.explain(catalogue_of(rule(fixes=BRANCHES)), mail("5.5 SP3", OLD), "Q100001"),)
    (line,) = (one for one in found.evidence if one.name == "requires")
    assert (line.value, line.why) == ("unknown", "KB111111 for 5.5 SP3")
