"""requires and supersedes: rules and levels that other rules depend on."""

from __future__ import annotations

from dataclasses import replace
from pathlib import Path
from typing import Any

import pytest

import needfix
from needfix.cases.plain import decide as decide_plainly
from needfix.catalogue.part import with_rule
from needfix.model.requirement import ProductLevel
from needfix.versions import Level, parse_level
from tests.fleet.support import fleet_rows, piece_of
from tests.support.catalogues import (
    MAIL,
    NEW,
    OLD,
    OTHER,
    answer,
    catalogue_of,
    codes,
    decide,
    fix,
    load,
    mail,
    reason,
    rule,
    server,
    text_of,
)

BASE, LATER, LAST = "Q100001", "Q100002", "Q100003"


def file_rule(rule_id: str, name: str, **keys: Any) -> dict[str, Any]:  # noqa: ANN401
    """A rule whose fix is one file with the minimum 2.0."""
    return rule(rule_id, fixes=[fix({name: "2.0"})], **keys)


def files(**versions: str) -> list[dict[str, Any]]:
    return [{"name": f"{name}.dll", "version": version} for name, version in versions.items()]


# ---- requires


@pytest.mark.parametrize(
    ("required", "action"),
    [
        ("5.5 SP3", "apply"),
        ("5.5 SP4", "apply"),
        ("5.5", "apply"),
        ("5.0 SP3", "apply"),
        ("6.0", "upgrade-first"),
    ],
)
def test_a_required_level_of_the_same_product(tmp_path: Path, required: str, action: str) -> None:
    decided = decide(load(tmp_path, rule(requires=[required])), mail("5.5 SP4", OLD))
    assert answer(decided) == f"fix-required, {action}"
    assert ("requires-unmet" in codes(decided)) == (action == "upgrade-first")


@pytest.mark.parametrize(
    ("stated", "action", "code"),
    [
        ("4.0 SP5", "upgrade-first", "requires-unmet"),
        ("4.0 SP6", "upgrade-first", "requires-unmet"),
        ("4.0 SP6a", "apply", None),
        (None, "apply", "requires-unknown"),
        ("9.0", "apply", "requires-unknown"),
    ],
)
def test_a_required_level_of_another_product(
    tmp_path: Path, stated: str | None, action: str, code: str | None
) -> None:
    catalogue = load(tmp_path, rule(requires=[{"product": "host-system", "level": "4.0 SP6a"}]))
    products = [
        {"name": "Mail Server", "level": "5.5 SP4"},
        {"name": "Contoso Host System", "level": stated},
    ]
    decided = decide(catalogue, mail(info=OLD, products=products))
    assert answer(decided) == f"fix-required, {action}"
    assert [c for c in codes(decided) if c.startswith("requires")] == ([code] if code else [])


def test_a_required_product_that_is_not_there_is_unmet(tmp_path: Path) -> None:
    catalogue = load(tmp_path, rule(requires=[{"product": "host-system", "level": "4.0"}]))
    decided = decide(catalogue, mail(info=OLD))
    assert answer(decided) == "fix-required, upgrade-first"
    why = reason(decided, "requires-unmet")
    assert why.text == "Q100001 requires Contoso Host System 4.0, which is not installed"
    assert why.expected == "host-system 4.0"


def test_a_required_product_is_unknown_where_products_are_not_listed(tmp_path: Path) -> None:
    catalogue = load(tmp_path, rule(requires=[{"product": "host-system", "level": "4.0"}]))
    store = [{"name": "Store.exe", "version": "5.5.2653.23"}, {"name": "Info.dll", "version": OLD}]
    decided = decide(catalogue, server(files=store))
    assert answer(decided) == "fix-required, apply"
    assert "requires-unknown" in codes(decided)


def test_a_required_product_whose_name_is_unclear_is_unknown(tmp_path: Path) -> None:
    catalogue = load(tmp_path, rule(requires=[{"product": "host-system", "level": "4.0"}]))
    products = [{"name": "Mail Server", "level": "5.5 SP4"}, {"name": "Contoso Host System Deluxe Pack"}]
    assert "requires-unknown" in codes(decide(catalogue, mail(info=OLD, products=products)))


