"""Which fixes contain which others, as only the files show it."""

from __future__ import annotations

from pathlib import Path
from time import process_time
from typing import Any

import pytest

import needfix
from needfix.containment import containment_of
from tests.lint.support import covers
from tests.support.catalogues import MAIL, SYSTEM, Document, catalogue_of, decide, fix, load, mail, rule

OLDER = {"Info.dll": "5.5.2654.10"}
NEWER = {"Info.dll": "5.5.2654.11"}
LINES = [{"version": "1.0.5"}, {"from": "2.0", "version": "2.0.4"}]
HIGHER_LINES = [{"version": "1.0.5"}, {"from": "2.0", "version": "2.0.5"}]


def covers_each_other(folder: Path, newer: Document, older: Document) -> tuple[bool, bool]:
    """Whether the newer fix covers the older one, and whether the two are the same."""
    found = containment_of(load(folder, newer, older))
    return found.contains == {"Q2": {"Q1"}}, found.same == (("Q2", "Q1"),)


def pair(newer: Document, older: Document, **keys: Any) -> tuple[Document, Document]:  # noqa: ANN401
    return rule("Q2", fixes=[newer], **keys), rule("Q1", fixes=[older], **keys)


@pytest.mark.parametrize(
    ("newer", "older"),
    [
        (fix(NEWER), fix(OLDER)),
        (fix({"INFO.DLL": "5.5.2654.11"}), fix(OLDER)),
        (fix({"Info.dll": "5.5.2655"}), fix(OLDER)),
        (fix({**OLDER, "Store.exe": "5.5.2654.2"}), fix({**OLDER, "Store.exe": "5.5.2654.1"})),
        (fix({**OLDER, "Store.exe": "5.5.2654.2"}), fix(OLDER)),
        (fix(NEWER), fix({**OLDER, "a.inf": {}})),
        (fix(NEWER, component="Store"), fix(OLDER, component="Directory")),
        (fix(NEWER), fix(OLDER, language="en", platform="x86", level="5.5 SP3", edition="Standard Edition")),
        (fix(NEWER, language="English", platform="i386"), fix(OLDER, language="en-US", platform="x86")),
        (fix({"a.dll": {"modified": "2000-03-15"}}), fix({"a.dll": {"modified": "2000-03-14T18:00"}})),
        ({"build": "5.5.2653.31"}, {"build": "5.5.2653.30"}),
        ({**fix(OLDER), "build": "5.5.2653.30"}, {"build": "5.5.2653.30"}),
        ({"build": "5.5.2653.31"}, {"build": {"above": "5.5.2653.30"}}),
        ({"build": {"above": "5.5.2653.30"}}, {"build": "5.5.2653.30"}),
        (fix({"Info.dll": "2.0.4"}), fix({"Info.dll": LINES})),
        (fix({"Info.dll": HIGHER_LINES}), fix({"Info.dll": LINES})),
        (fix({"Info.dll": LINES}), fix({"Info.dll": "1.0.5"})),
        (
            fix({"Info.dll": {"version": "5.5.2654.11", "path": "Exchsrvr\\Bin"}}),
            fix({"Info.dll": {"version": "5.5.2654.10", "path": "exchsrvr/bin/"}}),
        ),
    ],
)
def test_a_fix_that_covers_another(tmp_path: Path, newer: Document, older: Document) -> None:
    assert covers_each_other(tmp_path, *pair(newer, older)) == (True, False)


def test_at_a_level_without_a_fix_the_next_one_counts(tmp_path: Path) -> None:
    newer, older = fix(NEWER, level="5.5 SP4"), fix(OLDER, level="5.5 SP3")
    assert covers_each_other(tmp_path, *pair(newer, older)) == (True, False)
    lower = rule("Q2", fixes=[fix({"Info.dll": "5.5.2654.9"}, level="5.5 SP3"), newer])
    assert covers_each_other(tmp_path, lower, rule("Q1", fixes=[fix(OLDER, level="5.5 SP4")])) == (
        False,
        False,
    )


