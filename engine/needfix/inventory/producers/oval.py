"""OVAL system characteristics: what an interpreter of OVAL collected on a server, as XML.

Also within OVAL results and reports of assets (ARF), which hold them beside the results.
"""

from __future__ import annotations

from collections.abc import Iterator
from typing import TYPE_CHECKING

from needfix.errors import Position, Problem
from needfix.intake.limits import ROWS
from needfix.inventory.producers.facts import Facts
from needfix.inventory.producers.oval_items import Item, Value, facts_of_item
from needfix.inventory.producers.oval_system import System
from needfix.inventory.producers.xml_events import XmlReader

if TYPE_CHECKING:
    from needfix.inventory import items
    from needfix.inventory.source import Source

ROOT = "oval_system_characteristics"
_HOLDERS = (ROOT, "oval_results", "asset-report-collection")
_EXISTS = "exists"
_WHOLE = frozenset(("complete", "does not exist"))
"""Flags of objects of which everything is known that they ask for."""
_TRUE = frozenset(("true", "1"))


def read(source: Source) -> Iterator[items.Item]:
    """The servers and problems of a source."""
    return _Reader(source).items()


class _Reader(XmlReader):
    """Reads the items of a document one after another; only one is in memory."""

    expected = "OVAL system characteristics, or what Export-Clixml writes"
    hint = "collect the characteristics again"

    def __init__(self, source: Source) -> None:
        super().__init__(source)
        self._path: list[str] = []
        self._text: list[str] | None = None
        self._system: System | None = None
        self._partial: set[str] = set()
        self._is_whole = True
        self._item: Item | None = None
        self._value = Value()
        self._record: dict[str, str] | None = None
        self._field = ""

    def problems(self) -> Iterator[Problem]:
        """The problem of a document without characteristics."""
        if not self.gathering.count:
            what = f"the document has no {ROOT}, so it states no facts of a server"
            hint = "let the interpreter write its system characteristics, or results with them"
            yield Problem(Position(self.file, 1), what, self.expected, hint, "syntax")

    # ---- events

    def begins(self, name: str, attributes: dict[str, str]) -> None:
        """Begin an element; those of which something is read are named in the methods below."""
        own = name.rpartition(":")[2]
        if not self._path and own not in _HOLDERS:
            self.give_up(f"the document begins with <{name}>", self.expected, _HINT_OTHER)
        self._path.append(own)
        self._text = []
        if own == ROOT:
            self._system = System(self.place)
            self._partial = set()
        elif self._system is not None:
            self._begin_within(own, attributes)
        else:
            self.is_read()

    def has(self, text: str) -> None:
        """Add to the text of the element."""
        if self._text is not None:
            self._text.append(text)

    def ends(self, name: str) -> None:
        """Take in an element."""
        own, text = name.rpartition(":")[2], "".join(self._text or ()).strip()
        self._path.pop()
        self._text = None
        system = self._system
        if system is None:
            return
        holder = self._path[-1] if self._path else ""
        if own == ROOT:
            self._add(system.facts())
            self._system = None
        elif self._item is not None:
            self._end_in_item(self._item, own, text)
        elif holder == "system_info":
            system.info[own] = text
        elif holder == "generator" and own == "timestamp":
            system.time = text
        elif own in ("system_info", "object"):
            self.is_read()

    def _begin_within(self, own: str, attributes: dict[str, str]) -> None:
        holder = self._path[-2] if len(self._path) > 1 else ""
        if self._item is not None:
            self._begin_in_item(own, attributes)
        elif own == "object" and holder == "collected_objects":
            self._is_whole = attributes.get("flag", "") in _WHOLE
        elif own == "reference" and holder == "object" and not self._is_whole:
            self._partial.add(attributes.get("item_ref", ""))
            if len(self._partial) > ROWS:
                self.give_up(f"more than {ROWS} items are of objects that are not complete")
        elif own.endswith("_item") and holder == "system_data":
            number = attributes.get("id", "")
            status = attributes.get("status", _EXISTS)
            self._item = Item(own, status, self.place, is_partial=number in self._partial)

    # ---- items

    def _begin_in_item(self, own: str, attributes: dict[str, str]) -> None:
        value = Value(attributes.get("status", _EXISTS), is_known=not _is_hidden(attributes))
        if own == "field" and self._record is not None:
            self._field = attributes.get("name", "") if value.is_stated else ""
        else:
            self._value = value
            self._record = {} if attributes.get("datatype") == "record" else None

    def _end_in_item(self, item: Item, own: str, text: str) -> None:
        if own == item.kind:
            self._item = None
            self._end_item(item)
        elif own == "field" and self._record is not None:
            if self._field:
                self._record[self._field] = text
        elif self._record is not None:
            if self._value.is_stated:
                item.records.append(self._record)
            self._record = None
        else:
            item.add(own, self._value._replace(text=text))

    def _end_item(self, item: Item) -> None:
        system = self._system
        if system is not None:
            self._add(facts_of_item(item, system))
        self.is_read()

    def _add(self, found: Iterator[Facts]) -> None:
        for facts in found:
            self.gathering.add(facts)


def _is_hidden(attributes: dict[str, str]) -> bool:
    """Whether an entity has no value, or does not show it."""
    return attributes.get("mask") in _TRUE or any(
        name.rpartition(":")[2] == "nil" and value in _TRUE for name, value in attributes.items()
    )


_HINT_OTHER = "docs/inventories.md lists the programs whose XML is read"
