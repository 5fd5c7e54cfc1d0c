"""What commands of Windows and PowerShell print: systeminfo, wmic, sc, reg, Format-List and Format-Table.

A file may hold the output of several commands, one below the other.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator
from typing import TYPE_CHECKING, NamedTuple

from needfix.errors import Position, Problem
from needfix.intake import windows_texts
from needfix.intake.text import first_surrogate
from needfix.inventory.items import invalid_bytes
from needfix.inventory.producers import (
    text_lists,
    text_registry,
    text_services,
    text_system,
    text_tables,
)
from needfix.inventory.producers.facts import OTHERS, Facts
from needfix.inventory.producers.gathering import Gathering
from needfix.inventory.producers.kinds import facts_of
from needfix.inventory.producers.text_lines import TextLines
from needfix.inventory.producers.text_object import TextObject
from needfix.inventory.producers.text_prompts import Asked, asked_by
from needfix.model.note import OBJECT_UNKNOWN

if TYPE_CHECKING:
    from needfix.inventory.items import Item
    from needfix.inventory.source import Source


class _Output(NamedTuple):
    """A form of output: how it begins, and what reads it."""

    begins: re.Pattern[str]
    read: Callable[[TextLines], Iterator[TextObject | Facts]]


_OUTPUTS = (
    _Output(re.compile(windows_texts.SYSTEM), text_system.read),
    _Output(re.compile(windows_texts.SERVICE), text_services.read),
    _Output(re.compile(windows_texts.REGISTRY), text_registry.read),
    _Output(re.compile(windows_texts.RULED), text_tables.read_ruled),
    _Output(re.compile(windows_texts.PROPERTIES), text_lists.read_properties),
    _Output(re.compile(windows_texts.VALUES), text_lists.read_values),
    _Output(re.compile(windows_texts.COLUMNS), text_tables.read_columns),
)


def read(source: Source) -> Iterator[Item]:
    """The servers and problems of a source."""
    reader = _Reader(source)
    reader.read()
    yield from reader.problems()
    yield from reader.gathering.items()


class _Reader:
    """Reads one output after another; what is between them is passed over."""

    def __init__(self, source: Source) -> None:
        self.gathering = Gathering.of(source)
        self._source = source
        self._lines = TextLines(source)
        self._invalid: Position | None = None
        self._unknown: Position | None = None
        self._here = self._asked = Asked(is_here=True)
        self._elsewhere: Position | None = None

    def read(self) -> None:
        """Read all outputs; the facts are in `gathering`."""
        while self._lines.next() is not None:
            beginning = self._lines.beginning()
            output = next((own for own in _OUTPUTS if own.begins.match(beginning)), None)
            if output is None:
                self._pass_over()
                continue
            for found in output.read(self._lines):
                if isinstance(found, TextObject):
                    self._take(found)
                else:
                    self.gathering.add_kind("reg query")
                    self._add(found)

    def _pass_over(self) -> None:
        """Take a line that is of no output; it may say which machine the next one is about."""
        line = self._lines.take()
        asked = asked_by(line.text) if line is not None else None
        if asked is not None:
            self._here = asked if asked.is_here and asked.server is not None else self._here
            self._asked = self._here if asked.is_here else asked
            if not asked.is_here:
                self.gathering.has_others = True
        elif line is not None and _ERROR.match(line.text):
            self._source.notes.add(OBJECT_UNKNOWN, self._lines.place(line.number), line.text[:_SHOWN].strip())

    def problems(self) -> Iterator[Problem]:
        """What is wrong with the file as a whole."""
        for problem in self._lines.problems:
            self.gathering.lose_row(problem.at)
            yield problem
        if self._elsewhere is not None:
            what = "the command asks other machines, and its output does not name them"
            hint = "put the output of each machine into a file of its own"
            yield Problem(self._elsewhere, what, "output of one machine", hint, "missing-key")
        if self._invalid is not None:
            yield invalid_bytes(self._invalid, self._source)
        elif not self.gathering.count and self._elsewhere is None:
            at = self._unknown or self._lines.place(1)
            what = "the file has no output that needfix reads"
            expected = "that of systeminfo, wmic, sc query, reg query, Get-HotFix or other commands"
            hint = "docs/sources/windows-commands.md lists the commands and what they can show"
            yield Problem(at, what, expected, hint, "syntax")

    def _take(self, found: TextObject) -> None:
        at = self._lines.place(found.line)
        is_known, is_named = False, False
        for facts in facts_of(found.values, at, on_kind=self.gathering.add_kind):
            is_known = True
            is_named = is_named or any(entry != OTHERS for own in facts.entries.values() for entry in own)
            self._add(facts)
        if found.is_cut and not is_named:
            self.gathering.lose_row()
        if not is_known:
            self._unknown = self._unknown or at
            self._source.notes.add(OBJECT_UNKNOWN, at, found.title)

    def _add(self, facts: Facts) -> None:
        """Add facts, unless bytes in them are no text in the encoding of the file.

        Those that name no server are of the machine that the command asked.
        """
        if facts.server is None and self._asked.is_unknown:
            self._elsewhere = self._elsewhere or facts.at
            return
        if facts.server is None and self._asked.server is not None:
            facts = facts._replace(server=self._asked.server)
        if _is_text(facts):
            self.gathering.add(facts)
            return
        if "files" in facts.entries:  # another copy of a file may be newer
            self.gathering.lose_row(facts.at)
        self._invalid = self._invalid or facts.at


_ERROR = re.compile(windows_texts.ERROR)
_SHOWN = 60


def _is_text(facts: Facts) -> bool:
    texts = [facts.server, facts.collected]
    for entries in facts.entries.values():
        for entry in entries:
            texts += entry.values() if isinstance(entry, dict) else [entry]
    return all(first_surrogate(text) < 0 for text in texts if isinstance(text, str))
