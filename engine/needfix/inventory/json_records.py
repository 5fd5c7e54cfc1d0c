"""JSON: an object, a list of objects, or objects one after another; the file may have any size."""

from __future__ import annotations

import json
import re
from typing import TYPE_CHECKING, NoReturn

from needfix.errors import NOWHERE, Position, Problem
from needfix.intake.limits import RECORD_BYTES, is_too_large, may_be_too_large
from needfix.intake.text import first_surrogate
from needfix.inventory.items import GiveUpError, invalid_bytes, record_items
from needfix.inventory.json_text import HINT, JsonParser, hint_of, syntax
from needfix.inventory.lines import long_lists, too_large
from needfix.inventory.places import JsonText, RecordFlaw
from needfix.inventory.producers.gathering import Gathering
from needfix.inventory.producers.recognised import is_native

if TYPE_CHECKING:
    from collections.abc import Iterator

    from needfix.inventory.items import Item
    from needfix.inventory.source import Source

_CHUNK = 64 * 1024
_BLANKS = re.compile(r"[ \t\r\n]*")
_SCALAR = r'(?:"(?:[^"\\]|\\.){0,200}"|[-+.\w]{1,40})'
_ENVELOPE = re.compile(
    rf'\{{(?:\s{{0,20}}"(?!server"|host_name")\w{{1,40}}"\s{{0,20}}:\s{{0,20}}{_SCALAR}\s{{0,20}},){{0,8}}'
    r'\s{0,20}"(?:value|hosts|results|rows|data)"\s{0,20}:\s{0,20}\[(?=\s{0,100}\{)',
    re.IGNORECASE,
)
"""An object that begins with a list of objects, behind at most eight short values.

What names its server in full is one object.
"""
_ENVELOPE_CHARACTERS = 4096
# An error so many characters before the end may come from a token that the window cuts.
_TOKEN = 16


def read(source: Source) -> Iterator[Item]:
    """The servers and problems of a source, element by element."""
    window = _Window(source)
    while (char := window.next_char()) is not None:
        if char == "[":
            window.take(1)
            yield from _list(window)
        elif (server := window.take_envelope()) is not None:
            yield from _list(window, server)
            _rest_of_object(window)
        else:
            yield from window.element()
    yield from window.gathering.items()


def _server_of(beginning: str) -> str:
    """The server that an object names, of which only the values before its list are there."""
    try:
        value = json.loads(f"{beginning[:-1]}null}}")
    except ValueError:
        return ""
    from needfix.inventory.producers.names import named_server  # noqa: PLC0415 - few files have an envelope
    from needfix.inventory.producers.written import Written  # noqa: PLC0415 - as above

    return named_server(Written.of(value, NOWHERE)) or ""


def _rest_of_object(window: _Window) -> None:
    """Read past what follows the list of an envelope, such as `Count`."""
    while (char := window.next_char()) == ",":
        window.take(1)
        window.next_char()
        window.value()
        if window.next_char() != ":":
            window.give_up("this is not valid JSON: expecting ':' behind the key")
        window.take(1)
        window.next_char()
        window.value()
    if char != "}":
        window.give_up("this is not valid JSON: expecting ',' or '}' in the object")
    window.take(1)


def _list(window: _Window, server: str = "") -> Iterator[Item]:
    """The elements of a list; `server` is named by the object that holds it."""
    if window.next_char() == "]":
        window.take(1)
        return
    while True:
        yield from window.element(server)
        char = window.next_char()
        if char not in (",", "]"):
            window.give_up("this is not valid JSON: expecting ',' or ']' in the list")
        window.take(1)
        if char == "]":
            return
        window.next_char()


