"""Several records of one server become one: of each fact, what the newest record states.

A unit is what is believed or replaced as a whole: the copies of a file by path (else by name), the list of
products, the list of hotfixes, one symptom, event, service, counter or value of the registry, and whether a
restart is pending. A list that is complete also says of everything else in its scope that it is not there.

Where no record is newer than another and they differ, this is a contradiction, and a reason says so. What
each of them says of products and of key files is kept, since only what is right whichever of them is may be
concluded. The version of a file is as if it were not stated. What calls for care counts if one record says
it: a symptom that is observed, an event, the state of a service, a pending restart, a module that is loaded.

Lists that are whole only because the user says so are so together: what one record lists is there, though
another one does not list it.
"""

from __future__ import annotations

import json
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from itertools import islice
from typing import Any, NamedTuple

from needfix.errors import NOWHERE, Position, UsageError
from needfix.intake.record import record_of
from needfix.intake.registry_names import RegistryPlace, registry_key, registry_place, registry_view
from needfix.inventory.newest import Newest, Silent, Statement, folded_path, plain
from needfix.inventory.partial_products import is_partial, united_products
from needfix.inventory.stated_lists import as_written, without_others
from needfix.inventory.united_entries import (
    Key,
    agree_on_platform,
    filled,
    grouped,
    shown_copies,
    shown_entries,
    shown_products,
    united,
    with_modules,
)
from needfix.model.decision import Reason
from needfix.model.server import (
    SCOPES,
    DisputedProducts,
    FileCopy,
    InstalledProduct,
    RegistryValue,
    Scope,
    Server,
    altered,
    as_read,
)
from needfix.model.whole_lists import WholeLists
from needfix.versions import Moment, parse_clock_time

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
    if len(records) == 1:
        return records[0]
    if any(record.log_rows for record in records):
        from needfix.inventory.producers.united_logs import (  # noqa: PLC0415 - few records are of logs
            with_one_log,
        )

        records = with_one_log(records)
    if len(records) == 1:
        return altered(records[0], server=names[0])
    return _Union(sorted(records, key=_rank), [] if older is None else older).server(names[0])


def _rank(record: Server) -> tuple[str, str, Position]:
    """An order of records that depends on nothing but what they say, and where."""
    return record.collected or "", json.dumps(record_of(record), sort_keys=True), record.at or NOWHERE


