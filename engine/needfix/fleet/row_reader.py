"""Records in columns that may be bad: those are read again by the row reader, one at a time."""

from __future__ import annotations

from collections.abc import Iterator

import numpy as np
import pyarrow as pa
import pyarrow.compute as pc

from needfix.fleet.arrays import Flags, Ints
from needfix.fleet.columns import (
    Lists,
    ObjectColumn,
    Texts,
    as_strings,
    bytes_of,
    part,
    say_nothing,
    texts,
    truths,
)
from needfix.fleet.facts import Batch, flags
from needfix.fleet.reading.other_times import may_be_other_times
from needfix.intake.fields import RECORD, Field, RecordObject
from needfix.intake.kinds import CONTROL, MOST_WHOLE, WHOLE, Kind, UnfitError

_LAST_BLANK, _DELETE, _FIRST_OF_MORE = 0x20, 0x7F, 0xC2
_WHOLE = rf"^\s*{WHOLE}\s*$"
_OBJECTS = {key: field.holds for key, field in RECORD.fields.items() if field.holds and field.many}
_VALUES = {key: field.kind for key, field in RECORD.fields.items() if field.kind and key != "server"}


def needs_row_reader(batch: Batch) -> Flags:
    """The servers whose records may be bad, or whose files are divided among entries of their products."""
    found = _odd_names(batch.records.column("server")) | say_nothing(batch.records.column("server"))
    for key, kind in _VALUES.items():
        if kind.storage == "texts":
            for owners, column in batch.listed(key):
                _mark(found, owners, _unfit_elements(column, kind))
        elif key in batch.records.schema.names:
            unfit = _unfit(batch.records.column(key), kind)
            found |= unfit if unfit is not None else np.zeros(1, np.bool_)
    for key, entry in _OBJECTS.items():
        objects = _objects(batch, key)
        if objects is not None and len(objects.lists.elements):
            for unfit in _unfit_objects(objects, entry):
                _mark(found, objects.lists, np.flatnonzero(unfit))
    for stated in (batch.stated_symptoms("observed"), batch.stated_symptoms("absent")):
        is_empty = np.array([what is None for what in stated.what], np.bool_)
        if len(stated.servers):
            found[stated.servers[is_empty[stated.codes]]] = True
    return found | _may_divide_files(batch) | (batch.is_complete & ~_have_files(batch))


def _may_divide_files(batch: Batch) -> Flags:
    """The servers of several products, of which some have a path."""
    found = np.zeros(len(batch), np.bool_)
    paths = batch.products.columns.get("path") if batch.products is not None else None
    if batch.products is None or paths is None or paths.null_count == len(paths):
        return found
    _mark(found, batch.products.lists, np.flatnonzero(flags(paths.is_valid())))
    return found & (batch.products.lists.lengths > 1)


def _have_files(batch: Batch) -> Flags:
    if batch.files is None:
        return np.zeros(len(batch), np.bool_)
    return batch.files.lists.lengths > 0


def _mark(found: Flags, lists: Lists, elements: Ints) -> None:
    """Mark the servers that have these elements."""
    if len(elements):
        found[lists.owners[elements]] = True


def _objects(batch: Batch, key: str) -> ObjectColumn | None:
    known = {"products": batch.products, "files": batch.files}
    return known[key] if key in known else part(batch.records, key)


def _unfit_elements(column: Texts, kind: Kind) -> Ints:
    """The elements of lists that are null, or that a kind does not take."""
    if kind.is_any:
        return np.flatnonzero(column.codes == column.unstated) if column.has_unstated else column.codes[:0]
    return column.rows(lambda text: text is None or not _takes(kind, [text]))


def _unfit_objects(objects: ObjectColumn, entry: RecordObject) -> Iterator[Flags]:
    """The objects that are null, lack what they must state, or state what the row reader may refuse."""
    if objects.lists.elements.null_count:
        yield flags(objects.lists.elements.is_null())
    for needed in entry.needs:
        if (lacking := _lacking(objects, needed[0], entry.fields[needed[0]])) is not None:
            yield lacking
    for key, field in entry.fields.items():
        column = objects.columns.get(key)
        if column is None:
            continue
        if field.holds is not None:
            yield flags(column.is_valid())
        elif field.kind is not None and (unfit := _unfit(column, field.kind)) is not None:
            yield unfit


