"""Branches: which fix of a rule is for a server."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import pytest

from tests.decide.support import (
    NEW,
    OLD,
    answer,
    codes,
    decide,
    fix,
    load,
    mail,
    reason,
    rule,
    server,
)

BETWEEN = "5.5.2654.5"
"""Between the minima LOW and NEW of two branches."""

LOW = "5.5.2654.1"


def branches(one: dict[str, Any], other: dict[str, Any], **keys: Any) -> dict[str, Any]:  # noqa: ANN401
    """A rule with two branches: the first has the lower minimum."""
    return rule(fixes=[fix({"Info.dll": LOW}, **one), fix({"Info.dll": NEW}, **other)], **keys)


@pytest.mark.parametrize(
    ("key", "one", "other"),
    [
        ("level", "5.5 SP3", "5.5 SP4"),
        ("edition", "Standard Edition", "Enterprise Edition"),
        ("platform", "x86", "alpha"),
        ("language", "en", "de"),
    ],
)
def test_each_key_chooses_its_branch(tmp_path: Path, key: str, one: str, other: str) -> None:
    catalogue = load(tmp_path, branches({key: one}, {key: other}))
    assert decide(catalogue, mail(info=BETWEEN, **{key: one})).decision == "fix-present"
    assert decide(catalogue, mail(info=BETWEEN, **{key: other})).decision == "fix-required"


@pytest.mark.parametrize(
    ("key", "one", "other"),
    [
        ("platform", "Intel", "DEC Alpha"),
        ("language", "en-US", "German"),
        ("edition", "standard", "ENTERPRISE"),
    ],
)
def test_branch_keys_are_understood_as_people_write_them(
    tmp_path: Path, key: str, one: str, other: str
) -> None:
    keys = {"platform": ("x86", "alpha"), "language": ("en", "de")}
    wanted = keys.get(key, ("Standard Edition", "Enterprise Edition"))
    catalogue = load(tmp_path, branches({key: wanted[0]}, {key: wanted[1]}))
    assert decide(catalogue, mail(info=BETWEEN, **{key: one})).decision == "fix-present"
    assert decide(catalogue, mail(info=BETWEEN, **{key: other})).decision == "fix-required"


@pytest.mark.parametrize(
    ("key", "one", "stated"),
    [
        ("level", "5.5 SP3", "5.5 SP4"),
        ("edition", "Standard Edition", "Enterprise"),
        ("platform", "x86", "alpha"),
    ],
)
def test_no_fix_for_this_servers_branch(tmp_path: Path, key: str, one: str, stated: str) -> None:
    catalogue = load(tmp_path, rule(fixes=[fix(None, **{key: one})]))
    decided = decide(catalogue, mail(info=OLD, **{key: stated}))
    assert answer(decided) == "undetermined, investigate"
    found = reason(decided, "no-branch")
    assert (found.observed, found.expected) == (stated, one)


@pytest.mark.parametrize("key", ["edition", "platform", "language"])
def test_a_key_gates_only_where_both_state_it(tmp_path: Path, key: str) -> None:
    value = {"edition": "Standard Edition", "platform": "x86", "language": "en"}[key]
    only_rule = load(tmp_path / "a", rule(fixes=[fix(None, **{key: value})]))
    assert decide(only_rule, mail(info=OLD)).decision == "fix-required"
    only_server = load(tmp_path / "b", rule())
    assert decide(only_server, mail(info=OLD, **{key: value})).decision == "fix-required"


def test_a_fix_for_everyone_is_for_those_without_a_branch_of_their_own(tmp_path: Path) -> None:
    catalogue = load(tmp_path, branches({"platform": "x86"}, {}))
    assert decide(catalogue, mail(info=BETWEEN, platform="x86")).decision == "fix-present"
    assert decide(catalogue, mail(info=BETWEEN, platform="alpha")).decision == "fix-required"


def test_a_branch_of_several_levels(tmp_path: Path) -> None:
    early = {"level": {"from": "5.5", "to": "5.5 SP3"}}
    catalogue = load(tmp_path, branches(early, {"level": "5.5 SP4"}, affects=["5.5", "5.5 SP3", "5.5 SP4"]))
    assert decide(catalogue, mail("5.5", BETWEEN)).decision == "fix-present"
    assert decide(catalogue, mail("5.5 SP3", BETWEEN)).decision == "fix-present"
    assert decide(catalogue, mail("5.5 SP4", BETWEEN)).decision == "fix-required"


def test_the_platform_of_all_files_tells_that_of_the_product(tmp_path: Path) -> None:
    catalogue = load(tmp_path, branches({"platform": "x86"}, {"platform": "alpha"}))
    files = [{"name": "Info.dll", "version": BETWEEN, "platform": "alpha"}]
    assert decide(catalogue, mail(files=files)).decision == "fix-required"


# ---- language


def test_versions_compare_in_a_language_that_is_not_listed(tmp_path: Path) -> None:
    catalogue = load(tmp_path, rule(fixes=[fix(language="en")]))
    for info, expected in ((OLD, "fix-required"), (NEW, "fix-present")):
        decided = decide(catalogue, mail(info=info, language="fr"))
        assert decided.decision == expected
        found = reason(decided, "language-not-listed")
        assert (found.observed, found.expected) == ("fr", "en")


def test_modified_times_do_not_compare_in_a_language_that_is_not_listed(tmp_path: Path) -> None:
    dated = fix({"Info.dll": {"modified": "2000-03-14T18:00"}}, language="en")
    catalogue = load(tmp_path, rule(fixes=[dated]))
    files = [{"name": "Info.dll", "modified": "1999-01-01"}]
    decided = decide(catalogue, mail(files=files, language="fr"))
    assert answer(decided) == "undetermined, investigate"
    assert {"no-branch", "language-not-listed"} <= set(codes(decided))
    assert decide(catalogue, mail(files=files, language="en")).decision == "fix-required"
    assert decide(catalogue, mail(files=files)).decision == "fix-required"


# ---- facts that choose the branch are missing


def test_branches_that_agree_give_their_answer(tmp_path: Path) -> None:
    catalogue = load(tmp_path, branches({"platform": "x86"}, {"platform": "alpha"}))
    assert answer(decide(catalogue, mail(info=OLD))) == "fix-required, apply"
    assert answer(decide(catalogue, mail(info=NEW))) == "fix-present, none"
    assert "branch-ambiguous" not in codes(decide(catalogue, mail(info=OLD)))


@pytest.mark.parametrize(
    ("key", "one", "other"),
    [
        ("edition", "Standard Edition", "Enterprise Edition"),
        ("platform", "x86", "alpha"),
        ("language", "en", "de"),
    ],
)
def test_branches_that_disagree_leave_it_undetermined_and_name_the_facts(
    tmp_path: Path, key: str, one: str, other: str
) -> None:
    catalogue = load(tmp_path, branches({key: one}, {key: other}))
    decided = decide(catalogue, mail(info=BETWEEN))
    assert answer(decided) == "undetermined, investigate"
    found = reason(decided, "branch-ambiguous")
    assert found.expected == f"{one} or {other}"
    assert f"for {one} the files are present; for {other} the files are outdated" in found.text


def test_branches_by_product(tmp_path: Path) -> None:
    affects = [{"product": "mail-server", "levels": ["5.5 SP4"]}, {"product": "host-system"}]
    document = branches({"product": "mail-server"}, {"product": "host-system"}, product=None, affects=affects)
    catalogue = load(tmp_path, document)
    info = [{"name": "Info.dll", "version": BETWEEN}]
    assert decide(catalogue, mail(info=BETWEEN)).decision == "fix-present"
    host = server(products=[{"name": "Contoso Host System", "level": "4.0"}], files=info)
    assert decide(catalogue, host).decision == "fix-required"


def test_no_branch_is_not_needed_where_the_level_is_not_listed(tmp_path: Path) -> None:
    catalogue = load(tmp_path, rule(fixes=[fix(level="5.5 SP3")]))
    assert decide(catalogue, mail("5.5 SP2", OLD)).decision == "not-affected"


def test_components_are_grouped_by_branch(tmp_path: Path) -> None:
    fixes = [
        fix({"Info.dll": LOW}, platform="x86", component="Store"),
        fix({"Gate.dll": "2.0"}, platform="x86", component="Gateway"),
        fix({"Info.dll": NEW}, platform="alpha", component="Store"),
    ]
    catalogue = load(tmp_path, rule(fixes=fixes))
    gate = [{"name": "Gate.dll", "version": "1.0"}]
    assert "partial" in codes(decide(catalogue, mail(info=BETWEEN, files=gate, platform="x86")))
    alpha = decide(catalogue, mail(info=NEW, files=gate, platform="alpha"))
    assert answer(alpha) == "fix-present, none"
