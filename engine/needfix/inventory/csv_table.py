"""CSV as a table: its delimiter, its columns, and its rows one after another."""

from __future__ import annotations

import csv
from collections import deque
from dataclasses import dataclass
from itertools import islice
from typing import TYPE_CHECKING, NamedTuple

from needfix.errors import Position, Problem
from needfix.intake.columns import no_server_column
from needfix.intake.limits import CELL_CHARACTERS, RECORD_BYTES
from needfix.intake.near import did_you_mean
from needfix.intake.notes import Occurrence
from needfix.intake.other_columns import read_columns
from needfix.intake.other_names import NAMES_OF_SERVERS, folded
from needfix.intake.text import bare, first_surrogate, is_of_other_encoding
from needfix.inventory.items import GiveUpError, invalid_bytes
from needfix.inventory.lines import numbered_lines, too_large
from needfix.inventory.producers.further_columns import columns_not_read
from needfix.inventory.producers.recognised import are_of_objects
from needfix.inventory.table_header import (
    LINES_TO_HEADER,
    cells_of,
    header_place,
    is_header,
    is_preamble,
    is_type,
    may_be_header,
    split_header,
)
from needfix.model.note import LINES_ABOVE

if TYPE_CHECKING:
    from collections.abc import Collection, Iterator

    from needfix.inventory.source import Source
    from needfix.model.inventory_options import Naming
    from needfix.model.whole_lists import ProductRows

_MANY_COLUMNS = 20
"""So many columns a table of systeminfo has at least."""

_SERVER = did_you_mean("server")


class RowFlaw(NamedTuple):
    """What is wrong with a row, what was expected, and a hint."""

    what: str
    expected: str = ""
    hint: str = ""


@dataclass(frozen=True, slots=True)
class Row:
    """A row, the line where it begins, the cells that could be read, and what is wrong with it."""

    line: int
    cells: list[str]
    flaw: RowFlaw | None = None

    @property
    def readable(self) -> list[str]:
        """The cells, with `?` where bytes are not text."""
        return [cell.encode(errors="replace").decode() for cell in self.cells] if self.flaw else self.cells

    def cell(self, place: int) -> str | None:
        """A cell, with `?` where bytes are not text; None beyond the last one."""
        if place >= len(self.cells):
            return None
        cell = self.cells[place]
        return cell.encode(errors="replace").decode() if self.flaw else cell


