"""Names of products that servers can take for each other."""

from __future__ import annotations

from pathlib import Path

import pytest

from tests.lint.support import findings, line, shown
from tests.support.catalogues import Document

MAIL = "Contoso Mail Server"
"""A product of every catalogue in these tests; Mail Server is its alias."""


def product(name: str, *aliases: str, **keys: object) -> Document:
    return {
        "needfix": 1,
        "product": "other-mail",
        "name": name,
        "aliases": list(aliases),
        "levels": [{"level": "1.0"}],
        **keys,
    }


@pytest.mark.parametrize(
    ("name", "what"),
    [
        (f"{MAIL} 2019", f"the name '{MAIL}' is a part of '{MAIL} 2019' of other-mail"),
        ("Mail Server Standard", "the name 'Mail Server' is a part of 'Mail Server Standard' of other-mail"),
        ("Contsoo Mail Server", f"the name '{MAIL}' resembles 'Contsoo Mail Server' of other-mail"),
        ("ContosoMail Server", f"the name '{MAIL}' resembles 'ContosoMail Server' of other-mail"),
    ],
)
def test_a_name_that_is_part_of_another_or_resembles_it(tmp_path: Path, name: str, what: str) -> None:
    (found,) = findings(tmp_path, "NF704", product(name))
    assert (found.severity, found.rule, found.what) == ("warning", "mail-server", what)


def test_a_longer_name_than_that_of_a_shipped_product(tmp_path: Path) -> None:
    (found,) = shown(tmp_path, "NF704", product("Microsoft Exchange Server 2019"))
    assert found == (
        "the name 'Microsoft Exchange Server 2019' is that of another product, "
        "'Microsoft Exchange Server' of exchange-server, with more words"
    )


def test_the_finding_stands_at_the_name(tmp_path: Path) -> None:
    (found,) = findings(tmp_path, "NF704", product("Microsoft Exchange Server 2019"))
    assert line(tmp_path, found) == "name: Microsoft Exchange Server 2019"
    alias = product("Pager", "Exchange Server 2019")
    (found,) = findings(tmp_path, "NF704", alias)
    assert line(tmp_path, found) == "- Exchange Server 2019"


@pytest.mark.parametrize(
    "name",
    [
        "Contoso Mail Server Management Tools",
        "Contoso Mail Filter",
        "Contoso Host System 4",
        "Pager",
        "SWL Server",
    ],
)
def test_names_of_other_products(tmp_path: Path, name: str) -> None:
    found = [one for one in findings(tmp_path, "NF704", product(name)) if "of mail-server" in one.what]
    assert found == []


def test_a_product_that_knows_the_other_name_says_so(tmp_path: Path) -> None:
    first = product("Pager")
    second = {**product("Pager 2019"), "product": "pager-2019"}
    assert len(shown(tmp_path, "NF704", first, second)) == 1
    for pattern in ("Pager 2019", "Pager *"):
        assert shown(tmp_path, "NF704", {**first, "other_names": [pattern]}, second) == []
