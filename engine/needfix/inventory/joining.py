"""Several records of one server become one: of each fact, what the newest record states.

A unit is what is believed or replaced as a whole: the copies of a file by path (else by name), the list of
products, the list of hotfixes, one symptom, event, service or counter, and whether a restart is pending. A
list that is complete also says of everything else in its scope that it is not there. Where no record is newer
than another and they differ, the fact is left out, as if it were not stated, and a reason says so.
"""

from __future__ import annotations

import json
from collections.abc import Callable, Hashable, Iterable, Iterator, Mapping, Sequence
from dataclasses import fields
from typing import Any, NamedTuple, TypeVar

from needfix.errors import Position, UsageError
from needfix.intake.record import record_of, stated_of
from needfix.model.decision import Reason
from needfix.model.server import SCOPES, FileCopy, InstalledProduct, Scope, Server, altered, as_read
from needfix.versions import Moment, parse_moment

T = TypeVar("T")
Key = Hashable


class Older(NamedTuple):
    """A fact of an older record that a newer one replaces, and the place of the older."""

    fact: str
    at: Position | None


def joined(records: Iterable[Server], older: list[Older] | None = None) -> Server:
    """The server of several records, the same in any order of these. What is replaced is added to `older`.

    Raises UsageError where there is no record, or where they are about several servers.
    """
    records = tuple(records)
    names = sorted({record.server for record in records})
    if len({name.casefold() for name in names}) != 1:
        what = (
            f"records of {', '.join(names)} are not of one server" if names else "there is no record to unite"
        )
        raise UsageError(f"{what}\n    hint: pass all records of one server")
    if len(records) == 1:
        return records[0]
    return _Union(sorted(records, key=_rank), [] if older is None else older).server(names[0])


def _rank(record: Server) -> tuple[str, str]:
    """An order of records that depends on nothing but what they say."""
    return record.collected or "", json.dumps(record_of(record), sort_keys=True)


class _Statement(NamedTuple):
    """What a record says of a unit; `value` None that it is not there."""

    record: int
    value: Any


class _Newest(NamedTuple):
    """The newest statements of a unit, and the older ones, which are replaced."""

    statements: list[_Statement]
    older: list[_Statement]

    @property
    def values(self) -> list[Any]:
        """What they say, each value once."""
        found: list[Any] = []
        for one in self.statements:
            if all(_plain(one.value) != _plain(known) for known in found):
                found.append(one.value)
        return found


