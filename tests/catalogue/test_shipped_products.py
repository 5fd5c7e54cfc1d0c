"""The product definitions that are shipped: names, levels and editions as articles print them."""

from __future__ import annotations

import re
from collections.abc import Iterator
from functools import cache
from pathlib import Path

import pytest

import needfix
from needfix.catalogue.level_finding import levels_meant
from needfix.catalogue.load import load_catalogue
from needfix.catalogue.product_names import shared_names
from needfix.compare.builds import levels_of_build
from needfix.model.product import ProductDefinition
from needfix.versions import Level, read_any_level
from tests.support import ROOT

PRODUCTS = ROOT / "rules" / "products"
ARTICLES = sorted((ROOT.parent / "shared" / "articles").glob("*.TXT"))


@cache
def shipped() -> needfix.Catalogue:
    return load_catalogue()


def found(name: str) -> tuple[str, str | None, str | None] | None:
    named = shipped().names.find(name)
    return None if named is None else (named.product, named.level, named.edition)


def definition(name: str) -> ProductDefinition | None:
    named = shipped().names.find(name)
    return None if named is None else shipped().products[named.product]


# ---- the files


@pytest.mark.parametrize("file", sorted(PRODUCTS.glob("*.yaml")), ids=lambda file: file.stem)
def test_each_file_holds_the_definition_that_it_is_named_by(file: Path) -> None:
    at = shipped().products[file.stem].at
    assert at is not None
    assert Path(at.file).name == file.name


def test_no_two_products_share_a_name() -> None:
    assert list(shared_names(shipped().products.values())) == []


@pytest.mark.parametrize("product", shipped().products.values(), ids=lambda product: product.product)
def test_every_name_of_a_product_means_it(product: ProductDefinition) -> None:
    for name in (product.product, product.name, *product.aliases):
        assert definition(name) == product


@pytest.mark.parametrize("product", shipped().products.values(), ids=lambda product: product.product)
def test_the_name_states_every_edition(product: ProductDefinition) -> None:
    for edition in product.editions:
        named = shipped().names.find(f"{product.name}, {edition}")
        assert named is not None
        assert (named.product, named.edition) == (product.product, edition)


def read_as(product: ProductDefinition, text: str) -> Level | None:
    """The one level of a product that a rule's text means."""
    level_name = read_any_level(text)
    found = levels_meant(product, level_name) if level_name else ()
    return found[0] if len(found) == 1 else None


@pytest.mark.parametrize("product", shipped().products.values(), ids=lambda product: product.product)
def test_every_level_is_read_as_itself(product: ProductDefinition) -> None:
    for entry in product.levels:
        assert read_as(product, entry.level.text) == entry.level
        assert [read_as(product, label.text) for label in entry.also] == [entry.level] * len(entry.also)


# ---- names

NT, WORKSTATION, TERMINAL = "windows-nt-server", "windows-nt-workstation", "Terminal Server Edition"
SMS, IIS, BASIC = "systems-management-server", "internet-information-server", "visual-basic"