@pytest.mark.parametrize(
    ("base", "action", "code"),
    [
        ("2.0", "apply", None),
        ("1.9", "upgrade-first", "requires-unmet"),
        (None, "apply", "requires-unknown"),
        ("two", "apply", "requires-unknown"),
    ],
)
def test_a_required_rule_is_met_where_its_fix_is_present(
    tmp_path: Path, base: str | None, action: str, code: str | None
) -> None:
    catalogue = load(
        tmp_path, file_rule(LATER, "Later.dll", requires=[BASE.lower()]), file_rule(BASE, "Base.dll")
    )
    given = files(Later="1.0", **({"Base": base} if base else {}))
    decided = decide(catalogue, mail(files=given), LATER)
    assert answer(decided) == f"fix-required, {action}"
    assert [c for c in codes(decided) if c.startswith("requires")] == ([code] if code else [])


@pytest.mark.parametrize(
    ("base", "code"),
    [
        ({"affects": ["5.5"]}, "requires-unknown"),
        ({"affects": ["5.5", "5.5 SP1"], "corrected_in": ["5.5 SP4"]}, None),
        ({"affects": ["5.5", "5.5 SP1"], "corrected_in": ["5.5 SP2"]}, None),
        ({"affects": ["5.5", "5.5 SP1"], "corrected_in": ["6.0"]}, "requires-unknown"),
        (
            {
                "affects": ["5.5"],
                "corrected_in": [{"product": "mail-server", "level": "5.5 SP4", "edition": "Hosted Edition"}],
            },
            "requires-unknown",
        ),
        ({"corrected_in": ["5.5 SP4"], "affects": None}, None),
        ({"product": "host-system", "affects": ["4.0"]}, "requires-unknown"),
    ],
)
def test_a_required_rule_that_does_not_affect_the_server_is_met_where_its_level_carries_the_fix(
    tmp_path: Path, base: dict[str, Any], code: str | None
) -> None:
    base_rule = file_rule(BASE, "Base.dll", **base)
    if base_rule.get("affects") is None:
        base_rule["affects"] = [{"product": "mail-server"}]
        base_rule.pop("product")
    catalogue = load(tmp_path, base_rule, file_rule(LATER, "Later.dll", requires=[BASE]))
    decided = decide(catalogue, mail(files=files(Later="1.0")), LATER)
    assert answer(decided) == "fix-required, apply"
    assert [c for c in codes(decided) if c.startswith("requires")] == ([code] if code else [])


def test_a_required_rule_whose_component_is_not_installed_is_unknown(tmp_path: Path) -> None:
    catalogue = load(tmp_path, file_rule(BASE, "Base.dll"), file_rule(LATER, "Later.dll", requires=[BASE]))
    decided = decide(catalogue, mail(files=files(Later="1.0"), complete=["files"]), LATER)
    assert answer(decided) == "fix-required, apply"
    assert "requires-unknown" in codes(decided)


@pytest.mark.parametrize(
    ("facts", "action", "code"),
    [
        ({}, "apply", "requires-unknown"),
        ({"hotfixes": ["KB999999"]}, "apply", None),
        ({"hotfixes": ["Q123456"]}, "apply", "requires-unknown"),
        ({"hotfixes": ["Q123456"], "complete": ["hotfixes"]}, "upgrade-first", "requires-unmet"),
        ({"hotfixes": [], "complete": ["hotfixes"]}, "upgrade-first", "requires-unmet"),
        ({"hotfixes": ["Q123456", "N/A"], "complete": ["hotfixes"]}, "apply", "requires-unknown"),
        ({"complete": ["hotfixes"]}, "apply", "requires-unknown"),
        ({"hotfixes": ["q999999"], "complete": ["hotfixes"]}, "apply", None),
    ],
)
def test_a_required_rule_that_the_catalogue_does_not_have_is_looked_for_in_the_hotfix_list(
    tmp_path: Path, facts: dict[str, Any], action: str, code: str | None
) -> None:
    decided = decide(load(tmp_path, rule(requires=["Q999999"])), mail(info=OLD, **facts))
    assert answer(decided) == f"fix-required, {action}"
    assert [c for c in codes(decided) if c.startswith("requires")] == ([code] if code else [])


