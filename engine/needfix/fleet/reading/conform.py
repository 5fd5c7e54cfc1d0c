"""Columns of any inventory brought to the native schema, or what keeps them from it."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Iterator
from typing import NamedTuple

import numpy as np
import pyarrow as pa
import pyarrow.compute as pc

from needfix.errors import Position, Problem
from needfix.fleet.arrays import runs
from needfix.fleet.columns import as_strings, is_textual, lists
from needfix.fleet.reading.heavy import TOO_LARGE, heavy_rows
from needfix.fleet.reading.other_times import in_iso
from needfix.fleet.reading.piece import Piece, consecutive
from needfix.fleet.reading.tall_values import cells, has_quotes, own_bytes, placed
from needfix.fleet.records import SCHEMA, batch_of
from needfix.intake.columns import no_server_column
from needfix.intake.fields import FREE_TEXTS, TIMES
from needfix.intake.kinds import LARGEST, quoted, split_list
from needfix.intake.limits import ENTRIES
from needfix.intake.near import did_you_mean, nearest
from needfix.intake.notes import Notes, Occurrence
from needfix.intake.record import pointer_to
from needfix.intake.text import LEAST_BEYOND_ASCII, QUOTES, bare, unwrapped
from needfix.inventory.lines import long_list
from needfix.model.note import Note


def check(batch: pa.RecordBatch) -> None:
    """Raise ArrowInvalid where texts are not valid UTF-8, or codes have no text."""
    batch.validate()
    for column in batch.columns:
        _check(column)


def _check(column: pa.Array) -> None:
    if pa.types.is_dictionary(column.type):
        column.dictionary.validate(full=True)
        _check_codes(column.indices, len(column.dictionary))
    elif pa.types.is_struct(column.type):
        for place in range(column.type.num_fields):
            _check(column.field(place))
    elif pa.types.is_list(column.type) or pa.types.is_large_list(column.type):
        _check(column.values)
    else:
        column.validate(full=True)


def _check_codes(codes: pa.Array, count: int) -> None:
    bounds = pc.min_max(codes).as_py()
    if bounds["max"] is not None and not 0 <= bounds["min"] <= bounds["max"] < count:
        raise pa.ArrowInvalid("Index not in dictionary bounds")


def without_long_lists(piece: Piece) -> Piece:
    """The piece without records whose lists are too long, which are problems."""
    is_long = np.zeros(piece.records.num_rows, np.bool_)
    problems: list[Problem] = []
    for name, column in _lists_of(piece.records):
        if _may_be_long(column):
            found = lists(pa.RecordBatch.from_arrays([column], [name]), name)
            rows = np.flatnonzero(found.lengths > ENTRIES) if found is not None else np.zeros(0, np.int64)
            is_long[rows] = True
            problems += [Problem(piece.at(row), long_list(name), code="too-large") for row in rows.tolist()]
    if not problems:
        return piece
    return piece.only(~is_long)._replace(problems=(*piece.problems, *problems))


def _lists_of(records: pa.RecordBatch) -> Iterator[tuple[str, pa.Array]]:
    """The columns, and those within objects, by the names that messages have for them."""
    for field, column in zip(records.schema, records.columns, strict=True):
        if pa.types.is_struct(field.type):
            names = (f"{field.name}.{inner.name}" for inner in field.type)
            yield from zip(names, column.flatten(), strict=True)
        else:
            yield field.name, column


def native_piece(batch: pa.RecordBatch, file: str, first: int) -> Piece:
    """Records whose schema has no problems; those that are too large are problems."""
    is_heavy = heavy_rows(batch)
    if is_heavy is None:
        return without_long_lists(consecutive(conformed(batch), file, first))
    lines = np.arange(first, first + batch.num_rows)
    problems = tuple(
        Problem(Position(file, int(line)), TOO_LARGE, code="too-large") for line in lines[is_heavy]
    )
    light = conformed(batch.filter(pa.array(~is_heavy)))
    return without_long_lists(Piece(light, file, lines[~is_heavy], problems))


def _may_be_long(column: pa.Array) -> bool:
    if not pa.types.is_list(column.type):
        return False
    return int(np.diff(column.offsets.to_numpy()).max(initial=0)) > ENTRIES


def key_of(name: str) -> str:
    """The key of records for the name of a column, which may be written in any case, with blanks around."""
    return name.strip().casefold()


def problems_of(schema: pa.Schema, file: str) -> list[Problem]:
    """What is wrong with the columns of a file."""
    at = Position(file, 1)
    known = SCHEMA.names
    found = [_unknown("", name, known, at) for name in schema.names if key_of(name) not in known]
    if not any(key_of(name) == "server" or nearest(name, tuple(known)) == "server" for name in schema.names):
        found.append(no_server_column(schema.names, at))
    found += _twice("", schema.names, known, at)
    for field in schema:
        if key_of(field.name) in known:
            found += _of_type(field.name, field.type, SCHEMA.field(key_of(field.name)).type, at)
    return [problem for problem in found if problem is not None]


def unknown_columns(schema: pa.Schema) -> Iterator[Occurrence]:
    """The columns, and fields of their objects, that are in no record; their names as messages have them."""
    for field in schema:
        key = key_of(field.name)
        names = (
            _unknown_fields(field.name, field.type, SCHEMA.field(key).type)
            if key in SCHEMA.names
            else [field.name.strip()]
        )
        yield from (Occurrence("unknown-column", name) for name in names)


def _unknown_fields(within: str, has: pa.DataType, target: pa.DataType) -> Iterator[str]:
    if pa.types.is_list(target) and _is_list(has):
        yield from _unknown_fields(within, has.value_type, target.value_type)
    elif _is_one(has, target):
        yield from _unknown_fields(within, has, target.value_type)
    elif pa.types.is_struct(target) and pa.types.is_struct(has):
        known = {field.name: field.type for field in target}
        for field in has:
            name = f"{within}.{field.name.strip()}"
            if key_of(field.name) in known:
                yield from _unknown_fields(name, field.type, known[key_of(field.name)])
            else:
                yield name


class NotedColumns(NamedTuple):
    """Notes on columns, if there are any; where notes are strict, problems of those that are not known."""

    notes: tuple[Note, ...]
    problems: tuple[Problem, ...] = ()


def noted_columns(found: Iterable[Occurrence], file: str, *, is_strict: bool) -> NotedColumns:
    """What is to be noted of columns."""
    notes = Notes(is_strict=is_strict)
    problems = tuple(notes.take((one for one in found if one.word), Position(file, 1)))
    return NotedColumns(tuple(notes), problems)


def without_records(columns: NotedColumns, file: str) -> Iterator[Piece]:
    """A piece without records that has these notes or problems, if there are any."""
    if any(columns):
        yield consecutive(batch_of([]), file, 1)._replace(notes=columns.notes, problems=columns.problems)


def _unknown(within: str, name: str, known: list[str], at: Position) -> Problem | None:
    near = nearest(name, tuple(known))
    what = f"{quoted(within + name)} is not a known column"
    pointer = pointer_to(within, name)
    return Problem(at, what, "", did_you_mean(near), "unknown-key", pointer=pointer) if near else None


def _twice(within: str, names: list[str], known: list[str], at: Position) -> Iterator[Problem]:
    for name, count in Counter(map(key_of, names)).items():
        if count > 1 and name in known:
            what = f"the column {within}{name} is there {count} times"
            pointer, hint = pointer_to(within, name), "remove the others, or rename them"
            yield Problem(at, what, "every column once", hint, "duplicate-key", pointer=pointer)


def _of_type(name: str, has: pa.DataType, target: pa.DataType, at: Position) -> Iterator[Problem | None]:
    if pa.types.is_null(has):
        return
    if pa.types.is_struct(target):
        yield from _of_fields(name, has, target, at)
    elif pa.types.is_list(target) and _is_list(has):
        yield from _of_type(f"{name}[]", has.value_type, target.value_type, at)
    elif _is_one(has, target):
        yield from _of_fields(name, has, target.value_type, at)
    elif not (_fits(has, target) or _is_text_for_list(has, target)):
        yield _of_other_type(name, has, target, at)


def _of_other_type(name: str, has: pa.DataType, target: pa.DataType, at: Position) -> Problem:
    what, hint = f"the column {name} holds {has}", "write it with that type"
    return Problem(at, what, _expected(target), hint, "wrong-type", pointer=pointer_to(name))


def _of_fields(name: str, has: pa.DataType, target: pa.DataType, at: Position) -> Iterator[Problem | None]:
    if not pa.types.is_struct(has):
        yield _of_other_type(name, has, target, at)
        return
    known = [field.name for field in target]
    yield from _twice(f"{name}.", [field.name for field in has], known, at)
    for field in has:
        if key_of(field.name) in known:
            yield from _of_type(f"{name}.{field.name}", field.type, target.field(key_of(field.name)).type, at)
        else:
            yield _unknown(f"{name}.", field.name, known, at)


def _is_list(kind: pa.DataType) -> bool:
    checks = (pa.types.is_list, pa.types.is_large_list, pa.types.is_fixed_size_list)
    return any(check(kind) for check in checks) or _is_view(kind)


def _is_one(has: pa.DataType, target: pa.DataType) -> bool:
    """Whether a type holds one object where a list of objects is expected: it is a list of one."""
    is_of_objects = pa.types.is_list(target) and pa.types.is_struct(target.value_type)
    return bool(is_of_objects and pa.types.is_struct(has))


def _is_text_for_list(has: pa.DataType, target: pa.DataType) -> bool:
    """Whether a type holds one text where a list of texts is expected."""
    is_of_texts = pa.types.is_list(target) and pa.types.is_string(target.value_type)
    plain = has.value_type if pa.types.is_dictionary(has) else has
    return bool(is_of_texts and (pa.types.is_string(plain) or pa.types.is_large_string(plain)))


def _split(column: pa.Array) -> pa.Array:
    """Texts as lists, as cells of a table are; none where a text is empty."""
    encoded = as_strings(column).dictionary_encode()
    lists_ = [split_list(unwrapped(text or "")) or None for text in encoded.dictionary.to_pylist()]
    return pa.array(lists_, pa.list_(pa.string())).take(encoded.indices)


def _is_view(kind: pa.DataType) -> bool:
    return bool(pa.types.is_list_view(kind) or pa.types.is_large_list_view(kind))


def _fits(has: pa.DataType, target: pa.DataType) -> bool:
    if pa.types.is_string(target):
        return is_textual(has)
    if pa.types.is_boolean(target):
        return bool(pa.types.is_boolean(has) or is_textual(has))
    if pa.types.is_integer(target):
        return bool(pa.types.is_integer(has))
    return bool(pa.types.is_floating(target) and (pa.types.is_floating(has) or pa.types.is_integer(has)))


def _expected(target: pa.DataType) -> str:
    if pa.types.is_string(target):
        return "texts"
    if pa.types.is_list(target):
        inner = target.value_type
        return "lists of texts" if pa.types.is_string(inner) else f"lists of {_expected(inner)}"
    return "objects" if pa.types.is_struct(target) else str(target)


def conformed(batch: pa.RecordBatch) -> pa.RecordBatch:
    """The known columns of a batch whose schema has no problems, in the forms that the fleet path reads."""
    own = [name for name in batch.schema.names if key_of(name) in SCHEMA.names]
    names = [key_of(name) for name in own]
    columns = [
        _conformed(batch.column(name), SCHEMA.field(key_of(name)).type, key=key_of(name)) for name in own
    ]
    found = pa.RecordBatch.from_arrays(columns, names)
    return _with_file_names(found) if "files" in names else found


def _conformed(column: pa.Array, target: pa.DataType, *, key: str = "") -> pa.Array:
    """A column in the forms that the fleet path reads; free text keeps the signs around it."""
    kind = column.type
    if pa.types.is_null(kind):
        return column.cast(target)
    if pa.types.is_list(target):
        return _in_lists(column, target)
    if pa.types.is_struct(target):
        return _struct(column, target)
    if pa.types.is_string(target):
        plain = _without_null_texts(column) if pa.types.is_dictionary(kind) else as_strings(column)
        own = plain if key in FREE_TEXTS else _unwrapped(plain)
        return in_iso(own) if key in TIMES else own
    if pa.types.is_boolean(target) and not pa.types.is_boolean(kind):
        return as_strings(column)  # what no word for true or false is, the row reader judges
    if pa.types.is_uint64(kind):  # a number that is too large becomes the largest, which is refused as well
        column = pc.min_element_wise(column, pa.scalar(LARGEST, kind), skip_nulls=False)
    return column.cast(target, safe=False)


def _in_lists(column: pa.Array, target: pa.DataType) -> pa.Array:
    """A column of lists; an object, or a text, in place of a list is one of one."""
    if _is_one(column.type, target):
        column = _lists_of_one(column)
    elif _is_text_for_list(column.type, target):
        column = _split(column)
    return _list(column, target.value_type)


def _without_null_texts(column: pa.Array) -> pa.Array:
    """Codes that all have a text: rows that state nothing have no code."""
    return column.dictionary_decode().dictionary_encode() if column.dictionary.null_count else column


def at_start(column: pa.Array) -> pa.Array:
    """The same column, not as a part of a longer one, which Arrow cannot take apart and put together."""
    return column.take(pa.array(np.arange(len(column)))) if column.offset else column


def _list(column: pa.Array, target: pa.DataType) -> pa.Array:
    if _is_view(column.type):
        column = _as_list(column)
    elif not pa.types.is_list(column.type):
        column = column.cast(pa.list_(column.type.value_type))
    column = at_start(column)
    values = _conformed(column.values, target)
    if values is column.values:
        return column
    mask = column.is_null() if column.null_count else None
    return pa.ListArray.from_arrays(column.offsets, values, mask=mask)


def _lists_of_one(objects: pa.Array) -> pa.Array:
    """Objects as lists of one, and none where there is no object."""
    is_null = objects.is_null()
    lengths = objects.is_valid().to_numpy(zero_copy_only=False).astype(np.int64)
    values = objects.filter(objects.is_valid()) if objects.null_count else at_start(objects)
    mask = is_null if objects.null_count else None
    return pa.ListArray.from_arrays(pa.array(runs(lengths), pa.int32()), values, mask=mask)


def _as_list(views: pa.Array) -> pa.Array:
    """Lists that are views, one after the other, which Arrow's own cast does wrongly."""
    is_null = views.is_null().to_numpy(zero_copy_only=False)
    lengths = np.where(is_null, 0, views.sizes.to_numpy())
    offsets = pa.array(runs(lengths), pa.int32())
    return pa.ListArray.from_arrays(offsets, views.flatten(), mask=pa.array(is_null))