@pytest.mark.parametrize(
    ("name", "product", "level", "edition"),
    [
        ("Microsoft Windows NT Server", NT, None, None),
        ("Microsoft Windows NT Server version 4.0 SP6a", NT, "4.0 sp6a", None),
        ("Windows NT Server 4.0, Terminal Server Edition", NT, "4.0", TERMINAL),
        ("Microsoft Windows NT 4.0 Server, Enterprise Edition", NT, "4.0", "Enterprise Edition"),
        ("Windows NT 4.0 Workstation", WORKSTATION, "4.0", None),
        ("Microsoft Windows 2000 Server", "windows-2000-server", "2000", None),
        ("Microsoft Windows Server 2019 Datacenter", "windows-server", "2019", "Datacenter Edition"),
        ("Windows Server 2003", "windows-server", "2003", None),
        ("Microsoft .NET Framework 4.8", "dotnet-framework", "4.8", None),
        ("Microsoft Exchange Server 2019 CU14", "exchange-server", "2019 cu14", None),
        ("Microsoft SQL Server 2019 Standard (64-bit)", "sql-server", "2019", "Standard Edition"),
        ("Microsoft Windows 2000 Server Service Pack 2", "windows-2000-server", "2000 service pack 2", None),
        ("Microsoft Windows 2000 Advanced Server", "windows-2000-advanced-server", "2000", None),
        ("Windows 2000 SP1 Professional", "windows-2000-professional", "2000 sp1", None),
        ("Microsoft Windows 2000 Datacenter Server", "windows-2000-datacenter-server", "2000", None),
        ("Microsoft Windows 95", "windows-95", "95", None),
        ("Microsoft Windows 95 OEM Service Release", "windows-95-osr", None, None),
        ("Windows 95 OSR 2.1", "windows-95-osr", "2.1", None),
        ("Microsoft Windows 98 Second Edition", "windows-98", "98", "Second Edition"),
        ("Microsoft Systems Management Server", SMS, None, None),
        ("SMS 2.0 SP3", SMS, "2.0 sp3", None),
        ("Microsoft Internet Information Services", IIS, None, None),
        ("Internet Information Server 4.0", IIS, "4.0", None),
        ("Microsoft SNA Server 4.0 SP3", "sna-server", "4.0 sp3", None),
        ("Microsoft Host Integration Server 2000", "host-integration-server", "2000", None),
        ("Microsoft Exchange 2000 Server", "exchange-server", "2000", None),
        ("Microsoft Outlook 97", "outlook-97", None, None),
        ("Microsoft Outlook 2002", "outlook-2002", "2002", None),
        ("Microsoft Outlook Web Access", "outlook-web-access", None, None),
        ("Microsoft Visual Basic Enterprise Edition for Windows", BASIC, None, "Enterprise Edition"),
        ("Microsoft Visual Basic Learning Edition for Windows 6.0", BASIC, "6.0", "Learning Edition"),
        ("Visual Basic 6.0 Professional", BASIC, "6.0", "Professional Edition"),
        ("Microsoft Visual C++, 32-bit Enterprise Edition", "visual-cpp", None, "Enterprise Edition"),
        ("Microsoft Visual C++, 32-bit Editions", "visual-cpp", None, None),
        ("Microsoft Visual SourceSafe, 32-bit, for Windows 6.0", "visual-sourcesafe", "6.0", None),
        ("Microsoft SQL Server 2000 (all editions)", "sql-server", "2000", None),
        ("Microsoft Mail Gateway to X.400", "mail-gateway-x400", None, None),
        ("Microsoft SQL Server 2014", "sql-server", "2014", None),
        ("Microsoft Visual Basic 4.5", "visual-basic", "4.5", None),
        ("Microsoft Windows Services for UNIX", "services-for-unix", None, None),
    ],
)
def test_printed_names(name: str, product: str, level: str | None, edition: str | None) -> None:
    assert found(name) == (product, level, edition)


@pytest.mark.parametrize(
    "name",
    [
        "Microsoft Windows NT",
        "Microsoft Windows 2000",
        "Microsoft Windows Server 2025 Remote Server Administration Tools",
        "Microsoft .NET Framework 4.8 SDK",
        "Microsoft Exchange Server 2019 Management Tools",
        "Microsoft SQL Server 2012 Native Client",
        "Microsoft Windows XP Professional",
        "Microsoft Windows 98 Resource Kit",
        "Microsoft Outlook for Macintosh",
        "Microsoft SQL Server 2014 Tools",
        "",
    ],
)
def test_names_of_other_products(name: str) -> None:
    assert found(name) is None


@pytest.mark.parametrize(
    ("name", "unclear", "clear"),
    [
        ("Microsoft Windows NT 4.0", {NT, WORKSTATION}, {"windows-2000-server", "windows-98"}),
        (
            "Microsoft Windows 2000",
            {"windows-2000-server", "windows-2000-professional"},
            {NT, "outlook-2000"},
        ),
        ("Microsoft Office 2000", set(), {"outlook-2000", "exchange-server", "windows-2000-server"}),
        ("NT Server 4.0 SP6", {NT, WORKSTATION}, {"windows-2000-server"}),
        ("NT Server Service Pack 6", {NT}, {"sna-server"}),
        ("Server 4.0", set(), {NT, "sna-server", "exchange-server"}),
    ],
)
def test_a_part_of_a_name_is_unclear(name: str, unclear: set[str], clear: set[str]) -> None:
    resembling = shipped().names.resembling(name)
    assert unclear <= resembling
    assert clear.isdisjoint(resembling)


# ---- levels


@pytest.mark.parametrize(
    ("name", "written", "level"),
    [
        ("Windows 2000 Server", "5.0 SP2", "2000 SP2"),
        ("Windows NT Server", "SP6a", "4.0 SP6a"),
        ("SMS", "SP4", "2.0 SP4"),
        ("Outlook 97", "8.03", "8.03"),
        ("Outlook 2000", "9.0 SP2", "2000 SP2"),
        ("Exchange Server", "Version 6.0 (Build 6249.4: Service Pack 3)", "2000 SP3"),
        ("Mail for PC Networks", "3.2a", "3.2a"),
        ("SQL Server (all editions)", "8.0 SP3", "2000 SP3"),
    ],
)
def test_levels_as_they_are_written(name: str, written: str, level: str) -> None:
    product = definition(name)
    assert product is not None
    assert str(read_as(product, written)) == level


