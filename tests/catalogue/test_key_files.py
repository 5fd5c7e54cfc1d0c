"""Key files that not every level of a product has."""

from __future__ import annotations

from typing import Any

import pytest
import yaml
from jsonschema import Draft202012Validator

import needfix
from needfix.cases.probes import probes
from needfix.cli.schema import SCHEMAS
from needfix.errors import CatalogueError
from tests.support.catalogues import Document, rule

LEVELS = [
    {"level": "5.5 SP4", "build": "5.5.2653"},
    {"level": "2007 RTM", "build": "8.0.685"},
    {"level": "2019 CU14", "build": "15.2.1544.4"},
]
FILES = [{"name": "Store.exe", "to": "2007 RTM"}, {"name": "ExSetup.exe", "from": "2007 RTM"}]
OF_FILE = rule(
    product="mail", affects=["5.5 SP4"], fixes=[{"files": {"Store.exe": {"version": "5.5.2653.29"}}}]
)
OF_BUILD = rule(product="mail", affects=["2019 CU14"], fixes=[{"build": "15.2.1544.9"}])


def mail(key_files: list[Any]) -> Document:
    return {
        "needfix": 1, "product": "mail", "name": "Mail", "key_files": key_files, "levels": LEVELS,
        "shows_updates": ["key_files"],
    }  # fmt: skip


def load(*documents: Document) -> needfix.Catalogue:
    return needfix.load_catalogue({"a.yaml": yaml.safe_dump_all(documents)}, with_shipped=False)


def test_levels_have_their_files() -> None:
    product = load(mail(FILES), OF_FILE).products["mail"]
    assert product.key_files == ("Store.exe", "ExSetup.exe")
    found = [product.key_files_at({entry.level}) for entry in product.levels]
    assert found == [("Store.exe",), ("Store.exe", "ExSetup.exe"), ("ExSetup.exe",)]
    assert product.key_files_at(()) == product.key_files
    assert list(Draft202012Validator(SCHEMAS["product"]()).iter_errors(mail(FILES))) == []


@pytest.mark.parametrize(
    ("own", "message"),
    [
        ({"name": "Store.exe", "to": "2010 SP3"}, "the definition has no level 2010 SP3"),
        ({"name": "Store.exe", "from": "SP4"}, "the definition has no level SP4"),
        ({"name": "Store.exe", "from": "2007 RTM", "to": "5.5 SP4"}, "2007 RTM comes after 5.5 SP4"),
        ({"to": "2007 RTM"}, "'name' is missing"),
        ({"name": "Store.exe", "until": "2007 RTM"}, "unknown key 'until'"),
    ],
)
def test_mistakes_are_reported(own: dict[str, str], message: str) -> None:
    with pytest.raises(CatalogueError) as raised:
        load(mail([own]), OF_FILE)
    (problem,) = raised.value.problems
    assert message in problem.what
    assert problem.at.line > 1


def explained(catalogue: needfix.Catalogue, level: str, *files: tuple[str, str]) -> list[str]:
    """What an explanation names as changes."""
    copies = [{"name": name, "version": version} for name, version in files]
    record = {"server": "A", "products": [{"name": "Mail", "level": level}], "files": copies}
    found = needfix.explain(catalogue, needfix.Server.from_record(record), "Q100001")
    return [f"{one.name}: {one.text}" for change in found.alterations for one in change.changes]


def test_a_suggestion_names_no_file_that_the_level_cannot_have() -> None:
    everywhere = explained(load(mail(["Store.exe", "ExSetup.exe"]), OF_FILE), "5.5 SP4")
    assert "Store.exe: not there, and all files listed, ExSetup.exe among them" in everywhere
    assert "ExSetup.exe" not in str(explained(load(mail(FILES), OF_FILE), "5.5 SP4"))
    of_build = explained(load(mail(FILES), OF_BUILD), "2019 CU14")
    assert "ExSetup.exe: 15.2.1544.8" in of_build
    assert "Store.exe" not in str(of_build)


@pytest.mark.parametrize(("own", "other"), [(OF_FILE, "ExSetup.exe"), (OF_BUILD, "Store.exe")])
def test_generated_servers_have_files_of_their_level(own: Document, other: str) -> None:
    catalogue = load(mail(FILES), own)
    assert other not in str([probe.given for probe in probes(catalogue.rules["Q100001"], catalogue)])


def test_no_decision_depends_on_it() -> None:
    servers = [
        needfix.Server.from_record(
            {
                "server": f"{level} {name} {version}",
                "products": [{"name": "Mail", "level": level}],
                "files": [{"name": name, "version": version}],
                "complete": ["files"],
            }
        )
        for level in ("5.5 SP4", "2019 CU14")
        for name in ("Store.exe", "ExSetup.exe", "Other.dll")
        for version in ("5.5.2653.28", "5.5.2653.29", "15.2.1544.8", "15.2.1544.9")
    ]
    for own in (OF_FILE, OF_BUILD):
        limited, plain = load(mail(FILES), own), load(mail(["Store.exe", "ExSetup.exe"]), own)
        assert list(needfix.evaluate(limited, servers)) == list(needfix.evaluate(plain, servers))
