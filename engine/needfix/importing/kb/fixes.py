"""Fix tables turned into the fixes of a rule: one for each branch."""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import replace

from needfix.importing.kb.branches import Branch, branch_of, language, languages
from needfix.importing.kb.draft import FileDraft, FixDraft
from needfix.importing.kb.fix_tables import FixTable
from needfix.importing.kb.minima import Minima, doubt_row
from needfix.importing.kb.subject import ArticleSubject
from needfix.importing.kb.table_cells import FileRow
from needfix.intake import vocabularies as names
from needfix.versions import Level

_NEUTRAL = re.compile(r"\b(?:neutral|all|any)\b", re.IGNORECASE)
Key = tuple[str | None, str | None]
"""The platform and the language that a row is for."""


def fixes_of(tables: Sequence[FixTable], subject: ArticleSubject) -> tuple[FixDraft, ...]:
    """The fixes that the tables list. What is doubtful in them joins the subject's doubts."""
    kept = _without_package(tables, subject)
    by_table = [tuple(_of_table(table, branch_of(table, subject), subject)) for table in kept]
    fixes = tuple(dict.fromkeys(fix for found in by_table for fix in found))
    if not any(file.version or file.modified for fix in fixes for file in fix.files):
        why = "no file of the fix has a version or a date, so nothing can be compared"
        doubt_row(kept[0].rows[0], why, subject)
    _doubt_rivals(kept, by_table, subject)
    return fixes


def _doubt_rivals(
    tables: Sequence[FixTable], by_table: Sequence[Sequence[FixDraft]], subject: ArticleSubject
) -> None:
    """Doubt files that several tables list with other attributes, where nothing distinguishes the tables."""
    seen: dict[tuple[object, ...], FileDraft] = {}
    for table, fixes in zip(tables, by_table, strict=True):
        own = {key: file for fix in fixes for key, file in _keyed(fix)}
        for key, file in own.items():
            first = seen.setdefault(key, file)
            if (first.version, first.modified) != (file.version, file.modified):
                read = f"{first.name} {first.version or first.modified}, {file.version or file.modified}"
                why = (
                    "listed with several attributes; where each applies is not stated, so all must be reached"
                )
                subject.doubt(table.lead.number, read, why, "fixes")


def _keyed(fix: FixDraft) -> Iterator[tuple[tuple[object, ...], FileDraft]]:
    branch = (fix.product, fix.levels, fix.edition, fix.platform, fix.language)
    yield from (((*branch, file.name.casefold()), file) for file in fix.files)


def _without_package(tables: Sequence[FixTable], subject: ArticleSubject) -> Sequence[FixTable]:
    """The tables without the self-extracting file that brings the fix, where they list other files."""
    number = re.escape(subject.article.id.lstrip("QKB"))
    package = re.compile(rf"\w*{number}\w*\.exe", re.IGNORECASE)
    packages = [row for table in tables for row in table.rows if package.fullmatch(row.name)]
    if len(packages) == sum(len(table.rows) for table in tables):
        return tables
    for row in packages:
        doubt_row(row, "the package that installs the fix, not one of its files; left out", subject)
    kept = [replace(table, rows=tuple(row for row in table.rows if row not in packages)) for table in tables]
    return [table for table in kept if table.rows]


def _of_table(table: FixTable, branch: Branch, subject: ArticleSubject) -> Iterator[FixDraft]:
    minima = Minima.of_table(table.rows, subject)
    for (platform, spoken), rows in _grouped(table.rows, branch, subject).items():
        for files in _without_clashes([(row, minima.file(row)) for row in rows], subject):
            for product, levels in _products_and_levels(branch, subject):
                fix = FixDraft(
                    files=files,
                    component=table.component,
                    product=product,
                    levels=levels,
                    edition=branch.edition,
                    platform=platform,
                    language=spoken,
                )
                yield fix
                yield from (replace(fix, language=other) for other in _others(spoken, table))


def _others(spoken: str | None, table: FixTable) -> Sequence[str]:
    """The further languages of a table that is announced for several at once."""
    announced = languages(table.lead.text)
    return announced[1:] if announced[:1] == (spoken,) else ()


def _products_and_levels(
    branch: Branch, subject: ArticleSubject
) -> Iterator[tuple[str | None, tuple[Level, ...]]]:
    """The products of a branch, each with those of the branch's levels that it has."""
    if not branch.products:
        yield None, branch.levels
    for product in branch.products:
        own = {one.level for one in subject.definition(product).levels}
        levels = tuple(level for level in branch.levels if level in own)
        if levels or not branch.levels:
            yield product, levels


def _grouped(rows: Sequence[FileRow], branch: Branch, subject: ArticleSubject) -> dict[Key, list[FileRow]]:
    groups: dict[Key, list[FileRow]] = {}
    for row in rows:
        groups.setdefault(_key(row, branch, subject), []).append(row)
    without = next((found for (platform, _), found in groups.items() if platform is None), None)
    if without and len({platform for platform, _ in groups}) > 1:
        why = "this file has no platform, and others of the table have one"
        doubt_row(without[0], why, subject)
    return groups


def _key(row: FileRow, branch: Branch, subject: ArticleSubject) -> Key:
    spoken = language(row.language)
    if row.language and spoken is None and not _NEUTRAL.search(row.language):
        why = "not a known language; kept as printed"
        subject.doubt(row.line, row.language, why, "fixes")
        spoken = row.language
    platform = row.platform or branch.platform
    return (names.platform(platform) if platform else None, spoken or branch.language)


def _without_clashes(
    rows: Sequence[tuple[FileRow, FileDraft]], subject: ArticleSubject
) -> Iterable[tuple[FileDraft, ...]]:
    """The files, each once. One that comes back with another minimum goes to a set of its own."""
    first: dict[str, FileDraft] = {}
    again: dict[str, FileDraft] = {}
    for row, file in rows:
        before = first.setdefault(file.name.casefold(), file)
        if (before.version, before.modified) == (file.version, file.modified):
            continue
        why = f"{file.name} is listed more than once, with different attributes; all must be reached"
        doubt_row(row, why, subject)
        again[file.name.casefold()] = file
    yield tuple(first.values())
    if again:
        yield tuple(again.values())
