"""Branches: which fix of a rule is for a server."""

from __future__ import annotations

from dataclasses import replace
from pathlib import Path
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

import needfix
from needfix.compare.branches import choose
from needfix.compare.installation import Installation
from needfix.intake.vocabularies import folded_platform
from needfix.model.rule import Fix
from tests.decide.branch_strategies import (
    LEVELS,
    editions,
    fixes,
    installations,
    languages,
    platforms,
    rule_of,
)
from tests.support.catalogues import (
    NEW,
    OLD,
    Document,
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
    pair = keys.get(key, ("Standard Edition", "Enterprise Edition"))
    catalogue = load(tmp_path, branches({key: pair[0]}, {key: pair[1]}))
    assert decide(catalogue, mail(info=BETWEEN, **{key: one})).decision == "fix-present"
    assert decide(catalogue, mail(info=BETWEEN, **{key: other})).decision == "fix-required"


@pytest.mark.parametrize(
    ("key", "one", "stated"),
    [
        ("level", "5.5 SP3", "5.5 SP4"),
        ("edition", "Standard Edition", "Enterprise Edition"),
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


def test_the_platform_of_key_files_is_that_of_the_product(tmp_path: Path) -> None:
    catalogue = load(tmp_path, branches({"platform": "x86"}, {"platform": "alpha"}))
    other = [{"name": "Info.dll", "version": BETWEEN, "platform": "alpha"}]
    assert codes(decide(catalogue, mail(files=other)))[0] == "branch-ambiguous"
    files = [*other, {"name": "Store.exe", "platform": "alpha"}]
    assert decide(catalogue, mail(files=files)).decision == "fix-required"


# ---- fixes that overlap


def overlapping(folder: Path, **keys: Any) -> needfix.Catalogue:  # noqa: ANN401
    """A low minimum for SP4 on x86, and a high one for everyone else."""
    return load(folder, branches({"level": "5.5 SP4", "platform": "x86"}, {}, **keys))


def test_a_fix_for_another_platform_does_not_stand_before_one_for_everyone(tmp_path: Path) -> None:
    catalogue = overlapping(tmp_path)
    assert decide(catalogue, mail(info=BETWEEN, platform="x86")).decision == "fix-present"
    assert decide(catalogue, mail(info=BETWEEN, platform="alpha")).decision == "fix-required"
    assert decide(catalogue, mail("5.5 SP3", BETWEEN, platform="x86")).decision == "fix-required"


def test_a_fix_that_only_may_be_the_one_must_agree_with_those_that_it_would_push_out(tmp_path: Path) -> None:
    catalogue = overlapping(tmp_path)
    decided = decide(catalogue, mail(info=BETWEEN))
    assert answer(decided) == "undetermined, investigate"
    assert reason(decided, "branch-ambiguous").text == (
        "The facts do not show which fix is for this server: "
        "for 5.5 SP4 x86 the files are present; for any other server the files are outdated"
    )
    assert answer(decide(catalogue, mail(info=NEW))) == "fix-present, none"
    assert answer(decide(catalogue, mail(info=OLD))) == "fix-required, apply"


SP4: Document = {"level": "5.5 SP4"}
X86: Document = {"platform": "x86"}
ENTERPRISE: Document = {"edition": "Enterprise Edition"}
GERMAN: Document = {"language": "de"}
ENGLISH: Document = {"language": "en"}


@pytest.mark.parametrize(
    ("of_fixes", "stated", "possible"),
    [
        ([SP4, SP4 | X86, {}], {}, "5.5 SP4 or 5.5 SP4 x86"),
        ([SP4, SP4 | X86, {}], {"platform": "alpha"}, "5.5 SP4"),
        ([X86, ENTERPRISE, {}], {"platform": "x86"}, "x86 or Enterprise Edition"),
        ([X86, ENTERPRISE, {}], {"edition": "Enterprise"}, "Enterprise Edition"),
        ([X86, ENTERPRISE, {}], {}, "x86 or Enterprise Edition or any other server"),
        ([X86, SP4 | X86], {}, "5.5 SP4 x86"),
        ([X86 | GERMAN, X86 | ENGLISH], {"language": "de"}, "x86 de"),
        ([X86 | GERMAN, ENGLISH], {"language": "de"}, "x86 de or en"),
        ([X86 | GERMAN, GERMAN, ENGLISH], {"language": "de"}, "x86 de or de"),
        ([SP4 | ENGLISH, GERMAN], {"language": "de"}, "de"),
        ([SP4 | ENGLISH, GERMAN], {}, "5.5 SP4 en or de"),
        ([SP4 | ENGLISH, GERMAN], {"language": "fr"}, "5.5 SP4 en"),
    ],
)
def test_every_fix_counts_that_could_be_chosen_if_all_were_stated(
    tmp_path: Path, of_fixes: list[Document], stated: Document, possible: str
) -> None:
    shown = [fix({f"{number}.dll": "1.0"}, **keys) for number, keys in enumerate(of_fixes)]
    files = [{"name": f"{number}.dll", "version": "1.0"} for number in range(len(of_fixes))]
    catalogue = load(tmp_path, rule(fixes=shown))
    decided = decide(catalogue, mail(files=files, **stated))
    names = [" ".join(keys.values()) or "any other server" for keys in of_fixes]
    compared = {one.file for one in decided.reasons if one.code.startswith("file-")}
    assert {names[int(file.partition(".")[0])] for file in compared if file} == set(possible.split(" or "))


def test_levels_that_are_not_possible_are_out(tmp_path: Path) -> None:
    catalogue = load(tmp_path, branches({"level": "6.0 SP1"}, {"level": ["5.0", "5.0 SP3"]}, affects=ALL))
    version_5_0 = server(
        products=[{"name": "Contoso Mail Server 5.0"}], files=[{"name": "Info.dll", "version": BETWEEN}]
    )
    assert decide(catalogue, version_5_0).decision == "fix-required"
    version_5_5 = server(products=[{"name": "Contoso Mail Server 5.5"}])
    found = reason(decide(catalogue, version_5_5), "no-branch")
    assert found.observed == "5.5 or 5.5 SP1 or 5.5 SP2 or 5.5 SP3 or 5.5 SP4"


ALL = [{"product": "mail-server"}]


def test_no_branch_names_the_keys_that_rule_out_all_fixes_together(tmp_path: Path) -> None:
    catalogue = load(tmp_path, branches({"level": "5.5 SP3", "platform": "alpha"}, SP4 | X86))
    found = reason(decide(catalogue, mail(platform="alpha")), "no-branch")
    assert found.text == (
        "Q100001 has no fix for the level 5.5 SP4 and the platform alpha; "
        "its fixes are for: 5.5 SP3 alpha; 5.5 SP4 x86"
    )
    assert found.observed == "alpha"
    plain = reason(decide(catalogue, mail(platform="mips")), "no-branch")
    assert plain.text.startswith("Q100001 has no fix for the platform mips; its fixes")


_EVERY_FACT = {
    "level": st.sampled_from(LEVELS),
    "edition": editions,
    "platforms": platforms.map(lambda name: (folded_platform(name),)),
    "language": languages,
}


@given(fixes, installations, st.fixed_dictionaries({}, optional=_EVERY_FACT))
def test_a_fact_that_becomes_known_brings_in_no_fix_that_was_not_possible_before(
    listed: list[Fix], here: Installation, facts: dict[str, Any]
) -> None:
    new = {key: value for key, value in facts.items() if not getattr(here, key, None)}
    level = new.pop("level", None)
    known = replace(here, possible=(level,), is_known=True) if level in here.possible else here
    assert chosen(listed, replace(known, **new)) <= chosen(listed, here)


def chosen(listed: list[Fix], here: Installation) -> set[int]:
    """The numbers of the fixes that an installation can need."""
    kept = {id(one) for branch in choose(rule_of(listed), here).branches for one in branch.fixes}
    return {number for number, one in enumerate(listed) if id(one) in kept}


# ---- language


def test_another_language_is_reported_where_a_fix_for_it_may_be_needed(tmp_path: Path) -> None:
    catalogue = load(tmp_path, branches(X86 | GERMAN, ENGLISH))
    decided = decide(catalogue, mail(info=BETWEEN, language="de"))
    assert answer(decided) == "undetermined, investigate"
    shown = reason(decided, "language-not-listed")
    assert shown.text == "A fix that this server may need is listed for en; this server's language is de"
    plain = decide(catalogue, mail(info=BETWEEN, language="de", platform="x86"))
    assert (plain.decision, "language-not-listed" in codes(plain)) == ("fix-present", False)


def test_modified_times_of_another_language_are_left_out_beside_a_fix_in_the_language(tmp_path: Path) -> None:
    dated = fix({"Info.dll": {"modified": "2000-03-14T18:00"}}, language="en")
    catalogue = load(tmp_path, rule(fixes=[fix(**X86, **GERMAN), dated]))
    decided = decide(catalogue, mail(info=OLD, language="de"))
    assert (decided.decision, "language-not-listed" in codes(decided)) == ("fix-required", False)


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


def test_levels_without_a_fix_are_one_reason_for_each_later_one() -> None:
    """Of an update of today there are dozens, and a server that states no level may be at any."""
    levels = [{"level": f"2019 {name}"} for name in ("RTM", "CU1", "CU2", "CU3", "CU4", "CU5")]
    product = {"needfix": 1, "product": "base", "name": "Base", "levels": levels}
    fixes = [fix(level="2019 CU3"), fix({"Other.dll": {"version": "9.1.2.3"}}, level="2019 CU5")]
    affects = ["2019 RTM", "2019 CU1", "2019 CU2", "2019 CU3", "2019 CU4", "2019 CU5"]
    catalogue = catalogue_of(product, rule(product="base", affects=affects, fixes=fixes))
    decided = decide(catalogue, server(products=[{"name": "Base 2019"}]))
    found = [one for one in decided.reasons if one.code == "no-fix-for-level"]
    assert [(one.observed, one.expected) for one in found] == [
        ("2019 RTM to 2019 CU2", "2019 CU3"),
        ("2019 CU4", "2019 CU5"),
    ]
    assert found[0].text.endswith(
        "has no fix for Base 2019 RTM to 2019 CU2; the next one is for 2019 CU3, which is needed first"
    )
