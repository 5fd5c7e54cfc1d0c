"""The facts about one server, as an inventory states them and no further.

The name and meaning of each field in records, tables, schemas and cases are defined only here.
"""

from dataclasses import dataclass, field
from fnmatch import fnmatchcase
from typing import Annotated, Literal, NamedTuple, get_args

from needfix.errors import InventoryError, Position, Problem

Scope = Literal["files", "products", "hotfixes", "symptoms", "events", "services", "counters"]
SCOPES: tuple[Scope, ...] = get_args(Scope)

FactKind = Literal[
    "text", "server-name", "message", "path", "level", "version", "time", "edition", "language", "platform",
    "whole", "number", "duration", "truth", "texts", "ids", "scopes", "objects",
]  # fmt: skip
"""How a value is read: `needfix.intake.kinds` has a reader for each."""


class Fact(NamedTuple):
    """What a field of a record means, and how inventories write it.

    `key` is its name in records, by default that of the attribute. `column` is its name in tables, by default
    the key, None that tables cannot represent it. `also` are other names of that column.
    `within` is the object of the record that has the key.
    """

    about: str
    example: str | int = ""
    kind: FactKind = "text"
    key: str = ""
    column: str | None = ""
    also: tuple[str, ...] = ()
    within: str = ""


_VERSION = "5.5.2653.23"
_TIME = "2000-11-01T10:00:00"


@dataclass(frozen=True, slots=True)
class InstalledProduct:
    """A product as the inventory names it, with texts as written."""

    name: Annotated[
        str, Fact("The product's name or an alias of it.", "Microsoft Exchange Server", column="product")
    ]
    level: Annotated[str | None, Fact("The released state that is installed.", "5.5 SP4", "level")] = None
    build: Annotated[str | None, Fact("The build that is installed.", _VERSION, "version")] = None
    edition: Annotated[
        str | None,
        Fact("The edition, where the product has several.", "Terminal Server Edition", "edition"),
    ] = None
    language: Annotated[str | None, Fact("The language that is installed.", "en", "language")] = None
    platform: Annotated[str | None, Fact("The processor platform.", "x86", "platform")] = None


@dataclass(frozen=True, slots=True)
class FileCopy:
    """One copy of a file. `loaded` is the version of the module that runs; `size` is in bytes."""

    name: Annotated[
        str,
        Fact(
            "The file's name (default: the last part of the path).",
            "Store.exe",
            column="file",
            also=("name",),
        ),
    ]
    path: Annotated[str | None, Fact("The path of this copy.", r"C:\exchsrvr\bin\store.exe", "path")] = None
    version: Annotated[
        str | None, Fact("The file version; empty means not inventoried.", _VERSION, "version")
    ] = None
    modified: Annotated[str | None, Fact("When the file was last modified.", _TIME, "time")] = None
    size: Annotated[int | None, Fact("The size in bytes.", 4063504, "whole")] = None
    platform: Annotated[str | None, Fact("The processor platform of this copy.", "x86", "platform")] = None
    loaded: Annotated[str | None, Fact("The version of the module that runs.", _VERSION, "version")] = None


@dataclass(frozen=True, slots=True)
class Event:
    """An entry of an event log."""

    source: Annotated[str, Fact("The source in the event log.", "MSExchangeIS", column="event_source")]
    id: Annotated[int | None, Fact("The event's number.", 1234, "whole", column="event_id")] = None
    message: Annotated[str, Fact("The event's text.", kind="message", column="event_message")] = ""


@dataclass(frozen=True, slots=True)
class ServiceState:
    """The state of a service, such as `running`, `stopped` or `stopping`."""

    name: Annotated[str, Fact("The service's name.", "MSExchangeIS", column="service")]
    state: Annotated[str, Fact("The state it is in.", "running")]


@dataclass(frozen=True, slots=True)
class CounterSample:
    """A reading of a counter: at a moment (`at`), or a value that it had at least for `held_seconds`."""

    name: Annotated[str, Fact("The counter's name.", "imc-queue-length", column="counter")]
    value: Annotated[float, Fact("The reading.", 140, "number")]
    at: Annotated[str | None, Fact("When the counter was read.", _TIME, "time")] = None
    held_seconds: Annotated[
        float | None, Fact("How long it had at least this value.", kind="duration", key="for")
    ] = None


@dataclass(frozen=True, slots=True)
class Server:
    """Everything that is known about one server.

    None stands for "not stated", which differs from an empty tuple: `products=()` states that no
    product is installed. What is not listed is absent only in the scopes in `complete`. Times and
    versions are texts as the inventory writes them; `at` is where the record begins.
    """

    server: Annotated[str, Fact("The server's name.", "MAIL01", "server-name")]
    collected: Annotated[
        str | None, Fact("When these facts were collected.", "2002-05-09T08:00:00Z", "time")
    ] = None
    products: Annotated[
        tuple[InstalledProduct, ...] | None,
        Fact("All installed products; without this key nothing is known about them.", kind="objects"),
    ] = None
    files: Annotated[tuple[FileCopy, ...], Fact("Copies of files.", kind="objects")] = ()
    complete: Annotated[
        frozenset[Scope], Fact("Scopes in which everything not listed is absent.", kind="scopes")
    ] = frozenset()
    observed: Annotated[
        frozenset[str], Fact("Ids of symptoms that the server shows.", kind="ids", within="symptoms")
    ] = frozenset()
    absent: Annotated[
        frozenset[str], Fact("Ids of symptoms that it does not show.", kind="ids", within="symptoms")
    ] = frozenset()
    events: Annotated[tuple[Event, ...], Fact("Entries of event logs.", kind="objects")] = ()
    services: Annotated[tuple[ServiceState, ...], Fact("States of services.", kind="objects")] = ()
    counters: Annotated[tuple[CounterSample, ...], Fact("Readings of counters.", kind="objects")] = ()
    hotfixes: Annotated[
        tuple[str, ...] | None,
        Fact("Ids of hotfixes that the server lists as installed.", kind="texts", also=("hotfix",)),
    ] = None
    restart_pending: Annotated[bool | None, Fact("Whether a restart is due.", kind="truth")] = None
    at: Position | None = field(default=None, compare=False)

    def __post_init__(self) -> None:
        """Refuse a list of files that is complete and holds none: there is no server without files."""
        if "files" in self.complete and not self.files:
            at = self.at or Position(self.server, 1)
            what = 'complete has "files", and the record lists no file'
            hint = "leave files out of complete where they could not be collected"
            raise InventoryError([Problem(at, what, "at least one file", hint)])

    def is_called(self, pattern: str) -> bool:
        """Whether a name, or a pattern with `*` and `?`, matches this server; case does not matter."""
        return is_called(self.server, pattern)


def is_called(name: str, pattern: str) -> bool:
    """Whether a name, or a pattern with `*` and `?`, means the server of this name; case does not matter."""
    return fnmatchcase(name.casefold(), pattern.casefold())