@pytest.mark.parametrize(
    ("level", "requires", "action"),
    [
        ("5.5 SP1", ["5.0 SP3"], "apply"),
        ("5.5 SP1", [["5.0 SP3", "5.5 SP2"]], "upgrade-first"),
        ("5.5 SP2", [["5.0 SP3", "5.5 SP2"]], "apply"),
        ("6.0", [["5.0 SP3", "5.5 SP2"]], "apply"),
        ("5.0", [["5.0 SP3", "5.5 SP2"]], "upgrade-first"),
        ("5.0", ["5.0 SP3", "5.5 SP2"], "upgrade-first"),
        ("5.0 SP3", ["5.0 SP3", "5.5 SP2"], "upgrade-first"),
        ("5.5 SP1", ["5.0 SP3", "5.5 SP2"], "upgrade-first"),
        ("5.5 SP2", ["5.0 SP3", "5.5 SP2"], "apply"),
        ("6.0", ["5.0 SP3", "5.5 SP2"], "apply"),
        ("5.0 SP3", ["5.5 SP2"], "upgrade-first"),
    ],
)
def test_a_later_version_is_enough_only_where_none_is_required_of_it(
    level: str, requires: list[Any], action: str
) -> None:
    catalogue = catalogue_of(rule(requires=["6.0"], affects=[{"from": "5.0", "to": "6.0 SP1"}]))
    own = catalogue.rules["Q100001"]
    alternatives = tuple(
        tuple(
            ProductLevel("mail-server", _level(text))
            for text in ([entry] if isinstance(entry, str) else entry)
        )
        for entry in requires
    )
    changed = with_rule(catalogue, replace(own, requires=alternatives))
    assert decide(changed, mail(level, OLD)).action == action


def _level(text: str) -> Level:
    found = parse_level(text)
    assert found is not None
    return found


def test_one_unmet_requirement_outweighs_one_that_is_unknown(tmp_path: Path) -> None:
    decided = decide(load(tmp_path, rule(requires=["Q999999", "6.0", "5.5"])), mail(info=OLD))
    assert answer(decided) == "fix-required, upgrade-first"
    assert reason(decided, "requires-unmet").expected == "mail-server 6.0"


@pytest.mark.parametrize(
    ("symptoms", "action"),
    [
        ({"absent": ["mail-waits"]}, "wait"),
        ({}, "confirm-symptoms"),
        ({"observed": ["mail-waits"]}, "upgrade-first"),
    ],
)
def test_requires_unmet_is_a_reason_in_every_case(
    tmp_path: Path, symptoms: dict[str, Any], action: str
) -> None:
    own = [{"id": "mail-waits", "text": "Mail waits"}]
    catalogue = load(tmp_path, rule(apply="if-symptoms", symptoms=own, requires=["6.0"]))
    decided = decide(catalogue, mail(info=OLD, symptoms=symptoms))
    assert answer(decided) == f"fix-required, {action}"
    assert "requires-unmet" in codes(decided)


def test_requirements_do_not_matter_where_the_fix_is_present(tmp_path: Path) -> None:
    decided = decide(load(tmp_path, rule(requires=["6.0"])), mail(info=NEW))
    assert answer(decided) == "fix-present, none"
    assert "requires-unmet" not in codes(decided)


# ---- supersedes


def here(**facts: Any) -> needfix.Server:  # noqa: ANN401 - any key of the format
    """A server that states its edition, since another one has files of its own."""
    return mail(edition="Standard Edition", **facts)


def superseding(tmp_path: Path) -> needfix.Catalogue:
    newer = file_rule(LATER, "Later.dll", supersedes=[BASE])
    return load(tmp_path, file_rule(BASE, "Base.dll"), newer)


def test_a_fix_is_present_where_one_that_contains_it_is(tmp_path: Path) -> None:
    decided = decide(superseding(tmp_path), here(files=files(Base="1.0", Later="2.0")), BASE)
    assert answer(decided) == "fix-present, none"
    assert reason(decided, "superseded-present").observed == LATER


@pytest.mark.parametrize("base", ["two", None])
def test_it_is_present_whatever_its_own_files_show(tmp_path: Path, base: str | None) -> None:
    given = files(Later="2.0", **({"Base": base} if base else {}))
    assert decide(superseding(tmp_path), here(files=given), BASE).decision == "fix-present"


def test_a_containing_fix_that_is_not_present_only_adds_the_reason(tmp_path: Path) -> None:
    decided = decide(superseding(tmp_path), here(files=files(Base="1.0", Later="1.0")), BASE)
    assert answer(decided) == "fix-required, apply"
    assert reason(decided, "superseded-by").expected == LATER
    unknown = decide(superseding(tmp_path), here(files=files(Base="1.0")), BASE)
    assert answer(unknown) == "fix-required, apply"


def test_the_contained_fix_says_nothing_of_the_containing_one(tmp_path: Path) -> None:
    given = here(files=files(Base="2.0", Later="1.0"))
    assert decide(superseding(tmp_path), given, LATER).decision == "fix-required"
    assert decide(superseding(tmp_path), given, BASE).decision == "fix-present"


