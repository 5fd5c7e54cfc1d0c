"""Fixes made of tables: the branch of each, and the minimum of each file."""

from __future__ import annotations

import pytest

from needfix.importing.kb.draft import FixDraft
from tests.importing.kb.support import LEAD, MAIL, draft, kb_article, whys

TABLE = "   File name   Version\n   -----\n   Exmail.exe   5.5.2000.1"
TWO_VERSIONS = ("Exampla Mail Server, versions 5.0, 5.5",)
EDITIONS = ("Fabled Gateway version 4.0", "Fabled Gateway version 4.0, Terminal Edition")
PRODUCTS = ("Fabled Gateway version 4.0", MAIL)


def headed(*headings: str) -> str:
    return "\n\n".join(f"{heading}\n{'-' * len(heading)}\n\n{LEAD}\n\n{TABLE}" for heading in headings)


def branch(fix: FixDraft) -> str:
    levels = ", ".join(map(str, fix.levels))
    parts = (fix.product, levels, fix.edition, fix.platform, fix.language, fix.component)
    return " ".join(filter(None, parts))


def branches(resolution: str, *bullets: str) -> list[str]:
    return [branch(fix) for fix in draft(kb_article(*(bullets or (MAIL,)), resolution=resolution)).fixes]


@pytest.mark.parametrize(
    ("headings", "bullets", "expected"),
    [
        (("Exampla Mail 5.0", "Exampla Mail 5.5"), TWO_VERSIONS, ["5.0", "5.5"]),
        (("Service Pack 1", "Service Pack 2"), ("Exampla Mail, versions 5.5 SP1, 5.5 SP2",),
         ["5.5 SP1", "5.5 SP2"]),
        (("Fabled Gateway 4.0, Terminal Edition", "Fabled Gateway 4.0"), EDITIONS, ["Terminal Edition", ""]),
        (("Fabled Gateway 4.0", "Exampla Mail Server 5.5"), PRODUCTS,
         ["fabled-gateway", "exampla-mail-server"]),
        (("Fabled Gateway", "Exampla Mail Server"), PRODUCTS, ["fabled-gateway", "exampla-mail-server"]),
        (("German", "French"), (MAIL,), ["de", "fr"]),
        (("x86", "Alpha"), (MAIL,), ["x86", "alpha"]),
    ],
)  # fmt: skip
def test_headings_state_the_branch(
    headings: tuple[str, ...], bullets: tuple[str, ...], expected: list[str]
) -> None:
    assert branches(headed(*headings), *bullets) == expected


def test_a_heading_of_a_product_that_is_not_affected_is_doubted() -> None:
    found = draft(kb_article(resolution=headed("Fabled Gateway 4.0")))
    assert len(whys(found, "fixes")) == 1


@pytest.mark.parametrize(
    ("lead", "expected"),
    [
        (LEAD, ""),
        ("The German version of this fix must have the following file attributes or later:", "de"),
        ("The English-language version of this fix must have the following file attributes or later:", "en"),
        ("The version in all languages of this fix must have the following file attributes or later:", ""),
    ],
)
def test_the_announcement_states_the_language(lead: str, expected: str) -> None:
    assert branches(f"{lead}\n\n{TABLE}") == [expected]


def test_components_share_an_announcement() -> None:
    text = f"{LEAD}\n\nComponent: Store\n\n{TABLE}\n\nComponent: Client\n\n{TABLE}"
    assert branches(text) == ["Store", "Client"]


def test_the_columns_platform_and_language_state_the_branch() -> None:
    text = """
   File name   Version      Platform
   ---------------------------------
   Exmail.exe  5.5.2000.1   Intel
   Exmail.exe  5.5.2000.1   (Alpha)
   Exsort.dll  5.5.2000.1   Intel
"""
    assert branches(f"{LEAD}\n{text}") == ["x86", "alpha"]


def minimum(
    header: str, *lines: str, lead: str = LEAD
) -> tuple[list[tuple[str | None, str | None]], list[str]]:
    rows = "\n".join(f"   {line}" for line in lines)
    found = draft(kb_article(resolution=f"{lead}\n\n   {header}\n   -----\n{rows}"))
    (fix,) = found.fixes
    return [(file.version, file.modified) for file in fix.files], whys(found, "fixes")


@pytest.mark.parametrize(
    ("lines", "expected"),
    [
        (["a.exe 02/19/2001 10:06am"], ["2001-02-19T10:06"]),
        (["a.exe 02/19/2001 15:04:48"], ["2001-02-19T15:04:48"]),
        (["a.exe 13-Nov-2000 05:08p"], ["2000-11-13T17:08"]),
        (["a.exe 02/19/01"], ["2001-02-19"]),
        (["a.exe 19/12/00 11:32", "b.exe 05/12/00 11:30"], ["2000-12-19T11:32", "2000-12-05T11:30"]),
    ],
)
def test_modified_times(lines: list[str], expected: list[str | None]) -> None:
    found, doubted = minimum("File name  Date  Time", *lines)
    assert ([modified for _, modified in found], doubted) == (expected, [])


