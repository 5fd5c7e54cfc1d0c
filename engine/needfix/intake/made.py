"""Servers that programs make: of records, or of values, which are read as those of a record in a file are."""

from __future__ import annotations

import math
from collections.abc import Iterable, Iterator, Mapping
from collections.abc import Set as AbstractSet
from typing import Any

from needfix.errors import InventoryError, Position, Problem
from needfix.intake.fields import OBJECT_OF, Field, Found
from needfix.intake.kinds import UnfitError, ValueFault, described
from needfix.intake.notes import Occurrence
from needfix.intake.record import (
    ObjectReader,
    pointer_to,
    refuse_floats,
    says_no_value,
    server_from_record,
    server_named,
)
from needfix.model.server import Server, altered


def server_of(record: object) -> Server:
    """The server of a record. Raises InventoryError with all of its problems."""
    problems: list[Problem] = []
    name = server_named(record)
    at = Position(f"server {name}" if name else "the record", 0)
    if not isinstance(record, Mapping):
        what, expected = f"it is {described(record)}", "an object with a server"
        raise InventoryError([Problem(at, what, expected, code="not-an-object", pointer="")])
    noted: list[Occurrence] = []
    server = server_from_record(record, at, problems, noted, has_floats=True)
    if server is None or problems:
        raise InventoryError(problems)
    return altered(server, left_out=tuple((one.code, one.word) for one in noted)) if noted else server


def normalise(one: Any) -> None:  # noqa: ANN401 - an object of facts
    """Read the values of an object that was just made, in place.

    Raises InventoryError with every value that a record may not have.
    """
    kind = type(one)
    problems: list[Problem] = []
    name = server_named({"server": one.server}) if kind is Server else None
    at = Position(f"server {name}" if name else f"{kind.__name__}{_named(one)}", 0)
    found = _read(one, ObjectReader(at, problems, name))
    if problems:
        raise InventoryError(problems)
    made = next(iter(OBJECT_OF[kind].make(found)), None)
    if made is None:  # a file leaves such an object out
        what = "it states no value that says something"
        raise InventoryError([Problem(at, what, code="wrong-value", pointer="/value")])
    for attribute in kind.__slots__:
        object.__setattr__(one, attribute, getattr(made, attribute))


def _named(one: object) -> str:
    name = getattr(one, "name", None) or getattr(one, "source", None)
    return f" {name}" if isinstance(name, str) and name.strip() else ""


def _read(one: object, reader: ObjectReader) -> Found:
    """The values by attribute, without those that are not stated."""
    kind = type(one)
    found: Found = {}
    for attribute, (field, where) in _FIELDS[kind].items():
        value = getattr(one, attribute)
        if value is None:
            continue
        try:
            found[attribute] = _value(field, value)
        except UnfitError as unfit:
            if field.kind is not None and says_no_value(field.kind, value):
                continue
            expected = field.kind.expected if field.kind else "a tuple of the objects that belong there"
            for problem in reader.unfitting(unfit, attribute, expected):
                pointer = pointer_to(where) + (problem.pointer or "").removeprefix(f"/{attribute}")
                reader.problems.append(problem._replace(pointer=pointer))
    for keys in OBJECT_OF[kind].needs:
        own = [key for key in keys if key in _FIELDS[kind]]
        if all(getattr(one, key) is None or (key in found and found[key] is None) for key in own):
            reader.missing(OBJECT_OF[kind], keys[0], "")
    if kind is Server:
        found["at"] = _position(getattr(one, "at", None), reader)
        found["disagreements"] = tuple(getattr(one, "disagreements", ()))
        found["disputed_files"] = tuple(getattr(one, "disputed_files", ()))
        found["disputed_products"] = getattr(one, "disputed_products", None)
        found["left_out"] = tuple(getattr(one, "left_out", ()))
        found["united_from"] = tuple(getattr(one, "united_from", ()))
    return found


def _placed(fields: Iterable[tuple[str, Field]], within: str) -> Iterator[tuple[str, tuple[Field, str]]]:
    for key, field in fields:
        if field.holds is not None and not field.many:
            yield from _placed(field.holds.fields.items(), f"{key}.")
        elif field.attribute != "samples":
            yield field.attribute, (field, f"{within}{key}")


_FIELDS = {kind: dict(_placed(entry.fields.items(), "")) for kind, entry in OBJECT_OF.items()}
"""The fields of each class by attribute, with the place of each in a record."""


def _value(field: Field, value: object) -> object:
    if field.kind is None:
        return _objects(field, value)
    if isinstance(value, AbstractSet):
        value = sorted(value, key=str)
    if field.fact.kind == "duration" and isinstance(value, int | float) and not isinstance(value, bool):
        if not (math.isfinite(value) and value >= 0):
            raise UnfitError(
                ValueFault(f"is {value}", "a number of seconds, not below 0", code="wrong-value")
            )
        return float(value)
    if field.kind.storage in ("text", "texts"):
        refuse_floats(value)
    return field.kind.read(value)


def _objects(field: Field, value: object) -> tuple[object, ...]:
    """Objects of the class that a field holds."""
    (kind,) = (model for model, entry in OBJECT_OF.items() if entry is field.holds)
    expected = f"objects of {kind.__name__}"
    if not isinstance(value, list | tuple):
        raise UnfitError(ValueFault(f"is {described(value)}", f"a tuple of {expected}"))
    hint = "read a whole record with Server.from_record(record)"
    wrong = [
        ValueFault(
            f"is {described(element)}", expected, hint if isinstance(element, Mapping) else "", f"[{n}]"
        )
        for n, element in enumerate(value)
        if not isinstance(element, kind)
    ]
    if wrong:
        raise UnfitError(*wrong)
    return tuple(value)


def _position(at: object, reader: ObjectReader) -> Position | None:
    if at is None or isinstance(at, Position):
        return at
    what = f"at is {described(at)}"
    reader.problems.append(Problem(reader.at, what, "a Position", code="wrong-type", server=reader.server))
    return None
