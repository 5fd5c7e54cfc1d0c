"""Runs of rows as native records, where each row of a server is for a file, and no two rows conflict."""

from __future__ import annotations

from collections.abc import Callable, Iterable
from typing import Any

import numpy as np
import pyarrow as pa
import pyarrow.compute as pc

from needfix.fleet.arrays import Flags, Ints, runs
from needfix.fleet.columns import say_nothing
from needfix.fleet.reading.tall_values import UNSTATED, TallCells, cells, of_runs, own_bytes, placed
from needfix.fleet.records import ARROW_TYPES, SCHEMA
from needfix.intake.columns import FACTS, LIST_COLUMNS, LISTS, PARTS, SCALARS, SERVER_ROW, SHARED
from needfix.intake.fields import Field
from needfix.intake.kinds import CONTROL, DIGITS, Kind, Plain, split_list
from needfix.intake.limits import ENTRIES, RECORD_BYTES

_PRODUCT = PARTS["products"].fields
_FILE = PARTS["files"].fields
_OF_FILE = frozenset(_FILE) - SHARED
_SELDOM = tuple(key for name in FACTS if name != "files" for key in PARTS[name].fields)
_WHOLE = f"^{DIGITS}$"
_FIRST_OF_CONTROL = 0xC2
_SPACE, _DELETE = 0x20, 0x7F


def records(rows: pa.RecordBatch, begins: Ints, names: pa.Array) -> tuple[pa.RecordBatch, Flags]:
    """A record for each run, and which of them are not sound and must be read row by row."""
    return _Runs(rows, begins, names).records()


