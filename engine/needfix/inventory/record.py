"""Converts a native record to a server, with all its problems, and a server to its record."""

from __future__ import annotations

from collections.abc import Mapping
from typing import TYPE_CHECKING, Any, NamedTuple

from needfix.errors import InventoryError, Position, Problem
from needfix.intake.fields import RECORD, Field, Found, RecordObject
from needfix.intake.kinds import Invalid, UnfitError, described, quoted
from needfix.intake.near import did_you_mean, nearest

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator

    from needfix.inventory.items import Item
    from needfix.model.server import Server


def server_from_record(record: Mapping[str, object], at: Position, problems: list[Problem]) -> Server | None:
    """The server of a record; None if the record is bad, with the reasons in `problems`."""
    reader = ObjectReader(at, problems)
    found = reader.fields(RECORD, record, "")
    if found is None:
        return None
    try:
        servers: tuple[Server, ...] = RECORD.make({**found, "at": at})
    except InventoryError as error:
        problems.extend(error.problems)
        return None
    return servers[0]


def record_items(value: object, at: Position, flaws: Iterable[str] = ()) -> Iterator[Item]:
    """A parsed value as a server, or as its problems; `flaws` are those found in parsing it."""
    problems = [Problem(at, flaw) for flaw in flaws]
    server = None
    if isinstance(value, Mapping):
        server = server_from_record(value, at, problems)
    elif not isinstance(value, Invalid):
        problems.append(Problem(at, f"the record is {described(value)}", "an object with a server", _HINT))
    if server is not None and not problems:
        yield server
    yield from problems


_HINT = 'write {"server": …} for each server'


def record_of(server: Server) -> dict[str, Any]:
    """A server as its record, which reads as the same server."""
    return _record(RECORD, server)


def _record(entry: RecordObject, model: object) -> dict[str, Any]:
    found: dict[str, Any] = {}
    for key, field in entry.fields.items():
        if field.holds is not None and not field.many:
            found[key] = _record(field.holds, model)
        elif hasattr(model, field.attribute):
            found[key] = _written(field, getattr(model, field.attribute))
    return found


def _written(field: Field, value: Any) -> object:  # noqa: ANN401 - of any field
    if value is None:
        return None
    if field.holds is not None:
        return [_record(field.holds, element) for element in value]
    return field.kind.write(value) if field.kind else value


class ObjectReader(NamedTuple):
    """Reads parts of a record by their tables; problems are added to the list."""

    at: Position
    problems: list[Problem]

    def fields(self, entry: RecordObject, record: Mapping[str, object], where: str) -> Found | None:
        """The values of the record by attribute of the model; None where anything is wrong."""
        before = len(self.problems)
        is_valid = True
        twice: set[str] = set()
        record = entry.keyed(record, twice)
        for key in sorted(twice):
            what = f"the key {quoted(where + key)} is written twice, in upper and lower case"
            self._report(what, hint="remove one of them")
        found: Found = {}
        for key, value in record.items():
            field = entry.fields.get(key)
            if field is None:
                self._unknown(entry, key, where)
            elif value is None:
                continue
            elif isinstance(value, Invalid):
                is_valid = False
            elif field.kind is None:
                self._nested(field, value, where + key, found)
            else:
                try:
                    found[field.attribute] = field.kind.read(value)
                except UnfitError as unfit:
                    self.unfit(unfit, where + key, field.kind.expected)
        for keys in entry.needs:
            if not _states(entry, keys, record, found):
                self._missing(entry, keys[0], where)
        return found if is_valid and len(self.problems) == before else None

    def made(self, entry: RecordObject, record: object, where: str = "") -> tuple[Any, ...]:
        """The objects of the model made from the record; none where anything is wrong."""
        if isinstance(record, Invalid):
            return ()
        if not isinstance(record, Mapping):
            self._report(f"{where.rstrip('.')} is {described(record)}", "an object")
            return ()
        found = self.fields(entry, record, where)
        return () if found is None else entry.make(found)

    def _nested(self, field: Field, value: object, where: str, found: Found) -> None:
        entry = field.holds
        if entry is None:
            return
        if not field.many:
            for inner in self.made(entry, value, where + "."):
                found.update(inner)
        elif isinstance(value, list | tuple):
            found[field.attribute] = tuple(
                made
                for index, element in enumerate(value)
                for made in self.made(entry, element, f"{where}[{index}].")
            )
        else:
            self._report(f"{where} is {described(value)}", "a list of objects")

    def _unknown(self, entry: RecordObject, key: object, where: str) -> None:
        near = nearest(key, tuple(entry.fields)) if isinstance(key, str) else None
        if near:
            what = f"{quoted(f'{where}{key}')} is not a known key"
            self._report(what, hint=did_you_mean(near))

    def unfit(self, unfit: UnfitError, path: str, expected: str) -> None:
        """Report a value that is not valid for its field."""
        for fault in unfit.faults:
            what = f"{path}{fault.inner} {fault.what}"
            self._report(what, fault.expected or expected, fault.hint)

    def _missing(self, entry: RecordObject, key: str, where: str) -> None:
        kind = entry.fields[key].kind
        title = where.rstrip(".") or f"the {entry.title}"
        self._report(f"{title} has no {key}", kind.expected if kind else "")

    def _report(self, what: str, expected: str = "", hint: str = "") -> None:
        self.problems.append(Problem(self.at, what, expected, hint))


def _states(entry: RecordObject, keys: tuple[str, ...], record: Mapping[str, object], found: Found) -> bool:
    """Whether the record states one of the keys, even with a value that is reported as wrong."""
    for key in keys:
        attribute = entry.fields[key].attribute
        if found.get(attribute) is not None:
            return True
        if attribute not in found and record.get(key) is not None:
            return True
    return False