@pytest.mark.parametrize(
    ("name", "build", "levels"),
    [
        ("SMS", "2.0.1493.3125", ["2.0 SP3"]),
        ("SMS", "2.0.1380.1063", ["2.0 SP1"]),
        ("SMS", "2.0.1493", ["2.0 SP1", "2.0 SP2", "2.0 SP3", "2.0 SP4", "2.0 SP4 HRP", "2.0 SP5"]),
        ("Windows NT Server", "4.0.1381", ["4.0", *(f"4.0 SP{pack}" for pack in (*range(1, 7), "6a"))]),
        ("Windows 2000 Server", "5.0.2195", ["2000", *(f"2000 SP{pack}" for pack in range(1, 5))]),
        ("Windows 98", "4.10.2222", ["98"]),
    ],
)
def test_builds(name: str, build: str, levels: list[str]) -> None:
    product = definition(name)
    assert product is not None
    found = levels_of_build(product, build)
    assert found is not None
    assert [str(level) for level in sorted(found.levels)] == levels


# ---- the vendor's articles

MISPRINTS = {
    ("Microsoft Mail for PC Networks", "3.x"),
    # the place of 6.0c among the service packs is not known
    ("Microsoft Visual SourceSafe", "6.0c"),
}
"""Levels that no definition can have."""

OTHERS = {
    "Microsoft Outlook for Macintosh, Exchange Server Edition",
    "Microsoft Outlook Windows 95/98 client",
    "Microsoft Outlook Windows NT client",
    "Microsoft Outlook 98 Deployment Kit",
    "Microsoft Systems Management Server Installer",
    "Microsoft Visual C++.NET (2002)",
}
"""Products whose names begin with that of a defined one."""

_BULLET = re.compile(r" - (?P<text>\S.*(?:\n {3}(?! *- )\S.*)*)")
_SETTING = re.compile(r",?\s*(?:on platform\(s\)|used with|included with):?.*", re.DOTALL)
_PACKS = re.compile(r"Service Packs ([0-9]), ([0-9])(?:, ([0-9]))?")
_LISTED = re.compile(
    r"""(?P<name>.+?)
    (?:,?[ ]versions?[ ](?P<levels>[0-9].*?)
        (?:,?[ ](?P<kind>(?:[A-Z]\w+[ ])*(?:Server|Professional|Edition)))?
    |[ ](?P<only>[0-9]+\.[0-9]+[a-z]?))?""",
    re.VERBOSE,
)


SINCE_THE_ARTICLES = {"dotnet-framework", "windows-server"}


def bullets() -> Iterator[tuple[str, list[str]]]:
    """The name, with the edition that stands behind its levels, and the levels of every bullet."""
    texts = {text for article in ARTICLES for text in applies_to(article)}
    for text in sorted(texts):
        spelled = _PACKS.sub(lambda packs: ", ".join(f"SP{pack}" for pack in packs.groups() if pack), text)
        listed = _LISTED.fullmatch(spelled.replace(" OEM Only", ""))
        assert listed is not None
        levels = (listed["levels"] or listed["only"] or "").split(", ")
        name = f"{listed['name']} {levels[0] if listed['name'] == 'Microsoft Windows' else ''}"
        yield f"{name} {listed['kind'] or ''}".strip(), [level for level in levels if level]


def applies_to(article: Path) -> Iterator[str]:
    text = article.read_text(encoding="latin-1").replace("\r", "")
    _, _, behind = text.partition("The information in this article applies to:")
    listed, _, _ = behind.partition("\n---")
    for bullet in _BULLET.finditer(listed):
        yield _SETTING.sub("", " ".join(bullet["text"].split())).strip()


@pytest.mark.skipif(not ARTICLES, reason="the vendor's articles are not there")
def test_every_product_of_the_articles_is_found_with_its_levels() -> None:
    names = tuple(sorted({product.name for product in shipped().products.values()}))
    seen, wrong = set(), []
    for name, levels in bullets():
        product = definition(name)
        if product is None:
            wrong += [name] if name.startswith(names) and name not in OTHERS else []
            continue
        seen.add(product.product)
        wrong += [
            f"{name}: {level}"
            for level in levels
            if read_as(product, level) is None and (name, level) not in MISPRINTS
        ]
    assert wrong == []
    assert seen == set(shipped().products) - SINCE_THE_ARTICLES


@pytest.mark.parametrize("edition", ["Standard", "Datacenter"])
@pytest.mark.parametrize("level", ["2016", "2019", "2022", "2025"])
def test_evaluation_versions_of_windows_server_are_editions(level: str, edition: str) -> None:
    name = f"Microsoft Windows Server {level} {edition} Evaluation"
    assert found(name) == ("windows-server", level, f"{edition} Evaluation Edition")