class _Runs:
    def __init__(self, rows: pa.RecordBatch, begins: Ints, names: pa.Array) -> None:
        self._columns = rows.schema.names
        self._cells = {key: cells(rows.column(key)) for key in self._columns if key != "server"}
        self._count = rows.num_rows
        self._begins = begins
        self._names = names
        self._words: dict[str, tuple[list[list[str]], Ints]] = {}  # the distinct lists of a column, and codes
        self._is_odd = _odd_names(names) | say_nothing(names)
        counts = np.diff(begins, append=rows.num_rows)
        self._is_odd |= (counts > ENTRIES) | (counts * self._widest() > RECORD_BYTES)

    def records(self) -> tuple[pa.RecordBatch, Flags]:
        """The records, and which of them are odd."""
        for key in _SELDOM:
            if key in self._cells:
                self._spoil(self._cells[key].is_stated)
        lists = {key: self._list(key) for key in LISTS if key in self._cells}
        columns = {"server": self._names, **self._scalars()}
        if "product" in self._cells:
            columns["products"] = self._products(self._is_complete("products"))
        else:
            self._spoil(self._are_stated(_PRODUCT))
        files = self._files()
        if files is not None:
            columns["files"] = files
        counts = np.zeros(1, np.int64) if files is None else pc.list_value_length(files).to_numpy()
        self._is_odd |= self._is_complete("files") & (counts == 0)
        stated = {
            key: _stated_or_complete(column, self._is_complete(LIST_COLUMNS[key][1]))
            for key, column in lists.items()
            if key != "complete"
        }
        if "hotfixes" in stated:
            columns["hotfixes"] = stated["hotfixes"]
        columns |= self._empty_lists()
        if "complete" in lists:
            columns["complete"] = lists["complete"]
        symptoms = {key: stated[key] for key in ("observed", "absent") if key in stated}
        if symptoms:
            columns["symptoms"] = pa.StructArray.from_arrays(list(symptoms.values()), list(symptoms))
        return pa.RecordBatch.from_arrays(list(columns.values()), list(columns)), self._is_odd

    def _widest(self) -> int:
        """The bytes that a row takes at most."""
        texts = [self._names, *(column.distinct for column in self._cells.values())]
        return sum(pc.max(pc.binary_length(column)).as_py() or 0 for column in texts)

    def _spoil(self, rows: Flags) -> None:
        """Note that the runs of these rows are odd."""
        if rows.any():
            self._is_odd |= np.logical_or.reduceat(rows, self._begins)

    def _only(self, column: TallCells) -> TallCells:
        """What each run states; runs that state two things are odd."""
        stated, is_only = of_runs(column, self._begins)
        self._is_odd |= ~is_only
        return stated

    def _scalars(self) -> dict[str, pa.Array]:
        """What servers state of themselves; plain texts are not codes, as names and times seldom repeat."""
        found: dict[str, pa.Array] = {}
        for key in SCALARS:
            if key in self._cells:
                stated, field = self._only(self._cells[key]), SERVER_ROW.fields[key]
                is_text = field.kind is not None and field.kind.is_any
                found[field.key] = stated.texts() if is_text else self._of_runs(stated, field)
        return found

    def _read(self, stated: TallCells, key: str, given: Callable[[str], Any]) -> list[Any]:
        """The values of a column of the server's own, by code; runs that state unfit ones are odd."""
        kind = SERVER_ROW.fields[key].kind
        values, unfit = stated.values(lambda text: kind.read(given(text)) if kind else None)
        self._is_odd |= unfit[stated.codes]
        return values

    def _list(self, key: str) -> pa.Array:
        stated = self._only(self._cells[key])
        values = self._read(stated, key, split_list)
        texts = [
            sorted(own) if isinstance(own, frozenset) else list(dict.fromkeys(own or ())) for own in values
        ]
        self._is_odd |= np.array([*(len(own) > ENTRIES for own in texts)], np.bool_)[stated.codes]
        self._words[key] = texts, stated.codes
        return pa.array(texts, pa.list_(pa.string())).take(_places(stated))

    def _is_complete(self, scope: str) -> Flags:
        """Which runs say that they are complete for a scope."""
        if "complete" not in self._words:
            return np.zeros(len(self._begins), np.bool_)
        lists, codes = self._words["complete"]
        return np.array([scope in own for own in lists], np.bool_)[codes]

    def _empty_lists(self) -> dict[str, pa.Array]:
        """The lists of which no row has an entry: empty where the server is complete for them, else null."""
        found: dict[str, pa.Array] = {}
        for name in FACTS:
            column, scope = LIST_COLUMNS[name]
            if name != "files" and column in self._cells:
                is_complete = self._is_complete(scope)
                if is_complete.any():
                    kind = SCHEMA.field(name).type
                    offsets = pa.array(np.zeros(len(is_complete) + 1, np.int32))
                    nothing = pa.array([], kind.value_type)
                    found[name] = pa.ListArray.from_arrays(offsets, nothing, mask=pa.array(~is_complete))
        return found

    def _are_stated(self, keys: Iterable[str]) -> Flags:
        """The rows that state any of these columns."""
        found = np.zeros(self._count, np.bool_)
        for key in keys:
            if key in self._cells:
                found |= self._cells[key].is_stated
        return found

    def _products(self, is_complete: Flags) -> pa.Array:
        own = self._cells["product"].is_stated
        self._spoil(self._are_stated(_PRODUCT) & ~own)
        fields = {key: self._only(self._cells[key]) for key in _PRODUCT if key in self._cells}
        is_stated = fields["product"].is_stated
        columns = {_PRODUCT[key].key: self._of_runs(stated, _PRODUCT[key]) for key, stated in fields.items()}
        for key in sorted(SHARED & self._cells.keys()):
            shared, is_only = of_runs(self._cells[key].only(own), self._begins)
            field = PARTS["shared"].fields[key]
            columns[field.key] = self._of_runs(shared.only(is_only), field)
        objects = pa.StructArray.from_arrays(list(columns.values()), list(columns))
        if not is_stated.all():
            objects = objects.filter(pa.array(is_stated))
        offsets = pa.array(runs(is_stated.astype(np.int64)), pa.int32())
        is_null = ~(is_stated | is_complete)
        return pa.ListArray.from_arrays(offsets, objects, mask=pa.array(is_null) if is_null.any() else None)

    def _files(self) -> pa.Array | None:
        if "file" not in self._cells and "path" not in self._cells:
            self._spoil(self._are_stated(_OF_FILE))
            return None
        is_file = self._are_stated(_OF_FILE)
        self._spoil(is_file & ~self._are_stated(("file", "path")))
        nothing = TallCells(np.full(self._count, UNSTATED, np.int32), pa.array([], pa.string()))
        names, paths = placed(self._cells.get("file", nothing), self._cells.get("path", nothing))
        own = {**self._cells, "file": names}
        if paths is not nothing:
            own["path"] = paths
        columns = {field.key: self._of_rows(own[key], field) for key, field in _FILE.items() if key in own}
        objects = pa.StructArray.from_arrays(list(columns.values()), list(columns))
        if is_file.all():
            return pa.ListArray.from_arrays(
                pa.array(np.append(self._begins, self._count), pa.int32()), objects
            )
        counts = np.add.reduceat(is_file.astype(np.int64), self._begins)
        return pa.ListArray.from_arrays(pa.array(runs(counts), pa.int32()), objects.filter(pa.array(is_file)))

    def _of_runs(self, stated: TallCells, field: Field) -> pa.Array:
        """A field that each run states once, as records hold it."""
        if field.kind is None or field.kind.is_any:
            return stated.column()
        values, unfit = stated.values(_reader(field.kind))
        self._is_odd |= unfit[stated.codes]
        return _stored(values, field.kind).take(_places(stated))

    def _of_rows(self, stated: TallCells, field: Field) -> pa.Array:
        """A field that each row states, as records hold it."""
        if field.kind is None or field.kind.is_any:
            return stated.column()
        if field.kind.storage == "whole":
            return self._whole_numbers(stated)
        values, unfit = stated.values(_reader(field.kind))
        self._spoil(unfit[stated.codes])
        is_text = field.kind.storage == "text"
        return stated.column() if is_text else _stored(values, field.kind).take(_places(stated))

    def _whole_numbers(self, stated: TallCells) -> pa.Array:
        is_whole = pc.match_substring_regex(stated.distinct, _WHOLE)
        numbers = pc.if_else(is_whole, stated.distinct, None).cast(pa.int64())
        is_unfit = np.append(~is_whole.to_numpy(zero_copy_only=False), False)
        self._spoil(is_unfit[stated.codes])
        return numbers.take(stated.column().indices)