def _struct(column: pa.Array, target: pa.DataType) -> pa.Array:
    known = {field.name: field.type for field in target}
    named = [(place, key_of(field.name)) for place, field in enumerate(column.type)]
    kept = [(place, name) for place, name in named if name in known]
    fields = [_conformed(column.field(place), known[name], key=name) for place, name in kept]
    mask = column.is_null() if column.null_count else None
    return pa.StructArray.from_arrays(fields, [name for _, name in kept], mask=mask) if fields else column


def _with_file_names(batch: pa.RecordBatch) -> pa.RecordBatch:
    """Files whose name is left out are named by the end of their path; a name that is a path is one."""
    place = batch.schema.names.index("files")
    files = batch.column(place)
    if pa.types.is_null(files.type) or not pa.types.is_struct(files.type.value_type):
        return batch
    fields = {field.name: files.values.field(number) for number, field in enumerate(files.type.value_type)}
    nothing = pa.nulls(len(files.values), pa.string())
    written = fields.get("name", nothing)
    if not (_may_be_paths(written) or ("path" in fields and written.null_count)):
        return batch
    before = cells(written), cells(fields.get("path", nothing))
    names, paths = placed(*before)
    if names is before[0]:
        return batch
    fields |= {"name": names.column(), "path": paths.column()}
    mask = files.values.is_null() if files.values.null_count else None
    values = pa.StructArray.from_arrays(list(fields.values()), list(fields), mask=mask)
    is_null = files.is_null() if files.null_count else None
    return batch.set_column(place, "files", pa.ListArray.from_arrays(files.offsets, values, mask=is_null))


def _may_be_paths(names: pa.Array) -> bool:
    """Whether any name has a sign that only a path has."""
    data = own_bytes(names.dictionary if pa.types.is_dictionary(names.type) else names)
    return any(bool((data == ord(sign)).any()) for sign in "\\/:")


def _unwrapped(column: pa.Array) -> pa.Array:
    """Texts without the signs and invisible characters around them; the same where there are none."""
    is_coded = pa.types.is_dictionary(column.type)
    texts_ = column.dictionary if is_coded else column
    data = own_bytes(texts_)
    if not (has_quotes(data) or (data >= LEAST_BEYOND_ASCII).any()):
        return column
    encoded = column if is_coded else column.dictionary_encode()
    own = [
        text and (unwrapped(text) if text.rstrip()[-1:] in QUOTES else bare(text))
        for text in encoded.dictionary.to_pylist()
    ]
    found = pa.DictionaryArray.from_arrays(encoded.indices, pa.array(own, pa.string()))
    return found if is_coded else found.dictionary_decode()
