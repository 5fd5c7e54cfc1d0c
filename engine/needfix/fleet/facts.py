"""The facts of a batch of servers in columns, and which servers need a closer look."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from functools import cached_property

import numpy as np
import pyarrow as pa
import pyarrow.compute as pc

from needfix.fleet.arrays import Flags, Ints
from needfix.fleet.native import Lists, Part, lists, part
from needfix.fleet.symptom_evidence import Said, mask_of
from needfix.fleet.texts import Texts, texts
from needfix.model.server import SCOPES

_LAST_BLANK, _DELETE, _FIRST_OF_MORE = 0x20, 0x7F, 0xC2
_WHOLE = r"^\s*[0-9]{1,18}(\.0+)?\s*$"
_MOST_DIGITS = 10**18
_NEEDED = {"products": ("name",), "files": ("name",), "events": ("source",), "services": ("name", "state"),
           "counters": ("name",)}  # fmt: skip


@dataclass(frozen=True, eq=False)
class Batch:
    """Servers in the native columns; any column but `server` may be missing."""

    records: pa.RecordBatch

    def __len__(self) -> int:
        return int(self.records.num_rows)

    @cached_property
    def names(self) -> pa.Array:
        """The servers' names."""
        return pc.utf8_trim_whitespace(self.records.column("server").cast(pa.string()))

    @cached_property
    def products(self) -> Part | None:
        """The products, None where no server tells any."""
        return part(self.records, "products")

    @cached_property
    def files(self) -> Part | None:
        """The copies of files, None where no server tells any."""
        return part(self.records, "files")

    @cached_property
    def scopes(self) -> Ints:
        """The scopes for which each server is complete, as bits in the order of SCOPES."""
        found = np.zeros(len(self), np.int64)
        for told, column in self.listed("complete"):
            bits = column.look_up(_scope_bit)
            np.bitwise_or.at(found, told.owners, bits)
        return found

    @property
    def is_complete(self) -> Flags:
        """Whether all files of a server are told."""
        found: Flags = (self.scopes & mask_of(["files"])) != 0
        return found

    @cached_property
    def is_pending(self) -> Flags:
        """Whether a server reports that a restart is due."""
        if "restart_pending" not in self.records.schema.names:
            return np.zeros(len(self), np.bool_)
        column = self.records.column("restart_pending").cast(pa.bool_())
        return _flags(pc.fill_null(column, fill_value=False))

    def said(self, kind: str) -> Said:
        """The symptoms that servers name as `observed` or `absent`."""
        symptoms = _column(self.records, "symptoms")
        if symptoms is None or pa.types.is_null(symptoms.type):
            return Said.nothing()
        names = [field.name for field in symptoms.type]
        if kind not in names:
            return Said.nothing()
        inner = pa.RecordBatch.from_arrays([symptoms.flatten()[names.index(kind)]], [kind])
        for told, column in _listed(inner, kind):
            values = [text.casefold() if text else None for text in column.values()]
            return Said(told.owners, column.codes, values)
        return Said.nothing()

    @cached_property
    def is_odd(self) -> Flags:
        """The servers that may be bad records: those are read again, one at a time."""
        found = _odd_names(self.records.column("server"))
        for key, needed in _NEEDED.items():
            objects = self._parts(key)
            lacking = _lacking(objects, needed) if objects is not None else None
            if objects is not None and lacking is not None:
                found[objects.lists.owners[lacking]] = True
        for told, column in self.listed("complete"):
            is_unknown = [text is None or _scope_bit(text) == 0 for text in column.values()]
            found[told.owners[np.array(is_unknown)[column.codes]]] = True
        for told, column in self.listed("hotfixes"):
            found[told.owners[column.codes == column.untold]] = True
        for said in (self.said("observed"), self.said("absent")):
            is_untold = np.array([what is None for what in said.what], np.bool_)
            if len(said.servers):
                found[said.servers[is_untold[said.codes]]] = True
        return found | self._odd_numbers()

    def _parts(self, key: str) -> Part | None:
        known = {"products": self.products, "files": self.files}
        return known[key] if key in known else part(self.records, key)

    def _odd_numbers(self) -> Flags:
        found = np.zeros(len(self), np.bool_)
        for key, field in (("files", "size"), ("events", "id")):
            told = self._parts(key)
            column = told.columns.get(field) if told is not None else None
            if told is not None and column is not None:
                found[told.lists.owners[_is_no_whole_number(column)]] = True
        return found

    def listed(self, name: str) -> Iterable[tuple[Lists, Texts]]:
        """A column of lists of texts, if it is there and holds any."""
        return _listed(self.records, name)


def _column(records: pa.RecordBatch, name: str) -> pa.Array | None:
    return records.column(name) if name in records.schema.names else None


def _listed(records: pa.RecordBatch, name: str) -> Iterator[tuple[Lists, Texts]]:
    """A column of lists of texts, if it is there and holds any."""
    found = lists(records, name)
    if found is not None and len(found.elements):
        yield found, texts(found.elements)


def _scope_bit(text: str | None) -> int:
    folded = text.casefold() if text else ""
    return next((1 << place for place, scope in enumerate(SCOPES) if scope == folded), 0)


def _lacking(told: Part, needed: Iterable[str]) -> Flags | None:
    """The objects that are null or lack what they must tell; None where there are none."""
    nulls = told.lists.elements.null_count
    found = _flags(told.lists.elements.is_null()) if nulls else np.zeros(len(told.lists.elements), np.bool_)
    for name in needed:
        column = told.texts(name)
        if column is None:
            return np.ones(len(found), np.bool_)
        is_untold = np.array([text is None for text in column.values()])
        if is_untold[:-1].any() or column.codes.max(initial=0) == column.untold:
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
    return _flags(pc.fill_null(is_odd, fill_value=True))


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
    return ~_flags(pc.fill_null(is_fit, fill_value=True))


def _flags(column: pa.Array) -> Flags:
    found: Flags = column.to_numpy(zero_copy_only=False)
    return found
