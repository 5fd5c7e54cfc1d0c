"""What entries of `affects` ask for beside a level: builds, platform, language, and products beside."""

from __future__ import annotations

from typing import Any

import pytest

import needfix
from needfix.cases.plain import decide as decide_plainly
from needfix.cases.probes import probes
from needfix.cases.testing.short_form import product_of, server_of
from needfix.catalogue.describe import affected
from tests.fleet.support import fleet_rows, piece_of, single_rows
from tests.support.catalogues import OLD, answer, catalogue_of, codes, decide, mail, reason, rule, server

MAIL_SERVER = "Contoso Mail Server"
HOST = "Contoso Host System"
TOGETHER = {"all": [{"levels": ["5.5 SP4"]}, {"product": "host-system", "levels": ["4.0 SP6"]}]}


def outcome(catalogue: needfix.Catalogue, facts: needfix.Server) -> str:
    """The answer that the engine, its columns and the plain evaluator agree on."""
    decided = decide(catalogue, facts)
    assert decide_plainly(catalogue, facts)[decided.rule] == (decided.decision, decided.action)
    row = next(row for row in fleet_rows(catalogue, piece_of([facts]))[0] if row["rule"] == decided.rule)
    assert (row["decision"], row["action"]) == (decided.decision, decided.action)
    assert set(row["reasons"]) == set(codes(decided))
    return answer(decided)


REQUIRED, NOT_AFFECTED, OPEN = "fix-required, apply", "not-affected, none", "undetermined, investigate"


@pytest.mark.parametrize(
    ("builds", "build", "expected"),
    [
        ({"from": "5.5.2653.10"}, "5.5.2653.10", REQUIRED),
        ({"from": "5.5.2653.10"}, "5.5.2653.9", NOT_AFFECTED),
        ({"from": "5.5.2653.10"}, "5.5.2653", OPEN),
        ({"from": "5.5.2653.10"}, None, OPEN),
        ({"above": "5.5.2653.10"}, "5.5.2653.11", REQUIRED),
        ({"above": "5.5.2653.10"}, "5.5.2653.9", NOT_AFFECTED),
        ({"above": "5.5.2653.10"}, "5.5.2653.10", OPEN),
        ({"below": "5.5.2653.20"}, "5.5.2653.19", REQUIRED),
        ({"below": "5.5.2653.20"}, "5.5.2653.20", NOT_AFFECTED),
        ({"to": "5.5.2653.20"}, "5.5.2653.20", REQUIRED),
        ({"to": "5.5.2653.20"}, "5.5.2653.21", NOT_AFFECTED),
        ({"from": "5.5.2653.10", "below": "5.5.2653.20"}, "5.5.2653.15", REQUIRED),
        ({"from": "5.5.2653.10", "below": "5.5.2653.20"}, "5.5.2653.25", NOT_AFFECTED),
    ],
)
@pytest.mark.parametrize("levels", [{}, {"levels": ["5.5 SP4"]}])
def test_builds(builds: dict[str, str], build: str | None, expected: str, levels: dict[str, Any]) -> None:
    catalogue = catalogue_of(rule(affects=[{"builds": builds, **levels}]))
    assert outcome(catalogue, mail(info=OLD, build=build)) == expected


def test_a_key_file_shows_the_build() -> None:
    catalogue = catalogue_of(rule(affects=[{"builds": {"below": "5.5.2653.20"}}]))
    newer = mail(info=OLD, files=[{"name": "Store.exe", "version": "5.5.2653.20"}])
    older = mail(info=OLD, files=[{"name": "Store.exe", "version": "5.5.2653.19"}])
    assert (outcome(catalogue, newer), outcome(catalogue, older)) == (NOT_AFFECTED, REQUIRED)


def test_servers_of_one_batch_are_on_their_own_sides_of_an_end() -> None:
    """Also where no fix compares a build, and the ends are in the range of one level."""
    catalogue = catalogue_of(rule(affects=[{"builds": {"from": "5.5.2653.10", "below": "5.5.2653.20"}}]))
    builds = ["5.5.2653.9", "5.5.2653.10", "5.5.2653.19", "5.5.2653.20"]
    servers = [
        mail(server=f"MAIL{place}", info=OLD, level=None, files=[{"name": "Store.exe", "version": one}])
        for place, one in enumerate(builds)
    ]
    rows = fleet_rows(catalogue, piece_of(servers))[0]
    found = {row["server"]: row["decision"] for row in rows}
    assert list(found.values()) == ["not-affected", "fix-required", "fix-required", "not-affected"]
    assert rows == single_rows(catalogue, servers)


