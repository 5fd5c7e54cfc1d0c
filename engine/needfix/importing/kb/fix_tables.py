"""The tables that say which file attributes a fix has, found in the sections of an article."""

from __future__ import annotations

import re
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field, replace

from needfix.importing.kb import columns
from needfix.importing.kb import table_cells as cells
from needfix.importing.kb.article import Section
from needfix.importing.kb.columns import Columns
from needfix.importing.kb.frames import OddRow, framed_rows, is_framed, is_rule
from needfix.importing.kb.lines import ArticleLine
from needfix.importing.kb.table_cells import FileRow
from needfix.importing.kb.table_text import (
    OF_ANOTHER,
    announced,
    is_label,
    is_platform_alone,
    read_line,
)

_COMPONENT = re.compile(r"\s*Components?\s*:\s*(?P<name>\S.{0,78})?", re.IGNORECASE)
_LONGEST_REMARK = 40


@dataclass(frozen=True, slots=True)
class FixTable:
    """A table of a fix: what the text around it says that it is for, and its rows.

    `heading` is the heading above it, `lead` the sentence that announces it, `label` a line
    inside it, such as the name of a language.
    """

    lead: ArticleLine
    heading: str | None
    component: str | None
    label: str | None
    rows: tuple[FileRow, ...]


@dataclass(frozen=True, slots=True)
class Unread:
    """A part of a fix table that is doubtful, and why. `drops_rows`: files of the fix may be missing."""

    line: int
    text: str
    why: str
    drops_rows: bool = False


@dataclass(frozen=True, slots=True)
class TablesRead:
    """What a section's tables say, and what of them could not be read."""

    tables: tuple[FixTable, ...]
    unread: tuple[Unread, ...]


def read_tables(section: Section) -> TablesRead:
    """The fix tables of a section, in order."""
    reader = _Reader()
    reader.read(section.lines)
    return TablesRead(tuple(reader.tables), tuple(reader.unread))


@dataclass(frozen=True, slots=True)
class _Read:
    """A line that was read as a row, and the text after the row on it."""

    rest: ArticleLine | None