class _Union:
    """Unites records that are in their order."""

    def __init__(self, records: Sequence[Server], older: list[Older]) -> None:
        self._stated = _stated_whole(records)
        records = [as_written(own) for own in records]
        self._records = records
        self._older = older
        self._moments = [parse_clock_time(own.collected) if own.collected else None for own in records]
        self._used: set[int] = set()
        self._disputed: set[Scope] = set()
        self._disputed_files: list[FileCopy] = []
        self._disputed_products: DisputedProducts | None = None
        self._looked_for = [own.names_looked_for for own in records]
        self._looked_up = [_places(own) for own in records]
        self._reasons = {reason for record in records for reason in record.disagreements}

    def server(self, name: str) -> Server:
        """The one server."""
        found: dict[str, Any] = {"server": name, "files": tuple(self._files())}
        found["products"] = self._products()
        found["hotfixes"] = self._list("hotfixes", "the list of hotfixes")
        found["restart_pending"] = self._pending()
        symptoms = dict(self._symptoms())
        for attribute in ("events", "services", "counters", "registry"):
            found[attribute] = self._entries(attribute)
        complete = frozenset(scope for scope in SCOPES if self._is_complete(scope))
        for kind in ("observed", "absent"):
            own = frozenset(key for key, value in symptoms.items() if value in (kind, "both"))
            is_stated = own or (
                "symptoms" in complete and any(getattr(r, kind) is not None for r in self._records)
            )
            found[kind] = own if is_stated else None
        found["complete"] = complete
        found["looked_for"] = self._names_looked_for() if "files" in complete else None
        found["looked_up"] = self._values_looked_up() if "registry" in complete else None
        found["collected"] = self._collected()
        found["failures"] = (
            tuple(dict.fromkeys(one for own in self._records for one in own.failures or ())) or None
        )
        found["at"] = min((own.at for own in self._records if own.at), default=None)
        found["disagreements"] = tuple(
            sorted(self._reasons, key=lambda reason: (reason.text, reason.file or ""))
        )
        found["disputed_files"] = tuple(self._disputed_files)
        found["disputed_products"] = self._disputed_products
        found["left_out"] = tuple(one for own in self._records for one in own.left_out)
        found["united_from"] = tuple(self._records)
        stated = self._stated.stated & complete
        found["whole_lists"] = self._stated._replace(stated=stated)
        united_server = as_read(Server, **found)
        return without_others(united_server) if "products" in stated else united_server

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
        if scope in self._stated.stated and not (scope == "products" and self._disputed_products):
            return True
        return all(one.value for one in self._newest(stating).statements)

    def _names_looked_for(self) -> tuple[str, ...] | None:
        """The files that every record with a complete list of files looked for; None where all were."""
        is_stated = "files" in self._stated.stated
        complete = (n for n, own in enumerate(self._records) if is_stated or own.reports("files"))
        stated = [own for n in complete if (own := self._looked_for[n]) is not None]
        return tuple(sorted(frozenset.intersection(*stated))) if stated else None

    def _values_looked_up(self) -> tuple[str, ...] | None:
        """The values that every record with a complete list of them looked up; None where all were."""
        complete = [n for n, own in enumerate(self._records) if own.reports("registry")]
        places = [own for n in complete if (own := self._looked_up[n]) is not None]
        if not places:
            return None
        common = frozenset.intersection(*places)
        texts = (text for n in complete for text in self._records[n].looked_up or ())
        every = {place: text for text in texts if (place := registry_place(text)) in common}
        return tuple(sorted(every.values()))

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
        reporting = tuple(n for n, own in enumerate(self._records) if own.reports(scope))
        every: dict[tuple[int, ...], Silent] = {}
        for key, statements in by_key.items():
            own = reporting
            if scope == "files":
                own = self._looking_for(statements, reporting)
            elif scope == "registry":
                own = self._looking_up(key, reporting)
            if own not in every:
                every[own] = Silent(self._moments, own)
            yield key, self._counted(every[own].newest(statements, absent))
        for silent in every.values():
            self._used.update(silent.used())

    def _looking_for(self, statements: Sequence[Statement], records: tuple[int, ...]) -> tuple[int, ...]:
        """Of the records with a complete list of files those that looked for the file of some statements."""
        if not any(self._looked_for):
            return records
        names = {copy.name.casefold() for one in statements for copy in one.value}
        return tuple(n for n in records if (own := self._looked_for[n]) is None or names <= own)

    def _looking_up(self, key: Key, records: tuple[int, ...]) -> tuple[int, ...]:
        """Of the records with a complete list of values those that looked up the one of a key."""
        return tuple(
            n
            for n in records
            if (own := self._looked_up[n]) is None
            or any(isinstance(key, tuple) and place.covers(*key) for place in own)
        )

    def _files(self) -> Iterator[FileCopy]:
        for _, found in self._by_key("files", _copies):
            copies: tuple[FileCopy, ...] = next(
                one.value for one in (*found.statements, *found.older) if one.value
            )
            values = found.values
            value, lost = united(values)
            label = copies[0].path or copies[0].name
            self._note(label, found, value)
            if lost:
                self._disagree(label, found, shown_copies, copies[0])
                self._disputed_files += (copy for own in values for copy in own or ())
                if any(own is None for own in values):
                    self._disputed.add("files")
                value = value if agree_on_platform(values) else None
                value = value or (as_read(FileCopy, name=copies[0].name, path=copies[0].path),)
                value = with_modules(value, values)
            yield from value or ()

    def _products(self) -> tuple[InstalledProduct, ...] | None:
        """The list of products; of entries that are in all lists, the values that do not differ."""
        if any(is_partial(own.products) for own in self._records):
            return self._partial_products()
        found = self._whole(lambda own: own.products if own.products or own.reports("products") else None)
        if found is None:
            return None
        values = found.values
        value: tuple[InstalledProduct, ...] | None
        value, lost = united(values)
        self._note("the list of products", found, value)
        if not lost:
            return tuple(value or ())
        reason = self._disagree("the list of products", found, shown_products, None)
        lists = values if value is None else [filled(own, value) for own in values]
        self._disputed_products = DisputedProducts(reason, tuple(lists))
        if value is None:
            self._disputed.add("products")
        return value

    def _partial_products(self) -> tuple[InstalledProduct, ...]:
        """The products of lists that add up, since not all of them are whole."""
        found = united_products(self._records, self._moments)
        self._used |= found.used
        for one in found.older:
            self._note("a product", one, one.values[0])
        reasons = [
            self._disagree("the list of products", one, shown_products, None) for one in found.disputed
        ]
        if reasons:
            self._disputed_products = DisputedProducts(reasons[0], tuple(found.lists))
        return found.value

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
            named = _called(scope, key)
            self._note(f"{_SINGULAR[scope]} {named}", found, values[0])
            if len(values) > 1:  # what was there is shown, whatever another record lacks
                self._disputed.add(scope)
                self._disagree(f"the {_SINGULAR[scope]} {named}", found, shown_entries, None)
                if scope == "registry" and None in values:  # and may be missing
                    values = [[altered(one, value=None) for one in own or ()] for own in values]
                entries += {plain(own): own for value in values for own in value or ()}.values()
            else:
                entries += values[0] or ()
        return tuple(entries) if entries or self._is_complete(scope) else None


