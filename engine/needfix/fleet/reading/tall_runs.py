"""Rows of a tall table, divided into the runs of its servers."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import NamedTuple

import numpy as np
import pyarrow as pa
import pyarrow.compute as pc

from needfix.errors import Position, Problem
from needfix.fleet.arrays import Flags, Ints
from needfix.fleet.reading.mixed import concatenated
from needfix.fleet.reading.tall_values import cells, trimmed
from needfix.inventory.csv_table import RowFlaw


class TallRows(NamedTuple):
    """Rows as columns of texts, the line of each, and what is wrong with some of them.

    `sources` has the number of the table that each is of: records do not go on in another one.
    """

    columns: pa.RecordBatch
    lines: Ints
    flaws: Mapping[int, RowFlaw] = {}
    sources: Ints | None = None


def consecutive_rows(columns: pa.RecordBatch, first: int) -> TallRows:
    """Rows that follow each other."""
    return TallRows(columns, np.arange(first, first + columns.num_rows))


@dataclass(frozen=True, slots=True, eq=False)
class ServerRuns:
    """Rows that have a server, and where the run of each begins, with its name and its name without case."""

    columns: pa.RecordBatch
    lines: Ints
    is_spoilt: Flags
    is_flawed: Flags
    begins: Ints
    names: pa.Array
    keys: pa.Array
    sources: Ints

    def goes_on_in(self, other: ServerRuns) -> bool:
        """Whether the first run of others is of the record of the first one here."""
        return bool(self.keys[0] == other.keys[0] and self.sources[0] == other.sources[0])

    def __len__(self) -> int:
        return len(self.begins)

    def part(self, first: int, end: int) -> ServerRuns:
        """Some of the runs."""
        ends = np.append(self.begins, len(self.lines))
        rows = slice(ends[first], ends[end])
        return ServerRuns(
            self.columns.slice(ends[first], ends[end] - ends[first]),
            self.lines[rows],
            self.is_spoilt[rows],
            self.is_flawed[rows],
            self.begins[first:end] - ends[first],
            self.names.slice(first, end - first),
            self.keys.slice(first, end - first),
            self.sources[first:end],
        )

    def rows(self, run: int) -> slice:
        """The rows of a run."""
        ends = np.append(self.begins[run : run + 2], len(self.lines))
        return slice(int(ends[0]), int(ends[1]))


def one_run(parts: Sequence[ServerRuns]) -> ServerRuns:
    """The one run that several parts of it make."""
    if len(parts) == 1:
        return parts[0]
    columns = concatenated([_uncoded(part.columns) for part in parts])
    lines, spoilt, flawed = (
        np.concatenate([getattr(part, name) for part in parts])
        for name in ("lines", "is_spoilt", "is_flawed")
    )
    first = parts[0]
    return ServerRuns(columns, lines, spoilt, flawed, first.begins, first.names, first.keys, first.sources)


def _uncoded(columns: pa.RecordBatch) -> pa.RecordBatch:
    texts = [column.cast(pa.string()) for column in columns.columns]
    return pa.RecordBatch.from_arrays(texts, columns.schema.names)


class NamedRows(NamedTuple):
    """The runs of some rows, the problems of rows without a server, and which neighbours they spoil."""

    runs: ServerRuns
    problems: list[Problem]
    spoils_before: bool
    spoils_after: bool


_HINT = "add the server; the servers above and below are not evaluated, since the row may be theirs"


def named(rows: TallRows, file: str, *, is_spoilt: bool) -> NamedRows:
    """The runs of rows; the first is spoilt where a row before has no server."""
    column = rows.columns.column("server")
    is_stated = _are_stated(column)
    flags = np.zeros(len(is_stated) + 1, np.bool_)
    flags[0] = is_spoilt
    flags[list(rows.flaws)] = True
    problems = [
        _flaw(row, rows, file, is_stated)
        for row in sorted({*rows.flaws, *np.flatnonzero(~is_stated).tolist()})
    ]
    before, after = _spoil_neighbours(flags, is_stated)
    is_flawed = np.zeros(len(is_stated), np.bool_)
    is_flawed[list(rows.flaws)] = True
    columns, lines, flags = rows.columns, rows.lines, flags[:-1]
    sources = np.zeros(len(lines), np.int64) if rows.sources is None else rows.sources
    if not is_stated.all():
        columns = columns.filter(pa.array(is_stated))
        lines, flags, is_flawed = lines[is_stated], flags[is_stated], is_flawed[is_stated]
        sources = sources[is_stated]
    return NamedRows(_runs(columns, lines, flags, is_flawed, sources), problems, before, after)


def _flaw(row: int, rows: TallRows, file: str, is_stated: Flags) -> Problem:
    at = Position(file, int(rows.lines[row]))
    flaw = rows.flaws.get(row, RowFlaw("the row has no server"))
    if is_stated[row]:
        return Problem(at, *flaw, code="syntax")
    return Problem(at, flaw.what, 'text such as "MAIL01"', _HINT, "missing-key", pointer="/server")


def _are_stated(names: pa.Array) -> Flags:
    texts = names.dictionary if pa.types.is_dictionary(names.type) else names
    shortest = pc.min(pc.binary_length(trimmed(texts))).as_py()
    if not names.null_count and not texts.null_count and shortest:
        return np.ones(len(names), np.bool_)
    return cells(names).is_stated


def _spoil_neighbours(flags: Flags, is_stated: Flags) -> tuple[bool, bool]:
    """Spoil the rows around those without a server; returns whether a row before or after all is meant."""
    places = np.flatnonzero(is_stated)
    nameless = np.flatnonzero(~is_stated)
    following = np.searchsorted(places, nameless)
    if flags[0] and len(places):
        flags[places[0]] = True
    flags[places[following[following < len(places)]]] = True
    flags[places[following[following > 0] - 1]] = True
    is_open = bool(flags[0]) and not len(places)
    return bool((following == 0).any()), is_open or bool((following == len(places)).any())


def _runs(
    columns: pa.RecordBatch, lines: Ints, is_spoilt: Flags, is_flawed: Flags, sources: Ints
) -> ServerRuns:
    names = columns.column("server")
    is_begin = _differ(names.indices if pa.types.is_dictionary(names.type) else names)
    begins = np.flatnonzero(is_begin | _are_of_another(sources))
    found = trimmed(names.take(pa.array(begins)).cast(pa.string()))
    keys = without_case(found)
    if len(keys) > 1:
        is_first = _differ(keys) | _are_of_another(sources[begins])
        if not is_first.all():
            begins, mask = begins[is_first], pa.array(is_first)
            found, keys = found.filter(mask), keys.filter(mask)
    return ServerRuns(columns, lines, is_spoilt, is_flawed, begins, found, keys, sources[begins])


def _are_of_another(sources: Ints) -> Flags:
    """Which rows are of another table than the row before."""
    found: Flags = np.diff(sources, prepend=sources[:1]) != 0
    return found


def _differ(values: pa.Array) -> Flags:
    """Which values are not the one before."""
    found = np.ones(len(values), np.bool_)
    if len(values) > 1 and pa.types.is_integer(values.type):
        codes = values.to_numpy()
        found[1:] = codes[1:] != codes[:-1]
    elif len(values) > 1:
        found[1:] = pc.not_equal(values[1:], values[:-1]).to_numpy(zero_copy_only=False)
    return found


def without_case(names: pa.Array) -> pa.Array:
    """Names as they are compared."""
    if pc.all(pc.string_is_ascii(names)).as_py() is not False:
        return pc.ascii_lower(names)
    return pa.array([name.casefold() for name in names.to_pylist()], pa.string())