def test_facts_on_different_sides_of_an_end_leave_it_open() -> None:
    catalogue = catalogue_of(rule(affects=[{"builds": {"below": "5.5.2653.20"}}]))
    facts = mail(info=OLD, build="5.5.2653.25", files=[{"name": "Store.exe", "version": "5.5.2653.19"}])
    assert outcome(catalogue, facts) == OPEN
    assert {"build-differs", "condition-unknown"} <= set(codes(decide(catalogue, facts)))


@pytest.mark.parametrize("build", ["5.5.2448.8", "6.0.4417"])
@pytest.mark.parametrize("levels", [{}, {"levels": ["5.5 SP4"]}])
def test_a_build_that_contradicts_the_level_does_not_deny_a_range(build: str, levels: dict[str, Any]) -> None:
    """The level alone leaves the build open, so that not each fact by itself says no."""
    asked = {"from": "5.5.2653.10", "to": "5.5.2653.20"}
    catalogue = catalogue_of(rule(affects=[{"builds": asked, **levels}]))
    facts = mail(info=OLD, build=build)
    assert outcome(catalogue, facts) == OPEN
    assert "level-contradicted" in codes(decide(catalogue, facts))


@pytest.mark.parametrize(("build", "expected"), [("5.5.2448.8", OPEN), ("5.5.2653.25", NOT_AFFECTED)])
def test_a_contradicted_product_beside_is_not_denied_by_its_build(build: str, expected: str) -> None:
    beside = {"product": "mail-server", "builds": {"from": "5.5.2653.10", "to": "5.5.2653.20"}}
    own = {"product": "host-system", "levels": ["4.0 SP6"]}
    catalogue = catalogue_of(rule(product="host-system", affects=[{"all": [own, beside]}]))
    products = [{"name": HOST, "level": "4.0 SP6"}, {"name": MAIL_SERVER, "level": "5.5 SP4", "build": build}]
    assert (
        outcome(catalogue, server(products=products, files=[{"name": "Info.dll", "version": OLD}]))
        == expected
    )


def test_a_contradicted_level_carries_no_fix_where_a_platform_denies_the_rule() -> None:
    catalogue = catalogue_of(rule(affects=[{"platform": "alpha"}]))
    facts = mail(info=OLD, build="5.5.2448.8", platform="x86")
    assert outcome(catalogue, facts) == NOT_AFFECTED
    found = codes(decide(catalogue, facts))
    assert {"level-contradicted", "condition-not-met"} <= set(found)
    assert "corrected-in-level" not in found


@pytest.mark.parametrize(("key", "own", "other"), [("platform", "x86", "alpha"), ("language", "en", "de")])
def test_a_platform_and_a_language(key: str, own: str, other: str) -> None:
    catalogue = catalogue_of(rule(affects=[{"levels": ["5.5 SP4"], key: own}]))
    assert outcome(catalogue, mail(info=OLD, **{key: own})) == REQUIRED
    assert outcome(catalogue, mail(info=OLD, **{key: other})) == NOT_AFFECTED
    assert outcome(catalogue, mail(info=OLD)) == OPEN
    assert reason(decide(catalogue, mail(info=OLD)), "condition-unknown").expected == own


def test_one_entry_that_holds_is_enough() -> None:
    catalogue = catalogue_of(rule(affects=[{"levels": ["5.5 SP4"], "platform": "alpha"}, "5.5 SP4"]))
    assert outcome(catalogue, mail(info=OLD, platform="x86")) == REQUIRED


def both(level: str, host: str | None, **keys: Any) -> needfix.Server:  # noqa: ANN401 - any key of the format
    products = [{"name": MAIL_SERVER, "level": level}]
    if host is not None:
        products.append({"name": HOST, "level": host} if host else {"name": HOST})
    return server(products=products, files=[{"name": "Info.dll", "version": OLD}], **keys)


@pytest.mark.parametrize(
    ("level", "host", "expected"),
    [
        ("5.5 SP4", "4.0 SP6", REQUIRED),
        ("5.5 SP4", "4.0 SP5", NOT_AFFECTED),
        ("5.5 SP3", "4.0 SP6", NOT_AFFECTED),
        ("5.5 SP4", None, NOT_AFFECTED),
        ("5.5 SP4", "", OPEN),
        ("5.5 SP3", "", NOT_AFFECTED),
    ],
)
def test_all_of_several_products(level: str, host: str | None, expected: str) -> None:
    assert outcome(catalogue_of(rule(affects=[TOGETHER])), both(level, host)) == expected


def test_a_product_beside_may_be_there_where_the_list_is_not_whole() -> None:
    catalogue = catalogue_of(rule(affects=[TOGETHER]))
    facts = server(files=[
        {"name": "Store.exe", "version": "5.5.2653.23"}, {"name": "Info.dll", "version": OLD},
    ])  # fmt: skip
    assert outcome(catalogue, facts) == OPEN


