"""The record, from the fields of the model: readers, columns, Arrow types and schemas are made from it."""

from __future__ import annotations

import re
from dataclasses import MISSING, fields
from typing import TYPE_CHECKING, Any, NamedTuple, TypeAlias, get_args

from needfix.errors import InventoryError, Position, Problem
from needfix.intake import kinds
from needfix.intake.vocabularies import says_nothing
from needfix.model.server import (
    CounterSample,
    Event,
    Fact,
    FileCopy,
    InstalledProduct,
    RegistryValue,
    Scope,
    Server,
    ServiceState,
    read_values,
)

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator, Mapping

    from _typeshed import DataclassInstance

    from needfix.intake.kinds import Kind

Found: TypeAlias = dict[str, Any]


class RecordObject(NamedTuple):
    """An object in a record. Each tuple in `needs` needs at least one stated key."""

    title: str
    fields: Mapping[str, Field]
    needs: tuple[tuple[str, ...], ...] = ()
    make: Callable[[Found], tuple[Any, ...]] = lambda found: (found,)


class Field(NamedTuple):
    """A key of a record: its attribute in the model, and its kind or the objects that it holds.

    `column` is its name in tables, None if they cannot represent it; `also` are other names of the column.
    """

    attribute: str
    fact: Fact
    kind: Kind | None = None
    holds: RecordObject | None = None
    many: bool = True
    column: str | None = None
    also: tuple[str, ...] = ()

    @property
    def key(self) -> str:
        """Its name in records."""
        return self.fact.key or self.attribute


def _fields(model: type) -> dict[str, Field]:
    """The fields of a class of the model by key, in its order; fields `within` an object are inside it."""
    found: dict[str, Field] = {}
    within: dict[str, dict[str, Field]] = {}
    for attribute, fact, content in _facts(model):
        key = fact.key or attribute
        if fact.kind == "objects":
            found[key] = Field(attribute, fact, holds=_OBJECTS[content])
            continue
        column = key if fact.column == "" else fact.column
        also = (*fact.also, *(f"{fact.within}{joint}{key}" for joint in "_." if fact.within))
        field = Field(attribute, fact, kinds.kind_of(fact), column=column, also=also)
        if not fact.within:
            found[key] = field
        elif fact.within in within:
            within[fact.within][key] = field
        else:
            inner = within[fact.within] = {key: field}
            about = Fact(f"{fact.within.capitalize()} by their ids.", kind="objects")
            found[fact.within] = Field("", about, holds=RecordObject(fact.within, inner), many=False)
    return found


def _facts(model: type) -> Iterator[tuple[str, Fact, Any]]:
    """The attributes of a class that stand in records, each with the class of the objects that it holds."""
    for attribute, annotation in model.__annotations__.items():
        metadata = getattr(annotation, "__metadata__", ())
        fact = next((entry for entry in metadata if isinstance(entry, Fact)), None)
        if fact is not None:
            yield attribute, fact, _element(get_args(annotation)[0])


def _element(annotation: object) -> object:
    """The class in `tuple[Class, ...]` or `tuple[Class, ...] | None`; None for any other type."""
    options = (annotation, *get_args(annotation))
    return next((get_args(option)[0] for option in options if get_args(option)[-1:] == (...,)), None)


def _object(title: str, model: type[DataclassInstance]) -> RecordObject:
    required = {entry.name for entry in fields(model) if entry.default is MISSING}
    needs = tuple((fact.key or name,) for name, fact, _ in _facts(model) if name in required)
    return RecordObject(title, _fields(model), needs, lambda found: (read_values(model, found),))


_SAYING_NOTHING: dict[str, Scope] = {
    "observed": "symptoms", "absent": "symptoms",
    "events": "events", "services": "services", "counters": "counters", "registry": "registry",
}  # fmt: skip
"""Lists that say nothing where they are empty and their scope is not complete: as if they were left out."""


