"""Reads answer sheets: tables of what people answer about the symptoms of servers."""

from __future__ import annotations

import csv
import os
from collections.abc import Callable, Iterable, Iterator
from contextlib import contextmanager
from typing import NamedTuple

from needfix.errors import InventoryError, Position, Problem
from needfix.intake.archives import is_archive, members_of
from needfix.intake.formats import foreign_content, inventories, is_workbook
from needfix.intake.limits import CELL_CHARACTERS
from needfix.intake.near import did_you_mean, suggestion
from needfix.intake.paths import unreadable_file
from needfix.intake.text import first_surrogate, unwrapped
from needfix.intake.vocabularies import normal_id
from needfix.inventory.items import invalid_bytes
from needfix.inventory.joining import joined
from needfix.inventory.reading_options import options_of
from needfix.inventory.source import Source, opened
from needfix.inventory.table_header import is_preamble
from needfix.model.answer_sheet import COLUMNS, Answer, AnswerSheet
from needfix.model.inventory_options import InventoryOptions
from needfix.model.rule import Rule
from needfix.model.server import Server, altered

_YES = frozenset(("yes", "y", "true", "1", "observed", "seen", "x", "ja", "oui", "si", "sí"))
_NO = frozenset(("no", "n", "false", "0", "absent", "not seen", "nein", "non"))
_OPEN = frozenset(("", "?", "unknown", "-", "n/a"))
_DELIMITERS = (",", ";", "\t", "|")
_EXPECTED = "yes or no; leave the cell empty where it is not known"


def read_answers(
    path: str | os.PathLike[str], rules: Iterable[Rule], *, encoding: str | None = None
) -> AnswerSheet:
    """The answers in a sheet, for the symptoms of rules, such as those of a catalogue; `-` is standard input.

    The sheet is CSV or the first sheet of a workbook, and may be compressed. `encoding` is that of text
    without a byte order mark. A question is the text of a symptom or its id. Raises InventoryError with all
    problems of the sheet, and UsageError where there is no such encoding.
    """
    file = os.fspath(path)
    problems: list[Problem] = []
    answers: list[Answer] = []
    options = options_of({"encoding": encoding}, function="read_answers")
    try:
        reader = _Reader({normal_id(rule.id): rule for rule in rules}, problems)
        with _table(file, options, problems) as source:
            answers = list(reader.answers(source)) if source is not None else []
    except OSError as error:
        problems.append(unreadable_file(file, error))
    if problems:
        raise InventoryError(problems)
    return AnswerSheet(tuple(answers), set())


@contextmanager
def _table(file: str, options: InventoryOptions, problems: list[Problem]) -> Iterator[Source | None]:
    """The text of a sheet; None where it cannot be read, for which there are `problems`."""
    with opened(_in_archive(file), options=options) as source:
        foreign = None if is_workbook(source.start) else foreign_content(file, source.start, _SHEETS)
        if foreign is not None:
            problems.append(foreign)
            yield None
        elif is_workbook(source.start):
            from needfix.inventory.workbook_records import as_table  # noqa: PLC0415 - few sheets are workbooks

            with as_table(source, problems) as table:
                yield table
        else:
            yield source


_SHEETS = "a sheet with answers, as CSV or workbook"


def _in_archive(file: str) -> str:
    """The only file of an archive, or the file itself."""
    members = members_of(file, inventories()) if is_archive(file) else []
    return members[0] if len(members) == 1 else file


class _Row(NamedTuple):
    server: str
    rule: str
    question: str
    answer: str


