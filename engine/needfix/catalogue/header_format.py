"""The header of a catalogue: a document that names it and states the day of its facts."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import date

from needfix.catalogue.nodes import Mapping, Node
from needfix.catalogue.product_format import FORMAT
from needfix.catalogue.records import Field, Record
from needfix.catalogue.values import DateShape, IdShape
from needfix.errors import Problem

HEADER = Record(
    "the header of a catalogue, with its name and date",
    {
        "needfix": FORMAT,
        "catalogue": Field(IdShape("a name such as our-rules"), "the name of the catalogue", required=True),
        "date": Field(
            DateShape(), "the day on which its facts were last compared with their sources", required=True
        ),
    },
)


def is_header(node: Node) -> bool:
    """Whether a document is the header of a catalogue."""
    return isinstance(node, Mapping) and node.get("catalogue") is not None


def date_of(nodes: Iterable[Node], problems: list[Problem]) -> date | None:
    """The day of the oldest of some headers; None where there is none."""
    read = [HEADER.read(node, problems) for node in nodes if is_header(node)]
    days = [fields.value("date") for fields in read if fields is not None and "date" in fields]
    return min(days, default=None)