def test_the_reason_names_what_is_not_there() -> None:
    decided = decide(catalogue_of(rule(affects=[TOGETHER])), both("5.5 SP4", None))
    assert reason(decided, "condition-not-met").text == f"Only servers with {HOST} 4.0 SP6 are affected"
    builds = catalogue_of(rule(affects=[{"builds": {"from": "5.5.2653.10", "below": "5.5.2653.20"}}]))
    found = reason(decide(builds, mail(info=OLD, build="5.5.2653.25")), "condition-not-met")
    assert found.text == (
        f"Only builds from 5.5.2653.10 below 5.5.2653.20 of {MAIL_SERVER} are affected; "
        "the stated build is 5.5.2653.25"
    )


def test_what_an_entry_of_other_levels_asks_for_is_no_reason() -> None:
    entries = [{"levels": ["5.5 SP3"], "language": "de"}, {"levels": ["5.5 SP4"], "platform": "x86"}]
    catalogue = catalogue_of(rule(affects=entries))
    assert outcome(catalogue, mail(info=OLD)) == OPEN
    shown = [one.text for one in decide(catalogue, mail(info=OLD)).reasons if one.code == "condition-unknown"]
    assert shown == [f"Only the platform x86 is affected, and that of {MAIL_SERVER} is not known"]
    unknown = decide(catalogue, mail(None, info=OLD)).reasons
    assert len([one for one in unknown if one.code == "condition-unknown"]) == len(entries)


def test_the_rule_lists_the_levels_of_the_entries_that_hold() -> None:
    entries = [{"levels": ["5.5 SP3", "5.5 SP4"]}, {"builds": {"from": "5.5.2653.10"}}]
    catalogue = catalogue_of(rule(affects=entries))
    denied = reason(decide(catalogue, mail(info=OLD, build="5.5.2653.5")), "level-affected")
    assert denied.text == f"{MAIL_SERVER} 5.5 SP4 is affected; the rule lists 5.5 SP3, 5.5 SP4"
    holding = reason(decide(catalogue, mail(info=OLD, build="5.5.2653.15")), "level-affected")
    assert holding.text == f"{MAIL_SERVER} 5.5 SP4 is affected; the rule lists every level"


def test_an_entry_is_shown_and_written_as_it_was_read() -> None:
    entries = [
        {
            "product": "mail-server",
            "builds": {"above": "5.5.1", "to": "5.5.9"},
            "platform": "x86",
            "language": "en",
        },
        {"all": [{"product": "mail-server"}, {"product": "host-system", "levels": ["4.0 SP6"]}]},
    ]
    found = catalogue_of(rule(affects=entries))["Q100001"]
    assert [entry.as_dict() for entry in found.affects] == entries
    assert list(map(affected, found.affects)) == [
        "mail-server every level builds above 5.5.1 to 5.5.9 x86 en",
        "mail-server every level with host-system 4.0 SP6",
    ]


def probed(entry: dict[str, Any]) -> dict[str, str]:
    """What is decided for the probes of what an entry asks for beside a level."""
    catalogue = catalogue_of(rule(affects=[entry]))
    own = catalogue["Q100001"]
    found = {}
    for probe in probes(own, catalogue):
        facts = server_of(probe.name, probe.given, product_of(catalogue, own), probe.at)
        assert isinstance(facts, needfix.Server), facts
        decided = outcome(catalogue, facts).split(",")[0]
        if probe.aim in {"asked", "not-asked"}:
            found[probe.name] = decided
    return found


def test_probes_stand_at_the_ends_of_builds_and_on_other_platforms() -> None:
    builds = {"from": "5.5.2653.10", "to": "5.5.2653.20"}
    assert probed({"levels": ["5.5 SP4"], "builds": builds, "platform": "x86"}) == {
        "x86 build 5.5.2653.9": "not-affected",
        "x86 build 5.5.2653.10": "fix-required",
        "x86 build 5.5.2653.11": "fix-required",
        "x86 build 5.5.2653.20": "fix-required",
        "x86 build 5.5.2653.21": "not-affected",
        "5.5 SP4 alpha, not the platform": "not-affected",
        "5.5 SP4, platform not stated": "undetermined",
    }


def test_probes_leave_out_each_product_beside() -> None:
    assert probed(TOGETHER) == {"5.5 SP4, without Contoso Host System": "not-affected"}


def test_explain_changes_what_an_entry_asks_for() -> None:
    catalogue = catalogue_of(rule(affects=[{"builds": {"below": "5.5.2653.20"}, "platform": "x86"}]))
    found = needfix.explain(catalogue, mail(info=OLD, build="5.5.2653.25", platform="x86"), "Q100001")
    assert any("5.5.2653.19" in str(one) for one in found.alterations)
