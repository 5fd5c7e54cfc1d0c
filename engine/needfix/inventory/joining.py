"""Several records of one server become one: of each fact, what the newest record states.

A unit is what is believed or replaced as a whole: the copies of a file by path (else by name), the list of
products, the list of hotfixes, one symptom, event, service or counter, and whether a restart is pending. A
list that is complete also says of everything else in its scope that it is not there.

Where no record is newer than another and they differ, this is a contradiction, and a reason says so. What
each of them says of products and of key files is kept, since only what is right whichever of them is may be
concluded. The version of a file is as if it were not stated. What calls for care counts if one record says
it: a symptom that is observed, an event, the state of a service, a pending restart, a module that is loaded.
"""

from __future__ import annotations

import json
from collections.abc import Callable, Hashable, Iterable, Iterator, Mapping, Sequence
from dataclasses import fields
from itertools import islice
from typing import Any, NamedTuple, TypeVar

from needfix.errors import Position, UsageError
from needfix.intake.record import record_of, stated_of
from needfix.intake.vocabularies import says_nothing
from needfix.inventory.newest import Newest, Silent, Statement, folded_path, meant, plain
from needfix.model.decision import Reason
from needfix.model.server import (
    SCOPES,
    DisputedProducts,
    FileCopy,
    InstalledProduct,
    Scope,
    Server,
    altered,
    as_read,
)
from needfix.versions import Moment, parse_moment

T = TypeVar("T")
Key = Hashable
_MOST_SHOWN = 8
"""Values that a reason shows."""


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
    if len(records) > 1 and says_nothing(names[0]):
        what = f"records of {names[0]!r} may be of several servers, as the name says nothing"
        raise UsageError(f"{what}\n    hint: write the server's name")
    if len(records) == 1:
        return records[0]
    return _Union(sorted(records, key=_rank), [] if older is None else older).server(names[0])


def _rank(record: Server) -> tuple[str, str, Position]:
    """An order of records that depends on nothing but what they say, and where."""
    return record.collected or "", json.dumps(record_of(record), sort_keys=True), record.at or _NOWHERE


_NOWHERE = Position("", 0)


