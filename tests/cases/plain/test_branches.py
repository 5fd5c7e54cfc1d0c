"""The fixes that the plain evaluator chooses, by trying every value of what is not reported."""

from __future__ import annotations

from needfix.cases.plain.branches import branches, choices
from needfix.cases.plain.builds import place_of
from needfix.cases.plain.places import Here, Place, stated_place
from needfix.catalogue import load_products
from needfix.model.minimum import Minimum
from needfix.model.rule import Affects, Fix, Rule

PRODUCT = load_products()["exchange-server"]
LOW, MIDDLE, HIGH = [known.level for known in PRODUCT.levels[-3:]]
FILES = (Minimum("a.dll"),)
NOTHING = Here((), frozenset())
GENERAL = Fix(FILES)
OF_LEVEL = Fix(FILES, levels=frozenset({LOW}))
ON_X86 = Fix(FILES, platform="x86")
OF_LEVEL_ON_X86 = Fix(FILES, levels=frozenset({LOW}), platform="x86")


def rule_of(*fixes: Fix) -> Rule:
    return Rule("Q1", "", (Affects("exchange-server", None),), fixes)


def place(*levels: object, platform: str | None = None) -> Place:
    own = [known.level for known in PRODUCT.levels]
    here = frozenset(place_of(PRODUCT, level) for level in own if level in levels)
    return stated_place(PRODUCT, here, platform=platform)


def chosen(there: Place, *fixes: Fix) -> list[Fix]:
    return [fix for branch in branches_of(rule_of(*fixes), there) for fix in branch]


def branches_of(rule: Rule, there: Place) -> list[list[Fix]]:
    return branches(rule, choices(rule, there, Here((there,), frozenset())))


def test_a_fix_that_is_out_pushes_no_other_out() -> None:
    assert chosen(place(LOW, platform="alpha"), OF_LEVEL_ON_X86, GENERAL) == [GENERAL]


def test_a_fix_that_may_be_the_one_stays_beside_the_best_of_the_others() -> None:
    assert chosen(place(LOW), OF_LEVEL, OF_LEVEL_ON_X86, GENERAL) == [OF_LEVEL, OF_LEVEL_ON_X86]
    assert chosen(place(LOW, platform="x86"), OF_LEVEL, OF_LEVEL_ON_X86, GENERAL) == [OF_LEVEL_ON_X86]


def test_the_levels_that_are_possible_are_those_that_count() -> None:
    assert chosen(place(LOW), OF_LEVEL, ON_X86) == [OF_LEVEL]
    assert chosen(place(LOW, HIGH), OF_LEVEL, ON_X86) == [OF_LEVEL, ON_X86]
    assert chosen(place(HIGH), OF_LEVEL, ON_X86) == [ON_X86]


def test_fixes_of_one_branch_stay_together() -> None:
    parts = [Fix(FILES, component="A"), Fix(FILES, component="B")]
    assert branches_of(rule_of(*parts), place(LOW)) == [parts]


def test_where_the_level_rules_out_every_fix_the_next_later_one_counts() -> None:
    of_middle, of_high = (Fix(FILES, levels=frozenset({level})) for level in (MIDDLE, HIGH))
    found = choices(rule_of(of_high, of_middle), place(LOW), NOTHING)
    assert [(one.fixes, one.is_of_later_level) for one in found] == [((of_middle,), True)]
    assert choices(rule_of(OF_LEVEL), place(HIGH), NOTHING) == []


def test_a_fix_with_a_level_belongs_to_the_products_whose_entries_list_it() -> None:
    entries = (Affects("exchange-server", frozenset({HIGH})), Affects("outlook-2000", None))
    rule = Rule("Q1", "", entries, (OF_LEVEL, Fix(FILES, levels=frozenset({HIGH}))))
    assert [one.levels for one in branches_of(rule, place(HIGH))[0]] == [frozenset({HIGH})]
