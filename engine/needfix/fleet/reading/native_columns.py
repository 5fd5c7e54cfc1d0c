"""Columns of native records under other names: which they are, and the columns with needfix's own names."""

from __future__ import annotations

from collections.abc import Mapping
from typing import NamedTuple

import pyarrow as pa

from needfix.fleet.reading.conform import key_of, unknown_columns
from needfix.fleet.records import SCHEMA
from needfix.intake.notes import Occurrence
from needfix.intake.other_columns import OtherName, other_name
from needfix.intake.other_names import folded
from needfix.model.inventory_options import STATED_BY_FILES, InventoryOptions
from needfix.model.note import COLUMN_DOUBLED, READ_AS

_PLAIN = frozenset(name for name in SCHEMA.names if not pa.types.is_nested(SCHEMA.field(name).type)) | {
    "complete",
    "hotfixes",
}
"""The columns that may have other names: those that a table has, too."""


class NativeColumns(NamedTuple):
    """The columns that are read, by their names in the table, with the names that they have in records.

    `schema` has those names, and the columns that are not known; `noted` is what is to be noted of names.
    """

    names: Mapping[str, str]
    schema: pa.Schema
    noted: tuple[Occurrence, ...]

    def of(self, batch: pa.RecordBatch) -> pa.RecordBatch:
        """A batch with the columns that are read, under the names that records have."""
        return batch.select(list(self.names)).rename_columns(list(self.names.values()))


def native_columns(schema: pa.Schema, options: InventoryOptions = STATED_BY_FILES) -> NativeColumns:
    """The columns of native records; what is wrong with them is found in the schema of the answer."""
    others = {name: found for name in schema.names if (found := _other(name, options)) is not None}
    own = {key_of(name): name for name in schema.names if name not in others and key_of(name) in SCHEMA.names}
    best: dict[str, str] = {}
    for name, found in others.items():
        first = best.get(found.column)
        if first is None or found.rank < others[first].rank:
            best[found.column] = name
    first_of = {**best, **own}
    doubled = {
        name: first_of[found.column]
        for name, found in others.items()
        if found.rank and first_of[found.column] != name
    }
    renamed = {name: found.column for name, found in others.items() if name not in doubled}
    read = [field for field in schema if field.name not in doubled]
    plain = pa.schema([field.with_name(renamed.get(field.name, field.name)) for field in read])
    noted = [
        *(Occurrence(READ_AS, f"{name} = {column}") for name, column in renamed.items()),
        *(Occurrence(COLUMN_DOUBLED, f"{name}, as {first}") for name, first in doubled.items()),
        *unknown_columns(plain),
    ]
    names = {field.name: renamed.get(field.name, field.name) for field in read}
    known = {name: column for name, column in names.items() if key_of(column) in SCHEMA.names}
    return NativeColumns(known, plain, tuple(noted))


def _other(name: str, options: InventoryOptions) -> OtherName | None:
    """The column that another name means: as the user states it, or as other programs call it."""
    stated = options.columns.get(folded(name))
    if stated is not None:
        found: OtherName | None = OtherName(stated, 0)
    else:
        found = None if key_of(name) in SCHEMA.names else other_name(name)
    return found if found is not None and found.column in _PLAIN else None
