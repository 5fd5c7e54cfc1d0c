"""Reads a native record as a server, with all its problems, and writes a server as its record."""

from __future__ import annotations

import re
from collections.abc import Mapping
from typing import TYPE_CHECKING, Any, NamedTuple

from needfix.errors import InventoryError, Position, Problem
from needfix.intake.fields import OBJECT_OF, RECORD, Field, Found, RecordObject
from needfix.intake.kinds import Invalid, UnfitError, ValueFault, described, quoted
from needfix.intake.known_names import OTHERS
from needfix.intake.near import did_you_mean, nearest
from needfix.intake.notes import Occurrence
from needfix.intake.other_keys import Keyed, keyed, lists_some, own_keys, states, unknown_key
from needfix.intake.other_values import listed, plain_value, unwrapped_object
from needfix.intake.text import unwrapped
from needfix.intake.vocabularies import says_nothing
from needfix.model.note import COLUMN_DOUBLED, READ_AS
from needfix.model.server import InstalledProduct, as_read

if TYPE_CHECKING:
    from collections.abc import Iterator

    from needfix.intake.kinds import Kind
    from needfix.model.server import Server


def server_from_record(
    record: Mapping[str, object],
    at: Position,
    problems: list[Problem],
    noted: list[Occurrence] | None = None,
    *,
    has_floats: bool = False,
) -> Server | None:
    """The server of a record; None if the record is bad, with the reasons in `problems`.

    What is not read of it is added to `noted`. A record that `has_floats` has lost how these were written.
    """
    reader = ObjectReader(at, problems, server_named(record), noted, has_floats)
    found = reader.fields(RECORD, record, "")
    if found is None:
        return None
    try:
        servers: tuple[Server, ...] = RECORD.make({**found, "at": at})
    except InventoryError as error:
        problems.extend(error.problems)
        return None
    return servers[0]


def server_named(record: object) -> str | None:
    """The server's name as a record states it; None where it states none, or a word that says nothing."""
    if not isinstance(record, Mapping):
        return None
    name = unwrapped_object(own_keys(RECORD, record).get("server"))
    text = str(name).strip() if isinstance(name, str | int) else ""
    return None if not text or says_nothing(text) else text


def record_of(server: Server) -> dict[str, Any]:
    """A server as its record, which reads as the same server."""
    return _record(RECORD, server)


def stated_of(facts: object) -> dict[str, Any]:
    """A server, or an object of its facts, as it is in a record, without what is not stated."""
    return _stated(_record(OBJECT_OF[type(facts)], facts))


def _stated(record: dict[str, Any]) -> dict[str, Any]:
    found = {key: value for key, value in record.items() if value is not None}
    for key, value in found.items():
        if isinstance(value, dict):
            found[key] = _stated(value)
        elif isinstance(value, list):
            found[key] = [_stated(own) if isinstance(own, dict) else own for own in value]
    return found


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


def says_no_value(kind: Kind, value: object) -> bool:
    """Whether a value of a kind with values stands for none: then it is as if it were left out."""
    return kind.is_value and isinstance(value, str) and says_nothing(value)


def refuse_floats(value: object) -> None:
    """Raise UnfitError where a text, or an element of a list of texts, is a float: 5.10 is 5.1."""
    own = enumerate(value) if isinstance(value, list | tuple) else ((-1, value),)
    lost = [
        ValueFault(
            "is a float, which has lost its last zeros",
            hint=f'write text: "{one}"',
            inner=f"[{place}]" if place >= 0 else "",
        )
        for place, one in own
        if isinstance(one, float)
    ]
    if lost:
        raise UnfitError(*lost)


_OTHER_PRODUCTS = as_read(InstalledProduct, name=OTHERS)
_AS_WRITTEN = Keyed({})
_OF_TEXTS = ("text", "texts")