class _Union:
    """Unites records that are in their order."""

    def __init__(self, records: Sequence[Server], older: list[Older]) -> None:
        self._records = records
        self._older = older
        self._moments = [parse_moment(own.collected) if own.collected else None for own in records]
        self._used: set[int] = set()
        self._disputed: set[Scope] = set()
        self._reasons = {reason for record in records for reason in record.disagreements}

    def server(self, name: str) -> Server:
        """The one server."""
        found: dict[str, Any] = {"server": name, "files": tuple(self._files())}
        found["products"] = self._products()
        found["hotfixes"] = self._list("hotfixes", "the list of hotfixes")
        found["restart_pending"] = self._pending()
        symptoms = dict(self._symptoms())
        for attribute in ("events", "services", "counters"):
            found[attribute] = self._entries(attribute)
        complete = frozenset(scope for scope in SCOPES if self._is_complete(scope))
        for kind in ("observed", "absent"):
            own = frozenset(key for key, value in symptoms.items() if value in (kind, "both"))
            is_stated = own or (
                "symptoms" in complete and any(getattr(r, kind) is not None for r in self._records)
            )
            found[kind] = own if is_stated else None
        found["complete"] = complete
        found["collected"] = self._collected()
        found["at"] = min((own.at for own in self._records if own.at), default=None)
        found["disagreements"] = tuple(
            sorted(self._reasons, key=lambda reason: (reason.text, reason.file or ""))
        )
        return as_read(Server, **found)

    # Which statements count.

    def _is_older(self, one: int, other: int) -> bool:
        """Whether a record is certainly older than another."""
        mine, theirs = self._moments[one], self._moments[other]
        return mine is not None and theirs is not None and mine.reaches(theirs) is False

    def _among(self, statements: Sequence[_Statement]) -> _Newest:
        newest: list[_Statement] = []
        older: list[_Statement] = []
        for one in statements:
            is_older = any(self._is_older(one.record, other.record) for other in statements)
            (older if is_older else newest).append(one)
        self._used.update(one.record for one in newest)
        return _Newest(newest, older)

    def _note(self, label: str, found: _Newest, value: Any) -> None:  # noqa: ANN401 - of any unit
        """Count what older records state otherwise."""
        for one in found.older:
            if one.value is not None and _plain(one.value) != _plain(value):
                self._older.append(Older(label, self._records[one.record].at))

    def _disagree(
        self, label: str, found: _Newest, shown: Callable[[Any], str], file: FileCopy | None
    ) -> None:
        pairs = sorted({(shown(one.value), self._place(one.record)) for one in found.statements})
        values = list(dict.fromkeys(value for value, _ in pairs))
        said = " and ".join(f"{value}{place}" for value, place in pairs)
        sentence = f"Records of this server disagree: {label} is {said}, and nothing shows which is newer"
        name, path = (file.name, file.path) if file is not None else (None, None)
        self._reasons.add(Reason("records-disagree", sentence, name, path, observed=" | ".join(values)))

    def _place(self, record: int) -> str:
        at = self._records[record].at
        return f" in {at}" if at is not None and at.line else ""

    def _is_complete(self, scope: Scope) -> bool:
        """Whether the newest records that state anything of a scope are all complete for it."""
        stating = [
            _Statement(n, own.reports(scope)) for n, own in enumerate(self._records) if _states(own, scope)
        ]
        if not stating or scope in self._disputed:
            return False
        newest = [one for one in stating if not any(self._is_older(one.record, o.record) for o in stating)]
        return all(one.value for one in newest)

    def _collected(self) -> str | None:
        """The time of the oldest record of which anything is left; None where one has none."""
        used = sorted(self._used) or range(len(self._records))
        found: list[tuple[Moment, str]] = []
        for place in used:
            moment, text = self._moments[place], self._records[place].collected
            if moment is None or text is None:
                return None
            found.append((moment, text))
        return min(found)[1]

    # The units.

    def _by_key(
        self, scope: Scope, stated: Callable[[Server], Mapping[Key, Any]], absent: object = None
    ) -> Iterator[tuple[Key, _Newest]]:
        """Each unit of a scope, with its newest statements; a complete list that lacks it states `absent`."""
        own = [stated(record) if _states(record, scope) else {} for record in self._records]
        for key in dict.fromkeys(key for units in own for key in units):
            statements = [_Statement(n, units[key]) for n, units in enumerate(own) if key in units]
            statements += [
                _Statement(n, absent)
                for n, units in enumerate(own)
                if key not in units and self._records[n].reports(scope)
            ]
            yield key, self._among(statements)

    def _files(self) -> Iterator[FileCopy]:
        for _, found in self._by_key("files", _copies):
            copies: tuple[FileCopy, ...] = next(
                one.value for one in (*found.statements, *found.older) if one.value
            )
            value, lost = _united(found.values)
            label = copies[0].path or copies[0].name
            self._note(label, found, value)
            if lost:
                self._disagree(label, found, _of_copies, copies[0])
                value = value if _agree_on_platform(found.values) else None
                value = value or (as_read(FileCopy, name=copies[0].name, path=copies[0].path),)
            yield from value or ()

    def _products(self) -> tuple[InstalledProduct, ...] | None:
        """The list of products; of entries that are in all lists, the values that do not differ."""
        found = self._whole(lambda own: own.products if own.products or own.reports("products") else None)
        if found is None:
            return None
        value: tuple[InstalledProduct, ...] | None
        value, lost = _united(found.values)
        self._note("the list of products", found, value)
        if not lost:
            return tuple(value or ())
        self._disagree("the list of products", found, _of_products, None)
        if value is None:
            self._disputed.add("products")
        return value

    def _list(self, scope: Scope, label: str) -> tuple[str, ...] | None:
        found = self._whole(lambda own: getattr(own, scope))
        if found is None:
            return None
        self._note(label, found, found.values[0])
        if len(found.values) == 1:
            value: tuple[str, ...] = found.values[0]
            return value
        self._disagree(label, found, lambda value: ", ".join(sorted(value)) or "empty", None)
        self._disputed.add(scope)
        return None

    def _pending(self) -> bool | None:
        found = self._whole(lambda own: own.restart_pending)
        if found is None:
            return None
        self._note("restart_pending", found, found.values[0])
        if len(found.values) == 1:
            return bool(found.values[0])
        self._disagree("restart_pending", found, lambda value: "true" if value else "false", None)
        return None

    def _whole(self, stated: Callable[[Server], Any]) -> _Newest | None:
        """The newest statements of what is one unit."""
        own = [(n, stated(record)) for n, record in enumerate(self._records)]
        statements = [_Statement(n, value) for n, value in own if value is not None]
        return self._among(statements) if statements else None

    def _symptoms(self) -> Iterator[tuple[str, str]]:
        """Each symptom with `observed`, `absent` or `both`."""
        for key, found in self._by_key("symptoms", _symptoms, "absent"):
            self._note(f"symptom {key}", found, found.values[0])
            if len(found.values) == 1:
                yield str(key), found.values[0]
            else:
                self._disagree(f"the symptom {key}", found, str, None)
                self._disputed.add("symptoms")

    def _entries(self, scope: Any) -> tuple[Any, ...] | None:  # noqa: ANN401 - events, services or counters
        """The entries of a scope; None where no record states any."""
        if not any(_states(own, scope) for own in self._records):
            return None
        entries: list[Any] = []
        for key, found in self._by_key(scope, _KEYED[scope]):
            value = found.values[0]
            named = key[0] if isinstance(key, tuple) else key
            self._note(f"{_SINGULAR[scope]} {named}", found, value)
            if len(found.values) == 1:
                entries += value or ()
                continue
            self._disputed.add(scope)
            self._disagree(f"the {_SINGULAR[scope]} {named}", found, _of_entries, None)
            if scope == "events":  # one that was there is shown, whatever another log lacks
                entries += next(one for one in found.values if one is not None)
        return tuple(entries) if entries or self._is_complete(scope) else None


