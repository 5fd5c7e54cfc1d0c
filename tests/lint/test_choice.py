"""Lint chooses fixes as decisions do: the law, for servers that state everything."""

from __future__ import annotations

from hypothesis import given
from hypothesis import strategies as st

from needfix.compare.branches import choose as decide_choice
from needfix.compare.installation import Installation
from needfix.intake.vocabularies import edition
from needfix.lint.choice import ServerKind, choose
from needfix.model.rule import Fix
from needfix.versions import Level
from tests.decide.branch_strategies import (
    LEVELS,
    PRODUCT,
    editions,
    fixes,
    languages,
    platforms,
    rule_of,
)


@given(fixes, st.sampled_from(LEVELS), editions, platforms, languages)
def test_the_same_fixes_are_chosen(listed: list[Fix], at: Level, of: str, on: str, shown: str) -> None:
    here = Installation(PRODUCT, (at,), edition=of, platforms=(on,), language=shown)
    decided = decide_choice(rule_of(listed), here)
    chosen = choose(listed, ServerKind("exchange-server", at, edition(of), on, shown))
    assert {id(fix) for fix in chosen} == {id(fix) for branch in decided.branches for fix in branch.fixes}
