"""What Export-Clixml of PowerShell writes: objects with their properties, as XML."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING, Any
from xml.parsers import expat

from needfix.errors import Position, Problem
from needfix.intake.limits import RECORD_BYTES
from needfix.intake.text import first_surrogate
from needfix.inventory.items import GiveUpError, invalid_bytes
from needfix.inventory.lines import too_large
from needfix.inventory.producers.gathering import Gathering
from needfix.inventory.producers.written import TEXT

if TYPE_CHECKING:
    from collections.abc import Iterator

    from needfix.inventory.items import Item
    from needfix.inventory.source import Source

_CHUNK = 1 << 16
_DEEPEST = 100
_TEXTS = frozenset(
    ("S", "C", "DT", "TS", "By", "SB", "U16", "I16", "U32", "I32", "U64", "I64", "Sg", "Db", "D", "G",
     "URI", "Version", "XD", "B", "ToString")
)  # fmt: skip
"""Elements whose text is a value."""
_LISTS = frozenset(("LST", "IE", "QUE", "STK"))
_ESCAPE = re.compile(r"_x([0-9A-Fa-f]{4})_")


def read(source: Source) -> Iterator[Item]:
    """The servers and problems of a source."""
    reader = _Reader(source)
    while chunk := source.text.read(_CHUNK):
        if first_surrogate(chunk) >= 0:
            raise GiveUpError(invalid_bytes(reader.place, source.encoding))
        reader.feed(chunk)
    reader.feed("", is_last=True)
    yield from reader.problems()
    yield from reader.gathering.items()


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


class _Reader:
    """Reads the objects of a document one after another; only one is in memory."""

    def __init__(self, source: Source) -> None:
        self.gathering = Gathering.of(source)
        self._file = source.file
        self._open: list[_Node] = []
        self._known: dict[str, Any] = {}
        self._fed = 0
        self._begun = 0
        self._unknown: Position | None = None
        parser = expat.ParserCreate("utf-8")
        parser.buffer_text = True
        parser.StartElementHandler = self._start
        parser.EndElementHandler = self._end
        parser.CharacterDataHandler = self._characters
        parser.StartDoctypeDeclHandler = self._doctype
        self._parser = parser

    @property
    def place(self) -> Position:
        """Where the parser is."""
        return Position(self._file, self._parser.CurrentLineNumber, self._parser.CurrentColumnNumber + 1)

    def feed(self, text: str, *, is_last: bool = False) -> None:
        """Read on. Raises GiveUpError where it is no XML, or an object is too large."""
        try:
            self._parser.Parse(text.encode("utf-8"), is_last)
        except expat.ExpatError as error:
            what = f"this is not valid XML: {expat.ErrorString(error.code)}; the rest of the file is not read"
            at = Position(self._file, error.lineno, error.offset + 1)
            hint = "export the objects again; the file may be cut"
            raise GiveUpError(Problem(at, what, "what Export-Clixml writes", hint, "syntax")) from None
        self._fed += len(text)
        if self._fed - self._begun > RECORD_BYTES:
            raise GiveUpError(too_large(Position(self._file, self._open[1].line if self._open[1:] else 1)))

    def problems(self) -> Iterator[Problem]:
        """The problem of a document of which no object is known."""
        if self._unknown is not None and not self.gathering.count:
            what = "the file has objects of none of the kinds that needfix knows"
            expected = "objects of Get-Item, Get-HotFix, Get-CimInstance or Get-ExchangeServer"
            hint = "docs/inventories.md lists the commands whose objects are read"
            yield Problem(self._unknown, what, expected, hint, "syntax")

    # Events of the parser.

    def _doctype(self, *_: object) -> None:
        what = "the document has a DOCTYPE, which is not read"
        hint = "export the objects with Export-Clixml, which writes none"
        raise GiveUpError(Problem(self.place, what, "a document without entities", hint, "syntax"))

    def _start(self, kind: str, attributes: dict[str, str]) -> None:
        if len(self._open) > _DEEPEST:
            raise GiveUpError(Problem(self.place, "the object is nested too deeply", code="syntax"))
        name = attributes.get("N")
        node = _Node(kind, None if name is None else _decoded(name), attributes.get("RefId"), self.place.line)
        self._open.append(node)

    def _characters(self, text: str) -> None:
        if self._open and self._open[-1].kind in _TEXTS:
            self._open[-1].text.append(text)

    def _end(self, kind: str) -> None:
        node = self._open.pop()
        if not self._open:
            return
        holder = self._open[-1]
        if kind in ("Props", "MS", "DCT"):
            holder.entries |= node.entries
        elif kind in _LISTS:
            holder.value = node.elements
        elif kind == "En":
            holder.entries[str(node.entries.get("Key"))] = node.entries.get("Value")
        elif kind == "ToString":
            holder.key = _decoded("".join(node.text))
        elif kind not in ("TN", "TNRef", "T"):
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
            at = Position(self._file, node.line)
            if value is not None and not self.gathering.take(value, at) and self._unknown is None:
                self._unknown = at
            self._known.clear()
            self._begun = self._fed
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
