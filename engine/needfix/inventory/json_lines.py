"""JSON lines: one object a line. A bad line is one bad record."""

from __future__ import annotations

import json
from typing import TYPE_CHECKING

from needfix.errors import Position, Problem
from needfix.intake.text import first_surrogate
from needfix.inventory.items import invalid_bytes, record_items
from needfix.inventory.json_text import JsonParser, hint_of, syntax
from needfix.inventory.lines import long_lists, numbered_lines, too_large
from needfix.inventory.places import JsonText, RecordFlaw
from needfix.inventory.producers.gathering import Gathering
from needfix.inventory.producers.recognised import is_native

if TYPE_CHECKING:
    from collections.abc import Iterator

    from needfix.intake.notes import Notes
    from needfix.inventory.items import Item
    from needfix.inventory.source import Source


def read(source: Source) -> Iterator[Item]:
    """The servers and problems of a source, a line each; blank lines are nothing."""
    gathering = Gathering.of(source)
    yield from records(source, gathering)
    yield from gathering.items()


def records(source: Source, gathering: Gathering) -> Iterator[Item]:
    """The records of needfix's own and the problems; objects of other programs are added to `gathering`."""
    parser = JsonParser()
    for number, line in numbered_lines(source):
        if line is None:
            gathering.lose_row(Position(source.file, number))
            yield too_large(Position(source.file, number), is_last=False)
            continue
        if line.isspace():
            continue
        bad = first_surrogate(line)
        if bad >= 0:
            at = Position(source.file, number, bad + 1)
            _lose(gathering, line, bad, at)
            yield invalid_bytes(at, source)
        else:
            yield from _line(parser, line, Position(source.file, number), source.notes, gathering)


def _line(parser: JsonParser, line: str, at: Position, notes: Notes, gathering: Gathering) -> Iterator[Item]:
    parser.is_flawed = False
    try:
        value = parser.decode(line)
    except json.JSONDecodeError as error:
        gathering.lose_row()
        place = Position(at.file, at.line, error.pos + 1)
        _lose(gathering, line, error.pos, place)
        yield Problem(place, syntax(error), "one JSON object a line", hint_of(error), "syntax")
    except RecursionError:
        gathering.lose_row(at)
        yield Problem(at, "the record is nested too deeply", code="syntax")
    else:
        if not parser.is_flawed and gathering.take(value, at):
            return
        if parser.is_flawed and not is_native(value):
            _lose(gathering, line, len(line), at)
        text = JsonText(line, at)
        flaws = [*(text.flaws() if parser.is_flawed else ()), *map(RecordFlaw, long_lists(value))]
        yield from record_items(value, at, flaws, notes, text.places)


def _lose(gathering: Gathering, line: str, wrong: int, at: Position) -> None:
    """Take in that a line is not read, which is wrong from a place on; it is of the servers that it names."""
    from needfix.inventory.producers.names import servers_in_broken  # noqa: PLC0415 - few lines are broken

    gathering.lose_row(at, servers_in_broken(line, wrong))