def _lacking(objects: ObjectColumn, key: str, field: Field) -> Flags | None:
    """The objects that do not state a key; None where all do."""
    column = objects.columns.get(key)
    if column is None or column.null_count == len(column):
        return np.ones(len(objects.lists.elements), np.bool_)
    if field.kind is None or field.kind.storage != "text":
        return flags(column.is_null()) if column.null_count else None
    texts_of_key = objects.texts(key)
    if texts_of_key is None:
        return np.ones(len(column), np.bool_)
    is_empty = np.array([text is None for text in texts_of_key.values()])
    if not is_empty[:-1].any() and not texts_of_key.has_unstated:
        return None
    found: Flags = is_empty.take(texts_of_key.codes)
    return found


def _unfit(column: pa.Array, kind: Kind) -> Flags | None:
    """The values that the row reader may refuse; None where there are none."""
    if column.null_count == len(column):
        return None
    match kind.storage:
        case "whole":
            return _are_not_whole(column)
        case "number":
            return ~flags(pc.fill_null(pc.is_finite(column), fill_value=True))
        case "truth" if not pa.types.is_boolean(column.type):
            return flags(
                pc.and_(pc.is_null(truths(column)), pc.fill_null(_are_stated(column), fill_value=False))
            )
        case "text":
            return _are_rewritten(column, kind) if kind.rewritten else _are_refused(column, kind)
    return None


def _are_refused(column: pa.Array, kind: Kind) -> Flags | None:
    """Which texts the row reader refuses; None where it refuses none."""
    if kind.is_any or (kind.is_any_ascii and _is_ascii(column)):
        return None
    encoded = texts(column)
    is_refused = np.array([text is not None and not _takes(kind, text) for text in encoded.values()])
    return is_refused[encoded.codes] if is_refused.any() else None


def _are_rewritten(column: pa.Array, kind: Kind) -> Flags | None:
    """Which texts the row reader reads as others; None where it reads none so."""
    if not may_be_other_times(column):
        return None
    is_coded = pa.types.is_dictionary(column.type)
    found = pc.match_substring_regex(as_strings(column.dictionary if is_coded else column), kind.rewritten)
    return flags(pc.fill_null(found.take(column.indices) if is_coded else found, fill_value=False))


def _are_stated(column: pa.Array) -> pa.Array:
    """Which texts have more than blanks and signs around nothing."""
    return pc.match_substring_regex(column, r"""[^\s"'=]""")


def _is_ascii(column: pa.Array) -> bool:
    """Whether texts are of printable ASCII only."""
    values = column.dictionary if pa.types.is_dictionary(column.type) else column
    data = bytes_of(as_strings(values))[1]
    return not ((data < _LAST_BLANK) | (data >= _DELETE)).any()


def _takes(kind: Kind, value: object) -> bool:
    try:
        kind.read(value)
    except UnfitError:
        return False
    return True


def _odd_names(names: pa.Array) -> Flags:
    """The servers whose name is missing, or may hold what no name has."""
    if not names.null_count and not _may_be_odd(names):
        return np.zeros(len(names), np.bool_)
    texts_ = names.cast(pa.string())
    is_odd = pc.or_(
        pc.match_substring_regex(texts_, CONTROL),
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


def _are_not_whole(column: pa.Array) -> Flags:
    if pa.types.is_integer(column.type):
        wide = column.cast(pa.int64(), safe=False)
        is_fit = pc.and_(pc.greater_equal(wide, 0), pc.less_equal(wide, MOST_WHOLE))
    else:
        is_fit = pc.match_substring_regex(column.cast(pa.string()), _WHOLE)
    return ~flags(pc.fill_null(is_fit, fill_value=True))