class ObjectReader(NamedTuple):
    """Reads parts of a record by their tables; problems are added to the list, with the server's name.

    Keys that are not known, and values that say nothing, are added to `noted`.
    """

    at: Position
    problems: list[Problem]
    server: str | None = None
    noted: list[Occurrence] | None = None
    has_floats: bool = False

    def fields(self, entry: RecordObject, record: Mapping[str, object], where: str) -> Found | None:
        """The values of the record by attribute of the model; None where anything is wrong."""
        before = len(self.problems)
        is_valid = True
        own, written = _AS_WRITTEN, None
        if not record.keys() <= entry.fields.keys():  # seldom
            own = keyed(entry, record)
            record, written = own.values, own.written
            self._note_names(own, where)
        found: Found = {}
        meant: set[str] = set()
        for key, value in record.items():
            field = entry.fields.get(key)
            if field is None:
                meant.update(self._unknown(entry, key, where, is_stated=value is not None))
            elif value is None:
                continue
            elif isinstance(value, Invalid):
                is_valid = False
            else:
                path = where + (written.get(key, key) if written else key)
                if field.kind is not None:
                    self._value(field, field.kind, value, path, found)
                else:
                    self._nested(field, value, path, found)
                    if key == "products" and lists_some(own, value):
                        found[key] = (*found.get(key, ()), _OTHER_PRODUCTS)
        for keys in entry.needs:
            if meant.isdisjoint(keys) and not _states(entry, keys, record, found):
                self.missing(entry, keys[0], where)
        return found if is_valid and len(self.problems) == before else None

    def _note_names(self, own: Keyed, where: str) -> None:
        """Report keys that are there twice, and note those that have other names."""
        for key in sorted(own.twice):
            what = f"the key {quoted(where + key)} is written twice, in upper and lower case"
            self._report(what, hint="remove one of them", code="duplicate-key", where=where, key=key)
        if self.noted is not None and (own.foreign or own.unread):
            place = _INDEX.sub("", where)
            for key in own.foreign:
                self.noted.append(Occurrence(READ_AS, f"{place}{own.written[key]} = {key}"))
            for name, other in own.unread:
                self.noted.append(Occurrence(COLUMN_DOUBLED, f"{place}{name}, as {other}"))

    def _value(self, field: Field, kind: Kind, value: object, where: str, found: Found) -> None:
        """Read a value; of a kind with values a text that says nothing is as if it were left out."""
        try:
            if self.has_floats and kind.storage in _OF_TEXTS:
                refuse_floats(value)
            found[field.attribute] = kind.read(value)
        except UnfitError as unfit:
            plain = plain_value(field.fact.kind, field.key, value)
            if plain is None:
                self._note_nothing(value)
            elif plain is not value:
                self._value(field, kind, plain, where, found)
            elif not says_no_value(kind, value):
                self.unfit(unfit, where, kind.expected)
            elif text := unwrapped(str(value)):
                self._note_nothing(text)

    def _note_nothing(self, value: object) -> None:
        if self.noted is not None and value is not None:
            self.noted.append(Occurrence("value-unreadable", value if isinstance(value, str) else "{}"))

    def made(self, entry: RecordObject, record: object, where: str = "") -> tuple[Any, ...]:
        """The objects of the model made from the record; none where anything is wrong."""
        if isinstance(record, Invalid):
            return ()
        if type(record) is not dict and not isinstance(record, Mapping):
            what = f"{where.rstrip('.')} is {described(record)}"
            self._report(what, "an object", code="not-an-object", where=where)
            return ()
        found = self.fields(entry, record, where)
        return () if found is None else entry.make(found)

    def _nested(self, field: Field, value: object, where: str, found: Found) -> None:
        entry = field.holds
        if entry is None:
            return
        if field.many and type(value) is not list and (inner := listed(value)) is not value:
            if inner is None:
                self._note_nothing(value)
                return
            value = inner
        if not field.many:
            for inner in self.made(entry, value, where + "."):
                found.update(inner)
        elif isinstance(value, Mapping):
            found[field.attribute] = self.made(entry, value, where + ".")
        elif isinstance(value, list | tuple):
            found[field.attribute] = tuple(
                made
                for index, element in enumerate(value)
                for made in self.made(entry, element, f"{where}[{index}].")
            )
        else:
            what = f"{where} is {described(value)}"
            self._report(what, "a list of objects", code="wrong-type", where=where)

    def _unknown(self, entry: RecordObject, key: object, where: str, *, is_stated: bool) -> tuple[str, ...]:
        """Report a key that is not known; returns the one that it most likely is."""
        near = nearest(key, tuple(entry.fields)) if isinstance(key, str) else None
        if near:
            what = f"{quoted(f'{where}{key}')} is not a known key"
            self._report(what, hint=did_you_mean(near), code="unknown-key", where=where, key=str(key))
        elif is_stated and self.noted is not None:
            self.noted.append(Occurrence("unknown-key", unknown_key(entry, key, _INDEX.sub("", where))))
        return () if near is None else (near,)

    def unfit(self, unfit: UnfitError, path: str, expected: str) -> None:
        """Report a value that is not valid for its field."""
        self.problems.extend(self.unfitting(unfit, path, expected))

    def unfitting(self, unfit: UnfitError, path: str, expected: str) -> Iterator[Problem]:
        """The problems of a value that is not valid for its field."""
        for fault in unfit.faults:
            where = f"{path}{fault.inner}"
            yield self._problem(
                f"{where} {fault.what}", fault.expected or expected, fault.hint, fault.code, where=where
            )

    def missing(self, entry: RecordObject, key: str, where: str) -> None:
        """Report a key that must be there."""
        kind = entry.fields[key].kind
        title = where.rstrip(".") or f"the {entry.title}"
        what = f"{title} has no {key}"
        self._report(what, kind.expected if kind else "", code="missing-key", where=where, key=key)

    def _report(  # noqa: PLR0913 - the parts of a problem
        self, what: str, expected: str = "", hint: str = "", *, code: str, where: str, key: str = ""
    ) -> None:
        self.problems.append(self._problem(what, expected, hint, code, where=where, key=key))

    def _problem(  # noqa: PLR0913 - the parts of a problem
        self, what: str, expected: str, hint: str, code: str, *, where: str, key: str = ""
    ) -> Problem:
        return Problem(self.at, what, expected, hint, code, self.server, pointer_to(where, key))


_INDEX = re.compile(r"\[[0-9]+\]")
_STEP = re.compile(r"[^.\[\]]+")


def pointer_to(where: str, key: str = "") -> str:
    """The JSON pointer to a place such as `files[0].version`, and to a key in it."""
    steps = [*_STEP.findall(where), *([key] if key else [])]
    return "".join(f"/{step.replace('~', '~0').replace('/', '~1')}" for step in steps)


def _states(entry: RecordObject, keys: tuple[str, ...], record: Mapping[str, object], found: Found) -> bool:
    """Whether the record states one of the keys, even with a value that is reported as wrong."""
    for key in keys:
        attribute = entry.fields[key].attribute
        if found.get(attribute) is not None:
            return True
        if attribute not in found and states(unwrapped_object(record.get(key))):
            return True
    return False
