"""Keys of records in columns that are not needfix's own: unknown ones, and other names of known ones."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from typing import NamedTuple

import numpy as np
import pyarrow as pa
import pyarrow.compute as pc

from needfix.fleet.arrays import Flags, Ints
from needfix.fleet.facts import flags
from needfix.intake.fields import RECORD, RecordObject
from needfix.intake.other_keys import other_key, unknown_key
from needfix.model.note import COLUMN_DOUBLED


class UnknownKey(NamedTuple):
    """A key, and the rows that state it, a row as often as it does.

    `code` is that of the note on it, empty where only the row reader can read it; `word` is in the note.
    """

    code: str
    word: str
    rows: Ints


def keys_not_own(table: pa.Table) -> Iterator[UnknownKey]:
    """The keys of a table, and of the objects in it, that are not those of a record."""
    columns = {name: table.column(name).combine_chunks() for name in table.column_names}
    return _in_object(RECORD, columns, "", np.arange(table.num_rows))


def _in_object(
    entry: RecordObject, columns: Mapping[str, pa.Array], where: str, rows: Ints
) -> Iterator[UnknownKey]:
    for name, column in columns.items():
        field = entry.fields.get(name)
        if field is None:
            yield from _unknown(entry, name, columns, where, rows)
        elif field.holds is not None:
            inner, own = column, rows
            if field.many and pa.types.is_list(column.type):
                lengths = pc.fill_null(pc.list_value_length(column), 0).to_numpy()
                inner, own = column.flatten(), np.repeat(rows, lengths)
            if pa.types.is_struct(inner.type):
                names = [one.name for one in inner.type]
                fields = dict(zip(names, inner.flatten(), strict=True))
                yield from _in_object(field.holds, fields, f"{where}{name}.", own)


def _unknown(
    entry: RecordObject, name: str, columns: Mapping[str, pa.Array], where: str, rows: Ints
) -> Iterator[UnknownKey]:
    is_there = flags(columns[name].is_valid())
    if not is_there.any():
        return
    meant = other_key(entry, name)
    if meant is None:
        yield UnknownKey("unknown-key", unknown_key(entry, name, where), rows[is_there])
        return
    column = columns[name]
    is_stated, is_noted = _are_stated(column), np.zeros(len(column), np.bool_)
    if entry.fields[meant.key].holds is not None:
        noted, word, is_noted = (
            "unknown-key",
            unknown_key(entry, name, where),
            is_stated & _are_no_objects(column),
        )
    else:
        noted, word = COLUMN_DOUBLED, f"{where}{name}, as {meant.key}"
        if meant.key in columns and not pa.types.is_nested(column.type):
            is_noted = is_stated & _are_stated(columns[meant.key])
    for code, own in ((noted, is_there & is_noted), ("", is_there & ~is_noted)):
        if own.any():
            yield UnknownKey(code, word, rows[own])


def _are_no_objects(column: pa.Array) -> Flags:
    """Which values are surely no objects, nor lists of them, in place of which they stand."""
    kind = column.type
    if not pa.types.is_nested(kind):
        return np.ones(len(column), np.bool_)
    if not pa.types.is_list(kind) or pa.types.is_struct(kind.value_type) or pa.types.is_null(kind.value_type):
        return np.zeros(len(column), np.bool_)
    return flags(pc.greater(pc.fill_null(pc.list_value_length(column), 0), 0))


def _are_stated(column: pa.Array) -> Flags:
    is_valid = flags(column.is_valid())
    if not pa.types.is_string(column.type):
        return is_valid
    return is_valid & flags(pc.fill_null(pc.not_equal(column, ""), fill_value=False))
