"""Values of the registry that rules ask for: what a server's entries show about each.

An entry is of a value where its key, its name and, if one is asked for, its view are those; it may be of it
where one of them is not stated or not understood. One that is not as it is asked for counts before one of
which this is not known; two of one view that differ exclude each other. Where no entry is or may be of a
value, and all are listed, there is none. In an entry of `affects` one that is, or may be, as it is asked for
leaves open what another one denies.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from typing import Literal, NamedTuple

from packaging.version import Version

from needfix.compare.tracked import FileCheck, FileState, shown_by, stated
from needfix.intake.registry_names import (
    registry_equals,
    registry_key,
    registry_place,
    registry_text,
    registry_view,
)
from needfix.model.evidence import Affected
from needfix.model.minimum import Minimum
from needfix.model.registry import RegistryAsked, RegistryView
from needfix.model.rule import Fix, Rule
from needfix.model.server import RegistryValue, Server
from needfix.versions import counts_years, parse_file_version

ValueState = Literal[
    "missing", "other", "other-in-part", "as-asked", "contradicted", "unreadable", "not-stated",
    "not-inventoried",
]  # fmt: skip
"""What a server shows about a value. `missing` is that there is none; `other-in-part` that one entry is not
as it is asked for, and another one is, or may be; `not-stated` is of an entry that is, or may be, of it."""

_FILE_STATES: dict[ValueState, FileState] = {
    "as-asked": "reached",
    "missing": "below",
    "other": "below",
    "other-in-part": "below",
    "contradicted": "unreadable",
    "unreadable": "unreadable",
    "not-stated": "not-inventoried",
    "not-inventoried": "not-inventoried",
}
_ANSWERS: dict[FileState, Affected] = {"reached": "yes", "below": "no"}


class AskedValue(NamedTuple):
    """A value of the registry, and what it must be."""

    asked: RegistryAsked
    version: Version | None = None

    @classmethod
    def of(cls, minimum: Minimum) -> AskedValue | None:
        """What a rule asks of a value; None for a minimum of a file or a build."""
        return None if minimum.registry is None else cls(minimum.registry, minimum.version)

    def has(self, entry: RegistryValue) -> bool | None:
        """Whether an entry is of this value; None where it may be."""
        (key, view), name = _key_of(entry), stated(entry.name)
        folded = None if name is None else name.casefold()
        pairs = [(key, self.asked.key), (folded, self.asked.name)]
        if self.asked.view is not None:
            pairs.append((view, self.asked.view))
        if any(found is not None and found != asked for found, asked in pairs):
            return False
        return True if all(found is not None for found, _ in pairs) else None

    def is_met(self, entry: RegistryValue) -> bool | None:
        """Whether the value of an entry is as it must be; None where it does not show that."""
        text = entry.value and registry_text(entry.value)
        if text is None:
            return None
        if self.version is not None:
            return _reaches(entry.value or "", self.version)
        if self.asked.equals is not None:
            return registry_equals(entry.value or "", self.asked.equals)
        return bool(self.asked.present)

    @property
    def without_value(self) -> ValueState:
        """The state where there is none."""
        return "as-asked" if self.asked.present is False else "missing"


def view_of(entry: RegistryValue) -> RegistryView | None:
    """The view that an entry is of, by its key or as stated; None where that is not known."""
    return _key_of(entry)[1]


def _key_of(entry: RegistryValue) -> tuple[str | None, RegistryView | None]:
    """The key of an entry as it is compared, and its view; None for what is not stated or not understood.

    A key that is not understood may name the view of 32 bits, whatever view is stated beside it.
    """
    key = registry_key(entry.path)
    view = registry_view(entry.view) if entry.view else None
    if key is None:
        return None, None if view == "64" else view
    return key.compared, key.view or view


def _reaches(text: str, minimum: Version) -> bool | None:
    version = parse_file_version(text)
    if version is None or counts_years(version) != counts_years(minimum):
        return None
    low, high = shown_by(version, (minimum,), None)
    return low > 0 if low == high else None


class RegistryMeasure(NamedTuple):
    """What a server shows about a value, and the entry that shows it; several where they differ."""

    value: ValueState
    entries: tuple[RegistryValue, ...] = ()
    differing: tuple[RegistryValue, ...] = ()

    @property
    def answer(self) -> Affected:
        """Whether the value is as an entry of `affects` asks for it."""
        if self.value == "other-in-part":
            return "unknown"
        return _ANSWERS.get(_FILE_STATES[self.value], "unknown")

    def state(self, needed: int) -> FileState:
        """The same as that of a file: it is reached where it is as it must be."""
        del needed
        return _FILE_STATES[self.value]


def measured(asked: AskedValue, entries: Iterable[RegistryValue], *, is_complete: bool) -> RegistryMeasure:
    """What entries show about a value; `is_complete`: there is none where they do not list it."""
    own: list[RegistryValue] = []
    maybe: list[RegistryValue] = []
    for entry in entries:
        found = asked.has(entry)
        if found is not False:
            (own if found else maybe).append(entry)
    said: dict[ValueState, tuple[RegistryValue, ...]] = {}
    differing: tuple[RegistryValue, ...] = ()
    for group in _by_view(own):
        said.setdefault(_agreed(asked, group), group)
        if len(_texts(group)) > 1:
            differing = differing or group
    unclear = tuple(entry for entry in maybe if not own or asked.is_met(entry) is not True)
    if unclear:
        said.setdefault("not-stated", unclear)
    if not said:
        return RegistryMeasure(asked.without_value if is_complete else "not-inventoried")
    state = next(one for one in _WORST_FIRST if one in said)
    is_divided = state == "other" and any(asked.is_met(entry) is not False for entry in (*own, *maybe))
    return RegistryMeasure("other-in-part" if is_divided else state, said[state], differing)


_WORST_FIRST: tuple[ValueState, ...] = ("other", "not-stated", "contradicted", "unreadable", "as-asked")


def _by_view(entries: Iterable[RegistryValue]) -> Iterator[tuple[RegistryValue, ...]]:
    found: dict[RegistryView | None, list[RegistryValue]] = {}
    for entry in entries:
        found.setdefault(_key_of(entry)[1], []).append(entry)
    return map(tuple, found.values())


def _texts(entries: Iterable[RegistryValue]) -> set[str]:
    """The different values that entries state."""
    read = (registry_text(entry.value) for entry in entries if entry.value)
    return {text for text in read if text is not None}


def _agreed(asked: AskedValue, entries: Sequence[RegistryValue]) -> ValueState:
    """What entries of one view say; one that states no value changes nothing where no other is as asked."""
    known = [entry for entry in entries if _texts([entry])]
    answers = {asked.is_met(entry) for entry in known}
    if answers == {False}:
        return "other"
    if len(known) < len(entries):
        return "not-stated"
    if len(answers) > 1:
        return "contradicted"
    return "as-asked" if True in answers else "unreadable"


def lists_value(server: Server, asked: RegistryAsked) -> bool:
    """Whether a value that a server does not list is not there: its list is complete for it."""
    if not server.reports("registry"):
        return False
    if server.looked_up is None:
        return True
    places = filter(None, map(registry_place, server.looked_up))
    return any(place.covers(asked.key, asked.name, asked.view) for place in places)


class TrackedRegistry:
    """Every value that a catalogue's rules ask for; their places follow those of files and builds.

    `of_entries` are those of entries of `affects`, which decide whether a rule affects a server.
    """

    def __init__(self, rules: Iterable[Rule], first: int) -> None:
        self.first = first
        asking = list(rules)
        of_fixes = (one for rule in asking for fix in rule.fixes for one in fix.registry)
        of_entries = dict.fromkeys(one for rule in asking for one in values_of_entries(rule))
        self.of_entries = tuple(of_entries)
        self.values = tuple(dict.fromkeys((*filter(None, map(AskedValue.of, of_fixes)), *of_entries)))
        self._places = {one: place for place, one in enumerate(self.values)}

    def __bool__(self) -> bool:
        return bool(self.values)

    def checks(self, fix: Fix) -> Iterator[FileCheck]:
        """The checks of one of the fixes."""
        for minimum in fix.registry:
            asked = AskedValue.of(minimum)
            if asked is not None:
                yield FileCheck(self.first + self._places[asked], AS_ASKED, minimum)

    def place(self, asked: AskedValue) -> int:
        """The place of a value among all."""
        return self._places[asked]


AS_ASKED = 2
"""The rank of a value that is as it must be; 0 is that of one that is missing."""


def values_of_entries(rule: Rule) -> Iterator[AskedValue]:
    """The values that the entries of a rule ask for, and those beside them."""
    for entry in rule.every_entry:
        yield from filter(None, map(AskedValue.of, entry.registry))


RegistryFacts = tuple[tuple[AskedValue, RegistryMeasure], ...]
"""What a server shows about values that entries of `affects` ask for."""


class ServerRegistry:
    """What a server shows about the values that are tracked."""

    def __init__(self, tracked: TrackedRegistry, server: Server) -> None:
        self._tracked = tracked
        self._server = server
        self._known: dict[int, RegistryMeasure] = {}

    def measure(self, check: FileCheck) -> RegistryMeasure:
        """What it shows about the value of a check."""
        return self.of_place(check.tracked - self._tracked.first)

    def of_place(self, place: int) -> RegistryMeasure:
        """What it shows about the value in a place."""
        found = self._known.get(place)
        if found is None:
            asked = self._tracked.values[place]
            is_complete = lists_value(self._server, asked.asked)
            found = measured(asked, self._server.registry or (), is_complete=is_complete)
            self._known[place] = found
        return found

    @property
    def of_entries(self) -> RegistryFacts:
        """What it shows about the values that entries of `affects` ask for."""
        tracked = self._tracked
        return tuple((one, self.of_place(tracked.place(one))) for one in tracked.of_entries)

    @property
    def is_contradicted(self) -> bool:
        """Whether entries of a value that is asked for exclude each other."""
        return any(self.of_place(place).differing for place in range(len(self._tracked.values)))
