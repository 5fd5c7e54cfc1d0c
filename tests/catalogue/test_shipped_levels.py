"""What the builds of Windows Server and .NET Framework show, which have no rules of their own yet."""

from __future__ import annotations

import pytest

import needfix

SHIPPED = needfix.load_catalogue()
WINDOWS, FRAMEWORK = "windows-server", "dotnet-framework"


def is_at(product: str, at: str, /, **stated: object) -> bool:
    """Whether a server is known to have a product at a level."""
    affects = f"product: {product}, affects: ['{at}']"
    fix = "files: {Own.dll: {version: '2.0.0.0'}}"
    rule = f"{{needfix: 1, id: KB1, title: A, {affects}, fixes: [{{{fix}}}]}}"
    catalogue = needfix.load_catalogue({"rule.yaml": rule})
    named = {"name": SHIPPED.products[product].name, **stated}
    files = [{"name": "Own.dll", "version": "1.0.0.0"}]
    record = {"server": "A", "products": [named], "files": files}
    server = needfix.Server.from_record(record)
    (decided,) = needfix.evaluate(catalogue, server)
    return decided.decision == "fix-required"


@pytest.mark.parametrize(
    ("product", "build", "level"),
    [
        (WINDOWS, "10.0.14393.0", "2016"),
        (WINDOWS, "10.0.16299.1087", "SAC 1709"),
        (WINDOWS, "10.0.17134.1305", "SAC 1803"),
        (WINDOWS, "10.0.17763.5576", "2019"),
        (WINDOWS, "10.0.18362.1256", "SAC 1903"),
        (WINDOWS, "10.0.18363.1556", "SAC 1909"),
        (WINDOWS, "10.0.19041.1415", "SAC 2004"),
        (WINDOWS, "10.0.19042.1889", "SAC 20H2"),
        (WINDOWS, "10.0.20348.2340", "2022"),
        (FRAMEWORK, "4.0.30319", "4.0"),
        (FRAMEWORK, "4.5.50938", "4.5.1"),
        (FRAMEWORK, "4.5.51209", "4.5.2"),
        (FRAMEWORK, "4.6.00079", "4.6"),
        (FRAMEWORK, "4.6.00081", "4.6"),
        (FRAMEWORK, "4.6.01038", "4.6.1"),
        (FRAMEWORK, "4.6.01590", "4.6.2"),
        (FRAMEWORK, "4.7.02046", "4.7"),
        (FRAMEWORK, "4.7.02053", "4.7"),
        (FRAMEWORK, "4.7.02558", "4.7.1"),
        (FRAMEWORK, "4.7.03056", "4.7.2"),
        (FRAMEWORK, "4.8.03752", "4.8"),
        (FRAMEWORK, "4.8.04161", "4.8"),
        (FRAMEWORK, "4.8.09032", "4.8.1"),
        (FRAMEWORK, "4.8.09037", "4.8.1"),
    ],
)
def test_a_build_shows_its_level(product: str, build: str, level: str) -> None:
    assert is_at(product, level, build=build)
    levels = [str(one.level) for one in SHIPPED.products[product].levels]
    near = levels[max(levels.index(level) - 1, 0) : levels.index(level) + 2]
    assert not any(is_at(product, other, build=build) for other in near if other != level)


@pytest.mark.parametrize(
    ("product", "build"),
    [
        (WINDOWS, "10.0.19043.1"),
        (WINDOWS, "10.0.15063.0"),
        (FRAMEWORK, "4.5.51641"),
        (FRAMEWORK, "4.7.2046"),
    ],
)
def test_a_build_of_no_level_or_one_that_may_be_a_day_shows_none(product: str, build: str) -> None:
    assert not any(is_at(product, str(one.level), build=build) for one in SHIPPED.products[product].levels)


@pytest.mark.parametrize(
    ("release", "level"),
    [("378758", "4.5.1"), ("394802", "4.6.2"), ("461814", "4.7.2"), (528040, "4.8"), ("533320", "4.8.1")],
)
def test_the_release_in_the_registry_is_a_label_of_a_level(release: object, level: str) -> None:
    assert is_at(FRAMEWORK, level, level=release)
    assert is_at(FRAMEWORK, level, level=f"  {release} ")
    assert not is_at(FRAMEWORK, "4.6", level=release)


@pytest.mark.parametrize(
    ("name", "stated", "level"),
    [
        ("Microsoft SQL Server 2019", "RTM-CU22-GDR", "2019 CU22"),
        ("Microsoft SQL Server 2022", "CU13 GDR", "2022 CU13"),
        ("Microsoft SQL Server", "2016 SP2-CU17-GDR", "2016 SP2 CU17"),
        ("Microsoft SQL Server", "2025 CU7 GDR", "2025 CU7"),
        ("Exchange 2019", "CU14", "2019 CU14"),
        ("Exchange SE", "RTM", "SE RTM"),
        ("Exchange SE", None, "SE RTM"),
    ],
)
def test_levels_as_administrators_state_them(name: str, stated: str | None, level: str) -> None:
    product = "exchange-server" if name.startswith("Exchange") else "sql-server"
    assert is_at(product, level, name=name, level=stated)


@pytest.mark.parametrize("written", ["1903", "version 1903", "SAC 1903"])
def test_a_release_of_the_semi_annual_channel_is_written_in_several_ways(written: str) -> None:
    assert is_at(WINDOWS, "SAC 1903", level=written, build="10.0.18362.1")
    assert not is_at(WINDOWS, "2019", level=written, build="10.0.18362.1")
