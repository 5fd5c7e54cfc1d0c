"""Records in columns that may be bad: those are read again by the plain reader, one at a time."""

from __future__ import annotations

import re
from collections.abc import Iterable

import numpy as np
import pyarrow as pa
import pyarrow.compute as pc

from needfix.fleet.arrays import Flags, Ints
from needfix.fleet.columns import Lists, ObjectColumn, part
from needfix.fleet.facts import Batch, flags, scope_bit

_LAST_BLANK, _DELETE, _FIRST_OF_MORE = 0x20, 0x7F, 0xC2
_WHOLE = r"^\s*[0-9]{1,18}(\.0+)?\s*$"
_MOST_DIGITS = 10**18
_NONE = np.zeros(0, np.int64)
_DURATION = re.compile(r"[0-9]{1,9}(?:\.[0-9]{1,9})? ?[smhd]")
_NEEDED = {"products": ("name",), "files": ("name",), "events": ("source",), "services": ("name", "state")}


def needs_row_reader(batch: Batch) -> Flags:
    """The servers whose records may be bad."""
    found = _odd_names(batch.records.column("server"))
    for key, needed in _NEEDED.items():
        objects = _objects(batch, key)
        lacking = _lacking(objects, needed) if objects is not None else None
        if objects is not None and lacking is not None:
            found[objects.lists.owners[lacking]] = True
    for told, column in batch.listed("complete"):
        _mark(found, told, column.rows(lambda text: text is None or scope_bit(text) == 0))
    for told, column in batch.listed("hotfixes"):
        _mark(found, told, np.flatnonzero(column.codes == column.untold) if column.has_untold else _NONE)
    for said in (batch.said("observed"), batch.said("absent")):
        is_untold = np.array([what is None for what in said.what], np.bool_)
        if len(said.servers):
            found[said.servers[is_untold[said.codes]]] = True
    return found | _odd_values(batch)


def _mark(found: Flags, told: Lists, elements: Ints) -> None:
    """Mark the servers that have these elements."""
    if len(elements):
        found[told.owners[elements]] = True


def _objects(batch: Batch, key: str) -> ObjectColumn | None:
    known = {"products": batch.products, "files": batch.files}
    return known[key] if key in known else part(batch.records, key)


def _odd_values(batch: Batch) -> Flags:
    found = np.zeros(len(batch), np.bool_)
    for key, field in (("files", "size"), ("events", "id")):
        told = _objects(batch, key)
        column = told.columns.get(field) if told is not None else None
        if told is not None and column is not None:
            found[told.lists.owners[_is_no_whole_number(column)]] = True
    counters = part(batch.records, "counters")
    if counters is not None and len(counters.lists.elements):
        found[counters.lists.owners[_odd_counters(counters)]] = True
    return found


def _lacking(told: ObjectColumn, needed: Iterable[str]) -> Flags | None:
    """The objects that are null or lack what they must tell; None where there are none."""
    nulls = told.lists.elements.null_count
    found = flags(told.lists.elements.is_null()) if nulls else np.zeros(len(told.lists.elements), np.bool_)
    for name in needed:
        column = told.texts(name)
        if column is None:
            return np.ones(len(found), np.bool_)
        is_untold = np.array([text is None for text in column.values()])
        if is_untold[:-1].any() or column.has_untold:
            found |= is_untold[column.codes]
    return found if found.any() else None


def _odd_names(names: pa.Array) -> Flags:
    """The servers whose name is missing, or may hold what no name has."""
    if not names.null_count and not _may_be_odd(names):
        return np.zeros(len(names), np.bool_)
    texts_ = names.cast(pa.string())
    is_odd = pc.or_(
        pc.match_substring_regex(texts_, r"[\x00-\x1f\x7f-\x{9f}]"),
        pc.match_substring_regex(texts_, r"^[\s\p{Z}]*$"),
    )
    return flags(pc.fill_null(is_odd, fill_value=True))


def _may_be_odd(names: pa.Array) -> bool:
    """Whether any byte of the names is a blank, a control character or the first of a longer one."""
    data = names.cast(pa.string()).buffers()[2]
    if data is None:
        return True
    lengths = pc.binary_length(names.cast(pa.string()))
    data = np.frombuffer(data, np.uint8)
    odd = (data <= _LAST_BLANK) | (data == _DELETE) | (data == _FIRST_OF_MORE)
    return bool(odd.any()) or pc.min(lengths).as_py() == 0


def _is_no_whole_number(column: pa.Array) -> Flags:
    if pa.types.is_null(column.type):
        return np.zeros(len(column), np.bool_)
    if pa.types.is_integer(column.type):
        wide = column.cast(pa.int64(), safe=False)
        is_fit = pc.and_(pc.greater_equal(wide, 0), pc.less(wide, _MOST_DIGITS))
    else:
        is_fit = pc.match_substring_regex(column.cast(pa.string()), _WHOLE)
    return ~flags(pc.fill_null(is_fit, fill_value=True))


def _odd_counters(told: ObjectColumn) -> Flags:
    """Readings that lack a name or a value, or tell what has a form of its own."""
    names, held = told.texts("name"), told.texts("for")
    count = len(told.lists.elements)
    if names is None or "value" not in told.columns:
        return np.ones(count, np.bool_)
    found = ~flags(pc.fill_null(pc.is_finite(told.columns["value"]), fill_value=False))
    found |= np.array([text is None for text in names.values()])[names.codes]
    if held is not None:
        is_unfit = [text is not None and not _DURATION.fullmatch(text) for text in held.values()]
        found |= np.array(is_unfit)[held.codes]
    if "samples" in told.columns:
        found |= flags(told.columns["samples"].is_valid())
    return found