class _Reader:
    """Reads the rows of a sheet; what is wrong with them is added to `problems`."""

    def __init__(self, rules: dict[str, Rule], problems: list[Problem]) -> None:
        self._rules = rules
        self._problems = problems

    def answers(self, source: Source) -> Iterator[Answer]:
        """The answers that are given, each once."""
        known: dict[tuple[str, str], Answer] = {}
        for at, row in self._rows(source):
            answer = self._answer(at, row)
            if answer is None:
                continue
            first = known.setdefault((answer.servers.casefold(), answer.symptom), answer)
            if first is answer:
                yield answer
            elif first.is_observed != answer.is_observed:
                what = f"the answer for {answer.servers} differs from that in line {first.at.line}"
                self._problem(at, what, "one answer for each server and question", "remove one of them")

    def _rows(self, source: Source) -> Iterator[tuple[Position, _Row]]:
        lines = _Lines(source.text)
        header = next((line for line in lines if not is_preamble(line)), "")
        delimiter, places = self._header(header, Position(source.file, lines.number))
        csv.field_size_limit(max(csv.field_size_limit(), CELL_CHARACTERS))
        for cells in csv.reader(lines, delimiter=delimiter) if places else ():
            at = Position(source.file, lines.number)
            if any(first_surrogate(cell) >= 0 for cell in cells):
                self._problems.append(invalid_bytes(at, source))
            elif any(cell.strip() for cell in cells):
                yield at, _Row(*(unwrapped(cells[n]) if n < len(cells) else "" for n in places))

    def _header(self, header: str, at: Position) -> tuple[str, list[int]]:
        """The delimiter and the places of the columns; none where one is missing."""
        splits = {
            one: [cell.strip().casefold() for cell in next(csv.reader([header], delimiter=one))]
            for one in _DELIMITERS
        }
        delimiter, names = max(splits.items(), key=lambda split: len(set(COLUMNS) & set(split[1])))
        missing = [name for name in COLUMNS if name not in names]
        if missing:
            what = f"the sheet has no column {' and no column '.join(missing)}"
            hint = "needfix ask writes such a sheet; keep its header"
            self._problem(at, what, f"the columns {', '.join(COLUMNS)}", hint)
            return delimiter, []
        return delimiter, [names.index(name) for name in COLUMNS]

    def _answer(self, at: Position, row: _Row) -> Answer | None:
        """The answer of a row; None where it is open, or the row is wrong."""
        word = row.answer.casefold()
        if word in _OPEN:
            return None
        if word not in _YES | _NO:
            self._problem(at, f"the answer is {row.answer!r}", _EXPECTED)
            return None
        if not row.server:
            self._problem(at, "the row has no server", "a server's name, or a pattern such as MAIL*")
            return None
        rule = self._rules.get(normal_id(row.rule))
        if rule is None:
            near = suggestion(row.rule, [own.id for own in self._rules.values()])
            self._problem(at, f"there is no rule {row.rule!r}", "", did_you_mean(near))
            return None
        symptom = _symptom(rule, row.question)
        if symptom is None:
            asked = " or ".join(f'"{one.text}"' for one in rule.symptoms) or "none: the rule has no symptoms"
            self._problem(at, f"{row.question!r} is not a symptom of {rule.id}", asked)
            return None
        return Answer(row.server, f"{rule.id}/{symptom}", word in _YES, at)

    def _problem(self, at: Position, what: str, expected: str, hint: str = "") -> None:
        self._problems.append(Problem(at, what, expected, hint, "wrong-value"))


class _Lines:
    """The lines of a text, and the number of the last one."""

    def __init__(self, text: Iterable[str]) -> None:
        self._lines = iter(text)
        self.number = 0

    def __iter__(self) -> Iterator[str]:
        return self

    def __next__(self) -> str:
        line = next(self._lines)
        self.number += 1
        return line


def _symptom(rule: Rule, question: str) -> str | None:
    """The id of the symptom that a question is about: by its text, its id, or the id with the rule's."""
    asked = _folded(question)
    for symptom in rule.symptoms:
        if asked in (_folded(symptom.text), symptom.id.casefold(), f"{rule.id}/{symptom.id}".casefold()):
            return symptom.id
    return None


def _folded(text: str) -> str:
    return " ".join(text.casefold().rstrip("?. ").split())


def answered(server: Server, sheet: AnswerSheet, name: str, short: Callable[[str], str]) -> Server:
    """A server with what is answered about it; an answer and a record that differ are a contradiction.

    `name` is what its record calls it, of which its own name may be the `short` one.
    """
    found = sheet.of(server.server, name, short=short)
    if found is None:
        return server
    answers = Server(
        server.server,
        collected=server.collected,
        observed=found.observed or None,
        absent=found.absent or None,
        at=found.at,
    )
    return altered(joined((server, answers)), at=server.at, log_rows=server.log_rows)
