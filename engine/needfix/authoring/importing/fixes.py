"""Fix tables turned into the fixes of a rule: one for each branch, each file with its minimum."""

from __future__ import annotations

import re
from collections.abc import Iterable, Sequence
from datetime import date

from needfix.authoring.importing import cells
from needfix.authoring.importing.branches import BranchRead, branch_of, language
from needfix.authoring.importing.cells import FileRow
from needfix.authoring.importing.draft import AffectedDraft, Doubt, FileDraft, FixDraft
from needfix.authoring.importing.fix_tables import FixTable
from needfix.authoring.importing.naming import Naming
from needfix.model import names
from needfix.versions import parse_version

_REMARK = re.compile(r"\s*\((?!Build)[^()]*\)$|\s[a-z]{2,4}$")
_LEAST_PARTS = 3
"""A version of fewer numbers, such as 2623.0, may be a build without the version before it."""

Key = tuple[str | None, str | None]


def fixes_of(
    tables: Sequence[FixTable],
    affected: Sequence[AffectedDraft],
    naming: Naming,
    revised: str | None,
) -> tuple[tuple[FixDraft, ...], tuple[Doubt, ...]]:
    """The fixes that the tables tell, and what is doubtful in them. Dates past `revised` are doubted."""
    doubts: list[Doubt] = []
    latest = date.fromisoformat(revised) if revised else None
    found = [
        fix
        for table in tables
        for fix in _of_table(table, branch_of(table, affected, naming, doubts), latest, doubts)
    ]
    return tuple(_merged(found)), tuple(doubts)


def _of_table(
    table: FixTable, branch: BranchRead, latest: date | None, doubts: list[Doubt]
) -> Iterable[FixDraft]:
    day_first = _order_of_dates(table.rows, latest, doubts)
    groups: dict[Key, list[FileRow]] = {}
    for row in table.rows:
        groups.setdefault(_key(row, branch, doubts), []).append(row)
    for (platform, spoken), rows in groups.items():
        for files in _without_clashes([(row, _file(row, day_first, latest, doubts)) for row in rows], doubts):
            yield FixDraft(
                files=files,
                component=table.component,
                product=branch.product,
                levels=branch.levels,
                edition=branch.edition,
                platform=platform,
                language=spoken,
            )


def _key(row: FileRow, branch: BranchRead, doubts: list[Doubt]) -> Key:
    spoken = language(row.language)
    if row.language and spoken is None:
        why = "no known language; the fix is listed for it as printed"
        doubts.append(Doubt(row.line, row.language, why, "fixes"))
        spoken = row.language
    platform = row.platform or branch.platform
    return (names.platform(platform) if platform else None, spoken or branch.language)


def _without_clashes(
    rows: Sequence[tuple[FileRow, FileDraft]], doubts: list[Doubt]
) -> Iterable[tuple[FileDraft, ...]]:
    """The files, each once. One that comes back with another minimum goes to a set of its own."""
    first: dict[str, FileDraft] = {}
    again: dict[str, FileDraft] = {}
    for row, file in rows:
        before = first.setdefault(file.name.casefold(), file)
        if (before.version, before.modified) == (file.version, file.modified):
            continue
        why = f"{file.name} stands here more than once, with different attributes; both must be reached"
        doubts.append(Doubt(row.line, _as_read(row), why, "fixes"))
        again[file.name.casefold()] = file
    yield tuple(first.values())
    if again:
        yield tuple(again.values())


def _as_read(row: FileRow) -> str:
    told = (row.name, row.version, row.date, row.time, row.size, row.platform)
    return " ".join(part for part in told if part)


def _file(row: FileRow, day_first: bool, latest: date | None, doubts: list[Doubt]) -> FileDraft:  # noqa: FBT001  # a fact about the row
    return FileDraft(row.name, _version(row, doubts), _modified(row, day_first, latest, doubts))


def _version(row: FileRow, doubts: list[Doubt]) -> str | None:
    if row.version is None:
        return None
    text = _REMARK.sub("", row.version)
    version = parse_version(text.replace(":", "."))
    if version is None:
        _doubt(row, doubts, "a version that cannot be compared, left out")
        return None
    if len(version.release) < _LEAST_PARTS:
        _doubt(row, doubts, "a short version: it may be a build without the version that stands before it")
    elif text != row.version or ":" in text:
        _doubt(row, doubts, f"a version that is written oddly, read as {text.replace(':', '.')}")
    return text.replace(":", ".")


def _modified(row: FileRow, day_first: bool, latest: date | None, doubts: list[Doubt]) -> str | None:  # noqa: FBT001  # a fact about the row
    if row.date is None:
        return None
    day = cells.read_date(row.date, day_first=day_first)
    if day is None:
        _doubt(row, doubts, "a date that cannot be read, left out")
        return None
    if latest and day > latest:
        _doubt(row, doubts, f"a date after the article's own, {latest.isoformat()}")
    moment = cells.read_time(row.time) if row.time else None
    if row.time and moment is None:
        _doubt(row, doubts, "a time that cannot be read, left out")
    return f"{day.isoformat()}T{moment.isoformat('auto' if moment.second else 'minutes')}" if moment else day.isoformat()


def _doubt(row: FileRow, doubts: list[Doubt], why: str) -> None:
    doubts.append(Doubt(row.line, _as_read(row), why, "fixes"))


def _order_of_dates(rows: Sequence[FileRow], latest: date | None, doubts: list[Doubt]) -> bool:
    """Whether the dates of a table have the day first: where one of them can only be read so."""
    dates = [row.date for row in rows if row.date]
    told = cells.is_day_first(dates)
    if told is None:
        _doubt(rows[0], doubts, "dates of which some have the day first and some the month; read month first")
        return False
    if told or not latest or not all(map(cells.is_ambiguous, dates)):
        return told
    read = [cells.read_date(text) for text in dates]
    other = [cells.read_date(text, day_first=True) for text in dates]
    too_late = any(day and day > latest for day in read)
    if too_late and all(day and day <= latest for day in other):
        _doubt(rows[0], doubts, "read with the day first, since the month first would be after the article's own date")
        return True
    return False


def _merged(fixes: Iterable[FixDraft]) -> Iterable[FixDraft]:
    """Fixes without those that say the same twice."""
    return dict.fromkeys(fixes)
