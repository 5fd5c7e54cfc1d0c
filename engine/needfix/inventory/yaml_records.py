"""YAML: a record, a list of records or several documents, built from events within limits."""

from __future__ import annotations

from functools import partial
from typing import TYPE_CHECKING, NoReturn

import yaml

from needfix.errors import Position, Problem
from needfix.intake.limits import RECORD_BYTES, byte_count
from needfix.intake.text import first_surrogate
from needfix.inventory.items import GiveUpError, invalid_bytes, record_items
from needfix.inventory.lines import long_lists, too_large
from needfix.inventory.places import RecordFlaw
from needfix.inventory.producers.gathering import Gathering
from needfix.inventory.yaml_values import ValueBuilder
from needfix.yamltext import NOT_YAML, EndError, Flaw, YamlSyntaxError, events_of, position, syntax_flaw

if TYPE_CHECKING:
    from collections.abc import Iterator

    from needfix.inventory.items import Item
    from needfix.inventory.source import Source


def read(source: Source) -> Iterator[Item]:
    """The servers and problems of a source, document by document, record by record."""
    stream = _WatchedText(source)
    events = events_of(stream)
    try:
        yield from _records(source, events, stream)
    except EndError as end:
        raise _given_up(end.at, end.flaw) from None
    except YamlSyntaxError as error:
        flaw, mark = syntax_flaw(error)
        raise _given_up(position(source.file, mark) if mark else stream.at, flaw) from None


def _records(source: Source, events: Iterator[yaml.Event], stream: _WatchedText) -> Iterator[Item]:
    builder = ValueBuilder(events, source.file)
    gathering = Gathering.of(source)
    in_list = False
    for event in events:
        if isinstance(event, yaml.DocumentStartEvent):
            builder.begin_document()
            in_list = False
        elif isinstance(event, yaml.SequenceStartEvent) and _is_bare(event, in_list=in_list):
            in_list = True
        elif isinstance(event, yaml.NodeEvent) and not _is_empty_document(event, in_list=in_list):
            stream.begin_record(position(source.file, event.start_mark))
            value = builder.record(event)
            if not builder.flaws and gathering.take(value, stream.at):
                stream.begin_record(stream.at)
                continue
            flaws = [*builder.flaws, *map(RecordFlaw, long_lists(value))]
            yield from record_items(value, stream.at, flaws, source.notes, partial(builder.places, value))
            stream.begin_record(stream.at)
    yield from gathering.items()


def _is_bare(event: yaml.SequenceStartEvent, *, in_list: bool) -> bool:
    return not (in_list or event.anchor or event.tag)


def _is_empty_document(event: yaml.Event, *, in_list: bool) -> bool:
    return not in_list and isinstance(event, yaml.ScalarEvent) and not event.value


def _given_up(at: Position, flaw: Flaw) -> GiveUpError:
    return GiveUpError(
        Problem(at, f"{flaw.what}; the rest of the file is not read", hint=flaw.hint, code="syntax")
    )


class _WatchedText:
    """The text that the parser reads; it ends at invalid bytes and at a record that is too large."""

    def __init__(self, source: Source) -> None:
        self._source = source
        self._line = 1
        self._record_bytes = 0
        self._held = ""
        self.at = Position(source.file, 1)

    def begin_record(self, at: Position) -> None:
        """Start counting the bytes of the record at this place."""
        self.at = at
        self._record_bytes = 0

    def read(self, size: int = -1, /) -> str:
        """The next characters; called by the parser."""
        text = self._held or self._source.text.read(size)
        bad = NOT_YAML.search(text)
        if bad and not bad.start():
            self._refuse(text[0])
        end = bad.start() if bad else len(text)
        valid, self._held = text[:end], text[end:]
        self._line += valid.count("\n")
        self._record_bytes += byte_count(valid)
        if self._record_bytes > RECORD_BYTES:
            raise GiveUpError(too_large(self.at))
        return valid

    def _refuse(self, char: str) -> NoReturn:
        at = Position(self._source.file, self._line)
        if first_surrogate(char) == 0:
            raise GiveUpError(invalid_bytes(at, self._source))
        what = "a control character is not allowed in YAML; the rest of the file is not read"
        raise GiveUpError(Problem(at, what, hint="write it as an escape in double quotes", code="syntax"))
