"""Lint chooses fixes as decisions do: the law, for servers that state everything."""

from __future__ import annotations

from hypothesis import given
from hypothesis import strategies as st

from needfix.authoring.lint.choice import ServerKind, choose
from needfix.catalogue import load_products
from needfix.decide.branches import choose as decide_choice
from needfix.decide.installed import Installation
from needfix.model.names import edition
from needfix.model.rule import Affects, Fix, Minimum, Rule
from needfix.versions import Level, parse_moment, parse_version

PRODUCT = load_products()["exchange-server"]
LEVELS = [known.level for known in PRODUCT.levels[-3:]]
PLATFORMS, LANGUAGES = ["x86", "Intel", "alpha"], ["en", "German", "de"]
EDITIONS = ["Standard Edition", "Enterprise"]
MINIMA = [
    Minimum("a.dll", version=parse_version("1.0")),
    Minimum("a.dll", modified=parse_moment("2000-11-01")),
]

fixes = st.builds(
    Fix,
    files=st.sampled_from(MINIMA).map(lambda one: (one,)),
    product=st.sampled_from([None, "exchange-server", "host-system"]),
    levels=st.none() | st.frozensets(st.sampled_from(LEVELS), min_size=1),
    edition=st.sampled_from([None, *EDITIONS]),
    platform=st.sampled_from([None, *PLATFORMS]),
    language=st.sampled_from([None, *LANGUAGES]),
)


@given(
    st.lists(fixes, min_size=1, max_size=5),
    st.sampled_from(LEVELS),
    st.sampled_from([*EDITIONS, "Other"]),
    st.sampled_from(["x86", "alpha", "mips"]),
    st.sampled_from(["en", "de", "fr"]),
)
def test_the_same_fixes_are_chosen(listed: list[Fix], at: Level, of: str, on: str, told: str) -> None:
    rule = Rule("Q1", "", (Affects("exchange-server", None),), tuple(listed))
    decided = decide_choice(rule, Installation(PRODUCT, at, edition=of, platform=on, language=told))
    chosen = choose(listed, ServerKind("exchange-server", at, edition(of), on, told))
    assert {id(fix) for fix in chosen} == {id(fix) for branch in decided.branches for fix in branch.fixes}
