"""The plain evaluator chooses fixes as decisions do, by trying every value of what is not told."""

from __future__ import annotations

from hypothesis import given

from needfix.cases.plain.branches import branches
from needfix.cases.plain.places import Place
from needfix.compare.branches import choose
from needfix.compare.installed import Installation
from needfix.model.rule import Fix, Minimum
from tests.decide.branch_strategies import LEVELS, PRODUCT, fixes, installations, rule_of
from tests.support.laws import tried

FILES = (Minimum("a.dll"),)
LOW, HIGH = LEVELS[0], LEVELS[-1]
GENERAL = Fix(FILES)
OF_LEVEL = Fix(FILES, levels=frozenset({LOW}))
ON_X86 = Fix(FILES, platform="x86")
OF_LEVEL_ON_X86 = Fix(FILES, levels=frozenset({LOW}), platform="x86")
HERE = Place(PRODUCT, LOW)


def chosen(place: Place, *listed: Fix) -> list[Fix]:
    return [fix for branch in branches(rule_of(list(listed)), place) for fix in branch]


def test_a_fix_that_is_out_pushes_no_other_out() -> None:
    assert chosen(HERE._replace(platform="alpha"), OF_LEVEL_ON_X86, GENERAL) == [GENERAL]


def test_a_fix_that_may_be_the_one_stays_beside_the_best_of_the_others() -> None:
    assert chosen(HERE, OF_LEVEL, OF_LEVEL_ON_X86, GENERAL) == [OF_LEVEL, OF_LEVEL_ON_X86]
    assert chosen(HERE._replace(platform="x86"), OF_LEVEL, OF_LEVEL_ON_X86, GENERAL) == [OF_LEVEL_ON_X86]


def test_the_levels_that_are_possible_are_those_that_count() -> None:
    open_level = Place(PRODUCT, None, possible=(LOW,))
    assert chosen(open_level, OF_LEVEL, ON_X86) == [OF_LEVEL]
    assert chosen(open_level._replace(possible=(LOW, HIGH)), OF_LEVEL, ON_X86) == [OF_LEVEL, ON_X86]
    assert chosen(open_level._replace(possible=(HIGH,)), OF_LEVEL, ON_X86) == [ON_X86]


def test_fixes_of_one_branch_stay_together() -> None:
    parts = [Fix(FILES, component="A"), Fix(FILES, component="B")]
    assert branches(rule_of(parts), HERE) == [parts]


@tried(400)
@given(fixes, installations)
def test_the_same_branches_are_chosen(listed: list[Fix], here: Installation) -> None:
    rule = rule_of(listed)
    place = Place(
        here.product,
        here.level,
        possible=here.possible,
        edition=here.edition,
        platform=here.platform,
        language=here.language,
    )
    decided = [list(branch.fixes) for branch in choose(rule, here).branches]
    assert branches(rule, place) == decided