class CsvTable:
    """A header, and the rows below it. Raises GiveUpError where the header is misleading.

    The rows end where another table begins, which is `following` then.
    """

    def __init__(self, source: Source, lines: _Lines | None = None) -> None:
        # Python's own limit is lower and for the whole process, so it is only raised, never lowered.
        csv.field_size_limit(max(csv.field_size_limit(), RECORD_BYTES))
        self._source = source
        self._lines = _Lines(source) if lines is None else lines
        self.has_following = False
        header = self._header()
        if len(header) > CELL_CHARACTERS:
            raise GiveUpError(_too_long(header, Position(source.file, self._lines.number)))
        self.delimiter, names = split_header(header)
        self.names = names
        self._folded = [name.casefold() for name in names]
        self._width = len(names)
        self.header = header
        self.header_line = self._lines.number
        self._at = Position(source.file, self._lines.number)
        self.is_of_objects = are_of_objects(names, source.options.columns)
        self._read = read_columns(names, self._at, source.options.columns)
        if not self.is_of_objects and len(names) >= _MANY_COLUMNS:
            self._read_by_position()
        self.columns = {} if self.is_of_objects else self._known(source.options.naming)
        servers = (
            n for n, name in enumerate(names) if self.is_of_objects and folded(name) in NAMES_OF_SERVERS
        )
        self._server_place = self.columns.get("server", next(servers, 0))
        self._is_of_systeminfo = len(names) >= _MANY_COLUMNS and folded(self.names[2]) == "osversion"

    def _header(self) -> str:
        """The line of the header; lines above it that are none are noted."""
        while is_preamble(self._lines.peek()) and self._lines.ahead(1):
            next(self._lines)
        lines = self._lines.ahead(LINES_TO_HEADER)
        place = header_place([line for _, line in lines], self._source.options.columns)
        above = [
            Occurrence(LINES_ABOVE, " ".join(filter(None, split_header(line[:CELL_CHARACTERS])[1])))
            for _, line in lines[:place]
            if not is_preamble(line)
        ]
        for _ in range(place):
            next(self._lines)
        self._source.notes.take(above, Position(self._source.file, lines[0][0]) if lines else None)
        return next(self._lines, "")

    def _read_by_position(self) -> None:
        """Take the columns of systeminfo in another language by their places, which its first row shows."""
        from needfix.inventory.producers.systeminfo import names_by_position  # noqa: PLC0415 - few tables

        row = cells_of(self._lines.peek(), self.delimiter)
        names = names_by_position(self.names, row)
        if names is not None:
            self.names, self.is_of_objects = names, True

    def _known(self, naming: Naming) -> dict[str, int]:
        """The place of each known column. Raises GiveUpError where the header is misleading."""
        problems = list(self._read.problems)
        if "server" not in self._read.places and not any(one.hint == _SERVER for one in problems):
            name = naming.of_file(self._source.file)
            if name is None:
                problems.append(no_server_column(self.names, self._at))
        if problems:
            raise GiveUpError(*problems)
        return self._read.places

    @property
    def products(self) -> ProductRows:
        """What its products are."""
        return self._read.products

    @property
    def distinct_names(self) -> list[str]:
        """The names of the columns, with signs behind those that are there before."""
        known: set[str] = set()
        found = []
        for name in self.names:
            own = name
            while own in known:
                own += "_"
            known.add(own)
            found.append(own)
        return found

    def note_not_read(self, read: Collection[str]) -> None:
        """Note the columns of a table of objects whose folded names are not in `read`."""
        self._source.notes.take(columns_not_read(self.names, read), self._at)

    def note_columns(self) -> list[Problem]:
        """Note how columns are understood, and those that are not, which are problems where it is strict."""
        return self._source.notes.take(self._read.occurrences, self._at)

    def rows(self) -> Iterator[Row]:
        """The rows that are not empty, bad ones with their flaw."""
        reader = csv.reader(self._lines, delimiter=self.delimiter, strict=True)
        while True:
            start = self._lines.number + 1
            self._lines.invalid = False
            try:
                cells = next(reader, None)
            except csv.Error as error:
                yield self._broken(start, error)
                continue
            if cells is None:
                return
            if self._begins_table(cells):
                self.has_following = True
                return
            if self.is_of_objects and self._repeats_header(cells):
                continue
            if any(cells):
                yield Row(start, cells, self._flaw(cells))

    def following(self) -> CsvTable | None:
        """The table below this one, once its rows were read."""
        return CsvTable(self._source, self._lines) if self.has_following else None

    def _begins_table(self, cells: list[str]) -> bool:
        """Whether a row is the header of another table, which is the next line then."""
        if self._is_of_systeminfo and self._begins_systeminfo(cells):
            self._lines.put_back()
            return True
        place = self._server_place
        server = cells[place] if place < len(cells) else ""
        is_one = len(cells) == 1 and self._width > 1  # the other table may have another delimiter
        if not cells or not (is_one or may_be_header(cells[0]) or may_be_header(server)):
            return False
        if any(sign in cell for cell in cells for sign in "\r\n"):
            return False
        if is_type(cells):
            return True
        names = cells if len(cells) > 1 else split_header(cells[0])[1]
        is_named = len(names) > 1 and bare(server).casefold() == self._folded[place]
        if not (is_header(names) or is_named) or self._repeats_header(cells):
            return False
        self._lines.put_back()
        return True

    def _begins_systeminfo(self, cells: list[str]) -> bool:
        """Whether a row has the names of columns in another language, which the row below it shows."""
        from needfix.inventory.producers.systeminfo import VERSION, names_by_position, windows_version  # noqa: PLC0415 - few tables

        if len(cells) <= VERSION or windows_version(cells[VERSION].strip()) is not None:
            return False
        row = cells_of(self._lines.peek(), self.delimiter)
        return names_by_position(cells, row) is not None

    def _flaw(self, cells: list[str]) -> RowFlaw | None:
        if self._lines.invalid:
            at = Position(self._source.file, self._lines.number)
            return RowFlaw(*invalid_bytes(at, self._source)[1:4])
        if is_of_other_encoding(self._lines.last, self._source.encoding):
            hint = "put what was added to the file into a file of its own"
            return RowFlaw("the row is in another encoding than the header", "text in one encoding", hint)
        if self._repeats_header(cells):
            hint = "remove the line; files that are put together have one header, or pass each by itself"
            return RowFlaw("the row repeats the header", hint=hint)
        if any(cells[self._width :]):
            return RowFlaw(f"the row has {len(cells)} cells, and the header {self._width} columns")
        if len(cells) < self._width and not self._lines.last.endswith(("\n", "\r")):
            what = f"the last row has {len(cells)} of {self._width} cells and no line end: it is cut"
            return RowFlaw(what, hint="export the file again, or complete the row")
        return None

    def _repeats_header(self, cells: list[str]) -> bool:
        place = self.columns.get("server", 0)
        is_alike = len(cells) > place and bare(cells[place]).casefold() == self._folded[place]
        return is_alike and [bare(cell).casefold() for cell in cells] == self._folded

    def _broken(self, start: int, error: csv.Error) -> Row:
        """A row that is not valid CSV. If it spans several lines it may contain other rows: give up."""
        if self._lines.number > start:
            what = "a quote in the row that begins here is not closed at the end of its cell"
            rest = "its server and the rest of the file are not read"
            hint = "close the quote, and double each quote inside a cell"
            at = Position(self._source.file, start)
            raise GiveUpError(Problem(at, f"{what}; {rest}", hint=hint, code="syntax"))
        lenient = csv.reader([self._lines.last[:CELL_CHARACTERS]], delimiter=self.delimiter)
        return Row(start, next(lenient, []), RowFlaw(f"the row is not valid CSV: {error}"))


