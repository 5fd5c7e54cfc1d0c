"""Rows of fix tables turned into files with their minimum: the version and the modified time."""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date

from needfix.importing.kb import table_cells as cells
from needfix.importing.kb.draft import FileDraft
from needfix.importing.kb.subject import ArticleSubject
from needfix.importing.kb.table_cells import FileRow
from needfix.versions import parse_version

_REMARK = re.compile(r"\s*\((?!Build)[^()]*\)$|\s[a-z]{2,4}$")
_LEAST_PARTS = 3
"""A version of fewer numbers, such as 2623.0, may be a build without the version before it."""


@dataclass(frozen=True, slots=True)
class Minima:
    """Reads the rows of one table, whose dates all have the day first or all the month."""

    subject: ArticleSubject
    day_first: bool

    @classmethod
    def of_table(cls, rows: Sequence[FileRow], subject: ArticleSubject) -> Minima:
        """For a table's rows: the order of its dates follows from those that can be read in one way only."""
        return cls(subject, _is_day_first(rows, subject))

    def file(self, row: FileRow) -> FileDraft:
        """The file of a row. What cannot be read is left out, and doubted."""
        return FileDraft(row.name, self._version(row), self._modified(row))

    def _version(self, row: FileRow) -> str | None:
        if row.version is None:
            return None
        text = _REMARK.sub("", row.version).removeprefix("v")
        version = parse_version(text.replace(":", "."))
        if version is None:
            doubt_row(row, "a version that cannot be compared, left out", self.subject)
            return None
        if len(version.release) < _LEAST_PARTS:
            why = "a short version: it may be a build without the version before it"
            doubt_row(row, why, self.subject)
        elif text != row.version or ":" in text:
            why = f"a version in an unusual notation, read as {text.replace(':', '.')}"
            doubt_row(row, why, self.subject)
        return text.replace(":", ".")

    def _modified(self, row: FileRow) -> str | None:
        if row.date is None:
            return None
        day = cells.read_date(row.date, day_first=self.day_first)
        if day is None:
            doubt_row(row, "a date that cannot be read, left out", self.subject)
            return None
        latest = _latest(self.subject)
        if latest and day > latest:
            doubt_row(row, f"a date after the article's own, {latest.isoformat()}", self.subject)
        moment = cells.read_time(row.time) if row.time else None
        if row.time and moment is None:
            doubt_row(row, "a time that cannot be read, left out", self.subject)
        if moment is None:
            return day.isoformat()
        return f"{day.isoformat()}T{moment.isoformat('auto' if moment.second else 'minutes')}"


def doubt_row(row: FileRow, why: str, subject: ArticleSubject) -> None:
    """Note that a row may be wrong."""
    parts = (row.name, row.version, row.date, row.time, row.size, row.platform)
    subject.doubt(row.line, " ".join(part for part in parts if part), why, "fixes")


def _latest(subject: ArticleSubject) -> date | None:
    revised = subject.article.revised
    return date.fromisoformat(revised) if revised else None


def _is_day_first(rows: Sequence[FileRow], subject: ArticleSubject) -> bool:
    dates = [row.date for row in rows if row.date]
    day_first = cells.is_day_first(dates)
    if day_first is None:
        why = "some dates have the day first and some the month; read with the month first"
        doubt_row(rows[0], why, subject)
        return False
    latest = _latest(subject)
    if day_first or latest is None or not all(map(cells.is_ambiguous, dates)):
        return day_first
    read = [cells.read_date(text) for text in dates]
    other = [cells.read_date(text, day_first=True) for text in dates]
    if any(day and day > latest for day in read) and all(day and day <= latest for day in other):
        why = "read with the day first, since the month first would be after the article's own date"
        doubt_row(rows[0], why, subject)
        return True
    return False