class _Union:
    """Unites records that are in their order."""

    def __init__(self, records: Sequence[Server], older: list[Older]) -> None:
        self._records = records
        self._older = older
        self._moments = [parse_moment(own.collected) if own.collected else None for own in records]
        self._used: set[int] = set()
        self._disputed: set[Scope] = set()
        self._disputed_files: list[FileCopy] = []
        self._disputed_products: DisputedProducts | None = None
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
        found["disputed_files"] = tuple(self._disputed_files)
        found["disputed_products"] = self._disputed_products
        return as_read(Server, **found)

    # Which statements count.

    def _newest(self, statements: Sequence[Statement]) -> Newest:
        return Silent(self._moments, ()).newest(statements)

    def _counted(self, found: Newest) -> Newest:
        self._used.update(one.record for one in found.statements)
        return found

    def _note(self, label: str, found: Newest, value: Any) -> None:  # noqa: ANN401 - of any unit
        """Count what older records state otherwise."""
        kept = plain(value) if found.older else None
        for one in found.older:
            if one.value is not None and plain(one.value) != kept:
                self._older.append(Older(label, self._records[one.record].at))

    def _disagree(
        self, label: str, found: Newest, shown: Callable[[Any], str], file: FileCopy | None
    ) -> Reason:
        places: dict[str, str] = {}
        for value, place in sorted((shown(one.value), self._place(one.record)) for one in found.statements):
            places.setdefault(value, place)
        said = [f"{value}{place}" for value, place in islice(places.items(), _MOST_SHOWN)]
        if len(places) > _MOST_SHOWN:
            said.append(f"{len(places) - _MOST_SHOWN} more")
        sentence = (
            f"Records of this server disagree: {label} is {' and '.join(said)}, "
            "and nothing shows which is newer"
        )
        name, path = (file.name, file.path) if file is not None else (None, None)
        observed = " | ".join(islice(places, _MOST_SHOWN))
        reason = Reason("records-disagree", sentence, name, path, observed=observed)
        self._reasons.add(reason)
        return reason

    def _place(self, record: int) -> str:
        at = self._records[record].at
        return f" in {at}" if at is not None and at.line else ""

    def _is_complete(self, scope: Scope) -> bool:
        """Whether the newest records that state anything of a scope are all complete for it."""
        stating = [
            Statement(n, own.reports(scope)) for n, own in enumerate(self._records) if _states(own, scope)
        ]
        if not stating or scope in self._disputed:
            return False
        return all(one.value for one in self._newest(stating).statements)

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
    ) -> Iterator[tuple[Key, Newest]]:
        """Each unit of a scope, with its newest statements; a complete list that lacks it states `absent`."""
        by_key: dict[Key, list[Statement]] = {}
        for number, record in enumerate(self._records):
            if _states(record, scope):
                for key, value in stated(record).items():
                    by_key.setdefault(key, []).append(Statement(number, value))
        silent = Silent(self._moments, (n for n, own in enumerate(self._records) if own.reports(scope)))
        for key, statements in by_key.items():
            yield key, self._counted(silent.newest(statements, absent))
        self._used.update(silent.used())

    def _files(self) -> Iterator[FileCopy]:
        for _, found in self._by_key("files", _copies):
            copies: tuple[FileCopy, ...] = next(
                one.value for one in (*found.statements, *found.older) if one.value
            )
            values = found.values
            value, lost = _united(values)
            label = copies[0].path or copies[0].name
            self._note(label, found, value)
            if lost:
                self._disagree(label, found, _of_copies, copies[0])
                self._disputed_files += (copy for own in values for copy in own or ())
                if any(own is None for own in values):
                    self._disputed.add("files")
                value = value if _agree_on_platform(values) else None
                value = value or (as_read(FileCopy, name=copies[0].name, path=copies[0].path),)
                value = _with_modules(value, values)
            yield from value or ()

    def _products(self) -> tuple[InstalledProduct, ...] | None:
        """The list of products; of entries that are in all lists, the values that do not differ."""
        found = self._whole(lambda own: own.products if own.products or own.reports("products") else None)
        if found is None:
            return None
        values = found.values
        value: tuple[InstalledProduct, ...] | None
        value, lost = _united(values)
        self._note("the list of products", found, value)
        if not lost:
            return tuple(value or ())
        reason = self._disagree("the list of products", found, _of_products, None)
        lists = values if value is None else [_filled(own, value) for own in values]
        self._disputed_products = DisputedProducts(reason, tuple(lists))
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
        every = {own.casefold(): own for value in reversed(found.values) for own in value}
        return tuple(every[own] for own in sorted(every))

    def _pending(self) -> bool | None:
        found = self._whole(lambda own: own.restart_pending)
        if found is None:
            return None
        self._note("restart_pending", found, found.values[0])
        if len(found.values) == 1:
            return bool(found.values[0])
        self._disagree("restart_pending", found, lambda value: "true" if value else "false", None)
        return True

    def _whole(self, stated: Callable[[Server], Any]) -> Newest | None:
        """The newest statements of what is one unit."""
        own = [(n, stated(record)) for n, record in enumerate(self._records)]
        statements = [Statement(n, value) for n, value in own if value is not None]
        return self._counted(self._newest(statements)) if statements else None

    def _symptoms(self) -> Iterator[tuple[Any, str]]:
        """Each symptom with `observed`, `absent` or `both`."""
        for key, found in self._by_key("symptoms", _symptoms, "absent"):
            values = found.values
            self._note(f"symptom {key}", found, values[0])
            if len(values) > 1:
                self._disagree(f"the symptom {key}", found, str, None)
                self._disputed.add("symptoms")
            yield key, values[0] if len(values) == 1 else "both"

    def _entries(self, scope: Any) -> tuple[Any, ...] | None:  # noqa: ANN401 - events, services or counters
        """The entries of a scope; None where no record states any."""
        if not any(_states(own, scope) for own in self._records):
            return None
        entries: list[Any] = []
        for key, found in self._by_key(scope, _KEYED[scope]):
            values = found.values
            named = key[0] if isinstance(key, tuple) else key
            self._note(f"{_SINGULAR[scope]} {named}", found, values[0])
            if len(values) > 1:  # what was there is shown, whatever another record lacks
                self._disputed.add(scope)
                self._disagree(f"the {_SINGULAR[scope]} {named}", found, _of_entries, None)
                entries += {plain(own): own for value in values for own in value or ()}.values()
            else:
                entries += values[0] or ()
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
    return _grouped(record.files, lambda copy: folded_path(copy.path) if copy.path else copy.name.casefold())


def _symptoms(record: Server) -> Mapping[Key, Any]:
    observed, absent = record.observed or frozenset(), record.absent or frozenset()
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
        stated = [value for value in (getattr(own, attribute) for own in entries) if _says_something(value)]
        is_one = len({meant(attribute, value) for value in stated}) == 1
        changes[attribute] = stated[0] if is_one else None if stated else getattr(first, attribute)
        lost |= len(stated) > 0 and not is_one
    return altered(first, **changes), lost


def _says_something(value: object) -> bool:
    return value is not None and not (isinstance(value, str) and says_nothing(value))


def _filled(
    entries: Iterable[InstalledProduct], united: Iterable[InstalledProduct]
) -> tuple[InstalledProduct, ...]:
    """A list of products, with the values that other lists of the same products add."""
    known = {one.name.casefold(): one for one in united}
    return tuple(
        altered(
            own,
            **{
                each.name: getattr(known[own.name.casefold()], each.name)
                for each in fields(own)
                if not _says_something(getattr(own, each.name))
            },
        )
        for own in entries
    )


def _with_modules(
    copies: tuple[FileCopy, ...], values: Iterable[Sequence[FileCopy] | None]
) -> tuple[FileCopy, ...]:
    """Copies of which records disagree, with each module that one of them says is loaded."""
    loaded = sorted({copy.loaded for own in values for copy in own or () if copy.loaded})
    return tuple(altered(copies[0], loaded=one) for one in loaded) if len(loaded) > 1 else copies


def _agree_on_platform(values: Sequence[Sequence[FileCopy] | None]) -> bool:
    """Whether copies are of one platform, so that what else is stated of them is of one copy."""
    return len({copy.platform and copy.platform.casefold() for own in values for copy in own or ()}) == 1


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