class _Lines:
    """The lines for the parser; keeps the number of the last one and whether one was invalid."""

    def __init__(self, source: Source) -> None:
        self._file = source.file
        self._numbered = numbered_lines(source)
        self._next: deque[tuple[int, str | None]] = deque()
        self.number = 0
        self.last = ""
        self.invalid = False

    def __iter__(self) -> Iterator[str]:
        return self

    def peek(self) -> str:
        """The next line, which stays the next one; empty at the end."""
        return next((line for _, line in self.ahead(1)), "")

    def ahead(self, count: int) -> list[tuple[int, str]]:
        """The next lines with their numbers, which stay the next ones: at most so many."""
        while len(self._next) < count and (found := next(self._numbered, None)) is not None:
            self._next.append(found)
        return [(number, line or "") for number, line in islice(self._next, count)]

    def put_back(self) -> None:
        """Make the last line the next one."""
        self._next.appendleft((self.number, self.last))
        self.number -= 1

    def __next__(self) -> str:
        self.number, line = self._next.popleft() if self._next else next(self._numbered)
        if line is None:  # it may have opened a quote
            raise GiveUpError(too_large(Position(self._file, self.number)))
        self.last = line
        self.invalid = self.invalid or first_surrogate(self.last) >= 0
        return self.last


def _too_long(header: str, at: Position) -> Problem:
    what = f"the header has {len(header.strip())} characters"
    return Problem(
        at, what, f"at most {CELL_CHARACTERS}", "remove columns that needfix does not know", "too-large"
    )