@pytest.mark.parametrize(
    ("newer", "older"),
    [
        ({"build": "5.5.2653.31"}, fix(OLDER)),
        (fix({"Info.dll": LINES}), fix({"Info.dll": "1.0.6"})),
        (fix({"Info.dll": "1.0.6"}), fix({"Info.dll": LINES})),
        (fix({"Info.dll": {"above": "1.0.5"}}), fix({"Info.dll": LINES})),
        (fix(NEWER), fix({**OLDER, "Store.exe": "5.5.2654.1"})),
        (fix({**NEWER, "Store.exe": "5.5.2654.1"}), fix({**OLDER, "Store.exe": "5.5.2654.2"})),
        (fix(NEWER, platform="alpha"), fix(OLDER, platform="x86")),
        (fix(NEWER, language="de"), fix(OLDER, language="en")),
        (fix(NEWER, level="5.5 SP3"), fix(OLDER, level="5.5 SP4")),
        (fix(NEWER, edition="Standard Edition"), fix(OLDER, edition="Enterprise Edition")),
        (fix({"Info.dll": {"modified": "2002-01-01"}}), fix(OLDER)),
        (fix({"a.dll": {"modified": "2000-03-14"}}), fix({"a.dll": {"modified": "2000-03-14T18:00"}})),
        (fix({"Info.dll": {"version": "5.5.2654.11", "path": "bin"}}), fix(OLDER)),
        (fix({"a.inf": {}}), fix({"a.inf": {}})),
    ],
)
def test_a_fix_that_does_not_cover_another(tmp_path: Path, newer: Document, older: Document) -> None:
    found = containment_of(load(tmp_path, *pair(newer, older)))
    assert "Q1" not in found.contains.get("Q2", ())
    assert found.same == ()


def test_rules_for_other_products_or_other_levels_cover_nothing(tmp_path: Path) -> None:
    assert (
        covers(
            tmp_path,
            rule("Q3", fixes=[fix(NEWER)], product="host-system", affects=["4.0 SP5"]),
            rule("Q2", fixes=[fix(NEWER)], affects=["6.0"]),
            rule("Q1", fixes=[fix(OLDER)], affects=["5.5"]),
        )
        == {}
    )


def of_mail(**keys: Any) -> Document:  # noqa: ANN401 - keys of an entry
    return {"affects": [{"product": "mail-server", **keys}]}


def together(**keys: Any) -> Document:  # noqa: ANN401 - keys of an entry
    return {"affects": [{"all": [{"product": "mail-server"}, {"product": "host-system", **keys}]}]}


@pytest.mark.parametrize(
    ("newer", "older", "covers"),
    [
        (of_mail(builds={"to": "5.5.2653.9"}), of_mail(builds={"to": "5.5.2653.5"}), True),
        (of_mail(builds={"from": "5.5.2653.5"}), of_mail(builds={"below": "5.5.2653.5"}), False),
        (of_mail(builds={"above": "5.5.2653.5"}), of_mail(builds={"to": "5.5.2653.5"}), False),
        (of_mail(builds={"from": "5.5.2653.5"}), of_mail(builds={"to": "5.5.2653.5"}), True),
        (of_mail(builds={"from": "5.5.2653.5"}), of_mail(levels=["5.5 SP4"]), True),
        (of_mail(builds={"from": "5.5.2653.5"}), of_mail(levels=["5.5 SP3"]), False),
        (of_mail(levels=["5.5 SP3"]), of_mail(builds={"from": "5.5.2653.5"}), False),
        (of_mail(builds={"from": "5.5.2653.5"}), of_mail(builds={"below": "5.5.2650"}), False),
        (of_mail(levels=["5.5 SP4"]), together(), True),
        (together(levels=["4.0 SP6"]), together(levels=["4.0 SP6", "4.0 SP6a"]), True),
        (together(levels=["4.0 SP6"]), together(levels=["4.0 SP6a"]), False),
        (together(edition="A"), together(edition="B"), False),
        (together(platform="x64"), together(platform="AMD64"), True),
        (together(builds={"below": "2.4"}), together(builds={"from": "2.4"}), False),
    ],
)
def test_what_entries_ask_for_must_be_there_together(
    tmp_path: Path,
    newer: Document,
    older: Document,
    covers: bool,  # noqa: FBT001
) -> None:
    fixes: Document = {"fixes": [fix(NEWER)]}
    rules = rule("Q2", product=None, **fixes, **newer), rule("Q1", product=None, **older)
    assert covers_each_other(tmp_path, *rules) == (covers, False)


