"""XML read as a stream of events, in bounded memory: no document type, so that no entity can grow."""

from __future__ import annotations

from collections.abc import Iterator
from typing import TYPE_CHECKING, NoReturn
from xml.parsers import expat

from needfix.errors import Position, Problem
from needfix.intake.limits import RECORD_BYTES
from needfix.intake.text import first_surrogate
from needfix.inventory.items import GiveUpError, invalid_bytes
from needfix.inventory.lines import too_large
from needfix.inventory.producers.gathering import Gathering

if TYPE_CHECKING:
    from needfix.inventory.items import Item
    from needfix.inventory.source import Source

_CHUNK = 1 << 16
_DEEPEST = 100


class XmlReader:
    """Reads a document part by part; what is made of its elements is in the classes below this one.

    `begins` and `ends` are called for each element with its name, `has` with texts in it. A part of the
    document that makes one object ends with `is_read`; only one is in memory.
    """

    expected = ""
    """What a document should be, in problems."""

    hint = ""

    def __init__(self, source: Source) -> None:
        self.gathering = Gathering.of(source)
        self.file = source.file
        self._source = source
        self._depth = 0
        self._fed = 0
        self._begun = 0
        self._line_begun = 1
        parser = expat.ParserCreate("utf-8")
        parser.buffer_text = True
        parser.StartElementHandler = self._start
        parser.EndElementHandler = self._end
        parser.CharacterDataHandler = self.has
        parser.StartDoctypeDeclHandler = self._doctype
        self._parser = parser

    @property
    def place(self) -> Position:
        """Where the parser is."""
        return Position(self.file, self._parser.CurrentLineNumber, self._parser.CurrentColumnNumber + 1)

    def items(self) -> Iterator[Item]:
        """The servers and problems of the document."""
        while chunk := self._source.text.read(_CHUNK):
            if first_surrogate(chunk) >= 0:
                raise GiveUpError(invalid_bytes(self.place, self._source))
            self._feed(chunk)
        self._feed("", is_last=True)
        yield from self.problems()
        yield from self.gathering.items()

    def is_read(self) -> None:
        """Take in that an object is read: what follows is another one."""
        self._begun = self._fed
        self._line_begun = self.place.line

    def begins(self, name: str, attributes: dict[str, str]) -> None:
        """Take in that an element begins."""
        raise NotImplementedError

    def ends(self, name: str) -> None:
        """Take in that an element ends."""
        raise NotImplementedError

    def has(self, text: str) -> None:
        """Take in a text within an element."""
        raise NotImplementedError

    def problems(self) -> Iterator[Problem]:
        """The problems of the document as a whole."""
        raise NotImplementedError

    def give_up(self, what: str, expected: str = "", hint: str = "", at: Position | None = None) -> NoReturn:
        """Stop reading the file here."""
        raise GiveUpError(Problem(at or self.place, what, expected, hint, "syntax"))

    def _feed(self, text: str, *, is_last: bool = False) -> None:
        """Read on. Raises GiveUpError where it is no XML, or an object is too large."""
        try:
            self._parser.Parse(text.encode("utf-8"), is_last)
        except expat.ExpatError as error:
            what = f"this is not valid XML: {expat.ErrorString(error.code)}; the rest of the file is not read"
            at = Position(self.file, error.lineno, error.offset + 1)
            self.give_up(what, self.expected, f"{self.hint}; the file may be cut", at)
        self._fed += len(text)
        if self._fed - self._begun > RECORD_BYTES:
            raise GiveUpError(too_large(Position(self.file, self._line_begun)))

    def _doctype(self, *_: object) -> None:
        self.give_up(
            "the document has a DOCTYPE, which is not read",
            "a document without entities",
            f"{self.hint}, or remove the DOCTYPE",
        )

    def _start(self, name: str, attributes: dict[str, str]) -> None:
        if self._depth > _DEEPEST:
            self.give_up("the object is nested too deeply")
        self._depth += 1
        self.begins(name, attributes)

    def _end(self, name: str) -> None:
        self._depth -= 1
        self.ends(name)
