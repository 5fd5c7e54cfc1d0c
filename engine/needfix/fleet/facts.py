"""The facts of a batch of servers in columns."""

from __future__ import annotations

from collections.abc import Callable, Collection, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from functools import cached_property
from typing import Any, NamedTuple

import numpy as np
import pyarrow as pa
import pyarrow.compute as pc

from needfix.fleet.arrays import Flags, Ints, runs
from needfix.fleet.columns import Lists, ObjectColumn, Texts, lists, part, texts, truths
from needfix.fleet.copies import nameless
from needfix.intake.kinds import SymptomId
from needfix.intake.registry_names import RegistryPlace, registry_place
from needfix.model.server import SCOPES, Scope, Server


class Statements(NamedTuple):
    """Pairs of a server and something that it states, by its place in `what`."""

    servers: Ints
    codes: Ints
    what: Sequence[object]

    @classmethod
    def nothing(cls) -> Statements:
        """No server states anything."""
        return cls(np.zeros(0, np.int64), np.zeros(0, np.int64), ())

    def only(self, is_selected: Callable[[Any], bool]) -> Statements:
        """Those that state something selected."""
        selected = [code for code, what in enumerate(self.what) if is_selected(what)]
        if not selected:
            return Statements.nothing()
        if len(selected) == len(self.what):
            return self
        new_code = np.full(len(self.what), -1)
        new_code[selected] = np.arange(len(selected))
        codes = new_code[self.codes]
        own = np.flatnonzero(codes >= 0)
        return Statements(self.servers[own], codes[own], [self.what[code] for code in selected])

    def of(self, places: Ints) -> Statements:
        """The statements of servers that have a place, by their places; -1 means none."""
        found = places[self.servers]
        own = np.flatnonzero(found >= 0)
        return Statements(found[own], self.codes[own], self.what)

    def begins(self, count: int) -> Ints:
        """Where the statements of each of so many ascending servers begin, and the end of the last."""
        return runs(np.bincount(self.servers, minlength=count))

    def of_rows(self, servers: Ints, begins: Ints) -> Statements:
        """The statements of some servers, by their rows; `begins` is that of all."""
        counts = begins[servers + 1] - begins[servers]
        ends = np.cumsum(counts)
        places = np.arange(int(counts.sum())) + np.repeat(begins[servers] - (ends - counts), counts)
        return Statements(np.repeat(np.arange(len(servers)), counts), self.codes[places], self.what)

    def meaning(self, numbers_of: Callable[[Any], Collection[int] | None]) -> tuple[Ints, Ints]:
        """Each server with each of the numbers that what it states stands for."""
        of_codes = [numbers_of(what) or () for what in self.what]
        found = [
            self._meant([[*own][place] if place < len(own) else -1 for own in of_codes])
            for place in range(max(map(len, of_codes), default=0))
        ]
        if len(found) == 1:
            return found[0]
        none = self.servers[:0]
        servers, numbers = zip(*found, strict=True) if found else ((none,), (none,))
        return np.concatenate(servers), np.concatenate(numbers)

    def _meant(self, number_of_codes: Sequence[int]) -> tuple[Ints, Ints]:
        """The servers that state something that has a number, which is not negative, with that number."""
        of_codes = np.array(number_of_codes, np.int64)
        numbers = of_codes.take(self.codes)
        if of_codes.min() >= 0:
            return self.servers, numbers
        own = np.flatnonzero(numbers >= 0)
        return self.servers[own], numbers[own]


