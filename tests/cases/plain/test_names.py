"""Names of products, editions, platforms and languages mean what they mean to the engine."""

from __future__ import annotations

import pytest
from hypothesis import example, given
from hypothesis import strategies as st

from needfix.cases.plain import names as plain
from needfix.cases.plain import words
from needfix.catalogue.product_names import ProductNames
from needfix.intake import vocabularies
from needfix.intake.known_names import CODES_OF_LANGUAGES, LANGUAGES, PLATFORMS
from needfix.model.product import LevelDefinition, ProductDefinition
from needfix.versions import read_any_level
from tests.support.laws import tried

often = tried(500)


def product(
    own: str, name: str, levels: list[str], *aliases: str, editions: tuple[str, ...] = ()
) -> ProductDefinition:
    read = [(text, read_any_level(text)) for text in levels]
    known = tuple(LevelDefinition(one.of_version(text)) for text, one in read if one is not None)
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
    product(
        "suite", "Contoso Suite", ["2019 RTM", "2019 CU1", "9.5p1"], "Contoso Suite *", "Suite * for Mail"
    ),
    product("office", "Contoso Office", ["2019", "SE RTM", "SE CU1"], "Office *", editions=("Pro Edition",)),
]
KNOWN = ProductNames.of(PRODUCTS)
WORDS = [
    "Microsoft", "Windows", "NT", "Server", "server,", "Workstation", "Mail", "Contoso", "Gate", "2000",
    "4.0", "5.5", "97", "SP1", "sp6a", "Service", "Pack", "3", "SP", "Enterprise", "Edition", "Terminal",
    "(R)", "for", "Standard", "8.03", "8.3", "Version", "Datacenter", "x..y", "Advanced", "sp6ab", "the",
    "System", "v2", "1.0.5", "Suite", "Office", "SE", "RTM", "CU1", "2019", "de",
    "German", "x64", "64-bit", "Pro",
    "Cumulative", "Update", "1", "9.5p1", "Tools",
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
@example("Contoso Suite DE")
def test_a_name_means_the_same_product_level_and_edition(name: str) -> None:
    found, expected = KNOWN.find(name), plain.named_product(PRODUCTS, name)
    assert (found and (found.product, found.level, found.edition)) == (
        expected and (expected.product.product, expected.level, expected.edition)
    )


@often
@given(NAMED)
@example("Contoso Suite DE")
@example("SE")
def test_a_name_may_mean_the_same_products(name: str) -> None:
    assert KNOWN.resembling(name) == plain.resembled(PRODUCTS, name)


SPELLINGS = [
    *LANGUAGES,
    *CODES_OF_LANGUAGES,
    *PLATFORMS,
    "en-US",
    "de_DE.UTF-8",
    "1033",
    "0x0409",
    "1031 (German)",
    "de - Germany",
    "en-US, de-DE",
    "english (german)",
    "German-English",
    "English (US), German",
    "en/de",
    "Windows x64",
    "Windows (x64)",
    "Microsoft Windows NT x86",
    "win-arm64",
    "64-Bit-Version",
    "x64-Edition",
    "Windows 64-bit Edition",
    "64-Bit-Betriebssystem",
    "Intel (x86)",
    "x64 (x86)",
    "Windows 64",
    "x86/x64",
    "pt_BR",
    "English (United States)",
    "german ",
    "x86",
    "DEC  Alpha",
    "Intel",
    "AXP ",
]
EDITIONS = [
    "Enterprise Edition",
    "enterprise",
    "Hosted, Edition",
    "Edition",
    "edition edition",
    "Standard  edition",
    "Edition Standard",
    "Datacenter",
    "",
    "Enterprise-Edition",
    "Enterprise_Edition",
    "Enterprise Edition (64-bit)",
    "Enterprise Edition, x64",
    "Enterprise Edition - 64-bit",
    "Enterprise [x64]",
    "Enterprise Edition (English)",
    "Enterprise Edition (Evaluation)",
    "Enterprise: Volume Licensing (64-bit)",
    "Enterprise-Edition (x86)",
]
NO_WORDS = ["Klingon", "", "(", "PE32+", "Unknown", "N/A", "34405", "99999"]
Turn = st.sampled_from([str.upper, str.title, str])


@pytest.mark.parametrize("kind", ["language", "platform"])
@often
@given(st.sampled_from(SPELLINGS), Turn)
def test_spellings_mean_the_same(kind: str, name: str, turned: type[str]) -> None:
    found = getattr(words, kind)(turned(name))
    assert found is None or found == getattr(vocabularies, kind)(turned(name))


@pytest.mark.parametrize("name", NO_WORDS)
def test_what_is_no_word_is_not_read(name: str) -> None:
    assert words.language(name) is None
    assert words.platform(name) is None
    assert words.service_state(name) is None


@often
@given(st.sampled_from(PRODUCTS), st.sampled_from(EDITIONS), st.sampled_from(EDITIONS))
def test_editions_are_the_same(own: ProductDefinition, one: str, other: str) -> None:
    plain_one, plain_other = words.plain_edition(one), words.plain_edition(other)
    assert vocabularies.same_edition(one, other) == (plain_one == plain_other)
    assert vocabularies.is_separate(own, one) == words.is_separate(own, plain_one)
    known = [edition for edition in own.editions if vocabularies.same_edition(edition, one)]
    assert words.edition(own, one) == (plain_one if known else None)


@pytest.mark.parametrize(
    ("name", "state"),
    [
        ("Stop Pending", "stopping"),
        ("StopPending", "stopping"),
        ("STOP_PENDING", "stopping"),
        ("3", "stopping"),
        ("Running", "running"),
        ("SERVICE_STOPPED", "stopped"),
        ("Wird beendet", None),
    ],
)
def test_states_of_services(name: str, state: str | None) -> None:
    assert words.service_state(name) == state


@pytest.mark.parametrize(
    ("path", "expected"),
    [
        (r"C:\WINNT\$NtUninstallQ279798$\store.exe", True),
        ("c:/windows/WinSxS/x86_a/store.exe", True),
        (r"C:\Windows.old.000\store.exe", True),
        (r"D:\winsxs2\store.exe", False),
        (None, False),
    ],
)
def test_folders_that_keep_old_files(path: str | None, expected: bool) -> None:  # noqa: FBT001
    assert words.keeps_old_files(path) is expected
