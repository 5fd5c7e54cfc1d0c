"""The facts about one server, as an inventory states them and no further.

The name and meaning of each field in records, tables, schemas and cases are defined only here.
"""

from collections.abc import Callable, Mapping
from dataclasses import dataclass, field, fields
from fnmatch import fnmatchcase
from functools import wraps
from typing import Annotated, Any, Literal, NamedTuple, TypeVar, get_args

from needfix.errors import Position
from needfix.model.decision import Reason
from needfix.model.value import Value
from needfix.model.whole_lists import WholeLists

Scope = Literal["files", "products", "hotfixes", "symptoms", "events", "services", "counters", "registry"]
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


T = TypeVar("T")
_new = object.__new__
_FILL: dict[type, Callable[..., None]] = {}
"""Per class what its constructor does with values that are read already."""


def reads_its_values(kind: type[T]) -> type[T]:
    """A class of facts whose constructor reads its values as those of a record are read.

    Blanks around texts go, an empty text is None, words of closed lists are without case; lists and sets
    may stand for tuples and frozensets. What a record may not hold raises InventoryError.
    """
    fill = _FILL[kind] = vars(kind)["__init__"]

    @wraps(fill)
    def read(self: T, *args: object, **values: object) -> None:
        from needfix.intake.made import normalise  # noqa: PLC0415 - intake knows the model, not this it

        fill(self, *args, **values)
        normalise(self)

    kind.__init__ = read  # type: ignore[assignment, method-assign]
    return kind


def read_values(kind: type[T], values: Mapping[str, Any]) -> T:
    """An object of values that a reader has read, and that are not read again."""
    one = _new(kind)
    _FILL[kind](one, **values)
    return one


def as_read(kind: type[T], **values: Any) -> T:  # noqa: ANN401 - of any field
    """The same for values that needfix itself makes."""
    return read_values(kind, values)


def altered(one: T, **values: Any) -> T:  # noqa: ANN401 - as above
    """The same object with some other values, which are not read again."""
    own = {each.name: getattr(one, each.name) for each in fields(one)}  # type: ignore[arg-type]
    return read_values(type(one), {**own, **values})


class _Facts(Value):
    __slots__ = ()

    def as_dict(self) -> dict[str, Any]:
        """The facts for JSON, as they are in a record, without what is not stated."""
        from needfix.intake.record import stated_of  # noqa: PLC0415 - as above

        return stated_of(self)


_VERSION = "5.5.2653.23"
_TIME = "2000-11-01T10:00:00"


@reads_its_values
@dataclass(frozen=True, slots=True)
class InstalledProduct(_Facts):
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
    path: Annotated[
        str | None,
        Fact(
            "The folder that it is installed in, where a product stands more than once.",
            r"D:\MSSQL16.A",
            "path",
            column="product_path",
        ),
    ] = None


@reads_its_values
@dataclass(frozen=True, slots=True)
class FileCopy(_Facts):
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
    language: Annotated[
        str | None,
        Fact("The language that this copy states of itself.", "en", "language", column="file_language"),
    ] = None


@reads_its_values
@dataclass(frozen=True, slots=True)
class Event(_Facts):
    """An entry of an event log."""

    source: Annotated[str, Fact("The source in the event log.", "MSExchangeIS", column="event_source")]
    id: Annotated[int | None, Fact("The event's number.", 1234, "whole", column="event_id")] = None
    message: Annotated[str, Fact("The event's text.", kind="message", column="event_message")] = ""


@reads_its_values
@dataclass(frozen=True, slots=True)
class ServiceState(_Facts):
    """The state of a service, such as `running`, `stopped` or `stopping`; empty where it is not stated."""

    name: Annotated[str, Fact("The service's name.", "MSExchangeIS", column="service")]
    state: Annotated[str, Fact("The state it is in.", "running")] = ""


@reads_its_values
@dataclass(frozen=True, slots=True)
class CounterSample(_Facts):
    """A reading of a counter: at a moment (`at`), or a value that it had at least for `held_seconds`.

    `value` is None where the reading is not stated.
    """

    name: Annotated[str, Fact("The counter's name.", "imc-queue-length", column="counter")]
    value: Annotated[float | None, Fact("The reading.", 140, "number")] = None
    at: Annotated[str | None, Fact("When the counter was read.", _TIME, "time")] = None
    held_seconds: Annotated[
        float | None, Fact("How long it had at least this value.", kind="duration", key="for")
    ] = None


@reads_its_values
@dataclass(frozen=True, slots=True)
class RegistryValue(_Facts):
    """A value of the registry; `value` is None where it is not stated, `view` where either may be meant."""

    path: Annotated[
        str,
        Fact(
            "The key of the registry, under any usual name of its root.",
            r"HKLM\SOFTWARE\Microsoft\Cryptography\Wintrust\Config",
            "path",
            column="registry_path",
        ),
    ]
    name: Annotated[str, Fact("The value's name.", "EnableCertPaddingCheck", column="registry_name")]
    value: Annotated[str | None, Fact("The value; a number in decimal.", "1", column="registry_value")] = None
    view: Annotated[
        str | None, Fact("The view that it was read in: 32 or 64.", "64", column="registry_view")
    ] = None