def test_a_server_that_is_not_affected_stays_so(tmp_path: Path) -> None:
    base = file_rule(BASE, "Base.dll", affects=["5.5 SP3"])
    catalogue = load(tmp_path, base, file_rule(LATER, "Later.dll", supersedes=[BASE]))
    assert decide(catalogue, here(files=files(Later="2.0")), BASE).decision == "not-affected"


def test_supersession_goes_through_chains(tmp_path: Path) -> None:
    catalogue = load(
        tmp_path,
        file_rule(BASE, "Base.dll"),
        file_rule(LATER, "Later.dll", supersedes=[BASE]),
        file_rule(LAST, "Last.dll", supersedes=[LATER]),
    )
    given = here(files=files(Base="1.0", Later="1.0", Last="2.0"))
    assert [d.decision for d in needfix.evaluate(catalogue, given)] == ["fix-present"] * 3
    none = here(files=files(Base="1.0", Later="1.0", Last="1.0"))
    assert [d.decision for d in needfix.evaluate(catalogue, none)] == ["fix-required"] * 3


def containing(newer: dict[str, Any], facts: needfix.Server, **product: Any) -> str:  # noqa: ANN401 - any key
    """The decision of a rule for Base.dll that another fix contains, on which all evaluators agree."""
    older, later = file_rule(BASE, "Base.dll"), rule(LATER, fixes=[newer], supersedes=[BASE])
    definition = {**MAIL, **product}
    catalogue = needfix.load_catalogue({"rules.yaml": text_of((definition, older, later, OTHER))})
    decided = decide(catalogue, facts, BASE)
    assert decide_plainly(catalogue, facts)[BASE] == (decided.decision, decided.action)
    rows = {row["rule"]: row for row in fleet_rows(catalogue, piece_of([facts]))[0]}
    assert (rows[BASE]["decision"], rows[BASE]["action"]) == (decided.decision, decided.action)
    assert set(rows[BASE]["reasons"]) == set(codes(decided))
    assert decide(catalogue, facts, LATER).decision == "fix-present"
    return decided.decision


def test_a_build_that_is_only_stated_does_not_overrule_a_file() -> None:
    facts = here(build="5.5.2653.30", files=files(Base="1.0"))
    assert containing({"build": "5.5.2653.30"}, facts) == "fix-required"


def test_a_build_that_key_files_show_proves_what_the_fix_contains() -> None:
    store = {"name": "Store.exe", "version": "5.5.2653.30"}
    facts = here(files=[store, *files(Base="1.0")])
    assert containing({"build": "5.5.2653.30"}, facts) == "fix-present"


def test_a_key_file_that_lags_does_not_show_the_stated_build() -> None:
    store = {"name": "Store.exe", "version": "5.5.2653.29"}
    facts = here(build="5.5.2653.30", files=[store, *files(Base="1.0")])
    assert containing({"build": "5.5.2653.30"}, facts, shows_updates=["build"]) == "fix-required"


def test_a_stated_build_beside_files_proves_what_the_fix_contains() -> None:
    facts = here(build="5.5.2653.30", files=files(Base="1.0", Later="2.0"))
    assert containing({**fix({"Later.dll": "2.0"}), "build": "5.5.2653.30"}, facts) == "fix-present"


def test_a_value_of_the_registry_does_not_overrule_a_file() -> None:
    value = {"path": r"HKLM\SOFTWARE\Mail", "name": "Check", "value": "1"}
    facts = here(files=files(Base="1.0"), registry=[value])
    newer = {"registry": {r"HKLM\SOFTWARE\Mail\Check": {"equals": "1"}}}
    assert containing(newer, facts) == "fix-required"


def test_a_stated_build_proves_a_fix_that_has_no_files(tmp_path: Path) -> None:
    older = rule(
        BASE, fixes=[{"build": "5.5.2653.20", "registry": {r"HKLM\SOFTWARE\Mail\Check": {"equals": "1"}}}]
    )
    later = rule(LATER, fixes=[{"build": "5.5.2653.30"}], supersedes=[BASE])
    catalogue = load(tmp_path, older, later)
    assert decide(catalogue, here(build="5.5.2653.30"), BASE).decision == "fix-present"


