"""The tables that say which file attributes a fix has, found in the sections of an article."""

from __future__ import annotations

import re
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field

from needfix.authoring.importing import cells, columns
from needfix.authoring.importing.article import Section
from needfix.authoring.importing.cells import FileRow
from needfix.authoring.importing.columns import Columns
from needfix.authoring.importing.frames import framed_rows, is_framed, is_rule
from needfix.authoring.importing.lines import Line

_ATTRIBUTES = re.compile(r"\b(?:file attributes?|listed attributes|attributes or later)\b", re.IGNORECASE)
_SENTENCE_END = re.compile(r"[.:](?=\s|$)")
_OF_THE_FIX = re.compile(r"\b(?:should|must|has|have|will|contains?)\b", re.IGNORECASE)
_OF_ANOTHER = re.compile(r"\b(?:had|previous|viewed|original)\b", re.IGNORECASE)
_COMPONENT = re.compile(r"\s*Components?\s*:\s*(?P<name>\S.{0,78})?", re.IGNORECASE)
_LONGEST_LABEL = 60
_LONGEST_REMARK = 40
_PROSE = re.compile(r"[.!?]$|^(?:NOTE|NOTES|IMPORTANT|WARNING|CAUTION)\b|https?:|ftp:|\bQ[0-9]{5,6}\b")
_SENTENCE_START = re.compile(
    r"^(?:to|for|the|this|these|if|you|after|before|because|when|in|as|a)\b.*\b\w+ \w+ \w+", re.IGNORECASE
)  # one pattern


@dataclass(frozen=True, slots=True)
class FixTable:
    """A table of a fix: what the text around it says that it is for, and its rows.

    `heading` is the heading above it, `lead` the sentence that announces it, `label` a line
    inside it, such as the name of a language.
    """

    lead: Line
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


