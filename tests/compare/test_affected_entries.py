"""affected: rules on every level, corrections, editions and several products."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import pytest

from tests.support.catalogues import MAIL, OLD, answer, codes, decide, fix, load, mail, reason, rule, server

# ---- rules on every level


EVERY: dict[str, Any] = {"affects": [{"product": "mail-server"}]}


@pytest.mark.parametrize("level", [None, "5.0", "5.5 SP1", "6.0 SP1", "SP3"])
def test_a_rule_without_levels_concerns_every_level_known_or_not(tmp_path: Path, level: str | None) -> None:
    assert decide(load(tmp_path, rule(**EVERY)), mail(level, OLD)).decision == "fix-required"


@pytest.mark.parametrize("level", ["7.0", "latest and greatest"])
def test_every_level_means_one_that_is_not_known_too(tmp_path: Path, level: str) -> None:
    assert decide(load(tmp_path, rule(**EVERY)), mail(level, OLD)).decision == "fix-required"


def test_a_contradiction_is_not_hidden_by_a_rule_on_every_level(tmp_path: Path) -> None:
    store = {"name": "Store.exe", "version": "5.5.2448.8"}
    decided = decide(load(tmp_path, rule(**EVERY)), mail("5.5 SP4", OLD, files=[store]))
    assert answer(decided) == "undetermined, investigate"
    assert "level-contradicted" in codes(decided)


# ---- corrected_in


@pytest.mark.parametrize(
    ("level", "expected"),
    [
        ("5.5 SP2", "fix-required"),
        ("5.5 SP3", "not-affected"),
        ("5.5 SP4", "not-affected"),
        ("5.5", "fix-required"),
        ("6.0", "fix-required"),
        ("5.0 SP3", "fix-required"),
    ],
)
def test_a_level_at_or_after_the_correction_carries_the_fix(
    tmp_path: Path, level: str, expected: str
) -> None:
    catalogue = load(tmp_path, rule(**EVERY, corrected_in=["5.5 SP3"]))
    assert decide(catalogue, mail(level, OLD)).decision == expected


def test_the_correction_is_named(tmp_path: Path) -> None:
    catalogue = load(tmp_path, rule(affects=["5.5 SP2", "5.5 SP3", "5.5 SP4"], corrected_in=["5.5 SP3"]))
    found = reason(decide(catalogue, mail("5.5 SP4", OLD)), "corrected-in-level")
    assert (found.observed, found.expected) == ("5.5 SP4", "5.5 SP3")


def test_a_correction_of_another_version_does_not_correct_a_listed_level(tmp_path: Path) -> None:
    catalogue = load(tmp_path, rule(affects=["5.0", "5.5"], corrected_in=["5.0 SP3"]))
    assert decide(catalogue, mail("5.5", OLD)).decision == "fix-required"
    assert decide(catalogue, mail("5.0", OLD)).decision == "fix-required"


def test_without_a_level_a_correction_may_have_come(tmp_path: Path) -> None:
    catalogue = load(tmp_path, rule(**EVERY, corrected_in=["5.5 SP3"]))
    assert decide(catalogue, mail(None, OLD)).decision == "undetermined"


def test_a_correction_of_another_product_does_not_matter(tmp_path: Path) -> None:
    affects = [{"product": "mail-server"}, {"product": "host-system"}]
    marks = [{"product": "mail-server", "level": "5.5"}]
    catalogue = load(tmp_path, rule(product=None, affects=affects, corrected_in=marks))
    host = server(products=[{"name": "Contoso Host System"}], files=[{"name": "Info.dll", "version": OLD}])
    assert decide(catalogue, host).decision == "fix-required"


# ---- editions


ENTERPRISE: dict[str, Any] = {
    "affects": [{"product": "mail-server", "levels": ["5.5 SP4"], "edition": "Enterprise Edition"}]
}


@pytest.mark.parametrize(
    ("edition", "expected", "code"),
    [
        ("Enterprise Edition", "fix-required", "level-affected"),
        ("enterprise", "fix-required", "level-affected"),
        ("Standard Edition", "not-affected", "edition-not-listed"),
        (None, "undetermined", "edition-not-stated"),
    ],
)
def test_an_affected_edition(tmp_path: Path, edition: str | None, expected: str, code: str) -> None:
    decided = decide(load(tmp_path, rule(**ENTERPRISE)), mail("5.5 SP4", OLD, edition=edition))
    assert decided.decision == expected
    assert code in codes(decided)


def test_an_edition_in_the_products_name_counts(tmp_path: Path) -> None:
    product = {"name": "Contoso Mail Server Enterprise Edition", "level": "5.5 SP4"}
    facts = server(products=[product], files=[{"name": "Info.dll", "version": OLD}])
    assert decide(load(tmp_path, rule(**ENTERPRISE)), facts).decision == "fix-required"


# ---- several products


def two_products() -> list[dict[str, Any]]:
    return [
        {"product": "mail-server", "levels": ["5.5 SP4"]},
        {"product": "host-system", "levels": ["4.0 SP6", "4.0 SP6a"]},
    ]


@pytest.mark.parametrize(
    ("mail_level", "system_level", "expected"),
    [
        ("5.5 SP4", "4.0", "fix-required"),
        ("5.5", "4.0 SP6a", "fix-required"),
        ("5.5", "4.0 SP5", "not-affected"),
        ("5.5", None, "undetermined"),
        ("5.5 SP4", None, "fix-required"),
    ],
)
def test_one_affected_product_of_several_is_enough(
    tmp_path: Path, mail_level: str, system_level: str | None, expected: str
) -> None:
    products = [
        {"name": "Mail Server", "level": mail_level},
        {"name": "Contoso Host System", "level": system_level},
    ]
    facts = server(products=products, files=[{"name": "Info.dll", "version": OLD}])
    catalogue = load(tmp_path, rule(product=None, affects=two_products()))
    assert decide(catalogue, facts).decision == expected


def test_a_product_without_facts_leaves_it_open_whatever_the_others_show(tmp_path: Path) -> None:
    catalogue = load(tmp_path, rule(product=None, affects=two_products()))
    shown = decide(catalogue, server(files=[{"name": "Store.exe", "version": "6.0.4417"}]))
    assert (answer(shown), codes(shown)[0]) == ("undetermined, investigate", "product-unknown")
    listed = [{"name": "Contoso Mail Server", "level": "6.0"}, {"name": "Contoso Host"}]
    shown = decide(catalogue, server(products=listed))
    assert (answer(shown), codes(shown)[0]) == ("undetermined, investigate", "product-name-unclear")


def test_a_product_installed_twice_counts_by_its_affected_installation(tmp_path: Path) -> None:
    products = [{"name": MAIL["name"], "level": level} for level in ("5.5", "5.5 SP4")]
    facts = server(products=products, files=[{"name": "Info.dll", "version": OLD}])
    assert decide(load(tmp_path, rule()), facts).decision == "fix-required"


# ---- editions with files of their own

HOSTED, STANDARD = "Hosted Edition", "Standard Edition"
BOTH: dict[str, Any] = {
    "affects": [{"product": "mail-server"}, {"product": "mail-server", "edition": HOSTED}]
}
ONLY_HOSTED: dict[str, Any] = {"affects": [{"product": "mail-server", "edition": HOSTED}]}


@pytest.mark.parametrize(
    ("affects", "edition", "expected"),
    [
        (EVERY, HOSTED, "not-affected"),
        (EVERY, "hosted", "not-affected"),
        (EVERY, STANDARD, "fix-required"),
        (EVERY, None, "fix-required"),
        (BOTH, HOSTED, "fix-required"),
        (BOTH, STANDARD, "fix-required"),
        (BOTH, None, "fix-required"),
        (ONLY_HOSTED, HOSTED, "fix-required"),
        (ONLY_HOSTED, STANDARD, "not-affected"),
        (ONLY_HOSTED, None, "undetermined"),
    ],
)
def test_an_edition_with_files_of_its_own_is_affected_only_by_name(
    tmp_path: Path, affects: dict[str, Any], edition: str | None, expected: str
) -> None:
    decided = decide(load(tmp_path, rule(**affects)), mail("5.5 SP4", OLD, edition=edition))
    assert decided.decision == expected


def test_an_edition_in_the_name_counts_as_stated(tmp_path: Path) -> None:
    facts = mail(products=[{"name": "Contoso Mail Server Hosted Edition", "level": "5.5 SP4"}], info=OLD)
    decided = decide(load(tmp_path, rule(**EVERY)), facts)
    assert decided.decision == "not-affected"
    assert reason(decided, "edition-not-listed").observed == HOSTED


def test_the_edition_is_not_affected_even_where_the_level_is_unknown(tmp_path: Path) -> None:
    decided = decide(load(tmp_path, rule()), mail("7.0", OLD, edition=HOSTED))
    assert decided.decision == "not-affected"
    assert codes(decided) == ["edition-not-listed", "level-not-defined"]


def test_a_fix_that_names_no_edition_is_for_every_edition_that_is_affected(tmp_path: Path) -> None:
    catalogue = load(tmp_path, rule(**BOTH, fixes=[fix(platform="x86")]))
    assert decide(catalogue, mail("5.5 SP4", OLD, edition=HOSTED)).decision == "fix-required"


# ---- corrections of one edition, and of the system below


@pytest.mark.parametrize(
    ("affects", "mark", "edition", "expected"),
    [
        (BOTH, {"edition": HOSTED}, HOSTED, "not-affected"),
        (BOTH, {"edition": HOSTED}, STANDARD, "fix-required"),
        (BOTH, {"edition": HOSTED}, None, "undetermined"),
        (BOTH, {}, STANDARD, "not-affected"),
        (BOTH, {}, None, "undetermined"),
        (BOTH, {}, HOSTED, "fix-required"),
        (ONLY_HOSTED, {}, HOSTED, "not-affected"),
        (ONLY_HOSTED, {"edition": HOSTED}, HOSTED, "not-affected"),
    ],
)
def test_a_correction_holds_for_its_edition(
    tmp_path: Path, affects: dict[str, Any], mark: dict[str, str], edition: str | None, expected: str
) -> None:
    marks = [{"product": "mail-server", "level": "5.5 SP3", **mark}]
    catalogue = load(tmp_path, rule(**affects, corrected_in=marks))
    assert decide(catalogue, mail("5.5 SP4", OLD, edition=edition)).decision == expected
    assert decide(catalogue, mail("5.5 SP2", OLD, edition=edition)).decision != "not-affected"


@pytest.mark.parametrize(
    ("system", "expected"),
    [
        ({"level": "4.0 SP6"}, "not-affected"),
        ({"level": "4.0 SP6a"}, "not-affected"),
        ({"level": "4.0 SP5"}, "fix-required"),
        ({"level": None}, "undetermined"),
        (None, "fix-required"),
    ],
)
def test_the_system_below_a_product_can_carry_the_fix(
    tmp_path: Path, system: dict[str, Any] | None, expected: str
) -> None:
    marks = [{"product": "host-system", "level": "4.0 SP6"}]
    products = [{"name": "Mail Server", "level": "5.5 SP4"}]
    products += [{"name": "Contoso Host System", **system}] if system else []
    facts = server(products=products, files=[{"name": "Info.dll", "version": OLD}])
    decided = decide(load(tmp_path, rule(corrected_in=marks)), facts)
    assert decided.decision == expected
    assert ("corrected-in-level" in codes(decided)) == (expected == "not-affected")
