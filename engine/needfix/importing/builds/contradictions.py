"""Rows of a table that contradict each other, or the order of levels."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping, Sequence
from itertools import pairwise

from needfix.errors import Problem
from needfix.importing.builds.row import BuildRow, rows_by_update, rows_of_levels
from needfix.model.product import ProductDefinition
from needfix.versions import Level, comes_before, numbering

_OF_AN_UPDATE = ("severity", "kind", "title")
"""Columns that say the same in every row of an update, where they say anything."""


def united(rows: Iterable[BuildRow], problems: list[Problem]) -> list[BuildRow]:
    """The rows, each once; two that differ about one level or update are a problem."""
    first: dict[tuple[str, Level, str], BuildRow] = {}
    for row in rows:
        earlier = first.setdefault(row.key, row)
        if earlier != row:
            problems.append(_differ(earlier, row))
    return list(first.values())


def _differ(first: BuildRow, other: BuildRow) -> Problem:
    column = next(
        one
        for one in (
            "build",
            "kb",
            "released",
            "supported_until",
            "advisories",
            "reference",
            *_OF_AN_UPDATE,
            "",
        )
        if not one or getattr(first, one) != getattr(other, one)
    )
    about = f"{other.update} at {other.level}" if other.update else f"the level {other.level}"
    what = f"{about} has another {column or 'spelling'} than in {first.place(column)}"
    at = other.place(column or "level")
    return Problem(at, what, "one row for each", "remove or correct one of the two rows", "contradiction")


def check(rows: Sequence[BuildRow], known: Mapping[str, ProductDefinition], problems: list[Problem]) -> None:
    """Report rows that contradict each other, or that lack their level."""
    for product in dict.fromkeys(row.product for row in rows):
        own = [row for row in rows if row.product == product]
        levels = rows_of_levels(own)
        problems.extend(_other_numberings(own))
        problems.extend(_order_of_levels(levels))
        problems.extend(_misplaced_updates(own, levels, known.get(product)))
    for its in rows_by_update(rows).values():
        problems.extend(_differing_facts(its))


def _other_numberings(rows: Sequence[BuildRow]) -> Iterator[Problem]:
    """A build that is not comparable with the first one: a date or a lone number among versions."""
    kinds = [(row, numbering(row.build, is_free=True)) for row in rows if row.build is not None]
    for row, kind in kinds[1:]:
        first, usual = kinds[0]
        if kind != usual:
            what = (
                f"{row.build_text} and {first.build_text} in {first.place('build')} are numbered differently"
            )
            hint = "write all builds of a product as versions, as dates, or as lone numbers"
            yield Problem(row.place("build"), what, "builds that can be compared", hint, "contradiction")
            return


def _order_of_levels(levels: Sequence[BuildRow]) -> Iterator[Problem]:
    """Levels of one version in another order than their builds, or with one build for two levels."""
    by_version: dict[object, list[BuildRow]] = {}
    for row in levels:
        by_version.setdefault(row.level.version_name, []).append(row)
    for own in by_version.values():
        for before, row in pairwise(own):
            if comes_before(row.level.name, before.level.name):
                what = f"the level {row.level} is listed after {before.level}"
                hint = f"move it before the row in {before.at}"
                yield Problem(row.place("level"), what, "levels in ascending order", hint, "contradiction")
        for before, row in pairwise([row for row in own if row.build is not None]):
            if before.build is None or row.build is None or before.build < row.build:
                continue
            if before.build == row.build:
                what = f"{row.level} has the build of {before.level}, {row.build_text}"
            else:
                what = (
                    f"{row.level} has the build {row.build_text}, and {before.level} has {before.build_text}"
                )
            hint = f"correct it or the build in {before.place('build')}"
            yield Problem(row.place("build"), what, "later builds for later levels", hint, "contradiction")


def _misplaced_updates(
    rows: Sequence[BuildRow], levels: Sequence[BuildRow], definition: ProductDefinition | None
) -> Iterator[Problem]:
    """Updates at levels that nothing defines, or with builds of other levels."""
    starts = {} if definition is None else {one.level: one.build for one in definition.levels}
    starts |= {row.level: row.build for row in levels}
    builds = sorted(build for build in starts.values() if build is not None)
    for row in rows:
        if not row.update or row.build is None:
            continue
        if row.level not in starts:
            what = f"no row and no definition has the level {row.level} of {row.product}"
            hint = "add a row for the level, with an empty update"
            yield Problem(row.place("level"), what, "a level that is defined", hint, "contradiction")
            continue
        start = starts[row.level]
        if start is None:
            continue
        end = next((build for build in builds if build > start), None)
        if row.build < start or (end is not None and row.build >= end):
            owner = next((level for level, build in starts.items() if build == end), None)
            until = f", and those of {owner} at {end}" if end is not None else ""
            begin = f"the builds of {row.level} begin at {start}{until}"
            what = f"{row.update} has the build {row.build_text}; {begin}"
            hint = "correct the build, or the level in this row"
            yield Problem(row.place("build"), what, f"a build of {row.level}", hint, "contradiction")


def _differing_facts(rows: Sequence[BuildRow]) -> Iterator[Problem]:
    first_product = rows[0].product
    for row in rows:
        if row.product != first_product:
            what = f"{row.update} is an update of {first_product} in {rows[0].at}"
            hint = "give each product's update an id of its own"
            yield Problem(row.place("product"), what, "one product for each update", hint, "contradiction")
    for column in _OF_AN_UPDATE:
        stated = [row for row in rows if getattr(row, column)]
        for row in stated[1:]:
            if getattr(row, column) != getattr(stated[0], column):
                what = f"{row.update} has another {column} than in {stated[0].place(column)}"
                hint = "correct one of the two, or leave one empty"
                yield Problem(row.place(column), what, f"one {column} for each update", hint, "contradiction")
