"""The columns of tables, made from the fields of the record: which object of a record each belongs to."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from needfix.intake.fields import FILE, PRODUCT, RECORD, RecordObject

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping

    from needfix.intake.fields import Field


def _columns(entry: RecordObject) -> dict[str, Field]:
    """The fields of an object by their columns; those that tables cannot hold are left out."""
    return {field.column: field for field in entry.fields.values() if field.column}


def _row(entry: RecordObject, without: frozenset[str] = frozenset()) -> RecordObject:
    """An object as a row has it, with columns for keys; of what an object needs, columns can give a part."""
    names = {key: field.column for key, field in entry.fields.items() if field.column}
    needs = tuple(tuple(names[key] for key in keys if key in names) for keys in entry.needs)
    fields = {column: field for column, field in _columns(entry).items() if column not in without}
    return RecordObject("row", fields, needs, entry.make)


def _of_server() -> Iterator[tuple[str, Field]]:
    """The columns that say something of a server itself, but for its name; single values before lists."""
    for field in RECORD.fields.values():
        inner = field.holds.fields.values() if field.holds and not field.many else (field,)
        yield from ((own.column, own) for own in inner if own.column not in (None, "server"))


SHARED = frozenset(_columns(PRODUCT)) & frozenset(_columns(FILE))
"""The columns that a row's product and its file have in common, such as platform."""

SERVER_ROW = RecordObject("row", dict(_of_server()))
LISTS = tuple(key for key, field in SERVER_ROW.fields.items() if field.kind and field.kind.storage == "texts")
SCALARS = tuple(key for key in SERVER_ROW.fields if key not in LISTS)
_MANY = {key: field.holds for key, field in RECORD.fields.items() if field.holds and field.many}
FACTS = tuple(key for key in _MANY if key != "products")
"""The lists of objects that rows add to, one object a row; rows unite to products in another way."""

PARTS = {
    "server": SERVER_ROW,
    "shared": RecordObject("row", {key: _columns(PRODUCT)[key] for key in sorted(SHARED)}),
    **{key: _row(entry, SHARED if entry is PRODUCT else frozenset()) for key, entry in _MANY.items()},
}
"""What a row can hold, by the key of the record that it adds to, or for `shared` by either."""

_ORDER = ("server", "products", "shared", *FACTS)
COLUMNS = tuple(dict.fromkeys(("server", *(column for name in _ORDER for column in PARTS[name].fields))))
ALIASES: dict[str, str] = {
    **{column: column for column in COLUMNS},
    **{
        name: column
        for part in PARTS.values()
        for column, field in part.fields.items()
        for name in field.also
    },
}
"""Columns by all their names, without case."""


class Layout:
    """Where the columns of a table stand, part by part."""

    def __init__(self, columns: Mapping[str, int]) -> None:
        self.columns = columns
        self._places = {
            name: [(key, columns[key]) for key in part.fields if key in columns]
            for name, part in PARTS.items()
        }

    def stated(self, part: str, cells: list[str]) -> dict[str, Any]:
        """The cells of a part that are not empty, by column."""
        width = len(cells)
        return {
            key: cells[index] for key, index in self._places[part] if index < width and cells[index].strip()
        }
