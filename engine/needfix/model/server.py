"""The facts about one server, as an inventory tells them and no further."""

from __future__ import annotations

from dataclasses import dataclass, field
from fnmatch import fnmatchcase
from typing import Literal, get_args

from needfix.errors import Position

Scope = Literal["files", "products", "hotfixes", "symptoms", "events", "services", "counters"]
SCOPES: tuple[Scope, ...] = get_args(Scope)


@dataclass(frozen=True, slots=True)
class InstalledProduct:
    """A product as the inventory names it; texts stand as they were written."""

    name: str
    level: str | None = None
    build: str | None = None
    edition: str | None = None
    language: str | None = None
    platform: str | None = None


@dataclass(frozen=True, slots=True)
class FileCopy:
    """One copy of a file. `loaded` is the version of the module that runs; `size` is in bytes."""

    name: str
    path: str | None = None
    version: str | None = None
    modified: str | None = None
    size: int | None = None
    platform: str | None = None
    loaded: str | None = None


@dataclass(frozen=True, slots=True)
class Event:
    """An entry of an event log."""

    source: str
    id: int | None = None
    message: str = ""


@dataclass(frozen=True, slots=True)
class ServiceState:
    """The state of a service, such as `running`, `stopped` or `stopping`."""

    name: str
    state: str


@dataclass(frozen=True, slots=True)
class CounterSample:
    """A reading of a counter: at a moment, or held at least so high `for` some seconds."""

    name: str
    value: float
    at: str | None = None
    held_seconds: float | None = None


@dataclass(frozen=True, slots=True)
class Server:
    """Everything that is known about one server.

    None stands for "not told", which is not the same as an empty tuple: `products=()` says that
    no product is there. Absence means absence only for the scopes in `complete`.
    """

    server: str
    collected: str | None = None
    products: tuple[InstalledProduct, ...] | None = None
    files: tuple[FileCopy, ...] = ()
    complete: frozenset[Scope] = frozenset()
    observed: frozenset[str] = frozenset()
    absent: frozenset[str] = frozenset()
    events: tuple[Event, ...] = ()
    services: tuple[ServiceState, ...] = ()
    counters: tuple[CounterSample, ...] = ()
    hotfixes: tuple[str, ...] | None = None
    restart_pending: bool | None = None
    at: Position | None = field(default=None, compare=False)

    def is_called(self, pattern: str) -> bool:
        """Whether a name, or a pattern with `*` and `?`, means this server; case does not matter."""
        return is_called(self.server, pattern)


def is_called(name: str, pattern: str) -> bool:
    """Whether a name, or a pattern with `*` and `?`, means the server of this name; case does not matter."""
    return fnmatchcase(name.casefold(), pattern.casefold())