NOT_THERE = "not there"
"""What a reason says that a record states of what it lacks in a complete list."""


class DisputedProducts(NamedTuple):
    """The lists of products of records that disagree, and the reason that says so; each may be right."""

    reason: Reason
    lists: tuple[tuple[InstalledProduct, ...], ...]


@reads_its_values
@dataclass(frozen=True, slots=True)
class Server(_Facts):
    """Everything that is known about one server.

    None stands for "not stated", which is not the same as an empty list. Only in the scopes in
    `complete` is what is not listed absent: `events=()` says that there are no events where
    `events` is among them. A scope without a list says nothing (see `reports`). Times and versions are
    texts as the inventory writes them; `at` is where the record begins. `disagreements` say about which
    facts records that were united disagree; `disputed_files` and `disputed_products` are what each of
    these states, of which only what they agree on is in `files` and `products`. `left_out` is what of
    the record was not read: the code of a note, and the word. `united_from` are the records that were united.
    For needfix itself, `whole_lists` is what the user states of its lists, and `log_rows` are the rows of the
    log that it was read from.

    A server made in code means what the same record in a file means: values are read in the same way, and
    InventoryError names the server and the field of those that cannot be.
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
        frozenset[str] | None, Fact("Ids of symptoms that the server shows.", kind="ids", within="symptoms")
    ] = None
    absent: Annotated[
        frozenset[str] | None, Fact("Ids of symptoms that it does not show.", kind="ids", within="symptoms")
    ] = None
    events: Annotated[tuple[Event, ...] | None, Fact("Entries of event logs.", kind="objects")] = None
    services: Annotated[tuple[ServiceState, ...] | None, Fact("States of services.", kind="objects")] = None
    counters: Annotated[tuple[CounterSample, ...] | None, Fact("Readings of counters.", kind="objects")] = (
        None
    )
    hotfixes: Annotated[
        tuple[str, ...] | None,
        Fact("Ids of hotfixes that the server lists as installed.", kind="texts", also=("hotfix",)),
    ] = None
    restart_pending: Annotated[bool | None, Fact("Whether a restart is due.", kind="truth")] = None
    registry: Annotated[tuple[RegistryValue, ...] | None, Fact("Values of the registry.", kind="objects")] = (
        None
    )
    looked_for: Annotated[
        tuple[str, ...] | None,
        Fact(
            "Names of the files that were looked for; a complete list of files then says nothing of others.",
            "Store.exe",
            "texts",
            column=None,
        ),
    ] = None
    looked_up: Annotated[
        tuple[str, ...] | None,
        Fact(
            "Values of the registry that were looked up, by their keys and names; a complete list of values"
            " then says nothing of others.",
            r"HKLM\SOFTWARE\Vendor\Name",
            "texts",
            column=None,
        ),
    ] = None
    failures: Annotated[
        tuple[str, ...] | None,
        Fact("What the collector could not look at, in its words.", kind="texts", column=None),
    ] = None
    at: Position | None = field(default=None, compare=False)
    disagreements: tuple[Reason, ...] = ()
    disputed_files: tuple[FileCopy, ...] = ()
    disputed_products: DisputedProducts | None = None
    left_out: tuple[tuple[str, str], ...] = field(default=(), compare=False, repr=False)
    united_from: tuple["Server", ...] = field(default=(), compare=False, repr=False)
    whole_lists: WholeLists = field(default=WholeLists(), compare=False, repr=False)
    log_rows: tuple[object, ...] = field(default=(), compare=False, repr=False)

    @classmethod
    def from_record(cls, record: Mapping[str, object]) -> "Server":
        """The server of a record as `json.loads` gives it, read as from a file.

        Raises InventoryError with every problem of the record.
        """
        from needfix.intake.made import server_of  # noqa: PLC0415 - as above

        return server_of(record)

    def as_record(self) -> dict[str, Any]:
        """The record of the server, for JSON; `from_record` reads it as the same server."""
        return self.as_dict()

    def reports(self, scope: Scope) -> bool:
        """Whether the server lists all that there is of a scope: it is complete for it, and has a list."""
        if scope not in self.complete:
            return False
        if scope == "symptoms":
            return self.observed is not None
        return getattr(self, scope) is not None

    @property
    def names_looked_for(self) -> frozenset[str] | None:
        """The names without case of the files that were looked for; None where all were."""
        if self.looked_for is None:
            return None
        return frozenset(name.strip().casefold() for name in self.looked_for)

    def is_called(self, pattern: str) -> bool:
        """Whether a name, or a pattern with `*` and `?`, matches this server; case does not matter."""
        return is_called(self.server, pattern)


def is_called(name: str, pattern: str) -> bool:
    """Whether a name, or a pattern with `*` and `?`, means the server of this name; case does not matter."""
    return fnmatchcase(name.casefold(), pattern.casefold())