@dataclass(slots=True)
class _Reader:
    """Reads line by line, and knows which announcement, columns and labels are in force."""

    tables: list[FixTable] = field(default_factory=list)
    unread: list[Unread] = field(default_factory=list)
    heading: str | None = None
    lead: ArticleLine | None = None
    silent: bool = False
    component: str | None = None
    label: str | None = None
    columns: Columns | None = None
    rows: list[FileRow] = field(default_factory=list)
    partial: ArticleLine | None = None
    since_lead: int = 0
    spans_headings: bool = False
    paragraph: list[ArticleLine] = field(default_factory=list)
    frame: list[ArticleLine] = field(default_factory=list)

    def read(self, lines: Sequence[ArticleLine]) -> None:
        for line in lines:
            self._line(line)
        self._end_frame()
        self._end_paragraph()
        self._drop_lead()

    def _line(self, line: ArticleLine) -> None:
        if "<" in line.text:
            line = ArticleLine(line.number, cells.without_markup(line.text))
        if is_framed(line.text):
            self._end_paragraph()
            self.frame.append(line)
            return
        self._end_frame()
        if not line.text.strip():
            self._end_paragraph()
        elif is_rule(line.text):
            self._rule()
        else:
            self._text(line)

    def _rule(self) -> None:
        """Dashes below a single line of text make it a heading."""
        if len(self.paragraph) == 1:
            self._head(self.paragraph.pop().text.strip())

    def _head(self, text: str) -> None:
        """A heading ends what was announced above it, unless headings follow the announcement itself."""
        if self.lead is not None and not self.since_lead and not self.rows:
            self.spans_headings = True
        self._end_table()
        if not self.spans_headings:
            self._drop_lead()
            self.silent = False
        self.heading, self.label, self.columns = text, None, None

    def _text(self, line: ArticleLine) -> None:
        """A line of text; the text after a row on it is taken as the next line."""
        rest: ArticleLine | None = line
        while rest is not None:
            rest = self._row_or_text(rest)

    def _row_or_text(self, line: ArticleLine) -> ArticleLine | None:
        if found := columns.header(line.text):
            self._end_paragraph()
            self._header(found, line)
        elif self.columns and self._may_be_row() and (read := self._row(line, self.columns)):
            return read.rest
        elif self._may_be_words() and (row := columns.read_words(line.text, line.number)):
            self._end_paragraph()
            self._doubt(line, "a file that is described without a header above it")
            self.rows.append(row)
            self.columns = columns.guess(line.text.split())
        else:
            is_component = _COMPONENT.fullmatch(line.text) is not None
            if is_component:
                self._end_paragraph()
            self.paragraph.append(line)
            if is_component:
                self._end_paragraph()
        return None

    def _may_be_words(self) -> bool:
        return self.lead is not None and not self.columns and not self.rows

    def _header(self, found: Columns, line: ArticleLine) -> None:
        if "name" not in found:
            if self.lead:
                self.unread.append(
                    Unread(line.number, line.text.strip(), "a table without file names", drops_rows=True)
                )
            return
        self.columns = found
        if "other" in found:
            self._doubt(line, "this table has a column of products or components, which is not read")
        if self.lead is None and not self.silent:
            why = "a table of files that no sentence announces as attributes of this fix"
            self.unread.append(Unread(line.number, line.text.strip(), why))

    def _may_be_row(self) -> bool:
        """Whether no sentence is under way: a single line can be the label of the rows below it."""
        return not self.paragraph or (len(self.paragraph) == 1 and is_label(self.paragraph[0].text.strip()))

    def _row(self, line: ArticleLine, known: Columns) -> _Read | None:
        if (joined := self._joined_row(line, known)) is not None:
            return joined
        rows, rest = read_line(line, known)
        if not rows and (other := columns.read_any_order(line.text, line.number)):
            rows, rest = [other], ""
            self._doubt(line, "its cells are not in the order of the columns")
        if not rows:
            return self._part_of_row(line, known)
        self._end_paragraph()
        self._add(rows)
        return _Read(self._behind(ArticleLine(line.number, rest), known) if rest else None)

    def _joined_row(self, line: ArticleLine, known: Columns) -> _Read | None:
        """A row whose first cells are on the line above. Where that makes no row, they are doubted."""
        if self.partial is None:
            return None
        before = self.partial
        row = columns.read_row(f"{before.text} {line.text}", known, before.number)
        if row is None:
            self._drop_partial()
            return None
        self.partial = None
        self._add([row])
        return _Read(None)

    def _drop_partial(self) -> None:
        if self.partial is not None:
            self._doubt(self.partial, "cells of a row without a file name", drops_rows=True)
            self.partial = None

    def _part_of_row(self, line: ArticleLine, known: Columns) -> _Read | None:
        """Cells without a file belong to the file on the line above, or to that on the line below."""
        last = self.rows[-1] if self.rows else None
        if last and is_platform_alone(line.text) and "platform" in known and last.platform is None:
            self.rows[-1] = replace(last, platform=cells.platform(line.text.strip()))
        elif not columns.is_part_of_row(line.text):
            return None
        elif (
            last
            and not last.has_details
            and (whole := columns.read_row(f"{last.name} {line.text}", known, last.line))
        ):
            self.rows[-1] = whole
        else:
            self._drop_partial()
            self.partial = line
        return _Read(None)

    def _behind(self, rest: ArticleLine, known: Columns) -> ArticleLine | None:
        """The text after a row on its line: more rows under a label, a remark, or other text."""
        if (found := columns.label_before_row(rest.text, known)) and is_label(found[0]):
            self._label(found[0], rest)
            return ArticleLine(rest.number, found[1])
        if len(rest.text) > _LONGEST_REMARK or is_rule(rest.text):
            return rest
        if self.rows:
            self._doubt(rest, f"text after the cells of {self.rows[-1].name}")
        return None

    def _add(self, rows: Iterable[FileRow]) -> None:
        if self.lead is not None:
            self.rows.extend(rows)

    def _doubt(self, line: ArticleLine, why: str, *, drops_rows: bool = False) -> None:
        if self.lead is not None:
            self.unread.append(Unread(line.number, " ".join(line.text.split()), why, drops_rows=drops_rows))

    def _end_frame(self) -> None:
        if not self.frame:
            return
        frame, self.frame = self.frame, []
        for part in framed_rows(frame, self.columns):
            if isinstance(part, FileRow):
                self._add([part])
            elif isinstance(part, str):
                self._label(part, frame[0])
            elif isinstance(part, OddRow):
                self._add([part.row])
                self._doubt(part.line, "its cells are not in the order of the columns")
            elif isinstance(part, ArticleLine):
                self._doubt(part, "a line of the table that cannot be read as a row", drops_rows=True)
            else:
                self._header(part, next(line for line in frame if not is_rule(line.text)))

    def _end_paragraph(self) -> None:
        if not self.paragraph:
            return
        lines, self.paragraph = self.paragraph, []
        text = " ".join(" ".join(line.text for line in lines).split())
        if component := _COMPONENT.fullmatch(text):
            self._end_table()
            self.component = (component["name"] or "").strip() or None
        elif lead := announced(text):
            self._announce(ArticleLine(lines[0].number, lead))
        elif self.lead is not None:
            self._aside(text, lines)
        elif len(lines) == 1 and is_label(text) and not columns.mentions_file(text):
            self.heading = text.rstrip(":")

    def _announce(self, sentence: ArticleLine) -> None:
        """A new sentence in force. One about the files "after the fix is installed" goes on from the last."""
        before, component = self.lead, self.component
        unused = None if self.rows else self.label
        self._drop_lead()
        self.heading = unused or self.heading
        self.silent = bool(OF_ANOTHER.search(sentence.text))
        self.lead = None if self.silent else sentence
        if before is not None and "installed" in sentence.text and not self.silent:
            self.lead = ArticleLine(sentence.number, f"{before.text} {sentence.text}")
            self.component = component

    def _aside(self, text: str, lines: Sequence[ArticleLine]) -> None:
        """A label goes before the rows that it is for; prose behind rows ends the table."""
        unread = [line for line in lines if self.columns and columns.looks_like_row(line.text)]
        for line in unread:
            self._doubt(line, "a line of the table that cannot be read as a row", drops_rows=True)
        if unread:
            return
        if len(lines) == 1 and is_label(text):
            self._label(text, lines[0])
            return
        if self.rows or self.since_lead:
            unused = None if self.rows else self.label
            self._drop_lead()
            self.heading = unused or self.heading
        self.columns = None

    def _label(self, text: str, line: ArticleLine) -> None:
        self._end_table()
        if self.columns and columns.mentions_file(text):
            self._doubt(line, "a line of the table that cannot be read as a row", drops_rows=True)
        else:
            self.label = text.strip().rstrip(":").strip("() ")

    def _end_table(self) -> None:
        self._drop_partial()
        if self.rows and self.lead is not None:
            table = FixTable(self.lead, self.heading, self.component, self.label, tuple(self.rows))
            self.tables.append(table)
            self.since_lead += 1
        self.rows = []

    def _drop_lead(self) -> None:
        self._end_table()
        if self.lead is not None and not self.since_lead:
            why = "the file attributes of the fix are announced, but no table of files follows"
            self.unread.append(Unread(self.lead.number, self.lead.text, why, drops_rows=True))
        self.lead = self.component = self.label = self.columns = None
        self.since_lead = 0
        self.spans_headings = False