_SINGULAR = {"events": "event", "services": "service", "counters": "counter"}


def _states(record: Server, scope: Scope) -> bool:
    """Whether a record states anything of a scope."""
    if scope == "files":
        return bool(record.files)
    if scope == "products":
        return bool(record.products) or record.reports("products")
    if scope == "symptoms":
        return record.observed is not None or record.absent is not None
    return getattr(record, scope) is not None


def _grouped(entries: Iterable[T], key: Callable[[T], Key]) -> dict[Key, tuple[T, ...]]:
    found: dict[Key, list[T]] = {}
    for entry in entries:
        found.setdefault(key(entry), []).append(entry)
    return {own: tuple(some) for own, some in found.items()}


def _copies(record: Server) -> Mapping[Key, Any]:
    return _grouped(record.files, lambda copy: _folded_path(copy.path) if copy.path else copy.name.casefold())


def _folded_path(path: str) -> str:
    return path.replace("/", "\\").casefold()


def _symptoms(record: Server) -> Mapping[Key, Any]:
    observed = {name.casefold() for name in record.observed or ()}
    absent = {name.casefold() for name in record.absent or ()}
    words = {True: "both", False: "absent"}
    return {key: words[key in observed] if key in absent else "observed" for key in sorted(observed | absent)}


_KEYED: Mapping[str, Callable[[Server], Mapping[Key, Any]]] = {
    "events": lambda own: _grouped(
        own.events or (), lambda one: (one.source.casefold(), one.id, one.message)
    ),
    "services": lambda own: _grouped(own.services or (), lambda one: one.name.casefold()),
    "counters": lambda own: _grouped(own.counters or (), lambda one: one.name.casefold()),
}


def _united(values: Sequence[Any]) -> tuple[Any, bool]:
    """Lists of entries as one, with the values on which those agree that state any; whether any differ.

    None where they are not about the same entries.
    """
    if len(values) == 1:
        return values[0], False
    if any(value is None for value in values):
        return None, True
    keyed = [_grouped(value, lambda one: one.name.casefold()) for value in values]
    is_same = all(own.keys() == keyed[0].keys() for own in keyed)
    if not is_same or any(len(some) > 1 for own in keyed for some in own.values()):
        return None, True
    united = [_agreed([own[key][0] for own in keyed]) for key in keyed[0]]
    return tuple(one for one, _ in united), any(lost for _, lost in united)


def _agreed(entries: Sequence[Any]) -> tuple[Any, bool]:
    """An entry with the values that do not differ, and whether any does."""
    first, changes, lost = entries[0], {}, False
    for attribute in (each.name for each in fields(first) if each.name != "name"):
        stated = [value for value in (getattr(own, attribute) for own in entries) if value is not None]
        is_one = len({_plain(value) for value in stated}) == 1
        changes[attribute] = stated[0] if is_one else None
        lost |= len(stated) > 0 and not is_one
    return altered(first, **changes), lost


def _agree_on_platform(values: Sequence[Sequence[FileCopy] | None]) -> bool:
    """Whether copies are of one platform, so that what else is stated of them is of one copy."""
    return len({copy.platform and copy.platform.casefold() for own in values for copy in own or ()}) == 1


def _plain(value: Any) -> Any:  # noqa: ANN401 - of any unit
    """A value as it is compared: texts without case, entries in any order."""
    if isinstance(value, str):
        return value.casefold()
    if isinstance(value, tuple):
        return tuple(sorted((_plain(own) for own in value), key=repr))
    if value is None or isinstance(value, bool | int | float):
        return value
    return tuple((each.name, _plain(getattr(value, each.name))) for each in fields(value))


def _of_entries(value: Sequence[Any] | None) -> str:
    if value is None:
        return "not there"
    shown = (
        ", ".join(f"{key} {said}" for key, said in stated_of(own).items() if key != "name") for own in value
    )
    return "; ".join(sorted(filter(None, shown))) or "there"


def _of_copies(value: Sequence[FileCopy] | None) -> str:
    if value is None:
        return "not there"
    return _of_entries([altered(copy, path=None) for copy in value])


def _of_products(value: Sequence[InstalledProduct] | None) -> str:
    shown = [" ".join(map(str, stated_of(own).values())) for own in value or ()]
    return ", ".join(sorted(shown)) or "empty"