@dataclass(slots=True)
class _Reader:
    """Reads line by line, and knows which announcement, columns and labels are in force."""

    tables: list[FixTable] = field(default_factory=list)
    unread: list[Unread] = field(default_factory=list)
    heading: str | None = None
    lead: Line | None = None
    silent: bool = False
    component: str | None = None
    label: str | None = None
    columns: Columns | None = None
    rows: list[FileRow] = field(default_factory=list)
    since_lead: int = 0
    spans_headings: bool = False
    paragraph: list[Line] = field(default_factory=list)
    frame: list[Line] = field(default_factory=list)

    def read(self, lines: Sequence[Line]) -> None:
        for line in lines:
            self._line(line)
        self._end_frame()
        self._end_paragraph()
        self._drop_lead()

    def _line(self, line: Line) -> None:
        if "<" in line.text:
            line = Line(line.number, cells.without_markup(line.text))
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

    def _text(self, line: Line) -> None:
        found = columns.header(line.text)
        if found:
            self._end_paragraph()
            self._header(found, line)
        elif self.columns and self._may_be_row() and self._row(line, self.columns):
            return
        elif (
            self.lead
            and not self.columns
            and not self.rows
            and (row := columns.read_words(line.text, line.number))
        ):
            self._end_paragraph()
            self._doubt(line, "a file that is described outside a table")
            self.rows.append(row)
        elif _COMPONENT.fullmatch(line.text):
            self._end_paragraph()
            self.paragraph.append(line)
            self._end_paragraph()
        else:
            self.paragraph.append(line)

    def _header(self, found: Columns, line: Line) -> None:
        if "name" not in found:
            if self.lead:
                self.unread.append(
                    Unread(line.number, line.text.strip(), "a table without file names", drops_rows=True)
                )
            return
        self.columns = found
        if self.lead is None and not self.silent:
            why = "a table of files that no sentence says are the attributes of this fix"
            self.unread.append(Unread(line.number, line.text.strip(), why))

    def _may_be_row(self) -> bool:
        """Whether no sentence is under way: a single line can be the label of the rows below it."""
        return not self.paragraph or (len(self.paragraph) == 1 and _is_label(self.paragraph[0].text.strip()))

    def _row(self, line: Line, known: Columns) -> bool:
        row = columns.read_row(line.text, known, line.number)
        rows, rest = ([row], "") if row else columns.rows_in(line.text, known, line.number)
        if not rows and (other := columns.read_any_order(line.text, line.number)):
            rows = [other]
            self._doubt(line, "its cells do not stand in the order of the columns")
        if rows:
            self._end_paragraph()
        self._add(rows)
        if rows and rest:
            self._rest(Line(line.number, rest), known)
        return bool(rows)

    def _rest(self, rest: Line, known: Columns) -> None:
        """What stands behind a row on its line: more rows under a label, a remark, or other text."""
        if (found := columns.label_before_row(rest.text, known)) and _is_label(found[0]):
            self._label(found[0])
            self._text(Line(rest.number, found[1]))
        elif len(rest.text) <= _LONGEST_REMARK and not is_rule(rest.text):
            self._doubt(rest, f"words behind the cells of {self.rows[-1].name}" if self.rows else "")
        else:
            self._text(rest)

    def _add(self, rows: Iterable[FileRow]) -> None:
        if self.lead is not None:
            self.rows.extend(rows)

    def _doubt(self, line: Line, why: str) -> None:
        if self.lead is not None:
            self.unread.append(Unread(line.number, " ".join(line.text.split()), why))

    def _end_frame(self) -> None:
        if not self.frame:
            return
        frame, self.frame = self.frame, []
        for part in framed_rows(frame, self.columns):
            if isinstance(part, FileRow):
                self._add([part])
            elif isinstance(part, str):
                self._label(part)
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
        elif lead := _announced(text):
            self._announce(Line(lines[0].number, lead))
        elif self.lead is not None:
            self._aside(text, lines)
        elif len(lines) == 1 and text.endswith(":") and _is_label(text):
            self.heading = text.rstrip(":")

    def _announce(self, said: Line) -> None:
        """A new sentence in force. One about the files "after the fix is installed" goes on from the last."""
        before, component = self.lead, self.component
        self._drop_lead()
        self.silent = bool(_OF_ANOTHER.search(said.text))
        self.lead = None if self.silent else said
        if before is not None and "installed" in said.text and not self.silent:
            self.lead = Line(said.number, f"{before.text} {said.text}")
            self.component = component

    def _aside(self, text: str, lines: Sequence[Line]) -> None:
        """A label goes before the rows that it is for; prose behind rows ends the table."""
        if len(lines) == 1 and _is_label(text):
            self._label(text)
            return
        if self.rows or self.since_lead:
            unused = None if self.rows else self.label
            self._drop_lead()
            self.heading = unused or self.heading
        self.columns = None

    def _label(self, text: str) -> None:
        self._end_table()
        self.label = text.strip().rstrip(":").strip("() ")

    def _end_table(self) -> None:
        if self.rows and self.lead is not None:
            table = FixTable(self.lead, self.heading, self.component, self.label, tuple(self.rows))
            self.tables.append(table)
            self.since_lead += 1
        self.rows = []

    def _drop_lead(self) -> None:
        self._end_table()
        if self.lead is not None and not self.since_lead:
            why = "the file attributes of the fix are announced, and no table of files follows"
            self.unread.append(Unread(self.lead.number, self.lead.text, why, drops_rows=True))
        self.lead = self.component = self.label = self.columns = None
        self.since_lead = 0
        self.spans_headings = False


def _announced(text: str) -> str | None:
    """The last sentence that speaks of the attributes of files, where there is one."""
    ends = [found.end() for found in _SENTENCE_END.finditer(text)]
    for found in reversed(list(_ATTRIBUTES.finditer(text))):
        start = max((end for end in ends if end <= found.start()), default=0)
        end = min((end for end in ends if end >= found.end()), default=len(text))
        sentence = text[start:end].strip()
        if _OF_THE_FIX.search(sentence) or _OF_ANOTHER.search(sentence):
            return sentence
    return None


def _is_label(text: str) -> bool:
    if (
        len(text) > _LONGEST_LABEL
        or text.startswith("- ")
        or _PROSE.search(text)
        or _SENTENCE_START.search(text)
    ):
        return False
    return cells.value(text) is not None
