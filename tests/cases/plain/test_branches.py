"""The plain evaluator chooses fixes as decisions do, by trying every value of what is not reported."""

from __future__ import annotations

from hypothesis import given

from needfix.cases.plain.branches import branches
from needfix.cases.plain.names import edition, language, platform
from needfix.cases.plain.places import Place
from needfix.compare.branches import choose
from needfix.compare.installed import Installation
from needfix.model.rule import Fix, Minimum
from needfix.versions import Level
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


KEYS = ("product", "level", "edition", "platform")


@tried(400)
@given(fixes, installations)
def test_where_there_is_no_fix_the_keys_that_rule_fixes_out_are_named(
    listed: list[Fix], here: Installation
) -> None:
    choice = choose(rule_of(listed), here)
    foreign = [fix for fix in listed if is_foreign(fix, here)]
    codes = [reason.code for reason in choice.reasons]
    named = ", ".join(sorted({fix.language for fix in foreign if fix.language}))
    if choice.branches:
        chosen_fixes = [fix for branch in choice.branches for fix in branch.fixes]
        own = sorted({fix.language for fix in chosen_fixes if is_foreign(fix, here) and fix.language})
        assert [(reason.code, reason.expected) for reason in choice.reasons] == (
            [("language-not-listed", ", ".join(own))] if own else []
        )
        if own:
            is_every = all(is_foreign(fix, here) for fix in chosen_fixes)
            assert choice.reasons[0].text.startswith(
                "The fix is" if is_every else "A fix that this server may need is"
            )
    elif codes == ["no-branch", "language-not-listed"]:
        assert set(choice.reasons[1].expected.split(", ")) <= set(named.split(", "))  # type: ignore[union-attr]
        assert choice.reasons[0].observed == choice.reasons[1].observed == here.language
    else:
        assert codes == ["no-branch"]
        expected = ruling_out(listed, here)
        assert choice.reasons[0].observed == stated(expected[-1], here)
        shown = choice.reasons[0].text.partition(";")[0].partition(" has no fix for ")[2]
        assert shown == " and ".join(f"the {key} {stated(key, here)}" for key in expected)


def is_foreign(fix: Fix, here: Installation) -> bool:
    return bool(fix.language and here.language) and language(fix.language or "") != language(
        here.language or ""
    )


def ruling_out(listed: list[Fix], here: Installation) -> list[str]:
    """The key at which no fix is left, behind those that rule out others, unless it does so for all."""
    levels: tuple[Level | None, ...] = (here.level,) if here.level else here.possible or (*LEVELS, None)
    every = left = [(fix, level) for fix in listed for level in levels]
    keys: list[str] = []
    for key in KEYS:
        kept = [pair for pair in left if is_fitting(key, *pair, here)]
        keys += [key] if len(kept) < len(left) else []
        left = kept
        if not left:
            break
    return keys if any(is_fitting(keys[-1], *pair, here) for pair in every) else keys[-1:]


def is_fitting(key: str, fix: Fix, level: Level | None, here: Installation) -> bool:
    if key == "product":
        return fix.product in (None, here.product.product)
    if key == "level":
        return fix.levels is None or level in fix.levels
    normal = {"edition": edition, "platform": platform}[key]
    needed, known = getattr(fix, key), getattr(here, key)
    return needed is None or known is None or normal(needed) == normal(known)


def stated(key: str, here: Installation) -> str:
    if key == "level":
        return str(here.level) if here.level else " or ".join(map(str, here.possible))
    return here.product.product if key == "product" else str(getattr(here, key))