class _Window:
    """The part of a text in memory; it grows until an element fits."""

    def __init__(self, source: Source) -> None:
        self._source = source
        self.gathering = Gathering.of(source)
        self._parser = JsonParser()
        self._text = ""
        self._start = 0
        self._line = 1
        self._column = 1
        self._ended = False

    def next_char(self) -> str | None:
        """The next character that is not white space; None at the end. Skips only white space."""
        while True:
            blanks = _BLANKS.match(self._text, self._start)
            self.take(blanks.end() - self._start if blanks else 0)
            if self._start < len(self._text):
                return self._text[self._start]
            if self._ended:
                return None
            self._grow()

    def take(self, count: int) -> None:
        """Advance by so many characters."""
        place = self._place(self._start + count)
        self._start += count
        self._line, self._column = place.line, place.column

    def take_envelope(self) -> str | None:
        """Advance into the list of an object that holds the objects of another program, if it is one.

        Returns the server that the object names before the list, which may be none.
        """
        while len(self._text) - self._start < _ENVELOPE_CHARACTERS and not self._ended:
            self._grow()
        found = _ENVELOPE.match(self._text, self._start)
        if found is None:
            return None
        self.take(found.end() - self._start)
        return _server_of(found[0])

    def value(self) -> object:
        """The value that begins here, read past."""
        value, end = self._parse(self._place(self._start))
        self.take(end - self._start)
        return value

    def element(self, server: str = "") -> Iterator[Item]:
        """The servers or problems of the element that begins here, which is perhaps of a server."""
        at = self._place(self._start)
        value, end = self._parse(at)
        own = self._text[self._start : end]
        bad = first_surrogate(own)
        invalid = self._place(self._start + bad) if bad >= 0 else None
        self.take(end - self._start)
        if invalid:
            self.gathering.lose_row(invalid)
            yield invalid_bytes(invalid, self._source)
            return
        if self._parser.is_flawed and not is_native(value):
            self.gathering.lose_row(at)
        if self._parser.is_flawed or not self.gathering.take(value, at, server):
            text = JsonText(own, at)
            flaws = [*(text.flaws() if self._parser.is_flawed else ()), *map(RecordFlaw, long_lists(value))]
            yield from record_items(value, at, flaws, self._source.notes, text.places)

    def give_up(self, what: str, at: Position | None = None, hint: str = HINT) -> NoReturn:
        """Stop reading the file here."""
        place = at or self._place(self._start)
        raise GiveUpError(Problem(place, f"{what}; the rest of the file is not read", "JSON", hint, "syntax"))

    def _parse(self, at: Position) -> tuple[object, int]:
        while True:
            self._parser.is_flawed = False
            try:
                value, end = self._parser.raw_decode(self._text, self._start)
            except json.JSONDecodeError as error:
                if not self._cut(error):
                    self.give_up(syntax(error), self._place(error.pos), hint_of(error))
            except RecursionError:
                self.give_up("the record is nested too deeply")
            else:
                # A number at the end of the window might go on.
                if self._is_too_large(end):
                    raise GiveUpError(too_large(at))
                if end < len(self._text) or self._ended:
                    return value, end
            if len(self._text) - self._start > RECORD_BYTES:
                raise GiveUpError(too_large(at))
            self._grow()

    def _is_too_large(self, end: int) -> bool:
        return may_be_too_large(end - self._start) and is_too_large(self._text[self._start : end])

    def _cut(self, error: json.JSONDecodeError) -> bool:
        """Whether the error may come from the end of the window and not from the text."""
        near_end = error.pos > len(self._text) - _TOKEN
        return not self._ended and (near_end or error.msg.startswith("Unterminated string"))

    def _grow(self) -> None:
        rest = self._text[self._start :]
        fresh = self._source.text.read(max(_CHUNK, len(rest)))
        self._ended = not fresh
        self._text, self._start = rest + fresh, 0

    def _place(self, to: int) -> Position:
        """The position of a place in the window at or after its start."""
        lines = self._text.count("\n", self._start, to)
        column = to - self._text.rindex("\n", self._start, to) if lines else self._column + to - self._start
        return Position(self._source.file, self._line + lines, column)
