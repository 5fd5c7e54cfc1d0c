"""What tests of OVAL share: a product whose key file shows its level, and documents that can be searched."""

from __future__ import annotations

from typing import Any
from xml.etree import ElementTree as ET

import needfix
from needfix.exporting.oval import Export, characteristics, definitions, export_rules, value_object
from needfix.exporting.oval.xml import document
from tests.support.catalogues import Document, rule, text_of

SPACES = {
    "def": "http://oval.mitre.org/XMLSchema/oval-definitions-5",
    "win": "http://oval.mitre.org/XMLSchema/oval-definitions-5#windows",
    "sc": "http://oval.mitre.org/XMLSchema/oval-system-characteristics-5",
    "item": "http://oval.mitre.org/XMLSchema/oval-system-characteristics-5#windows",
}

PLAIN: Document = {
    "needfix": 1,
    "product": "mail-server",
    "name": "Contoso Mail Server",
    "key_files": ["Mailsrv.exe"],
    "levels": [
        {"level": "5.5 SP2", "build": "5.5.2448"},
        {"level": "5.5 SP3", "build": "5.5.2650"},
        {"level": "5.5 SP4", "build": "5.5.2653"},
    ],
}
LISTED: Document = {
    "needfix": 1,
    "product": "data-server",
    "name": "Contoso Data Server",
    "levels": [{"level": "1.0", "build": "1.0.100"}, {"level": "1.0 SP1", "build": "1.0.200"}],
}
VALUE = r"HKLM\SOFTWARE\Contoso\Data\Version"


def exported(*documents: Document, product: Document = PLAIN, **values: str) -> Export:
    """An export of rules for mail-server and data-server; `values` name the values that hold builds."""
    catalogue = needfix.load_catalogue(
        {"rules.yaml": text_of((product, LISTED, *documents))}, with_shipped=False
    )
    found = {name.replace("_", "-"): value_object(text) for name, text in values.items()}
    return export_rules(catalogue, None, {name: one for name, one in found.items() if one is not None})


def refused(*documents: Document, product: Document = PLAIN) -> list[str]:
    """What is refused of rules: the texts of the problems."""
    return [problem.what for problem in exported(*documents, product=product).problems]


def defined(export: Export) -> ET.Element:
    """The document of definitions."""
    return ET.fromstring("".join(document(definitions(export))))  # noqa: S314 - our own


def comments_of(export: Export) -> list[str]:
    """What the tests of an export compare, by their comments."""
    found = defined(export).find("def:tests", SPACES)
    assert found is not None
    return [test.attrib["comment"] for test in found]


def described(export: Export, **record: Any) -> ET.Element:  # noqa: ANN401 - any key of the format
    """The characteristics of a server."""
    server = needfix.Server.from_record({"server": "MAIL01", **record})
    return ET.fromstring("".join(document(characteristics(export)(server))))  # noqa: S314 - our own


def flags(facts: ET.Element) -> list[str | None]:
    """The flags of all objects."""
    return [one.get("flag") for one in facts.findall("sc:collected_objects/sc:object", SPACES)]


def versions(facts: ET.Element) -> list[str | None]:
    """The versions of all items of files; None where an item has none."""
    items = facts.findall("sc:system_data/item:file_item", SPACES)
    return [item.findtext("item:version", None, SPACES) for item in items]


def info(rule_id: str = "Q100001", **keys: Any) -> Document:  # noqa: ANN401 - any key of the format
    """The rule of `tests.support`: Info.dll at SP3 and SP4."""
    return rule(rule_id, **keys)
