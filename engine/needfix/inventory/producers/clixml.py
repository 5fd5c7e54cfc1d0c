"""What Export-Clixml of PowerShell writes: objects with their properties, as XML."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING, Any

from needfix.errors import Position, Problem
from needfix.inventory.producers.written import TEXT
from needfix.inventory.producers.xml_events import XmlReader

if TYPE_CHECKING:
    from collections.abc import Iterator

    from needfix.inventory.items import Item
    from needfix.inventory.source import Source

_TEXTS = frozenset(
    ("S", "C", "DT", "TS", "By", "SB", "U16", "I16", "U32", "I32", "U64", "I64", "Sg", "Db", "D", "G",
     "URI", "Version", "XD", "B", "ToString")
)  # fmt: skip
"""Elements whose text is a value."""
_LISTS = frozenset(("LST", "IE", "QUE", "STK"))
_ESCAPE = re.compile(r"_x([0-9A-Fa-f]{4})_")


def read(source: Source) -> Iterator[Item]:
    """The servers and problems of a source."""
    return _Reader(source).items()


class _Node:
    """An element that is open: its name in the object that holds it, and what it holds so far."""

    __slots__ = ("elements", "entries", "key", "kind", "line", "name", "ref", "text", "value")

    def __init__(self, kind: str, name: str | None, ref: str | None, line: int) -> None:
        self.kind = kind
        self.name = name
        self.ref = ref
        self.line = line
        self.text: list[str] = []
        self.entries: dict[str, Any] = {}
        self.elements: list[Any] = []
        self.value: list[Any] | None = None
        self.key: str | None = None


class _Reader(XmlReader):
    """Reads the objects of a document one after another; only one is in memory."""

    expected = "what Export-Clixml writes"
    hint = "export the objects again with Export-Clixml"

    def __init__(self, source: Source) -> None:
        super().__init__(source)
        self._open: list[_Node] = []
        self._known: dict[str, Any] = {}
        self._unknown: Position | None = None

    def problems(self) -> Iterator[Problem]:
        """The problem of a document of which no object is known."""
        if self._unknown is not None and not self.gathering.count:
            what = "the file has objects of none of the kinds that needfix knows"
            expected = "objects of Get-Item, Get-HotFix, Get-CimInstance or Get-ExchangeServer"
            hint = "docs/inventories.md lists the commands whose objects are read"
            yield Problem(self._unknown, what, expected, hint, "syntax")

    def begins(self, name: str, attributes: dict[str, str]) -> None:
        """Begin a value."""
        own = attributes.get("N")
        decoded = None if own is None else _decoded(own)
        self._open.append(_Node(name, decoded, attributes.get("RefId"), self.place.line))

    def has(self, text: str) -> None:
        """Add a text to the value."""
        if self._open and self._open[-1].kind in _TEXTS:
            self._open[-1].text.append(text)

    def ends(self, name: str) -> None:
        """Keep the value in the object that holds it."""
        node = self._open.pop()
        if not self._open:
            return
        holder = self._open[-1]
        if name in ("Props", "MS", "DCT"):
            holder.entries |= node.entries
        elif name in _LISTS:
            holder.value = node.elements
        elif name == "En":
            holder.entries[str(node.entries.get("Key"))] = node.entries.get("Value")
        elif name == "ToString":
            holder.key = _decoded("".join(node.text))
        elif name not in ("TN", "TNRef", "T"):
            self._keep(holder, node, self._value_of(node))

    def _value_of(self, node: _Node) -> object:
        if node.kind == "Obj":
            value = _object(node)
            if node.ref is not None:
                self._known[node.ref] = value
            return value
        if node.kind == "Ref":
            return self._known.get(node.ref or "")
        if node.kind == "B":
            return "".join(node.text).strip() == "true"
        return _decoded("".join(node.text)) if node.kind in _TEXTS else None

    def _keep(self, holder: _Node, node: _Node, value: object) -> None:
        if holder.kind == "Objs":
            at = Position(self.file, node.line)
            if value is not None and not self.gathering.take(value, at) and self._unknown is None:
                self._unknown = at
            self._known.clear()
            self.is_read()
        elif holder.kind in _LISTS:
            holder.elements.append(value)
        elif node.name is not None:
            holder.entries[node.name] = value


def _object(node: _Node) -> object:
    """An object: a list, a number or a word by its text, or its properties with its text."""
    if isinstance(node.value, list):
        return node.value
    if not node.entries:
        return node.key
    return node.entries if node.key is None else {**node.entries, TEXT: node.key}


def _decoded(text: str) -> str:
    """A text without the escapes of PowerShell: `_x000D_` is a carriage return."""
    return _ESCAPE.sub(lambda found: chr(int(found[1], 16)), text) if "_x" in text else text
