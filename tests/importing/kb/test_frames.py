"""Tables drawn with bars."""

from __future__ import annotations

import pytest

from tests.importing.kb.support import LEAD, rows, shown, tables

RULE = "+--------------------+"
HEADER = f"{RULE}\n| File name | Version |\n{RULE}"


def table(*lines: str) -> str:
    return "\n".join([HEADER, *lines, RULE])


TWO = [("Exmail.exe", "5.5.2000.1"), ("Exsort.dll", "5.5.2000.2")]


@pytest.mark.parametrize(
    "text",
    [
        table("| Exmail.exe | 5.5.2000.1 |", RULE, "| Exsort.dll | 5.5.2000.2 |"),
        table("| Exmail.exe | 5.5.2000.1 |", "| Exsort.dll | 5.5.2000.2 |"),
        table("| Exmail.exe | 5.5.2000.1", RULE, "| Exsort.dll | 5.5.2000.2"),
        "| File name | Version |\n|---|---|\n| Exmail.exe | 5.5.2000.1 |\n| Exsort.dll | 5.5.2000.2 |",
        "| Exmail.exe | 5.5.2000.1 |\n| Exsort.dll | 5.5.2000.2 |",
        "+---+ | File name | Version | +---+ | Exmail.exe | 5.5.2000.1 | | Exsort.dll | 5.5.2000.2 | +---+",
        table("| Exmail<BR/>.exe | 5.5.2000.1 |", RULE, "| Exsort.dll | 5.5.2000.2<br> |"),
    ],
    ids=[
        "rules between",
        "none between",
        "open at the right",
        "dashes",
        "no header",
        "breaks lost",
        "markup",
    ],
)
def test_two_rows(text: str) -> None:
    assert rows(text) == TWO


def test_wrapped_cells_and_rows_between_rules() -> None:
    text = """
+------------------------------+
| File name  | Version  | Date  |
+------------------------------+
| Exmail     | 5.5.     | 19    |
| .exe       | 2000.1   | Dec   |
|            |          | 2000  |
+------------------------------+
| Exsort.dll | 5.5.2000 | 19    |
|            | .2       | Dec   |
|            |          | 2000  |
+------------------------------+
"""
    assert rows(text) == [(*TWO[0], "19 Dec 2000"), (*TWO[1], "19 Dec 2000")]


@pytest.mark.parametrize("nothing", ["", "N/A", "NA", "none", "-"])
def test_an_empty_cell(nothing: str) -> None:
    assert rows(table(f"| Exmail.exe | {nothing} |", RULE, "| Exsort.dll | 5.5.2000.2 |")) == [
        ("Exmail.exe",),
        TWO[1],
    ]


@pytest.mark.parametrize(
    "text",
    [
        (table("| Exmail | 5.5.2000.1 |", "| Exb.dll | 5.5.2000.2 |", "| Exc | 5.5.2000.3 |")),
        table("| Exmail | 5.5.2000.1 |", RULE, "| Exb.dll | 5.5.2000.2 |", RULE, "| Exc | 5.5.2000.3 |"),
    ],
)  # fmt: skip
def test_names_without_an_extension(text: str) -> None:
    assert rows(text) == [("Exmail", "5.5.2000.1"), ("Exb.dll", "5.5.2000.2"), ("Exc", "5.5.2000.3")]


@pytest.mark.parametrize(
    "text",
    [
        table("| German: | |", RULE, "| Exmail.exe | 5.5.2000.1 |", RULE, "| (French): | |", RULE,
              "| Exmail.exe | 5.5.2000.2 |"),
        (table("| German: | |", RULE, "| Exmail.exe | 5.5.2000.1 |", RULE, "| French | |", RULE,
                    "| Exmail.exe | 5.5.2000.2 |")),
        (table("| German: | |", "| Exmail.exe | 5.5.2000.1 |", "| French: | |",
                    "| Exmail.exe | 5.5.2000.2 |")),
    ],
)  # fmt: skip
def test_a_label_that_stands_alone_in_its_row(text: str) -> None:
    found = tables(f"{LEAD}\n\n{text}").tables
    expected = [("German", [("Exmail.exe", "5.5.2000.1")]), ("French", [("Exmail.exe", "5.5.2000.2")])]
    assert [(one.label, [shown(row) for row in one.rows]) for one in found] == expected


def test_a_table_without_names_is_reported() -> None:
    found = tables(f"{LEAD}\n\n| Date | Version |\n+---+\n| 06/11/2001 | 5.5.2000.1 |\n")
    assert "a table without file names" in [unread.why for unread in found.unread]