def test_every_branch_of_the_older_fix_must_be_covered(tmp_path: Path) -> None:
    both = [fix(OLDER, platform="x86"), fix(OLDER, platform="alpha")]
    one = rule("Q2", fixes=[fix(NEWER, platform="x86")])
    assert covers(tmp_path, one, rule("Q1", fixes=both)) == {}
    assert covers(tmp_path, one, rule("Q1", fixes=both[:1])) == {"Q2": {"Q1"}}


def test_every_branch_that_a_server_can_be_of_must_cover(tmp_path: Path) -> None:
    newer = [fix(NEWER, platform="x86"), fix({"Info.dll": "5.5.2654.1"}, platform="alpha")]
    assert covers(tmp_path, rule("Q2", fixes=newer), rule("Q1", fixes=[fix(OLDER)])) == {}


def test_the_components_of_a_branch_belong_together(tmp_path: Path) -> None:
    parts = [fix(NEWER, component="a"), fix({"Store.exe": "5.5.2654.2"}, component="b")]
    older = rule("Q1", fixes=[fix({**OLDER, "Store.exe": "5.5.2654.2"})])
    assert covers(tmp_path, rule("Q2", fixes=parts), older) == {"Q2": {"Q1"}}


def test_a_rule_for_several_products_is_covered_only_in_all_of_them(tmp_path: Path) -> None:
    two = {"product": None, "affects": [{"product": MAIL["product"]}, {"product": SYSTEM["product"]}]}
    newer, older = pair(fix(NEWER), fix(OLDER), **two)
    assert covers(tmp_path, newer, older) == {"Q2": {"Q1"}}
    assert covers(tmp_path, rule("Q2", fixes=[fix(NEWER)]), older) == {}


def test_a_fix_for_one_product_of_a_rule_covers_nothing_of_the_others(tmp_path: Path) -> None:
    two = {"product": None, "affects": [{"product": MAIL["product"]}, {"product": SYSTEM["product"]}]}
    older = rule("Q1", fixes=[fix(OLDER, product="host-system")], **two)
    for product, found in (("mail-server", {}), ("host-system", {"Q2": {"Q1"}})):
        assert covers(tmp_path, rule("Q2", fixes=[fix(NEWER, product=product)], **two), older) == found


def test_the_edition_that_alone_is_affected_counts_as_the_branch(tmp_path: Path) -> None:
    def only(rule_id: str, edition: str, files: dict[str, str]) -> Document:
        entry = {"product": "mail-server", "edition": edition}
        return rule(rule_id, product=None, affects=[entry], fixes=[fix(files)])

    enterprise = only("Q2", "Enterprise Edition", NEWER)
    assert covers(tmp_path, enterprise, only("Q1", "Standard Edition", OLDER)) == {}
    assert covers(tmp_path, enterprise, only("Q1", "enterprise", OLDER)) == {"Q2": {"Q1"}}


def test_equal_fixes_are_the_same_and_reported_once(tmp_path: Path) -> None:
    found = containment_of(load(tmp_path, rule("Q3"), rule("Q1"), rule("Q2"), rule("Q4", fixes=[fix(NEWER)])))
    assert found.same == (("Q3", "Q1", "Q2"),)
    assert found.contains == {"Q4": {"Q1", "Q2", "Q3"}}


def test_what_a_covered_rule_covers_is_left_out_of_the_direct_ones(tmp_path: Path) -> None:
    chain = [rule(f"Q{n}", fixes=[fix({"Info.dll": f"5.5.2654.{n}"})]) for n in (1, 2, 3, 4)]
    aside = rule("Q9", fixes=[fix({"Store.exe": "5.5.2654.1"})])
    top = rule("Q5", fixes=[fix({"Info.dll": "5.5.2654.5", "Store.exe": "5.5.2654.1"})])
    found = containment_of(load(tmp_path, *chain, aside, top))
    direct = {newer: [one.rule for one in older] for newer, older in found.directly.items()}
    assert direct == {"Q2": ["Q1"], "Q3": ["Q2"], "Q4": ["Q3"], "Q5": ["Q4", "Q9"]}
    assert found.contains["Q5"] == {"Q1", "Q2", "Q3", "Q4", "Q9"}


