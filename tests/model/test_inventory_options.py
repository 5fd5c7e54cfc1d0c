"""The servers of files that do not name theirs."""

from __future__ import annotations

import pytest

from needfix.model.inventory_options import Naming


@pytest.mark.parametrize(
    ("file", "roots", "expected"),
    [
        ("MAIL01.json", ("MAIL01.json",), "MAIL01"),
        ("servers/MAIL01.txt", ("servers",), "MAIL01"),
        ("servers/MAIL01.csv.gz", ("servers",), "MAIL01"),
        ("servers/MAIL01/hotfixes.xml", ("servers",), "MAIL01"),
        ("servers/MAIL01/today/hotfixes.xml", ("servers",), "MAIL01"),
        ("servers/MAIL01/hotfixes.xml", ("servers/MAIL01",), "hotfixes"),
        ("servers/MAIL01/hotfixes.xml", ("servers/*/hotfixes.xml",), "MAIL01"),
        ("/a/servers/MAIL01/hotfixes.xml", ("/a/**/*.xml", "/a/servers"), "MAIL01"),
        ("mail01.corp.example.json", (".",), "mail01.corp.example"),
        ("<stdin>", ("-",), None),
    ],
)
def test_the_name_by_the_path(file: str, roots: tuple[str, ...], expected: str | None) -> None:
    assert Naming(from_path=True, roots=roots).of_file(file) == expected


def test_a_name_that_is_stated() -> None:
    assert Naming("A").of_file("<stdin>") == "A"
    assert Naming().of_file("MAIL01.json") is None


@pytest.mark.parametrize(
    ("name", "short"),
    [
        ("mail01.corp.example", "mail01"),
        (r"CORP\MAIL01", "MAIL01"),
        ("MAIL01", "MAIL01"),
        ("10.0.0.1", "10.0.0.1"),
        ("fe80::1", "fe80::1"),
        (".", "."),
    ],
)
def test_names_without_domains(name: str, short: str) -> None:
    assert Naming(short=True).of(name) == short
    assert Naming().of(name) == name