@dataclass(frozen=True, eq=False)
class Batch:
    """Servers in the native columns; any column but `server` may be missing."""

    records: pa.RecordBatch
    servers: Mapping[int, Server] = field(default_factory=dict)
    """Servers that the row reader has read, by their rows."""

    def __len__(self) -> int:
        return int(self.records.num_rows)

    @cached_property
    def names(self) -> pa.Array:
        """The servers' names."""
        return _trimmed(self.records.column("server"))

    def names_of(self, rows: Ints) -> pa.Array:
        """The names of some servers."""
        return _trimmed(self.records.column("server").take(pa.array(rows)))

    @cached_property
    def products(self) -> ObjectColumn | None:
        """The products, None where no server states any."""
        return part(self.records, "products")

    @cached_property
    def files(self) -> ObjectColumn | None:
        """The copies of files, None where no server states any."""
        return part(self.records, "files")

    @cached_property
    def scopes(self) -> Ints:
        """The scopes for which each server is complete, as bits in the order of SCOPES."""
        for owners, column in self.listed("complete"):
            return owners.united(column.look_up(scope_bit))
        return np.zeros(len(self), np.int64)

    @cached_property
    def reports(self) -> Ints:
        """The scopes of which each server lists all that there is: complete ones of which it has a list."""
        named = int(np.bitwise_or.reduce(self.scopes, initial=0)) & ~mask_of(["files"])
        if not named:
            return self.scopes
        found = self.scopes.copy()
        for scope in SCOPES:
            if named & mask_of([scope]):
                found[~self._has_list(scope)] &= ~mask_of([scope])
        return found

    def _has_list(self, scope: Scope) -> Flags:
        name = "observed" if scope == "symptoms" else scope
        records = self._symptoms(name) if scope == "symptoms" else self.records
        stated = lists(records, name) if records is not None else None
        return stated.is_stated if stated is not None else np.zeros(len(self), np.bool_)

    @cached_property
    def nameless_files(self) -> Ints:
        """The copies of files that name no file, by their rows."""
        return nameless(self.files) if self.files is not None else np.zeros(0, np.int64)

    @cached_property
    def lists_all_files(self) -> Flags:
        """Whether what a server's list of files does not name is not there."""
        found = self.is_complete
        if self.files is None or not found.any():
            return np.zeros(len(self), np.bool_)
        found &= self.files.lists.lengths > 0
        if len(self.nameless_files):
            found[self.files.lists.owners[self.nameless_files]] = False
        return found

    def lacks_any(self, names: Collection[str]) -> Flags:
        """The servers with a complete list of files for which not all of these were looked for."""
        return self._lacks("looked_for", self.is_complete, names, lambda text: text.strip().casefold())

    def lacks_any_value(self, places: Collection[RegistryPlace]) -> Flags:
        """The servers with a complete list of values for which not all of these were looked up."""
        is_complete: Flags = (self.reports & mask_of(["registry"])) != 0
        return self._lacks("looked_up", is_complete, places, registry_place)

    def _lacks(
        self, key: str, is_complete: Flags, every: Collection[object], read: Callable[[str], object]
    ) -> Flags:
        """The complete servers whose list of what was looked for has not all of these."""
        stated = lists(self.records, key)
        if stated is None or not every:
            return np.zeros(len(self), np.bool_)
        found: Flags = is_complete & stated.is_stated
        numbers = {one: number for number, one in enumerate(every)}
        for owners, column in self.listed(key) if found.any() else ():
            own = [numbers.get(read(text or ""), -1) for text in column.values()]
            places = np.array(own, np.int64)[column.codes]
            is_named = places >= 0
            pairs = np.unique(owners.owners[is_named] * len(numbers) + places[is_named])
            found &= np.bincount(pairs // len(numbers), minlength=len(self)) < len(numbers)
        return found

    @property
    def is_complete(self) -> Flags:
        """Whether a server calls its list of files complete."""
        found: Flags = (self.scopes & mask_of(["files"])) != 0
        return found

    @property
    def are_products_complete(self) -> Flags:
        """Whether a server calls its list of products complete."""
        found: Flags = (self.scopes & mask_of(["products"])) != 0
        return found

    @cached_property
    def is_pending(self) -> Flags:
        """Whether a server reports that a restart is due."""
        if "restart_pending" not in self.records.schema.names:
            return np.zeros(len(self), np.bool_)
        return flags(pc.fill_null(truths(self.records.column("restart_pending")), fill_value=False))

    def stated_symptoms(self, kind: str) -> Statements:
        """The symptoms that servers name as `observed` or `absent`."""
        inner = self._symptoms(kind)
        for owners, column in _listed(inner, kind) if inner is not None else ():
            values = [SymptomId(text) if text else None for text in column.values()]
            return Statements(owners.owners, column.codes, values)
        return Statements.nothing()

    def _symptoms(self, kind: str) -> pa.RecordBatch | None:
        """The column of symptoms that are `observed` or `absent`, if it is there."""
        symptoms = _column(self.records, "symptoms")
        if symptoms is None or pa.types.is_null(symptoms.type):
            return None
        names = [field.name for field in symptoms.type]
        if kind not in names:
            return None
        return pa.RecordBatch.from_arrays([symptoms.flatten()[names.index(kind)]], [kind])

    def listed(self, name: str) -> Iterable[tuple[Lists, Texts]]:
        """A column of lists of texts, if it is there and holds any."""
        return _listed(self.records, name)


def _trimmed(names: pa.Array) -> pa.Array:
    return pc.utf8_trim_whitespace(names.cast(pa.string()))


def _column(records: pa.RecordBatch, name: str) -> pa.Array | None:
    return records.column(name) if name in records.schema.names else None


def _listed(records: pa.RecordBatch, name: str) -> Iterator[tuple[Lists, Texts]]:
    """A column of lists of texts, if it is there and holds any."""
    found = lists(records, name)
    if found is not None and len(found.elements):
        yield found, texts(found.elements)


def mask_of(scopes: Iterable[Scope]) -> int:
    """Scopes as bits."""
    return sum(1 << SCOPES.index(scope) for scope in set(scopes))


def scope_bit(text: str | None) -> int:
    """A scope as a bit in the order of SCOPES; 0 for text that is not a scope."""
    folded = text.casefold() if text else ""
    return next((1 << place for place, scope in enumerate(SCOPES) if scope == folded), 0)


def flags(column: pa.Array) -> Flags:
    """A column of truths, none of them null."""
    found: Flags = column.to_numpy(zero_copy_only=False)
    return found
