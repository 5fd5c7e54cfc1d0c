"""Names of products, editions, platforms and languages mean what they mean to the engine."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from needfix.cases.plain import names as plain
from needfix.catalogue.product_names import ProductNames
from needfix.intake import vocabularies
from needfix.intake.known_names import LANGUAGES, PLATFORMS
from needfix.model.product import LevelDefinition, ProductDefinition
from tests.compare.strategies import level
from tests.support.laws import tried

often = tried(500)


def product(
    own: str, name: str, levels: list[str], *aliases: str, editions: tuple[str, ...] = ()
) -> ProductDefinition:
    known = tuple(LevelDefinition(level(text)) for text in levels)
    return ProductDefinition(own, name, known, aliases, editions, editions[-1:])


PRODUCTS = [
    product(
        "nt-server",
        "Microsoft Windows NT Server",
        ["3.51", "4.0", "4.0 SP6a"],
        "Windows NT",
        editions=("Enterprise Edition", "Terminal Server Edition"),
    ),
    product(
        "nt-workstation", "Windows NT Workstation", ["4.0", "4.0 SP1"], "Windows NT", "NT Workstation 4.0"
    ),
    product(
        "w2k",
        "Windows 2000 Server",
        ["2000", "2000 SP1"],
        "Windows 2000",
        "Windows 2000 Advanced Server",
        editions=("Edition", "Datacenter"),
    ),
    product(
        "mail",
        "Contoso Mail Server",
        ["5.0", "5.5", "5.5 SP1"],
        "Mail",
        "Mail 97",
        editions=("Standard Edition",),
    ),
    product("gate", "Contoso Mail Server Gate", ["8.03", "8.03 SP1"], "2000", "MS Gate for Mail v2"),
    product("system", "System", ["1"], "the Service"),
]
KNOWN = ProductNames.of(PRODUCTS)
WORDS = [
    "Microsoft", "Windows", "NT", "Server", "server,", "Workstation", "Mail", "Contoso", "Gate", "2000",
    "4.0", "5.5", "97", "SP1", "sp6a", "Service", "Pack", "3", "SP", "Enterprise", "Edition", "Terminal",
    "(R)", "for", "Standard", "8.03", "8.3", "Version", "Datacenter", "x..y", "Advanced", "sp6ab", "the",
    "System", "v2", "1.0.5",
]  # fmt: skip
NAMED = st.one_of(
    st.lists(st.sampled_from(WORDS), max_size=6).map(" ".join),
    st.tuples(
        st.sampled_from([name for one in PRODUCTS for name in (one.name, *one.aliases)]),
        st.lists(st.sampled_from(WORDS), max_size=3).map(" ".join),
    ).map(" ".join),
)


@often
@given(NAMED)
def test_a_name_means_the_same_product_level_and_edition(name: str) -> None:
    found, expected = KNOWN.find(name), plain.named_product(PRODUCTS, name)
    assert (found and (found.product, found.level, found.edition)) == (
        expected and (expected.product.product, expected.level, expected.edition)
    )


@often
@given(NAMED)
def test_a_name_may_mean_the_same_products(name: str) -> None:
    assert KNOWN.resembling(name) == plain.resembled(PRODUCTS, name)


SPELLINGS = [
    *LANGUAGES, *PLATFORMS, "en-US", "pt_BR", "English (United States)", "german ", "Klingon", "", "(",
    "x86", "DEC  Alpha", "Intel", "AXP ", "Enterprise Edition", "enterprise", "Hosted, Edition", "Edition",
    "edition edition", "Standard  edition", "Edition Standard",
]  # fmt: skip


@pytest.mark.parametrize("kind", ["language", "platform", "edition"])
@often
@given(st.sampled_from(SPELLINGS), st.sampled_from([str.upper, str.title, str]))
def test_spellings_mean_the_same(kind: str, name: str, turned: type[str]) -> None:
    assert getattr(vocabularies, kind)(turned(name)) == getattr(plain, kind)(turned(name))


@often
@given(st.sampled_from(PRODUCTS), st.none() | st.sampled_from(SPELLINGS), st.sampled_from(SPELLINGS))
def test_editions_are_the_same(own: ProductDefinition, one: str | None, other: str) -> None:
    assert vocabularies.is_separate(own, one) == plain.is_separate(own, one)
    assert vocabularies.same_edition(one or "", other) == (plain.edition(one or "") == plain.edition(other))
