"""Records and rows in which only the names are others than needfix's own."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any, NamedTuple

from needfix.intake.columns import FACTS, PARTS, SHARED
from needfix.intake.fields import PRODUCT, RECORD, RecordObject
from needfix.intake.other_columns import is_of_system, other_name
from needfix.intake.other_keys import own_keys, states
from needfix.intake.other_names import folded
from needfix.intake.other_values import listed
from needfix.inventory.producers.facts import LISTS, OTHERS, Facts
from needfix.inventory.producers.names import named_server
from needfix.inventory.producers.one_windows import is_named_windows
from needfix.inventory.producers.written import Written, as_text, as_time

_SAYING_WHAT = frozenset(("product", "level", "file", "path", "hotfixes", "service"))
"""Columns of which one at least is in a row that states a fact."""

_OF_RECORD = frozenset(RECORD.fields) - {"server", "collected"}
_IN_LISTS: Mapping[str, RecordObject] = {
    key: field.holds for key, field in RECORD.fields.items() if field.holds and field.many
}


class Row(NamedTuple):
    """The cells of a row by column, the columns with names of needfix's own, and the names that are read.

    `of_product` is the one of the product.
    """

    cells: Mapping[str, str]
    own: frozenset[str]
    names: frozenset[str]
    of_product: str = ""

    @property
    def says_product(self) -> bool:
        """Whether it states a product in columns of needfix's own, which no kind of objects has."""
        return not self.own.isdisjoint(("product", "level"))


def row_of(written: Written) -> Row | None:
    """The cells of an object that is a row of a table; None where it is none.

    Its server is named, and no value is an object or a list.
    """
    if named_server(written) is None or any(
        isinstance(own, Mapping | list) for own in written.values.values()
    ):
        return None
    found: dict[str, tuple[int, str, str]] = {}
    for name in written.values:
        column, rank = _column_of(written.names.get(name, name))
        text = as_text(written.values[name])
        if column and text and (column not in found or rank < found[column][0]):
            found[column] = rank, text, name
    if _SAYING_WHAT.isdisjoint(found):
        return None
    cells = {column: text for column, (_, text, _) in found.items()}
    own = frozenset(column for column, (rank, *_) in found.items() if not rank)
    of_product = found["product"][2] if "product" in found else ""
    return Row(cells, own, frozenset(name for *_, name in found.values()), of_product)


def _column_of(name: str) -> tuple[str, int]:
    own = name.strip().casefold()
    if any(own in part.fields for part in PARTS.values()):
        return own, 0
    other = other_name(name)
    return (other.column, other.rank) if other else ("", 0)


def row_facts(stated: Row, written: Written) -> Facts:
    """The product, the file and the other facts of a row, each if it is there.

    A product in a column with another name is one of several.
    """
    row = stated.cells
    entries: dict[str, list[Any]] = {}
    for key in ("products", *FACTS):
        if key not in LISTS:
            continue
        part = PARTS[key]
        entry = {field.key: row[column] for column, field in part.fields.items() if column in row}
        is_named = any(column in row for columns in part.needs for column in columns)
        if is_named and not entry.keys() <= SHARED:
            entries[key] = [_with_times(entry)]
    if "products" in entries and "files" not in entries:
        shared = {field.key: row[own] for own, field in PARTS["shared"].fields.items() if own in row}
        entries["products"][0] |= {key: shared[key] for key in shared if key in PRODUCT.fields}
    is_of_others = "products" in entries and "product" not in stated.own
    lists_products = False
    if is_of_others:
        lists_products = not (is_of_system(stated.of_product) or is_named_windows(row["product"]))
        entries["products"].append(OTHERS)
    if "hotfixes" in row:
        entries["hotfixes"] = [row["hotfixes"]]
    found = Facts.of(named_server(written), written.at, **entries)
    return found._replace(collected=as_time(row.get("collected")), lists_products=lists_products)


def _with_times(entry: dict[str, str]) -> dict[str, Any]:
    return {key: as_time(value) if key == "modified" else value for key, value in entry.items()}


def is_record(value: Mapping[Any, object]) -> bool:
    """Whether an object is a record of needfix under other names: `ComputerName`, `Files`, `FileName`.

    It is none where it names no server, has no list of a record, or one of these holds other objects.
    """
    if not any(isinstance(own, Mapping | list) for own in value.values()):
        return False
    record = own_keys(RECORD, value)
    has_own = not _OF_RECORD.isdisjoint(name.casefold() for name in value if isinstance(name, str))
    if not has_own and (_IN_LISTS.keys().isdisjoint(record) or _is_of_kind(value)):
        return False
    lists = ((holds, listed(record[key])) for key, holds in _IN_LISTS.items() if key in record)
    return states(record.get("server")) and all(_are_entries(*one) for one in lists)


def _is_of_kind(value: Mapping[Any, object]) -> bool:
    from needfix.inventory.producers.kinds import kind_of  # noqa: PLC0415 - it knows rows

    return kind_of(frozenset(map(folded, value))) is not None


def _are_entries(holds: RecordObject, value: object) -> bool:
    """Whether all entries of a list are those of a record, under whatever names."""
    entries = [value] if isinstance(value, Mapping) else value
    return not isinstance(entries, list) or all(_is_entry(holds, entry) for entry in entries)


def _is_entry(holds: RecordObject, entry: object) -> bool:
    return isinstance(entry, Mapping) and own_keys(holds, entry).keys() <= holds.fields.keys()