def test_a_rule_covered_through_another_is_left_out_whatever_levels_the_three_have(tmp_path: Path) -> None:
    # Q2 is only for SP4, so unlike the others it does not contain Q0, but it contains Q1.
    def at(number: int, *levels: str) -> Document:
        return rule(f"Q{number}", affects=list(levels), fixes=[fix({"Info.dll": f"5.5.2654.{number}"})])

    both = "5.5 SP3", "5.5 SP4"
    found = containment_of(load(tmp_path, at(0, "5.5 SP3"), at(1, *both), at(2, "5.5 SP4"), at(3, *both)))
    assert found.contains == {"Q1": {"Q0"}, "Q2": {"Q1"}, "Q3": {"Q0", "Q1", "Q2"}}
    assert [one.rule for one in found.directly["Q3"]] == ["Q2"]


def test_equal_fixes_for_different_languages_are_the_same_as_one_for_any(tmp_path: Path) -> None:
    german, any_language = fix(OLDER, language="de"), fix(OLDER)
    rules = [rule("Q1", fixes=[fix(OLDER, language="en")]), rule("Q2", fixes=[any_language])]
    found = containment_of(load(tmp_path, *rules, rule("Q3", fixes=[german]), rule("Q4", fixes=[german])))
    assert found.same == (("Q1", "Q2"), ("Q2", "Q3", "Q4"))
    assert found.contains == {}


def test_an_entry_without_an_edition_does_not_concern_one_with_files_of_its_own(tmp_path: Path) -> None:
    def entry(edition: str) -> Document:
        return {"product": None, "affects": [{"product": "mail-server", "edition": edition}]}

    newer = rule("Q2", fixes=[fix(NEWER)])
    hosted, standard = (rule("Q1", **entry(name)) for name in ("Hosted Edition", "Standard Edition"))
    assert covers(tmp_path, newer, hosted) == {}
    assert covers(tmp_path, rule("Q2", fixes=[fix(NEWER)], **entry("hosted")), hosted) == {"Q2": {"Q1"}}
    assert covers(tmp_path, newer, standard) == {"Q2": {"Q1"}}


def test_a_fix_for_a_separate_edition_that_the_rule_does_not_affect_covers_nothing(tmp_path: Path) -> None:
    hosted = rule("Q2", fixes=[fix(NEWER, edition="Hosted Edition")])
    entry = {"product": "mail-server", "edition": "Hosted Edition"}
    assert covers(tmp_path, hosted, rule("Q1", product=None, affects=[entry])) == {}


def test_a_branch_for_a_level_that_the_rule_does_not_affect_asks_for_nothing(tmp_path: Path) -> None:
    branches = [fix(OLDER, level="5.5 SP4"), fix({"Mad.exe": "5.5.1"}, level="6.0")]
    older = rule("Q1", affects=["5.5 SP4"], fixes=branches)
    assert covers(tmp_path, rule("Q2", fixes=[fix(NEWER)]), older) == {"Q2": {"Q1"}}


@pytest.mark.broad
def test_1200_rules_with_the_same_files_take_a_moment() -> None:
    files = [f"f{number}.dll" for number in range(10)]
    rules = [rule(f"Q{n}", fixes=[fix(dict.fromkeys(files, f"5.5.2654.{n}"))]) for n in range(1200)]
    catalogue = catalogue_of(*rules)
    start = process_time()
    found = containment_of(catalogue)
    assert process_time() - start < 3, "pairs of rules are compared one by one"
    assert {len(older) for older in found.directly.values()} == {1}


def test_the_files_that_show_it_are_listed_with_both_minima(tmp_path: Path) -> None:
    newer = fix({"info.dll": "5.5.2654.11", "Mad.exe": "5.5.1", "Store.exe": "5.5.2654.1"})
    older = fix({"Info.dll": "5.5.2654.10", "Store.exe": "5.5.2654.1"})
    (one,) = containment_of(load(tmp_path, *pair(newer, older))).directly["Q2"]
    assert [(file.name, file.older, file.newer) for file in one.files] == [
        ("Info.dll", "5.5.2654.10", "5.5.2654.11"),
        ("Store.exe", "5.5.2654.1", "5.5.2654.1"),
    ]


@pytest.mark.parametrize("version", ["5.5.2654.9", "5.5.2654.10", "5.5.2654.11", "5.5.2654.12"])
def test_where_the_covering_fix_is_present_so_is_the_covered_one(tmp_path: Path, version: str) -> None:
    catalogue = load(tmp_path, *pair(fix(NEWER), fix(OLDER)))
    facts: needfix.Server = mail(info=version)
    newer, older = (decide(catalogue, facts, name).decision for name in ("Q2", "Q1"))
    assert (newer, older) != ("fix-present", "fix-required")