def _reader(kind: Kind) -> Callable[[str], Any]:
    return lambda text: kind.read(Plain(text))


def _stored(values: Iterable[Any], kind: Kind) -> pa.Array:
    """Values as Arrow holds those of a kind."""
    written = [None if value is None else kind.write(value) for value in values]
    return pa.array(written, ARROW_TYPES[kind.storage])


def _places(stated: TallCells) -> pa.Array:
    """The place of the value of each run; the last is for nothing stated."""
    return pa.array(np.where(stated.is_stated, stated.codes, len(stated.distinct)))


def _stated_or_complete(lists: pa.Array, is_complete: Flags) -> pa.Array:
    """Lists, null where they are empty and not stated to be complete."""
    is_null = (pc.list_value_length(lists).to_numpy() == 0) & ~is_complete
    if not is_null.any():
        return lists
    return pa.ListArray.from_arrays(lists.offsets, lists.values, mask=pa.array(is_null))


def _odd_names(names: pa.Array) -> Flags:
    """The names that may hold a control character."""
    data = own_bytes(names)
    if not ((data < _SPACE) | (data == _DELETE) | (data == _FIRST_OF_CONTROL)).any():
        return np.zeros(len(names), np.bool_)
    found: Flags = pc.match_substring_regex(names, CONTROL).to_numpy(zero_copy_only=False).copy()
    return found
