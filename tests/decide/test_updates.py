"""Updates: names under which a hotfix list may claim a fix, and under which other rules require it."""

from __future__ import annotations

from typing import Any

import pytest

import needfix
from needfix.cases.plain import decide as plain_decide
from tests.support.catalogues import NEW, OLD, answer, catalogue_of, codes, decide, fix, mail, reason, rule

UPDATES = ["KB500001", "KB500002", "SU3"]


@pytest.mark.parametrize(
    ("listed", "claims"),
    [
        ("KB500001", True),
        ("Q500002", True),
        ("500001", True),
        ("kb 500002", True),
        ("su3", True),
        ("Q100001", True),
        ("KB500003", False),
        ("SU", False),
    ],
)
def test_a_claim_by_an_update_counts_as_one_by_the_id(listed: str, claims: bool) -> None:  # noqa: FBT001
    catalogue = catalogue_of(rule(updates=UPDATES))
    older = decide(catalogue, mail(info=OLD, hotfixes=[listed]))
    assert ("claimed-but-files-older" in codes(older)) is claims
    unaffected = decide(catalogue, mail("5.5 SP2", hotfixes=[listed]))
    assert answer(unaffected) == f"not-affected, {'investigate' if claims else 'none'}"
    pending = decide(catalogue, mail(info=OLD, hotfixes=[listed], restart_pending=True))
    assert pending.action == ("restart" if claims else "apply")


def test_the_reason_names_the_update_and_the_rule() -> None:
    catalogue = catalogue_of(rule(updates=UPDATES))
    found = reason(decide(catalogue, mail(info=OLD, hotfixes=["500002"])), "claimed-but-files-older")
    assert found.text.startswith("The hotfix list names KB500002 (Q100001), but the files are older")
    assert found.observed == "KB500002"
    both = reason(decide(catalogue, mail(info=OLD, hotfixes=["KB500002", "Q100001"])), found.code)
    assert (both.text.partition(",")[0], both.observed) == ("The hotfix list names Q100001", "Q100001")


def needing(*others: Any, requires: str = "KB500001") -> needfix.Catalogue:  # noqa: ANN401 - rules
    return catalogue_of(rule(requires=[requires]), *others)


def first(version: str, name: str = "First.dll", **keys: Any) -> dict[str, Any]:  # noqa: ANN401
    return {"fixes": [fix({name: version})], "updates": ["KB500001"], **keys}


@pytest.mark.parametrize(
    ("files", "action", "code"),
    [
        ({"First.dll": "1.0.0.2"}, "apply", None),
        ({"First.dll": "1.0.0.1"}, "upgrade-first", "requires-unmet"),
        ({}, "apply", "requires-unknown"),
    ],
)
def test_an_update_is_required_as_the_rule_that_has_it(
    files: dict[str, str], action: str, code: str | None
) -> None:
    catalogue = needing(rule("Mail-March", **first("1.0.0.2")))
    copies = [{"name": name, "version": version} for name, version in files.items()]
    found = decide(catalogue, mail(info=OLD, files=copies, hotfixes=["KB500001"]))
    assert answer(found) == f"fix-required, {action}"
    assert [one for one in codes(found) if one.startswith("requires")] == ([code] if code else [])
    if code:
        assert "requires KB500001 (Mail-March), which" in reason(found, code).text


@pytest.mark.parametrize(
    ("second", "action"), [("1.0.0.2", "apply"), ("1.0.0.1", "upgrade-first"), (None, "apply")]
)
def test_an_update_of_several_rules_requires_all_of_them(second: str | None, action: str) -> None:
    others = rule("A", **first("1.0.0.2")), rule("B", **first("1.0.0.2", "Second.dll"))
    copies = [{"name": "First.dll", "version": "1.0.0.2"}]
    copies += [{"name": "Second.dll", "version": second}] if second else []
    facts = mail(info=OLD, files=copies)
    found = decide(needing(*others), facts)
    assert answer(found) == f"fix-required, {action}"
    assert ("requires-unknown" in codes(found)) is (second is None)
    assert plain_decide(needing(*others), facts)["Q100001"] == (found.decision, found.action)


def test_an_update_that_no_rule_has_is_looked_for_in_the_hotfix_list() -> None:
    catalogue = needing(rule("Mail-March", **first("1.0.0.2")), requires="KB500009")
    listed = decide(catalogue, mail(info=OLD, hotfixes=["Q500009"]))
    missing = decide(catalogue, mail(info=OLD, hotfixes=[], complete=["hotfixes"]))
    assert (answer(listed), answer(missing)) == ("fix-required, apply", "fix-required, upgrade-first")


def test_a_rule_that_is_superseded_by_an_update() -> None:
    newer = rule("Mail-April", supersedes=["Q500001"], fixes=[fix({"Next.dll": "1.0.0.2"})])
    catalogue = catalogue_of(rule(updates=["KB500001"]), newer)
    copies = [{"name": "Next.dll", "version": "1.0.0.2"}]
    present = mail(info=OLD, files=copies, edition="Standard Edition")
    assert answer(decide(catalogue, present, "Q100001")) == "fix-present, none"
    assert "superseded-present" in codes(decide(catalogue, present, "Q100001"))


# ---- also needed

SETTING = {"also_needed": "Turn the check on"}


@pytest.mark.parametrize(
    ("facts", "expected"),
    [
        ({"info": NEW}, "fix-present, investigate"),
        ({"info": NEW, "restart_pending": True}, "fix-present, restart"),
        ({"info": OLD}, "fix-required, apply"),
        ({}, "undetermined, investigate"),
        ({"level": "5.5 SP2", "info": OLD}, "not-affected, none"),
    ],
)
def test_what_is_also_needed_is_to_be_investigated_where_the_files_are_there(
    facts: dict[str, Any], expected: str
) -> None:
    catalogue = catalogue_of(rule(**SETTING))
    found = decide(catalogue, mail(**facts))
    assert answer(found) == expected
    assert ("needs-setting" in codes(found)) is (found.decision == "fix-present")
    assert plain_decide(catalogue, mail(**facts))["Q100001"] == (found.decision, found.action)


def test_the_reason_says_what_is_needed() -> None:
    found = reason(decide(catalogue_of(rule(**SETTING)), mail(info=NEW)), "needs-setting")
    assert found.text == "The fix is installed; also needed: Turn the check on"
    assert found.expected == "Turn the check on"


def test_an_explanation_shows_the_setting_where_a_rule_has_one() -> None:
    for keys, expected in ((SETTING, [("setting", "needed", "Turn the check on")]), ({}, [])):
        found = needfix.explain(catalogue_of(rule(**keys)), mail(info=NEW), "Q100001")
        lines = [(one.name, one.value, one.why) for one in found.evidence if one.name == "setting"]
        assert lines == expected
