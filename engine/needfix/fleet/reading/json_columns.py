"""JSON lines as columns of the native schema, made of what the compiled loop finds in them."""

from __future__ import annotations

import json
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from functools import cache
from typing import NamedTuple

import numpy as np
import pyarrow as pa

from needfix.fleet.arrays import Flags, Ints
from needfix.fleet.kernels import records as kernels
from needfix.fleet.reading.conform import conformed
from needfix.fleet.records import SCHEMA
from needfix.intake.limits import ENTRIES, RECORD_BYTES

_PLAIN = ("server", "collected")
"""Columns whose texts differ from server to server."""

_ESCAPE = b"\\"


class UnknownKey(NamedTuple):
    """A key that is not known, with the object that it is in, and the records that have it.

    A record is there as often as it has the key; `is_stated` says where that has a value.
    """

    within: Value
    key: str
    records: Ints
    is_stated: Flags

    @property
    def title(self) -> str:
        """What it is called in messages."""
        return f"{self.within.title}.{self.key}" if self.within.title else self.key


class JsonColumns(NamedTuple):
    """Lines as columns: those that are not blank, and which of them are a record in the columns.

    `lines` has for each its number from 0, and where it begins and ends.
    """

    records: pa.RecordBatch
    lines: Ints
    is_record: Flags
    unknown: Sequence[UnknownKey]


@dataclass(frozen=True, slots=True)
class Value:
    """A value of the schema: its name in messages, its key, its type, and the values in it by place."""

    title: str
    key: str
    type: pa.DataType
    first: int = 0
    end: int = 0


@cache
def _values() -> tuple[Value, ...]:
    """All values of the schema; those in an object or a list follow each other, behind it."""
    found = [Value("", "", pa.struct(list(SCHEMA)))]
    for place in range(1 << 16):
        if place == len(found):
            break
        value = found[place]
        inner = list(_inner(value))
        found[place] = Value(value.title, value.key, value.type, len(found), len(found) + len(inner))
        found += inner
    return tuple(found)


def _inner(value: Value) -> Iterator[Value]:
    if pa.types.is_list(value.type):
        yield Value(value.title, "", value.type.value_type)
    elif pa.types.is_struct(value.type):
        for field in value.type:
            yield Value(f"{value.title}.{field.name}".lstrip("."), field.name, field.type)


@cache
def _schema() -> tuple[list[bytes], Ints]:
    """The schema in the form of the compiled loop."""
    values = _values()
    nodes = [(kernels.KINDS[_kind(value.type)], value.first, value.end) for value in values]
    return [value.key.encode() for value in values], np.array(nodes, np.int32)


def _kind(kind: pa.DataType) -> str:
    for name, is_of in _KINDS.items():
        if is_of(kind):
            return name
    raise TypeError(kind)


_KINDS = {
    "text": pa.types.is_string,
    "whole": pa.types.is_integer,
    "number": pa.types.is_floating,
    "truth": pa.types.is_boolean,
    "list": pa.types.is_list,
    "object": pa.types.is_struct,
}


def json_columns(data: bytes) -> JsonColumns:
    """What is in lines of JSON in UTF-8. Columns that no record states are left out, except `server`."""
    lines, unknown, values = kernels.read_records(data, *_schema(), ENTRIES, RECORD_BYTES)
    columns = _Columns(values)
    of_lines = np.frombuffer(lines, np.int32).reshape(-1, 4)
    keys = np.frombuffer(unknown, np.int32).reshape(-1, 3)
    return JsonColumns(columns.records(), of_lines[:, :3], of_lines[:, 3] == 1, list(columns.unknown(keys)))


class _Columns:
    """Makes columns of the codes and texts of the values of the schema."""

    def __init__(self, found: Sequence[tuple[bytes, bytes, bytes]]) -> None:
        self._found = found

    def records(self) -> pa.RecordBatch:
        """The records, in the forms that the fleet path reads."""
        columns = self._members(_values()[0])
        columns.setdefault("server", pa.nulls(len(self._codes(0)), pa.string()))
        own = {
            name: column.cast(pa.string()) if name in _PLAIN else column for name, column in columns.items()
        }
        return conformed(pa.RecordBatch.from_pydict(own))

    def unknown(self, keys: Ints) -> Iterator[UnknownKey]:
        """The keys that are not known, in the order in which they come first."""
        pairs = keys[:, 0].astype(np.int64) << 32 | keys[:, 1] >> 1
        distinct, first, places = np.unique(pairs, return_index=True, return_inverse=True)
        for number in np.argsort(first).tolist():
            node, code = int(distinct[number] >> 32), int(distinct[number] & 0xFFFFFFFF)
            own = keys[places == number]
            key = self._texts(node)[code].as_py()
            yield UnknownKey(_values()[node], key, own[:, 2], own[:, 1] % 2 == 1)

    def _members(self, value: Value) -> dict[str, pa.Array]:
        """What an object has, without what no object states."""
        inner = range(value.first, value.end)
        return {_values()[place].key: self._column(place) for place in inner if len(self._codes(place))}

    def _column(self, place: int) -> pa.Array:
        value, codes = _values()[place], self._codes(place)
        if pa.types.is_list(value.type):
            return self._lists(value, codes)
        if pa.types.is_struct(value.type):
            return self._objects(value, codes)
        mask = codes < 0
        if pa.types.is_boolean(value.type):
            return pa.array(codes > 0, pa.bool_(), mask=mask)
        texts = self._texts(place)
        if _ESCAPE in self._found[place][2]:
            encoded = pa.array(_unescaped(texts), pa.string()).dictionary_encode()
            texts, codes = encoded.dictionary, np.append(encoded.indices.to_numpy(), -1)[codes]
        indices = pa.array(codes, pa.int32(), mask=mask if mask.any() else None)
        if pa.types.is_string(value.type):
            return pa.DictionaryArray.from_arrays(indices, texts)
        if pa.types.is_integer(value.type):
            return texts.cast(value.type).take(indices)
        return pa.array(map(float, texts.to_pylist()), value.type).take(indices)

    def _lists(self, value: Value, codes: Ints) -> pa.Array:
        is_null = codes < 0
        ends = np.where(is_null, ~codes, codes)
        elements = self._column(value.first)
        mask = pa.array(is_null) if is_null.any() else None
        return pa.ListArray.from_arrays(np.concatenate([np.zeros(1, np.int32), ends]), elements, mask=mask)

    def _objects(self, value: Value, codes: Ints) -> pa.Array:
        members = self._members(value)
        if not members:
            first = _values()[value.first]
            members = {first.key: pa.nulls(len(codes), first.type)}
        is_null = codes == 0
        mask = pa.array(is_null) if is_null.any() else None
        return pa.StructArray.from_arrays(list(members.values()), list(members), mask=mask)

    def _codes(self, place: int) -> Ints:
        return np.frombuffer(self._found[place][0], np.int32)

    def _texts(self, place: int) -> pa.Array:
        """The distinct texts of a value as they are written."""
        _, ends, data = self._found[place]
        count = max(len(ends) // 4 - 1, 0)
        return pa.StringArray.from_buffers(count, pa.py_buffer(ends), pa.py_buffer(data))


def _unescaped(texts: pa.Array) -> list[str]:
    """The texts that are meant by what is between quotes in JSON."""
    found: list[str] = json.loads('["' + '","'.join(texts.to_pylist()) + '"]')
    return found
