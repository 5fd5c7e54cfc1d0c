"""The fields of a record, once: the reader, the CSV columns and the schema are made from these."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING, Any, NamedTuple, TypeAlias

from needfix.inventory import kinds
from needfix.inventory.kinds import Kind, text
from needfix.model.server import (
    CounterSample,
    Event,
    FileCopy,
    InstalledProduct,
    Server,
    ServiceState,
)

if TYPE_CHECKING:
    from collections.abc import Callable, Mapping

Found: TypeAlias = dict[str, Any]


class Part(NamedTuple):
    """An object in a record. Of each tuple in `needs` one key at least must be told."""

    title: str
    fields: Mapping[str, Field]
    needs: tuple[tuple[str, ...], ...] = ()
    make: Callable[[Found], tuple[Any, ...]] = lambda found: (found,)


class Field(NamedTuple):
    """A key of a record: its attribute in the model, and its kind or the part that it holds."""

    attribute: str
    about: str
    kind: Kind | None = None
    part: Part | None = None
    many: bool = True


def _file(found: Found) -> tuple[FileCopy]:
    if found.get("name") is None:
        found["name"] = file_name(found["path"])
    return (FileCopy(**found),)


def file_name(path: str) -> str:
    """The name of the file that a path leads to."""
    return re.split(r"[\\/]", path.rstrip("\\/"))[-1] or path


def _counter(found: Found) -> tuple[CounterSample, ...]:
    samples = found.pop("samples", ())
    name = found["name"]
    unfolded = tuple(CounterSample(name, **sample) for sample in samples)
    own = (CounterSample(**found),) if found.get("value") is not None else ()
    return own + unfolded


_PLATFORM = text("x86")
_VERSION = text("5.5.2653.23")
_TIME = text("2000-11-01T10:00:00")

PRODUCT = Part(
    "product",
    {
        "name": Field("name", "The product's name or an alias of it.", text("Microsoft Exchange Server")),
        "level": Field("level", "The released state that is installed.", text("5.5 SP4")),
        "build": Field("build", "The build that is installed.", _VERSION),
        "edition": Field(
            "edition",
            "The edition, where the product has several.",
            text("Terminal Server Edition"),
        ),
        "language": Field("language", "The language that is installed.", text("en")),
        "platform": Field("platform", "The processor platform.", _PLATFORM),
    },
    (("name",),),
    lambda found: (InstalledProduct(**found),),
)
FILE = Part(
    "file",
    {
        "name": Field("name", "The file's name; left out, it is the end of the path.", text("Store.exe")),
        "path": Field("path", "Where this copy lies.", text(r"C:\exchsrvr\bin\store.exe")),
        "version": Field("version", "The file version; empty means not inventoried.", _VERSION),
        "modified": Field("modified", "When the file was last modified.", _TIME),
        "size": Field("size", "The size in bytes.", kinds.WHOLE),
        "platform": Field("platform", "The processor platform of this copy.", _PLATFORM),
        "loaded": Field("loaded", "The version of the module that runs.", _VERSION),
    },
    (("name", "path"),),
    _file,
)
EVENT = Part(
    "event",
    {
        "source": Field("source", "The source in the event log.", text("MSExchangeIS")),
        "id": Field("id", "The event's number.", kinds.EVENT_ID),
        "message": Field("message", "The event's text.", kinds.MESSAGE),
    },
    (("source",),),
    lambda found: (Event(**found),),
)
SERVICE = Part(
    "service",
    {
        "name": Field("name", "The service's name.", text("MSExchangeIS")),
        "state": Field("state", "The state it is in.", text("running")),
    },
    (("name",), ("state",)),
    lambda found: (ServiceState(**found),),
)
SAMPLE = Part(
    "sample",
    {
        "at": Field("at", "When the counter was read.", _TIME),
        "value": Field("value", "The reading.", kinds.NUMBER),
    },
    (("value",),),
)
COUNTER = Part(
    "counter",
    {
        "name": Field("name", "The counter's name.", text("imc-queue-length")),
        "value": Field("value", "The reading.", kinds.NUMBER),
        "at": Field("at", "When the counter was read.", _TIME),
        "for": Field("held_seconds", "How long it was at least so high.", kinds.DURATION),
        "samples": Field("samples", "Several readings of this counter.", part=SAMPLE),
    },
    (("name",), ("value", "samples")),
    _counter,
)
SYMPTOMS = Part(
    "symptoms",
    {
        "observed": Field("observed", "Ids of symptoms that the server shows.", kinds.IDS),
        "absent": Field("absent", "Ids of symptoms that it does not show.", kinds.IDS),
    },
)
RECORD = Part(
    "record",
    {
        "server": Field("server", "The server's name.", kinds.SERVER_NAME),
        "collected": Field("collected", "When these facts were collected.", text("2002-05-09T08:00:00Z")),
        "products": Field("products", "All products there; left out, they are not told.", part=PRODUCT),
        "files": Field("files", "Copies of files.", part=FILE),
        "complete": Field("complete", "Scopes in which what is not listed is not there.", kinds.COMPLETE),
        "symptoms": Field("symptoms", "Symptoms by their ids.", part=SYMPTOMS, many=False),
        "events": Field("events", "Entries of event logs.", part=EVENT),
        "services": Field("services", "States of services.", part=SERVICE),
        "counters": Field("counters", "Readings of counters.", part=COUNTER),
        "hotfixes": Field("hotfixes", "Ids of hotfixes that the server lists as installed.", kinds.TEXTS),
        "restart_pending": Field("restart_pending", "Whether a restart is due.", kinds.TRUTH),
    },
    (("server",),),
    lambda found: (Server(**found),),
)
