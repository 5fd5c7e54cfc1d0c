"""Runs of rows as native records, where each row of a server tells of a file, and no two tell otherwise."""

from __future__ import annotations

from collections.abc import Callable, Iterable
from typing import Any

import numpy as np
import pyarrow as pa
import pyarrow.compute as pc

from needfix.fleet.arrays import Flags, Ints, runs
from needfix.fleet.reading.tall_values import UNTOLD, TallCells, cells, of_runs, own_bytes
from needfix.intake.limits import ENTRIES, RECORD_BYTES
from needfix.inventory.csv_columns import LISTS, PARTS, SERVER_ROW
from needfix.inventory.csv_server import split_list
from needfix.inventory.fields import file_name
from needfix.inventory.kinds import Plain

_PRODUCT = {
    "product": "name",
    "level": "level",
    "build": "build",
    "edition": "edition",
    "language": "language",
}
_FILE = ("file", "path", "version", "modified", "size", "loaded")
_SELDOM = tuple(key for name in ("events", "services", "counters") for key in PARTS[name].fields)
_WHOLE = r"^[0-9]{1,18}$"
_CONTROL = r"[\x00-\x1f\x7f-\x{9f}]"
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
        self._is_odd = _odd_names(names)
        counts = np.diff(begins, append=rows.num_rows)
        self._is_odd |= (counts > ENTRIES) | (counts * self._widest() > RECORD_BYTES)

    def records(self) -> tuple[pa.RecordBatch, Flags]:
        """The records, and which of them are odd."""
        for key in _SELDOM:
            if key in self._cells:
                self._spoil(self._cells[key].is_told)
        lists = {key: self._list(key) for key in LISTS if key in self._cells}
        complete = lists.get("complete")
        columns = {"server": self._names, **self._scalars()}
        if "product" in self._cells:
            columns["products"] = self._products(self._is_complete(complete, "products"))
        else:
            self._spoil(self._told(_PRODUCT))
        if files := self._files():
            columns["files"] = files
        if "hotfixes" in lists:
            columns["hotfixes"] = _told_or_complete(
                lists["hotfixes"], self._is_complete(complete, "hotfixes")
            )
        if complete is not None:
            columns["complete"] = complete
        said = {key: lists[key] for key in ("observed", "absent") if key in lists}
        if said:
            columns["symptoms"] = pa.StructArray.from_arrays(list(said.values()), list(said))
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
        """What each run tells; runs that tell two things are odd."""
        told, is_only = of_runs(column, self._begins)
        self._is_odd |= ~is_only
        return told

    def _scalars(self) -> dict[str, pa.Array]:
        found: dict[str, pa.Array] = {}
        if "collected" in self._cells:
            found["collected"] = self._only(self._cells["collected"]).texts()
        if "restart_pending" in self._cells:
            told = self._only(self._cells["restart_pending"])
            values = self._read(told, "restart_pending", Plain)
            found["restart_pending"] = pa.array(values, pa.bool_()).take(_places(told))
        return found

    def _read(self, told: TallCells, key: str, given: Callable[[str], Any]) -> list[Any]:
        """The values of a column of the server's own, by code; runs that tell unfit ones are odd."""
        kind = SERVER_ROW.fields[key].kind
        values, unfit = told.values(lambda text: kind.read(given(text)) if kind else None)
        self._is_odd |= unfit[told.codes]
        return values

    def _list(self, key: str) -> pa.Array:
        told = self._only(self._cells[key])
        values = self._read(told, key, split_list)
        texts = [
            sorted(own) if isinstance(own, frozenset) else list(dict.fromkeys(own or ())) for own in values
        ]
        return pa.array(texts, pa.list_(pa.string())).take(_places(told))

    def _is_complete(self, complete: pa.Array | None, scope: str) -> Flags:
        """Which runs say that they are complete for a scope."""
        found = np.zeros(len(self._begins), np.bool_)
        if complete is not None:
            parents = pc.list_parent_indices(complete).to_numpy()
            found[parents[pc.equal(complete.flatten(), scope).to_numpy(zero_copy_only=False)]] = True
        return found

    def _told(self, keys: Iterable[str]) -> Flags:
        """The rows that tell any of these columns."""
        found = np.zeros(self._count, np.bool_)
        for key in keys:
            if key in self._cells:
                found |= self._cells[key].is_told
        return found

    def _products(self, is_complete: Flags) -> pa.Array:
        own = self._cells["product"].is_told
        self._spoil(self._told(_PRODUCT) & ~own)
        fields = {name: self._only(self._cells[key]) for key, name in _PRODUCT.items() if key in self._cells}
        is_told = fields["name"].is_told
        columns = {name: told.column() for name, told in fields.items()}
        if "platform" in self._cells:
            platform, is_only = of_runs(self._cells["platform"].only(own), self._begins)
            columns["platform"] = platform.only(is_only).column()
        objects = pa.StructArray.from_arrays(list(columns.values()), list(columns))
        if not is_told.all():
            objects = objects.filter(pa.array(is_told))
        offsets = pa.array(runs(is_told.astype(np.int64)), pa.int32())
        is_null = ~(is_told | is_complete)
        return pa.ListArray.from_arrays(offsets, objects, mask=pa.array(is_null) if is_null.any() else None)

    def _files(self) -> pa.Array | None:
        if "file" not in self._cells and "path" not in self._cells:
            self._spoil(self._told(_FILE))
            return None
        is_file = self._told(_FILE)
        self._spoil(is_file & ~self._told(("file", "path")))
        columns = {key: self._cells[key].column() for key in (*_FILE, "platform") if key in self._cells}
        if "path" in columns:
            columns["file"] = self._file_names()
        if "size" in columns:
            columns["size"] = self._sizes()
        names = ["name" if key == "file" else key for key in columns]
        objects = pa.StructArray.from_arrays(list(columns.values()), names)
        if is_file.all():
            return pa.ListArray.from_arrays(
                pa.array(np.append(self._begins, self._count), pa.int32()), objects
            )
        counts = np.add.reduceat(is_file.astype(np.int64), self._begins)
        return pa.ListArray.from_arrays(pa.array(runs(counts), pa.int32()), objects.filter(pa.array(is_file)))

    def _file_names(self) -> pa.Array:
        """The names of files; one that is left out is the end of its path."""
        paths = self._cells["path"]
        names = self._cells.get(
            "file", TallCells(np.full(self._count, UNTOLD, np.int32), pa.array([], pa.string()))
        )
        is_left_out = paths.is_told & ~names.is_told
        if not is_left_out.any():
            return names.column()
        ends, _ = paths.only(is_left_out).values(file_name)
        both = pa.concat_arrays([names.distinct, pa.array([end or "" for end in ends], pa.string())])
        codes = np.where(is_left_out, paths.codes + len(names.distinct), names.codes)
        return TallCells(codes, both).column()

    def _sizes(self) -> pa.Array:
        column = self._cells["size"]
        is_whole = pc.match_substring_regex(column.distinct, _WHOLE)
        numbers = pc.if_else(is_whole, column.distinct, None).cast(pa.int64())
        is_unfit = np.append(~is_whole.to_numpy(zero_copy_only=False), False)
        self._spoil(is_unfit[column.codes])
        return numbers.take(column.column().indices)


def _places(told: TallCells) -> pa.Array:
    """Where the value of each run stands; that for nothing told is behind all."""
    return pa.array(np.where(told.is_told, told.codes, len(told.distinct)))


def _told_or_complete(lists: pa.Array, is_complete: Flags) -> pa.Array:
    """Lists, null where they are empty and not said to be complete."""
    is_null = (pc.list_value_length(lists).to_numpy() == 0) & ~is_complete
    if not is_null.any():
        return lists
    return pa.ListArray.from_arrays(lists.offsets, lists.values, mask=pa.array(is_null))


def _odd_names(names: pa.Array) -> Flags:
    """The names that may hold a control character."""
    data = own_bytes(names)
    if not ((data < _SPACE) | (data == _DELETE) | (data == _FIRST_OF_CONTROL)).any():
        return np.zeros(len(names), np.bool_)
    found: Flags = pc.match_substring_regex(names, _CONTROL).to_numpy(zero_copy_only=False).copy()
    return found