@pytest.mark.parametrize(
    ("lines", "why"),
    [
        (["a.exe 06/31/2001"], "a date that cannot be read"),
        (["a.exe 02/19/2001 25:06"], "a time that cannot be read"),
        (["a.exe 06/15/2001"], "a date after the article's own, 2001-06-14"),
        (["a.exe 07/05/2001"], "read with the day first"),
        (["a.exe 19/12/00", "b.exe 12/19/00"], "some dates have the day first and some the month"),
        (["a.exe 02/19/2001", "a.exe 02/20/2001"], "is listed more than once"),
    ],
)
def test_dates_that_are_doubted(lines: list[str], why: str) -> None:
    found = draft(
        kb_article(resolution=f"{LEAD}\n\n   File name  Date  Time\n   -----\n   " + "\n   ".join(lines))
    )
    assert any(why in shown for shown in whys(found, "fixes"))


@pytest.mark.parametrize(
    ("printed", "expected", "why"),
    [
        ("5.5.2000.1", "5.5.2000.1", None),
        ("5.5.2000.1 (a)", "5.5.2000.1", "unusual notation"),
        ("2000.1", "2000.1", "a short version"),
        ("N/A", None, "nothing can be compared"),
    ],
)
def test_versions(printed: str, expected: str | None, why: str | None) -> None:
    found, doubted = minimum("File name  Version", f"a.exe  {printed}")
    assert [version for version, _ in found] == [expected]
    assert [bool(why and why in shown) for shown in doubted] == ([True] if why else [])


@pytest.mark.parametrize(
    "text",
    [
        ("Date  Time  File name\n   ----\n   02/19/2001  10:06\n      Exmail.exe"),
        ("File name  Date\n   ----\n   Exmail.exe  02/19/2001\n   Ex two.exe  02/19/2001"),
    ],
)  # fmt: skip
def test_no_row_is_lost_in_silence(text: str) -> None:
    found = draft(kb_article(resolution=f"{LEAD}\n\n   {text}"))
    rows = [file for fix in found.fixes for file in fix.files]
    assert found.doubts or (
        len(rows) == text.count(".exe") and all(row.version or row.modified for row in rows)
    )


def test_headings_without_underlines_state_the_branch() -> None:
    part = f"{LEAD}\n\n   File name   Version\n   ----\n   Exmail.exe  "
    text = f"Exampla Mail 5.0\n\n{part}5.0.1460.7\n\nExampla Mail 5.5\n\n{part}5.5.2000.1\n"
    found = draft(kb_article("Exampla Mail Server, versions 5.0, 5.5", resolution=text))
    assert [[str(level) for level in fix.levels] for fix in found.fixes] == [["5.0"], ["5.5"]]


def test_a_heading_inside_a_frame_is_no_file() -> None:
    rows = ("File name | Version", "Exampla Mail 5.0", "Exmail.exe | 5.0.1460.7",
            "Exampla Mail 5.5", "Exmail.exe | 5.5.2000.1")  # fmt: skip
    frame = "+---+\n" + "".join(f"| {row} |\n+---+\n" for row in rows)
    found = draft(kb_article("Exampla Mail Server, versions 5.0, 5.5", resolution=f"{LEAD}\n\n{frame}"))
    shown = [([str(level) for level in fix.levels], fix.files[0].version) for fix in found.fixes]
    assert shown == [(["5.0"], "5.0.1460.7"), (["5.5"], "5.5.2000.1")]
    assert {file.name for fix in found.fixes for file in fix.files} == {"Exmail.exe"}


def test_a_sentence_can_announce_several_languages() -> None:
    lead = "The German and French versions of this fix should have the following file attributes or later:"
    found = draft(kb_article(resolution=f"{lead}\n\n   File name  Version\n   ----\n   a.exe  5.5.2000.1"))
    assert [fix.language for fix in found.fixes] == ["de", "fr"]


@pytest.mark.parametrize(
    "rows",
    [
        ("5.5.2000.1  Exmail.exe", "5.5.2000.2", "5.5.2000.3  Exsort.dll"),
        ("5.5.2000.1  Exmail.exe", "5.5.200x.3  Exsort.dll"),
        ("Exmail.exe", "Exsort.dll  v5.5.200x.3"),
    ],
)
def test_what_is_no_row_is_doubted_and_becomes_no_file(rows: tuple[str, ...]) -> None:
    text = f"{LEAD}\n\n   Version  File name\n   ----\n   " + "\n   ".join(rows)
    found = draft(kb_article(resolution=text))
    assert {file.name for fix in found.fixes for file in fix.files} <= {"Exmail.exe", "Exsort.dll"}
    assert whys(found, "fixes")


def test_rival_versions_of_a_file_are_doubted() -> None:
    part = f"{LEAD}\n\n   File name   Version\n   ----\n   Exmail.exe  "
    found = draft(kb_article(resolution=f"{part}5.5.2000.1\n\nMore.\n\n{part}5.5.2000.2\n"))
    assert any("where each applies is not stated" in why for why in whys(found, "fixes"))
