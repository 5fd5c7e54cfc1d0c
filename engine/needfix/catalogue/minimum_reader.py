"""Builds minima of files and builds from what their shapes read, and checks the order of lines."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace

from needfix.catalogue.minimum_shapes import Lines
from needfix.catalogue.records import Fields
from needfix.catalogue.shapes import Located
from needfix.catalogue.values import WrittenMoment, WrittenVersion
from needfix.errors import Problem
from needfix.model.minimum import BuildRange, Minimum, MinimumLine
from needfix.printable import in_quotes
from needfix.versions import parse_version


def file_minimum(name: str, entry: Fields | Lines, problems: list[Problem]) -> Minimum:
    """The minimum of a file."""
    if isinstance(entry, Fields):
        return _of_fields(name, entry)
    for line in entry.value[1:]:
        if "path" in line:
            what, hint = (
                "a line after the first has a path",
                "move it to the first line, where it counts for all",
            )
            problems.append(Problem(line["path"].at, what, "one path for all lines", hint))
    path = entry.value[0].value("path") if entry.value else None
    return _of_lines(name, entry.value, path, problems)


def build_minimum(
    found: Located[WrittenVersion] | Fields | Lines, problems: list[Problem], *, is_free: bool
) -> Minimum:
    """The minimum of a build; `is_free` where the product's builds are no versions of Windows."""
    _check_numbers(found, problems, is_free=is_free)
    if isinstance(found, Fields):
        return replace(_of_fields("", found), is_free=is_free)
    if isinstance(found.value, WrittenVersion):
        return Minimum("", version=found.value.version, text=found.value.text, is_free=is_free)
    return replace(_of_lines("", found.value, None, problems), is_free=is_free)


def _check_numbers(found: object, problems: list[Problem], *, is_free: bool) -> None:
    """Builds that are no versions need a product whose builds are free."""
    match found:
        case Located(value=WrittenVersion() as written) if (
            not is_free and parse_version(written.text) is None
        ):
            what = f"{in_quotes(written.text)} is not a version"
            hint = "write whole numbers separated by dots, or write 'builds: free' in the product definition"
            problems.append(Problem(found.at, what, 'a build such as "15.2.1258.32"', hint, "wrong-value"))
        case Located(value=tuple() as items):
            for item in items:
                _check_numbers(item, problems, is_free=is_free)
        case Fields():
            for value in found.values():
                _check_numbers(value, problems, is_free=is_free)


def build_range(entry: Fields, problems: list[Problem], *, is_free: bool) -> BuildRange:
    """A range of builds; two ends on one side, and a last build before the first, are problems."""
    _check_numbers(entry, problems, is_free=is_free)
    for inner, outer in (("from", "above"), ("below", "to")):
        if inner in entry and outer in entry:
            what = f"the range has both {inner!r} and {outer!r}"
            problems.append(Problem(entry[outer].at, what, "one of the two", "remove one of them"))
    found = BuildRange(
        _end(entry, exact="from", above="above", is_free=is_free),
        _end(entry, exact="below", above="to", is_free=is_free),
    )
    first, last = (None if one is None else one.versions[0] for one in (found.least, found.beyond))
    if first is not None and last is not None:
        is_one = "from" in entry and "to" in entry
        if last < first or (last == first and not is_one):
            what = f"no build is {found}"
            hint = "correct one of the two; perhaps they are swapped"
            problems.append(Problem(entry.at, what, "the lower build first", hint))
    return found


def _end(entry: Fields, exact: str, above: str, *, is_free: bool) -> Minimum | None:
    """An end of a range: the minimum that builds reach from there on."""
    if exact in entry:
        written: WrittenVersion = entry.value(exact)
        return Minimum("", version=written.version, text=written.text, is_free=is_free)
    if above in entry:
        written = entry.value(above)
        return Minimum("", above=written.version, text=f"above {written.text}", is_free=is_free)
    return None


def _of_fields(name: str, entry: Fields) -> Minimum:
    version: WrittenVersion | None = entry.value("version")
    above: WrittenVersion | None = None if version else entry.value("above")
    modified: WrittenMoment | None = None if version or above else entry.value("modified")
    written = version or modified
    return Minimum(
        name=name,
        version=version.version if version else None,
        modified=modified.moment if modified else None,
        path=entry.value("path"),
        text=f"above {above.text}" if above else written.text if written else "",
        above=above.version if above else None,
    )


def _of_lines(name: str, lines: Sequence[Fields], path: str | None, problems: list[Problem]) -> Minimum:
    """A minimum of several lines; one line alone is the plain minimum."""
    before: MinimumLine | None = None
    found: list[MinimumLine] = []
    for number, line in enumerate(lines):
        problem = _fault_of_place(line, is_first=number == 0)
        own = _line(line)
        if problem is None and own is not None:
            problem = _fault_of_order(line, own, before)
        if problem is not None:
            problems.append(problem)
        if own is not None:
            found.append(own)
            before = own
    if len(found) == 1:
        return Minimum(name, version=found[0].version, path=path, text=found[0].text)
    return Minimum(name, path=path, text=_text(found), lines=tuple(found))


def _line(line: Fields) -> MinimumLine | None:
    version: WrittenVersion | None = line.value("version")
    since: WrittenVersion | None = line.value("from")
    if version is None:
        return None
    if since is None:
        return MinimumLine(version.version, text=version.text)
    return MinimumLine(version.version, since.version, version.text, since.text)


def _text(lines: Sequence[MinimumLine]) -> str:
    return "; ".join(f"from {own.since_text}: {own.text}" if own.since else own.text for own in lines)


def _fault_of_place(line: Fields, *, is_first: bool) -> Problem | None:
    """A 'from' in the first line, or none in a later one."""
    if is_first and "from" in line:
        what = "the first line has a 'from'"
        hint = "remove it: every version below the second line's 'from' belongs to the first line"
        return Problem(line["from"].at, what, "a first line without 'from'", hint)
    if not is_first and "from" not in line.given:
        hint = 'add the first version of the line, such as from: "6.0.6001.22000"'
        return Problem(line.at, "this line has no 'from'", "a 'from' in every line but the first", hint)
    return None


def _fault_of_order(line: Fields, own: MinimumLine, before: MinimumLine | None) -> Problem | None:
    """Lines that do not ascend, or a minimum that is not in its own line."""
    if own.since is None:
        return None
    if own.version < own.since:
        what = f"the minimum {own.text} is below {own.since_text}, where its line begins"
        hint = "correct one of the two; perhaps they are swapped"
        return Problem(line["version"].at, what, "a minimum at or after the 'from' of its line", hint)
    if before is not None and before.since is not None and own.since <= before.since:
        what = f"the line from {own.since_text} comes after the line from {before.since_text}"
        return Problem(line["from"].at, what, "lines in ascending order", "put the lowest line first")
    if before is not None and own.since <= before.version:
        what = (
            f"the line from {own.since_text} begins before {before.text}, the minimum of the line before it"
        )
        hint = "correct the 'from', or that minimum: no version of that line could reach it"
        return Problem(line["from"].at, what, "a 'from' above the minimum of the line before", hint)
    return None
