"""Random fixes with overlapping branches, and installations of which some facts are not stated."""

from __future__ import annotations

from dataclasses import replace

from hypothesis import strategies as st

from needfix.catalogue import load_products
from needfix.compare.installation import Installation
from needfix.intake.vocabularies import folded_platform
from needfix.model.minimum import Minimum
from needfix.model.rule import Affects, Fix, Rule
from needfix.versions import parse_moment, parse_version

PRODUCT = load_products()["exchange-server"]
LEVELS = [known.level for known in PRODUCT.levels[-3:]]
PLATFORMS, LANGUAGES = ["x86", "Intel", "alpha"], ["en", "German", "de"]
EDITIONS = ["Standard Edition", "Enterprise"]
_MINIMA = [
    Minimum("a.dll", version=parse_version("1.0")),
    Minimum("a.dll", modified=parse_moment("2000-11-01")),
]

_FIX = st.builds(
    Fix,
    files=st.lists(st.sampled_from(_MINIMA), min_size=1, max_size=2).map(tuple),
    product=st.sampled_from([None, None, "exchange-server", "host-system"]),
    levels=st.none() | st.frozensets(st.sampled_from(LEVELS), min_size=1),
    edition=st.sampled_from([None, *EDITIONS]),
    platform=st.sampled_from([None, *PLATFORMS]),
    language=st.sampled_from([None, *LANGUAGES]),
)
fixes = st.lists(_FIX, min_size=1, max_size=6)

editions = st.sampled_from([*EDITIONS, "Other"])
platforms = st.sampled_from(["x86", "alpha", "mips"])
languages = st.sampled_from(["en", "de", "fr"])

installations = st.one_of(
    st.just(Installation.unknown(PRODUCT)),
    st.lists(st.sampled_from(LEVELS), min_size=1, unique=True).map(
        lambda levels: Installation(PRODUCT, tuple(levels))
    ),
).flatmap(
    lambda here: st.builds(
        replace,
        st.just(here),
        edition=st.none() | editions,
        platforms=st.just(()) | platforms.map(lambda name: (folded_platform(name),)),
        language=st.none() | languages,
    )
)


def rule_of(listed: list[Fix]) -> Rule:
    """A rule with these fixes."""
    return Rule("Q1", "", (Affects("exchange-server", None),), tuple(listed))
