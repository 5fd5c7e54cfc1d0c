"""The cells of values of the registry: what a server's entries show of each that rules ask for."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import NamedTuple

import numpy as np

from needfix.compare.registry import AS_ASKED, AskedValue, TrackedRegistry, ValueState, measured
from needfix.compare.tracked import stated
from needfix.errors import Position
from needfix.fleet.arrays import Dense, Flags, Ints, flagged, joined, settled, uniform
from needfix.fleet.columns import ObjectColumn, part
from needfix.fleet.copies import texts_at
from needfix.fleet.facts import Batch, mask_of
from needfix.fleet.kinds import by_server
from needfix.fleet.slots import AllCells, Scale, Slots
from needfix.intake.registry_names import RegistryPlace
from needfix.intake.text import unwrapped
from needfix.inventory import server_from_record
from needfix.model.server import RegistryValue

SCALE = Scale(AS_ASKED)
"""A value that is missing, is another one, or is as it must be."""

_CELLS: dict[ValueState, int] = {
    "missing": 0,
    "other": 1,
    "other-in-part": 1,
    "as-asked": AS_ASKED,
    "contradicted": SCALE.unreadable,
    "unreadable": SCALE.unreadable,
    "not-stated": SCALE.not_inventoried,
    "not-inventoried": SCALE.elsewhere,
}
STATES: tuple[ValueState, ...] = tuple(_CELLS)
_FIELDS = ("path", "name", "value", "view")


class RegistryStates(NamedTuple):
    """For each value that is tracked the state on each server, by its place in STATES.

    `is_unclear` servers have entries that exclude each other, or too many of one value, or did not look all
    values up: they are looked at one by one.
    """

    of_values: Sequence[Ints]
    is_unclear: Flags

    @classmethod
    def of(cls, batch: Batch, tracked: TrackedRegistry) -> RegistryStates:
        """What the entries of a batch show."""
        is_unclear = np.zeros(len(batch), np.bool_)
        if not tracked:
            return cls((), is_unclear)
        entries = _Entries(part(batch.records, "registry"), tracked)
        is_whole = (batch.reports & mask_of(["registry"])) != 0
        found = []
        for asked in tracked.values:
            states, differ = entries.states(asked, is_whole)
            found.append(states)
            is_unclear |= differ
        places = {RegistryPlace(one.asked.key, one.asked.name) for one in tracked.values}
        is_unclear |= batch.lacks_any_value(places)
        return cls(found, is_unclear)


def with_registry(cells: AllCells, slots: Slots, states: RegistryStates) -> AllCells:
    """The cells of a batch with those of values of the registry, which come last."""
    of_states = np.array([_CELLS[state] for state in STATES], slots.kind)
    for number, found in enumerate(states.of_values):
        cells.table[:, slots.count - len(states.of_values) + number] = of_states[found]
    return cells


class _Entries:
    """The entries of a batch that may be of a value that is asked for, each distinct one once."""

    def __init__(self, stated_values: ObjectColumn | None, tracked: TrackedRegistry) -> None:
        self._values: list[RegistryValue | None] = []
        none: Ints = np.zeros(0, np.int64)
        self._owners, self._codes = none, none
        names = stated_values.texts("name") if stated_values is not None else None
        if stated_values is None or names is None:
            return
        asked = {one.asked.name for one in tracked.values}
        rows = names.rows(lambda text: text is not None and (stated(text) is None or _name(text) in asked))
        if not len(rows):
            return
        columns = {name: column for name in _FIELDS if (column := stated_values.texts(name)) is not None}
        found: Dense = uniform(len(rows))
        for column in columns.values():
            found = joined(found, column.codes[rows], column.unstated + 1)
        found = settled(found)
        firsts = rows[found.rows()]
        texts = {name: texts_at(column, column.codes[firsts]) for name, column in columns.items()}
        entries = ({name: own[place] for name, own in texts.items()} for place in range(len(firsts)))
        self._values = list(map(_read, entries))
        self._owners, self._codes = stated_values.lists.owners[rows], found.codes

    def states(self, asked: AskedValue, is_whole: Flags) -> tuple[Ints, Flags]:
        """The state of a value on each server, and the servers to be looked at one by one."""
        numbers = np.zeros(len(self._values) + 1, np.int64)
        own: list[RegistryValue] = []
        for code, entry in enumerate(self._values):
            if entry is not None and asked.has(entry) is not False:
                own.append(entry)
                numbers[code] = len(own)
        of_rows = numbers[self._codes]
        rows = np.flatnonzero(of_rows)
        of_servers = by_server(len(is_whole), self._owners[rows], of_rows[rows])
        kinds: Dense = flagged(uniform(len(is_whole)), is_whole)
        for column in of_servers.columns:
            kinds = joined(kinds, column, len(own) + 1)
        kinds = settled(kinds)
        states = np.zeros(kinds.count, np.int64)
        differ = np.zeros(kinds.count, np.bool_)
        for kind, row in enumerate(kinds.rows().tolist() if len(is_whole) else ()):
            there = [own[int(column[row]) - 1] for column in of_servers.columns if column[row]]
            found = measured(asked, there, is_complete=bool(is_whole[row]))
            states[kind] = STATES.index(found.value)
            differ[kind] = bool(found.differing)
        return states[kinds.codes], differ[kinds.codes] | of_servers.is_unclear


def _name(text: str) -> str:
    """A name as entries that are read have it."""
    return unwrapped(text).casefold()


def _read(entry: Mapping[str, str | None]) -> RegistryValue | None:
    """An entry as it is read; None for one that is not sound, whose server is read by itself."""
    server = server_from_record({"server": "one", "registry": [entry]}, Position("", 0), [])
    return server.registry[0] if server is not None and server.registry else None