def test_a_requirement_is_met_by_a_fix_that_another_contains(tmp_path: Path) -> None:
    catalogue = load(
        tmp_path,
        file_rule(BASE, "Base.dll"),
        file_rule(LATER, "Later.dll", supersedes=[BASE]),
        file_rule(LAST, "Last.dll", requires=[BASE]),
    )
    given = here(files=files(Base="1.0", Later="2.0", Last="1.0"))
    assert answer(decide(catalogue, given, LAST)) == "fix-required, apply"


def test_facts_that_contradict_each_other_are_not_settled_by_one_that_contains_it(tmp_path: Path) -> None:
    store = {"name": "Store.exe", "version": "5.5.2448.8"}
    given = here(files=[store, *files(Base="1.0", Later="2.0")])
    decided = decide(superseding(tmp_path), given, BASE)
    assert answer(decided) == "undetermined, investigate"
    assert "level-contradicted" in codes(decided)


def test_a_containing_fix_proves_nothing_on_a_level_that_it_does_not_list(tmp_path: Path) -> None:
    newer = file_rule(LATER, "Later.dll", supersedes=[BASE], affects=["5.5 SP3"])
    catalogue = load(tmp_path, file_rule(BASE, "Base.dll"), newer)
    for level in ("5.5 SP4", None):
        decided = decide(catalogue, here(level=level, files=files(Base="1.0", Later="2.0")), BASE)
        assert decided.decision in ("fix-required", "undetermined")
        assert "superseded-by" in codes(decided)


def test_each_product_of_a_containing_rule_has_to_be_sure_in_every_edition(tmp_path: Path) -> None:
    """Host System is affected in any edition; the Hosted Edition of the mail server has files of its own."""
    both = [
        {"product": "mail-server", "levels": ["5.5 SP4"]},
        {"product": "host-system", "levels": ["4.0 SP5"]},
    ]
    newer = file_rule(LATER, "Later.dll", supersedes=[BASE], affects=both, product=None)
    catalogue = load(tmp_path, file_rule(BASE, "Base.dll"), newer)
    host = {"name": "Contoso Host System", "level": "4.0 SP5"}
    for edition, expected in (("Standard Edition", "fix-present"), (None, "fix-required")):
        mail_server = {"name": "Contoso Mail Server", "level": "5.5 SP4", "edition": edition}
        facts = server(products=[mail_server, host], files=files(Base="1.0", Later="2.0"))
        assert decide(catalogue, facts, BASE).decision == expected


def test_it_proves_nothing_by_a_fix_that_it_only_contains_in_turn(tmp_path: Path) -> None:
    """The middle one of a chain is present, but not by its own files: the last one is what proves it."""
    catalogue = load(
        tmp_path,
        file_rule(BASE, "Base.dll", affects=["5.5 SP3", "5.5 SP4"]),
        file_rule(LATER, "Later.dll", supersedes=[BASE], affects=["5.5 SP3"]),
        file_rule(LAST, "Last.dll", supersedes=[LATER], affects=["5.5 SP4"]),
    )
    present = here(files=files(Base="1.0", Later="1.0", Last="2.0"))
    decided = decide(catalogue, present, BASE)
    assert decided.decision == "fix-present"
    assert reason(decided, "superseded-present").observed == LAST
    assert "superseded-by" not in codes(decided)
    lacking = decide(catalogue, here(files=files(Base="1.0", Later="2.0", Last="1.0")), BASE)
    assert answer(lacking) == "fix-required, apply"
    assert [r.expected for r in lacking.reasons if r.code == "superseded-by"] == [LATER, LAST]


@pytest.mark.parametrize(
    ("edition", "newer", "expected"),
    [
        ("Standard Edition", [{}], "fix-present"),
        ("Hosted Edition", [{}], "fix-required"),
        (None, [{}], "fix-required"),
        (None, [{}, {"edition": "Hosted Edition"}], "fix-present"),
    ],
)
def test_a_containing_fix_must_be_for_every_edition_that_the_server_may_have(
    tmp_path: Path, edition: str | None, newer: list[dict[str, str]], expected: str
) -> None:
    def affects(entries: list[dict[str, str]]) -> list[dict[str, Any]]:
        return [{"product": "mail-server", "levels": ["5.5 SP4"], **entry} for entry in entries]

    both = affects([{}, {"edition": "Hosted Edition"}])
    catalogue = load(
        tmp_path,
        file_rule(BASE, "Base.dll", product=None, affects=both),
        file_rule(LATER, "Later.dll", product=None, affects=affects(newer), supersedes=[BASE]),
    )
    facts = mail(edition=edition, files=files(Base="1.0", Later="2.0"))
    assert decide(catalogue, facts, BASE).decision == expected