def _server(found: Found) -> tuple[Server]:
    """The server, unless its list of files is complete and holds none: there is no server without files."""
    complete = found.get("complete", frozenset())
    for attribute, scope in _SAYING_NOTHING.items():
        if not found.get(attribute) and scope not in complete:
            found.pop(attribute, None)
    if "files" in complete and not found.get("files"):
        name: str = found["server"]
        at = found.get("at") or Position(f"server {name}", 0)
        what = 'complete has "files", and the record lists no file'
        hint = "leave files out of complete where they could not be collected"
        raise InventoryError([Problem(at, what, "at least one file", hint, "wrong-value", name, "/complete")])
    return (read_values(Server, found),)


def _file(found: Found) -> tuple[FileCopy]:
    name, path = found.get("name"), found.get("path")
    if name is None:
        found["name"] = file_name(path or "")
    elif is_path(name) and not (path and names_folder(name)):
        found["name"], found["path"] = file_name(name), path or name
    return (read_values(FileCopy, found),)


def is_path(name: str) -> bool:
    """Whether a file's name holds what no name can have, and so is its path; `N/A` is neither."""
    is_longer = "\\" in name or "/" in name or _DRIVE.match(name) is not None
    return is_longer and not says_nothing(name)


_DRIVE = re.compile("[A-Za-z]:")


def names_folder(name: str) -> bool:
    """Whether a name is the path of a folder, and so of no file, whatever path is beside it."""
    return name.endswith(("\\", "/"))


def file_name(path: str) -> str:
    """The name of the file of a path; `C:Store.exe` is a file in the current folder of a drive."""
    if says_nothing(path):
        return path
    return re.split(r"^[A-Za-z]:|[\\/]", path.rstrip("\\/"))[-1].strip() or path


def _counter(found: Found) -> tuple[CounterSample, ...]:
    """The readings of a counter; one without a value where it states none."""
    samples = found.pop("samples", ())
    name = found["name"]
    unfolded = tuple(read_values(CounterSample, {"name": name, **sample}) for sample in samples)
    own = () if unfolded and found.get("value") is None else (read_values(CounterSample, found),)
    return own + unfolded


def _service(found: Found) -> tuple[ServiceState]:
    return (read_values(ServiceState, {**found, "state": found.get("state") or ""}),)


PRODUCT = _object("product", InstalledProduct)
FILE = _object("file", FileCopy)._replace(needs=(("name", "path"),), make=_file)
EVENT = _object("event", Event)
SERVICE = _object("service", ServiceState)._replace(make=_service)
REGISTRY_VALUE = _object("registry value", RegistryValue)
_READING = _fields(CounterSample)
SAMPLE = RecordObject("sample", {key: _READING[key] for key in ("at", "value")})
_SAMPLES = Field("samples", Fact("Several readings of this counter.", kind="objects"), holds=SAMPLE)
COUNTER = RecordObject("counter", {**_READING, "samples": _SAMPLES}, (("name",),), _counter)
_OBJECTS: dict[object, RecordObject] = {
    InstalledProduct: PRODUCT,
    FileCopy: FILE,
    Event: EVENT,
    ServiceState: SERVICE,
    CounterSample: COUNTER,
    RegistryValue: REGISTRY_VALUE,
}
RECORD = _object("record", Server)._replace(make=_server)
OBJECT_OF: dict[type, RecordObject] = {
    Server: RECORD,
    **{model: entry for model, entry in _OBJECTS.items() if isinstance(model, type)},
}
"""How records write each class of facts."""
FREE_TEXTS = frozenset(
    key for entry in _OBJECTS.values() for key, field in entry.fields.items() if field.fact.kind == "message"
)
"""The keys of what is read as it is written, with all signs around it."""
TIMES = frozenset(
    key
    for entry in (RECORD, *_OBJECTS.values())
    for key, field in entry.fields.items()
    if field.fact.kind == "time"
)
"""The keys of times."""
