"""Where no fix is for a server, the reason names what rules the fixes out."""

from __future__ import annotations

from hypothesis import given

from needfix.compare.branches import choose
from needfix.compare.installation import Installation
from needfix.intake.vocabularies import edition, language, platform
from needfix.model.rule import Fix
from needfix.versions import Level
from tests.decide.branch_strategies import fixes, installations, rule_of
from tests.support.laws import tried

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
        others = [one for one in choice.reasons if one.code not in ("no-fix-for-level", "no-branch")]
        if "no-branch" in codes:  # at a level that no fix is for
            assert not choice.branches[-1].fixes
        assert [(reason.code, reason.expected) for reason in others] == (
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
    levels: tuple[Level | None, ...] = here.possible
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
    if key == "edition":
        return None in (fix.edition, here.edition) or edition(fix.edition or "") == edition(
            here.edition or ""
        )
    return fix.platform is None or not here.platforms or platform(fix.platform) in here.platforms


def stated(key: str, here: Installation) -> str:
    if key == "level":
        return " or ".join(map(str, here.possible)) if here.is_known else "a level that is not known"
    if key == "platform":
        return " or ".join(here.platforms)
    return here.product.product if key == "product" else str(getattr(here, key))