_SINGULAR = {
    "events": "event",
    "services": "service",
    "counters": "counter",
    "registry": "value of the registry",
}


def _stated_whole(records: Iterable[Server]) -> WholeLists:
    """The scopes that are whole by what the user states, where none of the records says otherwise."""
    every = [own.whole_lists for own in records]
    denied = frozenset(scope for own in every for scope in own.denied)
    return WholeLists(
        stated=frozenset(scope for own in every for scope in own.stated) - denied, denied=denied
    )


def _called(scope: Scope, key: Key) -> object:
    """How a fact is called: a value of the registry by its key and name, an event by its source."""
    if not isinstance(key, tuple):
        return key
    return "\\".join(filter(None, key[:2])) if scope == "registry" else key[0]


def _states(record: Server, scope: Scope) -> bool:
    """Whether a record states anything of a scope."""
    if scope == "files":
        return bool(record.files)
    if scope == "products":
        return bool(record.products) or record.reports("products")
    if scope == "symptoms":
        return record.observed is not None or record.absent is not None
    return getattr(record, scope) is not None


def _places(record: Server) -> frozenset[RegistryPlace] | None:
    """The values that a record looked up; None where all were."""
    if record.looked_up is None:
        return None
    return frozenset(filter(None, map(registry_place, record.looked_up)))


def _copies(record: Server) -> Mapping[Key, Any]:
    return grouped(record.files, lambda copy: folded_path(copy.path) if copy.path else copy.name.casefold())


def _symptoms(record: Server) -> Mapping[Key, Any]:
    observed, absent = record.observed or frozenset(), record.absent or frozenset()
    words = {True: "both", False: "absent"}
    return {key: words[key in observed] if key in absent else "observed" for key in sorted(observed | absent)}


def _in_one_spelling(entry: RegistryValue) -> RegistryValue:
    """A value of the registry with its key under the short name of its root."""
    key = registry_key(entry.path)
    return entry if key is None or entry.path == key.written else altered(entry, path=key.written)


def _place_in_registry(entry: RegistryValue) -> Key:
    """The key, the name and the view of a value."""
    key = registry_key(entry.path)
    view = registry_view(entry.view) if entry.view else None
    name = entry.name.casefold()
    return (entry.path.casefold(), name, view) if key is None else (key.compared, name, key.view or view)


_KEYED: Mapping[str, Callable[[Server], Mapping[Key, Any]]] = {
    "events": lambda own: grouped(own.events or (), lambda one: (one.source.casefold(), one.id, one.message)),
    "services": lambda own: grouped(own.services or (), lambda one: one.name.casefold()),
    "counters": lambda own: grouped(own.counters or (), lambda one: one.name.casefold()),
    "registry": lambda own: grouped(map(_in_one_spelling, own.registry or ()), _place_in_registry),
}
